//! Look-ups in the table that `build/places.rs` makes from `patterns/residency`. The seeds stand there too.

use crate::flat::FlatMap;

static TABLE: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/residency.bin")));

/// FIPS number of Massachusetts.
pub(super) const MASSACHUSETTS: u32 = 25;

/// What is known of the name of a Massachusetts place.
#[derive(Clone, Copy)]
pub(super) struct Place(u32);

impl Place {
    /// The name is also a given name or surname.
    pub(super) fn also_person(self) -> bool {
        self.0 & 1 != 0
    }

    /// The name is also a state or country.
    pub(super) fn also_region(self) -> bool {
        self.0 & 4 != 0
    }

    /// The name of one of the 351 cities and towns that is nothing else.
    pub(super) fn distinctive(self) -> bool {
        self.0 == 8
    }

    /// The name is also a person, word, state or country.
    pub(super) fn ambiguous(self) -> bool {
        self.0 & 7 != 0
    }
}

/// How a state was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Two letters, as the post uses them.
    Code,
    /// Another short form: `Mass.`
    Short,
    /// The full name.
    Name,
}

/// A state or territory.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// FIPS number.
    pub(super) fips: u32,
    /// How it was written.
    pub(super) form: Form,
}

/// The place of this name: upper-case words, one space between, no punctuation.
pub(super) fn place(words: &str) -> Option<Place> {
    TABLE.get_seeded(1, words.as_bytes()).map(Place)
}

/// The most words in the name of a place that begins with this word and has several.
pub(super) fn most_words(first: &str) -> Option<usize> {
    TABLE.get_seeded(2, first.as_bytes()).and_then(|n| usize::try_from(n).ok())
}

/// The state of this code, abbreviation or name: upper-case letters only (`NEWHAMPSHIRE`).
pub(super) fn state(letters: &str) -> Option<State> {
    TABLE.get_seeded(3, letters.as_bytes()).map(|value| State {
        fips: value / 4,
        form: match value % 4 {
            0 => Form::Code,
            1 => Form::Short,
            _ => Form::Name,
        },
    })
}

/// The state (FIPS) whose ZIPs begin like these five digits.
pub(super) fn state_of_zip(zip: &str) -> Option<u32> {
    let prefix = zip.get(..3)?;
    // 055 lies inside Vermont's range; only two ZIPs of it exist, of the revenue service in Andover.
    if prefix == "055" && !zip_listed(zip) {
        return None;
    }
    TABLE.get_seeded(4, prefix.as_bytes())
}

/// True for the nine area codes of Massachusetts.
pub(super) fn area_code(digits: &str) -> bool {
    TABLE.get_seeded(5, digits.as_bytes()).is_some()
}

/// True for a ZIP in the list of Massachusetts ZIPs.
pub(super) fn zip_listed(zip: &str) -> bool {
    TABLE.get_seeded(6, zip.as_bytes()).is_some()
}

/// True if a state's number is one of the list.
pub(super) fn fips_known(fips: u32) -> bool {
    matches!(fips, 1..=56 | 60 | 66 | 69 | 72 | 78) && !matches!(fips, 3 | 7 | 14 | 43 | 52)
}

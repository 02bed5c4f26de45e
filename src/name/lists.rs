//! What the tables know about a word: how many people bear it, and what else it may mean.
//!
//! The tables lie ready in the binary (see `build/names.rs`). A name of more than 15 letters is looked up by its
//! first 15, because the Census cuts its lists there.

use super::bits;
use super::normal::fold;
use crate::flat::FlatMap;

static WORDS: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/name_words.bin")));
static TERMS: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/name_terms.bin")));
static LABELS: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/name_labels.bin")));

/// What is known about one word; all zero if nothing is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts(u32);

/// Classes of words that are not people, when they are not foremost a name.
const THINGS: u32 = bits::ORG_SUFFIX
    | bits::ORG_WORD
    | bits::FORM
    | bits::STREET
    | bits::FACILITY
    | bits::ROLE
    | bits::DIRECTION;

impl Facts {
    /// floor(log2) of the people with this given name; 0 = not in the list.
    pub(super) fn given(self) -> u32 {
        self.0 >> bits::GIVEN & bits::SIZE_MASK
    }

    /// floor(log2) of the people with this surname; 0 = not in the list.
    pub(super) fn surname(self) -> u32 {
        self.0 >> bits::SURNAME & bits::SIZE_MASK
    }

    /// 0 a name, 3 an ordinary word unless the structure says name.
    pub(super) fn weight(self) -> u32 {
        self.0 >> bits::WEIGHT & 3
    }

    /// Rank among common words: 1 the commonest, 5 rare, 0 not a common word.
    pub(super) fn common(self) -> u32 {
        self.0 >> bits::COMMON & 7
    }

    /// True if any of these bits is set.
    pub(super) fn has(self, any: u32) -> bool {
        self.0 & any != 0
    }

    /// In either list of names.
    pub(super) fn listed(self) -> bool {
        self.given() + self.surname() > 0
    }

    /// A word of forms, firms, streets or roles, unless it is first of all a name (as `Chase` or `Mark`).
    pub(super) fn thing(self) -> bool {
        self.has(THINGS) && !(self.has(bits::AMBIGUOUS) && self.weight() == 0)
    }

    /// In no list at all: neither a name nor a word nor a place.
    pub(super) fn unheard(self) -> bool {
        self.0 & !(bits::PHRASE | bits::LABEL_END) == 0
    }

    /// Rather a given name than a surname.
    pub(super) fn rather_given(self) -> bool {
        self.given() > self.surname() + 1
    }

    /// Rather a surname than a given name.
    pub(super) fn rather_surname(self) -> bool {
        self.surname() > self.given() + 1
    }
}

/// An upper-case ASCII key in fixed room, so that a look-up allocates nothing.
pub(super) struct Key<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Key<N> {
    /// An empty key.
    pub(super) fn new() -> Self {
        Key { bytes: [0; N], len: 0 }
    }

    /// Adds the letters of `word`, folded, at most `most` of them. Letters without an ASCII form count as `?`,
    /// which is in no table; what does not fit is dropped.
    pub(super) fn push(&mut self, word: &str, most: usize) {
        let full = self.len.saturating_add(most).min(N);
        for c in word.chars() {
            fold(c, |f| {
                if self.len < full && f.is_alphabetic() {
                    self.bytes[self.len] = if f.is_ascii() { f as u8 } else { b'?' };
                    self.len += 1;
                }
            });
        }
    }

    /// Adds the space between the words of a term.
    pub(super) fn space(&mut self) {
        if self.len < N {
            self.bytes[self.len] = b' ';
            self.len += 1;
        }
    }

    /// The key.
    pub(super) fn get(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// What is known about `text`, with particles and the word after them joined (`O Brien` is looked up as `OBRIEN`).
pub(super) fn joined(text: &str) -> Facts {
    let mut key = Key::<{ bits::KEY }>::new();
    key.push(text, bits::KEY);
    Facts(WORDS.get(key.get()).unwrap_or(0))
}

/// What is known about a word. A hyphenated word that is in no list as a whole takes the name sizes of its parts.
pub(super) fn word(text: &str) -> Facts {
    let whole = joined(text);
    if !text.contains('-') {
        return whole;
    }
    let (mut given, mut surname, mut rest) = (0, 0, 0);
    for (n, part) in text.split('-').enumerate() {
        let facts = joined(part);
        if n == 0 {
            given = facts.given();
        }
        surname = surname.max(facts.surname());
        rest |= facts.0 & !(bits::SIZE_MASK << bits::GIVEN | bits::SIZE_MASK << bits::SURNAME);
    }
    if whole.0 != 0 {
        rest = whole.0 & !(bits::SIZE_MASK << bits::GIVEN | bits::SIZE_MASK << bits::SURNAME);
    }
    Facts(rest | given.max(whole.given()) << bits::GIVEN | surname.max(whole.surname()) << bits::SURNAME)
}

/// Room for the longest term or label.
pub(super) type Phrase = Key<80>;

/// The class of a term of several words (`bits::TERM_…`), 0 if it is none.
pub(super) fn term(words: &Phrase) -> u32 {
    TERMS.get(words.get()).unwrap_or(0)
}

/// The kinds of a label (`bits::LABEL_…`), 0 if it is none.
pub(super) fn label(words: &Phrase) -> u32 {
    LABELS.get(words.get()).unwrap_or(0)
}

/// Particles that stand in lower case inside a surname.
pub(super) fn is_lower_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "da"
            | "do"
            | "dos"
            | "das"
            | "del"
            | "dela"
            | "della"
            | "delle"
            | "di"
            | "du"
            | "la"
            | "le"
            | "las"
            | "los"
            | "lo"
            | "van"
            | "von"
            | "vom"
            | "zu"
            | "zum"
            | "der"
            | "den"
            | "ter"
            | "vande"
            | "vanden"
            | "vander"
            | "el"
            | "al"
            | "bin"
            | "ibn"
            | "af"
            | "st"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_given_names_and_surnames() {
        assert!(word("Tobias").given() >= 14);
        assert!(word("Hargrove").surname() >= 14);
        assert_eq!(word("Hargrove").given(), 0);
        assert!(word("Lindqvist").unheard());
    }

    #[test]
    fn accents_hyphens_and_apostrophes_do_not_hide_a_name() {
        assert!(word("Peña-Núñez").surname() > 10);
        assert!(word("O'Brien").surname() > 10);
        assert!(word("José").given() > 10);
        assert!(word("Anh-Thu").given() > 0);
    }

    #[test]
    fn weights_and_classes_are_there() {
        assert_eq!(word("Will").weight(), 3);
        assert!(word("Plumbing").thing());
        assert!(!word("Chase").thing());
        assert!(word("Cambridge").has(bits::PLACE));
        assert!(word("MA").has(bits::STATE));
    }

    #[test]
    fn long_names_are_cut_as_the_census_cuts_them() {
        let long = "Papadimitropoulos";
        assert!(joined(long) == joined(&long[..15]));
    }
}

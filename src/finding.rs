//! What detection and association hand on, still raw: a person with numbers, a number alone, a column. Only the
//! recorder (`scan::record`) turns these into masked events; nothing here can be printed or serialised.

use crate::detect::{Candidate, Reject, Rejects};
use crate::document::Place;
use crate::event::{Confidence, ElementType, Link};
use crate::name::PersonName;
use crate::residency::Rule;

/// A person found somewhere.
#[derive(Clone)]
pub struct Person {
    /// The name.
    pub name: PersonName,
    /// How sure the name is.
    pub confidence: Confidence,
    /// Which rule found it.
    pub rule: &'static str,
    /// Where it stands.
    pub place: Place,
}

/// A number with its place.
#[derive(Clone)]
pub struct Located {
    /// The number.
    pub candidate: Candidate,
    /// Where it stands.
    pub place: Place,
}

/// What the surroundings of a person say, beside the numbers.
#[derive(Clone, Default)]
pub struct Circumstances {
    /// Evidence of residency.
    pub residency: Vec<Rule>,
    /// Date of birth as YYYY-MM-DD.
    pub birth: Option<String>,
    /// Five-digit ZIP.
    pub zip: Option<String>,
    /// Street line.
    pub street: Option<String>,
    /// Kinds of credentials that stand there: `pin`, `cvv`, `password`.
    pub credentials: Vec<&'static str>,
    /// True if a card's expiry or security code stands there.
    pub card_data: bool,
}

/// A person with at least one number.
pub struct Record {
    /// Who.
    pub person: Person,
    /// The numbers.
    pub elements: Vec<Located>,
    /// What joins them.
    pub link: Link,
    /// The most the link allows.
    pub link_confidence: Confidence,
    /// What else is there.
    pub circumstances: Circumstances,
    /// Where the record stands.
    pub place: Place,
}

/// A number without a person.
pub struct Loose {
    /// The number.
    pub element: Located,
    /// Why nobody was joined.
    pub reason: &'static str,
}

/// Counts of one table column that holds numbers.
#[derive(Clone, Copy)]
pub struct ColumnCount<'a> {
    /// Sheet or table.
    pub table: Option<&'a str>,
    /// Number of the column, from 0.
    pub column: u32,
    /// Header, if there is one.
    pub header: Option<&'a str>,
    /// What it holds.
    pub kind: ElementType,
    /// True if the cell held a valid number.
    pub valid: bool,
    /// The normalised value, for counting different ones.
    pub value: &'a str,
}

/// A key of a row: the name of its column in normal words, and its value.
pub type Key = (String, String);

/// A row as the join sees it.
pub struct KeyedRow {
    /// Its keys.
    pub keys: Vec<Key>,
    /// Who it names.
    pub person: Option<Person>,
    /// Numbers that nobody in the row owns.
    pub elements: Vec<Located>,
    /// What else it says.
    pub circumstances: Circumstances,
    /// Where it stands.
    pub place: Place,
    /// Name of its table.
    pub table: String,
}

/// Something that was looked at and is no finding.
pub struct Dropped {
    /// What, and why.
    pub reject: Reject,
    /// Where it stands.
    pub place: Place,
}

/// Takes what is found. Association pushes, the scan records.
pub trait Findings {
    /// A record.
    fn record(&mut self, record: Record);
    /// A number alone.
    fn loose(&mut self, loose: Loose);
    /// One cell of a column with numbers.
    fn column(&mut self, count: ColumnCount<'_>);
    /// Readings that stayed below low.
    fn rejected(&mut self, count: u64);
    /// True if what is no finding is asked for too ([`Findings::dropped`]).
    fn explains(&self) -> bool {
        false
    }
    /// Something that is no finding, with the reason.
    fn dropped(&mut self, _dropped: Dropped) {}

    /// True if rows with keys are asked for ([`Findings::keyed`]).
    fn joins(&self) -> bool {
        false
    }

    /// A row with a key that other tables of the document or container may share. Gives back what is not held for a join.
    fn keyed(&mut self, row: KeyedRow) -> Option<KeyedRow> {
        Some(row)
    }
}

impl dyn Findings + '_ {
    /// What rejected readings go into, to be handed back to `take_rejects`.
    #[must_use]
    pub fn rejects(&self) -> Rejects {
        Rejects::new(self.explains())
    }

    /// Takes what a stretch rejected; `place` says where it stands.
    pub fn take_rejects(&mut self, rejects: Rejects, place: &dyn Fn(&Reject) -> Place) {
        self.rejected(rejects.count());
        for reject in rejects.into_kept() {
            let place = place(&reject);
            self.dropped(Dropped { reject, place });
        }
    }

    /// Takes a number that stayed below low with all that its record adds.
    pub fn below_low(&mut self, element: Located) {
        self.rejected(1);
        if self.explains() {
            self.dropped(Dropped { reject: Reject::below(element.candidate), place: element.place });
        }
    }
}

/// Sees what events do not say: the command `explain`, and nothing else.
pub trait Witness {
    /// The raw value, or name of a person, that a fingerprint stands for.
    fn raw(&mut self, id: &str, value: &str);
    /// Something in a member (masked names) that is no finding.
    fn dropped(&mut self, member: &[String], dropped: Dropped);
}

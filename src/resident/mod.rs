//! Distinct people: how many residents stand behind the records, between two bounds.
//!
//! Records are joined into people by what identifies a person: a Social Security number; a licence number with
//! the same state or name; name and date of birth; name and address; name and account or card. The number of
//! people after that is the upper bound. For the lower bound people of the same name or initial are taken for one
//! as well, but two with different Social Security numbers never are; and who has no Social Security number is
//! counted only if one of their records is of level high: name and number of a medium one may be two people's.
//!
//! Every grade and set of elements is counted by itself, from the people of that grade or set alone. So `lower`
//! ≤ `upper` in each place, the uppers of grades and of exact sets add up to that of the total, and the lowers
//! add up to no less than that of the total: a person may be met once as `ssn` and once as `financial`, and be
//! counted in both places and once in the total.

mod join;
mod keys;
mod parts;

use std::collections::BTreeMap;
use std::io;

use crate::event::{
    Bounds, Confidence, Element, ElementClass, ElementType, Record, Residency, ResidentGrade, Residents,
};
use crate::flat;
use join::{DisjointSet, Key, Tag};
use keys::Keys;
pub use keys::{Aside, Opener};
use parts::Parts;

/// Kinds of elements as bits, in the order in which they are named.
const KINDS: [(u8, &str); 3] = [(SSN, "ssn"), (LICENCE, "licence"), (FINANCIAL, "financial")];
const SSN: u8 = 1;
const LICENCE: u8 = 2;
const FINANCIAL: u8 = 4;
/// The bits of [`KINDS`].
const ALL_KINDS: u8 = 7;
/// The grade stands above the kinds.
const GRADE_SHIFT: u32 = 3;
/// The bits of a grade.
const GRADE_BITS: u8 = 3;
/// One of the records is of level high.
const SURE: u8 = 1 << 5;
/// Grades, best first: the best one met is a person's.
const GRADES: [Residency; 4] =
    [Residency::Confirmed, Residency::Likely, Residency::Other, Residency::Unknown];

/// From how many rows on the counter first folds records of one person into one row.
const FOLD_FROM: usize = 1 << 13;
/// The most rows that are added before rows of one person are folded again.
const SLACK: usize = 1 << 18;

/// How many people are told apart exactly in memory; with more, they are counted in parts.
pub const EXACT: usize = 1 << 18;
/// How many are where keys can be put aside.
pub const EXACT_ASIDE: usize = 1 << 21;

/// Collects records and counts the people behind them.
///
/// Keeps a byte for each record, 4 more while it counts, and 12 for each id of a record (60 for one with a Social
/// Security number, a licence number and a date of birth), and folds what is known to be one person together as it grows,
/// so that copies cost nothing in the long run. Ids are put aside when they are many, if there is a place for them, so that
/// a million people cost 8 MB. Up to [`EXACT_ASIDE`] people, or [`EXACT`] without such a place, the order of records is of
/// no matter. Beyond, people are counted in parts (see [`Residents::parts`]), each of what came one after the other; the
/// bounds hold, but are wider.
#[derive(Clone)]
pub struct ResidentCounter {
    /// One for each record or, after folding, person: kinds of elements and grade.
    rows: Vec<u8>,
    /// Social Security numbers: rows with an equal one are one person.
    numbers: Keys,
    /// What else identifies a person: rows with an equal key are one person too.
    keys: Keys,
    /// Name and initial, for the lower bound.
    names: Keys,
    /// Rows after the last folding.
    folded: usize,
    /// True if no row was added since.
    settled: bool,
    /// True if keys that were put aside could not be had again: it is not known who is one person.
    lost: bool,
    /// From how many people on a part ends.
    most: usize,
    /// Where keys are put aside.
    opener: Option<Opener>,
    /// The parts that ended.
    parts: Option<Box<Parts>>,
}

impl Default for ResidentCounter {
    fn default() -> Self {
        ResidentCounter::in_parts_of(EXACT, None)
    }
}

impl ResidentCounter {
    /// A counter that has met nobody, and keeps all in memory.
    pub fn new() -> Self {
        ResidentCounter::default()
    }

    /// A counter that puts aside what it cannot hold.
    pub fn with_aside(opener: Opener) -> Self {
        ResidentCounter::in_parts_of(EXACT_ASIDE, Some(opener))
    }

    /// A counter whose parts end at `most` people.
    fn in_parts_of(most: usize, opener: Option<Opener>) -> Self {
        let keys = || Keys::new(opener);
        let (numbers, names, keys) = (keys(), keys(), keys());
        let (rows, folded, settled, lost) = (Vec::new(), 0, true, false);
        ResidentCounter { rows, numbers, keys, names, folded, settled, lost, most, opener, parts: None }
    }

    /// True if no record counted.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.parts.is_none()
    }

    /// Adds a record. Counts only records of medium and above, and of these only elements of class `pi` that are
    /// of medium and above themselves.
    pub fn add(&mut self, record: &Record) {
        if record.confidence < Confidence::Medium {
            return;
        }
        let counted = |e: &&Element| {
            e.class == ElementClass::Pi && e.confidence >= Confidence::Medium && kind_bit(e.kind) != 0
        };
        let kinds = record.elements.iter().filter(counted).fold(0, |kinds, e| kinds | kind_bit(e.kind));
        let (false, Ok(row)) = (kinds == 0, u32::try_from(self.rows.len())) else { return };

        let grade = GRADES.iter().position(|g| *g == record.residency).unwrap_or(GRADES.len() - 1);
        let sure = if record.confidence == Confidence::High { SURE } else { 0 };
        self.rows.push(kinds | (grade as u8) << GRADE_SHIFT | sure);
        self.settled = false;
        for element in record.elements.iter().filter(counted) {
            self.identify(element, &record.person.id, row);
        }
        for (name, tag) in [("name-dob", Tag::Dob), ("name-address", Tag::Address)] {
            if let Some(key) = record.keys.get(name) {
                self.keys.push(Key::new(tag, key, "", row));
            }
        }
        for (id, tag) in [(&record.person.id, Tag::Name), (&record.person.initial_id, Tag::Initial)] {
            if !id.is_empty() {
                self.names.push(Key::new(tag, id, "", row));
            }
        }
        self.fold_if_due();
    }

    /// Adds everybody another counter has met.
    pub fn append(&mut self, mut other: ResidentCounter) {
        if self.is_empty() && (self.opener.is_none() || other.opener.is_some()) {
            *self = other;
            return;
        }
        if let Some(theirs) = other.parts.take() {
            match &mut self.parts {
                Some(parts) => parts.append(&theirs),
                None => self.parts = Some(theirs),
            }
        }
        let Ok(offset) = u32::try_from(self.rows.len()) else { return };
        self.rows.append(&mut other.rows);
        self.settled = false;
        self.lost |= other.lost;
        let ours = [&mut self.numbers, &mut self.keys, &mut self.names];
        for (ours, theirs) in ours.into_iter().zip([&other.numbers, &other.keys, &other.names]) {
            self.lost |= theirs.each(|key| ours.push(key.moved(offset))).is_err();
        }
        self.fold_if_due();
    }

    /// The two bounds, for all and by grade and elements. All four grades are there as soon as one person is.
    /// Takes as much memory again while it counts, unless [`ResidentCounter::settle`] was called before.
    pub fn bounds(&self) -> Residents {
        if self.is_empty() {
            return Residents::default();
        }
        if self.settled && self.parts.is_none() {
            return self.exact();
        }
        let mut people = self.clone();
        people.settle();
        match people.parts.take() {
            Some(mut parts) => {
                parts.add(&people.exact(), &people.rows, &people.numbers);
                parts.bounds()
            }
            None => people.exact(),
        }
    }

    /// The bounds of the people at hand. Rows must be folded.
    fn exact(&self) -> Residents {
        if self.rows.is_empty() {
            return Residents::default();
        }
        let people = self;
        let total = people.count(|_| true);
        let grades = (0u8..).zip(GRADES).map(|(grade, residency)| (residency, people.grade(grade, total)));
        Residents { by_residency: grades.collect(), total, parts: None }
    }

    /// The keys by which an element identifies a person.
    fn identify(&mut self, element: &Element, person: &str, row: u32) {
        match kind_bit(element.kind) {
            SSN => self.numbers.push(Key::new(Tag::Ssn, &element.id, "", row)),
            LICENCE => {
                self.keys.push(Key::new(Tag::LicenceName, &element.id, person, row));
                if let Some(state) = element.state.as_deref() {
                    self.keys.push(Key::new(Tag::LicenceState, &element.id, state, row));
                }
            }
            _ => self.keys.push(Key::new(Tag::Account, &element.id, person, row)),
        }
    }

    fn grade(&self, grade: u8, all: Bounds) -> ResidentGrade {
        let of_grade = |row: u8| grade_of(row) == grade;
        let total = self.count_of(all, of_grade);
        if total.upper == 0 {
            return empty_grade();
        }
        let exact = (1..=ALL_KINDS)
            .map(|set| (set, self.count_of(total, |row| of_grade(row) && row & ALL_KINDS == set)));
        let exact = exact.filter(|(_, bounds)| bounds.upper > 0);
        let any = KINDS.iter().map(|&(bit, word)| {
            (word.to_owned(), self.count_of(total, |row| of_grade(row) && row & bit != 0))
        });
        ResidentGrade {
            total,
            by_elements: exact.map(|(set, b)| (set_name(set), b)).collect(),
            any: any.collect(),
        }
    }

    /// The same as [`ResidentCounter::count`] where it is one of those with the bounds `all` that are wanted: if all of
    /// them are, nothing has to be counted again.
    fn count_of(&self, all: Bounds, wanted: impl Fn(u8) -> bool) -> Bounds {
        let picked = self.rows.iter().filter(|&&row| wanted(row)).count() as u64;
        if picked == all.upper { all } else { self.count(wanted) }
    }

    /// The bounds for the people that `wanted` picks. Rows must be folded and names sorted.
    ///
    /// Of people connected by names, as many remain as there are Social Security numbers among them, and one if
    /// there is none but a sure record: whoever has none is absorbed by one neighbour.
    fn count(&self, wanted: impl Fn(u8) -> bool) -> Bounds {
        let upper = self.rows.iter().filter(|&&row| wanted(row)).count() as u64;
        if upper == 0 {
            return Bounds::default();
        }
        let mut groups = DisjointSet::new(self.rows.len());
        let joined = self.names.join(&mut groups, |row| wanted(self.rows[row]));
        if self.lost || joined.is_err() {
            return Bounds { lower: 0, upper };
        }
        let mut counted = vec![false; self.rows.len()];
        let mut lower = 0;
        let members = || self.rows.iter().enumerate().filter(|(_, row)| wanted(**row));
        for (n, _) in members().filter(|(_, row)| **row & SSN != 0) {
            counted[groups.root(n)] = true;
            lower += 1;
        }
        for (n, _) in members().filter(|(_, row)| **row & SURE != 0) {
            lower += u64::from(!std::mem::replace(&mut counted[groups.root(n)], true));
        }
        Bounds { lower, upper }
    }

    fn fold_if_due(&mut self) {
        let grown = (2 * self.folded).min(self.folded + SLACK);
        if self.rows.len() >= FOLD_FROM.min(self.most).max(grown) {
            self.settle();
        }
        if self.opener.is_some()
            && [&self.numbers, &self.keys, &self.names].iter().any(|keys| keys.in_memory())
        {
            // Nothing more can be put aside.
            self.opener = None;
            self.most = self.most.min(EXACT);
        }
        if self.folded >= self.most || self.lost {
            let mut part = std::mem::replace(self, ResidentCounter::in_parts_of(self.most, self.opener));
            let mut parts = part.parts.take().unwrap_or_default();
            parts.add(&part.exact(), &part.rows, &part.numbers);
            self.parts = Some(parts);
        }
    }

    /// Makes one row of all rows that are known to be one person.
    pub fn settle(&mut self) {
        if !self.settled && self.fold().is_err() {
            (self.numbers, self.keys, self.names) = Default::default();
            self.lost = true;
        }
        (self.settled, self.folded) = (true, self.rows.len());
    }

    fn fold(&mut self) -> io::Result<()> {
        let mut people = DisjointSet::new(self.rows.len());
        for keys in [&mut self.numbers, &mut self.keys] {
            keys.sort();
            keys.join(&mut people, |_| true)?;
        }
        self.names.sort();
        let row_of = people.numbers();
        let mut count = 0;
        for (n, person) in row_of.iter().map(|person| *person as usize).enumerate() {
            // People are numbered by their first rows: one that is new takes the place of that row or one before.
            let row = self.rows[n];
            if person == count {
                self.rows[person] = row;
                count += 1;
            } else {
                self.rows[person] = merged(self.rows[person], row);
            }
        }
        self.rows.truncate(count);
        for keys in [&mut self.numbers, &mut self.keys, &mut self.names] {
            keys.renumber(&row_of)?;
        }
        Ok(())
    }
}

/// Adds the people of `other` where their records are not at hand: the lower bound is the greater of the two, the
/// upper bound their sum.
pub fn combine(into: &mut Residents, other: &Residents) {
    combine_bounds(&mut into.total, other.total);
    into.parts = into.parts.into_iter().chain(other.parts).reduce(|a, b| a + b);
    for (residency, grade) in &other.by_residency {
        let mine = into.by_residency.entry(*residency).or_insert_with(empty_grade);
        combine_bounds(&mut mine.total, grade.total);
        for (mine, others) in [(&mut mine.by_elements, &grade.by_elements), (&mut mine.any, &grade.any)] {
            for (word, bounds) in others {
                combine_bounds(mine.entry(word.clone()).or_default(), *bounds);
            }
        }
    }
}

fn combine_bounds(into: &mut Bounds, other: Bounds) {
    into.lower = into.lower.max(other.lower);
    into.upper = into.upper.saturating_add(other.upper);
}

/// A grade with nobody in it.
pub fn empty_grade() -> ResidentGrade {
    let any = KINDS.iter().map(|(_, word)| ((*word).to_owned(), Bounds::default()));
    ResidentGrade { any: any.collect(), total: Bounds::default(), by_elements: BTreeMap::new() }
}

/// Two rows of one person: all kinds, and the better grade.
fn merged(a: u8, b: u8) -> u8 {
    (a | b) & (ALL_KINDS | SURE) | grade_of(a).min(grade_of(b)) << GRADE_SHIFT
}

/// The grade of a row, as an index of [`GRADES`].
fn grade_of(row: u8) -> u8 {
    row >> GRADE_SHIFT & GRADE_BITS
}

/// The bit of a kind of element; none for numbers that are no personal information.
fn kind_bit(kind: ElementType) -> u8 {
    match kind {
        ElementType::Ssn => SSN,
        ElementType::DriversLicense | ElementType::StateId => LICENCE,
        ElementType::PaymentCard | ElementType::BankAccount => FINANCIAL,
        ElementType::Other => 0,
    }
}

/// `ssn`, `ssn+licence`, …
fn set_name(set: u8) -> String {
    let words: Vec<&str> = KINDS.iter().filter(|(bit, _)| set & bit != 0).map(|(_, word)| *word).collect();
    words.join("+")
}

/// 64 bits of an id; ids are hexadecimal digits of an HMAC, so their first half is as good as a hash.
fn id_bits(id: &str) -> u64 {
    let digit = |bits: u64, b: &u8| char::from(*b).to_digit(16).map(|digit| bits << 4 | u64::from(digit));
    let head = id.as_bytes().first_chunk::<16>().and_then(|head| head.iter().try_fold(0, digit));
    head.unwrap_or_else(|| flat::hash(0, id.as_bytes()))
}

#[cfg(test)]
mod tests;

//! Findings grouped by column, or by file where there is none: what a person acts on.
//!
//! Every record is in exactly one group, that of its first number, so that counts of groups add up to records.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::rows::whole;
use super::words::{counted, kind_word, level, place};
use super::{Context, Overview};
use crate::event::{
    Confidence, Element, ElementClass, ElementType, Event, Location, Record, Residency, Short,
};

/// Groups of one file beyond which all further findings go into one: a file may have a field name for every value.
const MOST_OF_FILE: usize = 1000;

/// Findings of one kind in one column, or in one file.
#[derive(Clone)]
pub struct Group {
    /// True for records, false for numbers without a name.
    pub named: bool,
    /// Names of members, outermost first.
    pub member: Vec<String>,
    /// Kind of the first number.
    pub kind: ElementType,
    /// All kinds of numbers.
    pub kinds: BTreeSet<ElementType>,
    /// Number of the column, if it is one.
    pub column: Option<u32>,
    /// Header or field.
    pub field: Option<String>,
    /// How many records or numbers.
    pub count: u64,
    /// Highest level.
    pub level: Confidence,
    /// Records of people with a confirmed or likely residence in Massachusetts.
    pub massachusetts: u64,
    /// Where the first one stands.
    pub first: Location,
    /// The first one, masked.
    pub sample: String,
    /// Tells this group from others, also in the next scan: made of keyed fingerprints, never of a line number.
    pub fingerprint: String,
}

impl Group {
    /// `3 records with SSN, card`, or `2 numbers without a name: SSN`.
    pub fn headline(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind_word(*kind)).collect();
        let kinds = kinds.join(", ");
        match self.named {
            true => format!("{} with {kinds}", counted(self.count, "record", "records")),
            false => format!("{} without a name: {kinds}", counted(self.count, "number", "numbers")),
        }
    }

    /// What it is about, in words: member, sheet, and column or field; the same in every scan.
    pub fn subject(&self) -> String {
        let at = match (self.column, &self.field) {
            (Some(n), Some(field)) => format!("column {n} \"{field}\""),
            (Some(n), None) => format!("column {n}"),
            (None, Some(field)) => format!("field \"{field}\""),
            (None, None) => String::new(),
        };
        let sheet = self.first.sheet.as_ref().filter(|_| self.column.is_some());
        let parts = self.member.iter().cloned().chain(sheet.map(|sheet| format!("sheet {sheet}")));
        parts.chain(Some(at).filter(|at| !at.is_empty())).collect::<Vec<_>>().join(" › ")
    }

    /// Where, in words: as [`Group::subject`], and the place of the first where there is no column.
    pub fn place(&self) -> String {
        let subject = self.subject();
        if self.column.is_some() || self.field.is_some() {
            return subject;
        }
        let parts = [subject, place(&self.first)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" › ")
    }

    /// A sentence for people: what, where, how sure.
    pub fn sentence(&self) -> String {
        let place = self.place();
        let place = if place.is_empty() { String::new() } else { format!(" in {place}") };
        let people = match self.massachusetts {
            0 => String::new(),
            n => format!("; {n} of Massachusetts residents, confirmed or likely"),
        };
        format!(
            "{}{place}; confidence {}{people}; first: {}",
            self.headline(),
            level(self.level),
            self.sample
        )
    }

    /// The line in a text where the first one stands.
    pub fn line(&self) -> Option<u64> {
        self.first.line.filter(|_| self.member.is_empty())
    }
}

/// The number of the column a place is in; a cell of a sheet says it in letters.
pub fn column_of(at: &Location) -> Option<u32> {
    let letters = |cell: &String| {
        let letters = cell.bytes().take_while(u8::is_ascii_uppercase).take(4);
        letters.fold(0, |n, letter| n * 26 + u32::from(letter - b'A') + 1)
    };
    at.column.or_else(|| at.cell.as_ref().map(letters).filter(|n| *n > 0))
}

/// What tells groups of one file apart.
type Key = (bool, Vec<String>, Option<String>, Option<u32>, Option<Short>, ElementType);

/// Groups the findings of one path at a time.
#[derive(Default)]
pub struct Grouper {
    groups: BTreeMap<Key, Group>,
}

impl Grouper {
    /// Takes note of a line; levels below `least` are left to the sums.
    pub fn add(&mut self, event: &Event, least: Confidence) {
        match event {
            Event::Record(record) if record.confidence >= least => self.record(record),
            Event::Element(line)
                if line.element.class == ElementClass::Pi && line.element.confidence >= least =>
            {
                let first = line.element.location.clone();
                let element = &line.element;
                self.put(
                    false,
                    &line.member,
                    element,
                    first,
                    element.confidence,
                    &element.masked,
                    &line.at.path_id,
                );
            }
            _ => {}
        }
    }

    /// The groups of the path, worst first.
    pub fn take(&mut self) -> Vec<Group> {
        let mut groups: Vec<Group> = std::mem::take(&mut self.groups).into_values().collect();
        groups.sort_by_key(|group| Reverse((group.named, group.level, group.count)));
        groups
    }

    fn record(&mut self, record: &Record) {
        let Some(element) = record.elements.first() else { return };
        let first = whole(&element.location, &record.location);
        let sample = format!("{} {}", record.person.masked, element.masked);
        let path = &record.at.path_id;
        let group = self.put(true, &record.member, element, first, record.confidence, &sample, path);
        group.kinds.extend(record.elements.iter().map(|e| e.kind));
        let lives = matches!(record.residency, Residency::Confirmed | Residency::Likely);
        group.massachusetts += u64::from(lives);
    }

    #[expect(clippy::too_many_arguments, reason = "they are the fields of a group")]
    fn put(
        &mut self,
        named: bool,
        member: &[String],
        element: &Element,
        first: Location,
        level: Confidence,
        sample: &str,
        path_id: &str,
    ) -> &mut Group {
        let table = first.sheet.clone().or_else(|| first.table.clone());
        let mut key = (named, member.to_vec(), table, column_of(&first), first.field.clone(), element.kind);
        if self.groups.len() >= MOST_OF_FILE && !self.groups.contains_key(&key) {
            key = (named, Vec::new(), None, None, None, element.kind);
        }
        let group = self.groups.entry(key.clone()).or_insert_with(|| Group {
            named,
            fingerprint: fingerprint(path_id, &key),
            member: key.1,
            kind: element.kind,
            kinds: BTreeSet::from([element.kind]),
            column: key.3,
            field: key.4.map(String::from),
            count: 0,
            level,
            massachusetts: 0,
            first,
            sample: sample.to_owned(),
        });
        group.count += 1;
        group.level = group.level.max(level);
        group
    }
}

/// First 32 hex digits of a BLAKE3 over the keyed id of the path and the names of the place. A column with a header
/// goes by that, so that a column inserted before it changes nothing.
fn fingerprint(path_id: &str, (named, member, table, column, field, kind): &Key) -> String {
    let column = column.filter(|_| field.is_none()).map(|n| n.to_string());
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0]);
    };
    part(path_id);
    for name in member {
        part(name);
    }
    part("");
    for text in [table.as_deref(), column.as_deref(), field.as_deref()] {
        part(text.unwrap_or_default());
    }
    part(kind.word());
    part(if *named { "record" } else { "number" });
    hasher.finalize().to_hex()[..32].to_owned()
}

/// A group with the path it is in.
#[derive(Clone)]
pub struct Placed {
    /// The group.
    pub group: Group,
    /// The path as shown.
    pub shown: String,
    /// The path relative to its root.
    pub path: String,
}

/// Rank of a group, worst first, and its order of arrival.
type Rank = (Reverse<(bool, Confidence, u64)>, u64);

/// Keeps the worst groups of all paths, up to a number, and counts the rest.
pub struct Worst {
    most: usize,
    grouper: Grouper,
    /// By rank, and by order of arrival among equals.
    kept: BTreeMap<Rank, Placed>,
    arrived: u64,
    cut: u64,
    cut_records: u64,
}

impl Worst {
    /// Keeps up to `most` groups.
    pub fn new(most: usize) -> Self {
        let grouper = Grouper::default();
        Worst { most, grouper, kept: BTreeMap::new(), arrived: 0, cut: 0, cut_records: 0 }
    }

    /// Takes note of a line.
    pub fn add(&mut self, context: &Context<'_>, event: &Event) {
        self.grouper.add(event, context.overview.least);
        let Event::File(file) = event else { return };
        if !file.member.is_empty() {
            return;
        }
        for group in self.grouper.take() {
            self.arrived += 1;
            let rank = (Reverse((group.named, group.level, group.count)), self.arrived);
            let placed = Placed { group, shown: context.shown.to_owned(), path: file.at.path.clone() };
            self.kept.insert(rank, placed);
            if self.kept.len() > self.most
                && let Some((_, least)) = self.kept.pop_last()
            {
                self.cut += 1;
                self.cut_records += if least.group.named { least.group.count } else { 0 };
            }
        }
    }

    /// The groups that were kept, path by path.
    pub fn take(&mut self) -> Vec<Placed> {
        let mut all: Vec<_> = std::mem::take(&mut self.kept).into_iter().collect();
        all.sort_by_key(|((_, arrived), _)| *arrived);
        all.into_iter().map(|(_, placed)| placed).collect()
    }

    /// What was cut, in words; `None` if nothing was.
    pub fn cut(&self) -> Option<String> {
        let groups = counted(self.cut, "group", "groups");
        let records = counted(self.cut_records, "record", "records");
        (self.cut > 0).then(|| format!("{groups} with {records} not listed here for want of room"))
    }

    /// How many records were cut.
    pub fn cut_records(&self) -> u64 {
        self.cut_records
    }
}

/// How many records are of a lower level than shown.
pub fn below(overview: &Overview) -> u64 {
    overview.summary.records.total() - overview.shown_records()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_a_column() {
        let at = |cell: &str| column_of(&Location { cell: Some(cell.into()), ..Location::default() });
        assert_eq!(
            [at("A1"), at("D17"), at("AA3"), at("17"), at("ZZZZZZZZZ1")],
            [Some(1), Some(4), Some(27), None, Some(475_254)]
        );
        assert_eq!(column_of(&Location { column: Some(3), ..Location::default() }), Some(3));
    }
}

//! What the summary on the terminal needs to know, gathered from the events as they pass.
//!
//! Memory does not grow with the scan: there are counts, the files in hand, and the files at the top of the list.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use crate::coverage::{Class, Coverage};
use crate::event::{
    Bounds, Confidence, ElementClass, ElementType, Event, Exposure, FileLine, GapLine, Levels, PathRef,
    Reach, Residency, Residents, Tri,
};
use crate::report::words::shown;

/// Files that the summary lists.
pub const LISTED: usize = 15;

/// Everything gathered so far.
pub struct Facts {
    /// Least level of records that count.
    pub least: Confidence,
    /// Files with such records.
    pub files: u64,
    /// Such records.
    pub records: u64,
    /// Records below that level.
    pub below: u64,
    /// The worst files first.
    pub top: Vec<TopFile>,
    /// Files with records that everyone can read.
    pub open_to_all: u64,
    /// Files something of which failed to be examined.
    pub failed_files: u64,
    /// Folders that failed to be listed.
    pub failed_folders: u64,
    /// Encrypted files and members whose encryption the law does not count.
    pub weakly_encrypted: u64,
    /// Numbers of personal information without a name.
    pub loose: u64,
    /// Files with such numbers.
    pub loose_files: u64,
    /// Day and path of the file with records that was left alone the longest.
    pub oldest: Option<(String, String)>,
    roots: Vec<String>,
    in_hand: HashMap<u64, InHand>,
}

/// A file of the list.
pub struct TopFile {
    /// Highest level of its records.
    pub level: Confidence,
    /// Its path as shown.
    pub path: String,
    /// Records that count.
    pub records: u64,
    /// Different people, from records of medium and above.
    pub people: Bounds,
    /// Of them from Massachusetts; `None` where nothing is known of any.
    pub massachusetts: Option<Bounds>,
    /// Which numbers.
    pub kinds: BTreeSet<ElementType>,
    /// Who can reach it.
    pub exposure: Option<Exposure>,
    /// When it was last written to.
    pub modified: Option<String>,
}

/// A file whose lines are still coming.
#[derive(Default)]
struct InHand {
    records: Levels,
    kinds: BTreeSet<ElementType>,
    loose: u64,
    failed: bool,
    weak: u64,
}

impl Facts {
    /// Nothing gathered yet; records of `least` and above count.
    pub fn new(least: Confidence) -> Self {
        Facts {
            least,
            files: 0,
            records: 0,
            below: 0,
            top: Vec::with_capacity(LISTED + 1),
            open_to_all: 0,
            failed_files: 0,
            failed_folders: 0,
            weakly_encrypted: 0,
            loose: 0,
            loose_files: 0,
            oldest: None,
            roots: Vec::new(),
            in_hand: HashMap::new(),
        }
    }

    /// Takes note of an event.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::Run(run) => self.roots.clone_from(&run.roots),
            Event::Record(record) if record.confidence >= self.least => {
                let kinds = record.elements.iter().map(|e| e.kind);
                self.in_hand.entry(record.seq).or_default().kinds.extend(kinds);
            }
            Event::Element(line) if line.element.class == ElementClass::Pi => {
                let counts = line.element.confidence >= self.least;
                self.in_hand.entry(line.seq).or_default().loose += u64::from(counts);
            }
            Event::File(file) => self.file(file),
            Event::Gap(GapLine { class: Class::Failed, .. }) => self.failed_folders += 1,
            _ => {}
        }
    }

    /// A path with its root, where there are several.
    pub fn shown(&self, at: &PathRef) -> String {
        shown(&self.roots, at)
    }

    fn file(&mut self, file: &FileLine) {
        let in_hand = self.in_hand.entry(file.seq).or_default();
        in_hand.records.high += file.records.high;
        in_hand.records.medium += file.records.medium;
        in_hand.records.low += file.records.low;
        in_hand.failed |= file.gaps.iter().any(|gap| gap.class == Class::Failed);
        let weak = file.encryption.as_ref().is_some_and(|e| e.statutory == Tri::No);
        in_hand.weak += u64::from(weak && file.coverage == Coverage::Encrypted);
        if file.member.is_empty() {
            let whole = self.in_hand.remove(&file.seq).unwrap_or_default();
            self.settle(file, whole);
        }
    }

    /// Takes over what a file and its members gave.
    fn settle(&mut self, file: &FileLine, whole: InHand) {
        self.failed_files += u64::from(whole.failed);
        self.weakly_encrypted += whole.weak;
        self.loose += whole.loose;
        self.loose_files += u64::from(whole.loose > 0);
        let records = at_least(whole.records, self.least);
        self.below += whole.records.total() - records;
        self.records += records;
        if records > 0 {
            self.files += 1;
            self.open_to_all += u64::from(file.exposure.is_some_and(|e| e.read == Reach::Everyone));
            self.note_age(file);
            self.rank(file, whole, records);
        }
    }

    fn note_age(&mut self, file: &FileLine) {
        let Some(modified) = &file.modified else { return };
        if self.oldest.as_ref().is_none_or(|(oldest, _)| modified < oldest) {
            self.oldest = Some((modified.clone(), self.shown(&file.at)));
        }
    }

    fn rank(&mut self, file: &FileLine, whole: InHand, records: u64) {
        let levels = whole.records;
        let top = TopFile {
            level: match levels {
                Levels { high: 1.., .. } => Confidence::High,
                Levels { medium: 1.., .. } => Confidence::Medium,
                _ => Confidence::Low,
            },
            path: self.shown(&file.at),
            records,
            people: file.residents.total,
            massachusetts: massachusetts(&file.residents),
            kinds: whole.kinds,
            exposure: file.exposure,
            modified: file.modified.clone(),
        };
        let at = self.top.partition_point(|other| other.before(&top) == Ordering::Less);
        if at < LISTED {
            self.top.insert(at, top);
            self.top.truncate(LISTED);
        }
    }
}

impl TopFile {
    /// Most people first, then the highest level, then most records; the path decides the rest.
    fn before(&self, other: &TopFile) -> Ordering {
        let key = |f: &TopFile| (f.people.upper, f.people.lower, f.level, f.records);
        key(other).cmp(&key(self)).then_with(|| self.path.cmp(&other.path))
    }
}

/// Records of `least` and above.
fn at_least(levels: Levels, least: Confidence) -> u64 {
    match least {
        Confidence::High => levels.high,
        Confidence::Medium => levels.high + levels.medium,
        Confidence::Low => levels.total(),
    }
}

/// People with a confirmed or likely residence in Massachusetts; `None` if there are none and of some people
/// nothing is known.
pub fn massachusetts(residents: &Residents) -> Option<Bounds> {
    let of = |grade| residents.by_residency.get(&grade).map_or_else(Bounds::default, |g| g.total);
    let (confirmed, likely) = (of(Residency::Confirmed), of(Residency::Likely));
    let known = Bounds { lower: confirmed.lower + likely.lower, upper: confirmed.upper + likely.upper };
    let total = residents.total;
    // A person met under two grades counts for the lower bound of both.
    let known = Bounds { lower: known.lower.min(total.lower), upper: known.upper.min(total.upper) };
    let nothing_known = known.upper == 0 && of(Residency::Other).upper < total.upper;
    (!nothing_known).then_some(known)
}

#[cfg(test)]
pub(super) mod tests;

//! The closing check: adds up what was settled and compares it with what the walker met.
//!
//! The walker counts for itself, and so does every container; a scan may call itself complete only if every path
//! and member they met has been settled. Whatever is lost between walker and result shows here.

use std::collections::{BTreeMap, HashMap};

use crate::coverage::{Cause, Coverage};
use crate::event::{Event, FileLine, Levels, Residency, Residents, Sum, Summary};
use crate::resident::{Opener, ResidentCounter, combine, empty_grade};

use super::seq;

/// Adds up the events of a result, as they are written or read.
///
/// Feed it every line that goes into a new result. For a resumed one, where earlier attempts may be void, feed
/// it the lines that [`Settlement`](super::Settlement) lets through once the last file is settled.
#[derive(Default)]
pub struct Tally {
    open: HashMap<u64, Open>,
    files: BTreeMap<Coverage, u64>,
    members: BTreeMap<Coverage, u64>,
    members_missing: u64,
    gaps: BTreeMap<Cause, u64>,
    records: Levels,
    people: ResidentCounter,
    /// Where keys of many people are put aside.
    opener: Option<Opener>,
    /// People of files whose records are not all listed.
    cut: Residents,
    bytes: u64,
}

/// What an attempt has given so far.
#[derive(Default)]
struct Open {
    files: BTreeMap<Coverage, u64>,
    gaps: BTreeMap<Cause, u64>,
    records: Levels,
    people: ResidentCounter,
    is_cut: bool,
    /// Members met and not settled, over all containers of the file.
    missing: u64,
}

impl Tally {
    /// Nothing added up yet.
    pub fn new() -> Self {
        Tally::default()
    }

    /// The same; where people are many, hashes of their ids are put aside in the place that `opener` makes.
    pub fn with_aside(opener: Opener) -> Self {
        Tally { people: ResidentCounter::with_aside(opener), opener: Some(opener), ..Tally::default() }
    }

    fn attempt(&mut self, seq: u64) -> &mut Open {
        let opener = self.opener;
        self.open.entry(seq).or_insert_with(|| {
            let people = opener.map_or_else(ResidentCounter::new, ResidentCounter::with_aside);
            Open { people, ..Open::default() }
        })
    }

    /// Counts bytes that were read.
    pub fn read(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Counts an event.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::Record(record) => self.attempt(record.seq).people.add(record),
            _ => self.add_counted(event),
        }
    }

    /// Counts an event whose people are added by [`Tally::people`].
    pub fn add_counted(&mut self, event: &Event) {
        match event {
            Event::Gap(gap) => *self.gaps.entry(gap.cause).or_default() += 1,
            Event::File(file) => {
                self.attempt(file.seq).add(file);
                if file.member.is_empty() {
                    self.settle(file);
                }
            }
            // These too must be settled by a `file` line.
            Event::Record(_) | Event::Element(_) | Event::Column(_) | Event::Why(_) => {
                self.attempt(seq(event).unwrap_or(0));
            }
            _ => {}
        }
    }

    /// Adds the people of lines of attempt `seq`, which were counted where they were found.
    pub fn people(&mut self, seq: u64, people: ResidentCounter) {
        self.attempt(seq).people.append(people);
    }

    /// The last line of a run: `walker_met` paths were met by the walker's own count. The digest is left to
    /// [`Writer::finish`](super::Writer::finish).
    ///
    /// `complete` is true only if the run was not interrupted, as many paths were settled as were met, no
    /// container lost a member, and no line waits for the `file` line of its attempt.
    pub fn summary(&self, elapsed: f64, interrupted: bool, walker_met: u64) -> Summary {
        let settled: u64 = self.files.values().sum();
        let members: u64 = self.members.values().sum();
        let all_settled = settled == walker_met && self.members_missing == 0 && self.open.is_empty();
        Summary {
            files: Sum { met: walker_met, by_coverage: every_coverage(&self.files) },
            members: Sum { met: members + self.members_missing, by_coverage: every_coverage(&self.members) },
            gaps: self.gaps.clone(),
            records: self.records,
            residents: self.residents(),
            bytes: self.bytes,
            elapsed,
            complete: all_settled && !interrupted,
            interrupted,
            digest: String::new(),
        }
    }

    /// Everybody met so far in settled files; all four grades are there.
    fn residents(&self) -> Residents {
        let mut residents = self.people.bounds();
        combine(&mut residents, &self.cut);
        for grade in [Residency::Confirmed, Residency::Likely, Residency::Unknown, Residency::Other] {
            residents.by_residency.entry(grade).or_insert_with(empty_grade);
        }
        residents
    }

    /// Takes over what the attempt of a top-level line has given.
    fn settle(&mut self, file: &FileLine) {
        let open = self.open.remove(&file.seq).unwrap_or_default();
        *self.files.entry(file.coverage).or_default() += 1;
        let mut members = open.files;
        if let Some(own) = members.get_mut(&file.coverage) {
            *own -= 1;
        }
        let lines: u64 = members.values().sum();
        let met = file.members.map_or(0, |members| members.met);
        self.members_missing += open.missing.max(met.saturating_sub(lines));
        add_up(&mut self.members, &members);
        add_up(&mut self.gaps, &open.gaps);
        self.records.high += open.records.high;
        self.records.medium += open.records.medium;
        self.records.low += open.records.low;
        if open.is_cut {
            combine(&mut self.cut, &file.residents);
        } else {
            self.people.append(open.people);
        }
    }
}

impl Open {
    fn add(&mut self, file: &FileLine) {
        *self.files.entry(file.coverage).or_default() += 1;
        for gap in &file.gaps {
            *self.gaps.entry(gap.cause).or_default() += 1;
        }
        self.records.high += file.records.high;
        self.records.medium += file.records.medium;
        self.records.low += file.records.low;
        self.is_cut |= file.cut > 0;
        let unsettled = file.members.map_or(0, |members| members.met.abs_diff(members.settled));
        self.missing = self.missing.saturating_add(unsettled);
    }
}

fn add_up<K: Ord + Copy>(into: &mut BTreeMap<K, u64>, other: &BTreeMap<K, u64>) {
    for (key, count) in other {
        *into.entry(*key).or_default() += count;
    }
}

/// All four coverages, so that their sum can be checked at sight.
fn every_coverage(counts: &BTreeMap<Coverage, u64>) -> BTreeMap<Coverage, u64> {
    let all = [Coverage::Examined, Coverage::Partial, Coverage::Encrypted, Coverage::NotExamined];
    all.into_iter().map(|coverage| (coverage, counts.get(&coverage).copied().unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{begin, file, file_line, gap, loose, member, record, why};
    use super::*;
    use crate::event::{Bounds, Gap, MemberCount};

    fn summary(events: &[Event], met: u64) -> Summary {
        let mut tally = Tally::new();
        for event in events {
            tally.add(event);
        }
        tally.summary(1.0, false, met)
    }

    fn archive(seq: u64, path: &str, met: u64, settled: u64) -> Event {
        let members = Some(MemberCount { met, settled });
        let gaps = vec![Gap::new(Cause::Damaged, None)];
        let records = Levels::default();
        let coverage = Coverage::Partial;
        Event::File(Box::new(FileLine { coverage, gaps, records, members, ..file_line(seq, path) }))
    }

    #[test]
    fn a_scan_that_settled_all_it_met_is_complete() {
        let events = [
            record(1, "a", 1),
            file(1, "a"),
            begin(2, "z"),
            record(2, "z", 2),
            member(2, "z", "m"),
            member(2, "z", "n"),
            archive(2, "z", 2, 2),
            gap("dir"),
        ];
        let summary = summary(&events, 2);
        assert!(summary.complete);
        assert_eq!((summary.files.met, summary.files.by_coverage[&Coverage::Partial]), (2, 1));
        assert_eq!((summary.members.met, summary.members.by_coverage[&Coverage::Examined]), (2, 2));
        assert_eq!(summary.gaps, BTreeMap::from([(Cause::Damaged, 1), (Cause::Denied, 1)]));
        assert_eq!(summary.records.high, 3);
        assert_eq!(summary.residents.total, Bounds { lower: 2, upper: 2 });
    }

    #[test]
    fn whatever_is_missing_makes_it_incomplete() {
        assert!(summary(&[file(1, "a")], 1).complete);
        assert!(!summary(&[file(1, "a")], 2).complete);
        assert!(!summary(&[file(1, "a"), file(2, "a")], 1).complete);
        assert!(!summary(&[file(1, "a"), record(2, "b", 1)], 1).complete);
        assert!(!summary(&[file(1, "a"), why(2, "x")], 1).complete);
        assert!(!summary(&[file(1, "a"), loose(2, "b", 1)], 1).complete);
        assert!(!summary(&[file(1, "a"), member(2, "b", "m")], 1).complete);
        assert!(!Tally::new().summary(0.0, true, 0).complete);
    }

    #[test]
    fn a_container_that_lost_a_member_makes_it_incomplete() {
        let short = summary(&[member(1, "z", "m"), archive(1, "z", 2, 1)], 1);
        assert_eq!((short.complete, short.members.met), (false, 2));
        let claimed = summary(&[member(1, "z", "m"), archive(1, "z", 2, 2)], 1);
        assert_eq!((claimed.complete, claimed.members.met), (false, 2));
    }

    #[test]
    fn people_of_unsettled_attempts_do_not_count() {
        let summary = summary(&[record(1, "a", 1), record(2, "b", 2), file(2, "b")], 2);
        assert_eq!(summary.residents.total.upper, 1);
    }

    #[test]
    fn cut_records_count_by_the_bounds_of_their_file() {
        let mut cut = file_line(1, "a");
        cut.cut = 5;
        cut.residents.total = Bounds { lower: 3, upper: 6 };
        let events = [record(1, "a", 1), Event::File(Box::new(cut)), record(2, "b", 2), file(2, "b")];
        assert_eq!(summary(&events, 2).residents.total, Bounds { lower: 3, upper: 7 });
    }
}

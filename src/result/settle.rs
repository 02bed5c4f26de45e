//! Which lines of a result count.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::BufRead;

use super::{Reader, ResultError, path_key, seq};
use crate::event::{Begin, Event, FileLine, GapLine, Resume, Run, SCHEMA, Summary, Volume};
use crate::flat;

/// The rule by which lines count, for readers that go through a result twice and keep nothing: feed every event
/// to [`Settlement::add`], then ask [`Settlement::counts`] about every event in the same order.
#[derive(Default)]
pub struct Settlement {
    /// The attempt that counts, by the hash of root and id of its path.
    winners: HashMap<u64, Attempt>,
    /// The same attempts, for looking up lines.
    counting: HashSet<Attempt>,
    epoch: u32,
    last_start: u64,
    next_seq: u64,
    fed: u64,
    asked: u64,
    asked_epoch: u32,
}

/// A `seq` counts within one run; a second `run` line starts them anew.
type Attempt = (u32, u64);

impl Settlement {
    /// Takes note of the next event.
    pub fn add(&mut self, event: &Event) {
        self.fed += 1;
        match event {
            Event::Run(_) => {
                self.epoch += 1;
                self.last_start = self.fed;
            }
            Event::Resume(_) => self.last_start = self.fed,
            Event::File(file) if file.member.is_empty() => {
                let (root, id) = path_key(&file.at);
                let attempt = (self.epoch, file.seq);
                let path = flat::hash(u64::from(root), id.as_bytes());
                if let Some(before) = self.winners.insert(path, attempt) {
                    self.counting.remove(&before);
                }
                self.counting.insert(attempt);
            }
            _ => {}
        }
        self.next_seq = self.next_seq.max(seq(event).map_or(0, |seq| seq.saturating_add(1)));
    }

    /// True if the next event of the second pass counts: its attempt is the last settled one of its path. A `gap`
    /// line counts behind the last `run` or `resume` line; lines about the run as a whole do, `begin` does not.
    pub fn counts(&mut self, event: &Event) -> bool {
        self.asked += 1;
        self.asked_epoch += u32::from(matches!(event, Event::Run(_)));
        match (event, seq(event)) {
            (Event::Begin(_) | Event::Unknown, _) => false,
            (Event::Gap(_), _) => self.asked > self.last_start,
            (_, Some(seq)) => self.counting.contains(&(self.asked_epoch, seq)),
            (_, None) => true,
        }
    }

    /// A `seq` that no line has used.
    pub fn next_seq(&self) -> u64 {
        self.next_seq.max(1)
    }

    /// Paths with a settled attempt.
    pub fn files(&self) -> usize {
        self.winners.len()
    }
}

/// A settled path with all its lines.
pub struct SettledFile {
    /// The line that settles it.
    pub file: FileLine,
    /// Its other lines as they came: records, elements, columns, reasons, members.
    pub lines: Vec<Event>,
}

/// What counts of a result.
pub struct Settled {
    /// The first line, of the last run if there are several.
    pub run: Run,
    /// Every time it was gone on with.
    pub resumes: Vec<Resume>,
    /// Mounts, in the order in which they were met.
    pub volumes: Vec<Volume>,
    /// Settled paths, in the order in which they were settled.
    pub files: Vec<SettledFile>,
    /// Gaps of the last run.
    pub gaps: Vec<GapLine>,
    /// Attempts that were announced and never settled: the path of the last one may have ended the run.
    pub unsettled: Vec<Begin>,
    /// The last summary, if it stands behind the last start.
    pub summary: Option<Summary>,
    /// A `seq` that no line has used.
    pub next_seq: u64,
    /// Bytes of whole lines.
    pub bytes: u64,
    /// The BLAKE3 of whole lines.
    pub hasher: blake3::Hasher,
}

/// Reads a whole result into memory and keeps what counts.
///
/// # Errors
/// If a line cannot be read, the first line is no `run` line, or the schema is newer than this version knows.
pub fn settled<R: BufRead>(source: R) -> Result<Settled, ResultError> {
    let mut reader = Reader::new(source);
    let Some(Event::Run(run)) = reader.next().transpose()? else { return Err(ResultError::NoRun) };
    let mut collector = Collector::new(run)?;
    while let Some(event) = reader.next().transpose()? {
        collector.add(event)?;
    }
    Ok(collector.finish(reader.bytes(), reader.hasher().clone()))
}

/// Collects lines by attempt until their attempt is settled.
struct Collector {
    result: Settled,
    open: HashMap<u64, Vec<Event>>,
    begun: BTreeMap<u64, Begin>,
    /// Where a path stands in `files`.
    places: HashMap<(u32, String), usize>,
    files: Vec<Option<SettledFile>>,
}

impl Collector {
    fn new(run: Run) -> Result<Self, ResultError> {
        Ok(Collector {
            result: Settled {
                run: known(run)?,
                resumes: vec![],
                volumes: vec![],
                files: vec![],
                gaps: vec![],
                unsettled: vec![],
                summary: None,
                next_seq: 1,
                bytes: 0,
                hasher: blake3::Hasher::new(),
            },
            open: HashMap::new(),
            begun: BTreeMap::new(),
            places: HashMap::new(),
            files: vec![],
        })
    }

    fn add(&mut self, event: Event) -> Result<(), ResultError> {
        let seq = seq(&event);
        self.result.next_seq = self.result.next_seq.max(seq.map_or(0, |seq| seq.saturating_add(1)));
        match event {
            Event::Run(run) => {
                self.result.run = known(run)?;
                self.open.clear();
                self.start();
            }
            Event::Resume(resume) => {
                self.result.resumes.push(resume);
                self.start();
            }
            Event::Volume(volume) => self.result.volumes.push(volume),
            Event::Gap(gap) => self.result.gaps.push(gap),
            Event::Summary(summary) => self.result.summary = Some(*summary),
            Event::Begin(begin) => drop(self.begun.insert(begin.seq, begin)),
            Event::File(file) if file.member.is_empty() => self.settle(*file),
            Event::Unknown => {}
            event => self.open.entry(seq.unwrap_or(0)).or_default().push(event),
        }
        Ok(())
    }

    fn start(&mut self) {
        self.result.gaps.clear();
        self.result.summary = None;
    }

    fn settle(&mut self, file: FileLine) {
        let (root, id) = path_key(&file.at);
        let key = (root, id.to_owned());
        let lines = self.open.remove(&file.seq).unwrap_or_default();
        self.begun.remove(&file.seq);
        if let Some(before) = self.places.insert(key, self.files.len()) {
            self.files[before] = None;
        }
        self.files.push(Some(SettledFile { file, lines }));
    }

    fn finish(self, bytes: u64, hasher: blake3::Hasher) -> Settled {
        let files = self.files.into_iter().flatten().collect();
        Settled { files, unsettled: self.begun.into_values().collect(), bytes, hasher, ..self.result }
    }
}

/// Refuses what a later version wrote.
fn known(run: Run) -> Result<Run, ResultError> {
    if run.schema > SCHEMA { Err(ResultError::Newer { schema: run.schema }) } else { Ok(run) }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{begin, file, gap, member, record, resume, run, summary, written};
    use super::*;

    fn settle(events: &[Event]) -> Settled {
        settled(written(events).as_slice()).unwrap()
    }

    fn summary_line() -> Event {
        Event::Summary(Box::new(summary()))
    }

    #[test]
    fn lines_of_an_unsettled_attempt_are_void() {
        let events =
            [run(), record(1, "a", 1), file(1, "a"), begin(2, "b"), record(2, "b", 2), member(2, "b", "m")];
        let settled = settle(&events);
        assert_eq!(settled.files.len(), 1);
        assert_eq!(settled.files[0].lines, [record(1, "a", 1)]);
        assert_eq!(settled.unsettled.len(), 1);
        assert_eq!((settled.next_seq, settled.summary), (3, None));
    }

    #[test]
    fn of_several_attempts_the_last_settled_one_counts() {
        let events = [
            run(),
            record(1, "a", 1),
            file(1, "a"),
            resume(),
            record(2, "a", 2),
            file(2, "a"),
            record(3, "a", 3),
        ];
        let settled = settle(&events);
        assert_eq!(settled.files.len(), 1);
        assert_eq!(settled.files[0].lines, [record(2, "a", 2)]);
    }

    #[test]
    fn gaps_and_the_summary_count_from_the_last_start() {
        let events = [run(), gap("x"), summary_line(), resume(), gap("y")];
        let settled = settle(&events);
        assert_eq!(settled.gaps.len(), 1);
        assert_eq!((settled.gaps[0].at.path.as_str(), settled.summary.is_none()), ("y", true));
    }

    #[test]
    fn two_passes_keep_the_same_lines() {
        let events = [
            run(),
            gap("x"),
            record(1, "a", 1),
            file(1, "a"),
            resume(),
            gap("y"),
            record(2, "a", 2),
            file(2, "a"),
            record(3, "b", 3),
        ];
        let mut settlement = Settlement::default();
        for event in &events {
            settlement.add(event);
        }
        let kept: Vec<bool> = events.iter().map(|event| settlement.counts(event)).collect();
        assert_eq!(kept, [true, false, false, false, true, true, true, true, false]);
        assert_eq!((settlement.next_seq(), settlement.files()), (4, 1));
    }

    #[test]
    fn what_is_no_result_is_refused() {
        assert!(matches!(settled(&b""[..]), Err(ResultError::NoRun)));
        assert!(matches!(settled(written(&[resume()]).as_slice()), Err(ResultError::NoRun)));
        let Event::Run(mut later) = run() else { unreachable!() };
        later.schema = 2;
        let text = written(&[Event::Run(later)]);
        assert!(matches!(settled(text.as_slice()), Err(ResultError::Newer { schema: 2 })));
    }
}

//! One file or text, examined like any other, with all that a result leaves out: what was rejected and why, and
//! the raw values, for `revere explain --reveal`.
//!
//! Works in this process, on a thread of its own: a panic of a reader ends that thread and is told as a gap.

mod at;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::Options;
use super::record::masked;
use crate::coverage::{Cause, Class};
use crate::document::{Input, ReadSeek};
use crate::event::{
    ElementLine, ElementType, Event, Evidence, FileLine, Gap, Location, PathRef, Record, Short,
};
use crate::examine::{Task, examine_before};
use crate::finding::{Dropped, Witness};
use crate::mask;
pub use at::At;

/// Stack of the thread: readers of nested formats recurse up to their depth limits.
const STACK: usize = 64 << 20;
/// The most bytes of one file taken into memory.
const MEMORY: u64 = 256 << 20;
/// The most entries of one sort that are kept of a file or member; more are counted.
const MOST: usize = 1000;

/// What is to be explained.
pub enum Subject<'a> {
    /// A file.
    File(&'a Path),
    /// A text, with what to call it.
    Text(&'static str, Vec<u8>),
}

/// Which parts of it.
#[derive(Default)]
pub struct Wanted {
    /// Names of a member, masked and joined by `!`; empty: everything.
    pub member: String,
    /// Places; all must fit.
    pub at: Vec<At>,
    /// True if raw values are wanted too.
    pub raw: bool,
}

impl Wanted {
    fn has_member(&self, member: &[String]) -> bool {
        let joined = member.join("!");
        let below = || joined.strip_prefix(&self.member).is_some_and(|rest| rest.starts_with('!'));
        self.member.is_empty() || joined == self.member || below()
    }

    fn has_place(&self, locations: &[Location]) -> bool {
        self.at.is_empty() || locations.iter().any(|l| self.at.iter().all(|at| at.is(l)))
    }
}

/// A shape or reading that is no finding. Holds a raw value: no `Debug`.
pub struct WhyNot {
    /// Where.
    pub location: Location,
    /// What it was read as, if anything.
    pub kind: Option<ElementType>,
    /// The value, masked.
    pub masked: Short,
    /// The value, if it is wanted.
    pub raw: Option<String>,
    /// Points, if it was scored.
    pub score: Option<i32>,
    /// Reasons, if it was scored.
    pub evidence: Vec<Evidence>,
    /// Why it is no finding, masked.
    pub why: String,
}

/// What was found in a file or member.
#[derive(Default)]
pub struct Node {
    /// Names of the member, masked; empty for the file itself.
    pub member: Vec<String>,
    /// Its line.
    pub file: Option<FileLine>,
    /// Its records.
    pub records: Vec<Record>,
    /// Its numbers without a name.
    pub loose: Vec<ElementLine>,
    /// What is no finding.
    pub dropped: Vec<WhyNot>,
    /// How many more there are of each than were kept.
    pub more: u64,
}

impl Node {
    /// True if there is nothing to tell of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let gaps = self.file.as_ref().is_some_and(|f| !f.gaps.is_empty() || f.encryption.is_some());
        self.records.is_empty() && self.loose.is_empty() && self.dropped.is_empty() && !gaps
    }
}

/// All that is known. Holds raw values: no `Debug`.
#[derive(Default)]
pub struct Explanation {
    /// The file and its members, as far as they are wanted, in the order in which something was said of them.
    pub nodes: Vec<Node>,
    /// Every member met.
    pub members: Vec<Vec<String>>,
    /// Evidence lists by their id.
    pub whys: BTreeMap<String, Vec<Evidence>>,
    /// Raw values and names by their fingerprints, if they are wanted.
    pub raw: BTreeMap<String, String>,
    /// True if something could not be examined (class `failed`).
    pub failed: bool,
}

/// Examines a file or text and keeps what is wanted of it.
///
/// # Errors
/// If the file cannot be opened or is no regular file, or no thread can be started.
pub fn explain(subject: Subject<'_>, wanted: &Wanted, options: &Options) -> io::Result<Explanation> {
    let fingerprints = options.key.fingerprints();
    let (shown, name, len, mut reader) = open(subject)?;
    let at = mask::path(0, shown.as_bytes(), &fingerprints);
    let collector = Mutex::new(Collector::new(wanted, at.clone()));
    let task = Task {
        fingerprints: &fingerprints,
        limits: &options.limits,
        seq: 1,
        at,
        raw_path: shown.into_bytes(),
        reduced: false,
    };
    let work = || {
        let mut input = Input {
            name: &name,
            len,
            reader: &mut *reader,
            memory: MEMORY,
            passwords: options.passwords.words(),
        };
        let mut pass = |event: Event| locked(&collector).event(event);
        examine_before(&mut Watch(&collector), task, &mut input, &mut pass, &mut || {});
    };
    let whole = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        Ok::<bool, io::Error>(thread.join().is_ok())
    })?;
    let collector = collector.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(collector.finish(whole))
}

/// The name to show, the name that counts as text, the size and the bytes.
fn open(subject: Subject<'_>) -> io::Result<(String, String, u64, Box<dyn ReadSeek>)> {
    match subject {
        Subject::File(path) => {
            let file = File::open(path)?;
            let meta = file.metadata()?;
            if !meta.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((path.to_string_lossy().into_owned(), name, meta.len(), Box::new(file)))
        }
        Subject::Text(name, text) => {
            let len = text.len() as u64;
            Ok((name.to_owned(), String::new(), len, Box::new(Cursor::new(text))))
        }
    }
}

fn locked<'m, 'w>(collector: &'m Mutex<Collector<'w>>) -> std::sync::MutexGuard<'m, Collector<'w>> {
    collector.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gathers what is wanted.
struct Collector<'w> {
    wanted: &'w Wanted,
    at: PathRef,
    places: BTreeMap<Vec<String>, usize>,
    done: Explanation,
}

impl<'w> Collector<'w> {
    fn new(wanted: &'w Wanted, at: PathRef) -> Self {
        Collector { wanted, at, places: BTreeMap::new(), done: Explanation::default() }
    }

    fn node(&mut self, member: &[String]) -> Option<&mut Node> {
        if !self.wanted.has_member(member) {
            return None;
        }
        let next = self.done.nodes.len();
        let place = *self.places.entry(member.to_vec()).or_insert(next);
        if place == next {
            self.done.nodes.push(Node { member: member.to_vec(), ..Node::default() });
        }
        self.done.nodes.get_mut(place)
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Why(why) => {
                self.done.whys.insert(why.n, why.evidence);
            }
            Event::Record(record) if self.wanted.has_place(&places_of(&record)) => {
                if let Some(node) = self.node(&record.member) {
                    node.more += keep(&mut node.records, *record);
                }
            }
            Event::Element(line) if self.wanted.has_place(std::slice::from_ref(&line.element.location)) => {
                if let Some(node) = self.node(&line.member) {
                    node.more += keep(&mut node.loose, *line);
                }
            }
            Event::File(file) => self.file(*file),
            _ => {}
        }
    }

    fn file(&mut self, file: FileLine) {
        if !file.member.is_empty() {
            self.done.members.push(file.member.clone());
        }
        let failed = file.gaps.iter().any(|g| g.class == Class::Failed);
        if let Some(node) = self.node(&file.member) {
            node.file = Some(file);
            self.done.failed |= failed;
        }
    }

    fn dropped(&mut self, member: &[String], dropped: Dropped) {
        let location = mask::location(&dropped.place);
        if !self.wanted.has_place(std::slice::from_ref(&location)) {
            return;
        }
        let reject = dropped.reject;
        let why_not = WhyNot {
            location,
            score: reject.points(),
            kind: reject.kind,
            masked: mask::number(&reject.value, false),
            raw: self.wanted.raw.then_some(reject.value),
            evidence: reject.score.map(|s| masked(s.evidence())).unwrap_or_default(),
            why: mask::text(&reject.why).into_owned(),
        };
        if let Some(node) = self.node(member) {
            node.more += keep(&mut node.dropped, why_not);
        }
    }

    /// `whole` is false if the thread died.
    fn finish(mut self, whole: bool) -> Explanation {
        if !whole {
            let gap = Gap::new(Cause::WorkerKilled, "reading it failed: a fault of this program".to_owned());
            let coverage = crate::coverage::Coverage::Partial;
            let bare =
                FileLine { gaps: vec![gap], ..FileLine::bare(1, self.at.clone(), "unknown", 0, coverage) };
            self.done.failed = true;
            if let Some(node) = self.node(&[]) {
                node.file = Some(bare);
            }
        }
        self.done.nodes.sort_by(|a, b| a.member.is_empty().cmp(&b.member.is_empty()).reverse());
        self.done
    }
}

/// Keeps an entry if there is room; returns how many were not.
fn keep<T>(list: &mut Vec<T>, entry: T) -> u64 {
    if list.len() >= MOST {
        return 1;
    }
    list.push(entry);
    0
}

/// Hands on what events do not say.
struct Watch<'c, 'w>(&'c Mutex<Collector<'w>>);

impl Witness for Watch<'_, '_> {
    fn raw(&mut self, id: &str, value: &str) {
        let mut collector = locked(self.0);
        if collector.wanted.raw && !collector.done.raw.contains_key(id) {
            collector.done.raw.insert(id.to_owned(), value.to_owned());
        }
    }

    fn dropped(&mut self, member: &[String], dropped: Dropped) {
        locked(self.0).dropped(member, dropped);
    }
}

/// The places of a record, its name and its numbers.
fn places_of(record: &Record) -> Vec<Location> {
    let name = within(&record.person.location, &record.location);
    let numbers = record.elements.iter().map(|e| within(&e.location, &record.location));
    [record.location.clone(), name].into_iter().chain(numbers).collect()
}

/// A location of which only the difference to another was told, in full.
#[must_use]
pub fn within(own: &Location, outer: &Location) -> Location {
    macro_rules! fill {
        ($($field:ident)*) => { Location { $($field: own.$field.clone().or_else(|| outer.$field.clone()),)* } };
    }
    fill!(page sheet table row line column cell byte field pointer part paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Key;

    fn options() -> Options {
        let key = Key::from_hex(&"ab".repeat(32)).expect("64 hexadecimal digits");
        Options {
            jobs: 1,
            include: Vec::new(),
            exclude: Vec::new(),
            label: String::new(),
            key,
            own: Vec::new(),
            limits: super::super::Limits::default(),
            range: crate::text::RANGE,
            worker: Vec::new(),
            passwords: super::super::Passwords::default(),
            all_in_workers: false,
            readers: None,
            noted: BTreeMap::new(),
            configuration: None,
        }
    }

    fn explained(text: &str, at: &[&str]) -> Explanation {
        let at = at.iter().map(|a| a.parse().expect("a place")).collect();
        let wanted = Wanted { at, raw: true, ..Wanted::default() };
        explain(Subject::Text("text", text.into()), &wanted, &options()).expect("a text can always be read")
    }

    #[test]
    fn records_come_with_reasons_and_raw_values_apart() {
        let all = explained("Patient: Tobias Hargrove, SSN 024-61-3387\n", &[]);
        let record = &all.nodes[0].records[0];
        assert_eq!(
            (record.person.masked.as_str(), record.elements[0].masked.as_str()),
            ("T••• H•••", "•••••3387")
        );
        assert!(all.whys[record.elements[0].why.as_str()].iter().any(|e| e.rule == "label"));
        assert_eq!(all.raw[record.elements[0].id.as_str()], "024613387");
        assert_eq!(all.raw[record.person.id.as_str()], "Tobias Hargrove");
    }

    #[test]
    fn what_is_no_finding_is_told_with_its_place() {
        let text =
            "EIN 04-3871926\nratio 0.024613387\nour bank routing number is 011307187\nSSN 666-12-1234\n";
        let all = explained(text, &[]);
        let told: Vec<_> = all.nodes[0].dropped.iter().map(|d| (d.location.line, d.why.as_str())).collect();
        assert_eq!(told.len(), 4);
        for (line, word) in [(1, "employer"), (2, "decimal"), (3, "below low"), (4, "area 666")] {
            assert!(told.iter().any(|(l, w)| *l == Some(line) && w.contains(word)), "{line}: {told:?}");
        }
        assert_eq!(explained(text, &["line:4"]).nodes[0].dropped.len(), 1);
        assert!(explained(text, &["line:4", "page:1"]).nodes[0].dropped.is_empty());
    }

    #[test]
    fn cells_of_a_table_know_their_header() {
        let text = "name,ssn,city\nTobias Hargrove,024-61-3387,Lowell\nAda Winslow,000-61-3387,Lowell\n";
        let all = explained(text, &["line:3"]);
        assert!(all.nodes[0].records.is_empty());
        let [why] = all.nodes[0].dropped.as_slice() else {
            panic!("one reason, not {}", all.nodes[0].dropped.len())
        };
        assert_eq!(
            (why.location.field.as_deref(), why.why.as_str()),
            (Some("ssn"), "area 000 is never issued")
        );
    }

    #[test]
    fn members_are_chosen_by_name_with_what_is_in_them() {
        let wanted = Wanted { member: "a.zip!b".into(), ..Wanted::default() };
        let has =
            |names: &[&str]| wanted.has_member(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert!(has(&["a.zip", "b"]) && has(&["a.zip", "b", "c"]));
        assert!(!has(&["a.zip"]) && !has(&["a.zip", "bc"]) && !has(&[]));
    }
}

//! Examines one file or member: what it is, what reads it, what is found, and its members in turn.
//!
//! Runs inside a worker process for everything that needs a parser. Raw text enters here and leaves as masked
//! events only.

pub mod budget;
mod name;
mod outcome;
mod shared;
mod sink;
pub mod stream;
mod tables;
pub mod tap;
mod unit;

use std::io::{Cursor, Read, SeekFrom};

use crate::associate::joined::Joins;
use crate::coverage::Cause;
use crate::document::{Extractor, Input, ReadSeek, Sealed};
use crate::event::{Event, FileLine, Gap, PathRef};
use crate::extract::{self, runs::Runs};
use crate::finding::Witness;
use crate::identify::{self, Kind, Treatment};
use crate::mask::{self, Fingerprints};
use crate::resident::ResidentCounter;
use crate::scan::options::Limits;
use crate::scan::record::{Origin, Recorder, State};
use budget::{Budget, Counted};
pub use name::scan_name;
use outcome::Outcome;
use shared::{Left, Own};
use sink::NodeSink;
use tap::Tap;

/// The most bytes of one member that are taken into memory.
const MEMBER_MEMORY: u64 = 256 << 20;

/// Examines one top-level file with everything in it.
pub struct Examiner<'a> {
    fingerprints: &'a Fingerprints,
    limits: &'a Limits,
    seq: u64,
    at: PathRef,
    raw_path: Vec<u8>,
    out: &'a mut dyn FnMut(Event),
    tick: &'a mut dyn FnMut(),
    budget: Budget,
    /// Names of the member in hand, outermost first; raw.
    members: Vec<String>,
    tap: Option<&'a mut (dyn Tap + 'a)>,
    witness: Option<&'a mut (dyn Witness + 'a)>,
    /// Read runs of text only, because the reader died.
    reduced: bool,
    /// What the member examined last leaves to its container.
    left: Option<Left>,
}

/// What a file is examined with.
pub struct Task<'a> {
    /// Makes ids.
    pub fingerprints: &'a Fingerprints,
    /// Budgets.
    pub limits: &'a Limits,
    /// Attempt.
    pub seq: u64,
    /// The path, masked.
    pub at: PathRef,
    /// The path, raw.
    pub raw_path: Vec<u8>,
    /// Read runs of text only.
    pub reduced: bool,
}

/// Examines a file of any format. Events go to `out`, the `file` line of the file itself last, without what only
/// the file system knows; `tick` is called now and then while work goes on. `tap` sees the raw text.
pub fn examine<'a>(
    task: Task<'a>,
    input: &mut Input<'_>,
    out: &'a mut dyn FnMut(Event),
    tick: &'a mut dyn FnMut(),
    tap: Option<&'a mut (dyn Tap + 'a)>,
) {
    Examiner::new(task, input.len, out, tick, tap, None).file(input);
}

/// Examines a file as [`examine`] does, while `witness` sees what events do not say.
pub fn examine_before<'a>(
    witness: &'a mut (dyn Witness + 'a),
    task: Task<'a>,
    input: &mut Input<'_>,
    out: &'a mut dyn FnMut(Event),
    tick: &'a mut dyn FnMut(),
) {
    Examiner::new(task, input.len, out, tick, None, Some(witness)).file(input);
}

impl<'a> Examiner<'a> {
    fn new(
        task: Task<'a>,
        size: u64,
        out: &'a mut dyn FnMut(Event),
        tick: &'a mut dyn FnMut(),
        tap: Option<&'a mut (dyn Tap + 'a)>,
        witness: Option<&'a mut (dyn Witness + 'a)>,
    ) -> Self {
        Examiner {
            fingerprints: task.fingerprints,
            limits: task.limits,
            seq: task.seq,
            at: task.at,
            raw_path: task.raw_path,
            out,
            tick,
            budget: Budget::new(task.limits, size),
            members: Vec::new(),
            tap,
            witness,
            reduced: task.reduced,
            left: None,
        }
    }

    /// Examines the file itself and hands on its line.
    fn file(mut self, input: &mut Input<'_>) {
        let line = self.node(input);
        (self.out)(Event::File(Box::new(line)));
    }
}

impl Examiner<'_> {
    fn origin(&self) -> (Origin, Option<String>) {
        let (member, id) = mask::member(&self.members, self.fingerprints);
        let mut raw_path = self.raw_path.clone();
        for name in &self.members {
            raw_path.push(0);
            raw_path.extend_from_slice(name.as_bytes());
        }
        let origin = Origin { seq: self.seq, at: self.at.clone(), member, raw_path };
        (origin, id)
    }

    /// Examines the file or member in hand and returns its line.
    fn node(&mut self, input: &mut Input<'_>) -> FileLine {
        let (origin, member_id) = self.origin();
        let mut outcome = Outcome::new(input.len);
        let mut state = State::of_document();
        let mut people = ResidentCounter::new();
        self.content(input, &origin, &mut outcome, &mut state, &mut people);
        let mut own = Own { origin: &origin, state: &mut state, people: &mut people };
        let joins = self.finish(&mut own, &mut outcome, input.name);
        if outcome.nothing_read() && identify::promises_document(input.name) && outcome.is_opaque() {
            outcome.instead(Gap::new(
                Cause::Damaged,
                "the name promises a document, the content is none".to_owned(),
            ));
        }
        let line = outcome.line(&origin, member_id, &state.counts, people.bounds());
        self.left = (!joins.is_empty()).then(|| Left { joins, origin, state, people });
        line
    }

    /// Closes a node: what its tables left open is joined, its name is text too, and its columns are told. Returns
    /// what is left for the container it lies in.
    fn finish(&mut self, own: &mut Own<'_>, outcome: &mut Outcome, name: &str) -> Joins {
        let joins = self.join(own, outcome);
        self.with_recorder(own, |recorder| {
            scan_name(name, recorder);
            recorder.columns();
        });
        joins
    }

    fn content(
        &mut self,
        input: &mut Input<'_>,
        origin: &Origin,
        outcome: &mut Outcome,
        state: &mut State,
        people: &mut ResidentCounter,
    ) {
        let mut head = Vec::new();
        let read = input
            .reader
            .rewind()
            .and_then(|()| (&mut *input.reader).take(identify::HEAD as u64).read_to_end(&mut head));
        if read.is_err() {
            outcome.gap(Gap::new(Cause::IoError, "reading failed at the start".to_owned()));
        }
        let kind = with_tail(identify::identify(&head, input.len), input);
        outcome.format = kind.format_id();
        if let Some(tap) = &mut self.tap {
            tap.node(&self.members, outcome.format);
        }
        let mut node = NodeSink::new(self, origin, outcome, state, people);
        match kind {
            _ if node.reduced() => Runs.extract(input, &mut node),
            Kind::Empty => {}
            Kind::Text(info) => node.plain_text(input, info.encoding),
            Kind::Document(format) => document(format, input, &mut node),
        }
        node.close();
    }
}

/// Lends the witness to a recorder.
fn lend<'r>(witness: &'r mut Option<&mut (dyn Witness + '_)>) -> Option<&'r mut dyn Witness> {
    match witness {
        Some(witness) => Some(&mut **witness),
        None => None,
    }
}

fn with_tail(kind: Kind, input: &mut Input<'_>) -> Kind {
    if !kind.wants_tail() {
        return kind;
    }
    let mut tail = Vec::new();
    let from = input.len.saturating_sub(identify::TAIL as u64);
    let read = input.reader.seek(SeekFrom::Start(from)).and_then(|_| (*input.reader).read_to_end(&mut tail));
    if read.is_ok() { kind.with_tail(&tail, input.len) } else { kind }
}

/// Reads a document, or says why not.
fn document(format: &'static identify::Format, input: &mut Input<'_>, node: &mut NodeSink<'_, '_>) {
    use crate::document::DocumentSink;
    if let Some(encryption) = format.treatment.encryption() {
        node.encrypted(encryption);
        return;
    }
    match format.treatment {
        Treatment::Reader("zip") => {
            let (family, reader) = extract::zip_kind(input);
            node.format(if format.id == "zip" { family } else { format.id });
            match reader {
                Some(reader) => reader.extractor.extract(input, node),
                None => node.gap(Cause::NoReader, &format!("no reader for {family} yet"), None),
            }
        }
        Treatment::Reader(name) => match extract::reader(name) {
            Some(reader) => reader.extractor.extract(input, node),
            None => node.gap(Cause::NoReader, &format!("no reader for {name} yet"), None),
        },
        Treatment::NoReader(what) => node.gap(Cause::NoReader, what, None),
        Treatment::Media => node.gap(Cause::Media, "picture, sound or film", None),
        Treatment::Executable => node.gap(Cause::Executable, "machine code", None),
        Treatment::Opaque | Treatment::Encrypted { .. } => node.gap(Cause::OpaqueData, "no text in it", None),
    }
}

impl Examiner<'_> {
    /// Examines a member whose bytes come from `content`, and returns its line.
    fn member(&mut self, name: &str, shown: String, content: &mut dyn Read) -> FileLine {
        self.members.push(shown);
        let line = if self.members.len() > self.limits.depth {
            self.sealed(
                0,
                Sealed::Gap(Cause::LimitDepth, format!("nested deeper than {}", self.limits.depth)),
            )
        } else {
            self.member_content(name, content)
        };
        self.members.pop();
        line
    }

    fn member_content(&mut self, name: &str, content: &mut dyn Read) -> FileLine {
        let mut counted = Counted::new(content, &mut self.budget);
        let mut bytes = Vec::new();
        let most = MEMBER_MEMORY.min(self.limits.memory / 4);
        let read = (&mut counted).take(most).read_to_end(&mut bytes);
        let rest = bytes.len() as u64 == most;
        let stopped = counted.stopped();
        (self.tick)();
        if rest && stopped.is_none() && read.is_ok() {
            return self.large_member(name, bytes, content);
        }
        let mut line = self.bytes(name, &bytes);
        if let Some(gap) = stopped.or_else(|| read.err().map(|e| budget::read_gap(&e))) {
            outcome::add_gap(&mut line, gap);
        }
        line
    }

    /// A member that does not fit into memory: text is read as a stream, a document is a gap.
    fn large_member(&mut self, name: &str, head: Vec<u8>, content: &mut dyn Read) -> FileLine {
        let kind = identify::identify(&head[..identify::HEAD.min(head.len())], head.len() as u64);
        if let Kind::Text(info) = kind {
            return self.streamed(name, head, content, info.encoding);
        }
        let mut line = self.bytes(name, &head);
        let gap = Gap::new(Cause::LimitMemory, "too large for memory; its start was read".to_owned());
        outcome::add_gap(&mut line, gap);
        line
    }

    fn streamed(
        &mut self,
        name: &str,
        head: Vec<u8>,
        content: &mut dyn Read,
        encoding: identify::TextEncoding,
    ) -> FileLine {
        let (origin, member_id) = self.origin();
        let mut outcome = Outcome::new(0);
        outcome.format = "text";
        outcome.read();
        let (mut state, mut people) = (State::default(), ResidentCounter::new());
        let mut counted = Counted::new(content, &mut self.budget);
        let out = &mut *self.out;
        let mut pass = |event: Event| {
            if let Event::Record(r) = &event {
                people.add(r);
            }
            out(event);
        };
        let mut recorder =
            Recorder::new(&origin, self.fingerprints, &mut state, &mut pass).seen_by(lend(&mut self.witness));
        let done = stream::text(head, &mut counted, encoding, &mut recorder, self.tick);
        let stopped = counted.stopped();
        outcome.size = done.size;
        if let Some(gap) = stopped.or_else(|| done.error.map(|e| budget::read_gap(&e))) {
            outcome.gap(gap);
        }
        let mut own = Own { origin: &origin, state: &mut state, people: &mut people };
        self.finish(&mut own, &mut outcome, name);
        outcome.line(&origin, member_id, &state.counts, people.bounds())
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> FileLine {
        let mut reader = Cursor::new(bytes);
        let reader: &mut dyn ReadSeek = &mut reader;
        let len = bytes.len() as u64;
        self.node(&mut Input { name, len, reader, memory: MEMBER_MEMORY, passwords: &[] })
    }

    /// A member that cannot be read.
    fn sealed(&mut self, size: u64, why: Sealed) -> FileLine {
        let (origin, member_id) = self.origin();
        let mut outcome = Outcome::new(size);
        outcome.format = "unknown";
        match why {
            Sealed::Encrypted(encryption) => outcome.encryption = Some(encryption),
            Sealed::Gap(cause, detail) => outcome.gap(Gap::new(cause, detail)),
        }
        if let Some(tap) = &mut self.tap {
            tap.node(&self.members, "sealed");
            outcome.tell(&mut **tap);
        }
        let (mut state, mut people) = (State::default(), ResidentCounter::new());
        let name = self.members.last().cloned().unwrap_or_default();
        let mut own = Own { origin: &origin, state: &mut state, people: &mut people };
        self.finish(&mut own, &mut outcome, &name);
        outcome.line(&origin, member_id, &state.counts, people.bounds())
    }
}

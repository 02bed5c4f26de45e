//! Examines one file or member: what it is, what reads it, what is found, and its members in turn.
//!
//! Runs inside a worker process for everything that needs a parser. Raw text enters here and leaves as masked
//! events only.

pub mod budget;
mod cards;
mod member;
mod name;
mod outcome;
mod shared;
mod sink;
pub mod stream;
mod tables;
pub mod tap;
mod unit;

use std::io::{Read, SeekFrom};
use std::sync::Arc;

use crate::associate::joined::Joins;
use crate::coverage::Cause;
use crate::document::{DocumentSink as _, Extractor, Input};
use crate::event::{Event, FileLine, Gap, PathRef};
use crate::extract::{self, runs::Runs, unknown};
use crate::finding::Witness;
use crate::identify::{self, Kind, Treatment};
use crate::mask::{self, Fingerprints};
use crate::resident::ResidentCounter;
use crate::scan::options::Limits;
use crate::scan::record::{Origin, State};
use budget::Budget;
pub use name::scan_name;
pub use outcome::NOTE;
use outcome::Outcome;
use shared::{Left, Own};
use sink::NodeSink;
use tap::Tap;

/// What is said of bytes without a pattern.
const RANDOM: &str = "no text and no known header: random bytes, possibly an encrypted container";

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
    passwords: &'a [String],
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
pub fn examine<'a, 'i: 'a>(
    task: Task<'a>,
    input: &mut Input<'i>,
    out: &'a mut dyn FnMut(Event),
    tick: &'a mut dyn FnMut(),
    tap: Option<&'a mut (dyn Tap + 'a)>,
) {
    Examiner::new(task, (input.len, input.passwords), out, tick, tap, None).file(input);
}

/// Examines a file as [`examine`] does, while `witness` sees what events do not say.
pub fn examine_before<'a, 'i: 'a>(
    witness: &'a mut (dyn Witness + 'a),
    task: Task<'a>,
    input: &mut Input<'i>,
    out: &'a mut dyn FnMut(Event),
    tick: &'a mut dyn FnMut(),
) {
    Examiner::new(task, (input.len, input.passwords), out, tick, None, Some(witness)).file(input);
}

impl<'a> Examiner<'a> {
    fn new(
        task: Task<'a>,
        (size, passwords): (u64, &'a [String]),
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
            passwords,
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
        let origin = Origin { seq: self.seq, at: Arc::new(self.at.clone()), member, raw_path };
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
        let unknown = outcome.nothing_read() || outcome.format == "data";
        if unknown && identify::promises_document(input.name) && outcome.is_opaque() {
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
        let expected = usize::try_from(input.len).unwrap_or(usize::MAX).min(identify::HEAD);
        // Room for all of it and for seeing its end, or else it is read in many small pieces.
        let mut head = Vec::with_capacity(expected + 64);
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
            Kind::Document(format) if format.id == "data" && identify::looks_random(&head, input.len) => {
                node.gap(Cause::OpaqueData, RANDOM, None);
            }
            Kind::Document(format) if format.id == "data" => unknown::Unknown.extract(input, &mut node),
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
        Treatment::NoReader(what) => {
            node.gap(Cause::NoReader, what, None);
            unknown::runs(input, node);
        }
        Treatment::Media => node.gap(Cause::Media, "picture, sound or film", None),
        Treatment::Executable => node.gap(Cause::Executable, "machine code", None),
        Treatment::Opaque | Treatment::Encrypted { .. } => node.gap(Cause::OpaqueData, "no text in it", None),
    }
}

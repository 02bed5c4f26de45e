//! Members: into memory if they fit, else as streams.
//!
//! The surprising rule: a member that a streaming reader takes is streamed whatever its size, so that a tape archive
//! within a packed file costs no memory, and packed files within packed files cost none for each other.

use std::io::{Cursor, Read};

use super::budget::Counted;
use super::outcome::{self, Outcome};
use super::shared::{Left, Own};
use super::sink::NodeSink;
use super::{Examiner, lend, stream};
use crate::coverage::Cause;
use crate::document::{Input, ReadSeek, Sealed, StreamExtractor};
use crate::event::{Event, FileLine, Gap};
use crate::extract::{self, read_gap};
use crate::identify::{self, Kind, Treatment};
use crate::resident::ResidentCounter;
use crate::scan::record::{Recorder, State};

/// The most bytes of one member that are taken into memory.
const MEMBER_MEMORY: u64 = 256 << 20;

impl Examiner<'_> {
    /// Examines a member whose bytes come from `content`, and returns its line.
    pub(super) fn member(&mut self, name: &str, shown: String, content: &mut dyn Read) -> FileLine {
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
        let mut counted = Counted::new(content, &self.budget);
        let mut bytes = Vec::new();
        let mut read = (&mut counted).take(identify::HEAD as u64).read_to_end(&mut bytes);
        if read.is_ok()
            && bytes.len() == identify::HEAD
            && let Some((format, reader)) = streaming(&bytes)
        {
            return self.streamed_document(name, format, reader, &bytes, &mut counted);
        }
        let most = MEMBER_MEMORY.min(self.limits.memory / 4);
        let left = most.saturating_sub(bytes.len() as u64);
        if read.is_ok() {
            read = (&mut counted).take(left).read_to_end(&mut bytes);
        }
        let rest = bytes.len() as u64 >= most;
        let stopped = counted.stopped();
        (self.tick)();
        if rest && stopped.is_none() && read.is_ok() {
            return self.large_member(name, bytes, content);
        }
        let mut line = self.bytes(name, &bytes);
        if let Some(gap) = stopped.or_else(|| read.err().map(|e| gap_of(&e))) {
            outcome::add_gap(&mut line, gap);
        }
        line
    }

    /// A member of a format that needs no random access: `head` is what was read of it already.
    fn streamed_document(
        &mut self,
        name: &str,
        format: &'static str,
        reader: &dyn StreamExtractor,
        head: &[u8],
        rest: &mut Counted<'_>,
    ) -> FileLine {
        let (origin, member_id) = self.origin();
        let mut outcome = Outcome::new(0);
        outcome.format = format;
        let (mut state, mut people) = (State::of_document(), ResidentCounter::new());
        if let Some(tap) = &mut self.tap {
            tap.node(&self.members, format);
        }
        let mut node = NodeSink::new(self, &origin, &mut outcome, &mut state, &mut people);
        reader.extract_stream(name, &mut Cursor::new(head).chain(&mut *rest), &mut node);
        node.close();
        outcome.size = rest.count();
        if let Some(gap) = rest.stopped() {
            outcome.stopped(gap);
        }
        let mut own = Own { origin: &origin, state: &mut state, people: &mut people };
        let joins = self.finish(&mut own, &mut outcome, name);
        let line = outcome.line(&origin, member_id, &state.counts, people.bounds());
        self.left = (!joins.is_empty()).then(|| Left { joins, origin, state, people });
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
        let out = &mut *self.out;
        let mut pass = |event: Event| {
            if let Event::Record(r) = &event {
                people.add(r);
            }
            out(event);
        };
        let mut recorder =
            Recorder::new(&origin, self.fingerprints, &mut state, &mut pass).seen_by(lend(&mut self.witness));
        let mut counted = Counted::new(content, &self.budget);
        let done = stream::text(head, &mut counted, encoding, &mut recorder, self.tick);
        let stopped = counted.stopped();
        outcome.size = done.size;
        if let Some(gap) = stopped.or_else(|| done.error.map(|e| gap_of(&e))) {
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
        self.node(&mut Input { name, len, reader, memory: MEMBER_MEMORY, passwords: self.passwords })
    }

    /// A member that cannot be read.
    pub(super) fn sealed(&mut self, size: u64, why: Sealed) -> FileLine {
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

/// Format and reader of what begins with `head`, if it is read as a stream.
fn streaming(head: &[u8]) -> Option<(&'static str, &'static dyn StreamExtractor)> {
    match identify::identify(head, u64::MAX) {
        Kind::Document(identify::Format { id, treatment: Treatment::Reader(name) }) => {
            Some((id, extract::reader(name)?.extractor.streaming()?))
        }
        _ => None,
    }
}

/// The gap of a member whose bytes could not be read to the end.
fn gap_of(error: &std::io::Error) -> Gap {
    let (cause, words) = read_gap(error);
    Gap::new(cause, words.to_owned())
}

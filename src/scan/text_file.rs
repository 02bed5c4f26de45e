//! A plain text on a local disk, worked on by ranges, by as many threads as are free.

use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::aside::nameless;
use super::digest::Parts;
use super::out::Out;
use super::record::{Counts, Origin, Recorder, State};
use crate::coverage::{Cause, Coverage};
use crate::event::{Event, FileLine, Gap, PathRef};
use crate::examine::scan_name;
use crate::identify::TextEncoding;
use crate::mask::Fingerprints;
use crate::resident::ResidentCounter;
use crate::source::{Source, cause_of, digest_of};
use crate::text::lines::LineIndex;
use crate::text::profile::Kind;
use crate::text::quiet;
use crate::text::range::needed;
use crate::text::survey::{Heads, Survey};
use crate::text::{Bytes, Job, Profile, UNIT, process};
use crate::walk::Candidate;

/// How many events a thread gathers before it hands them on.
const BATCH: usize = 256;
/// How much of a text is read for a first look.
const PIECE: usize = 256 * 1024;

/// A text in hand.
pub struct TextFile {
    bytes: TextBytes,
    profile: Profile,
    index: LineIndex,
    heads: Heads,
    /// Where its findings come from.
    pub origin: Origin,
    /// The path and what the file system says of it.
    pub candidate: Candidate,
    range: u64,
    /// True if it is known that it says nothing.
    silent: bool,
    /// True once a range was not quiet.
    loud: AtomicBool,
    /// True once something was found.
    found: AtomicBool,
    digest: Option<Parts>,
    left: AtomicU64,
    sum: Mutex<Sum>,
}

struct Sum {
    counts: Counts,
    people: ResidentCounter,
    gaps: Vec<Gap>,
}

/// The bytes of a text: a small one is held, a large one read where needed.
enum TextBytes {
    Held(Vec<u8>, Source),
    Read(Source),
}

impl Bytes for TextBytes {
    fn len(&self) -> u64 {
        match self {
            TextBytes::Held(bytes, _) => bytes.len() as u64,
            TextBytes::Read(source) => source.len(),
        }
    }

    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            TextBytes::Held(bytes, _) => Bytes::read_at(&bytes.as_slice(), buf, offset),
            TextBytes::Read(source) => source.read_at(buf, offset),
        }
    }
}

/// What a range holds.
#[derive(Default)]
struct Found {
    state: State,
    batch: Batch,
}

/// Lines that were not sent yet, and their people.
#[derive(Default)]
struct Batch {
    events: Vec<Event>,
    people: ResidentCounter,
}

impl Batch {
    fn push(&mut self, event: Event) {
        if let Event::Record(r) = &event {
            self.people.add(r);
        }
        self.events.push(event);
    }
}

impl TextFile {
    /// Takes a text in hand, and makes its profile. `held` is all of it if it is small, as far as it could be read, and
    /// what stopped that.
    pub fn new(
        source: Source,
        held: Option<(Vec<u8>, Option<io::Error>)>,
        encoding: TextEncoding,
        origin: Origin,
        candidate: Candidate,
        range: u64,
    ) -> Self {
        let (bytes, error) = match held {
            Some((held, error)) => (TextBytes::Held(held, source), error),
            None => (TextBytes::Read(source), None),
        };
        let profile = Profile::of(&bytes, encoding);
        let gaps = error.map(|e| read_gap(&e, 0)).into_iter().collect();
        Self::with(bytes, profile, gaps, origin, candidate, range)
    }

    /// A small text that was read and says nothing.
    pub fn silent(source: Source, encoding: TextEncoding, origin: Origin, candidate: Candidate) -> Self {
        let profile = Profile { encoding, kind: Kind::Prose, whole: true };
        let text = Self::with(TextBytes::Read(source), profile, Vec::new(), origin, candidate, UNIT);
        TextFile { silent: true, ..text }
    }

    fn with(
        bytes: TextBytes,
        profile: Profile,
        gaps: Vec<Gap>,
        origin: Origin,
        candidate: Candidate,
        range: u64,
    ) -> Self {
        let index = LineIndex::new(bytes.len(), profile.encoding);
        let heads = Heads::new(bytes.len());
        let digest = if profile.whole { None } else { Parts::new(range, bytes.len()) };
        let ranges = if profile.whole { 1 } else { bytes.len().div_ceil(range).max(1) };
        let people = ResidentCounter::with_aside(nameless);
        let sum = Mutex::new(Sum { counts: Counts::default(), people, gaps });
        TextFile {
            bytes,
            profile,
            index,
            heads,
            origin,
            candidate,
            range,
            silent: false,
            loud: AtomicBool::new(false),
            found: AtomicBool::new(false),
            digest,
            left: AtomicU64::new(ranges),
            sum,
        }
    }

    /// How many ranges there are.
    #[must_use]
    pub fn ranges(&self) -> u64 {
        if self.profile.whole { 1 } else { self.bytes.len().div_ceil(self.range).max(1) }
    }

    /// Works on range `n`. Whoever works on the last one left gets the line of the file.
    pub fn work(
        &self,
        n: u64,
        fingerprints: &Fingerprints,
        out: &Out<'_>,
        buf: &mut Vec<u8>,
    ) -> Option<FileLine> {
        let size = self.bytes.len();
        let own = if self.profile.whole { 0..size } else { n * self.range..((n + 1) * self.range).min(size) };
        let window = needed(&own, size, self.profile.encoding);
        out.read(own.end - own.start);
        if self.silent || self.is_quiet(&own, buf) {
            return self.done(fingerprints, out);
        }
        let gap = self.fill(&window, buf);
        self.index.note(buf, window.start);
        // A fault of ours in one range is a gap of the file, and no end of the scan.
        let mut found = Found::default();
        let detected = catch_unwind(AssertUnwindSafe(|| {
            self.detect(&own, window.start, buf, fingerprints, out, &mut found);
        }));
        let Found { state, mut batch } = found;
        self.send(&mut batch, out);
        let fault = detected.is_err().then(|| Gap {
            extent: Some(format!("bytes {} to {}", own.start, own.end)),
            ..Gap::new(Cause::WorkerKilled, "an internal error ended its reading".to_owned())
        });
        if holds_any(&state.counts) {
            self.found.store(true, Ordering::Relaxed);
        }
        self.note_digest(n, &own, &window, buf, fingerprints);
        let mut sum = self.sum();
        sum.counts.add(state.counts);
        sum.gaps.extend(gap.into_iter().chain(fault));
        drop(sum);
        self.done(fingerprints, out)
    }

    /// Adds a range to the digest, if there will be one, while its bytes are at hand.
    fn note_digest(
        &self,
        n: u64,
        own: &Range<u64>,
        window: &Range<u64>,
        bytes: &[u8],
        fingerprints: &Fingerprints,
    ) {
        let here = (own.start - window.start) as usize..(own.end - window.start) as usize;
        if self.found.load(Ordering::Relaxed)
            && let (Some(digest), Some(bytes)) = (&self.digest, bytes.get(here))
        {
            digest.add(n, bytes, &fingerprints.content_key());
        }
    }

    fn sum(&self) -> MutexGuard<'_, Sum> {
        self.sum.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on what was gathered.
    fn send(&self, batch: &mut Batch, out: &Out<'_>) {
        out.send_counted(batch.events.drain(..));
        let people = std::mem::take(&mut batch.people);
        if !people.is_empty() {
            self.sum().people.append(people);
        }
    }

    /// Counts a range as done. The last one gets the line of the file.
    fn done(&self, fingerprints: &Fingerprints, out: &Out<'_>) -> Option<FileLine> {
        (self.left.fetch_sub(1, Ordering::AcqRel) == 1).then(|| self.line(fingerprints, out))
    }

    /// True if a range of a large text holds nothing, by a first look at its bytes: piece by piece, so that each is
    /// still in the nearest cache when it is looked at. Once a range of a file was not quiet, none is asked.
    fn is_quiet(&self, own: &Range<u64>, buf: &mut Vec<u8>) -> bool {
        let TextBytes::Read(source) = &self.bytes else { return false };
        let Some(reach) = quiet::reach(&self.profile, false).filter(|_| !self.loud.load(Ordering::Relaxed))
        else {
            return false;
        };
        let (start, end) = (own.start.saturating_sub(reach), (own.end + reach).min(source.len()));
        for from in (start..end).step_by(PIECE) {
            let piece = from..(from + PIECE as u64).min(end);
            let held =
                piece.start.saturating_sub(quiet::MARGIN.0)..(piece.end + quiet::MARGIN.1).min(source.len());
            buf.resize(usize::try_from(held.end - held.start).unwrap_or(0), 0);
            let (n, error) = source.read_some_at(buf, held.start);
            // What cannot be read, or has changed, is told by reading all of it.
            if error.is_some() || n < buf.len() || !quiet::is_quiet(&self.profile, buf, held.start, &piece) {
                self.loud.store(true, Ordering::Relaxed);
                return false;
            }
        }
        true
    }

    fn fill(&self, window: &Range<u64>, buf: &mut Vec<u8>) -> Option<Gap> {
        buf.resize(usize::try_from(window.end - window.start).unwrap_or(0), 0);
        let (n, error) = match &self.bytes {
            TextBytes::Held(..) => match self.bytes.read_at(buf, window.start) {
                Ok(n) => (n, None),
                Err(e) => (0, Some(e)),
            },
            TextBytes::Read(source) => source.read_some_at(buf, window.start),
        };
        buf.truncate(n);
        error.map(|e| read_gap(&e, window.start + n as u64))
    }

    fn detect(
        &self,
        own: &Range<u64>,
        base: u64,
        bytes: &[u8],
        fingerprints: &Fingerprints,
        out: &Out<'_>,
        found: &mut Found,
    ) {
        let Found { state, batch } = found;
        let mut pass = |event: Event| {
            batch.push(event);
            if batch.events.len() >= BATCH {
                self.send(batch, out);
            }
        };
        let mut recorder = Recorder::new(&self.origin, fingerprints, state, &mut pass);
        let lines_before = |offset| self.index.before(&self.bytes, offset);
        let survey = Survey::new(&self.bytes, self.profile.encoding, &self.heads);
        let job = Job {
            profile: &self.profile,
            bytes,
            base,
            own: own.clone(),
            lines_before: &lines_before,
            survey: Some(&survey),
        };
        process(&job, &mut recorder);
    }

    fn line(&self, fingerprints: &Fingerprints, out: &Out<'_>) -> FileLine {
        let mut state = State::default();
        state.counts = std::mem::take(&mut self.sum().counts);
        let mut batch = Batch::default();
        let mut pass = |event: Event| batch.push(event);
        let mut recorder = Recorder::new(&self.origin, fingerprints, &mut state, &mut pass);
        scan_name(&crate::worker::name_of(&self.candidate.path), &mut recorder);
        recorder.columns();
        self.send(&mut batch, out);
        let (mut people, mut gaps) = {
            let mut sum = self.sum();
            (std::mem::take(&mut sum.people), std::mem::take(&mut sum.gaps))
        };
        people.settle();
        let residents = people.bounds();
        if !people.is_empty() {
            out.people(self.origin.seq, people);
        }
        let content = holds_any(&state.counts).then(|| self.digest(fingerprints)).flatten();
        if !self.source().check_unchanged() {
            gaps.push(Gap::new(Cause::ChangedWhileRead, "it was altered while it was read".to_owned()));
        }
        let coverage = match (gaps.is_empty(), self.bytes.is_empty()) {
            (true, _) => Coverage::Examined,
            (false, true) => Coverage::NotExamined,
            (false, false) => Coverage::Partial,
        };
        FileLine {
            gaps,
            records: state.counts.records,
            elements: state.counts.elements,
            residents,
            content,
            rejected: state.counts.rejected,
            ..FileLine::bare(
                self.origin.seq,
                PathRef::clone(&self.origin.at),
                "text",
                self.candidate.size,
                coverage,
            )
        }
    }

    fn digest(&self, fingerprints: &Fingerprints) -> Option<String> {
        let key = fingerprints.content_key();
        if let Some(parts) = &self.digest {
            return parts.finish(&self.bytes, &key);
        }
        match &self.bytes {
            TextBytes::Held(bytes, source) if bytes.len() as u64 == source.len() => {
                Some(digest_of(bytes, &key))
            }
            TextBytes::Held(_, source) | TextBytes::Read(source) => source.digest(&key),
        }
    }

    fn source(&self) -> &Source {
        match &self.bytes {
            TextBytes::Held(_, source) | TextBytes::Read(source) => source,
        }
    }
}

/// True if anything was found.
fn holds_any(counts: &Counts) -> bool {
    counts.records.total() > 0 || !counts.elements.is_empty()
}

fn read_gap(error: &io::Error, at: u64) -> Gap {
    let (cause, detail) = cause_of(error);
    Gap { extent: Some(format!("from byte {at}")), ..Gap::new(cause, detail) }
}

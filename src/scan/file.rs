//! What a thread does with a path: open it, say what it is, have it read, settle it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use super::Options;
use super::ahead::Opened;
use super::aside::nameless;
use super::hand::Dealer;
use super::hint;
use super::out::Out;
use super::record::Origin;
use super::text_file::TextFile;
use crate::coverage::{Cause, Coverage};
use crate::document::Input;
use crate::event::{Event, FileLine, Gap, GapLine, PathRef, SameAs, VolumeKind};
use crate::examine::{NOTE, Task, examine};
use crate::identify::{self, Kind, TextEncoding, Treatment};
use crate::mask::{self, Fingerprints};
use crate::resident::ResidentCounter;
use crate::source::Source;
use crate::sys::Rights;
use crate::text::{UNIT, first};
use crate::walk::{Candidate, Found, Root};
use crate::worker::{Request, Supervisor, name_of};

/// The most bytes of one file taken into memory when it is read in this process.
const MEMORY: u64 = 256 << 20;

/// How many who have rights by a list are named for one file.
const MOST_NAMED: usize = 20;

/// One thread of a scan.
pub struct Hand<'a, 's> {
    pub(super) options: &'a Options,
    pub(super) fingerprints: &'a Fingerprints,
    pub(super) out: &'a Out<'s>,
    pub(super) dealer: &'a Dealer<'a>,
    pub(super) roots: &'a [Root],
    /// True if one root lies inside another.
    pub(super) overlapping: bool,
    pub(super) opened: Vec<Option<OwnedFd>>,
    pub(super) worker: Supervisor,
    pub(super) buffer: Vec<u8>,
    /// The same for the head of a file, or all of a small one.
    pub(super) small: Vec<u8>,
    /// Encrypted files that notes were looked for.
    pub(super) asked: u32,
    /// Paths to files that other threads had in hand when this one met them again.
    pub(super) later: Vec<(Candidate, (u32, Vec<u8>), u64)>,
}

/// What was read of a file from its start on, and what stopped that.
struct Head {
    bytes: Vec<u8>,
    error: Option<io::Error>,
}

impl Head {
    /// Reads on up to byte `end` or the end.
    fn read_to(&mut self, source: &Source, end: u64) {
        let (had, end) = (self.bytes.len(), usize::try_from(end.min(source.len())).unwrap_or(0));
        if self.error.is_some() || end <= had {
            return;
        }
        self.bytes.resize(end, 0);
        let (n, error) = source.read_some_at(&mut self.bytes[had..], had as u64);
        self.bytes.truncate(had + n);
        self.error = error;
    }
}

impl Hand<'_, '_> {
    /// Deals with what the walk came upon.
    pub fn path(&mut self, found: Found, seq: u64, kind: VolumeKind, opened: Option<Opened>) {
        match found {
            Found::File(candidate) => self.file(candidate, seq, kind, opened),
            Found::Settled(candidate, cause, detail) => {
                let line = self.bare(&candidate, seq, format_of(cause), Coverage::NotExamined);
                let gaps = vec![Gap::new(cause, detail)];
                self.settle(FileLine { gaps, ..line }, &candidate);
            }
            Found::SameAs(candidate, first) => {
                if !self.same_as(&candidate, &first, seq) {
                    self.later.push((candidate, first, seq));
                }
            }
            Found::FolderGap { root, path, cause, detail } => {
                let at = mask::path(root, &path, self.fingerprints);
                let detail = Some(mask::text(&detail).into_owned()).filter(|d| !d.is_empty());
                self.out.send([Event::Gap(GapLine { at, cause, class: cause.class(), detail })]);
            }
        }
    }

    fn at(&self, candidate: &Candidate) -> PathRef {
        mask::path(candidate.root, &candidate.path, self.fingerprints)
    }

    fn bare(&self, candidate: &Candidate, seq: u64, format: &str, coverage: Coverage) -> FileLine {
        FileLine::bare(seq, self.at(candidate), format, candidate.size, coverage)
    }

    /// Settles a path that leads to a file met before; `false` if that one is not settled yet.
    pub fn same_as(&self, candidate: &Candidate, first: &(u32, Vec<u8>), seq: u64) -> bool {
        let Some((coverage, gaps)) = self.dealer.recall(first.0, &first.1) else { return false };
        let target = mask::path(first.0, &first.1, self.fingerprints);
        let same_as = Some(SameAs { root: first.0, path: target.path, path_id: target.path_id });
        let line = FileLine { gaps, same_as, ..self.bare(candidate, seq, "same", coverage) };
        self.settle(line, candidate);
        true
    }

    /// Completes the line of a path with what the file system says, and hands it on.
    pub fn settle(&self, mut line: FileLine, candidate: &Candidate) {
        if let Some(meta) = &candidate.meta {
            line.identity = Some(meta.identity());
            line.modified.clone_from(&meta.modified);
            line.accessed.clone_from(&meta.accessed);
            line.created.clone_from(&meta.created);
            line.owner.clone_from(&meta.owner);
            line.group.clone_from(&meta.group);
            line.exposure = Some(meta.exposure);
            line.acl = acl(&meta.others);
            line.volume = Some(meta.volume);
        }
        for gap in &mut line.gaps {
            gap.detail = gap.detail.take().map(|d| mask::text(&d).into_owned());
        }
        let linked = candidate.meta.as_ref().is_some_and(|m| m.nlink > 1);
        if (linked || self.overlapping) && line.same_as.is_none() {
            self.dealer.remember(candidate.root, candidate.path.clone(), line.coverage, line.gaps.clone());
        }
        let seq = line.seq;
        self.out.send([Event::File(Box::new(line))]);
        self.dealer.end(seq);
    }

    fn file(&mut self, candidate: Candidate, seq: u64, kind: VolumeKind, opened: Option<Opened>) {
        let at = self.at(&candidate);
        self.dealer.begin(seq, at.clone());
        let source = match opened.unwrap_or_else(|| self.open(&candidate)) {
            Ok(source) => source,
            Err((cause, detail)) => {
                let line = self.bare(&candidate, seq, "unknown", Coverage::NotExamined);
                let gaps = vec![Gap::new(cause, detail)];
                return self.settle(FileLine { gaps, ..line }, &candidate);
            }
        };
        let local = matches!(kind, VolumeKind::Local | VolumeKind::Memory | VolumeKind::Removable);
        if !local || self.options.all_in_workers {
            return self.document(&source, &candidate, at, seq);
        }
        let mut head = Head { bytes: std::mem::take(&mut self.small), error: None };
        head.bytes.clear();
        head.read_to(&source, identify::HEAD as u64);
        let what = identify::identify(&head.bytes, source.len());
        if let Kind::Text(info) = what {
            let origin = Self::origin(&candidate, at, seq);
            return self.text(source, head, info.encoding, origin, candidate);
        }
        self.small = head.bytes;
        match what {
            // These are not read, and need no process of their own.
            Kind::Document(f) if matches!(f.treatment, Treatment::Media | Treatment::Encrypted { .. }) => {
                self.in_process(&source, &candidate, at, seq);
            }
            Kind::Empty => self.in_process(&source, &candidate, at, seq),
            _ => self.document(&source, &candidate, at, seq),
        }
    }

    fn origin(candidate: &Candidate, at: PathRef, seq: u64) -> Origin {
        Origin { seq, at: Arc::new(at), member: Vec::new(), raw_path: candidate.path.clone() }
    }

    fn open(&mut self, candidate: &Candidate) -> Result<Source, (Cause, String)> {
        let i = candidate.root as usize;
        if self.opened.len() <= i {
            self.opened.resize_with(i + 1, || None);
        }
        if self.opened[i].is_none() {
            let root = self.roots[i].open().map_err(|e| crate::source::cause_of(&e))?;
            self.opened[i] = Some(root);
        }
        match &self.opened[i] {
            Some(root) => Source::open(root, &candidate.path),
            None => Err((Cause::IoError, "its root cannot be opened".to_owned())),
        }
    }

    /// Takes a text in hand of which `head` was read. A small one is read once, and most say nothing.
    fn text(
        &mut self,
        source: Source,
        mut head: Head,
        encoding: TextEncoding,
        origin: Origin,
        candidate: Candidate,
    ) {
        let small = source.len() <= UNIT;
        if small {
            head.read_to(&source, source.len());
            if head.bytes.len() as u64 == source.len() && first::says_nothing(&head.bytes, encoding, false) {
                self.small = head.bytes;
                return self.range(&TextFile::silent(source, encoding, origin, candidate), 0);
            }
        }
        let whole = small.then_some((head.bytes, head.error));
        let text = TextFile::new(source, whole, encoding, origin, candidate, self.options.range);
        if text.ranges() > 1 {
            return self.dealer.share(Arc::new(text));
        }
        self.range(&text, 0);
    }

    /// Works on one range of a text, and settles the text with the last.
    pub fn range(&mut self, text: &TextFile, n: u64) {
        if let Some(line) = text.work(n, self.fingerprints, self.out, &mut self.buffer) {
            self.settle(line, &text.candidate);
        }
    }

    fn document(&mut self, source: &Source, candidate: &Candidate, at: PathRef, seq: u64) {
        if self.options.worker.is_empty() {
            return self.in_process(source, candidate, at, seq);
        }
        self.out.read(source.len());
        let request =
            Request { seq, at, raw_path: candidate.path.clone(), size: source.len(), reduced: false };
        let (out, mut spans) = (self.out, PeopleOf::default());
        let verdict = self.worker.examine(request, source.file().as_fd(), &mut |event| {
            spans.note(&event);
            out.send_counted([event]);
        });
        self.finish(verdict.file, source, spans, candidate);
    }

    fn in_process(&mut self, source: &Source, candidate: &Candidate, at: PathRef, seq: u64) {
        self.out.read(source.len());
        let len = source.len();
        let task = Task {
            fingerprints: self.fingerprints,
            limits: &self.options.limits,
            seq,
            at,
            raw_path: candidate.path.clone(),
            reduced: false,
        };
        let name = name_of(&candidate.path);
        let (mut line, mut spans) = (None, PeopleOf::default());
        let out = self.out;
        let mut pass = |event: Event| match event {
            Event::File(file) if file.member.is_empty() => line = Some(*file),
            event => {
                spans.note(&event);
                out.send_counted([event]);
            }
        };
        let mut file = source.file();
        let mut input = Input {
            name: &name,
            len,
            reader: &mut file,
            memory: MEMORY,
            passwords: self.options.passwords.words(),
        };
        examine(task, &mut input, &mut pass, &mut || {}, None);
        if let Some(line) = line {
            self.finish(line, source, spans, candidate);
        }
    }

    /// Tells whether a note beside an encrypted file speaks of its password.
    fn hint(&mut self, line: &mut FileLine, candidate: &Candidate) {
        if line.coverage != Coverage::Encrypted || !line.hints.is_empty() || self.asked >= hint::MOST_ASKED {
            return;
        }
        self.asked += 1;
        let i = candidate.root as usize;
        if let Some(Some(root)) = self.opened.get(i)
            && hint::told_beside(&self.roots[i].dir, root, &candidate.path)
        {
            line.hints.push(NOTE.to_owned());
        }
    }

    fn finish(&mut self, mut line: FileLine, source: &Source, mut spans: PeopleOf, candidate: &Candidate) {
        spans.people.settle();
        line.residents = spans.people.bounds();
        if !spans.people.is_empty() {
            self.out.people(line.seq, spans.people);
        }
        if spans.found {
            line.content = source.digest(&self.fingerprints.content_key());
        }
        self.hint(&mut line, candidate);
        if !source.check_unchanged() {
            line.gaps.push(Gap::new(Cause::ChangedWhileRead, "it was altered while it was read".to_owned()));
            if line.coverage == Coverage::Examined {
                line.coverage = Coverage::Partial;
            }
        }
        self.settle(line, candidate);
    }
}

/// Who has rights by a list, in words: the first of them, and how many there are beyond.
fn acl(others: &[(String, Rights)]) -> Vec<String> {
    let word = |(who, rights): &(String, Rights)| {
        let rights = match (rights.read, rights.write) {
            (true, true) => "rw",
            (true, false) => "r",
            _ => "w",
        };
        // Identifiers are the system's own numbers; names may be anything that a server lets people choose.
        let who = if who.starts_with("sid:") { who.into() } else { mask::text(who) };
        format!("{who}:{rights}")
    };
    let beyond = others.len().checked_sub(MOST_NAMED).filter(|n| *n > 0);
    let beyond = beyond.map(|n| format!("{n} more"));
    others.iter().take(MOST_NAMED).map(word).chain(beyond).collect()
}

/// The people of a top-level file, members included, and whether anything was found in it.
struct PeopleOf {
    people: ResidentCounter,
    found: bool,
}

impl Default for PeopleOf {
    fn default() -> Self {
        PeopleOf { people: ResidentCounter::with_aside(nameless), found: false }
    }
}

impl PeopleOf {
    fn note(&mut self, event: &Event) {
        self.found |= matches!(event, Event::Record(_) | Event::Element(_));
        if let Event::Record(r) = event {
            self.people.add(r);
        }
    }
}

fn format_of(cause: Cause) -> &'static str {
    match cause {
        Cause::Link => "link",
        Cause::SpecialFile => "special",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_with_rights_are_named_and_the_rest_is_counted() {
        let read = Rights { read: true, write: false };
        let both = Rights { read: true, write: true };
        let sid = "sid:S-1-5-21-3623811015-3361044348-1105".to_owned();
        let others =
            [("user:carla".to_owned(), both), (sid.clone(), read), ("group:024-61-3387".to_owned(), read)];
        assert_eq!(acl(&others), ["user:carla:rw".to_owned(), sid + ":r", "group:•••-••-••••:r".to_owned()]);
        let many = vec![("user:ann".to_owned(), read); MOST_NAMED + 3];
        assert_eq!(acl(&many).len(), MOST_NAMED + 1);
        assert_eq!(acl(&many)[MOST_NAMED], "3 more");
        assert_eq!(acl(&many[..MOST_NAMED]).len(), MOST_NAMED);
    }
}

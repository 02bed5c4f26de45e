//! The one place where lines of the result are put in order, counted and handed to the sink.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::aside::nameless;
use super::{Control, Renderer, Sink};
use crate::coverage::Coverage;
use crate::event::{Confidence, Event};
use crate::resident::ResidentCounter;
use crate::result::Tally;

/// Room for the text of a line: that of a record is about as long.
const LINE: usize = 1024;

/// The way out of a scan, shared by its threads.
pub struct Out<'a> {
    inner: Mutex<Inner<'a>>,
    control: &'a Control,
    renderer: Option<Renderer>,
    /// The most records listed of one file.
    records: u64,
}

struct Inner<'a> {
    sink: &'a mut dyn Sink,
    tally: Tally,
    error: Option<io::Error>,
    /// Records listed of each file in hand.
    listed: HashMap<u64, u64>,
    /// Records counted but not listed, by file and member.
    cut: HashMap<(u64, Vec<String>), u64>,
}

impl Inner<'_> {
    /// True for a record beyond the limit of its file, which is counted and not listed. Tells `file` lines how
    /// many there were.
    fn is_cut(&mut self, event: &mut Event, limit: u64) -> bool {
        match event {
            Event::Record(r) => {
                let listed = self.listed.entry(r.seq).or_insert(0);
                *listed += 1;
                if *listed > limit {
                    *self.cut.entry((r.seq, r.member.clone())).or_insert(0) += 1;
                    return true;
                }
            }
            Event::File(f) => {
                f.cut = self.cut.remove(&(f.seq, f.member.clone())).unwrap_or(0);
                if f.member.is_empty() {
                    self.listed.remove(&f.seq);
                }
            }
            _ => {}
        }
        false
    }
}

impl<'a> Out<'a> {
    /// A way out into `sink`.
    pub fn new(sink: &'a mut dyn Sink, control: &'a Control, records: u64) -> Self {
        let (listed, cut, renderer) = (HashMap::new(), HashMap::new(), sink.renderer());
        let inner = Inner { sink, tally: Tally::with_aside(nameless), error: None, listed, cut };
        Out { inner: Mutex::new(inner), control, renderer, records }
    }

    fn locked(&self) -> MutexGuard<'_, Inner<'a>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on lines, all of them together. The first failure stops the scan.
    pub fn send(&self, events: impl IntoIterator<Item = Event>) {
        self.pass(events, Tally::add);
    }

    /// The same for lines whose people are handed on by [`Out::people`].
    pub fn send_counted(&self, events: impl IntoIterator<Item = Event>) {
        self.pass(events, Tally::add_counted);
    }

    /// Hands on the people of lines of attempt `seq`, all of them before the line of the file.
    pub fn people(&self, seq: u64, people: ResidentCounter) {
        self.locked().tally.people(seq, people);
    }

    fn pass(&self, events: impl IntoIterator<Item = Event>, add: fn(&mut Tally, &Event)) {
        // Texts are made before anybody else has to wait.
        let events = events.into_iter();
        let mut texts = Vec::with_capacity(events.size_hint().0 * LINE);
        let mut lines: Vec<(Event, io::Result<Range<usize>>)> =
            events.map(|event| self.rendered(event, &mut texts)).collect();
        if lines.is_empty() {
            return;
        }
        let mut inner = self.locked();
        for (event, text) in &mut lines {
            if inner.error.is_some() {
                return;
            }
            if inner.is_cut(event, self.records) {
                continue;
            }
            add(&mut inner.tally, event);
            self.note(event);
            let text = std::mem::replace(text, Ok(0..0));
            if let Err(e) = text.and_then(|text| self.pass_on(&mut inner, event, &texts[text])) {
                inner.error = Some(e);
                self.control.stop();
            }
        }
    }

    /// A line, and where in `texts` its text is; that of a file waits for the count of records that were cut.
    fn rendered(&self, event: Event, texts: &mut Vec<u8>) -> (Event, io::Result<Range<usize>>) {
        let start = texts.len();
        let render = self.renderer.filter(|_| !matches!(event, Event::File(_)));
        let result = render.map_or(Ok(()), |render| render(&event, texts));
        (event, result.map(|()| start..texts.len()))
    }

    fn pass_on(&self, inner: &mut Inner<'_>, event: &Event, text: &[u8]) -> io::Result<()> {
        let (Some(render), Event::File(_)) = (self.renderer, event) else {
            return inner.sink.event(event, text);
        };
        let mut text = Vec::with_capacity(LINE);
        render(event, &mut text)?;
        inner.sink.event(event, &text)
    }

    fn note(&self, event: &Event) {
        match event {
            Event::Record(r) if r.confidence >= Confidence::Medium => {
                self.control.records.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
            Event::File(f) if f.member.is_empty() => self.note_file(f),
            _ => {}
        }
    }

    fn note_file(&self, f: &crate::event::FileLine) {
        use std::sync::atomic::Ordering::Relaxed;
        self.control.files.fetch_add(1, Relaxed);
        if f.residents.total.upper > 0 {
            self.control.files_with_records.fetch_add(1, Relaxed);
        }
        match f.coverage {
            Coverage::Encrypted => self.control.encrypted.fetch_add(1, Relaxed),
            Coverage::Partial | Coverage::NotExamined => self.control.incomplete.fetch_add(1, Relaxed),
            Coverage::Examined => 0,
        };
    }

    /// Counts bytes that were read.
    pub fn read(&self, bytes: u64) {
        self.control.bytes.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
        self.locked().tally.read(bytes);
    }

    /// Lets the sink pass on what it holds.
    pub fn idle(&self) {
        let mut inner = self.locked();
        if inner.error.is_none()
            && let Err(e) = inner.sink.idle()
        {
            inner.error = Some(e);
            self.control.stop();
        }
    }

    /// The tally and the first failure.
    pub fn into_parts(self) -> (Tally, Option<io::Error>) {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        (inner.tally, inner.error)
    }
}

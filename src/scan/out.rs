//! The one place where lines of the result are put in order, counted and handed to the sink.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Control, Sink};
use crate::coverage::Coverage;
use crate::event::{Confidence, Event};
use crate::result::Tally;

/// The way out of a scan, shared by its threads.
pub struct Out<'a> {
    inner: Mutex<Inner<'a>>,
    control: &'a Control,
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
        let (listed, cut) = (HashMap::new(), HashMap::new());
        let inner = Inner { sink, tally: Tally::new(), error: None, listed, cut };
        Out { inner: Mutex::new(inner), control, records }
    }

    fn locked(&self) -> MutexGuard<'_, Inner<'a>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on lines, all of them together. The first failure stops the scan.
    pub fn send(&self, events: impl IntoIterator<Item = Event>) {
        use std::sync::atomic::Ordering::Relaxed;
        let mut inner = self.locked();
        for mut event in events {
            if inner.error.is_some() {
                return;
            }
            if inner.is_cut(&mut event, self.records) {
                continue;
            }
            inner.tally.add(&event);
            match &event {
                Event::Record(r) if r.confidence >= Confidence::Medium => {
                    self.control.records.fetch_add(1, Relaxed);
                }
                Event::File(f) if f.member.is_empty() => self.note_file(f),
                _ => {}
            }
            if let Err(e) = inner.sink.event(&event) {
                inner.error = Some(e);
                self.control.stop();
            }
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

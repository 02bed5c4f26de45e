//! What is in hand: paths and ranges dealt to threads, one at a time, from one place.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Control;
use super::ahead::{Opened, Queue};
use super::text_file::TextFile;
use crate::coverage::Coverage;
use crate::event::{Begin, Event, Gap, PathRef, Volume, VolumeKind};
use crate::walk::{Found, Walker, is_slow};

/// After this long a path in hand is told.
const LONG: Duration = Duration::from_secs(1);

/// How long a thread waits before it asks whether the scan is to stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// How files were settled that others may be the same as, by root and path.
type Known = HashMap<(u32, Vec<u8>), (Coverage, Vec<Gap>)>;

/// A piece of work for a thread.
pub enum Work<'d> {
    /// Something the walk came upon, and a sign that it is in hand, to be kept until it is dealt with.
    Path(Box<Met>, Busy<'d>),
    /// A range of a large text.
    Range(Arc<TextFile>, u64),
}

/// What the walk came upon.
pub struct Met {
    /// The path.
    pub found: Found,
    /// Number of the attempt at it.
    pub seq: u64,
    /// Volumes that were not met before.
    pub volumes: Vec<Volume>,
    /// The kind of its volume.
    pub kind: VolumeKind,
    /// The file, if it was opened ahead.
    pub opened: Option<Opened>,
}

/// A path is in hand: until this is dropped it may turn out to be a large text, whose ranges other threads wait for.
pub struct Busy<'d>(&'d Shelf);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut inner = locked(&self.0.inner);
        inner.busy -= 1;
        self.0.wake(&inner);
    }
}

/// What all threads take their work from.
struct Shelf {
    inner: Mutex<Inner>,
    /// A text was shared, a path is no longer in hand, or the next one was opened.
    changed: Condvar,
    /// There are files to be opened ahead, or none will come.
    wanted: Condvar,
}

impl Shelf {
    /// Wakes those who wait for something to change; mostly nobody does.
    fn wake(&self, inner: &Inner) {
        if inner.waiting > 0 {
            self.changed.notify_all();
        }
    }
}

/// Deals work.
pub struct Dealer<'a> {
    shelf: Shelf,
    control: &'a Control,
    in_hand: Mutex<HashMap<u64, InHand>>,
    /// Files that others may be the same as: hard links and files under overlapping roots.
    known: Mutex<Known>,
    readers: usize,
    all: bool,
}

struct Inner {
    walker: Walker,
    seq: u64,
    /// Large texts in hand, each with its next range. Several threads may come upon one at the same time.
    shared: VecDeque<(Arc<TextFile>, u64)>,
    /// Paths known ahead, where files are opened ahead.
    ahead: Queue,
    /// How many paths are in hand.
    busy: usize,
    /// How many threads wait for a change.
    waiting: usize,
    ended: bool,
    /// True once nobody works any more.
    closed: bool,
    /// True once a path was left because the scan is to stop.
    cut: bool,
}

struct InHand {
    since: Instant,
    at: PathRef,
    told: bool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Dealer<'a> {
    /// Deals what `walker` comes upon. `readers` threads open files ahead on slow volumes, or on `all`.
    pub fn new(walker: Walker, control: &'a Control, readers: usize, all: bool) -> Self {
        let inner = Inner {
            walker,
            seq: 0,
            shared: VecDeque::new(),
            ahead: Queue::default(),
            busy: 0,
            waiting: 0,
            ended: false,
            closed: false,
            cut: false,
        };
        let shelf = Shelf { inner: Mutex::new(inner), changed: Condvar::new(), wanted: Condvar::new() };
        let (in_hand, known) = (Mutex::new(HashMap::new()), Mutex::new(HashMap::new()));
        Dealer { shelf, control, in_hand, known, readers, all }
    }

    /// The next piece of work: a range of a text in hand, else the next path. `None` at the end, or once the scan is to
    /// stop; before that it waits for the paths that others have in hand, which may give them ranges.
    pub fn next(&self) -> Option<Work<'_>> {
        let mut inner = locked(&self.shelf.inner);
        loop {
            if let Some((text, next)) = inner.shared.pop_front() {
                // Files in hand are finished even when the scan is to stop.
                if next + 1 < text.ranges() {
                    inner.shared.push_front((Arc::clone(&text), next + 1));
                }
                return Some(Work::Range(text, next));
            }
            if let Some(met) = self.path(&mut inner) {
                inner.busy += 1;
                return Some(Work::Path(Box::new(met), Busy(&self.shelf)));
            }
            if inner.busy == 0 && (inner.cut || inner.ahead.is_empty()) {
                return None;
            }
            inner.waiting += 1;
            let waited = self.shelf.changed.wait_timeout(inner, PATIENCE);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
            inner.waiting -= 1;
        }
    }

    /// The next path, if there is one that has not to be waited for.
    fn path(&self, inner: &mut Inner) -> Option<Met> {
        if self.control.stopping() {
            inner.cut |= !inner.ended || !inner.ahead.is_empty();
            return None;
        }
        if self.readers == 0 {
            return Self::walked(inner);
        }
        let mut pushed = false;
        while inner.ahead.wants(self.readers) {
            let Some(met) = Self::walked(inner) else { break };
            let slow = self.all || is_slow(met.kind);
            inner.ahead.push(met, slow);
            pushed |= slow;
            if !slow {
                break;
            }
        }
        if pushed || inner.ended {
            self.shelf.wanted.notify_all();
        }
        inner.ahead.pop()
    }

    /// What the walk comes upon next.
    fn walked(inner: &mut Inner) -> Option<Met> {
        if inner.ended {
            return None;
        }
        let Some(found) = inner.walker.next() else {
            inner.ended = true;
            return None;
        };
        inner.seq += 1;
        let seq = inner.seq;
        let kind = match &found {
            Found::File(c) => c.meta.as_ref().map(|m| inner.walker.volume_kind(m.volume)),
            _ => None,
        };
        let volumes = inner.walker.take_volumes();
        Some(Met { found, seq, volumes, kind: kind.unwrap_or(VolumeKind::Unknown), opened: None })
    }

    /// The next file to open ahead: its number, root and path. Waits for one; `None` if none will come.
    pub fn next_ahead(&self) -> Option<(u64, u32, Vec<u8>)> {
        let mut inner = locked(&self.shelf.inner);
        loop {
            if self.control.stopping() {
                return None;
            }
            if let Some(file) = inner.ahead.take() {
                return Some(file);
            }
            if inner.ended || inner.closed {
                return None;
            }
            let waited = self.shelf.wanted.wait_timeout(inner, PATIENCE);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Says that nobody takes work any more.
    pub fn close(&self) {
        locked(&self.shelf.inner).closed = true;
    }

    /// How many threads open files ahead.
    pub fn readers(&self) -> usize {
        self.readers
    }

    /// Notes how a file was opened ahead.
    pub fn opened(&self, n: u64, opened: Option<Opened>) {
        let mut inner = locked(&self.shelf.inner);
        inner.ahead.put(n, opened);
        self.shelf.wake(&inner);
    }

    /// Puts a large text on the table: its ranges are dealt before any further path.
    pub fn share(&self, text: Arc<TextFile>) {
        let mut inner = locked(&self.shelf.inner);
        inner.shared.push_back((text, 0));
        self.shelf.wake(&inner);
    }

    /// Notes that work on a path begins.
    pub fn begin(&self, seq: u64, at: PathRef) {
        locked(&self.in_hand).insert(seq, InHand { since: Instant::now(), at, told: false });
    }

    /// Notes that a path is settled.
    pub fn end(&self, seq: u64) {
        locked(&self.in_hand).remove(&seq);
    }

    /// The `begin` lines of paths that have been in hand for over a second.
    pub fn long_in_hand(&self) -> Vec<Event> {
        let mut all = locked(&self.in_hand);
        let long = all.iter_mut().filter(|(_, h)| !h.told && h.since.elapsed() > LONG);
        long.map(|(seq, h)| {
            h.told = true;
            Event::Begin(Begin { seq: *seq, at: h.at.clone() })
        })
        .collect()
    }

    /// Remembers how a file was settled that others may be the same as.
    pub fn remember(&self, root: u32, path: Vec<u8>, coverage: Coverage, gaps: Vec<Gap>) {
        locked(&self.known).insert((root, path), (coverage, gaps));
    }

    /// How a file met before was settled, if it is.
    pub fn recall(&self, root: u32, path: &[u8]) -> Option<(Coverage, Vec<Gap>)> {
        locked(&self.known).get(&(root, path.to_vec())).cloned()
    }

    /// True if the scan was stopped before the walk had ended.
    pub fn interrupted(&self) -> bool {
        locked(&self.shelf.inner).cut
    }

    /// How many paths the walker met, by its own count.
    pub fn met(&self) -> u64 {
        let inner = locked(&self.shelf.inner);
        inner.walker.met() - inner.ahead.met()
    }
}

//! Reading ahead on slow volumes: files that lie next in order are opened, and their reading is begun, while those before
//! them are worked on: more at a time than there are cores, since each call to a server takes its time.
//!
//! Nothing is read in this process. The kernel is told what will be read, keeps it as long as the file is open, and the
//! worker that the file is handed to reads it from there. So the order of the results, the memory of this process and the
//! deadlines of workers stay what they are.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use super::hand::{Dealer, Met};
use crate::coverage::Cause;
use crate::source::Source;
use crate::sys::{Mounts, statfs_kind};
use crate::walk::{Found, Root, is_slow};

/// How many files are opened and read at a time on network volumes.
const READERS: usize = 16;
/// How many paths are known ahead for each reader.
const KNOWN: usize = 4;
/// How much of a file is read ahead; the kernel goes on from there.
const MOST: u64 = 1 << 20;
/// After this long a file is not waited for: whoever works on it opens it, and the others go on.
const HANG: Duration = Duration::from_secs(10);

/// A file that was opened ahead, or why it was not.
pub type Opened = Result<Source, (Cause, String)>;

/// How many readers pay, where the user does not say.
pub fn readers(roots: &[Root]) -> usize {
    let mounts = Mounts::load();
    let slow = |root: &Root| {
        is_slow(statfs_kind(&root.dir).1) || root.file.is_none() && mounts.below(&root.dir).any(is_slow)
    };
    if roots.iter().any(slow) { READERS } else { 0 }
}

/// Paths that are known ahead, in their order.
#[derive(Default)]
pub struct Queue {
    slots: VecDeque<Slot>,
    /// Number of the first slot.
    first: u64,
    /// Where the next file is looked for that nobody opened.
    next: u64,
}

struct Slot {
    met: Met,
    /// True if a reader is to open it, or has it in hand.
    pending: bool,
    /// Since when a reader has it in hand.
    since: Option<Instant>,
}

impl Queue {
    /// True if more paths may be known ahead.
    pub fn wants(&self, readers: usize) -> bool {
        self.slots.len() < readers * KNOWN
    }

    /// How many of the paths are to be settled.
    pub fn met(&self) -> u64 {
        self.slots.iter().filter(|s| !matches!(s.met.found, Found::FolderGap { .. })).count() as u64
    }

    /// True if no path is known ahead.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds the path that comes next; `ahead` if it is to be opened by a reader.
    pub fn push(&mut self, met: Met, ahead: bool) {
        let pending = ahead && matches!(met.found, Found::File(_));
        self.slots.push_back(Slot { met, pending, since: None });
    }

    /// The first path, once nobody has to open it any more.
    pub fn pop(&mut self) -> Option<Met> {
        let front = self.slots.front()?;
        if front.pending && front.since.is_none_or(|since| since.elapsed() <= HANG) {
            return None;
        }
        self.first += 1;
        self.next = self.next.max(self.first);
        self.slots.pop_front().map(|s| s.met)
    }

    /// The next file that nobody opened: its number, root and path.
    pub fn take(&mut self) -> Option<(u64, u32, Vec<u8>)> {
        loop {
            let n = self.next;
            let slot = self.slots.get_mut(usize::try_from(n - self.first).unwrap_or(usize::MAX))?;
            self.next += 1;
            if let (true, Found::File(c)) = (slot.pending, &slot.met.found) {
                slot.since = Some(Instant::now());
                return Some((n, c.root, c.path.clone()));
            }
        }
    }

    /// Notes how the file of number `n` was opened.
    pub fn put(&mut self, n: u64, opened: Option<Opened>) {
        // One that was not waited for any more is gone.
        let at = n.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        if let Some(slot) = at.and_then(|at| self.slots.get_mut(at)) {
            slot.met.opened = opened;
            slot.pending = false;
        }
    }
}

/// What a reader does: opens files ahead and has them read, until there are none.
pub fn read(dealer: &Dealer<'_>, roots: &[Root]) {
    let mut folders: Vec<Option<OwnedFd>> = roots.iter().map(|_| None).collect();
    while let Some((n, root, path)) = dealer.next_ahead() {
        let folder = &mut folders[root as usize];
        if folder.is_none() {
            *folder = roots[root as usize].open().ok();
        }
        // A root that cannot be opened is told by whoever works on the file.
        let opened = folder.as_ref().map(|folder| Source::open(folder, &path));
        if let Some(Ok(source)) = &opened {
            source.will_read(MOST);
        }
        dealer.opened(n, opened);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::VolumeKind;
    use crate::walk::Candidate;

    fn met(name: &str) -> Met {
        let found = Found::File(Candidate { root: 0, path: name.as_bytes().to_vec(), size: 0, meta: None });
        Met { found, seq: 0, volumes: Vec::new(), kind: VolumeKind::Network, opened: None }
    }

    fn name(met: &Met) -> String {
        match &met.found {
            Found::File(c) => String::from_utf8_lossy(&c.path).into_owned(),
            _ => String::new(),
        }
    }

    #[test]
    fn files_are_handed_out_in_order_however_they_were_opened() {
        let mut queue = Queue::default();
        ["a", "b", "c"].map(met).into_iter().for_each(|met| queue.push(met, true));
        assert!(queue.wants(1) && queue.pop().is_none());
        let taken: Vec<u64> = std::iter::from_fn(|| queue.take()).map(|(n, ..)| n).collect();
        assert_eq!(taken, [0, 1, 2]);
        queue.put(1, None);
        assert!(queue.pop().is_none());
        queue.put(0, None);
        assert_eq!(queue.pop().as_ref().map(name).as_deref(), Some("a"));
        assert_eq!(queue.pop().as_ref().map(name).as_deref(), Some("b"));
        assert!(queue.pop().is_none() && queue.met() == 1);
        queue.push(met("d"), false);
        queue.put(2, None);
        assert_eq!(queue.take().map(|(n, ..)| n), None);
        assert_eq!(std::iter::from_fn(|| queue.pop()).map(|m| name(&m)).collect::<Vec<_>>(), ["c", "d"]);
        assert!(queue.is_empty());
    }
}

//! Many keys in little memory: what does not fit is put aside in sorted runs, and merged when it is asked for.
//!
//! What is put aside are hashes of fingerprints and numbers of rows, no value and no id. A place that takes no more (a
//! disk that is full) is not asked again: from then on keys stay in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io;
use std::sync::Arc;

use super::join::{DisjointSet, Key};

/// How many keys stay in memory before they are put aside.
const KEEP: usize = 1 << 15;
/// How many keys of a run are read at a time.
const READ: usize = 341;

/// A place for what does not fit in memory; it is gone with the last one who holds it.
pub trait Aside: Send + Sync {
    /// Keeps `bytes`, and says where.
    ///
    /// # Errors
    /// What the place says; nothing is kept then.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;

    /// Gives back what was kept at `at`.
    ///
    /// # Errors
    /// What the place says.
    fn read(&self, bytes: &mut [u8], at: u64) -> io::Result<()>;
}

/// Makes a place.
pub type Opener = fn() -> io::Result<Arc<dyn Aside>>;

/// Keys in any order, many of the same among them.
#[derive(Clone, Default)]
pub(super) struct Keys {
    /// The latest ones.
    tail: Vec<Key>,
    /// Those put aside.
    runs: Vec<Run>,
    place: Option<Arc<dyn Aside>>,
    /// How a place is made; without it all stay in memory.
    opener: Option<Opener>,
    keep: usize,
}

/// Sorted keys: where they lie, and how many there.
type Run = Vec<(u64, usize)>;

impl Keys {
    /// No keys; of many all but `keep` are put aside.
    fn keeping(opener: Option<Opener>, keep: usize) -> Keys {
        Keys { opener, keep, ..Keys::default() }
    }

    /// No keys; many are put aside in a place that `opener` makes.
    pub fn new(opener: Option<Opener>) -> Keys {
        Keys::keeping(opener, KEEP)
    }

    /// True if all stay in memory from now on.
    pub fn in_memory(&self) -> bool {
        self.opener.is_none()
    }

    /// Adds a key.
    pub fn push(&mut self, key: Key) {
        self.tail.push(key);
        if self.is_due() {
            self.tail.sort_unstable();
            let chunk = self.put_aside();
            self.runs.extend(chunk.map(|chunk| vec![chunk]));
        }
    }

    /// Adds a key to what is one run: it must not come before the last one.
    fn push_last(&mut self, key: Key) {
        self.tail.push(key);
        if self.is_due()
            && let Some(chunk) = self.put_aside()
        {
            match self.runs.first_mut() {
                Some(run) => run.push(chunk),
                None => self.runs.push(vec![chunk]),
            }
        }
    }

    fn is_due(&self) -> bool {
        self.tail.len() >= self.keep && self.opener.is_some()
    }

    /// Puts aside the latest keys, if there is room.
    fn put_aside(&mut self) -> Option<(u64, usize)> {
        let mut bytes = Vec::with_capacity(self.tail.len() * Key::BYTES);
        self.tail.iter().for_each(|key| bytes.extend(key.to_bytes()));
        let opener = self.opener?;
        let place = self.place.take().map_or_else(opener, Ok);
        let at = place.and_then(|place| self.place.insert(place).append(&bytes));
        let Ok(at) = at else {
            self.opener = None;
            return None;
        };
        let len = self.tail.len();
        self.tail.clear();
        Some((at, len))
    }

    /// Gives all keys in their order. Call [`Keys::sort`] before.
    ///
    /// # Errors
    /// What the place says; keys are missing then.
    pub fn visit(&self, mut take: impl FnMut(Key)) -> io::Result<()> {
        let Some(place) = self.place.as_deref().filter(|_| !self.runs.is_empty()) else {
            self.tail.iter().for_each(|key| take(*key));
            return Ok(());
        };
        let mut sources: Vec<Source<'_>> = self.runs.iter().map(|run| Source::new(place, run)).collect();
        let mut heads = BinaryHeap::new();
        for (n, source) in sources.iter_mut().enumerate() {
            heads.extend(source.next()?.map(|key| Reverse((key, n))));
        }
        let mut tail = self.tail.iter().copied().peekable();
        while let Some(mut head) = heads.peek_mut() {
            let Reverse((key, n)) = *head;
            if let Some(own) = tail.next_if(|own| *own <= key) {
                take(own);
                continue;
            }
            take(key);
            match sources[n].next()? {
                Some(next) => *head = Reverse((next, n)),
                None => drop(PeekMut::pop(head)),
            }
        }
        tail.for_each(take);
        Ok(())
    }

    /// Gives all keys in any order.
    ///
    /// # Errors
    /// As [`Keys::visit`].
    pub fn each(&self, mut take: impl FnMut(Key)) -> io::Result<()> {
        if let Some(place) = self.place.as_deref() {
            for run in &self.runs {
                let mut source = Source::new(place, run);
                while let Some(key) = source.next()? {
                    take(key);
                }
            }
        }
        self.tail.iter().for_each(|key| take(*key));
        Ok(())
    }

    /// Puts what is in memory in order.
    pub fn sort(&mut self) {
        self.tail.sort_unstable();
    }

    /// Joins the rows of equal keys. Keys must be sorted.
    ///
    /// # Errors
    /// As [`Keys::visit`].
    pub fn join(&self, rows: &mut DisjointSet, wanted: impl Fn(usize) -> bool) -> io::Result<()> {
        let mut last: Option<Key> = None;
        self.visit(|key| {
            if !wanted(key.row()) {
                return;
            }
            if let Some(last) = last.filter(|last| last.equals(key)) {
                rows.join(last.row(), key.row());
            }
            last = Some(key);
        })
    }

    /// Gives every row its new number, and keeps one of those that are the same then. Keys must be sorted, and are
    /// afterwards.
    ///
    /// # Errors
    /// As [`Keys::visit`].
    pub fn renumber(&mut self, row_of: &[u32]) -> io::Result<()> {
        if self.runs.is_empty() {
            self.tail.iter_mut().for_each(|key| *key = key.at(row_of[key.row()]));
            self.tail.chunk_by_mut(|a, b| a.equals(*b)).for_each(<[Key]>::sort_unstable);
            self.tail.dedup();
            return Ok(());
        }
        let mut new = Keys::keeping(self.opener, self.keep);
        let mut same: Vec<Key> = Vec::new();
        let mut settle = |same: &mut Vec<Key>| {
            same.sort_unstable();
            same.dedup();
            same.drain(..).for_each(|key| new.push_last(key));
        };
        self.visit(|key| {
            let key = key.at(row_of[key.row()]);
            if same.last().is_some_and(|last| !last.equals(key)) {
                settle(&mut same);
            }
            if same.last() != Some(&key) {
                same.push(key);
            }
        })?;
        settle(&mut same);
        *self = new;
        Ok(())
    }
}

/// A run, read piece by piece.
struct Source<'a> {
    place: &'a dyn Aside,
    left: std::slice::Iter<'a, (u64, usize)>,
    /// What of a chunk was not read yet.
    chunk: (u64, usize),
    piece: Vec<u8>,
    taken: usize,
}

impl<'a> Source<'a> {
    fn new(place: &'a dyn Aside, run: &'a Run) -> Self {
        Source { place, left: run.iter(), chunk: (0, 0), piece: Vec::new(), taken: 0 }
    }

    fn next(&mut self) -> io::Result<Option<Key>> {
        if self.taken == self.piece.len() {
            if self.chunk.1 == 0 {
                let Some(chunk) = self.left.next() else { return Ok(None) };
                self.chunk = *chunk;
            }
            let (at, len) = self.chunk;
            let count = len.min(READ);
            self.piece.resize(count * Key::BYTES, 0);
            self.place.read(&mut self.piece, at)?;
            self.chunk = (at + self.piece.len() as u64, len - count);
            self.taken = 0;
        }
        let key = self.piece[self.taken..].first_chunk().map(Key::from_bytes);
        self.taken += Key::BYTES;
        Ok(key)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::*;

    /// A place in memory that takes so many times, and gives back, or does not.
    struct Place {
        kept: Mutex<Vec<Vec<u8>>>,
        most: usize,
        gives: bool,
    }

    impl Aside for Place {
        fn append(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut kept = self.kept.lock().unwrap();
            if kept.len() >= self.most {
                return Err(io::ErrorKind::StorageFull.into());
            }
            kept.push(bytes.to_vec());
            Ok((kept.len() as u64 - 1) << 32)
        }

        fn read(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
            let (n, at) = (usize::try_from(at >> 32).unwrap(), at as u32 as usize);
            let kept = self.kept.lock().unwrap();
            let kept = kept.get(n).filter(|_| self.gives).ok_or(io::ErrorKind::NotFound)?;
            bytes.copy_from_slice(&kept[at..at + bytes.len()]);
            Ok(())
        }
    }

    fn place(most: usize, gives: bool) -> Arc<dyn Aside> {
        Arc::new(Place { kept: Mutex::default(), most, gives })
    }

    /// Takes whatever comes.
    #[allow(clippy::unnecessary_wraps)]
    pub fn roomy() -> io::Result<Arc<dyn Aside>> {
        Ok(place(usize::MAX, true))
    }

    /// Takes little.
    #[allow(clippy::unnecessary_wraps)]
    pub fn small() -> io::Result<Arc<dyn Aside>> {
        Ok(place(2, true))
    }

    /// Is none.
    pub fn none() -> io::Result<Arc<dyn Aside>> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    /// Takes whatever comes and gives nothing back.
    #[allow(clippy::unnecessary_wraps)]
    pub fn forgetful() -> io::Result<Arc<dyn Aside>> {
        Ok(place(usize::MAX, false))
    }

    fn given(keys: &Keys) -> Vec<(u32, usize)> {
        let mut all = Vec::new();
        keys.visit(|key| all.push((key.high(), key.row()))).unwrap();
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn keys_put_aside_are_those_that_stayed(rows in prop::collection::vec((0u16..20, 0u32..30), 0..90)) {
            let mut plain = Keys::new(None);
            let mut others = [roomy as Opener, small, none].map(|opener| Keys::keeping(Some(opener), 4));
            for &(id, row) in &rows {
                let key = Key::new(super::super::join::Tag::Ssn, &format!("{id:016x}"), "", row);
                plain.push(key);
                for keys in &mut others {
                    keys.push(key);
                }
            }
            let half: Vec<u32> = (0..30).map(|row| row / 2).collect();
            plain.sort();
            let before = given(&plain);
            plain.renumber(&half).unwrap();
            for mut keys in others {
                keys.sort();
                prop_assert_eq!(&given(&keys), &before);
                let copy = keys.clone();
                keys.renumber(&half).unwrap();
                prop_assert_eq!(&given(&keys), &given(&plain));
                prop_assert_eq!(&given(&copy), &before);
                let mut count = 0;
                keys.each(|_| count += 1).unwrap();
                prop_assert_eq!(count, given(&plain).len());
            }
        }
    }
}

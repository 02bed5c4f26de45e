//! An OLE2 compound file: its streams and storages, read as far as they can be found.
//!
//! Written for files as they lie about, not as they should be: a table of sectors that is too short, names without
//! an end, a directory whose tree is cut or goes in circles. What is missing is remembered ([`Compound::trouble`])
//! and what is left is read. Structures are those of [MS-CFB] 2.2 to 2.6.

use std::collections::HashSet;

use super::sectors::Sectors;
use crate::coverage::Cause;
use crate::document::{Input, ReadSeek};

/// Bytes of a directory entry ([MS-CFB] 2.6.1).
const ENTRY: usize = 128;
/// Sibling or child that is not there ([MS-CFB] 2.6.1, `NOSTREAM`).
const NONE: u32 = u32::MAX;
/// All streams together may give so many times the bytes of the file: some are read twice, none often.
const READ_FACTOR: u64 = 8;
/// … and this much beside, so that tiny files are no special case.
const READ_FREE: u64 = 1 << 20;

/// A stream or storage of a [`Compound`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(usize);

/// What the directory says of a stream or storage.
pub(crate) struct Item {
    /// Its name. Raw text of the input.
    pub name: String,
    /// True for a storage, false for a stream.
    pub storage: bool,
    /// Declared size of a stream in bytes; nothing is known of its truth.
    pub size: u64,
    start: u32,
    links: [u32; 3],
    children: Vec<Id>,
}

/// An opened compound file. Streams are looked up by name without regard to case.
pub(crate) struct Compound<'a> {
    /// Passwords of the user to try.
    pub passwords: &'a [String],
    sectors: Sectors<'a>,
    items: Vec<Item>,
    /// Bytes that may still be read.
    left: u64,
    memory: u64,
    trouble: Option<(Cause, &'static str)>,
}

impl<'a> Compound<'a> {
    /// Opens the file; `None` if it has no directory that could be read.
    pub(crate) fn open(input: &'a mut Input<'_>) -> Option<Compound<'a>> {
        let (memory, left) = (input.memory, input.len.saturating_mul(READ_FACTOR).saturating_add(READ_FREE));
        let reader: &'a mut dyn ReadSeek = &mut *input.reader;
        let mut sectors = Sectors::open(reader, input.len, memory)?;
        let directory = sectors.directory();
        let items: Vec<Item> = directory.chunks_exact(ENTRY).map(item).collect();
        let root = items.first().filter(|root| root.storage)?;
        let (start, size) = (root.start, root.size);
        sectors.open_mini(start, size);
        let mut file = Compound { passwords: input.passwords, sectors, items, left, memory, trouble: None };
        file.build();
        Some(file)
    }

    /// The most bytes that may be taken into memory at once.
    pub(crate) fn memory(&self) -> u64 {
        self.memory
    }

    /// The storage that holds all others.
    #[allow(clippy::unused_self, reason = "the number of the root is the business of the file")]
    pub(crate) fn root(&self) -> Id {
        Id(0)
    }

    /// What is known of a stream or storage.
    pub(crate) fn item(&self, id: Id) -> &Item {
        &self.items[id.0]
    }

    /// What a storage holds, in the order of the directory; nothing for a stream.
    pub(crate) fn children(&self, storage: Id) -> &[Id] {
        &self.items[storage.0].children
    }

    /// The stream or storage of this name in a storage.
    pub(crate) fn find(&self, storage: Id, name: &str) -> Option<Id> {
        let name = name.to_lowercase();
        let same = |id: &&Id| self.items[id.0].name.to_lowercase() == name;
        self.children(storage).iter().find(same).copied()
    }

    /// The bytes of a stream, as many as there are.
    pub(crate) fn read(&mut self, stream: Id) -> Vec<u8> {
        self.start(stream, u64::MAX)
    }

    /// The bytes of the stream of this name; `None` if there is no such stream.
    pub(crate) fn read_named(&mut self, storage: Id, name: &str) -> Option<Vec<u8>> {
        let id = self.find(storage, name).filter(|id| !self.items[id.0].storage)?;
        Some(self.read(id))
    }

    /// The first bytes of a stream, at most `most`.
    pub(crate) fn start(&mut self, stream: Id, most: u64) -> Vec<u8> {
        let Item { size, start, storage: false, .. } = self.items[stream.0] else { return Vec::new() };
        let wanted = size.min(most);
        let allowed = wanted.min(self.left).min(self.memory);
        if allowed < wanted {
            self.note(Cause::LimitMemory, "a stream is longer than may be read");
        }
        let bytes = self.sectors.stream(start, size, allowed);
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if (bytes.len() as u64) < allowed {
            self.note(Cause::Damaged, "a stream ends before its size");
        }
        bytes
    }

    /// What kept parts of the file from being read so far, in our own words.
    pub(crate) fn trouble(&self) -> Option<(Cause, &'static str)> {
        self.trouble
    }

    /// Remembers that something was too large to be cut out.
    pub(super) fn too_large(&mut self) {
        self.note(Cause::LimitMemory, "an embedded object is too large to be cut out");
    }

    fn note(&mut self, cause: Cause, words: &'static str) {
        self.trouble.get_or_insert((cause, words));
    }

    /// Puts the children of every storage in the order of its tree. Entries that no tree holds are put into the
    /// root: they are what is left of a damaged directory.
    fn build(&mut self) {
        let mut met = HashSet::from([0]);
        let mut storages = vec![0];
        while let Some(storage) = storages.pop() {
            let children = self.in_order(self.items[storage].links[2], &mut met);
            storages.extend(children.iter().map(|id| id.0).filter(|&at| self.items[at].storage));
            self.items[storage].children = children;
        }
        let lost: Vec<usize> = (0..self.items.len()).filter(|at| !met.contains(at)).collect();
        let lost: Vec<Id> = lost.into_iter().filter(|&at| self.items[at].is_used()).map(Id).collect();
        if !lost.is_empty() {
            self.note(Cause::Damaged, "the directory is damaged");
        }
        self.items[0].children.extend(lost);
    }

    /// The entries of the tree below `top`, left before right; each entry once in all.
    fn in_order(&self, top: u32, met: &mut HashSet<usize>) -> Vec<Id> {
        let (mut out, mut above, mut next) = (Vec::new(), Vec::new(), top);
        loop {
            while let Some(item) = self.items.get(next as usize)
                && item.is_used()
                && met.insert(next as usize)
            {
                above.push(next as usize);
                next = item.links[0];
            }
            let Some(at) = above.pop() else { return out };
            out.push(Id(at));
            next = self.items[at].links[1];
        }
    }
}

impl Item {
    fn is_used(&self) -> bool {
        !self.name.is_empty()
    }
}

fn item(entry: &[u8]) -> Item {
    let word = |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]);
    // The declared length of the name is wrong in files of some writers; its end is marked by a zero as well.
    let units = entry[..64].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
    let (kind, used) = (entry[66], matches!(entry[66], 1 | 2 | 5));
    Item {
        name: if used { String::from_utf16_lossy(&units) } else { String::new() },
        storage: kind != 2,
        // The upper half is only used above 4 GiB, and noise in files of old writers.
        size: u64::from(word(120)),
        start: word(116),
        links: [word(68), word(72), if kind == 2 { NONE } else { word(76) }],
        children: Vec::new(),
    }
}

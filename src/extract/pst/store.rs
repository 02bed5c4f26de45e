//! The lower layer of a mail store: pages with two trees, and blocks ([MS-PST], section 2.2).
//!
//! Three forms: ANSI with numbers of 32 bits, Unicode with 64, and since 2013 offline stores with pages of 4 KiB and
//! packed blocks. The last is not in the specification; its layout is known from the documentation of libpff.

use std::collections::HashMap;
use std::io::{Read, SeekFrom};
use std::rc::Rc;

use super::coding::{Coding, decode};
use crate::document::ReadSeek;

/// Most pages that are kept in memory.
const PAGES: usize = 4096;

/// Deepest tree of pages; a store of 50 GB has four levels.
const DEPTH: usize = 10;

/// Bits of the number of a block: reserved, and that it is one of the tree and not coded ([MS-PST], 2.2.2.2).
const RESERVED: u64 = 1;
const INTERNAL: u64 = 2;

/// How a store is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Ansi,
    Unicode,
    LargePages,
}

impl Form {
    /// The form that a version in the header stands for ([MS-PST], section 2.2.2.6, `wVer`).
    pub(super) fn of_version(version: u16) -> Option<Self> {
        match version {
            14 | 15 => Some(Form::Ansi),
            20..=35 => Some(Form::Unicode),
            36.. => Some(Form::LargePages),
            _ => None,
        }
    }

    /// Bytes of the number of a block.
    pub(super) fn word(self) -> usize {
        if self == Form::Ansi { 4 } else { 8 }
    }

    /// The most that a block holds, in bytes ([MS-PST], section 2.2.2.8).
    pub(super) fn block(self) -> u64 {
        if self == Form::LargePages { 64 * 1024 } else { 8 * 1024 }
    }

    fn page(self) -> usize {
        if self == Form::LargePages { 4096 } else { 512 }
    }

    /// Where in a page the number of entries, the size of one and the level stand.
    fn trailer(self) -> (usize, usize, usize) {
        match self {
            Form::Ansi => (496, 498, 499),
            Form::Unicode => (488, 490, 491),
            Form::LargePages => (4056, 4060, 4061),
        }
    }
}

/// A number at a place, of 32 or 64 bits.
pub(super) fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
}

/// A node: its data, and a tree of nodes that belong to it.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) id: u32,
    pub(super) data: u64,
    pub(super) below: u64,
    pub(super) parent: u32,
}

/// An opened store.
pub(super) struct Store<'a> {
    reader: &'a mut dyn ReadSeek,
    length: u64,
    pub(super) form: Form,
    coding: Coding,
    nodes: u64,
    blocks: u64,
    pages: HashMap<u64, Rc<[u8]>>,
    /// Pages and blocks that could not be read.
    pub(super) broken: u64,
    /// Values that were left out because an item has too much of them.
    pub(super) cut: u64,
    /// What may be taken into memory at one time, and what is left of it for the item in hand.
    memory: u64,
    allowance: u64,
}

impl<'a> Store<'a> {
    /// A store whose trees of nodes and of blocks have their roots at these places.
    pub(super) fn new(
        reader: &'a mut dyn ReadSeek,
        (length, memory): (u64, u64),
        (form, coding): (Form, Coding),
        (nodes, blocks): (u64, u64),
    ) -> Self {
        let pages = HashMap::new();
        let (broken, cut, allowance) = (0, 0, 0);
        Store { reader, length, form, coding, nodes, blocks, pages, broken, cut, memory, allowance }
    }

    /// Makes room for the next item. What it holds is copied twice on its way: a quarter is left for each.
    pub(super) fn next_item(&mut self) {
        self.allowance = self.memory / 4;
    }

    /// Takes room for `length` bytes; false if there is none.
    pub(super) fn charge(&mut self, length: usize) -> bool {
        let rest = self.allowance.checked_sub(length as u64);
        self.allowance = rest.unwrap_or(self.allowance);
        self.cut += u64::from(rest.is_none());
        rest.is_some()
    }

    /// True if there is room for this many bytes.
    pub(super) fn has_room(&self, length: u64) -> bool {
        length <= self.allowance
    }

    fn bytes(&mut self, at: u64, length: usize) -> Option<Vec<u8>> {
        if at >= self.length {
            return None;
        }
        self.reader.seek(SeekFrom::Start(at)).ok()?;
        let mut bytes = Vec::new();
        (&mut *self.reader).take(length as u64).read_to_end(&mut bytes).ok()?;
        (bytes.len() == length).then_some(bytes)
    }

    fn page(&mut self, at: u64) -> Option<Rc<[u8]>> {
        if let Some(page) = self.pages.get(&at) {
            return Some(Rc::clone(page));
        }
        let Some(bytes) = self.bytes(at, self.form.page()) else {
            self.broken += 1;
            return None;
        };
        if self.pages.len() >= PAGES {
            self.pages.clear();
        }
        let page: Rc<[u8]> = bytes.into();
        self.pages.insert(at, Rc::clone(&page));
        Some(page)
    }

    /// The page at a place, as one of a tree.
    fn branches(&mut self, at: u64) -> Option<Branches> {
        let page = self.page(at)?;
        let found = Branches::new(page, self.form);
        self.broken += u64::from(found.is_none());
        found
    }

    /// The entry with the key `key` in the tree whose root is at `root`.
    fn find(&mut self, root: u64, key: u64, mask: u64) -> Option<Vec<u8>> {
        let word = self.form.word();
        let mut at = root;
        for _ in 0..DEPTH {
            let page = self.branches(at)?;
            let entry = page.last_up_to(key, word, mask)?;
            if page.level == 0 {
                let found = number(entry, 0, word)? & mask == key;
                return found.then(|| entry.to_vec());
            }
            at = number(entry, word * 2, word)?;
        }
        None
    }

    fn node_of(&self, entry: &[u8]) -> Option<Node> {
        let word = self.form.word();
        Some(Node {
            id: number(entry, 0, 4)? as u32,
            data: number(entry, word, word)?,
            below: number(entry, word * 2, word)?,
            parent: number(entry, word * 3, 4)? as u32,
        })
    }

    /// The node with this number.
    pub(super) fn node(&mut self, id: u32) -> Option<Node> {
        let entry = self.find(self.nodes, u64::from(id), u64::from(u32::MAX))?;
        self.node_of(&entry)
    }

    /// Where the walk over all nodes begins.
    pub(super) fn walk(&self) -> Walk {
        Walk { open: vec![self.nodes], ready: Vec::new(), pages: self.length / self.form.page() as u64 + 1 }
    }

    /// The next node.
    pub(super) fn next_node(&mut self, walk: &mut Walk) -> Option<Node> {
        loop {
            if let Some(node) = walk.ready.pop() {
                return Some(node);
            }
            let at = walk.open.pop()?;
            // A tree that holds a page twice would never end.
            walk.pages = walk.pages.checked_sub(1)?;
            let Some(page) = self.branches(at) else { continue };
            let word = self.form.word();
            for entry in page.entries().rev() {
                if page.level == 0 {
                    walk.ready.extend(self.node_of(entry));
                } else {
                    walk.open.extend(number(entry, word * 2, word));
                }
            }
        }
    }

    /// The content of one block.
    pub(super) fn block(&mut self, id: u64) -> Option<Vec<u8>> {
        let found = self.stored(id);
        self.broken += u64::from(found.is_none());
        found
    }

    fn stored(&mut self, id: u64) -> Option<Vec<u8>> {
        let word = self.form.word();
        let entry = self.find(self.blocks, id & !RESERVED, !RESERVED)?;
        let (at, length) = (number(&entry, word, word)?, number(&entry, word * 2, 2)? as usize);
        let mut bytes = self.bytes(at, length)?;
        if self.form == Form::LargePages {
            bytes = self.unpacked(bytes, at)?;
        }
        if id & INTERNAL == 0 {
            decode(&mut bytes, self.coding, number(&entry, 0, word)?);
        }
        Some(bytes)
    }

    /// Blocks of large pages may be packed: then their trailer gives another length.
    fn unpacked(&mut self, bytes: Vec<u8>, at: u64) -> Option<Vec<u8>> {
        /// Lengths that blocks are filled up to, of the trailer, and where in it the plain length stands.
        const FILL: usize = 512;
        const TRAILER: usize = 24;
        const PLAIN: usize = 18;
        let end = (bytes.len() + TRAILER).next_multiple_of(FILL);
        let trailer = self.bytes(at + (end - TRAILER) as u64, TRAILER)?;
        let plain = number(&trailer, PLAIN, 2)?;
        if plain == 0 || plain == bytes.len() as u64 {
            return Some(bytes);
        }
        let mut out = Vec::new();
        flate2::read::ZlibDecoder::new(&bytes[..]).take(plain).read_to_end(&mut out).ok()?;
        Some(out)
    }

    /// The numbers of the blocks that hold the data of the tree `id` ([MS-PST], section 2.2.2.8.3.2).
    pub(super) fn leaves(&mut self, id: u64) -> Vec<u64> {
        if id & INTERNAL == 0 {
            return if id == 0 { Vec::new() } else { vec![id] };
        }
        let mut leaves = Vec::new();
        for below in self.branch(id) {
            if below & INTERNAL == 0 {
                leaves.push(below);
            } else {
                let branch = self.branch(below);
                leaves.extend(branch.into_iter().filter(|id| id & INTERNAL == 0));
            }
            // More than the file has room for: a branch that occurs again and again.
            if leaves.len() as u64 > self.length / 64 + 1 {
                self.broken += 1;
                break;
            }
        }
        leaves
    }

    fn branch(&mut self, id: u64) -> Vec<u64> {
        /// What marks a tree of data, and where its list begins.
        const MARK: u8 = 1;
        const LIST: usize = 8;
        let block = self.block(id).unwrap_or_default();
        if block.first() != Some(&MARK) {
            return Vec::new();
        }
        let word = self.form.word();
        let count = number(&block, 2, 2).unwrap_or_default() as usize;
        block[LIST.min(block.len())..]
            .chunks_exact(word)
            .take(count)
            .filter_map(|c| number(c, 0, word))
            .collect()
    }

    /// The blocks of the tree `id`, as many as there is room for.
    pub(super) fn data(&mut self, id: u64) -> Vec<Vec<u8>> {
        let mut blocks = Vec::new();
        for leaf in self.leaves(id) {
            let Some(block) = self.block(leaf) else { continue };
            if !self.charge(block.len()) {
                break;
            }
            blocks.push(block);
        }
        blocks
    }

    /// The nodes that belong to a node ([MS-PST], section 2.2.2.8.3.3).
    pub(super) fn below(&mut self, id: u64) -> Vec<Node> {
        let mut nodes = Vec::new();
        if id != 0 {
            self.subnodes(id, true, &mut nodes);
        }
        nodes
    }

    fn subnodes(&mut self, id: u64, top: bool, nodes: &mut Vec<Node>) {
        /// What marks a tree of nodes.
        const MARK: u8 = 2;
        let Some(block) = self.block(id) else { return };
        if block.first() != Some(&MARK) {
            self.broken += 1;
            return;
        }
        let word = self.form.word();
        let list = if self.form == Form::Ansi { 4 } else { 8 };
        let count = number(&block, 2, 2).unwrap_or_default() as usize;
        let leaf = block.get(1) == Some(&0);
        let size = word * if leaf { 3 } else { 2 };
        for entry in block.get(list..).unwrap_or_default().chunks_exact(size).take(count) {
            let (Some(id), Some(data)) = (number(entry, 0, 4), number(entry, word, word)) else { continue };
            if leaf {
                let below = number(entry, word * 2, word).unwrap_or_default();
                nodes.push(Node { id: id as u32, data, below, parent: 0 });
            } else if top {
                self.subnodes(data, false, nodes);
            }
        }
    }
}

/// A page of a tree.
struct Branches {
    page: Rc<[u8]>,
    size: usize,
    count: usize,
    level: u8,
}

impl Branches {
    fn new(page: Rc<[u8]>, form: Form) -> Option<Self> {
        let (end, size_at, level_at) = form.trailer();
        let wide = if form == Form::LargePages { 2 } else { 1 };
        let size = usize::from(*page.get(size_at)?);
        let level = *page.get(level_at)?;
        let count = (number(&page, end, wide)? as usize).min(end.checked_div(size)?);
        let fits = size >= form.word() * 3 && usize::from(level) <= DEPTH;
        fits.then_some(Branches { page, size, count, level })
    }

    fn entries(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        self.page[..self.size * self.count].chunks_exact(self.size)
    }

    /// The last entry whose key is `key` or below it; keys ascend.
    fn last_up_to(&self, key: u64, word: usize, mask: u64) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            let found = number(&self.page, middle * self.size, word)? & mask;
            if found <= key { low = middle + 1 } else { high = middle }
        }
        let at = low.checked_sub(1)? * self.size;
        self.page.get(at..at + self.size)
    }
}

/// Where a walk over the nodes stands.
pub(super) struct Walk {
    open: Vec<u64>,
    ready: Vec<Node>,
    /// Pages that the file may still have.
    pages: u64,
}

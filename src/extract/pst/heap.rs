//! The middle layer of a mail store: a heap in a node, with a tree of properties or a table in it ([MS-PST], section
//! 2.3).

use super::store::{Form, Node, Store, number};
use crate::extract::mapi::names::Names;
use crate::extract::mapi::{Bag, Property, fixed_size, id, kind};

/// Deepest tree in a heap; more than two levels do not occur.
const DEPTH: usize = 6;

/// Values that are larger, in nodes of their own, are left to their readers: those of attachments.
pub(super) const LARGE: u16 = id::DATA;

/// What a property takes in memory beside its value, in bytes, about.
const RECORD: usize = 128;

/// What a row takes in memory beside its values, in bytes, about.
const ROW: usize = 1024;

/// A node with its heap.
pub(super) struct Heap {
    blocks: Vec<Vec<u8>>,
    below: Vec<Node>,
    form: Form,
}

/// Where a value is: in the heap, in a node, or nowhere.
enum At {
    Heap(u32),
    Node(u32),
}

fn at(reference: u32) -> At {
    // The five low bits are the type; 0 is the heap ([MS-PST], section 2.3.3.2).
    if reference.trailing_zeros() >= 5 { At::Heap(reference) } else { At::Node(reference) }
}

impl Heap {
    /// The heap of a node.
    pub(super) fn open(store: &mut Store<'_>, node: Node) -> Self {
        let (blocks, below) = (store.data(node.data), store.below(node.below));
        Heap { blocks, below, form: store.form }
    }

    /// The nodes that belong to this one.
    pub(super) fn below(&self) -> &[Node] {
        &self.below
    }

    /// What the heap keeps under a number.
    fn item(&self, reference: u32) -> Option<&[u8]> {
        if self.form == Form::LargePages
            && let Some(item) = self.split(reference, 14)
        {
            return Some(item);
        }
        self.split(reference, 11)
    }

    /// The number has five bits of type, some of the place in the block, and the number of the block ([MS-PST],
    /// section 2.3.1.1).
    fn split(&self, reference: u32, bits: u32) -> Option<&[u8]> {
        let index = (reference >> 5 & ((1 << bits) - 1)) as usize;
        let block = self.blocks.get((reference >> (5 + bits)) as usize)?;
        let map = number(block, 0, 2)? as usize;
        let count = number(block, map, 2)? as usize;
        if index == 0 || index > count {
            return None;
        }
        let place = map.checked_add(4 + (index - 1) * 2)?;
        let (start, end) = (number(block, place, 2)? as usize, number(block, place + 2, 2)? as usize);
        block.get(start..end)
    }

    /// The number that the header gives as the root of what is in the heap.
    fn root(&self) -> Option<u32> {
        number(self.blocks.first()?, 4, 4).map(|n| n as u32)
    }

    /// The records of a tree in the heap, key and value in one.
    fn records(&self, header: u32, key: usize, value: usize) -> Vec<&[u8]> {
        let mut records = Vec::new();
        if let Some(header) = self.item(header)
            && header.len() >= 8
            && usize::from(header[1]) == key
            && usize::from(header[2]) == value
        {
            let root = number(header, 4, 4).unwrap_or_default() as u32;
            let levels = usize::from(header[3]);
            self.level(root, (key, value), levels.min(DEPTH), &mut records);
        }
        records
    }

    fn level<'h>(&'h self, at: u32, sizes: (usize, usize), levels: usize, records: &mut Vec<&'h [u8]>) {
        // A heap holds no more records than 64 KiB a block; a branch that occurs again would exceed that.
        if records.len() > self.blocks.len() * 0x1_0000 {
            return;
        }
        let item = self.item(at).unwrap_or_default();
        if levels == 0 {
            records.extend(item.chunks_exact(sizes.0 + sizes.1));
            return;
        }
        for entry in item.chunks_exact(sizes.0 + 4) {
            let below = number(entry, sizes.0, 4).unwrap_or_default() as u32;
            self.level(below, sizes, levels - 1, records);
        }
    }

    /// The bytes of a value that is stored elsewhere than in its record.
    pub(super) fn value(&self, store: &mut Store<'_>, reference: u32) -> Vec<u8> {
        match at(reference) {
            At::Heap(0) => Vec::new(),
            At::Heap(reference) => {
                let item = self.item(reference).unwrap_or_default();
                if store.charge(item.len()) { item.to_vec() } else { Vec::new() }
            }
            At::Node(id) => match self.node(id) {
                Some(node) => store.data(node.data).concat(),
                None => Vec::new(),
            },
        }
    }

    /// The node of this number below this one.
    pub(super) fn node(&self, id: u32) -> Option<Node> {
        self.below.iter().find(|node| node.id == id).copied()
    }

    /// The reference of a property, if it has one.
    pub(super) fn reference(&self, wanted: u16) -> Option<u32> {
        let records = self.records(self.root()?, 2, 6);
        let record = records.into_iter().find(|r| number(r, 0, 2) == Some(u64::from(wanted)))?;
        number(record, 4, 4).map(|n| n as u32)
    }

    /// What a reference to an attached message or object says: the number of a node ([MS-PST], section 2.3.3.5).
    pub(super) fn object(&self, reference: u32) -> Option<Node> {
        self.node(number(self.item(reference)?, 0, 4)? as u32)
    }

    /// The node that holds the value of a reference, if it is one of its own.
    pub(super) fn large(&self, reference: u32) -> Option<Node> {
        match at(reference) {
            At::Heap(_) => None,
            At::Node(id) => self.node(id),
        }
    }

    /// The properties in the heap, but [`LARGE`].
    pub(super) fn bag(&self, store: &mut Store<'_>, names: &Names) -> Bag {
        let mut bag = Bag::default();
        for record in self.root().map(|root| self.records(root, 2, 6)).unwrap_or_default() {
            let word = |at| number(record, at, 2).unwrap_or_default() as u16;
            let (id, kind) = (word(0), word(2));
            if id == LARGE {
                continue;
            }
            let size = fixed_size(kind);
            if !store.charge(RECORD) {
                break;
            }
            let values = if (1..=4).contains(&size) && kind & kind::MANY == 0 {
                vec![record[4..4 + size].to_vec()]
            } else {
                let reference = number(record, 4, 4).unwrap_or_default() as u32;
                split(kind, self.value(store, reference))
            };
            push(&mut bag, names, (id, kind), values);
        }
        bag
    }

    /// The rows of the table in the heap ([MS-PST], section 2.3.4).
    pub(super) fn rows(&self, store: &mut Store<'_>, names: &Names) -> Vec<Bag> {
        let Some(info) = self.root().and_then(|root| self.item(root)) else { return Vec::new() };
        let table = Table::parse(info);
        let Some(table) = table else { return Vec::new() };
        let blocks = match at(table.rows) {
            At::Heap(reference) => vec![self.item(reference).unwrap_or_default().to_vec()],
            At::Node(id) => self.node(id).map(|node| store.data(node.data)).unwrap_or_default(),
        };
        let mut rows = Vec::new();
        for row in blocks.iter().flat_map(|block| block.chunks_exact(table.size)) {
            if !store.charge(ROW) {
                break;
            }
            rows.push(self.row(store, names, &table, row));
        }
        rows
    }

    fn row(&self, store: &mut Store<'_>, names: &Names, table: &Table, row: &[u8]) -> Bag {
        let mut bag = Bag::default();
        for column in &table.columns {
            let there =
                row.get(table.bits + column.bit / 8).is_some_and(|b| b & 0x80 >> (column.bit % 8) != 0);
            let Some(cell) = row.get(column.at..column.at + column.size).filter(|_| there) else { continue };
            let values = if column.size == fixed_size(column.kind) {
                vec![cell.to_vec()]
            } else {
                split(column.kind, self.value(store, number(cell, 0, 4).unwrap_or_default() as u32))
            };
            push(&mut bag, names, (column.id, column.kind), values);
        }
        bag
    }
}

fn push(bag: &mut Bag, names: &Names, (id, kind): (u16, u16), values: Vec<Vec<u8>>) {
    let meaning = if id >= 0x8000 { names.get(id) } else { None };
    bag.push(Property { id, kind, named: meaning, values });
}

/// The values of a property with several: of fixed size one after the other, others behind a list of their places
/// ([MS-PST], section 2.3.3.4).
fn split(kind: u16, bytes: Vec<u8>) -> Vec<Vec<u8>> {
    if kind & kind::MANY == 0 {
        return vec![bytes];
    }
    let size = fixed_size(kind);
    if size > 0 {
        return bytes.chunks_exact(size).map(<[u8]>::to_vec).collect();
    }
    let count = number(&bytes, 0, 4).unwrap_or_default() as usize;
    let places = bytes.get(4..).unwrap_or_default().chunks_exact(4).take(count);
    let mut places: Vec<usize> = places.filter_map(|p| number(p, 0, 4)).map(|p| p as usize).collect();
    places.push(bytes.len());
    let mut left = bytes.len();
    let values = places.windows(2).map_while(|pair| {
        let value = bytes.get(pair[0]..pair[1])?;
        left = left.checked_sub(value.len())?;
        Some(value.to_vec())
    });
    values.collect()
}

/// The description of a table.
struct Table {
    columns: Vec<Column>,
    /// Reference of the rows.
    rows: u32,
    /// Length of a row.
    size: usize,
    /// Where in a row the bits begin that say which cells are there.
    bits: usize,
}

struct Column {
    id: u16,
    kind: u16,
    at: usize,
    size: usize,
    bit: usize,
}

impl Table {
    /// Reads it as [MS-PST], section 2.3.4.1, lays it out.
    fn parse(info: &[u8]) -> Option<Self> {
        /// What marks a table, the length before its columns, and the length of the description of one.
        const MARK: u8 = 0x7C;
        const HEAD: usize = 22;
        const COLUMN: usize = 8;
        let (bits, size) = (number(info, 6, 2)? as usize, number(info, 8, 2)? as usize);
        if info[0] != MARK || size == 0 {
            return None;
        }
        let column = |c: &[u8]| Column {
            kind: u16::from_le_bytes([c[0], c[1]]),
            id: u16::from_le_bytes([c[2], c[3]]),
            at: usize::from(u16::from_le_bytes([c[4], c[5]])),
            size: usize::from(c[6]),
            bit: usize::from(c[7]),
        };
        let columns = info.get(HEAD..)?.chunks_exact(COLUMN).take(usize::from(info[1])).map(column);
        Some(Table { columns: columns.collect(), rows: number(info, 14, 4)? as u32, size, bits })
    }
}

//! Pages of a database, read one by one, and the cells in them.
//!
//! Source: "Database File Format", sqlite.org/fileformat.html, sections 1.3 (header), 1.5 and 1.6 (B-tree pages,
//! overflow pages). All numbers are stored high byte first.

use std::io::{Read, SeekFrom};

use crate::document::ReadSeek;

/// Length of the database header, which stands on the first page before its B-tree header.
pub(super) const HEADER: usize = 100;

/// How the database stores text (header, offset 56).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A number of 1 to 9 bytes, seven bits in each but the last of nine; with its length.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (i, &b) in bytes.iter().take(9).enumerate() {
        if i == 8 {
            return Some((value << 8 | u64::from(b), 9));
        }
        value = value << 7 | u64::from(b & 0x7F);
        if b < 0x80 {
            return Some((value, i + 1));
        }
    }
    None
}

/// What the header says.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) page_size: usize,
    /// Bytes of a page that hold content.
    pub(super) usable: usize,
    pub(super) charset: Charset,
    pub(super) first_free: u32,
}

impl Header {
    /// `None` if there is no such page size.
    pub(super) fn of(head: &[u8]) -> Option<Header> {
        let page_size = match u16_at(head, 16)? {
            1 => 65536,
            n => usize::from(n),
        };
        if !valid_page_size(page_size) {
            return None;
        }
        let reserved = usize::from(*head.get(20)?);
        let charset = match u32_at(head, 56)? {
            2 => Charset::Utf16Le,
            3 => Charset::Utf16Be,
            _ => Charset::Utf8,
        };
        let usable = (page_size - reserved).max(480);
        Some(Header { page_size, usable, charset, first_free: u32_at(head, 32)? })
    }
}

/// A power of two from 512 to 65536.
pub(super) fn valid_page_size(size: usize) -> bool {
    size.is_power_of_two() && (512..=65536).contains(&size)
}

/// Reads pages, and remembers which ones were used, so that a chain that comes back to itself ends.
pub(super) struct Pager<'a> {
    reader: &'a mut dyn ReadSeek,
    pub(super) header: Header,
    /// Pages that the file has room for.
    pub(super) count: u32,
    used: Vec<u64>,
}

impl<'a> Pager<'a> {
    pub(super) fn new(reader: &'a mut dyn ReadSeek, header: Header, len: u64) -> Self {
        let count = u32::try_from(len.div_ceil(header.page_size as u64)).unwrap_or(u32::MAX);
        Pager { reader, header, count, used: vec![0; count as usize / 64 + 1] }
    }

    /// Marks a page as used; false if it was so before, or there is no such page.
    pub(super) fn take(&mut self, number: u32) -> bool {
        if number == 0 || number > self.count {
            return false;
        }
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        let fresh = self.used[word] & bit == 0;
        self.used[word] |= bit;
        fresh
    }

    /// True if the page was used.
    pub(super) fn is_taken(&self, number: u32) -> bool {
        self.used.get(number as usize / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// A page; of the last one what there is. `None` if reading fails or the page lies beyond the end.
    pub(super) fn page(&mut self, number: u32) -> Option<Vec<u8>> {
        let at = u64::from(number.checked_sub(1)?) * self.header.page_size as u64;
        self.reader.seek(SeekFrom::Start(at)).ok()?;
        let mut page = Vec::with_capacity(self.header.page_size);
        (&mut *self.reader).take(self.header.page_size as u64).read_to_end(&mut page).ok()?;
        (!page.is_empty()).then_some(page)
    }
}

/// Kinds of B-tree pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    TableInner,
    TableLeaf,
    IndexInner,
    IndexLeaf,
}

/// A B-tree page.
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// Offsets of its cells.
    pub(super) cells: Vec<usize>,
    /// The last child of an inner page.
    pub(super) right: Option<u32>,
    /// Where the pointers to the cells end.
    pub(super) pointers_end: usize,
    /// Where the cells begin.
    pub(super) content: usize,
    /// The first free block, 0 for none.
    pub(super) free_block: usize,
    /// Cells that the page should have and has not.
    pub(super) lost: usize,
}

impl Node {
    /// Reads the header of the page `number`.
    pub(super) fn of(page: &[u8], number: u32) -> Option<Node> {
        let start = if number == 1 { HEADER } else { 0 };
        let kind = match *page.get(start)? {
            0x02 => NodeKind::IndexInner,
            0x05 => NodeKind::TableInner,
            0x0A => NodeKind::IndexLeaf,
            0x0D => NodeKind::TableLeaf,
            _ => return None,
        };
        let inner = matches!(kind, NodeKind::TableInner | NodeKind::IndexInner);
        let first = start + if inner { 12 } else { 8 };
        let declared = usize::from(u16_at(page, start + 3)?);
        let count = declared.min(page.len().saturating_sub(first) / 2);
        let pointers_end = first + 2 * count;
        let mut cells: Vec<usize> =
            (0..count).filter_map(|i| u16_at(page, first + 2 * i)).map(usize::from).collect();
        cells.retain(|&at| at >= pointers_end && at < page.len());
        let content = match u16_at(page, start + 5)? {
            0 => 65536,
            n => usize::from(n),
        };
        Some(Node {
            kind,
            right: if inner { u32_at(page, start + 8) } else { None },
            pointers_end,
            content: content.min(page.len()),
            free_block: u16_at(page, start + 1).map_or(0, usize::from),
            lost: declared - cells.len(),
            cells,
        })
    }
}

/// A cell: what it says about other pages, and the part of its record that lies on the page.
#[derive(Default)]
pub(super) struct CellRef {
    pub(super) child: Option<u32>,
    pub(super) rowid: Option<i64>,
    /// Length of the record, with what lies on overflow pages.
    pub(super) length: u64,
    /// Where the record begins on the page, and how much of it lies there.
    pub(super) local: std::ops::Range<usize>,
    pub(super) overflow: Option<u32>,
}

/// Reads the cell at `at` of a page of this kind.
pub(super) fn cell(page: &[u8], at: usize, kind: NodeKind, usable: usize) -> Option<CellRef> {
    let mut cell = CellRef::default();
    let mut at = at;
    if matches!(kind, NodeKind::TableInner | NodeKind::IndexInner) {
        cell.child = Some(u32_at(page, at)?);
        at += 4;
    }
    if kind == NodeKind::TableInner {
        return Some(cell);
    }
    let (length, n) = varint(page.get(at..)?)?;
    at += n;
    if kind == NodeKind::TableLeaf {
        let (rowid, n) = varint(page.get(at..)?)?;
        cell.rowid = Some(rowid.cast_signed());
        at += n;
    }
    let local = local_part(length, kind, usable);
    let end = at.checked_add(local)?;
    cell.length = length;
    if (local as u64) < length {
        cell.overflow = u32_at(page, end);
    }
    cell.local = at..end.min(page.len());
    Some(cell)
}

/// How much of a record of `length` bytes lies on the page (section 1.6 of the format).
fn local_part(length: u64, kind: NodeKind, usable: usize) -> usize {
    let most = match kind {
        NodeKind::TableLeaf => usable - 35,
        _ => (usable - 12) * 64 / 255 - 23,
    };
    let Some(length) = usize::try_from(length).ok().filter(|&l| l > most) else {
        return usize::try_from(length).unwrap_or(most).min(most);
    };
    let least = (usable - 12) * 32 / 255 - 23;
    let some = least + (length - least) % (usable - 4);
    if some <= most { some } else { least }
}

//! Pages of a database, and the rows on them.

use std::io::{Read, SeekFrom};

use crate::document::ReadSeek;
use crate::extract::bytes::{u16_at, u32_at};
use crate::extract::unlock::rc4::Rc4;

/// Type of pages with rows.
pub(super) const DATA: u8 = 1;
/// Type of pages with the definition of a table.
pub(super) const DEFINITION: u8 = 2;

/// The key with which every header is ciphered from byte 0x18 on.
const HEADER_KEY: [u8; 4] = [0xC7, 0xDA, 0x39, 0x6B];
const HEADER_START: usize = 0x18;
/// Bytes of it that are looked at.
const HEADER: usize = 0x60;

/// What kinds of database differ in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Jet {
    /// Jet 3: pages of 2 KiB, text in a code page.
    Three,
    /// Jet 4 and ACE: pages of 4 KiB, text in UTF-16.
    Four,
}

impl Jet {
    /// Bytes of a page.
    pub(super) fn page_size(self) -> usize {
        match self {
            Jet::Three => 2048,
            Jet::Four => 4096,
        }
    }
}

/// Why a database is not opened.
pub(super) enum Refused {
    /// Its pages are ciphered, and the key is not the one in its header.
    Encrypted,
    /// It has no header that can be read.
    Damaged,
}

/// Pages of a database.
pub(super) struct Pages<'a> {
    reader: &'a mut dyn ReadSeek,
    /// How many there are; one that breaks off counts.
    pub(super) count: u32,
    pub(super) jet: Jet,
    /// Windows code page of its text, in Jet 3.
    pub(super) code_page: u16,
    key: [u8; 4],
    last: Option<(u32, Page)>,
}

impl<'a> Pages<'a> {
    /// Reads the header of a file of `len` bytes.
    pub(super) fn open(reader: &'a mut dyn ReadSeek, len: u64) -> Result<Pages<'a>, Refused> {
        let mut head = [0; HEADER];
        let read = reader.rewind().and_then(|()| reader.read_exact(&mut head));
        read.map_err(|_| Refused::Damaged)?;
        let version = u32_at(&head, 0x14);
        Rc4::new(&HEADER_KEY).apply(&mut head[HEADER_START..]);
        let jet = if version == Some(0) { Jet::Three } else { Jet::Four };
        let count = u32::try_from(len.div_ceil(jet.page_size() as u64)).unwrap_or(u32::MAX);
        let code_page = u16_at(&head, 0x3C).unwrap_or(0);
        let key = head[0x3E..].first_chunk().copied().unwrap_or_default();
        let mut pages = Pages { reader, count, jet, code_page, key, last: None };
        // The catalog begins on page 2 of every database.
        let is_plain = (1..count.min(8)).any(|n| matches!(pages.owner(n), Some((1..=5, _))));
        if is_plain {
            Ok(pages)
        } else if key == [0; 4] {
            Err(Refused::Damaged)
        } else {
            Err(Refused::Encrypted)
        }
    }

    /// Bytes of all pages.
    pub(super) fn len(&self) -> u64 {
        u64::from(self.count) * self.jet.page_size() as u64
    }

    /// A page, as far as the file has it.
    pub(super) fn page(&mut self, number: u32) -> Option<Page> {
        if number == 0 || number >= self.count {
            return None;
        }
        if let Some((last, page)) = &self.last
            && *last == number
        {
            return Some(page.clone());
        }
        let size = self.jet.page_size();
        let mut bytes = Vec::with_capacity(size);
        self.reader.seek(SeekFrom::Start(u64::from(number) * size as u64)).ok()?;
        Read::take(&mut *self.reader, size as u64).read_to_end(&mut bytes).ok()?;
        if self.key != [0; 4] {
            Rc4::new(&(u32::from_le_bytes(self.key) ^ number).to_le_bytes()).apply(&mut bytes);
        }
        let page = Page { bytes: bytes.into(), jet: self.jet };
        self.last = Some((number, page.clone()));
        Some(page)
    }

    /// Type of a page, and the definition that it belongs to if it has rows. Pages with nothing but parts of long
    /// values bear a mark instead, which is no number of a page.
    pub(super) fn owner(&mut self, number: u32) -> Option<(u8, u32)> {
        let page = self.page(number)?;
        let kind = *page.bytes.first()?;
        (page.bytes.get(1) == Some(&1)).then_some((kind, u32_at(&page.bytes, 4)?))
    }
}

/// A page.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) bytes: std::sync::Arc<[u8]>,
    jet: Jet,
}

/// Where a row lies on its page.
pub(super) struct Slot {
    /// It is deleted, or another row points to it.
    pub(super) deleted: bool,
    /// In place of the row stand four bytes that point to it.
    pub(super) moved: bool,
    start: usize,
    end: usize,
}

impl Page {
    /// How many rows it has room for.
    pub(super) fn rows(&self) -> u16 {
        let declared = u16_at(&self.bytes, self.table() - 2).unwrap_or(0);
        let room = self.bytes.len().saturating_sub(self.table()) / 2;
        declared.min(u16::try_from(room).unwrap_or(u16::MAX))
    }

    /// Where the offsets of rows begin.
    fn table(&self) -> usize {
        match self.jet {
            Jet::Three => 10,
            Jet::Four => 14,
        }
    }

    /// A row; they lie one before the other, from the end of the page.
    pub(super) fn slot(&self, row: u16) -> Option<Slot> {
        const OFFSET: u16 = 0x1FFF;
        const DELETED: u16 = 0x8000;
        const MOVED: u16 = 0x4000;
        if row >= self.rows() {
            return None;
        }
        let at = self.table() + 2 * usize::from(row);
        let word = u16_at(&self.bytes, at)?;
        let end = match row {
            0 => self.jet.page_size(),
            _ => usize::from(u16_at(&self.bytes, at - 2)? & OFFSET),
        };
        let start = usize::from(word & OFFSET);
        Some(Slot { deleted: word & DELETED != 0, moved: word & MOVED != 0, start, end })
    }

    /// The bytes of a row.
    pub(super) fn row(&self, slot: &Slot) -> Option<&[u8]> {
        self.bytes.get(slot.start..slot.end).filter(|_| slot.start >= self.table())
    }
}

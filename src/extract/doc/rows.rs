//! Which paragraphs stand in tables, and which of their marks end a row.
//!
//! Cells and rows end with the same character. What tells them apart is the paragraph's formatting, kept in pages of
//! 512 bytes ([MS-DOC] 2.9.176, `PapxFkp`), to which a table of the table stream points (2.8.6, `PlcBtePapx`).

use std::collections::HashSet;

use super::fib::Fib;
use crate::extract::bytes::{slice, u16_at, u32_at, up_to};

/// Bytes of a page of formatting.
const PAGE: usize = 512;
/// Paragraph stands in a table ([MS-DOC] 2.6.2, `sprmPFInTable`).
const IN_TABLE: u16 = 0x2416;
/// Paragraph is the end of a row (`sprmPFTtp`).
const ROW_END: u16 = 0x2417;

/// A paragraph in a table, by the bytes it takes in the stream.
struct Paragraph {
    from: u32,
    to: u32,
    ends_row: bool,
}

/// Paragraphs in tables, in the order of their bytes.
pub(super) struct Rows {
    paragraphs: Vec<Paragraph>,
    known: bool,
}

/// What a mark is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The end of a row.
    Row,
    /// Something in a cell, or its end.
    Cell,
    /// Something outside of tables.
    Text,
    /// Nothing is known of the formatting.
    Unknown,
}

impl Rows {
    /// Reads the formatting of paragraphs, as far as there is any.
    pub(super) fn read(stream: &[u8], table: &[u8], fib: &Fib) -> Rows {
        let plc = up_to(table, fib.paragraphs.0 as usize, fib.paragraphs.1 as usize);
        // n + 1 positions of 4 bytes, n page numbers of 4, of which 22 bits count.
        let count = plc.len().saturating_sub(4) / 8;
        let numbers = (0..count).filter_map(|n| u32_at(plc, 4 * (count + 1) + 4 * n)).map(|n| n & 0x3F_FFFF);
        let (mut paragraphs, mut met, mut known) = (Vec::new(), HashSet::new(), false);
        for number in numbers.filter(|number| met.insert(*number)) {
            if let Some(page) = slice(stream, number as usize * PAGE, PAGE) {
                known = true;
                read_page(page, &mut paragraphs);
            }
        }
        paragraphs.sort_by_key(|p| p.from);
        Rows { paragraphs, known }
    }

    /// What the mark at byte `at` of the stream is.
    pub(super) fn mark(&self, at: u32) -> Mark {
        let next = self.paragraphs.partition_point(|p| p.from <= at);
        match next.checked_sub(1).map(|n| &self.paragraphs[n]).filter(|p| at < p.to) {
            Some(p) if p.ends_row => Mark::Row,
            Some(_) => Mark::Cell,
            None if self.known => Mark::Text,
            None => Mark::Unknown,
        }
    }
}

/// Adds the paragraphs in tables of a page: it begins with n + 1 positions, then n entries of 13 bytes whose first
/// says where the formatting stands, in words; its last byte is n.
fn read_page(page: &[u8], out: &mut Vec<Paragraph>) {
    let count = usize::from(page[PAGE - 1]);
    for n in 0..count {
        let (from, to) = (u32_at(page, 4 * n), u32_at(page, 4 * n + 4));
        let (Some(from), Some(to), Some(&at)) = (from, to, page.get(4 * (count + 1) + 13 * n)) else {
            return;
        };
        let (in_table, ends_row) = formatting(page, 2 * usize::from(at));
        if at != 0 && (in_table || ends_row) && from < to {
            out.push(Paragraph { from, to, ends_row });
        }
    }
}

/// Whether a paragraph stands in a table, and ends a row: from the properties at byte `at` of its page, behind their
/// length and two bytes for the style ([MS-DOC] 2.9.175, `PapxInFkp`).
fn formatting(page: &[u8], at: usize) -> (bool, bool) {
    let length = |at: usize| usize::from(page.get(at).copied().unwrap_or(0));
    let properties = match length(at) {
        0 => up_to(page, at + 2, 2 * length(at + 1)),
        n => up_to(page, at + 1, 2 * n - 1),
    };
    let (mut found, mut at) = ((false, false), 2);
    while let Some(code) = u16_at(properties, at) {
        let on = properties.get(at + 2).is_some_and(|&b| b != 0);
        match code {
            IN_TABLE => found.0 = on,
            ROW_END => found.1 = on,
            _ => {}
        }
        at += 2 + operand(properties, code, at + 2);
    }
    found
}

/// Bytes of the operand of a property ([MS-DOC] 2.2.5.1): by the upper three bits of its code. `sprmTDefTable`
/// (0xD608) has a length of two bytes.
fn operand(properties: &[u8], code: u16, at: usize) -> usize {
    match code >> 13 {
        0 | 1 => 1,
        2 | 4 | 5 => 2,
        3 => 4,
        7 => 3,
        _ if code == 0xD608 => u16_at(properties, at).map_or(1, |n| 1 + usize::from(n)),
        _ => 1 + usize::from(properties.get(at).copied().unwrap_or(0)),
    }
}

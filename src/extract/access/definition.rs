//! The definition of a table: its columns.

use super::pages::{DEFINITION, Jet, Pages};
use super::value::text;
use crate::extract::bytes::{slice, u16_at, u32_at};

/// Pages that a definition may stand on: 255 columns and 32 indexes fit on fewer.
const MOST_PAGES: usize = 64;

/// A table as it is defined.
pub(super) struct Definition {
    /// Its first page, by which its rows are known.
    pub(super) page: u32,
    /// Columns in their order.
    pub(super) columns: Vec<Column>,
    /// Some column has values of varying length.
    pub(super) varying: bool,
}

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: u8,
    /// Its number, by which a row says whether it has a value.
    pub(super) number: u16,
    /// Its place among those of varying length.
    pub(super) varying: u16,
    /// Its offset in the row, if its length is fixed.
    pub(super) fixed: Option<u16>,
    /// Digits behind the point.
    pub(super) scale: u8,
}

/// Where the parts of a definition stand. Offsets from its first byte.
struct Layout {
    columns: usize,
    indexes: usize,
    start: usize,
    index: usize,
    column: usize,
}

/// Where the parts of a column stand.
struct Parts {
    number: usize,
    varying: usize,
    scale: usize,
    flags: usize,
    fixed: usize,
}

const JET_3: (Layout, Parts) = (
    Layout { columns: 25, indexes: 31, start: 43, index: 8, column: 18 },
    Parts { number: 1, varying: 3, scale: 10, flags: 13, fixed: 14 },
);
const JET_4: (Layout, Parts) = (
    Layout { columns: 45, indexes: 51, start: 63, index: 12, column: 25 },
    Parts { number: 5, varying: 7, scale: 12, flags: 15, fixed: 21 },
);

impl Definition {
    /// The definition that begins on a page.
    pub(super) fn read(pages: &mut Pages<'_>, page: u32) -> Option<Definition> {
        let bytes = gather(pages, page)?;
        let (layout, parts) = match pages.jet {
            Jet::Three => JET_3,
            Jet::Four => JET_4,
        };
        let count = usize::from(u16_at(&bytes, layout.columns)?);
        let indexes = u32_at(&bytes, layout.indexes)? as usize;
        let start = layout.start.checked_add(indexes.checked_mul(layout.index)?)?;
        let entries = slice(&bytes, start, count.checked_mul(layout.column)?)?;
        let mut columns: Vec<Column> =
            entries.chunks_exact(layout.column).map(|entry| column(entry, &parts)).collect::<Option<_>>()?;
        let mut names = bytes.get(start + entries.len()..)?;
        for column in &mut columns {
            column.name = name(&mut names, pages)?;
        }
        columns.sort_by_key(|c| c.number);
        let varying = u16_at(&bytes, layout.columns - 2)? > 0;
        (!columns.is_empty()).then_some(Definition { page, columns, varying })
    }
}

/// All pages of a definition in one; each names the next, and has eight bytes of its own.
fn gather(pages: &mut Pages<'_>, first: u32) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut next = first;
    for _ in 0..MOST_PAGES {
        let page = pages.page(next).filter(|page| page.bytes.first() == Some(&DEFINITION))?;
        next = u32_at(&page.bytes, 4)?;
        all.extend_from_slice(page.bytes.get(if all.is_empty() { 0 } else { 8 }..)?);
        if next == 0 {
            break;
        }
    }
    Some(all)
}

fn column(entry: &[u8], parts: &Parts) -> Option<Column> {
    const FIXED: u8 = 0x01;
    let is_fixed = entry.get(parts.flags)? & FIXED != 0;
    Some(Column {
        name: String::new(),
        kind: *entry.first()?,
        number: u16_at(entry, parts.number)?,
        varying: u16_at(entry, parts.varying)?,
        fixed: is_fixed.then_some(u16_at(entry, parts.fixed)?),
        scale: *entry.get(parts.scale)?,
    })
}

/// Takes the next name from the front: its length in bytes, of one byte or two, then text.
fn name(names: &mut &[u8], pages: &Pages<'_>) -> Option<String> {
    let (length, rest) = match pages.jet {
        Jet::Three => (usize::from(*names.first()?), names.get(1..)?),
        Jet::Four => (usize::from(u16_at(names, 0)?), names.get(2..)?),
    };
    let (name, rest) = rest.split_at_checked(length)?;
    *names = rest;
    Some(text(name, pages.jet, pages.code_page))
}

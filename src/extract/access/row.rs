//! The values of a row as they are stored.

use super::definition::{Column, Definition};
use super::pages::Jet;
use crate::extract::bytes::{slice, u16_at};

/// What a row holds in a column.
pub(super) enum Stored<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Truth(bool),
    /// Bytes of whatever kind the column has.
    Bytes(&'a [u8]),
}

/// A row taken apart.
pub(super) struct Row<'a> {
    bytes: &'a [u8],
    jet: Jet,
    /// How many columns the table had when the row was written.
    columns: u16,
    /// A bit for each of them, set if it has a value.
    present: &'a [u8],
    /// Offsets of values of varying length, and of the end of the last.
    offsets: Vec<u16>,
}

impl<'a> Row<'a> {
    /// `None` if the bytes are no row of the table.
    pub(super) fn read(bytes: &'a [u8], jet: Jet, definition: &Definition) -> Option<Row<'a>> {
        let columns = match jet {
            Jet::Three => u16::from(*bytes.first()?),
            Jet::Four => u16_at(bytes, 0)?,
        };
        let mask = usize::from(columns).div_ceil(8);
        let end = bytes.len().checked_sub(mask)?;
        let present = &bytes[end..];
        let offsets = match (definition.varying, jet) {
            (false, _) => Vec::new(),
            (true, Jet::Three) => offsets_3(bytes, end)?,
            (true, Jet::Four) => offsets_4(bytes, end)?,
        };
        (columns > 0).then_some(Row { bytes, jet, columns, present, offsets })
    }

    /// What it holds in a column.
    pub(super) fn value(&self, column: &Column) -> Stored<'a> {
        if column.number >= self.columns {
            return Stored::Null;
        }
        let number = usize::from(column.number);
        let bit = self.present.get(number / 8).is_some_and(|byte| byte & (1 << (number % 8)) != 0);
        if column.kind == super::value::TRUTH {
            Stored::Truth(bit)
        } else if bit {
            self.bytes(column).map_or(Stored::Null, Stored::Bytes)
        } else {
            Stored::Null
        }
    }

    fn bytes(&self, column: &Column) -> Option<&'a [u8]> {
        if let Some(fixed) = column.fixed {
            let head = if self.jet == Jet::Three { 1 } else { 2 };
            let length = super::value::fixed_length(column.kind)?;
            return slice(self.bytes, head + usize::from(fixed), length);
        }
        let at = usize::from(column.varying);
        let (start, end) = (*self.offsets.get(at)?, *self.offsets.get(at + 1)?);
        self.bytes.get(usize::from(start)..usize::from(end))
    }
}

/// Offsets in Jet 4: their number before the bits, and before that they themselves, last to first.
fn offsets_4(bytes: &[u8], end: usize) -> Option<Vec<u16>> {
    let count = usize::from(u16_at(bytes, end.checked_sub(2)?)?);
    (0..=count).map(|n| u16_at(bytes, end.checked_sub(4 + 2 * n)?)).collect()
}

/// Offsets in Jet 3: of one byte each. A table of jumps before their number names those from which on 256 is added
/// once more.
fn offsets_3(bytes: &[u8], end: usize) -> Option<Vec<u16>> {
    let count = usize::from(*bytes.get(end.checked_sub(1)?)?);
    let mut jumps = bytes.len().checked_sub(1)? / 256;
    // Offsets lie before the jumps.
    let first = end.checked_sub(jumps + 2)?;
    if first.saturating_sub(count) / 256 < jumps {
        jumps -= 1;
    }
    let mut used = 0;
    let mut offsets = Vec::with_capacity(count + 1);
    for n in 0..=count {
        while used < jumps && bytes.get(end.checked_sub(used + 2)?).map(|&b| usize::from(b)) == Some(n) {
            used += 1;
        }
        let low = u16::from(*bytes.get(first.checked_sub(n)?)?);
        offsets.push(low + 256 * u16::try_from(used).ok()?);
    }
    Some(offsets)
}

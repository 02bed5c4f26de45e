//! Values of other workbooks that are kept for links to them: they often outlive their source.

use super::globals::{Globals, TICK};
use super::record::{Pieces, Record, Records, u16_at};
use super::sheet::error;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::xlsx::number::plain_value;

/// `SUPBOOK`: a workbook that is linked to; the kept cells of its sheets follow.
const SOURCE: u16 = 0x01AE;
/// `CRN`: neighbouring cells of a row.
const CELLS: u16 = 0x005A;

/// Gives the kept values as rows, one table for each source.
pub(super) fn give(stream: &[u8], globals: &Globals, sink: &mut dyn DocumentSink) {
    if globals.dialect.version < 8 {
        return;
    }
    let (mut number, mut begun) = (0u32, false);
    let mut records = Records::new(stream, 0);
    let mut seen = 0usize;
    while let Some(record) = records.next().filter(|r| r.at < globals.end) {
        seen += 1;
        if seen.is_multiple_of(TICK) && !sink.go_on() {
            return;
        }
        match record.kind {
            SOURCE => (number, begun) = (number + 1, false),
            CELLS => {
                let table = Some(number.to_string());
                let place = Place { part: Some("external-link".into()), table, ..Place::default() };
                if !std::mem::replace(&mut begun, true) {
                    sink.unit(place.clone());
                }
                give_cells(records.pieces(&record), &record, place, sink);
            }
            _ => {}
        }
    }
}

/// Last and first column, row, then the values ([MS-XLS] 2.4.65).
fn give_cells(mut pieces: Pieces<'_>, record: &Record<'_>, place: Place, sink: &mut dyn DocumentSink) {
    let (Some(&[last, first]), Some(row)) = (record.data.first_chunk::<2>(), u16_at(record.data, 2)) else {
        return;
    };
    let _ = pieces.skip(4);
    let mut cells = Vec::new();
    for column in first..=last {
        let Some((text, number)) = value(&mut pieces) else { break };
        if !text.trim().is_empty() {
            cells.push(Cell { column: column.into(), text, number });
        }
    }
    if !cells.is_empty() {
        sink.row(Row { place: Place { row: Some(u64::from(row) + 1), ..place }, cells });
    }
}

/// A value behind a byte for its kind ([MS-XLS] 2.5.233).
fn value(pieces: &mut Pieces<'_>) -> Option<(String, bool)> {
    let kind = pieces.byte()?;
    if kind == 2 {
        return Some((pieces.text(false)?, false));
    }
    let (low, high) = (pieces.u32()?, pieces.u32()?);
    Some(match kind {
        1 => (plain_value(f64::from_bits(u64::from(high) << 32 | u64::from(low))), true),
        4 => (if low.to_le_bytes()[0] == 0 { "FALSE" } else { "TRUE" }.to_owned(), false),
        16 => (error(low.to_le_bytes()[0]).to_owned(), false),
        _ => (String::new(), false),
    })
}

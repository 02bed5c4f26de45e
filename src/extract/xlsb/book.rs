//! The parts that all sheets share, in their binary form.

use super::record::{Data, Records};
use crate::coverage::Cause;
use crate::document::DocumentSink;
use crate::extract::xlsx::book::{Book, Sheet};

/// Bytes of sheet names and defined names that are kept.
const MOST_NAMES: usize = 32 << 20;

/// `xl/workbook.bin`: sheets, date system, defined names.
pub(super) fn workbook(records: &mut Records<'_>, book: &mut Book, sink: &mut dyn DocumentSink) {
    let mut kept = 0;
    while !records.tick() || sink.go_on() {
        let Some((kind, mut data)) = records.next() else { return };
        match kind {
            153 => book.since_1904 = data.u32().is_some_and(|flags| flags & 1 != 0),
            156 => {
                let Some(sheet) = sheet(data) else { continue };
                kept += sheet.name.len() + sheet.relation.len() + size_of::<Sheet>();
                book.sheets.push(sheet);
            }
            39 => {
                let Some((name, value)) = name(data) else { continue };
                kept += name.len() + value.len() + 2 * size_of::<String>();
                book.names.push((name, value));
            }
            _ => {}
        }
        if kept > MOST_NAMES {
            sink.gap(Cause::LimitMemory, "more sheets and names than are kept", Some("workbook".into()));
            return;
        }
    }
}

/// `BrtBundleSh`: state, number, relationship, name ([MS-XLSB] 2.4.304).
fn sheet(mut data: Data<'_>) -> Option<Sheet> {
    data.skip(8)?;
    let relation = data.text()?;
    Some(Sheet { name: data.text()?, relation })
}

/// `BrtName`: flags, key, sheet, name, formula ([MS-XLSB] 2.4.711), and the text it stands for, if it stands for
/// one (`PtgStr`, [MS-XLSB] 2.5.97.85).
fn name(mut data: Data<'_>) -> Option<(String, String)> {
    const BUILT_IN: u32 = 0x20;
    const TEXT: u8 = 0x17;
    let flags = data.u32()?;
    data.skip(5)?;
    let name = data.text()?;
    let length = data.u32()?;
    let mut value = String::new();
    if length > 2 && data.u8() == Some(TEXT) {
        let units = usize::from(data.u16()?);
        let bytes = &data.0[..(2 * units).min(data.0.len())];
        let units: Vec<u16> = bytes.chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).collect();
        value = String::from_utf16_lossy(&units);
    }
    (flags & BUILT_IN == 0).then_some((name, value))
}

/// `xl/sharedStrings.bin`.
pub(super) fn strings(records: &mut Records<'_>, book: &mut Book, sink: &mut dyn DocumentSink) {
    while !records.tick() || sink.go_on() {
        let Some((kind, mut data)) = records.next() else { return };
        if kind != 19 {
            continue;
        }
        let _ = data.skip(1);
        // A string that is cut short keeps its number.
        if !book.strings.push(&data.text().unwrap_or_default()) {
            let words = "more shared strings than are kept";
            sink.gap(Cause::LimitMemory, words, Some("shared strings".into()));
            return;
        }
    }
}

/// `xl/styles.bin`: formats, and which style of cells has which.
pub(super) fn styles(records: &mut Records<'_>, book: &mut Book, sink: &mut dyn DocumentSink) {
    let mut of_cells = false;
    while !records.tick() || sink.go_on() {
        let Some((kind, mut data)) = records.next() else { return };
        match kind {
            44 => {
                if let Some((id, code)) = data.u16().zip(data.text()) {
                    book.styles.add_format(id.into(), &code);
                }
            }
            47 if of_cells => {
                let format = data.skip(2).and_then(|()| data.u16());
                book.styles.add_cell(format.unwrap_or(0).into());
            }
            617 => of_cells = true,
            618 => of_cells = false,
            _ => {}
        }
    }
}

//! Excel workbooks before Open XML: versions 2 to 4 as bare streams of records, 5 to 2003 inside an OLE2 file.
//!
//! Rows of every sheet come out, hidden ones too, as a reader would see the cells; formulas give their kept results.
//! Nothing is laid out as a grid. A part that the list of sheets does not name is read as well; where the list points
//! nowhere, only that sheet is missing. Records are those of [MS-XLS] 2.4; of versions 2 to 5, of the documentation
//! of the file format by the `OpenOffice` project.

mod cipher;
mod globals;
mod links;
mod objects;
pub(crate) mod ole;
mod pivot;
pub(crate) mod record;
pub(crate) mod sheet;

use std::collections::HashSet;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::extract::cfb::proof;
use crate::extract::unlock;
use globals::{Globals, is_begin};
use record::{Records, u16_at, u32_at};
use sheet::Sheet;

/// Reader of bare streams of records.
pub struct Xls;

impl Extractor for Xls {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        match input.bytes() {
            Ok(stream) => {
                open(stream, input.passwords, sink);
            }
            Err(cause) => sink.gap(cause, "the workbook cannot be taken into memory", None),
        }
    }
}

/// Reads the workbook stream of an OLE2 file, or a bare one; one that is encrypted only if a known password opens it.
/// False if the work must end, or nothing was opened.
pub(crate) fn open(mut stream: Vec<u8>, passwords: &[String], sink: &mut dyn DocumentSink) -> bool {
    if let Some(info) = cipher::file_pass(&stream) {
        let encryption = proof::file_pass(info);
        let Some(opened) = unlock::legacy::open_workbook(info, passwords, &mut || sink.go_on()) else {
            sink.encrypted(encryption);
            return false;
        };
        if opened.by_user {
            sink.opened(encryption);
        }
        cipher::decrypt(&opened.what, &mut stream);
    }
    read(&stream, sink)
}

fn read(stream: &[u8], sink: &mut dyn DocumentSink) -> bool {
    if !u16_at(stream, 0).is_some_and(is_begin) {
        sink.gap(Cause::Damaged, "the workbook does not begin as one", None);
    }
    let globals = Globals::read(stream, sink);
    let read = sink.go_on()
        && if globals.dialect.version < 5 {
            bare_sheets(stream, &globals, sink)
        } else {
            sheets(stream, &globals, sink)
        };
    if read {
        globals.book.give_names(sink);
        links::give(stream, &globals, sink);
    }
    read && sink.go_on()
}

/// The sheets of the list, then those that it does not name.
fn sheets(stream: &[u8], globals: &Globals, sink: &mut dyn DocumentSink) -> bool {
    let begins = |at: usize| at > 0 && u16_at(stream, at).is_some_and(is_begin);
    let mut done: HashSet<usize> = HashSet::new();
    let mut read = 0;
    for (number, sheet) in (1u32..).zip(&globals.sheets) {
        let extent = format!("sheet {number}");
        if !begins(sheet.at) {
            sink.gap(Cause::Damaged, "the sheet is not where the workbook says", Some(extent));
            continue;
        }
        if done.insert(sheet.at) {
            let Some(end) = give_sheet(stream, globals, sheet.at, &sheet.name, &extent, sink) else {
                return false;
            };
            // Sheets inside each other would be read over and over.
            read += end.saturating_sub(sheet.at);
            if read > stream.len() {
                sink.gap(Cause::Damaged, "sheets lie inside each other", Some(extent));
                break;
            }
        }
    }
    unlisted(stream, globals, &done, sink)
}

/// Sheets that stand behind the first part of the stream and are not in `done`.
fn unlisted(stream: &[u8], globals: &Globals, done: &HashSet<usize>, sink: &mut dyn DocumentSink) -> bool {
    let mut at = globals.end;
    let mut number = globals.sheets.len();
    while u16_at(stream, at).is_some_and(is_begin) {
        let end = if done.contains(&at) {
            skip_part(stream, at)
        } else {
            number += 1;
            let name = format!("Sheet{number}");
            match give_sheet(stream, globals, at, &name, &format!("sheet {number}"), sink) {
                Some(end) => end,
                None => return false,
            }
        };
        // Two bytes at the end of the stream look like a beginning and are no record.
        if end <= at {
            return true;
        }
        at = end;
    }
    true
}

/// Where the part that begins at `at` ends.
fn skip_part(stream: &[u8], at: usize) -> usize {
    let mut depth = 0u32;
    for record in Records::new(stream, at) {
        match record.kind {
            kind if is_begin(kind) => depth += 1,
            globals::END => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return record.end();
        }
    }
    stream.len()
}

/// Sheets of versions 2 to 4: one, or one after the other, each behind a record with its name.
fn bare_sheets(stream: &[u8], globals: &Globals, sink: &mut dyn DocumentSink) -> bool {
    const BUNDLE: u16 = 0x008F;
    const WORKBOOK: u16 = 0x0100;
    let mut records = Records::new(stream, 0);
    let (mut name, mut number, mut until) = (None, 0, 0);
    while let Some(record) = records.next() {
        if record.at < until {
            continue;
        }
        match record.kind {
            BUNDLE => {
                let mut text = records.pieces(&record);
                name = u32_at(record.data, 0)
                    .and_then(|_| text.skip(4))
                    .and_then(|()| globals.dialect.text(text, true));
            }
            kind if is_begin(kind) && u16_at(record.data, 2) != Some(WORKBOOK) => {
                number += 1;
                let name = name.take().unwrap_or_else(|| format!("Sheet{number}"));
                let extent = format!("sheet {number}");
                match give_sheet(stream, globals, record.at, &name, &extent, sink) {
                    Some(end) => until = end,
                    None => return false,
                }
            }
            _ => {}
        }
    }
    true
}

fn give_sheet(
    stream: &[u8],
    globals: &Globals,
    at: usize,
    name: &str,
    extent: &str,
    sink: &mut dyn DocumentSink,
) -> Option<usize> {
    let place = Place { sheet: Some(name.to_owned()), ..Place::default() };
    sink.unit(place.clone());
    Sheet::new(stream, globals, place).read(at, extent, sink)
}

#[cfg(test)]
mod tests;

//! The cells of a sheet in binary form, and those kept of other workbooks.

use super::record::{Data, Records};
use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::xls::sheet::{error, rk};
use crate::extract::xlsx::book::Book;
use crate::extract::xlsx::number::{show, show_value};

/// Text of one row that is held; more is given as several rows of the same number.
const MOST_ROW: usize = 16 << 20;
/// The last column that a sheet can have; one beyond it is damage.
const LAST_COLUMN: u32 = 16_383;

struct Rows<'a> {
    book: &'a Book,
    place: &'a Place,
    row: u32,
    column: u32,
    cells: Vec<Cell>,
    held: usize,
    missing: bool,
}

/// Reads the rows of a sheet; returns its headers and footers.
pub(super) fn read(
    records: &mut Records<'_>,
    place: &Place,
    book: &Book,
    sink: &mut dyn DocumentSink,
) -> Vec<String> {
    let mut rows = Rows { book, place, row: 0, column: 0, cells: Vec::new(), held: 0, missing: false };
    let mut margins = Vec::new();
    while !records.tick() || sink.go_on() {
        let Some((kind, mut data)) = records.next() else { break };
        match kind {
            0 | 366 => {
                rows.give(sink);
                rows.row = data.u32().unwrap_or(rows.row.saturating_add(1));
                rows.column = 0;
            }
            1..=18 | 62 | 367..=371 => rows.take(kind, data, sink),
            479 if margins.is_empty() => {
                let _ = data.skip(2);
                margins.extend((0..6).map_while(|_| data.text()));
            }
            _ => {}
        }
    }
    rows.give(sink);
    if rows.missing {
        sink.gap(Cause::Damaged, "cells refer to strings that are missing", None);
    }
    margins
}

impl Rows<'_> {
    fn take(&mut self, kind: u16, mut data: Data<'_>, sink: &mut dyn DocumentSink) {
        // Kinds 12 to 18 are those of 1 to 7 without a column: they stand beside the cell before.
        let short = (12..=18).contains(&kind);
        let linked = (367..=371).contains(&kind);
        if !short {
            let Some(column) = data.u32() else { return };
            self.column = column.min(LAST_COLUMN);
        }
        let style = if linked { Some(0) } else { data.u32().map(|word| word & 0x00FF_FFFF) };
        let Some(style) = style else { return };
        let shown = match kind {
            2 | 13 => data.u32().and_then(|n| self.number(rk(n), style)),
            3 | 11 | 14 | 370 => data.u8().map(|code| (error(code).to_owned(), false)),
            4 | 10 | 15 | 369 => {
                data.u8().map(|truth| (if truth == 0 { "FALSE" } else { "TRUE" }.to_owned(), false))
            }
            5 | 9 | 16 | 368 => data.f64().and_then(|n| self.number(n, style)),
            6 | 8 | 17 | 371 => data.text().map(|text| (text, false)),
            62 => data.skip(1).and_then(|()| data.text()).map(|text| (text, false)),
            7 | 18 => data.u32().and_then(|number| self.shared(number)),
            _ => None,
        };
        if let Some((text, number)) = shown.filter(|(text, _)| !text.trim().is_empty()) {
            self.held += text.len() + size_of::<Cell>();
            self.cells.push(Cell { column: self.column, text, number });
        }
        self.column = (self.column + 1).min(LAST_COLUMN);
        if self.held > MOST_ROW {
            self.give(sink);
        }
    }

    fn number(&self, value: f64, style: u32) -> Option<(String, bool)> {
        let shape = self.book.styles.shape(style as usize);
        value.is_finite().then(|| show(&show_value(value), shape, self.book.since_1904))
    }

    fn shared(&mut self, number: u32) -> Option<(String, bool)> {
        let text = self.book.strings.at(number as usize);
        self.missing |= text.is_none();
        Some((text?.to_owned(), false))
    }

    fn give(&mut self, sink: &mut dyn DocumentSink) {
        self.held = 0;
        let mut cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            cells.sort_by_key(|c| c.column);
            sink.row(Row {
                place: Place { row: Some(u64::from(self.row) + 1), ..self.place.clone() },
                cells,
            });
        }
    }
}

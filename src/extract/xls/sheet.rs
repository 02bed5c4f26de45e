//! The cells of a sheet. They are gathered without being laid out as a grid, and given row by row: some programs
//! write them column by column.

use super::globals::{END, Globals, TICK, is_begin};
use super::objects::Objects;
use super::record::{Record, Records, f64_at, u16_at, u32_at};
use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::xlsx::number::{show, show_value};

/// Cells that are gathered before rows are given; of a sheet with more, rows may be given in pieces.
const MOST_CELLS: usize = 1 << 23;
/// Text of one row that is held; more is given as several rows of the same number.
const MOST_ROW: usize = 16 << 20;
/// Text of all rows together, beyond the size of the stream: shared strings may be used any number of times.
const MOST_TEXT: usize = 2 << 30;

/// The kind of part that is a chart.
const CHART: u16 = 0x0020;

/// What a cell holds, or where it stands in the stream.
#[derive(Clone, Copy)]
enum Value {
    Number(f64),
    Shared(u32),
    /// Offset of the record with the text.
    Text(usize),
    Boolean(bool),
    Error(u8),
    /// A formula whose text is in a record to come.
    Awaited,
}

#[derive(Clone, Copy)]
struct Raw {
    row: u32,
    column: u16,
    style: u16,
    value: Value,
}

/// What reads one sheet.
pub(super) struct Sheet<'a> {
    stream: &'a [u8],
    globals: &'a Globals,
    place: Place,
    cells: Vec<Raw>,
    objects: Objects,
    given: usize,
    trouble: Option<(Cause, &'static str)>,
}

impl<'a> Sheet<'a> {
    /// A sheet whose cells come out with `place`.
    pub(super) fn new(stream: &'a [u8], globals: &'a Globals, place: Place) -> Self {
        let objects = Objects::new(globals.dialect);
        Sheet { stream, globals, place, cells: Vec::new(), objects, given: 0, trouble: None }
    }

    /// Reads the sheet that begins at `start`, and what stands beside its cells; returns where it ends. `None` if
    /// the work must end.
    pub(super) fn read(mut self, start: usize, extent: &str, sink: &mut dyn DocumentSink) -> Option<usize> {
        let mut records = Records::new(self.stream, start);
        let (mut depth, mut number, mut end) = (0u32, 0usize, start);
        let mut ended = false;
        while let Some(record) = records.next() {
            number += 1;
            if number.is_multiple_of(TICK) && !sink.go_on() {
                return None;
            }
            end = record.end();
            match record.kind {
                // Of all parts only charts stand inside a sheet: its end is missing.
                kind if is_begin(kind) && depth > 0 && u16_at(record.data, 2) != Some(CHART) => {
                    end = record.at;
                    break;
                }
                kind if is_begin(kind) => depth += 1,
                END => depth = depth.saturating_sub(1),
                _ if depth <= 1 => self.take(&records, &record),
                _ => self.objects.of_chart(&records, &record),
            }
            ended = depth == 0;
            if ended {
                break;
            }
            if self.cells.len() >= MOST_CELLS {
                self.give(sink);
            }
        }
        if !ended {
            self.trouble = Some((Cause::Damaged, "the sheet breaks off"));
        }
        self.give(sink);
        self.objects.give(&self.place, sink);
        if let Some((cause, words)) = self.trouble {
            sink.gap(cause, words, Some(extent.to_owned()));
        }
        sink.go_on().then_some(end)
    }

    fn take(&mut self, records: &Records<'a>, record: &Record<'a>) {
        let data = record.data;
        match record.kind {
            0x0002 => self.add(data, 2, |d| u16_at(d, 7).map(|n| Value::Number(f64::from(n)))),
            0x0003 => self.add(data, 2, |d| f64_at(d, 7).map(Value::Number)),
            0x0203 => self.add(data, 3, |d| f64_at(d, 6).map(Value::Number)),
            0x027E => self.add(data, 3, |d| u32_at(d, 6).map(|n| Value::Number(rk(n)))),
            0x00BD => self.add_many(data),
            0x00FD => self.add(data, 3, |d| u32_at(d, 6).map(Value::Shared)),
            0x0004 => self.add(data, 2, |_| Some(Value::Text(record.at))),
            0x0204 | 0x00D6 => self.add(data, 3, |_| Some(Value::Text(record.at))),
            0x0005 => self.add(data, 2, |d| truth(d.get(7..9)?)),
            0x0205 => self.add(data, 3, |d| truth(d.get(6..8)?)),
            0x0006 if self.globals.dialect.version == 2 => self.add(data, 2, |d| result(d.get(7..15)?)),
            0x0006 | 0x0206 | 0x0406 => self.add(data, 3, |d| result(d.get(6..14)?)),
            0x0007 | 0x0207 => {
                let awaited = self.cells.last_mut().filter(|c| matches!(c.value, Value::Awaited));
                if let Some(cell) = awaited {
                    cell.value = Value::Text(record.at);
                }
            }
            _ => self.objects.take(records, record),
        }
    }

    /// A cell whose value `find` finds in the data; the layout of what stands before it is that of version 2 or of
    /// version 3 and later.
    fn add(&mut self, data: &[u8], layout: u8, find: impl FnOnce(&[u8]) -> Option<Value>) {
        let style = if layout == 2 {
            // Its number of a format stands in the cell.
            data.get(5).map(|b| u16::from(b & 0x3F))
        } else {
            u16_at(data, 4)
        };
        let place = u16_at(data, 0).zip(u16_at(data, 2));
        match place.zip(style).zip(find(data)) {
            Some((((row, column), style), value)) => {
                self.cells.push(Raw { row: row.into(), column, style, value });
            }
            None => self.trouble = Some((Cause::Damaged, "a cell is cut short")),
        }
    }

    /// `MULRK`: numbers in neighbouring columns, six bytes each, between row and first column, and last column.
    fn add_many(&mut self, data: &[u8]) {
        let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
        for (column, cell) in (first..=u16::MAX).zip(cells.chunks_exact(6)) {
            let (Some(style), Some(number)) = (u16_at(cell, 0), u32_at(cell, 2)) else { return };
            self.cells.push(Raw { row: row.into(), column, style, value: Value::Number(rk(number)) });
        }
    }

    /// Gives the gathered cells row by row.
    fn give(&mut self, sink: &mut dyn DocumentSink) {
        let mut cells = std::mem::take(&mut self.cells);
        if !cells.is_sorted_by_key(|c| (c.row, c.column)) {
            cells.sort_by_key(|c| (c.row, c.column));
        }
        for (number, row) in (1usize..).zip(cells.chunk_by(|a, b| a.row == b.row)) {
            if number.is_multiple_of(TICK) && !sink.go_on() {
                return;
            }
            self.give_row(row, sink);
            if self.given > self.stream.len() + MOST_TEXT {
                self.trouble = Some((Cause::LimitBytes, "cells repeat strings too often"));
                return;
            }
        }
    }

    fn give_row(&mut self, row: &[Raw], sink: &mut dyn DocumentSink) {
        let Some(first) = row.first() else { return };
        let place = Place { row: Some(u64::from(first.row) + 1), ..self.place.clone() };
        let (mut cells, mut held) = (Vec::new(), 0);
        for raw in row {
            let Some((text, number)) = self.shown(raw).filter(|(text, _)| !text.trim().is_empty()) else {
                continue;
            };
            held += text.len();
            self.given += text.len();
            cells.push(Cell { column: raw.column.into(), text, number });
            if held > MOST_ROW {
                sink.row(Row { place: place.clone(), cells: std::mem::take(&mut cells) });
                held = 0;
            }
        }
        if !cells.is_empty() {
            sink.row(Row { place, cells });
        }
    }

    /// The cell as a reader would see it, and whether it is a number.
    fn shown(&mut self, raw: &Raw) -> Option<(String, bool)> {
        let text = match raw.value {
            Value::Number(value) => return self.number(value, raw.style),
            Value::Shared(number) => {
                let text = self.globals.book.strings.at(number as usize);
                if text.is_none() {
                    self.trouble = Some((Cause::Damaged, "cells refer to strings that are missing"));
                }
                text?.to_owned()
            }
            Value::Text(at) => self.text(at)?,
            Value::Boolean(truth) => if truth { "TRUE" } else { "FALSE" }.to_owned(),
            Value::Error(code) => error(code).to_owned(),
            Value::Awaited => return None,
        };
        Some((text, false))
    }

    fn number(&self, value: f64, style: u16) -> Option<(String, bool)> {
        let (styles, style) = (&self.globals.book.styles, u32::from(style));
        let shape = if self.globals.dialect.version == 2 {
            styles.shape_of_format(style)
        } else {
            styles.shape(style as usize)
        };
        value.is_finite().then(|| show(&show_value(value), shape, self.globals.book.since_1904))
    }

    /// The text in the record at `at`.
    fn text(&self, at: usize) -> Option<String> {
        let mut records = Records::new(self.stream, at);
        let record = records.next()?;
        let dialect = self.globals.dialect;
        let (header, short) = match record.kind {
            0x0004 => (7, true),
            0x0007 => (0, true),
            0x0207 => (0, false),
            _ => (6, false),
        };
        let mut pieces = records.pieces(&record);
        pieces.skip(header)?;
        dialect.text(pieces, short)
    }
}

/// A number in 30 bits: whole or the high part of a floating-point one, and perhaps a hundredth of it.
pub(crate) fn rk(rk: u32) -> f64 {
    let value =
        if rk & 2 != 0 { f64::from(rk.cast_signed() >> 2) } else { f64::from_bits(u64::from(rk & !3) << 32) };
    if rk & 1 != 0 { value / 100.0 } else { value }
}

/// A truth value, or an error where the second byte says so.
fn truth(data: &[u8]) -> Option<Value> {
    Some(if *data.get(1)? == 0 { Value::Boolean(data[0] != 0) } else { Value::Error(data[0]) })
}

/// The kept result of a formula: a number, or another kind where its last two bytes are ones.
fn result(data: &[u8]) -> Option<Value> {
    if data.get(6..8)? != [0xFF, 0xFF] {
        return f64_at(data, 0).map(Value::Number);
    }
    Some(match data[0] {
        1 => Value::Boolean(data[2] != 0),
        2 => Value::Error(data[2]),
        _ => Value::Awaited,
    })
}

/// The word for an error code ([MS-XLS] 2.5.10).
pub(crate) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR",
    }
}

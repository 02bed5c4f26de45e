//! What stands beside the cells of a sheet: headers and footers, comments, text boxes, titles of charts.

use std::collections::HashMap;

use super::record::{Dialect, Record, Records, u16_at};
use crate::document::{DocumentSink, Place};
use crate::extract::xlsx::sheet::{cell_name, margin_text};

/// A comment, or where its text is to be found.
struct Note {
    row: u32,
    column: u32,
    object: Option<u16>,
    text: String,
}

/// Gathers what stands beside the cells.
pub(super) struct Objects {
    dialect: Dialect,
    margins: Vec<String>,
    notes: Vec<Note>,
    boxes: Vec<(u16, String)>,
    /// Number of the object that a text to come belongs to.
    object: u16,
    charts: Vec<String>,
}

impl Objects {
    /// Nothing yet.
    pub(super) fn new(dialect: Dialect) -> Self {
        Objects {
            dialect,
            margins: Vec::new(),
            notes: Vec::new(),
            boxes: Vec::new(),
            object: 0,
            charts: Vec::new(),
        }
    }

    /// A record among those of the sheet.
    pub(super) fn take(&mut self, records: &Records<'_>, record: &Record<'_>) {
        let data = record.data;
        match record.kind {
            0x0014 | 0x0015 if !data.is_empty() => {
                let text = self.dialect.text(records.pieces(record), self.dialect.version < 8);
                self.margins.extend(text);
            }
            0x089C => self.more_margins(records, record),
            // The common part comes first: its kind and length, kind and number of the object.
            0x005D if self.dialect.version >= 8 => self.object = u16_at(data, 6).unwrap_or(0),
            0x01B6 => self.text_box(records, record),
            0x001C if self.dialect.version >= 8 => {
                let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
                let note = Note {
                    row: row.into(),
                    column: column.into(),
                    object: u16_at(data, 6),
                    text: String::new(),
                };
                self.notes.push(note);
            }
            0x001C => self.old_note(data),
            0x100D => self.of_chart(records, record),
            _ => {}
        }
    }

    /// Headers and footers of first and even pages ([MS-XLS] 2.4.137): four lengths, then the texts of those that
    /// are not empty.
    fn more_margins(&mut self, records: &Records<'_>, record: &Record<'_>) {
        let lengths: Vec<u16> = (0..4).filter_map(|n| u16_at(record.data, 30 + 2 * n)).collect();
        let mut pieces = records.pieces(record);
        let _ = pieces.skip(38);
        for _ in lengths.iter().filter(|&&length| length > 0) {
            self.margins.extend(pieces.text(false));
        }
    }

    /// `TXO`: the length of the text stands in the record, the text itself in those that it goes on in.
    fn text_box(&mut self, records: &Records<'_>, record: &Record<'_>) {
        let length = u16_at(record.data, 10).unwrap_or(0);
        let mut pieces = records.pieces(record);
        if length > 0 && pieces.skip(record.data.len()).is_some() {
            let text = pieces.characters(length.into(), 0);
            self.boxes.push((self.object, text));
        }
    }

    /// A comment before version 8: its text in pieces of 2,048 bytes, all but the first at row 65,535.
    fn old_note(&mut self, data: &[u8]) {
        let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let text = self.dialect.bytes(data.get(6..).unwrap_or_default());
        match self.notes.last_mut() {
            Some(note) if row == u16::MAX => note.text.push_str(&text),
            _ => self.notes.push(Note { row: row.into(), column: column.into(), object: None, text }),
        }
    }

    /// A record of a chart on the sheet: titles and labels.
    pub(super) fn of_chart(&mut self, records: &Records<'_>, record: &Record<'_>) {
        let (header, short) = match record.kind {
            0x100D => (2, true),
            0x0204 => (6, false),
            0x01B6 => {
                self.text_box(records, record);
                return;
            }
            _ => return,
        };
        let mut pieces = records.pieces(record);
        let text = pieces.skip(header).and_then(|()| self.dialect.text(pieces, short));
        self.charts.extend(text);
    }

    /// Gives what was gathered.
    pub(super) fn give(mut self, sheet: &Place, sink: &mut dyn DocumentSink) {
        let margins = self.margins.iter().map(|m| (None, margin_text(m))).collect();
        give_part("header-footer", sheet, margins, sink);
        let mut texts: HashMap<u16, String> = HashMap::new();
        if self.notes.iter().any(|n| n.object.is_some()) {
            let of_notes: std::collections::HashSet<u16> =
                self.notes.iter().filter_map(|n| n.object).collect();
            let (noted, rest): (Vec<_>, Vec<_>) =
                self.boxes.into_iter().partition(|(id, _)| of_notes.contains(id));
            self.boxes = rest;
            for (id, text) in noted {
                texts.entry(id).or_default().push_str(&text);
            }
        }
        let notes = self.notes.into_iter().map(|note| {
            let kept = note.object.and_then(|id| texts.remove(&id));
            (Some(cell_name(note.row, note.column)), kept.unwrap_or(note.text))
        });
        give_part("comments", sheet, notes.collect(), sink);
        give_part("drawing", sheet, self.boxes.into_iter().map(|(_, text)| (None, text)).collect(), sink);
        give_part("chart", sheet, self.charts.into_iter().map(|text| (None, text)).collect(), sink);
    }
}

/// Texts of one kind, as a unit of their own if there are any.
fn give_part(
    part: &str,
    sheet: &Place,
    mut texts: Vec<(Option<String>, String)>,
    sink: &mut dyn DocumentSink,
) {
    texts.retain(|(_, text)| !text.trim().is_empty());
    let place = Place { part: Some(part.into()), ..sheet.clone() };
    if !texts.is_empty() {
        sink.unit(place.clone());
    }
    for (cell, text) in texts {
        let text = text.trim().replace('\r', "\n");
        sink.text(Place { cell, ..place.clone() }, &text);
    }
}

//! Characters to paragraphs and rows: what the special characters of a Word text mean ([MS-DOC] 2.4.1).

use encoding_rs::Encoding;

use super::pieces::Piece;
use super::rows::{Mark, Rows};
use crate::document::{Cell, DocumentSink, Place, Row};

/// More cells than a row can have.
const MOST_CELLS: usize = 64;
/// A longer paragraph is given in pieces.
const MOST_PARAGRAPH: usize = 1 << 20;

/// Puts paragraphs and rows together and hands them on.
pub(super) struct Flow<'a> {
    rows: &'a Rows,
    encoding: &'static Encoding,
    sink: &'a mut dyn DocumentSink,
    place: Place,
    text: String,
    /// Codes of the fields of the paragraph: targets of links, and values that are not shown.
    codes: String,
    /// For every field that is open: true while its code is being read.
    fields: Vec<bool>,
    cells: Vec<Cell>,
    /// Number of cells of the last row, where only the count tells where rows end.
    width: usize,
    table: u32,
    row: u64,
    paragraph: u32,
    going: bool,
}

impl<'a> Flow<'a> {
    /// A part of the text begins; `place` names it.
    pub(super) fn new(
        rows: &'a Rows,
        encoding: &'static Encoding,
        place: Place,
        sink: &'a mut dyn DocumentSink,
    ) -> Self {
        sink.unit(place.clone());
        Flow {
            rows,
            encoding,
            sink,
            place,
            text: String::new(),
            codes: String::new(),
            fields: Vec::new(),
            cells: Vec::new(),
            width: 0,
            table: 0,
            row: 0,
            paragraph: 0,
            going: true,
        }
    }

    /// Takes the characters of a piece. False if the work must end.
    pub(super) fn piece(&mut self, piece: Piece, stream: &[u8]) -> bool {
        let bytes = piece.bytes(stream);
        let unit = if piece.wide { 2 } else { 1 };
        let (mut from, mut at) = (0, 0);
        while at + unit <= bytes.len() && self.going {
            let control = bytes[at] < 0x20 && (!piece.wide || bytes[at + 1] == 0);
            if control {
                self.run(&bytes[from..at], piece.wide);
                self.control(bytes[at], piece.at + at as u32);
                from = at + unit;
            }
            at += unit;
        }
        self.run(&bytes[from.min(at)..at], piece.wide);
        self.going
    }

    /// Text without control characters.
    fn run(&mut self, bytes: &[u8], wide: bool) {
        if bytes.is_empty() {
            return;
        }
        let encoding = if wide { encoding_rs::UTF_16LE } else { self.encoding };
        let text = encoding.decode_without_bom_handling(bytes).0;
        self.add(&text);
        if self.text.len() + self.codes.len() > MOST_PARAGRAPH {
            self.end_paragraph();
        }
    }

    fn add(&mut self, text: &str) {
        let in_code = self.fields.iter().any(|&code| code);
        if in_code { &mut self.codes } else { &mut self.text }.push_str(text);
    }

    fn control(&mut self, control: u8, at: u32) {
        match control {
            0x07 => self.end_cell(at),
            0x09 => self.add("\t"),
            0x0A | 0x0B => self.add("\n"),
            0x0C | 0x0E => self.end_paragraph(),
            0x0D => self.end_line(at),
            0x13 => self.fields.push(true),
            0x14 => {
                if let Some(code) = self.fields.last_mut() {
                    *code = false;
                    self.codes.push('\n');
                }
            }
            0x15 => {
                self.fields.pop();
                self.codes.push('\n');
            }
            0x1E => self.add("-"),
            // Pictures, drawings, references to notes and the optional hyphen have no text of their own.
            _ => {}
        }
    }

    /// The end of a paragraph, which within a cell is a line.
    fn end_line(&mut self, at: u32) {
        let in_cell = match self.rows.mark(at) {
            Mark::Cell | Mark::Row => true,
            Mark::Text => false,
            Mark::Unknown => !self.cells.is_empty(),
        };
        if in_cell && self.cells.len() < MOST_CELLS && self.text.len() < MOST_PARAGRAPH {
            self.text.push('\n');
        } else {
            self.end_paragraph();
        }
    }

    fn end_cell(&mut self, at: u32) {
        let blank = self.text.trim().is_empty();
        let ends_row = match self.rows.mark(at) {
            Mark::Row => true,
            Mark::Cell => false,
            // Without formatting, a row ends with an empty cell after as many as the row before had.
            Mark::Text | Mark::Unknown => blank && !self.cells.is_empty() && self.cells.len() >= self.width,
        };
        if !ends_row {
            let text = std::mem::take(&mut self.text);
            let column = self.cells.len() as u32;
            self.cells.push(Cell { column, text: text.trim_end().to_owned(), number: false });
        }
        if ends_row || self.cells.len() >= MOST_CELLS {
            self.end_row();
        }
    }

    fn end_row(&mut self) {
        let mut cells = std::mem::take(&mut self.cells);
        self.width = cells.len();
        if self.row == 0 {
            self.table += 1;
        }
        self.row += 1;
        cells.retain(|cell| !cell.text.is_empty());
        let place = Place { table: Some(self.table.to_string()), row: Some(self.row), ..self.place.clone() };
        if !cells.is_empty() {
            self.sink.row(Row { place, cells });
        }
        self.end_paragraph();
    }

    /// Hands on what is gathered outside of cells. The cells of a row that has no end become a row.
    fn end_paragraph(&mut self) {
        if !self.cells.is_empty() {
            let loose = std::mem::take(&mut self.text);
            self.end_row();
            self.text = loose;
        }
        self.paragraph += 1;
        let (text, codes) = (std::mem::take(&mut self.text), std::mem::take(&mut self.codes));
        let place = Place { paragraph: Some(self.paragraph), ..self.place.clone() };
        if !text.trim().is_empty() {
            (self.row, self.width) = (0, 0);
            self.sink.text(place.clone(), text.trim_end());
        }
        for code in codes.lines().map(str::trim).filter(|code| !code.is_empty()) {
            self.sink.text(place.clone(), code);
        }
        self.going = self.sink.go_on();
    }

    /// The part ends. False if the work must end.
    pub(super) fn end(mut self) -> bool {
        self.end_paragraph();
        self.going
    }
}

//! Documents before 2013: one XML document, `index.xml` or `index.apxl`.
//!
//! Paragraphs are elements `p`, wherever they stand. The cells of a table follow each other in its `datasource`; each
//! says how far it is from the one before (`ct`: 256 for a row, 1 for a column, less than none backwards), and
//! nothing where it is the next. Sources: Apple, iWork '09 schema; libetonyek, which reads the same.

use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::ooxml::xml::{Tag, Token, Xml};

/// Cells of a row that are kept together.
const MOST_CELLS: usize = 1 << 12;
/// The longest paragraph and cell that are gathered.
const LONGEST: usize = 1 << 20;

/// Reads the document.
pub(super) fn read(xml: &mut Xml<'_>, sink: &mut dyn DocumentSink) {
    let mut reading = Reading::default();
    sink.unit(Place::default());
    loop {
        // That of an element is how many are open around it.
        let depth = xml.depth();
        if xml.tick() && !sink.go_on() {
            return;
        }
        match xml.next() {
            Some(Token::Start(tag)) => reading.start(&tag, depth, sink),
            Some(Token::End) => reading.end(depth.saturating_sub(1), sink),
            Some(Token::Text(text)) => reading.push(&text),
            Some(Token::Other) => {}
            None => break,
        }
    }
    reading.end_row(sink);
}

#[derive(Default)]
struct Reading {
    place: Place,
    /// The paragraph in hand, with its depth.
    paragraph: Option<(u32, String)>,
    count: u32,
    /// Depth of the table in hand, and where its last cell stands.
    table: Option<u32>,
    at: (i64, i64),
    cell: Option<Cell>,
    cells: Vec<Cell>,
}

impl Reading {
    fn start(&mut self, tag: &Tag<'_>, depth: u32, sink: &mut dyn DocumentSink) {
        match tag.name() {
            "workspace" => {
                self.place = Place { sheet: tag.attribute("workspace-name"), ..Place::default() };
                sink.unit(self.place.clone());
            }
            "slide" => sink.unit(Place::default()),
            "master-slide" => {
                self.place = Place { part: Some("master".to_owned()), ..Place::default() };
                sink.unit(self.place.clone());
            }
            "tabular-model" => self.place.table = tag.attribute("name"),
            "datasource" => (self.table, self.at) = (Some(depth), (0, -1)),
            "p" if self.paragraph.is_none() => self.paragraph = Some((depth, String::new())),
            "p" | "br" | "lnbr" | "crbr" => self.push("\n"),
            "tab" => self.push("\t"),
            _ if self.table == Some(depth.wrapping_sub(1)) => self.begin_cell(tag, sink),
            _ => {}
        }
        if self.cell.is_some() && self.paragraph.is_none() {
            self.value(tag);
        }
    }

    fn begin_cell(&mut self, tag: &Tag<'_>, sink: &mut dyn DocumentSink) {
        let step: i64 = tag.attribute("ct").and_then(|step| step.parse().ok()).unwrap_or(1);
        let (rows, columns) = (step.rem_euclid(1 << 32) >> 8, step & 0xFF);
        // More than half of a row forwards is backwards from the next.
        let (rows, columns) =
            if columns > 0xFF - columns { (rows + 1, columns - 256) } else { (rows, columns) };
        if rows > 0 || self.cells.len() >= MOST_CELLS {
            self.end_row(sink);
        }
        self.at = (self.at.0 + rows, (self.at.1 + columns).max(0));
        let column = u32::try_from(self.at.1).unwrap_or(u32::MAX);
        self.cell = Some(Cell { column, text: String::new(), number: false });
    }

    /// Takes the value that an element of a cell has among its attributes.
    fn value(&mut self, tag: &Tag<'_>) {
        let (key, number) = match tag.name() {
            "ct" => ("s", false),
            "n" | "rn" => ("v", true),
            "d" | "rd" => ("cell-date", false),
            _ => return,
        };
        if let (Some(cell), Some(value)) = (&mut self.cell, tag.attribute(key)) {
            cell.number = number && cell.text.is_empty();
            cell.text.push_str(&value);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some((_, paragraph)) = self.paragraph.as_mut().filter(|(_, p)| p.len() < LONGEST) {
            paragraph.push_str(text);
        }
    }

    fn end(&mut self, depth: u32, sink: &mut dyn DocumentSink) {
        if self.paragraph.as_ref().is_some_and(|(at, _)| *at == depth) {
            self.end_paragraph(sink);
        }
        if self.table == Some(depth) {
            self.end_row(sink);
            self.table = None;
        } else if self.table == Some(depth.wrapping_sub(1)) {
            self.cells.extend(self.cell.take().filter(|cell| !cell.text.is_empty()));
        }
    }

    fn end_paragraph(&mut self, sink: &mut dyn DocumentSink) {
        let Some((_, text)) = self.paragraph.take() else { return };
        if let Some(cell) = self.cell.as_mut() {
            if cell.text.len() < LONGEST {
                cell.text.push_str(text.trim_end());
            }
            return;
        }
        self.count = self.count.saturating_add(1);
        let place = Place { table: None, paragraph: Some(self.count), ..self.place.clone() };
        sink.text(place, text.trim_end_matches('\n'));
    }

    fn end_row(&mut self, sink: &mut dyn DocumentSink) {
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            let row = u64::try_from(self.at.0).ok().map(|row| row.saturating_add(1));
            sink.row(Row { place: Place { row, ..self.place.clone() }, cells });
        }
    }
}

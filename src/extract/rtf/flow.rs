//! Text of one part: characters to paragraphs, cells and rows.

use crate::document::{Cell, DocumentSink, Place, Row};

/// More cells than a row has in any program.
const MOST_CELLS: usize = 1024;
/// A longer paragraph is given in pieces.
const MOST_PARAGRAPH: usize = 1 << 20;

/// A paragraph or row that waits.
enum Item {
    Text(String),
    Row(Vec<Cell>, u32, u64),
}

/// Gathers the text of a part.
#[derive(Default)]
pub(super) struct Flow {
    text: String,
    cells: Vec<Cell>,
    /// True in paragraphs that stand in a table.
    pub in_table: bool,
    table: u32,
    row: u64,
    items: Vec<Item>,
}

impl Flow {
    pub(super) fn add(&mut self, text: &str) {
        self.text.push_str(text);
        if self.text.len() > MOST_PARAGRAPH {
            self.end();
        }
    }

    /// The end of a paragraph, which within a cell is a line.
    pub(super) fn paragraph(&mut self) {
        if self.in_table { self.add("\n") } else { self.end() }
    }

    pub(super) fn cell(&mut self) {
        let text = std::mem::take(&mut self.text);
        let column = self.cells.len() as u32;
        self.cells.push(Cell { column, text: text.trim().to_owned(), number: false });
        if self.cells.len() >= MOST_CELLS {
            self.row();
        }
    }

    pub(super) fn row(&mut self) {
        if !self.text.trim().is_empty() {
            self.cell();
        }
        self.text.clear();
        if self.row == 0 {
            self.table += 1;
        }
        self.row += 1;
        let mut cells = std::mem::take(&mut self.cells);
        cells.retain(|cell| !cell.text.is_empty());
        if !cells.is_empty() {
            self.items.push(Item::Row(cells, self.table, self.row));
        }
    }

    /// Ends what is open.
    pub(super) fn end(&mut self) {
        if !self.cells.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.row();
            self.text = text;
        }
        let text = std::mem::take(&mut self.text);
        if !text.trim().is_empty() {
            self.row = 0;
            self.items.push(Item::Text(text));
        }
    }

    /// True if something waits.
    pub(super) fn waits(&self) -> bool {
        !self.items.is_empty()
    }

    /// Hands on what waits. False if the work must end.
    pub(super) fn give(&mut self, place: &Place, sink: &mut dyn DocumentSink) -> bool {
        for item in self.items.drain(..) {
            match item {
                Item::Text(text) => sink.text(place.clone(), text.trim()),
                Item::Row(cells, table, row) => {
                    let place = Place { table: Some(table.to_string()), row: Some(row), ..place.clone() };
                    sink.row(Row { place, cells });
                }
            }
            if !sink.go_on() {
                return false;
            }
        }
        true
    }
}

//! Tables of a page: rows with cells in the columns where a reader sees them.

use crate::document::{Cell, Place, Row};

use super::tokens::Tag;

/// Most columns that spans may reach.
const MOST_COLUMNS: u32 = 4096;

/// A table that stands open.
pub(super) struct Table {
    number: u32,
    row: u64,
    in_row: bool,
    cells: Vec<Cell>,
    column: u32,
    /// Text of the open cell.
    pub(super) cell: Option<String>,
    /// Columns the open cell takes, and rows below its own.
    span: (u32, u32),
    /// For every column, how many rows below are still covered by a cell above.
    covered: Vec<u32>,
    /// Complete rows of a nested table.
    pub(super) rows: Vec<Row>,
}

impl Table {
    pub(super) fn new(number: u32) -> Self {
        Table {
            number,
            row: 0,
            in_row: false,
            cells: Vec::new(),
            column: 0,
            cell: None,
            span: (1, 0),
            covered: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// True once a row has begun.
    pub(super) fn has_rows(&self) -> bool {
        self.row > 0
    }

    /// Begins a row; the one before is to be ended first.
    pub(super) fn begin_row(&mut self) {
        self.row += 1;
        self.column = 0;
        self.in_row = true;
    }

    /// Begins a cell.
    pub(super) fn begin_cell(&mut self, tag: &Tag) {
        self.end_cell();
        if !self.in_row {
            self.begin_row();
        }
        while self.covered.get(self.column as usize).is_some_and(|&rows| rows > 0) {
            self.column += 1;
        }
        let number = |name: &str| tag.get(name).and_then(|v| v.parse::<u32>().ok());
        self.span =
            (number("colspan").unwrap_or(1).clamp(1, 1000), number("rowspan").unwrap_or(1).max(1) - 1);
        self.cell = Some(String::new());
    }

    /// Ends the open cell, if there is one.
    pub(super) fn end_cell(&mut self) {
        let Some(text) = self.cell.take() else { return };
        let (columns, rows) = self.span;
        let end = self.column.saturating_add(columns).min(MOST_COLUMNS);
        if rows > 0 && self.covered.len() < end as usize {
            self.covered.resize(end as usize, 0);
        }
        for covered in self.covered.iter_mut().take(end as usize).skip(self.column as usize) {
            // The count includes this row, which its end takes off.
            *covered = if rows > 0 { rows.saturating_add(1) } else { *covered };
        }
        let text = text.trim();
        if !text.is_empty() {
            self.cells.push(Cell { column: self.column, text: text.to_owned(), number: false });
        }
        self.column = self.column.saturating_add(columns);
    }

    /// Ends the open row; `None` if nothing stands in it.
    pub(super) fn end_row(&mut self) -> Option<Row> {
        self.end_cell();
        if !std::mem::take(&mut self.in_row) {
            return None;
        }
        self.covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        let cells = std::mem::take(&mut self.cells);
        let table = Some(self.number.to_string());
        let place = Place { table, row: Some(self.row), ..Place::default() };
        (!cells.is_empty()).then_some(Row { place, cells })
    }
}

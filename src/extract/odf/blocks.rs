//! Open paragraphs, cells, rows and tables, and what becomes of them when they close.
//!
//! A paragraph belongs to the innermost cell, unless something aside from the text (a comment, a note, a drawing on
//! a sheet) stands between them: that follows as text of its own after the row.

use super::changes::Changes;
use super::value::{Value, cell_name};
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::ooxml::flow::Paragraph;

/// Text that is held back (open paragraphs and rows) before it is passed on in pieces.
const MOST_HELD: usize = 16 << 20;
/// Copies of a repeated cell that are given.
const MOST_COPIES: u32 = 64;
/// The last column that a sheet can have, however often a cell says to be repeated.
const LAST_COLUMN: u32 = 16_383;

/// Something open.
pub(super) enum Open {
    Paragraph(Paragraph),
    /// Text aside from the one around it, under this name.
    Aside(&'static str),
    /// A tracked deletion.
    Deletion(String),
    Cell {
        text: String,
        value: Value,
        repeat: u32,
    },
    Row {
        cells: Vec<Cell>,
        column: u32,
        repeat: u64,
    },
    Table {
        name: TableName,
        rows: u64,
    },
}

/// How a table is called in places.
pub(super) enum TableName {
    Sheet(String),
    Number(u32),
}

struct Frame {
    depth: u32,
    open: Open,
}

enum Waiting {
    Row(Row),
    Text(Place, String),
}

/// The open blocks of one part, with the sink they are given to.
pub(super) struct Blocks<'a> {
    pub(super) sink: &'a mut dyn DocumentSink,
    /// Place that all text shares: part, page.
    pub(super) base: Place,
    pub(super) changes: Changes,
    frames: Vec<Frame>,
    waiting: Vec<Waiting>,
    paragraphs: u32,
    held: usize,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(base: &Place, sink: &'a mut dyn DocumentSink) -> Self {
        Blocks {
            sink,
            base: base.clone(),
            changes: Changes::default(),
            frames: Vec::new(),
            waiting: Vec::new(),
            paragraphs: 0,
            held: 0,
        }
    }

    pub(super) fn open(&mut self, depth: u32, open: Open) {
        self.held += size_of::<Frame>();
        self.frames.push(Frame { depth, open });
    }

    /// The innermost open block that `wanted` accepts.
    pub(super) fn innermost(&mut self, wanted: impl Fn(&Open) -> bool) -> Option<&mut Open> {
        self.frames.iter_mut().rev().map(|f| &mut f.open).find(|open| wanted(open))
    }

    /// The paragraph that text belongs to now.
    pub(super) fn paragraph(&mut self) -> Option<&mut Paragraph> {
        match self.frames.last_mut().map(|f| &mut f.open) {
            Some(Open::Paragraph(paragraph)) => Some(paragraph),
            _ => None,
        }
    }

    /// True if what opens now stands in a cell and not aside.
    pub(super) fn in_cell(&mut self) -> bool {
        matches!(self.innermost(holds_text), Some(Open::Cell { .. }))
    }

    /// True if something aside from the text is open.
    pub(super) fn is_aside(&mut self) -> bool {
        matches!(self.innermost(holds_text), Some(Open::Aside(_)))
    }

    /// Counts text that is held, and passes it on when it is too much.
    pub(super) fn hold(&mut self, bytes: usize) {
        self.held += bytes;
        if self.held > MOST_HELD {
            self.spill();
        }
    }

    /// Closes what was opened at `depth` or deeper.
    pub(super) fn close_to(&mut self, depth: u32) {
        while self.frames.last().is_some_and(|f| f.depth >= depth) {
            if let Some(frame) = self.frames.pop() {
                self.close(frame.open);
            }
        }
    }

    /// Closes everything and gives what is left: the end of the part.
    pub(super) fn finish(&mut self) {
        self.close_to(0);
        self.pass_on();
        for text in self.changes.left() {
            self.give_deleted(text);
        }
    }

    /// A line of text outside any paragraph.
    pub(super) fn line(&mut self, part: Option<&str>, text: &str) {
        let mut place = self.place();
        if let Some(part) = part {
            place.part = Some(part.to_owned());
        }
        self.give(place, text.to_owned());
    }

    fn place(&mut self) -> Place {
        let mut place = self.base.clone();
        let (mut row_of_cell, mut part) = (None, None);
        for frame in self.frames.iter().rev() {
            match &frame.open {
                Open::Aside(name) => part = part.or(Some(*name)),
                Open::Deletion(_) => part = part.or(Some("deleted")),
                Open::Row { column, .. } if row_of_cell.is_none() => row_of_cell = Some(*column),
                Open::Table { name: TableName::Sheet(name), rows } => {
                    place.cell = row_of_cell.map(|column| cell_name(column, *rows));
                    place.sheet = Some(name.clone());
                }
                _ => {}
            }
        }
        if let Some(part) = part {
            place.part = Some(part.to_owned());
        }
        place
    }

    fn row_is_open(&self) -> bool {
        self.frames.iter().any(|f| matches!(f.open, Open::Row { .. }))
    }

    fn give(&mut self, place: Place, text: String) {
        if text.trim().is_empty() {
        } else if self.row_is_open() {
            self.held += text.len() + size_of::<Place>();
            self.waiting.push(Waiting::Text(place, text));
        } else {
            self.sink.text(place, &text);
        }
    }

    fn give_deleted(&mut self, text: String) {
        let place = Place { part: Some("deleted".into()), ..self.base.clone() };
        self.give(place, text);
    }

    /// Gives rows and texts that waited for the outermost row.
    fn pass_on(&mut self) {
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting {
                Waiting::Row(row) => self.sink.row(row),
                Waiting::Text(place, text) => self.sink.text(place, &text),
            }
        }
    }

    fn close(&mut self, open: Open) {
        match open {
            Open::Paragraph(paragraph) => self.close_paragraph(&paragraph),
            Open::Cell { text, value, repeat } => self.close_cell(text, value, repeat),
            Open::Row { cells, repeat, .. } => self.close_row(cells, repeat),
            Open::Deletion(text) => {
                if let Some(text) = self.changes.delete(text) {
                    self.give_deleted(text);
                }
            }
            Open::Aside(_) | Open::Table { .. } => {}
        }
        if self.frames.iter().all(|f| matches!(f.open, Open::Table { .. } | Open::Aside(_))) {
            self.pass_on();
            self.held = 0;
        } else {
            self.hold(0);
        }
    }

    fn close_paragraph(&mut self, paragraph: &Paragraph) {
        if let Some(Open::Cell { text: outer, .. } | Open::Deletion(outer)) = self.innermost(holds_text) {
            for (line, _) in paragraph.lines() {
                if !outer.is_empty() {
                    outer.push('\n');
                }
                outer.push_str(line);
            }
            return;
        }
        self.paragraphs = self.paragraphs.saturating_add(1);
        for (line, deleted) in paragraph.lines() {
            let mut place = Place { paragraph: Some(self.paragraphs), ..self.place() };
            if deleted {
                place.part.get_or_insert_with(|| "deleted".into());
            }
            self.give(place, line.to_owned());
        }
    }

    fn close_cell(&mut self, text: String, value: Value, repeat: u32) {
        let (text, number) = value.shown(text);
        let mut bytes = 0;
        if let Some(Open::Row { cells, column, .. }) = self.innermost(|o| matches!(o, Open::Row { .. })) {
            if !text.trim().is_empty() {
                for copy in 0..repeat.clamp(1, MOST_COPIES) {
                    bytes += text.len() + size_of::<Cell>();
                    let column = column.saturating_add(copy).min(LAST_COLUMN);
                    cells.push(Cell { column, text: text.clone(), number });
                }
            }
            *column = column.saturating_add(repeat);
        }
        self.held += bytes;
    }

    /// A repeated row says nothing new the second time: it is given once, and counted as often as it stands there.
    fn close_row(&mut self, cells: Vec<Cell>, repeat: u64) {
        let mut place = self.place();
        if let Some(Open::Table { name, rows }) = self.innermost(|o| matches!(o, Open::Table { .. })) {
            place.row = Some(*rows);
            if let TableName::Number(number) = name {
                place.table = Some(number.to_string());
            }
            *rows = rows.saturating_add(repeat.saturating_sub(1));
        }
        place.cell = None;
        if cells.is_empty() {
            return;
        }
        let row = Row { place, cells };
        if self.row_is_open() {
            self.held += size_of::<Row>();
            self.waiting.push(Waiting::Row(row));
        } else {
            self.sink.row(row);
        }
    }

    /// Passes on what is held, when it is too much: paragraphs and cells in pieces.
    fn spill(&mut self) {
        self.held = 0;
        self.pass_on();
        for frame in &mut self.frames {
            let text = match &mut frame.open {
                Open::Paragraph(p) => {
                    let lines: Vec<&str> = p.lines().map(|(line, _)| line).collect();
                    let text = lines.join("\n");
                    *p = Paragraph::default();
                    text
                }
                Open::Cell { text, .. } | Open::Deletion(text) => std::mem::take(text),
                Open::Row { cells, .. } => {
                    let texts: Vec<String> = std::mem::take(cells).into_iter().map(|c| c.text).collect();
                    texts.join("\n")
                }
                Open::Aside(_) | Open::Table { .. } => String::new(),
            };
            if !text.trim().is_empty() {
                self.sink.text(self.base.clone(), &text);
            }
        }
    }
}

fn holds_text(open: &Open) -> bool {
    matches!(open, Open::Cell { .. } | Open::Aside(_) | Open::Deletion(_))
}

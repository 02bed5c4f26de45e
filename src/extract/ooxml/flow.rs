//! Paragraphs and tables of word processing and drawing markup, which differ little once prefixes are gone.
//!
//! Runs of a paragraph are joined without anything between them, for one number is often split over several. Text
//! that tracked changes have deleted does not stand in the paragraph any more; it follows as a line of its own, and
//! as the paragraph's former wording where the change goes through the middle of a number. An alternative
//! (`mc:Fallback`) is read only if its first choice held no text, so that a text box is not given twice.

use super::xml::{Tag, Token, Xml};
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::xlsx::number::{Shape, parse, show};

/// Text that is held back (open paragraphs and rows) before it is passed on in pieces.
const MOST_HELD: usize = 16 << 20;

/// What of a part is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// Its text.
    Text,
    /// Cached values of charts (`c:v`, `cx:pt`) too.
    Values,
    /// The text of shapes that are no placeholders (`p:ph`): what stands in those of a layout is a prompt.
    OwnShapes,
}

/// Reads a part; `base` is the place that all of its text shares.
pub(crate) fn read(xml: &mut Xml<'_>, base: &Place, take: Take, sink: &mut dyn DocumentSink) {
    let mut flow = Flow {
        sink,
        base,
        take,
        shape: 0,
        frames: Vec::new(),
        waiting: Vec::new(),
        paragraphs: 0,
        tables: 0,
        held: 0,
        given: 0,
        skip: None,
        text: None,
        inserted: None,
        numbers: None,
    };
    flow.run(xml);
}

/// What a run of text is to the reader of the document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It stands there.
    Plain,
    /// A tracked change has deleted it.
    Deleted,
    /// It is not shown, or is a text of its own: a field code, a description.
    Field,
}

/// An open paragraph.
#[derive(Default)]
pub(crate) struct Paragraph {
    /// As it stands now.
    now: String,
    /// As it stood before the tracked changes.
    was: String,
    /// What was deleted.
    deleted: String,
    /// Field codes.
    field: String,
    last_deleted: bool,
    /// A deletion touches digits on both sides.
    torn: bool,
}

impl Paragraph {
    /// Adds a run of text; `inserted` says that a tracked change has put it there.
    pub(crate) fn add(&mut self, kind: Kind, text: &str, inserted: bool) {
        match kind {
            Kind::Field => return self.field.push_str(text),
            Kind::Plain => self.now.push_str(text),
            Kind::Deleted => {}
        }
        if inserted && kind == Kind::Plain {
            return;
        }
        let deleted = kind == Kind::Deleted;
        if deleted != self.last_deleted {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '-');
            self.torn |= digit(self.was.chars().next_back()) && digit(text.chars().next());
            if deleted && !self.deleted.is_empty() {
                self.deleted.push(' ');
            }
            self.last_deleted = deleted;
        }
        self.was.push_str(text);
        if deleted {
            self.deleted.push_str(text);
        }
    }

    /// True if white space that follows would add nothing: at the start, and after other white space.
    pub(crate) fn ends_in_space(&self) -> bool {
        self.now.chars().next_back().is_none_or(char::is_whitespace)
    }

    /// The lines it makes, and whether they are deleted text.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&str, bool)> {
        let deleted = if self.torn { &self.was } else { &self.deleted };
        [(&self.now, false), (deleted, true), (&self.field, false)]
            .into_iter()
            .map(|(line, deleted)| (line.as_str(), deleted))
            .filter(|(line, _)| !line.trim().is_empty())
    }
}

enum Open {
    Paragraph(Paragraph),
    Cell {
        text: String,
        span: u32,
    },
    Row {
        cells: Vec<Cell>,
        column: u32,
    },
    Table {
        number: u32,
        rows: u64,
    },
    /// An alternative, with the number of texts met before it.
    Alternative(u64),
}

struct Frame {
    depth: u32,
    open: Open,
}

struct Flow<'a> {
    sink: &'a mut dyn DocumentSink,
    base: &'a Place,
    take: Take,
    /// Depth of the shape last begun.
    shape: u32,
    frames: Vec<Frame>,
    /// Rows of inner tables, until the outer row has been given.
    waiting: Vec<Row>,
    paragraphs: u32,
    tables: u32,
    held: usize,
    given: u64,
    /// Depth of an element whose content is left out.
    skip: Option<u32>,
    /// Depth and kind of the element whose text is taken.
    text: Option<(u32, Kind)>,
    /// Depth of an insertion.
    inserted: Option<u32>,
    /// The numbers of a chart that are being read.
    numbers: Option<Numbers>,
}

/// Cached numbers of a chart (`c:numCache`), which are shown by a format that stands before them.
struct Numbers {
    depth: u32,
    shape: Shape,
    /// Depth of the format while it is read.
    code: Option<u32>,
}

impl Flow<'_> {
    fn run(&mut self, xml: &mut Xml<'_>) {
        loop {
            if xml.tick() && !self.sink.go_on() {
                return;
            }
            let before = xml.depth();
            match xml.next() {
                Some(Token::Start(tag)) if self.skip.is_none() => self.start(&tag, before + 1),
                Some(Token::Text(text)) => self.characters(&text, before),
                Some(Token::End) => self.end(before),
                Some(_) => {}
                None => break,
            }
        }
        // What is still open broke off: it is given as far as it goes.
        while let Some(frame) = self.frames.pop() {
            self.close(frame.open);
        }
    }

    fn characters(&mut self, text: &str, depth: u32) {
        if let Some(numbers) = &mut self.numbers {
            if numbers.code.take() == Some(depth) {
                numbers.shape = parse(text);
            } else if let Some((_, kind)) = self.text.filter(|(at, _)| *at == depth) {
                let shown = show(text, &numbers.shape, false).0;
                self.add(kind, &shown);
            }
        } else if let Some((_, kind)) = self.text.filter(|(at, _)| *at == depth) {
            self.add(kind, text);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, depth: u32) {
        match tag.name() {
            "p" => self.open(depth, Open::Paragraph(Paragraph::default())),
            "tbl" => {
                self.tables += 1;
                self.open(depth, Open::Table { number: self.tables, rows: 0 });
            }
            "tr" => {
                if let Some(Open::Table { rows, .. }) = self.innermost(|o| matches!(o, Open::Table { .. })) {
                    *rows += 1;
                }
                self.open(depth, Open::Row { cells: Vec::new(), column: 0 });
            }
            "tc" => self.open(depth, Open::Cell { text: String::new(), span: 1 }),
            "AlternateContent" => self.open(depth, Open::Alternative(self.given)),
            "Choice" | "Fallback" => {
                let given = self.given;
                if let Some(Open::Alternative(before)) = self.innermost(|o| matches!(o, Open::Alternative(_)))
                    && *before != given
                {
                    self.skip = Some(depth);
                }
            }
            // `p:text` is a comment on a slide.
            "t" | "text" => self.text = Some((depth, Kind::Plain)),
            "v" | "pt" if self.take == Take::Values => self.text = Some((depth, Kind::Plain)),
            "numCache" | "numLit" if self.take == Take::Values => {
                self.numbers = Some(Numbers { depth, shape: Shape::Plain, code: None });
            }
            "formatCode" => {
                if let Some(numbers) = &mut self.numbers {
                    numbers.code = Some(depth);
                }
            }
            "delText" => self.text = Some((depth, Kind::Deleted)),
            "instrText" | "delInstrText" => self.text = Some((depth, Kind::Field)),
            name => self.mark(name, tag, depth),
        }
    }

    /// Elements that stand for a character, hold text in an attribute, or hold none at all.
    fn mark(&mut self, name: &str, tag: &Tag<'_>, depth: u32) {
        match name {
            "tab" | "ptab" => self.add(Kind::Plain, "\t"),
            "br" | "cr" => self.add(Kind::Plain, "\n"),
            "noBreakHyphen" => self.add(Kind::Plain, "-"),
            "sym" => self.add(Kind::Plain, " "),
            "ins" => self.inserted = self.inserted.or(Some(depth)),
            "fldSimple" => {
                if let Some(code) = tag.attribute("instr") {
                    self.add(Kind::Field, &code);
                }
            }
            "gridSpan" => self.widen(tag),
            // The description of a picture or shape.
            "docPr" | "cNvPr" => {
                for text in tag.attributes(["title", "descr"]).into_iter().flatten() {
                    self.add(Kind::Field, &format!("{text}\n"));
                }
                self.end_of_loose();
            }
            "sp" => self.shape = depth,
            // It stands in the properties of its shape, before any text of that.
            "ph" if self.take == Take::OwnShapes => self.skip = Some(self.shape),
            // Tab stops, which look like tabs, and other properties.
            "pPr" | "rPr" | "tabs" | "sectPr" | "tblPr" | "tblGrid" => self.skip = Some(depth),
            _ => {}
        }
    }

    /// A cell that spans columns moves the next one on.
    fn widen(&mut self, tag: &Tag<'_>) {
        let columns: u32 = tag.attribute("val").and_then(|v| v.parse().ok()).unwrap_or(1);
        if let Some(Open::Cell { span, .. }) = self.innermost(|o| matches!(o, Open::Cell { .. })) {
            *span = columns.clamp(1, 1000);
        }
    }

    fn open(&mut self, depth: u32, open: Open) {
        self.frames.push(Frame { depth, open });
    }

    fn innermost(&mut self, wanted: impl Fn(&Open) -> bool) -> Option<&mut Open> {
        self.frames.iter_mut().rev().map(|f| &mut f.open).find(|open| wanted(open))
    }

    fn end(&mut self, depth: u32) {
        if let Some(skipped) = self.skip {
            if skipped == depth {
                self.skip = None;
            }
            return;
        }
        if self.text.is_some_and(|(at, _)| at == depth) {
            self.text = None;
            self.end_of_loose();
        }
        if self.inserted == Some(depth) {
            self.inserted = None;
        }
        self.numbers.take_if(|numbers| numbers.depth >= depth);
        while self.frames.last().is_some_and(|f| f.depth >= depth) {
            if let Some(frame) = self.frames.pop() {
                self.close(frame.open);
            }
        }
    }

    fn add(&mut self, kind: Kind, text: &str) {
        let inserted = self.inserted.is_some();
        if !text.trim().is_empty() && kind != Kind::Field {
            self.given += 1;
        }
        self.held += text.len();
        let is_paragraph = |o: &Open| matches!(o, Open::Paragraph(_));
        if self.innermost(is_paragraph).is_none() {
            let depth = self.frames.last().map_or(0, |f| f.depth);
            self.open(depth, Open::Paragraph(Paragraph::default()));
        }
        if let Some(Open::Paragraph(paragraph)) = self.innermost(is_paragraph) {
            paragraph.add(kind, text, inserted);
        }
        if self.held > MOST_HELD {
            self.spill();
        }
    }

    /// A text outside any paragraph is a line.
    fn end_of_loose(&mut self) {
        let outer = self.frames.len().checked_sub(2).map_or(0, |i| self.frames[i].depth);
        if let Some(Frame { depth, open: Open::Paragraph(_) }) = self.frames.last()
            && *depth == outer
            && let Some(frame) = self.frames.pop()
        {
            self.close(frame.open);
        }
    }

    fn close(&mut self, open: Open) {
        match open {
            Open::Paragraph(paragraph) => self.close_paragraph(&paragraph),
            Open::Cell { text, span } => {
                if let Some(Open::Row { cells, column }) = self.innermost(|o| matches!(o, Open::Row { .. })) {
                    if !text.trim().is_empty() {
                        cells.push(Cell { column: *column, text, number: false });
                    }
                    *column = column.saturating_add(span);
                    self.held += size_of::<Cell>();
                }
            }
            Open::Row { cells, .. } => self.close_row(cells),
            Open::Table { .. } | Open::Alternative(_) => {}
        }
        if !self.frames.iter().any(|f| !matches!(f.open, Open::Table { .. } | Open::Alternative(_))) {
            self.held = 0;
        } else if self.held > MOST_HELD {
            self.spill();
        }
    }

    fn close_paragraph(&mut self, paragraph: &Paragraph) {
        if let Some(Open::Cell { text: cell, .. }) = self.innermost(|o| matches!(o, Open::Cell { .. })) {
            for (line, _) in paragraph.lines() {
                if !cell.is_empty() {
                    cell.push('\n');
                }
                cell.push_str(line);
            }
            return;
        }
        self.paragraphs += 1;
        for (line, deleted) in paragraph.lines() {
            let mut place = Place { paragraph: Some(self.paragraphs), ..self.base.clone() };
            if deleted {
                place.part.get_or_insert_with(|| "deleted".into());
            }
            self.sink.text(place, line);
        }
    }

    fn close_row(&mut self, cells: Vec<Cell>) {
        let table = self.innermost(|o| matches!(o, Open::Table { .. }));
        let (number, row) = match table {
            Some(Open::Table { number, rows }) => (*number, *rows),
            _ => (self.tables, 0),
        };
        let place = Place { table: Some(number.to_string()), row: Some(row), ..self.base.clone() };
        let inner = self.innermost(|o| matches!(o, Open::Row { .. })).is_some();
        let row = (!cells.is_empty()).then_some(Row { place, cells });
        if inner {
            self.held += size_of::<Row>();
            self.waiting.extend(row);
            return;
        }
        for row in row.into_iter().chain(std::mem::take(&mut self.waiting)) {
            self.sink.row(row);
        }
    }

    /// Passes on what is held, when it is too much: paragraphs and cells in pieces, inner rows before their outer
    /// row.
    fn spill(&mut self) {
        self.held = 0;
        for row in std::mem::take(&mut self.waiting) {
            self.sink.row(row);
        }
        for frame in &mut self.frames {
            let text = match &mut frame.open {
                Open::Paragraph(p) => {
                    let lines: Vec<&str> = p.lines().map(|(line, _)| line).collect();
                    let text = lines.join("\n");
                    *p = Paragraph::default();
                    text
                }
                Open::Cell { text, .. } => std::mem::take(text),
                Open::Row { cells, .. } => {
                    let texts: Vec<String> = std::mem::take(cells).into_iter().map(|c| c.text).collect();
                    texts.join("\n")
                }
                Open::Table { .. } | Open::Alternative(_) => String::new(),
            };
            if !text.trim().is_empty() {
                self.sink.text(self.base.clone(), &text);
            }
        }
    }
}

//! HTML as a reader sees it, and what the page hides: attributes, comments, scripts, hidden fields.
//!
//! A block element is a line of text, a table gives rows, a form field gives `label: value`. Elements hidden by
//! style are read like others. The one surprising rule: while a table is open, everything else that would be said
//! waits for its end, because rows of one table must follow each other; inner tables come after outer ones.

pub(crate) mod entities;
mod forms;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;

use encoding_rs::Encoding;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place, Row};
use crate::extract::json;
use crate::extract::xml::charset::{Utf8Reader, named};

use table::Table;
use tokens::{Tag, Token, Tokens};

/// Longest paragraph or cell, in bytes; longer ones are handed out in parts.
const LONGEST: usize = 1 << 20;

/// Bytes that may wait for the end of a table.
const MOST_WAITING: usize = 4 << 20;

/// Deepest nesting of tables; deeper ones count as part of the last.
const MOST_TABLES: usize = 100;

/// Reader of HTML files.
pub struct Html;

impl Extractor for Html {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        sink.unit(Place::default());
        read(Utf8Reader::new(&mut *input.reader, declared), sink);
    }
}

/// Reads a page into `sink` without starting a unit.
pub(crate) fn read(reader: Utf8Reader<'_>, sink: &mut dyn DocumentSink) {
    let mut tokens = Tokens::new(reader);
    let mut page = Page::new(sink);
    while !page.stopped {
        match tokens.next() {
            Token::Text(text) => page.text(&text),
            Token::Start(tag) => page.start(&tag),
            Token::End(name) => page.end(&name),
            Token::Comment(text) => page.lines(&text, "comment"),
            Token::Eof => break,
        }
    }
    page.finish();
    if tokens.reader.failed() {
        let from = tokens.reader.offset();
        sink.gap(Cause::IoError, "reading failed", Some(format!("from byte {from}")));
    }
}

/// The encoding that a `meta` element or an XML declaration names.
pub(crate) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let at = [&b"charset"[..], b"encoding"]
        .iter()
        .find_map(|word| memchr::memmem::find(&head, word).map(|i| i + word.len()))?;
    let is_label = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let rest = &head[at..];
    let from = rest.iter().position(is_label).filter(|&i| i <= 4)?;
    let count = rest[from..].iter().take_while(|b| is_label(b)).count();
    named(&rest[from..from + count])
}

/// Something that waits for the end of a table.
enum Waiting {
    Row(Row),
    Text(Option<&'static str>, String),
}

/// Elements whose content is not running text.
#[derive(Clone, Copy, PartialEq)]
enum Raw {
    No,
    Style,
    Script { json: bool },
}

/// A page while it is read.
struct Page<'s> {
    sink: &'s mut dyn DocumentSink,
    paragraph: String,
    count: u32,
    pre: u32,
    tables: Vec<Table>,
    number: u32,
    /// Tables open beyond [`MOST_TABLES`].
    ignored: u32,
    waiting: Vec<Waiting>,
    weight: usize,
    /// Text of the last `label` element, and whether it is still open.
    label: (String, bool),
    /// Label of the text area or the chosen option whose text comes.
    control: Option<String>,
    /// Label of the open selection list.
    select: String,
    raw: Raw,
    script: String,
    stopped: bool,
}

impl<'s> Page<'s> {
    fn new(sink: &'s mut dyn DocumentSink) -> Self {
        Page {
            sink,
            paragraph: String::new(),
            count: 0,
            pre: 0,
            tables: Vec::new(),
            number: 0,
            ignored: 0,
            waiting: Vec::new(),
            weight: 0,
            label: (String::new(), false),
            control: None,
            select: String::new(),
            raw: Raw::No,
            script: String::new(),
            stopped: false,
        }
    }

    fn text(&mut self, text: &str) {
        match self.raw {
            Raw::Style => return,
            Raw::Script { .. } => {
                self.script.push_str(text);
                if self.script.len() > 8 * LONGEST {
                    self.end_script();
                }
                return;
            }
            Raw::No => {}
        }
        if self.label.1 && self.label.0.len() < forms::LONGEST_LABEL {
            append(&mut self.label.0, text, false);
        }
        let pre = self.pre > 0;
        let flow = self.flow();
        append(flow, text, pre);
        if flow.len() > LONGEST {
            let long = std::mem::take(flow);
            self.say(None, &long);
        }
    }

    /// Where running text goes: the open cell or the paragraph.
    fn flow(&mut self) -> &mut String {
        self.tables.last_mut().and_then(|t| t.cell.as_mut()).unwrap_or(&mut self.paragraph)
    }

    fn start(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "table" => self.begin_table(),
            "tr" | "thead" | "tbody" | "tfoot" | "td" | "th" => self.table_part(tag),
            "br" => self.flow().push('\n'),
            "input" => self.input(tag),
            "textarea" => {
                let label = self.label_for(tag);
                self.break_line();
                self.control = Some(label);
            }
            "select" => {
                self.select = self.label_for(tag);
                self.break_line();
            }
            "option" => {
                self.break_line();
                let chosen = tag.attributes.iter().any(|(name, _)| name == "selected");
                self.control = chosen.then(|| self.select.clone());
            }
            "label" => self.label = (String::new(), true),
            "script" => {
                let json = tag.get("type").is_some_and(|t| t.to_ascii_lowercase().contains("json"));
                self.raw = Raw::Script { json };
            }
            "style" => self.raw = Raw::Style,
            "pre" => {
                self.break_line();
                self.pre += 1;
            }
            name if is_block(name) => self.break_line(),
            _ => {}
        }
        self.attributes(tag);
    }

    fn end(&mut self, name: &str) {
        match name {
            "table" => self.end_table(),
            "tr" | "thead" | "tbody" | "tfoot" => self.end_row(),
            "td" | "th" => match self.tables.last_mut() {
                Some(table) => table.end_cell(),
                None => self.break_line(),
            },
            "label" => self.label.1 = false,
            "script" => self.end_script(),
            "style" => self.raw = Raw::No,
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.break_line();
            }
            name if is_block(name) => self.break_line(),
            _ => {}
        }
    }

    /// Ends the line: a paragraph is said, in a cell the next line begins.
    fn break_line(&mut self) {
        let control = self.control.take();
        let flow = self.flow();
        let in_line = flow.rfind('\n').map_or(0, |at| at + 1);
        if let Some(label) = control.filter(|_| !flow[in_line..].trim().is_empty()) {
            flow.insert_str(in_line, &format!("{label}: "));
        }
        if self.tables.last().is_some_and(|t| t.cell.is_some()) {
            let flow = self.flow();
            if !flow.is_empty() && !flow.ends_with('\n') {
                flow.push('\n');
            }
            return;
        }
        let paragraph = std::mem::take(&mut self.paragraph);
        self.say(None, &paragraph);
    }

    fn begin_table(&mut self) {
        self.break_line();
        if self.tables.len() >= MOST_TABLES {
            self.ignored += 1;
            return;
        }
        self.number += 1;
        self.tables.push(Table::new(self.number));
    }

    fn table_part(&mut self, tag: &Tag) {
        let cell = matches!(tag.name.as_str(), "td" | "th");
        if self.tables.is_empty() {
            return if cell { self.paragraph.push('\t') } else { self.break_line() };
        }
        self.control = None;
        if !cell {
            self.end_row();
        }
        if self.tables.last().is_some_and(|t| t.cell.is_none()) {
            self.break_line();
        }
        let Some(table) = self.tables.last_mut() else { return };
        if cell {
            table.begin_cell(tag);
        } else if tag.name == "tr" {
            table.begin_row();
        }
    }

    fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return self.break_line() };
        let Some(row) = table.end_row() else { return };
        if self.tables.len() == 1 {
            self.sink.row(row);
            self.stopped |= !self.sink.go_on();
            return;
        }
        self.weight += row.cells.iter().map(|c| c.text.len() + size_of_val(c)).sum::<usize>();
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(row);
        }
        self.relieve();
    }

    fn end_table(&mut self) {
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        self.end_row();
        let Some(table) = self.tables.last() else { return };
        if table.cell.is_none() {
            self.break_line();
        }
        if let Some(table) = self.tables.pop() {
            self.waiting.extend(table.rows.into_iter().map(Waiting::Row));
        }
        if self.tables.is_empty() {
            self.release();
        }
    }

    /// Says all that waits if it has become too much, though it tears the open tables.
    fn relieve(&mut self) {
        if self.weight > MOST_WAITING {
            for table in &mut self.tables {
                self.waiting.extend(table.rows.drain(..).map(Waiting::Row));
            }
            self.release();
        }
    }

    fn release(&mut self) {
        self.weight = 0;
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting {
                Waiting::Row(row) => self.sink.row(row),
                Waiting::Text(part, text) => self.deliver(part, &text),
            }
            self.stopped |= !self.sink.go_on();
        }
    }

    /// Says a line, now or after the open table.
    fn say(&mut self, part: Option<&'static str>, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.tables.first().is_some_and(Table::has_rows) {
            self.weight += text.len() + size_of::<Waiting>();
            self.waiting.push(Waiting::Text(part, text.to_owned()));
            return self.relieve();
        }
        self.deliver(part, text);
    }

    fn deliver(&mut self, part: Option<&str>, text: &str) {
        let mut place = Place { part: part.map(str::to_owned), ..Place::default() };
        if part.is_none() {
            self.count = self.count.saturating_add(1);
            place.paragraph = Some(self.count);
        }
        self.sink.text(place, text);
        self.stopped |= !self.sink.go_on();
    }

    fn lines(&mut self, text: &str, part: &'static str) {
        for line in text.lines() {
            self.say(Some(part), line);
        }
    }

    fn end_script(&mut self) {
        let script = std::mem::take(&mut self.script);
        match self.raw {
            Raw::Script { json: true } if self.tables.is_empty() => json::read_text(&script, self.sink),
            _ => self.lines(&script, "script"),
        }
        self.raw = Raw::No;
    }

    fn finish(&mut self) {
        if matches!(self.raw, Raw::Script { .. }) {
            self.end_script();
        }
        while !self.tables.is_empty() && !self.stopped {
            self.end_table();
        }
        if !self.stopped {
            self.break_line();
        }
    }
}

/// Appends `text` with white space as a browser shows it.
fn append(flow: &mut String, text: &str, pre: bool) {
    for c in text.chars() {
        match c {
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            '\u{a0}' => flow.push(' '),
            c if pre || !c.is_ascii_whitespace() => flow.push(c),
            _ if flow.is_empty() || flow.ends_with([' ', '\n']) => {}
            _ => flow.push(' '),
        }
    }
}

fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "noscript",
        "ol",
        "optgroup",
        "option",
        "p",
        "section",
        "select",
        "summary",
        "template",
        "textarea",
        "title",
        "ul",
    ];
    BLOCKS.contains(&name)
}

//! The elements of `OpenDocument` markup, by their local names.
//!
//! Only text inside paragraphs is text; white space in it collapses (`OpenDocument` 1.3 part 3, section 6.1.2), and
//! `text:s` and `text:tab` stand for what does not.

use super::blocks::{Blocks, Open, TableName};
use super::value::Value;
use crate::document::{DocumentSink, Field, Object, Place};
use crate::extract::ooxml::flow::{Kind, Paragraph};
use crate::extract::ooxml::xml::{Tag, Token, Xml};

/// Spaces that one `text:s` may stand for.
const MOST_SPACES: usize = 256;
/// Fields that are kept of one form.
const MOST_FIELDS: usize = 1 << 14;

/// Reads a part; `base` is the place that all of its text shares.
pub(super) fn read(xml: &mut Xml<'_>, base: &Place, sink: &mut dyn DocumentSink) {
    let mut flow = Flow {
        blocks: Blocks::new(base, sink),
        home: base.clone(),
        sheets: false,
        tables: 0,
        pages: 0,
        note: "footnote",
        skip: None,
        loose: None,
        forms: None,
        form: Object::default(),
    };
    flow.run(xml);
}

struct Flow<'a> {
    blocks: Blocks<'a>,
    home: Place,
    /// The tables are sheets.
    sheets: bool,
    tables: u32,
    pages: u32,
    note: &'static str,
    /// Depth of an element whose content is left out.
    skip: Option<u32>,
    /// An element outside of paragraphs whose text is taken: its depth, its part, what was read of it.
    loose: Option<(u32, &'static str, String)>,
    /// Depth of the list of form controls.
    forms: Option<u32>,
    form: Object,
}

impl Flow<'_> {
    fn run(&mut self, xml: &mut Xml<'_>) {
        loop {
            if xml.tick() && !self.blocks.sink.go_on() {
                return;
            }
            let before = xml.depth();
            match xml.next() {
                Some(Token::Start(tag)) if self.skip.is_none() => self.start(&tag, before + 1),
                Some(Token::Text(text)) if self.skip.is_none() => self.text(&text),
                Some(Token::End) => self.end(before),
                Some(_) => {}
                None => break,
            }
        }
        self.end_loose();
        self.end_forms();
        self.blocks.finish();
    }

    fn text(&mut self, text: &str) {
        if let Some((_, _, held)) = &mut self.loose {
            held.push_str(text);
            self.blocks.hold(text.len());
            return;
        }
        let inserting = self.blocks.changes.inserting();
        let Some(paragraph) = self.blocks.paragraph() else { return };
        add_collapsed(paragraph, text, inserting);
        self.blocks.hold(text.len());
    }

    fn start(&mut self, tag: &Tag<'_>, depth: u32) {
        match tag.name() {
            "p" | "h" | "math" => self.blocks.open(depth, Open::Paragraph(Paragraph::default())),
            "table" => self.table(tag, depth),
            "table-row" => self.row(tag, depth),
            "table-cell" | "covered-table-cell" => {
                let repeat = repeated(tag, "number-columns-repeated");
                let repeat = u32::try_from(repeat).unwrap_or(u32::MAX);
                self.blocks.open(depth, Open::Cell { text: String::new(), value: Value::of(tag), repeat });
            }
            // Charts keep their values in a table of the same kind.
            "spreadsheet" | "chart" => self.sheets = true,
            "page" if tag.prefix() == "draw" => self.page(),
            "binary-data" | "note-citation" | "ruby-text" => self.skip = Some(depth),
            _ if self.forms.is_some() => self.control(tag),
            "forms" => self.forms = Some(depth),
            _ => {
                let _ = self.aside(tag, depth) || self.change(tag, depth) || self.mark(tag, depth);
            }
        }
    }

    fn table(&mut self, tag: &Tag<'_>, depth: u32) {
        let name = if self.sheets && !self.blocks.in_cell() {
            let sheet = tag.attribute("name").unwrap_or_default();
            self.blocks.sink.unit(Place { sheet: Some(sheet.clone()), ..self.home.clone() });
            TableName::Sheet(sheet)
        } else {
            self.tables = self.tables.saturating_add(1);
            TableName::Number(self.tables)
        };
        self.blocks.open(depth, Open::Table { name, rows: 0 });
    }

    fn row(&mut self, tag: &Tag<'_>, depth: u32) {
        if let Some(Open::Table { rows, .. }) = self.blocks.innermost(|o| matches!(o, Open::Table { .. })) {
            *rows = rows.saturating_add(1);
        }
        let repeat = repeated(tag, "number-rows-repeated");
        self.blocks.open(depth, Open::Row { cells: Vec::new(), column: 0, repeat });
    }

    fn page(&mut self) {
        self.pages = self.pages.saturating_add(1);
        self.blocks.base = Place { page: Some(self.pages), ..self.home.clone() };
        self.blocks.sink.unit(self.blocks.base.clone());
    }

    /// Elements whose paragraphs stand aside from the text around them. True if it was one.
    fn aside(&mut self, tag: &Tag<'_>, depth: u32) -> bool {
        let part = match tag.name() {
            "note" => {
                let end = tag.attribute("note-class").is_some_and(|class| class == "endnote");
                self.note = if end { "endnote" } else { "footnote" };
                return true;
            }
            "note-body" => self.note,
            // A formula has annotations too; they say how they are encoded.
            "annotation" if tag.attribute("encoding").is_none() => "comment",
            "notes" => "notes",
            "header" | "header-left" | "header-first" if tag.prefix() == "style" => "header",
            "footer" | "footer-left" | "footer-first" if tag.prefix() == "style" => "footer",
            "tracked-changes" | "previous" => "deleted",
            _ if self.sheets && tag.prefix() == "draw" && self.blocks.in_cell() => "drawing",
            _ => return false,
        };
        if matches!(part, "header" | "footer" | "notes") {
            let base = self.blocks.base.clone();
            self.blocks.sink.unit(Place { part: Some(part.to_owned()), ..base });
        }
        self.blocks.open(depth, Open::Aside(part));
        true
    }

    /// Tracked changes and their marks. True if it was one.
    fn change(&mut self, tag: &Tag<'_>, depth: u32) -> bool {
        let id = |name| tag.attribute(name).unwrap_or_default();
        match tag.name() {
            "changed-region" => self.blocks.changes.region = id("id"),
            "deletion" => self.blocks.open(depth, Open::Deletion(String::new())),
            "insertion" => self.blocks.changes.insert(),
            "change-start" => self.blocks.changes.begin(id("change-id")),
            "change-end" => self.blocks.changes.end(&id("change-id")),
            "change" => {
                let deleted = self.blocks.changes.at_mark(&id("change-id"));
                if let (Some(text), Some(paragraph)) = (deleted, self.blocks.paragraph()) {
                    paragraph.add(Kind::Deleted, &text, false);
                    self.blocks.hold(text.len());
                }
            }
            "change-track-table-cell" => {
                if let Some(number) = Value::of(tag).number() {
                    self.blocks.line(Some("deleted"), &number);
                }
            }
            _ => return false,
        }
        true
    }

    /// Elements that stand for characters, or hold text in an attribute or outside of paragraphs.
    fn mark(&mut self, tag: &Tag<'_>, depth: u32) -> bool {
        match tag.name() {
            "s" => {
                let count = tag.attribute("c").and_then(|c| c.parse().ok()).unwrap_or(1);
                self.add(Kind::Plain, &" ".repeat(count.min(MOST_SPACES)));
            }
            "tab" => self.add(Kind::Plain, "\t"),
            "line-break" => self.add(Kind::Plain, "\n"),
            // The numbers and names of a formula stand apart.
            "mi" | "mn" | "mtext" => self.add(Kind::Plain, " "),
            "title" | "desc" if tag.prefix() == "svg" => {
                self.loose = Some((depth, "description", String::new()));
            }
            "header-decl" => self.loose = Some((depth, "header", String::new())),
            "footer-decl" => self.loose = Some((depth, "footer", String::new())),
            "title" | "subject" | "description" | "keyword" | "user-defined" | "creator"
                if self.blocks.paragraph().is_none() && !self.blocks.is_aside() =>
            {
                self.loose = Some((depth, "properties", String::new()));
            }
            "hidden-text" | "conditional-text" | "user-field-decl" => self.hidden(tag),
            _ => {}
        }
        true
    }

    /// Text that is kept in attributes and not shown, or not always.
    fn hidden(&mut self, tag: &Tag<'_>) {
        let names = ["string-value", "string-value-if-true", "string-value-if-false"];
        for text in tag.attributes(names).into_iter().flatten() {
            if self.blocks.paragraph().is_some() {
                self.add(Kind::Field, &format!("{text}\n"));
            } else {
                self.blocks.line(None, &text);
            }
        }
    }

    fn add(&mut self, kind: Kind, text: &str) {
        let inserting = self.blocks.changes.inserting();
        if let Some(paragraph) = self.blocks.paragraph() {
            paragraph.add(kind, text, inserting);
            self.blocks.hold(text.len());
        }
    }

    /// A form control: what it is called, and what stands in it.
    fn control(&mut self, tag: &Tag<'_>) {
        let [name, title, label, current, value] =
            tag.attributes(["name", "title", "label", "current-value", "value"]);
        let key = title.or(name).unwrap_or_default();
        for value in [label, current, value].into_iter().flatten() {
            if self.form.fields.len() < MOST_FIELDS && !value.trim().is_empty() {
                let place = Place { field: Some(key.clone()), ..self.home.clone() };
                self.form.fields.push(Field { key: key.clone(), value, number: false, place });
            }
        }
    }

    fn end(&mut self, depth: u32) {
        if let Some(skipped) = self.skip {
            if skipped == depth {
                self.skip = None;
            }
            return;
        }
        if self.loose.as_ref().is_some_and(|(at, ..)| *at >= depth) {
            self.end_loose();
        }
        if self.forms.is_some_and(|at| at >= depth) {
            self.end_forms();
        }
        self.blocks.close_to(depth);
    }

    fn end_loose(&mut self) {
        if let Some((_, part, text)) = self.loose.take() {
            self.blocks.line(Some(part), text.trim());
        }
    }

    fn end_forms(&mut self) {
        self.forms = None;
        let mut form = std::mem::take(&mut self.form);
        if !form.fields.is_empty() {
            form.name = "form".into();
            form.place = self.home.clone();
            self.blocks.sink.object(form);
        }
    }
}

/// How often a cell or row stands there; a number of its own, since it is never more than said.
fn repeated(tag: &Tag<'_>, attribute: &str) -> u64 {
    tag.attribute(attribute).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

/// Adds text with its white space collapsed.
fn add_collapsed(paragraph: &mut Paragraph, text: &str, inserting: bool) {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let mut after_space = paragraph.ends_in_space();
    let odd = text.contains(['\t', '\n', '\r']) || text.contains("  ");
    if !(odd || after_space && text.starts_with(' ')) {
        return paragraph.add(Kind::Plain, text, inserting);
    }
    let mut collapsed = String::with_capacity(text.len());
    for c in text.chars() {
        let space = is_space(c);
        if !(space && after_space) {
            collapsed.push(if space { ' ' } else { c });
        }
        after_space = space;
    }
    paragraph.add(Kind::Plain, &collapsed, inserting);
}

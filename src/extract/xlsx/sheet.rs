//! The cells of a sheet, row by row. What the sheet says about its own size is not looked at.

use super::book::Book;
use super::number::show;
use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::ooxml::xml::{Tag, Token, Xml};

/// Text of one row that is held; more is given as several rows of the same number.
const MOST_ROW: usize = 16 << 20;
/// Texts of headers and footers that are kept of one sheet; there are six kinds.
const MOST_MARGINS: usize = 64;
/// Bytes of one of them; 255 characters are allowed.
const MOST_MARGIN: usize = 1 << 16;

/// An open cell.
struct Open {
    depth: u32,
    column: u32,
    kind: String,
    style: usize,
    value: String,
}

struct Rows<'a> {
    book: &'a Book,
    place: Place,
    row: u64,
    next_column: u32,
    cells: Vec<Cell>,
    held: usize,
    open: Option<Open>,
    /// Room for the kind and the value of the next cell.
    room: (String, String),
    /// Depth of the element whose text is taken.
    text: Option<u32>,
    reading: Option<u32>,
    margins: Vec<String>,
    margin: Option<u32>,
    trouble: Option<(Cause, &'static str)>,
}

/// Reads the rows of a sheet (or the kept cells of another workbook); returns its headers and footers.
pub(crate) fn read(
    xml: &mut Xml<'_>,
    place: &Place,
    book: &Book,
    sink: &mut dyn DocumentSink,
) -> Vec<String> {
    let mut rows = Rows {
        book,
        place: place.clone(),
        row: 0,
        next_column: 0,
        cells: Vec::new(),
        held: 0,
        open: None,
        room: <(String, String)>::default(),
        text: None,
        reading: None,
        margins: Vec::new(),
        margin: None,
        trouble: None,
    };
    loop {
        if xml.tick() && !sink.go_on() {
            return rows.margins;
        }
        let depth = xml.depth();
        match xml.next() {
            Some(Token::Start(tag)) => rows.start(&tag, depth + 1, sink),
            Some(Token::Text(text)) => rows.text(&text, depth, sink),
            Some(Token::End) => rows.end(depth, sink),
            Some(Token::Other) => {}
            None => break,
        }
    }
    rows.close_cell(sink);
    rows.give(sink);
    if let Some((cause, words)) = rows.trouble {
        sink.gap(cause, words, None);
    }
    rows.margins
}

impl Rows<'_> {
    fn start(&mut self, tag: &Tag<'_>, depth: u32, sink: &mut dyn DocumentSink) {
        match tag.name() {
            "row" => {
                self.give(sink);
                let number = tag.attribute("r").and_then(|r| r.parse().ok());
                self.row = number.unwrap_or(self.row.saturating_add(1));
                self.next_column = 0;
            }
            // `cell` is the name in the kept values of other workbooks.
            "c" | "cell" => {
                self.close_cell(sink);
                let [reference, kind, style] = tag.lent_attributes(["r", "t", "s"]);
                let column = reference.as_deref().and_then(column).unwrap_or(self.next_column);
                self.next_column = column.saturating_add(1);
                let (mut own, value) = std::mem::take(&mut self.room);
                own.push_str(&kind.unwrap_or_default());
                let style = style.and_then(|s| s.parse().ok()).unwrap_or(0);
                self.open = Some(Open { depth, column, kind: own, style, value });
            }
            "v" | "t" if self.open.is_some() && self.reading.is_none() => self.text = Some(depth),
            "rPh" => self.reading = Some(depth),
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter"
                if self.margins.len() < MOST_MARGINS =>
            {
                self.margins.push(String::new());
                self.margin = Some(depth);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, depth: u32, sink: &mut dyn DocumentSink) {
        if self.text == Some(depth)
            && let Some(open) = &mut self.open
        {
            open.value.push_str(text);
            if open.value.len() > MOST_ROW {
                sink.text(Place { row: Some(self.row), ..self.place.clone() }, &open.value);
                open.value.clear();
            }
        } else if self.margin == Some(depth)
            && let Some(margin) = self.margins.last_mut()
        {
            if margin.len() + text.len() <= MOST_MARGIN {
                margin.push_str(text);
            } else {
                self.trouble = Some((Cause::LimitMemory, "a header or footer is too long"));
            }
        }
    }

    fn end(&mut self, depth: u32, sink: &mut dyn DocumentSink) {
        for slot in [&mut self.text, &mut self.reading, &mut self.margin] {
            if *slot == Some(depth) {
                *slot = None;
            }
        }
        if self.open.as_ref().is_some_and(|open| open.depth >= depth) {
            self.close_cell(sink);
        }
    }

    fn close_cell(&mut self, sink: &mut dyn DocumentSink) {
        let Some(open) = self.open.take() else { return };
        if open.kind == "s" && !self.book.strings.has(&open.value) {
            self.trouble = Some((Cause::Damaged, "cells refer to strings that are missing"));
        } else if let Some(cell) = shown(&open, self.book) {
            self.held += cell.text.len() + size_of::<Cell>();
            self.cells.push(cell);
        }
        let (mut kind, mut value) = (open.kind, open.value);
        kind.clear();
        value.clear();
        self.room = (kind, value);
        if self.held > MOST_ROW {
            self.give(sink);
        }
    }

    fn give(&mut self, sink: &mut dyn DocumentSink) {
        self.held = 0;
        if !self.cells.is_empty() {
            // The next row is about as long.
            let room = Vec::with_capacity(self.cells.len());
            let mut cells = std::mem::replace(&mut self.cells, room);
            cells.sort_by_key(|c| c.column);
            sink.row(Row { place: Place { row: Some(self.row), ..self.place.clone() }, cells });
        }
    }
}

/// The cell as a reader would see it; `None` for an empty one.
fn shown(open: &Open, book: &Book) -> Option<Cell> {
    let value = open.value.as_str();
    let (text, number) = match open.kind.as_str() {
        "s" => (unescape(book.strings.get(value)?), false),
        "" | "n" => show(value, book.styles.shape(open.style), book.since_1904),
        "b" => (if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(), false),
        _ => (unescape(value), false),
    };
    (!text.trim().is_empty()).then_some(Cell { column: open.column, text, number })
}

/// Column of a reference such as `B17`, from 0.
fn column(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number = letters.fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// The reference to a cell, as in `B17`, from row and column counted from 0.
pub(crate) fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

/// Characters that XML cannot hold are written `_x000D_` (ECMA-376 part 1, section 22.9.2.19).
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains('_') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let c = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        out.push_str(&rest[..at]);
        if let Some(c) = c {
            out.push(c);
            rest = &rest[at + 7..];
        } else {
            out.push_str("_x");
            rest = &rest[at + 2..];
        }
    }
    out.push_str(rest);
    out
}

/// A header or footer without its codes: `&L`, `&C`, `&R`, fonts (`&"Arial,Bold"`), sizes, fields.
pub(crate) fn margin_text(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('&') => out.push('&'),
            Some('"') => _ = chars.by_ref().find(|&c| c == '"'),
            Some('K') => _ = chars.by_ref().take(6).count(),
            Some(c) if c.is_ascii_digit() => {
                // At most three digits of size; a digit of the text is set off by a space.
                _ = (0..2).map_while(|_| chars.next_if(char::is_ascii_digit)).count();
            }
            _ => out.push(' '),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        assert_eq!(column("A1"), Some(0));
        assert_eq!(column("XFD1048576"), Some(16_383));
        assert_eq!(column("17"), None);
        assert_eq!(column("ZZZZZZZZZZ9"), Some(475_253));
        assert_eq!(cell_name(16, 1), "B17");
        assert_eq!(cell_name(1_048_575, 16_383), "XFD1048576");
        assert_eq!(cell_name(0, 26), "AA1");
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape("a_x000D_b_x005F_x"), "a\rb_x");
        assert_eq!(unescape("_xZZ_ _x"), "_xZZ_ _x");
    }

    #[test]
    fn codes_of_headers_are_dropped() {
        assert_eq!(margin_text("&L&\"Arial,Bold\"&12Payroll &P of &N&RA && B"), "Payroll   of   A & B");
    }
}

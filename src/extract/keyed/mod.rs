//! Texts of keys and values: YAML, and settings in sections as in INI and TOML files.
//!
//! Read as text, such a file is a form without lines between its entries, and a number may go to the name above it in
//! place of the one below. Here an entry of a list, a mapping, a section is an object. Readers are tolerant: a line
//! that is none of the format is text, and so is every comment. Values keep the digits they are written with; that
//! `0123` may be an octal number is left aside.

mod flow;
mod ini;
mod yaml;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Field, Input, Object, Place};
use crate::extract::xml::charset::{Utf8Reader, undeclared};

/// Reader of YAML documents.
pub struct Yaml;

/// Reader of settings in sections.
pub struct Sections;

/// Structure deeper than this is read as text.
const DEPTH: usize = 128;
/// What is recognised as one of these is smaller; only a member that says less than it has can be larger.
const MOST: usize = 32 << 20;

impl Extractor for Yaml {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let text = text(input, sink);
        yaml::read(&text, sink);
    }
}

impl Extractor for Sections {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let text = text(input, sink);
        ini::read(&text, sink);
    }
}

fn text(input: &mut Input<'_>, sink: &mut dyn DocumentSink) -> String {
    sink.unit(Place::default());
    let mut reader = Utf8Reader::new(&mut *input.reader, undeclared);
    let mut text = Vec::new();
    reader.take_until(&mut text, MOST, |_| false);
    if reader.failed() {
        sink.gap(Cause::IoError, "reading failed", None);
    } else if reader.peek().is_some() {
        sink.gap(Cause::LimitMemory, "longer than allowed", Some(format!("bytes after {MOST}")));
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// An object called `name` that begins on this line.
fn object(name: &str, line: u64) -> Object {
    let place = Place { line: Some(line), ..Place::default() };
    Object { name: name.to_owned(), place, ..Object::default() }
}

/// Adds a value to an object; nothing, if there is none.
fn put(object: &mut Object, key: &str, value: Value, line: u64) {
    if value.text.is_empty() || value.text == "~" {
        return;
    }
    let place = Place { line: Some(line), field: Some(key.to_owned()), ..Place::default() };
    object.fields.push(Field { key: key.to_owned(), value: value.text, number: value.number, place });
}

/// A value and whether it is a number that cannot have kept zeros before it.
struct Value {
    text: String,
    number: bool,
}

impl Value {
    /// A value without quotes.
    fn plain(text: &str) -> Value {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        Value { text: text.to_owned(), number: digits && !text.is_empty() && !text.starts_with('0') }
    }

    /// A value in quotes.
    fn quoted(text: String) -> Value {
        Value { text, number: false }
    }
}

/// The text in quotes at the start of `text`, and what follows it; in double quotes a backslash sets the next
/// character apart, in single ones a quote stands twice.
fn unquote(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (mut value, mut chars) = (String::new(), text.char_indices().skip(1).peekable());
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => value.push(escaped(chars.next()?.1, &mut chars)),
            _ if c == quote && quote == '\'' && chars.next_if(|(_, next)| *next == quote).is_some() => {
                value.push(c);
            }
            _ if c == quote => return Some((value, &text[at + 1..])),
            _ => value.push(c),
        }
    }
    None
}

/// The character that a backslash and `c` stand for.
fn escaped(c: char, rest: &mut impl Iterator<Item = (usize, char)>) -> char {
    let length = match c {
        'n' => return '\n',
        't' => return '\t',
        'r' => return '\r',
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return c,
    };
    let digits: String = rest.by_ref().take(length).map(|(_, c)| c).collect();
    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests;

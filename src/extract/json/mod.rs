//! JSON, NDJSON, JSON text sequences and their relatives, as objects with the pointer of every value.
//!
//! Numbers keep the digits they are written with. A document up to 16 MiB is one object tree; of a larger one
//! the elements of its outermost arrays are handed out one by one. The one surprising rule: after damage the
//! rest is read line by line as text, until a line begins an object again.

mod lexer;
#[cfg(test)]
mod tests;
mod walker;

use serde::de::IgnoredAny;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Extractor, Input, Object, Place, Row, Sealed};
use crate::event::Encryption;
use crate::extract::xml::charset::{Utf8Reader, undeclared};
use crate::extract::xml::tree::WHOLE;
use walker::Walker;

/// Reader of JSON files.
pub struct Json;

impl Extractor for Json {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        sink.unit(Place::default());
        let piecewise = input.len > WHOLE;
        let reader = Utf8Reader::new(&mut *input.reader, undeclared);
        Walker::new(reader, sink, piecewise).run();
    }
}

/// Reads `text`, which stands inside another document, into `sink` without starting a unit.
pub(crate) fn read_text(text: &str, sink: &mut dyn DocumentSink) {
    Walker::new(Utf8Reader::from_text(text), sink, false).run();
}

/// The object that `text`, a line of NDJSON, consists of: white space around it and one comma after it are
/// allowed. `None` if it is anything else, or not JSON to the letter, or nested deeper than 127 levels.
#[must_use]
pub fn parse_object(text: &str) -> Option<Object> {
    let text = object(text)?;
    let mut one = One { objects: Vec::new() };
    Walker::new(Utf8Reader::from_text(text), &mut one, false).run();
    // A line so large that it was handed out in parts becomes one object again.
    let mut parts = one.objects.into_iter();
    let mut object = parts.next().unwrap_or_default();
    object.children.extend(parts);
    Some(object)
}

/// True if [`parse_object`] makes an object of a line.
#[must_use]
pub fn is_object(text: &str) -> bool {
    object(text).is_some()
}

/// The object that a line is, without what may stand around it.
fn object(text: &str) -> Option<&str> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}' || c == '\u{1e}');
    let text = text.strip_suffix(',').unwrap_or(text).trim_ascii_end();
    if !text.starts_with('{') || !text.ends_with('}') {
        return None;
    }
    // The walker forgives what this caller must not: a line of a log is not JSON because it has braces.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    Some(text)
}

/// Keeps the objects of one line.
struct One {
    objects: Vec<Object>,
}

impl DocumentSink for One {
    fn unit(&mut self, _place: Place) {}
    fn text(&mut self, _place: Place, _text: &str) {}
    fn row(&mut self, _row: Row) {}
    fn object(&mut self, object: Object) {
        self.objects.push(object);
    }
    fn envelope(&mut self, _envelope: Envelope) {}
    fn member(&mut self, _name: &str, _content: &mut dyn std::io::Read) {}
    fn sealed_member(&mut self, _name: &str, _size: u64, _why: Sealed) {}
    fn gap(&mut self, _cause: Cause, _detail: &str, _extent: Option<String>) {}
    fn encrypted(&mut self, _encryption: Encryption) {}
    fn go_on(&mut self) -> bool {
        true
    }
}

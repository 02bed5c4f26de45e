//! Contacts and calendars: vCard (RFC 6350 and the older forms) and iCalendar (RFC 5545).
//!
//! Both are lines of `NAME;PARAMETER=…:value` in components that begin and end. A contact, an event, a task is an
//! object, given as soon as it ends, so that files of any size pass through; only a calendar around them is not
//! waited for. What is embedded in Base64 is a member. Lines that are none of this are text.

mod label;
pub mod ldif;
mod line;

use std::io::Cursor;

use mail_parser::decoders::base64::base64_decode;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Field, Input, Object, Place};
use crate::extract::xml::charset::{Utf8Reader, undeclared};
use line::{Line, Lines};

/// How deep components may stand in each other; an alarm in an event in a calendar is three.
const DEPTH: usize = 16;

/// From this many fields on a component is given in pieces.
const FIELDS: usize = 10_000;

/// Reader of contacts and calendars.
pub struct Cards;

impl Extractor for Cards {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut lines = Lines::new(Utf8Reader::new(&mut *input.reader, undeclared));
        let mut cards = Open { sink, open: Vec::new() };
        cards.sink.unit(Place::default());
        while let Some((text, number)) = lines.next() {
            cards.line(&text, number);
            if number.is_multiple_of(100) && !cards.sink.go_on() {
                return;
            }
        }
        let complete = cards.open.is_empty();
        while !cards.open.is_empty() {
            cards.end();
        }
        if lines.failed() {
            sink.gap(Cause::IoError, "reading failed", None);
        } else if !complete {
            sink.gap(Cause::Damaged, "the last entry has no end", None);
        }
    }
}

/// The components that have begun and not ended.
struct Open<'s> {
    sink: &'s mut dyn DocumentSink,
    open: Vec<Object>,
}

impl Open<'_> {
    fn line(&mut self, text: &str, number: u64) {
        let place = Place { line: Some(number), ..Place::default() };
        let Some(line) = Line::parse(text) else {
            if !text.trim().is_empty() {
                self.sink.text(place, text);
            }
            return;
        };
        match line.name.as_str() {
            "BEGIN" if self.open.len() < DEPTH => self.begin(line.value.trim(), place),
            "END" => self.end(),
            _ if line.is_binary() => self.embedded(&line),
            _ => self.fields(&line, &place),
        }
    }

    fn begin(&mut self, name: &str, place: Place) {
        let name = name.to_ascii_lowercase();
        self.open.push(Object { name, place, ..Object::default() });
    }

    /// Ends a component: as a part of the one around it, or by itself if that is a whole calendar.
    fn end(&mut self) {
        let Some(object) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(around) if around.name != "vcalendar" => around.children.push(object),
            _ if object.fields.is_empty() && object.children.is_empty() => {}
            _ => self.sink.object(object),
        }
    }

    /// A file inside the entry: a picture, an attachment.
    fn embedded(&mut self, line: &Line) {
        let name = line.parameter("FILENAME").or_else(|| line.parameter("X-FILENAME"));
        let name = name.map_or_else(|| line.name.to_ascii_lowercase(), str::to_owned);
        let packed: Vec<u8> = line.value.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        match base64_decode(&packed) {
            Some(content) => self.sink.member(&name, &mut Cursor::new(content)),
            None => self.sink.gap(Cause::Damaged, "an embedded file cannot be decoded", None),
        }
    }

    fn fields(&mut self, line: &Line, place: &Place) {
        let Some(object) = self.open.last_mut() else {
            return self.sink.text(place.clone(), &format!("{}: {}", line.name, line.text()));
        };
        for (key, value) in label::fields(line) {
            let place = Place { field: Some(key.clone()), ..place.clone() };
            object.fields.push(Field { key, value, number: false, place });
        }
        if object.fields.len() > FIELDS {
            let name = object.name.clone();
            let part = std::mem::replace(object, Object { name, place: place.clone(), ..Object::default() });
            self.sink.object(part);
        }
    }
}

#[cfg(test)]
mod tests;

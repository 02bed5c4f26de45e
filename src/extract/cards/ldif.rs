//! Directory entries (LDIF, RFC 2849): blocks of `name: value`, each an object.

use std::io::Cursor;

use mail_parser::decoders::base64::base64_decode;

use super::line::Lines;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Field, Input, Object, Place};
use crate::extract::xml::charset::{Utf8Reader, undeclared};

/// Reader of directory entries, given one by one, so that exports of any size pass through.
pub struct Ldif;

/// From this many values on an entry is given in pieces.
const FIELDS: usize = 10_000;

/// Names of attributes (RFC 4519) that are no words.
const LABELS: [(&str, &str); 6] = [
    ("cn", "full name"),
    ("displayname", "full name"),
    ("sn", "last name"),
    ("givenname", "first name"),
    ("st", "state"),
    ("l", "city"),
];

impl Extractor for Ldif {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut lines = Lines::new(Utf8Reader::new(&mut *input.reader, undeclared));
        let mut entry = Object::default();
        sink.unit(Place::default());
        while let Some((text, number)) = lines.next() {
            if number.is_multiple_of(100) && !sink.go_on() {
                return;
            }
            if text.is_empty() || entry.fields.len() > FIELDS {
                end(&mut entry, sink);
            }
            line(&mut entry, &text, number, sink);
        }
        end(&mut entry, sink);
        if lines.failed() {
            sink.gap(Cause::IoError, "reading failed", None);
        }
    }
}

fn end(entry: &mut Object, sink: &mut dyn DocumentSink) {
    let entry = std::mem::take(entry);
    if !entry.fields.is_empty() {
        sink.object(entry);
    }
}

/// Takes up a line: a value as it is, or in Base64 behind two colons. Any other line is text.
fn line(entry: &mut Object, text: &str, number: u64, sink: &mut dyn DocumentSink) {
    let place = Place { line: Some(number), ..Place::default() };
    let pair = text.split_once(':').filter(|(name, _)| !name.starts_with('#') && !name.contains(' '));
    let Some((name, value)) = pair else {
        if !text.trim().is_empty() && text != "-" {
            sink.text(place, text);
        }
        return;
    };
    let value = match value.strip_prefix(':').map(|packed| (packed, base64_decode(packed.trim().as_bytes())))
    {
        None => value.trim().to_owned(),
        Some((packed, None)) => packed.trim().to_owned(),
        Some((_, Some(bytes))) => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return sink.member(name, &mut Cursor::new(error.into_bytes())),
        },
    };
    if entry.fields.is_empty() {
        (entry.name, entry.place) = ("entry".to_owned(), place.clone());
    }
    // Options such as a language follow the name.
    let plain = name.split(';').next().unwrap_or(name);
    let label = LABELS.iter().find(|(attribute, _)| plain.eq_ignore_ascii_case(attribute));
    let key = label.map_or(plain, |(_, label)| label).to_owned();
    entry.fields.push(Field {
        place: Place { field: Some(key.clone()), ..place },
        key,
        value,
        number: false,
    });
}

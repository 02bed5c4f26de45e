//! Text of a PDF that no parser opens: strings that text operators show, taken from the raw streams.
//!
//! Without fonts a string is only what its bytes say, which is right for the usual Latin encodings and nothing for
//! subset fonts with codes of their own. The order is that of the file.

use std::collections::HashSet;

use super::raw::{Kind, RawStreams, find, inflate, is_space, skip_space};
use super::text::text_string;
use crate::document::{DocumentSink, Place};

/// Most bytes that all streams together are inflated to.
const OUTPUT_CAP: usize = 64 << 20;
/// A move in a `TJ` array of at least this many thousandths of an em is a space.
const SPACE: f64 = 150.0;
/// How many unfinished strings are tried again one byte later.
const PATIENCE: u32 = 200;
/// Longest line that is built.
const LINE_CAP: usize = 64 * 1024;

/// Emits what can be found; streams whose object number is in `done` were read by other means. False if the sink
/// said to stop.
pub(super) fn salvage(data: &[u8], done: &HashSet<u32>, sink: &mut dyn DocumentSink) -> bool {
    sink.unit(Place { part: Some("salvaged".to_owned()), ..Place::default() });
    let mut left = OUTPUT_CAP;
    let mut outside = 0;
    for stream in RawStreams::new(data) {
        if !sink.go_on() {
            return false;
        }
        emit(&dictionary_strings(&data[outside..stream.header.end]), sink);
        outside = stream.body.end;
        if stream.number.is_some_and(|n| done.contains(&n)) {
            continue;
        }
        let kind = Kind::of(&data[stream.header]);
        let body = &data[stream.body];
        if kind.subtype == b"Image" || kind.filters.len() > 1 {
            continue;
        }
        if kind.is_flate() {
            let (content, _) = inflate(body, left);
            left = left.saturating_sub(content.len());
            emit_stream(&kind, &content, sink);
        } else if kind.filters.is_empty() {
            emit_stream(&kind, body, sink);
        }
    }
    emit(&dictionary_strings(&data[outside..]), sink);
    true
}

fn emit_stream(kind: &Kind, content: &[u8], sink: &mut dyn DocumentSink) {
    if kind.class == b"ObjStm" {
        emit(&dictionary_strings(content), sink);
    } else {
        emit(&shown_lines(content), sink);
    }
}

fn emit(lines: &[String], sink: &mut dyn DocumentSink) {
    for line in lines {
        sink.text(Place { part: Some("salvaged".to_owned()), ..Place::default() }, line);
    }
}

/// Strings of notes and form values.
fn dictionary_strings(data: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut strings = Strings::new(data);
    for key in [&b"/Contents"[..], b"/V"] {
        let mut at = 0;
        while let Some(hit) = find(data, key, at) {
            at = skip_space(data, hit + key.len());
            let Some((bytes, after)) = strings.at(at) else { continue };
            at = after;
            let text = text_string(&bytes);
            if !text.trim().is_empty() {
                found.push(text);
            }
        }
    }
    found
}

/// Lines that the operators `Tj`, `TJ`, `'` and `"` show.
pub(super) fn shown_lines(content: &[u8]) -> Vec<String> {
    let mut lines = Lines::default();
    let mut strings = Strings::new(content);
    let mut at = 0;
    while at < content.len() {
        let byte = content[at];
        if let Some((bytes, after)) = strings.at(at) {
            lines.pending.push_str(&shown(&bytes));
            at = after;
        } else if byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"') {
            let len =
                content[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"*'\"".contains(b)).count();
            lines.operator(&content[at..at + len]);
            at += len;
        } else if byte.is_ascii_digit() || matches!(byte, b'-' | b'.') {
            let len = content[at..].iter().take_while(|b| b.is_ascii_digit() || b"-.".contains(b)).count();
            lines.number(&content[at..at + len]);
            at += len;
        } else {
            lines.inside_array = match byte {
                b'[' => true,
                b']' => false,
                _ => lines.inside_array,
            };
            at += 1;
        }
    }
    lines.end_line();
    lines.done
}

#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    /// Strings since the last operator.
    pending: String,
    inside_array: bool,
}

impl Lines {
    fn operator(&mut self, name: &[u8]) {
        match name {
            b"Tj" | b"TJ" => self.line.push_str(&self.pending),
            b"'" | b"\"" => {
                self.end_line();
                self.line.push_str(&self.pending);
            }
            b"Td" | b"TD" | b"Tm" | b"T*" | b"ET" => self.end_line(),
            _ => {}
        }
        self.pending.clear();
        if self.line.len() > LINE_CAP {
            self.end_line();
        }
    }

    fn number(&mut self, digits: &[u8]) {
        let value: f64 = std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok()).unwrap_or(0.0);
        if self.inside_array && value <= -SPACE && !self.pending.is_empty() {
            self.pending.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let seen = line.chars().filter(|c| !c.is_whitespace()).count();
        let unknown = line.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
        if seen > 0 && unknown * 2 <= seen {
            self.done.push(line.trim().to_owned());
        }
    }
}

/// The string a text operator shows: two-byte codes with empty upper bytes, or one byte a character.
fn shown(bytes: &[u8]) -> String {
    let wide = bytes.len() >= 2 && bytes.len().is_multiple_of(2) && bytes.iter().step_by(2).all(|&b| b == 0);
    bytes
        .iter()
        .skip(usize::from(wide))
        .step_by(if wide { 2 } else { 1 })
        .map(|&b| match b {
            b' '..=b'~' | 0xA1..=0xFF => char::from(b),
            _ if is_space(b) || b == 0xA0 => ' ',
            _ => char::REPLACEMENT_CHARACTER,
        })
        .collect()
}

/// Reads strings at given positions of `data`.
struct Strings<'a> {
    data: &'a [u8],
    /// How often a string may yet lack its end before such strings are skipped whole.
    patience: u32,
}

impl<'a> Strings<'a> {
    fn new(data: &'a [u8]) -> Self {
        Strings { data, patience: PATIENCE }
    }

    /// The literal or hexadecimal string that starts at `at`; its bytes and the position after it.
    fn at(&mut self, at: usize) -> Option<(Vec<u8>, usize)> {
        match self.data.get(at)? {
            b'(' => self.literal(at + 1),
            b'<' if self.data.get(at + 1) != Some(&b'<') => hex_at(self.data, at + 1),
            _ => None,
        }
    }

    fn literal(&mut self, mut at: usize) -> Option<(Vec<u8>, usize)> {
        let mut bytes = Vec::new();
        let mut depth = 0;
        // Unbalanced brackets must not make every later string run to the end of the file.
        let end = self.data.len().min(at + LINE_CAP);
        while at < end {
            let byte = self.data[at];
            at += 1;
            match byte {
                b'\\' => at = escape_at(self.data, at, &mut bytes),
                b')' if depth == 0 => return Some((bytes, at)),
                _ => {
                    depth += i32::from(byte == b'(') - i32::from(byte == b')');
                    bytes.push(byte);
                }
            }
        }
        self.patience = self.patience.saturating_sub(1);
        (self.patience == 0).then_some((Vec::new(), end))
    }
}

/// Reads what follows a backslash at `at - 1`; the position after it.
fn escape_at(data: &[u8], at: usize, bytes: &mut Vec<u8>) -> usize {
    let Some(&byte) = data.get(at) else { return at };
    let octal = data[at..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
    if octal > 0 {
        bytes.push(data[at..at + octal].iter().fold(0u8, |n, b| n.wrapping_mul(8).wrapping_add(b - b'0')));
        return at + octal;
    }
    match byte {
        b'n' => bytes.push(b'\n'),
        b'r' => bytes.push(b'\r'),
        b't' => bytes.push(b'\t'),
        b'\r' if data.get(at + 1) == Some(&b'\n') => return at + 2,
        b'\r' | b'\n' | b'b' | b'f' => {}
        other => bytes.push(other),
    }
    at + 1
}

fn hex_at(data: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let end = data.len().min(at + LINE_CAP);
    let len = data[at..end].iter().position(|&b| !b.is_ascii_hexdigit() && !is_space(b))?;
    if data[at + len] != b'>' {
        return None;
    }
    let digits: Vec<u8> =
        data[at..at + len].iter().filter_map(|&b| char::from(b).to_digit(16)).map(|d| d as u8).collect();
    let bytes = digits.chunks(2).map(|pair| pair[0] * 16 + pair.get(1).unwrap_or(&0)).collect();
    Some((bytes, at + len + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_text_operators_become_lines() {
        let content = b"BT 0 0 Td [(078-) 20 (05-) -10 (11) (20) -300 (Ann)] TJ T* (B\\157b) Tj (x) ' ET (not shown) Do";
        assert_eq!(shown_lines(content), ["078-05-1120 Ann", "Bob", "x"]);
    }

    #[test]
    fn wide_and_hexadecimal_strings_are_read() {
        assert_eq!(shown_lines(b"<00410042> Tj T* <4 1 4> Tj"), ["AB", "A@"]);
    }

    #[test]
    fn codes_without_meaning_are_dropped() {
        assert!(shown_lines(b"<0102030405> Tj").is_empty());
    }

    #[test]
    fn notes_and_values_are_found() {
        let data = b"<< /Contents (call Ann\\)) /V <416e6e> /Kids [] /Contents 5 0 R >>";
        assert_eq!(dictionary_strings(data), ["call Ann)", "Ann"]);
    }

    #[test]
    fn unbalanced_brackets_cost_linear_time() {
        assert!(shown_lines(&b"((".repeat(1_000_000)).is_empty());
        assert!(dictionary_strings(&b"/V(".repeat(1_000_000)).is_empty());
    }
}

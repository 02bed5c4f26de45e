//! Tokens of HTML, read as tolerantly as browsers read them and without ever failing.
//!
//! Streams: a long text or comment comes in several tokens. Text and attribute values are decoded.

use crate::extract::xml::charset::Utf8Reader;

use super::entities;

/// Longest text or comment in one token, in bytes; longer ones continue in the next token.
const LONGEST: usize = 1 << 20;

/// Longest attribute value or name, in bytes; what follows is taken for the next attribute.
const LONGEST_VALUE: usize = 1 << 20;

/// Most attributes of one tag.
const MOST_ATTRIBUTES: usize = 10_000;

/// A start tag.
pub(crate) struct Tag {
    /// In lower case.
    pub(crate) name: String,
    /// Names in lower case, values decoded.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of the attribute `name`, if it is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, v)| n == name && !v.trim().is_empty());
        found.map(|(_, v)| v.trim())
    }
}

/// A piece of a page.
pub(crate) enum Token {
    /// Running text.
    Text(String),
    /// `<name …>`
    Start(Tag),
    /// `</name>`, in lower case.
    End(String),
    /// A comment or declaration.
    Comment(String),
    /// The end of the page.
    Eof,
}

/// Cuts a page into tokens.
pub(crate) struct Tokens<'a> {
    pub(crate) reader: Utf8Reader<'a>,
    /// The element whose content is text up to its end tag: a script, a style sheet, a text area.
    raw: Option<String>,
    /// True inside a comment that was handed out in part.
    comment: bool,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(reader: Utf8Reader<'a>) -> Self {
        Tokens { reader, raw: None, comment: false }
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Token {
        if self.comment {
            return self.comment();
        }
        if let Some(name) = self.raw.take() {
            return self.raw_text(name);
        }
        match self.reader.ready(4) {
            [] => Token::Eof,
            [b'<', b'!', b'-', b'-', ..] => {
                self.reader.advance(4);
                self.comment()
            }
            [b'<', b'/', c, ..] if c.is_ascii_alphabetic() => self.end_tag(),
            [b'<', c, ..] if c.is_ascii_alphabetic() => self.start_tag(),
            [b'<', b'!' | b'?' | b'/', ..] => self.declaration(),
            _ => self.text(),
        }
    }

    fn text(&mut self) -> Token {
        let mut text = Vec::new();
        self.reader.take_until(&mut text, 1, |_| false);
        if !self.reader.take_until(&mut text, LONGEST, |b| b == b'<') {
            self.reader.take_until(&mut text, LONGEST + 64, |b| b == b'<' || b.is_ascii_whitespace());
        }
        Token::Text(entities::decode(&into_string(text)).into_owned())
    }

    /// The content of a raw element up to its end tag, which is left for the next token.
    fn raw_text(&mut self, name: String) -> Token {
        let end = [b"</", name.as_bytes()].concat();
        let mut text = Vec::new();
        while self.reader.take_until(&mut text, LONGEST, |b| b == b'<') {
            if self.reader.goes_on_with(&end) {
                break;
            }
            text.push(b'<');
            self.reader.advance(1);
        }
        if text.is_empty() {
            return self.next();
        }
        let text = into_string(text);
        let decoded = matches!(name.as_str(), "textarea" | "title");
        let ends = self.reader.peek().is_none() || self.reader.goes_on_with(&end);
        self.raw = (!ends).then_some(name);
        Token::Text(if decoded { entities::decode(&text).into_owned() } else { text })
    }

    fn comment(&mut self) -> Token {
        let mut text = Vec::new();
        self.comment = false;
        while self.reader.take_until(&mut text, LONGEST, |b| b == b'-') {
            if self.reader.goes_on_with(b"-->") {
                self.reader.advance(3);
                return Token::Comment(into_string(text));
            }
            text.push(b'-');
            self.reader.advance(1);
        }
        self.comment = self.reader.peek().is_some();
        Token::Comment(into_string(text))
    }

    fn declaration(&mut self) -> Token {
        if self.reader.goes_on_with(b"<![cdata[") {
            self.reader.advance(9);
            return Token::Text(String::new());
        }
        let mut text = Vec::new();
        self.reader.advance(2);
        if self.reader.take_until(&mut text, LONGEST, |b| b == b'>') {
            self.reader.advance(1);
        }
        let text = into_string(text);
        let says_nothing = ["doctype", "xml "]
            .iter()
            .any(|w| text.get(..w.len()).is_some_and(|t| t.eq_ignore_ascii_case(w)));
        Token::Comment(if says_nothing && !text.contains('[') { String::new() } else { text })
    }

    fn end_tag(&mut self) -> Token {
        self.reader.advance(2);
        let name = self.name();
        let mut rest = Vec::new();
        if self.reader.take_until(&mut rest, LONGEST, |b| b == b'>') {
            self.reader.advance(1);
        }
        Token::End(name)
    }

    fn start_tag(&mut self) -> Token {
        self.reader.advance(1);
        let mut tag = Tag { name: self.name(), attributes: Vec::new() };
        let mut length = 0;
        // A tag that never ends is given up: what is left of it is read as text.
        while tag.attributes.len() < MOST_ATTRIBUTES && length < 16 * LONGEST_VALUE {
            let Some(attribute) = self.attribute() else { break };
            length += attribute.0.len() + attribute.1.len();
            tag.attributes.push(attribute);
        }
        let raw = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];
        self.raw = raw.contains(&tag.name.as_str()).then(|| tag.name.clone());
        Token::Start(tag)
    }

    /// The next attribute of a tag; `None` once the tag has ended.
    fn attribute(&mut self) -> Option<(String, String)> {
        loop {
            match self.reader.peek()? {
                b'>' => {
                    self.reader.advance(1);
                    return None;
                }
                b if b.is_ascii_whitespace() || b == b'/' => self.reader.advance(1),
                _ => break,
            }
        }
        let mut name = Vec::new();
        self.reader.take_until(&mut name, 1, |_| false);
        self.reader.take_until(&mut name, LONGEST_VALUE, |b| {
            matches!(b, b'=' | b'>' | b'/') || b.is_ascii_whitespace()
        });
        self.skip_space();
        if self.reader.peek() != Some(b'=') {
            return Some((lower(name), String::new()));
        }
        self.reader.advance(1);
        self.skip_space();
        Some((lower(name), self.value()))
    }

    fn value(&mut self) -> String {
        let mut value = Vec::new();
        if let Some(quote @ (b'"' | b'\'')) = self.reader.peek() {
            self.reader.advance(1);
            if self.reader.take_until(&mut value, LONGEST_VALUE, |b| b == quote) {
                self.reader.advance(1);
            }
        } else {
            let ends = |b: u8| b == b'>' || b.is_ascii_whitespace();
            self.reader.take_until(&mut value, LONGEST_VALUE, ends);
        }
        entities::decode(&into_string(value)).into_owned()
    }

    fn name(&mut self) -> String {
        let mut name = Vec::new();
        let ends = |b: u8| b == b'>' || b == b'/' || b.is_ascii_whitespace();
        self.reader.take_until(&mut name, LONGEST_VALUE, ends);
        lower(name)
    }

    fn skip_space(&mut self) {
        while self.reader.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.reader.advance(1);
        }
    }
}

fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

fn lower(bytes: Vec<u8>) -> String {
    let mut name = into_string(bytes);
    name.make_ascii_lowercase();
    name
}

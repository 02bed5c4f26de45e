//! Content lines: joined where they were folded, and taken apart (RFC 6350, section 3; RFC 5545, section 3.1).

use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use crate::extract::xml::charset::Utf8Reader;

/// Longest line of a file, and longest line when joined, in bytes; what is beyond is a line of its own.
const PHYSICAL: usize = 1 << 20;
const JOINED: usize = 32 << 20;

/// Gives the lines of a file, joined.
pub(super) struct Lines<'a> {
    reader: Utf8Reader<'a>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(reader: Utf8Reader<'a>) -> Self {
        Lines { reader }
    }

    pub(super) fn failed(&self) -> bool {
        self.reader.failed()
    }

    /// The next line with its number in the file.
    pub(super) fn next(&mut self) -> Option<(String, u64)> {
        let number = self.reader.line();
        let mut joined = Vec::new();
        self.reader.peek()?;
        self.physical(&mut joined);
        while joined.len() < JOINED {
            let soft = joined.ends_with(b"=") && is_quoted_printable(&joined);
            if soft {
                joined.pop();
            } else if matches!(self.reader.peek(), Some(b' ' | b'\t')) {
                self.reader.advance(1);
            } else {
                break;
            }
            if self.reader.peek().is_none() {
                break;
            }
            self.physical(&mut joined);
        }
        Some((String::from_utf8_lossy(&joined).into_owned(), number))
    }

    /// Appends a line of the file, without its end.
    fn physical(&mut self, joined: &mut Vec<u8>) {
        let limit = joined.len() + PHYSICAL;
        if self.reader.take_until(joined, limit, |b| b == b'\n') {
            self.reader.advance(1);
        }
        if joined.ends_with(b"\r") {
            joined.pop();
        }
    }
}

/// True if the line says before its value that it is in the encoding that breaks lines with `=`.
fn is_quoted_printable(line: &[u8]) -> bool {
    let head = &line[..memchr::memchr(b':', line).unwrap_or(0)];
    head.windows(16).any(|w| w.eq_ignore_ascii_case(b"QUOTED-PRINTABLE"))
}

/// A line taken apart.
pub(super) struct Line {
    /// In capitals, without a group.
    pub(super) name: String,
    /// Names in capitals; a value alone, as the oldest form has them, under the name `TYPE`.
    pub(super) parameters: Vec<(String, String)>,
    /// As it stands.
    pub(super) value: String,
}

impl Line {
    /// Takes a line apart; `None` if it has no name.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let colon = outside_quotes(text, ':').next()?;
        let head = &text[..colon];
        let mut cuts: Vec<usize> = outside_quotes(head, ';').collect();
        cuts.push(head.len());
        let mut parts = Vec::new();
        let mut from = 0;
        for cut in cuts {
            parts.push(&head[from..cut]);
            from = cut + 1;
        }
        let name = parts[0].rsplit('.').next().unwrap_or_default().trim().to_ascii_uppercase();
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let parameters = parts[1..].iter().map(|part| match part.split_once('=') {
            Some((name, value)) => (name.trim().to_ascii_uppercase(), value.trim_matches('"').to_owned()),
            None => ("TYPE".to_owned(), (*part).to_owned()),
        });
        let parameters = parameters.collect();
        is_name.then(|| Line { name, parameters, value: text[colon + 1..].to_owned() })
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// True for a file in Base64.
    pub(super) fn is_binary(&self) -> bool {
        self.parameters.iter().any(|(name, value)| {
            let base64 = value.eq_ignore_ascii_case("BASE64") || value.eq_ignore_ascii_case("B");
            base64 && matches!(name.as_str(), "ENCODING" | "TYPE")
        })
    }

    /// The value as bytes of its encoding say it.
    fn decoded(&self) -> String {
        let quoted = self.parameters.iter().any(|(_, v)| v.eq_ignore_ascii_case("QUOTED-PRINTABLE"));
        let decoded = if quoted { quoted_printable_decode(self.value.as_bytes()) } else { None };
        let Some(bytes) = decoded else { return self.value.clone() };
        let label = self.parameter("CHARSET").unwrap_or("utf-8");
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        encoding.decode(&bytes).0.into_owned()
    }

    /// The value as a reader sees it.
    pub(super) fn text(&self) -> String {
        unescape(&self.decoded())
    }

    /// The parts of a value in several, as of names and addresses.
    pub(super) fn parts(&self) -> Vec<String> {
        let value = self.decoded();
        let mut parts = vec![String::new()];
        let mut escaped = false;
        for c in value.chars() {
            let last = parts.len() - 1;
            if c == ';' && !escaped {
                parts.push(String::new());
            } else {
                parts[last].push(c);
            }
            escaped = c == '\\' && !escaped;
        }
        parts.iter().map(|part| unescape(part).trim().to_owned()).collect()
    }
}

/// Where `wanted` stands outside quotation marks.
fn outside_quotes(text: &str, wanted: char) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    text.char_indices().filter_map(move |(at, c)| {
        quoted ^= c == '"';
        (c == wanted && !quoted).then_some(at)
    })
}

/// Undoes `\n`, `\,`, `\;` and `\\` (RFC 6350, section 3.4).
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c) => out.push(c),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

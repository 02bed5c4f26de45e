//! Tokens of JSON and of what people take for JSON.
//!
//! Read as well: comments, single quotes, keys without quotes, numbers in any notation. Commas and record
//! separators count as white space, so missing and superfluous ones do no harm. A long string comes in pieces,
//! so that no string decides about memory.

use crate::extract::xml::charset::Utf8Reader;

/// Longest string handed out as one value, in bytes.
const LONGEST: usize = 8 << 20;

/// Longest word without quotes, in bytes.
const LONGEST_WORD: usize = 4096;

/// A token with its text decoded.
pub(super) enum Token {
    /// `{` or `[`.
    Open { array: bool },
    /// `}` or `]`.
    Close { array: bool },
    /// `:`
    Colon,
    /// A string in quotes, or what is left of it after its pieces.
    Text(String),
    /// Anything without quotes: a number as written, `true`, `null`, a bare key.
    Word(String),
    /// A comment.
    Comment(String),
    /// Part of a string or comment too long to be one value; `last` with the end of a string.
    Piece { text: String, last: bool },
    /// The end of the input.
    End,
}

enum Inside {
    Nothing,
    Text(u8),
    Line,
    Block,
}

/// Cuts the input into tokens.
pub(super) struct Lexer<'a> {
    pub(super) reader: Utf8Reader<'a>,
    inside: Inside,
    /// True if the input ended inside a string.
    pub(super) cut: bool,
    /// True once a string was handed out in pieces and its rest is to come.
    pieces: bool,
    /// The end of a piece that belongs to the next one.
    carry: Vec<u8>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(reader: Utf8Reader<'a>) -> Self {
        Lexer { reader, inside: Inside::Nothing, cut: false, pieces: false, carry: Vec::new() }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Token {
        match self.inside {
            Inside::Nothing => self.start(),
            Inside::Text(quote) => self.text(quote),
            Inside::Line | Inside::Block => self.comment(),
        }
    }

    /// The rest of the line (or a long piece of it), for what cannot be read as JSON. True if the line goes on.
    pub(super) fn rest_of_line(&mut self, into: &mut Vec<u8>) -> bool {
        self.inside = Inside::Nothing;
        self.pieces = false;
        into.append(&mut self.carry);
        let ended = self.reader.take_until(into, LONGEST, |b| b == b'\n');
        !ended && self.reader.peek().is_some()
    }

    fn start(&mut self) -> Token {
        self.skip_space();
        let Some(byte) = self.reader.peek() else { return Token::End };
        let token = match byte {
            b'{' | b'[' => Token::Open { array: byte == b'[' },
            b'}' | b']' => Token::Close { array: byte == b']' },
            b':' => Token::Colon,
            b'"' | b'\'' => {
                self.reader.advance(1);
                return self.text(byte);
            }
            b'/' => return self.slash(),
            _ => return self.word(),
        };
        self.reader.advance(1);
        token
    }

    /// Goes on to the next byte that is neither white space nor a comma.
    pub(super) fn skip_space(&mut self) {
        loop {
            let ready = self.reader.ready(1);
            let count = ready.iter().position(|&b| !is_space(b)).unwrap_or(ready.len());
            if count == 0 && !ready.starts_with(b"\xef\xbb\xbf") {
                return;
            }
            self.reader.advance(if count == 0 { 3 } else { count });
        }
    }

    fn slash(&mut self) -> Token {
        match self.reader.ready(2) {
            [b'/', b'/', ..] => self.inside = Inside::Line,
            [b'/', b'*', ..] => self.inside = Inside::Block,
            _ => return self.word(),
        }
        self.reader.advance(2);
        self.comment()
    }

    fn word(&mut self) -> Token {
        let mut word = Vec::new();
        // The first byte belongs to the word whatever it is, so that reading always goes on.
        if let Some(first) = self.reader.peek() {
            word.push(first);
            self.reader.advance(1);
        }
        self.reader.take_until(&mut word, LONGEST_WORD, ends_word);
        Token::Word(into_string(word))
    }

    fn comment(&mut self) -> Token {
        let block = matches!(self.inside, Inside::Block);
        let mut text = Vec::new();
        while self.reader.take_until(&mut text, LONGEST, |b| b == if block { b'*' } else { b'\n' }) {
            if block && !self.reader.goes_on_with(b"*/") {
                text.push(b'*');
                self.reader.advance(1);
                continue;
            }
            self.reader.advance(if block { 2 } else { 1 });
            self.inside = Inside::Nothing;
            return Token::Comment(into_string(text));
        }
        if self.reader.peek().is_some() {
            return Token::Piece { text: into_string(text), last: false };
        }
        self.inside = Inside::Nothing;
        Token::Comment(into_string(text))
    }

    fn text(&mut self, quote: u8) -> Token {
        let mut text = std::mem::take(&mut self.carry);
        while self.reader.take_until(&mut text, LONGEST, |b| b == quote || b == b'\\') {
            if self.reader.peek() == Some(quote) {
                self.reader.advance(1);
                return self.ended(text);
            }
            self.reader.advance(1);
            self.escape(&mut text);
        }
        if self.reader.peek().is_none() {
            self.cut = true;
            return self.ended(text);
        }
        self.inside = Inside::Text(quote);
        self.pieces = true;
        self.carry = text.split_off(cut_at(&text));
        Token::Piece { text: into_string(text), last: false }
    }

    fn ended(&mut self, text: Vec<u8>) -> Token {
        self.inside = Inside::Nothing;
        if std::mem::take(&mut self.pieces) {
            return Token::Piece { text: into_string(text), last: true };
        }
        Token::Text(into_string(text))
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.reader.peek() else { return };
        self.reader.advance(1);
        let plain = match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let c = self.unicode();
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return;
            }
            other => other,
        };
        text.push(plain);
    }

    /// The character of `\u....`, with its second half if it is the first of a pair.
    fn unicode(&mut self) -> char {
        let lost = char::REPLACEMENT_CHARACTER;
        let Some(first) = self.four_digits(0) else { return lost };
        self.reader.advance(4);
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).unwrap_or(lost);
        }
        if !self.reader.goes_on_with(b"\\u") {
            return lost;
        }
        match self.four_digits(2) {
            Some(second @ 0xdc00..0xe000) => {
                self.reader.advance(6);
                char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)).unwrap_or(lost)
            }
            _ => lost,
        }
    }

    fn four_digits(&mut self, from: usize) -> Option<u32> {
        let digits = self.reader.ready(from + 4).get(from..from + 4)?;
        digits.iter().try_fold(0, |n, &b| Some(n * 16 + char::from(b).to_digit(16)?))
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | 0x1e | 0)
}

/// Where to cut a long text so that no number and no character is cut through.
fn cut_at(text: &[u8]) -> usize {
    let tail = text.len().saturating_sub(LONGEST_WORD);
    let after = |found: Option<usize>| found.map(|at| tail + at + 1);
    after(text[tail..].iter().rposition(u8::is_ascii_whitespace))
        .or_else(|| after(text[tail..].iter().rposition(u8::is_ascii)))
        .unwrap_or(text.len())
}

fn ends_word(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b':' | b'{' | b'}' | b'[' | b']' | b'"' | b'\'')
}

fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

//! RTF as a sequence of braces, control words and bytes of text (RTF 1.9.1 specification, "Control Word" and "Group").

use std::io::Read;

/// Longest name of a control word; a longer one is no word of the format.
const MOST_NAME: usize = 32;
const BUFFER: usize = 1 << 16;

/// One token.
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// A control word with its number.
    Word(&'a str, Option<i32>),
    /// A control symbol: a backslash and one character that is no letter.
    Symbol(u8),
    /// A byte of text, plain or written as `\'hh`.
    Byte(u8),
}

/// Reads tokens.
pub(super) struct Tokens<'a> {
    reader: &'a mut dyn Read,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    name: String,
    /// Bytes read so far.
    pub read: u64,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(reader: &'a mut dyn Read) -> Self {
        Tokens { reader, buffer: vec![0; BUFFER], at: 0, end: 0, name: String::new(), read: 0 }
    }

    fn peek(&mut self) -> Option<u8> {
        if self.at == self.end {
            self.end = self.reader.read(&mut self.buffer).unwrap_or(0);
            self.at = 0;
            self.read += self.end as u64;
        }
        (self.at < self.end).then(|| self.buffer[self.at])
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token<'_>> {
        loop {
            return Some(match self.byte()? {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => return self.control(),
                b'\r' | b'\n' | 0 => continue,
                byte => Token::Byte(byte),
            });
        }
    }

    fn control(&mut self) -> Option<Token<'_>> {
        let first = self.byte()?;
        match first {
            b'a'..=b'z' | b'A'..=b'Z' => Some(self.word(first)),
            b'\'' => Some(self.hex()),
            b'{' | b'}' | b'\\' => Some(Token::Byte(first)),
            // A backslash before the end of a line is a paragraph.
            b'\r' | b'\n' => Some(Token::Word("par", None)),
            symbol => Some(Token::Symbol(symbol)),
        }
    }

    fn hex(&mut self) -> Token<'_> {
        let mut value = 0;
        for _ in 0..2 {
            match self.peek().and_then(digit) {
                Some(digit) => value = value << 4 | digit,
                None => break,
            }
            self.at += 1;
        }
        Token::Byte(value)
    }

    fn word(&mut self, first: u8) -> Token<'_> {
        self.name.clear();
        self.name.push(first.into());
        while let Some(letter @ (b'a'..=b'z' | b'A'..=b'Z')) = self.peek() {
            if self.name.len() == MOST_NAME {
                break;
            }
            self.name.push(letter.into());
            self.at += 1;
        }
        let number = self.number();
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        Token::Word(&self.name, number)
    }

    fn number(&mut self) -> Option<i32> {
        let minus = self.peek() == Some(b'-');
        if minus {
            self.at += 1;
        }
        let (mut value, mut digits) = (0_i32, 0);
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if digits == 10 {
                break;
            }
            value = value.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
            digits += 1;
            self.at += 1;
        }
        (digits > 0).then_some(if minus { -value } else { value })
    }

    /// Reads `count` bytes that are no tokens, or as many as there are; keeps the first `keep` in `out`.
    pub(super) fn raw(&mut self, count: u64, keep: usize, out: &mut Vec<u8>) {
        for _ in 0..count {
            let Some(byte) = self.byte() else { return };
            if out.len() < keep {
                out.push(byte);
            }
        }
    }
}

/// The value of a hexadecimal digit.
pub(super) fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

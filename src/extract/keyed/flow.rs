//! Values written in one piece: `{name: Ann, ids: [1, 2]}`, as in YAML; with `=` in place of the colon, as in TOML.

use super::{DEPTH, Value, object, put, unquote};
use crate::document::Object;

/// Reads a list or mapping that `text` begins with as the value of `key`. False if it does not end.
pub(super) fn read(around: &mut Object, key: &str, text: &str, line: u64) -> bool {
    let mut flow = Flow { rest: text, line };
    flow.value(around, key, 0).is_some()
}

/// Brackets that are open, quotes seen to.
#[derive(Default)]
pub(super) struct Brackets {
    open: usize,
    quote: Option<char>,
}

impl Brackets {
    /// Goes on with a line.
    pub(super) fn feed(&mut self, line: &str) {
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (self.quote, c) {
                (Some('"'), '\\') => _ = chars.next(),
                (Some(quote), _) if c == quote => self.quote = None,
                (None, '"' | '\'') => self.quote = Some(c),
                (None, '{' | '[') => self.open += 1,
                (None, '}' | ']') => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
    }

    pub(super) fn open(&self) -> bool {
        self.open > 0
    }
}

struct Flow<'a> {
    rest: &'a str,
    line: u64,
}

impl Flow<'_> {
    fn value(&mut self, around: &mut Object, key: &str, depth: usize) -> Option<()> {
        self.blank();
        match self.rest.chars().next()? {
            _ if depth > DEPTH => None,
            '{' => {
                let mut inner = object(key, self.line);
                let done = self.mapping(&mut inner, depth);
                around.children.push(inner);
                done
            }
            '[' => self.list(around, key, depth),
            '"' | '\'' => {
                let (text, rest) = unquote(self.rest)?;
                self.rest = rest;
                put(around, key, Value::quoted(text), self.line);
                Some(())
            }
            _ => {
                let text = self.until(&[',', '}', ']', '\n']);
                put(around, key, Value::plain(text), self.line);
                Some(())
            }
        }
    }

    fn list(&mut self, around: &mut Object, key: &str, depth: usize) -> Option<()> {
        self.rest = &self.rest[1..];
        while self.more(']')? {
            self.value(around, key, depth + 1)?;
        }
        Some(())
    }

    fn mapping(&mut self, inner: &mut Object, depth: usize) -> Option<()> {
        self.rest = &self.rest[1..];
        while self.more('}')? {
            let key = match unquote(self.rest) {
                Some((key, rest)) => {
                    self.rest = rest;
                    key
                }
                None => self.until(&[':', '=', ',', '}']).to_owned(),
            };
            self.blank();
            if self.rest.starts_with([':', '=']) {
                self.rest = &self.rest[1..];
                self.value(inner, &key, depth + 1)?;
            }
        }
        Some(())
    }

    /// True if another item follows; steps over commas, and over `close`.
    fn more(&mut self, close: char) -> Option<bool> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        match self.rest.chars().next()? {
            c if c == close => {
                self.rest = &self.rest[1..];
                Some(false)
            }
            // The bracket of another kind, or a mark without a key before it.
            '}' | ']' | ':' | '=' => None,
            _ => Some(true),
        }
    }

    fn until(&mut self, ends: &[char]) -> &str {
        let at = self.rest.find(ends).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(at);
        self.rest = rest;
        text.trim()
    }

    /// Steps over blanks, ends of lines and comments.
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

//! Where the statement began that a range of a SQL dump stands in the middle of.
//!
//! A dump may hold statements of many megabytes. For a range that starts inside one, the head is looked up: the
//! last `INSERT`, `COPY` and `CREATE TABLE` before it, found by one pass over each stretch of the file, once.

use std::sync::OnceLock;

use super::sql::{self, Insert};
use super::window::Decoded;
use super::{Bytes, read_range};
use crate::identify::TextEncoding;

/// How much is looked through at a time.
const STRETCH: u64 = 1 << 20;
/// How much of a statement's head is read.
const HEAD: u64 = 16 * 1024;
/// How far beyond its stretch a head may reach.
const OVERLAP: u64 = 32;

/// Heads of statements of one file.
pub struct Survey<'a> {
    bytes: &'a dyn Bytes,
    encoding: TextEncoding,
    heads: &'a Heads,
}

/// What was found so far, by stretch: the last `INSERT` or `COPY`, and the last `CREATE TABLE`.
pub struct Heads(Vec<OnceLock<[Option<u64>; 2]>>);

impl Heads {
    /// For a file of `size` bytes.
    #[must_use]
    pub fn new(size: u64) -> Heads {
        let n = usize::try_from(size.div_ceil(STRETCH)).unwrap_or(0);
        Heads((0..n).map(|_| OnceLock::new()).collect())
    }
}

impl<'a> Survey<'a> {
    /// A survey of a file; `heads` keeps what is found.
    #[must_use]
    pub fn new(bytes: &'a dyn Bytes, encoding: TextEncoding, heads: &'a Heads) -> Survey<'a> {
        Survey { bytes, encoding, heads }
    }

    /// The statement that begins last before `offset`, with its columns, and whether it is a `COPY`.
    #[must_use]
    pub fn before(&self, offset: u64) -> Option<(Insert, bool)> {
        // Encodings of two and four bytes are not surveyed: dumps are written in others.
        let at = if self.encoding.unit() == 1 { self.last(0, offset)? } else { return None };
        let text = self.text(at);
        let copy = text.starts_with("COPY ");
        let insert = if copy { sql::copy_head(&text, 0) } else { sql::head(&text, 0) };
        let insert = insert.or_else(|| {
            let created = self.text(self.last(1, at)?);
            sql::head(&format!("{created}\n);\n{text}"), created.len() + 4)
        });
        insert.or_else(|| sql::sampled(&text, 0)).map(|i| (i, copy))
    }

    fn text(&self, at: u64) -> String {
        let mut buf = Vec::new();
        if read_range(self.bytes, at..at + HEAD, &mut buf).is_err() {
            buf.clear();
        }
        Decoded::new(self.encoding, &buf, at.max(1)).text().to_owned()
    }

    fn last(&self, kind: usize, before: u64) -> Option<u64> {
        let stretch = usize::try_from(before / STRETCH).ok()?.min(self.heads.0.len().checked_sub(1)?);
        let own = self.scan(stretch as u64 * STRETCH, before)[kind];
        own.or_else(|| (0..stretch).rev().find_map(|i| self.whole(i)[kind]))
    }

    fn whole(&self, i: usize) -> [Option<u64>; 2] {
        *self.heads.0[i].get_or_init(|| self.scan(i as u64 * STRETCH, (i as u64 + 1) * STRETCH))
    }

    /// The last heads that begin from `from` on and before `to`.
    fn scan(&self, from: u64, to: u64) -> [Option<u64>; 2] {
        let mut buf = Vec::new();
        let start = from.saturating_sub(1);
        if read_range(self.bytes, start..to + OVERLAP, &mut buf).is_err() {
            return [None, None];
        }
        let text = String::from_utf8_lossy(&buf);
        if text.len() != buf.len() {
            // Offsets would be off; look at the bytes as one-byte characters.
            let ascii: String = buf.iter().map(|b| if b.is_ascii() { *b as char } else { '?' }).collect();
            return Self::find(&ascii, start, from, to);
        }
        Self::find(&text, start, from, to)
    }

    fn find(text: &str, start: u64, from: u64, to: u64) -> [Option<u64>; 2] {
        let within = |at: &u64| (from..to).contains(at);
        let last = |all: Vec<usize>| all.into_iter().map(|at| start + at as u64).rfind(within);
        [last(sql::statements(text)), last(sql::tables(text))]
    }
}

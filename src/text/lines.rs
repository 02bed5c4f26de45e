//! Line numbers of a large file: counted only where a finding asks, once per range.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Bytes, read_range};
use crate::identify::TextEncoding;

/// Line feeds of a file by stretches of fixed size.
pub struct LineIndex {
    stretch: u64,
    counts: Vec<OnceLock<u64>>,
    /// True once a finding has asked.
    asked: AtomicBool,
    encoding: TextEncoding,
}

impl LineIndex {
    /// For a file of `size` bytes.
    #[must_use]
    pub fn new(size: u64, encoding: TextEncoding) -> Self {
        let stretch = super::UNIT;
        let n = usize::try_from(size.div_ceil(stretch)).unwrap_or(0);
        let counts = (0..n).map(|_| OnceLock::new()).collect();
        LineIndex { stretch, counts, asked: AtomicBool::new(false), encoding }
    }

    /// Counts the stretches that lie within `bytes`, which stand at `offset`, so that they need not be read again; not
    /// before a finding has asked, for most files have none.
    pub fn note(&self, bytes: &[u8], offset: u64) {
        if !self.asked.load(Ordering::Relaxed) {
            return;
        }
        let (stretch, end) = (self.stretch, offset + bytes.len() as u64);
        for i in offset.div_ceil(stretch)..end / stretch {
            let at = usize::try_from(i * stretch - offset).unwrap_or(usize::MAX);
            let own = bytes.get(at..at + usize::try_from(stretch).unwrap_or(0));
            if let (Some(own), Some(count)) = (own, usize::try_from(i).ok().and_then(|i| self.counts.get(i)))
            {
                count.get_or_init(|| line_feeds(self.encoding, own));
            }
        }
    }

    /// How many line feeds stand before `offset`. A stretch that cannot be read counts none.
    pub fn before(&self, bytes: &dyn Bytes, offset: u64) -> u64 {
        self.asked.store(true, Ordering::Relaxed);
        let full = usize::try_from(offset / self.stretch).unwrap_or(0).min(self.counts.len());
        let whole: u64 = (0..full)
            .map(|i| {
                let start = i as u64 * self.stretch;
                *self.counts[i].get_or_init(|| self.count(bytes, start..start + self.stretch))
            })
            .sum();
        whole + self.count(bytes, full as u64 * self.stretch..offset)
    }

    fn count(&self, bytes: &dyn Bytes, range: std::ops::Range<u64>) -> u64 {
        let mut buf = Vec::new();
        if range.is_empty() || read_range(bytes, range, &mut buf).is_err() {
            return 0;
        }
        line_feeds(self.encoding, &buf)
    }
}

/// Line feeds in bytes that start at a code unit.
#[must_use]
pub fn line_feeds(encoding: TextEncoding, bytes: &[u8]) -> u64 {
    let unit = encoding.unit();
    if unit == 1 {
        return memchr::memchr_iter(b'\n', bytes).count() as u64;
    }
    let low_first = matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf32Le);
    let at = if low_first { 0 } else { unit - 1 };
    let feed = |u: &&[u8]| u.iter().enumerate().all(|(i, b)| *b == if i == at { b'\n' } else { 0 });
    bytes.chunks_exact(unit).filter(feed).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_across_stretches() {
        let text = "abc\n".repeat(600_000);
        let bytes = text.as_bytes();
        let index = LineIndex::new(bytes.len() as u64, TextEncoding::Utf8);
        assert_eq!(index.before(&bytes, 0), 0);
        assert_eq!(index.before(&bytes, 4), 1);
        assert_eq!(index.before(&bytes, 2_000_000), 500_000);
    }

    #[test]
    fn what_was_noted_is_not_read_again() {
        let text = "abc\n".repeat(1_000_000);
        let bytes = text.as_bytes();
        let index = LineIndex::new(bytes.len() as u64, TextEncoding::Utf8);
        index.note(bytes, 0);
        assert!(index.counts.iter().all(|c| c.get().is_none()));
        assert_eq!(index.before(&bytes, 100), 25);
        // Two stretches lie within it.
        index.note(&bytes[1_000_000..3_200_000], 1_000_000);
        let nothing: &[u8] = &[];
        let noted = |i: usize| index.counts[i].get().copied();
        assert_eq!([noted(0), noted(1), noted(2), noted(3)], [None, Some(1 << 18), Some(1 << 18), None]);
        assert_eq!(index.before(&nothing, 3 << 20), 2 << 18);
    }

    #[test]
    fn wide_code_units_are_counted_as_such() {
        assert_eq!(line_feeds(TextEncoding::Utf16Le, b"a\0\n\0\x0a\x0a"), 1);
        assert_eq!(line_feeds(TextEncoding::Utf16Be, b"\0a\0\n"), 1);
    }
}

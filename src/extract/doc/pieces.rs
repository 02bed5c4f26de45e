//! The piece table: where in the stream the characters of the text stand.
//!
//! It lies in a list of blocks ([MS-DOC] 2.9.38, `Clx`): formatting, each with its length, and then the table.
//! Characters of a piece are bytes in Windows-1252 or units of UTF-16, as a bit of its offset says (2.9.73,
//! `FcCompressed`).

use std::ops::Range;

use super::fib::Fib;
use crate::extract::bytes::{slice, u16_at, u32_at, up_to};

/// The bit of an offset that says: one byte for each character, at half the offset.
const NARROW: u32 = 0x4000_0000;

/// A stretch of text that lies in one piece.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Its first character, counted from the start of the document.
    pub first: u32,
    /// Its number of characters.
    pub count: u32,
    /// Its first byte in the stream.
    pub at: u32,
    /// True if its characters are UTF-16.
    pub wide: bool,
}

impl Piece {
    /// Bytes of one character.
    fn unit(self) -> u32 {
        if self.wide { 2 } else { 1 }
    }

    /// The part of the piece that lies among these characters.
    pub(super) fn within(self, characters: &Range<u64>) -> Option<Piece> {
        let end = u64::from(self.first) + u64::from(self.count);
        let from = u64::from(self.first).max(characters.start);
        let to = end.min(characters.end);
        let skipped = from.checked_sub(u64::from(self.first))? as u32;
        let at = self.at.checked_add(skipped.checked_mul(self.unit())?)?;
        (from < to).then(|| Piece { first: from as u32, count: (to - from) as u32, at, wide: self.wide })
    }

    /// Its bytes in the stream, as many as there are.
    pub(super) fn bytes(self, stream: &[u8]) -> &[u8] {
        up_to(stream, self.at as usize, self.count as usize * self.unit() as usize)
    }
}

/// The pieces in the order of their characters. `None` if there is no table, or none that can be read.
///
/// All pieces together hold at most so many characters as the stream could hold twice: pieces of a damaged or hostile
/// table may all name the same bytes.
pub(super) fn read(table: &[u8], fib: &Fib, stream_len: usize) -> Option<Vec<Piece>> {
    let clx = up_to(table, fib.pieces.0 as usize, fib.pieces.1 as usize);
    let plc = plc(clx)?;
    // n + 1 positions of 4 bytes, n entries of 8.
    let count = plc.len().checked_sub(4)? / 12;
    let (mut pieces, mut left) = (Vec::new(), 2 * stream_len as u64);
    for n in 0..count {
        let (first, end) = (u32_at(plc, 4 * n)?, u32_at(plc, 4 * n + 4)?);
        let offset = u32_at(plc, 4 * (count + 1) + 8 * n + 2)?;
        if end <= first {
            continue;
        }
        let count = u64::from(end - first).min(left) as u32;
        left -= u64::from(count);
        let (at, wide) = match (fib.new, offset & NARROW != 0) {
            (true, true) => ((offset & !NARROW) / 2, false),
            (true, false) => (offset, true),
            (false, _) => (offset, fib.wide),
        };
        pieces.push(Piece { first, count, at, wide });
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// The table among the blocks.
fn plc(clx: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        match clx.get(at)? {
            1 => at += 3 + usize::from(u16_at(clx, at + 1)?),
            2 => return Some(up_to(clx, at + 5, u32_at(clx, at + 1)? as usize)),
            _ => return None,
        }
    }
}

/// The text in one piece, as it lies in documents that were saved at once.
pub(super) fn whole(fib: &Fib) -> Vec<Piece> {
    let (from, to) = fib.text;
    let bytes = to.saturating_sub(from);
    let wide = fib.wide;
    vec![Piece { first: 0, count: if wide { bytes / 2 } else { bytes }, at: from, wide }]
}

/// Bytes between start and end of the text that no piece holds: what a fast save left behind.
pub(super) fn left_over<'s>(stream: &'s [u8], fib: &Fib, pieces: &[Piece]) -> Vec<&'s [u8]> {
    let mut taken: Vec<(u64, u64)> = pieces
        .iter()
        .map(|p| (u64::from(p.at), u64::from(p.at) + u64::from(p.count) * u64::from(p.unit())))
        .collect();
    taken.sort_unstable();
    let end = u64::from(fib.text.1).min(stream.len() as u64);
    let (mut out, mut at) = (Vec::new(), u64::from(fib.text.0));
    for (from, to) in taken.into_iter().chain([(end, end)]) {
        if from > at && at < end {
            out.extend(slice(stream, at as usize, (from.min(end) - at) as usize));
        }
        at = at.max(to);
    }
    out
}

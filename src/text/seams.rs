//! Rows that hold nothing in the columns asked about, found without looking at any cell.
//!
//! Where cells and lines end and where digits stand is known as bits. Those at the ends of cells, moved together, say of
//! a row how many columns it has and which of them hold a digit.

use std::ops::Range;

use crate::bits::{self, BLOCK};

/// How many bytes are looked at at a time.
const STEP: usize = 64 * BLOCK;
/// The most columns whose rows are told apart as bits: with the cells of the next block they mostly fit into a word.
const COLUMNS: usize = 48;

/// Skips rows; holds the bits of the stretch in hand.
pub(super) struct Seams {
    delimiter: u8,
    columns: usize,
    /// The columns asked about, in order.
    named: Vec<usize>,
    /// The same as bits.
    named_bits: u64,
    /// Nobody asks beyond.
    end: usize,
    /// The stretch in hand: from the beginning of a line on, without quotes, in which a delimiter may be text.
    stretch: Range<usize>,
    /// Where cells end in it, and which of these ends are those of lines.
    cells: Vec<u64>,
    lines: Vec<u64>,
    /// For the ends of cells alone, moved together: which are ends of lines, and before which stands a digit in its cell.
    last: Vec<u64>,
    filled: Vec<u64>,
    digits: Vec<u64>,
}

impl Seams {
    /// For rows of `columns` cells that `delimiter` parts, up to `end`, and their columns `named`.
    pub(super) fn new(delimiter: u8, columns: usize, named: &[usize], end: usize) -> Seams {
        let named_bits = named.iter().filter(|n| **n < COLUMNS).fold(0, |bits, n| bits | 1 << n);
        Seams {
            delimiter,
            columns,
            named: named.to_vec(),
            named_bits,
            end,
            stretch: 0..0,
            cells: Vec::new(),
            lines: Vec::new(),
            last: Vec::new(),
            filled: Vec::new(),
            digits: Vec::new(),
        }
    }

    /// Where the first line from `at` on begins that has a digit in a named column, is no row by itself, holds a quote or
    /// has no end; or that is not looked at, since it begins at the end or beyond. `at` begins a line.
    pub(super) fn first_filled(&mut self, text: &[u8], at: usize) -> Option<usize> {
        let mut line = at;
        while line < self.end.min(text.len()) {
            if !self.stretch.contains(&line) && self.columns <= COLUMNS {
                self.fill(text, line);
            }
            let undecided = match self.skip(line) {
                Ok(undecided) => undecided,
                Err(filled) => return Some(filled),
            };
            if undecided > line {
                line = undecided;
            } else if self.stretch.start < line && self.breaks_off(text, line) {
                self.fill(text, line);
            } else if let Some(next) = self.skip_one(text, line) {
                line = next;
            } else {
                return Some(line);
            }
        }
        (line < text.len()).then_some(line)
    }

    /// True if the line at `line` begins in the stretch in hand and ends behind it.
    fn breaks_off(&self, text: &[u8], line: usize) -> bool {
        line < self.stretch.end && memchr::memchr(b'\n', &text[line..self.stretch.end]).is_none()
    }

    /// Goes over the rows of the stretch in hand from that at `line` on: where the first begins that has a digit in a named
    /// column or does not fit, as an error, or the first that is not decided here.
    fn skip(&self, line: usize) -> Result<usize, usize> {
        if !self.stretch.contains(&line) {
            return Ok(line);
        }
        let columns = self.columns as u32;
        let (row, fits) = (u64::MAX >> (u64::BITS - columns), 1 << (columns - 1));
        // Of the cells that are of no row yet: how many, which end a line, which hold a digit.
        let (mut count, mut last, mut filled) = (0, 0, 0);
        let base = self.stretch.start;
        let (from, bit) = ((line - base) / BLOCK, (line - base) % BLOCK);
        let (mut start, mut before) = (line, !(u64::MAX << bit));
        let bits = self.cells[from..].iter().zip(&self.lines[from..]);
        let packed = self.last[from..].iter().zip(&self.filled[from..]);
        for (n, ((cells, lines), (own_last, own_filled))) in (from..).zip(bits.zip(packed)) {
            let (passed, own) = ((cells & before).count_ones(), (cells & !before).count_ones());
            let mut lines = lines & !before;
            before = 0;
            if own == 0 {
                continue;
            }
            // Of so many cells in so few bytes the rows are short: looking at them costs little.
            if count + own > u64::BITS {
                return Ok(start);
            }
            last |= own_last >> passed << count;
            filled |= own_filled >> passed << count;
            count += own;
            while count >= columns {
                if last & row != fits || filled & self.named_bits != 0 {
                    return Err(start);
                }
                start = base + n * BLOCK + lines.trailing_zeros() as usize + 1;
                lines &= lines - 1;
                (last, filled, count) = (last >> columns, filled >> columns, count - columns);
            }
        }
        Ok(start)
    }

    /// Where the line behind that at `line` begins, if this is a row without a quote and without a digit in a named column.
    fn skip_one(&self, text: &[u8], line: usize) -> Option<usize> {
        let end = line + memchr::memchr(b'\n', &text[line..])?;
        let row = &text[line..end];
        let delimiters = memchr::memchr_iter(self.delimiter, row).count();
        if delimiters + 1 != self.columns || memchr::memchr(b'"', row).is_some() {
            return None;
        }
        let mut named = self.named.iter().copied().peekable();
        let asked = |(n, _): &(usize, &[u8])| named.next_if_eq(n).is_some();
        let mut cells = row.split(|b| *b == self.delimiter).enumerate().filter(asked);
        let digits = cells.any(|(_, cell)| cell.iter().any(u8::is_ascii_digit));
        (!digits).then_some(end + 1)
    }

    /// Takes a stretch in hand that begins with the line at `line`: as much as is looked at at a time, or up to the line with
    /// the first quote.
    fn fill(&mut self, text: &[u8], line: usize) {
        let mut piece = &text[line..(line + STEP).min(text.len())];
        if let Some(quote) = memchr::memchr(b'"', piece) {
            piece = &piece[..memchr::memrchr(b'\n', &piece[..quote]).map_or(0, |end| end + 1)];
        }
        self.stretch = line..line + piece.len();
        bits::fill_bytes([self.delimiter, b'\n'], piece, &mut self.cells);
        bits::fill_bytes([b'\n'], piece, &mut self.lines);
        bits::compress(&self.lines, &self.cells, &mut self.last);
        bits::fill(bits::DIGITS, piece, &mut self.digits);
        let mut carry = false;
        for (digits, cells) in self.digits.iter_mut().zip(&self.cells) {
            *digits = bits::flood(*digits, !cells, &mut carry);
        }
        bits::compress(&self.digits, &self.cells, &mut self.filled);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// As [`Seams::first_filled`], by looking at every cell.
    fn by_cells(text: &str, columns: usize, named: &[usize], end: usize, at: usize) -> Option<usize> {
        let mut start = at;
        for line in text[at..].split_inclusive('\n') {
            let cells: Vec<&str> = line.split(',').collect();
            let digit =
                |n: &usize| cells.get(*n).is_some_and(|cell| cell.contains(|c: char| c.is_ascii_digit()));
            let quiet = cells.len() == columns && !line.contains('"') && !named.iter().any(digit);
            if start >= end {
                return None;
            }
            if !quiet || !line.ends_with('\n') {
                return Some(start);
            }
            start += line.len();
        }
        None
    }

    /// Lines of a table with so many columns, but for some.
    fn lines(columns: usize) -> impl Strategy<Value = Vec<String>> {
        let row =
            prop::collection::vec("|||[a-z]{1,9}|[0-9]{1,3}", columns).prop_map(|cells| cells.join(","));
        let quiet = prop::collection::vec("[a-z]{0,9}", columns).prop_map(|cells| cells.join(","));
        let odd = "(\"|,|[0-9]|){0,3}(,,[a-z]{0,30}){0,3}|,,[a-z]{5000}";
        let empty = Just(",".repeat(columns - 1));
        let line = prop_oneof![8 => quiet, 8 => empty, 2 => row, 1 => odd];
        prop::collection::vec(line, 0..3000 / columns)
    }

    proptest! {
        #[test]
        fn rows_are_skipped_as_if_each_cell_was_looked_at(
            (columns, lines) in prop_oneof![1usize..5, 44usize..52].prop_flat_map(|n| (Just(n), lines(n))),
            named in prop::collection::btree_set(0usize..52, 1..4),
            ends in any::<bool>(),
            end in any::<prop::sample::Index>(),
        ) {
            let mut text = lines.join("\n");
            if ends {
                text.push('\n');
            }
            let named: Vec<usize> = named.into_iter().map(|n| n % columns).collect::<BTreeSet<_>>().into_iter().collect();
            let end = end.index(2 * text.len() + 1).min(text.len());
            let mut seams = Seams::new(b',', columns, &named, end);
            let mut at = 0;
            while at < end {
                // What lies behind the end is nobody's.
                let found = seams.first_filled(text.as_bytes(), at).filter(|line| *line < end);
                prop_assert_eq!(found, by_cells(&text, columns, &named, end, at), "from {}", at);
                let Some(filled) = found else { break };
                at = text[filled..].find('\n').map_or(text.len(), |p| filled + p + 1);
            }
        }
    }
}

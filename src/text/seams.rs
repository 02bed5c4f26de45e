//! Rows that hold nothing in the columns asked about, found without looking at any cell.
//!
//! Where cells and lines end and where digits stand is known as bits. Those at the ends of cells, moved together, say of
//! a row how many columns it has and which of them hold a digit.

use crate::bits::{self, BLOCK};

/// How many bytes are looked at at a time.
const STEP: usize = 64 * BLOCK;
/// The most columns whose rows are told apart as bits: those of a row and of the block behind it make a word.
const COLUMNS: usize = 48;

/// Skips rows; holds the bits of the stretch in hand.
pub(super) struct Seams {
    delimiter: u8,
    columns: usize,
    /// The columns asked about.
    named: Vec<usize>,
    /// The same as bits.
    named_bits: u64,
    /// Nobody asks beyond.
    end: usize,
    /// Where the stretch in hand begins, which is where a line does.
    base: usize,
    /// It holds quotes, in which a delimiter may be text.
    quoted: bool,
    /// Where cells end, and which of these ends are those of lines.
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
            base: 0,
            quoted: false,
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
            if !(self.base..self.base + self.cells.len() * BLOCK).contains(&line) {
                self.fill(text, line);
            }
            let undecided = match self.skip(line) {
                Ok(undecided) => undecided,
                Err(filled) => return Some(filled),
            };
            if undecided > line {
                line = undecided;
            } else if line > self.base && memchr::memchr(b'\n', &text[line..self.held(text)]).is_none() {
                self.fill(text, line);
            } else if let Some(next) = self.skip_one(text, line) {
                line = next;
            } else {
                return Some(line);
            }
        }
        (line < text.len()).then_some(line)
    }

    /// Where the stretch in hand ends.
    fn held(&self, text: &[u8]) -> usize {
        (self.base + self.cells.len() * BLOCK).min(text.len())
    }

    /// Goes over the rows of the stretch in hand from that at `line` on: where the first begins that has a digit in a named
    /// column or does not fit, as an error, or the first that is not decided here.
    fn skip(&self, line: usize) -> Result<usize, usize> {
        if self.quoted || self.columns > COLUMNS {
            return Ok(line);
        }
        let columns = self.columns as u32;
        let (row, fits) = (u64::MAX >> (u64::BITS - columns), 1 << (columns - 1));
        // Of the cells that are of no row yet: how many, which end a line, which hold a digit.
        let (mut count, mut last, mut filled) = (0, 0, 0);
        let (from, bit) = ((line - self.base) / BLOCK, (line - self.base) % BLOCK);
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
                start = self.base + n * BLOCK + lines.trailing_zeros() as usize + 1;
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
        let digit = |cell: &[u8]| cell.iter().any(u8::is_ascii_digit);
        let mut count = 0;
        for (n, cell) in row.split(|b| *b == self.delimiter).enumerate() {
            if self.named.contains(&n) && digit(cell) {
                return None;
            }
            count = n + 1;
        }
        (count == self.columns && memchr::memchr(b'"', row).is_none()).then_some(end + 1)
    }

    /// Takes the stretch in hand that begins with the line at `line`.
    fn fill(&mut self, text: &[u8], line: usize) {
        let piece = &text[line..(line + STEP).min(text.len())];
        self.base = line;
        self.quoted = memchr::memchr(b'"', piece).is_some();
        bits::fill_bytes([self.delimiter, b'\n'], piece, &mut self.cells);
        if self.quoted {
            return;
        }
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
    use proptest::prelude::*;

    use super::*;

    /// As [`Seams::first_filled`], by looking at every line.
    fn by_lines(seams: &Seams, text: &[u8], at: usize) -> Option<usize> {
        let mut line = at;
        while line < text.len() {
            match seams.skip_one(text, line) {
                Some(next) => line = next,
                None => return Some(line),
            }
        }
        None
    }

    proptest! {
        #[test]
        fn rows_are_skipped_as_if_each_was_looked_at(
            lines in prop::collection::vec(
                prop_oneof![
                    20 => "([a-z]{0,9}|[0-9]{1,6}),[a-z ]{0,3},[a-z]{0,30}",
                    1 => "([a-z]{0,9}|[0-9]{1,6}|\"|),[0-9]{0,2}(,[a-z]{0,30}){0,3}",
                    1 => ",,[a-z]{5000}",
                ],
                0..400,
            ),
            named in prop_oneof![Just(vec![1]), Just(vec![1, 2]), Just(vec![2])],
            ends in any::<bool>(),
        ) {
            let mut text = lines.join("\n");
            if ends {
                text.push('\n');
            }
            let text = text.as_bytes();
            let mut seams = Seams::new(b',', 3, &named, text.len());
            let mut at = 0;
            while at < text.len() {
                let found = seams.first_filled(text, at);
                prop_assert_eq!(found, by_lines(&seams, text, at), "from {}", at);
                let Some(filled) = found else { break };
                at = memchr::memchr(b'\n', &text[filled..]).map_or(text.len(), |p| filled + p + 1);
            }
        }
    }

    #[test]
    fn wide_rows_are_skipped_too() {
        let row = |last: &str| format!("{}{last}\n", ",".repeat(99));
        let text = [row("a"), row("7"), row("b")].concat();
        let mut seams = Seams::new(b',', 100, &[99], text.len());
        assert_eq!(seams.first_filled(text.as_bytes(), 0), Some(row("a").len()));
        assert_eq!(seams.first_filled(text.as_bytes(), 2 * row("a").len()), None);
    }
}

//! Where in rows whose cells are parted by a byte a label may make a number of a group: in cells that hold letters and
//! digits enough. Most cells of most tables hold one or the other, and none of their words is looked up.

use std::ops::Range;

use super::labelled::{BEHIND, Labelled, NEAR};
use super::zones::GROUP;
use crate::bits::{self, BLOCK, Signs, flood};
use crate::pattern::keys::AFTER_DIGITS;

/// Up to how many cells are searched one by one.
const FEW: usize = 8;

/// Room for the bits of a chunk, word by word; a word of zeros stands before and behind.
#[derive(Default)]
pub(super) struct Mixed {
    letters: Vec<u64>,
    /// Letters that may be a label by themselves behind digits.
    after_digits: Vec<u64>,
    seams: Vec<u64>,
    /// What makes a number of fewer than four digits longer, if it touches it: dashes, letters and marks.
    touching: Vec<u64>,
    /// The cells that hold letters and digits, from the beginning of the chunk on.
    cells: Vec<Range<usize>>,
    /// The same as bits.
    within: Vec<u64>,
    /// Ends of the key words in them.
    ends: Vec<usize>,
}

impl Labelled<'_> {
    /// Appends zones around the key words of mixed cells in and beside `chunk`, whose signs are these, in order.
    pub(super) fn zones_of_cells(
        &mut self,
        chunk: &Range<usize>,
        delimiter: u8,
        signs: &Signs,
        out: &mut Vec<Range<usize>>,
    ) {
        if self.mute {
            return;
        }
        let text = self.text;
        // Of the cells on either edge a part lies outside.
        let before = self.between(chunk.start.saturating_sub(NEAR), true);
        let behind = self.between((chunk.end + BEHIND + GROUP).min(text.len()), false);
        let mixed = &mut self.mixed;
        mixed.find(&text[chunk.clone()], delimiter, signs);
        mixed.ends.clear();
        let last = mixed.cells.len() - 1;
        if last <= FEW {
            for (n, cell) in mixed.cells.iter().enumerate() {
                let from = if n == 0 { before } else { chunk.start + cell.start };
                let end = if n == last { behind } else { chunk.start + cell.end };
                self.finder.find(text, from..end, &mut mixed.ends);
            }
        } else {
            mixed.mark(chunk.start - before, behind - before);
            self.finder.find_within(text, before..behind, &mixed.within, &mut mixed.ends);
        }
        out.extend(mixed.ends.iter().map(|end| end.saturating_sub(BEHIND + GROUP)..*end + NEAR));
    }
}

impl Mixed {
    /// Finds the cells of `chunk` that hold letters of a label and four digits in a row, or digits that touch a letter, `-`
    /// or `*`; the first and the last in any case, for what is in them may not be all there is.
    fn find(&mut self, chunk: &[u8], delimiter: u8, signs: &Signs) {
        bits::fill_between(bits::LETTERS, chunk, &mut self.letters);
        let after_digits = [AFTER_DIGITS, AFTER_DIGITS.to_ascii_uppercase()];
        bits::fill_bytes_between(after_digits, chunk, &mut self.after_digits);
        bits::fill_bytes_between([b'-'], chunk, &mut self.touching);
        bits::fill_bytes_between([delimiter, b'\n'], chunk, &mut self.seams);
        self.cells.clear();
        let len = self.letters.len();
        let touching = &mut self.touching[..len];
        for ((touching, letters), marks) in touching.iter_mut().zip(&self.letters).zip(&signs.marks) {
            *touching |= letters | marks;
        }
        let [letters, after_digits, touching, seams, digits] =
            [&self.letters[..], &self.after_digits, &self.touching, &self.seams, &signs.digits]
                .map(|w| &w[..len]);
        // As if both stood before the chunk.
        let (mut lettered, mut counted) = (true, true);
        let mut start = 0;
        for n in 1..len - 1 {
            let (seams, base) = (seams[n], (n - 1) * BLOCK);
            // Not one letter alone that digits follow (`S57238`, `1Z0124`): no label is such, but for `35d`.
            let alone = letters[n] & !before(letters, n) & !behind(letters, n, 1);
            let next = behind(digits, n, 1);
            let says = letters[n] & !(alone & next) | after_digits[n] & before(digits, n);
            let four = next & behind(digits, n, 2) & behind(digits, n, 3);
            let counts = digits[n] & (four | behind(touching, n, 1) | before(touching, n));
            let mut ends = seams & flood(says, !seams, &mut lettered) & flood(counts, !seams, &mut counted);
            while ends != 0 {
                let end = ends.trailing_zeros();
                ends &= ends - 1;
                let before = seams & !(u64::MAX << end);
                let from = before.checked_ilog2().map_or(start, |bit| base + bit as usize + 1);
                self.cells.push(from..base + end as usize);
            }
            start = seams.checked_ilog2().map_or(start, |bit| base + bit as usize + 1);
        }
        self.cells.push(start..chunk.len());
    }

    /// Makes the cells bits of a stretch of `len` bytes that begins `lead` bytes before the chunk; the first begins with it,
    /// the last ends with it.
    fn mark(&mut self, lead: usize, len: usize) {
        self.within.clear();
        self.within.resize(len.div_ceil(BLOCK), 0);
        let last = self.cells.len() - 1;
        for (i, cell) in self.cells.iter().enumerate() {
            let from = if i == 0 { 0 } else { lead + cell.start };
            let end = if i == last { len } else { lead + cell.end };
            for n in from / BLOCK..end.div_ceil(BLOCK) {
                let first = from.max(n * BLOCK) % BLOCK;
                let behind = (n + 1) * BLOCK - end.min((n + 1) * BLOCK);
                self.within[n] |= u64::MAX << first & u64::MAX >> behind;
            }
        }
    }
}

/// For each place of block `n` what stands `by` places behind it.
#[inline]
fn behind(words: &[u64], n: usize, by: usize) -> u64 {
    words[n] >> by | words[n + 1] << (BLOCK - by)
}

/// For each place of block `n` what stands before it.
#[inline]
fn before(words: &[u64], n: usize) -> u64 {
    words[n] << 1 | words[n - 1] >> (BLOCK - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_seam(byte: u8) -> bool {
        matches!(byte, b',' | b'\n')
    }

    /// True if the cell between two seams is mixed.
    fn is_mixed(cell: &[u8]) -> bool {
        let at = |i: usize| cell.get(i).copied().unwrap_or(b',');
        let digit = |i: usize| at(i).is_ascii_digit();
        let letter = |i: usize| at(i).is_ascii_alphabetic();
        let behind = |i: usize| i > 0 && digit(i - 1);
        let alone = |i: usize| letter(i) && !(i > 0 && letter(i - 1)) && !letter(i + 1);
        let says = |i: usize| letter(i) && (!(alone(i) && digit(i + 1)) || behind(i) && at(i) | 0x20 == b'd');
        let longer = |i: usize| letter(i) || matches!(at(i), b'-' | b'*' | b'+' | b'|' | b'^');
        let counts =
            |i: usize| digit(i) && ((i..i + 4).all(digit) || i > 0 && longer(i - 1) || longer(i + 1));
        (0..cell.len()).any(says) && (0..cell.len()).any(counts)
    }

    /// The mixed cells by looking at each, the first and the last in any case.
    fn by_cells(text: &[u8]) -> Vec<Range<usize>> {
        let mut cells = Vec::new();
        let mut start = 0;
        for end in (0..text.len()).filter(|i| is_seam(text[*i])) {
            if start == 0 || is_mixed(&text[start..end]) {
                cells.push(start..end);
            }
            start = end + 1;
        }
        cells.push(start..text.len());
        cells
    }

    proptest! {
        #[test]
        fn mixed_cells_are_those_with_letters_and_digits(
            text in "([a-z]{1,70}|[0-9]{1,5}|,|\n|-|\\*| |[0-9]{70}|[A-Zd][0-9]{1,5},|d){0,80}",
            lead in 0usize..200,
        ) {
            let (mut mixed, mut signs) = (Mixed::default(), Signs::default());
            signs.fill(text.as_bytes(), 0);
            mixed.find(text.as_bytes(), b',', &signs);
            prop_assert_eq!(&mixed.cells, &by_cells(text.as_bytes()), "in {}", text);
            mixed.mark(lead, lead + text.len());
            for i in 0..text.len() {
                let own = mixed.cells.iter().any(|cell| cell.contains(&i));
                prop_assert_eq!(mixed.within[(lead + i) / BLOCK] >> ((lead + i) % BLOCK) & 1 == 1, own);
            }
        }
    }
}

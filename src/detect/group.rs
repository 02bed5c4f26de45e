//! Digit groups: the bytes everything else hangs on.

use std::ops::Range;

/// The most digits kept of one group; what is longer is no number of ours, and its end is all that matters.
pub const LONGEST: usize = 40;

/// One run of ASCII digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Group {
    /// First digit.
    pub start: usize,
    /// One past the last digit.
    pub end: usize,
}

impl Group {
    /// Number of digits.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Never true: a group has a digit.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Its bytes in the text it was found in.
    #[must_use]
    #[inline]
    pub const fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Appends the digit groups that start within `range` of `text`, in order. A group at the end of the range is
/// followed beyond it.
pub fn groups(text: &[u8], range: Range<usize>, out: &mut Vec<Group>) {
    let mut i = range.start;
    while let Some(start) = find(text, i, range.end, DIGITS) {
        let end = find(text, start, text.len(), OTHERS).unwrap_or(text.len());
        out.push(Group { start, end });
        i = end;
        if i >= range.end {
            break;
        }
    }
}

/// High bits to turn, to look for digits or for other bytes.
const DIGITS: u64 = HIGH;
const OTHERS: u64 = 0;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The first byte from `from` on, before `to`, that is a digit or is none; eight bytes at a time.
fn find(text: &[u8], from: usize, to: usize, turn: u64) -> Option<usize> {
    let mut at = from;
    let mut words = text[from..to].chunks_exact(8);
    for chunk in &mut words {
        let word = chunk.iter().rev().fold(0, |w, b| w << 8 | u64::from(*b));
        // A digit has the high half 3 and at most 9 in the low one: what is left of it stays below 0x80 when 0x76
        // is added. No carry leaves a byte.
        let rest = word ^ 0x3030_3030_3030_3030;
        let other = (((rest & !HIGH) + 0x7676_7676_7676_7676) | rest) & HIGH;
        let wanted = other ^ turn;
        if wanted != 0 {
            return Some(at + wanted.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let digit = turn == DIGITS;
    words.remainder().iter().position(|b| b.is_ascii_digit() == digit).map(|p| at + p)
}

/// What joins two groups: one separator character repeated, or a mixture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Joint {
    /// The first separator character.
    pub with: u8,
    /// How many bytes.
    pub len: usize,
    /// True if all are the same.
    pub uniform: bool,
}

/// The joint between two neighbouring groups, if they are joined: one to three of space, `-`, `.`, `/`, `_`.
#[must_use]
pub fn joint(text: &[u8], left: Group, right: Group) -> Option<Joint> {
    let between = &text[left.end..right.start];
    let separators = matches!(between.len(), 1..=3) && between.iter().all(|b| b" -./_".contains(b));
    separators.then(|| Joint {
        with: between[0],
        len: between.len(),
        uniform: between.iter().all(|b| *b == between[0]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_followed_beyond_the_range_but_start_within_it() {
        let text = b"a 12-34 x 5678";
        let mut out = Vec::new();
        groups(text, 0..6, &mut out);
        assert_eq!(out, [Group { start: 2, end: 4 }, Group { start: 5, end: 7 }]);
        assert_eq!(joint(text, out[0], out[1]), Some(Joint { with: b'-', len: 1, uniform: true }));
        assert_eq!(joint(text, out[1], Group { start: 10, end: 14 }), None);
    }

    #[test]
    fn every_byte_is_told_to_be_a_digit_or_none() {
        for byte in 0..=255u8 {
            for at in 0..20 {
                let mut text = [b'a'; 20];
                text[at] = byte;
                let mut out = Vec::new();
                groups(&text, 0..20, &mut out);
                let expected = byte.is_ascii_digit().then_some(Group { start: at, end: at + 1 });
                assert_eq!(out.first().copied(), expected, "{byte} at {at}");
            }
        }
    }
}

//! Digit groups: the bytes everything else hangs on.

use std::ops::Range;

/// The most digits kept of one group; what is longer is no number of ours, and its end is all that matters.
pub const LONGEST: usize = 40;

/// One run of ASCII digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// First digit.
    pub start: usize,
    /// One past the last digit.
    pub end: usize,
}

impl Group {
    /// Number of digits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Never true: a group has a digit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Its bytes in the text it was found in.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Appends the digit groups that start within `range` of `text`, in order. A group at the end of the range is
/// followed beyond it.
pub fn groups(text: &[u8], range: Range<usize>, out: &mut Vec<Group>) {
    let mut i = range.start;
    while let Some(start) = text[i..range.end].iter().position(u8::is_ascii_digit).map(|p| i + p) {
        let length = text[start..].iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len() - start);
        out.push(Group { start, end: start + length });
        i = start + length;
        if i >= range.end {
            break;
        }
    }
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
}

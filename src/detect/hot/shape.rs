//! What makes a group a number by itself, or together with the groups before it.

use crate::detect::group::Group;
use crate::pattern::number;

/// Groups joined by the same single separator, up to the one seen last.
#[derive(Default)]
pub struct Shapes {
    /// The last groups, in a ring; the latest stands at `count`.
    ring: [Group; RING],
    count: usize,
    /// How many of them are joined.
    joined: usize,
    /// Their lengths, four bits each, the latest lowest; 15 stands for all that is longer.
    widths: u64,
    separator: u8,
    /// Where the last group ends.
    end: usize,
    /// Ends and number of single digits that follow each other closely.
    boxed: (usize, usize),
    first_box: usize,
}

/// Room for the most groups of a shape.
const RING: usize = 8;
/// The most bytes between single digits in boxes.
const BOX: usize = 5;
/// The fewest boxes that hold a number.
const BOXES: usize = 9;

impl Shapes {
    /// Takes the next group. Returns where a shape begins that ends with it and whose digits are a number.
    #[inline]
    pub fn take(&mut self, text: &[u8], g: Group) -> Option<usize> {
        let close = g.start - self.end == 1 && self.joined > 0;
        let separator = if close { text[self.end] } else { 0 };
        if !close || !matches!(separator, b' ' | b'-' | b'.' | b'/' | b'_') {
            self.joined = 0;
        } else if separator != self.separator {
            self.joined = 1;
        }
        (self.separator, self.end) = (separator, g.end);
        self.count = (self.count + 1) % RING;
        self.ring[self.count] = g;
        self.joined += 1;
        self.widths = self.widths << 4 | g.len().min(15) as u64;
        let boxes = if g.len() == 1 { self.boxes(g) } else { None };
        boxes.or_else(|| if self.joined > 1 { self.shape(text) } else { None })
    }

    /// The group `back` groups before the last.
    fn back(&self, back: usize) -> Group {
        self.ring[(self.count + RING - back) % RING]
    }

    fn boxes(&mut self, g: Group) -> Option<usize> {
        let (end, count) = self.boxed;
        let goes_on = count > 0 && g.start - end <= BOX;
        self.boxed = (g.end, if goes_on { count + 1 } else { 1 });
        if !goes_on {
            self.first_box = g.start;
        }
        (self.boxed.1 == BOXES).then_some(self.first_box)
    }

    /// The shapes that end with the last group (see [`crate::detect::reading`]).
    fn shape(&self, text: &[u8]) -> Option<usize> {
        let of = |n: usize| self.joined >= n;
        let groups = match self.widths & 0xff {
            0x24 if of(3) && self.widths >> 8 & 0xf == 3 => 3,
            0x44 if of(4) && self.widths & 0xffff == 0x4444 => 4,
            0x65 | 0x64 if of(3) && self.widths >> 8 & 0xf == 4 => 3,
            0x43 | 0x42 if of(5) && self.widths >> 8 & 0xfff == 0x444 => 5,
            0x8b | 0x6d => 2,
            _ => return None,
        };
        let mut digits = [0u8; 24];
        let mut n = 0;
        for g in (0..groups).rev().map(|back| self.back(back)) {
            digits[n..n + g.len()].copy_from_slice(&text[g.span()]);
            n += g.len();
        }
        let digits = &digits[..n];
        let number = match n {
            9 => number::ssn(digits) || number::itin(digits) || number::is_sample_ssn(digits),
            _ => number::card(digits).is_some(),
        };
        number.then(|| self.back(groups - 1).start)
    }
}

/// True if the group is a number, or the beginning of one, without others and without a label. `before` is the byte
/// before it.
#[inline]
pub fn alone(text: &[u8], g: &Group, before: u8) -> bool {
    let card = matches!(g.len(), 12..=19) && number::card(&text[g.span()]).is_some();
    card || in_exchange(&text[..g.start], g, before) || before.is_ascii_uppercase() && after_capitals(text, g)
}

/// True for an IBAN, or a licence of Massachusetts (`S` or `SA`, nine characters in all).
fn after_capitals(text: &[u8], g: &Group) -> bool {
    let before = &text[..g.start];
    let letters = before.iter().rev().take(9).take_while(|b| b.is_ascii_uppercase()).count();
    let token = &before[before.len() - letters..];
    let iban = letters >= 2
        && g.len() >= 2
        && number::IBAN_LENGTHS.iter().any(|(c, _)| token[letters - 2..] == c[..]);
    iban || token[0] == b'S' && {
        let rest = text[g.end..].iter().take(9).take_while(|b| b.is_ascii_alphanumeric()).count();
        letters + g.len() + rest == 9
    }
}

/// True for a number in one of the layouts of [`crate::detect::layout`] whose digits alone say nothing: the text of a
/// barcode, an entry of an ACH file, a magnetic stripe, a wage report, element 34 (the qualifier of an SSN) of X12.
#[inline]
fn in_exchange(before: &[u8], g: &Group, last: u8) -> bool {
    match last {
        b' ' => g.len() >= 6 && before.ends_with(b"ANSI "),
        b'\n' => g.len() >= 12,
        b'B' => before.ends_with(b"%B"),
        b'W' => before.ends_with(b"RW"),
        b'*' | b'|' | b'^' | b'+' => matches!(before, [.., a, b'3', b'4', b] if a == b),
        _ => false,
    }
}

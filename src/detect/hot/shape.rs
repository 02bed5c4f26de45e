//! What makes a group a number by itself, or together with the groups behind it.

use std::ops::Range;

use super::Worth;
use crate::detect::group::Group;
use crate::detect::layout::begins_ach_entry;
use crate::detect::reading::{BETWEEN_BOXES, BOX, CARD_SHAPES};
use crate::pattern::number;

/// The most groups of a shape.
const GROUPS: usize = 5;
/// The fewest boxes that hold a number.
pub const BOXES: usize = 9;
/// What the groups are worth that begin with the one at `at`, if they are printed as a number and their digits are one.
#[inline]
pub fn begins(text: &[u8], at: usize) -> Option<Worth> {
    // By far the most.
    if let Some(&[a, b, c, first, d, e, second, f, g, h, i]) = text[at..].first_chunk::<11>() {
        let (nine, whole) =
            ([a, b, c, d, e, f, g, h, i], text.get(at + 11).is_none_or(|b| !b.is_ascii_digit()));
        if first == second && is_join(first) && whole && nine.iter().all(u8::is_ascii_digit) {
            return worth(&nine);
        }
    }
    let (mut widths, mut ends) = ([0; GROUPS], [0; GROUPS]);
    let (mut start, mut separator, mut count) = (at, 0, 0);
    while count < GROUPS {
        let width = text[start..].iter().take(20).take_while(|b| b.is_ascii_digit()).count();
        (widths[count], ends[count]) = (width, start + width);
        count += usize::from(width > 0);
        let joint = text.get(start + width).copied().unwrap_or(0);
        if width == 0 || !is_join(joint) || count > 1 && joint != separator {
            break;
        }
        (separator, start) = (joint, start + width + 1);
    }
    if count < 2 {
        return None;
    }
    let shapes = CARD_SHAPES.iter().filter(|shape| widths[..count].starts_with(shape));
    let worth_of = |span: Range<usize>| {
        let (mut digits, mut n) = ([0u8; 24], 0);
        for digit in text[span].iter().filter(|b| b.is_ascii_digit()) {
            digits[n] = *digit;
            n += 1;
        }
        worth(&digits[..n])
    };
    shapes.filter_map(|shape| worth_of(at..ends[shape.len() - 1])).max()
}

/// True for what may stand between the groups of a number.
#[inline]
pub fn is_join(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'_')
}

fn worth(digits: &[u8]) -> Option<Worth> {
    match digits.len() {
        9 if number::ssn(digits) || number::is_sample_ssn(digits) => Some(Worth::Look),
        9 => number::itin(digits).then_some(Worth::InValue),
        _ => number::card(digits).is_some().then_some(Worth::Look),
    }
}

/// Calls `found` with where nine and more single digits begin that follow each other closely. `singles` are the bits of
/// the single digits from `from` on. What stands between them is not looked at, so one of them may begin where others
/// before it do.
pub fn boxes(text: &[u8], from: usize, mut singles: u128, mut found: impl FnMut(usize)) {
    // From the last to the first.
    let (mut next, mut count) = (0, 0);
    while singles != 0 {
        let at = from + singles.ilog2() as usize;
        singles ^= 1 << (at - from);
        count = if count > 0 && next - at <= BOX + 1 { count + 1 } else { 1 };
        next = at;
        if count >= BOXES && !is_boxed(&text[..at]) {
            found(at);
        }
    }
}

/// True if a digit in a box stands before the next box.
fn is_boxed(before: &[u8]) -> bool {
    let gap = before.iter().rev().take(BOX).take_while(|b| BETWEEN_BOXES.contains(b)).count();
    let digit = |back: usize| before.iter().rev().nth(back).is_some_and(u8::is_ascii_digit);
    gap > 0 && digit(gap) && !digit(gap + 1)
}

/// True if the group is a number, or the beginning of one, without others and without a label. `before` is the byte
/// before it.
#[inline]
pub fn alone(text: &[u8], g: &Group, before: u8) -> bool {
    let card = || {
        !is_code(&text[..g.start]) && number::card(&text[g.span()]).is_some_and(|c| c.network != number::UATP)
    };
    matches!(g.len(), 12..=19) && card()
        || in_exchange(text, g, before)
        || before.is_ascii_uppercase() && after_capitals(text, g)
}

/// True for a card number that only a label makes one (see [`number::UATP`]).
#[inline]
pub fn weak_card(text: &[u8], g: &Group) -> bool {
    g.len() == 15
        && text[g.start] == b'1'
        && number::card(&text[g.span()]).is_some_and(|c| c.network == number::UATP)
}

/// True if a digit and one letter stand right before: no label is glued to what follows (`1Z0124525657134707`).
fn is_code(before: &[u8]) -> bool {
    matches!(before, [.., digit, letter] if digit.is_ascii_digit() && letter.is_ascii_alphabetic())
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
fn in_exchange(text: &[u8], g: &Group, last: u8) -> bool {
    let before = &text[..g.start];
    match last {
        b' ' => g.len() >= 6 && before.ends_with(b"ANSI "),
        b'\n' => g.len() >= 12 && begins_ach_entry(&text[g.start..]),
        b'B' => before.ends_with(b"%B"),
        b'W' => before.ends_with(b"RW"),
        b'*' | b'|' | b'^' | b'+' => matches!(before, [.., a, b'3', b'4', b] if a == b),
        _ => false,
    }
}

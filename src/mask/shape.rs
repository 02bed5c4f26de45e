//! Which characters of a string belong to a number that must not be shown.
//!
//! Three rules: groups of seven or more digits with the separators between them; licence numbers, which may hold
//! fewer digits but hold letters; IBANs. The licence shapes are those of all states that have letters and at least
//! five digits, and Washington's; shorter ones (`Q12`) cannot be told from ordinary names.

use std::ops::Range;

use super::glyph::{Glyph, Kind};

/// From how many digits on a group is masked.
const GROUP: usize = 7;
/// Separators that may stand between two digits of a group.
const GAP: usize = 3;
/// Characters of an IBAN: Norway has 15, the standard allows 34.
const IBAN: std::ops::RangeInclusive<usize> = 15..=34;
/// Digits that an IBAN is taken to have at least; what has fewer is some word.
const IBAN_DIGITS: usize = 8;

/// Licence numbers of fixed form: `a` letter, `d` digit, `x` either, `s` letter or star; capitals and `-` stand
/// for themselves. Iowa, Missouri, New Hampshire (old), North Dakota (thrice), Washington.
const SHAPES: [&str; 7] =
    ["dddaadddd", "dddadddddd", "ddaaaddddd", "aaa-dd-dddd", "aaa-dddddd", "aaadd-dddd", "WDLxxxxxxxxx"];
/// Washington's old licences: a name filled up with stars, three digits, and codes for month and day.
const OLD_WASHINGTON: &str = "assssssdddxx";

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Hides every number.
pub(super) fn hide(glyphs: &mut [Glyph]) {
    let mut at = 0;
    while at < glyphs.len() {
        let end = word_end(glyphs, at);
        if end == at {
            at += 1;
            continue;
        }
        let found = iban_end(glyphs, at, end).or_else(|| licence_end(glyphs, at, end));
        hide_all(&mut glyphs[at..found.unwrap_or(at)], |kind| kind != Kind::Separator);
        at = end;
    }
    hide_groups(glyphs);
}

/// Hides the digits of every group of seven and more.
fn hide_groups(glyphs: &mut [Glyph]) {
    let (mut start, mut digits, mut gap) = (0, 0, 0);
    for at in 0..=glyphs.len() {
        match glyphs.get(at).map(|g| g.kind) {
            Some(Kind::Digit) => {
                start = if digits == 0 { at } else { start };
                (digits, gap) = (digits + 1, 0);
                continue;
            }
            Some(Kind::Separator) if digits > 0 && gap < GAP => {
                gap += 1;
                continue;
            }
            _ => {}
        }
        if digits >= GROUP {
            hide_all(&mut glyphs[start..at], |kind| kind == Kind::Digit);
        }
        (digits, gap) = (0, 0);
    }
}

fn hide_all(glyphs: &mut [Glyph], what: impl Fn(Kind) -> bool) {
    for glyph in glyphs.iter_mut().filter(|g| what(g.kind)) {
        glyph.hidden = true;
    }
}

/// The end of a licence number that starts with the word `at..end`.
fn licence_end(glyphs: &[Glyph], at: usize, end: usize) -> Option<usize> {
    lettered_end(glyphs, at, end).or_else(|| {
        let fits = SHAPES.into_iter().find(|shape| has_shape(glyphs, at, shape));
        let is_date = || MONTHS.iter().any(|month| literally(glyphs, at, month));
        match fits {
            Some(shape) => (!is_date()).then(|| at + shape.len()),
            None => is_old_washington(glyphs, at).then(|| at + OLD_WASHINGTON.len()),
        }
    })
}

/// Without a star and without a letter for the month it is some word and a number, as in `invoice12345`.
fn is_old_washington(glyphs: &[Glyph], at: usize) -> bool {
    let has_star = || glyphs[at..at + 7].iter().any(|g| g.c == '*');
    has_shape(glyphs, at, OLD_WASHINGTON) && (has_star() || glyphs[at + 10].kind == Kind::Letter)
}

/// One or two letters and at least five digits, or three and at least six, as in `S12345678` and `SA1234567`; a
/// letter or two may follow.
fn lettered_end(glyphs: &[Glyph], at: usize, end: usize) -> Option<usize> {
    let word = &glyphs[at..end];
    let letters = word.iter().take(4).take_while(|g| g.kind == Kind::Letter).count();
    let least = match letters {
        1 | 2 => 5,
        3 => 6,
        _ => return None,
    };
    let digits = word[letters..].iter().take_while(|g| g.kind == Kind::Digit).count();
    let rest = word.len() - letters - digits;
    (digits >= least).then_some(if rest <= 2 { end } else { end - rest })
}

/// The end of an IBAN that starts with the word `at..end`: in one piece, or in groups of four.
fn iban_end(glyphs: &[Glyph], at: usize, end: usize) -> Option<usize> {
    if !has_shape_within(glyphs, at, "aadd") {
        return None;
    }
    let mut last = end;
    if end - at == 4 {
        while last - at < *IBAN.end()
            && glyphs.get(last).is_some_and(|g| g.kind == Kind::Separator)
            && (1..=4).contains(&(word_end(glyphs, last + 1) - last.saturating_add(1)))
        {
            let group = word_end(glyphs, last + 1);
            let full = group - last == 5;
            last = group;
            if !full {
                break;
            }
        }
    }
    let words = || glyphs[at..last].iter().filter(|g| g.is_word());
    let digits = words().filter(|g| g.kind == Kind::Digit).count();
    (IBAN.contains(&words().count()) && digits >= IBAN_DIGITS).then_some(last)
}

/// True if `shape` stands at `at`, and no letter or digit behind it.
fn has_shape(glyphs: &[Glyph], at: usize, shape: &str) -> bool {
    has_shape_within(glyphs, at, shape) && !glyphs.get(at + shape.len()).is_some_and(Glyph::is_word)
}

fn has_shape_within(glyphs: &[Glyph], at: usize, shape: &str) -> bool {
    let fits = |(class, glyph): (u8, &Glyph)| match class {
        b'a' => glyph.kind == Kind::Letter,
        b'd' => glyph.kind == Kind::Digit,
        b'x' => matches!(glyph.kind, Kind::Letter | Kind::Digit),
        b's' => glyph.kind == Kind::Letter || glyph.c == '*',
        literal => glyph.c.eq_ignore_ascii_case(&char::from(literal)),
    };
    glyphs.get(at..at + shape.len()).is_some_and(|part| shape.bytes().zip(part).all(fits))
}

fn literally(glyphs: &[Glyph], at: usize, word: &str) -> bool {
    glyphs[at..].iter().zip(word.chars()).all(|(g, c)| g.c.eq_ignore_ascii_case(&c))
}

/// One past the letters and digits that start at `at`.
fn word_end(glyphs: &[Glyph], at: usize) -> usize {
    let rest: Range<usize> = at..glyphs.len();
    rest.take_while(|&i| glyphs[i].is_word()).count() + at
}

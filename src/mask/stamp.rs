//! Dates and time stamps, which stay readable: without them most paths of a file share would be masked.
//!
//! `YYYYMMDD`, and `YYYY-MM-DD` with one of `- . / _` in both places, years 1900 to 2099, with or without a time.
//! A stamp must not be a way round the masker: a time is not taken for one when more than two digits follow in
//! the same group (`20240315_0246-13-38-7`), and a letter or two before eight digits make a licence number of
//! them (`S20240315`).

use super::glyph::{Glyph, Kind};

/// Marks every date and time stamp as such.
pub(super) fn mark(glyphs: &mut [Glyph]) {
    let mut at = 0;
    while at < glyphs.len() {
        let starts_run = is_digit(glyphs, at) && !(at > 0 && is_digit(glyphs, at - 1));
        let Some(end) = starts_run.then(|| stamp(glyphs, at)).flatten() else {
            at += 1;
            continue;
        };
        for glyph in &mut glyphs[at..end] {
            glyph.kind = Kind::Stamp;
        }
        at = end;
    }
}

/// One past the last character of the stamp that starts at `at`.
fn stamp(glyphs: &[Glyph], at: usize) -> Option<usize> {
    let (end, separator) = date(glyphs, at)?;
    if let Some(s) = separator {
        if at >= 2 && glyphs[at - 1].c == s && is_digit(glyphs, at - 2) {
            return None;
        }
    } else if is_licence(glyphs, at, end) {
        return None;
    }
    if let Some(end) = time(glyphs, end)
        && digits_after(glyphs, end) <= 2
    {
        return Some(end);
    }
    let goes_on =
        is_digit(glyphs, end) || separator.is_some_and(|s| is(glyphs, end, s) && is_digit(glyphs, end + 1));
    (!goes_on).then_some(end)
}

/// The end of a date at `at`, and its separator.
fn date(glyphs: &[Glyph], at: usize) -> Option<(usize, Option<char>)> {
    let year = number(glyphs, at, 4)?;
    let separator = glyphs.get(at + 4).map(|g| g.c).filter(|c| matches!(c, '-' | '.' | '/' | '_'));
    let step = usize::from(separator.is_some());
    let month = number(glyphs, at + 4 + step, 2)?;
    if separator.is_some() && !separator.is_some_and(|s| is(glyphs, at + 7, s)) {
        return None;
    }
    let day = number(glyphs, at + 6 + 2 * step, 2)?;
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && year != 1900 => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    let valid = (1900..=2099).contains(&year) && (1..=days).contains(&day);
    valid.then_some((at + 8 + 2 * step, separator))
}

/// The end of a time of day after a date that ends at `at`.
fn time(glyphs: &[Glyph], at: usize) -> Option<usize> {
    let joint = glyphs.get(at).is_some_and(|g| matches!(g.c, 'T' | 't' | '_' | '-' | '.' | ' '));
    let at = at + usize::from(joint);
    number(glyphs, at, 2).filter(|&hour| hour < 24)?;
    let separator = glyphs.get(at + 2).map(|g| g.c).filter(|c| matches!(c, ':' | '-' | '.' | '_'));
    let step = 2 + usize::from(separator.is_some());
    number(glyphs, at + step, 2).filter(|&minute| minute < 60)?;
    let mut end = at + step + 2;
    let more = separator.map_or(is_digit(glyphs, end), |s| is(glyphs, end, s) && is_digit(glyphs, end + 1));
    if more {
        number(glyphs, end + step - 2, 2).filter(|&second| second < 61)?;
        end += step;
    }
    // Without colons nine digits in all may be a number (`20240315_024613.387`).
    if separator == Some(':') {
        end = zone_end(glyphs, if more { fraction_end(glyphs, end) } else { end });
    } else if is(glyphs, end, 'Z') {
        end += 1;
    }
    let goes_on =
        is_digit(glyphs, end) || separator.is_some_and(|s| is(glyphs, end, s) && is_digit(glyphs, end + 1));
    (!goes_on).then_some(end)
}

/// Skips a decimal fraction of a second, up to nanoseconds.
fn fraction_end(glyphs: &[Glyph], at: usize) -> usize {
    if !(is(glyphs, at, '.') || is(glyphs, at, ',')) {
        return at;
    }
    let digits = (0..10).take_while(|n| is_digit(glyphs, at + 1 + n)).count();
    if (1..=9).contains(&digits) { at + 1 + digits } else { at }
}

/// Skips `Z` or `+hh:mm`.
fn zone_end(glyphs: &[Glyph], at: usize) -> usize {
    if is(glyphs, at, 'Z') {
        return at + 1;
    }
    let signed = is(glyphs, at, '+') || is(glyphs, at, '-');
    let minutes = at + 3 + usize::from(is(glyphs, at + 3, ':'));
    let hour = number(glyphs, at + 1, 2).is_some_and(|hour| hour < 15);
    let minute = number(glyphs, minutes, 2).is_some_and(|minute| minute % 15 == 0 && minute < 60);
    if signed && hour && minute { minutes + 2 } else { at }
}

/// Digits of the same group after `at`; counts no further than three.
fn digits_after(glyphs: &[Glyph], at: usize) -> usize {
    let (mut digits, mut separators) = (0, 0);
    for glyph in &glyphs[at..] {
        match glyph.kind {
            Kind::Digit => (digits, separators) = (digits + 1, 0),
            Kind::Separator => separators += 1,
            _ => break,
        }
        if digits > 2 || separators > 3 {
            break;
        }
    }
    digits
}

/// True if letters about the eight digits make a licence number of them: a letter or two in front, New
/// Hampshire's `NHL`, or Missouri's two letters behind.
fn is_licence(glyphs: &[Glyph], at: usize, end: usize) -> bool {
    let before = glyphs[..at].iter().rev().take(4).take_while(|g| g.kind == Kind::Letter).count();
    let starts_word = !glyphs[..at - before].last().is_some_and(Glyph::is_word);
    let new_hampshire = before == 3 && is(glyphs, at - 3, 'N') && is(glyphs, at - 2, 'H');
    let behind = glyphs[end..].iter().take(3).take_while(|g| g.is_word()).filter(|g| g.kind == Kind::Letter);
    (starts_word && (matches!(before, 1 | 2) || new_hampshire)) || behind.count() == 2
}

/// The value of exactly `count` ASCII digits at `at`.
fn number(glyphs: &[Glyph], at: usize, count: usize) -> Option<u32> {
    let digits = glyphs.get(at..at + count)?;
    digits.iter().try_fold(0, |n, g| g.c.to_digit(10).map(|d| n * 10 + d))
}

fn is_digit(glyphs: &[Glyph], at: usize) -> bool {
    glyphs.get(at).is_some_and(|g| g.kind == Kind::Digit)
}

fn is(glyphs: &[Glyph], at: usize, c: char) -> bool {
    glyphs.get(at).is_some_and(|g| g.c.eq_ignore_ascii_case(&c))
}

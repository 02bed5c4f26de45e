//! Licence and state-ID readings: letters and digits in a published form of a state.

use std::ops::Range;

use super::group::Group;
use super::{Candidate, Score};
use crate::event::ElementType;
use crate::pattern::number::{self, LicenceShape, STATES};

/// The longest licence number printed, separators included.
const LONGEST: usize = 24;
/// Home state: what is tried first when nothing names another.
const HOME: [u8; 2] = *b"MA";

/// The token of letters, digits and dashes that holds `group`, if the group is its first and the token has a
/// fitting length; `None` otherwise.
#[must_use]
pub fn token(text: &[u8], group: Group) -> Option<Range<usize>> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'*';
    let left =
        text[..group.start].iter().rev().take(9).take_while(|b| part(b) && !b.is_ascii_digit()).count();
    let mut start = group.start - left;
    while start < group.start && !text[start].is_ascii_alphanumeric() {
        start += 1;
    }
    let right = text[group.end..].iter().take(LONGEST).take_while(|b| part(b)).count();
    let mut end = group.end + right;
    while !text[end - 1].is_ascii_alphanumeric() {
        end -= 1;
    }
    // Several underscores are the line of a form that was filled in.
    let filled = text[..start].ends_with(b"__") || text[end..].starts_with(b"__");
    let touched = |i: Option<usize>| {
        let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' && !filled || *b >= 0x80;
        i.and_then(|i| text.get(i)).is_some_and(part)
    };
    let first = start == 0 || !touched(start.checked_sub(1)) && !dash_joined(text, start);
    (first && end - start <= LONGEST && end - start >= 5 && !touched(Some(end))).then_some(start..end)
}

fn dash_joined(text: &[u8], start: usize) -> bool {
    start >= 2 && text[start - 1] == b'-' && text[start - 2].is_ascii_alphanumeric()
}

/// Upper case, letters and digits only.
#[must_use]
pub fn normalise(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// How a licence reading came about.
pub struct Reading {
    /// Points for the form: 35, 15 or 0 by class, less if no state is known.
    pub points: i32,
    /// Class of the form.
    pub class: u8,
    /// The state whose form it has.
    pub state: [u8; 2],
}

/// The best published form of `value` (normalised): of `state` if one is known, else of Massachusetts, else of
/// any state for fewer points. Forms of class D count only if `column` is true, and fewer than five digits only in a
/// column or in a form of class A of the state that is named (old numbers of Washington have four).
#[must_use]
pub fn read(value: &str, state: Option<[u8; 2]>, column: bool) -> Option<Reading> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits < 5 && !column && state.is_none() {
        return None;
    }
    let usable = |s: &&LicenceShape| column || s.class != b'D' && (digits >= 5 || s.class == b'A');
    let best = |wanted: Option<[u8; 2]>| {
        number::licence_shapes(value.as_bytes())
            .filter(usable)
            .filter(|s| wanted.is_none_or(|w| s.state == w))
            .min_by_key(|s| (s.class, !s.current))
    };
    let (shape, fallback) = match state {
        Some(state) => (best(Some(state))?, 0),
        None => match best(Some(HOME)) {
            Some(shape) => (shape, 0),
            None => (best(None)?, -10),
        },
    };
    let points = match shape.class {
        b'A' => 35,
        b'B' => 15,
        _ => 0,
    };
    Some(Reading { points: points + fallback, class: shape.class, state: shape.state })
}

/// True for a number of the series that Massachusetts has now, which no other kind of licence has.
#[must_use]
pub fn is_series(value: &str, reading: &Reading) -> bool {
    reading.state == HOME && value.starts_with('S') && reading.class <= b'B'
}

/// True if a header says that the licence is one to drive: nurses, plumbers and dogs have licences too.
#[must_use]
pub fn speaks_of_driving(header: &str) -> bool {
    let lower = header.to_lowercase();
    let words = ["driv", "dl", "operator", "oln", "cdl", "rmv", "dmv", "permit", "daq", "d/l", "d.l", "d l"];
    words.iter().any(|w| lower.contains(w)) || state_named(header).is_some()
}

/// How many licences at least say what the others of their column are.
const LICENCES: usize = 2;

/// True if half of the values of a column or key, or more, are licences of Massachusetts to drive: the others are
/// licences to drive too.
#[must_use]
pub fn is_driving<'v>(values: impl Iterator<Item = &'v str>) -> bool {
    let (mut all, mut series) = (0, 0);
    for value in values {
        all += 1;
        // The two forms have nine characters, and most values are none.
        let value = if value.trim().len() < 9 { String::new() } else { normalise(value) };
        let form = value.starts_with('S') && value.len() == 9;
        series += usize::from(form && read(&value, None, true).is_some_and(|r| is_series(&value, &r)));
    }
    series >= LICENCES && series * 2 >= all
}

/// The candidate for a licence value at `span`. `state_id` makes it a state identification card.
#[must_use]
pub fn candidate(span: Range<usize>, value: String, reading: &Reading, state_id: bool) -> Candidate {
    let mut score = Score::default();
    let words =
        format!("form of {} (class {})", String::from_utf8_lossy(&reading.state), reading.class as char);
    score.add("licence-form", reading.points, words);
    let kind = if state_id { ElementType::StateId } else { ElementType::DriversLicense };
    let variant = variant(&value, reading.state);
    let mut c = Candidate::new(span, kind, value, score);
    c.variant = Some(variant);
    c.state = Some(reading.state);
    c
}

fn variant(value: &str, state: [u8; 2]) -> String {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters: String = value.chars().take_while(char::is_ascii_alphabetic).collect();
    let state = String::from_utf8_lossy(&state).to_lowercase();
    match letters.len() + digits == value.len() && letters.len() <= 3 {
        true => format!("{state}-{}{digits}", letters.to_lowercase()),
        false => state,
    }
}

/// The state that a stretch of text names: full name, or two capitals as a word of their own.
#[must_use]
pub fn state_named(text: &str) -> Option<[u8; 2]> {
    let lower = text.to_lowercase();
    let named = STATES.iter().filter(|(_, name)| name.len() > 3 && lower.contains(name));
    if let Some((code, _)) = named.max_by_key(|(_, name)| name.len()) {
        return Some(*code);
    }
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| w.len() == 2 || w.eq_ignore_ascii_case("mass"))
        .find_map(|w| match w {
            _ if w.eq_ignore_ascii_case("mass") => Some(HOME),
            // These codes are also words or form labels in capitals.
            "ID" | "IN" | "OR" | "ME" | "OK" | "HI" | "OH" => None,
            _ => STATES.iter().map(|(code, _)| *code).find(|code| code == w.as_bytes()),
        })
}

/// The state named right behind a number: what [`state_named`] finds, or the code that closes brackets (`8684528, ME)`).
#[must_use]
pub fn state_behind(tail: &str) -> Option<[u8; 2]> {
    let code = tail.split_once(')').map(|(inside, _)| inside.trim_start_matches([',', '(', ' ']));
    let exact = code.and_then(|code| STATES.iter().map(|(state, _)| *state).find(|s| code.as_bytes() == s));
    exact.or_else(|| state_named(tail))
}

/// The state in `State of issue: VT`, `Issuing state  VT`, `State of issue - VT`.
#[must_use]
pub fn issuing_state(line: &str) -> Option<[u8; 2]> {
    let parts = line.split_once([':', '=', '\t']);
    let (label, value) =
        parts.or_else(|| ["  ", " .", " - "].into_iter().find_map(|gap| line.split_once(gap)))?;
    let label = label.to_lowercase();
    let issue = label.len() <= 40 && label.contains("state") && label.contains("issu");
    let value = value.trim_start_matches(['.', '_', '-', ' ']).trim_end_matches('_');
    issue.then(|| state_value(value.split(['\t', ';', ',']).next().unwrap_or(value)))?
}

/// The state that the value of a state column names: its code in either case, or what [`state_named`] finds.
#[must_use]
pub fn state_value(text: &str) -> Option<[u8; 2]> {
    let value = text.trim().as_bytes();
    let code = STATES.iter().map(|(code, _)| *code).find(|code| value.eq_ignore_ascii_case(code));
    code.or_else(|| state_named(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::group::groups;

    fn tokens(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        groups(text.as_bytes(), 0..text.len(), &mut all);
        all.iter().filter_map(|g| token(text.as_bytes(), *g)).map(|r| &text[r]).collect()
    }

    #[test]
    fn a_token_is_taken_once_and_whole() {
        assert_eq!(tokens("License: S61940275."), ["S61940275"]);
        assert_eq!(tokens("(NH) 07LTM64031 x"), ["07LTM64031"]);
        assert_eq!(tokens("H123-456-78-901-0"), ["H123-456-78-901-0"]);
        assert!(tokens("x_S61940275").is_empty());
    }

    #[test]
    fn the_state_decides_the_form() {
        let class = |v: &str, s: Option<&[u8; 2]>| read(v, s.copied(), false).map(|r| (r.state, r.points));
        assert_eq!(class("S61940275", None), Some((*b"MA", 15)));
        assert_eq!(class("SA4829173", None), Some((*b"MA", 35)));
        assert_eq!(class("07LTM64031", Some(b"NH")), Some((*b"NH", 35)));
        assert_eq!(class("S61940275", Some(b"NY")), None);
        assert_eq!(variant("S61940275", *b"MA"), "ma-s8");
    }

    #[test]
    fn states_are_found_in_label_text() {
        assert_eq!(state_named("License (New Hampshire)"), Some(*b"NH"));
        assert_eq!(state_named("MA Driver License"), Some(*b"MA"));
        assert_eq!(state_named("Mass ID card number"), Some(*b"MA"));
        assert_eq!(state_named("License No."), None);
        assert_eq!(state_value(" or "), Some(*b"OR"));
        assert_eq!(state_value("Oregon"), Some(*b"OR"));
        assert_eq!(state_behind(", ME) may"), Some(*b"ME"));
        assert_eq!(state_behind(" to me) "), None);
        assert_eq!(issuing_state("State of issue ... __ID__"), Some(*b"ID"));
    }
}

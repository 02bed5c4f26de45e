//! Numbers of a user's own patterns: type `other`, class `related`, never personal information by themselves.
//!
//! A match is a whole token (no letter, digit or `_` touches it) of at most [`LONGEST`] bytes. What is decided
//! about it reads its own line only, so results do not depend on where a file was cut.

use std::ops::Range;

use super::{Candidate, Score};
use crate::event::{Confidence, ElementClass, ElementType};
use crate::pattern::definition::Validator;
use crate::pattern::label::Words;
use crate::pattern::number;
use crate::pattern::user::{self, LONGEST, UserPattern};

/// How far, in bytes, a label may stand before its number.
const BEFORE: usize = 40;

/// True if a user has added numbers of their own.
#[must_use]
pub fn wanted() -> bool {
    user::installed().is_some_and(|user| !user.patterns().is_empty())
}

/// Appends the matches that start within `own` of `text`, which is one line, or the value that stands under
/// `header`.
pub fn find(text: &str, header: &str, own: &Range<usize>, out: &mut Vec<Candidate>) {
    let Some(user) = user::installed() else { return };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let mut words = Words::default();
    for pattern in user.patterns().iter().filter(|p| p.digits <= digits) {
        for found in pattern.regex.find_iter(text).filter(|m| own.contains(&m.start())) {
            if found.len() <= LONGEST && alone(text.as_bytes(), &found.range()) {
                out.extend(candidate(pattern, text, header, found.range(), &mut words));
            }
        }
    }
}

/// True if nothing that could be part of a longer token touches the match.
fn alone(text: &[u8], span: &Range<usize>) -> bool {
    let part = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    !part(span.start.checked_sub(1).and_then(|i| text.get(i))) && !part(text.get(span.end))
}

fn candidate(
    pattern: &UserPattern,
    text: &str,
    header: &str,
    span: Range<usize>,
    words: &mut Words,
) -> Option<Candidate> {
    let found = &text[span.clone()];
    if !valid(pattern.validator, found) {
        return None;
    }
    let from = super::label_context::char_at_or_after(text, span.start.saturating_sub(BEFORE));
    let labelled = pattern.labelled(&text[from..span.start], words) || pattern.labelled(header, words);
    if pattern.needs_label && !labelled {
        return None;
    }
    let mut score = Score::default();
    let points = match pattern.level {
        Confidence::High => 75,
        Confidence::Medium => 50,
        Confidence::Low => 25,
    };
    score.add("user-pattern", points, pattern.name.clone());
    if !labelled && !pattern.labels.is_empty() {
        score.add("no-label", -25, "none of its labels beside it");
    }
    let value = found.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let mut c = Candidate::new(span, ElementType::Other, value, score);
    c.class = ElementClass::Related;
    c.variant = Some(pattern.id.clone());
    Some(c)
}

fn valid(validator: Validator, found: &str) -> bool {
    let digits: Vec<u8> = found.bytes().filter(u8::is_ascii_digit).collect();
    match validator {
        Validator::None => true,
        Validator::Luhn => !digits.is_empty() && number::luhn(&digits),
        Validator::Aba => number::aba(&digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERN: &str = r#"
id = "customer"
name = "Customer number"
element = "other"
regex = 'CU-?\d{6}'
labels = ["customer no"]
level = "high"
validator = "luhn"
[[example]]
text = "x"
[[counter_example]]
text = "y"
"#;

    #[test]
    fn a_match_is_a_whole_valid_token_with_its_label() {
        let set = user::UserPatterns::compile(vec![("a".into(), PATTERN.into())], &[]).expect("a set");
        let read = |text: &str, header: &str| {
            let pattern = &set.patterns()[0];
            let span = pattern.regex.find(text).expect("a match").range();
            let whole = alone(text.as_bytes(), &span);
            let found = candidate(pattern, text, header, span, &mut Words::default());
            found.filter(|_| whole).map(|c| (c.value.clone(), c.score.value()))
        };
        let number = "CU481721".to_owned();
        assert_eq!(read("Customer No. CU-481721", ""), Some((number.clone(), 75)));
        assert_eq!(read("CU-481721", "customer_no"), Some((number.clone(), 75)));
        assert_eq!(read("see CU-481721.", ""), Some((number, 50)));
        assert_eq!(read("see CU-481722", ""), None);
        assert_eq!(read("see CU-4817210", ""), None);
    }
}

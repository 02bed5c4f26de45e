//! Finds the key words of a text: where none stands, no label makes a number.
//!
//! Words are told apart exactly as [`super::label::Words`] does, without copying any; a test compares the two.

use std::ops::Range;

use super::key_words::{FILTER, WordHash};
use super::label::splits;

static KEYS: &[u8; FILTER] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.keys"));

/// What a byte is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Between,
    Plain,
    /// An upper-case letter or digit, before which a word may end.
    Turn,
    /// `#`, a word by itself.
    Hash,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Between; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        table[i] = match b {
            b'a'..=b'z' | b'%' => Class::Plain,
            b'A'..=b'Z' | b'0'..=b'9' => Class::Turn,
            b'#' => Class::Hash,
            _ => Class::Between,
        };
        i += 1;
    }
    table
}

/// Appends where in `range` of `text` a key word ends, in order. The range must begin and end between words.
pub fn key_words(text: &[u8], range: Range<usize>, out: &mut Vec<usize>) {
    let mut hash = None;
    for at in range.clone() {
        let byte = text[at];
        match CLASSES[usize::from(byte)] {
            Class::Plain => hash = Some(hash.unwrap_or(WordHash::EMPTY).with(byte)),
            Class::Turn => {
                // The start of the range is the start of a word, so there is a byte before this one.
                if hash.is_some() && splits(text, at) {
                    note(hash.take(), at, out);
                }
                hash = Some(hash.unwrap_or(WordHash::EMPTY).with(byte | 0x20));
            }
            Class::Between => note(hash.take(), at, out),
            Class::Hash => {
                note(hash.take(), at, out);
                note(Some(WordHash::EMPTY.with(byte)), at + 1, out);
            }
        }
    }
    note(hash, range.end, out);
}

#[inline]
fn note(hash: Option<WordHash>, end: usize, out: &mut Vec<usize>) {
    if let Some(hash) = hash
        && hash.bits().iter().all(|bit| KEYS[bit / 8] & (1 << (bit % 8)) != 0)
    {
        out.push(end);
    }
}

/// True if the byte stands between words.
#[must_use]
pub fn between_words(byte: u8) -> bool {
    matches!(CLASSES[usize::from(byte)], Class::Between)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::kind::LabelKind;
    use super::super::label::{Words, inline};
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        let mut out = Vec::new();
        key_words(text.as_bytes(), 0..text.len(), &mut out);
        out
    }

    #[test]
    fn text_without_labels_has_no_key_word() {
        for text in [
            "2025-03-28T05:32:58.0465Z INFO [worker-27] request_id=cc82c285c31486dd trace=054187149880881",
            "GET /schedule/less/queue/421071?page=38 HTTP/1.1 Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.59",
        ] {
            assert_eq!(found(text), [0; 0], "{text}");
        }
        assert_eq!(found("the SSN 024"), [7]);
        assert_eq!(found("EmpSSN024613387"), [6]);
        assert_eq!(found("Soical Securty"), [6]);
    }

    proptest! {
        #[test]
        fn every_label_that_makes_a_number_holds_a_key_word(
            parts in prop::collection::vec("ssn|SSN|Social|social|securty|Lic|license|no|No\\.|#|Acct|a|A/C|id|ID|State|tax|Tax|[a-z]{1,6}|[A-Z][a-z]{2,5}|[0-9]{1,8}|[ ._:/-]{1,2}|é", 1..14)
        ) {
            let text = parts.concat();
            let (mut words, mut hits) = (Words::default(), Vec::new());
            inline(&text, &mut words, &mut hits);
            let kinds =
                [LabelKind::Ssn, LabelKind::DriversLicense, LabelKind::StateId, LabelKind::AccountNumber];
            let keys = found(&text);
            for hit in hits.iter().filter(|h| h.labels.iter().any(|l| kinds.contains(&l.kind))) {
                prop_assert!(
                    keys.iter().any(|end| hit.span.start < *end && *end <= hit.span.end),
                    "{} in {}", &text[hit.span.clone()], text
                );
            }
        }
    }
}

//! Names that stand for nobody: `John Doe`, `Test User`, `First Last`.

use super::bits;
use super::lists::{self, Phrase};

/// Words of which placeholders are made; a value of these alone names nobody.
const EMPTY_WORDS: [&str; 22] = [
    "TEST",
    "TESTER",
    "SAMPLE",
    "DUMMY",
    "EXAMPLE",
    "DEMO",
    "FAKE",
    "FIRST",
    "LAST",
    "MIDDLE",
    "NAME",
    "FIRSTNAME",
    "LASTNAME",
    "SURNAME",
    "GIVEN",
    "FAMILY",
    "USER",
    "PERSON",
    "FNAME",
    "LNAME",
    "XXX",
    "ASDF",
];

/// True if `value`, in either order, with or without a middle initial, is a name that stands for nobody.
pub fn is_placeholder(value: &str) -> bool {
    let (mut words, mut count) = ([""; 7], 0);
    let all = value.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty());
    for (to, word) in words.iter_mut().zip(all) {
        *to = word;
        count += 1;
    }
    if !(2..=6).contains(&count) {
        return false;
    }
    let words = &words[..count];
    let empty = |w: &&str| EMPTY_WORDS.iter().any(|e| w.eq_ignore_ascii_case(e));
    if words.iter().all(empty) {
        return true;
    }
    if let [a, b] = *words {
        return is_term(words) || is_term(&[b, a]);
    }
    let full: Vec<&str> = words.iter().copied().filter(|w| w.len() > 1).collect();
    let (&[a, b], true) = (&[words[0], words[words.len() - 1]], full.len() <= 3) else { return false };
    let ends = if let [a, b] = full[..] { [a, b] } else { [a, b] };
    is_term(&ends) || is_term(&[ends[1], ends[0]]) || is_term(words)
}

fn is_term(words: &[&str]) -> bool {
    let mut phrase = Phrase::new();
    for (n, word) in words.iter().enumerate() {
        if n > 0 {
            phrase.space();
        }
        phrase.push(word, bits::KEY);
    }
    lists::term(&phrase) == bits::TERM_PLACEHOLDER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody() {
        for value in [
            "John Doe",
            "DOE, JANE",
            "Jane Q. Public",
            "Test User",
            "First Last",
            "Firstname Lastname",
            "J. Doe",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn somebody() {
        for value in ["Tobias Doe", "John Hargrove", "Maeve Lindqvist", "John", ""] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}

//! The words of a text as labels have them.

use std::ops::Range;

use super::key_words::MISSPELT;

/// What a byte is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Between,
    Plain,
    /// An upper-case letter or digit, before which a word may end.
    Turn,
    /// `#`, a word by itself.
    Hash,
}

pub(super) static CLASSES: [Class; 256] = classes();

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

/// The normalised words of a text, in a buffer that is used again.
#[derive(Default)]
pub struct Words {
    /// The text in lower case.
    lower: String,
    words: Vec<Range<usize>>,
}

impl Words {
    /// Splits `text` by the rule of the label tables: a space between lower case or digit and upper case, and
    /// before the last capital of a run that lower case follows; lower case; `#` is a word; all but letters,
    /// digits, `#` and `%` separates. A long number glued to a word is a word of its own.
    pub fn split(&mut self, text: &str) {
        self.lower.clear();
        self.lower.push_str(text);
        self.lower.make_ascii_lowercase();
        self.words.clear();
        let b = text.as_bytes();
        let mut at = 0;
        while at < b.len() {
            let start = at;
            at += 1;
            match CLASSES[usize::from(b[start])] {
                Class::Between => continue,
                Class::Hash => {}
                Class::Plain | Class::Turn => at = word_end(b, at),
            }
            self.words.push(start..at);
        }
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The normalised word at `i`.
    #[must_use]
    pub fn word(&self, i: usize) -> &str {
        let spelt = self.spelt(i);
        meant(spelt).unwrap_or(spelt)
    }

    /// The word at `i` in lower case, as it is spelt.
    pub(super) fn spelt(&self, i: usize) -> &str {
        &self.lower[self.span(i)]
    }

    /// Where the word at `i` stands in the text.
    #[must_use]
    pub fn span(&self, i: usize) -> Range<usize> {
        self.words[i].clone()
    }
}

/// Where the word ends that goes on at `at`.
fn word_end(b: &[u8], mut at: usize) -> usize {
    while at < b.len() {
        match CLASSES[usize::from(b[at])] {
            Class::Plain => {}
            Class::Turn if !splits(b, at) => {}
            _ => break,
        }
        at += 1;
    }
    at
}

pub(super) fn splits(b: &[u8], i: usize) -> bool {
    let (prev, c) = (b[i - 1], b[i]);
    let lower_then_upper = c.is_ascii_uppercase() && (prev.is_ascii_lowercase() || prev.is_ascii_digit());
    let last_capital = c.is_ascii_uppercase()
        && prev.is_ascii_uppercase()
        && b.get(i + 1).is_some_and(u8::is_ascii_lowercase);
    lower_then_upper || last_capital || prev.is_ascii_alphabetic() && long_digits(&b[i..])
}

/// Seven or more digits: a number glued to its label.
fn long_digits(b: &[u8]) -> bool {
    b.len() >= 7 && b[..7].iter().all(u8::is_ascii_digit)
}

/// Other words one letter away from these.
const OTHERS: [&str; 7] = ["diver", "routine", "rousing", "drivel", "drives", "drive", "chocking"];

/// The label word that a misspelt word means (`soical`, `securty`, `lisence`, `acount`, `routeing`).
fn meant(word: &str) -> Option<&'static str> {
    if word.len() < 5 || word.len() > 10 {
        return None;
    }
    let close =
        |m: &&&str| m.as_bytes()[0] == word.as_bytes()[0] && !word.starts_with(**m) && one_off(word, m);
    let found = MISSPELT.iter().find(close)?;
    (!OTHERS.contains(&word) && !MISSPELT.contains(&word)).then_some(found)
}

/// True if one letter added, left out, changed or two neighbours exchanged make one word of the other.
fn one_off(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[head..a.len() - tail], &b[head..b.len() - tail]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([first, second], [left, right]) => first == right && second == left,
        _ => false,
    }
}

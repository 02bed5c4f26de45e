//! Names of people: finding them in text, reading them from cells and labels, and their normal form.
//!
//! Lists raise a score, structure decides: one American in ten bears a surname in no list, and a third of all title
//! case word pairs that look like a name are none. So a word pair stands alone only if both words are names first of
//! all, and a label, a column or a title makes people of words in no list.

mod around;
mod bits;
mod cue;
mod find;
mod form;
mod judge;
mod lists;
mod normal;
mod order;
mod parse;
mod placeholder;
mod shape;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use find::{find, find_beside_number, find_only};
pub use parse::{Order, from_parts, is_person_like, order_of, parse};
pub use placeholder::is_placeholder;

use crate::event::Confidence;

/// A person's name as it stands in the input. Holds raw text: no `Debug`, no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    /// First given name, or the initial. Middle names are left out.
    pub first: String,
    /// All words of the surname, particles included; no suffix and no title.
    pub last: String,
    /// True if only the initial of the given name is known.
    pub initial_only: bool,
}

impl PersonName {
    /// The surname in normal form: `de la Peña-Núñez` is `DELAPENANUNEZ`.
    pub fn last_key(&self) -> String {
        normal::letters(&self.last)
    }

    /// The given name, or the initial, in normal form.
    pub fn first_key(&self) -> String {
        normal::letters(&self.first)
    }

    /// First letters of first and last name in normal form, for masking; `?` where there is none.
    pub fn initials(&self) -> (char, char) {
        let first = |key: &str| key.chars().next().unwrap_or('?');
        (first(&self.first_key()), first(&self.last_key()))
    }
}

/// A person found in a line of text.
pub struct NameHit {
    /// Bytes of the line that hold the name, suffix included.
    pub span: Range<usize>,
    /// The name.
    pub name: PersonName,
    /// How sure.
    pub confidence: Confidence,
    /// The rule that found it.
    pub rule: &'static str,
}

/// True if `word` is in the list of given names.
pub fn is_given(word: &str) -> bool {
    lists::word(word).given() > 0
}

/// True if `word` is in the list of surnames (without a label it may still be an ordinary word).
pub fn is_surname(word: &str) -> bool {
    lists::word(word).surname() > 0
}

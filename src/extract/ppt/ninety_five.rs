//! The stream of `PowerPoint` 95, which bears the name of the later one but has records of another form. Its makers
//! never published it.
//!
//! A record begins with four numbers of 32 bits: its kind, a number that is 0xFFFF where it has none, the length of
//! what follows, and one that says what kinds of data a list holds. Texts are lists of letters; names are strings.

use encoding_rs::WINDOWS_1252;

use crate::extract::bytes::u32_at;

/// How the stream begins: a record of the kind 3.
const START: [u8; 8] = [3, 0, 0, 0, 0xFF, 0xFF, 0, 0];
const HEADER: usize = 16;
/// A list, and what it holds if that is letters.
const LIST: u32 = 2030;
const LETTERS: u32 = 53;
/// A string, with the number 0xFFFF.
const STRING: u32 = 4026;
const NO_NUMBER: u32 = 0xFFFF;

/// True for a stream that `PowerPoint` 95 wrote.
pub(super) fn is_it(stream: &[u8]) -> bool {
    stream.starts_with(&START)
}

/// The texts of a stream in their order.
pub(super) fn texts(stream: &[u8]) -> impl Iterator<Item = String> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at + HEADER < stream.len() {
            if let Some(text) = text(stream, at) {
                at += HEADER + text.len();
                return Some(WINDOWS_1252.decode_without_bom_handling(text).0.replace('\u{b}', "\n"));
            }
            at += 1;
        }
        None
    })
}

/// The letters of the record that begins at `at`, if one with a text does.
fn text(stream: &[u8], at: usize) -> Option<&[u8]> {
    let number = |n: usize| u32_at(stream, at + 4 * n);
    let is_text = match number(0)? {
        LIST => number(1)? == 0 && number(3)? == LETTERS,
        STRING => number(1)? == NO_NUMBER,
        _ => false,
    };
    let length = usize::try_from(number(2)?).ok().filter(|n| is_text && *n > 0)?;
    stream.get(at + HEADER..)?.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u32, number: u32, holds: u32, data: &[u8]) -> Vec<u8> {
        let numbers = [kind, number, data.len() as u32, holds];
        [&numbers.map(u32::to_le_bytes).concat()[..], data].concat()
    }

    #[test]
    fn texts_are_lists_of_letters_and_strings() {
        let stream = [
            record(3, NO_NUMBER, 0, b""),
            record(LIST, 0, LETTERS, b"Ann\x92s\rBob"),
            record(LIST, 0, 47, b"formats"),
            record(STRING, NO_NUMBER, 2, b"Cork"),
            record(LIST, 0, LETTERS, b"cut off")[..20].to_vec(),
        ]
        .concat();
        assert!(is_it(&stream));
        assert_eq!(texts(&stream).collect::<Vec<_>>(), ["Ann\u{2019}s\rBob", "Cork"]);
    }
}

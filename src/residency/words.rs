//! Words and digit runs of a line, and the small lists of words that decide what a place name means.

use std::ops::Range;

use crate::event::Short;

/// What a token is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits.
    Digits,
    /// A word that begins with a small letter, or with a letter outside ASCII.
    Lower,
    /// A word that begins with a capital and goes on in small letters.
    Title,
    /// A word in capitals, or a single capital.
    Upper,
}

/// A word or digit run of a line.
pub(super) struct Token {
    /// Bytes of the line.
    pub(super) at: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
}

impl Token {
    /// True for a word that begins with a capital.
    pub(super) fn capital(&self) -> bool {
        matches!(self.kind, Kind::Title | Kind::Upper)
    }
}

/// Cuts a line into tokens. Letters outside ASCII belong to words, an apostrophe between letters too.
pub(super) fn tokens(line: &str, out: &mut Vec<Token>) {
    out.clear();
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        if bytes[at].is_ascii_digit() {
            at += bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
            out.push(Token { at: start..at, kind: Kind::Digits });
        } else if is_letter(bytes[at]) {
            at = word_end(bytes, at);
            out.push(Token { at: start..at, kind: case(&bytes[start..at]) });
        } else {
            at += 1;
        }
    }
}

fn word_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        let joins = bytes[at] == b'\'' && bytes.get(at + 1).is_some_and(|b| is_letter(*b));
        if !is_letter(bytes[at]) && !joins {
            break;
        }
        at += 1;
    }
    at
}

fn is_letter(b: u8) -> bool {
    b.is_ascii_alphabetic() || !b.is_ascii()
}

fn case(word: &[u8]) -> Kind {
    match word.first() {
        Some(first) if !first.is_ascii_uppercase() => Kind::Lower,
        _ if word.iter().any(u8::is_ascii_lowercase) => Kind::Title,
        _ => Kind::Upper,
    }
}

/// The ASCII letters, in capitals.
pub(super) fn upper_letters(text: &str) -> Short {
    text.bytes().filter(u8::is_ascii_alphabetic).map(|b| char::from(b.to_ascii_uppercase())).collect()
}

/// The name of a place as the table spells it: capitals, one space between words, points of the compass and
/// `Mt` written out, no punctuation.
pub(super) fn spell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for word in text.split(|c: char| !(c.is_alphabetic() || c == '\'')) {
        let word = upper_letters(word);
        if word.is_empty() {
            continue;
        }
        let first = out.is_empty();
        if !first {
            out.push(' ');
        }
        out.push_str(if first { spelt_out(&word) } else { &word });
    }
    out
}

/// A point of the compass or `Mt` written out; any other word as it is.
pub(super) fn spelt_out(word: &str) -> &str {
    match word {
        "N" | "NO" => "NORTH",
        "S" | "SO" => "SOUTH",
        "E" => "EAST",
        "W" => "WEST",
        "MT" => "MOUNT",
        _ => word,
    }
}

/// True for a word (capitals) that ends a street or stands before a town without being part of a name.
pub(super) fn before_town(word: &str) -> bool {
    street_word(word) || PREPOSITIONS.contains(&word)
}

/// True for the common street words and their abbreviations (USPS Publication 28), in capitals.
pub(super) fn street_word(word: &str) -> bool {
    super::address::STREET_WORDS.iter().any(|(long, short)| word == *long || word == *short)
}

const PREPOSITIONS: [&str; 14] = [
    "IN", "AT", "FROM", "TO", "NEAR", "OF", "CITY", "TOWN", "ADDRESS", "EAST", "WEST", "NORTH", "SOUTH",
    "BOX",
];

/// Countries and provinces that have places of the same names.
pub(super) const ABROAD: [&str; 12] = [
    "ENGLAND",
    "UK",
    "UNITED",
    "ONTARIO",
    "CANADA",
    "IRELAND",
    "SCOTLAND",
    "JAMAICA",
    "GERMANY",
    "AUSTRALIA",
    "NOVA",
    "NEW",
];

/// Codes of states that are English words, degrees or professions as well (`Tobias Hargrove, MD`): without a
/// ZIP they say nothing.
pub(super) const AMBIGUOUS_CODES: [&str; 30] = [
    "AA", "AE", "AL", "AP", "AS", "CA", "CO", "DC", "DE", "GU", "HI", "ID", "IN", "LA", "MA", "MD", "ME",
    "MI", "MO", "MP", "MS", "MT", "ND", "OH", "OK", "OR", "PA", "PR", "SC", "VI",
];

//! Finds the key words of a text: where none stands, no label makes a number.
//!
//! Words are told apart exactly as [`super::label::Words`] does, without copying any; a test compares the two.

use std::ops::Range;

pub use super::key_words::AFTER_DIGITS;
use super::key_words::{DIGITS_FIRST, FILTER, HEADS, LONG_HEAD, WordHash, head_bit, long_head_bit};
use super::words::{CLASSES, Class, splits};
use crate::bits::{self, BLOCK};
use crate::flat::FlatMap;

static KEYS: &[u8; FILTER] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.keys"));
/// The words of `KEYS` themselves: the filter takes one word in 500 for one of them.
static WORDS: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/labels.words")));
/// Words that are key words together with the word behind them.
static FIRSTS: &[u8; FILTER] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.firsts"));
/// Such words with the word behind them, a space between.
static PAIRS: &[u8; FILTER] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.pairs"));
static HEAD_BITS: &[u8; HEADS] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.heads"));

/// How far apart the words of a label may stand, in bytes, for all that is looked at here.
const GAP: usize = 64;

/// Longer than any key word, in bytes.
const LONGEST: usize = 64;

/// Finds key words; holds the room that this takes.
#[derive(Default)]
pub struct KeyWords {
    letters: Vec<u64>,
    capitals: Vec<u64>,
    digits: Vec<u64>,
    /// Letters behind a digit that may begin a key word all the same.
    after_digits: Vec<u64>,
    begins: Vec<Begins>,
}

/// Letters that begin a word of a block, by how many bytes at least go on with it.
#[derive(Clone, Copy, Default)]
struct Begins {
    all: u64,
    /// The next byte is a small letter, the next two are, the next three are.
    goes_on: [u64; 3],
}

impl KeyWords {
    /// Appends where in `range` of `text` a key word ends, in order. The range must begin and end between words.
    ///
    /// A word begins at a letter behind another byte, or at a capital. Its first letters say of nearly all words that they
    /// are none; they are looked up for every word alike, without a branch.
    pub fn find(&mut self, text: &[u8], range: Range<usize>, out: &mut Vec<usize>) {
        self.find_within(text, range, &[], out);
    }

    /// The same, of words that begin where a bit of `within` is set, the first for the first byte of `range`; there may
    /// be others. Without a bit, of all.
    pub fn find_within(&mut self, text: &[u8], range: Range<usize>, within: &[u64], out: &mut Vec<usize>) {
        let piece = &text[range.clone()];
        bits::fill_between(bits::LETTERS, piece, &mut self.letters);
        bits::fill_between(bits::CAPITALS, piece, &mut self.capitals);
        bits::fill_between(bits::DIGITS, piece, &mut self.digits);
        bits::fill_bytes_between([AFTER_DIGITS], piece, &mut self.after_digits);
        self.begin();
        let mut done = range.start;
        for (n, begins) in self.begins.iter_mut().enumerate() {
            let base = range.start + n * BLOCK;
            begins.all &= within.get(n).copied().unwrap_or(u64::MAX);
            let mut places = begins.may_be_key(&text[base..]);
            while places != 0 {
                let place = base + places.trailing_zeros() as usize;
                places &= places - 1;
                if place >= done
                    && may_go_on(&text[place..range.end])
                    && let Some(start) = beginning(text, place, &range)
                {
                    done = words_from(text, start, range.end, out);
                }
            }
        }
    }

    /// Notes where words begin.
    fn begin(&mut self) {
        let len = self.letters.len() - 2;
        self.begins.clear();
        self.begins.resize(len, Begins::default());
        let (letters, capitals) = (&self.letters[..len + 2], &self.capitals[..len + 2]);
        let (digits, after_digits) = (&self.digits[..len + 2], &self.after_digits[..len + 2]);
        for (n, begins) in self.begins[..len].iter_mut().enumerate() {
            let before = |of: &[u64]| of[n + 1] << 1 | of[n] >> (BLOCK - 1);
            let (own, capital) = (letters[n + 1], capitals[n + 1]);
            // Behind the piece stands no letter of a word in it.
            let (small, next) = (own & !capital, letters[n + 2] & !capitals[n + 2]);
            let behind = |k: usize| small >> k | next << (BLOCK - k);
            // Letters within hexadecimal numbers begin no word of ours but those of `AFTER_DIGITS`.
            let hexadecimal = small & before(digits) & !after_digits[n + 1];
            begins.all = own & !before(letters) & !hexadecimal | capital & (!before(capitals) | behind(1));
            let two = behind(1) & behind(2);
            begins.goes_on = [behind(1), two, two & behind(3)];
        }
    }
}

impl Begins {
    /// The words of `block` that may be key words by how they begin.
    #[inline]
    fn may_be_key(&self, block: &[u8]) -> u64 {
        let mut found = 0;
        let long = self.all & self.goes_on[2];
        for_each(long, |at| found |= u64::from(known(head(block, at), 4)) << at);
        for_each(self.all & !long, |at| {
            let head = head(block, at);
            let ends = |n: usize| self.goes_on[n - 1] >> at & 1 == 0;
            let short = ends(1) & (known(head, 1) || head[0] | 0x20 == AFTER_DIGITS)
                | ends(2) & known(head, 2)
                | known(head, 3)
                | known(head, 4);
            found |= u64::from(short) << at;
        });
        found
    }
}

#[inline]
fn for_each(mut bits: u64, mut each: impl FnMut(usize)) {
    while bits != 0 {
        each(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// The four bytes from `at` on, with zeros behind the end.
#[inline]
fn head(block: &[u8], at: usize) -> [u8; 4] {
    match block[at..].first_chunk::<4>() {
        Some(head) => *head,
        None => std::array::from_fn(|i| block.get(at + i).copied().unwrap_or(0)),
    }
}

#[inline]
fn known(head: [u8; 4], len: usize) -> bool {
    holds_bit(head_bit(head, len))
}

#[inline]
fn holds_bit(bit: usize) -> bool {
    HEAD_BITS[bit / 8] & (1 << (bit % 8)) != 0
}

/// A second look at a word that begins here and may be a key word by its first four letters: by its first eight, or, of a
/// letter before digits, with these.
fn may_go_on(text: &[u8]) -> bool {
    let small = text[1..].iter().take(LONG_HEAD - 1).take_while(|b| b.is_ascii_lowercase()).count();
    let (letters, behind) = text.split_at(small + 1);
    if letters.len() >= 4 {
        let mut head = [0; LONG_HEAD];
        head[..letters.len()].copy_from_slice(letters);
        return holds_bit(long_head_bit(head, letters.len()));
    }
    let digits = letters.len() == 1 && behind.first().is_some_and(u8::is_ascii_digit);
    !digits || splits(text, 1) || (2..=4).any(|len| known(head(text, 0), len))
}

/// Where the word of the letter at `at` begins: there, or at the few digits before it. `None` if it cannot be a key
/// word: what stands behind digits ends with one letter, or begins with a capital.
fn beginning(text: &[u8], at: usize, range: &Range<usize>) -> Option<usize> {
    if text[at].is_ascii_uppercase() && text[at] != AFTER_DIGITS.to_ascii_uppercase() {
        return Some(at);
    }
    let inside = &text[range.start..at];
    let run = inside.iter().rev().take(DIGITS_FIRST + 1).take_while(|b| b.is_ascii_digit()).count();
    match run {
        0 => Some(at),
        1..=DIGITS_FIRST if text[at] | 0x20 == AFTER_DIGITS && parted(&inside[..inside.len() - run]) => {
            Some(at - run)
        }
        _ => text[at].is_ascii_uppercase().then_some(at),
    }
}

/// True if a word may begin behind these bytes.
fn parted(before: &[u8]) -> bool {
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'%')
}

/// Notes the key words from the beginning of a word at `from` to the next gap between words, which is returned.
fn words_from(text: &[u8], from: usize, end: usize, out: &mut Vec<usize>) -> usize {
    let mut at = from;
    while let Some((hash, stop)) = word(text, at, end, WordHash::EMPTY) {
        if holds(KEYS, hash) && is_key(&text[at..stop]) {
            out.push(stop);
        } else if holds(FIRSTS, hash)
            // The second word may stand behind the range.
            && let Some(next) = next_word(text, stop, text.len())
            && let Some((pair, stop)) = word(text, next, text.len(), hash.with(b' '))
            && holds(PAIRS, pair)
        {
            out.push(stop);
        }
        at = stop;
    }
    at
}

/// The hash of the word that begins at `from`, behind that of what stands before it, and where the word ends; `None` if
/// none begins there.
fn word(text: &[u8], from: usize, end: usize, before: WordHash) -> Option<(WordHash, usize)> {
    let mut hash = before;
    let mut at = from;
    while at < end {
        let byte = text[at];
        match CLASSES[usize::from(byte)] {
            Class::Turn if at > from && splits(text, at) => break,
            Class::Plain => hash = hash.with(byte),
            Class::Turn => hash = hash.with(byte | 0x20),
            Class::Hash if at == from => return Some((hash.with(byte), at + 1)),
            Class::Between | Class::Hash => break,
        }
        at += 1;
    }
    (at > from).then_some((hash, at))
}

/// Where the next word begins, if one does nearby.
fn next_word(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let gap = text[from..end].iter().take(GAP).take_while(|b| between_words(**b)).count();
    (gap < GAP && from + gap < end).then_some(from + gap)
}

fn is_key(word: &[u8]) -> bool {
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    WORDS.get(lower).is_some()
}

fn holds(filter: &[u8; FILTER], hash: WordHash) -> bool {
    hash.bits().iter().all(|bit| filter[bit / 8] & (1 << (bit % 8)) != 0)
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
        KeyWords::default().find(text.as_bytes(), 0..text.len(), &mut out);
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

    #[test]
    fn every_label_of_the_lists_holds_a_key_word() {
        let lists = [
            include_str!("../../patterns/labels/labels.tsv"),
            include_str!("../../patterns/labels/extra.tsv"),
        ];
        let makes = ["ssn", "dl", "state_id", "account_number"];
        let mut labels = 0;
        for line in lists.iter().flat_map(|l| l.lines()).filter(|l| !l.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            if cells.len() < 5 || !makes.contains(&cells[0]) || cells[4] == "exact" {
                continue;
            }
            labels += 1;
            for glue in [" ", "_", "-", ". ", "  "] {
                let text = format!("x {} 1", cells[1].replace(' ', glue));
                assert!(!found(&text).is_empty(), "{text}");
                let (capitals, mut words, mut hits) = (text.to_uppercase(), Words::default(), Vec::new());
                inline(&capitals, &mut words, &mut hits);
                // In capitals the letter of a box is a word by itself, and the whole no label (`35D`).
                let boxed = cells[1].starts_with(|c: char| c.is_ascii_digit()) && hits.is_empty();
                assert!(boxed || !found(&capitals).is_empty(), "{capitals}");
            }
        }
        assert!(labels > 300, "{labels} labels");
    }

    #[test]
    fn weak_words_are_none_by_themselves() {
        for text in
            ["state of the contract", "5c64d8b0 c2db", "share s with n", "Government information line"]
        {
            assert_eq!(found(text), [0; 0], "{text}");
        }
        assert_eq!(found("State ID no 4829"), [8]);
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

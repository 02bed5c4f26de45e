//! Text of mainframes: EBCDIC, known by how often its bytes occur.
//!
//! Source of the code: IBM code page 37 (US, Canada), with the brackets of page 1047. Pages 37, 500 and 1047 differ in
//! a few punctuation marks; letters, digits, space, hyphen and comma are the same in all.

/// The characters of the bytes, sixteen in a row. Control characters have become spaces, the two line feeds a line
/// feed, the hyphen that may be left out a hyphen.
const CODE: [&str; 16] = [
    "     \t          ",
    "     \n          ",
    "     \n          ",
    "                ",
    "  âäàáãåçñ¢.<(+|",
    "&éêëèíîïìß!$*);¬",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿Ð[Þ®",
    "^£¥·©§¶¼½¾[]¯]´×",
    "{ABCDEFGHI-ôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ ",
];

/// The fewest bytes that are judged.
const LEAST: usize = 40;
/// So many bytes must be text by themselves.
const FIRST: usize = 4096;

/// The character of every byte.
pub struct Ebcdic([char; 256]);

impl Default for Ebcdic {
    fn default() -> Self {
        let mut chars = [' '; 256];
        for (slot, c) in chars.iter_mut().zip(CODE.iter().flat_map(|row| row.chars())) {
            *slot = c;
        }
        Ebcdic(chars)
    }
}

impl Ebcdic {
    /// The character of a byte; a line feed only where lines end so.
    #[must_use]
    pub fn char(&self, byte: u8, lines: bool) -> char {
        match self.0[usize::from(byte)] {
            '\n' if !lines => ' ',
            c => c,
        }
    }
}

/// True for a byte that ends a line.
#[must_use]
pub fn ends_line(byte: u8) -> bool {
    matches!(byte, 0x15 | 0x25)
}

/// Kind of a byte: 0 anything else, 1 space, 2 digit, 3 letter, 4 punctuation.
#[must_use]
pub fn class(byte: u8) -> u8 {
    match byte {
        0x40 => 1,
        0xF0..=0xF9 => 2,
        0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9 => 3,
        0x4B..=0x50 | 0x5A..=0x61 | 0x6B..=0x6F | 0x7A..=0x7F => 4,
        _ => 0,
    }
}

/// True if `head` can hardly be anything else: nearly all bytes are letters, digits, spaces and punctuation of this
/// code, and there are next to no spaces of ASCII.
pub(super) fn is_text(head: &[u8]) -> bool {
    // Most files are settled by their first bytes: letters are none of ASCII's.
    let first = &head[..head.len().min(FIRST)];
    head.len() >= LEAST && !first.is_ascii() && reads_well(first) && reads_well(head)
}

fn reads_well(head: &[u8]) -> bool {
    if memchr::memchr_iter(b' ', head).count() * 100 > head.len() {
        return false;
    }
    let (mut counts, mut controls) = ([0usize; 5], 0);
    for &byte in head {
        counts[usize::from(class(byte))] += 1;
        // Ends of lines, carriage return, and the zeros that fill fields.
        controls += usize::from(ends_line(byte) || matches!(byte, 0x00 | 0x0D));
    }
    let [_, spaces, digits, letters, marks] = counts;
    let words = digits + letters;
    let readable = spaces + words + marks + controls;
    readable * 100 >= head.len() * 85
        && words * 100 >= head.len() * 25
        && letters * 100 >= head.len() * 10
        && spaces * 100 >= head.len() * 2
        && marks < words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> Vec<u8> {
        let code = Ebcdic::default();
        let byte =
            |c: char| (0..=255u8).rev().find(|&b| code.char(b, true) == c).expect("a character of the code");
        text.chars().map(|c| if c == ' ' { 0x40 } else { byte(c) }).collect()
    }

    #[test]
    fn letters_and_digits_have_their_places() {
        let code = Ebcdic::default();
        let bytes = [0xC1, 0x95, 0x95, 0x40, 0xF0, 0xF2, 0xF4, 0x60, 0xF6, 0xF1, 0x15];
        let text: String = bytes.iter().map(|&b| code.char(b, true)).collect();
        assert_eq!(text, "Ann 024-61\n");
        assert!(CODE.iter().all(|row| row.chars().count() == 16));
    }

    #[test]
    fn it_is_known_by_its_bytes() {
        assert!(is_text(&encoded("FARNSWORTH          ODILE     027634418 QUINCY MA 02169")));
        assert!(is_text(&encoded("Dear Ms. Farnsworth, your number is 027-63-4418.\nYours")));
    }

    #[test]
    fn other_texts_are_not_taken_for_it() {
        assert!(!is_text(b"FARNSWORTH          ODILE     027634418 QUINCY MA 02169"));
        let cyrillic: Vec<u8> =
            (0..200u32).map(|i| if i % 7 == 6 { b' ' } else { 0xC0 + (i * 37 % 64) as u8 }).collect();
        assert!(!is_text(&cyrillic));
        assert!(!is_text(&encoded("@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@")));
        let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(!is_text(&noise));
    }
}

//! A string as the masker sees it: digits, letters, separators and the rest, without what a reader cannot see.
//!
//! Zero-width characters, combining marks and bidirectional controls vanish here, so that none of them can part
//! the digits of a number; percent-encoded digits and separators (`%20`) count as what they stand for.

/// What a visible character is to the masker.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A digit of any script.
    Digit,
    /// A letter of any script.
    Letter,
    /// May stand between the digits of one number.
    Separator,
    /// Ends a number.
    Other,
    /// Part of a date or time stamp, which stays readable and ends a number.
    Stamp,
}

/// One visible character.
pub(super) struct Glyph {
    /// First byte in the string.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The character; of a percent-encoded one what it stands for.
    pub c: char,
    /// What it is.
    pub kind: Kind,
    /// True if it must not be shown.
    pub hidden: bool,
}

impl Glyph {
    /// True for letters and digits, parts of stamps included.
    pub fn is_word(&self) -> bool {
        self.c.is_alphanumeric()
    }
}

/// The visible characters of `s`.
pub(super) fn glyphs(s: &str) -> Vec<Glyph> {
    let mut all = Vec::with_capacity(s.len());
    let mut skip_to = 0;
    for (start, mut c) in s.char_indices() {
        if start < skip_to || is_invisible(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        if c == '%'
            && let Some(decoded) = percent_decoded(&s.as_bytes()[start..])
        {
            (c, end) = (decoded, start + 3);
            skip_to = end;
        }
        all.push(Glyph { start, end, c, kind: kind(c), hidden: false });
    }
    all
}

/// The digit or separator that `%hh` at the start of `bytes` stands for.
fn percent_decoded(bytes: &[u8]) -> Option<char> {
    let &[_, high, low, ..] = bytes else { return None };
    let value = |b: u8| char::from(b).to_digit(16);
    let c = char::from_u32(value(high)? * 16 + value(low)?)?;
    matches!(kind(c), Kind::Digit | Kind::Separator).then_some(c)
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digit,
        'a'..='z' | 'A'..='Z' => Kind::Letter,
        '-' | '.' | '/' | '_' | '\\' | '+' => Kind::Separator,
        _ if c.is_whitespace() || c.is_control() || is_foreign_separator(c) => Kind::Separator,
        _ if c.is_ascii() => Kind::Other,
        _ if c.is_numeric() => Kind::Digit,
        _ if c.is_alphabetic() => Kind::Letter,
        _ => Kind::Other,
    }
}

/// Dashes, dots, slashes and low lines beyond ASCII, and what stands for an undecodable byte.
fn is_foreign_separator(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{b7}' | '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{2024}' | '\u{203f}' | '\u{2043}'
        | '\u{2044}' | '\u{2212}' | '\u{2215}' | '\u{30fb}' | '\u{30fc}' | '\u{fe58}' | '\u{fe63}'
        | '\u{ff0d}'..='\u{ff0f}' | '\u{ff3f}' | '\u{fffd}')
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e01ef}')
}

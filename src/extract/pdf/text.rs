//! Text strings of a PDF (ISO 32000-1, 7.9.2.2) and glyphs as characters.
//!
//! A glyph that neither `ToUnicode` nor its name explains is looked up backwards in the character map of the font
//! program; where that is missing too, the code or the usual glyph order may still tell the digits. Such a guess
//! is emitted but counted as undecodable, so that the page is not called readable because of it.

use std::collections::HashMap;

use encoding_rs::{UTF_16BE, UTF_16LE};
use hayro_interpret::font::{Glyph, OutlineGlyph};
use hayro_interpret::hayro_cmap::BfString;
use skrifa::{FontRef, MetadataProvider};

/// Most entries of a font's character map that are looked at.
const CHARMAP_CAP: usize = 100_000;

/// Bytes 0x80 to 0xA0 of `PDFDocEncoding` (ISO 32000-1, annex D.2).
const PDF_DOC: [char; 33] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ',
    'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
];

/// Decodes a text string: UTF-16 or UTF-8 by its byte-order mark, else `PDFDocEncoding`. Line breaks become `\n`.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&b| pdf_doc(b)).collect(),
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn pdf_doc(byte: u8) -> char {
    match byte {
        0x80..=0xA0 => PDF_DOC[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Text of a glyph.
pub(super) struct GlyphText {
    /// What the glyph stands for; U+FFFD if nothing is known.
    pub(super) text: String,
    /// False if it is unknown or guessed.
    pub(super) known: bool,
}

/// Finds the characters of glyphs; remembers the character maps of fonts of one document.
#[derive(Default)]
pub(super) struct Unicodes {
    fonts: HashMap<u128, HashMap<u32, char>>,
}

impl Unicodes {
    /// The text of `glyph`.
    pub(super) fn text(&mut self, glyph: &Glyph<'_>) -> GlyphText {
        if let Some(text) = glyph.as_unicode().and_then(|found| clean(&found)) {
            return GlyphText { text, known: true };
        }
        match glyph {
            Glyph::Outline(outline) => self.look_up(outline),
            Glyph::Type3(_) => from_code(glyph.char_code()),
        }
    }

    fn look_up(&mut self, glyph: &OutlineGlyph) -> GlyphText {
        let Some(font) = glyph.font_data() else { return from_code(glyph.char_code()) };
        let map = self.fonts.entry(font.cache_key).or_insert_with(|| backwards((*font.data).as_ref()));
        let id = glyph.glyph_id().to_u32();
        if let Some(&c) = map.get(&id) {
            return GlyphText { text: c.to_string(), known: true };
        }
        guessed(glyph.char_code(), id, map.is_empty())
    }
}

/// What a code stands for in a font whose program does not say it of glyph `id`; `bare` if it says so of none.
fn guessed(code: u32, id: u32, bare: bool) -> GlyphText {
    // Codes that are glyph numbers (Identity-H) say nothing by themselves. Fonts in the order of Apple's
    // standard glyph names, which most producers keep, have `space` at 3 and `0` at 19.
    if bare && id == code && (3..=97).contains(&id) {
        let guess = char::from_u32(id + 29).unwrap_or(char::REPLACEMENT_CHARACTER);
        return GlyphText { text: guess.to_string(), known: false };
    }
    if id == code {
        return unknown();
    }
    // Codes that a table turns into glyph numbers are characters with many producers of web applications.
    match char::from_u32(code) {
        Some(c @ ('\u{100}'..='\u{17F}' | '\u{2013}'..='\u{2022}' | '€')) => {
            GlyphText { text: c.to_string(), known: false }
        }
        _ => from_code(code),
    }
}

fn unknown() -> GlyphText {
    GlyphText { text: char::REPLACEMENT_CHARACTER.to_string(), known: false }
}

fn from_code(code: u32) -> GlyphText {
    match char::from_u32(code) {
        Some(c @ (' '..='~' | '\u{A0}'..='\u{FF}')) => GlyphText { text: plain(c).to_string(), known: true },
        _ => unknown(),
    }
}

fn backwards(program: &[u8]) -> HashMap<u32, char> {
    let Ok(font) = FontRef::new(program) else { return HashMap::new() };
    let mut map = HashMap::new();
    for (code, glyph) in font.charmap().mappings().take(CHARMAP_CAP) {
        // Symbol fonts keep their characters at U+F000 and above.
        let code = if (0xF020..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
        if let Some(c) = char::from_u32(code).filter(|c| !c.is_control()) {
            map.entry(glyph.to_u32()).or_insert(plain(c));
        }
    }
    map
}

/// The characters of a `ToUnicode` entry or glyph name, or nothing if they are of no use.
fn clean(found: &BfString) -> Option<String> {
    let mut out = String::new();
    match found {
        BfString::Char(c) => push_clean(&mut out, *c),
        BfString::String(text) => text.chars().for_each(|c| push_clean(&mut out, c)),
    }
    (!out.is_empty()).then_some(out)
}

fn push_clean(out: &mut String, c: char) {
    match c {
        'ﬀ' => out.push_str("ff"),
        'ﬁ' => out.push_str("fi"),
        'ﬂ' => out.push_str("fl"),
        'ﬃ' => out.push_str("ffi"),
        'ﬄ' => out.push_str("ffl"),
        '\t' | '\n' | '\r' => out.push(' '),
        '\u{F020}'..='\u{F07E}' => out.extend(char::from_u32(u32::from(c) - 0xF000)),
        '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' => {}
        c if c.is_control() => {}
        c => out.push(plain(c)),
    }
}

/// No-break space as space; the soft hyphen, which fonts draw as a hyphen, as a hyphen.
fn plain(c: char) -> char {
    match c {
        '\u{A0}' => ' ',
        '\u{AD}' => '-',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_in_four_encodings() {
        assert!(text_string(b"Caf\xe9 \x84 \x80\r\nx") == "Café — •\nx");
        assert!(text_string(b"\xfe\xff\x00J\x00o") == "Jo");
        assert!(text_string(b"\xff\xfeJ\x00o\x00") == "Jo");
        assert!(text_string(b"\xef\xbb\xbfJ\xc3\xb6") == "Jö");
    }

    #[test]
    fn ligatures_and_odd_spaces_become_plain() {
        let cleaned = |c| clean(&BfString::Char(c));
        assert!(cleaned('ﬁ').as_deref() == Some("fi"));
        assert!(cleaned('\u{A0}').as_deref() == Some(" "));
        assert!(cleaned('\u{AD}').as_deref() == Some("-"));
        assert!(cleaned('\u{0}').is_none());
    }

    #[test]
    fn a_code_that_a_table_turns_into_a_glyph_is_a_character() {
        let text = |code: u32| guessed(code, 5, false);
        for c in ['ł', 'Ő', '–', '’', '•', '€'] {
            let found = text(u32::from(c));
            assert!(found.text == c.to_string() && !found.known, "{c}");
        }
        assert!(text(u32::from('7')).text == "7" && text(u32::from('7')).known);
        for c in ['\u{180}', '\u{2010}', '\u{2023}', '中'] {
            assert!(text(u32::from(c)).text == "\u{FFFD}", "{c}");
        }
    }

    #[test]
    fn a_glyph_number_says_something_only_in_the_usual_order_and_without_a_map() {
        let (digit, other) = (guessed(19, 19, true), guessed(300, 300, true));
        assert!(digit.text == "0" && !digit.known);
        assert!(guessed(19, 19, false).text == "\u{FFFD}" && other.text == "\u{FFFD}");
    }

    #[test]
    fn a_code_is_taken_only_if_printable() {
        assert!(from_code(u32::from(b'7')).text == "7");
        assert!(!from_code(3).known);
    }
}

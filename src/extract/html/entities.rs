//! Character references of HTML and XML, as tolerant as browsers are.
//!
//! Numeric references work without their semicolon and mean Windows-1252 between 128 and 159; the names are those
//! of HTML 4 that occur in text. What is not known stays as it stands.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;

/// Names of U+00A0 to U+00FF in their order (HTML 4.01, section 24.2.1).
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
    sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
    Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde \
    Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
    egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
    uacute ucirc uuml yacute thorn yuml";

/// Names outside that range: markup, spaces, dashes, marks (HTML 4.01, section 24.4) and what HTML 5 added for ASCII.
const OTHERS: &[(&str, char)] = &[
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("numsp", '\u{2007}'),
    ("hairsp", '\u{200a}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("hyphen", '\u{2010}'),
    ("dash", '\u{2010}'),
    ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'),
    ("horbar", '\u{2015}'),
    ("minus", '\u{2212}'),
    ("lsquo", '\u{2018}'),
    ("rsquo", '\u{2019}'),
    ("sbquo", '\u{201a}'),
    ("ldquo", '\u{201c}'),
    ("rdquo", '\u{201d}'),
    ("bdquo", '\u{201e}'),
    ("lsaquo", '\u{2039}'),
    ("rsaquo", '\u{203a}'),
    ("bull", '\u{2022}'),
    ("hellip", '\u{2026}'),
    ("dagger", '\u{2020}'),
    ("Dagger", '\u{2021}'),
    ("permil", '\u{2030}'),
    ("euro", '\u{20ac}'),
    ("trade", '\u{2122}'),
    ("OElig", '\u{152}'),
    ("oelig", '\u{153}'),
    ("Scaron", '\u{160}'),
    ("scaron", '\u{161}'),
    ("Yuml", '\u{178}'),
    ("fnof", '\u{192}'),
    ("circ", '\u{2c6}'),
    ("tilde", '\u{2dc}'),
    ("larr", '\u{2190}'),
    ("rarr", '\u{2192}'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("lowbar", '_'),
    ("lbrace", '{'),
    ("lcub", '{'),
    ("rbrace", '}'),
    ("rcub", '}'),
    ("vert", '|'),
    ("verbar", '|'),
];

/// Longest reference that is looked at, in bytes after `&`.
const LONGEST: usize = 12;

/// `raw` with its references replaced by their characters.
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    let Some(first) = raw.find('&') else { return Cow::Borrowed(raw) };
    let mut text = String::with_capacity(raw.len());
    text.push_str(&raw[..first]);
    let mut rest = &raw[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let (c, length) = reference(after).unwrap_or(('&', 0));
        text.push(c);
        rest = &after[length..];
        let plain = rest.find('&').unwrap_or(rest.len());
        text.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(text)
}

/// The character of the reference that `after`, the text after `&`, begins with, and its length there.
fn reference(after: &str) -> Option<(char, usize)> {
    if let Some(number) = after.strip_prefix('#') {
        return numeric(number);
    }
    let name = &after[..after.bytes().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count()];
    let ended = after[name.len()..].starts_with(';');
    let c = named(name)?;
    // Only the oldest names may go without a semicolon; `&copy=` in an address is the price browsers pay too.
    (ended || u32::from(c) < 0x100).then_some((c, name.len() + usize::from(ended)))
}

/// The character with the entity name `name`.
pub(crate) fn named(name: &str) -> Option<char> {
    static NAMES: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
        let latin = LATIN.split_ascii_whitespace().zip('\u{a0}'..='\u{ff}');
        latin.chain(OTHERS.iter().copied()).collect()
    });
    NAMES.get(name).copied()
}

fn numeric(number: &str) -> Option<(char, usize)> {
    let hex = number.starts_with(['x', 'X']);
    let digits = &number[usize::from(hex)..];
    let radix = if hex { 16 } else { 10 };
    let count = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    let value = digits.as_bytes().get(..count).filter(|d| !d.is_empty())?.iter().fold(0u32, |n, b| {
        n.saturating_mul(radix).saturating_add(char::from(*b).to_digit(radix).unwrap_or(0))
    });
    let ended = digits[count..].starts_with(';');
    let length = 1 + usize::from(hex) + count + usize::from(ended);
    Some((character(value), length))
}

fn character(value: u32) -> char {
    if let (0x80..=0x9f, Ok(byte)) = (value, u8::try_from(value)) {
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
        return text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::from_u32(value).filter(|&c| c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_decoded() {
        assert!(
            decode("a&nbsp;b &amp; &#45;&#x2d; &yuml;&eacute;&mdash;")
                == "a\u{a0}b & -- \u{ff}\u{e9}\u{2014}"
        );
        assert!(decode("&#150; &#0; &#xffffffffff;") == "\u{2013} \u{fffd} \u{fffd}");
    }

    #[test]
    fn references_without_semicolon_are_decoded_as_browsers_do() {
        assert!(decode("123&#45-45&nbsp6789 &lt") == "123--45&nbsp6789 <");
        assert!(decode("45&nbsp 6789") == "45\u{a0} 6789");
    }

    #[test]
    fn what_is_not_known_stays() {
        assert!(decode("&x; & &# &#x; &unknownname; &&amp;") == "&x; & &# &#x; &unknownname; &&");
    }
}

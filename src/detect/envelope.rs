//! What a digit group may be wrapped in that makes it something else: a longer token, a URL, a hash, a version.

use std::ops::Range;

/// The longest stretch looked at on either side.
const SPAN: usize = 256;

/// What the number touches that makes it part of a longer word or decimal, or `None`: a letter, digit or `_`; `.`
/// or `,` with a digit beyond (a bare number only: a grouped one is not a decimal); `%` behind it.
#[must_use]
pub fn touched(text: &[u8], span: &Range<usize>, grouped: bool) -> Option<&'static str> {
    let before = |n: usize| span.start.checked_sub(n).map(|i| text[i]);
    let after = |n: usize| text.get(span.end + n - 1).copied();
    let word = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b >= 0x80);
    // Underscores of a form's line touch nothing; one between two words does.
    let joined = |a: Option<u8>, b: Option<u8>| word(a) || a == Some(b'_') && word(b);
    if joined(before(1), before(2)) || joined(after(1), after(2)) {
        return Some("touches a letter, digit or underscore");
    }
    let digit = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_digit());
    let decimal_left = before(1) == Some(b'.') && digit(before(2));
    let decimal_right = after(1) == Some(b'.') && digit(after(2));
    if decimal_left || decimal_right || !grouped && decimal_comma(text, span) {
        return Some("part of a decimal number");
    }
    (after(1) == Some(b'%')).then_some("a percentage")
}

/// True for `0,024613387`: a decimal comma, one or two digits on its left.
fn decimal_comma(text: &[u8], span: &Range<usize>) -> bool {
    let left = text[..span.start]
        .strip_suffix(b",")
        .map_or(0, |t| t.iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count());
    matches!(left, 1..=2)
}

/// Name of the wrapping that speaks against the number at `span`, or `None`: looks at the token around it (no
/// white space) and at the line.
#[must_use]
pub fn wrapped(text: &[u8], span: &Range<usize>) -> Option<&'static str> {
    let token = token(text, span);
    let t = &text[token.clone()];
    let own = span.start - token.start..span.end - token.start;
    if find(t, b"://").is_some() || t.starts_with(b"www.") {
        return Some("part of a web address");
    }
    if t[own.end..].starts_with(b"@") || t[own.end..].iter().take(24).any(|b| *b == b'@') {
        return Some("part of a mail address");
    }
    if uuid(t) {
        return Some("part of a UUID");
    }
    if hex_run(t, &own) {
        return Some("part of a hexadecimal string");
    }
    if own.start > 0 && t[own.start - 1] == b'/' && t[..own.start - 1].contains(&b'/') {
        return Some("part of a path");
    }
    base64(t, &own).then_some("part of encoded data")
}

/// True if the line holding `span` is made of PDF page operators.
#[must_use]
pub fn pdf_operators(line: &[u8]) -> bool {
    let has = |op: &[u8]| find(line, op).is_some();
    has(b" Td") && (has(b" Tf") || has(b"Tj") || has(b"BT")) || has(b" Tf") && has(b"Tj")
}

/// True if `before` (the text ahead of a number) ends inside an armoured block (`-----BEGIN` without its end).
#[must_use]
pub fn armoured(before: &[u8]) -> bool {
    memchr::memmem::rfind(before, b"-----BEGIN ").is_some_and(|begin| {
        let block = &before[begin..];
        find(block, b"-----END ").is_none() && !block.starts_with(b"-----BEGIN PGP SIGNED")
    })
}

fn token(text: &[u8], span: &Range<usize>) -> Range<usize> {
    let stop = |b: &u8| b.is_ascii_whitespace() || b"\"'<>,;()|".contains(b);
    let lo = span.start.saturating_sub(SPAN);
    let hi = (span.end + SPAN).min(text.len());
    let start = text[lo..span.start].iter().rposition(stop).map_or(lo, |p| lo + p + 1);
    let end = text[span.end..hi].iter().position(stop).map_or(hi, |p| span.end + p);
    start..end
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

/// 8-4-4-4-12 hexadecimal digits somewhere in the token.
fn uuid(token: &[u8]) -> bool {
    let parts: Vec<&[u8]> = token.split(|b| *b == b'-').collect();
    parts.windows(5).any(|w| {
        let hex = |p: &[u8]| p.iter().all(u8::is_ascii_hexdigit);
        let tail = w[4].iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let head = w[0].iter().rev().take_while(|b| b.is_ascii_hexdigit()).count();
        head >= 8 && w[1..4].iter().all(|p| p.len() == 4 && hex(p)) && tail >= 12
    })
}

/// The number lies in a run of 20 or more hexadecimal digits that has letters.
fn hex_run(token: &[u8], own: &Range<usize>) -> bool {
    let hex = |b: &&u8| b.is_ascii_hexdigit() || **b == b'-' || **b == b':';
    let left = token[..own.start].iter().rev().take_while(hex).count();
    let right = token[own.end..].iter().take_while(hex).count();
    let run = &token[own.start - left..own.end + right];
    // The letters of the number itself (an IBAN of Germany begins with DE) say nothing.
    let around = token[own.start - left..own.start].iter().chain(&token[own.end..own.end + right]);
    let letters = around.filter(|b| b.is_ascii_alphabetic()).count();
    let digits = run.iter().filter(|b| b.is_ascii_hexdigit()).count();
    digits >= 20 && letters >= 2
}

/// The number lies in a run of 24 or more characters of base64 with upper and lower case and no word in it.
fn base64(token: &[u8], own: &Range<usize>) -> bool {
    let b64 = |b: &&u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    let left = token[..own.start].iter().rev().take_while(b64).count();
    let right = token[own.end..].iter().take_while(b64).count();
    let run = &token[own.start - left..own.end + right];
    run.len() >= 24 && run.iter().any(u8::is_ascii_lowercase) && run.iter().any(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, number: &str) -> Range<usize> {
        let start = text.find(number).expect("the number stands in the text");
        start..start + number.len()
    }

    #[test]
    fn decimals_percent_and_words_touch() {
        for (text, n) in [
            ("0.024613387", "024613387"),
            ("x024613387", "024613387"),
            ("024613387%", "024613387"),
            ("024613387.5", "024613387"),
            ("0,024613387", "024613387"),
        ] {
            assert!(touched(text.as_bytes(), &at(text, n), false).is_some(), "{text}");
        }
        for text in ["SSN:024613387.", "(024613387)", "7781,024613387,9"] {
            assert!(touched(text.as_bytes(), &at(text, "024613387"), false).is_none(), "{text}");
        }
    }

    #[test]
    fn wrappings_are_named() {
        let w = |t: &str, n: &str| wrapped(t.as_bytes(), &at(t, n));
        assert_eq!(w("47223179-9330-4259-b66c-f2db26efb20c", "47223179-9330-4259"), Some("part of a UUID"));
        assert_eq!(w("https://x.org/024613387", "024613387"), Some("part of a web address"));
        assert_eq!(w("024613387@example.org", "024613387"), Some("part of a mail address"));
        assert_eq!(w("SSN=024613387", "024613387"), None);
    }

    #[test]
    fn armour_and_page_operators_are_known() {
        assert!(armoured(b"-----BEGIN PGP MESSAGE-----\nabc"));
        assert!(!armoured(b"-----BEGIN X-----\nabc\n-----END X-----\n"));
        assert!(pdf_operators(b"BT /F1 9 Tf 024 61 3387 Td (x) Tj"));
    }
}

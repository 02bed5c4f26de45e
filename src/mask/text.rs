//! Masks the strings of the input: paths, sheets, fields, pointers, labels, headers.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{BULLET, glyph, shape, stamp};

/// `s` without numbers and without characters that could play tricks on a terminal. See [`text_masked`].
pub fn text(s: &str) -> Cow<'_, str> {
    text_masked(s).0
}

/// `s` as it may be written, and whether a number was masked in it.
///
/// Every digit of a group of seven or more becomes `•`, whatever separators part them, except in a date or time
/// stamp; so does every letter and digit of a licence number or IBAN. Control and bidirectional characters become
/// `\u{…}`, and so does a backslash before `u{`, which keeps that reversible. Takes time and memory in proportion
/// to the length.
pub fn text_masked(s: &str) -> (Cow<'_, str>, bool) {
    if is_harmless(s) {
        return (Cow::Borrowed(s), false);
    }
    let mut glyphs = glyph::glyphs(s);
    stamp::mark(&mut glyphs);
    shape::hide(&mut glyphs);

    let mut out = String::with_capacity(s.len() + 16);
    let (mut from, mut masked) = (0, false);
    for glyph in glyphs.iter().filter(|g| g.hidden) {
        escape(&s[from..glyph.start], &mut out);
        out.push(BULLET);
        (from, masked) = (glyph.end, true);
    }
    escape(&s[from..], &mut out);
    if out == s { (Cow::Borrowed(s), false) } else { (Cow::Owned(out), masked) }
}

/// True if nothing of `s` can need masking: plain ASCII with fewer digits than any licence number but those of
/// Washington, which start with `WDL`.
fn is_harmless(s: &str) -> bool {
    let mut digits = 0;
    for b in s.bytes() {
        match b {
            b'0'..=b'9' => digits += 1,
            b'\\' | b'%' | 0..=0x1f | 0x7f.. => return false,
            _ => {}
        }
    }
    digits == 0 || (digits < 3 && !s.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"WDL")))
}

/// Appends `s` with control and bidirectional characters spelled out.
fn escape(s: &str, out: &mut String) {
    let mut rest = s.chars();
    while let Some(c) = rest.next() {
        let escapes = match c {
            '\\' => rest.as_str().starts_with("u{"),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
            _ => c.is_control(),
        };
        if escapes {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masks(cases: &[(&str, &str)]) {
        for (from, to) in cases {
            assert_eq!(text(from), *to, "{from}");
            assert_eq!(text_masked(from).1, to.contains('•'), "{from}");
        }
    }

    fn keeps(cases: &[&str]) {
        for case in cases {
            assert_eq!(text_masked(case), (Cow::Borrowed(*case), false));
        }
    }

    #[test]
    fn numbers_are_masked_whatever_parts_their_digits() {
        masks(&[
            ("024613387", "•••••••••"),
            ("ssn 024-61-3387.pdf", "ssn •••-••-••••.pdf"),
            ("0 2 4 6 1 3 3 8 7", "• • • • • • • • •"),
            ("024_61_3387", "•••_••_••••"),
            ("024–61–3387", "•••–••–••••"),
            ("024 - 61 - 3387", "••• - •• - ••••"),
            ("024/61/3387/x", "•••/••/••••/x"),
            ("024%2061%203387", "•••%20••%20••••"),
            ("%3024613387", "•••••••••"),
            (
                "024\u{200b}61\u{200d}\u{200d}\u{200d}\u{200d}3387",
                "•••\u{200b}••\u{200d}\u{200d}\u{200d}\u{200d}••••",
            ),
            ("０２４６１３３８７", "•••••••••"),
            ("٠٢٤٦١٣٣٨٧", "•••••••••"),
            ("0\u{336}2\u{336}4\u{336}61\u{336}3387", "•\u{336}•\u{336}•\u{336}••\u{336}••••"),
            ("tel 617-555-0100 x", "tel •••-•••-•••• x"),
            ("batch0461338.csv", "batch•••••••.csv"),
            ("1234567 and 123456", "••••••• and 123456"),
        ]);
        keeps(&["123456", "12 34 56", "12    34567", "a1b2c3d4e5", "page 12, row 34567, x 123"]);
    }

    #[test]
    fn dates_and_time_stamps_stay() {
        keeps(&[
            "20240315",
            "scan_2024-03-15.pdf",
            "2024/03/15/in",
            "20240315143012",
            "IMG_20240315_143012.jpg",
            "IMG20240315.jpg",
            "20240315T143012Z",
            "2024-03-15T14:30:12.123456+05:30",
            "2024-03-15 14.30.12",
            "2024-03-15 at 14:30",
            "2000-02-29",
            "2024/20240315_scan",
            "1999-12-31_2000-01-01",
        ]);
        masks(&[
            ("20241315", "••••••••"),
            ("2023-02-29", "••••-••-••"),
            ("18991231", "••••••••"),
            ("19000229", "••••••••"),
            ("03-15-2024", "••-••-••••"),
            ("2024-03/15", "••••-••/••"),
        ]);
    }

    #[test]
    fn a_date_hides_no_number() {
        masks(&[
            ("20240315_024613387", "20240315_•••••••••"),
            ("2024-03-15 024-61-3387", "2024-03-15 •••-••-••••"),
            ("024-61-3387-1980-03-11", "•••-••-••••-••••-••-••"),
            ("024-61-1980-03-11", "•••-••-••••-••-••"),
            ("20240315 0246 13387", "20240315 •••• •••••"),
            ("20240315_024613.387", "20240315_••••••.•••"),
            ("20240315_0246-1330-7", "20240315_••••-••••-•"),
            ("20240315_02.46-13-38-7", "20240315_••.••-••-••-•"),
            ("2024-03-15-3387", "••••-••-••-••••"),
            ("20240315024613387", "•••••••••••••••••"),
        ]);
    }

    #[test]
    fn licences_of_every_shape_are_masked() {
        masks(&[
            ("S12345678", "•••••••••"),
            ("SA1234567.pdf", "•••••••••.pdf"),
            ("lic_S20240315", "lic_•••••••••"),
            ("NHL20240315", "•••••••••••"),
            ("20240315AB", "••••••••AB"),
            ("07LTM64031", "••••••••••"),
            ("123AB4567", "•••••••••"),
            ("123A456789", "••••••••••"),
            ("AB123456C", "•••••••••"),
            ("K12-34-5678", "K••-••-••••"),
            ("HAL-80-1234", "•••-••-••••"),
            ("HAL-801234", "•••-••••••"),
            ("WDLAB12C34DE", "••••••••••••"),
            ("WDLABCDEFG7H", "••••••••••••"),
            ("HALE*TM12345", "••••••••••••"),
            ("HALE*TM123AB", "••••••••••••"),
            ("dl:A12345", "dl:••••••"),
        ]);
        keeps(&[
            "Mar-15-2024",
            "2024Q1",
            "FY2024",
            "DSC01234.jpg",
            "1920x1080",
            "Q1 2024",
            "v1.2.3",
            "invoice12345",
        ]);
    }

    #[test]
    fn ibans_are_masked_whole() {
        masks(&[
            ("GB29NWBK60161331926819", "••••••••••••••••••••••"),
            ("GB29 NWBK 6016 1331 9268 19 ok", "•••• •••• •••• •••• •••• •• ok"),
            ("MT84MALT011000012345MTLCAST001S", "•••••••••••••••••••••••••••••••"),
            ("NO93 8601 1117 947, x", "•••• •••• •••• •••, x"),
        ]);
        keeps(&["my10thbirthdayparty", "FY20 plan"]);
    }

    #[test]
    fn characters_that_play_tricks_are_spelled_out() {
        masks(&[
            ("a\nb\u{1b}[31m", "a\\u{a}b\\u{1b}[31m"),
            ("x\u{202e}fdp.exe\u{85}", "x\\u{202e}fdp.exe\\u{85}"),
            ("a\\u{a}b", "a\\u{5c}u{a}b"),
            ("0246\u{202e}13387", "••••\\u{202e}•••••"),
        ]);
        keeps(&["C:\\Users\\x", "naïve – “quoted”", "日本"]);
    }

    const SEPARATORS: [&str; 15] =
        ["", "", "", "-", " ", ".", "_", "/", " - ", "–", "\u{a0}", "\u{200b}", "\t", "%20", "\u{ad}"];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_number_survives_in_any_style(
            number in "0[1-9][0-9]{7}",
            separators in prop::collection::vec(prop::sample::select(&SEPARATORS[..]), 8),
            before in "[a-zé ]{0,6}[ _(/]",
            after in "[ _)/.][a-z]{0,6}",
            dated in any::<bool>(),
        ) {
            let mut planted = String::new();
            for (digit, separator) in number.chars().zip(separators.iter().copied().chain([""])) {
                planted.push(digit);
                planted.push_str(separator);
            }
            let date = if dated { "20240315_" } else { "" };
            let text = format!("{before}{date}{planted}{after}");
            let (masked, was_masked) = text_masked(&text);
            let shown: String = masked.replace("%20", "").replace("\\u{9}", "").chars().filter(char::is_ascii_digit).collect();
            prop_assert!(was_masked);
            prop_assert!(shown.len() <= date.len(), "{} -> {}", text, masked);
        }

        #[test]
        fn any_text_can_be_masked(s in "\\PC{0,40}|[0-9A-Z %./_-]{0,60}") {
            let (masked, changed) = text_masked(&s);
            prop_assert!(changed || masked.chars().count() >= s.chars().count());
            let again = text(&masked).into_owned();
            if !masked.contains('\\') {
                prop_assert_eq!(again.as_str(), masked.as_ref());
            }
        }
    }
}

//! How a stored number is shown: digits under a mask (`000-00-0000`), rounded, as percent, with the words of its
//! format; dates; and everything else as the plain number.
//!
//! A whole number keeps all its digits whatever the format does to it (a mask excepted, which can bring back the zeros
//! and dashes of a Social Security number): it may be an identifier under a careless format. Currency signs and
//! separators of thousands are left out.

use std::ops::Range;

use super::format::{Mark, Section, holds};
pub(crate) use super::format::{Shape, built_in, parse};
use super::moment::date;

/// Magnitudes that are written without an exponent where no format says how. Spreadsheets turn to exponents at 1E+15 or
/// before; the numbers of cards have sixteen digits.
const POSITIONAL: Range<f64> = 1e-4..1e16;
/// Whole numbers from here on may be identifiers; smaller ones are given the zeros of their format.
const IDENTIFIERS: f64 = 1e4;
/// The largest magnitude that is written with all its digits because a format wants it so.
const LARGEST: f64 = 1e21;
/// Above this many units of its last place a number has more figures than a spreadsheet keeps.
const FIGURES: f64 = 1e15;

/// A number as a reader would show it, and whether it still is a number (a date is not).
pub(crate) fn show(stored: &str, shape: &Shape, since_1904: bool) -> (String, bool) {
    let stored = stored.trim();
    let plain = plain(stored);
    let Ok(value) = stored.parse::<f64>() else { return (plain, false) };
    match shape {
        Shape::Plain => (plain, true),
        Shape::Date { day, time, pieces } => match date(value, *day, *time, pieces, since_1904) {
            Some(text) => (text, false),
            None => (plain, true),
        },
        Shape::Number(sections) => (by_section(plain, value, sections), true),
    }
}

/// A number that is stored in binary, written as [`show`] takes it: whole numbers with all their digits.
pub(crate) fn show_value(value: f64) -> String {
    if value == 0.0 || POSITIONAL.contains(&value.abs()) { value.to_string() } else { format!("{value:E}") }
}

/// A number that is stored in binary, as a reader would see it without a format.
pub(crate) fn plain_value(value: f64) -> String {
    plain(&show_value(value))
}

/// The digits of a whole number as stored; of others, no more than the fifteen figures a spreadsheet keeps.
fn plain(stored: &str) -> String {
    let digits = stored.strip_prefix('-').unwrap_or(stored);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return stored.to_owned();
    }
    if is_as_shown(digits) {
        return stored.to_owned();
    }
    reckoned(stored)
}

/// True for digits with a point that are shown as they are stored: no more than fifteen figures, none without need.
fn is_as_shown(digits: &str) -> bool {
    let Some((whole, part)) = digits.split_once('.') else { return false };
    let figures = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let needed = whole == "0" && !part.starts_with('0') || !whole.starts_with('0');
    figures(whole) && figures(part) && needed && !part.ends_with('0') && whole.len() + part.len() <= 15
}

fn reckoned(stored: &str) -> String {
    match stored.parse::<f64>() {
        Ok(value) if value.fract() == 0.0 && value.abs() < POSITIONAL.end => format!("{value:.0}"),
        Ok(value) if POSITIONAL.contains(&value.abs()) => fifteen(value).to_string(),
        Ok(value) if value.is_finite() => scientific(value),
        _ => stored.to_owned(),
    }
}

/// No more than fifteen figures of a number.
fn fifteen(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// `1.5E-07`, with the two figures that spreadsheets give the exponent at least.
fn scientific(value: f64) -> String {
    let text = format!("{:E}", fifteen(value));
    let Some((figures, power)) = text.split_once('E') else { return text };
    let sign = if power.starts_with('-') { '-' } else { '+' };
    format!("{figures}E{sign}{:0>2}", power.trim_start_matches('-'))
}

/// The number as the part of the code for it shows it.
fn by_section(plain: String, value: f64, sections: &[Section]) -> String {
    let Some(section) = choose(value, sections) else { return plain };
    if let Some(marks) = &section.marks
        && let Some(filled) = fill(&plain, marks)
    {
        return filled;
    }
    // Other programs store more figures than spreadsheets keep.
    let long = plain.len() > 16 && plain.bytes().all(|b| b.is_ascii_digit());
    let number = Some(value).filter(|_| !long).and_then(|value| rounded(value, section)).unwrap_or(plain);
    let [before, after] = &section.words;
    // A unit stays where its format has it; a whole number, which may be an identifier, stands apart from words.
    let blank = |apart: bool| if apart && !number.contains('.') { " " } else { "" };
    let ahead = blank(!before.is_empty() && !before.ends_with(' '));
    let behind = blank(!after.is_empty() && !after.starts_with(' '));
    format!("{before}{ahead}{number}{behind}{after}")
}

fn choose(value: f64, sections: &[Section]) -> Option<&Section> {
    if sections.iter().any(|s| s.condition.is_some()) {
        return sections.iter().find(|s| s.condition.is_none_or(|c| holds(c, value)));
    }
    let own = if value == 0.0 { sections.get(2) } else { sections.get(1).filter(|_| value < 0.0) };
    own.or(sections.first())
}

/// A part of a number, or a percentage, with as many digits behind the point as are shown.
fn rounded(value: f64, section: &Section) -> Option<String> {
    let (least, most) = section.places?;
    let telling = (IDENTIFIERS..POSITIONAL.end).contains(&value.abs());
    if value.fract() == 0.0 && !section.percent && (telling || least == 0) && value.abs() < POSITIONAL.end {
        return None;
    }
    let value = if section.percent { value * 100.0 } else { value };
    let digits = units(value.abs(), most)?;
    let (whole, part) = digits.split_at(digits.len() - most);
    let kept = part.trim_end_matches('0').len().max(least);
    let sign = if value < 0.0 && digits.bytes().any(|b| b != b'0') { "-" } else { "" };
    let point = if kept > 0 { "." } else { "" };
    let percent = if section.percent { "%" } else { "" };
    Some(format!("{sign}{whole}{point}{}{percent}", &part[..kept]))
}

/// The digits of a number without its sign and point, the last `places` of them behind the point.
fn units(value: f64, places: usize) -> Option<String> {
    let power = i32::try_from(places).ok()?;
    let scaled = value * 10f64.powi(power);
    let width = places + 1;
    if scaled <= FIGURES {
        // A half is rounded up as it is written, not as it is stored in binary.
        let units = (scaled + 0.5 + scaled * f64::EPSILON).floor() as i64;
        return Some(format!("{units:0width$}"));
    }
    if value >= LARGEST {
        return None;
    }
    let text = format!("{value:.14e}");
    let (figures, exponent) = text.split_once('e')?;
    let zeros = usize::try_from(exponent.parse::<i32>().ok()? + power - 14).ok()?;
    let digits = format!("{}{:0<zeros$}", figures.replace('.', ""), "");
    Some(format!("{digits:0>width$}"))
}

/// A whole number under a mask.
fn fill(digits: &str, marks: &[Mark]) -> Option<String> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let first = marks.iter().position(|m| !matches!(m, Mark::Literal(_)))?;
    let mut left = digits.trim_start_matches('0').chars().rev();
    let mut shown: Vec<char> = Vec::new();
    for (at, mark) in marks.iter().enumerate().rev() {
        match mark {
            Mark::Literal(c) => shown.push(*c),
            Mark::Zero => shown.push(left.next().unwrap_or('0')),
            Mark::Digit => shown.extend(left.next()),
        }
        if at == first {
            // The first place takes all digits that are left.
            shown.extend(left.by_ref());
        }
    }
    Some(shown.iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stored: &str, code: &str) -> String {
        show(stored, &parse(code), false).0
    }

    #[test]
    fn masks_bring_back_zeros_and_dashes() {
        assert_eq!(shown("24613387", "000-00-0000"), "024-61-3387");
        assert_eq!(shown("24613387", r"000\-00\-0000"), "024-61-3387");
        assert_eq!(shown("24613387", r"[$-409]000\-00\-0000;@"), "024-61-3387");
        assert_eq!(shown("24613387", "\"SSN \"000000000"), "SSN 024613387");
        assert_eq!(shown("2134", "00000"), "02134");
        assert_eq!(shown("21341234", r"00000\-0000"), "02134-1234");
        assert_eq!(shown("12", "000-00-0000"), "000-00-0012");
        assert_eq!(shown("1234567890123", "000-00-0000"), "1234567-89-0123");
    }

    #[test]
    fn conditions_choose_the_section() {
        let phone = r"[<=9999999]###\-####;\(###\)\ ###\-####";
        assert_eq!(shown("5550123", phone), "555-0123");
        assert_eq!(shown("6175550123", phone), "(617) 555-0123");
    }

    #[test]
    fn dates_are_not_numbers() {
        assert!(show("45000", &parse("m/d/yyyy"), false) == ("2023-03-15".into(), false));
        assert!(
            show("45000.5", &parse("yyyy\\-mm\\-dd hh:mm"), false) == ("2023-03-15 12:00:00".into(), false)
        );
        assert!(show("0.25", &built_in(20), false) == ("06:00:00".into(), false));
        assert!(show("59", &built_in(14), false).0 == "1900-02-28");
        assert!(show("61", &built_in(14), false).0 == "1900-03-01");
        assert!(show("0", &built_in(14), true).0 == "1904-01-01");
        assert!(show("24613387", &built_in(14), false) == ("24613387".into(), true));
    }

    #[test]
    fn words_of_dates_are_shown_as_the_sheet_does() {
        assert_eq!(shown("45000", "d mmmm yyyy"), "15 March 2023");
        assert_eq!(shown("45000", r"dddd\, mmm d"), "Wednesday, Mar 15 (2023-03-15)");
        assert_eq!(show("45000", &built_in(15), false).0, "15-Mar-23 (2023-03-15)");
        assert_eq!(shown("45000.5625", "h:mm AM/PM"), "2023-03-15 13:30:00");
        assert_eq!(shown("45000.5625", r#"d-mmm-yyyy h:mm" o'clock""#), "15-Mar-2023 13:30 o'clock");
        assert_eq!(shown("45000", "yyyymmdd"), "20230315 (2023-03-15)");
        assert_eq!(shown("60.5", "[h]:mm:ss"), "1452:00:00 (1900-02-28 12:00:00)");
        assert_eq!(shown("0.5104", "mm:ss.0"), "12:14:59");
    }

    #[test]
    fn parts_of_numbers_are_rounded_as_the_sheet_does() {
        assert_eq!(shown("0.125", "0.00"), "0.13");
        assert_eq!(shown("1234.5678", "#,##0.00"), "1234.57");
        assert_eq!(shown("-2.5", "0.0##"), "-2.5");
        assert_eq!(shown("0.666666666666667", "0.00%"), "66.67%");
        assert_eq!(shown("0.1", "0%"), "10%");
        assert_eq!(show("0.3333", &built_in(10), false), ("33.33%".into(), true));
        assert_eq!(shown("1234567.5", "0.0,,"), "1234567.5");
        assert_eq!(shown("0.333", "# ?/?"), "0.333");
        assert_eq!(shown("12345.678", "0.00E+00"), "12345.678");
        assert_eq!(shown("1", "0.0000"), "1.0000");
        assert_eq!(shown("12345", "0.00"), "12345");
        assert_eq!(shown("6011123456789012344", "0"), "6011123456789012344");
        assert_eq!(shown("17905353874145280.5", "0"), "17905353874145300");
        assert_eq!(shown("1.0119037707963E-5", "0.000000000000000000000"), "0.000010119037707963000");
    }

    #[test]
    fn words_of_formats_stand_beside_the_number() {
        assert_eq!(shown("12.5", r#"0.0" kg""#), "12.5 kg");
        assert_eq!(shown("12.5", r#"0.00"mW""#), "12.50mW");
        assert_eq!(shown("24613387", r#""Acct "0"#), "Acct 24613387");
        assert_eq!(shown("24613387", r#""Acct"0"#), "Acct 24613387");
        assert_eq!(shown("100", "[$USD-409] #,##0"), "USD 100");
        assert_eq!(shown("-3", r#"0" up";0" down";"level""#), "-3 down");
        assert_eq!(shown("0", r#"0" up";0" down";"level""#), "level 0");
    }

    #[test]
    fn other_formats_leave_the_number() {
        for code in ["General", "0", "0.00", "#,##0.00", "$#,##0", "0.00E+00", "# ?/?", "@", "[Red]0", ";;;"]
        {
            assert_eq!(shown("24613387", code), "24613387", "{code}");
        }
    }

    #[test]
    fn what_is_shown_as_stored_need_not_be_reckoned() {
        for stored in ["12.5", "0.1", "-3.25", "99999999999999.9", "1.00000000000001", "0.30000000000001"] {
            assert!(is_as_shown(stored.trim_start_matches('-')), "{stored}");
            assert_eq!(reckoned(stored), stored);
        }
        for other in ["0.05", "1.50", "01.5", "1.", ".5", "1.5E3", "1234567890123456.7", "-", "1.2.3"] {
            assert!(!is_as_shown(other), "{other}");
        }
    }

    #[test]
    fn plain_numbers_keep_their_digits() {
        assert_eq!(plain("4111111111111111"), "4111111111111111");
        assert_eq!(plain("4.92914E+15"), "4929140000000000");
        assert_eq!(plain("123456789.0"), "123456789");
        assert_eq!(plain("0.30000000000000004"), "0.3");
        assert_eq!(plain("1.5E-300"), "1.5E-300");
        assert_eq!(plain("1.0119037707962962E-5"), "1.0119037707963E-05");
        assert_eq!(plain_value(13_724_247_603_164_826.0), "1.37242476031648E+16");
        assert_eq!(plain_value(4_111_111_111_111_111.0), "4111111111111111");
        assert_eq!(plain("6011123456789012344"), "6011123456789012344");
        assert_eq!(plain("-12"), "-12");
        assert_eq!(plain("1E+400"), "1E+400");
    }
}

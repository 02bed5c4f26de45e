//! How a stored number is shown: digit masks (`000-00-0000`), dates, and everything else as the plain number.
//!
//! Number formats are those of ECMA-376 part 1, section 18.8.30 (built-in ones) and 18.8.31 (codes). Only what changes
//! the digits matters here: a mask can bring back the zeros and dashes of a Social Security number, and a date must
//! not look like a number. Currency, thousands and decimals are left out; the stored number is given.

/// How numbers of a style are shown.
#[derive(Clone)]
pub(crate) enum Shape {
    /// As stored.
    Plain,
    /// Day, time of day, or both.
    Date {
        /// Year, month and day are shown.
        day: bool,
        /// Hours or seconds are shown.
        time: bool,
    },
    /// Digits filled into a pattern.
    Mask(Vec<Section>),
}

/// A part of a format code, between semicolons.
#[derive(Clone)]
pub(crate) struct Section {
    condition: Option<(Compare, f64)>,
    marks: Option<Vec<Mark>>,
}

#[derive(Clone, Copy)]
enum Compare {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    /// A digit, or `0` where the number has none.
    Zero,
    /// A digit, if the number has one.
    Digit,
    Literal(char),
}

/// The shape that a built-in format stands for.
pub(crate) fn built_in(id: u32) -> Shape {
    match id {
        14..=17 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => Shape::Date { day: true, time: false },
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => Shape::Date { day: false, time: true },
        22 => Shape::Date { day: true, time: true },
        _ => Shape::Plain,
    }
}

/// The shape that a format code describes.
pub(crate) fn parse(code: &str) -> Shape {
    let code: String = code.chars().take(512).collect();
    if code.eq_ignore_ascii_case("general") {
        return Shape::Plain;
    }
    let parts = split(&code);
    let letters: String = parts.iter().map(|p| bare(p)).collect();
    let has = |set: &str| letters.chars().any(|c| set.contains(c));
    let (day, time) = (has("yd"), has("hs"));
    let is_general = letters.contains("general");
    if !is_general && (day || time || has("m")) {
        return Shape::Date { day: day || !time, time };
    }
    let sections: Vec<Section> = parts.iter().take(4).map(|p| section(p)).collect();
    if sections.iter().any(|s| s.marks.is_some()) { Shape::Mask(sections) } else { Shape::Plain }
}

/// Cuts at semicolons outside quotes.
fn split(code: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in code.chars() {
        if c == ';' && !quoted && !escaped {
            parts.push(String::new());
            continue;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped && !quoted;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// The code without quoted, escaped and bracketed text, in lower case; of brackets elapsed time (`[h]`) is kept.
fn bare(code: &str) -> String {
    let mut out = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => _ = chars.by_ref().find(|&c| c == '"'),
            '\\' | '_' | '*' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                let elapsed = !inside.is_empty() && inside.chars().all(|c| "hHmMsS".contains(c));
                out.push_str(if elapsed { &inside } else { "" });
            }
            c => out.push(c),
        }
    }
    out.to_ascii_lowercase()
}

fn section(code: &str) -> Section {
    let mut condition = None;
    let mut marks = Some(Vec::new());
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        let mut add = |mark| {
            if let Some(marks) = &mut marks {
                marks.push(mark);
            }
        };
        match c {
            '0' => add(Mark::Zero),
            '#' | '?' => add(Mark::Digit),
            '"' => chars.by_ref().take_while(|&c| c != '"').for_each(|c| add(Mark::Literal(c))),
            '\\' => chars.next().into_iter().for_each(|c| add(Mark::Literal(c))),
            '-' | ' ' | '(' | ')' | '+' | '$' | ':' => add(Mark::Literal(c)),
            '_' | '*' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                condition = condition.or_else(|| parse_condition(&inside));
            }
            _ => marks = None,
        }
    }
    Section { condition, marks: marks.filter(|m| changes_digits(m)) }
}

/// A mask matters if it fills up with zeros or puts something between digits.
fn changes_digits(marks: &[Mark]) -> bool {
    let is_digit = |m: &Mark| !matches!(m, Mark::Literal(_));
    let zeros = marks.iter().filter(|&&m| m == Mark::Zero).count();
    let first = marks.iter().position(is_digit);
    let last = marks.iter().rposition(is_digit);
    let (Some(first), Some(last)) = (first, last) else { return false };
    zeros >= 2 || marks[first..last].iter().any(|m| !is_digit(m))
}

fn parse_condition(text: &str) -> Option<(Compare, f64)> {
    const WORDS: [(&str, Compare); 6] = [
        ("<=", Compare::LessOrEqual),
        (">=", Compare::GreaterOrEqual),
        ("<>", Compare::NotEqual),
        ("<", Compare::Less),
        (">", Compare::Greater),
        ("=", Compare::Equal),
    ];
    let (word, compare) = WORDS.iter().find(|(word, _)| text.starts_with(word))?;
    Some((*compare, text[word.len()..].trim().parse().ok()?))
}

fn holds(condition: (Compare, f64), value: f64) -> bool {
    match condition.0 {
        Compare::Less => value < condition.1,
        Compare::LessOrEqual => value <= condition.1,
        Compare::Greater => value > condition.1,
        Compare::GreaterOrEqual => value >= condition.1,
        Compare::Equal => (value - condition.1).abs() < f64::EPSILON,
        Compare::NotEqual => (value - condition.1).abs() >= f64::EPSILON,
    }
}

/// A number as a reader would show it, and whether it still is a number (a date is not).
pub(crate) fn show(stored: &str, shape: &Shape, since_1904: bool) -> (String, bool) {
    let stored = stored.trim();
    let plain = plain(stored);
    let Ok(value) = stored.parse::<f64>() else { return (plain, false) };
    match shape {
        Shape::Plain => (plain, true),
        Shape::Date { day, time } => match date(value, *day, *time, since_1904) {
            Some(text) => (text, false),
            None => (plain, true),
        },
        Shape::Mask(sections) => (fill(&plain, value, sections).unwrap_or(plain), true),
    }
}

/// A number that is stored in binary, written as [`show`] takes it: whole numbers with all their digits.
pub(crate) fn show_value(value: f64) -> String {
    if value.abs() < 1e17 { value.to_string() } else { format!("{value:E}") }
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
    match stored.parse::<f64>() {
        Ok(value) if value.fract() == 0.0 && value.abs() < 1e17 => format!("{value:.0}"),
        Ok(value) if (1e-9..1e17).contains(&value.abs()) => {
            let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
            rounded.to_string()
        }
        _ => stored.to_owned(),
    }
}

fn fill(digits: &str, value: f64, sections: &[Section]) -> Option<String> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let conditional = sections.iter().any(|s| s.condition.is_some());
    let chosen = if conditional {
        sections.iter().find(|s| s.condition.is_none_or(|c| holds(c, value)))
    } else if value == 0.0 {
        sections.get(2).or(sections.first())
    } else {
        sections.first()
    };
    let marks = chosen?.marks.as_ref()?;
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

/// A serial date as `YYYY-MM-DD`, `HH:MM:SS`, or both; of more than a day the date is given in any case. Day 60 of the 1900 system, which never was, shows as
/// 28 February.
fn date(value: f64, day: bool, time: bool, since_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let mut days = value.floor() as i64;
    let mut seconds = ((value - value.floor()) * 86_400.0).round() as i64;
    if seconds == 86_400 {
        (days, seconds) = (days + 1, 0);
    }
    let clock = |hours: i64| format!("{hours:02}:{:02}:{:02}", seconds / 60 % 60, seconds % 60);
    if !day && days == 0 {
        return Some(clock(seconds / 3600));
    }
    // Days from 1970-01-01 to the day 0 of either system.
    let epoch = match (since_1904, days) {
        (true, _) => -24_107,
        (false, ..60) => -25_568,
        (false, _) => -25_569,
    };
    let (y, m, d) = civil(days + epoch);
    let date = format!("{y:04}-{m:02}-{d:02}");
    Some(if time { format!("{date} {}", clock(seconds / 3600)) } else { date })
}

/// Year, month and day of a number of days since 1970-01-01, by counting years from 1 March in cycles of 400.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
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
    fn other_formats_leave_the_number() {
        for code in
            ["General", "0", "0.00", "#,##0.00", "$#,##0", "0%", "0.00E+00", "# ?/?", "@", "[Red]0", ";;;"]
        {
            assert_eq!(shown("24613387", code), "24613387", "{code}");
        }
    }

    #[test]
    fn plain_numbers_keep_their_digits() {
        assert_eq!(plain("4111111111111111"), "4111111111111111");
        assert_eq!(plain("4.92914E+15"), "4929140000000000");
        assert_eq!(plain("123456789.0"), "123456789");
        assert_eq!(plain("0.30000000000000004"), "0.3");
        assert_eq!(plain("1.5E-300"), "1.5E-300");
        assert_eq!(plain("-12"), "-12");
        assert_eq!(plain("1E+400"), "1E+400");
    }
}

//! Codes of number formats (ECMA-376 part 1, sections 18.8.30 for built-in ones and 18.8.31).

use super::moment::{Piece, pieces};

/// Characters of a code that are looked at.
const MOST_CODE: usize = 512;
/// Digits behind the point that a code may ask for, as in the dialogue of Excel.
const MOST_PLACES: usize = 30;

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
        /// How they are written.
        pieces: Vec<Piece>,
    },
    /// Digits, by the parts of the code.
    Number(Vec<Section>),
}

/// A part of a format code, between semicolons.
#[derive(Clone, Default)]
pub(crate) struct Section {
    pub(super) condition: Option<(Compare, f64)>,
    /// The pattern into which digits are filled, if it changes them.
    pub(super) marks: Option<Vec<Mark>>,
    /// The fewest and most digits behind the point; `None` if all are shown, or in another way than so.
    pub(super) places: Option<(usize, usize)>,
    /// Hundredths are shown.
    pub(super) percent: bool,
    /// Words before and after the digits.
    pub(super) words: [String; 2],
}

/// A comparison with the value of a cell.
#[derive(Clone, Copy)]
pub(crate) enum Compare {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// A place of a pattern.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mark {
    /// A digit, or `0` where the number has none.
    Zero,
    /// A digit, if the number has one.
    Digit,
    Literal(char),
}

/// The shape that a built-in format stands for. What stands for a date differs by language; the names of months do
/// not.
pub(crate) fn built_in(id: u32) -> Shape {
    let date = |day, time| Shape::Date { day, time, pieces: Vec::new() };
    match id {
        15 => parse("d-mmm-yy"),
        16 => parse("d-mmm"),
        17 => parse("mmm-yy"),
        14 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => date(true, false),
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => date(false, true),
        22 => date(true, true),
        1 | 3 | 37 | 38 | 41 | 42 => parse("0"),
        2 | 4 | 39 | 40 | 43 | 44 => parse("0.00"),
        9 => parse("0%"),
        10 => parse("0.00%"),
        _ => Shape::Plain,
    }
}

/// The shape that a format code describes.
pub(crate) fn parse(code: &str) -> Shape {
    let code: String = code.chars().take(MOST_CODE).collect();
    if code.eq_ignore_ascii_case("general") {
        return Shape::Plain;
    }
    let parts = split(&code);
    let letters: String = parts.iter().map(|p| bare(p)).collect();
    let has = |set: &str| letters.chars().any(|c| set.contains(c));
    let (day, time) = (has("yd"), has("hs"));
    let is_general = letters.contains("general");
    if !is_general && (day || time || has("m")) {
        return Shape::Date { day: day || !time, time, pieces: pieces(&parts[0]) };
    }
    let sections: Vec<Section> = parts.iter().take(4).map(|p| section(p)).collect();
    let tells =
        |s: &Section| s.marks.is_some() || s.places.is_some() || s.words.iter().any(|w| !w.is_empty());
    if sections.iter().any(tells) { Shape::Number(sections) } else { Shape::Plain }
}

/// Cuts at semicolons outside quotes; there is always a first part.
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
                out.push_str(if is_elapsed(&inside) { &inside } else { "" });
            }
            c => out.push(c),
        }
    }
    out.to_ascii_lowercase()
}

/// True for the inside of `[h]`, `[mm]` and the like.
pub(super) fn is_elapsed(inside: &str) -> bool {
    !inside.is_empty() && inside.chars().all(|c| "hHmMsS".contains(c))
}

fn section(code: &str) -> Section {
    let mut section = Section { places: places(&bare(code)), ..Section::default() };
    section.percent = bare(code).contains('%');
    let (mut marks, mut understood) = (Vec::new(), true);
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        let literal = |c| Mark::Literal(c);
        match c {
            '0' => marks.push(Mark::Zero),
            '#' | '?' => marks.push(Mark::Digit),
            '"' => marks.extend(chars.by_ref().take_while(|&c| c != '"').map(literal)),
            '\\' => marks.extend(chars.next().map(literal)),
            '-' | ' ' | '(' | ')' | '+' | '$' | ':' => marks.push(literal(c)),
            '_' | '*' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                section.condition = section.condition.or_else(|| parse_condition(&inside));
                let currency = inside.strip_prefix('$').and_then(|c| c.split('-').next());
                marks.extend(currency.unwrap_or_default().chars().map(literal));
            }
            _ => understood = false,
        }
    }
    section.words = words(&marks);
    section.marks = Some(marks).filter(|m| understood && changes_digits(m));
    section
}

/// How many digits follow the point; `None` where digits are shown in another way: scaled, as a fraction, with an
/// exponent, or not at all.
fn places(bare: &str) -> Option<(usize, usize)> {
    let is_digit = |c: char| "0#?".contains(c);
    let (last, _) = bare.char_indices().rev().find(|&(_, c)| is_digit(c))?;
    let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
    let scaled = bare[last + 1..].starts_with(',')
        || whole.trim_end_matches(|c| !is_digit(c) && c != ',').ends_with(',');
    if scaled || bare.contains(['/', 'e', '@']) || part.contains('.') {
        return None;
    }
    let most = part.chars().filter(|&c| is_digit(c)).count();
    let kept = part.rfind('0').map_or(0, |at| part[..=at].chars().filter(|&c| is_digit(c)).count());
    (most <= MOST_PLACES).then_some((kept, most))
}

/// What stands before the first digit and after the last, where it has letters.
fn words(marks: &[Mark]) -> [String; 2] {
    let is_digit = |m: &Mark| !matches!(m, Mark::Literal(_));
    let first = marks.iter().position(is_digit).unwrap_or(marks.len());
    let last = marks.iter().rposition(is_digit).map_or(marks.len(), |at| at + 1);
    let text = |marks: &[Mark]| -> String {
        let text: String =
            marks.iter().filter_map(|m| if let Mark::Literal(c) = m { Some(*c) } else { None }).collect();
        if text.chars().any(char::is_alphabetic) { text } else { String::new() }
    };
    [text(&marks[..first]).trim_start().to_owned(), text(&marks[last..]).trim_end().to_owned()]
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

/// True if the value of a cell meets a condition.
pub(super) fn holds(condition: (Compare, f64), value: f64) -> bool {
    match condition.0 {
        Compare::Less => value < condition.1,
        Compare::LessOrEqual => value <= condition.1,
        Compare::Greater => value > condition.1,
        Compare::GreaterOrEqual => value >= condition.1,
        Compare::Equal => (value - condition.1).abs() < f64::EPSILON,
        Compare::NotEqual => (value - condition.1).abs() >= f64::EPSILON,
    }
}

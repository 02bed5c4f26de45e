//! Words for what results say, the same in every report and on the terminal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::coverage::{Cause, Class, Coverage};
use crate::event::{Bounds, Confidence, ElementType, Exposure, Location, PathRef, Reach, Residency, Sum};

/// A number with its thousands parted: `1,234,567`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Both bounds of a number of people, or the number where they meet: `10–12`, `12`.
pub fn bounds(b: Bounds) -> String {
    if b.lower == b.upper {
        thousands(b.upper)
    } else {
        format!("{}–{}", thousands(b.lower), thousands(b.upper))
    }
}

/// A number with its noun: `1 file`, `2 files`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// A level.
pub fn level(level: Confidence) -> &'static str {
    match level {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// A grade of residency.
pub fn residency(grade: Residency) -> &'static str {
    match grade {
        Residency::Confirmed => "confirmed",
        Residency::Likely => "likely",
        Residency::Unknown => "unknown",
        Residency::Other => "another state",
    }
}

/// A class of causes, as in `by nature`.
pub fn class(class: Class) -> &'static str {
    match class {
        Class::Failed => "failed",
        Class::ByNature => "by nature",
        Class::ByChoice => "by choice",
    }
}

/// What became of a path, as results say it.
pub fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Examined => "examined",
        Coverage::Partial => "partial",
        Coverage::Encrypted => "encrypted",
        Coverage::NotExamined => "not-examined",
    }
}

/// A kind of number, short.
pub fn kind_word(kind: ElementType) -> &'static str {
    match kind {
        ElementType::Ssn => "SSN",
        ElementType::DriversLicense => "licence",
        ElementType::StateId => "state ID",
        ElementType::PaymentCard => "card",
        ElementType::BankAccount => "account",
        ElementType::Other => "other",
    }
}

/// A place in words; empty if nothing of it is known. Bytes are left out.
pub fn place(at: &Location) -> String {
    let mut words = Vec::new();
    words.extend(at.part.clone());
    words.extend(at.page.map(|n| format!("page {n}")));
    words.extend(at.sheet.as_ref().map(|s| format!("sheet {s}")));
    words.extend(at.table.as_ref().map(|t| format!("table {t}")));
    words.extend(at.paragraph.map(|n| format!("paragraph {n}")));
    words.extend(at.line.map(|n| format!("line {n}")));
    words.extend(at.cell.as_ref().map(|cell| format!("cell {cell}")));
    // A cell says row and column.
    words.extend(at.row.filter(|_| at.cell.is_none()).map(|n| format!("row {n}")));
    words.extend(at.column.filter(|_| at.cell.is_none()).map(|n| format!("column {n}")));
    words.extend(at.pointer.clone());
    let mut text = words.join(", ");
    if let Some(field) = &at.field {
        text += if text.is_empty() { "\"" } else { " \"" };
        text += field;
        text += "\"";
    }
    text
}

/// A path below its root; the root stands before it only where there are several.
pub fn shown(roots: &[String], at: &PathRef) -> String {
    let root = match (roots.len(), roots.get(at.root as usize)) {
        (2.., Some(root)) => root.trim_end_matches('/'),
        _ => return at.path.clone(),
    };
    // A root that is a file is the path already, and `.` goes without saying.
    let is_path = root.strip_suffix(&at.path).is_some_and(|r| r.is_empty() || r.ends_with('/'));
    match root {
        "." => at.path.clone(),
        _ if is_path => root.to_owned(),
        _ => format!("{root}/{}", at.path),
    }
}

/// The widest circle that can read or write, and which of the two it can.
pub fn exposure(e: Exposure) -> String {
    for (reach, who) in [(Reach::Everyone, "everyone"), (Reach::Group, "group")] {
        let rights = match (e.read == reach, e.write == reach) {
            (true, true) => "rw",
            (true, false) => "r",
            (false, true) => "w",
            (false, false) => continue,
        };
        return format!("{who}:{rights}");
    }
    if e.read == Reach::Owner { "owner only" } else { "?" }.to_owned()
}

/// What became of all paths or members: the parts add up to the whole.
pub fn sum_line(sum: &Sum, (one, many): (&str, &str)) -> String {
    let of = |coverage| sum.by_coverage.get(&coverage).copied().unwrap_or(0);
    let mut line = format!(
        "{} = {} examined + {} partly + {} encrypted + {} not examined",
        counted(sum.met, one, many),
        thousands(of(Coverage::Examined)),
        thousands(of(Coverage::Partial)),
        thousands(of(Coverage::Encrypted)),
        thousands(of(Coverage::NotExamined))
    );
    let lost = sum.met.saturating_sub(sum.by_coverage.values().sum());
    if lost > 0 {
        let _ = write!(line, " + {} not settled", thousands(lost));
    }
    line
}

/// The causes of one class, most frequent first.
pub fn gap_line(gaps: &BTreeMap<Cause, u64>, class: Class) -> Option<String> {
    let mut causes: Vec<_> = gaps.iter().filter(|(cause, n)| cause.class() == class && **n > 0).collect();
    causes.sort_by_key(|(cause, n)| (std::cmp::Reverse(**n), **cause));
    let words: Vec<_> =
        causes.iter().map(|(cause, n)| format!("{} {}", thousands(**n), cause.word())).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// `text` with control characters and those that turn its direction spelled out as `\u{…}`.
pub fn sanitised(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmful(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// C0, DEL, C1, line and paragraph separators, and the marks, embeddings, overrides and isolates of the
/// bidirectional algorithm (UAX #9); and what no XML 1.0 document may hold (section 2.2).
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_like_words() {
        let cell = Location {
            sheet: Some("Staff".into()),
            cell: Some("B17".into()),
            row: Some(17),
            field: Some("SSN".into()),
            ..Location::default()
        };
        assert_eq!(place(&cell), "sheet Staff, cell B17 \"SSN\"");
        assert_eq!(place(&Location { line: Some(3), byte: Some(99), ..Location::default() }), "line 3");
        assert_eq!(place(&Location::default()), "");
    }

    #[test]
    fn gaps_stand_by_class_most_frequent_first() {
        let gaps = [(Cause::Damaged, 3), (Cause::Denied, 1200), (Cause::Media, 7), (Cause::Locked, 0)];
        let gaps = BTreeMap::from(gaps);
        assert_eq!(gap_line(&gaps, Class::Failed).as_deref(), Some("1,200 denied · 3 damaged"));
        assert_eq!(gap_line(&gaps, Class::ByNature).as_deref(), Some("7 media"));
        assert_eq!(gap_line(&gaps, Class::ByChoice), None);
    }

    #[test]
    fn exposure_names_the_widest_circle() {
        let of = |read, write| exposure(Exposure { read, write });
        assert_eq!(of(Reach::Everyone, Reach::Group), "everyone:r");
        assert_eq!(of(Reach::Everyone, Reach::Everyone), "everyone:rw");
        assert_eq!(of(Reach::Owner, Reach::Everyone), "everyone:w");
        assert_eq!(of(Reach::Group, Reach::Owner), "group:r");
        assert_eq!(of(Reach::Owner, Reach::Owner), "owner only");
        assert_eq!(of(Reach::Unknown, Reach::Unknown), "?");
    }
}

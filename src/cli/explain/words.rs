//! Words for what results say in one word.

use crate::event::{Confidence, Link, Location, Residency};

/// What joined name and number.
pub fn link(link: Link) -> &'static str {
    match link {
        Link::Row => "same row of a table",
        Link::Object => "same object, or the nearest one above with a name",
        Link::Form => "same form",
        Link::Near => "near each other in running text",
        Link::SingleSubject => "the only person and the only number there",
        Link::Envelope => "sender, recipient or subject of the message",
        Link::Document => "same document, neither near nor the only ones",
        Link::Joined => "two tables with a common key",
        Link::SelfContained => "one token holds both",
    }
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

/// What a rule of residency goes by; the rule itself where a later version has others.
pub fn residency_rule(rule: &str) -> &str {
    match rule {
        "state-ma" => "the state is Massachusetts",
        "zip-ma" => "a ZIP code of Massachusetts",
        "address-line" => "an address in Massachusetts",
        "issuer-ma" => "issued by Massachusetts",
        "commonwealth-ma" => "the words Commonwealth of Massachusetts",
        "licence-ma" => "a licence number of Massachusetts",
        "town-ma" => "a town of Massachusetts",
        "area-code-ma" => "an area code of Massachusetts",
        "ssn-area-ma" => "an SSN area of Massachusetts",
        "routing-boston" => "a bank of the Boston district",
        "other-state" => "another state",
        "other-zip" => "a ZIP code of another state",
        rule => rule,
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
}

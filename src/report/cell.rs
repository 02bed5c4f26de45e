//! Cells of tables, and how they are written into CSV: the same for every table that is made.
//!
//! CSV is that of RFC 4180 with a header. A cell that a spreadsheet would take for a formula gets an apostrophe in
//! front: it begins with `=`, `+`, `-`, `@`, a tab or a carriage return (OWASP, CSV Injection).

use std::io::{self, Write};

use jiff::civil::Date;

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, always as text; control characters are spelled out.
    Text(String),
    /// What a person wrote: line breaks and tabs stay what they are.
    Words(String),
    /// A time, RFC 3339, UTC.
    Time(String),
    /// A day.
    Day(Date),
    /// A count.
    Number(u64),
    /// A number with one decimal place.
    Decimal(f64),
}

impl Cell {
    /// A text; an empty one leaves the cell empty.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// A time, if it is known.
    pub fn time(time: Option<&str>) -> Cell {
        time.map_or(Cell::Empty, |time| Cell::Time(time.to_owned()))
    }

    /// A day, if it is known.
    pub fn day(day: Option<Date>) -> Cell {
        day.map_or(Cell::Empty, Cell::Day)
    }
}

/// Writes cells as a line.
///
/// # Errors
/// If the target cannot be written.
pub fn csv_row<'a>(out: &mut dyn Write, cells: impl IntoIterator<Item = &'a Cell>) -> io::Result<()> {
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.write_all(b",")?;
        }
        match cell {
            Cell::Empty => {}
            Cell::Number(n) => write!(out, "{n}")?,
            Cell::Decimal(n) => write!(out, "{n:.1}")?,
            Cell::Day(day) => write!(out, "{day}")?,
            Cell::Text(text) | Cell::Words(text) | Cell::Time(text) => {
                out.write_all(field(text).as_bytes())?;
            }
        }
    }
    out.write_all(b"\r\n")
}

/// What makes a spreadsheet take a cell for a formula, at its start.
const DANGEROUS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a field: harmless, and in quotes where it must be.
///
/// A text that begins with apostrophes and would be dangerous behind them gets one more, so that [`harmed`] gives
/// every text back.
fn field(text: &str) -> String {
    let harmless = if text.trim_start_matches('\'').starts_with(DANGEROUS) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if harmless.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

/// The text of a field without the apostrophe that made it harmless.
pub fn harmed(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(DANGEROUS) => rest,
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_defused() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(field(text), format!("'{text}"));
        }
        assert_eq!(field("\rx"), "\"'\rx\"");
        assert_eq!(field("=cmd|' /C calc'!A0,\"x\""), "\"'=cmd|' /C calc'!A0,\"\"x\"\"\"");
        assert_eq!(field("a=1"), "a=1");
        assert_eq!(field("a,b\nc"), "\"a,b\nc\"");
    }

    #[test]
    fn what_was_defused_can_be_undone() {
        for text in ["=1+1", "'=1", "''@x", "'tis", "'", "", "plain", "-"] {
            assert_eq!(harmed(&field(text)), text);
        }
    }

    #[test]
    fn cells_stand_in_a_line() {
        let mut out = Vec::new();
        let day = jiff::civil::date(2024, 2, 29);
        let cells = [Cell::text("a,b"), Cell::Empty, Cell::Number(1200), Cell::Decimal(2.0), Cell::Day(day)];
        csv_row(&mut out, &cells).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\"a,b\",,1200,2.0,2024-02-29\r\n");
    }
}

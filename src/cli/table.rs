//! A table whose columns line up, with one column that gives way.

use std::fmt::Write as _;

use anstyle::Style;

use super::format::{shorten, width};

/// Columns between two columns.
const GAP: usize = 2;
/// The least width of the column that gives way.
const LEAST: usize = 20;

/// What a column looks like.
pub struct Column {
    /// Its heading.
    pub head: &'static str,
    /// Numbers stand to the right.
    pub right: bool,
    /// Too long texts lose their middle.
    pub flexible: bool,
}

/// A cell: its text, and how it is shown.
pub struct Cell {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

impl<S: Into<String>> From<S> for Cell {
    fn from(text: S) -> Self {
        Cell { text: text.into(), style: Style::new() }
    }
}

/// Writes the table, indented, within `most` columns as far as the flexible column can give way.
pub fn table<const N: usize>(columns: &[Column; N], rows: &[[Cell; N]], most: usize) -> String {
    let mut widths: [usize; N] = std::array::from_fn(|n| {
        rows.iter().map(|row| width(&row[n].text)).max().unwrap_or(0).max(width(columns[n].head))
    });
    let total: usize = widths.iter().map(|w| w + GAP).sum();
    if let Some(flexible) = columns.iter().position(|c| c.flexible) {
        let excess = total.saturating_sub(most);
        widths[flexible] = widths[flexible].min(widths[flexible].saturating_sub(excess).max(LEAST));
    }
    let head = columns.each_ref().map(|c| Cell { text: c.head.to_owned(), style: Style::new().dimmed() });
    let mut out = String::new();
    for row in std::iter::once(&head).chain(rows) {
        line(columns, row, &widths, &mut out);
    }
    out
}

fn line<const N: usize>(columns: &[Column; N], row: &[Cell; N], widths: &[usize; N], out: &mut String) {
    for (n, ((column, cell), &wide)) in columns.iter().zip(row).zip(widths).enumerate() {
        let text = shorten(&cell.text, wide);
        let pad = wide.saturating_sub(width(&text));
        let (before, after) = match (column.right, n + 1 == N) {
            (true, _) => (pad, 0),
            (false, false) => (0, pad),
            (false, true) => (0, 0),
        };
        let style = cell.style;
        let _ = write!(out, "{:1$}{style}{text}{style:#}{2:3$}", "", GAP + before, "", after);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { head: "FILE", right: false, flexible: true },
        Column { head: "N", right: true, flexible: false },
        Column { head: "KIND", right: false, flexible: false },
    ];

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_line_up_by_display_width() {
        let rows = [["人事.csv".into(), "5".into(), "a".into()], ["b".into(), "12,000".into(), "bb".into()]];
        let text = plain(&table(&COLUMNS, &rows, 100));
        assert_eq!(text, "  FILE           N  KIND\n  人事.csv       5  a\n  b         12,000  bb\n");
    }

    #[test]
    fn the_flexible_column_gives_way() {
        let rows = [["x".repeat(200).into(), "1".into(), "a".into()]];
        let text = plain(&table(&COLUMNS, &rows, 60));
        assert!(text.lines().all(|l| width(l) <= 60), "{text}");
        let narrow = plain(&table(&COLUMNS, &rows, 10));
        assert!(narrow.lines().any(|l| width(l) == LEAST + 2 + 3 + 3));
    }
}

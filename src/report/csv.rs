//! `.csv`: one table of records, numbers without a name and gaps, then the sums.
//!
//! RFC 4180 with a header. A cell that a spreadsheet would take for a formula gets an apostrophe in front: it begins
//! with `=`, `+`, `-`, `@`, a tab or a carriage return (OWASP, CSV Injection).

use std::io::{self, BufWriter, Write};

use super::coverage::{sums, unfinished};
use super::rows::{ALL, Cell, Column, Row, rows};
use super::{Context, Output, Overview, Report};
use crate::event::Event;

/// Writes the table as it comes.
pub struct Csv {
    out: BufWriter<Box<dyn Output>>,
}

impl Csv {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        Csv { out: BufWriter::new(out) }
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        for (n, cell) in row.cells().iter().enumerate() {
            if n > 0 {
                self.out.write_all(b",")?;
            }
            match cell {
                Cell::Empty => {}
                Cell::Number(n) => write!(self.out, "{n}")?,
                Cell::Text(text) | Cell::Time(text) => self.out.write_all(field(text).as_bytes())?,
            }
        }
        self.out.write_all(b"\r\n")
    }
}

/// A text as a field: harmless, and in quotes where it must be.
fn field(text: &str) -> String {
    let harmless =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if harmless.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

impl Report for Csv {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        let names: Vec<&str> = ALL.iter().map(|(_, name)| *name).collect();
        write!(self.out, "{}\r\n", names.join(","))
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        rows(context, event).iter().try_for_each(|row| self.row(row))
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        for (name, n) in sums(overview) {
            self.row(&Row::new("sum").text(Column::Detail, name).number(Column::Count, n))?;
        }
        if let Some(why) = unfinished(&overview.summary) {
            self.row(&Row::new("sum").text(Column::Detail, why))?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::field;

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
}

//! `.csv`: one table of records, numbers without a name and gaps, then the sums.

use std::io::{self, BufWriter, Write};

use super::cell::csv_row;
use super::coverage::{sums, unfinished};
use super::rows::{ALL, Column, Row, rows};
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
        csv_row(&mut self.out, row.cells())
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

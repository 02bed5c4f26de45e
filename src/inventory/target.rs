//! Where an inventory goes: a table in CSV, or a workbook of all tables with a summary and charts.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use jiff::civil::Date;
use rust_xlsxwriter::{Chart, ChartType, Worksheet, XlsxError};

use super::former::ROW;
use super::sheets::{COUNT, Sheet};
use super::totals::{Figure, Totals};
use crate::report::book::{self, Book, Styles};
use crate::report::cell::{Cell, csv_row};
use crate::report::coverage::{statement, sums};
use crate::report::{Output, Overview};

/// What an inventory is written to.
pub trait Target: Send {
    /// Adds a row to a table.
    ///
    /// # Errors
    /// If the target cannot be written; so for both.
    fn row(&mut self, sheet: Sheet, cells: &[Cell]) -> io::Result<()>;

    /// Writes what holds for the whole, and everything that is left.
    ///
    /// # Errors
    /// As [`Target::row`].
    fn finish(self: Box<Self>, end: &End<'_>) -> io::Result<()>;
}

/// What holds for the whole.
pub struct End<'a> {
    /// The results.
    pub overview: &'a Overview,
    /// Files by several things.
    pub totals: &'a Totals,
    /// The day for which the inventory holds.
    pub on: Date,
}

impl End<'_> {
    /// Its lines of text, for every format.
    fn lines(&self) -> Vec<(String, Cell)> {
        let coverage = statement(self.overview).into_iter();
        let mut lines: Vec<_> = coverage.map(|words| ("coverage".to_owned(), Cell::text(words))).collect();
        lines.extend(sums(self.overview).into_iter().map(|(name, n)| (name, Cell::Number(n))));
        lines.push(("files listed".to_owned(), Cell::Number(self.totals.listed)));
        lines.push(("files with nothing found, not listed".to_owned(), Cell::Number(self.totals.unlisted)));
        lines
    }
}

/// One table, then the sums.
pub struct Csv {
    out: BufWriter<Box<dyn Output>>,
    by: Sheet,
    columns: usize,
}

impl Csv {
    /// Starts the table of `by`. Decisions about files that are gone stand behind the files.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn new(out: Box<dyn Output>, by: Sheet) -> io::Result<Self> {
        let mut out = BufWriter::new(out);
        let columns = by.columns();
        let names = columns.iter().map(|(name, _)| *name);
        let names: Vec<&str> = std::iter::once(ROW).chain(names).chain([COUNT]).collect();
        write!(out, "{}\r\n", names.join(","))?;
        Ok(Csv { out, by, columns: columns.len() })
    }

    /// Writes cells under the columns they belong to.
    fn put(&mut self, row: &str, cells: &[(usize, Cell)], count: Cell) -> io::Result<()> {
        let mut line = vec![Cell::Empty; self.columns + 2];
        line[0] = Cell::text(row);
        for (n, cell) in cells {
            line[n + 1] = cell.clone();
        }
        line[self.columns + 1] = count;
        csv_row(&mut self.out, &line)
    }
}

impl Target for Csv {
    fn row(&mut self, sheet: Sheet, cells: &[Cell]) -> io::Result<()> {
        if sheet != self.by && (sheet, self.by) != (Sheet::Gone, Sheet::Files) {
            return Ok(());
        }
        let own = self.by.columns();
        let place = |name: &str| own.iter().position(|(own, _)| *own == name);
        let columns = sheet.columns();
        let cells =
            columns.iter().zip(cells).filter_map(|((name, _), cell)| Some((place(name)?, cell.clone())));
        let cells: Vec<_> = cells.collect();
        self.put(sheet.row(), &cells, Cell::Empty)
    }

    fn finish(mut self: Box<Self>, end: &End<'_>) -> io::Result<()> {
        for (name, value) in end.lines() {
            match value {
                Cell::Number(_) => self.put("sum", &[(0, Cell::text(name))], value)?,
                words => self.put(&name, &[(0, words)], Cell::Empty)?,
            }
        }
        self.out.flush()
    }
}

/// A workbook of all tables.
pub struct Xlsx {
    out: Box<dyn Output>,
    book: Book,
    tables: BTreeMap<Sheet, usize>,
}

impl Xlsx {
    /// Starts the workbook.
    ///
    /// # Errors
    /// If temporary files cannot be written.
    pub fn new(out: Box<dyn Output>) -> io::Result<Self> {
        let mut book = Book::new()?;
        let mut tables = BTreeMap::new();
        for sheet in Sheet::ALL {
            let columns = sheet.columns();
            let titles: Vec<(String, f64)> =
                columns.iter().map(|(name, width)| (title(name), *width)).collect();
            let titles: Vec<(&str, f64)> =
                titles.iter().map(|(title, width)| (title.as_str(), *width)).collect();
            tables.insert(sheet, book.table(sheet.title(), &titles, sheet.frozen())?);
        }
        Ok(Xlsx { out, book, tables })
    }
}

/// The name of a column for people; the name itself can be read from it again.
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    match words.split_at_checked(3) {
        Some((short @ ("pi " | "ma "), rest)) => format!("{}{rest}", short.to_uppercase()),
        _ => words[..1].to_uppercase() + &words[1..],
    }
}

impl Target for Xlsx {
    fn row(&mut self, sheet: Sheet, cells: &[Cell]) -> io::Result<()> {
        self.tables.get(&sheet).map_or(Ok(()), |table| self.book.put(*table, cells))
    }

    fn finish(mut self: Box<Self>, end: &End<'_>) -> io::Result<()> {
        let overview = end.overview;
        let text = |text: &str| text.to_owned();
        let mut lines = vec![(text("Inventory of personal information (M.G.L. c. 93H)"), Cell::Empty)];
        lines.push((text("As of"), Cell::Day(end.on)));
        lines.extend(book::origin(overview).into_iter().map(|(name, cell)| (text(name), cell)));
        lines.push((
            text("Masked"),
            Cell::text("names and numbers are not in this file; paths may name people"),
        ));
        lines.extend(end.lines());
        for (sheet, n) in self.book.cut() {
            lines.push((format!("not on the sheet {sheet} for want of room"), Cell::Number(n)));
        }
        let (page, styles) = self.book.summary()?;
        summarise(page, styles, &lines, end.totals).map_err(book::io_error)?;
        self.book.save(self.out)
    }
}

/// Where the figures stand on the summary: beside the lines, and charts beside them.
const FIGURES: u16 = 3;
const CHARTS: u16 = 6;
/// Rows that a chart covers.
const CHART_ROWS: u32 = 15;

/// Fills the summary row by row: lines on the left, figures in the middle, charts on the right.
fn summarise(
    page: &mut Worksheet,
    styles: &Styles,
    lines: &[(String, Cell)],
    totals: &Totals,
) -> Result<(), XlsxError> {
    for (column, width) in [(0, 36.0), (1, 64.0), (FIGURES, 34.0), (FIGURES + 1, 10.0)] {
        page.set_column_width(column, width)?;
    }
    let mut middle: Vec<(&str, Cell)> = Vec::new();
    let mut charts = Vec::new();
    for figure in totals.figures() {
        charts.push((figure, middle.len() as u32 + 1));
        middle.push((figure.title, Cell::Empty));
        middle.extend(figure.rows.iter().map(|(label, n)| (*label, Cell::Number(*n))));
        middle.push(("", Cell::Empty));
    }
    for row in 0..lines.len().max(middle.len()) {
        let at = row as u32;
        if let Some((name, cell)) = lines.get(row) {
            page.write_string_with_format(at, 0, name, &styles.title)?;
            book::write(page, at, 1, cell, styles)?;
        }
        match middle.get(row) {
            Some((title, Cell::Empty)) if !title.is_empty() => {
                page.write_string_with_format(at, FIGURES, *title, &styles.title)?;
            }
            Some((label, cell @ Cell::Number(_))) => {
                page.write_string(at, FIGURES, *label)?;
                book::write(page, at, FIGURES + 1, cell, styles)?;
            }
            _ => {}
        }
    }
    for ((figure, first), n) in charts.into_iter().zip(0..) {
        page.insert_chart(n * CHART_ROWS, CHARTS, &chart(figure, first))?;
    }
    Ok(())
}

/// A bar for each row of a figure whose rows start at `first`.
fn chart(figure: &Figure, first: u32) -> Chart {
    let last = first + figure.rows.len().saturating_sub(1) as u32;
    let mut chart = Chart::new(ChartType::Bar);
    chart.add_series().set_categories(("Summary", first, FIGURES, last, FIGURES)).set_values((
        "Summary",
        first,
        FIGURES + 1,
        last,
        FIGURES + 1,
    ));
    chart.title().set_name(figure.title);
    chart.legend().set_hidden();
    // Bars lie: the vertical axis is that of the labels. The first row is on top, as in the table.
    chart.y_axis().set_reverse();
    chart.x_axis().set_num_format("#,##0");
    chart.set_width(560).set_height(280);
    chart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_read_well_and_lead_back_to_names() {
        for (name, words) in
            [("pi_kinds", "PI kinds"), ("ma_likely", "MA likely"), ("path", "Path"), ("made_up", "Made up")]
        {
            assert_eq!(title(name), words);
            assert_eq!(words.to_lowercase().replace(' ', "_"), name);
        }
    }
}

//! Workbooks of tables: what `.xlsx` reports and inventories have in common.
//!
//! Texts are written as texts and nothing as a formula, so a name such as `=1+1` stays a name. Rows go to temporary
//! files as they come (masked, as everything in a result), so memory does not grow. A sheet holds 1,048,576 rows and
//! no more; what is beyond is counted.

use std::io;

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::cell::Cell;
use super::words::sanitised;
use super::{Output, Overview};

/// Rows of a sheet below its header.
const MOST_ROWS: u32 = 1_048_575;
/// UTF-16 units of a cell.
const LONGEST: usize = 32_767;

/// A workbook being filled.
pub struct Book {
    workbook: Workbook,
    styles: Styles,
    tables: Vec<Table>,
}

struct Table {
    name: String,
    columns: u16,
    rows: u32,
    cut: u64,
}

/// How cells look.
pub struct Styles {
    /// A header.
    pub head: Format,
    /// A count.
    pub count: Format,
    /// A number with one decimal place.
    pub decimal: Format,
    /// Day and time.
    pub time: Format,
    /// A day.
    pub day: Format,
    /// The name of a value.
    pub title: Format,
    /// What a person wrote, with its line breaks.
    pub words: Format,
}

impl Book {
    /// A workbook whose first sheet is a summary, to be filled last.
    ///
    /// # Errors
    /// If temporary files cannot be written; so for all of these.
    pub fn new() -> io::Result<Self> {
        let mut workbook = Workbook::new();
        workbook
            .add_worksheet_with_constant_memory()
            .and_then(|sheet| sheet.set_name("Summary"))
            .map(on_paper)
            .map_err(io_error)?;
        let styles = Styles {
            head: Format::new().set_bold().set_background_color("DDE6EE").set_text_wrap(),
            count: Format::new().set_num_format("#,##0"),
            decimal: Format::new().set_num_format("#,##0.0"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            title: Format::new().set_bold(),
            words: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        };
        Ok(Book { workbook, styles, tables: Vec::new() })
    }

    /// Adds a sheet with a header that stays in sight, and gives its number. Columns have a title and a width in
    /// characters; the first `frozen` of them stay in sight too.
    ///
    /// # Errors
    /// As [`Book::new`].
    pub fn table(&mut self, name: &str, columns: &[(&str, f64)], frozen: u16) -> io::Result<usize> {
        self.start(name, columns, frozen).map_err(io_error)?;
        let columns = u16::try_from(columns.len()).unwrap_or(u16::MAX);
        self.tables.push(Table { name: name.to_owned(), columns, rows: 0, cut: 0 });
        Ok(self.tables.len() - 1)
    }

    fn start(&mut self, name: &str, columns: &[(&str, f64)], frozen: u16) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, frozen)?.set_repeat_rows(0, 0)?;
        on_paper(sheet);
        for ((title, width), n) in columns.iter().zip(0..) {
            sheet.set_column_width(n, *width)?;
            sheet.write_string_with_format(0, n, *title, &self.styles.head)?;
        }
        Ok(())
    }

    /// Writes cells as the next row of a table, if it has room.
    ///
    /// # Errors
    /// As [`Book::new`].
    pub fn put<'a>(&mut self, table: usize, cells: impl IntoIterator<Item = &'a Cell>) -> io::Result<()> {
        let Some(filled) = self.tables.get_mut(table) else { return Ok(()) };
        if filled.rows == MOST_ROWS {
            filled.cut += 1;
            return Ok(());
        }
        filled.rows += 1;
        let row = filled.rows;
        let sheet = self.workbook.worksheet_from_index(table + 1).map_err(io_error)?;
        for (cell, column) in cells.into_iter().zip(0..) {
            write(sheet, row, column, cell, &self.styles).map_err(io_error)?;
        }
        Ok(())
    }

    /// How many rows found no room, by table, where there are any.
    pub fn cut(&self) -> Vec<(&str, u64)> {
        let cut = self.tables.iter().filter(|table| table.cut > 0);
        cut.map(|table| (table.name.as_str(), table.cut)).collect()
    }

    /// The summary, with the looks of its cells. Its rows are written from the first to the last.
    ///
    /// # Errors
    /// As [`Book::new`].
    pub fn summary(&mut self) -> io::Result<(&mut Worksheet, &Styles)> {
        Ok((self.workbook.worksheet_from_index(0).map_err(io_error)?, &self.styles))
    }

    /// Puts filters over the tables and writes the workbook.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn save(mut self, out: Box<dyn Output>) -> io::Result<()> {
        for (table, n) in self.tables.iter().zip(1..) {
            let sheet = self.workbook.worksheet_from_index(n).map_err(io_error)?;
            sheet.autofilter(0, 0, table.rows, table.columns.saturating_sub(1)).map_err(io_error)?;
        }
        self.workbook.save_to_writer(out).map_err(io_error)
    }
}

/// Printed, a sheet is as wide as the paper.
fn on_paper(sheet: &mut Worksheet) {
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
}

/// Writes a cell with the look of its kind.
///
/// # Errors
/// If there is no such place on a sheet, or a temporary file cannot be written.
pub fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(n) => sheet.write_number_with_format(row, column, *n as f64, &styles.count)?,
        Cell::Decimal(n) => sheet.write_number_with_format(row, column, *n, &styles.decimal)?,
        Cell::Text(text) => sheet.write_string(row, column, cut_to_fit(&sanitised(text)))?,
        Cell::Words(text) => {
            sheet.write_string_with_format(row, column, cut_to_fit(&readable(text)), &styles.words)?
        }
        Cell::Day(day) => match ExcelDateTime::parse_from_str(&day.to_string()) {
            Ok(day) => sheet.write_datetime_with_format(row, column, day, &styles.day)?,
            Err(_) => sheet.write_string(row, column, day.to_string())?,
        },
        Cell::Time(text) => match time(text) {
            Some(time) => sheet.write_datetime_with_format(row, column, time, &styles.time)?,
            None => sheet.write_string(row, column, cut_to_fit(&sanitised(text)))?,
        },
    };
    Ok(())
}

/// What every summary begins with: what was scanned, with what, when, by several results in their order.
pub fn origin(overview: &Overview) -> Vec<(&'static str, Cell)> {
    let run = &overview.run;
    let mut lines = vec![
        ("Scanned by", Cell::text(format!("{} {}", run.tool, run.version))),
        ("Host", Cell::text(&run.label)),
        ("Roots", Cell::text(run.roots.join(", "))),
    ];
    lines.extend(overview.runs.iter().map(|run| ("Started", Cell::text(&run.run.started))));
    lines
}

/// A time of RFC 3339, UTC.
fn time(text: &str) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(text.get(..19)?).ok()
}

/// Harmless but for line breaks and tabs.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(['\n', '\t']) {
        let words = part.strip_suffix(['\n', '\t']).unwrap_or(part);
        out += &sanitised(words);
        out += &part[words.len()..];
    }
    out
}

/// A text as a cell may hold it.
fn cut_to_fit(text: &str) -> String {
    let mut room = LONGEST;
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    text.chars().take_while(fits).collect()
}

/// The same error as one of input and output.
pub fn io_error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_people_stay_and_nothing_else_does() {
        assert_eq!(readable("a\nb\t\u{7}c\r"), "a\nb\t\\u{7}c\\u{d}");
        assert_eq!(readable("\n\nx"), "\n\nx");
    }

    #[test]
    fn a_cell_holds_so_much() {
        assert_eq!(cut_to_fit(&"x".repeat(40_000)).len(), LONGEST);
        assert_eq!(cut_to_fit(&"𝄞".repeat(40_000)).chars().count(), LONGEST / 2);
        assert_eq!(cut_to_fit("x"), "x");
    }
}

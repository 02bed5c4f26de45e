//! `.xlsx`: a workbook with a summary and sheets of files, records, numbers without a name, and gaps.
//!
//! Texts are written as texts and nothing as a formula, so a name such as `=1+1` stays a name. Rows go to temporary
//! files as they come (masked, as everything in a result), so memory does not grow. A sheet holds 1,048,576 rows and
//! no more; what is beyond is counted in the summary.

use std::collections::BTreeSet;
use std::io;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::coverage::{statement, sums};
use super::rows::{Cell, Column, Row, rows};
use super::words::{coverage, exposure, kind_word, sanitised};
use super::{Context, Output, Overview, Report};
use crate::event::{ElementType, Event, FileLine, Levels};

/// Rows of a sheet below its header.
const MOST_ROWS: u32 = 1_048_575;
/// Characters of a cell.
const LONGEST: usize = 32_767;

/// A column of a sheet: title, width in characters, and where the cell comes from.
type SheetColumn = (&'static str, f64, Column);

/// Sheets of rows, with the kinds of rows that go there.
const SHEETS: [(&str, &[&str], &[SheetColumn]); 3] = [
    (
        "Records",
        &["record"],
        &[
            ("Level", 9.0, Column::Level),
            ("Path", 48.0, Column::Path),
            ("Member", 28.0, Column::Member),
            ("Place", 28.0, Column::Place),
            ("Kinds", 16.0, Column::Kinds),
            ("Person", 14.0, Column::Person),
            ("Numbers", 22.0, Column::Numbers),
            ("Link", 14.0, Column::Link),
            ("Residency", 13.0, Column::Residency),
            ("Modified", 17.0, Column::Modified),
            ("Owner", 14.0, Column::Owner),
            ("Exposure", 14.0, Column::Exposure),
            ("Id", 34.0, Column::Id),
        ],
    ),
    (
        "Numbers",
        &["number"],
        &[
            ("Level", 9.0, Column::Level),
            ("Path", 48.0, Column::Path),
            ("Member", 28.0, Column::Member),
            ("Place", 28.0, Column::Place),
            ("Kind", 12.0, Column::Kinds),
            ("Number", 22.0, Column::Numbers),
            ("Class", 12.0, Column::Detail),
            ("Why no name", 30.0, Column::Link),
            ("Id", 34.0, Column::Id),
        ],
    ),
    (
        "Not examined",
        &["gap", "encrypted", "cut"],
        &[
            ("What", 12.0, Column::Row),
            ("Path", 48.0, Column::Path),
            ("Member", 28.0, Column::Member),
            ("Coverage", 14.0, Column::Coverage),
            ("Cause", 20.0, Column::Cause),
            ("Detail", 48.0, Column::Detail),
            ("Count", 10.0, Column::Count),
        ],
    ),
];

/// Columns of the sheet of files, with their widths.
const FILES: [(&str, f64); 15] = [
    ("Path", 48.0),
    ("Format", 10.0),
    ("Bytes", 14.0),
    ("Coverage", 14.0),
    ("High", 9.0),
    ("Medium", 9.0),
    ("Low", 9.0),
    ("People, at least", 16.0),
    ("People, at most", 16.0),
    ("Kinds", 20.0),
    ("Causes of gaps", 24.0),
    ("Modified", 17.0),
    ("Owner", 14.0),
    ("Exposure", 14.0),
    ("Path id", 34.0),
];

/// The number of the sheet of files; that of the summary is 0, and [`SHEETS`] follow from 2 on.
const FILES_SHEET: usize = 1;

/// Writes the workbook.
pub struct Xlsx {
    out: Option<Box<dyn Output>>,
    book: Workbook,
    styles: Styles,
    /// Rows written and left out, by sheet.
    filled: [(u32, u64); 2 + SHEETS.len()],
    /// What the path in hand has given so far.
    path: Path,
}

struct Styles {
    head: Format,
    count: Format,
    time: Format,
    title: Format,
}

#[derive(Default)]
struct Path {
    records: Levels,
    kinds: BTreeSet<ElementType>,
    causes: BTreeSet<&'static str>,
}

impl Xlsx {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        let styles = Styles {
            head: Format::new().set_bold().set_background_color("DDE6EE").set_text_wrap(),
            count: Format::new().set_num_format("#,##0"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            title: Format::new().set_bold(),
        };
        let filled = [(0, 0); 2 + SHEETS.len()];
        Xlsx { out: Some(out), book: Workbook::new(), styles, filled, path: Path::default() }
    }

    fn start(&mut self) -> Result<(), XlsxError> {
        self.book.add_worksheet_with_constant_memory()?.set_name("Summary")?;
        let files: Vec<(&str, f64)> = FILES.to_vec();
        let others = SHEETS.map(|(name, _, columns)| {
            (name, columns.iter().map(|(title, width, _)| (*title, *width)).collect::<Vec<_>>())
        });
        for (name, columns) in std::iter::once(("Files", files)).chain(others) {
            let sheet = self.book.add_worksheet_with_constant_memory()?;
            sheet.set_name(name)?.set_freeze_panes(1, 0)?;
            for ((title, width), n) in columns.iter().zip(0..) {
                sheet.set_column_width(n, *width)?;
                sheet.write_string_with_format(0, n, *title, &self.styles.head)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<(), XlsxError> {
        let Cell::Text(kind) = row.get(Column::Row) else { return Ok(()) };
        let fits = |(_, kinds, _): &(&str, &[&str], &[SheetColumn])| kinds.contains(&kind.as_str());
        let Some(n) = SHEETS.iter().position(fits) else { return Ok(()) };
        let cells: Vec<Cell> = SHEETS[n].2.iter().map(|(_, _, column)| row.get(*column).clone()).collect();
        self.put(n + 2, &cells)
    }

    /// Writes cells as the next row of a sheet, if it has room.
    fn put(&mut self, sheet: usize, cells: &[Cell]) -> Result<(), XlsxError> {
        let (rows, cut) = &mut self.filled[sheet];
        if *rows == MOST_ROWS {
            *cut += 1;
            return Ok(());
        }
        *rows += 1;
        let row = *rows;
        let page = self.book.worksheet_from_index(sheet)?;
        for (cell, column) in cells.iter().zip(0..) {
            match cell {
                Cell::Empty => continue,
                Cell::Number(n) => {
                    page.write_number_with_format(row, column, *n as f64, &self.styles.count)?
                }
                Cell::Text(text) => page.write_string(row, column, cut_to_fit(text))?,
                Cell::Time(text) => match time(text) {
                    Some(time) => page.write_datetime_with_format(row, column, time, &self.styles.time)?,
                    None => page.write_string(row, column, cut_to_fit(text))?,
                },
            };
        }
        Ok(())
    }

    fn file(&mut self, context: &Context<'_>, file: &FileLine) -> Result<(), XlsxError> {
        self.path.records.high += file.records.high;
        self.path.records.medium += file.records.medium;
        self.path.records.low += file.records.low;
        self.path.kinds.extend(file.elements.keys());
        self.path.causes.extend(file.gaps.iter().map(|gap| gap.cause.word()));
        if !file.member.is_empty() {
            return Ok(());
        }
        let path = std::mem::take(&mut self.path);
        if path.records.total() == 0 && path.kinds.is_empty() && path.causes.is_empty() {
            return Ok(());
        }
        let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
        let kinds: Vec<&str> = path.kinds.iter().map(|kind| kind_word(*kind)).collect();
        let causes: Vec<&str> = path.causes.into_iter().collect();
        let people = file.residents.total;
        let cells = [
            text(context.shown),
            text(&file.format),
            Cell::Number(file.size),
            text(coverage(file.coverage)),
            Cell::Number(path.records.high),
            Cell::Number(path.records.medium),
            Cell::Number(path.records.low),
            Cell::Number(people.lower),
            Cell::Number(people.upper),
            text(&kinds.join(", ")),
            text(&causes.join(", ")),
            file.modified.clone().map_or(Cell::Empty, Cell::Time),
            text(file.owner.as_deref().unwrap_or_default()),
            text(&file.exposure.map(exposure).unwrap_or_default()),
            text(&file.at.path_id),
        ];
        self.put(FILES_SHEET, &cells)
    }

    /// Filters over what is filled.
    fn close(&mut self) -> Result<(), XlsxError> {
        let widths = std::iter::once(FILES.len()).chain(SHEETS.iter().map(|(_, _, columns)| columns.len()));
        for (n, columns) in widths.enumerate() {
            let (rows, _) = self.filled[n + 1];
            let last = u16::try_from(columns - 1).unwrap_or(u16::MAX);
            self.book.worksheet_from_index(n + 1)?.autofilter(0, 0, rows, last)?;
        }
        Ok(())
    }

    fn summary(&mut self, overview: &Overview) -> Result<(), XlsxError> {
        let cut: Vec<(&str, u64)> = std::iter::once("Files")
            .chain(SHEETS.map(|(name, _, _)| name))
            .zip(&self.filled[1..])
            .map(|(name, (_, cut))| (name, *cut))
            .filter(|(_, cut)| *cut > 0)
            .collect();
        let styles = &self.styles;
        let page = self.book.worksheet_from_index(0)?;
        page.set_column_width(0, 34)?.set_column_width(1, 60)?;
        let run = &overview.run;
        let mut row = 0;
        let mut line = |name: &str, value: Cell| -> Result<(), XlsxError> {
            page.write_string_with_format(row, 0, name, &styles.title)?;
            match value {
                Cell::Empty => {}
                Cell::Number(n) => {
                    page.write_number_with_format(row, 1, n as f64, &styles.count)?;
                }
                Cell::Text(text) | Cell::Time(text) => {
                    page.write_string(row, 1, cut_to_fit(&text))?;
                }
            }
            row += 1;
            Ok(())
        };
        let text = |text: &str| Cell::Text(text.to_owned());
        line("Personal information (M.G.L. c. 93H)", text("masked; names and numbers are not in this file"))?;
        line("Scanned by", text(&format!("{} {}", run.tool, run.version)))?;
        line("Host", text(&run.label))?;
        line("Roots", text(&run.roots.join(", ")))?;
        for run in &overview.runs {
            line("Started", text(&run.run.started))?;
        }
        for words in statement(overview) {
            line("Coverage", text(&words))?;
        }
        for (name, n) in sums(overview) {
            line(&name, Cell::Number(n))?;
        }
        for (sheet, n) in cut {
            line(&format!("not on the sheet {sheet} for want of room"), Cell::Number(n))?;
        }
        Ok(())
    }
}

/// A time of RFC 3339, UTC.
fn time(text: &str) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(text.get(..19)?).ok()
}

/// A text as a cell may hold it.
fn cut_to_fit(text: &str) -> String {
    sanitised(text).chars().take(LONGEST / 2).collect()
}

fn io_error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}

impl Report for Xlsx {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        self.start().map_err(io_error)
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        rows(context, event).iter().try_for_each(|row| self.row(row)).map_err(io_error)?;
        match event {
            Event::File(file) => self.file(context, file).map_err(io_error),
            _ => Ok(()),
        }
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        let Some(out) = self.out.take() else { return Ok(()) };
        self.summary(overview).and_then(|()| self.close()).map_err(io_error)?;
        self.book.save_to_writer(out).map_err(io_error)
    }
}

//! `.xlsx`: a workbook with a summary and sheets of files, records, numbers without a name, and gaps.

use std::collections::BTreeSet;
use std::io;

use rust_xlsxwriter::XlsxError;

use super::book::{self, Book};
use super::cell::Cell;
use super::coverage::{statement, sums};
use super::rows::{Column, Row, rows};
use super::words::{coverage, exposure, kind_word};
use super::{Context, Output, Overview, Report};
use crate::event::{ElementType, Event, FileLine, Levels};

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

/// The number of the sheet of files; [`SHEETS`] follow.
const FILES_SHEET: usize = 0;

/// Writes the workbook.
pub struct Xlsx {
    out: Option<Box<dyn Output>>,
    book: Option<Book>,
    /// What the path in hand has given so far.
    path: Path,
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
        Xlsx { out: Some(out), book: None, path: Path::default() }
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        let Cell::Text(kind) = row.get(Column::Row) else { return Ok(()) };
        let fits = |(_, kinds, _): &(&str, &[&str], &[SheetColumn])| kinds.contains(&kind.as_str());
        let Some(n) = SHEETS.iter().position(fits) else { return Ok(()) };
        let cells = SHEETS[n].2.iter().map(|(_, _, column)| row.get(*column));
        self.book.as_mut().map_or(Ok(()), |book| book.put(n + 1, cells))
    }

    fn file(&mut self, context: &Context<'_>, file: &FileLine) -> io::Result<()> {
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
        let text = |text: &str| Cell::text(text);
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
            Cell::time(file.modified.as_deref()),
            text(file.owner.as_deref().unwrap_or_default()),
            text(&file.exposure.map(exposure).unwrap_or_default()),
            text(&file.at.path_id),
        ];
        self.book.as_mut().map_or(Ok(()), |book| book.put(FILES_SHEET, &cells))
    }
}

/// Fills the summary.
fn summarise(book: &mut Book, overview: &Overview) -> io::Result<()> {
    let mut lines = vec![(
        "Personal information (M.G.L. c. 93H)".to_owned(),
        Cell::text("masked; names and numbers are not in this file"),
    )];
    lines.extend(book::origin(overview).into_iter().map(|(name, cell)| (name.to_owned(), cell)));
    lines.extend(statement(overview).into_iter().map(|words| ("Coverage".to_owned(), Cell::text(words))));
    lines.extend(sums(overview).into_iter().map(|(name, n)| (name, Cell::Number(n))));
    let cut = book.cut().into_iter();
    lines.extend(
        cut.map(|(sheet, n)| (format!("not on the sheet {sheet} for want of room"), Cell::Number(n))),
    );
    let (page, styles) = book.summary()?;
    let mut write = || -> Result<(), XlsxError> {
        page.set_column_width(0, 34)?.set_column_width(1, 60)?;
        for ((name, cell), row) in lines.iter().zip(0..) {
            page.write_string_with_format(row, 0, name, &styles.title)?;
            book::write(page, row, 1, cell, styles)?;
        }
        Ok(())
    };
    write().map_err(book::io_error)
}

impl Report for Xlsx {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        let mut book = Book::new()?;
        book.table("Files", &FILES, 0)?;
        for (name, _, columns) in SHEETS {
            let columns: Vec<_> = columns.iter().map(|(title, width, _)| (*title, *width)).collect();
            book.table(name, &columns, 0)?;
        }
        self.book = Some(book);
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        rows(context, event).iter().try_for_each(|row| self.row(row))?;
        match event {
            Event::File(file) => self.file(context, file),
            _ => Ok(()),
        }
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        let (Some(out), Some(mut book)) = (self.out.take(), self.book.take()) else { return Ok(()) };
        summarise(&mut book, overview)?;
        book.save(out)
    }
}

//! Former inventories read back, as they were written or as a spreadsheet program saved them.

use std::collections::BTreeMap;
use std::io::Read;

use super::RuleError;
use super::delimited::{Line, lines};
use super::former::Table;
use super::sheets::Sheet;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Extractor, Input, Object, Place, ReadSeek, Row, Sealed};
use crate::event::Encryption;
use crate::extract::xlsx::Xlsx;
use crate::report::cell::harmed;

/// The most memory that the texts of a workbook may take.
const MEMORY: u64 = 2 << 30;

/// The table of an inventory in CSV.
///
/// # Errors
/// Names the line that is wrong.
pub fn csv(bytes: &[u8]) -> Result<Vec<Table>, RuleError> {
    let mut lines = lines(bytes)?;
    for field in lines.iter_mut().flat_map(|line| &mut line.fields) {
        *field = harmed(field).to_owned();
    }
    Ok(vec![Table { sheet: None, lines }])
}

/// The tables of an inventory in a workbook of `len` bytes that hold decisions.
///
/// # Errors
/// If anything of the workbook cannot be read: a decision might be missing.
pub fn xlsx(content: &mut dyn ReadSeek, len: u64) -> Result<Vec<Table>, RuleError> {
    let mut rows = Rows::default();
    let mut input = Input { name: "", len, reader: content, memory: MEMORY, passwords: &[] };
    Xlsx.extract(&mut input, &mut rows);
    if let Some(what) = rows.missing {
        return Err(RuleError { line: 1, what });
    }
    let table = |sheet: Sheet| {
        let lines = rows.sheets.remove(sheet.title())?;
        Some(Table { sheet: Some(sheet.title().to_owned()), lines })
    };
    let tables: Vec<Table> = [Sheet::Files, Sheet::Gone].into_iter().filter_map(table).collect();
    if tables.is_empty() {
        let what = format!("no inventory: the workbook has no sheet \"{}\"", Sheet::Files.title());
        return Err(RuleError { line: 1, what });
    }
    Ok(tables)
}

/// The first text of a workbook of `len` bytes, by which its maker is known; none if it cannot be read.
pub fn title(content: &mut dyn ReadSeek, len: u64) -> Option<String> {
    let mut rows = Rows { title_alone: true, ..Rows::default() };
    let mut input = Input { name: "", len, reader: content, memory: MEMORY, passwords: &[] };
    Xlsx.extract(&mut input, &mut rows);
    rows.title
}

/// Keeps the rows of sheets.
#[derive(Default)]
struct Rows {
    sheets: BTreeMap<String, Vec<Line>>,
    missing: Option<String>,
    title: Option<String>,
    title_alone: bool,
}

impl DocumentSink for Rows {
    fn unit(&mut self, _: Place) {}

    fn text(&mut self, _: Place, _: &str) {}

    fn row(&mut self, row: Row) {
        let Some(sheet) = row.place.sheet.filter(|_| row.place.part.is_none()) else { return };
        if self.title.is_none() {
            self.title = row.cells.first().map(|cell| cell.text.clone());
        }
        if self.title_alone || ![Sheet::Files, Sheet::Gone].iter().any(|s| s.title() == sheet) {
            return;
        }
        let mut fields = Vec::new();
        for cell in row.cells.into_iter().filter(|cell| (cell.column as usize) < Sheet::MOST_COLUMNS) {
            let column = cell.column as usize;
            fields.resize_with(fields.len().max(column + 1), String::new);
            fields[column] = cell.text;
        }
        if fields.iter().any(|field| !field.is_empty()) {
            let line = row.place.row.unwrap_or(0);
            self.sheets.entry(sheet).or_default().push(Line { line, fields });
        }
    }

    fn object(&mut self, _: Object) {}

    fn envelope(&mut self, _: Envelope) {}

    fn member(&mut self, _: &str, _: &mut dyn Read) {}

    fn sealed_member(&mut self, _: &str, _: u64, _: Sealed) {}

    fn gap(&mut self, _: Cause, detail: &str, _: Option<String>) {
        self.missing.get_or_insert_with(|| format!("cannot be read in full: {detail}"));
    }

    fn encrypted(&mut self, _: Encryption) {
        self.missing.get_or_insert_with(|| "encrypted: save it without a password".to_owned());
    }

    fn go_on(&mut self) -> bool {
        !self.title_alone || self.title.is_none()
    }
}

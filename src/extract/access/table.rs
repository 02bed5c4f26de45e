//! The rows of a table, given one by one.

use super::definition::Definition;
use super::long::attachment;
use super::pages::Page;
use super::row::{Row, Stored};
use super::value::{Value, text, value};
use super::{Database, MOST_MOVED};
use crate::coverage::Cause;
use crate::document::{Cell, Place, Row as Given};
use crate::extract::bytes::u32_at;
use crate::extract::sqlite::blob;

/// The type of tables in the catalog. Others are queries, forms, and tables that lie in another database.
const TABLE: &str = "1";
/// Rows on a page that a pointer can name.
const MOST_ROWS: u16 = 256;

/// A table by its name and the page of its definition.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) page: u32,
}

/// A table being read.
pub(super) struct Table {
    name: String,
    definition: Definition,
    rows: u64,
}

/// A file in a cell, handed over after the rows of its page.
struct Attached {
    column: u32,
    row: u64,
    bytes: Vec<u8>,
}

impl Table {
    pub(super) fn new(name: String, definition: Definition) -> Table {
        Table { name, definition, rows: 0 }
    }

    /// Gives the names of the columns, the rows, and those that were deleted. False if the work must end.
    pub(super) fn read(&mut self, db: &mut Database<'_, '_>) -> bool {
        let place = Place { table: Some(self.name.clone()), ..Place::default() };
        db.sink.unit(place.clone());
        self.header(&place, db);
        let mut deleted = Vec::new();
        for number in db.owned.remove(&self.definition.page).unwrap_or_default() {
            let rows = rows(db, number, &mut deleted);
            if !self.give(&place, rows, db) {
                return false;
            }
        }
        if deleted.len() == MOST_MOVED {
            db.sink.gap(Cause::LimitMemory, "more deleted rows than are kept", None);
        }
        deleted.retain(|pointer| !db.moved.contains(pointer));
        if !deleted.is_empty() {
            let place = Place { part: Some("deleted".into()), ..place };
            db.sink.unit(place.clone());
            self.header(&place, db);
            for pointers in deleted.chunks(usize::from(MOST_ROWS)) {
                let rows = pointers.iter().filter_map(|&pointer| db.part(pointer)).collect();
                if !self.give(&place, rows, db) {
                    return false;
                }
            }
        }
        true
    }

    /// The tables that this one, the catalog, lists, but for those of the program itself.
    pub(super) fn listed(&self, db: &mut Database<'_, '_>) -> Vec<Listed> {
        let column = |name: &str| self.definition.columns.iter().position(|c| c.name == name);
        let [id, name, kind] = [column("Id"), column("Name"), column("Type")];
        let (Some(id), Some(name), Some(kind)) = (id, name, kind) else { return Vec::new() };
        let mut listed = Vec::new();
        for number in db.owned.remove(&self.definition.page).unwrap_or_default() {
            for row in rows(db, number, &mut Vec::new()) {
                let Some((cells, _)) = self.cells(&row, db) else { continue };
                let of = |wanted: usize| cells.iter().find(|c| c.column as usize == wanted).map(|c| &*c.text);
                let (Some(id), Some(name), Some(TABLE)) = (of(id), of(name), of(kind)) else { continue };
                let Ok(id) = id.parse::<i64>() else { continue };
                if !name.starts_with("MSys") {
                    listed.push(Listed {
                        name: name.to_owned(),
                        page: u32::try_from(id & 0x00FF_FFFF).unwrap_or(0),
                    });
                }
            }
        }
        listed
    }

    fn header(&self, place: &Place, db: &mut Database<'_, '_>) {
        let cells = (0..).zip(&self.definition.columns);
        let cells = cells.map(|(column, c)| Cell { column, text: c.name.clone(), number: false }).collect();
        db.sink.row(Given { place: place.clone(), cells });
    }

    /// Gives rows, then the files in them. False if the work must end.
    fn give(&mut self, place: &Place, rows: Vec<Vec<u8>>, db: &mut Database<'_, '_>) -> bool {
        let mut files = Vec::new();
        for row in rows {
            if !db.sink.go_on() {
                return false;
            }
            self.rows += 1;
            let Some((cells, attached)) = self.cells(&row, db) else {
                // A deleted row may have been written over.
                if place.part.is_none() {
                    db.damage("a row is damaged", self.definition.page);
                }
                continue;
            };
            files.extend(attached.into_iter().map(|file| Attached { row: self.rows, ..file }));
            if !cells.is_empty() {
                db.sink.row(Given { place: Place { row: Some(self.rows), ..place.clone() }, cells });
            }
        }
        for file in files {
            let column = self.definition.columns.get(file.column as usize).map_or("", |c| &c.name);
            let name = format!("{}/{column}/{}", self.name, file.row);
            db.sink.member(&name, &mut &*file.bytes);
        }
        true
    }

    /// The cells of a row, and the files in it.
    fn cells(&self, row: &[u8], db: &mut Database<'_, '_>) -> Option<(Vec<Cell>, Vec<Attached>)> {
        let (jet, code_page) = (db.pages.jet, db.pages.code_page);
        let parsed = Row::read(row, jet, &self.definition)?;
        let (mut cells, mut files) = (Vec::new(), Vec::new());
        for (column, defined) in (0..).zip(&self.definition.columns) {
            let bytes = match parsed.value(defined) {
                Stored::Null => continue,
                Stored::Truth(truth) => {
                    let text = if truth { "TRUE" } else { "FALSE" }.to_owned();
                    cells.push(Cell { column, text, number: false });
                    continue;
                }
                Stored::Bytes(bytes) => bytes,
            };
            let (text, number) = match value(bytes, defined.kind, defined.scale, jet, code_page) {
                Some(Value::Text(text)) => (text, false),
                Some(Value::Number(text)) => (text, true),
                Some(Value::LongText) => (text(&db.long(bytes), jet, code_page), false),
                Some(Value::Bytes) => (blob(bytes).unwrap_or_default(), false),
                Some(Value::Object) => {
                    let bytes = db.long(bytes);
                    let bytes = attachment(&bytes, db.most).unwrap_or(bytes);
                    let Some(text) = blob(&bytes) else {
                        files.push(Attached { column, row: 0, bytes });
                        continue;
                    };
                    (text, false)
                }
                None => continue,
            };
            if !text.trim().is_empty() {
                cells.push(Cell { column, text, number });
            }
        }
        Some((cells, files))
    }
}

/// The rows on a page; where those that are deleted lie is noted.
fn rows(db: &mut Database<'_, '_>, number: u32, deleted: &mut Vec<u32>) -> Vec<Vec<u8>> {
    let Some(page) = db.pages.page(number) else { return Vec::new() };
    let mut rows = Vec::new();
    for row in 0..page.rows().min(MOST_ROWS) {
        let Some(slot) = page.slot(row) else { continue };
        if slot.deleted {
            if deleted.len() < MOST_MOVED {
                deleted.push(number << 8 | u32::from(row));
            }
            continue;
        }
        let bytes = if slot.moved { moved(&page, &slot, db) } else { page.row(&slot).map(<[u8]>::to_vec) };
        match bytes {
            Some(bytes) => rows.push(bytes),
            None => db.damage("a row is damaged", number),
        }
    }
    rows
}

/// The row that stands elsewhere, because it has outgrown its place.
fn moved(page: &Page, slot: &super::pages::Slot, db: &mut Database<'_, '_>) -> Option<Vec<u8>> {
    let pointer = u32_at(page.row(slot)?, 0)?;
    if db.moved.len() == MOST_MOVED {
        db.sink.gap(Cause::LimitMemory, "more moved rows than are kept", None);
    }
    if db.moved.len() <= MOST_MOVED {
        db.moved.insert(pointer);
    }
    db.part(pointer)
}

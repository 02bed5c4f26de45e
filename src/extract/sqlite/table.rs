//! The rows of a table, in the order of their keys.

use std::hash::{DefaultHasher, Hasher};

use super::pager::{Node, NodeKind, cell};
use super::record::{Value, values};
use super::rows::{Attachment, gather, row};
use super::schema::{Columns, columns};
use super::{Database, MOST_FREE, MOST_KNOWN};
use crate::coverage::Cause;
use crate::document::{Cell, Place, Row};

/// Entries of the schema that are kept, and bytes of their statements.
const MOST_ENTRIES: usize = 1 << 16;
const MOST_STATEMENTS: usize = 32 << 20;

/// A table of the schema; indexes, views and triggers have no root.
#[derive(Default)]
pub(super) struct Entry {
    name: String,
    /// Its first page.
    pub(super) root: u32,
    /// The statement that made it.
    pub(super) sql: String,
}

/// The tables of the database, from the table that begins on page 1.
pub(super) fn schema(db: &mut Database<'_, '_>) -> Vec<Entry> {
    db.sink.unit(Place { part: Some("schema".into()), ..Place::default() });
    let (mut entries, mut held) = (Vec::new(), 0);
    let mut walk = Walk { stack: vec![1] };
    while let Some((number, page, node)) = walk.next(db) {
        for (_, record) in records(db, number, &page, &node) {
            let Some(entry) = entry(&record, db) else { continue };
            held += entry.sql.len() + entry.name.len();
            if entries.len() == MOST_ENTRIES || held > MOST_STATEMENTS {
                db.sink.gap(Cause::LimitMemory, "more tables than are kept", None);
                return entries;
            }
            entries.push(entry);
        }
    }
    entries
}

/// Type, name, table, root page, statement (format, section 2.6).
fn entry(record: &[u8], db: &Database<'_, '_>) -> Option<Entry> {
    let mut values = values(record, db.pager.header.charset)?.into_iter();
    let Some(Value::Text(kind)) = values.next() else { return None };
    let Some(Value::Text(name)) = values.next() else { return None };
    let root = match values.nth(1) {
        Some(Value::Integer(n)) if kind == "table" => u32::try_from(n).unwrap_or(0),
        _ => 0,
    };
    let sql = match values.next() {
        Some(Value::Text(sql)) => sql,
        _ => String::new(),
    };
    Some(Entry { name, root, sql })
}

/// Pages of a tree still to be read, the next one last.
struct Walk {
    stack: Vec<u32>,
}

impl Walk {
    /// The next page, in the order of keys. What cannot be read is told; `None` at the end.
    fn next(&mut self, db: &mut Database<'_, '_>) -> Option<(u32, Vec<u8>, Node)> {
        loop {
            let number = self.stack.pop()?;
            if !db.sink.go_on() {
                return None;
            }
            if number == 0 || number > db.pager.count {
                db.damage.page(number, "a page is missing", db.sink);
                continue;
            }
            if !db.pager.take(number) {
                db.damage.page(number, "a page is used twice", db.sink);
                continue;
            }
            let page = db.pager.page(number);
            let node = page.as_ref().and_then(|page| Node::of(page, number));
            let (Some(page), Some(node)) = (page, node) else {
                db.damage.page(number, "a page cannot be read", db.sink);
                continue;
            };
            if node.lost > 0 || page.len() < db.pager.header.page_size {
                db.damage.page(number, "a page is damaged in part", db.sink);
            }
            self.push_children(&page, &node, db.pager.header.usable);
            return Some((number, page, node));
        }
    }

    fn push_children(&mut self, page: &[u8], node: &Node, usable: usize) {
        self.stack.extend(node.right);
        let children = node.cells.iter().rev().filter_map(|&at| cell(page, at, node.kind, usable)?.child);
        self.stack.extend(children);
    }
}

/// The records of a page, whole or as far as they go.
fn records(db: &mut Database<'_, '_>, number: u32, page: &[u8], node: &Node) -> Vec<(Option<i64>, Vec<u8>)> {
    if node.kind == NodeKind::TableInner {
        return Vec::new();
    }
    let mut records = Vec::new();
    let mut held = 0;
    for &at in &node.cells {
        let Some(cell) = cell(page, at, node.kind, db.pager.header.usable) else {
            db.damage.page(number, "a row is damaged", db.sink);
            continue;
        };
        let local = page.get(cell.local).unwrap_or_default();
        let most = db.most.saturating_sub(held);
        let (record, whole) = gather(&mut db.pager, local, cell.length, cell.overflow, most);
        held += record.len() as u64;
        if !whole && cell.length > most {
            db.sink.gap(Cause::LimitMemory, "a row is too long", Some(format!("page {number}")));
        } else if !whole {
            db.damage.page(number, "a row breaks off", db.sink);
        }
        records.push((cell.rowid, record));
    }
    records
}

/// Gives the rows of a table, the names of its columns first. False if the work must end.
pub(super) fn read(db: &mut Database<'_, '_>, entry: &Entry) -> bool {
    let place = Place { table: Some(entry.name.clone()), ..Place::default() };
    db.sink.unit(place.clone());
    let mut walk = Walk { stack: vec![entry.root] };
    let mut layout: Option<Columns> = None;
    while let Some((number, page, node)) = walk.next(db) {
        let by_key = matches!(node.kind, NodeKind::IndexInner | NodeKind::IndexLeaf);
        if layout.is_none() {
            let columns = columns(&entry.sql, by_key);
            header(db, &place, &columns.names);
            db.layouts.push((entry.name.clone(), columns.names.clone()));
            layout = Some(columns);
        }
        let Some(layout) = &layout else { return false };
        note_free(db, number, &page, &node);
        let records = records(db, number, &page, &node);
        let mut attachments = Vec::new();
        for (id, record) in &records {
            attachments.extend(give(db, &place, *id, record, layout));
        }
        for attachment in attachments {
            db.sink.member(&attachment.name, &mut &*attachment.bytes);
        }
    }
    db.sink.go_on()
}

/// The names of columns as a row.
pub(super) fn header(db: &mut Database<'_, '_>, place: &Place, names: &[String]) {
    let cells =
        names.iter().zip(0..).map(|(name, column)| Cell { column, text: name.clone(), number: false });
    let row = Row { place: place.clone(), cells: cells.collect() };
    if !row.cells.is_empty() {
        db.sink.row(row);
    }
}

fn give<'r>(
    db: &mut Database<'_, '_>,
    place: &Place,
    id: Option<i64>,
    record: &'r [u8],
    layout: &Columns,
) -> Vec<Attachment<'r>> {
    let Some(values) = values(record, db.pager.header.charset) else { return Vec::new() };
    if db.known.len() < MOST_KNOWN {
        db.known.insert(hash(record));
    }
    let place = Place { row: id.and_then(|id| u64::try_from(id).ok()), ..place.clone() };
    let (row, attachments) = row(place, values, id, layout.rowid, &layout.names);
    if !row.cells.is_empty() {
        db.sink.row(row);
    }
    attachments
}

/// By which a record is known again.
pub(super) fn hash(record: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(record);
    hasher.finish()
}

/// Remembers a page that has something in its free space.
fn note_free(db: &mut Database<'_, '_>, number: u32, page: &[u8], node: &Node) {
    let gap = page.get(node.pointers_end..node.content).unwrap_or_default();
    if node.free_block == 0 && gap.iter().all(|&b| b == 0) {
        return;
    }
    if db.free.len() < MOST_FREE {
        let table = db.layouts.len().saturating_sub(1);
        db.free.push((number, u32::try_from(table).unwrap_or(u32::MAX)));
    } else if db.free.len() == MOST_FREE {
        db.free.push((0, u32::MAX));
        db.sink.gap(Cause::LimitMemory, "free space of more pages than are kept", None);
    }
}

//! `SQLite` databases: every row of every table, then what deleted rows have left behind.
//!
//! The B-trees are walked page by page ("Database File Format", sqlite.org/fileformat.html), and no statement is run.
//! So the database may be of any size or lie in an archive, a damaged page costs what stands on it and no more, and
//! space that no row uses can be looked at: there deleted rows stay readable until it is needed again.

mod carve;
mod free;
mod pager;
mod record;
mod rows;
mod runs;
mod schema;
mod table;
mod wal;

use std::collections::HashSet;
use std::io::Read;

use super::runs::Runs;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use pager::{Header, Pager};
use rows::Damage;
pub(crate) use rows::blob;
pub use wal::SqliteWal;

/// Reader of database files.
pub struct Sqlite;

/// The longest record that is read whole, in bytes.
const MOST_RECORD: u64 = 64 << 20;
/// Pages whose free space is looked at.
const MOST_FREE: usize = 1 << 22;
/// Rows that are known again when a copy of them is found in free space.
const MOST_KNOWN: usize = 1 << 21;

/// A database being read.
struct Database<'a, 's> {
    pager: Pager<'a>,
    sink: &'s mut dyn DocumentSink,
    most: u64,
    damage: Damage,
    /// Names and columns of the tables, in their order.
    layouts: Vec<(String, Vec<String>)>,
    /// Pages with something in their free space, and which table they belong to.
    free: Vec<(u32, u32)>,
    /// Hashes of rows.
    known: HashSet<u64>,
}

impl Extractor for Sqlite {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut head = Vec::new();
        let read = input.reader.rewind().and_then(|()| {
            let mut reader = &mut *input.reader;
            Read::take(&mut reader, pager::HEADER as u64).read_to_end(&mut head)
        });
        let Some(header) = read.ok().and_then(|_| Header::of(&head)) else {
            sink.gap(Cause::Damaged, "the header is damaged; runs of text were read", None);
            Runs.extract(input, sink);
            return;
        };
        let most = MOST_RECORD.min(input.memory);
        let pager = Pager::new(input.reader, header, input.len);
        let (layouts, free, known, damage) = (Vec::new(), Vec::new(), HashSet::new(), Damage::default());
        Database { pager, sink, most, damage, layouts, free, known }.read();
    }
}

impl Database<'_, '_> {
    fn read(&mut self) {
        let tables = table::schema(self);
        for statement in tables.iter().filter(|t| !t.sql.is_empty()).map(|t| &t.sql) {
            self.sink.text(Place { part: Some("schema".into()), ..Place::default() }, statement);
        }
        for entry in tables.iter().filter(|t| t.root > 0) {
            if !table::read(self, entry) {
                return;
            }
        }
        if free::list(self) && free::space(self) && self.damage.any() {
            free::unlinked(self);
        }
    }
}

#[cfg(test)]
mod tests;

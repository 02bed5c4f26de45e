//! Access databases: rows of every table, of Jet 3 (Access 95 and 97), Jet 4 (2000 to 2003) and ACE (from 2007).
//!
//! The format is not published by its maker; sources are "MDB File Format Internals" of the MDB Tools project
//! (`HACKING.md`) and what Jackcess documents of its constants. No engine runs: the pages of a table are found by the
//! number of its definition that each of them bears, so that neither an index nor a map of pages has to be whole.
//! Rows that were deleted stay on their page until the database is compacted; they follow the others as part `deleted`.
//!
//! A password of a Jet database stands in its header and protects nothing. "Encoding" one ciphers the pages with a
//! key that stands beside it, which protects nothing either: both are read. Encryption of ACE is settled before.

mod definition;
mod long;
mod pages;
mod row;
mod table;
mod value;

use std::collections::{BTreeMap, HashSet};

use super::runs::Runs;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input};
use crate::event::{Encryption, Tri};
use definition::Definition;
use pages::{Pages, Refused};
use table::{Listed, Table};

/// Reader of Access databases.
pub struct Access;

/// The page on which the definition of the catalog begins.
const CATALOG: u32 = 2;
/// Longest text or object of a cell that is read, in bytes.
const MOST_LONG: u64 = 64 << 20;
/// Rows that overflow from their page and are remembered, so that they are not taken for deleted ones.
const MOST_MOVED: usize = 1 << 22;

/// A database being read.
struct Database<'a, 's> {
    pages: Pages<'a>,
    sink: &'s mut dyn DocumentSink,
    /// Data pages by the definition they belong to.
    owned: BTreeMap<u32, Vec<u32>>,
    /// Page and row of what other rows point to.
    moved: HashSet<u32>,
    /// Bytes of a cell that are held.
    most: u64,
    /// Damaged pages and rows.
    damaged: u32,
}

impl Extractor for Access {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let pages = match Pages::open(input.reader, input.len) {
            Ok(pages) => pages,
            Err(Refused::Encrypted) => {
                sink.encrypted(Encryption { kind: "access".into(), bits: None, statutory: Tri::Unknown });
                return;
            }
            Err(Refused::Damaged) => {
                sink.gap(Cause::Damaged, "the header is damaged; runs of text were read", None);
                Runs.extract(input, sink);
                return;
            }
        };
        if !input.len.is_multiple_of(pages.jet.page_size() as u64) {
            sink.gap(
                Cause::Damaged,
                "the database ends within a page",
                Some(format!("page {}", pages.count - 1)),
            );
        }
        let most = MOST_LONG.min(input.memory);
        let (owned, moved) = (BTreeMap::new(), HashSet::new());
        let whole = Database { pages, sink, owned, moved, most, damaged: 0 }.read();
        if !whole {
            sink.gap(Cause::Damaged, "the list of tables is damaged; runs of text were read", None);
            Runs.extract(input, sink);
        }
    }
}

impl Database<'_, '_> {
    /// False if there is nothing by which tables can be found.
    fn read(&mut self) -> bool {
        let Some(definitions) = self.survey() else { return true };
        let listed = self.catalog();
        let tables = listed.unwrap_or_else(|| unlisted(&definitions));
        if tables.is_empty() && !definitions.contains(&CATALOG) {
            return false;
        }
        for Listed { name, page } in tables {
            let Some(definition) = Definition::read(&mut self.pages, page) else {
                self.damage("the definition of a table cannot be read", page);
                continue;
            };
            if !Table::new(name, definition).read(self) {
                return true;
            }
        }
        if self.damaged > MOST_TOLD {
            self.sink.gap(Cause::Damaged, "more rows and pages are damaged", None);
        }
        true
    }

    /// Finds out what each page is; returns those on which definitions stand. `None` if the work must end.
    fn survey(&mut self) -> Option<Vec<u32>> {
        let mut definitions = Vec::new();
        for number in 1..self.pages.count {
            if number.is_multiple_of(64) && !self.sink.go_on() {
                return None;
            }
            match self.pages.owner(number) {
                Some((pages::DATA, owner)) => self.owned.entry(owner).or_default().push(number),
                Some((pages::DEFINITION, _)) => definitions.push(number),
                _ => {}
            }
        }
        Some(definitions)
    }

    /// The tables that the catalog lists, those of the program itself left out. `None` if it cannot be read.
    fn catalog(&mut self) -> Option<Vec<Listed>> {
        let definition = Definition::read(&mut self.pages, CATALOG)?;
        let listed = Table::new(String::new(), definition).listed(self);
        (!listed.is_empty()).then_some(listed)
    }

    fn damage(&mut self, words: &str, page: u32) {
        self.damaged = self.damaged.saturating_add(1);
        if self.damaged <= MOST_TOLD {
            self.sink.gap(Cause::Damaged, words, Some(format!("page {page}")));
        }
    }
}

/// Damaged pages and rows that are named one by one.
const MOST_TOLD: u32 = 32;

/// Tables whose names are lost: every definition but that of the catalog.
fn unlisted(definitions: &[u32]) -> Vec<Listed> {
    let others = definitions.iter().filter(|&&page| page != CATALOG);
    others.map(|&page| Listed { name: format!("page {page}"), page }).collect()
}

#[cfg(test)]
mod tests;

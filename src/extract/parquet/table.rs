//! The rows of all row groups.

use super::column::Column;
use super::meta::{Leaf, Meta, RowGroup};
use super::nested::Group;
use super::page::Source;
use super::show::{cell, show};
use super::value::Raw;
use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::identify::{self, Kind, Treatment};

/// Text of a table, or a hundred times the size of the file if that is more: a value that is stored once may stand in
/// any number of rows.
const MOST_TEXT: u64 = 2 << 30;
/// What a row and a value count for beside their text.
const EACH: u64 = 16;
/// Text of one row.
const MOST_ROW: usize = 16 << 20;
/// A smaller value is no document.
const LEAST_DOCUMENT: usize = 64;
/// The shortest run of text in a binary value.
const LEAST_RUN: usize = 6;
/// Columns with something wrong that are named one by one.
const MOST_TOLD: usize = 32;

/// A table while it is read.
pub(super) struct Table<'m, 's, 'r> {
    meta: &'m Meta,
    source: &'s mut Source<'r>,
    nested: bool,
    row: u64,
    text: u64,
    told: usize,
    headed: bool,
}

/// A row while it is gathered.
#[derive(Default)]
struct Gathered {
    cells: Vec<Cell>,
    group: Group,
    documents: Vec<(String, Vec<u8>)>,
    text: usize,
    cut: bool,
}

impl<'m, 's, 'r> Table<'m, 's, 'r> {
    pub(super) fn new(meta: &'m Meta, source: &'s mut Source<'r>) -> Self {
        let nested = meta.leaves.iter().any(|leaf| leaf.most_rep > 1 || !leaf.alone);
        Table { meta, source, nested, row: 0, text: 0, told: 0, headed: false }
    }

    fn place(&self) -> Place {
        Place { table: Some(self.meta.root.clone()).filter(|name| !name.is_empty()), ..Place::default() }
    }

    /// Gives all rows. False if the work must end.
    pub(super) fn read(mut self, sink: &mut dyn DocumentSink) -> bool {
        sink.unit(self.place());
        for (n, group) in self.meta.groups.iter().enumerate() {
            if !self.group(n + 1, group, sink) {
                return false;
            }
        }
        true
    }

    fn group(&mut self, number: usize, group: &RowGroup, sink: &mut dyn DocumentSink) -> bool {
        let open = |(n, (leaf, chunk))| Some((n, Column::new(leaf, chunk, self.source.len)));
        let here = self.meta.leaves.iter().zip(&group.chunks).enumerate();
        let mut columns: Vec<(usize, Column<'m>)> =
            here.filter(|(_, (_, c))| !c.encrypted && !c.elsewhere).filter_map(open).collect();
        let before = self.row;
        let complete = columns.len();
        while !columns.is_empty() {
            if !sink.go_on() {
                return false;
            }
            let mut row = Gathered::default();
            let begun = self.gather(&mut columns, number, &mut row, sink);
            if !begun {
                break;
            }
            self.row += 1;
            self.text += EACH + row.text as u64;
            self.give(row, sink);
            if self.text > MOST_TEXT.max(self.source.len.saturating_mul(100)) {
                sink.gap(Cause::LimitBytes, "more text than allowed", None);
                return false;
            }
        }
        self.source.held = 0;
        if columns.len() == complete && complete > 0 && self.row - before < group.rows {
            self.tell(Cause::Damaged, "rows are missing", format!("row group {number}"), sink);
        }
        true
    }

    /// Reads the next row of all columns. A column that fails is left out from then on. False at the end of all.
    fn gather(
        &mut self,
        columns: &mut Vec<(usize, Column<'m>)>,
        group: usize,
        row: &mut Gathered,
        sink: &mut dyn DocumentSink,
    ) -> bool {
        let (mut begun, mut lost) = (false, Vec::new());
        for (at, (n, column)) in columns.iter_mut().enumerate() {
            let (leaf, name) = (column.leaf, (*n, self.row + 1));
            let result =
                column.row(self.source, &mut |indexes, raw| row.value(leaf, name, indexes, raw, self.nested));
            begun |= *result.as_ref().unwrap_or(&true);
            if let Err(trouble) = result {
                lost.push((at, trouble));
            }
        }
        for (at, trouble) in lost.into_iter().rev() {
            let (n, mut column) = columns.remove(at);
            column.release(self.source);
            let (cause, words) = trouble.gap();
            self.tell(
                cause,
                words,
                format!("column {}, from row {}, row group {group}", n + 1, self.row + 1),
                sink,
            );
        }
        if row.cut {
            self.tell(
                Cause::LimitBytes,
                "a row is longer than allowed",
                format!("row {}", self.row + 1),
                sink,
            );
        }
        begun
    }

    /// Hands on a row, and the documents in it.
    fn give(&mut self, row: Gathered, sink: &mut dyn DocumentSink) {
        let place = Place { row: Some(self.row), ..self.place() };
        if self.nested {
            sink.object(row.group.object(String::new(), &place, &format!("/{}", self.row - 1)));
        } else {
            if !std::mem::replace(&mut self.headed, true) {
                let names = self.meta.leaves.iter().map(Leaf::name).enumerate();
                let cells = names.map(|(n, name)| cell(n, name, false)).collect();
                sink.row(Row { place: self.place(), cells });
            }
            if !row.cells.is_empty() {
                sink.row(Row { place, cells: row.cells });
            }
        }
        for (name, bytes) in row.documents {
            sink.member(&name, &mut bytes.as_slice());
            // A member ends the table; it goes on under the same header.
            self.headed = false;
        }
    }

    fn tell(&mut self, cause: Cause, words: &str, extent: String, sink: &mut dyn DocumentSink) {
        self.told += 1;
        if self.told <= MOST_TOLD {
            sink.gap(cause, words, Some(extent));
        } else if self.told == MOST_TOLD + 1 {
            sink.gap(cause, "more columns have something wrong", None);
        }
    }
}

impl Gathered {
    /// Takes up a value of a column with its number, in a row with its number.
    fn value(&mut self, leaf: &Leaf, (n, row): (usize, u64), indexes: &[u32], raw: &Raw<'_>, nested: bool) {
        let Some((text, number)) = show(raw, leaf).or_else(|| self.binary(leaf, row, raw)) else { return };
        if text.is_empty() {
            return;
        }
        self.text += text.len() + EACH as usize;
        if self.text > MOST_ROW {
            self.cut = true;
        } else if nested {
            self.group.put(leaf, indexes, text, number);
        } else {
            match self.cells.last_mut() {
                // Items of a list.
                Some(cell) if cell.column as usize == n => {
                    cell.text.push_str("; ");
                    cell.text.push_str(&text);
                    cell.number = false;
                }
                _ => self.cells.push(cell(n, text, number)),
            }
        }
    }

    /// The runs of text in a binary value. One that is a document is kept apart.
    fn binary(&mut self, leaf: &Leaf, row: u64, raw: &Raw<'_>) -> Option<(String, bool)> {
        let Raw::Bytes(bytes) = raw else { return None };
        let head = &bytes[..bytes.len().min(identify::HEAD)];
        let kind = (bytes.len() >= LEAST_DOCUMENT).then(|| identify::identify(head, bytes.len() as u64));
        if let Some(
            Kind::Text(_) | Kind::Document(identify::Format { treatment: Treatment::Reader(_), .. }),
        ) = kind
        {
            self.documents.push((format!("{}/{row}", leaf.name()), bytes.to_vec()));
            return None;
        }
        let runs =
            bytes.split(|b| !(b' '..=b'~').contains(b) && *b != b'\t').filter(|r| r.len() >= LEAST_RUN);
        let runs: Vec<String> = runs.map(|run| String::from_utf8_lossy(run).into_owned()).collect();
        Some((runs.join("\n"), false))
    }
}

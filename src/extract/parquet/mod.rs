//! Parquet: tables stored by column.
//!
//! Sources: the documents of the Parquet format (`README`, `parquet.thrift`, "Encodings", "Compression",
//! "Encryption", "`LogicalTypes`"). The end of the file says where the pages of each column lie; of every column one
//! page is held at a time, so that rows come out in order and memory stays flat however long the table is. This is a
//! reader of our own because the `parquet` crate wants a file that it may keep, brings zstd in C, and makes rows only
//! of whole column chunks or through Arrow.
//!
//! A table with lists of groups comes out as objects, any other as rows under the names of the columns.

mod bits;
mod codec;
mod column;
mod meta;
mod nested;
mod page;
mod salvage;
mod show;
mod table;
mod thrift;
mod value;

use super::bytes;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Field, Input, Object, Place};
use crate::event::{Encryption, Tri};
use meta::Meta;
use page::Source;

pub(super) use bits::varint;
pub(super) use codec::unpack_snappy;

/// Reader of Parquet files.
pub struct Parquet;

/// The longest metadata that are read.
const MOST_META: u64 = 64 << 20;
/// How far from the end of the file the mark of the end is looked for, where something was put behind it.
const END: u64 = 1 << 16;
/// The longest remark that is read.
const MOST_REMARK: usize = 1 << 20;
/// The mark at both ends.
const MARK: &[u8] = b"PAR1";

/// Why a page is not read.
#[derive(Clone, Copy)]
enum Trouble {
    Damaged,
    Unknown,
    Memory,
    Io,
}

impl Trouble {
    fn gap(self) -> (Cause, &'static str) {
        match self {
            Trouble::Damaged => (Cause::Damaged, "a column is damaged"),
            Trouble::Unknown => (Cause::NoReader, "a column is stored in a way that is not read"),
            Trouble::Memory => (Cause::LimitMemory, "the pages of a column are larger than allowed"),
            Trouble::Io => (Cause::IoError, "reading failed"),
        }
    }
}

impl Extractor for Parquet {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut source = Source { reader: input.reader, len: input.len, held: 0, most: input.memory };
        let Some((meta, whole)) = metadata(&mut source) else {
            sink.gap(Cause::Damaged, "the end, which names the columns, is missing or damaged", None);
            return salvage::pages(&mut source, sink);
        };
        if !whole {
            sink.gap(Cause::Damaged, "the list of columns and pages is damaged", None);
        }
        if sealed(&meta, sink) {
            return;
        }
        if table::Table::new(&meta, &mut source).read(sink) {
            remarks(meta.remarks, sink);
        }
    }
}

/// The metadata: before the mark at the end of the file stands their length.
fn metadata(source: &mut Source<'_>) -> Option<(Meta, bool)> {
    let from = source.len.saturating_sub(END);
    let tail = source.read(from, source.len - from).ok()?;
    let marks = tail.windows(8).enumerate().rev().filter(|(_, w)| w.ends_with(MARK)).take(4);
    let ends: Vec<(u64, u64)> =
        marks.filter_map(|(at, w)| Some((from + at as u64, u64::from(bytes::u32_at(w, 0)?)))).collect();
    ends.into_iter().find_map(|(end, length)| {
        let start = end.checked_sub(length).filter(|_| length <= MOST_META)?;
        Meta::read(&source.read(start, length).ok()?)
    })
}

/// True if all columns are encrypted; false, and told, if some are. Keys have 128 bits at least ("Encryption", section
/// 4.1). Encrypted columns are no members: what lies open beside them is the file itself.
fn sealed(meta: &Meta, sink: &mut dyn DocumentSink) -> bool {
    let chunks = || meta.groups.iter().flat_map(|g| &g.chunks);
    let sealed = chunks().any(|chunk| chunk.encrypted);
    if sealed {
        sink.encrypted(Encryption { kind: "parquet".to_owned(), bits: None, statutory: Tri::Yes });
    }
    sealed && chunks().all(|chunk| chunk.encrypted)
}

/// Remarks of the program that wrote the file, but for the schema in the form of Arrow.
fn remarks(remarks: Vec<(String, String)>, sink: &mut dyn DocumentSink) {
    let place = |field| Place { part: Some("properties".to_owned()), field, ..Place::default() };
    let told = remarks.into_iter().filter(|(key, value)| key != "ARROW:schema" && value.len() <= MOST_REMARK);
    let fields: Vec<Field> = told
        .map(|(key, value)| Field { place: place(Some(key.clone())), key, value, number: false })
        .collect();
    if !fields.is_empty() {
        sink.unit(place(None));
        sink.object(Object { fields, place: place(None), ..Object::default() });
    }
}

#[cfg(test)]
mod tests;

//! Write-ahead logs and rollback journals: copies of pages that lie beside a database.
//!
//! Source: "Database File Format", sections 3 (rollback journal) and 4 (write-ahead log). The names of tables and
//! columns are in the database itself, so rows come without them. Copies from before the last restart of a log count
//! like any other: what they hold can be read.

use std::io::{Read, SeekFrom};

use super::pager::{Charset, Node, NodeKind, cell, u32_at, valid_page_size};
use super::record::values;
use super::rows::row;
use super::runs;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::extract::runs::Runs;

/// Reader of write-ahead logs and rollback journals.
pub struct SqliteWal;

const JOURNAL: &[u8] = b"\xD9\xD5\x05\xF9\x20\xA1\x63\xD7";

/// Where the copies lie: the first one, the bytes before and after each, and their size.
struct Shape {
    first: u64,
    before: usize,
    after: usize,
    page: usize,
}

impl Shape {
    fn of(head: &[u8]) -> Option<Shape> {
        let journal = head.starts_with(JOURNAL);
        let page = u32_at(head, if journal { 24 } else { 8 })? as usize;
        if !valid_page_size(page) {
            return None;
        }
        if journal {
            let sector = u64::from(u32_at(head, 20)?);
            let first = if (32..=65536).contains(&sector) { sector } else { 512 };
            return Some(Shape { first, before: 4, after: 4, page });
        }
        Some(Shape { first: 32, before: 24, after: 0, page })
    }
}

impl Extractor for SqliteWal {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut head = [0; 32];
        let read = input.reader.rewind().and_then(|()| input.reader.read_exact(&mut head));
        let shape = read.ok().and_then(|()| Shape::of(&head));
        let shape = shape.filter(|s| input.reader.seek(SeekFrom::Start(s.first)).is_ok());
        let Some(shape) = shape else {
            sink.gap(Cause::Damaged, "the header is damaged; runs of text were read", None);
            Runs.extract(input, sink);
            return;
        };
        sink.unit(Place { part: Some("wal".into()), ..Place::default() });
        let mut frame = Vec::new();
        let size = shape.before + shape.page + shape.after;
        while sink.go_on() {
            frame.clear();
            let mut reader = &mut *input.reader;
            if Read::take(&mut reader, size as u64).read_to_end(&mut frame).is_err() {
                sink.gap(Cause::IoError, "reading failed", None);
                return;
            }
            let end = frame.len().min(shape.before + shape.page);
            let Some(page) = frame.get(shape.before..end).filter(|p| !p.is_empty()) else { return };
            copy(page, u32_at(&frame, 0).unwrap_or(0), shape.page, sink);
        }
    }
}

/// One copy of a page: its rows if it is a leaf, else the text on it.
fn copy(page: &[u8], number: u32, size: usize, sink: &mut dyn DocumentSink) {
    let place = Place { page: Some(number), part: Some("wal".into()), ..Place::default() };
    let node = Node::of(page, number).filter(|n| n.lost == 0);
    match node.as_ref().map(|n| n.kind) {
        // Keys of inner pages of indexes stand in their tables too; those of tables are no text.
        Some(NodeKind::TableInner | NodeKind::IndexInner) => return,
        Some(NodeKind::TableLeaf | NodeKind::IndexLeaf) => {}
        None => {
            for text in runs::of(page, Charset::Utf8) {
                sink.text(place.clone(), &text);
            }
            return;
        }
    }
    for &at in node.iter().flat_map(|n| &n.cells) {
        let kind = node.as_ref().map_or(NodeKind::TableLeaf, |n| n.kind);
        let Some(cell) = cell(page, at, kind, size) else { continue };
        let local = page.get(cell.local).unwrap_or_default();
        let Some(values) = values(local, charset_of(local)) else { continue };
        let (row, attachments) = row(place.clone(), values, cell.rowid, None, &[]);
        if !row.cells.is_empty() {
            sink.row(row);
        }
        for text in attachments.iter().flat_map(|a| runs::of(a.bytes, Charset::Utf8)) {
            sink.text(place.clone(), &text);
        }
    }
}

/// A log does not say how the database stores text. UTF-16 shows by its zero bytes.
fn charset_of(record: &[u8]) -> Charset {
    let zeros = |odd: usize| record.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even.max(odd) * 4 < record.len() || record.len() < 8 {
        return Charset::Utf8;
    }
    // Which byte is the high one depends on where the text begins, and that on the header.
    let text = record.first().map_or(0, |&h| usize::from(h));
    let high_first = zeros(text % 2) > zeros((text + 1) % 2);
    if high_first { Charset::Utf16Be } else { Charset::Utf16Le }
}

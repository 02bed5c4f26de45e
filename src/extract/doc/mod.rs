//! Word documents from Word 6 to Word 2003, and the text of older ones.
//!
//! Formatting and text are apart: a table says in which pieces the text lies. All parts follow each other as one
//! sequence of characters: body, footnotes, headers and footers, comments, endnotes, text boxes. Text that a fast
//! save took out is still in the stream and is given as a unit `deleted`.

mod fib;
mod flow;
mod old;
mod pieces;
mod rows;
#[cfg(test)]
mod tests;

pub use old::OldWord;

use super::cfb::{Compound, Id, embedded, properties};
use super::runs;
use super::unlock::legacy::Key;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Place};
use fib::Fib;
use flow::Flow;
use pieces::Piece;
use rows::Rows;

/// Bytes of the text stream that are never encrypted, and those after which the key changes ([MS-DOC] 2.2.6.2).
const OPEN: usize = 68;
const BLOCK: usize = 512;
/// The longest encryption information that is looked at.
const MOST_INFO: u64 = 1 << 16;

/// The encryption information with which the table stream begins. There is none for the obfuscation by XOR.
pub(crate) fn encryption_info(file: &mut Compound<'_>, at: Id) -> Option<Vec<u8>> {
    let stream = file.find(at, "WordDocument")?;
    let table = fib::read(&file.start(stream, OPEN as u64))?.table?;
    let table = file.find(at, table)?;
    Some(file.start(table, MOST_INFO))
}

/// Reads the Word document in a storage.
pub(crate) fn read(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) {
    read_with(file, at, |_, _| {}, sink);
}

/// Reads one that is encrypted. What is beside its text is not.
pub(crate) fn read_locked(file: &mut Compound<'_>, at: Id, key: &Key, sink: &mut dyn DocumentSink) {
    let unlock = |stream: &mut [u8], open: usize| {
        let start = stream[..open.min(stream.len())].to_vec();
        key.decrypt(stream, BLOCK, 0);
        stream[..start.len()].copy_from_slice(&start);
    };
    read_with(file, at, unlock, sink);
}

/// Reads a document whose streams are changed by `unlock`, but for so many bytes at their start.
fn read_with(
    file: &mut Compound<'_>,
    at: Id,
    unlock: impl Fn(&mut [u8], usize),
    sink: &mut dyn DocumentSink,
) {
    let mut stream = file.read_named(at, "WordDocument").unwrap_or_default();
    unlock(&mut stream, OPEN);
    let Some(fib) = fib::read(&stream) else {
        sink.gap(Cause::Damaged, "the document has no information block: runs of text only", None);
        runs::all(&stream, sink);
        return;
    };
    let mut table = fib.table.map(|name| file.read_named(at, name).unwrap_or_default());
    if let Some(table) = &mut table {
        unlock(table, 0);
    }
    let going = text(&stream, table.as_deref().unwrap_or(&stream), &fib, sink);
    drop((stream, table));
    if going && embedded::all(file, at, sink) {
        properties::read(file, at, sink);
    }
}

/// Reads all parts of the text. False if the work must end.
fn text(stream: &[u8], table: &[u8], fib: &Fib, sink: &mut dyn DocumentSink) -> bool {
    let Some(pieces) = found_pieces(stream, table, fib) else {
        sink.gap(Cause::Damaged, "the table of pieces is missing: runs of text only", None);
        sink.unit(Place::default());
        return runs::all(stream, sink);
    };
    let rows = Rows::read(stream, table, fib);
    let mut first = 0;
    for (name, length) in fib::PARTS.into_iter().zip(fib.lengths).chain([(Some("rest"), u32::MAX)]) {
        let characters = first..first + u64::from(length);
        first = characters.end;
        let within: Vec<Piece> = pieces.iter().filter_map(|piece| piece.within(&characters)).collect();
        if within.is_empty() {
            continue;
        }
        let place = Place { part: name.map(str::to_owned), ..Place::default() };
        let mut flow = Flow::new(&rows, fib.encoding, place, sink);
        let going = within.into_iter().all(|piece| flow.piece(piece, stream));
        if !going || !flow.end() {
            return false;
        }
    }
    let end = pieces.iter().map(|p| p.at as usize + p.bytes(stream).len()).max().unwrap_or(0);
    if pieces.iter().any(|p| p.bytes(stream).is_empty()) {
        sink.gap(Cause::Damaged, "text is missing", Some(format!("from byte {end} of the text stream")));
    }
    deleted(stream, fib, &pieces, sink)
}

/// The pieces of the text: by the table, or all as one where there needs to be no table.
fn found_pieces(stream: &[u8], table: &[u8], fib: &Fib) -> Option<Vec<Piece>> {
    let simple = !fib.new && !fib.fast_saved;
    let read = if simple { None } else { pieces::read(table, fib, stream.len()) };
    read.or_else(|| simple.then(|| pieces::whole(fib)))
}

/// Text that no piece holds any more.
fn deleted(stream: &[u8], fib: &Fib, pieces: &[Piece], sink: &mut dyn DocumentSink) -> bool {
    let left = if fib.fast_saved { pieces::left_over(stream, fib, pieces) } else { Vec::new() };
    if left.is_empty() {
        return true;
    }
    sink.unit(Place { part: Some("deleted".to_owned()), ..Place::default() });
    left.into_iter().all(|bytes| runs::all(bytes, sink))
}

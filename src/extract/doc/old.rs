//! Documents of Word before version 6, which are no OLE2 files: Word for Windows 1 and 2, Word for the Macintosh.
//!
//! They begin with the same information block, and unless they were saved fast their text lies in one piece.

use super::fib;
use super::flow::Flow;
use super::pieces;
use super::rows::Rows;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::extract::runs::Runs;

/// Versions of the information block (`nFib`) of Word for Windows 1 to 2.
const WINDOWS: std::ops::RangeInclusive<u16> = 33..=63;

/// Reads documents of Word before version 6.
pub struct OldWord;

impl Extractor for OldWord {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let bytes = match input.bytes() {
            Ok(bytes) => bytes,
            Err(cause) => return sink.gap(cause, "the document could not be read into memory", None),
        };
        let known = crate::extract::bytes::u16_at(&bytes, 2).is_some_and(|n| WINDOWS.contains(&n));
        let fib = fib::read(&bytes).filter(|fib| known && !fib.fast_saved && fib.text.0 < fib.text.1);
        let Some(fib) = fib else {
            Runs.extract(input, sink);
            return sink.gap(Cause::NoReader, "old Word document: runs of text only", None);
        };
        let rows = Rows::read(&[], &[], &fib);
        let mut flow = Flow::new(&rows, fib.encoding, Place::default(), sink);
        if pieces::whole(&fib).into_iter().all(|piece| flow.piece(piece, &bytes)) {
            flow.end();
        }
        if fib.text.1 as usize > bytes.len() {
            sink.gap(Cause::Damaged, "the document ends within its text", None);
        }
    }
}

//! An archive whose end is gone, and with it the list of its members: the packed streams begin behind the start
//! header and are unpacked as they come. What was packed together comes out as one member without a name.
//!
//! Streams of LZMA2 and bzip2 say where they end, so that the next is found. One of LZMA does not, and is taken for
//! one with the usual properties. Sources: 7zFormat.txt and lzma.txt of the LZMA SDK; the .xz file format on LZMA2.

use std::io::{self, BufRead, BufReader, Read, SeekFrom};

use bzip2::bufread::BzDecoder;
use lzma_rust2::{Lzma2Reader, LzmaReader};

use crate::document::{DocumentSink, ReadSeek};

/// Length of the start header.
const START: u64 = 32;
/// The largest dictionary that the programs choose by themselves; how large it was stands in what is missing.
const DICTIONARY: u32 = 64 << 20;
/// The properties of LZMA that all programs choose.
const LC_LP_PB: (u32, u32, u32) = (3, 0, 2);

/// Gives what can be unpacked.
pub(super) fn streams(reader: &mut dyn ReadSeek, sink: &mut dyn DocumentSink) {
    if reader.seek(SeekFrom::Start(START)).is_err() {
        return;
    }
    let mut from = BufReader::new(reader);
    let mut first = true;
    while sink.go_on() {
        // The dictionary and the properties are set anew where a stream begins.
        let whole = match from.fill_buf().ok().and_then(|bytes| bytes.first().copied()) {
            Some(0x01 | 0xE0..) => give(Lzma2Reader::new(&mut from, DICTIONARY, None), sink),
            Some(b'B') => give(BzDecoder::new(&mut from), sink),
            // The first byte of LZMA is always 0; behind a stream of LZMA2 it is that of the list itself.
            Some(0x00) if first => {
                let (lc, lp, pb) = LC_LP_PB;
                if let Ok(content) = LzmaReader::new(&mut from, u64::MAX, lc, lp, pb, DICTIONARY, None) {
                    give(content, sink);
                }
                false
            }
            _ => false,
        };
        if !whole {
            return;
        }
        first = false;
    }
}

/// Gives a stream as a member. True if it was read to its end, and another may follow.
fn give(content: impl Read, sink: &mut dyn DocumentSink) -> bool {
    let mut once = Once { content, end: None };
    sink.member("", &mut once);
    once.end == Some(true)
}

/// Reads to the end or to the first error, and not again: unpackers may read on for ever behind an error.
struct Once<R> {
    content: R,
    /// How it ended: true if without an error.
    end: Option<bool>,
}

impl<R: Read> Read for Once<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.end.is_some() {
            return Ok(0);
        }
        let read = self.content.read(buf);
        self.end = match &read {
            Ok(0) if !buf.is_empty() => Some(true),
            Err(error) if error.kind() != io::ErrorKind::Interrupted => Some(false),
            _ => None,
        };
        read
    }
}

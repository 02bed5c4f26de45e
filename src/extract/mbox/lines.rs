//! Lines of a stream, in pieces where one is longer than a buffer.

use std::io::{self, BufRead, BufReader, Read};

/// The longest piece of a line, in bytes.
const PIECE: u64 = 64 * 1024;

/// A line with its end, or a piece of one.
#[derive(Default)]
pub(super) struct Line {
    pub(super) bytes: Vec<u8>,
    /// True for a line or its first piece.
    pub(super) starts: bool,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.bytes[..], [b'\n'] | [b'\r', b'\n'])
    }
}

/// Cuts a stream into lines.
pub(super) struct Lines<'r> {
    reader: BufReader<&'r mut dyn Read>,
    within: bool,
}

impl<'r> Lines<'r> {
    pub(super) fn new(reader: &'r mut dyn Read) -> Self {
        Lines { reader: BufReader::with_capacity(PIECE as usize, reader), within: false }
    }

    /// The next line or piece; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        (&mut self.reader).take(PIECE).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let ends = bytes.last() == Some(&b'\n');
        let starts = !std::mem::replace(&mut self.within, !ends);
        Ok(Some(Line { bytes, starts }))
    }
}

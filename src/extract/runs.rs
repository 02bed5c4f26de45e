//! Runs of printable characters: what is left to read when nothing understands a file, or its reader died.

use std::io::Read;

use crate::document::{DocumentSink, Extractor, Input, Place, RAW};

/// The shortest run that is taken for text.
const SHORTEST: usize = 6;
/// How much is read at a time.
const CHUNK: usize = 1 << 20;

/// Reads runs of ASCII and of UTF-16 (low byte first), in order, each as a line of its own.
pub struct Runs;

impl Extractor for Runs {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        sink.unit(Place { part: Some(RAW.to_owned()), ..Place::default() });
        if input.reader.rewind().is_ok() {
            read(input.reader, Some(0), sink);
        }
    }
}

/// Reads the runs of a stretch of a file, in the unit that is begun. False if the work must end.
pub(crate) fn all(mut bytes: &[u8], sink: &mut dyn DocumentSink) -> bool {
    read(&mut bytes, None, sink)
}

/// Reads runs to the end of `reader`; places say bytes if its start has a number.
fn read(reader: &mut (impl Read + ?Sized), start: Option<u64>, sink: &mut dyn DocumentSink) -> bool {
    let (mut narrow, mut wide) = (Run::default(), Run::default());
    let (mut buf, mut at, mut before) = (vec![0; CHUNK], start.unwrap_or(0), 0u8);
    let place = |run: &Run| Place {
        byte: start.map(|_| run.start),
        part: start.map(|_| RAW.to_owned()),
        ..Place::default()
    };
    while let Ok(n @ 1..) = reader.read(&mut buf) {
        if !sink.go_on() {
            return false;
        }
        for b in &buf[..n] {
            let printable = (b' '..=b'~').contains(b) || *b == b'\t';
            if printable {
                narrow.push(*b, at);
            } else {
                narrow.end(&place, sink);
            }
            if *b == 0 && is_printable(before) {
                wide.push(before, at.saturating_sub(1));
            } else if !(printable && (before == 0 || wide.text.is_empty())) {
                wide.end(&place, sink);
            }
            before = *b;
            at += 1;
        }
    }
    narrow.end(&place, sink);
    wide.end(&place, sink);
    true
}

fn is_printable(b: u8) -> bool {
    (b' '..=b'~').contains(&b)
}

#[derive(Default)]
struct Run {
    text: String,
    start: u64,
}

impl Run {
    fn push(&mut self, b: u8, at: u64) {
        if self.text.is_empty() {
            self.start = at;
        }
        // A longer run is cut: it is no text a person wrote.
        if self.text.len() < CHUNK {
            self.text.push(b as char);
        }
    }

    fn end(&mut self, place: &dyn Fn(&Run) -> Place, sink: &mut dyn DocumentSink) {
        if self.text.len() >= SHORTEST {
            sink.text(place(self), &self.text);
        }
        self.text.clear();
    }
}

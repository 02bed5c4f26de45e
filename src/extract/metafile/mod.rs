//! Windows metafiles, plain (WMF) and enhanced (EMF): pictures made of drawing commands, of which those that write
//! text are read ([MS-WMF], [MS-EMF], [MS-EMFPLUS]). Office keeps charts, tables of other programs and the labels of
//! embedded files in such pictures.
//!
//! Programs write a line in portions, or letter by letter. Portions on one height that follow each other are joined,
//! with a space where the first ends clearly before the second begins.

mod emf;
mod wmf;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};

/// Reader of enhanced metafiles.
pub struct Emf;
/// Reader of plain metafiles, with or without a header that says where to place them.
pub struct Wmf;

/// Records between two questions whether to go on.
const TICK: usize = 1 << 12;

impl Extractor for Emf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        read(input, sink, emf::read);
    }
}

impl Extractor for Wmf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        read(input, sink, wmf::read);
    }
}

fn read(input: &mut Input<'_>, sink: &mut dyn DocumentSink, walk: fn(&[u8], &mut Lines<'_>) -> bool) {
    let bytes = match input.bytes() {
        Ok(bytes) => bytes,
        Err(cause) => return sink.gap(cause, "the picture could not be read into memory", None),
    };
    sink.unit(Place::default());
    let mut lines = Lines { sink, line: String::new(), end: None, records: 0 };
    let whole = walk(&bytes, &mut lines);
    lines.give();
    if !whole {
        sink.gap(Cause::Damaged, "the picture breaks off", None);
    }
}

/// Where a portion of text stands: height, left end, and width if that is known.
#[derive(Clone, Copy)]
struct At {
    y: i64,
    x: i64,
    width: Option<i64>,
}

/// Joins portions to lines.
struct Lines<'a> {
    sink: &'a mut dyn DocumentSink,
    line: String,
    /// Height and right end of the portion before.
    end: Option<(i64, Option<i64>)>,
    records: usize,
}

impl Lines<'_> {
    /// Counts a record; false if the work must end.
    fn go_on(&mut self) -> bool {
        self.records += 1;
        !self.records.is_multiple_of(TICK) || self.sink.go_on()
    }

    fn portion(&mut self, text: &str, at: At) {
        let text = text.trim_end_matches('\0');
        if text.is_empty() {
            return;
        }
        let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        match self.end {
            Some((y, end)) if y == at.y => {
                // A quarter of a letter apart, or one over the other.
                let letter = at.width.map_or(0, |width| width / letters);
                let apart = end.is_none_or(|end| {
                    at.x.saturating_sub(end) > letter / 4
                        || at.x < end.saturating_sub(letter.saturating_mul(2))
                });
                if apart && !self.line.ends_with(' ') && !text.starts_with(' ') {
                    self.line.push(' ');
                }
            }
            _ => self.give(),
        }
        self.line.push_str(text);
        self.end = Some((at.y, at.width.map(|width| at.x.saturating_add(width))));
    }

    fn give(&mut self) {
        if !self.line.trim().is_empty() {
            self.sink.text(Place::default(), self.line.trim());
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests;

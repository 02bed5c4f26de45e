//! Hands on the numbers of a user's own patterns. Nobody is joined to them.

use std::ops::Range;

use crate::detect::{Candidate, related};
use crate::document::Place;
use crate::event::Confidence;
use crate::finding::{Findings, Located, Loose};

/// How far, in bytes, beyond its own range a line is looked at.
const AROUND: usize = 2048;

/// Those of running text that start within `own`. Lines for which `is_row` is true are left out: their cells or
/// fields come by [`in_value`].
pub fn in_text(
    text: &str,
    own: &Range<usize>,
    is_row: &dyn Fn(&Range<usize>) -> bool,
    place: &dyn Fn(usize) -> Place,
    out: &mut dyn Findings,
) {
    if !related::wanted() {
        return;
    }
    let bytes = text.as_bytes();
    let mut at = memchr::memrchr(b'\n', &bytes[..own.start]).map_or(0, |p| p + 1);
    while at < own.end {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |p| at + p);
        let line = at..end;
        let boundary = |i: usize| crate::detect::label_context::char_at_or_after(text, i);
        let piece = boundary(at.max(own.start.saturating_sub(AROUND)))..boundary(end.min(own.end + AROUND));
        let mut found = Vec::new();
        let ours =
            own.start.max(piece.start) - piece.start..own.end.min(piece.end).max(piece.start) - piece.start;
        related::find(&text[piece.clone()], "", &ours, &mut found);
        if !found.is_empty() && !is_row(&line) {
            let base = piece.start;
            hand_on(found, &|c| place(base + c.span.start), out);
        }
        at = end + 1;
    }
}

/// Those of a cell or field.
pub fn in_value(text: &str, header: &str, place: &dyn Fn() -> Place, out: &mut dyn Findings) {
    if related::wanted() {
        let mut found = Vec::new();
        related::find(text, header, &(0..text.len()), &mut found);
        hand_on(found, &|_| place(), out);
    }
}

fn hand_on(found: Vec<Candidate>, place: &dyn Fn(&Candidate) -> Place, out: &mut dyn Findings) {
    for candidate in found {
        if Confidence::of(candidate.score.value()).is_none() {
            out.rejected(1);
            continue;
        }
        let element = Located { place: place(&candidate), candidate };
        out.loose(Loose { element, reason: "a number of a user's own pattern" });
    }
}

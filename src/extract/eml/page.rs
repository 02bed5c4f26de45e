//! The HTML form of a message body: read in full, or only where it says more than the plain form.
//!
//! Most messages say everything twice. If every group of four or more digits of the shown HTML stands in the plain
//! text too, only what the plain form cannot have (attributes, comments, scripts) is passed on, and of that only
//! what brings new digits; otherwise each record would be counted twice.

use std::collections::HashSet;
use std::io::Read;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Object, Place, Row, Sealed};
use crate::event::Encryption;
use crate::extract::html;
use crate::extract::xml::charset::Utf8Reader;
use crate::flat;

/// Shortest run of digits that tells two texts apart.
const GROUP: usize = 4;

/// The hashes of all groups of digits of `text`.
pub(in crate::extract) fn groups(text: &str) -> impl Iterator<Item = u64> {
    let runs = text.as_bytes().split(|b| !b.is_ascii_digit()).filter(|run| run.len() >= GROUP);
    runs.map(|run| flat::hash(0, run))
}

/// Something the page said.
enum Said {
    Text(Place, String),
    Row(Row),
    Object(Object),
    Gap(Cause, String, Option<String>),
}

/// Keeps what a page says.
#[derive(Default)]
struct Recorder {
    said: Vec<Said>,
}

/// Reads `text` into `sink` as part `part`; `plain` holds the groups of the plain form, if there is one.
pub(in crate::extract) fn read(
    text: &str,
    part: &str,
    plain: Option<&HashSet<u64>>,
    sink: &mut dyn DocumentSink,
) {
    let mut page = Recorder::default();
    html::read(Utf8Reader::from_text(text), &mut page);
    let said = page.said;
    let repeats = plain.is_some_and(|plain| said.iter().filter(|s| s.is_shown()).all(|s| !s.is_new(plain)));
    for one in said {
        let wanted = !repeats || plain.is_some_and(|plain| !one.is_shown() && one.is_new(plain));
        if wanted {
            one.say(part, sink);
        }
        if !sink.go_on() {
            return;
        }
    }
}

impl Said {
    fn is_shown(&self) -> bool {
        match self {
            Said::Text(place, _) => place.part.is_none(),
            Said::Row(_) => true,
            Said::Object(_) | Said::Gap(..) => false,
        }
    }

    /// True if there are digits in it that `plain` does not have.
    fn is_new(&self, plain: &HashSet<u64>) -> bool {
        match self {
            Said::Text(_, text) => groups(text).any(|g| !plain.contains(&g)),
            Said::Row(row) => row.cells.iter().flat_map(|c| groups(&c.text)).any(|g| !plain.contains(&g)),
            Said::Object(_) | Said::Gap(..) => true,
        }
    }

    fn say(self, part: &str, sink: &mut dyn DocumentSink) {
        let inside = |mut place: Place| {
            place.part.get_or_insert_with(|| part.to_owned());
            place
        };
        match self {
            Said::Text(place, text) => sink.text(inside(place), &text),
            Said::Row(row) => sink.row(Row { place: inside(row.place), cells: row.cells }),
            Said::Object(object) => sink.object(object),
            Said::Gap(cause, detail, extent) => sink.gap(cause, &detail, extent),
        }
    }
}

impl DocumentSink for Recorder {
    fn unit(&mut self, _place: Place) {}
    fn text(&mut self, place: Place, text: &str) {
        self.said.push(Said::Text(place, text.to_owned()));
    }
    fn row(&mut self, row: Row) {
        self.said.push(Said::Row(row));
    }
    fn object(&mut self, object: Object) {
        self.said.push(Said::Object(object));
    }
    fn envelope(&mut self, _envelope: Envelope) {}
    fn member(&mut self, _name: &str, _content: &mut dyn Read) {}
    fn sealed_member(&mut self, _name: &str, _size: u64, _why: Sealed) {}
    fn gap(&mut self, cause: Cause, detail: &str, extent: Option<String>) {
        self.said.push(Said::Gap(cause, detail.to_owned(), extent));
    }
    fn encrypted(&mut self, _encryption: Encryption) {}
    fn go_on(&mut self) -> bool {
        true
    }
}

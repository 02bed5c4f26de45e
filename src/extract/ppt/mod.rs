//! `PowerPoint` presentations from `PowerPoint` 97 to 2003, and in modules of their own those of 4 and 95.
//!
//! The stream is a tree of records, each a container of others or an atom ([MS-PPT] 2.3.1): text stands in a few kinds
//! of atoms. The tree is only followed as far as lengths agree: a record that says to be longer than what holds it is
//! cut to that, or else one wrong length loses the rest. Presentations that were saved fast hold old copies of slides
//! too; those that differ are given, those that are the same are not.

mod four;
mod locked;
mod ninety_five;
mod objects;
mod record;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::cfb::{Compound, Id, embedded, properties};
use super::runs;
use super::unlock::legacy::Key;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Place};
use record::Record;

/// Records in each other that are followed; more is no presentation.
const DEPTH: usize = 64;

// Types of records ([MS-PPT] 2.13.24).
const SLIDE: u16 = 0x03EE;
const NOTES: u16 = 0x03F0;
const MASTER: u16 = 0x03F8;
const HANDOUT: u16 = 0x0FC9;
const LIST: u16 = 0x0FF0;
const SLIDE_PLACE: u16 = 0x03F3;
const WIDE_TEXT: u16 = 0x0FA0;
const NARROW_TEXT: u16 = 0x0FA8;
const STRING: u16 = 0x0FBA;
const OBJECT: u16 = 0x1011;
const ENCRYPTION: u16 = 0x2F14;
const SHAPE_OPTIONS: [u16; 3] = [0xF00B, 0xF121, 0xF122];

/// The encryption information of a presentation, which is one of its objects.
pub(crate) fn encryption_info(file: &mut Compound<'_>, at: Id) -> Option<Vec<u8>> {
    let user = file.read_named(at, "Current User")?;
    let stream = file.read_named(at, "PowerPoint Document")?;
    locked::info(&user, &stream).map(<[u8]>::to_vec)
}

/// Reads the presentation in a storage.
pub(crate) fn read(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) {
    let stream = file.read_named(at, "PowerPoint Document").unwrap_or_default();
    if !ninety_five::is_it(&stream) {
        return stream_read(stream, (file, at), sink);
    }
    sink.unit(Place::default());
    if loose_texts(ninety_five::texts(&stream), sink).is_none() {
        return stream_read(stream, (file, at), sink);
    }
    drop(stream);
    if sink.go_on() && embedded::all(file, at, sink) {
        properties::read(file, at, sink);
    }
}

/// Gives texts that are not known by their slides. Whether the work goes on; `None` if there are no texts.
fn loose_texts(texts: impl Iterator<Item = String>, sink: &mut dyn DocumentSink) -> Option<bool> {
    let mut going = None;
    for text in texts {
        if !sink.go_on() {
            return Some(false);
        }
        going = Some(true);
        for paragraph in text.split('\r').filter(|p| !p.trim().is_empty()) {
            sink.text(Place::default(), paragraph);
        }
    }
    going
}

/// Reads one that is encrypted.
pub(crate) fn read_locked(file: &mut Compound<'_>, at: Id, key: &Key, sink: &mut dyn DocumentSink) {
    let user = file.read_named(at, "Current User").unwrap_or_default();
    let mut stream = file.read_named(at, "PowerPoint Document").unwrap_or_default();
    locked::open(key, &user, &mut stream);
    stream_read(stream, (file, at), sink);
}

fn stream_read(stream: Vec<u8>, (file, at): (&mut Compound<'_>, Id), sink: &mut dyn DocumentSink) {
    let mut walk = Walk {
        sink,
        met: HashSet::new(),
        slide: 0,
        outline: 0,
        place: Place::default(),
        texts: Vec::new(),
        damaged: false,
        going: true,
    };
    walk.records(&stream, 0);
    walk.begin(None, None);
    let (found, going, damaged) = (!walk.met.is_empty(), walk.going, walk.damaged);
    if damaged {
        sink.gap(Cause::Damaged, "a record is longer than what holds it", None);
    }
    if !going {
        return;
    }
    if !found && Record::all(&stream).next().is_none() {
        sink.gap(Cause::Damaged, "the presentation has no records: runs of text only", None);
        if !runs::all(&stream, sink) {
            return;
        }
    }
    drop(stream);
    let pictures = file.read_named(at, "Pictures").unwrap_or_default();
    objects::pictures(&pictures, sink);
    if embedded::all(file, at, sink) {
        properties::read(file, at, sink);
    }
}

/// Reads the presentation of `PowerPoint` 4, which 95 may write too, in a storage; where its texts are not found as
/// they should stand, runs of text are all that is read.
pub(crate) fn read_95(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) {
    let stream = file.read_named(at, "PP40").unwrap_or_default();
    sink.unit(Place::default());
    let mut going = loose_texts(four::texts(&stream), sink);
    if going.is_none() {
        going = Some(runs::all(&stream, sink));
        sink.gap(Cause::NoReader, "PowerPoint 95 presentation: runs of text only", None);
    }
    drop(stream);
    if going == Some(true) && embedded::all(file, at, sink) {
        properties::read(file, at, sink);
    }
}

/// Follows the tree and hands on its texts.
struct Walk<'a> {
    sink: &'a mut dyn DocumentSink,
    /// Units that were given already, by all their texts.
    met: HashSet<blake3::Hash>,
    /// Slides met so far.
    slide: u32,
    /// Slides whose text was met in the list of the document.
    outline: u32,
    /// The unit in hand.
    place: Place,
    texts: Vec<String>,
    /// True if lengths of records do not agree.
    damaged: bool,
    going: bool,
}

impl Walk<'_> {
    /// Ends the unit in hand and begins another one.
    fn begin(&mut self, page: Option<u32>, part: Option<&str>) {
        let texts = std::mem::take(&mut self.texts);
        let place = Place { page, part: part.map(str::to_owned), ..Place::default() };
        let place = std::mem::replace(&mut self.place, place);
        let mut hash = blake3::Hasher::new();
        for text in &texts {
            hash.update(text.as_bytes()).update(&[0]);
        }
        if texts.is_empty() || !self.met.insert(hash.finalize()) {
            return;
        }
        self.sink.unit(place);
        for paragraph in texts.iter().flat_map(|text| text.split(['\r', '\n'])) {
            if !paragraph.trim().is_empty() {
                self.sink.text(Place::default(), &paragraph.replace('\u{b}', "\n"));
            }
        }
        self.going &= self.sink.go_on();
    }

    /// Follows the records in `bytes`.
    fn records(&mut self, bytes: &[u8], depth: usize) {
        for record in Record::all(bytes) {
            if !self.going {
                return;
            }
            // No container for all its mark says so.
            if record.kind == ENCRYPTION {
                continue;
            }
            if record.kind == tables::GROUP
                && let Some(rows) = tables::rows(record.content)
            {
                self.texts.extend(rows);
                self.damaged |= record.cut;
                continue;
            }
            let began = self.enter(&record);
            if record.container && depth < DEPTH {
                self.records(record.content, depth + 1);
            } else {
                self.atom(&record);
            }
            self.damaged |= record.cut;
            if began && record.container {
                self.begin(None, None);
            }
        }
    }

    /// Begins a unit where a record does that holds one; true if so.
    fn enter(&mut self, record: &Record<'_>) -> bool {
        match record.kind {
            SLIDE => {
                self.slide += 1;
                self.begin(Some(self.slide), None);
            }
            // Of the lists of slides, masters and notes, instance 0 is that of slides. The texts of a slide as the
            // outline shows them follow its place in the list.
            LIST => {
                self.outline = 0;
                self.begin(None, None);
            }
            SLIDE_PLACE => {
                self.outline += 1;
                self.begin(Some(self.outline), None);
            }
            NOTES => self.begin((self.slide > 0).then_some(self.slide), Some("notes")),
            MASTER => self.begin(None, Some("master")),
            HANDOUT => self.begin(None, Some("handout")),
            _ => return false,
        }
        true
    }

    fn atom(&mut self, record: &Record<'_>) {
        match record.kind {
            WIDE_TEXT | STRING => {
                let text = encoding_rs::UTF_16LE.decode_without_bom_handling(record.content).0;
                self.text(&text);
            }
            NARROW_TEXT => {
                // Each byte is the low half of a UTF-16 unit, so Latin-1 ([MS-PPT] 2.9.43).
                let text: String = record.content.iter().map(|&b| char::from(b)).collect();
                self.text(&text);
            }
            kind if SHAPE_OPTIONS.contains(&kind) => {
                for text in objects::texts_of_shape(record) {
                    self.text(&text);
                }
            }
            OBJECT => objects::give(record, self.sink),
            // A wrong length has swallowed the records behind.
            _ if record.cut => {
                self.begin(None, None);
                self.going = runs::all(record.content, self.sink);
            }
            _ => {}
        }
    }

    /// Adds a text of paragraphs to the unit.
    fn text(&mut self, text: &str) {
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        // Names of the program's own tags begin like this.
        if !text.is_empty() && !text.starts_with("___PPT") {
            self.texts.push(text.to_owned());
        }
    }
}

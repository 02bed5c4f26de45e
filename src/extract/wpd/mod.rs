//! `WordPerfect` documents, from version 5.0 to those of today.
//!
//! A document is a header, packets of settings and of texts that stand aside (headers, notes, from version 6 on), and
//! the text itself, in which bytes from 0x80 on are functions, most with a length. Source: the file format documents
//! of the `WordPerfect` software development kits for 5.1 and for 6 to 8, as libwpd reads them.

mod body;
mod letters;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::event::{Encryption, Tri};
use crate::extract::bytes::{slice, u16_at, u32_at};
use body::Body;

/// Reader of `WordPerfect` documents.
pub struct WordPerfect;

/// The kind of packets with text (version 6 and later).
const TEXT: u8 = 0x08;

/// Versions whose functions have different lengths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 5.0 and 5.1.
    Five,
    /// 6 and later.
    Six,
}

impl Extractor for WordPerfect {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let bytes = match input.bytes() {
            Ok(bytes) => bytes,
            Err(cause) => return sink.gap(cause, "the document could not be read into memory", None),
        };
        let (start, key) = (u32_at(&bytes, 4), u16_at(&bytes, 12));
        let (Some(start), Some(key), Some(&major)) = (start, key, bytes.get(10)) else {
            return sink.gap(Cause::Damaged, "the header is damaged", None);
        };
        if key != 0 {
            let kind = "wordperfect".to_owned();
            return sink.encrypted(Encryption { kind, bits: None, statutory: Tri::Unknown });
        }
        let version = if major < 2 { Version::Five } else { Version::Six };
        sink.unit(Place::default());
        let Some(text) = bytes.get(start as usize..).filter(|text| !text.is_empty()) else {
            return sink.gap(Cause::Damaged, "the text is missing", None);
        };
        if !Body::new(version, Place::default()).read(text, sink) || version == Version::Five {
            return;
        }
        for packet in packets(&bytes) {
            let place = Place { part: Some("aside".into()), ..Place::default() };
            sink.unit(place.clone());
            if !Body::new(version, place).read(packet, sink) {
                return;
            }
        }
    }
}

/// The packets with text: after an index of 14 bytes each, whose head stands at the place named at byte 14.
fn packets(bytes: &[u8]) -> Vec<&[u8]> {
    let Some(index) = u16_at(bytes, 14).map(usize::from) else { return Vec::new() };
    let count = usize::from(u16_at(bytes, index + 2).unwrap_or(0));
    let entries = bytes.get(index + 14..).unwrap_or_default().chunks_exact(14).take(count);
    entries.filter(|entry| entry[1] == TEXT).filter_map(|entry| packet(bytes, entry)).collect()
}

/// The text of a packet; the lengths of its blocks stand before it.
fn packet<'a>(bytes: &'a [u8], entry: &[u8]) -> Option<&'a [u8]> {
    let (length, at) = (u32_at(entry, 6)? as usize, u32_at(entry, 10)? as usize);
    let data = slice(bytes, at, length)?;
    let blocks = usize::from(u16_at(data, 0)?);
    data.get(6 + 4 * blocks..)
}

#[cfg(test)]
mod tests;

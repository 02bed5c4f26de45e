//! The properties of an old office document: title, author, company, keywords, and what users added.
//!
//! They stand in two streams of property sets ([MS-OLEPS] 2.21 to 2.24): numbered values of many types, of which texts
//! and whole numbers are read. A second set in the second stream holds the properties of users, with their names.

use encoding_rs::Encoding;

use super::{Compound, Id};
use crate::document::{DocumentSink, Place};
use crate::extract::bytes::{slice, u16_at, u32_at, up_to};
use crate::extract::code_page;

/// The streams, in the order they are read.
const STREAMS: [&str; 2] = ["\u{5}SummaryInformation", "\u{5}DocumentSummaryInformation"];
/// Properties of one set that are read.
const MOST: u32 = 4096;
/// The longest value in bytes; program data stand in longer ones.
const MOST_VALUE: usize = 1 << 20;

/// Reads the properties as texts of the part `properties`; `field` of a place is the name that a user gave.
pub(crate) fn read(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) {
    let mut begun = false;
    for name in STREAMS {
        let stream = file.read_named(at, name).unwrap_or_default();
        for set in sets(&stream) {
            for (field, value) in set.values() {
                let place = Place { part: Some("properties".to_owned()), field, ..Place::default() };
                if !begun {
                    sink.unit(Place { part: Some("properties".to_owned()), ..Place::default() });
                    begun = true;
                }
                sink.text(place, &value);
            }
        }
    }
}

/// One set of a stream.
struct Set<'a> {
    /// From its size on; offsets count from here.
    bytes: &'a [u8],
    encoding: &'static Encoding,
}

fn sets(stream: &[u8]) -> Vec<Set<'_>> {
    let count = u32_at(stream, 24).unwrap_or(0).min(2);
    let offsets = (0..count).filter_map(|n| u32_at(stream, 28 + 20 * n as usize + 16));
    offsets.filter_map(|at| Some(Set::new(stream.get(at as usize..)?))).collect()
}

impl<'a> Set<'a> {
    fn new(bytes: &'a [u8]) -> Set<'a> {
        let mut set = Set { bytes, encoding: encoding_rs::WINDOWS_1252 };
        // Property 1 is the code page, always a 16-bit number.
        let page = set.offsets().find(|(id, _)| *id == 1).and_then(|(_, at)| u16_at(bytes, at + 4));
        set.encoding = page.and_then(code_page::encoding).unwrap_or(set.encoding);
        set
    }

    /// Numbers of the properties and where their values stand.
    fn offsets(&self) -> impl Iterator<Item = (u32, usize)> + use<'a> {
        let bytes = self.bytes;
        let count = u32_at(bytes, 4).unwrap_or(0).min(MOST) as usize;
        (0..count).map_while(move |n| Some((u32_at(bytes, 8 + 8 * n)?, u32_at(bytes, 12 + 8 * n)? as usize)))
    }

    /// Names, where there are any, and values.
    fn values(&self) -> Vec<(Option<String>, String)> {
        let names = self.offsets().find(|(id, _)| *id == 0).map(|(_, at)| self.names(at)).unwrap_or_default();
        let mut out = Vec::new();
        for (id, at) in self.offsets().filter(|(id, _)| *id > 1) {
            let name = names.iter().find(|(of, _)| *of == id).map(|(_, name)| name.clone());
            let mut texts = Vec::new();
            self.value(at, name.is_some(), &mut texts);
            out.extend(texts.into_iter().map(|text| (name.clone(), text)));
        }
        out
    }

    /// The dictionary of names ([MS-OLEPS] 2.16): number, length, name; padded if it is UTF-16.
    fn names(&self, mut at: usize) -> Vec<(u32, String)> {
        let count = u32_at(self.bytes, at).unwrap_or(0).min(MOST);
        let mut names = Vec::new();
        at += 4;
        for _ in 0..count {
            let (Some(id), Some(length)) = (u32_at(self.bytes, at), u32_at(self.bytes, at + 4)) else {
                break;
            };
            let wide = self.encoding == encoding_rs::UTF_16LE;
            let length = (length as usize).saturating_mul(if wide { 2 } else { 1 });
            names.push((id, Self::decode(up_to(self.bytes, at + 8, length.min(MOST_VALUE)), self.encoding)));
            at = at.saturating_add(8 + if wide { length.next_multiple_of(4) } else { length });
        }
        names
    }

    /// Adds the texts of the value at byte `at`: its type (2 bytes, 2 of padding), then its content. Numbers only if
    /// they are `wanted`: those of programs count pages and words.
    fn value(&self, at: usize, wanted: bool, out: &mut Vec<String>) {
        let Some(kind) = u16_at(self.bytes, at) else { return };
        match kind {
            0x001E | 0x001F => {
                self.string(kind, at + 4, out);
            }
            0x101E | 0x101F => {
                let (count, mut at) = (u32_at(self.bytes, at + 4).unwrap_or(0).min(MOST), at + 8);
                for _ in 0..count {
                    let Some(next) = self.string(kind & 0xFFF, at, out) else { return };
                    at = next;
                }
            }
            0x0003 | 0x0013 | 0x0016 | 0x0017 if wanted => {
                out.extend(u32_at(self.bytes, at + 4).map(|n| n.cast_signed().to_string()));
            }
            _ => {}
        }
    }

    /// Adds a string of the type `kind`; returns where the next one stands.
    fn string(&self, kind: u16, at: usize, out: &mut Vec<String>) -> Option<usize> {
        let wide = kind == 0x001F;
        let length = u32_at(self.bytes, at)? as usize * if wide { 2 } else { 1 };
        let bytes = slice(self.bytes, at + 4, length.min(MOST_VALUE))?;
        let text = Self::decode(bytes, if wide { encoding_rs::UTF_16LE } else { self.encoding });
        if !text.is_empty() {
            out.push(text);
        }
        Some(
            at + 4
                + if wide || self.encoding == encoding_rs::UTF_16LE {
                    length.next_multiple_of(4)
                } else {
                    length
                },
        )
    }

    fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
        let text = encoding.decode_without_bom_handling(bytes).0;
        text.trim_end_matches('\0').trim().to_owned()
    }
}

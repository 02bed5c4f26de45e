//! What a presentation holds beside texts of its own: embedded objects, and texts that are drawn as shapes.

use flate2::read::ZlibDecoder;

use super::record::Record;
use crate::document::DocumentSink;
use crate::extract::bytes::{slice, u16_at, u32_at};

/// Text of a shape drawn as letters ([MS-ODRAW] 2.3.22.2, `gtextUNICODE`), its description and name.
const TEXTS: [u16; 3] = [0x00C0, 0x0381, 0x0380];
/// The bit of a property that says: its value stands behind all properties.
const COMPLEX: u16 = 0x8000;

/// Gives an embedded object as a member: an OLE2 file, packed with zlib behind its size if the instance is 1
/// ([MS-PPT] 2.10.34, `ExOleObjStgCompressedAtom`).
pub(super) fn give(record: &Record<'_>, sink: &mut dyn DocumentSink) {
    match record.content.get(4..).filter(|_| record.instance == 1) {
        Some(packed) => sink.member("", &mut ZlibDecoder::new(packed)),
        None => sink.member("", &mut &*record.content),
    }
}

/// Gives the metafiles among the pictures, which may hold text, as members. Before a picture stand one or two marks
/// of 16 bytes, then a header of 34 that says in its last byte but one whether the picture is packed
/// ([MS-ODRAW] 2.2.24, 2.2.25, 2.2.31).
pub(super) fn pictures(stream: &[u8], sink: &mut dyn DocumentSink) {
    const METAFILES: [u16; 2] = [0xF01A, 0xF01B];
    const MARK: usize = 16;
    const HEADER: usize = 34;
    const PACKED: u8 = 0;
    for record in Record::all(stream).filter(|record| METAFILES.contains(&record.kind)) {
        let start = MARK * (1 + usize::from(record.instance & 1)) + HEADER;
        let Some((header, picture)) = record.content.split_at_checked(start) else { continue };
        if !sink.go_on() {
            return;
        }
        if header[start - 2] == PACKED {
            sink.member("", &mut ZlibDecoder::new(picture));
        } else {
            sink.member("", &mut &*picture);
        }
    }
}

/// The texts among the properties of a shape: six bytes for each property, as many as the instance says, then the
/// long values in the same order ([MS-ODRAW] 2.2.7).
pub(super) fn texts_of_shape(record: &Record<'_>) -> Vec<String> {
    let count = usize::from(record.instance);
    let (mut texts, mut at) = (Vec::new(), 6 * count);
    for n in 0..count {
        let (Some(id), Some(value)) = (u16_at(record.content, 6 * n), u32_at(record.content, 6 * n + 2))
        else {
            break;
        };
        if id & COMPLEX == 0 {
            continue;
        }
        let Some(bytes) = slice(record.content, at, value as usize) else { break };
        at += value as usize;
        if TEXTS.contains(&(id & 0x3FFF)) {
            let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
            texts.push(text.trim_end_matches('\0').to_owned());
        }
    }
    texts
}

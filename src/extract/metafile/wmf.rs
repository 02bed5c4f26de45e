//! Records of plain metafiles: a length in words of two bytes, a function, then its parameters, the last one first.

use super::{At, Lines};
use crate::extract::bytes::{slice, u16_at, u32_at};

/// The mark of the header that says where to place the picture, and its length ([MS-WMF] 2.3.2.3).
const PLACEABLE: u32 = 0x9AC6_CDD7;
const PLACEABLE_HEADER: usize = 22;
const HEADER: usize = 18;

// Functions ([MS-WMF] 2.1.1.1).
const END: u16 = 0x0000;
const TEXT: u16 = 0x0521;
const EXTENDED_TEXT: u16 = 0x0A32;

/// Gives the texts of a picture. False if it breaks off.
pub(super) fn read(bytes: &[u8], lines: &mut Lines<'_>) -> bool {
    let mut at = HEADER + if u32_at(bytes, 0) == Some(PLACEABLE) { PLACEABLE_HEADER } else { 0 };
    while let (Some(words), Some(function)) = (u32_at(bytes, at), u16_at(bytes, at + 4)) {
        if function == END {
            return true;
        }
        let length = (words as usize).saturating_mul(2);
        let Some(record) = slice(bytes, at, length).filter(|r| r.len() >= 6) else { return false };
        at += length;
        if !lines.go_on() {
            return true;
        }
        match function {
            TEXT => text(&record[6..], lines),
            EXTENDED_TEXT => extended(&record[6..], lines),
            _ => None,
        };
    }
    false
}

fn signed(bytes: &[u8], at: usize) -> Option<i64> {
    u16_at(bytes, at).map(|n| n.cast_signed().into())
}

fn letters(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// `META_TEXTOUT` ([MS-WMF] 2.3.3.20): length, text, place.
fn text(data: &[u8], lines: &mut Lines<'_>) -> Option<()> {
    let count = usize::from(u16_at(data, 0)?);
    let text = letters(slice(data, 2, count)?);
    let place = 2 + count.next_multiple_of(2);
    lines.portion(&text, At { y: signed(data, place)?, x: signed(data, place + 2)?, width: None });
    Some(())
}

/// `META_EXTTEXTOUT` ([MS-WMF] 2.3.3.5): place, length, options, perhaps a rectangle, text, and widths of letters.
fn extended(data: &[u8], lines: &mut Lines<'_>) -> Option<()> {
    const RECTANGLE: u16 = 0x0006;
    const GLYPHS: u16 = 0x0010;
    let (count, options) = (usize::from(u16_at(data, 4)?), u16_at(data, 6)?);
    if options & GLYPHS != 0 {
        return None;
    }
    let start = if options & RECTANGLE != 0 { 16 } else { 8 };
    let text = letters(slice(data, start, count)?);
    let widths = slice(data, start + count.next_multiple_of(2), 2 * count);
    let width = widths.map(|w| w.chunks_exact(2).filter_map(|w| signed(w, 0)).sum());
    lines.portion(&text, At { y: signed(data, 0)?, x: signed(data, 2)?, width });
    Some(())
}

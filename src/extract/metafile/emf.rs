//! Records of enhanced metafiles: a kind and a length of four bytes each, then the data.

use super::{At, Lines};
use crate::extract::bytes::{slice, u16_at, u32_at};

// Kinds of records ([MS-EMF] 2.1.1), and of those of EMF+ ([MS-EMFPLUS] 2.1.1.1).
const END: u32 = 14;
const COMMENT: u32 = 70;
const TEXT_8: u32 = 83;
const TEXT_16: u32 = 84;
const SMALL_TEXT: u32 = 108;
const DRAW_STRING: u16 = 0x401C;
const DRAW_DRIVER_STRING: u16 = 0x4036;

/// Numbers of glyphs stand in place of characters.
const GLYPHS: u32 = 0x10;
const NO_RECTANGLE: u32 = 0x100;
const SMALL_LETTERS: u32 = 0x200;

/// Gives the texts of a picture. False if it breaks off.
pub(super) fn read(bytes: &[u8], lines: &mut Lines<'_>) -> bool {
    let (mut at, mut drawn, mut modern) = (0, false, Vec::new());
    let mut whole = false;
    while let (Some(kind), Some(length)) = (u32_at(bytes, at), u32_at(bytes, at + 4)) {
        let Some(record) = slice(bytes, at, length as usize).filter(|r| r.len() >= 8) else { break };
        at += record.len();
        if !lines.go_on() {
            return true;
        }
        match kind {
            END => {
                whole = true;
                break;
            }
            TEXT_8 | TEXT_16 => drawn |= text(record, kind == TEXT_16, lines).is_some(),
            SMALL_TEXT => drawn |= small(record, lines).is_some(),
            COMMENT => modern.push(record),
            _ => {}
        }
    }
    // A picture may be drawn twice, for programs that know one way or the other.
    for comment in modern.into_iter().filter(|_| !drawn) {
        plus(comment, lines);
    }
    whole
}

/// `EMR_EXTTEXTOUTA` and `EMR_EXTTEXTOUTW` ([MS-EMF] 2.3.5.7, 2.3.5.8): an `EmrText` at byte 36.
fn text(record: &[u8], wide: bool, lines: &mut Lines<'_>) -> Option<()> {
    let (x, y) = (signed(record, 36)?, signed(record, 40)?);
    let (count, offset) = (u32_at(record, 44)? as usize, u32_at(record, 48)? as usize);
    if u32_at(record, 52)? & GLYPHS != 0 {
        return None;
    }
    let text = letters(record, offset, count, wide)?;
    let widths = slice(record, u32_at(record, 72)? as usize, count.checked_mul(4)?);
    let width = widths.map(|w| w.chunks_exact(4).filter_map(|w| signed(w, 0)).sum());
    lines.portion(&text, At { y, x, width });
    Some(())
}

/// `EMR_SMALLTEXTOUT` ([MS-EMF] 2.3.5.37).
fn small(record: &[u8], lines: &mut Lines<'_>) -> Option<()> {
    let (x, y) = (signed(record, 8)?, signed(record, 12)?);
    let (count, options) = (u32_at(record, 16)? as usize, u32_at(record, 20)?);
    if options & GLYPHS != 0 {
        return None;
    }
    let offset = if options & NO_RECTANGLE != 0 { 36 } else { 52 };
    let text = letters(record, offset, count, options & SMALL_LETTERS == 0)?;
    lines.portion(&text, At { y, x, width: None });
    Some(())
}

fn signed(bytes: &[u8], at: usize) -> Option<i64> {
    u32_at(bytes, at).map(|n| n.cast_signed().into())
}

fn letters(record: &[u8], offset: usize, count: usize, wide: bool) -> Option<String> {
    let bytes = slice(record, offset, count.checked_mul(if wide { 2 } else { 1 })?)?;
    let encoding = if wide { encoding_rs::UTF_16LE } else { encoding_rs::WINDOWS_1252 };
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// A comment that holds records of EMF+: a kind and flags of two bytes each, the length of all, that of the data.
fn plus(comment: &[u8], lines: &mut Lines<'_>) {
    let Some(mut rest) = comment.get(12..).and_then(|c| c.strip_prefix(b"EMF+")) else { return };
    while let (Some(kind), Some(length)) = (u16_at(rest, 0), u32_at(rest, 4)) {
        let Some((record, after)) = rest.split_at_checked(length as usize).filter(|(r, _)| r.len() >= 12)
        else {
            return;
        };
        rest = after;
        match kind {
            DRAW_STRING => string(&record[12..], lines),
            DRAW_DRIVER_STRING => driver_string(&record[12..], lines),
            _ => None,
        };
    }
}

/// `EmfPlusDrawString` ([MS-EMFPLUS] 2.3.4.14): a length at byte 8, a rectangle, the text.
fn string(data: &[u8], lines: &mut Lines<'_>) -> Option<()> {
    let text = letters(data, 28, u32_at(data, 8)? as usize, true)?;
    let (x, y) = (float(data, 12)?, float(data, 16)?);
    lines.portion(&text, At { y, x, width: None });
    Some(())
}

/// `EmfPlusDrawDriverString` ([MS-EMFPLUS] 2.3.4.6): options, a count, characters, and the place of each.
fn driver_string(data: &[u8], lines: &mut Lines<'_>) -> Option<()> {
    const CHARACTERS: u32 = 1;
    if u32_at(data, 4)? & CHARACTERS == 0 {
        return None;
    }
    let count = u32_at(data, 12)? as usize;
    let text = letters(data, 16, count, true)?;
    let places = 16 + count.checked_mul(2)?.next_multiple_of(4);
    let (x, y) = (float(data, places)?, float(data, places + 4)?);
    let last = float(data, places + 8 * count.saturating_sub(1)).unwrap_or(x);
    // The width of the last letter is not told: that of the others stands in.
    let width = i64::try_from(count).ok().filter(|n| *n > 1).map(|n| (last - x) * n / (n - 1));
    lines.portion(&text, At { y, x, width });
    Some(())
}

/// A place, in thousandths, for it may be counted in inches.
fn float(data: &[u8], at: usize) -> Option<i64> {
    u32_at(data, at).map(|bits| (f32::from_bits(bits) * 1000.0).clamp(-1e9, 1e9) as i64)
}

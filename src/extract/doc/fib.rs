//! The file information block of a Word document: which text stands where.
//!
//! Offsets are those of [MS-DOC] 2.5 for Word 97 and later. Word 6 and 95 have the same beginning; the lengths of their
//! parts and the place of their piece table stand elsewhere (Word 6.0 binary format, file information block).

use encoding_rs::Encoding;

use crate::extract::bytes::{u16_at, u32_at};

/// The first version (`nFib`) with text in UTF-16 and table streams: Word 97.
const WORD_97: u16 = 0x00C0;
/// The first version of OLE2 documents: Word 6.
const WORD_6: u16 = 0x0065;

/// The parts of the text in the order of their characters, with their names in places; `None` is the body. The
/// fourth is not used by documents ([MS-DOC] 2.5.4).
pub(super) const PARTS: [Option<&str>; 8] = [
    None,
    Some("footnotes"),
    Some("headers"),
    Some("macros"),
    Some("comments"),
    Some("endnotes"),
    Some("textboxes"),
    Some("header-textboxes"),
];

/// What the block says.
pub(super) struct Fib {
    /// True from Word 97 on.
    pub new: bool,
    /// True if pieces of the text lie in another order than they are read, saved one after the other.
    pub fast_saved: bool,
    /// Where the first text begins and the last one ends, in bytes of the stream.
    pub text: (u32, u32),
    /// Characters of each of [`PARTS`].
    pub lengths: [u32; 8],
    /// Place and length of the piece table.
    pub pieces: (u32, u32),
    /// Place and length of the table of paragraph properties; empty before Word 97.
    pub paragraphs: (u32, u32),
    /// Name of the stream with those tables; before Word 97 it is the stream of the text.
    pub table: Option<&'static str>,
    /// Encoding of text with a byte for each character.
    pub encoding: &'static Encoding,
    /// True if all text is UTF-16, in Word 6 and 95.
    pub wide: bool,
}

/// Reads the block; `None` if the stream does not begin with one that is understood.
pub(super) fn read(stream: &[u8]) -> Option<Fib> {
    let version = u16_at(stream, 2)?;
    let flags = u16_at(stream, 0x0A)?;
    let word = |at: usize| u32_at(stream, at).unwrap_or(0);
    let pair = |at: usize| (word(at), word(at + 4));
    let new = version >= WORD_97;
    let lengths_at = if new { 0x4C } else { 0x34 };
    let mut lengths = [0; 8];
    for (n, length) in lengths.iter_mut().enumerate().filter(|_| version >= WORD_6) {
        *length = word(lengths_at + 4 * n);
    }
    let table = if flags & 0x0200 == 0 { "0Table" } else { "1Table" };
    Some(Fib {
        new,
        fast_saved: flags & 0x0004 != 0,
        text: pair(0x18),
        lengths,
        pieces: if new { pair(0x1A2) } else { pair(0x160) },
        paragraphs: if new { pair(0x102) } else { (0, 0) },
        table: new.then_some(table),
        encoding: if new { encoding_rs::WINDOWS_1252 } else { old_encoding(stream) },
        wide: !new && flags & 0x1000 != 0,
    })
}

/// The encoding of Word 6 and 95: by the character set (256 is the Macintosh) and the language of the program
/// ([MS-LCID], low ten bits).
fn old_encoding(stream: &[u8]) -> &'static Encoding {
    if u16_at(stream, 0x14) == Some(0x0100) {
        return encoding_rs::MACINTOSH;
    }
    match u16_at(stream, 6).unwrap_or(0) & 0x03FF {
        0x01 => encoding_rs::WINDOWS_1256,
        0x02 | 0x19 | 0x22 | 0x23 => encoding_rs::WINDOWS_1251,
        0x04 => encoding_rs::GBK,
        0x05 | 0x0E | 0x15 | 0x18 | 0x1A | 0x1B | 0x24 => encoding_rs::WINDOWS_1250,
        0x08 => encoding_rs::WINDOWS_1253,
        0x0D => encoding_rs::WINDOWS_1255,
        0x11 => encoding_rs::SHIFT_JIS,
        0x12 => encoding_rs::EUC_KR,
        0x1E => encoding_rs::WINDOWS_874,
        0x1F => encoding_rs::WINDOWS_1254,
        0x25..=0x27 => encoding_rs::WINDOWS_1257,
        _ => encoding_rs::WINDOWS_1252,
    }
}

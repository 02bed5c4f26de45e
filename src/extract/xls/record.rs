//! Records of a workbook stream: a kind and a length of two bytes each, then the data.
//!
//! Data longer than a record (8,224 bytes) go on in `CONTINUE` records. Numbers go on wherever they were cut; of a
//! text each further piece begins with a byte that says anew whether its characters have one byte or two
//! ([MS-XLS] 2.5.293).

use encoding_rs::{Encoding, WINDOWS_1252};

/// The record that the data of the one before go on in.
pub(super) const CONTINUE: u16 = 0x003C;

/// The number that stands at `at`.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..)?.get(..2)?.try_into().ok()?))
}

/// The number that stands at `at`.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..)?.get(..4)?.try_into().ok()?))
}

/// The floating-point number that stands at `at`.
pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..)?.get(..8)?.try_into().ok()?))
}

/// A record where it lies.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// What it holds.
    pub kind: u16,
    /// Its data, without those of further records; less than it says at the end of a stream that breaks off.
    pub data: &'a [u8],
    /// Offset of its first byte.
    pub at: usize,
}

impl Record<'_> {
    /// Offset of the record after it.
    pub(super) fn end(&self) -> usize {
        self.at + 4 + self.data.len()
    }
}

/// Walks over the records of a stream.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// Begins with the record at `at`.
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Records { stream, at }
    }

    /// The data of `record` and of what it goes on in.
    pub(super) fn pieces(&self, record: &Record<'a>) -> Pieces<'a> {
        Pieces { stream: self.stream, piece: record.data, next: record.end() }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let data = &self.stream[start..(start + length).min(self.stream.len())];
        let record = Record { kind, data, at: self.at };
        self.at = record.end();
        Some(record)
    }
}

/// Data that may go on in further records.
pub(super) struct Pieces<'a> {
    stream: &'a [u8],
    piece: &'a [u8],
    next: usize,
}

impl Pieces<'_> {
    /// Goes to the next record, if the data go on in it.
    pub(super) fn go_on(&mut self) -> bool {
        let next = Records::new(self.stream, self.next).next().filter(|r| r.kind == CONTINUE);
        if let Some(record) = &next {
            (self.piece, self.next) = (record.data, record.end());
        }
        next.is_some()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        while self.piece.is_empty() {
            if !self.go_on() {
                return None;
            }
        }
        let (first, rest) = self.piece.split_first()?;
        self.piece = rest;
        Some(*first)
    }

    /// The next number of two bytes.
    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// The next number of four bytes.
    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, self.byte()?]))
    }

    /// Passes over bytes.
    pub(super) fn skip(&mut self, mut count: usize) -> Option<()> {
        loop {
            let here = count.min(self.piece.len());
            (self.piece, count) = (&self.piece[here..], count - here);
            if count == 0 {
                return Some(());
            }
            if !self.go_on() {
                return None;
            }
        }
    }

    /// A text with its length in front, in a byte or in two. What comes behind it (formatting runs, readings) is
    /// passed over. `None` if the data end before it begins; a text that breaks off is given as far as it goes.
    pub(super) fn text(&mut self, short: bool) -> Option<String> {
        let length = if short { u16::from(self.byte()?) } else { self.u16()? };
        let flags = self.byte()?;
        let runs = if flags & 0x08 != 0 { self.u16()? } else { 0 };
        let readings = if flags & 0x04 != 0 { self.u32()? } else { 0 };
        let text = self.characters(usize::from(length), flags);
        // Data that end in here end the text all the same.
        let _ = self.skip(usize::from(runs) * 4 + readings as usize);
        Some(text)
    }

    /// So many characters, of one byte or two as `flags` say, until the next piece says otherwise.
    pub(super) fn characters(&mut self, mut count: usize, flags: u8) -> String {
        let mut text = String::new();
        let mut wide = flags & 1 != 0;
        let mut half = None;
        while count > 0 {
            if self.piece.is_empty() {
                let Some(flags) = self.byte() else { break };
                wide = flags & 1 != 0;
                continue;
            }
            let size = if wide { 2 } else { 1 };
            let here = count.min(self.piece.len() / size);
            if here == 0 {
                // Half a character: nobody writes that.
                self.piece = &[];
                continue;
            }
            let (units, rest) = self.piece.split_at(here * size);
            push_units(&mut text, &mut half, units, wide);
            (self.piece, count) = (rest, count - here);
        }
        text
    }
}

/// Adds characters of one byte (the low half of UTF-16) or two. A pair of surrogates may be cut between pieces.
fn push_units(text: &mut String, half: &mut Option<u16>, units: &[u8], wide: bool) {
    if wide {
        let units = units.chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]]));
        let mut units: Vec<u16> = half.take().into_iter().chain(units).collect();
        *half = units.pop_if(|last| (0xD800..0xDC00).contains(last));
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    } else {
        text.extend(units.iter().copied().map(char::from));
    }
}

/// Version and code page: how texts are stored.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    /// 2, 3, 4, 5 (also for 7) or 8.
    pub version: u8,
    /// Of texts before version 8.
    pub code_page: &'static Encoding,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect { version: 8, code_page: WINDOWS_1252 }
    }
}

impl Dialect {
    /// A text with its length in front, at the start of `data`: of version 8 as UTF-16, before it in the code page.
    /// `short`: the length has one byte.
    pub(super) fn text(self, mut data: Pieces<'_>, short: bool) -> Option<String> {
        if self.version >= 8 {
            return data.text(short);
        }
        let length = if short { usize::from(data.byte()?) } else { usize::from(data.u16()?) };
        let mut bytes = Vec::with_capacity(length.min(data.piece.len()));
        while bytes.len() < length {
            let here = (length - bytes.len()).min(data.piece.len());
            bytes.extend_from_slice(&data.piece[..here]);
            data.piece = &data.piece[here..];
            if bytes.len() < length && !data.go_on() {
                break;
            }
        }
        Some(self.bytes(&bytes))
    }

    /// Bytes in the code page.
    pub(super) fn bytes(self, bytes: &[u8]) -> String {
        self.code_page.decode_without_bom_handling(bytes).0.into_owned()
    }
}

/// The encoding of a code page, as a workbook states it ([MS-XLS] 2.4.52).
pub(super) fn code_page(number: u16) -> Option<&'static Encoding> {
    let label: &[u8] = match number {
        367 | 1252 | 32_769 => b"windows-1252",
        866 => b"ibm866",
        874 => b"windows-874",
        932 => b"shift_jis",
        936 => b"gbk",
        949 => b"euc-kr",
        950 => b"big5",
        1250 => b"windows-1250",
        1251 => b"windows-1251",
        1253 => b"windows-1253",
        1254 => b"windows-1254",
        1255 => b"windows-1255",
        1256 => b"windows-1256",
        1257 => b"windows-1257",
        1258 => b"windows-1258",
        10_000 | 32_768 => b"macintosh",
        10_007 => b"x-mac-cyrillic",
        _ => return None,
    };
    Encoding::for_label(label)
}

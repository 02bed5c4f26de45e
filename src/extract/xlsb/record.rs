//! Records of binary parts: a kind of one or two bytes, a length of one to four, both seven bits to the byte, then
//! the data ([MS-XLSB] 2.1.4).

use std::io::{self, BufRead, BufReader, Read};

/// The longest record that is kept; of a longer one only the start is read.
const MOST_RECORD: u64 = 16 << 20;
/// Records between two questions whether to go on.
const TICK: u32 = 4096;

/// Reads the records of a part.
pub(super) struct Records<'a> {
    content: BufReader<&'a mut dyn Read>,
    data: Vec<u8>,
    seen: u32,
    broken: bool,
}

impl<'a> Records<'a> {
    /// Begins at the start of the part.
    pub(super) fn new(content: &'a mut dyn Read) -> Self {
        Records { content: BufReader::new(content), data: Vec::new(), seen: 0, broken: false }
    }

    /// True once in some thousand records: the time to ask whether to go on.
    pub(super) fn tick(&self) -> bool {
        self.seen.is_multiple_of(TICK)
    }

    /// True if the part ends within a record, or reading it failed.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The next record: its kind and its data.
    pub(super) fn next(&mut self) -> Option<(u16, Data<'_>)> {
        self.seen = self.seen.wrapping_add(1);
        match self.content.fill_buf() {
            Ok([]) => return None,
            Ok(_) => {}
            Err(_) => {
                self.broken = true;
                return None;
            }
        }
        let read = self.read();
        self.broken |= read.is_err();
        let kind = read.ok()?;
        Some((kind, Data(&self.data)))
    }

    fn read(&mut self) -> io::Result<u16> {
        let kind = self.number(2)? as u16;
        let length = u64::from(self.number(4)?);
        self.data.clear();
        self.data.shrink_to(1 << 20);
        let kept = length.min(MOST_RECORD);
        let read = (&mut self.content).take(kept).read_to_end(&mut self.data)?;
        let skipped = io::copy(&mut (&mut self.content).take(length - kept), &mut io::sink())?;
        if read as u64 + skipped < length {
            self.broken = true;
        }
        Ok(kind)
    }

    fn number(&mut self, most: u32) -> io::Result<u32> {
        let mut number = 0;
        for at in 0..most {
            let mut byte = [0];
            self.content.read_exact(&mut byte)?;
            number |= u32::from(byte[0] & 0x7F) << (7 * at);
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        Ok(number)
    }
}

/// The data of a record, taken from the front.
#[derive(Clone, Copy)]
pub(super) struct Data<'a>(pub &'a [u8]);

impl Data<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    /// Passes over bytes.
    pub(super) fn skip(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.get(bytes..)?;
        Some(())
    }

    /// The next byte.
    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[b]| b)
    }

    /// The next number of two bytes.
    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    /// The next number of four bytes.
    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    /// The next floating-point number.
    pub(super) fn f64(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    /// The next text: its length in characters, then UTF-16. One that breaks off is given as far as it goes; a
    /// length of all ones stands for none.
    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.u32()?;
        let bytes = if length == u32::MAX { 0 } else { (length as usize).saturating_mul(2) };
        let (text, rest) = self.0.split_at(bytes.min(self.0.len()));
        self.0 = rest;
        let units = text.chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]]));
        Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
    }
}

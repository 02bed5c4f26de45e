//! The sectors of an OLE2 compound file: the table that chains them, and streams read along their chains.

use std::io::{Read, SeekFrom};

use crate::document::ReadSeek;

/// The first of the special sector numbers ([MS-CFB] 2.1): reserved, and from the next on table sectors, end of a
/// chain, free.
const SPECIAL: u32 = 0xFFFF_FFFA;
/// End of a chain.
pub(super) const END: u32 = 0xFFFF_FFFE;
/// A sector that belongs to nothing.
pub(super) const FREE: u32 = 0xFFFF_FFFF;
/// Bytes of the header; sector 0 begins at the first multiple of the sector size behind it.
pub(super) const HEADER: usize = 512;
/// Where the header lists the first sectors of the table, and how many it lists.
const LIST: (usize, usize) = (76, 109);

/// Random access to sectors.
pub(super) struct Sectors<'a> {
    reader: &'a mut dyn ReadSeek,
    len: u64,
    /// Bytes of a sector and of a small sector, as powers of two.
    shift: u32,
    mini_shift: u32,
    /// Streams shorter than this stand in small sectors.
    cutoff: u64,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    /// The sectors that hold the small ones.
    mini: Vec<u32>,
    directory: u32,
    first_mini_fat: u32,
    /// The most bytes that are kept of the directory or a table.
    memory: u64,
}

impl<'a> Sectors<'a> {
    /// Reads the header and the table of sectors; `None` if the header cannot be read. Tables and directory may
    /// take `memory` bytes each.
    pub(super) fn open(reader: &'a mut dyn ReadSeek, len: u64, memory: u64) -> Option<Sectors<'a>> {
        let mut header = [0; HEADER];
        reader.rewind().ok()?;
        reader.read_exact(&mut header).ok()?;
        let word =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let half = |at: usize| u32::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let shift = Some(half(30)).filter(|s| (7..=16).contains(s)).unwrap_or(9);
        let mini_shift = Some(half(32)).filter(|s| (4..=shift).contains(s)).unwrap_or(6);
        let mut sectors = Sectors {
            reader,
            len,
            shift,
            mini_shift,
            // The only value in use; 0 is how [`super::carve`] writes files without small sectors.
            cutoff: if word(56) == 0 { 0 } else { 4096 },
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            directory: word(48),
            first_mini_fat: word(60),
            memory,
        };
        let list = (0..LIST.1).map(|i| word(LIST.0 + 4 * i)).collect();
        sectors.read_fat(list, word(68));
        Some(sectors)
    }

    /// Reads the table: the sectors listed in the header, then those listed in a chain of further sectors.
    fn read_fat(&mut self, mut list: Vec<u32>, mut next: u32) {
        let most = (self.count() + (1 << self.shift)).min(self.memory / 4);
        let per_sector = (1usize << self.shift) / 4;
        let mut further = 0;
        while next < SPECIAL && further <= most / per_sector as u64 {
            let mut words = self.words(next);
            if words.len() < per_sector {
                break;
            }
            next = words.pop().unwrap_or(END);
            list.extend(words);
            further += 1;
        }
        while list.last().is_some_and(|&at| at >= SPECIAL) {
            list.pop();
        }
        for at in list {
            if self.fat.len() as u64 >= most {
                break;
            }
            let mut words = if at < SPECIAL { self.words(at) } else { Vec::new() };
            // What is cut off keeps its place, or else all that follows would shift.
            words.resize(per_sector, FREE);
            self.fat.extend(words);
        }
    }

    /// Reads what is needed for small sectors: their table, and the chain of the stream that holds them.
    pub(super) fn open_mini(&mut self, start: u32, size: u64) {
        let chain = self.chain(&self.fat, self.first_mini_fat, u64::MAX, false);
        let bytes = self.bytes(&chain, self.shift, None, self.memory);
        self.mini_fat = to_words(&bytes);
        self.mini = self.chain(&self.fat, start, size.div_ceil(1 << self.shift), true);
    }

    /// The bytes of the directory.
    pub(super) fn directory(&mut self) -> Vec<u8> {
        let chain = self.chain(&self.fat, self.directory, u64::MAX, false);
        self.bytes(&chain, self.shift, None, self.memory)
    }

    /// At most `most` bytes of a stream of `size` bytes that begins at the sector `start`.
    pub(super) fn stream(&mut self, start: u32, size: u64, most: u64) -> Vec<u8> {
        if size < self.cutoff {
            let chain = self.chain(&self.mini_fat, start, most.div_ceil(1 << self.mini_shift), false);
            let mini = std::mem::take(&mut self.mini);
            let bytes = self.bytes(&chain, self.mini_shift, Some(&mini), most);
            self.mini = mini;
            return bytes;
        }
        let chain = self.chain(&self.fat, start, most.div_ceil(1 << self.shift), true);
        self.bytes(&chain, self.shift, None, most)
    }

    /// How many sectors the file can hold.
    fn count(&self) -> u64 {
        self.len >> self.shift
    }

    /// The sectors of a chain, at most `most`. Beyond the end of a table that is too short, sectors follow each
    /// other if `guess` is set: that is how most files are written.
    fn chain(&self, table: &[u32], start: u32, most: u64, guess: bool) -> Vec<u32> {
        let count = if guess { self.count() + 1 } else { table.len() as u64 + 1 };
        let most = most.min(count);
        let (mut out, mut at) = (Vec::new(), start);
        while at < SPECIAL && (out.len() as u64) < most {
            out.push(at);
            at = match table.get(at as usize) {
                Some(&next) => next,
                None if guess => at + 1,
                None => END,
            };
        }
        out
    }

    /// The bytes of these sectors, up to the first that cannot be read. With `mini`, they are small sectors within
    /// those sectors.
    fn bytes(&mut self, chain: &[u32], shift: u32, mini: Option<&[u32]>, most: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let (mut from, mut length) = (0, 0u64);
        for &sector in chain {
            let Some(offset) = self.offset(sector, shift, mini) else { break };
            if offset == from + length {
                length += 1 << shift;
            } else {
                if !self.append(from, length, most, &mut out) {
                    return out;
                }
                (from, length) = (offset, 1 << shift);
            }
        }
        self.append(from, length, most, &mut out);
        out
    }

    fn offset(&self, sector: u32, shift: u32, mini: Option<&[u32]>) -> Option<u64> {
        let (sector, within) = match mini {
            Some(mini) => {
                let at = u64::from(sector) << shift;
                (*mini.get(usize::try_from(at >> self.shift).ok()?)?, at & ((1 << self.shift) - 1))
            }
            None => (sector, 0),
        };
        // The header fills one sector, or the start of it; version 4 pads it to a whole one.
        let first = (HEADER as u64).next_multiple_of(1 << self.shift);
        Some(first + (u64::from(sector) << self.shift) + within)
    }

    /// Appends a stretch of the file; false if it ends early or `most` is reached.
    fn append(&mut self, from: u64, length: u64, most: u64, out: &mut Vec<u8>) -> bool {
        let length = length.min(most - out.len() as u64);
        let before = out.len();
        let sought = self.reader.seek(SeekFrom::Start(from));
        let read = sought.and_then(|_| (&mut self.reader).take(length).read_to_end(out));
        read.is_ok() && (out.len() - before) as u64 == length && (out.len() as u64) < most
    }

    fn words(&mut self, sector: u32) -> Vec<u32> {
        to_words(&self.bytes(&[sector], self.shift, None, u64::MAX))
    }
}

fn to_words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect()
}

//! A storage cut out of a compound file as a compound file of its own: how embedded documents become members.
//!
//! The result has no small sectors (the header says so with a limit of 0), and the entries of a storage hang on
//! each other to the right. That is all a reader needs.

use super::compound::{Compound, Id};
use super::sectors::{END, FREE, HEADER};

/// Bytes of a sector of the result.
const SECTOR: usize = 512;
/// Marks a sector of the table ([MS-CFB] 2.1).
const TABLE: u32 = 0xFFFF_FFFD;
/// Numbers of a sector.
const WORDS: usize = SECTOR / 4;
/// Sectors of the table that the header lists.
const LISTED: usize = 109;
/// Storages inside each other that are followed.
const DEPTH: usize = 16;

impl Compound<'_> {
    /// `storage` with everything in it as the bytes of a compound file. What the table of the header cannot hold
    /// (above 7 MB) is left out and remembered as trouble, like streams that end early.
    pub(crate) fn carve(&mut self, storage: Id) -> Vec<u8> {
        let mut new = New { directory: Vec::new(), content: Vec::new(), table: Vec::new(), full: false };
        new.entry("Root Entry", 5, END, 0);
        self.copy(storage, 0, 0, &mut new);
        if new.full {
            self.too_large();
        }
        new.finish()
    }

    fn copy(&mut self, storage: Id, at: usize, depth: usize, new: &mut New) {
        let mut before = None;
        for child in self.children(storage).to_vec() {
            let (name, inner) = (self.item(child).name.clone(), self.item(child).storage);
            if inner && depth == DEPTH {
                self.too_large();
                continue;
            }
            let bytes = if inner { Vec::new() } else { self.read(child) };
            let kind = if inner { 1 } else { 2 };
            let start = new.stream(&bytes);
            let entry = new.entry(&name, kind, start, bytes.len());
            match before {
                None => new.link(at, 76, entry),
                Some(before) => new.link(before, 72, entry),
            }
            before = Some(entry);
            if inner {
                self.copy(child, entry, depth + 1, new);
            }
        }
    }
}

/// A file being written.
struct New {
    directory: Vec<u8>,
    content: Vec<u8>,
    /// The chains of the sectors of `content`.
    table: Vec<u32>,
    full: bool,
}

impl New {
    /// Adds a stream; returns its first sector.
    fn stream(&mut self, bytes: &[u8]) -> u32 {
        let sectors = bytes.len().div_ceil(SECTOR);
        let most = (LISTED - 1) * WORDS - LISTED;
        // The directory needs room too: four entries a sector.
        if self.table.len() + sectors + self.directory.len() / SECTOR > most {
            self.full = true;
            return END;
        }
        self.append(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> u32 {
        if bytes.is_empty() {
            return END;
        }
        let first = self.table.len() as u32;
        let sectors = bytes.len().div_ceil(SECTOR) as u32;
        self.content.extend_from_slice(bytes);
        self.content.resize(self.content.len().next_multiple_of(SECTOR), 0);
        self.table.extend((first + 1..first + sectors).chain([END]));
        first
    }

    /// Adds an entry of the directory; returns its number.
    fn entry(&mut self, name: &str, kind: u8, start: u32, size: usize) -> usize {
        let number = self.directory.len() / 128;
        let mut entry = [0; 128];
        for (place, unit) in entry[..62].chunks_exact_mut(2).zip(name.encode_utf16()) {
            place.copy_from_slice(&unit.to_le_bytes());
        }
        let length = (2 * name.encode_utf16().count() + 2).min(64) as u16;
        entry[64..66].copy_from_slice(&length.to_le_bytes());
        (entry[66], entry[67]) = (kind, 1);
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        let size = if start == END { 0 } else { size as u32 };
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        self.directory.extend(entry);
        number
    }

    /// Writes the number of an entry into another one, at byte `field`.
    fn link(&mut self, entry: usize, field: usize, to: usize) {
        let at = entry * 128 + field;
        self.directory[at..at + 4].copy_from_slice(&(to as u32).to_le_bytes());
    }

    fn finish(mut self) -> Vec<u8> {
        let directory = std::mem::take(&mut self.directory);
        let first = self.append(&directory);
        // The table describes itself: so many sectors that they have room for all and themselves.
        let mut sectors = 0;
        while sectors * WORDS < self.table.len() + sectors {
            sectors += 1;
        }
        let table_at = self.table.len() as u32;
        self.table.resize(self.table.len() + sectors, TABLE);
        self.table.resize(sectors * WORDS, FREE);
        let mut out = vec![0; HEADER];
        out[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
        let halves = [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)];
        for (at, value) in halves {
            out[at..at + 2].copy_from_slice(&value.to_le_bytes());
        }
        let listed = (0..LISTED).map(|i| if i < sectors { table_at + i as u32 } else { FREE });
        let words = [(44, sectors as u32), (48, first), (56, 0), (60, END), (64, 0), (68, END), (72, 0)];
        for (at, value) in words.into_iter().chain(listed.enumerate().map(|(i, at)| (76 + 4 * i, at))) {
            out[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        out.extend(self.content);
        out.extend(self.table.iter().flat_map(|word| word.to_le_bytes()));
        out
    }
}

//! Pages: their headers, and their bytes unpacked.
//!
//! Source: `parquet.thrift` of the Parquet format, `PageHeader` and the structures in it.

use std::io::{Read, SeekFrom};

use super::Trouble;
use super::codec::unpack;
use super::thrift::Thrift;
use crate::document::ReadSeek;

/// Bytes read for the header of a page; statistics in it may make it longer, up to the last.
const HEADER: [u64; 3] = [512, 1 << 16, 1 << 20];
/// More values in one page are damage: writers begin a new one after some thousands.
const MOST_VALUES: u64 = 1 << 26;

/// The bytes of the file, and how much of them is held unpacked.
pub(super) struct Source<'r> {
    pub(super) reader: &'r mut dyn ReadSeek,
    pub(super) len: u64,
    pub(super) held: u64,
    pub(super) most: u64,
}

impl Source<'_> {
    /// The bytes from `at` on.
    pub(super) fn read(&mut self, at: u64, length: u64) -> Result<Vec<u8>, Trouble> {
        if at.checked_add(length).is_none_or(|end| end > self.len) {
            return Err(Trouble::Damaged);
        }
        self.reader.seek(SeekFrom::Start(at)).map_err(|_| Trouble::Io)?;
        let (mut bytes, mut reader) = (Vec::new(), &mut *self.reader);
        Read::take(&mut reader, length).read_to_end(&mut bytes).map_err(|_| Trouble::Io)?;
        if (bytes.len() as u64) < length { Err(Trouble::Damaged) } else { Ok(bytes) }
    }

    /// True if so much more may be held.
    pub(super) fn has_room(&self, bytes: u64) -> bool {
        self.held.saturating_add(bytes) <= self.most
    }
}

/// What a page holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Dictionary,
    /// Values behind their levels, all packed together.
    Values,
    /// Levels as they are, then packed values.
    Values2,
    Other,
}

/// The header of a page.
pub(super) struct Header {
    pub(super) content: Content,
    pub(super) unpacked: u64,
    pub(super) packed: u64,
    pub(super) values: u64,
    pub(super) encoding: i64,
    /// True if levels are stored in the way of the first version.
    pub(super) old_levels: bool,
    /// Bytes of both kinds of levels, of `Values2`.
    pub(super) def: usize,
    pub(super) rep: usize,
    plain: bool,
}

impl Header {
    /// The header at `at`, and where the page begins; pages end at `end`.
    pub(super) fn at(source: &mut Source<'_>, at: u64, end: u64) -> Result<(Header, u64), Trouble> {
        for length in HEADER {
            let bytes = source.read(at, length.min(end.saturating_sub(at)))?;
            let mut thrift = Thrift::new(&bytes);
            if let Some(header) = Header::read(&mut thrift) {
                return Ok((header, at + thrift.used() as u64));
            }
            if (bytes.len() as u64) < length {
                break;
            }
        }
        Err(Trouble::Damaged)
    }

    fn read(t: &mut Thrift<'_>) -> Option<Header> {
        let mut h = Header {
            content: Content::Other,
            unpacked: 0,
            packed: 0,
            values: 0,
            encoding: 0,
            old_levels: false,
            def: 0,
            rep: 0,
            plain: false,
        };
        t.fields(|t, id, kind| match id {
            1 => {
                h.content = match t.int(kind)? {
                    0 => Content::Values,
                    2 => Content::Dictionary,
                    3 => Content::Values2,
                    _ => Content::Other,
                };
                Some(())
            }
            2 => t.size(kind).map(|n| h.unpacked = n),
            3 => t.size(kind).map(|n| h.packed = n),
            5 | 7 => h.first(t),
            8 => h.second(t),
            _ => t.skip(kind),
        })?;
        (h.values <= MOST_VALUES).then_some(h)
    }

    /// `DataPageHeader` and `DictionaryPageHeader`, which begin alike.
    fn first(&mut self, t: &mut Thrift<'_>) -> Option<()> {
        t.fields(|t, id, kind| match id {
            1 => t.size(kind).map(|n| self.values = n),
            2 => t.int(kind).map(|n| self.encoding = n),
            3 | 4 if Thrift::flag(kind).is_none() => t.int(kind).map(|n| self.old_levels |= n == 4),
            _ => t.skip(kind),
        })
    }

    fn second(&mut self, t: &mut Thrift<'_>) -> Option<()> {
        t.fields(|t, id, kind| match id {
            1 => t.size(kind).map(|n| self.values = n),
            4 => t.int(kind).map(|n| self.encoding = n),
            5 => t.size(kind).and_then(|n| usize::try_from(n).ok()).map(|n| self.def = n),
            6 => t.size(kind).and_then(|n| usize::try_from(n).ok()).map(|n| self.rep = n),
            7 => Thrift::flag(kind).map(|packed| self.plain = !packed),
            _ => t.skip(kind),
        })
    }

    /// Unpacks the bytes of the page.
    pub(super) fn unpack(&self, codec: i64, mut bytes: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        let size = usize::try_from(self.unpacked).map_err(|_| Trouble::Memory)?;
        if self.content != Content::Values2 {
            return unpack(codec, bytes, size);
        }
        let levels = self.def.saturating_add(self.rep);
        if self.plain || levels >= bytes.len() {
            return Ok(bytes);
        }
        let values = unpack(codec, bytes.split_off(levels), size.saturating_sub(levels))?;
        bytes.extend_from_slice(&values);
        Ok(bytes)
    }
}

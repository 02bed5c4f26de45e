//! Values too long for their row: memos and objects.

use super::Database;
use crate::extract::bytes::{slice, u32_at};

/// What a row holds of a long value before its bytes, or in place of them.
const HEAD: usize = 12;
const LENGTH: u32 = 0x3FFF_FFFF;
const INLINE: u32 = 0x8000_0000;
const ONE_ROW: u32 = 0x4000_0000;

impl Database<'_, '_> {
    /// The value that `stored` stands for, as far as it can be read.
    pub(super) fn long(&mut self, stored: &[u8]) -> Vec<u8> {
        let (Some(word), Some(pointer)) = (u32_at(stored, 0), u32_at(stored, 4)) else { return Vec::new() };
        // No value is longer than the file, however often its pieces lead in a circle.
        let length = u64::from(word & LENGTH).min(self.most).min(self.pages.len()) as usize;
        if word & INLINE != 0 {
            let value = stored.get(HEAD..).unwrap_or_default();
            return value[..length.min(value.len())].to_vec();
        }
        if word & ONE_ROW != 0 {
            let mut value = self.part(pointer).unwrap_or_default();
            value.truncate(length);
            if value.len() < length {
                self.damage("a long value breaks off", pointer >> 8);
            }
            return value;
        }
        self.chain(pointer, length)
    }

    /// A value in pieces, each of which begins with the place of the next.
    fn chain(&mut self, first: u32, length: usize) -> Vec<u8> {
        let (mut value, mut next) = (Vec::new(), first);
        while value.len() < length && next != 0 {
            let piece = self.part(next).filter(|piece| piece.len() > 4);
            let Some(piece) = piece else { break };
            next = u32_at(&piece, 0).unwrap_or(0);
            value.extend_from_slice(&piece[4..]);
        }
        if value.len() < length {
            self.damage("a long value breaks off", first >> 8);
        }
        value.truncate(length);
        value
    }

    /// The row that a pointer names: page, and number on it in the low byte.
    pub(super) fn part(&mut self, pointer: u32) -> Option<Vec<u8>> {
        let page = self.pages.page(pointer >> 8)?;
        let slot = page.slot((pointer & 0xFF) as u16)?;
        page.row(&slot).map(<[u8]>::to_vec)
    }
}

/// The content of a file in a column of attachments: whether it is packed, its length, then packed or not a header
/// whose first word is its own length, and the file.
pub(super) fn attachment(value: &[u8], most: u64) -> Option<Vec<u8>> {
    const PACKED: u32 = 1;
    let body = value.get(8..)?;
    let content = if u32_at(value, 0)? == PACKED {
        let mut content = Vec::new();
        let unpacked = std::io::Read::take(flate2::read::ZlibDecoder::new(body), most);
        // What precedes damage is kept.
        let _ = std::io::Read::read_to_end(&mut { unpacked }, &mut content);
        content
    } else {
        body.to_vec()
    };
    let header = u32_at(&content, 0)? as usize;
    let file = slice(&content, header, content.len().checked_sub(header)?)?;
    (header >= 12 && !file.is_empty()).then(|| file.to_vec())
}

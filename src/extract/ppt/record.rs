//! Records of the stream, one after the other.

use crate::extract::bytes::{u16_at, u32_at};

/// Bytes of a header.
const HEADER: usize = 8;

/// One record with its content.
pub(super) struct Record<'a> {
    /// Its type.
    pub kind: u16,
    /// Its instance: what it is among others of its type.
    pub instance: u16,
    /// True if its content is records.
    pub container: bool,
    /// True if it says to be longer than what holds it.
    pub cut: bool,
    /// Its content, cut to what holds it.
    pub content: &'a [u8],
}

impl<'a> Record<'a> {
    /// The records in `bytes`, up to the first that is no header.
    pub(super) fn all(mut bytes: &'a [u8]) -> impl Iterator<Item = Record<'a>> {
        std::iter::from_fn(move || {
            let (version, kind) = (u16_at(bytes, 0)?, u16_at(bytes, 2)?);
            let rest = bytes.get(HEADER..)?;
            let length = u32_at(bytes, 4)? as usize;
            let cut = length > rest.len();
            let (content, behind) = rest.split_at(length.min(rest.len()));
            bytes = behind;
            Some(Record { kind, instance: version >> 4, container: version & 0xF == 0xF, cut, content })
        })
    }
}

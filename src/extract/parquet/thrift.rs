//! The compact protocol of Thrift, in which everything but the values is written.
//!
//! Source: "Thrift Compact protocol encoding" of the Apache Thrift documentation. Values are read in one pass and
//! what is not asked for is stepped over; nothing is kept.

/// Structures in structures that are followed.
const MOST_DEPTH: usize = 24;

/// Kinds of values, as the protocol numbers them.
mod kind {
    pub(super) const TRUE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const BYTE: u8 = 3;
    pub(super) const I16: u8 = 4;
    pub(super) const I64: u8 = 6;
    pub(super) const DOUBLE: u8 = 7;
    pub(super) const BINARY: u8 = 8;
    pub(super) const LIST: u8 = 9;
    pub(super) const SET: u8 = 10;
    pub(super) const MAP: u8 = 11;
    pub(super) const STRUCT: u8 = 12;
    pub(super) const UUID: u8 = 13;
}

/// A reader at some place of the bytes. Every method gives `None` where they are not what they should be.
pub(super) struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Thrift { bytes, at: 0, depth: 0 }
    }

    /// How many bytes have been read.
    pub(super) fn used(&self) -> usize {
        self.at
    }

    /// Reads a structure: `field` is called with the number and kind of each field and must read or skip it.
    pub(super) fn fields(&mut self, mut field: impl FnMut(&mut Self, i16, u8) -> Option<()>) -> Option<()> {
        self.depth += 1;
        let mut id = 0i16;
        while self.depth <= MOST_DEPTH {
            let head = self.byte()?;
            if head == 0 {
                self.depth -= 1;
                return Some(());
            }
            id = match head >> 4 {
                0 => i16::try_from(self.zigzag()?).ok()?,
                step => id.checked_add(i16::from(step))?,
            };
            field(self, id, head & 15)?;
        }
        None
    }

    /// Reads a list: `item` is called for each with its kind.
    pub(super) fn items(
        &mut self,
        kind: u8,
        mut item: impl FnMut(&mut Self, u8) -> Option<()>,
    ) -> Option<()> {
        if !matches!(kind, kind::LIST | kind::SET) {
            return None;
        }
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        // Every item takes a byte at least.
        if count > (self.bytes.len() - self.at) as u64 {
            return None;
        }
        for _ in 0..count {
            item(self, head & 15)?;
        }
        Some(())
    }

    /// A whole number of any width.
    pub(super) fn int(&mut self, kind: u8) -> Option<i64> {
        match kind {
            kind::BYTE => self.byte().map(|b| i64::from(b.cast_signed())),
            kind::I16..=kind::I64 => self.zigzag(),
            _ => None,
        }
    }

    /// A whole number that is no less than zero.
    pub(super) fn size(&mut self, kind: u8) -> Option<u64> {
        u64::try_from(self.int(kind)?).ok()
    }

    /// True or false, as a field of a structure.
    pub(super) fn flag(kind: u8) -> Option<bool> {
        matches!(kind, kind::TRUE | kind::FALSE).then_some(kind == kind::TRUE)
    }

    /// Bytes or text.
    pub(super) fn binary(&mut self, kind: u8) -> Option<&'a [u8]> {
        if kind != kind::BINARY {
            return None;
        }
        let length = usize::try_from(self.varint()?).ok()?;
        let bytes = super::bytes::slice(self.bytes, self.at, length)?;
        self.at += length;
        Some(bytes)
    }

    /// Text; bytes that are no UTF-8 are replaced.
    pub(super) fn text(&mut self, kind: u8) -> Option<String> {
        self.binary(kind).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Steps over a field of this kind.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        match kind {
            kind::TRUE | kind::FALSE => Some(()),
            kind::DOUBLE => self.step(8),
            kind::UUID => self.step(16),
            kind::BINARY => self.binary(kind).map(|_| ()),
            kind::LIST | kind::SET => self.nested(|t| t.items(kind, Self::skip_item)),
            kind::MAP => self.nested(Self::skip_map),
            kind::STRUCT => self.fields(|t, _, kind| t.skip(kind)),
            _ => self.int(kind).map(|_| ()),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth += 1;
        let done = if self.depth > MOST_DEPTH { None } else { read(self) };
        self.depth -= 1;
        done
    }

    /// In lists a truth value takes a byte.
    fn skip_item(&mut self, kind: u8) -> Option<()> {
        if matches!(kind, kind::TRUE | kind::FALSE) { self.step(1) } else { self.skip(kind) }
    }

    fn skip_map(&mut self) -> Option<()> {
        let count = self.varint()?;
        if count == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        if count > (self.bytes.len() - self.at) as u64 {
            return None;
        }
        for _ in 0..count {
            self.skip_item(kinds >> 4)?;
            self.skip_item(kinds & 15)?;
        }
        Some(())
    }

    fn step(&mut self, length: usize) -> Option<()> {
        self.at = self.at.checked_add(length).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn zigzag(&mut self) -> Option<i64> {
        self.varint().map(super::bits::unfold)
    }

    fn varint(&mut self) -> Option<u64> {
        super::bits::varint(self.bytes, &mut self.at)
    }
}

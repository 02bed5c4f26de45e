//! A window of a file, decoded and normalised, with the way back to bytes of the file.

use std::borrow::Cow;

use super::normal::{Normal, normalise};
use crate::identify::{OffsetMap, TextEncoding};

/// A decoded piece of a file.
pub struct Decoded<'b> {
    text: Cow<'b, str>,
    map: OffsetMap,
    base: u64,
}

impl<'b> Decoded<'b> {
    /// Decodes `bytes`, which stand at `base` in the file. UTF-8 is not copied.
    #[must_use]
    pub fn new(encoding: TextEncoding, bytes: &'b [u8], base: u64) -> Decoded<'b> {
        let mut map = OffsetMap::default();
        let skip = if base == 0 { encoding.bom_len(bytes) } else { 0 };
        let bytes = &bytes[skip..];
        let text = encoding.as_it_stands(bytes, &mut map).map_or_else(
            || {
                let mut text = String::new();
                encoding.decode(bytes, &mut text, &mut map);
                Cow::Owned(text)
            },
            Cow::Borrowed,
        );
        Decoded { text, map, base: base + skip as u64 }
    }

    /// The same, independent of the bytes.
    #[must_use]
    pub fn into_owned(self) -> Decoded<'static> {
        Decoded { text: Cow::Owned(self.text.into_owned()), map: self.map, base: self.base }
    }

    /// The decoded text, before normalisation.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The normalised window.
    #[must_use]
    pub fn window(&self) -> Window<'_> {
        Window { normal: normalise(&self.text), decoded: self }
    }
}

/// A normalised window of a file.
pub struct Window<'a> {
    normal: Normal<'a>,
    decoded: &'a Decoded<'a>,
}

impl Window<'_> {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.normal.text
    }

    /// Byte offset in the file of an offset in the text.
    #[must_use]
    pub fn file_offset(&self, at: usize) -> u64 {
        self.decoded.base + self.decoded.map.raw(self.normal.original(at)) as u64
    }

    /// The first offset in the text whose file offset is not before `offset`.
    #[must_use]
    pub fn text_offset(&self, offset: u64) -> usize {
        let (mut lo, mut hi) = (0, self.text().len());
        while lo < hi {
            let mid = usize::midpoint(lo, hi);
            if self.file_offset(mid) < offset { lo = mid + 1 } else { hi = mid }
        }
        crate::detect::label_context::char_at_or_after(self.text(), lo)
    }
}

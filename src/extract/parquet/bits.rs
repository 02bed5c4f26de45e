//! Numbers packed into bits: varints, runs mixed with packed values, and differences.
//!
//! Source: "Encodings" of the Parquet format, sections RLE, `DELTA_BINARY_PACKED`. Decoders hold places, not bytes, and
//! give one number at a time, so that a declared count costs nothing.

/// A number in groups of seven bits, the low ones first.
pub(in crate::extract) fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// A signed number out of one whose sign is the lowest bit.
pub(super) fn unfold(folded: u64) -> i64 {
    (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed()
}

/// The `width` bits (64 at most) from bit `from` on, the low ones first; bits beyond the end are none.
fn packed(bytes: &[u8], from: usize, width: u32) -> Option<u64> {
    let (first, shift) = (from / 8, from % 8);
    let last = (from + width as usize).div_ceil(8);
    let wide = bytes.get(first..last)?.iter().rev().fold(0u128, |wide, b| wide << 8 | u128::from(*b));
    Some((wide >> shift) as u64 & u64::MAX.checked_shr(64 - width).unwrap_or(0))
}

/// Runs of one number mixed with packed numbers.
pub(super) struct Hybrid {
    at: usize,
    end: usize,
    width: u32,
    /// Numbers left of the run, and its number; packed ones stand from bit `bit` on.
    left: u64,
    value: u64,
    bit: Option<usize>,
}

impl Hybrid {
    /// Numbers of `width` bits in the bytes from `at` to `end`.
    pub(super) fn new(at: usize, end: usize, width: u32) -> Self {
        Hybrid { at, end, width: width.min(32), left: 0, value: 0, bit: None }
    }

    /// Numbers whose width is the byte at `at`.
    pub(super) fn with_width(bytes: &[u8], at: usize, end: usize) -> Option<Self> {
        let width = u32::from(*bytes.get(at)?);
        (width <= 32).then(|| Self::new(at + 1, end, width))
    }

    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<u64> {
        let bytes = bytes.get(..self.end)?;
        while self.left == 0 {
            self.run(bytes)?;
        }
        self.left -= 1;
        let Some(bit) = self.bit else { return Some(self.value) };
        self.bit = Some(bit + self.width as usize);
        packed(bytes, bit, self.width)
    }

    fn run(&mut self, bytes: &[u8]) -> Option<()> {
        let head = varint(bytes, &mut self.at)?;
        if head & 1 == 0 {
            let length = self.width.div_ceil(8) as usize;
            self.value = packed(bytes, self.at * 8, length as u32 * 8)?;
            (self.left, self.bit) = (head >> 1, None);
            self.at += length;
            return Some(());
        }
        // Groups of eight numbers; the last may be cut off where no number of it counts.
        let groups = usize::try_from(head >> 1).ok()?;
        let length = groups.checked_mul(self.width as usize)?;
        self.left = (groups as u64).checked_mul(8)?;
        self.bit = Some(self.at * 8);
        self.at = self.at.saturating_add(length);
        Some(())
    }
}

/// Numbers as differences, in blocks.
pub(super) struct Delta {
    at: usize,
    end: usize,
    /// Numbers not given yet.
    left: u64,
    value: i64,
    /// True until the first number, which stands in the header, is given.
    first: bool,
    minis: usize,
    per_mini: usize,
    least: i64,
    /// Widths of the small blocks that are left in this block: where they stand, and how many.
    widths: (usize, usize),
    mini_left: usize,
    width: u32,
    bit: usize,
}

impl Delta {
    /// Reads the header at `at`; more than `most` numbers are none.
    pub(super) fn new(bytes: &[u8], at: usize, end: usize, most: u64) -> Option<Self> {
        let (bytes, mut at) = (bytes.get(..end)?, at);
        let block = usize::try_from(varint(bytes, &mut at)?).ok()?;
        let minis = usize::try_from(varint(bytes, &mut at)?).ok()?;
        let left = varint(bytes, &mut at)?;
        let value = unfold(varint(bytes, &mut at)?);
        let sound = (1..=1 << 24).contains(&block)
            && minis > 0
            && block % minis == 0
            && minis <= 1 << 12
            && left <= most;
        sound.then(|| Delta {
            at,
            end,
            left,
            value,
            first: true,
            minis,
            per_mini: block / minis,
            least: 0,
            widths: (0, 0),
            mini_left: 0,
            width: 0,
            bit: 0,
        })
    }

    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<i64> {
        self.left = self.left.checked_sub(1)?;
        if std::mem::take(&mut self.first) {
            return Some(self.value);
        }
        let bytes = bytes.get(..self.end)?;
        if self.mini_left == 0 {
            self.mini(bytes)?;
        }
        self.mini_left -= 1;
        let difference = packed(bytes, self.bit, self.width)?;
        self.bit += self.width as usize;
        self.value = self.value.wrapping_add(self.least).wrapping_add(difference.cast_signed());
        Some(self.value)
    }

    fn mini(&mut self, bytes: &[u8]) -> Option<()> {
        if self.widths.1 == 0 {
            self.least = unfold(varint(bytes, &mut self.at)?);
            self.widths = (self.at, self.minis);
            self.at += self.minis;
        }
        self.width = u32::from(*bytes.get(self.widths.0)?);
        if self.width > 64 {
            return None;
        }
        self.widths = (self.widths.0 + 1, self.widths.1 - 1);
        self.mini_left = self.per_mini;
        self.bit = self.at * 8;
        self.at = self.at.checked_add(self.per_mini * self.width as usize / 8)?;
        Some(())
    }

    /// Steps over all numbers: where what follows them begins.
    pub(super) fn end(mut self, bytes: &[u8]) -> Option<usize> {
        while self.left > 0 {
            self.next(bytes)?;
        }
        Some(self.at)
    }
}

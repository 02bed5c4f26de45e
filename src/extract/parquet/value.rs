//! Values of a page, one after the other, in every encoding there is.
//!
//! Source: "Encodings" of the Parquet format.

use super::bits::{Delta, Hybrid};
use super::bytes::{slice, u32_at};
use super::meta::Leaf;

/// A value as it is stored.
pub(super) enum Raw<'a> {
    Bool(bool),
    Int(i64),
    Real(f64),
    Bytes(&'a [u8]),
}

/// How values of one kind are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int32,
    Int64,
    Float,
    Double,
    /// Bytes with their length before them.
    Bytes,
    /// So many bytes.
    Fixed(usize),
}

impl Kind {
    pub(super) fn of(leaf: &Leaf) -> Option<Kind> {
        Some(match leaf.physical {
            0 => Kind::Bool,
            1 => Kind::Int32,
            2 => Kind::Int64,
            3 => Kind::Fixed(12),
            4 => Kind::Float,
            5 => Kind::Double,
            6 => Kind::Bytes,
            7 => Kind::Fixed(leaf.length),
            _ => return None,
        })
    }

    /// Bytes of a value, where all have the same.
    fn size(self) -> Option<usize> {
        match self {
            Kind::Int32 | Kind::Float => Some(4),
            Kind::Int64 | Kind::Double => Some(8),
            Kind::Fixed(size) => Some(size),
            Kind::Bool | Kind::Bytes => None,
        }
    }

    /// The value that these bytes are.
    fn value(self, bytes: &[u8]) -> Option<Raw<'_>> {
        Some(match self {
            Kind::Int32 => Raw::Int(i64::from(i32::from_le_bytes(bytes.try_into().ok()?))),
            Kind::Int64 => Raw::Int(i64::from_le_bytes(bytes.try_into().ok()?)),
            Kind::Float => {
                // The shortest text that means the same number, not that of the wider one.
                Raw::Real(f32::from_le_bytes(bytes.try_into().ok()?).to_string().parse().ok()?)
            }
            Kind::Double => Raw::Real(f64::from_le_bytes(bytes.try_into().ok()?)),
            Kind::Bool | Kind::Bytes | Kind::Fixed(_) => Raw::Bytes(bytes),
        })
    }
}

/// Values that later pages name by their number.
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    /// Where those begin that have a length before them.
    starts: Vec<u32>,
}

impl Dictionary {
    pub(super) fn new(bytes: Vec<u8>, kind: Kind) -> Self {
        let (mut starts, mut at) = (Vec::new(), 0);
        while let (Kind::Bytes, Some(length), Ok(start)) = (kind, u32_at(&bytes, at), u32::try_from(at)) {
            at = (at + 4).saturating_add(length as usize);
            if at > bytes.len() {
                break;
            }
            starts.push(start);
        }
        Dictionary { bytes, starts }
    }

    /// Bytes it takes.
    pub(super) fn held(&self) -> u64 {
        (self.bytes.len() + self.starts.len() * 4) as u64
    }

    fn get(&self, index: u64, kind: Kind) -> Option<Raw<'_>> {
        let index = usize::try_from(index).ok()?;
        if let Some(size) = kind.size() {
            return kind.value(slice(&self.bytes, index.checked_mul(size)?, size)?);
        }
        let start = *self.starts.get(index)? as usize;
        let length = u32_at(&self.bytes, start)? as usize;
        slice(&self.bytes, start + 4, length).map(Raw::Bytes)
    }
}

/// A decoder of the values of a page.
pub(super) enum Values {
    /// One after the other; of truth values, bits.
    Plain {
        at: usize,
        bit: usize,
    },
    /// Numbers of entries in the dictionary.
    Named(Hybrid),
    /// Truth values as runs.
    Runs(Hybrid),
    Delta(Delta),
    /// All lengths, then all bytes.
    Lengths {
        lengths: Delta,
        at: usize,
    },
    /// How much each has in common with the one before it, then the rest of each.
    Shared {
        common: Delta,
        lengths: Delta,
        at: usize,
        last: Vec<u8>,
    },
    /// First bytes of all values, second bytes of all, and so on.
    Split {
        at: usize,
        count: usize,
        next: usize,
        value: Vec<u8>,
    },
}

/// The largest value that is put together from pieces.
const MOST_VALUE: usize = 64 << 20;

impl Values {
    /// Values of `kind` in the bytes of a page from `at` on: `most` at most. `None` for an encoding that does not go
    /// with them.
    pub(super) fn new(encoding: i64, kind: Kind, page: &[u8], at: usize, most: u64) -> Option<Values> {
        let end = page.len();
        let delta = |at| Delta::new(page, at, end, most);
        Some(match (encoding, kind) {
            (0, _) => Values::Plain { at, bit: 0 },
            (2 | 8, _) if at == end => Values::Named(Hybrid::new(at, end, 0)),
            (2 | 8, _) => Values::Named(Hybrid::with_width(page, at, end)?),
            (3, Kind::Bool) => {
                let length = u32_at(page, at)? as usize;
                Values::Runs(Hybrid::new(at + 4, end.min((at + 4).saturating_add(length)), 1))
            }
            (5, Kind::Int32 | Kind::Int64) => Values::Delta(delta(at)?),
            (6, Kind::Bytes) => Values::Lengths { lengths: delta(at)?, at: delta(at)?.end(page)? },
            (7, Kind::Bytes | Kind::Fixed(_)) => {
                let behind = delta(at)?.end(page)?;
                let data = delta(behind)?.end(page)?;
                Values::Shared { common: delta(at)?, lengths: delta(behind)?, at: data, last: Vec::new() }
            }
            (9, _) => {
                let size = kind.size().filter(|size| *size > 0)?;
                Values::Split { at, count: (end - at) / size, next: 0, value: vec![0; size.min(end)] }
            }
            _ => return None,
        })
    }

    /// The next value.
    pub(super) fn next<'a>(
        &'a mut self,
        page: &'a [u8],
        kind: Kind,
        dictionary: Option<&'a Dictionary>,
    ) -> Option<Raw<'a>> {
        match self {
            Values::Plain { at, bit } => plain(page, at, bit, kind),
            Values::Named(names) => dictionary?.get(names.next(page)?, kind),
            Values::Runs(runs) => runs.next(page).map(|n| Raw::Bool(n != 0)),
            Values::Delta(delta) => {
                let value = delta.next(page)?;
                // Differences of 32-bit numbers wrap around at 32 bits.
                Some(Raw::Int(if kind == Kind::Int32 { i64::from(value as i32) } else { value }))
            }
            Values::Lengths { lengths, at } => {
                let length = usize::try_from(lengths.next(page)?).ok()?;
                let value = slice(page, *at, length)?;
                *at += length;
                kind.value(value)
            }
            Values::Shared { common, lengths, at, last } => {
                let common = usize::try_from(common.next(page)?).ok()?;
                let length = usize::try_from(lengths.next(page)?).ok()?;
                let rest = slice(page, *at, length)?;
                if common > last.len() || common + length > MOST_VALUE {
                    return None;
                }
                last.truncate(common);
                last.extend_from_slice(rest);
                *at += length;
                kind.value(last)
            }
            Values::Split { at, count, next, value } => {
                for (n, byte) in value.iter_mut().enumerate() {
                    *byte = *page.get(*at + n * *count + *next)?;
                }
                *next += 1;
                kind.value(value)
            }
        }
    }
}

fn plain<'a>(page: &'a [u8], at: &mut usize, bit: &mut usize, kind: Kind) -> Option<Raw<'a>> {
    if kind == Kind::Bool {
        let byte = *page.get(*at + *bit / 8)?;
        let value = byte >> (*bit % 8) & 1;
        *bit += 1;
        return Some(Raw::Bool(value == 1));
    }
    let (start, size) = match kind.size() {
        Some(size) => (*at, size),
        None => (*at + 4, u32_at(page, *at)? as usize),
    };
    let value = slice(page, start, size)?;
    *at = start + size;
    kind.value(value)
}

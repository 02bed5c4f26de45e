//! Plain text by ranges: shape of the file, rows, objects, prose (`docs/ARCHITECTURE.md`, text by ranges).
//!
//! The result is a function of the file alone: no decision about a number reads more than [`REACH`] bytes either
//! side of it, whatever the size of a range and however many threads work on the file.

pub mod first;
pub mod fixed;
pub mod lines;
pub mod normal;
pub mod password;
pub mod profile;
pub mod quiet;
pub mod range;
pub mod row;
mod seams;
pub mod sql;
pub mod survey;
pub mod window;

pub use profile::Profile;
pub use range::{Job, process};

/// How far from a number anything may be read that decides about it, in bytes of the file.
pub const REACH: u64 = 64 * 1024;
/// Where a text is cut, unless a test asks for another size.
pub const RANGE: u64 = 2 * 1024 * 1024;
/// Up to this size a text is one unit, to which rules about whole units apply.
pub const UNIT: u64 = 1024 * 1024;
/// How much of a stream may be looked at before its profile is fixed.
pub const STREAM_SAMPLE: u64 = 4 * 1024 * 1024;

/// Random access to the bytes of a text.
pub trait Bytes: Sync {
    /// Size in bytes.
    fn len(&self) -> u64;

    /// True if there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buf` from `offset` on; returns how many bytes there were before the end.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<usize>;
}

impl Bytes for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(<[u8]>::len(self));
        let n = buf.len().min(<[u8]>::len(self) - from);
        buf[..n].copy_from_slice(&self[from..from + n]);
        Ok(n)
    }
}

/// Reads `range` of a text, as far as there is some.
///
/// # Errors
/// What the system says.
pub fn read_range(bytes: &dyn Bytes, range: std::ops::Range<u64>, buf: &mut Vec<u8>) -> std::io::Result<()> {
    let end = range.end.min(bytes.len());
    let n = usize::try_from(end.saturating_sub(range.start)).unwrap_or(0);
    buf.resize(n, 0);
    let got = bytes.read_at(buf, range.start)?;
    buf.truncate(got);
    Ok(())
}

//! The byte budget of one top-level file, counted while streaming.

use std::io::{self, Read};

use crate::coverage::Cause;
use crate::event::Gap;
use crate::scan::options::Limits;

/// From this size on the ratio of a single stream counts.
const RATIO_FROM: u64 = 64 << 20;

/// What may still be expanded.
#[derive(Clone)]
pub struct Budget {
    left: u64,
    ratio: u64,
    size: u64,
    /// Members met so far, over all containers of the file.
    pub members: u64,
}

impl Budget {
    /// The budget of a file of `size` bytes.
    #[must_use]
    pub fn new(limits: &Limits, size: u64) -> Self {
        let left = limits.expanded.max(size.saturating_mul(100));
        Budget { left, ratio: limits.ratio, size: size.max(1), members: 0 }
    }
}

/// Reads a member and counts its bytes against the budget.
pub struct Counted<'a> {
    inner: &'a mut dyn Read,
    budget: &'a mut Budget,
    read: u64,
    stopped: Option<Cause>,
}

impl<'a> Counted<'a> {
    /// Counts what is read from `inner`.
    pub fn new(inner: &'a mut dyn Read, budget: &'a mut Budget) -> Self {
        Counted { inner, budget, read: 0, stopped: None }
    }

    /// The gap of a budget that was used up.
    #[must_use]
    pub fn stopped(&self) -> Option<Gap> {
        let words = match self.stopped? {
            Cause::LimitRatio => "expands by more than the allowed ratio",
            _ => "expands to more bytes than allowed",
        };
        Some(Gap::new(self.stopped?, words.to_owned()))
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.read > RATIO_FROM && self.read / self.budget.size > self.budget.ratio {
            self.stopped = Some(Cause::LimitRatio);
        } else if self.budget.left == 0 {
            self.stopped = Some(Cause::LimitBytes);
        }
        if self.stopped.is_some() {
            return Ok(0);
        }
        let most = usize::try_from(self.budget.left).unwrap_or(usize::MAX).min(buf.len());
        let n = self.inner.read(&mut buf[..most])?;
        self.read += n as u64;
        self.budget.left -= n as u64;
        Ok(n)
    }
}

/// The gap of a member whose bytes could not be read to the end.
#[must_use]
pub fn read_gap(error: &io::Error) -> Gap {
    let words = match error.kind() {
        io::ErrorKind::UnexpectedEof => "ends too early",
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "does not decompress",
        _ => "could not be read to its end",
    };
    Gap::new(Cause::Damaged, words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_stopped_by_bytes_or_ratio() {
        let limits = Limits { expanded: 1000, ..Limits::default() };
        let mut budget = Budget::new(&limits, 1);
        let mut zeros = io::repeat(0);
        let mut counted = Counted::new(&mut zeros, &mut budget);
        let n = io::copy(&mut counted, &mut io::sink()).expect("no error");
        assert_eq!((n, counted.stopped().map(|g| g.cause)), (1000, Some(Cause::LimitBytes)));
        let limits = Limits { ratio: 2, ..Limits::default() };
        let mut budget = Budget::new(&limits, 1 << 20);
        let mut counted = Counted::new(&mut zeros, &mut budget);
        let n = io::copy(&mut counted, &mut io::sink()).expect("no error");
        assert!(n < 100 << 20);
        assert_eq!(counted.stopped().map(|g| g.cause), Some(Cause::LimitRatio));
    }
}

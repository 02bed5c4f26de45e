//! The byte budget of one top-level file, counted while streaming.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::coverage::Cause;
use crate::event::Gap;
use crate::scan::options::Limits;

/// From this size on the ratio of a single stream counts.
const RATIO_FROM: u64 = 64 << 20;

/// What may still be expanded. A copy counts against the same budget: streams lie within streams.
#[derive(Clone)]
pub struct Budget {
    left: Rc<Cell<u64>>,
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
        Budget { left: Rc::new(Cell::new(left)), ratio: limits.ratio, size: size.max(1), members: 0 }
    }
}

/// Reads a member and counts its bytes against the budget.
pub struct Counted<'a> {
    inner: &'a mut dyn Read,
    budget: Budget,
    read: u64,
    stopped: Option<Cause>,
}

impl<'a> Counted<'a> {
    /// Counts what is read from `inner`.
    pub fn new(inner: &'a mut dyn Read, budget: &Budget) -> Self {
        Counted { inner, budget: budget.clone(), read: 0, stopped: None }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.read
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
        } else if self.budget.left.get() == 0 {
            self.stopped = Some(Cause::LimitBytes);
        }
        if self.stopped.is_some() {
            return Ok(0);
        }
        let most = usize::try_from(self.budget.left.get()).unwrap_or(usize::MAX).min(buf.len());
        let n = self.inner.read(&mut buf[..most])?;
        self.read += n as u64;
        self.budget.left.set(self.budget.left.get().saturating_sub(n as u64));
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_stopped_by_bytes_or_ratio() {
        let limits = Limits { expanded: 1000, ..Limits::default() };
        let budget = Budget::new(&limits, 1);
        let mut zeros = io::repeat(0);
        let mut counted = Counted::new(&mut zeros, &budget);
        let n = io::copy(&mut counted, &mut io::sink()).expect("no error");
        assert_eq!((n, counted.stopped().map(|g| g.cause)), (1000, Some(Cause::LimitBytes)));
        let limits = Limits { ratio: 2, ..Limits::default() };
        let budget = Budget::new(&limits, 1 << 20);
        let mut counted = Counted::new(&mut zeros, &budget);
        let n = io::copy(&mut counted, &mut io::sink()).expect("no error");
        assert!(n < 100 << 20);
        assert_eq!(counted.stopped().map(|g| g.cause), Some(Cause::LimitRatio));
    }
}

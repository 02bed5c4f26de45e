//! Content whose checksum is compared at its end.

use std::io::{self, ErrorKind, Read};

use flate2::Crc;

/// Reads content and compares its CRC-32.
pub(super) struct Checked<R> {
    content: R,
    told: Option<u32>,
    sum: Crc,
}

impl<R: Read> Checked<R> {
    pub(super) fn new(content: R, told: Option<u32>) -> Self {
        Checked { content, told, sum: Crc::new() }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.content.read(buf)?;
        self.sum.update(&buf[..n]);
        if n == 0 && !buf.is_empty() && self.told.take().is_some_and(|told| told != self.sum.sum()) {
            return Err(ErrorKind::InvalidData.into());
        }
        Ok(n)
    }
}

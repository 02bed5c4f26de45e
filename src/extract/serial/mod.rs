//! Archives of the simplest kind, members one after the other behind their headers: ar (and with it Debian packages)
//! and cpio.
//!
//! Read as a stream. A member that ends too early is given as far as it goes; a header that is none ends the reading,
//! and what follows it is given as a member without a name.

mod ar;
mod cpio;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, StreamExtractor};

/// Reader of ar and cpio archives.
pub enum Serial {
    /// Unix libraries and Debian packages.
    Ar,
    /// All kinds of cpio.
    Cpio,
}

/// The longest name of a member.
const MOST_NAME: usize = 1 << 16;

impl Extractor for Serial {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        super::from_start(self, input, sink);
    }

    fn streaming(&self) -> Option<&dyn StreamExtractor> {
        Some(self)
    }
}

impl StreamExtractor for Serial {
    fn extract_stream(&self, _: &str, from: &mut dyn Read, sink: &mut dyn DocumentSink) {
        let mut bytes = Bytes { from: BufReader::with_capacity(1 << 16, from), at: 0 };
        let read = match self {
            Serial::Ar => ar::read(&mut bytes, sink),
            Serial::Cpio => cpio::read(&mut bytes, sink),
        };
        if let Err(error) = read {
            let (cause, words) = super::read_gap(&error);
            sink.gap(cause, words, Some(format!("byte {}", bytes.at)));
        }
    }
}

/// The bytes of an archive from some place on.
struct Bytes<'a> {
    from: BufReader<&'a mut dyn Read>,
    at: u64,
}

impl Bytes<'_> {
    /// The next `length` bytes, or as many as there are.
    fn up_to(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Read::take(&mut *self, length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The next `length` bytes.
    fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let bytes = self.up_to(length)?;
        if bytes.len() < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
    }

    /// Steps to the next multiple of `unit`.
    fn align(&mut self, unit: u64) -> io::Result<()> {
        let over = self.at % unit;
        if over > 0 {
            self.up_to((unit - over) as usize)?;
        }
        Ok(())
    }

    /// Gives the next `size` bytes as a member.
    fn member(&mut self, name: &str, size: u64, sink: &mut dyn DocumentSink) -> io::Result<()> {
        let end = self.at.saturating_add(size);
        sink.member(name, &mut Member { bytes: self, end });
        let left = end.saturating_sub(self.at);
        let skipped = io::copy(&mut Read::take(&mut *self, left), &mut io::sink())?;
        if skipped < left { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Gives everything that is left as a member, because it is none of the archive.
    fn rest(&mut self, first: &[u8], sink: &mut dyn DocumentSink) {
        let start = self.at - first.len() as u64;
        sink.member("", &mut first.chain(&mut *self));
        sink.gap(
            Cause::Damaged,
            "a header is damaged; what follows was read as one",
            Some(format!("bytes from {start}")),
        );
    }

    fn ended(&mut self) -> io::Result<bool> {
        Ok(self.from.fill_buf()?.is_empty())
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buf)?;
        self.at += n as u64;
        Ok(n)
    }
}

/// A member; that the archive ends within it is an error.
struct Member<'b, 'a> {
    bytes: &'b mut Bytes<'a>,
    end: u64,
}

impl Read for Member<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end - self.bytes.at).unwrap_or(usize::MAX).min(buf.len());
        match self.bytes.read(&mut buf[..most])? {
            0 if most > 0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => Ok(n),
        }
    }
}

/// A number in these digits, with blanks or zeros around it.
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?.trim_matches([' ', '\0']);
    u64::from_str_radix(if text.is_empty() { "0" } else { text }, radix).ok()
}

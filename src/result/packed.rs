//! Results in Zstandard: what goes out at a time is a frame of its own, so that of a scan that dies all but the last are
//! whole, and the digest stays that of the lines.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// The first bytes of a frame (RFC 8878, section 3.1.1).
pub const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Packs what is written.
pub struct Packed<W>(pub W);

impl<W: Write> Write for Packed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.0.write_all(&compress_to_vec(bytes, CompressionLevel::Fastest))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W> Seek for Packed<W> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Writes the content of all frames of `packed` to `out`, up to one that is cut or damaged.
///
/// # Errors
/// A frame that is cut or damaged, or what reading or writing says.
pub fn unpack(packed: impl Read, out: &mut impl Write) -> io::Result<()> {
    let mut packed = BufReader::new(packed);
    while !packed.fill_buf()?.is_empty() {
        let mut frame = StreamingDecoder::new(&mut packed).map_err(io::Error::other)?;
        io::copy(&mut frame, out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_one_after_the_other_are_one_text() {
        let mut packed = Packed(Vec::new());
        let lines =
            ["{\"event\":\"run\"}\n".repeat(9000), String::new(), "{\"event\":\"summary\"}\n".to_owned()];
        for line in &lines {
            packed.write_all(line.as_bytes()).unwrap();
        }
        assert!(packed.0.starts_with(&MAGIC) && packed.0.len() < 10_000, "{}", packed.0.len());
        let mut back = Vec::new();
        unpack(&packed.0[..], &mut back).unwrap();
        assert_eq!(back, lines.concat().into_bytes());
        packed.0.pop();
        let mut cut = Vec::new();
        assert!(unpack(&packed.0[..], &mut cut).is_err());
        assert!(cut.starts_with(lines[0].as_bytes()));
    }
}

//! Packed streams that may stand one after the other: members of gzip, streams of bzip2, frames of zstd.

use std::io::{self, BufRead, ErrorKind, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::MOST_WINDOW;

/// One of several packed streams.
pub(super) trait Part<R>: Read {
    /// Starts to read one.
    fn open(from: R) -> Self;
    /// Gives back what is behind it.
    fn close(self) -> R;
    /// True if another one may begin with this byte.
    fn begins_with(first: u8) -> bool;
}

impl<R: BufRead> Part<R> for GzDecoder<R> {
    fn open(from: R) -> Self {
        GzDecoder::new(from)
    }

    fn close(self) -> R {
        self.into_inner()
    }

    fn begins_with(first: u8) -> bool {
        first == 0x1F
    }
}

impl<R: BufRead> Part<R> for BzDecoder<R> {
    fn open(from: R) -> Self {
        BzDecoder::new(from)
    }

    fn close(self) -> R {
        self.into_inner()
    }

    fn begins_with(first: u8) -> bool {
        first == b'B'
    }
}

/// All parts as one stream. Zeros between and after them are padding.
pub(super) struct Concatenated<R, P> {
    part: Option<P>,
    rest: Option<R>,
}

impl<R: BufRead, P: Part<R>> Concatenated<R, P> {
    pub(super) fn new(first: P) -> Self {
        Concatenated { part: Some(first), rest: None }
    }

    /// What follows the last part, if all parts were read to their end.
    pub(super) fn rest(self) -> Option<R> {
        self.rest
    }

    /// Goes on to the next part; `false` if there is none.
    fn next_part(&mut self) -> io::Result<bool> {
        let Some(part) = self.part.take() else { return Ok(false) };
        let mut from = part.close();
        let first = loop {
            let bytes = from.fill_buf()?;
            let zeros = bytes.iter().take_while(|b| **b == 0).count();
            if let Some(first) = bytes.get(zeros) {
                break Some((*first, zeros));
            }
            if zeros == 0 {
                break None;
            }
            from.consume(zeros);
        };
        match first {
            Some((first, zeros)) if P::begins_with(first) => {
                from.consume(zeros);
                self.part = Some(P::open(from));
                Ok(true)
            }
            Some((_, zeros)) => {
                from.consume(zeros);
                self.rest = Some(from);
                Ok(false)
            }
            None => Ok(false),
        }
    }
}

impl<R: BufRead, P: Part<R>> Read for Concatenated<R, P> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = &mut self.part {
            let n = part.read(buf)?;
            if n > 0 || buf.is_empty() {
                return Ok(n);
            }
            if !self.next_part()? {
                break;
            }
        }
        Ok(0)
    }
}

/// A frame of zstd, or a skippable one (RFC 8878, section 3.1).
pub(super) struct ZstdFrame<R> {
    from: R,
    decoder: Option<FrameDecoder>,
    ended: bool,
}

impl<R: BufRead> ZstdFrame<R> {
    /// Reads the header of the frame. A skippable frame is skipped and has no content.
    fn begin(&mut self) -> io::Result<()> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MOST_WINDOW);
        match decoder.init(&mut self.from) {
            Ok(()) => self.decoder = Some(decoder),
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                self.ended = true;
                let length = u64::from(length);
                if io::copy(&mut (&mut self.from).take(length), &mut io::sink())? < length {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
            }
            Err(error) => return Err(kind_of(&error).into()),
        }
        Ok(())
    }
}

fn kind_of(error: &FrameDecoderError) -> ErrorKind {
    match error {
        FrameDecoderError::WindowSizeTooBig { .. } => ErrorKind::OutOfMemory,
        FrameDecoderError::DictNotProvided { .. } => ErrorKind::Unsupported,
        FrameDecoderError::ReadFrameHeaderError(_) | FrameDecoderError::FailedToReadBlockBody(_) => {
            ErrorKind::UnexpectedEof
        }
        _ => ErrorKind::InvalidData,
    }
}

impl<R: BufRead> Part<R> for ZstdFrame<R> {
    fn open(from: R) -> Self {
        ZstdFrame { from, decoder: None, ended: false }
    }

    fn close(self) -> R {
        self.from
    }

    fn begins_with(first: u8) -> bool {
        first == 0x28 || first & 0xF0 == 0x50
    }
}

impl<R: BufRead> Read for ZstdFrame<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        if self.decoder.is_none() {
            self.begin()?;
        }
        let Some(decoder) = &mut self.decoder else { return Ok(0) };
        while decoder.can_collect() == 0 && !decoder.is_finished() {
            let one = BlockDecodingStrategy::UptoBlocks(1);
            if let Err(error) = decoder.decode_blocks(&mut self.from, one) {
                return Err(kind_of(&error).into());
            }
        }
        let n = decoder.read(buf)?;
        if n == 0 && !buf.is_empty() {
            self.ended = true;
            let stored = decoder.get_checksum_from_data();
            if stored.is_some() && stored != decoder.get_calculated_checksum() {
                return Err(ErrorKind::InvalidData.into());
            }
        }
        Ok(n)
    }
}

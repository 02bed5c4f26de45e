//! Files packed as one stream: gzip, bzip2, xz, lzma, lzip, zstd, lz4 and compress. Each is a container with one
//! member.
//!
//! The bytes are unpacked while the member is read; nothing is kept but the window, which is capped. Packed files
//! that were put one after the other are one stream, as their own programs read them. What follows the packed data
//! and is no padding is given as a member of its own: appended bytes hide nothing.

mod frames;
mod lzw;
mod name;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use lzma_rust2::{LzipReader, LzmaReader, XzReader};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, StreamExtractor};
use frames::{Concatenated, Part, ZstdFrame};
use lzw::Lzw;

/// The largest window or dictionary that is allocated.
pub(crate) const MOST_WINDOW: u64 = 256 << 20;
/// The same with what a decoder of LZMA needs besides, in KiB.
const MOST_LZMA: u32 = (MOST_WINDOW >> 10) as u32 + 1024;

/// Reader of one of the formats.
pub enum Packed {
    /// RFC 1952.
    Gzip,
    /// bzip2.
    Bzip2,
    /// The .xz file format.
    Xz,
    /// The older .lzma files.
    Lzma,
    /// lzip.
    Lzip,
    /// RFC 8878.
    Zstd,
    /// The LZ4 frame format.
    Lz4,
    /// compress(1): .Z.
    Compress,
}

impl Extractor for Packed {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        super::from_start(self, input, sink);
    }

    fn streaming(&self) -> Option<&dyn StreamExtractor> {
        Some(self)
    }
}

impl StreamExtractor for Packed {
    fn extract_stream(&self, name: &str, from: &mut dyn Read, sink: &mut dyn DocumentSink) {
        let mut from = BufReader::with_capacity(1 << 16, from);
        let from = &mut from;
        match self {
            Packed::Gzip => {
                let first = GzDecoder::open(from);
                let inside = first.header().and_then(|h| h.filename()).map(name::stored);
                let inside = inside.filter(|n| !n.is_empty()).unwrap_or_else(|| name::inside(name));
                concatenated(&inside, Concatenated::new(first), sink);
            }
            Packed::Bzip2 => {
                let first = bzip2::bufread::BzDecoder::open(from);
                concatenated(&name::inside(name), Concatenated::new(first), sink);
            }
            Packed::Zstd => concatenated(&name::inside(name), Concatenated::new(ZstdFrame::open(from)), sink),
            Packed::Xz => {
                let mut content = XzReader::new_mem_limit(from, true, MOST_LZMA);
                sink.member(&name::inside(name), &mut content);
            }
            Packed::Lzip => lzip(name, from, sink),
            Packed::Lzma => match LzmaReader::new_mem_limit(from, MOST_LZMA, None) {
                Ok(mut content) => sink.member(&name::inside(name), &mut content),
                Err(error) => refused(&error, sink),
            },
            Packed::Lz4 => {
                let mut content = lz4_flex::frame::FrameDecoder::new(from);
                sink.member(&name::inside(name), &mut content);
            }
            Packed::Compress => match Lzw::open(from) {
                Ok(mut content) => sink.member(&name::inside(name), &mut content),
                Err(error) => refused(&error, sink),
            },
        }
    }
}

/// Unpacks what is packed with zstd or xz inside another format.
pub(crate) fn unpacked<'a>(from: &'a mut dyn Read, xz: bool) -> Box<dyn Read + 'a> {
    if xz {
        return Box::new(XzReader::new_mem_limit(from, false, MOST_LZMA));
    }
    Box::new(Concatenated::new(ZstdFrame::open(BufReader::new(from))))
}

/// Gives the content as a member, and what follows it as another.
fn concatenated<R: BufRead, P: Part<R>>(
    inside: &str,
    mut content: Concatenated<R, P>,
    sink: &mut dyn DocumentSink,
) {
    sink.member(inside, &mut content);
    if let Some(mut rest) = content.rest()
        && rest.fill_buf().is_ok_and(|bytes| !bytes.is_empty())
        && sink.go_on()
    {
        sink.member("", &mut rest);
    }
}

fn refused(error: &io::Error, sink: &mut dyn DocumentSink) {
    let (cause, words) = super::read_gap(error);
    sink.gap(cause, words, None);
}

/// The header holds the size of the dictionary as a power of two, less some sixteenths (lzip manual, file format).
/// It is at most 512 MiB.
fn lzip(name: &str, from: &mut dyn BufRead, sink: &mut dyn DocumentSink) {
    let coded = from.fill_buf().ok().and_then(|head| head.get(5).copied()).unwrap_or_default();
    let base = 1u64 << (coded & 31);
    if base - (base / 16) * u64::from(coded >> 5) > MOST_WINDOW {
        return sink.gap(Cause::LimitMemory, "its dictionary is larger than allowed", None);
    }
    sink.member(&name::inside(name), &mut LzipReader::new(from));
}

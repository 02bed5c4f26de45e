//! cpio: headers in hexadecimal or octal digits, or binary, then name and bytes.
//!
//! Source: the manual page cpio(5) of `libarchive`. Archives follow one another, as in the first file system of Linux,
//! where the last may be packed: what is no header is given as it is.

use std::io;

use super::{Bytes, MOST_NAME, number};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Sealed};

/// The name behind which an archive ends.
const TRAILER: &[u8] = b"TRAILER!!!";

/// What a header says.
struct Header {
    mode: u64,
    name: usize,
    size: u64,
    /// Names and members begin at multiples of this.
    unit: u64,
}

pub(super) fn read(bytes: &mut Bytes<'_>, sink: &mut dyn DocumentSink) -> io::Result<()> {
    let mut ended = false;
    while !bytes.ended()? && sink.go_on() {
        let mut start = bytes.up_to(6)?;
        if ended {
            start = skip_zeros(bytes, start)?;
        }
        if start.is_empty() {
            return Ok(());
        }
        let Some(header) = header(bytes, &mut start)? else {
            if ended {
                // Packed archives behind a plain one.
                sink.member("", &mut io::Read::chain(start.as_slice(), bytes));
            } else {
                bytes.rest(&start, sink);
            }
            return Ok(());
        };
        let name = bytes.exactly(header.name)?;
        let name = name.split(|b| *b == 0).next().unwrap_or_default();
        bytes.align(header.unit)?;
        ended = name == TRAILER;
        if !ended {
            entry(bytes, &String::from_utf8_lossy(name), &header, sink)?;
        }
    }
    Ok(())
}

fn entry(bytes: &mut Bytes<'_>, name: &str, header: &Header, sink: &mut dyn DocumentSink) -> io::Result<()> {
    // Kinds of files as in stat(2).
    match header.mode & 0o170_000 {
        0o040_000 => {}
        0o120_000 => {
            bytes.exactly(usize::try_from(header.size).unwrap_or(0).min(MOST_NAME))?;
            let words = "a link; what it leads to is not followed".to_owned();
            sink.sealed_member(name, 0, Sealed::Gap(Cause::Link, words));
        }
        0o100_000 | 0 => bytes.member(name, header.size, sink)?,
        _ => sink.sealed_member(name, 0, Sealed::Gap(Cause::SpecialFile, "device or named pipe".to_owned())),
    }
    bytes.align(header.unit)
}

/// The rest of the header that begins with `start`, which holds all that was read of it afterwards.
fn header(bytes: &mut Bytes<'_>, start: &mut Vec<u8>) -> io::Result<Option<Header>> {
    let (length, unit) = match start.as_slice() {
        b"070701" | b"070702" => (110, 4),
        b"070707" => (76, 1),
        [0xC7, 0x71, ..] | [0x71, 0xC7, ..] => (26, 2),
        _ => return Ok(None),
    };
    start.append(&mut bytes.up_to(length - start.len())?);
    let head = start.as_slice();
    let read = || match unit {
        _ if head.len() < length => None,
        4 => {
            let field = |n: usize| number(&head[6 + n * 8..14 + n * 8], 16);
            Some((field(1)?, field(11)?, field(6)?))
        }
        1 => Some((number(&head[18..24], 8)?, number(&head[59..65], 8)?, number(&head[65..76], 8)?)),
        _ => {
            let low = head[0] == 0xC7;
            let word = |at: usize| {
                let pair = [head[at], head[at + 1]];
                u64::from(if low { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
            };
            Some((word(6), word(20), word(22) << 16 | word(24)))
        }
    };
    let header = read().and_then(|(mode, name, size)| {
        let name = usize::try_from(name).ok().filter(|n| *n <= MOST_NAME)?;
        Some(Header { mode, name, size, unit })
    });
    Ok(header)
}

/// Steps over the zeros between archives: the first six bytes behind them.
fn skip_zeros(bytes: &mut Bytes<'_>, mut start: Vec<u8>) -> io::Result<Vec<u8>> {
    loop {
        let zeros = start.iter().take_while(|b| **b == 0).count();
        start.drain(..zeros);
        let wanted = 6 - start.len();
        if wanted == 0 {
            return Ok(start);
        }
        let mut more = bytes.up_to(wanted)?;
        if more.is_empty() {
            return Ok(start);
        }
        start.append(&mut more);
    }
}

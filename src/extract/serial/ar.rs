//! ar: a line of 60 bytes before each member.
//!
//! Sources: the manual pages ar(5) of `FreeBSD` and of GNU binutils. Long names stand in a table of their own (GNU) or
//! before the bytes of the member (BSD).

use std::io;

use super::{Bytes, MOST_NAME, number};
use crate::document::DocumentSink;

const MAGIC: usize = 8;
const HEADER: usize = 60;
/// The longest table of names.
const MOST_NAMES: u64 = 1 << 20;

pub(super) fn read(bytes: &mut Bytes<'_>, sink: &mut dyn DocumentSink) -> io::Result<()> {
    bytes.exactly(MAGIC)?;
    let mut names = Vec::new();
    while !bytes.ended()? && sink.go_on() {
        let header = bytes.up_to(HEADER)?;
        let size = header.get(48..58).and_then(|digits| number(digits, 10));
        let (Some(mut size), true) = (size, header.ends_with(b"`\n") && header.len() == HEADER) else {
            bytes.rest(&header, sink);
            return Ok(());
        };
        let field = header[..16].trim_ascii_end();
        let name = match field {
            b"//" if size <= MOST_NAMES => {
                names = bytes.exactly(size as usize)?;
                bytes.align(2)?;
                continue;
            }
            // Tables of symbols for linkers.
            b"/" | b"/SYM64/" | b"__.SYMDEF" | b"__.SYMDEF SORTED" => {
                bytes.exactly(usize::try_from(size.min(MOST_NAMES)).unwrap_or(0))?;
                io::copy(&mut io::Read::take(&mut *bytes, size.saturating_sub(MOST_NAMES)), &mut io::sink())?;
                bytes.align(2)?;
                continue;
            }
            [b'#', b'1', b'/', digits @ ..] => {
                let length = number(digits, 10).filter(|n| *n <= size && *n <= MOST_NAME as u64).unwrap_or(0);
                size -= length;
                let name = bytes.exactly(length as usize)?;
                text(name.split(|b| *b == 0).next().unwrap_or_default())
            }
            [b'/', digits @ ..] => long(&names, digits),
            _ => text(field.strip_suffix(b"/").unwrap_or(field)),
        };
        bytes.member(&name, size, sink)?;
        bytes.align(2)?;
    }
    Ok(())
}

/// The name that begins so many bytes into the table.
fn long(names: &[u8], digits: &[u8]) -> String {
    let at = number(digits, 10).and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
    let name =
        names.get(at..).unwrap_or_default().split(|b| matches!(b, b'\n' | 0)).next().unwrap_or_default();
    text(name.strip_suffix(b"/").unwrap_or(name))
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

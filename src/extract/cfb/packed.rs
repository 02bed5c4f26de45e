//! Objects embedded in an OLE2 file as they are: a packaged file, an Office Open XML document, a PDF.
//!
//! `Ole10Native` holds, after its size: a type (2 bytes), label and path (ending in NUL), 8 bytes of which the last
//! four are the length of a temporary path, that path, the size of the data (4 bytes), the data.

use std::io::{self, BufRead, BufReader, Read};

use super::{Compound, Id};
use crate::document::DocumentSink;

/// The longest label or path that is read.
const MOST_PATH: u64 = 4096;

/// Streams that hold a whole file.
const WHOLE: [&str; 4] = ["Package", "CONTENTS", "EmbeddedOdf", "package_stream"];
/// The stream of a packaged file.
const NATIVE: &str = "\u{1}Ole10Native";

/// Gives a file that is embedded in the storage as it is; false if there is none.
pub(super) fn give(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) -> bool {
    if let Some(bytes) = file.read_named(at, NATIVE) {
        if native(&bytes[..], sink).is_err() {
            // Not packaged by the shell: data of the program that made the object, behind their size.
            sink.member("", &mut bytes.get(4..).unwrap_or_default());
        }
        return true;
    }
    let Some(bytes) = WHOLE.iter().find_map(|name| file.read_named(at, name)) else { return false };
    sink.member("", &mut &bytes[..]);
    true
}

/// Gives the file in the data of a package, which have no size before them as in OLE 1; false if there is none.
pub(crate) fn package(data: &[u8], sink: &mut dyn DocumentSink) -> bool {
    native((&[0; 4][..]).chain(data), sink).is_ok()
}

/// Gives the packaged file to `sink`.
///
/// # Errors
/// If the stream does not hold what it should.
fn native(stream: impl Read, sink: &mut dyn DocumentSink) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    skip(&mut stream, 6)?;
    let label = text(&mut stream)?;
    text(&mut stream)?;
    skip(&mut stream, 4)?;
    let path = number(&mut stream)?;
    skip(&mut stream, u64::from(path))?;
    let size = number(&mut stream)?;
    if stream.fill_buf()?.is_empty() && size > 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    sink.member(&label, &mut stream.take(u64::from(size)));
    Ok(())
}

fn skip(stream: &mut impl Read, bytes: u64) -> io::Result<()> {
    let skipped = io::copy(&mut stream.take(bytes), &mut io::sink())?;
    if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn number(stream: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    stream.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// Text in the code page of the machine that wrote it, which is not stated: Windows-1252 is taken.
fn text(stream: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.take(MOST_PATH).read_until(0, &mut bytes)?;
    bytes.pop_if(|&mut last| last == 0).ok_or(io::ErrorKind::InvalidData)?;
    Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned())
}

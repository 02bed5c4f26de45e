//! Cabinet archives: files in folders, which are each one stream of packed blocks.
//!
//! Source: [MS-CAB] "Cabinet File Format". Stored and MSZIP folders are read, and LZX ones (crate `lzxd`); Quantum is
//! not. Files that begin or go on in another cabinet of a set are told.

mod folder;

use std::io::{self, Read};

use super::bytes::{u16_at, u32_at};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, ReadSeek, Sealed};
use folder::{Folder, Packing};

/// Reader of cabinet archives.
pub struct Cab;

/// Length of the header without what may be reserved.
const HEADER: usize = 36;
/// Bytes of the lists of folders and files that are read.
const MOST_LIST: u64 = 64 << 20;

/// A file in the list.
struct File {
    name: String,
    size: u64,
    /// Where it begins in the bytes of its folder.
    start: u64,
    folder: u16,
}

/// What stands before the packed bytes.
struct Lists {
    folders: Vec<Packing>,
    files: Vec<File>,
    /// Bytes reserved in each block.
    reserved: usize,
    whole: bool,
}

impl Extractor for Cab {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let Some(lists) = lists(input.reader) else {
            return sink.gap(Cause::Damaged, "the list of files is damaged", None);
        };
        for (n, packing) in lists.folders.iter().enumerate() {
            let mut files: Vec<&File> = lists.files.iter().filter(|f| usize::from(f.folder) == n).collect();
            files.sort_by_key(|f| f.start);
            if !folder(packing, &files, lists.reserved, input.reader, sink) {
                return;
            }
        }
        for file in lists.files.iter().filter(|f| usize::from(f.folder) >= lists.folders.len()) {
            let words = "part of it is in another cabinet".to_owned();
            sink.sealed_member(&file.name, file.size, Sealed::Gap(Cause::Damaged, words));
        }
        if !lists.whole {
            sink.gap(Cause::Damaged, "the list of files breaks off", None);
        }
    }
}

/// Gives the files of a folder. False if the work must end.
fn folder(
    packing: &Packing,
    files: &[&File],
    reserved: usize,
    reader: &mut dyn ReadSeek,
    sink: &mut dyn DocumentSink,
) -> bool {
    let mut stream = Folder::new(packing, reserved, reader);
    for file in files {
        if !sink.go_on() {
            return false;
        }
        if !packing.is_read() {
            let words = "packed in a way that is not read".to_owned();
            sink.sealed_member(&file.name, file.size, Sealed::Gap(Cause::NoReader, words));
            continue;
        }
        // Files may share bytes; what was passed is unpacked anew.
        if file.start < stream.at {
            stream.rewind();
        }
        let gap = file.start - stream.at;
        let skipped = io::copy(&mut Read::take(&mut stream, gap), &mut io::sink());
        if skipped.is_ok_and(|n| n == gap) {
            let end = stream.at.saturating_add(file.size);
            sink.member(&file.name, &mut Member { stream: &mut stream, end });
        } else {
            let words = "what stands before it in its folder is damaged".to_owned();
            sink.sealed_member(&file.name, file.size, Sealed::Gap(Cause::Damaged, words));
        }
    }
    true
}

/// A file; that its folder ends within it is an error.
struct Member<'s, 'r> {
    stream: &'s mut Folder<'r>,
    end: u64,
}

impl Read for Member<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most =
            usize::try_from(self.end.saturating_sub(self.stream.at)).unwrap_or(usize::MAX).min(buf.len());
        match self.stream.read(&mut buf[..most])? {
            0 if most > 0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => Ok(n),
        }
    }
}

/// The header and the lists behind it.
fn lists(reader: &mut dyn ReadSeek) -> Option<Lists> {
    reader.rewind().ok()?;
    let (mut bytes, mut from) = (Vec::new(), &mut *reader);
    // Lists end where the packed bytes of the first folder begin.
    Read::take(&mut from, MOST_LIST).read_to_end(&mut bytes).ok()?;
    let (count, files, flags) = (u16_at(&bytes, 26)?, u16_at(&bytes, 28)?, u16_at(&bytes, 30)?);
    let (mut at, mut reserved) = (HEADER, (0, 0));
    if flags & 4 != 0 {
        reserved = (usize::from(*bytes.get(38)?), usize::from(*bytes.get(39)?));
        at += 4 + usize::from(u16_at(&bytes, 36)?);
    }
    // Names of the cabinet and the disk before this one, and of those after it.
    for _ in 0..2 * (flags & 1) + (flags & 2) {
        at += bytes.get(at..)?.iter().position(|b| *b == 0)? + 1;
    }
    let folders =
        (0..usize::from(count)).map_while(|n| Packing::read(&bytes, at + n * (8 + reserved.0))).collect();
    let mut at = u32_at(&bytes, 16)? as usize;
    let listed: Vec<File> = (0..files).map_while(|_| file(&bytes, &mut at)).collect();
    let whole = listed.len() == usize::from(files);
    Some(Lists { folders, files: listed, reserved: reserved.1, whole })
}

fn file(bytes: &[u8], at: &mut usize) -> Option<File> {
    let head = bytes.get(*at..)?;
    let name = head.get(16..)?.split(|b| *b == 0).next()?;
    *at += 16 + name.len() + 1;
    // Bit 7 of the attributes marks a name in UTF-8.
    let utf8 = u16_at(head, 14)? & 0x80 != 0;
    let name = if utf8 {
        String::from_utf8_lossy(name).into_owned()
    } else {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(name).0.into_owned()
    };
    Some(File {
        name: name.replace('\\', "/"),
        size: u64::from(u32_at(head, 0)?),
        start: u64::from(u32_at(head, 4)?),
        folder: u16_at(head, 8)?,
    })
}

#[cfg(test)]
mod tests;

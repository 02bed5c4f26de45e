//! RAR archives: members are listed, and those that are merely stored are read.
//!
//! There is no unpacker whose licence fits, so that a packed member is `no-reader`, by its name. Encryption is told
//! by flags: of the headers, which hides even the names, or of single members. Layout: "RAR 5.0 archive format"
//! (rarlab.com) and, for what came before, technote.txt of RAR 4.

use std::io::{self, Read, SeekFrom};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, ReadSeek, Sealed};
use crate::event::{Encryption, Tri};

/// The longest header that is read: names are at most 64 KiB, and all else is small.
const MOST_HEADER: u64 = 1 << 20;
const OLD: &[u8] = b"Rar!\x1A\x07\0";
const NEW: &[u8] = b"Rar!\x1A\x07\x01\0";

/// Reader of RAR archives.
pub struct Rar;

impl Extractor for Rar {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut mark = [0; 8];
        let read = input.reader.rewind().and_then(|()| input.reader.read_exact(&mut mark));
        let walk = if mark.starts_with(NEW) { walk_new } else { walk_old };
        if read.and_then(|()| walk(input, sink)).is_err() {
            sink.gap(Cause::Damaged, "a header is damaged or missing", None);
        }
    }
}

/// What the headers say of a member.
struct Member {
    name: String,
    size: u64,
    packed: u64,
    data: u64,
    encryption: Option<Encryption>,
    stored: bool,
    folder: bool,
    /// True if its data are shared with other parts or cannot be taken alone.
    split: bool,
}

impl Member {
    fn give(self, reader: &mut dyn ReadSeek, sink: &mut dyn DocumentSink) -> io::Result<()> {
        let sealed = match self.encryption {
            _ if self.folder => return Ok(()),
            Some(encryption) => Sealed::Encrypted(encryption),
            None if self.stored && !self.split => {
                reader.seek(SeekFrom::Start(self.data))?;
                sink.member(&self.name, &mut reader.take(self.packed));
                return Ok(());
            }
            None if self.split => {
                Sealed::Gap(Cause::NoReader, "goes on in another part of a split archive".into())
            }
            None => Sealed::Gap(Cause::NoReader, "packed by RAR".into()),
        };
        sink.sealed_member(&self.name, self.size, sealed);
        Ok(())
    }
}

fn rar(bits: u32) -> Encryption {
    Encryption { kind: "rar-aes".to_owned(), bits: Some(bits), statutory: Tri::Yes }
}

/// Fields of a header, one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: u64) -> io::Result<&'a [u8]> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (field, rest) = self.0.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(field)
    }

    fn number(&mut self, width: u64) -> io::Result<u64> {
        Ok(self.take(width)?.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
    }

    /// A number of seven bits a byte, the lowest first.
    fn vint(&mut self) -> io::Result<u64> {
        let mut n = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.number(1)?;
            n |= (byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }
}

fn header(reader: &mut dyn ReadSeek, at: u64, length: u64) -> io::Result<Vec<u8>> {
    reader.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    reader.take(length.min(MOST_HEADER)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// RAR 5: checksum, size, type, flags, and by the flags the sizes of extra fields and data.
fn walk_new(input: &mut Input<'_>, sink: &mut dyn DocumentSink) -> io::Result<()> {
    let mut at = NEW.len() as u64;
    while at < input.len {
        if !sink.go_on() {
            return Ok(());
        }
        let start = header(input.reader, at + 4, 10)?;
        let mut fields = Fields(&start);
        let size = fields.vint()?;
        let from = at + 4 + (start.len() - fields.0.len()) as u64;
        let bytes = header(input.reader, from, size)?;
        let mut fields = Fields(&bytes);
        let (kind, flags) = (fields.vint()?, fields.vint()?);
        let extra = if flags & 1 != 0 { fields.vint()? } else { 0 };
        let packed = if flags & 2 != 0 { fields.vint()? } else { 0 };
        let data = from.saturating_add(size);
        match kind {
            2 => new_member(fields, flags, extra, (data, packed))?.give(input.reader, sink)?,
            4 => {
                sink.encrypted(rar(256));
                return Ok(());
            }
            5 => return Ok(()),
            _ => {}
        }
        at = data.saturating_add(packed);
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn new_member(mut f: Fields<'_>, flags: u64, extra: u64, (data, packed): (u64, u64)) -> io::Result<Member> {
    let file_flags = f.vint()?;
    let size = f.vint()?;
    f.vint()?;
    f.take(if file_flags & 2 != 0 { 4 } else { 0 })?;
    f.take(if file_flags & 4 != 0 { 4 } else { 0 })?;
    let method = f.vint()?;
    f.vint()?;
    let length = f.vint()?;
    let name = String::from_utf8_lossy(f.take(length)?).into_owned();
    let rest = f.0.len() as u64;
    f.take(rest.saturating_sub(extra))?;
    Ok(Member {
        name,
        size,
        packed,
        data,
        encryption: has_encryption(f).then(|| rar(256)),
        stored: method & (7 << 7) == 0,
        folder: file_flags & 1 != 0,
        split: flags & 0x18 != 0,
    })
}

/// A record of type 1 in the extra fields.
fn has_encryption(mut extra: Fields<'_>) -> bool {
    while let Ok(size) = extra.vint() {
        let Ok(record) = extra.take(size) else { return false };
        if Fields(record).vint().is_ok_and(|kind| kind == 1) {
            return true;
        }
    }
    false
}

/// Before RAR 5: checksum (2), type (1), flags (2), size (2), and by a flag the size of data (4).
fn walk_old(input: &mut Input<'_>, sink: &mut dyn DocumentSink) -> io::Result<()> {
    let mut at = OLD.len() as u64;
    while at < input.len {
        if !sink.go_on() {
            return Ok(());
        }
        let start = header(input.reader, at, 7)?;
        let mut fields = Fields(&start);
        fields.take(2)?;
        let (kind, flags, size) = (fields.number(1)?, fields.number(2)?, fields.number(2)?);
        let bytes = header(input.reader, at + 7, size.saturating_sub(7))?;
        let mut fields = Fields(&bytes);
        let mut next = at.saturating_add(size.max(7));
        match kind {
            0x73 if flags & 0x80 != 0 => {
                sink.encrypted(rar(128));
                return Ok(());
            }
            0x74 => {
                let member = old_member(fields, flags, next)?;
                next = next.saturating_add(member.packed);
                member.give(input.reader, sink)?;
            }
            0x7B => return Ok(()),
            _ if flags & 0x8000 != 0 => next = next.saturating_add(fields.number(4)?),
            _ => {}
        }
        at = next;
    }
    // Old archives need no end header.
    Ok(())
}

fn old_member(mut f: Fields<'_>, flags: u64, data: u64) -> io::Result<Member> {
    let (mut packed, mut size) = (f.number(4)?, f.number(4)?);
    f.take(1 + 4 + 4)?;
    let (version, method, length) = (f.number(1)?, f.number(1)?, f.number(2)?);
    f.take(4)?;
    if flags & 0x100 != 0 {
        packed |= f.number(4)? << 32;
        size |= f.number(4)? << 32;
    }
    let name = f.take(length)?;
    // A name in Unicode follows one in the old code page.
    let name = name.split(|b| *b == 0).next().unwrap_or_default();
    let encryption = (flags & 4 != 0).then(|| match version {
        0..29 => Encryption { kind: "rar-old".to_owned(), bits: None, statutory: Tri::No },
        _ => rar(128),
    });
    Ok(Member {
        name: String::from_utf8_lossy(name).into_owned(),
        size,
        packed,
        data,
        encryption,
        stored: method == 0x30,
        folder: flags & 0xE0 == 0xE0,
        split: flags & 3 != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::ooxml::testing::record;

    /// A block of RAR 5 with its data.
    fn new(kind: u8, fields: &[u8], extra: &[u8], data: &[u8]) -> Vec<u8> {
        let flags = u8::from(!extra.is_empty()) | (u8::from(!data.is_empty()) << 1);
        let mut body = vec![kind, flags];
        body.extend((!extra.is_empty()).then_some(extra.len() as u8));
        body.extend((!data.is_empty()).then_some(data.len() as u8));
        body.extend([fields, extra].concat());
        [&[0; 4], &[body.len() as u8][..], &body, data].concat()
    }

    fn file(name: &str, method: u8) -> Vec<u8> {
        let mut fields = vec![0, 7, 0];
        // The method is in bits 8 to 10 of a number of seven bits a byte.
        fields.extend([0x80, method, 0, name.len() as u8]);
        fields.extend(name.bytes());
        fields
    }

    #[test]
    fn members_of_rar_5_are_listed_and_stored_ones_read() {
        let parts = [
            NEW.to_vec(),
            new(1, &[0], &[], &[]),
            new(2, &file("a.txt", 0), &[], b"content"),
            new(2, &file("b.txt", 3), &[], b"\x01\x02"),
            new(2, &file("c.txt", 3), &[2, 1, 0], b"\x01\x02"),
            new(5, &[0], &[], &[]),
        ];
        let lines = record(&Rar, &parts.concat());
        assert_eq!(
            lines,
            ["M a.txt=content", "S b.txt: no-reader packed by RAR", "S c.txt: rar-aes Some(256) Yes"]
        );
        let sealed = [NEW.to_vec(), new(4, &[0, 0, 15], &[], &[]), vec![0x9E; 60]].concat();
        assert_eq!(record(&Rar, &sealed), ["E rar-aes Some(256) Yes"]);
        assert_eq!(record(&Rar, &parts[..3].concat()).len(), 2);
    }

    fn old(kind: u8, flags: u16, fields: &[u8]) -> Vec<u8> {
        let size = 7 + fields.len() as u16;
        [&[0, 0, kind][..], &flags.to_le_bytes(), &size.to_le_bytes(), fields].concat()
    }

    fn old_file(name: &str, flags: u16, method: u8, packed: u32) -> Vec<u8> {
        let mut fields = [packed.to_le_bytes(), 7u32.to_le_bytes()].concat();
        fields.extend([0; 9]);
        fields.extend([29, method, name.len() as u8, 0, 0, 0, 0, 0]);
        fields.extend(name.bytes());
        old(0x74, flags, &fields)
    }

    #[test]
    fn members_of_older_archives_are_listed_and_stored_ones_read() {
        let parts = [
            OLD.to_vec(),
            old(0x73, 0, &[0; 6]),
            old_file("a.txt", 0x8000, 0x30, 7),
            b"content".to_vec(),
            old_file("b.txt", 0x8004, 0x33, 2),
            vec![1, 2],
            old(0x7B, 0, &[]),
        ];
        let lines = record(&Rar, &parts.concat());
        assert_eq!(lines, ["M a.txt=content", "S b.txt: rar-aes Some(128) Yes"]);
        let sealed = [OLD.to_vec(), old(0x73, 0x80, &[0; 6])].concat();
        assert_eq!(record(&Rar, &sealed), ["E rar-aes Some(128) Yes"]);
    }

    #[test]
    fn damage_is_told_and_ends_the_walk() {
        for bytes in [&b"Rar!"[..], b"Rar!\x1A\x07\x01\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"]
        {
            assert_eq!(record(&Rar, bytes), ["G damaged a header is damaged or missing "]);
        }
    }
}

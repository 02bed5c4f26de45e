//! The list of what is in a zip archive: from the central directory, else from the local headers.
//!
//! Layout and field numbers are those of PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5. Nothing is allocated from a
//! declared count or size.

use std::io::{self, BufReader, Read, SeekFrom};

use crate::coverage::Cause;
use crate::document::{DocumentSink, ReadSeek};

/// The most entries that are listed; the budget of a whole scan is no larger.
const MOST_ENTRIES: usize = 1_000_000;
/// The most bytes of names that are kept.
const MOST_NAMES: usize = 128 << 20;
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR64: [u8; 4] = *b"PK\x06\x07";
/// An end record with the longest comment, and the locator of zip64 before it.
const TAIL: u64 = 22 + 0xFFFF + 20;

/// A member, as the directory or its local header describes it.
#[derive(Clone, Default)]
pub(crate) struct Entry {
    /// Name, decoded as well as may be.
    pub name: String,
    /// General-purpose flags.
    pub flags: u16,
    /// Compression method as stored (99 for WinZip-AES).
    pub method: u16,
    /// CRC-32 of the content, where it is known.
    pub crc: Option<u32>,
    /// Compressed bytes; for a member without a known size, those up to the next header.
    pub packed: u64,
    /// Declared size of the content. Never trusted.
    pub size: u64,
    /// Offset of the local header.
    pub header: u64,
    /// Strength of WinZip-AES (1 to 3) from extra field 0x9901.
    pub aes: Option<u8>,
    /// The method that such a member is packed with, from the same field.
    pub aes_method: u16,
    /// True if the same field says that the checksum is not kept (AE-2).
    pub aes_without_crc: bool,
    /// Time of the last change, as stored: traditional encryption checks passwords by it.
    pub time: u16,
    /// Key length from extra field 0x0017 (PKWARE strong encryption).
    pub strong_bits: Option<u16>,
    /// True if it lies in another part of a split archive.
    pub elsewhere: bool,
}

impl Entry {
    /// True for an entry that stands for a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.size == 0 && self.name.ends_with(['/', '\\'])
    }

    fn take_extra(&mut self, mut extra: &[u8], mut wide: [Option<&mut u64>; 3]) {
        while let [a, b, c, d, rest @ ..] = extra {
            let length = usize::from(u16::from_le_bytes([*c, *d]));
            let Some(field) = rest.get(..length) else { return };
            match u16::from_le_bytes([*a, *b]) {
                0x0001 => {
                    let words = field.chunks_exact(8).map(|w| le(w, 0, 8));
                    wide.iter_mut().flatten().zip(words).for_each(|(slot, word)| **slot = word);
                }
                0x0017 if field.len() >= 6 => self.strong_bits = Some(le(field, 4, 2) as u16),
                0x7075 if field.len() > 5 && field[0] == 1 => {
                    if let Ok(name) = std::str::from_utf8(&field[5..]) {
                        name.clone_into(&mut self.name);
                    }
                }
                0x9901 if field.len() >= 7 => {
                    self.aes = Some(field[4]);
                    self.aes_method = le(field, 5, 2) as u16;
                    self.aes_without_crc = le(field, 0, 2) == 2;
                }
                _ => {}
            }
            extra = &rest[length..];
        }
    }
}

/// What an archive holds.
pub(crate) struct Directory {
    /// The members and folders, in order.
    pub entries: Vec<Entry>,
    trouble: Option<(Cause, &'static str)>,
}

impl Directory {
    /// Lists an archive of `len` bytes. A missing or broken central directory is replaced by a walk over the local
    /// headers, and noted.
    pub(crate) fn read(reader: &mut dyn ReadSeek, len: u64) -> Directory {
        let (mut entries, mut trouble) = match central(reader, len) {
            Ok((entries, true)) => (entries, None),
            Ok((entries, false)) => (entries, Some("central directory damaged")),
            Err(words) => (Vec::new(), Some(words)),
        };
        if trouble.is_some() {
            let walked = locals(reader, len).unwrap_or_default();
            if walked.len() > entries.len() {
                entries = walked;
            } else if entries.is_empty() {
                trouble = Some("no member can be read");
            }
        }
        let mut trouble = trouble.map(|words| (Cause::Damaged, words));
        if read_at(reader, 0, 1).is_err() {
            trouble = Some((Cause::IoError, "reading failed"));
        }
        if entries.len() >= MOST_ENTRIES || names_of(&entries) >= MOST_NAMES {
            trouble = Some((Cause::LimitMembers, "more entries than are listed of one archive"));
        }
        Directory { entries, trouble }
    }

    /// Tells `sink` what is wrong with the archive, if anything is.
    pub(crate) fn report(&self, sink: &mut dyn DocumentSink) {
        if let Some((cause, words)) = self.trouble {
            sink.gap(cause, words, None);
        }
    }
}

fn names_of(entries: &[Entry]) -> usize {
    entries.iter().map(|e| e.name.len()).sum()
}

/// A little-endian number of `width` bytes at `at`; the caller has checked the length.
fn le(bytes: &[u8], at: usize, width: usize) -> u64 {
    bytes[at..at + width].iter().rev().fold(0, |n, &b| n << 8 | u64::from(b))
}

fn read_at(reader: &mut dyn ReadSeek, at: u64, most: u64) -> io::Result<Vec<u8>> {
    reader.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    reader.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Entries of the central directory, and whether it is whole.
fn central(reader: &mut dyn ReadSeek, len: u64) -> Result<(Vec<Entry>, bool), &'static str> {
    let missing = "central directory missing";
    let End { start, shift, count, disk } = find_central(reader, len).ok_or(missing)?;
    let begins_with_member = read_at(reader, 0, 4).is_ok_and(|magic| magic == LOCAL);
    reader.seek(SeekFrom::Start(start)).map_err(|_| missing)?;
    let mut buffered = BufReader::with_capacity(1 << 16, reader);
    let mut entries: Vec<Entry> = Vec::new();
    let mut names = 0;
    while entries.len() < MOST_ENTRIES && names < MOST_NAMES {
        match central_entry(&mut buffered, shift, disk) {
            Ok(Some(entry)) => {
                names += entry.name.len();
                entries.push(entry);
            }
            Ok(None) | Err(_) => break,
        }
    }
    // What precedes the listed members is members too: this directory is that of an archive within the archive,
    // or of the last of several.
    if shift > 0 && begins_with_member && entries.iter().all(|e| e.header > 0) {
        return Err(missing);
    }
    // Without zip64 the count is kept modulo 65,536.
    let whole = entries.len() as u64 & 0xFFFF == count & 0xFFFF || entries.len() == MOST_ENTRIES;
    Ok((entries, whole))
}

/// What the end of an archive says about its directory.
struct End {
    /// Offset of the first entry.
    start: u64,
    /// How far offsets are shifted, by something put before the archive.
    shift: u64,
    /// Declared number of entries.
    count: u64,
    /// Number of this part of a split archive, from 0.
    disk: u64,
}

/// The last end record that leads to a directory; the bytes of one may occur in a comment or a stored member.
fn find_central(reader: &mut dyn ReadSeek, len: u64) -> Option<End> {
    let tail_start = len.saturating_sub(TAIL);
    let tail = read_at(reader, tail_start, TAIL).ok()?;
    for at in memchr::memmem::rfind_iter(&tail, &END) {
        let Some(end) = tail.get(at..at + 22) else { continue };
        let (mut count, mut size, mut offset) = (le(end, 10, 2), le(end, 12, 4), le(end, 16, 4));
        let mut end_at = tail_start + at as u64;
        let locator = at.checked_sub(20).map(|l| &tail[l..at]).filter(|l| l.starts_with(&LOCATOR64));
        if let Some(wide_at) = locator.map(|l| le(l, 8, 8)) {
            let before = end_at.checked_sub(20 + 56);
            for candidate in [Some(wide_at), before].into_iter().flatten() {
                let wide = read_at(reader, candidate, 56).unwrap_or_default();
                if wide.len() == 56 && wide.starts_with(&END64) {
                    (count, size, offset) = (le(&wide, 32, 8), le(&wide, 40, 8), le(&wide, 48, 8));
                    end_at = candidate;
                    break;
                }
            }
        }
        let starts = [Some(offset), end_at.checked_sub(size)];
        for start in starts.into_iter().flatten().filter(|&s| s <= len) {
            let found = read_at(reader, start, 4).unwrap_or_default();
            if found == CENTRAL || (count == 0 && (found == END || found == END64)) {
                let shift = start.saturating_sub(offset);
                return Some(End { start, shift, count, disk: le(end, 4, 2) });
            }
        }
    }
    None
}

fn bytes_of(reader: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::from(length as u16)];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The next entry of the central directory, or `None` where it ends.
fn central_entry(reader: &mut impl Read, shift: u64, disk: u64) -> io::Result<Option<Entry>> {
    let mut magic = [0; 4];
    reader.read_exact(&mut magic)?;
    if magic != CENTRAL {
        return Ok(None);
    }
    let mut h = [0; 42];
    reader.read_exact(&mut h)?;
    let name = bytes_of(reader, le(&h, 24, 2))?;
    let extra = bytes_of(reader, le(&h, 26, 2))?;
    bytes_of(reader, le(&h, 28, 2))?;
    let (mut size, mut packed, mut header) = (le(&h, 20, 4), le(&h, 16, 4), le(&h, 38, 4));
    let flags = le(&h, 4, 2) as u16;
    let mut entry = Entry {
        name: decode_name(&name, flags),
        flags,
        method: le(&h, 6, 2) as u16,
        time: le(&h, 8, 2) as u16,
        crc: Some(le(&h, 12, 4) as u32),
        elsewhere: le(&h, 30, 2) < disk,
        ..Entry::default()
    };
    let wide = |n: u64| n == 0xFFFF_FFFF;
    let slots = [&mut size, &mut packed, &mut header].map(|n| wide(*n).then_some(n));
    entry.take_extra(&extra, compact(slots));
    (entry.size, entry.packed, entry.header) = (size, packed, header.wrapping_add(shift));
    Ok(Some(entry))
}

/// Moves the empty slots to the end: extra field 1 holds only the numbers that did not fit, one after the other.
fn compact(mut slots: [Option<&mut u64>; 3]) -> [Option<&mut u64>; 3] {
    slots.sort_by_key(Option::is_none);
    slots
}

/// The entries that local headers describe, for an archive without a usable directory.
fn locals(reader: &mut dyn ReadSeek, len: u64) -> io::Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut open_ended = false;
    let (mut at, mut names) = (0, 0);
    while let Some((found, magic)) = next_magic(reader, at, len)? {
        if open_ended && let Some(last) = entries.last_mut() {
            last.packed = found.saturating_sub(last.packed);
            open_ended = false;
        }
        let header = if magic == LOCAL { local_entry(reader, found)? } else { None };
        let Some((mut entry, data)) = header else {
            at = found + 4;
            continue;
        };
        names += entry.name.len();
        if entries.len() == MOST_ENTRIES || names > 2 * MOST_NAMES {
            return Ok(entries);
        }
        // With a data descriptor the size stands behind the data: `packed` holds its start until the end is found.
        open_ended = entry.flags & 8 != 0 && entry.packed == 0;
        at = if open_ended { data } else { data.saturating_add(entry.packed).min(len) };
        if open_ended {
            entry.packed = data;
            entry.crc = None;
        } else {
            entry.packed = at - data.min(at);
        }
        entries.push(entry);
    }
    if open_ended && let Some(last) = entries.last_mut() {
        last.packed = len.saturating_sub(last.packed);
    }
    Ok(entries)
}

/// A local header at `at` and where its data start; `None` if those bytes are something else.
fn local_entry(reader: &mut dyn ReadSeek, at: u64) -> io::Result<Option<(Entry, u64)>> {
    reader.seek(SeekFrom::Start(at + 4))?;
    let mut h = [0; 26];
    if reader.read_exact(&mut h).is_err() {
        return Ok(None);
    }
    let (name_length, extra_length) = (le(&h, 22, 2), le(&h, 24, 2));
    let plausible = h[0] < 100 && h[4] <= 99 && h[5] == 0 && (1..4096).contains(&name_length);
    if !plausible {
        return Ok(None);
    }
    let Ok(name) = bytes_of(&mut &mut *reader, name_length) else { return Ok(None) };
    let extra = bytes_of(&mut &mut *reader, extra_length).unwrap_or_default();
    if name.contains(&0) {
        return Ok(None);
    }
    let (mut size, mut packed) = (le(&h, 18, 4), le(&h, 14, 4));
    let flags = le(&h, 2, 2) as u16;
    let mut entry = Entry {
        name: decode_name(&name, flags),
        flags,
        method: le(&h, 4, 2) as u16,
        time: le(&h, 6, 2) as u16,
        crc: Some(le(&h, 10, 4) as u32),
        header: at,
        ..Entry::default()
    };
    let slots = [&mut size, &mut packed].map(|n| (*n == 0xFFFF_FFFF).then_some(n));
    let [first, second] = slots;
    entry.take_extra(&extra, compact([first, second, None]));
    (entry.size, entry.packed) = (size, packed);
    Ok(Some((entry, at + 30 + name_length + extra_length)))
}

/// The next header of any kind at or after `from`. Windows grow, so that neither many small members nor one large
/// one is read more than about twice.
fn next_magic(reader: &mut dyn ReadSeek, mut from: u64, len: u64) -> io::Result<Option<(u64, [u8; 4])>> {
    let mut window = 512;
    while from < len {
        let bytes = read_at(reader, from, window)?;
        let hit = memchr::memmem::find_iter(&bytes, b"PK")
            .filter_map(|at| Some((at, <[u8; 4]>::try_from(bytes.get(at..at + 4)?).ok()?)))
            .find(|(_, magic)| [LOCAL, CENTRAL, END, *b"PK\x07\x08"].contains(magic));
        if let Some((at, magic)) = hit {
            return Ok(Some((from + at as u64, magic)));
        }
        if bytes.len() < 4 {
            return Ok(None);
        }
        from += bytes.len() as u64 - 3;
        window = (window * 2).min(1 << 16);
    }
    Ok(None)
}

/// Where the data of `entry` start, by its local header.
pub(crate) fn data_start(reader: &mut dyn ReadSeek, entry: &Entry) -> Option<u64> {
    let header = read_at(reader, entry.header, 30).ok()?;
    if header.len() < 30 || !header.starts_with(&LOCAL) {
        return None;
    }
    Some(entry.header + 30 + le(&header, 26, 2) + le(&header, 28, 2))
}

/// Flag bit 11 says UTF-8; without it the name is in code page 437, unless it is UTF-8 all the same.
fn decode_name(bytes: &[u8], flags: u16) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) if flags & 0x0800 != 0 => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => bytes.iter().map(|&b| cp437(b)).collect(),
    }
}

fn cp437(byte: u8) -> char {
    const HIGH: &str = concat!(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
        "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}"
    );
    match byte {
        0..0x80 => char::from(byte),
        _ => HIGH.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

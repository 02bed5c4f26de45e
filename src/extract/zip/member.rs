//! One member of a zip archive: is it encrypted, can it be unpacked, and its bytes.
//!
//! The decompressors are those of the `zip` crate. It reads a member from a stream that begins with a local
//! header; it is given a header made here, which declares nothing but the method, so that no size of the archive's
//! own can cut the content or stop the reading.

use std::cell::Cell;
use std::io::{self, Cursor, Read, SeekFrom};
use std::rc::Rc;

use ::zip::read::{ZipReadOptions, read_zipfile_from_stream_with_options};
use ::zip::result::ZipError;

use super::directory::{Entry, data_start};
use super::{checked, locked};
use crate::coverage::Cause;
use crate::document::{ReadSeek, Sealed};
use crate::event::{Encryption, Tri};
use crate::extract::packed;

/// A member whose flag says "encrypted" is taken for plain when so much of it unpacks without an error.
pub(super) const PROBE: u64 = 1 << 20;
/// The largest LZMA dictionary that is allocated.
const MOST_DICTIONARY: u64 = 256 << 20;
/// Members in the methods of the 1980s are unpacked in memory, if they are no larger than this.
const MOST_LEGACY: u64 = 64 << 20;
pub(super) const STORED: u16 = 0;
const LZMA: u16 = 14;
const ZSTD: u16 = 93;
const XZ: u16 = 95;

/// Gives the bytes of `entry` to `use_it`. Damage shows as an error of the reader, after what precedes it.
///
/// # Errors
/// Why the member cannot be read, when `use_it` was not called.
pub(crate) fn open(
    reader: &mut dyn ReadSeek,
    entry: &Entry,
    use_it: impl FnOnce(&mut dyn Read),
) -> Result<(), Sealed> {
    open_with(reader, entry, &[], |_, content| use_it(content))
}

/// The same with passwords to try; `use_it` is told how the member is encrypted if one of them opened it.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_with(
    reader: &mut dyn ReadSeek,
    entry: &Entry,
    passwords: &[String],
    use_it: impl FnOnce(Option<Encryption>, &mut dyn Read),
) -> Result<(), Sealed> {
    let damaged = |words: &str| Sealed::Gap(Cause::Damaged, words.into());
    if entry.elsewhere {
        return Err(damaged("lies in another part of a split archive"));
    }
    let start = data_start(reader, entry).ok_or_else(|| damaged("local header missing"))?;
    if let Some(encryption) = encryption(entry)
        && !(encryption.kind == "zip-crypto" && is_plain(reader, entry, start))
    {
        return match locked::opening(reader, entry, start, passwords) {
            Some(password) => {
                let opened = locked::open(reader, entry, start, password, |content| {
                    use_it(Some(encryption), content);
                });
                opened.map_err(|_| damaged("member cannot be opened"))
            }
            None => Err(Sealed::Encrypted(encryption)),
        };
    }
    can_unpack(reader, entry, start)?;
    let plain = |content: &mut dyn Read| use_it(None, content);
    unpack(reader, entry, start, plain).map_err(|_| damaged("member cannot be opened"))
}

/// What the headers say about encryption.
pub(crate) fn encryption(entry: &Entry) -> Option<Encryption> {
    let of = |kind: &str, bits, statutory| Some(Encryption { kind: kind.into(), bits, statutory });
    let flagged = entry.flags & 1 != 0;
    if entry.method == 99 || (flagged && entry.aes.is_some()) {
        let bits = entry.aes.filter(|s| (1..=3).contains(s)).map(|s| 64 + 64 * u32::from(s));
        let statutory = if bits.is_some() { Tri::Yes } else { Tri::Unknown };
        return of("zip-aes", bits, statutory);
    }
    if !flagged {
        return None;
    }
    if entry.flags & 0x40 != 0 {
        return of("zip-strong", entry.strong_bits.map(u32::from), Tri::Unknown);
    }
    of("zip-crypto", None, Tri::No)
}

/// Whether the data are plain in spite of the flag: they unpack, and to what the checksum says.
fn is_plain(reader: &mut dyn ReadSeek, entry: &Entry, start: u64) -> bool {
    // Encryption puts 12 bytes before the data.
    if entry.method == STORED && entry.packed != entry.size {
        return false;
    }
    if entry.crc.is_none() || can_unpack(reader, entry, start).is_err() {
        return false;
    }
    let most = if entry.method == STORED { u64::MAX } else { PROBE };
    let mut plain = false;
    let probed = unpack(reader, entry, start, |content| {
        plain = io::copy(&mut content.take(most), &mut io::sink()).is_ok_and(|n| n > 0);
    });
    probed.is_ok() && plain
}

pub(super) fn can_unpack(reader: &mut dyn ReadSeek, entry: &Entry, start: u64) -> Result<(), Sealed> {
    let words = match entry.method {
        STORED | 8 | 9 | 12 | ZSTD | XZ => return Ok(()),
        LZMA => return small_dictionary(reader, start),
        1..=6 if entry.size.max(entry.packed) <= MOST_LEGACY => return Ok(()),
        1..=6 => return Err(Sealed::Gap(Cause::LimitMemory, "large member in an old method".into())),
        98 => "98 (PPMd)".to_owned(),
        other => other.to_string(),
    };
    Err(Sealed::Gap(Cause::NoReader, format!("compression method {words}")))
}

/// LZMA data begin with version and length (2 + 2 bytes), properties (1), and the size of the dictionary (4).
fn small_dictionary(reader: &mut dyn ReadSeek, start: u64) -> Result<(), Sealed> {
    let mut head = [0; 9];
    let read = reader.seek(SeekFrom::Start(start)).and_then(|_| reader.read_exact(&mut head));
    read.map_err(|_| Sealed::Gap(Cause::Damaged, "LZMA header".into()))?;
    if u64::from(u32::from_le_bytes([head[5], head[6], head[7], head[8]])) > MOST_DICTIONARY {
        return Err(Sealed::Gap(Cause::LimitMemory, "LZMA dictionary".into()));
    }
    Ok(())
}

/// Raw bytes of a member until the valve is shut. The `zip` crate reads a member to its end when it is done with
/// it, and there is no use in that.
struct Valve<'a> {
    raw: &'a mut dyn Read,
    shut: Rc<Cell<bool>>,
}

impl Read for Valve<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.shut.get() { Ok(0) } else { self.raw.read(buf) }
    }
}

fn unpack(
    reader: &mut dyn ReadSeek,
    entry: &Entry,
    start: u64,
    use_it: impl FnOnce(&mut dyn Read),
) -> Result<(), ZipError> {
    reader.seek(SeekFrom::Start(start))?;
    unpack_from(&mut reader.take(entry.packed), entry, use_it)
}

/// Unpacks `raw`: by the `zip` crate, and what it leaves to libraries in C by others.
pub(super) fn unpack_from(
    raw: &mut dyn Read,
    entry: &Entry,
    use_it: impl FnOnce(&mut dyn Read),
) -> Result<(), ZipError> {
    if let ZSTD | XZ = entry.method {
        let mut content = checked::Checked::new(packed::unpacked(raw, entry.method == XZ), entry.crc);
        use_it(&mut content);
        return Ok(());
    }
    let shut = Rc::new(Cell::new(false));
    let valve = Valve { raw, shut: Rc::clone(&shut) };
    let mut source = Cursor::new(made_header(entry)).chain(valve);
    let mut options = ZipReadOptions::new().override_compressed_size(entry.packed);
    options = match entry.crc {
        Some(crc) => options.override_crc(crc),
        None => options.ignore_crc32(true),
    };
    // These methods need the size to know their end.
    options = match (entry.method, entry.crc) {
        (LZMA, None) => options.override_uncompressed_size(u64::MAX),
        (1..=6, None) => options.override_uncompressed_size(MOST_LEGACY),
        (1..=6 | LZMA, Some(_)) => options.override_uncompressed_size(entry.size),
        _ => options,
    };
    let opened = read_zipfile_from_stream_with_options(&mut source, options)?;
    if let Some(mut content) = opened {
        use_it(&mut content);
        shut.set(true);
    }
    Ok(())
}

/// A local header without name, sizes or encryption; bit 3 tells the reader that sizes are not known.
fn made_header(entry: &Entry) -> [u8; 30] {
    let mut header = [0; 30];
    header[..4].copy_from_slice(b"PK\x03\x04");
    header[4] = 20;
    // Bits 1 and 2 belong to the method (LZMA: whether an end marker follows).
    header[6..8].copy_from_slice(&(8 | (entry.flags & 6)).to_le_bytes());
    header[8..10].copy_from_slice(&entry.method.to_le_bytes());
    header
}

//! Members opened with a password.

use std::io::{self, Read, SeekFrom};

use ::zip::result::ZipError;

use super::crypto::{Aes, OLD_HEADER, Old};
use super::directory::Entry;
use super::member::{PROBE, STORED, can_unpack, unpack_from};
use crate::document::ReadSeek;

/// The password that opens `entry`: its check fits, and the start of the member unpacks.
pub(super) fn opening<'p>(
    reader: &mut dyn ReadSeek,
    entry: &Entry,
    start: u64,
    passwords: &'p [String],
) -> Option<&'p str> {
    passwords.iter().map(String::as_str).find(|password| {
        let mut fits = false;
        // A stored member unpacks whatever the key is: only its checksum tells.
        let most = if plain_of(entry, 0).method == STORED { u64::MAX } else { PROBE };
        let probed = open(reader, entry, start, password, |content| {
            fits = io::copy(&mut content.take(most), &mut io::sink()).is_ok();
        });
        probed.is_ok() && fits
    })
}

/// Gives the decrypted and unpacked content to `use_it`, which is not called if the password is wrong at sight.
///
/// # Errors
/// What reading says, and what the unpacker says of the method.
pub(super) fn open(
    reader: &mut dyn ReadSeek,
    entry: &Entry,
    start: u64,
    password: &str,
    use_it: impl FnOnce(&mut dyn Read),
) -> Result<(), ZipError> {
    let refused = || ZipError::UnsupportedArchive("a method that is not read");
    reader.seek(SeekFrom::Start(start))?;
    if let Some(strength) = entry.aes {
        let opened = Aes::open((&mut *reader).take(entry.packed), password, strength, entry.packed)?;
        let plain = plain_of(entry, 0);
        can_unpack(&mut io::Cursor::new([0u8; 9]), &plain, 0).map_err(|_| refused())?;
        return match opened {
            Some(mut raw) => unpack_from(&mut raw, &plain, use_it),
            None => Ok(()),
        };
    }
    if entry.flags & 0x40 != 0 {
        return Err(refused());
    }
    // With a data descriptor the checksum was not known yet, and the time was taken in its place.
    let by_time = (entry.time >> 8) as u8;
    let check = match entry.crc {
        Some(crc) if entry.flags & 8 == 0 => (crc >> 24) as u8,
        _ => by_time,
    };
    let plain = plain_of(entry, OLD_HEADER);
    can_unpack(&mut io::Cursor::new([0u8; 9]), &plain, 0).map_err(|_| refused())?;
    match Old::open((&mut *reader).take(entry.packed), password, check)? {
        Some(mut raw) => unpack_from(&mut raw, &plain, use_it),
        None => Ok(()),
    }
}

/// The entry as it would be without encryption, which takes `before` bytes.
fn plain_of(entry: &Entry, before: u64) -> Entry {
    let method = if entry.aes.is_some() { entry.aes_method } else { entry.method };
    Entry {
        method,
        flags: entry.flags & !0x41,
        packed: entry.packed.saturating_sub(before),
        crc: entry.crc.filter(|_| !entry.aes_without_crc),
        aes: None,
        ..entry.clone()
    }
}

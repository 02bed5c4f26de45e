//! Encrypted workbooks: the record that says so, and decryption of the stream in place ([MS-XLS] 2.2.10).
//!
//! Heads of records stay readable, and so do a few records that must be understood before any key is known. The
//! stream of the cipher runs over all bytes nevertheless.

use super::globals::{END, is_begin};
use super::record::Records;
use crate::extract::unlock::legacy::{Key, WORKBOOK_BLOCK};

/// `FilePass`: what the workbook is encrypted with.
pub(super) const FILE_PASS: u16 = 0x002F;
/// `BoundSheet8`, whose first four bytes, the place of the sheet, stay readable.
const SHEET: u16 = 0x0085;

/// The data of the record that says how the workbook is encrypted, among those of its first part.
pub(super) fn file_pass(stream: &[u8]) -> Option<&[u8]> {
    let mut first = Records::new(stream, 0).take_while(|r| r.kind != END);
    first.find(|r| r.kind == FILE_PASS).map(|r| r.data)
}

/// Decrypts the stream.
pub(super) fn decrypt(key: &Key, stream: &mut Vec<u8>) {
    if let Key::Xor(array) = key {
        decrypt_xor(array, stream);
        return;
    }
    let mut clear = stream.clone();
    key.decrypt(&mut clear, WORKBOOK_BLOCK, 0);
    for record in Records::new(stream, 0) {
        let start = record.at + 4;
        clear[record.at..start].copy_from_slice(&stream[record.at..start]);
        let readable = start..start + readable(record.kind, record.data.len());
        clear[readable.clone()].copy_from_slice(&stream[readable]);
    }
    *stream = clear;
}

/// The obfuscation by XOR depends on the place of a byte and on the length of its record ([MS-OFFCRYPTO] 2.3.7.3).
fn decrypt_xor(array: &[u8; 16], stream: &mut [u8]) {
    let records: Vec<(u16, usize, usize)> =
        Records::new(stream, 0).map(|r| (r.kind, r.at + 4, r.data.len())).collect();
    for (kind, start, length) in records {
        for at in start + readable(kind, length)..start + length {
            stream[at] = (stream[at] ^ array[(at + length) % 16]).rotate_left(3);
        }
    }
}

/// How many bytes at the start of a record are not encrypted: all of the first record, of `FilePass`, `UsrExcl`,
/// `FileLock`, `InterfaceHdr`, `RRDInfo` and `RRDHead`.
fn readable(kind: u16, length: usize) -> usize {
    match kind {
        FILE_PASS | 0x0194 | 0x0195 | 0x00E1 | 0x0196 | 0x0138 => length,
        kind if is_begin(kind) => length,
        SHEET => length.min(4),
        _ => 0,
    }
}

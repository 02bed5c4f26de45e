//! Encryption of Office documents, from the bytes that prove it.
//!
//! Offsets are those of [MS-OFFCRYPTO] 2.3 (encryption information), [MS-DOC] 2.5.2 (file information block),
//! [MS-XLS] 2.4.117 (`FilePass`) and [MS-PPT] 2.3.2 (current user). RC4 without `CryptoAPI` uses 40 bits whatever the
//! password, the obfuscation by XOR 16.

use crate::event::{Encryption, Tri};
use crate::extract::ooxml::xml::{Token, Xml};

/// Least key length that M.G.L. c. 93H s. 1 calls encryption.
const STATUTORY_BITS: u32 = 128;

fn found(kind: &str, bits: Option<u32>) -> Encryption {
    let statutory = match bits {
        Some(STATUTORY_BITS..) => Tri::Yes,
        Some(_) => Tri::No,
        None => Tri::Unknown,
    };
    Encryption { kind: kind.into(), bits, statutory }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Protected by a rights-management server; the length of its keys is not in the file.
pub(super) fn drm() -> Encryption {
    found("office-drm", None)
}

/// An Office Open XML package, by its `EncryptionInfo`.
pub(super) fn package(info: &[u8]) -> Encryption {
    match (u16_at(info, 0), u16_at(info, 2)) {
        (Some(4), Some(4)) => found("office-agile", agile_bits(info.get(8..).unwrap_or_default())),
        (_, Some(2)) => found("office-standard", header_bits(info)),
        (_, Some(3)) => found("office-extensible", None),
        _ => found("office-unknown", None),
    }
}

/// Key length of the content (`keyData`), not of the key that protects it.
fn agile_bits(mut xml: &[u8]) -> Option<u32> {
    let mut xml = Xml::new(&mut xml);
    while let Some(token) = xml.next() {
        if let Token::Start(tag) = token
            && tag.name() == "keyData"
        {
            return tag.attribute("keyBits")?.parse().ok();
        }
    }
    None
}

/// Key length in an encryption information of version x.2: after version, flags and size (12 bytes) stands the
/// header, with the key size in bits as its fifth word; 0 means 40.
fn header_bits(info: &[u8]) -> Option<u32> {
    match u32_at(info, 28)? {
        0 => Some(40),
        bits @ 1..=1024 => Some(bits),
        _ => None,
    }
}

/// RC4 by an encryption information: version 1.1 is the 40-bit kind, x.2 goes through `CryptoAPI`.
fn rc4(info: &[u8]) -> Encryption {
    match (u16_at(info, 0), u16_at(info, 2)) {
        (Some(1), Some(1)) => found("office-rc4", Some(40)),
        (Some(2..=4), Some(2)) => found("office-cryptoapi", header_bits(info)),
        _ => found("office-rc4", None),
    }
}

/// Which table stream belongs to the document.
pub(super) fn word_uses_table_1(fib: &[u8]) -> bool {
    u16_at(fib, 0x0A).is_some_and(|flags| flags & 0x0200 != 0)
}

/// A Word document, by the flags of its file information block; the table stream begins with the encryption
/// information.
pub(super) fn word(fib: &[u8], table: &[u8]) -> Option<Encryption> {
    let flags = u16_at(fib, 0x0A)?;
    if flags & 0x0100 == 0 {
        return None;
    }
    // Before Word 97 (nFib 193 and above) there was nothing but XOR.
    let old = u16_at(fib, 2).is_some_and(|version| version < 0x00C0);
    if flags & 0x8000 != 0 || old { Some(found("office-xor", Some(16))) } else { Some(rc4(table)) }
}

/// A workbook, by the data of its `FilePass` record.
pub(crate) fn file_pass(data: &[u8]) -> Encryption {
    // Four bytes are the XOR of Excel 5 and earlier, which has no type.
    let xor = data.len() <= 4 || u16_at(data, 0) == Some(0);
    if xor { found("office-xor", Some(16)) } else { rc4(data.get(2..).unwrap_or_default()) }
}

/// True if the `Current User` stream says that the presentation is encrypted.
pub(super) fn power_point(user: &[u8]) -> bool {
    u32_at(user, 12) == Some(0xF3D1_C4DF)
}

/// Key length of an encrypted presentation, from the `CryptSession10Container` in its document stream.
pub(super) fn power_point_key(document: &[u8]) -> Encryption {
    const CONTAINER: [u8; 4] = [0x0F, 0x00, 0x14, 0x2F];
    let bits = memchr::memmem::find_iter(document, &CONTAINER).find_map(|at| {
        let info = document.get(at + 8..)?;
        // All but this record is encrypted: the bytes may occur by chance, the version after them hardly.
        ((2..=4).contains(&u16_at(info, 0)?) && u16_at(info, 2)? == 2).then(|| header_bits(info))?
    });
    found("office-rc4", bits)
}

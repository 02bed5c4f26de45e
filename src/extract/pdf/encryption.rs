//! Encryption, decided by the encryption dictionary of the trailer and by whether the file opens.
//!
//! A file that opens with the empty user password is readable by everyone, whatever its permissions say, and is
//! no encrypted file here. The dictionary lies in plain bytes in every PDF, as does the trailer that names it.
//! Source of the entries: ISO 32000-2, 7.6.

use hayro_interpret::hayro_syntax::object::{Dict, FromBytes, Name, Number, Object};
use memchr::memmem;

use super::raw::{find, is_space, reference_at, skip_space};
use crate::event::{Encryption, Tri};

/// Longest encryption dictionary that is read (recipients of a certificate may take some space).
const DICT_REACH: usize = 1 << 20;
/// M.G.L. c. 93H s. 1 speaks of a process of at least 128 bits.
const STATUTORY_BITS: u32 = 128;

/// What the encryption dictionary says.
pub(super) struct Protection {
    /// Kind, key length and what that means.
    pub(super) encryption: Encryption,
    /// True if streams and strings are plain and only attachments are encrypted.
    pub(super) attachments_only: bool,
    /// Where the key `/Encrypt` stands in the trailer.
    key: usize,
}

impl Protection {
    /// Makes a copy of the file that no longer names its encryption, for bodies that are plain.
    pub(super) fn lifted(&self, data: &[u8]) -> Vec<u8> {
        let mut copy = data.to_vec();
        copy[self.key + 1] = b'X';
        copy
    }
}

/// The encryption dictionary of a file, if a trailer names a sensible one.
pub(super) fn find_protection(data: &[u8]) -> Option<Protection> {
    // The last trailer counts; forged mentions inside text do not lead to a dictionary with a filter.
    memmem::rfind_iter(data, b"/Encrypt").take(64).find_map(|key| protection_at(data, key))
}

fn protection_at(data: &[u8], key: usize) -> Option<Protection> {
    let after = key + b"/Encrypt".len();
    let next = *data.get(after)?;
    if !is_space(next) && next != b'<' {
        return None;
    }
    let value = skip_space(data, after);
    let start = if data[value..].starts_with(b"<<") { value } else { object_start(data, value)? };
    let end = data.len().min(start + DICT_REACH);
    let dict = Dict::from_bytes(&data[start..end])?;
    let filter = dict.get::<Name<'_>>("Filter")?;
    let standard = &*filter == b"Standard";
    if standard && !(dict.contains_key("O") && dict.contains_key("U") && dict.contains_key("V")) {
        return None;
    }
    let bits = key_bits(&dict);
    let statutory = bits.map_or(Tri::Unknown, |b| if b >= STATUTORY_BITS { Tri::Yes } else { Tri::No });
    let kind = if standard { "pdf-standard".to_owned() } else { kind_of(&filter) };
    let attachments_only = attachments_only(&dict);
    Some(Protection { encryption: Encryption { kind, bits, statutory }, attachments_only, key })
}

/// The last object with the number of the reference at `at`: a later revision replaces an earlier one.
fn object_start(data: &[u8], at: usize) -> Option<usize> {
    let (number, generation) = reference_at(data, at)?;
    let header = format!("{number} {generation} obj");
    let at = memmem::rfind_iter(data, header.as_bytes())
        .find(|&at| at == 0 || !data[at - 1].is_ascii_digit())
        .map(|at| skip_space(data, at + header.len()))?;
    data[at..].starts_with(b"<<").then_some(at)
}

/// The filter's name in lower case; only letters, digits, dots and dashes, as it goes into the result.
fn kind_of(filter: &Name<'_>) -> String {
    let name = filter.iter().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).take(40);
    format!("pdf-{}", name.map(|b| char::from(b.to_ascii_lowercase())).collect::<String>())
}

fn integer(dict: &Dict<'_>, key: &str) -> Option<u32> {
    u32::try_from(dict.get::<Number>(key)?.as_i64()).ok()
}

fn key_bits(dict: &Dict<'_>) -> Option<u32> {
    let length = integer(dict, "Length");
    let bits = match integer(dict, "V")? {
        1 => 40,
        2 | 3 => length.unwrap_or(40),
        4 => filter_bits(dict)?,
        5 | 6 => 256,
        _ => return None,
    };
    (40..=256).contains(&bits).then_some(bits)
}

/// Key length of the crypt filter that serves the streams, or the strings where streams are plain.
fn filter_bits(dict: &Dict<'_>) -> Option<u32> {
    let name = ["StmF", "StrF", "EFF"]
        .into_iter()
        .filter_map(|key| dict.get::<Name<'_>>(key))
        .find(|name| name.as_ref() != b"Identity")?;
    let filter = dict.get::<Dict<'_>>("CF")?.get::<Dict<'_>>(name)?;
    match filter.get::<Name<'_>>("CFM")?.as_ref() {
        b"AESV2" => Some(128),
        b"AESV3" => Some(256),
        // The length of a crypt filter is in bytes, though many writers give bits; 40 is both too often to tell,
        // and 5 bytes are the least.
        b"V2" => match integer(&filter, "Length").or_else(|| integer(dict, "Length")).unwrap_or(128) {
            bytes @ 5..=32 => Some(bytes * 8),
            bits => Some(bits),
        },
        _ => None,
    }
}

fn attachments_only(dict: &Dict<'_>) -> bool {
    let plain = |key: &str| match dict.get::<Object<'_>>(key) {
        None => true,
        Some(Object::Name(name)) => name.as_ref() == b"Identity",
        Some(_) => false,
    };
    let crypt_filters = integer(dict, "V").is_some_and(|v| v >= 4);
    crypt_filters && plain("StmF") && plain("StrF") && find(dict.data(), b"/EFF", 0).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dict: &str) -> Option<Protection> {
        let file =
            format!("%PDF-1.6\n12 0 obj\n{dict}\nendobj\ntrailer << /Encrypt 12 0 R /Size 13 >>\n%%EOF");
        find_protection(file.as_bytes())
    }

    fn told(dict: &str) -> (String, Option<u32>, Tri) {
        let encryption = found(dict).expect("the dictionary is sensible").encryption;
        (encryption.kind, encryption.bits, encryption.statutory)
    }

    #[test]
    fn key_lengths_follow_the_version() {
        let standard = |rest: &str| told(&format!("<< /Filter /Standard /O (a) /U (b) /P -4 {rest} >>"));
        let kind = || "pdf-standard".to_owned();
        assert_eq!(standard("/V 1 /R 2"), (kind(), Some(40), Tri::No));
        assert_eq!(standard("/V 2 /R 3 /Length 128"), (kind(), Some(128), Tri::Yes));
        let aes = "/V 4 /R 4 /StmF /StdCF /StrF /StdCF /CF << /StdCF << /CFM /AESV2 /Length 16 >> >>";
        assert_eq!(standard(aes), (kind(), Some(128), Tri::Yes));
        assert_eq!(standard("/V 5 /R 6 /Length 256"), (kind(), Some(256), Tri::Yes));
        assert_eq!(standard("/V 9 /R 9"), (kind(), None, Tri::Unknown));
    }

    #[test]
    fn other_filters_are_named() {
        assert_eq!(told("<< /Filter /Adobe.PubSec /V 2 /Length 128 >>").0, "pdf-adobe.pubsec");
    }

    #[test]
    fn a_mention_without_a_dictionary_is_nothing() {
        assert!(found("(text)").is_none());
        assert!(find_protection(b"/EncryptMetadata false /Encrypt").is_none());
    }

    #[test]
    fn plain_bodies_with_encrypted_attachments_are_told_apart() {
        let rest = "/V 4 /R 4 /StmF /Identity /StrF /Identity /EFF /StdCF /CF << /StdCF << /CFM /AESV2 >> >>";
        assert!(
            found(&format!("<< /Filter /Standard /O (a) /U (b) {rest} >>"))
                .is_some_and(|p| p.attachments_only)
        );
    }
}

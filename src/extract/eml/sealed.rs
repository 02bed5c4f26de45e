//! What of a message is encrypted, proved by its bytes, and what only looks so because it is signed.

use mail_parser::{MessagePart, MimeHeaders};
use memchr::memmem;

use crate::event::{Encryption, Tri};

/// DER of the object identifiers of CMS content types (RFC 5652, RFC 5083).
const ENVELOPED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const AUTH_ENVELOPED: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const SIGNED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// Bytes in which the content type of a CMS structure must stand.
const HEAD: usize = 32;

/// How `part` is encrypted; `in_encrypted` says that it stands in a `multipart/encrypted`.
pub(super) fn encryption(part: &MessagePart<'_>, in_encrypted: bool) -> Option<Encryption> {
    let content = part.contents();
    let head = &content[..content.len().min(HEAD)];
    let kind =
        if is_cms(part) && [ENVELOPED, AUTH_ENVELOPED].iter().any(|oid| memmem::find(head, oid).is_some()) {
            "smime"
        } else if in_encrypted && is_pgp(content) {
            "pgp-mime"
        } else {
            return None;
        };
    Some(Encryption { kind: kind.to_owned(), bits: None, statutory: Tri::Unknown })
}

fn is_cms(part: &MessagePart<'_>) -> bool {
    ["pkcs7-mime", "x-pkcs7-mime", "octet-stream"].iter().any(|sub| part.is_content_type("application", sub))
}

/// `OpenPGP`: armour, or a first packet that carries a session key or encrypted data (RFC 9580, section 5).
fn is_pgp(content: &[u8]) -> bool {
    let content = content.trim_ascii_start();
    if content.starts_with(b"-----BEGIN PGP MESSAGE-----") {
        return true;
    }
    let tag = match content.first() {
        Some(b) if b & 0xc0 == 0xc0 => b & 0x3f,
        Some(b) if b & 0x80 == 0x80 => (b >> 2) & 0xf,
        _ => return false,
    };
    matches!(tag, 1 | 3 | 9 | 18 | 20)
}

/// The content of an opaque signature (CMS signed data): readable by everyone.
pub(super) fn signed_content(part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let content = part.contents();
    if !is_cms(part) || memmem::find(&content[..content.len().min(HEAD)], SIGNED).is_none() {
        return None;
    }
    let at = memmem::find(content, DATA)? + DATA.len();
    let (tag, inner) = value(&content[at..])?;
    let (tag, inner) = if tag == 0xa0 { value(inner)? } else { (tag, inner) };
    match tag {
        0x04 => Some(inner.to_vec()),
        0x24 => Some(pieces(inner)),
        _ => None,
    }
}

/// The octet strings of a constructed one, joined.
fn pieces(mut rest: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some((0x04, piece)) = value(rest) {
        all.extend_from_slice(piece);
        let header = piece.as_ptr().addr() - rest.as_ptr().addr();
        rest = &rest[header + piece.len()..];
    }
    all
}

/// Tag and content of the BER value at the beginning. Content of unknown or impossible length is all there is.
fn value(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if first < 0x80 {
        return Some((tag, &rest[..rest.len().min(usize::from(first))]));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 {
        return Some((tag, rest));
    }
    let (digits, rest) = rest.split_at_checked(count)?;
    let length = digits.iter().fold(0usize, |n, &b| n.saturating_mul(256).saturating_add(usize::from(b)));
    Some((tag, &rest[..rest.len().min(length)]))
}

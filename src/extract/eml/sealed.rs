//! What of a message is encrypted, proved by its bytes, and what only looks so because it is signed.

use mail_parser::{MessagePart, MimeHeaders};
use memchr::memmem;

use crate::event::{Encryption, Tri};
use crate::extract::cms;

/// DER of the object identifiers of CMS content types (RFC 5652, RFC 5083).
const ENVELOPED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const AUTH_ENVELOPED: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";

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
    is_cms(part).then(|| cms::signed_content(part.contents())).flatten()
}

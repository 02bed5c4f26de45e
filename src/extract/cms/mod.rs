//! Signed data (CMS, RFC 5652, section 5; PKCS #7): the signed file itself, readable by everyone.
//!
//! The content is a member. A detached signature has none; then, as in any case, what the certificates say about
//! people in plain strings is text. The structure is walked by hand and only along the path to the content.

mod ber;

use std::borrow::Cow;
use std::io::Cursor;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use ber::{Value, Values, tag};

/// Content type of the signed data (RFC 5652, section 5.1), content octets of the identifier.
const SIGNED_DATA: &[u8] = b"\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";

/// How deep strings of certificates are looked for.
const DEPTH: usize = 12;

/// Reader of signed files.
pub struct Pkcs7;

impl Extractor for Pkcs7 {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let all = match input.bytes() {
            Ok(all) => all,
            Err(cause) => return sink.gap(cause, "the signed file cannot be taken into memory", None),
        };
        let Some(signed) = Signed::find(&all) else {
            return sink.gap(Cause::Damaged, "the structure of the signed file is broken", None);
        };
        if signed.cut {
            sink.gap(Cause::Damaged, "the signed file ends too early", None);
        }
        if let Some(content) = &signed.content {
            sink.member(inner_name(input.name), &mut Cursor::new(as_message(content)));
        }
        if sink.go_on() {
            certificates(signed.rest, sink);
        }
    }
}

/// The name without what signing added to it.
fn inner_name(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((inner, end)) if !inner.is_empty() && matches!(&*end.to_ascii_lowercase(), "p7m" | "p7s") => {
            inner
        }
        _ => "signed",
    }
}

/// The content of signed data; `None` if `bytes` are none or hold none.
pub(super) fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(as_message(&Signed::find(bytes)?.content?).into_owned())
}

/// Words with which a part of a message begins that has no other headers.
const PART_STARTS: [&[u8]; 2] = [b"content-type:", b"content-transfer-encoding:"];

/// What is signed or attached is often a part of a message: it gets the header by which messages are known.
pub(super) fn as_message(content: &[u8]) -> Cow<'_, [u8]> {
    let begins =
        |word: &&[u8]| content.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if PART_STARTS.iter().any(begins) {
        return Cow::Owned([b"MIME-Version: 1.0\r\n", content].concat());
    }
    Cow::Borrowed(content)
}

/// Signed data taken apart.
struct Signed<'a> {
    /// What is signed, unless the signature is detached.
    content: Option<Cow<'a, [u8]>>,
    /// Certificates, revocation lists and signers.
    rest: Values<'a>,
    cut: bool,
}

impl<'a> Signed<'a> {
    fn find(bytes: &'a [u8]) -> Option<Self> {
        let outer = Values::new(bytes).expect(tag::SEQUENCE)?;
        let mut info = outer.values();
        info.expect(tag::OID).filter(|oid| oid.content == SIGNED_DATA)?;
        let data = info.expect(tag::CONTEXT_0)?.values().expect(tag::SEQUENCE)?;
        let mut parts = data.values();
        // Version and digest algorithms.
        parts.next()?;
        parts.next()?;
        let mut inner = parts.expect(tag::SEQUENCE)?.values();
        inner.expect(tag::OID)?;
        let content = inner.expect(tag::CONTEXT_0).and_then(|wrapped| wrapped.values().next());
        Some(Signed { content: content.map(octets), rest: parts, cut: outer.cut })
    }
}

/// The bytes of a string of octets, joined if it is in pieces; any other value is given as it stands.
fn octets(value: Value<'_>) -> Cow<'_, [u8]> {
    if value.tag == tag::OCTETS_IN_PIECES {
        let pieces = value.values().filter(|piece| piece.tag == tag::OCTETS);
        return Cow::Owned(pieces.flat_map(|piece| piece.content.iter().copied()).collect());
    }
    Cow::Borrowed(value.content)
}

/// Says the strings in certificates: names, organisations, addresses.
fn certificates(values: Values<'_>, sink: &mut dyn DocumentSink) {
    sink.unit(place());
    strings(values, 0, sink);
}

fn place() -> Place {
    Place { part: Some("certificates".to_owned()), ..Place::default() }
}

/// False if it is to end.
fn strings(values: Values<'_>, depth: usize, sink: &mut dyn DocumentSink) -> bool {
    for value in values {
        if value.is_constructed() && depth < DEPTH && !strings(value.values(), depth + 1, sink) {
            return false;
        }
        let text = match value.tag {
            tag::UTF8 | tag::PRINTABLE | tag::IA5 => String::from_utf8_lossy(value.content).into_owned(),
            tag::T61 => value.content.iter().map(|b| char::from(*b)).collect(),
            tag::BMP => encoding_rs::UTF_16BE.decode_without_bom_handling(value.content).0.into_owned(),
            _ => continue,
        };
        if !text.trim().is_empty() {
            sink.text(place(), &text);
        }
        if !sink.go_on() {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::xml::collect::collect;

    /// A value of definite length.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).expect("short").to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    }

    /// A value of indefinite length.
    fn open(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], content, &[0, 0]].concat()
    }

    /// Signed data around `content`, with one certificate string.
    fn signed(wrap: fn(u8, &[u8]) -> Vec<u8>, content: &[u8]) -> Vec<u8> {
        let data = der(tag::OID, b"\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01");
        let info = wrap(tag::SEQUENCE, &[data, content.to_vec()].concat());
        let people = wrap(tag::CONTEXT_0, &wrap(tag::SEQUENCE, &der(tag::PRINTABLE, b"Ann Example")));
        let parts = [der(2, b"\x01"), der(0x31, b""), info, people].concat();
        let oid = [&[tag::OID, 9], SIGNED_DATA].concat();
        let body = wrap(tag::CONTEXT_0, &wrap(tag::SEQUENCE, &parts));
        wrap(tag::SEQUENCE, &[oid, body].concat())
    }

    #[test]
    fn content_is_a_member_in_both_forms_of_lengths() {
        let whole = der(tag::CONTEXT_0, &der(tag::OCTETS, b"Ann, 123-45-6789"));
        let pieces = [der(tag::OCTETS, b"Ann, 123-"), der(tag::OCTETS, b"45-6789")].concat();
        let pieces = open(tag::CONTEXT_0, &open(tag::OCTETS_IN_PIECES, &pieces));
        for bytes in [signed(der, &whole), signed(open, &pieces)] {
            let sink = collect(&Pkcs7, &bytes);
            assert!(sink.members == [("signed".to_owned(), b"Ann, 123-45-6789".to_vec())]);
            assert!(sink.has("text(certificates) Ann Example"));
        }
    }

    #[test]
    fn detached_signatures_have_no_member() {
        let sink = collect(&Pkcs7, &signed(open, b""));
        assert!(sink.members.is_empty() && sink.has("Ann Example") && !sink.has("gap"));
    }

    #[test]
    fn cut_files_give_what_is_there() {
        let whole = der(tag::CONTEXT_0, &der(tag::OCTETS, b"Ann, 123-45-6789 and more"));
        let bytes = signed(der, &whole);
        let end = memchr::memmem::find(&bytes, b" and more").expect("there");
        let sink = collect(&Pkcs7, &bytes[..end]);
        assert!(sink.members[0].1 == b"Ann, 123-45-6789" && sink.has("ends too early"));
        for end in 0..bytes.len() {
            collect(&Pkcs7, &bytes[..end]);
        }
    }

    #[test]
    fn names_lose_what_signing_added() {
        assert_eq!(inner_name("list.csv.p7m"), "list.csv");
        assert_eq!(inner_name("smime.P7M"), "smime");
        assert_eq!(inner_name("x"), "signed");
    }
}

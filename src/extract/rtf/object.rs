//! Embedded objects: their bytes stand as hexadecimal digits, wrapped as OLE 1 does ([MS-OLEDS] 2.2.5).

use crate::document::DocumentSink;
use crate::extract::bytes::{slice, u32_at};
use crate::extract::cfb::package;

/// An embedded object, not a link.
const EMBEDDED: u32 = 2;

/// Gives the object as a member.
pub(super) fn give(bytes: &[u8], sink: &mut dyn DocumentSink) {
    match native(bytes) {
        Some((class, data)) if class.eq_ignore_ascii_case(b"package") && package(data, sink) => {}
        Some((_, data)) => sink.member("", &mut &*data),
        None => sink.member("", &mut &*bytes),
    }
}

/// The class and the data: after version and kind stand three texts with their lengths, then the size of the data.
fn native(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if u32_at(bytes, 4)? != EMBEDDED {
        return None;
    }
    let (mut at, mut class) = (8, &b""[..]);
    for n in 0..3 {
        let length = u32_at(bytes, at)? as usize;
        let text = slice(bytes, at + 4, length)?;
        if n == 0 {
            class = text.strip_suffix(b"\0").unwrap_or(text);
        }
        at += 4 + length;
    }
    let size = u32_at(bytes, at)? as usize;
    let data = bytes.get(at + 4..)?;
    Some((class, &data[..size.min(data.len())]))
}

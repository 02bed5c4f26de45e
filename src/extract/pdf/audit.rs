//! A look at the streams of a file before the parser opens it: which would burst, which are broken.
//!
//! The parser inflates without a limit and takes what it gets from broken data without a word. Streams that would
//! inflate beyond the cap are put out of action in our copy of the bytes (their filter gets a name that nobody
//! knows), so that the rest of the file is still read. Pictures are left alone: nothing here decodes them.

use super::raw::{Ending, Kind, RawStreams, find, inflate, inflate_pieces};

/// Most bytes a stream may inflate to: above every real content stream met, and several fit into a worker.
pub(super) const STREAM_CAP: usize = 128 << 20;
/// Deflate expands by 1,032 at most, so that shorter streams need no counting.
const HARMLESS: usize = STREAM_CAP / 1032;
/// Most bytes that all object streams together may inflate to; the parser keeps them all in memory.
const OBJECTS_CAP: usize = 256 << 20;

/// What was found.
#[derive(Default)]
pub(super) struct Audit {
    /// Streams put out of action because they are too large.
    pub(super) burst: u32,
    /// Streams whose compressed data are broken or cut off.
    pub(super) broken: u32,
    /// True if `go_on` said to stop.
    pub(super) stopped: bool,
}

/// Checks all streams of `data` and disarms those that would burst.
pub(super) fn audit(data: &mut [u8], go_on: &mut dyn FnMut() -> bool) -> Audit {
    let mut found = Audit::default();
    let mut disarm = Vec::new();
    let mut objects = 0;
    for (i, stream) in RawStreams::new(data).enumerate() {
        if i % 256 == 255 && !go_on() {
            found.stopped = true;
            break;
        }
        let kind = Kind::of(&data[stream.header.clone()]);
        match verdict(&kind, &data[stream.body], &mut objects) {
            Ending::Complete => {}
            Ending::Broken => found.broken += 1,
            Ending::Capped => disarm.push(stream.header),
        }
    }
    for header in disarm {
        found.burst += 1;
        disarm_filters(&mut data[header]);
    }
    found
}

fn verdict(kind: &Kind, body: &[u8], objects: &mut usize) -> Ending {
    if kind.subtype == b"Image" || kind.class == b"EmbeddedFile" || kind.flates() == 0 {
        return Ending::Complete;
    }
    if kind.flates() > 1 {
        return nested(kind, body);
    }
    if !kind.is_flate() {
        return Ending::Complete;
    }
    let font = matches!(kind.subtype.as_slice(), b"Type1C" | b"CIDFontType0C" | b"OpenType");
    if font && body.len() < HARMLESS {
        return Ending::Complete;
    }
    if kind.class == b"ObjStm" {
        let before = *objects;
        return inflate_pieces(body, OBJECTS_CAP.saturating_sub(before), &mut |piece| {
            *objects += piece.len();
        });
    }
    inflate_pieces(body, STREAM_CAP, &mut |_| {})
}

/// Several rounds of deflate: no writer does that, so little is lost by a smaller cap for the inner rounds.
fn nested(kind: &Kind, body: &[u8]) -> Ending {
    let mut data = body.to_vec();
    for _ in 0..kind.flates() {
        let (inner, ending) = inflate(&data, STREAM_CAP / 4);
        if ending == Ending::Capped {
            return ending;
        }
        data = inner;
    }
    Ending::Complete
}

fn disarm_filters(header: &mut [u8]) {
    for name in [&b"FlateDecode"[..], b"/Fl"] {
        let mut at = 0;
        while let Some(found) = find(header, name, at) {
            header[found + 1] = b'X';
            at = found + name.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(filters: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("1 0 obj << /Length {} /Filter {filters} >> stream\n", body.len());
        [head.as_bytes(), body, b"\nendstream endobj"].concat()
    }

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    #[test]
    fn a_stream_that_would_burst_is_disarmed() {
        let bomb = deflated(&deflated(&vec![b' '; STREAM_CAP / 4 + 1]));
        let mut data = file("[/FlateDecode /FlateDecode]", &bomb);
        let found = audit(&mut data, &mut || true);
        assert!(found.burst == 1 && find(&data, b"FlateDecode", 0).is_none());
    }

    #[test]
    fn broken_and_sound_streams_are_told_apart() {
        let packed = deflated(b"BT (Ann) Tj ET BT (Ann) Tj ET");
        assert!(audit(&mut file("/FlateDecode", &packed), &mut || true).broken == 0);
        assert!(audit(&mut file("/FlateDecode", &packed[..12]), &mut || true).broken == 1);
    }
}

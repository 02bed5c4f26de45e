//! Bytes of a PDF file as they lie: searching, streams without a cross-reference table, bounded inflating.
//!
//! Used before and instead of a parser: to see encryption, damage and decompression bombs that the parser would
//! walk into, and to salvage text when it gives up. A stream ends where `/Length` says if `endstream` really
//! follows there, else at the next `endstream`, else at the end of the file.

use std::ops::Range;

use flate2::{Decompress, FlushDecompress, Status};
use hayro_interpret::hayro_syntax::object::{Array, Dict, FromBytes, Name, Number};
use memchr::memmem;

/// Longest dictionary of a stream, in bytes.
const HEADER_CAP: usize = 64 * 1024;

/// Position of `needle` in `hay` at or after `from`.
pub(super) fn find(hay: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    memmem::find(hay.get(from..)?, needle).map(|at| at + from)
}

/// True for the six white-space bytes of PDF (ISO 32000-1, 7.2.2).
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

/// First position at or after `at` that is not white space.
pub(super) fn skip_space(data: &[u8], mut at: usize) -> usize {
    while data.get(at).is_some_and(|&b| is_space(b)) {
        at += 1;
    }
    at
}

/// Reads decimal digits at `at`; the number and the position after it.
pub(super) fn number_at(data: &[u8], at: usize) -> Option<(u32, usize)> {
    let len = data.get(at..)?.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let number = std::str::from_utf8(&data[at..at + len]).ok()?.parse().ok()?;
    Some((number, at + len))
}

/// Reads `N G R` at `at` (white space before it allowed).
pub(super) fn reference_at(data: &[u8], at: usize) -> Option<(u32, u32)> {
    let (number, at) = number_at(data, skip_space(data, at))?;
    let (generation, at) = number_at(data, skip_space(data, at))?;
    (data.get(skip_space(data, at)) == Some(&b'R')).then_some((number, generation))
}

/// A stream object found by its keywords alone.
pub(super) struct RawStream {
    /// Object number, if a header `N G obj` stands before the dictionary.
    pub(super) number: Option<u32>,
    /// The dictionary, `<<` to `>>`.
    pub(super) header: Range<usize>,
    /// The content, still filtered.
    pub(super) body: Range<usize>,
}

/// All stream objects of a file in the order of their bytes.
pub(super) struct RawStreams<'a> {
    data: &'a [u8],
    at: usize,
    /// Where the last keyword `obj` before `at` ends.
    object: Option<usize>,
}

impl<'a> RawStreams<'a> {
    /// Starts at the beginning of `data`.
    pub(super) fn new(data: &'a [u8]) -> Self {
        RawStreams { data, at: 0, object: None }
    }

    fn body(&self, header: &Range<usize>, start: usize) -> Range<usize> {
        if let Some(len) = direct_length(&self.data[header.clone()]) {
            let end = start.saturating_add(len);
            if self.data.get(skip_space(self.data, end)..).is_some_and(|rest| rest.starts_with(b"endstream"))
            {
                return start..end;
            }
        }
        start..find(self.data, b"endstream", start).unwrap_or(self.data.len())
    }
}

impl Iterator for RawStreams<'_> {
    type Item = RawStream;

    fn next(&mut self) -> Option<RawStream> {
        loop {
            let keyword = find(self.data, b"stream", self.at)?;
            if let Some(object) = memmem::rfind(&self.data[self.at..keyword], b"obj") {
                self.object = Some(self.at + object + 3);
            }
            self.at = keyword + 6;
            let Some(header) = self.object.and_then(|object| header_between(self.data, object, keyword))
            else {
                continue;
            };
            let start = match self.data.get(self.at..).unwrap_or_default() {
                [b'\r', b'\n', ..] => self.at + 2,
                [b'\r' | b'\n' | b' ', ..] => self.at + 1,
                _ => continue,
            };
            let body = self.body(&header, start);
            self.at = body.end;
            return Some(RawStream { number: number_before(self.data, header.start), header, body });
        }
    }
}

/// The dictionary between the end of `N G obj` and the keyword `stream`.
fn header_between(data: &[u8], object: usize, keyword: usize) -> Option<Range<usize>> {
    let mut end = keyword;
    while end > object && is_space(data[end - 1]) && keyword - end < 16 {
        end -= 1;
    }
    let start = skip_space(data, object);
    let header = data.get(start..end).filter(|header| header.len() <= HEADER_CAP)?;
    (header.starts_with(b"<<") && header.ends_with(b">>")).then_some(start..end)
}

/// Object number of a header `N G obj` that ends before `at`.
fn number_before(data: &[u8], at: usize) -> Option<u32> {
    let floor = at.saturating_sub(40);
    let text = std::str::from_utf8(&data[floor..at]).ok()?;
    let mut words = text.trim_end().strip_suffix("obj")?.split_ascii_whitespace().rev();
    words.next()?.parse::<u32>().ok()?;
    words.next()?.parse().ok()
}

/// `/Length` if it is a direct number.
fn direct_length(header: &[u8]) -> Option<usize> {
    let at = skip_space(header, find(header, b"/Length", 0)? + 7);
    let (length, after) = number_at(header, at)?;
    let direct = reference_at(header, at).is_none() && !header.get(after).is_some_and(u8::is_ascii_digit);
    direct.then_some(length as usize)
}

/// What a stream dictionary says about its content.
pub(super) struct Kind {
    /// Names of the filters, first to be undone first.
    pub(super) filters: Vec<Vec<u8>>,
    /// `/Type`, else empty.
    pub(super) class: Vec<u8>,
    /// `/Subtype`, else empty.
    pub(super) subtype: Vec<u8>,
    /// True if a predictor changes the bytes after inflating.
    pub(super) predicted: bool,
}

impl Kind {
    /// Reads the dictionary; what is missing or indirect stays empty.
    pub(super) fn of(header: &[u8]) -> Kind {
        let dict = Dict::from_bytes(header).unwrap_or_default();
        let name = |key: &str| dict.get::<Name<'_>>(key).map(|n| n.to_vec()).unwrap_or_default();
        let filters = match dict.get::<Name<'_>>("Filter") {
            Some(one) => vec![one.to_vec()],
            None => dict
                .get::<Array<'_>>("Filter")
                .map(|all| all.iter::<Name<'_>>().map(|n| n.to_vec()).collect())
                .unwrap_or_default(),
        };
        let predictor = dict.get::<Dict<'_>>("DecodeParms").and_then(|p| p.get::<Number>("Predictor"));
        Kind {
            filters,
            class: name("Type"),
            subtype: name("Subtype"),
            predicted: predictor.is_some_and(|p| p.as_i64() > 1),
        }
    }

    /// True if undoing `FlateDecode` once gives the content.
    pub(super) fn is_flate(&self) -> bool {
        matches!(self.filters.as_slice(), [one] if is_flate(one))
    }

    /// How many of the filters are `FlateDecode`.
    pub(super) fn flates(&self) -> usize {
        self.filters.iter().filter(|f| is_flate(f)).count()
    }
}

fn is_flate(filter: &[u8]) -> bool {
    filter == b"FlateDecode" || filter == b"Fl"
}

/// How inflating ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// At the end of the compressed data.
    Complete,
    /// The input stopped before its end, or is not valid.
    Broken,
    /// The output would exceed the cap.
    Capped,
}

/// Inflates zlib or bare deflate data and hands over the output piece by piece, `cap` bytes at most.
///
/// The checksum is not verified: many writers leave it out, and every viewer ignores it.
pub(super) fn inflate_pieces(body: &[u8], cap: usize, each: &mut dyn FnMut(&[u8])) -> Ending {
    let zlib =
        matches!(body, [a, b, ..] if a & 15 == 8 && (usize::from(*a) * 256 + usize::from(*b)) % 31 == 0);
    let body = if zlib { &body[2..] } else { body };
    let mut inflater = Decompress::new(false);
    let mut piece = vec![0; 32 * 1024];
    loop {
        let (taken, given) = (inflater.total_in(), inflater.total_out());
        let Some(rest) = usize::try_from(taken).ok().and_then(|n| body.get(n..)) else {
            return Ending::Broken;
        };
        let result = inflater.decompress(rest, &mut piece, FlushDecompress::None);
        let fresh = usize::try_from(inflater.total_out() - given).unwrap_or(0);
        each(&piece[..fresh]);
        if inflater.total_out() > cap as u64 {
            return Ending::Capped;
        }
        match result {
            Ok(Status::StreamEnd) => return Ending::Complete,
            Ok(_) if fresh > 0 || inflater.total_in() > taken => {}
            _ => return Ending::Broken,
        }
    }
}

/// The output of [`inflate_pieces`] as one vector.
pub(super) fn inflate(body: &[u8], cap: usize) -> (Vec<u8>, Ending) {
    let mut all = Vec::new();
    let ending = inflate_pieces(body, cap, &mut |piece| all.extend_from_slice(piece));
    (all, ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    #[test]
    fn finds_streams_by_length_and_by_keyword() {
        let data = b"7 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream endobj 8 0 obj <</Length 9 0 R>>stream\r\nxyzendstream";
        let found: Vec<_> = RawStreams::new(data).map(|s| (s.number, &data[s.body])).collect();
        assert!(found == [(Some(7), &b"abc"[..]), (Some(8), b"xyz")]);
    }

    #[test]
    fn a_truncated_stream_runs_to_the_end() {
        let data = b"7 0 obj << /Length 300 >> stream\nabc";
        assert!(RawStreams::new(data).all(|s| &data[s.body] == b"abc"));
    }

    #[test]
    fn inflating_says_how_it_ended() {
        let packed = deflated(&vec![b'x'; 100_000]);
        assert!(inflate(&packed, 200_000).1 == Ending::Complete);
        assert!(inflate(&packed, 50_000).1 == Ending::Capped);
        assert!(inflate(&packed[..packed.len() / 2], 200_000).1 == Ending::Broken);
        assert!(inflate(b"", 10).1 == Ending::Broken);
        assert!(inflate(&packed[..packed.len() - 4], 200_000).1 == Ending::Complete);
    }

    #[test]
    fn reads_the_kind_of_a_stream() {
        let kind =
            Kind::of(b"<< /Type /ObjStm /Filter [/Fl /FlateDecode] /DecodeParms << /Predictor 12 >> >>");
        assert!(kind.class == b"ObjStm" && kind.flates() == 2 && !kind.is_flate() && kind.predicted);
    }
}

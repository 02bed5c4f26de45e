//! In which encoding a text is written, and how to decode a piece of it without losing where each character
//! stood.
//!
//! The decision is made from the head of the file alone, so that all ranges of a file agree. Therefore UTF-8
//! is decoded tolerantly: a byte that is not UTF-8 is read as Windows-1252, because a file whose first 64 KiB
//! are ASCII may well go on with `é` in one byte. Text with NUL bytes is still text if nearly all of it is
//! printable.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};

/// Encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// ASCII or UTF-8.
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8Bom,
    /// UTF-16, low byte first, with or without mark.
    Utf16Le,
    /// UTF-16, high byte first, with or without mark.
    Utf16Be,
    /// UTF-32, low byte first, with mark.
    Utf32Le,
    /// UTF-32, high byte first, with mark.
    Utf32Be,
    /// One of the older encodings, with one or more bytes a character.
    Legacy(&'static Encoding),
}

/// How much from the first letter beyond ASCII on is looked at to guess an old encoding, in bytes: guessing
/// runs at a few tens of MB/s.
const SAMPLE: usize = 4 * 1024;

/// How far back a cut in an old multi-byte encoding is moved at most.
const RESYNC: usize = 4096;

impl TextEncoding {
    /// Bytes per code unit: 1, 2 or 4.
    pub fn unit(self) -> usize {
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom | TextEncoding::Legacy(_) => 1,
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => 2,
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => 4,
        }
    }

    /// Length of the byte order mark at the start of `head`, 0 if there is none. The mark is no part of the
    /// text.
    pub fn bom_len(self, head: &[u8]) -> usize {
        let mark: &[u8] = match self {
            TextEncoding::Utf8 | TextEncoding::Legacy(_) => return 0,
            TextEncoding::Utf8Bom => b"\xEF\xBB\xBF",
            TextEncoding::Utf16Le => b"\xFF\xFE",
            TextEncoding::Utf16Be => b"\xFE\xFF",
            TextEncoding::Utf32Le => b"\xFF\xFE\0\0",
            TextEncoding::Utf32Be => b"\0\0\xFE\xFF",
        };
        if head.starts_with(mark) { mark.len() } else { 0 }
    }

    /// The word for it: `utf-8`, `utf-16le`, `windows-1252` …
    pub fn name(self) -> String {
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => "utf-8".to_owned(),
            TextEncoding::Utf16Le => "utf-16le".to_owned(),
            TextEncoding::Utf16Be => "utf-16be".to_owned(),
            TextEncoding::Utf32Le => "utf-32le".to_owned(),
            TextEncoding::Utf32Be => "utf-32be".to_owned(),
            TextEncoding::Legacy(encoding) => encoding.name().to_ascii_lowercase(),
        }
    }

    /// Decodes a piece that starts and ends at characters (see [`TextEncoding::align`]) into `out`, replacing
    /// what `out` and `map` held. What cannot be decoded becomes U+FFFD; a byte order mark becomes U+FEFF.
    /// Pieces beyond 1 GiB lose the exactness of `map`.
    pub fn decode(self, bytes: &[u8], out: &mut String, map: &mut OffsetMap) {
        out.clear();
        map.clear();
        // Several times as fast as going by chunks, and nearly always enough.
        if let Some(text) = self.as_it_stands(bytes, map) {
            out.push_str(text);
            return;
        }
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => decode_utf8(bytes, out, map),
            TextEncoding::Utf16Le => decode_whole(UTF_16LE, bytes, out, map, 2),
            TextEncoding::Utf16Be => decode_whole(UTF_16BE, bytes, out, map, 2),
            TextEncoding::Utf32Le => decode_utf32(bytes, out, map, u32::from_le_bytes),
            TextEncoding::Utf32Be => decode_utf32(bytes, out, map, u32::from_be_bytes),
            TextEncoding::Legacy(encoding) if encoding.is_single_byte() => {
                decode_whole(encoding, bytes, out, map, 1);
            }
            TextEncoding::Legacy(encoding) => decode_multi_byte(encoding, bytes, out, map),
        }
    }

    /// The bytes themselves, where they are valid UTF-8 and that is the encoding; `map` becomes that of a decoding.
    pub fn as_it_stands<'b>(self, bytes: &'b [u8], map: &mut OffsetMap) -> Option<&'b str> {
        let utf8 = matches!(self, TextEncoding::Utf8 | TextEncoding::Utf8Bom);
        let text = utf8.then(|| std::str::from_utf8(bytes).ok()).flatten()?;
        map.clear();
        map.push(text.len(), 1, 1);
        Some(text)
    }

    /// Moves a cut at `at` (an offset in `bytes`, which starts at a character) back to the start of a
    /// character.
    ///
    /// In old multi-byte encodings that is the place after the last byte which cannot be part of a longer
    /// character (space, line break, comma …); without one near by the cut stays.
    pub fn align(self, bytes: &[u8], at: usize) -> usize {
        let at = at.min(bytes.len());
        match self {
            TextEncoding::Utf8 | TextEncoding::Utf8Bom => align_utf8(bytes, at),
            TextEncoding::Utf16Le => align_utf16(bytes, at - at % 2, 1),
            TextEncoding::Utf16Be => align_utf16(bytes, at - at % 2, 0),
            TextEncoding::Utf32Le | TextEncoding::Utf32Be => at - at % 4,
            TextEncoding::Legacy(encoding) if encoding.is_single_byte() => at,
            TextEncoding::Legacy(_) => {
                let near = &bytes[at.saturating_sub(RESYNC)..at];
                near.iter().rposition(|&b| b < 0x30).map_or(at, |i| at - near.len() + i + 1)
            }
        }
    }
}

fn align_utf8(bytes: &[u8], at: usize) -> usize {
    let is_continuation = |i: usize| bytes.get(i).is_some_and(|b| b & 0xC0 == 0x80);
    if !is_continuation(at) {
        return at;
    }
    let lead = (1..=3.min(at)).map(|back| at - back).find(|&i| !is_continuation(i));
    match lead {
        // A lead byte whose character reaches beyond the cut.
        Some(i) if bytes[i] >= 0xC2 && i + utf8_len(bytes[i]) > at => i,
        _ => at,
    }
}

fn utf8_len(lead: u8) -> usize {
    match lead {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// `high` is the place of the high byte in a unit.
fn align_utf16(bytes: &[u8], at: usize, high: usize) -> usize {
    let high_byte = |unit: usize| bytes.get(unit + high).copied().unwrap_or(0);
    let is_low = (0xDC..=0xDF).contains(&high_byte(at));
    if is_low && at >= 2 && (0xD8..=0xDB).contains(&high_byte(at - 2)) { at - 2 } else { at }
}

/// Leads from offsets in decoded text back to offsets in the bytes it came from.
///
/// Kept as stretches in which every character takes the same number of bytes on either side: one for UTF-8,
/// one for ASCII in UTF-16.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    stretches: Vec<Stretch>,
    out_len: u32,
    raw_len: u32,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    out: u32,
    raw: u32,
    out_unit: u8,
    raw_unit: u8,
}

impl OffsetMap {
    /// The byte offset at which the character starts that holds `decoded` (a byte offset in the decoded text;
    /// in UTF-8 that byte itself); the end of the bytes for anything beyond the text.
    pub fn raw(&self, decoded: usize) -> usize {
        let Ok(at) = u32::try_from(decoded) else { return self.raw_len as usize };
        if at >= self.out_len {
            return self.raw_len as usize;
        }
        let after = self.stretches.partition_point(|s| s.out <= at);
        let Some(stretch) = after.checked_sub(1).and_then(|i| self.stretches.get(i)) else { return 0 };
        let units = (at - stretch.out) / u32::from(stretch.out_unit);
        let raw = stretch.raw.saturating_add(units.saturating_mul(u32::from(stretch.raw_unit)));
        raw.min(self.raw_len) as usize
    }

    fn clear(&mut self) {
        self.stretches.clear();
        self.out_len = 0;
        self.raw_len = 0;
    }

    /// Adds `count` characters of `out_unit` decoded and `raw_unit` raw bytes each.
    fn push(&mut self, count: usize, out_unit: u8, raw_unit: u8) {
        if count == 0 || out_unit == 0 {
            return;
        }
        let same = self.stretches.last().is_some_and(|s| (s.out_unit, s.raw_unit) == (out_unit, raw_unit));
        if !same {
            self.stretches.push(Stretch { out: self.out_len, raw: self.raw_len, out_unit, raw_unit });
        }
        let grown = |len: u32, unit: u8| {
            let more = u32::try_from(count).unwrap_or(u32::MAX).saturating_mul(u32::from(unit));
            len.saturating_add(more)
        };
        self.out_len = grown(self.out_len, out_unit);
        self.raw_len = grown(self.raw_len, raw_unit);
    }

    fn push_char(&mut self, c: char, raw_unit: u8) {
        self.push(1, c.len_utf8() as u8, raw_unit);
    }
}

fn decode_utf8(bytes: &[u8], out: &mut String, map: &mut OffsetMap) {
    out.reserve(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        map.push(chunk.valid().len(), 1, 1);
        for &byte in chunk.invalid() {
            let c = windows_1252(byte);
            out.push(c);
            map.push_char(c, 1);
        }
    }
}

/// The upper half of Windows-1252; five bytes of it mean nothing.
fn windows_1252(byte: u8) -> char {
    const C1: [char; 32] = [
        '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}',
        '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => C1[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// For encodings in which the raw length follows from the character: `unit` bytes, twice that beyond the BMP.
fn decode_whole(encoding: &'static Encoding, bytes: &[u8], out: &mut String, map: &mut OffsetMap, unit: u8) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    // The factor is at most 3, so this fits whenever `bytes` fitted.
    out.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(0));
    let _ = decoder.decode_to_string(bytes, out, true);
    let mut rest = out.as_str();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii() {
            let run = rest.bytes().position(|b| !b.is_ascii()).unwrap_or(rest.len());
            map.push(run, 1, unit);
            rest = &rest[run..];
        } else {
            let wide = if first as u32 > 0xFFFF { unit * 2 } else { unit };
            map.push_char(first, wide);
            rest = &rest[first.len_utf8()..];
        }
    }
    // Half a unit at the end counted as a whole one.
    map.raw_len = map.raw_len.min(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
}

fn decode_utf32(bytes: &[u8], out: &mut String, map: &mut OffsetMap, number: fn([u8; 4]) -> u32) {
    out.reserve(bytes.len() / 4);
    let (units, rest) = bytes.as_chunks::<4>();
    for &unit in units {
        let c = char::from_u32(number(unit)).unwrap_or('\u{FFFD}');
        out.push(c);
        map.push_char(c, 4);
    }
    if !rest.is_empty() {
        out.push('\u{FFFD}');
        map.push_char('\u{FFFD}', rest.len() as u8);
    }
}

/// Feeds single bytes outside ASCII, so that each character is seen together with the bytes it took.
fn decode_multi_byte(encoding: &'static Encoding, bytes: &[u8], out: &mut String, map: &mut OffsetMap) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let stateful = encoding == ISO_2022_JP;
    let mut at = 0;
    let mut pending = 0_u8;
    let mut buf = [0; 32];
    while at < bytes.len() {
        if pending == 0 && !stateful {
            let run = bytes[at..].iter().position(|b| !b.is_ascii()).unwrap_or(bytes.len() - at);
            out.extend(bytes[at..at + run].iter().map(|&b| char::from(b)));
            map.push(run, 1, 1);
            at += run;
        }
        let Some(byte) = bytes.get(at) else { break };
        at += 1;
        pending += 1;
        let (_, _, written, _) = decoder.decode_to_utf8(&[*byte], &mut buf, at == bytes.len());
        let text = std::str::from_utf8(&buf[..written]).unwrap_or("\u{FFFD}");
        // No encoding has more than eight bytes to a character; only escapes of ISO-2022-JP add up.
        if !text.is_empty() || pending == u8::MAX {
            out.push_str(text);
            map.push(1, text.len() as u8, pending);
            pending = 0;
        }
    }
}

/// The encoding of a text that starts with `head` and is `size` bytes long; `None` if it is no text.
///
/// Text is: UTF-8 with at most one control character in five (exports separate fields with 0x01), UTF-16 (by
/// mark or by the pattern of its NUL bytes), UTF-32 with mark, or an older encoding with at most one control
/// character in a hundred. With NUL bytes (other than UTF-16's) nine bytes in ten must be printable ASCII.
pub fn detect(head: &[u8], size: u64) -> Option<TextEncoding> {
    let whole = head.len() as u64 >= size;
    if let Some(marked) = by_mark(head) {
        return marked.looks_right(head).then_some(marked);
    }
    let nuls = memchr::memchr_iter(0, head).count();
    if nuls > 0 {
        if let Some(wide) = by_nul_pattern(head) {
            return Some(wide);
        }
        let printable = count(head, |b| matches!(b, b' '..=b'~' | b'\t' | b'\r' | b'\n'));
        return (printable * 10 >= head.len() * 9).then(|| narrow(head, whole));
    }
    let encoding = narrow(head, whole);
    let allowed = if encoding == TextEncoding::Utf8 { head.len() / 5 } else { head.len() / 100 };
    let controls = count(head, |b| is_control(u32::from(b)));
    (!head.is_empty() && controls <= allowed).then_some(encoding)
}

/// How many bytes satisfy `test`; in short runs, so that the compiler can count in vectors.
fn count(bytes: &[u8], test: impl Fn(u8) -> bool) -> usize {
    bytes.chunks(255).map(|run| usize::from(run.iter().map(|b| u8::from(test(*b))).sum::<u8>())).sum()
}

fn by_mark(head: &[u8]) -> Option<TextEncoding> {
    // UTF-32 first: its mark starts with that of UTF-16.
    let marked = [
        TextEncoding::Utf32Le,
        TextEncoding::Utf32Be,
        TextEncoding::Utf8Bom,
        TextEncoding::Utf16Le,
        TextEncoding::Utf16Be,
    ];
    marked.into_iter().find(|e| e.bom_len(head) > 0)
}

impl TextEncoding {
    /// Whether text that claims to be of this encoding decodes with few faults and control characters.
    fn looks_right(self, head: &[u8]) -> bool {
        let (mut text, mut map) = (String::new(), OffsetMap::default());
        self.decode(&head[..self.align(head, head.len())], &mut text, &mut map);
        let (mut all, mut bad) = (0_usize, 0_usize);
        for c in text.chars() {
            all += 1;
            bad += usize::from(c == '\u{FFFD}' || is_control(c as u32));
        }
        bad * 50 <= all
    }
}

/// Control characters that text files do not have. Those allowed: white space, backspace, bell, escape, the
/// end mark of DOS (0x1A) and the four separators 0x1C to 0x1F.
fn is_control(code: u32) -> bool {
    matches!(code, 0..=0x06 | 0x0E..=0x19 | 0x7F)
}

/// UTF-16 without mark: NUL bytes at one parity only, and then plausible text.
fn by_nul_pattern(head: &[u8]) -> Option<TextEncoding> {
    let (units, _) = head.as_chunks::<2>();
    let zeros = |place: usize| units.iter().filter(|u| u[place] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (encoding, high) = if odd > even { (TextEncoding::Utf16Le, 1) } else { (TextEncoding::Utf16Be, 0) };
    if units.is_empty() || even.min(odd) * 50 > even.max(odd) {
        return None;
    }
    let mut scripts = [false; 256];
    for unit in units {
        scripts[usize::from(unit[high])] = true;
    }
    let scripts = scripts.iter().filter(|s| **s).count();
    // Mostly Latin, or another alphabet: its letters share few high bytes, its spaces and digits have a zero.
    let latin = even.max(odd) * 2 >= units.len();
    let alphabet = even.max(odd) * 10 >= units.len() && scripts <= 12;
    ((latin || alphabet) && encoding.looks_right(head)).then_some(encoding)
}

/// The encoding of text of single bytes: UTF-8 if its faults are few beside its valid sequences.
fn narrow(head: &[u8], whole: bool) -> TextEncoding {
    if head.is_ascii() {
        return TextEncoding::Utf8;
    }
    let (mut valid, mut faults) = (0_usize, 0_usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        valid += count(chunk.valid().as_bytes(), |b| b >= 0xC0);
        let cut = !whole && chunks.peek().is_none();
        faults += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    if faults * 4 <= valid {
        return TextEncoding::Utf8;
    }
    let first = head.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let sample = &head[first.saturating_sub(64)..head.len().min(first + SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, whole);
    TextEncoding::Legacy(detector.guess(None, Utf8Detection::Deny))
}

#[cfg(test)]
mod tests;

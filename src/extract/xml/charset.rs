//! Bytes of any encoding in, UTF-8 out, a block at a time.
//!
//! Markup and JSON readers look at bytes; this reader gives them UTF-8 whatever the file is written in: byte
//! order mark first, then NUL bytes (UTF-16 without a mark), then what the file declares, then UTF-8. The one
//! surprising rule: bytes that are not UTF-8 are read one by one as Windows-1252, so a file of mixed origin
//! keeps both its UTF-8 names and its old ones.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::document::ReadSeek;

/// Bytes taken from the file at a time.
const BLOCK: usize = 64 << 10;

/// Finds the encoding that a file declares in its first bytes.
pub(crate) type Declared = fn(&[u8]) -> Option<&'static Encoding>;

/// For formats that declare nothing.
pub(crate) fn undeclared(_head: &[u8]) -> Option<&'static Encoding> {
    None
}

enum Decode {
    Utf8,
    Utf32 { big: bool },
    Other(Box<Decoder>),
}

/// Reads UTF-8 from a file of any encoding. Every block ends with a whole character.
pub(crate) struct Utf8Reader<'a> {
    source: Option<&'a mut dyn ReadSeek>,
    decode: Decode,
    raw: Vec<u8>,
    text: Cow<'a, [u8]>,
    at: usize,
    offset: u64,
    line: u64,
    fuse: u64,
    failed: bool,
}

impl<'a> Utf8Reader<'a> {
    /// Reads `source` from its beginning.
    pub(crate) fn new(source: &'a mut dyn ReadSeek, declared: Declared) -> Self {
        let failed = source.rewind().is_err();
        let mut reader = Utf8Reader {
            source: Some(source),
            decode: Decode::Utf8,
            raw: Vec::new(),
            text: Cow::Owned(Vec::new()),
            at: 0,
            offset: 0,
            line: 1,
            fuse: u64::MAX,
            failed,
        };
        let more = reader.read_block();
        let mark = reader.choose(declared);
        reader.raw.drain(..mark);
        reader.decode_raw(!more);
        reader
    }

    /// Reads what is already text.
    pub(crate) fn from_text(text: &'a str) -> Self {
        Utf8Reader {
            source: None,
            decode: Decode::Utf8,
            raw: Vec::new(),
            text: Cow::Borrowed(text.as_bytes()),
            at: 0,
            offset: 0,
            line: 1,
            fuse: u64::MAX,
            failed: false,
        }
    }

    /// Bytes of UTF-8 consumed so far; equal to the offset in the file if that is UTF-8 without a mark.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Line of the next byte, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// True if reading the file failed; what came before the failure has been delivered.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    /// Lets at most `bytes` more be read, then acts as if the file had ended ([`Self::blown`]).
    pub(crate) fn set_fuse(&mut self, bytes: u64) {
        self.fuse = bytes;
    }

    /// True if the fuse has ended the reading.
    pub(crate) fn blown(&self) -> bool {
        self.fuse == 0
    }

    /// The bytes that lie ready: at least `want` of them unless the text ends before.
    pub(crate) fn ready(&mut self, want: usize) -> &[u8] {
        while self.text.len() - self.at < want && self.more() {}
        &self.text[self.at..]
    }

    /// The next byte.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        if self.at < self.text.len() || self.more() { self.text.get(self.at).copied() } else { None }
    }

    /// Goes on by `count` bytes, which must lie ready.
    pub(crate) fn advance(&mut self, count: usize) {
        let end = (self.at + count).min(self.text.len());
        let passed = &self.text[self.at..end];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.offset += passed.len() as u64;
        self.fuse = self.fuse.saturating_sub(passed.len() as u64);
        self.at = end;
    }

    /// Appends to `into` the bytes before the first one that `stop` accepts, at most about `limit` of them.
    /// Returns true if such a byte comes next, false at the end of the text or of the limit.
    pub(crate) fn take_until(&mut self, into: &mut Vec<u8>, limit: usize, stop: impl Fn(u8) -> bool) -> bool {
        while into.len() < limit {
            let room = limit - into.len();
            let ready = self.ready(1);
            if ready.is_empty() {
                return false;
            }
            let ready = &ready[..ready.len().min(room)];
            let found = ready.iter().position(|&b| stop(b));
            into.extend_from_slice(&ready[..found.unwrap_or(ready.len())]);
            let count = found.unwrap_or(ready.len());
            self.advance(count);
            if found.is_some() {
                return true;
            }
        }
        self.peek().is_some_and(stop)
    }

    /// True if the text goes on with `word`, which is in lower case, whatever the case of the text.
    pub(crate) fn goes_on_with(&mut self, word: &[u8]) -> bool {
        self.ready(word.len()).get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
    }

    fn more(&mut self) -> bool {
        if self.source.is_none() {
            return false;
        }
        self.text.to_mut().drain(..self.at);
        self.at = 0;
        let more = self.read_block();
        self.decode_raw(!more);
        more || !self.text.is_empty()
    }

    /// Appends a block of the file to the raw bytes; false at its end.
    fn read_block(&mut self) -> bool {
        let had = self.raw.len();
        self.raw.resize(had + BLOCK, 0);
        let count = loop {
            match self.source.as_mut().map_or(Ok(0), |s| s.read(&mut self.raw[had..])) {
                Ok(count) => break count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.failed = true;
                    break 0;
                }
            }
        };
        self.raw.truncate(had + count);
        if count == 0 {
            self.source = None;
        }
        count > 0
    }

    /// Chooses the decoding by the first bytes; returns the length of the byte order mark.
    fn choose(&mut self, declared: Declared) -> usize {
        let head = &self.raw[..self.raw.len().min(4096)];
        let (decode, mark) = match head {
            [0xff, 0xfe, 0, 0, ..] => (Decode::Utf32 { big: false }, 4),
            [0, 0, 0xfe, 0xff, ..] => (Decode::Utf32 { big: true }, 4),
            [0xff, 0xfe, ..] => (other(UTF_16LE), 2),
            [0xfe, 0xff, ..] => (other(UTF_16BE), 2),
            [0xef, 0xbb, 0xbf, ..] => (Decode::Utf8, 3),
            _ => (by_nuls(head).or_else(|| declared(head)).map_or(Decode::Utf8, other), 0),
        };
        self.decode = decode;
        mark
    }

    fn decode_raw(&mut self, last: bool) {
        let text = self.text.to_mut();
        match &mut self.decode {
            Decode::Utf8 => decode_utf8(&mut self.raw, last, text),
            Decode::Utf32 { big } => decode_utf32(&mut self.raw, *big, text),
            Decode::Other(other) => {
                let room = other.max_utf8_buffer_length(self.raw.len()).unwrap_or(0);
                let mut decoded = String::with_capacity(room);
                let _ = other.decode_to_string(&self.raw, &mut decoded, last);
                text.extend_from_slice(decoded.as_bytes());
                self.raw.clear();
            }
        }
    }
}

impl Read for Utf8Reader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buf.len());
        buf[..count].copy_from_slice(&ready[..count]);
        self.advance(count);
        Ok(count)
    }
}

impl BufRead for Utf8Reader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.fuse == 0 {
            return Ok(&[]);
        }
        Ok(self.ready(1))
    }

    fn consume(&mut self, amount: usize) {
        self.advance(amount);
    }
}

/// UTF-8 needs the tolerant way; a declaration of UTF-16 in bytes that are readable without is wrong.
fn other(encoding: &'static Encoding) -> Decode {
    if encoding == UTF_8 {
        return Decode::Utf8;
    }
    Decode::Other(Box::new(encoding.new_decoder_without_bom_handling()))
}

/// UTF-16 without a mark: the Latin letters of any markup leave every second byte zero.
fn by_nuls(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(512) & !1];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match half {
        0 | 1 => None,
        _ if odd * 10 >= half * 6 && even * 10 <= half => Some(UTF_16LE),
        _ if even * 10 >= half * 6 && odd * 10 <= half => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding named `label`, unless it cannot be the one that `label` itself was read in.
pub(crate) fn named(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label(label).filter(|&e| e != UTF_16LE && e != UTF_16BE)
}

/// Moves what is whole from `raw` to `text`; at the `last` block everything.
fn decode_utf8(raw: &mut Vec<u8>, last: bool, text: &mut Vec<u8>) {
    let mut rest = raw.as_slice();
    while let Err(e) = std::str::from_utf8(rest) {
        text.extend_from_slice(&rest[..e.valid_up_to()]);
        rest = &rest[e.valid_up_to()..];
        let strange = match e.error_len() {
            Some(count) => count,
            None if last => rest.len(),
            None => break,
        };
        let (read, _) = WINDOWS_1252.decode_without_bom_handling(&rest[..strange]);
        text.extend_from_slice(read.as_bytes());
        rest = &rest[strange..];
    }
    let carried = std::str::from_utf8(rest).map_or(rest.len(), |_| 0);
    text.extend_from_slice(&rest[..rest.len() - carried]);
    let done = raw.len() - carried;
    raw.drain(..done);
}

fn decode_utf32(raw: &mut Vec<u8>, big: bool, text: &mut Vec<u8>) {
    let (units, _) = raw.as_chunks::<4>();
    for unit in units {
        let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    let done = raw.len() & !3;
    raw.drain(..done);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> String {
        let mut cursor = Cursor::new(bytes.to_vec());
        let mut all = String::new();
        let _ = Utf8Reader::new(&mut cursor, undeclared).read_to_string(&mut all);
        all
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        let text = "{\"name\":\"Zo\u{eb} Example\"}";
        assert!(read(&utf16(text, false)) == text);
        assert!(read(&utf16(text, true)) == text);
        let mut marked = vec![0xff, 0xfe];
        marked.extend(utf16(text, false));
        assert!(read(&marked) == text);
    }

    #[test]
    fn utf32_is_read_with_a_mark() {
        let mut bytes = vec![0xff, 0xfe, 0, 0];
        bytes.extend("Ann".chars().flat_map(|c| u32::from(c).to_le_bytes()));
        assert!(read(&bytes) == "Ann");
    }

    #[test]
    fn old_and_new_accents_are_both_kept() {
        assert!(read(b"Zo\xc3\xab and Ren\xe9 \x96 x") == "Zo\u{eb} and Ren\u{e9} \u{2013} x");
    }

    #[test]
    fn a_character_across_two_blocks_is_whole() {
        let mut text = "a".repeat(BLOCK - 1);
        text.push_str("\u{eb}123");
        assert!(read(text.as_bytes()) == text);
    }

    #[test]
    fn a_cut_character_at_the_end_is_not_lost() {
        assert!(read(b"Ren\xc3") == "Ren\u{c3}");
    }

    #[test]
    fn lines_and_bytes_are_counted() {
        let mut reader = Utf8Reader::from_text("one\ntwo\nthree");
        let mut taken = Vec::new();
        assert!(reader.take_until(&mut taken, 100, |b| b == b'h'));
        assert_eq!((reader.line(), reader.offset()), (3, 9));
        assert!(reader.goes_on_with(b"hree"));
    }
}

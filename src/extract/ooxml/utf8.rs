//! Bytes of an XML part as UTF-8, whatever its encoding, for a reader that insists on it.
//!
//! Damage of the archive ends the part like an ordinary end of file and is remembered, so that what was unpacked
//! before it is parsed to the last character.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes of one token (a tag, or a piece of text) after which a part is given up.
const MOST_TOKEN: usize = 32 << 20;
const INPUT: usize = 8 << 10;

/// What ended a part early.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Reading or unpacking failed.
    Broken,
    /// One token is larger than is kept in memory.
    LongToken,
}

/// See the module.
pub(crate) struct Utf8<'a> {
    inner: &'a mut dyn Read,
    decoder: Decoder,
    input: Box<[u8; INPUT]>,
    output: String,
    given: usize,
    last: bool,
    token: usize,
    ended: Option<Ended>,
}

impl<'a> Utf8<'a> {
    /// Looks at the first bytes for the encoding.
    pub(crate) fn new(inner: &'a mut dyn Read) -> Self {
        let mut reader = Utf8 {
            inner,
            decoder: UTF_8.new_decoder_with_bom_removal(),
            input: Box::new([0; INPUT]),
            output: String::new(),
            given: 0,
            last: false,
            token: 0,
            ended: None,
        };
        let filled = reader.fill_input();
        reader.decoder = sniff(&reader.input[..filled]).new_decoder_with_bom_removal();
        reader.decode(filled);
        reader
    }

    /// Tells that a token is complete.
    pub(crate) fn token_done(&mut self) {
        self.token = 0;
    }

    /// What ended the part before its end.
    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ended
    }

    fn fill_input(&mut self) -> usize {
        let mut filled = 0;
        while filled < INPUT {
            match self.inner.read(&mut self.input[filled..]) {
                Ok(0) => {
                    self.last = true;
                    break;
                }
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.last = true;
                    self.ended = Some(Ended::Broken);
                    break;
                }
            }
        }
        filled
    }

    fn decode(&mut self, filled: usize) {
        self.output.clear();
        self.given = 0;
        let room = self.decoder.max_utf8_buffer_length(filled).unwrap_or(4 * INPUT);
        self.output.reserve(room);
        // The room is enough for all of the input, so one call takes it all.
        let _ = self.decoder.decode_to_string(&self.input[..filled], &mut self.output, self.last);
    }
}

/// UTF-16 by byte-order mark or by the NUL beside the first `<`, else what the declaration says, else UTF-8.
fn sniff(start: &[u8]) -> &'static Encoding {
    match start {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => return UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => return UTF_16BE,
        [0xEF, 0xBB, 0xBF, ..] => return UTF_8,
        _ => {}
    }
    let head = &start[..start.len().min(200)];
    let declared = || {
        let declaration = head.starts_with(b"<?xml").then_some(head)?;
        let end = memchr::memmem::find(declaration, b"?>")?;
        let at = memchr::memmem::find(&declaration[..end], b"encoding")? + 8;
        let quoted = &declaration[at..end];
        let label = quoted.split(|&b| b == b'"' || b == b'\'').nth(1)?;
        Encoding::for_label(label)
    };
    // A part that says UTF-16 and begins with a plain `<` does not tell the truth.
    declared().filter(|e| *e != UTF_16LE && *e != UTF_16BE).unwrap_or(UTF_8)
}

impl Read for Utf8<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Utf8<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.given == self.output.len() && !self.last {
            let filled = self.fill_input();
            self.decode(filled);
        }
        if self.token > MOST_TOKEN {
            self.ended = Some(Ended::LongToken);
            return Ok(&[]);
        }
        Ok(&self.output.as_bytes()[self.given..])
    }

    fn consume(&mut self, n: usize) {
        self.given += n;
        self.token += n;
    }
}

//! Data of no known format: the runs of text in it, of one byte a character or of two.
//!
//! Any bytes hold runs of printable characters by chance; text is what reads as words and numbers. Data with hardly
//! any of it is left alone: it has no text, as packed or encrypted data has none. What comes out is weaker evidence
//! than text of a known format: it is marked as `raw`, and no record from it is above medium. Runs that lie close to
//! each other are one line, as fields of a record are; what lies far apart is parted by a blank line.

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place, RAW};

/// The shortest run, in characters.
const SHORTEST: usize = 6;
/// From this length on a run need not read as words from end to end. Among random bytes one of it that does for the
/// most part comes once in many gigabytes.
const LONG: usize = 16;
/// The shortest run that may hold a letter with an accent.
const ACCENTED: usize = 8;
/// The marks that text has between its words.
const MARKS: &str = " -./,:;@()_'&+\t";
/// The longest run; what goes on is a new one.
const LONGEST: usize = 4096;
/// Runs no further apart, in bytes, are one line.
const BESIDE: u64 = 64;
/// Runs further apart, in bytes, have nothing to do with each other.
const APART: u64 = 512;
/// The longest line that is put together, in bytes.
const LINE: usize = 1024;
/// What makes data hold text: one long run, or so many characters in short ones and one in so many bytes. Random
/// bytes have one in about 3,000.
const LEAST: (u64, u64) = (64, 128);
/// Bytes of runs that are kept until that is known.
const KEPT: usize = 1 << 20;
/// How much is read at a time.
const CHUNK: usize = 1 << 18;

/// Reads runs of text in data of no known format.
pub struct Unknown;

impl Extractor for Unknown {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let found = runs(input, sink);
        let words = if found { "no known format: only runs of text were read" } else { "no text in it" };
        sink.gap(Cause::OpaqueData, words, None);
    }
}

/// Gives the runs of text of a file whose format is not read, or which is too damaged for its reader; false if there
/// are none.
pub(crate) fn runs(input: &mut Input<'_>, sink: &mut dyn DocumentSink) -> bool {
    let (kept, line) = (Vec::new(), Line::default());
    let mut text = Text { sink, kept, room: KEPT, open: false, letters: 0, line };
    if input.reader.rewind().is_err() || !scan(input.reader, &mut text) {
        text.sink.gap(Cause::IoError, "reading failed", None);
    }
    text.flush();
    text.open
}

/// Looks through all bytes; false if reading failed.
fn scan(reader: &mut dyn crate::document::ReadSeek, out: &mut Text<'_>) -> bool {
    let (mut narrow, mut wide) = (Narrow::default(), Wide::default());
    let (mut buf, mut at) = (vec![0; CHUNK], 0u64);
    loop {
        let n = match reader.read(&mut buf) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return false,
        };
        for &byte in &buf[..n] {
            narrow.take(byte, at, out);
            wide.take(byte, at, out);
            at += 1;
        }
        if !out.sink.go_on() {
            return true;
        }
    }
    narrow.run.end(at, out);
    wide.run.end(at, out);
    true
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t')
}

/// A run in hand.
#[derive(Default)]
struct Run {
    text: String,
    start: u64,
}

impl Run {
    fn push(&mut self, c: char, at: u64, out: &mut Text<'_>) {
        if self.text.len() >= LONGEST {
            self.end(at, out);
        }
        if self.text.is_empty() {
            self.start = at;
        }
        self.text.push(c);
    }

    fn end(&mut self, at: u64, out: &mut Text<'_>) {
        if self.text.len() >= SHORTEST && reads(&self.text) {
            // What stands before the first word is mostly the end of a number in front of the field.
            let text = self.text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end();
            out.run(self.start, at, text);
        }
        self.text.clear();
    }
}

/// Runs of one byte a character; a letter with an accent may be two (UTF-8) or one (Windows-1252) within a word.
#[derive(Default)]
struct Narrow {
    run: Run,
    /// Bytes of a letter that is not known yet.
    accent: [u8; 2],
    held: usize,
}

impl Narrow {
    fn take(&mut self, byte: u8, at: u64, out: &mut Text<'_>) {
        if is_printable(byte) {
            if self.held > 0 {
                self.accented(at, out);
            }
            self.run.push(char::from(byte), at, out);
        } else if byte >= 0x80
            && self.held < 2
            && (self.held > 0 || byte >= 0xC0)
            && self.run.text.ends_with(char::is_alphabetic)
        {
            self.accent[self.held] = byte;
            self.held += 1;
        } else if !self.run.text.is_empty() {
            self.held = 0;
            self.run.end(at, out);
        }
    }

    fn accented(&mut self, at: u64, out: &mut Text<'_>) {
        let held = &self.accent[..std::mem::take(&mut self.held)];
        match (std::str::from_utf8(held), held) {
            (Ok(letter), _) => self.run.text.push_str(letter),
            (Err(_), [one]) => self.run.text.push(char::from(*one)),
            _ => self.run.end(at, out),
        }
    }
}

/// Runs of two bytes a character, one of them zero; which of the two makes no difference.
#[derive(Default)]
struct Wide {
    run: Run,
    before: u8,
}

impl Wide {
    fn take(&mut self, byte: u8, at: u64, out: &mut Text<'_>) {
        let before = std::mem::replace(&mut self.before, byte);
        let letter = is_printable(byte) || byte >= 0xC0 && !self.run.text.is_empty();
        if byte == 0 {
            if before == 0 && !self.run.text.is_empty() {
                self.run.end(at, out);
            }
        } else if !letter {
            self.run.end(at, out);
        } else {
            if before != 0 {
                self.run.end(at, out);
            }
            self.run.push(char::from(byte), at, out);
        }
    }
}

/// True if a run reads as text: words in one case or with a capital, numbers, and the marks between them. A short
/// one must from end to end, a long one for the most part.
fn reads(run: &str) -> bool {
    let long = run.len() >= LONG;
    let (mut good, mut bad) = (0, 0);
    for word in run.split(|c: char| !c.is_alphanumeric()) {
        let count = word.chars().count();
        if is_word(word) && (word.is_ascii() || long || run.len() >= ACCENTED) {
            good += count;
        } else {
            bad += count;
        }
    }
    bad += run.chars().filter(|c| !c.is_alphanumeric() && !MARKS.contains(*c)).count();
    let marks = run.chars().count() - good - bad;
    if long { good >= 8 && bad * 3 <= good } else { bad == 0 && good >= 4 && marks * 3 <= good }
}

/// Digits, or letters in one case or with a capital. Any byte of the upper half may pass for an accent, so a word
/// with one has a capital.
fn is_word(word: &str) -> bool {
    let rest = word.get(1..).unwrap_or("");
    let upper = |c: char| c.is_uppercase();
    word.bytes().all(|c| c.is_ascii_digit())
        || word.is_ascii() && (word.chars().all(upper) || word.chars().all(char::is_lowercase))
        || word.starts_with(|c: char| c.is_ascii_uppercase()) && rest.chars().all(char::is_lowercase)
}

/// What is put together of the runs.
#[derive(Default)]
struct Line {
    text: String,
    start: u64,
    end: u64,
}

/// Takes runs, and hands them on once it is known that there is text.
struct Text<'s> {
    sink: &'s mut dyn DocumentSink,
    kept: Vec<(u64, u64, String)>,
    /// Bytes that may still be kept.
    room: usize,
    open: bool,
    letters: u64,
    line: Line,
}

impl Text<'_> {
    /// A run from `start` to `end`.
    fn run(&mut self, start: u64, end: u64, text: &str) {
        if self.open {
            return self.put(start, end, text);
        }
        self.letters += text.len() as u64;
        if text.len() > self.room {
            (self.room, self.kept) = (KEPT, Vec::new());
        }
        self.room = self.room.saturating_sub(text.len());
        self.kept.push((start, end, text.to_owned()));
        if text.len() >= LONG || self.letters >= LEAST.0 && self.letters.saturating_mul(LEAST.1) >= end {
            self.open = true;
            self.sink.unit(Place { part: Some(RAW.to_owned()), ..Place::default() });
            for (start, end, text) in std::mem::take(&mut self.kept) {
                self.put(start, end, &text);
            }
        }
    }

    /// Adds a run to the line in hand, or begins one.
    fn put(&mut self, start: u64, end: u64, text: &str) {
        let gap = start.saturating_sub(self.line.end);
        if self.line.text.is_empty() || gap > BESIDE || self.line.text.len() + text.len() > LINE {
            self.flush();
            if gap > APART && self.line.end > 0 {
                self.sink.text(Place::default(), "");
            }
            self.line.start = start;
        } else {
            self.line.text.push_str("  ");
        }
        self.line.text.push_str(text);
        self.line.end = end.max(self.line.end);
    }

    fn flush(&mut self) {
        if !self.line.text.is_empty() {
            let byte = Some(self.line.start);
            let place = Place { byte, part: Some(RAW.to_owned()), ..Place::default() };
            self.sink.text(place, &self.line.text);
            self.line.text.clear();
        }
    }
}

#[cfg(test)]
mod tests;

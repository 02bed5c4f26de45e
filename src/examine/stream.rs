//! Plain text that does not lie on a local disk: seekable bytes, and streams of any length in bounded memory.

use std::io::{self, Read, SeekFrom};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::document::{Input, ReadSeek};
use crate::finding::Findings;
use crate::identify::TextEncoding;
use crate::text::lines::{LineIndex, line_feeds};
use crate::text::range::needed;
use crate::text::survey::{Heads, Survey};
use crate::text::window::Decoded;
use crate::text::{Bytes, Job, Profile, RANGE, REACH, STREAM_SAMPLE, UNIT, first, process, read_range};

/// Seekable bytes behind the interface of texts; the lock makes the one reader usable from `&self`.
struct Seekable<'a> {
    reader: Mutex<&'a mut dyn ReadSeek>,
    len: u64,
}

impl<'a> Seekable<'a> {
    fn locked(&self) -> MutexGuard<'_, &'a mut dyn ReadSeek> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bytes for Seekable<'_> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut reader = self.locked();
        reader.seek(SeekFrom::Start(offset))?;
        let mut got = 0;
        while got < buf.len() {
            match reader.read(&mut buf[got..]) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(got)
    }
}

/// Works through a seekable text, range by range.
///
/// # Errors
/// What reading says; the ranges before it have been worked on.
pub fn seekable(
    input: &mut Input<'_>,
    encoding: TextEncoding,
    out: &mut dyn Findings,
    tick: &mut dyn FnMut(),
) -> io::Result<()> {
    let len = input.len;
    let bytes = Seekable { reader: Mutex::new(input.reader), len };
    ranges(&bytes, encoding, RANGE, out, tick)
}

/// Works through a text of known size, range by range.
///
/// # Errors
/// What reading says.
pub fn ranges(
    bytes: &dyn Bytes,
    encoding: TextEncoding,
    range: u64,
    out: &mut dyn Findings,
    tick: &mut dyn FnMut(),
) -> io::Result<()> {
    let size = bytes.len();
    let mut buf = Vec::new();
    if size <= UNIT && !out.explains() {
        read_range(bytes, 0..size, &mut buf)?;
        if buf.len() as u64 == size && first::says_nothing(&buf, encoding, out.joins()) {
            tick();
            return Ok(());
        }
    }
    let profile = Profile::of(bytes, encoding);
    let index = LineIndex::new(size, encoding);
    let heads = Heads::new(size);
    let step = if profile.whole { size.max(1) } else { range };
    let mut start = 0;
    while start < size {
        let own = start..(start + step).min(size);
        let window = needed(&own, size, encoding);
        read_range(bytes, window.clone(), &mut buf)?;
        let lines_before = |offset| index.before(bytes, offset);
        let survey = Survey::new(bytes, encoding, &heads);
        process(
            &Job {
                profile: &profile,
                bytes: &buf,
                base: window.start,
                own,
                lines_before: &lines_before,
                survey: Some(&survey),
            },
            out,
        );
        tick();
        start += step;
    }
    Ok(())
}

/// How a stream ended.
pub struct Done {
    /// Bytes read.
    pub size: u64,
    /// What stopped it early.
    pub error: Option<io::Error>,
}

/// Works through a stream too large for memory: `head` is what was read already (more than the sample for the
/// profile), `rest` what follows.
pub fn text(
    head: Vec<u8>,
    rest: &mut dyn Read,
    encoding: TextEncoding,
    out: &mut dyn Findings,
    tick: &mut dyn FnMut(),
) -> Done {
    let sample = &head[..head.len().min(usize::try_from(STREAM_SAMPLE).unwrap_or(usize::MAX))];
    let profile = Profile { whole: false, ..Profile::of(&sample, encoding) };
    let mut stream = Sliding { buf: head, base: 0, feeds: 0, error: None, ended: false };
    let mut start = 0;
    loop {
        stream.fill(rest, start + RANGE + REACH * encoding.unit() as u64);
        let size = stream.base + stream.buf.len() as u64;
        if start >= size {
            return Done { size, error: stream.error };
        }
        let own = start..(start + RANGE).min(size);
        let window = needed(&own, size, encoding);
        stream.forget(window.start, encoding);
        let feeds = stream.feeds;
        let base = stream.base;
        let lines_before = |offset: u64| {
            let n = usize::try_from(offset - base).unwrap_or(0).min(stream.buf.len());
            feeds + line_feeds(encoding, &stream.buf[..n])
        };
        let bytes = &stream.buf[..usize::try_from(window.end - base).unwrap_or(0)];
        process(&Job { profile: &profile, bytes, base, own, lines_before: &lines_before, survey: None }, out);
        tick();
        start += RANGE;
    }
}

/// The part of a stream in memory.
struct Sliding {
    buf: Vec<u8>,
    /// Offset of `buf` in the stream.
    base: u64,
    /// Line feeds before `base`.
    feeds: u64,
    error: Option<io::Error>,
    ended: bool,
}

impl Sliding {
    fn fill(&mut self, rest: &mut dyn Read, until: u64) {
        let have = self.base + self.buf.len() as u64;
        if self.ended || have >= until {
            return;
        }
        let want = until - have;
        match rest.take(want).read_to_end(&mut self.buf) {
            Ok(n) => self.ended = (n as u64) < want,
            Err(e) => {
                self.ended = true;
                self.error = Some(e);
            }
        }
    }

    fn forget(&mut self, before: u64, encoding: TextEncoding) {
        let Range { start, end } = self.base..before;
        if end > start {
            let n = usize::try_from(end - start).unwrap_or(0).min(self.buf.len());
            self.feeds += line_feeds(encoding, &self.buf[..n]);
            self.buf.drain(..n);
            self.base = end;
        }
    }
}

/// Decodes a text piece by piece, as the scanner sees it before normalisation.
///
/// # Errors
/// What reading says.
pub fn decode_all(
    input: &mut Input<'_>,
    encoding: TextEncoding,
    each: &mut dyn FnMut(&str),
) -> io::Result<()> {
    input.reader.rewind()?;
    let (mut buf, mut base) = (Vec::new(), 0u64);
    loop {
        let kept = buf.len();
        let n = (&mut *input.reader).take(1 << 20).read_to_end(&mut buf)?;
        let end = if n == 0 { buf.len() } else { encoding.align(&buf, buf.len()) };
        let end = if end == 0 { buf.len() } else { end };
        each(Decoded::new(encoding, &buf[..end], base).text());
        base += end as u64;
        buf.drain(..end);
        if n == 0 || kept == 0 && buf.is_empty() && n < 1 << 20 {
            return Ok(());
        }
    }
}

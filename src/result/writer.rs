//! Writes a result line by line.

use std::io::{self, BufWriter, Write};
use std::time::{Duration, Instant};

use crate::event::{Event, Summary};

/// How long a written line may stay in memory.
const FLUSH_AFTER: Duration = Duration::from_millis(100);
/// Bytes kept before they are passed on.
const BUFFER: usize = 1 << 16;

/// Writes events, one JSON object a line, and keeps the BLAKE3 of all lines so far.
pub struct Writer<W: Write> {
    out: BufWriter<Hashed<W>>,
    line: Vec<u8>,
    flushed: Instant,
}

/// A target that hashes what goes into it; many lines at once, which is several times faster than one by one.
struct Hashed<W> {
    out: W,
    hasher: blake3::Hasher,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Appends an event to `line` as results have it: one JSON object and a line feed.
///
/// # Errors
/// None that an event can cause.
pub fn render(event: &Event, line: &mut Vec<u8>) -> io::Result<()> {
    let start = line.len();
    if super::json::write(event, line).is_err() {
        line.truncate(start);
        serde_json::to_writer(&mut *line, event)?;
    }
    line.push(b'\n');
    Ok(())
}

impl<W: Write> Writer<W> {
    /// Starts a new result in `out`.
    pub fn new(out: W) -> Self {
        Writer::resume(out, blake3::Hasher::new())
    }

    /// Goes on with a result whose whole lines have gone into `hasher` (see
    /// [`Settled::hasher`](super::Settled::hasher)); `out` must stand behind them.
    pub fn resume(out: W, hasher: blake3::Hasher) -> Self {
        let out = BufWriter::with_capacity(BUFFER, Hashed { out, hasher });
        Writer { out, line: Vec::new(), flushed: Instant::now() }
    }

    /// Writes one event, and passes on what is older than 100 ms.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn write(&mut self, event: &Event) -> io::Result<()> {
        self.line.clear();
        render(event, &mut self.line)?;
        self.out.write_all(&self.line)?;
        self.flush_if_due()
    }

    /// Writes a line that [`render`] has made.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn write_rendered(&mut self, line: &[u8]) -> io::Result<()> {
        self.out.write_all(line)?;
        self.flush_if_due()
    }

    /// Passes on what is older than 100 ms. To be called from time to time while nothing is written.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn flush_if_due(&mut self) -> io::Result<()> {
        if self.flushed.elapsed() < FLUSH_AFTER { Ok(()) } else { self.flush() }
    }

    /// Passes on everything.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.flushed = Instant::now();
        self.out.flush()
    }

    /// The BLAKE3 of all lines so far, in hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut hasher = self.out.get_ref().hasher.clone();
        hasher.update(self.out.buffer()).finalize().to_hex().to_string()
    }

    /// Writes the last line with the digest of all before it, and gives back the target.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn finish(mut self, mut summary: Summary) -> io::Result<(W, Summary)> {
        summary.digest = self.digest();
        self.write(&Event::Summary(Box::new(summary.clone())))?;
        let hashed = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((hashed.out, summary))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn every_event_is_one_line_with_its_name_first() {
        let mut writer = Writer::new(Vec::new());
        for event in samples::every_event() {
            writer.write(&event).unwrap();
        }
        let before = writer.digest();
        let (out, summary) = writer.finish(samples::summary()).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| line.starts_with(r#"{"event":""#) && line.ends_with('}')));
        let end = text.trim_end().rfind('\n').unwrap();
        assert_eq!(summary.digest, before);
        assert_eq!(before, blake3::hash(&text.as_bytes()[..=end]).to_hex().to_string());
    }

    #[test]
    fn a_resumed_result_has_the_digest_of_the_whole() {
        let events = samples::every_event();
        let mut whole = Writer::new(Vec::new());
        let mut first = Writer::new(Vec::new());
        for event in &events {
            whole.write(event).unwrap();
        }
        first.write(&events[0]).unwrap();
        first.flush().unwrap();
        let mut second = Writer::resume(Vec::new(), first.out.get_ref().hasher.clone());
        for event in &events[1..] {
            second.write(event).unwrap();
        }
        assert_eq!(second.digest(), whole.digest());
    }

    #[test]
    fn a_target_that_refuses_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut writer = Writer::new(Full);
        writer.write(&samples::every_event()[0]).unwrap();
        assert!(writer.flush().is_err());
    }
}

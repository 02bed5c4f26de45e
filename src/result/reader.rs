//! Reads a result line by line, from any source and however damaged.

use std::io::{self, BufRead, Read};

use crate::event::Event;

/// Bytes of a line beyond which a file is no result.
const LONGEST_LINE: u64 = 16 << 20;

/// Why a result could not be read. Says where and what, and never repeats the line.
#[derive(Debug, thiserror::Error)]
pub enum ResultError {
    /// The source could not be read.
    #[error("line {line} could not be read: {source}")]
    Io {
        /// Line, from 1.
        line: u64,
        /// What the system said.
        source: io::Error,
    },
    /// A line that is no JSON.
    #[error("line {line} is not JSON (column {column})")]
    NotJson {
        /// Line, from 1.
        line: u64,
        /// Byte of the line, from 1.
        column: usize,
    },
    /// A line of JSON with missing or unfit fields.
    #[error("line {line} is no event of a result, or lacks a field (column {column})")]
    NotAnEvent {
        /// Line, from 1.
        line: u64,
        /// Byte of the line, from 1; 0 where not known.
        column: usize,
    },
    /// A line longer than any event.
    #[error("line {line} is longer than any line of a result")]
    TooLong {
        /// Line, from 1.
        line: u64,
    },
    /// The first line is not a `run` line.
    #[error("not a result: its first line is no `run` line")]
    NoRun,
    /// A later version of the contract.
    #[error("a result of schema {schema}; this version reads up to schema {}", crate::event::SCHEMA)]
    Newer {
        /// Its schema.
        schema: u32,
    },
}

/// Yields the events of a result. A last line without its line break was being written when the run died, and is
/// ignored; after an error nothing more comes.
pub struct Reader<R: BufRead> {
    source: R,
    buffer: Vec<u8>,
    line: u64,
    bytes: u64,
    hasher: blake3::Hasher,
    digest_before: Option<String>,
    done: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `source`.
    pub fn new(source: R) -> Self {
        let hasher = blake3::Hasher::new();
        Reader { source, buffer: Vec::new(), line: 0, bytes: 0, hasher, digest_before: None, done: false }
    }

    /// Bytes of the whole lines so far: where an appended run has to start.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The number of the last line read, from 1; 0 before the first.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The BLAKE3 of the lines before the last `summary` line, in hexadecimal digits: what that line must say.
    pub fn digest_before(&self) -> Option<&str> {
        self.digest_before.as_deref()
    }

    /// The BLAKE3 of the whole lines so far.
    pub fn hasher(&self) -> &blake3::Hasher {
        &self.hasher
    }

    /// Reads one line into the buffer; false at the end.
    fn read_line(&mut self) -> Result<bool, ResultError> {
        self.buffer.clear();
        self.line += 1;
        let line = self.line;
        let read = (&mut self.source).take(LONGEST_LINE).read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|source| ResultError::Io { line, source })?;
        if self.buffer.last() == Some(&b'\n') {
            return Ok(true);
        }
        if read as u64 == LONGEST_LINE { Err(ResultError::TooLong { line }) } else { Ok(false) }
    }

    fn parse(&self) -> Result<Event, ResultError> {
        if self.buffer.first() == Some(&b'[') {
            // Where fields go by their order, as the decoder would allow, nothing says what is missing.
            return Err(ResultError::NotAnEvent { line: self.line, column: 1 });
        }
        parse_event(&self.buffer).map_err(|error| {
            let (line, column) = (self.line, error.column());
            match error.classify() {
                serde_json::error::Category::Data => ResultError::NotAnEvent { line, column },
                _ => ResultError::NotJson { line, column },
            }
        })
    }

    fn read_event(&mut self) -> Result<Option<Event>, ResultError> {
        if !self.read_line()? {
            return Ok(None);
        }
        let event = self.parse()?;
        if matches!(event, Event::Summary(_)) {
            self.digest_before = Some(self.hasher.finalize().to_hex().to_string());
        }
        self.hasher.update(&self.buffer);
        self.bytes += self.buffer.len() as u64;
        Ok(Some(event))
    }
}

/// Decodes a line. By its tag in the first place, where the writer puts it, the frequent lines are decoded directly,
/// which takes half the time of finding the tag among the fields.
///
/// # Errors
/// If it is no JSON, or lacks a field.
pub fn parse_event(line: &[u8]) -> serde_json::Result<Event> {
    let tag = line.strip_prefix(br#"{"event":""#).and_then(|rest| rest.split(|&b| b == b'"').next());
    match tag {
        Some(b"record") => serde_json::from_slice(line).map(Event::Record),
        Some(b"file") => serde_json::from_slice(line).map(Event::File),
        Some(b"element") => serde_json::from_slice(line).map(Event::Element),
        Some(b"why") => serde_json::from_slice(line).map(Event::Why),
        _ => serde_json::from_slice(line),
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Event, ResultError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.read_event().transpose();
        self.done = !matches!(next, Some(Ok(_)));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Writer, samples};
    use super::*;

    fn read(text: &[u8]) -> Vec<Result<Event, ResultError>> {
        Reader::new(text).collect()
    }

    #[test]
    fn what_was_written_is_read_back() {
        let events = samples::every_event();
        let text = samples::written(&events);
        let back: Result<Vec<_>, _> = Reader::new(text.as_slice()).collect();
        assert_eq!(back.unwrap(), events);
    }

    #[test]
    fn the_reader_knows_where_an_appended_run_starts() {
        let events = samples::every_event();
        let mut text = samples::written(&events);
        let whole = text.len() as u64;
        text.extend(br#"{"event":"file","seq":9"#);
        let mut reader = Reader::new(text.as_slice());
        assert_eq!(reader.by_ref().flatten().count(), events.len());
        assert_eq!(reader.bytes(), whole);
        let mut resumed = Writer::resume(Vec::new(), reader.hasher().clone());
        resumed.flush().unwrap();
        assert_eq!(resumed.digest(), blake3::hash(&text[..whole as usize]).to_hex().to_string());
    }

    #[test]
    fn unknown_events_and_fields_are_skipped() {
        let text = b"{\"event\":\"weather\",\"rain\":[1,{\"x\":null}]}\n{\"event\":\"resume\",\"started\":\"\",\"version\":\"2\",\"mood\":7}\n";
        let events = read(text);
        assert!(matches!(events[0], Ok(Event::Unknown)));
        assert!(matches!(events[1], Ok(Event::Resume(_))));
    }

    #[test]
    fn an_unknown_cause_is_read_with_its_class() {
        let text =
            br#"{"event":"gap","root":0,"path":"a","path_id":"1","cause":"sunspots","class":"by-nature"}"#;
        let events = read(&[text.as_slice(), b"\n"].concat());
        let Some(Ok(Event::Gap(gap))) = events.first() else { panic!("no gap") };
        assert_eq!((gap.cause.word(), gap.class), ("unknown", crate::coverage::Class::ByNature));
    }

    #[test]
    fn an_error_names_line_and_reason_and_repeats_nothing() {
        let good = "{\"event\":\"resume\",\"started\":\"\",\"version\":\"2\"}\n";
        for (bad, word) in [
            ("{\"event\":\"begin\",\"seq\":\"024613387\"}\n", "lacks a field"),
            ("024613387 {\n", "line 2"),
            ("[\"024613387\"]\n", "line 2"),
            ("\n", "not JSON"),
            ("{\"event\":\"\u{0}024613387\"}\n", "not JSON"),
        ] {
            let events = read(format!("{good}{bad}{good}").as_bytes());
            assert_eq!(events.len(), 2);
            let error = events.last().unwrap().as_ref().unwrap_err();
            let said = format!("{error} {error:?}");
            assert!(said.contains("line 2") && said.contains(word), "{said}");
            assert!(!said.contains("024613387"));
        }
        assert!(matches!(read(b"\xff\xfe\n")[0], Err(ResultError::NotJson { .. })));
    }

    #[test]
    fn a_line_without_end_takes_no_more_memory_than_a_line_may() {
        let endless = io::BufReader::new(io::repeat(b'['));
        assert!(matches!(Reader::new(endless).next(), Some(Err(ResultError::TooLong { line: 1 }))));
        assert!(read(&[b"{\"a\":".repeat(1 << 20), b"\n".to_vec()].concat())[0].is_err());
    }
}

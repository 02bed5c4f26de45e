//! A mailbox: messages one after the other, each behind a line that begins with `From ` (RFC 4155).
//!
//! Read as a stream, since mailboxes grow to gigabytes: every message is a member whose bytes are cut out on the
//! way. The one surprising rule: a line `From …` begins a message only after a blank line, with a year or a time
//! in it, and before a line that can be a header, because not every writer quotes such lines in bodies.

mod lines;

use std::io::{self, Read};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, StreamExtractor};
use lines::{Line, Lines};

/// Reader of mailboxes.
pub struct Mbox;

impl Extractor for Mbox {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        super::from_start(self, input, sink);
    }

    fn streaming(&self) -> Option<&dyn StreamExtractor> {
        Some(self)
    }
}

impl StreamExtractor for Mbox {
    fn extract_stream(&self, _name: &str, from: &mut dyn Read, sink: &mut dyn DocumentSink) {
        let mut mailbox = Mailbox::new(from);
        let mut number = 0_u64;
        while mailbox.next_message() {
            number += 1;
            sink.member(&format!("message {number}"), &mut mailbox);
            // A member need not be read to its end.
            let rest = io::copy(&mut mailbox, &mut io::sink());
            if rest.is_err() || !sink.go_on() {
                break;
            }
        }
        if mailbox.state == State::Failed {
            let extent = format!("from message {}", number.max(1));
            sink.gap(Cause::IoError, "reading failed", Some(extent));
        }
    }
}

/// A mailbox on its way: as a reader it gives the message in hand, up to the line before the next.
struct Mailbox<'r> {
    lines: Lines<'r>,
    /// The line that is being given, and how much of it has been.
    line: Line,
    given: usize,
    /// A line looked at to judge the one before.
    ahead: Option<Line>,
    after_blank: bool,
    in_headers: bool,
    state: State,
}

/// What follows what has been given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// More of the message in hand.
    Within,
    /// The next message.
    AtMessage,
    /// Nothing.
    Ended,
    /// What could not be read.
    Failed,
}

impl<'r> Mailbox<'r> {
    fn new(reader: &'r mut dyn Read) -> Self {
        Mailbox {
            lines: Lines::new(reader),
            line: Line::default(),
            given: 0,
            ahead: None,
            after_blank: true,
            in_headers: false,
            state: State::Within,
        }
    }

    /// Goes to the next message; false at the end of the mailbox.
    fn next_message(&mut self) -> bool {
        if self.state == State::Within {
            // Before the first message: nothing, blank lines, or a piece of a message whose start is missing.
            self.load();
        }
        let found = self.state == State::AtMessage || self.given < self.line.bytes.len();
        if self.state == State::AtMessage {
            self.state = State::Within;
        }
        self.in_headers = true;
        found
    }

    fn pull(&mut self) -> Option<Line> {
        if let Some(line) = self.ahead.take() {
            return Some(line);
        }
        self.lines.next().unwrap_or_else(|_| {
            self.state = State::Failed;
            None
        })
    }

    /// Loads the next line; leaves none where the message ends.
    fn load(&mut self) {
        self.line = Line::default();
        self.given = 0;
        let Some(mut line) = self.pull() else {
            if self.state != State::Failed {
                self.state = State::Ended;
            }
            return;
        };
        if self.after_blank && line.starts && begins_message(&line.bytes) {
            self.ahead = self.pull();
            if self.ahead.as_ref().is_some_and(|next| can_be_header(&next.bytes)) {
                self.state = State::AtMessage;
                return;
            }
        }
        self.after_blank = line.starts && line.is_blank();
        if self.after_blank {
            self.in_headers = false;
        } else if line.starts && !self.in_headers && is_quoted(&line.bytes) {
            line.bytes.remove(0);
        }
        self.line = line;
    }
}

impl Read for Mailbox<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.line.bytes.len() && self.state == State::Within {
            self.load();
        }
        let rest = &self.line.bytes[self.given..];
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        self.given += n;
        Ok(n)
    }
}

/// `From `, and somewhere in the line a year or a time of day.
fn begins_message(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let year = rest.windows(4).any(|w| w.iter().all(u8::is_ascii_digit));
    let time =
        rest.windows(5).any(|w| w[2] == b':' && [w[0], w[1], w[3], w[4]].iter().all(u8::is_ascii_digit));
    rest.len() < 1000 && (year || time)
}

/// A field name and a colon (RFC 5322, section 2.2), a quoted `From ` as some systems put among headers, or the
/// blank line of a message without headers.
fn can_be_header(line: &[u8]) -> bool {
    let name = line.iter().take_while(|b| b.is_ascii_graphic() && **b != b':').count();
    let field = name > 0 && line[name..].trim_ascii_start().first() == Some(&b':');
    field || line.starts_with(b">From ") || line.trim_ascii().is_empty()
}

/// `>From `, with any number of `>`.
fn is_quoted(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|b| **b == b'>').count();
    marks > 0 && line[marks..].starts_with(b"From ")
}

#[cfg(test)]
mod tests;

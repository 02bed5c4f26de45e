//! EBCDIC text: handed on as the same text in UTF-8, so that it is read like any other, by lines and columns.
//!
//! Files of a mainframe mostly have no line ends: their records are of one length, which shows by what recurs at that
//! distance.

use std::io::{self, BufRead, BufReader, Read};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input};
use crate::identify::HEAD;
use crate::identify::ebcdic::{Ebcdic, class, ends_line};

/// Reader of EBCDIC text.
pub struct EbcdicText;

/// Record lengths that are considered, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 20..=8192;
/// Of a hundred bytes so many must be of the kind that stands one record on.
const ALIKE: usize = 60;
/// Where no length divides the size, so many bytes are looked at for lengths up to this: all lengths are tried.
const CUT_SAMPLE: usize = 16 << 10;
const MOST_OF_CUT: usize = 1024;

impl Extractor for EbcdicText {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut head = Vec::new();
        let read = input.reader.rewind().and_then(|()| {
            let mut reader = &mut *input.reader;
            Read::take(&mut reader, HEAD as u64).read_to_end(&mut head)
        });
        if read.and_then(|_| input.reader.rewind()).is_err() {
            sink.gap(Cause::IoError, "reading failed", None);
            return;
        }
        // One line feed in 8 KiB is the least that text has; fewer are bytes of numbers.
        let feeds = head.iter().filter(|&&b| ends_line(b)).count();
        let record = if feeds * 8192 >= head.len() { None } else { record_length(&head, input.len) };
        let inner = BufReader::with_capacity(1 << 16, &mut *input.reader);
        let mut text = Utf8 {
            inner,
            code: Ebcdic::default(),
            lines: feeds > 0 && record.is_none(),
            record,
            at: 0,
            ready: Vec::new(),
            given: 0,
        };
        sink.member("text", &mut text);
    }
}

/// The length of the records: most bytes are of the kind that stands one record on. A length that divides the size is
/// believed first; a file that was cut or has something behind its records has none.
fn record_length(head: &[u8], size: u64) -> Option<usize> {
    let fits = |length: &usize| size.is_multiple_of(*length as u64);
    let (short, sample) = (LENGTHS.filter(|length| *length <= MOST_OF_CUT), head.len().min(CUT_SAMPLE));
    recurring(head, LENGTHS.filter(fits)).or_else(|| recurring(&head[..sample], short))
}

/// The shortest of these lengths that is nearly as good as the best, since multiples of it are as good.
fn recurring(head: &[u8], lengths: impl Iterator<Item = usize>) -> Option<usize> {
    let alike = |length: usize| {
        let pairs = head.iter().zip(&head[length..]);
        let same = pairs.filter(|(a, b)| class(**a) == class(**b)).count();
        same * 100 / (head.len() - length)
    };
    let lengths = lengths.filter(|length| head.len() >= 2 * length);
    let scores: Vec<(usize, usize)> = lengths.map(|length| (length, alike(length))).collect();
    let best = scores.iter().map(|s| s.1).max().filter(|&best| best >= ALIKE)?;
    scores.into_iter().find(|s| s.1 + 3 >= best).map(|s| s.0)
}

/// The text in UTF-8, with a line feed after every record.
struct Utf8<R> {
    inner: BufReader<R>,
    code: Ebcdic,
    lines: bool,
    record: Option<usize>,
    at: usize,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf8<R> {
    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let bytes = self.inner.fill_buf()?;
        let mut buf = [0; 4];
        for &byte in bytes {
            self.ready.extend_from_slice(self.code.char(byte, self.lines).encode_utf8(&mut buf).as_bytes());
            self.at += 1;
            if self.record == Some(self.at) {
                self.ready.push(b'\n');
                self.at = 0;
            }
        }
        let used = bytes.len();
        self.inner.consume(used);
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let n = (&self.ready[self.given..]).read(buf)?;
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::ooxml::testing::{only, record};

    fn encoded(text: &str) -> Vec<u8> {
        let digit = |c: char| 0xF0 + (c as u8 - b'0');
        let letter = |c: char| match c {
            'A'..='I' => 0xC1 + (c as u8 - b'A'),
            'J'..='R' => 0xD1 + (c as u8 - b'J'),
            _ => 0xE2 + (c as u8 - b'S'),
        };
        let byte = |c: char| match c {
            ' ' => 0x40,
            '\n' => 0x25,
            c if c.is_ascii_digit() => digit(c),
            c => letter(c),
        };
        text.chars().map(byte).collect()
    }

    #[test]
    fn lines_stay_lines() {
        let text = "ANN EXAMPLE 024613387\nBO SAMPLE 024613388\n";
        assert_eq!(only("M", &record(&EbcdicText, &encoded(text))), [format!("text={text}")]);
    }

    #[test]
    fn records_of_one_length_become_lines() {
        let records: Vec<String> = (0..9)
            .map(|n| format!("{:<20}{:<9}{:>11}", format!("NAME{n} EXAMPLE"), 24_613_380 + n, "MA"))
            .collect();
        let member = only("M", &record(&EbcdicText, &encoded(&records.concat())));
        assert_eq!(member, [format!("text={}\n", records.join("\n"))]);
        let cut = encoded(&records.concat()[..350]);
        let member = only("M", &record(&EbcdicText, &cut));
        assert_eq!(member, [format!("text={}", &records.join("\n")[..358])]);
    }
}

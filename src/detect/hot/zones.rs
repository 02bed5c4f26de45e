//! Where in a chunk a label may make a number of a group: around key words, and on the lines below them.
//!
//! Groups elsewhere need not be asked. A zone may be too large, never too small: what is in it is asked exactly
//! ([`Labelled::is_labelled`]).

use std::ops::Range;

use super::labelled::{BEHIND, Labelled, MESSAGE, NEAR, ON_US};
use super::{BEHIND as REST, Form};
use crate::bits::{BLOCK, Signs};
use crate::detect::label_context::LINE;

/// The longest group that can be a number, with those behind it and room.
pub(super) const GROUP: usize = 128;

impl Labelled<'_> {
    /// Takes a chunk in hand. `signs` are those of its bytes and of the blocks before and behind it.
    pub fn enter(&mut self, chunk: &Range<usize>, signs: &Signs) {
        // A mark right behind a capital; across two blocks it is not looked for, but taken for one.
        let own =
            signs.marks.iter().zip(&signs.capitals).any(|(marks, capitals)| marks & (capitals << 1 | 1) != 0);
        let before = &self.text[chunk.start.saturating_sub(LINE)..chunk.start];
        self.messages = own || MESSAGE.find(before).is_some();
        // Of the line in hand it was not known.
        self.line = 0..0;
    }

    /// Takes a chunk in hand of which nothing is known.
    pub fn enter_unseen(&mut self) {
        (self.messages, self.line) = (true, 0..0);
    }

    /// Appends the zones of `chunk`, in order and apart. `signs` are those of its bytes and of the blocks before and behind it; `wide`
    /// says that some of these are not ASCII.
    pub fn zones(&mut self, chunk: &Range<usize>, signs: &Signs, wide: bool, out: &mut Vec<Range<usize>>) {
        let text = self.text;
        match self.form {
            Form::Cells(delimiter) => self.zones_of_cells(chunk, delimiter, signs, out),
            Form::Normal | Form::Raw => self.zones_of_lines(chunk, out),
        }
        if self.form == Form::Raw {
            Reach::new(text, out).around_wide(chunk, signs);
        } else if wide {
            let signs =
                memchr::memmem::find_iter(&text[chunk.start..(chunk.end + REST).min(text.len())], ON_US);
            out.extend(signs.map(|at| (chunk.start + at).saturating_sub(REST + GROUP)..chunk.start + at));
        }
        join(out);
    }

    fn zones_of_lines(&mut self, chunk: &Range<usize>, out: &mut Vec<Range<usize>>) {
        let (text, messages) = (self.text, self.messages);
        let from = chunk.start.saturating_sub(3 * LINE);
        let mut reach = Reach::new(text, out);
        for end in self.key_words(&(from..(chunk.end + BEHIND + GROUP).min(text.len()))) {
            reach.out.push(end.saturating_sub(BEHIND + GROUP)..*end + NEAR);
            reach.below(*end);
        }
        if messages {
            reach.messages(chunk);
        }
    }
}

/// Zones as they are found.
struct Reach<'t, 'o> {
    text: &'t [u8],
    /// The end of the line whose lines below are known as zones.
    line_end: Option<usize>,
    /// No line ends between the last key word and here.
    clear: usize,
    out: &'o mut Vec<Range<usize>>,
}

impl<'t, 'o> Reach<'t, 'o> {
    fn new(text: &'t [u8], out: &'o mut Vec<Range<usize>>) -> Self {
        Reach { text, line_end: None, clear: 0, out }
    }

    fn newline(&self, from: usize, most: usize) -> Option<usize> {
        let to = (from + most).min(self.text.len());
        memchr::memchr(b'\n', self.text.get(from..to)?).map(|at| from + at)
    }

    /// The line below that of `at`, and the one below it if that is blank.
    fn below(&mut self, at: usize) {
        if self.line_end.is_some_and(|end| at <= end) {
            return;
        }
        let from = at.max(self.clear);
        let Some(end) = self.newline(from, (at + LINE).saturating_sub(from)) else {
            self.clear = at + LINE;
            return;
        };
        self.line_end = Some(end);
        let mut start = end + 1;
        for _ in 0..2 {
            let end = self.newline(start, LINE);
            let stop = end.unwrap_or(start + LINE).min(self.text.len());
            self.out.push(start..stop);
            let blank = self.text.get(start..stop).is_some_and(|line| line.trim_ascii().is_empty());
            match end {
                Some(end) if blank => start = end + 1,
                _ => return,
            }
        }
    }

    /// Behind the beginning of a patient's segment of HL7 on the same line.
    fn messages(&mut self, chunk: &Range<usize>) {
        let before = chunk.start.saturating_sub(LINE);
        let end = (chunk.end + MESSAGE.needle().len()).min(self.text.len());
        let found = MESSAGE.find_iter(&self.text[before..end]);
        self.out.extend(found.map(|at| before + at..before + at + LINE + GROUP));
    }

    /// The lines of bytes that are not ASCII and those below, and groups right before such bytes.
    fn around_wide(&mut self, chunk: &Range<usize>, signs: &Signs) {
        let (lo, hi) = (chunk.start.saturating_sub(2 * LINE), (chunk.end + LINE).min(self.text.len()));
        let mut done = 0;
        self.wide_bytes(lo..chunk.start, &mut done);
        for (n, wide) in signs.wide[1..=chunk.len().div_ceil(BLOCK)].iter().enumerate() {
            if *wide != 0 {
                let at = chunk.start + n * BLOCK;
                self.wide_bytes(at..(at + BLOCK).min(chunk.end), &mut done);
            }
        }
        self.wide_bytes(chunk.end..hi, &mut done);
    }

    /// The same for the bytes of `range`; those before `done` are known.
    fn wide_bytes(&mut self, range: Range<usize>, done: &mut usize) {
        let mut at = range.start.max(*done);
        if self.text.get(at..range.end).is_none_or(<[u8]>::is_ascii) {
            return;
        }
        while let Some(wide) = self.text.get(at..range.end).and_then(|t| t.iter().position(|b| !b.is_ascii()))
        {
            let wide = at + wide;
            let lo = wide.saturating_sub(REST);
            let blank = self.text[lo..wide].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
            let touched = wide - blank;
            let lo = touched.saturating_sub(LINE + GROUP);
            let start = memchr::memrchr(b'\n', &self.text[lo..touched]).map_or(lo, |p| lo + p);
            (self.line_end, self.clear) = (None, 0);
            self.below(wide);
            // The rest of the line, or half of what is known to be part of it.
            let end = self.line_end.unwrap_or(wide + LINE / 2);
            self.out.push(start..(end + LINE).max(end + NEAR));
            *done = end + 1;
            at = *done;
        }
    }
}

/// Puts ranges in order and makes one of those that meet.
fn join(zones: &mut Vec<Range<usize>>) {
    zones.sort_unstable_by_key(|zone| zone.start);
    zones.dedup_by(|next, last| {
        let meet = next.start <= last.end;
        if meet {
            last.end = last.end.max(next.end);
        }
        meet
    });
}

//! Whether a label may make a number of a group: a key word in one of the places where
//! [`crate::detect::label_context`] looks for labels.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::cells::Mixed;
use super::shape::is_join;
use super::{BEHIND as REST, Form, SHAPE};
use crate::detect::group::Group;
use crate::detect::label_context::{self, LINE};
use crate::pattern::LabelKind;
use crate::pattern::keys::{self, KeyWords};
use crate::pattern::label::{self, Words};

/// How far before a group a label may begin: 40 bytes before its number, letters of a licence, and its own length.
pub(super) const NEAR: usize = 160;
/// How far behind a group a label in brackets may end.
pub(super) const BEHIND: usize = 80;
/// How far the end of a line is looked for.
const AHEAD: usize = LINE;
/// How far key words are looked for at a time, at least.
const STEP: usize = 64;
/// The longest word that is followed to its end.
const WORD: usize = 64;
/// How many key words are forgotten at a time.
const MARKS: usize = 64;
/// How far before what is asked for key words are kept.
const KEPT: usize = 4 * LINE;
/// Labels of cards and of what is printed on them; a card form may ask for the account number.
const CARDS: [LabelKind; 4] =
    [LabelKind::CardNumber, LabelKind::AccountNumber, LabelKind::CardExpiry, LabelKind::Cvv];
/// How far behind the beginning of its line a group may stand for whose label the line above is looked at.
const WRAPPED: usize = 64;
/// The longest group that stands alone on its line.
const LONGEST: usize = 24;
/// What a line may have besides a number that stands alone on it.
const ALONE: usize = 16;

/// The sign behind the account of a MICR line.
pub(super) const ON_US: &str = "\u{2448}";

/// The beginning of a patient's segment of HL7.
pub(super) static MESSAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"PID|"));

/// Looks for key words around groups that come in order.
pub struct Labelled<'t> {
    pub(super) text: &'t [u8],
    pub(super) form: Form,
    pub(super) line: Range<usize>,
    /// True if it ends with a line feed or the text, and not where it was cut.
    ends: bool,
    /// How much of it is no indent and no mark of a quotation or list.
    filled: usize,
    above: Above,
    /// Where a patient's segment of HL7 begins in it.
    message: Option<usize>,
    /// The chunk in hand, or what stands before it, may hold such a segment.
    pub(super) messages: bool,
    pub(super) finder: KeyWords,
    pub(super) mixed: Mixed,
    /// Ends of the key words found within `marked`.
    marks: Vec<usize>,
    marked: Range<usize>,
    /// A short text without a letter, which has no key word.
    pub(super) mute: bool,
}

/// True if words on the line of the group, or on the two above, name a card, what is printed on one, or an account.
pub fn names_card(text: &[u8], g: &Group) -> bool {
    let lo = g.start.saturating_sub(2 * LINE);
    let above = memchr::memrchr_iter(b'\n', &text[lo..g.start]).nth(2).map_or(lo, |p| lo + p + 1);
    let hi = (g.end + BEHIND).min(text.len());
    let end = memchr::memchr(b'\n', &text[g.end..hi]).map_or(hi, |p| g.end + p);
    let Some(words) = std::str::from_utf8(&text[above..end]).ok().filter(|words| words.is_ascii()) else {
        return true;
    };
    let mut hits = Vec::new();
    label::inline(words, &mut Words::default(), &mut hits);
    hits.iter().any(|h| CARDS.iter().any(|kind| h.labels.of_kind(*kind).is_some()))
}

/// The line above, as far as a label is looked for in it.
#[derive(Default)]
struct Above {
    /// A key word stands in it.
    named: bool,
    /// It reads as headings.
    heads: bool,
    /// It, or the line itself, has bytes whose meaning is not known here.
    wide: bool,
}

impl<'t> Labelled<'t> {
    pub fn new(text: &'t [u8], form: Form) -> Self {
        Labelled {
            text,
            form,
            line: 0..0,
            ends: false,
            filled: 0,
            above: Above::default(),
            message: None,
            messages: false,
            finder: KeyWords::default(),
            mixed: Mixed::default(),
            marks: Vec::new(),
            marked: 0..0,
            mute: text.len() <= WORD && !text.iter().any(u8::is_ascii_alphabetic),
        }
    }

    /// True if a label may make a number of the group.
    pub fn is_labelled(&mut self, g: &Group) -> bool {
        if let Form::Cells(delimiter) = self.form {
            return self.labelled_in_cell(g, delimiter);
        }
        self.enter_line(g);
        if self.above.wide || self.message.is_some_and(|at| at < g.start) {
            return true;
        }
        // A broken line may part a label from a number near its beginning.
        let wrapped = g.start - self.line.start <= WRAPPED;
        let from = g.start.saturating_sub(NEAR).max(if wrapped { 0 } else { self.line.start });
        if self.key_word_in(from..g.start) || self.labelled_behind(g) {
            return true;
        }
        self.above.named && (self.above.heads || self.filled <= g.len() + ALONE)
    }

    /// A label in the cell of the group; most cells hold no letter.
    fn labelled_in_cell(&mut self, g: &Group, delimiter: u8) -> bool {
        let ends = |b: &&u8| **b != delimiter && **b != b'\n';
        let (before, behind) = (&self.text[..g.start], &self.text[g.end..]);
        let left = before.iter().rev().take(NEAR).take_while(ends).count();
        let right = behind.iter().take(BEHIND).take_while(ends).count();
        let lettered = |part: &[u8]| part.iter().any(u8::is_ascii_alphabetic);
        (lettered(&before[g.start - left..]) || lettered(&behind[..right]))
            && self.key_word_in(g.start - left..g.end + right)
    }

    fn labelled_behind(&mut self, g: &Group) -> bool {
        let text = self.text;
        // Behind the last group of the number too, where it has several.
        let run = text[g.end..].iter().take(SHAPE).take_while(|b| b.is_ascii_digit() || is_join(**b)).count();
        let last = text[g.end..g.end + run].iter().rposition(u8::is_ascii_digit);
        let ends = [Some(g.end), last.map(|at| g.end + at + 1)];
        ends.into_iter().flatten().any(|end| {
            let behind = &text[end..self.line.end.max(end)];
            let opens = behind.iter().take(6).find(|b| **b != b' ').is_some_and(|b| b"([-=".contains(b));
            // `024613387 is his SSN`
            let is_one = || behind.trim_ascii_start().starts_with(b"is ");
            (opens || is_one()) && self.key_word_in(end..(end + BEHIND).min(text.len()))
        })
    }

    /// Makes the line of `g` the line in hand.
    fn enter_line(&mut self, g: &Group) {
        if self.line.contains(&g.start) && (self.ends || g.end + REST <= self.line.end) {
            return;
        }
        let text = self.text;
        let lo = g.start.saturating_sub(LINE);
        let start = memchr::memrchr(b'\n', &text[lo..g.start]).map_or(lo, |p| lo + p + 1);
        let hi = (g.end + AHEAD).min(text.len());
        let end = memchr::memchr(b'\n', &text[g.end..hi]);
        self.ends = end.is_some() || hi == text.len();
        self.line = start..end.map_or(hi, |p| g.end + p);
        let line = &text[self.line.clone()];
        let indent = line.iter().take_while(|b| b"> *-\t".contains(b)).count();
        self.filled = line[indent..].trim_ascii_end().len();
        self.message = if self.messages { MESSAGE.find(line).map(|at| start + at) } else { None };
        self.above = self.line_above(start);
    }

    fn line_above(&mut self, start: usize) -> Above {
        let mut from = start;
        let mut line = start..start;
        for _ in 0..2 {
            let Some(end) = from.checked_sub(1).filter(|e| self.text[*e] == b'\n') else { break };
            let lo = end.saturating_sub(LINE);
            from = memchr::memrchr(b'\n', &self.text[lo..end]).map_or(lo, |p| lo + p + 1);
            line = from..end;
            if !self.text[from..end].trim_ascii().is_empty() {
                break;
            }
        }
        let wide = self.form == Form::Raw && !self.text[line.start.min(start)..self.line.end].is_ascii();
        // A label above speaks for a number alone on its line, or as the heading of its column.
        let asked = self.filled <= LONGEST + ALONE || label_context::heads(&self.text[line.clone()]);
        let named = asked && !line.is_empty() && self.key_word_in(line.clone());
        Above { named, heads: named && label_context::heads(&self.text[line]), wide }
    }

    /// True if a key word may end in `wanted`.
    #[inline]
    fn key_word_in(&mut self, wanted: Range<usize>) -> bool {
        !self.key_words(&wanted).is_empty()
    }

    /// Where the key words end that end in `wanted`, in order.
    pub(super) fn key_words(&mut self, wanted: &Range<usize>) -> &[usize] {
        if self.mute {
            return &[];
        }
        self.mark(wanted);
        let upto = |at: usize| self.marks.partition_point(|end| *end <= at);
        &self.marks[upto(wanted.start)..upto(wanted.end)]
    }

    /// Finds the key words of a stretch, if that has not been done.
    fn mark(&mut self, wanted: &Range<usize>) {
        if wanted.start < self.marked.start || wanted.start > self.marked.end {
            self.marks.clear();
            let start = self.between(wanted.start, true);
            self.marked = start..start;
        }
        while self.marked.end < wanted.end {
            let end = self.between((wanted.end + STEP).min(self.text.len()), false);
            self.finder.find(self.text, self.marked.end..end, &mut self.marks);
            self.marked.end = end;
        }
        let done = self.marks.partition_point(|end| *end + KEPT < wanted.start);
        if done >= MARKS {
            self.marks.drain(..done);
            self.marked.start = self.marked.start.max(wanted.start.saturating_sub(KEPT));
        }
    }

    /// A place between words near `at`, before or behind it; before it, a word longer than any of ours is cut.
    pub(super) fn between(&self, at: usize, before: bool) -> usize {
        let gap = |b: &u8| keys::between_words(*b);
        match before {
            true => at - self.text[..at].iter().rev().take(WORD).take_while(|b| !gap(b)).count(),
            false => at + self.text[at..].iter().take_while(|b| !gap(b)).count(),
        }
    }
}

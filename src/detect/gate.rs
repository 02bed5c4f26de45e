//! Which digit groups of a running text can lead to anything: decided before any label is looked for, so that text
//! full of times, sizes and ids costs little more than finding its digits.
//!
//! A group counts for itself by its shape (SSN in groups, card with check digit, IBAN, boxes, licence letters), or
//! because a label may make it a number: then a key word must stand on its line or on the lines above. The rule only
//! ever errs on the side of looking, which a test proves against looking at everything.

use std::ops::Range;

use super::envelope;
use super::group::{Group, joint};
use super::label_context::LINE;
use super::reading::CARD_SHAPES;
use crate::pattern::{keys, number, user};

/// What a group is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Worth {
    /// Nothing can come of it.
    Nothing,
    /// Nine digits that could be an SSN and have nothing that speaks for them: counted as rejected.
    Counted,
    /// It must be looked at.
    Look,
}

/// Lines up to this length are looked through as a whole for labels (see [`super::label_context`]).
const ONCE: usize = 512;
/// What is looked through around a number on a longer line.
const AROUND: usize = 160;
/// How far key words are looked for at a time.
const STEP: usize = 512;
/// The longest word that is followed to its end.
const WORD: usize = 64;

/// Judges the groups of one text, in order.
pub struct Gate<'t> {
    text: &'t [u8],
    groups: &'t [Group],
    /// The line of the group judged last.
    line: Range<usize>,
    /// True if a key word stands above it or, if it is short, on it.
    labelled: bool,
    /// Ends of key words found within `marked`.
    marks: Vec<usize>,
    marked: Range<usize>,
}

impl<'t> Gate<'t> {
    /// For the groups of a text.
    #[must_use]
    pub fn new(text: &'t str, groups: &'t [Group]) -> Self {
        let text = text.as_bytes();
        Gate { text, groups, line: 0..0, labelled: false, marks: Vec::new(), marked: 0..0 }
    }

    /// What group `i` is worth. Cheap if the groups come in order.
    pub fn worth(&mut self, i: usize) -> Worth {
        let g = self.groups[i];
        if self.shaped(i) || self.may_be_labelled(&g) {
            return Worth::Look;
        }
        let nine = &self.text[g.span()];
        let counts = g.len() == 9
            && (number::ssn(nine) || number::itin(nine))
            && envelope::touched(self.text, &g.span(), false).is_none();
        if counts { Worth::Counted } else { Worth::Nothing }
    }

    /// True if its own shape makes it a number.
    fn shaped(&self, i: usize) -> bool {
        let g = self.groups[i];
        let own = match g.len() {
            1 => self.boxed(i),
            3 => self.follows(i, &[3, 2, 4]),
            4 | 6 | 8 => CARD_SHAPES.iter().any(|widths| self.follows(i, widths)),
            12..=19 => number::card(&self.text[g.span()]).is_some(),
            _ => false,
        };
        own || self.after_letters(&g) || self.micr(&g)
    }

    /// True if the groups from `i` on have these widths, one separator between each.
    fn follows(&self, i: usize, widths: &[usize]) -> bool {
        let Some(groups) = self.groups.get(i..i + widths.len()) else { return false };
        groups.iter().zip(widths).all(|(g, w)| g.len() == *w)
            && groups.windows(2).all(|p| p[1].start - p[0].end == 1 && joint(self.text, p[0], p[1]).is_some())
    }

    /// True if single digits in boxes may begin here.
    fn boxed(&self, i: usize) -> bool {
        let single = |pair: &[Group]| pair[1].len() == 1 && pair[1].start - pair[0].end <= 5;
        self.groups.get(i..i + 9).is_some_and(|nine| nine.windows(2).all(single))
    }

    /// True for capitals right before the digits: an IBAN, or a licence of Massachusetts.
    fn after_letters(&self, g: &Group) -> bool {
        let letter = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'-' | b'*');
        let before = &self.text[..g.start];
        if !before.last().is_some_and(letter) {
            return false;
        }
        let start = before.iter().rev().take(9).take_while(|b| letter(b)).count();
        let token = &before[before.len() - start..];
        let iban =
            g.len() >= 2 && token.len() >= 2 && token[token.len() - 2..].iter().all(u8::is_ascii_uppercase);
        iban || token.contains(&b'S')
    }

    /// True if the signs of a MICR line may stand behind the digits.
    fn micr(&self, g: &Group) -> bool {
        let after = self.text[g.end..].iter().find(|b| !b.is_ascii_whitespace());
        after.is_some_and(|b| *b >= 0x80)
    }

    /// True if a label may make a number of the group.
    fn may_be_labelled(&mut self, g: &Group) -> bool {
        let beside = |i: Option<usize>| {
            i.and_then(|i| self.text.get(i))
                .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'*'))
        };
        if g.len() < 4 && !beside(g.start.checked_sub(1)) && !beside(Some(g.end)) {
            return false;
        }
        if user::installed().is_some() {
            return true;
        }
        self.enter_line(g);
        if self.line.len() <= ONCE || self.labelled {
            return self.labelled;
        }
        let from = g.start.saturating_sub(AROUND).max(self.line.start);
        self.key_word_in(from..(g.end + AROUND).min(self.line.end))
    }

    /// Makes the line of `g` the line in hand.
    fn enter_line(&mut self, g: &Group) {
        let known = self.line.contains(&g.start);
        if known && (self.line.len() <= ONCE || g.end + AROUND <= self.line.end) {
            return;
        }
        let lo = g.start.saturating_sub(LINE);
        let start = memchr::memrchr(b'\n', &self.text[lo..g.start]).map_or(lo, |p| lo + p + 1);
        let hi = (g.end + LINE).min(self.text.len());
        let end = memchr::memchr(b'\n', &self.text[g.start..hi]).map_or(hi, |p| g.start + p);
        // The two lines above, as far as a label above is looked for.
        let mut from = start;
        for _ in 0..2 {
            let Some(end) = from.checked_sub(1).filter(|e| self.text[*e] == b'\n') else { break };
            let lo = end.saturating_sub(LINE);
            from = memchr::memrchr(b'\n', &self.text[lo..end]).map_or(lo, |p| lo + p + 1);
        }
        self.line = start..end;
        let short = self.line.len() <= ONCE;
        self.labelled = self.key_word_in(from..if short { end } else { start });
    }

    /// True if a key word may stand in `wanted`.
    fn key_word_in(&mut self, wanted: Range<usize>) -> bool {
        let (from, to) = (wanted.start, wanted.end);
        self.mark(wanted);
        let first = self.marks.partition_point(|end| *end <= from);
        self.marks.get(first).is_some_and(|end| *end <= to + WORD)
    }

    /// Finds the key words of a stretch, if that has not been done.
    fn mark(&mut self, wanted: Range<usize>) {
        if wanted.start < self.marked.start || wanted.start > self.marked.end {
            self.marks.clear();
            let start = self.between(wanted.start, true);
            self.marked = start..start;
        }
        while self.marked.end < wanted.end {
            let end = self.between((self.marked.end + STEP).min(self.text.len()), false);
            keys::key_words(self.text, self.marked.end..end, &mut self.marks);
            self.marked.end = end;
        }
        if self.marks.len() > 4 * STEP {
            let done = self.marks.partition_point(|end| *end <= wanted.start);
            self.marks.drain(..done);
            self.marked.start = wanted.start;
        }
    }

    /// A place between words near `at`, before or behind it; words without end are cut.
    fn between(&self, at: usize, before: bool) -> usize {
        let gap = |b: &u8| keys::between_words(*b);
        match before {
            true => at - self.text[..at].iter().rev().take(WORD).take_while(|b| !gap(b)).count(),
            false => at + self.text[at..].iter().take(WORD).take_while(|b| !gap(b)).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::scan;
    use super::super::{Candidate, Rejects};

    fn found(text: &str, everywhere: bool) -> Vec<String> {
        // Where reasons are kept, every group is looked at.
        let (all, mut out, mut rejects) = (0..text.len(), Vec::new(), Rejects::new(everywhere));
        scan(text, all.clone(), &all, &mut out, &mut rejects);
        // What stays below low whatever comes is not told apart.
        let counts = |c: &&Candidate| c.score.value() > 5;
        out.iter().filter(counts).map(|c| format!("{:?} {} {}", c.span, c.value, c.score.value())).collect()
    }

    proptest! {
        #[test]
        fn looking_where_it_is_worth_finds_what_looking_everywhere_finds(
            parts in prop::collection::vec(
                "SSN|ssn|Social Security No|license|MA Lic|DL|Acct|account number|routing|card|id|tax id|\
                 0 2 4 6 1 3 3 8 7|024-61-3387|024613387|4929 1375 2086 4174|4929137520864174|S12345678|SA1234567|\
                 GB68NWBK40271583920647|[0-9]{1,10}|[A-Z][a-z]{1,8}|[ :#.,/_-]{1,3}|\n|\n\n|\t|[a-z ]{200,300}",
                1..24,
            )
        ) {
            let text = parts.concat();
            prop_assert_eq!(found(&text, false), found(&text, true), "in {}", text);
        }
    }
}

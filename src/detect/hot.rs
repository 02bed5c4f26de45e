//! Which digit groups of a text can lead to anything: the first look at every byte, and the last at most.
//!
//! A group counts for itself by its shape (an SSN in groups, a card with its check digit, an IBAN, boxes, letters of a
//! licence, fields of exchange formats), or because a label may make it a number: then a key word must stand before it
//! on its line, right behind it, or on the line above. Digits are found 64 bytes at a time, and nothing else of the text
//! is touched before a shape fits. The rule only ever errs on the side of looking, which a test proves against looking
//! at everything.
//!
//! The same rule reads bytes as they stand in a file ([`Form::Raw`]), so that what is quiet need not be decoded.

mod labelled;
mod shape;

use std::ops::Range;

use super::envelope;
use super::group::Group;
use crate::bits::{self, BLOCK};
use crate::pattern::{number, user};
use labelled::Labelled;
use shape::Shapes;

/// How much of a text is looked at at a time, so that it stays in the nearest cache.
const CHUNK: usize = 16 * 1024;
/// How far beyond its first group a shape may reach.
pub const SHAPE: usize = 64;
/// How far before a group anything is read that makes it hot: two lines above, and a word.
pub const BEFORE: usize = 4 * super::label_context::LINE;
/// How far behind it.
pub const BEHIND: usize = 256;

/// Bytes that make a number of fewer than four digits, with them, a longer one.
static BESIDE: [bool; 256] = beside();

const fn beside() -> [bool; 256] {
    let mut table = [false; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        table[i] = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'*');
        i += 1;
    }
    table
}

/// What a group is worth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Worth {
    /// Nine digits that could be an SSN and have nothing that speaks for them: counted as rejected.
    Counted,
    /// It must be looked at.
    Look,
}

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Decoded and normalised.
    Normal,
    /// The same, of rows without quotes whose cells are parted by this byte: a label speaks for its own cell alone.
    Cells(u8),
    /// Bytes of a file in UTF-8 or an encoding of one byte: what is not ASCII may become digits, dashes or nothing.
    Raw,
}

/// Appends where the groups start that are worth something, in order: those whose first digit lies within `range`.
pub fn find(text: &[u8], range: Range<usize>, form: Form, out: &mut Vec<(usize, Worth)>) {
    let had = out.len();
    let mut finder = Finder::new(text, range.clone(), form, out);
    finder.run(false);
    let found = &mut out[had..];
    // A shape is known at its last group.
    found.sort_unstable_by_key(|(at, worth)| (*at, std::cmp::Reverse(*worth)));
    let mut end = had;
    for i in had..out.len() {
        if end == had || out[end - 1].0 != out[i].0 {
            out[end] = out[i];
            end += 1;
        }
    }
    out.truncate(end);
}

/// True if no group that starts within `range` is worth anything.
#[must_use]
pub fn is_quiet(text: &[u8], range: Range<usize>, form: Form) -> bool {
    let mut out = Vec::new();
    Finder::new(text, range, form, &mut out).run(true);
    out.is_empty()
}

struct Finder<'t, 'o> {
    text: &'t [u8],
    range: Range<usize>,
    form: Form,
    shapes: Shapes,
    labelled: Labelled<'t>,
    /// True if the chunk in hand, or what stands right at it, is not all ASCII.
    wide: bool,
    /// True if users have patterns of their own: any group may be theirs.
    users: bool,
    out: &'o mut Vec<(usize, Worth)>,
}

impl<'t, 'o> Finder<'t, 'o> {
    fn new(text: &'t [u8], range: Range<usize>, form: Form, out: &'o mut Vec<(usize, Worth)>) -> Self {
        let labelled = Labelled::new(text, form);
        let users = user::installed().is_some();
        Finder { text, range, form, shapes: Shapes::default(), labelled, wide: true, users, out }
    }

    /// Looks at all groups, or at those up to the first hot one.
    fn run(&mut self, once: bool) {
        let (text, end) = (self.text, (self.range.end + SHAPE).min(self.text.len()));
        // A group that starts before the range is not ours.
        let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
        let mut at = self.range.start;
        if at > 0 && digit(at - 1) {
            at += text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        }
        let (mut words, mut open) = (Vec::with_capacity(CHUNK / BLOCK), None);
        while at < end {
            let stop = (at + CHUNK).min(end);
            let chunk = &text[at..stop];
            self.wide = !text[at.saturating_sub(1)..(stop + SHAPE).min(text.len())].is_ascii();
            if self.wide && self.form == Form::Raw {
                self.other_digits(chunk, at, &mut words);
            }
            self.labelled.enter(at..stop);
            bits::fill(bits::DIGITS, chunk, &mut words);
            self.groups(&words, at, &mut open);
            if once && !self.out.is_empty() {
                return;
            }
            at = stop;
        }
        if let Some(start) = open {
            let rest = text[end..].iter().take_while(|b| b.is_ascii_digit()).count();
            self.group(Group { start, end: end + rest });
        }
    }

    /// Takes the groups from the bits of a chunk at `base`; `open` is the start of one that is not at its end.
    fn groups(&mut self, words: &[u64], base: usize, open: &mut Option<usize>) {
        for (n, bits) in words.iter().enumerate() {
            // Where digits begin and where they end.
            let mut turns = bits ^ (bits << 1 | u64::from(open.is_some()));
            while turns != 0 {
                let at = base + n * BLOCK + turns.trailing_zeros() as usize;
                turns &= turns - 1;
                match open.take() {
                    Some(start) => self.group(Group { start, end: at }),
                    None => *open = Some(at),
                }
            }
        }
    }

    fn group(&mut self, g: Group) {
        let text = self.text;
        if let Some(start) = self.shapes.take(text, g) {
            self.note(start, Worth::Look);
        }
        if g.start >= self.range.end {
            return;
        }
        let before = g.start.checked_sub(1).map_or(b'\n', |i| text[i]);
        let after = text.get(g.end).copied().unwrap_or(b'\n');
        let beside = |b: u8| BESIDE[usize::from(b)];
        let wide = self.wide && self.touches_wide(&g, before, after);
        if g.len() < 4 && !beside(before) && !beside(after) && !wide {
            return;
        }
        if wide || shape::alone(text, &g, before) || self.users || self.labelled.may_be(&g) {
            self.note(g.start, Worth::Look);
        } else if g.len() == 9 {
            let nine = &text[g.span()];
            if (number::ssn(nine) || number::itin(nine))
                && envelope::touched(text, &g.span(), false).is_none()
            {
                self.note(g.start, Worth::Counted);
            }
        }
    }

    /// True if the signs of a MICR line may stand behind the digits, or, in bytes as they stand in a file, more digits or
    /// what parts them on either side.
    fn touches_wide(&self, g: &Group, before: u8, after: u8) -> bool {
        let behind = self.text[g.end..].trim_ascii_start();
        match self.form {
            Form::Raw => before >= 0x80 || after >= 0x80 || behind.first().is_some_and(|b| *b >= 0x80),
            Form::Normal | Form::Cells(_) => behind.starts_with("\u{2448}".as_bytes()),
        }
    }

    fn note(&mut self, start: usize, worth: Worth) {
        if self.range.contains(&start) {
            self.out.push((start, worth));
        }
    }

    /// Digits of other scripts, by their first two bytes in UTF-8 (U+0660, U+06F0, U+FF10 and those behind).
    fn other_digits(&mut self, chunk: &[u8], base: usize, words: &mut Vec<u64>) {
        bits::fill(bits::WIDE, chunk, words);
        for (n, bits) in words.iter().enumerate() {
            let mut wide = *bits;
            while wide != 0 {
                let at = n * BLOCK + wide.trailing_zeros() as usize;
                wide &= wide - 1;
                let next = self.text.get(base + at + 1).copied().unwrap_or(0);
                if matches!((chunk[at], next), (0xd9, 0xa0..=0xa9) | (0xdb, 0xb0..=0xb9) | (0xef, 0xbc)) {
                    self.note(base + at, Worth::Look);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::scan;
    use super::super::{Candidate, Rejects};
    use super::{Form, is_quiet};

    fn found(text: &str, everywhere: bool) -> Vec<String> {
        // Where reasons are kept, every group is looked at.
        let (all, mut out, mut rejects) = (0..text.len(), Vec::new(), Rejects::new(everywhere));
        scan(text, all.clone(), &all, &mut out, &mut rejects);
        // What stays below low whatever comes is not told apart.
        let counts = |c: &&Candidate| c.score.value() > 5;
        out.iter().filter(counts).map(|c| format!("{:?} {} {}", c.span, c.value, c.score.value())).collect()
    }

    fn parts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(
            "SSN|ssn|Social Security No|license|MA Lic|DL|Acct|account number|routing|card|id|tax id|35d|4d|\
             0 2 4 6 1 3 3 8 7|024-61-3387|024613387|4929 1375 2086 4174|4929137520864174|S12345678|SA1234567|\
             GB68NWBK40271583920647|[0-9]{1,10}|[A-Z][a-z]{1,8}|[ :#.,/_-]{1,3}|\n|\n\n|\t|[a-z ]{200,300}",
            1..24,
        )
    }

    proptest! {
        #[test]
        fn looking_where_it_is_hot_finds_what_looking_everywhere_finds(parts in parts()) {
            let text = parts.concat();
            prop_assert_eq!(found(&text, false), found(&text, true), "in {}", text);
        }

        #[test]
        fn quiet_bytes_hold_nothing_once_they_are_decoded(
            parts in parts(),
            wide in prop::collection::vec("\u{2011}|\u{a0}|\u{200b}|\u{2028}|\u{ff10}|\u{662}|é", 0..3),
            at in any::<prop::sample::Index>(),
        ) {
            let mut text: Vec<char> = parts.concat().chars().collect();
            for wide in wide.iter().flat_map(|w| w.chars()) {
                text.insert(at.index(text.len() + 1), wide);
            }
            let text: String = text.into_iter().collect();
            if is_quiet(text.as_bytes(), 0..text.len(), Form::Raw) {
                let normal = plain(&text);
                prop_assert_eq!(found(&normal, true), [""; 0], "in {}", text);
            }
        }
    }

    /// The text as `text::normal` has it, which this room does not know.
    fn plain(text: &str) -> String {
        let char = |c: char| match c {
            '\u{2011}' => Some('-'),
            '\u{a0}' => Some(' '),
            '\u{200b}' => None,
            '\u{2028}' => Some('\n'),
            '\u{ff10}' => Some('0'),
            '\u{662}' => Some('2'),
            c => Some(c),
        };
        text.chars().filter_map(char).collect()
    }
}

//! Which digit groups of a text can lead to anything: the first look at every byte, and the last at most.
//!
//! A group counts for itself by its shape (an SSN in groups, a card with its check digit, an IBAN, boxes, letters of a
//! licence, fields of exchange formats), or because a label may make it a number: then a key word must stand before it
//! on its line, right behind it, or on the line above. Shapes and the reach of key words are found as bits, 64 bytes at a
//! time; no other group is touched. The rule only ever errs on the side of looking, which a test proves against looking
//! at everything.
//!
//! The same rule reads bytes as they stand in a file ([`Form::Raw`]), so that what is quiet need not be decoded.

mod cells;
mod labelled;
mod shape;
mod zones;

use std::ops::{Range, RangeInclusive};

use super::envelope;
use super::group::Group;
use super::reading;
use crate::bits::{self, BLOCK, Groups, Signs};
use crate::pattern::{number, user};
use labelled::Labelled;
pub use labelled::names_card;

/// How much of a text is looked at at a time, so that it stays in the nearest cache.
const CHUNK: usize = 16 * 1024;
/// How far beyond its first group a shape may reach.
pub const SHAPE: usize = 64;
/// How far before a group anything is read that makes it hot: two lines above, and a word.
pub const BEFORE: usize = 4 * super::label_context::LINE;
/// How far behind it.
pub const BEHIND: usize = 256;
/// Up to how many groups of a chunk are asked one by one; of more, key words say first which are worth it.
const FEW: u32 = 32;

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
    /// Nine digits, or fifteen of the air travel network (UATP), that nothing in the text speaks for. They may be a number
    /// in a value of a table or object, for which header or column may speak.
    InValue,
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

/// Appends where the groups start that are worth `least` or more, in order: those whose first digit lies within `range`.
pub fn find(text: &[u8], range: Range<usize>, form: Form, least: Worth, out: &mut Vec<(usize, Worth)>) {
    let had = out.len();
    let mut finder = Finder::new(text, range, form, least, out);
    finder.run(false);
    let found = &mut out[had..];
    // Boxes are known at their last digit.
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

/// True if no group that starts within `range` is worth `least` or more.
#[must_use]
pub fn is_quiet(text: &[u8], range: Range<usize>, form: Form, least: Worth) -> bool {
    let mut out = Vec::new();
    Finder::new(text, range, form, least, &mut out).run(true);
    out.is_empty()
}

struct Finder<'t, 'o> {
    text: &'t [u8],
    range: Range<usize>,
    form: Form,
    least: Worth,
    labelled: Labelled<'t>,
    /// True if users have patterns of their own: any group may be theirs.
    users: bool,
    /// The chunk in hand.
    digits: Vec<u64>,
    signs: Signs,
    groups: Groups,
    /// Where in it key words make a look at groups worth while.
    zones: Vec<Range<usize>>,
    out: &'o mut Vec<(usize, Worth)>,
}

impl<'t, 'o> Finder<'t, 'o> {
    fn new(
        text: &'t [u8],
        range: Range<usize>,
        form: Form,
        least: Worth,
        out: &'o mut Vec<(usize, Worth)>,
    ) -> Self {
        let labelled = Labelled::new(text, form);
        let users = user::installed().is_some();
        Finder {
            text,
            range,
            form,
            least,
            labelled,
            users,
            digits: Vec::new(),
            signs: Signs::default(),
            groups: Groups::default(),
            zones: Vec::new(),
            out,
        }
    }

    /// Looks at all groups, or at those up to the first hot one.
    fn run(&mut self, once: bool) {
        let end = (self.range.end + SHAPE).min(self.text.len());
        let (mut at, mut many) = (self.range.start, false);
        while at < end {
            let stop = (at + CHUNK).min(end);
            // A chunk is mostly like the one before.
            if many || !self.sparse(&(at..stop)) {
                // A shape that begins here may end in the block behind.
                self.signs.fill(&self.text[..(stop + BLOCK).min(self.text.len())], at);
                many = self.chunk(at..stop);
            }
            if once && !self.out.is_empty() {
                return;
            }
            at = stop;
        }
    }

    /// Looks at a chunk with few groups that may be worth something, and no boxes; `false` if it is none. Most of most prose
    /// is such.
    fn sparse(&mut self, chunk: &Range<usize>) -> bool {
        let text = self.text;
        let bytes = &text[chunk.clone()];
        let ascii = bytes.is_ascii();
        // Digits of other scripts begin with these in UTF-8.
        if self.users || !ascii && memchr::memchr3(0xd9, 0xdb, 0xef, bytes).is_some() {
            return false;
        }
        bits::fill(bits::DIGITS, bytes, &mut self.digits);
        let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
        if self.digits[0] != 0 && (chunk.start.saturating_sub(BLOCK)..chunk.start).any(digit) {
            return false;
        }
        let (mut asked, mut count, mut before) = ([0; FEW as usize], 0, false);
        let mut singles = Singles::default();
        for (n, word) in self.digits.iter().enumerate() {
            let mut starts = word & !(word << 1 | u64::from(before));
            before = word >> (BLOCK - 1) == 1;
            while starts != 0 {
                let start = chunk.start + n * BLOCK + starts.trailing_zeros() as usize;
                starts &= starts - 1;
                if !digit(start + 1) && singles.are_boxes(start) {
                    return false;
                }
                if ascii && !may_count(text, start) {
                    continue;
                }
                if count == asked.len() {
                    return false;
                }
                asked[count] = start;
                count += 1;
            }
        }
        self.labelled.enter_unseen();
        for start in &asked[..count] {
            self.group(*start, true, true);
        }
        true
    }

    /// Looks at a chunk; `true` if it has many groups.
    fn chunk(&mut self, chunk: Range<usize>) -> bool {
        self.groups.fill(&self.signs);
        // The first word is of the block before.
        let own = 1..=chunk.len().div_ceil(BLOCK);
        let wide = self.signs.wide[1..].iter().any(|w| *w != 0);
        if wide && self.form == Form::Raw {
            self.other_digits(chunk.start, own.clone());
        }
        self.labelled.enter(&chunk, &self.signs);
        self.zones.clear();
        let many = self.has_many(own.clone());
        match many && !self.users {
            true => self.labelled.zones(&chunk, &self.signs, wide, &mut self.zones),
            false => self.zones.push(chunk.clone()),
        }
        let mut next = 0;
        for n in own {
            let (starts, base) = (self.groups.starts[n], chunk.start + (n - 1) * BLOCK);
            if starts == 0 {
                continue;
            }
            if self.groups.single[n] != 0 {
                self.boxes(base, n);
            }
            let zone = within(&self.zones, &mut next, base);
            let printed = self.groups.printed[n];
            let mut visits = starts & (zone | printed | self.groups.alone[n]);
            while visits != 0 {
                let bit = visits.trailing_zeros();
                visits &= visits - 1;
                self.group(base + bit as usize, printed >> bit & 1 == 1, zone >> bit & 1 == 1);
            }
        }
        many
    }

    /// True if more than a few groups begin in the blocks `own`.
    fn has_many(&self, own: RangeInclusive<usize>) -> bool {
        let mut count = 0;
        self.groups.starts[own].iter().any(|starts| {
            count += starts.count_ones();
            count > FEW
        })
    }

    /// Takes the group that starts at `at`, which may be `printed` as one of several; a label is asked for only if it is
    /// `near` a key word.
    fn group(&mut self, at: usize, printed: bool, near: bool) {
        if !self.range.contains(&at) {
            return;
        }
        let text = self.text;
        let shape = if printed { shape::begins(text, at) } else { None };
        if shape == Some(Worth::Look) {
            return self.note(at, Worth::Look);
        }
        let digits = text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let g = Group { start: at, end: at + digits };
        let before = at.checked_sub(1).map_or(b'\n', |i| text[i]);
        let after = text.get(g.end).copied().unwrap_or(b'\n');
        let beside = |b: u8| BESIDE[usize::from(b)];
        let wide = near && self.touches_wide(&g, before, after);
        if shape.is_some() || g.len() >= 4 || beside(before) || beside(after) || wide {
            let look = wide || shape::alone(text, &g, before);
            if look || near && (self.users || self.labelled.is_labelled(&g)) {
                return self.note(at, Worth::Look);
            }
        }
        let weak_card = shape::weak_card(text, &g);
        if weak_card && names_card(text, &g) {
            return self.note(at, Worth::Look);
        }
        let bare = shape.is_some() || weak_card || g.len() == 9 && is_bare(text, &g);
        if self.least == Worth::InValue && bare {
            self.note(at, Worth::InValue);
        }
    }

    /// True if the signs of a MICR line may stand behind the digits, or, in bytes as they stand in a file, more digits or
    /// what parts them on either side.
    fn touches_wide(&self, g: &Group, before: u8, after: u8) -> bool {
        let behind = self.text[g.end..(g.end + BEHIND).min(self.text.len())].trim_ascii_start();
        match self.form {
            Form::Raw => before >= 0x80 || after >= 0x80 || behind.first().is_some_and(|b| *b >= 0x80),
            Form::Normal | Form::Cells(_) => behind.starts_with(labelled::ON_US.as_bytes()),
        }
    }

    fn note(&mut self, start: usize, worth: Worth) {
        if self.range.contains(&start) && worth >= self.least {
            self.out.push((start, worth));
        }
    }

    /// Single digits that follow each other closely: nine of them stand within two blocks.
    fn boxes(&mut self, base: usize, n: usize) {
        let (mut before, own) = (self.groups.single[n - 1], self.groups.single[n]);
        if n > 1 && [before, own].iter().all(|bits| at_most_four(*bits)) {
            return;
        }
        // Of the block before a chunk.
        if n == 1 {
            before = self.singles_before(base);
        }
        if (before.count_ones() + own.count_ones()) as usize >= shape::BOXES {
            let bits = u128::from(own) << BLOCK | u128::from(before);
            // The text may begin later than the block before.
            let missing = BLOCK.saturating_sub(base);
            shape::boxes(self.text, base + missing - BLOCK, bits >> missing, |at| self.note(at, Worth::Look));
        }
    }

    /// The single digits among the 64 bytes before `base`.
    fn singles_before(&self, base: usize) -> u64 {
        let digit = |at: usize| self.text.get(at).is_some_and(u8::is_ascii_digit);
        let single = |at: &usize| digit(*at) && !digit(at + 1) && !at.checked_sub(1).is_some_and(digit);
        let from = base.saturating_sub(BLOCK);
        (from..base).filter(single).fold(0, |bits, at| bits | 1 << (at + BLOCK - base))
    }

    /// Digits of other scripts, by their first two bytes in UTF-8 (U+0660, U+06F0, U+FF10 and those behind).
    fn other_digits(&mut self, base: usize, blocks: RangeInclusive<usize>) {
        for n in blocks {
            let mut wide = self.signs.wide[n];
            while wide != 0 {
                let at = base + (n - 1) * BLOCK + wide.trailing_zeros() as usize;
                wide &= wide - 1;
                let next = self.text.get(at + 1).copied().unwrap_or(0);
                if matches!((self.text[at], next), (0xd9, 0xa0..=0xa9) | (0xdb, 0xb0..=0xb9) | (0xef, 0xbc)) {
                    self.note(at, Worth::Look);
                }
            }
        }
    }
}

/// Single digits that follow each other closely.
#[derive(Default)]
struct Singles {
    last: usize,
    count: usize,
}

impl Singles {
    /// True if with the one at `at` there are so many that they may be a number in boxes.
    fn are_boxes(&mut self, at: usize) -> bool {
        self.count = if self.count > 0 && at - self.last <= reading::BOX + 1 { self.count + 1 } else { 1 };
        self.last = at;
        self.count >= shape::BOXES
    }
}

/// False for a group in ASCII that is nothing, whatever stands near it: fewer than four digits, and neither one of several
/// groups nor touched by what makes it longer.
fn may_count(text: &[u8], start: usize) -> bool {
    let digits = text[start..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let byte = |at: usize| text.get(at).copied().unwrap_or(b'\n');
    let (before, after) = (start.checked_sub(1).map_or(b'\n', byte), byte(start + digits));
    let joined = shape::is_join(after) && byte(start + digits + 1).is_ascii_digit();
    digits == 4 || joined || BESIDE[usize::from(before)] || BESIDE[usize::from(after)]
}

/// True if no more than four bits are set: of nine boxes in two blocks one has more.
fn at_most_four(bits: u64) -> bool {
    (0..4).fold(bits, |bits, _| bits & bits.wrapping_sub(1)) == 0
}

/// True for nine digits that may be an SSN or a taxpayer number and touch nothing that makes them something else.
fn is_bare(text: &[u8], g: &Group) -> bool {
    let nine = &text[g.span()];
    (number::ssn(nine) || number::itin(nine)) && envelope::touched(text, &g.span(), false).is_none()
}

/// The bits of the 64 bytes from `base` on that lie within `zones`, which are in order; `next` is the first zone that may
/// still matter.
fn within(zones: &[Range<usize>], next: &mut usize, base: usize) -> u64 {
    while zones.get(*next).is_some_and(|z| z.end <= base) {
        *next += 1;
    }
    let mut bits = 0;
    for zone in zones[*next..].iter().take_while(|z| z.start < base + BLOCK) {
        let (from, to) = (zone.start.max(base) - base, zone.end.min(base + BLOCK) - base);
        bits |= u64::MAX << from & u64::MAX >> (BLOCK - to);
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::{scan, scan_value};
    use super::super::{Candidate, Rejects};
    use super::{CHUNK, FEW, Form, Worth, find, is_quiet};

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
            "SSN|ssn|Social Security No|ANSI 636002|\\|34\\|024613387|PID\\||912-71-3456|912 71 3456|State ID|license|MA Lic|DL|Acct|account number|routing|card|id|tax id| is the | is his |exp 12/27|35d|4d|\
             0 2 4 6 1 3 3 8 7|024-61-3387|024613387|4929 1375 2086 4174|4929137520864174|100012345678902|card number|UATP: |S12345678|SA1234567|\
             GB68NWBK40271583920647|[0-9]{1,10}|[A-Z][a-z]{1,8}|[ :#.,/_-]{1,3}|\n|\n\n|\t|[a-z ]{200,300}",
            1..24,
        )
    }

    fn cell() -> impl Strategy<Value = String> {
        prop::collection::vec(
            "SSN|024613387|024-61-3387|S12345678|SA1234567|DL|Acct|account number|card|4929137520864174|4929 1375 2086 4174|\
             912 71 3456|[0-9]{1,12}|[a-z]{1,9}|[ :#/_-]{1,2}|state|id",
            0..5,
        )
        .prop_map(|parts| parts.concat())
    }

    /// The text as it is, or among so many groups that key words are looked for first, somewhere in a chunk.
    fn among(text: &str, shift: Option<usize>) -> String {
        let many = "1234,".repeat(FEW as usize + 1);
        match shift {
            None => text.to_owned(),
            Some(shift) => format!("{}\n\n\n{many}\n{text}\n{many}", "x".repeat(shift)),
        }
    }

    fn shift() -> impl Strategy<Value = Option<usize>> {
        prop_oneof![Just(None), (0usize..100).prop_map(Some), (CHUNK - 600..CHUNK + 20).prop_map(Some)]
    }

    proptest! {
        #[test]
        fn looking_where_it_is_hot_finds_what_looking_everywhere_finds(parts in parts(), shift in shift()) {
            let text = among(&parts.concat(), shift);
            prop_assert_eq!(found(&text, false), found(&text, true), "in {}", text);
        }

        #[test]
        fn what_a_cell_holds_by_itself_is_hot_in_its_row(
            cells in prop::collection::vec(prop::collection::vec(cell(), 1..6), 1..60),
        ) {
            let text: String = cells.iter().map(|row| row.join(",") + "\n").collect();
            let (mut hot, mut start) = (Vec::new(), 0);
            find(text.as_bytes(), 0..text.len(), Form::Cells(b','), Worth::InValue, &mut hot);
            for cell in text.split_inclusive([',', '\n']) {
                let (mut out, mut rejects) = (Vec::new(), Rejects::new(true));
                scan_value(cell.trim_end_matches([',', '\n']), &mut out, &mut rejects);
                let found = out.iter().any(|c| c.score.value() > 5);
                let own = start..start + cell.len();
                prop_assert!(!found || hot.iter().any(|(at, _)| own.contains(at)), "{} in {}", cell, text);
                start = own.end;
            }
        }

        #[test]
        fn quiet_bytes_hold_nothing_once_they_are_decoded(
            parts in parts(),
            wide in prop::collection::vec("\u{2011}|\u{a0}|\u{200b}|\u{2028}|\u{ff10}|\u{662}|é", 0..3),
            at in any::<prop::sample::Index>(),
            shift in shift(),
        ) {
            let mut text: Vec<char> = parts.concat().chars().collect();
            for wide in wide.iter().flat_map(|w| w.chars()) {
                text.insert(at.index(text.len() + 1), wide);
            }
            let text = among(&text.into_iter().collect::<String>(), shift);
            if is_quiet(text.as_bytes(), 0..text.len(), Form::Raw, Worth::Look) {
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

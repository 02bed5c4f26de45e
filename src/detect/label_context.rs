//! Which label governs a number in running text: the nearest one before it on its line, else one right behind
//! it, else one in the line above.
//!
//! Everything here reads a bounded stretch around the number, so that a result never depends on how a file was
//! cut into ranges.

use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::pattern::LabelKind;
use crate::pattern::label::{self, Hit, Label, Labels, Words};

use super::group::Group;

/// The longest line that is looked at as a whole, in bytes.
pub const LINE: usize = 2048;
/// Up to this length a line is looked through as a whole.
const ONCE: usize = 512;
/// How far a label may stand before its number.
const BEFORE: usize = 40;
/// The shortest line that reads as broken where it ends.
const BROKEN: usize = 40;
/// The fewest words in small letters of a line of running text.
const WORDS: usize = 4;
/// How far a label against a number may stand before it.
const AGAINST: usize = 16;
/// Spaces that part columns.
static COLUMNS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"  "));
/// How far a label may stand behind its number.
const BEHIND: usize = 6;

/// Where a label stands in relation to its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Before it, or right behind it.
    Inline,
    /// In the line above.
    Above,
}

/// A label that governs a number.
#[derive(Clone)]
pub struct Governing {
    /// Its meanings.
    pub labels: Labels,
    /// Where it stands in the text.
    pub span: Range<usize>,
    /// In relation to the number.
    pub side: Side,
}

impl Governing {
    /// The meaning of one of these kinds.
    #[must_use]
    pub fn of(&self, kinds: &[LabelKind]) -> Option<Label> {
        self.labels.iter().find(|l| kinds.contains(&l.kind))
    }

    /// A meaning against the elements of these bits (see [`Label::against`]).
    #[must_use]
    pub fn against(&self, bits: u8) -> bool {
        self.labels.iter().any(|l| l.kind == LabelKind::Negative && l.against & bits != 0)
    }
}

/// Finds labels around numbers in one text.
pub struct LabelContext<'t> {
    text: &'t str,
    words: Words,
    cache: Vec<(Range<usize>, Rc<[Hit]>)>,
}

impl<'t> LabelContext<'t> {
    /// For one text.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        LabelContext { text, words: Words::default(), cache: Vec::new() }
    }

    /// The labels of a stretch of text (a line, or a piece of a long one).
    pub fn hits(&mut self, piece: Range<usize>) -> Rc<[Hit]> {
        if let Some((_, hits)) = self.cache.iter().find(|(r, _)| *r == piece) {
            return Rc::clone(hits);
        }
        let mut hits = Vec::new();
        label::inline(&self.text[piece.clone()], &mut self.words, &mut hits);
        for h in &mut hits {
            h.span = h.span.start + piece.start..h.span.end + piece.start;
        }
        let hits: Rc<[Hit]> = hits.into();
        if self.cache.len() >= 12 {
            self.cache.remove(0);
        }
        self.cache.push((piece, Rc::clone(&hits)));
        hits
    }

    /// The label that governs the number at `span`; `groups` are the digit groups around it, in order.
    pub fn governing(&mut self, span: &Range<usize>, groups: &[Group]) -> Option<Governing> {
        let line = line_around(self.text, span.start);
        // A line of usual length is looked through once for all its numbers, a long one around each.
        let piece = if line.len() <= ONCE { line.clone() } else { self.around(span, &line) };
        let hits = self.hits(piece);
        before(self.text, &hits, span, groups)
            .or_else(|| behind(self.text, &hits, span))
            .or_else(|| self.wrapped(span, &line, groups))
            .or_else(|| self.above(span, &line))
    }

    /// A label before a number which a broken line parts from it.
    fn wrapped(&mut self, span: &Range<usize>, line: &Range<usize>, groups: &[Group]) -> Option<Governing> {
        let above = line_above(self.text, line).filter(|above| above.end + 1 == line.start)?;
        if !goes_on(&self.text[above.clone()], &self.text[line.start..span.start]) {
            return None;
        }
        let lo = char_at_or_after(self.text, above.end.saturating_sub(3 * BEFORE).max(above.start));
        let hits = self.hits(lo..span.start);
        before(self.text, &hits, span, groups)
    }

    fn around(&self, span: &Range<usize>, line: &Range<usize>) -> Range<usize> {
        let lo = char_at_or_after(self.text, span.start.saturating_sub(3 * BEFORE).max(line.start));
        lo..char_at_or_after(self.text, (span.end + BEFORE).min(line.end))
    }

    fn above(&mut self, span: &Range<usize>, line: &Range<usize>) -> Option<Governing> {
        let above = line_above(self.text, line)?;
        let hits = self.hits(above.clone());
        let numberish: Vec<&Hit> = hits.iter().filter(|h| is_numberish(h)).collect();
        let own = &self.text[line.clone()];
        // Marks of quoted mail and of lists are no text.
        let alone = own.trim_start_matches(['>', '*', '-', ' ', '\t']).trim_end().len() <= span.len() + 2;
        let hit = match numberish.as_slice() {
            [one] if alone => {
                Some(*one).filter(|hit| !is_against(hit) || is_all_of(hit, &self.text[above.clone()]))
            }
            [] => None,
            _ if !heads(&self.text.as_bytes()[above.clone()]) => None,
            _ => {
                let column = aligned(self.text, line, &above, span.start);
                numberish.into_iter().find(|h| column.contains(&h.span.start))
            }
        };
        hit.map(|h| Governing { labels: h.labels, span: h.span.clone(), side: Side::Above })
    }
}

/// The line around `at`; of a line longer than [`LINE`] the part within half of that on either side.
#[must_use]
pub fn line_around(text: &str, at: usize) -> Range<usize> {
    let b = text.as_bytes();
    let lo = at.saturating_sub(LINE);
    let hi = (at + LINE).min(b.len());
    let start = memchr::memrchr(b'\n', &b[lo..at]).map(|p| lo + p + 1);
    let end = memchr::memchr(b'\n', &b[at..hi]).map(|p| at + p);
    let start = start.unwrap_or(if lo == 0 { 0 } else { char_at_or_after(text, at - LINE / 2) });
    let end = end.unwrap_or(if hi == b.len() { hi } else { char_at_or_after(text, at + LINE / 2) });
    start..end
}

/// The nearest line above `line` that is not blank, at most two lines up; its last [`LINE`] bytes if longer.
#[must_use]
pub fn line_above(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let mut end = line.start.checked_sub(1)?;
    for _ in 0..2 {
        if text.as_bytes().get(end) != Some(&b'\n') {
            return None;
        }
        let lo = char_at_or_after(text, end.saturating_sub(LINE));
        let start = memchr::memrchr(b'\n', &text.as_bytes()[lo..end]).map_or(lo, |p| lo + p + 1);
        if !text[start..end].trim().is_empty() {
            return Some(start..end);
        }
        end = start.checked_sub(1)?;
    }
    None
}

/// The first character boundary at or after `at`.
#[must_use]
pub fn char_at_or_after(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len())
}

/// True if a line reads as headings or a label, and not as a sentence.
pub(super) fn heads(line: &[u8]) -> bool {
    // The indent of a paragraph makes no columns.
    let line = line.trim_ascii();
    let few = |line: &[u8]| {
        let blank = |pair: &&[u8]| pair[0].is_ascii_whitespace() && !pair[1].is_ascii_whitespace();
        line.windows(2).filter(blank).nth(5).is_none()
    };
    memchr::memchr2(b'\t', b'|', line).is_some()
        || COLUMNS.find(line).is_some()
        || (!line.ends_with(b".") || ends_with_number(line)) && few(line)
}

/// True if a line of running text goes on with what the line below begins with: a few words that begin none, or nothing.
fn goes_on(above: &str, lead: &str) -> bool {
    let above = above.trim_end();
    let broken = above.len() >= BROKEN && above.ends_with(|c: char| c.is_alphanumeric() || c == ',');
    let lead = lead.trim_start();
    let inside = lead.len() <= BEFORE && !lead.starts_with(|c: char| !c.is_lowercase());
    // Not a list of codes, in which `DDA` is no account.
    let letter = |b: u8| b.is_ascii_lowercase() || b == b'\'';
    let word = |w: &&str| w.len() > 1 && w.trim_end_matches(',').bytes().all(letter);
    // Words that go on the sentence say so, too.
    let words = if lead.is_empty() { WORDS } else { WORDS - 1 };
    broken
        && inside
        && !heads(above.as_bytes())
        && above.split_whitespace().filter(word).nth(words - 1).is_some()
}

/// `Social Security No.`: that stop ends no sentence.
fn ends_with_number(line: &[u8]) -> bool {
    [b" no.".as_slice(), b" nos.", b" num.", b" nbr."]
        .iter()
        .any(|end| line.len() > end.len() && line[line.len() - end.len()..].eq_ignore_ascii_case(end))
}

/// The stretch of the line above that stands over the number: the same cell where both lines have tabs, else
/// four characters either side of its column.
fn aligned(text: &str, line: &Range<usize>, above: &Range<usize>, at: usize) -> Range<usize> {
    let tabs = |s: &str| s.bytes().filter(|b| *b == b'\t').count();
    let (upper, own) = (&text[above.clone()], &text[line.clone()]);
    if tabs(upper) > 0 && tabs(upper) == tabs(own) {
        let cell = tabs(&text[line.start..at]);
        let mut start = above.start;
        for part in upper.split('\t').take(cell) {
            start += part.len() + 1;
        }
        let end = text[start..above.end].find('\t').map_or(above.end, |p| start + p);
        return start..end;
    }
    let column = above.start + (at - line.start);
    column.saturating_sub(4)..column + 5
}

fn is_against(hit: &Hit) -> bool {
    hit.labels.iter().all(|l| l.kind == LabelKind::Negative)
}

/// True if a label is nearly all that a line says: `Patrick Page` is no page.
fn is_all_of(hit: &Hit, line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    letters <= hit.span.len() + 3
}

fn before(text: &str, hits: &[Hit], span: &Range<usize>, groups: &[Group]) -> Option<Governing> {
    for hit in hits.iter().rev().filter(|h| h.span.end <= span.start) {
        let gap = span.start - hit.span.end;
        if gap > BEFORE {
            return None;
        }
        if !is_numberish(hit) {
            continue;
        }
        let against = is_against(hit);
        let mut between = groups.iter().filter(|g| g.start >= hit.span.end && g.end <= span.start);
        let spent = match against {
            true => gap > AGAINST || between.count() > 0 || !only_filler(&text[hit.span.end..span.start]),
            false => between.rfind(|g| g.len() > 4).is_some_and(|g| !listed(&text[g.end..span.start])),
        };
        if !spent {
            return Some(Governing { labels: hit.labels, span: hit.span.clone(), side: Side::Inline });
        }
        if !against {
            return None;
        }
    }
    None
}

/// True if nothing but punctuation and words like `no.` stands between a label and its number.
#[must_use]
pub fn only_filler(between: &str) -> bool {
    between
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .all(|w| ["no", "number", "num", "nbr", "is", "id"].iter().any(|k| w.eq_ignore_ascii_case(k)))
}

/// True if what stands between two numbers makes them one list under one label.
fn listed(between: &str) -> bool {
    let b = between.trim();
    between.len() <= 6 && matches!(b, "," | ";" | "and" | "&" | "/" | "or" | "")
}

/// A label right behind the number, as in `024613387 (SSN)` and `024-61-3387 is the SSN`; only one that names an
/// element. `span` may be the first group of the number only.
fn behind(text: &str, hits: &[Hit], span: &Range<usize>) -> Option<Governing> {
    let end = number_end(text.as_bytes(), span.end);
    let hit = hits.iter().find(|h| h.span.start >= end)?;
    let gap = text.get(end..hit.span.start)?;
    let bracket = gap.len() <= BEHIND && gap.trim_start().starts_with(['(', '[', '-', '=']);
    let close = bracket || IS_THE.iter().any(|words| gap.trim() == *words);
    let positive = hit.labels.iter().any(|l| l.kind != LabelKind::Negative) && is_numberish(hit);
    (close && positive).then(|| Governing { labels: hit.labels, span: hit.span.clone(), side: Side::Inline })
}

/// Words between a number and what it is.
const IS_THE: [&str; 6] = ["is the", "is his", "is her", "is their", "is my", "is your"];
/// The longest rest of a number, in bytes.
const REST: usize = 20;

/// Where the groups of digits end that go on with one separator each.
fn number_end(text: &[u8], end: usize) -> usize {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = end;
    while at < end + REST {
        at += match text.get(at) {
            Some(b'0'..=b'9') => 1,
            Some(b'-' | b'.' | b' ') if digit(at + 1) => 2,
            _ => break,
        };
    }
    at
}

/// True if the label names a number of some kind, or speaks against one; names, places and the like do not
/// come between a label and its number.
fn is_numberish(hit: &Hit) -> bool {
    use LabelKind as K;
    hit.labels.iter().any(|l| match l.kind {
        K::Ssn
        | K::DriversLicense
        | K::StateId
        | K::CardNumber
        | K::AccountNumber
        | K::Iban
        | K::Routing
        | K::Swift
        | K::SsnPart
        | K::CardPart
        | K::InternalId
        | K::HealthId
        | K::Passport
        | K::AlienNumber
        | K::Zip
        | K::Pin
        | K::Cvv
        | K::CardExpiry
        | K::DateOfBirth => true,
        K::Negative => l.against & 15 != 0,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::group::groups;

    fn governing(text: &str, number: &str) -> Option<(LabelKind, Side)> {
        let start = text.find(number).expect("the number stands in the text");
        let mut all = Vec::new();
        groups(text.as_bytes(), 0..text.len(), &mut all);
        let g = LabelContext::new(text).governing(&(start..start + number.len()), &all)?;
        g.labels.iter().map(|l| (l.kind, g.side)).max_by_key(|(k, _)| *k != LabelKind::Negative)
    }

    #[test]
    fn the_nearest_label_before_governs() {
        let text = "Routing number: 011307187 Account number: 4829176503";
        assert_eq!(governing(text, "011307187"), Some((LabelKind::Routing, Side::Inline)));
        assert_eq!(governing(text, "4829176503"), Some((LabelKind::AccountNumber, Side::Inline)));
    }

    #[test]
    fn a_label_against_governs_only_the_number_it_stands_at() {
        assert_eq!(
            governing("Part number 412-88-1047", "412-88-1047"),
            Some((LabelKind::Negative, Side::Inline))
        );
        assert_eq!(governing("Order #77120, then 024-61-3387", "024-61-3387"), None);
    }

    #[test]
    fn a_broken_line_may_part_a_label_from_its_number() {
        let line = "The applicant has given us his Social Security number";
        for text in [
            format!("{line} as\n024613387 when"),
            format!("{line},\nwhich is 024613387"),
            line.replace(" number", "\nnumber 024613387"),
        ] {
            assert_eq!(governing(&text, "024613387"), Some((LabelKind::Ssn, Side::Inline)), "{text}");
        }
        for text in [
            format!("{line}.\n024613387 when"),
            format!("{line}\n\nwhich is 024613387"),
            format!("{line}\nRoom 024613387"),
            "his SSN\nthat is 024613387 now".to_owned(),
            "0DD8 ; [.3086.0020.0002] # SINHALA VOWEL SIGN, SSN\n024613387 ; [.3087]".to_owned(),
        ] {
            assert_ne!(governing(&text, "024613387"), Some((LabelKind::Ssn, Side::Inline)), "{text}");
        }
    }

    #[test]
    fn the_rest_of_a_label_may_begin_the_next_line() {
        let text = "11:15 Lindqvist, Maeve presented a Massachusetts driver's license,\nnumber S81080635, at check-in.";
        assert_eq!(governing(text, "S81080635"), Some((LabelKind::DriversLicense, Side::Inline)));
    }

    #[test]
    fn somebody_called_page_is_no_page() {
        assert_eq!(governing("012-20-2555 Patrick Page\n* (021-63-5373)", "021-63-5373"), None);
        assert_eq!(governing("Page\n021-63-5373", "021-63-5373"), Some((LabelKind::Negative, Side::Above)));
    }

    #[test]
    fn a_label_may_stand_behind_or_above() {
        assert_eq!(governing("024613387 (SSN)", "024613387"), Some((LabelKind::Ssn, Side::Inline)));
        assert_eq!(
            governing("Social Security No.\n024-61-3387", "024-61-3387"),
            Some((LabelKind::Ssn, Side::Above))
        );
        assert_eq!(
            governing("Name\tSSN\tAccount\nx\t024613387\t4829176503", "4829176503"),
            Some((LabelKind::AccountNumber, Side::Above))
        );
    }

    #[test]
    fn long_lines_are_looked_at_in_part() {
        let text = format!("{}SSN 024613387{}", "x ".repeat(4000), " y".repeat(4000));
        assert_eq!(governing(&text, "024613387"), Some((LabelKind::Ssn, Side::Inline)));
    }
}

//! The people of a line.

use std::ops::Range;
use std::rc::Rc;

use super::words::{is_bystander, is_greeting};
use super::{Occurrence, Prose, following, letter, lettered, name_fields, previous};
use crate::associate::wrapped;
use crate::detect::Candidate;
use crate::detect::label_context::LabelContext;
use crate::event::Confidence;
use crate::name::{self, NameHit};
use crate::pattern::LabelKind;
use crate::pattern::label::Hit;

/// Points from which on a number is hardly anything else; and of a number at a label of its own.
const SURE: i32 = 70;
const LABELLED: i32 = 45;
/// The longest line that is nothing but a name, in words.
const WORDS: usize = 5;

impl Prose<'_> {
    /// The people of a line. Names that touch the cut end of a long line are left out: they may be incomplete.
    pub(super) fn people(&mut self, line: &Range<usize>) -> Rc<[Occurrence]> {
        if let Some((_, people)) = self.names.iter().find(|(r, _)| r == line) {
            return Rc::clone(people);
        }
        let text = self.unit.text;
        if !lettered(&text[line.clone()]) {
            return Rc::new([]);
        }
        let above = previous(text, line);
        let mut hits = Vec::new();
        let words = wrapped::without_rules(&text[line.clone()]);
        match self.has_sure_number(line) {
            true => name::find_beside_number(&words, above.clone().map(|r| &text[r]), &mut hits),
            false => name::find(&words, above.clone().map(|r| &text[r]), &mut hits),
        }
        wrapped::across(text, above.clone(), Some(line.clone()), line, &mut hits);
        wrapped::across(text, Some(line.clone()), following(text, line), line, &mut hits);
        name_fields::join(text, line, &mut hits);
        self.cut_at_labels(line, &words, &mut hits);
        let cut_left = line.start > 0 && text.as_bytes()[line.start - 1] != b'\n';
        let cut_right = line.end < text.len() && text.as_bytes()[line.end] != b'\n';
        // Around each number of a long line lies another part of it; what it leaves out may be the name.
        let whole = !cut_left && !cut_right;
        if whole && self.must_name(line) && !hits.iter().any(|hit| self.is_near(line, hit)) {
            let mut only = Vec::new();
            name::find_only(&words, above.clone().map(|r| &text[r]), &mut only);
            self.drop_labels(line, &mut only);
            hits.retain(|hit| only.iter().all(|o| apart(&o.span, &hit.span)));
            hits.append(&mut only);
            hits.sort_by_key(|hit| hit.span.start);
        }
        let headed = above.is_some_and(|above| is_label_of_bystander(&text[above]));
        hits.retain(|h| {
            let before = &text[line.start..line.start + h.span.start];
            let bystander = is_bystander(before) || headed && !before.contains(char::is_alphanumeric);
            !bystander && !is_greeting(&h.name.first)
        });
        let people: Rc<[Occurrence]> = hits
            .into_iter()
            .filter(|h| !(cut_left && h.span.start < 48 || cut_right && h.span.end + 48 > line.len()))
            .map(|mut h| {
                h.span = h.span.start + line.start..h.span.end + line.start;
                Rc::new(h)
            })
            .collect();
        if self.names.len() >= 64 {
            self.names.remove(0);
        }
        self.names.push((line.clone(), Rc::clone(&people)));
        people
    }

    /// True if a number that is hardly anything else stands on the line.
    fn has_sure_number(&self, line: &Range<usize>) -> bool {
        self.numbers_on(line).any(|c| c.score.value() >= SURE)
    }

    /// True if the line holds a number that must be somebody's, or is nothing but a name or a phrase right above a
    /// line with one.
    fn must_name(&self, line: &Range<usize>) -> bool {
        let labelled = |c: &Candidate| c.score.value() >= LABELLED && c.score.has("label");
        if self.has_sure_number(line) || self.numbers_on(line).any(labelled) {
            return true;
        }
        let text = self.unit.text;
        let Some(below) = following(text, line) else { return false };
        if self.numbers_on(line).next().is_some() {
            return false;
        }
        if !self.has_sure_number(&below) {
            return self.heads_address(line, &below);
        }
        let own = text[line.clone()].trim();
        own.ends_with(':') && !lettered(&text[below]) || is_name_alone(without_mark(own))
    }

    /// True if a line is the first of an address: nothing but a name or a phrase above a street and a town with its ZIP.
    fn heads_address(&self, line: &Range<usize>, street: &Range<usize>) -> bool {
        let text = self.unit.text;
        letter::is_street(&text[street.clone()])
            && is_name_alone(text[line.clone()].trim())
            && following(text, street).is_some_and(|town| ends_with_zip(&text[town]))
    }

    /// True if a person is meant as likely as not, and no sentence ends between it and the numbers of the line.
    fn is_near(&self, line: &Range<usize>, hit: &NameHit) -> bool {
        let (start, end) = (line.start + hit.span.start, line.start + hit.span.end);
        let between = |c: &Candidate| end.min(c.span.end)..start.max(c.span.start);
        let joined = |c: &Candidate| !self.unit.text.get(between(c)).is_some_and(super::ends_sentence);
        let mut numbers = self.numbers_on(line).peekable();
        hit.confidence > Confidence::Low && (numbers.peek().is_none() || numbers.any(joined))
    }

    /// Reads names that run into a label of a number again without it: `Antonia Andrade Soc. Sec. #`.
    fn cut_at_labels(&self, line: &Range<usize>, words: &str, hits: &mut Vec<NameHit>) {
        if hits.is_empty() || !self.has_sure_number(line) {
            return;
        }
        let labels = LabelContext::new(self.unit.text).hits(line.clone());
        let starts = |hit: &NameHit| {
            let inside = line.start + hit.span.start + 1..line.start + hit.span.end;
            let number =
                |l: &&Hit| l.labels.of_kind(LabelKind::Ssn).is_some() && inside.contains(&l.span.start);
            labels.iter().find(number).map(|label| label.span.start - line.start)
        };
        for hit in hits {
            let mut again = Vec::new();
            if let Some(before) = starts(hit).and_then(|end| words.get(..end)) {
                name::find_beside_number(before, None, &mut again);
            }
            if let Some(shorter) = again.pop().filter(|shorter| !apart(&shorter.span, &hit.span)) {
                *hit = shorter;
            }
        }
    }

    /// Leaves out what labels are made of; not a name whose words are both known as such (`Maureen Page`).
    fn drop_labels(&self, line: &Range<usize>, hits: &mut Vec<NameHit>) {
        if hits.is_empty() {
            return;
        }
        let text = self.unit.text;
        let labels = LabelContext::new(text).hits(line.clone());
        let known = |h: &NameHit| name::is_given(&h.name.first) && name::is_surname(&h.name.last);
        hits.retain(|h| {
            let span = line.start + h.span.start..line.start + h.span.end;
            let mut inside = labels.iter().filter(|label| !apart(&label.span, &span));
            inside.all(|label| known(h) && !text[label.span.clone()].contains(' '))
        });
    }
}

fn apart(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end <= b.start || b.end <= a.start
}

/// True for the label of somebody beside the subject of a form, alone on its line.
fn is_label_of_bystander(line: &str) -> bool {
    let line = line.trim();
    line.split(' ').count() <= WORDS && !line.ends_with('.') && is_bystander(line)
}

/// A line without the mark of a list or a time before it (`11:37 T. Hargrove`).
fn without_mark(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-' | '*' | '•' | ')' | ' '))
}

/// `Lowell, MA 01852`
fn ends_with_zip(line: &str) -> bool {
    let line = line.trim_end();
    let zip = line.rsplit(' ').next().unwrap_or_default();
    let state = line[..line.len() - zip.len()].trim_end();
    let digits = zip.get(..5).is_some_and(|z| z.bytes().all(|b| b.is_ascii_digit()));
    digits && matches!(zip.len(), 5 | 10) && state.ends_with(|c: char| c.is_ascii_alphabetic())
}

/// True for a line of a few words, each with a capital, and nothing else but the signs of names.
fn is_name_alone(line: &str) -> bool {
    let signs = |c: char| c.is_alphabetic() || " .,'-".contains(c);
    let words = line.split([' ', ',']).filter(|w| !w.is_empty());
    line.chars().all(signs)
        && (2..=WORDS).contains(&words.clone().count())
        && words.filter(|w| w.starts_with(char::is_uppercase)).count() > 1
        && line.split(' ').all(|w| w.starts_with(char::is_uppercase) || w.len() <= 3)
}

//! Names that a line break or the rules of a form keep from being read.

use std::borrow::Cow;
use std::ops::Range;

use crate::event::Confidence;
use crate::name::{self, NameHit};
use crate::pattern::label::{self, Words};

/// A line shorter than this is not broken by its margin.
const MARGIN: usize = 30;
/// How many words on either side of a break a name may have.
const WORDS: usize = 3;
/// How much of a line is looked at for a label, in bytes.
const LABEL: usize = 40;

/// A line of a form whose blanks are filled in over a rule of underscores: those are spaces. Lengths stay.
#[must_use]
pub fn without_rules(line: &str) -> Cow<'_, str> {
    if line.contains("__") { Cow::Owned(line.replace('_', " ")) } else { Cow::Borrowed(line) }
}

/// Appends the name that begins at the end of one line and ends at the start of the next, with the part of its span
/// on `own`, one of the two (spans are relative to it). Marks of quoted mail before the lines are no text.
pub fn across(
    text: &str,
    upper: Option<Range<usize>>,
    lower: Option<Range<usize>>,
    own: &Range<usize>,
    hits: &mut Vec<NameHit>,
) {
    let (Some(upper), Some(lower)) = (upper, lower) else { return };
    let (a, b) = (text[upper.clone()].trim_end(), text[lower.clone()].trim_start_matches(['>', ' ', '|']));
    let last = a.rsplit(' ').next().unwrap_or_default();
    let first = b.split([' ', ',', '.', ';']).next().unwrap_or_default();
    if a.len() < MARGIN || b.len() < 2 || !is_word(last) || !is_word(first) {
        return;
    }
    if begins_with_label(b) {
        return;
    }
    let start = a.rmatch_indices(' ').map(|(i, _)| i + 1).nth(WORDS - 1).unwrap_or(0);
    let end = b.match_indices(' ').map(|(i, _)| i).nth(WORDS - 1).unwrap_or(b.len());
    let joined = format!("{} {}", &a[start..], &b[..end]);
    let at = a.len() - start;
    let mut found = Vec::new();
    name::find(&joined, None, &mut found);
    let Some(mut hit) = found.into_iter().find(|h| h.span.start < at && h.span.end > at + 1) else { return };
    let lead = lower.end - b.len();
    hit.span = if *own == upper {
        start + hit.span.start..a.len()
    } else {
        lead - lower.start..lead - lower.start + hit.span.end - at - 1
    };
    if hits.iter().any(|h| h.span.start < hit.span.end && hit.span.start < h.span.end) {
        return;
    }
    hit.confidence = hit.confidence.min(Confidence::Medium);
    hits.push(hit);
    hits.sort_by_key(|h| h.span.start);
}

/// True if the label of a field begins a line.
fn begins_with_label(line: &str) -> bool {
    let head = line.split([':', '\t', '=']).next().unwrap_or_default();
    let mut hits = Vec::new();
    label::inline(head.get(..LABEL).unwrap_or(head), &mut Words::default(), &mut hits);
    hits.iter().any(|hit| hit.span.start == 0)
}

/// A word in capitals or with one, and nothing behind it.
fn is_word(word: &str) -> bool {
    word.chars().count() > 1
        && word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let at = text.find('\n').expect("two lines");
        let (upper, lower) = (0..at, at + 1..text.len());
        let spans = |own: &Range<usize>| {
            let mut hits = Vec::new();
            across(text, Some(upper.clone()), Some(lower.clone()), own, &mut hits);
            hits.into_iter().map(|h| text[own.clone()][h.span].to_owned()).collect::<Vec<_>>()
        };
        [spans(&upper), spans(&lower)].concat()
    }

    #[test]
    fn a_name_goes_on_behind_a_margin() {
        assert_eq!(
            found("We have the signed form of our employee Tobias\nHargrove and others."),
            ["Tobias", "Hargrove"]
        );
        assert_eq!(
            found("> Please add to the list our member Tobias\n> Hargrove, as said."),
            ["Tobias", "Hargrove"]
        );
    }

    #[test]
    fn lines_of_a_list_are_not_broken() {
        assert!(found("Tobias\nHargrove").is_empty());
        assert!(found("We have the signed form of our friend Tobias.\nHargrove is another.").is_empty());
    }
}

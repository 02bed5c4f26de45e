//! Cards: blocks of lines `label: value` one after the other, each about a person of its own.
//!
//! A reader sees at once that they are records, whatever their fields are called and whether the name stands first or
//! last in them. They are judged as objects: nothing is joined across the blank lines between them.

use std::ops::Range;

use crate::associate::fields::Role;
use crate::associate::object;
use crate::detect::cell::Value;
use crate::document::{Field, Object, Place};
use crate::event::Link;
use crate::finding::Findings;
use crate::pattern::label::{self, Words};

/// How many cards make a list, and how many lines a card has.
const CARDS: usize = 2;
const LINES: Range<usize> = 2..65;
/// The longest label, in bytes and words.
const LABEL: (usize, usize) = (40, 5);

/// A card: its fields with where they begin, and its stretch of the text.
struct Card<'t> {
    fields: Vec<(usize, &'t str, &'t str)>,
    span: Range<usize>,
}

/// Judges the lists of cards in a text, and returns their stretches in order.
pub(super) fn judge(
    text: &str,
    taken: &dyn Fn(usize) -> bool,
    place: &dyn Fn(usize) -> Place,
    out: &mut dyn Findings,
) -> Vec<Range<usize>> {
    let mut words = Words::default();
    let mut stretches = Vec::new();
    for list in lists(text, taken) {
        if !list.iter().all(|card| is_named(card, &mut words)) {
            continue;
        }
        for card in list {
            object::associate(&card.object(place), Link::Form, out);
            stretches.push(card.span);
        }
    }
    stretches
}

/// Cards that follow each other and begin with the same label.
fn lists<'t>(text: &'t str, taken: &dyn Fn(usize) -> bool) -> Vec<Vec<Card<'t>>> {
    let mut lists: Vec<Vec<Card<'t>>> = Vec::new();
    let (mut at, mut follows) = (0, false);
    while at < text.len() {
        let end = block_end(text, at);
        let block = &text[at..end];
        if !block.trim().is_empty() {
            let card = if taken(at) { None } else { card(block, at) };
            match (card, lists.last_mut().filter(|_| follows)) {
                (Some(card), Some(list)) if list[0].fields[0].1 == card.fields[0].1 => list.push(card),
                (Some(card), _) => {
                    lists.push(vec![card]);
                    follows = true;
                }
                (None, _) => follows = false,
            }
        }
        at = end;
    }
    lists.retain(|list| list.len() >= CARDS);
    lists
}

/// Where the lines from `at` on end that no blank line parts: behind the next blank line.
fn block_end(text: &str, at: usize) -> usize {
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        end += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    end
}

/// The block as a card, if all its lines are fields with labels of their own.
fn card(block: &str, at: usize) -> Option<Card<'_>> {
    let (mut fields, mut start) = (Vec::new(), at);
    for line in block.split_inclusive('\n').take(LINES.end + 1) {
        if !line.trim().is_empty() {
            let (label, value) = field(line)?;
            if fields.iter().any(|(_, known, _)| *known == label) {
                return None;
            }
            fields.push((start, label, value));
        }
        start += line.len();
    }
    LINES.contains(&fields.len()).then(|| Card { fields, span: at..at + block.len() })
}

/// Label and value of a line that holds one field.
fn field(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.trim().split_once(':')?;
    let (label, inner) = (label.trim_end(), value.trim());
    let plain = label.starts_with(char::is_alphabetic) && !label.contains(['\t', ',', ';']);
    let short = label.len() <= LABEL.0 && label.split_whitespace().count() <= LABEL.1;
    let apart = value.is_empty() || value.starts_with([' ', '\t']);
    let one = !inner.contains(['\t', '|']) && !inner.contains("  ") && !inner.contains(": ");
    (plain && short && apart && one).then_some((label, inner))
}

/// True if a field of the card is a name by its label.
fn is_named(card: &Card<'_>, words: &mut Words) -> bool {
    card.fields.iter().any(|(_, label, value)| {
        let labels = label::header(label, words);
        Role::of(&Value { text: value, labels, header: label, number: false }, words).name.is_some()
    })
}

impl Card<'_> {
    fn object(&self, place: &dyn Fn(usize) -> Place) -> Object {
        let field = |(at, label, value): &(usize, &str, &str)| Field {
            key: (*label).to_owned(),
            value: (*value).to_owned(),
            number: false,
            place: place(*at),
        };
        let fields = self.fields.iter().map(field).collect();
        Object { name: String::new(), fields, children: Vec::new(), place: place(self.span.start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Vec<usize> {
        lists(text, &|_| false).iter().map(Vec::len).collect()
    }

    #[test]
    fn blocks_of_fields_one_after_the_other_are_cards() {
        assert_eq!(count("Id: 7\nSSN: 024-61-3387\nName: Tobias\n\nId: 8\nSSN:\nName: Maeve\n"), [2]);
        assert_eq!(
            count("Team\n\nId: 7\nName: Tobias\n\n\nId: 8\nName: Maeve\n\nId: 9\nDue: 3 p.m.\n\nDone"),
            [3]
        );
    }

    #[test]
    fn one_block_prose_and_messages_are_none() {
        assert!(count("Id: 7\nName: Tobias\n\nPlease call.").is_empty());
        assert!(count("From: Ann\nTo: Bob\n\nHello Bob,\nsee below.\n\nFrom: Bob\nTo: Ann\n\nHi").is_empty());
        assert!(count("Last: Hargrove   First: Tobias\nSSN: 1\n\nLast: Ng   First: Cy\nSSN: 2\n").is_empty());
    }
}

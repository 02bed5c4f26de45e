//! Two people side by side on a form: labels, and a column of values for each.

use std::ops::Range;
use std::rc::Rc;

use super::name_fields::cells;
use super::words::ends_form;
use super::{AROUND, Occurrence, Prose, lettered, previous};
use crate::name::{self, NameHit, Order};
use crate::pattern::LabelKind;
use crate::pattern::label::{self, Labels, Words};

/// How many lines above a number the names may stand.
const LINES: usize = 12;
/// Labels and two columns of values.
const COLUMNS: usize = 3;

impl Prose<'_> {
    /// The person of the column in which a number stands: the same cell of a line above that begins with the label of
    /// a name and has as many cells, two values at least.
    pub(super) fn in_column(&self, number: &Range<usize>, line: &Range<usize>) -> Option<Occurrence> {
        let text = self.unit.text;
        // Its label stands before it, in a column of its own.
        let before = &text[line.start..number.start];
        if !lettered(before) || !before.contains('\t') && !before.contains("  ") {
            return None;
        }
        let own = cells(&text[line.clone()]);
        let at = number.start - line.start;
        let column = own.iter().position(|cell| cell.contains(&at)).filter(|column| *column > 0)?;
        if own.len() < COLUMNS || !text[line.clone()][own[0].clone()].contains(char::is_alphabetic) {
            return None;
        }
        let mut above = line.clone();
        for _ in 0..LINES {
            above = previous(text, &above).filter(|n| line.start - n.start <= AROUND)?;
            let words = &text[above.clone()];
            if ends_form(words, true) || (self.unit.is_row)(&above) {
                return None;
            }
            let names = cells(words);
            if names.len() == own.len() && asks_for_name(&words[names[0].clone()]) {
                // Labels stand in the first column alone: `Name  Maria Alvarez  Manager  John Baker` are two pairs.
                let person = |cell: &Range<usize>| names_somebody(&words[cell.clone()]);
                let label = &text[line.clone()][own[column - 1].clone()];
                if !names[1..].iter().all(person) || column > 1 && is_label(label) {
                    return None;
                }
                let cell = names[column].clone();
                let (name, confidence, _) = name::parse(&words[cell.clone()], Order::Unknown)?;
                let span = above.start + cell.start..above.start + cell.end;
                return Some(Rc::new(NameHit { span, name, confidence, rule: "name-label-column" }));
            }
        }
        None
    }
}

fn names_somebody(words: &str) -> bool {
    !is_label(words) && name::parse(words, Order::Unknown).is_some()
}

fn is_label(words: &str) -> bool {
    !labels(words).is_empty()
}

fn asks_for_name(words: &str) -> bool {
    labels(words).of_kind(LabelKind::FullName).is_some()
}

fn labels(words: &str) -> Labels {
    label::header(words.trim_end_matches([':', '.', ' ']), &mut Words::default())
}

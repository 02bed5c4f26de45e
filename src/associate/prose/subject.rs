//! Who a table without names is about: the one person whom the lines above it name at a label or in their title.

use super::{Occurrence, Prose, Unit};
use crate::document::Place;
use crate::finding::Person;

/// How many lines above a table are looked at.
const LINES: usize = 40;
/// What stands before the name in the title of what is about one person.
const ABOUT: [&str; 5] = ["for", "of", "re", "regarding", "subject"];

/// The person that `text`, which stands above a table, is about; `place` says where its bytes stand.
pub fn subject(text: &str, place: &dyn Fn(usize) -> Place) -> Option<Person> {
    let from = text.rmatch_indices('\n').nth(LINES).map_or(0, |(at, _)| at + 1);
    let unit = Unit { text, own: from..text.len(), place, whole: false, envelope: None, is_row: &|_| false };
    let mut prose = Prose { unit: &unit, candidates: &[], names: Vec::new() };
    let (mut only, mut named, mut at) = (None::<Occurrence>, false, from);
    for line in text[from..].split('\n') {
        for hit in prose.people(&(at..at + line.len())).iter() {
            if only.as_ref().is_some_and(|first| !super::same(first, hit)) {
                return None;
            }
            named |= hit.rule.contains("label") || is_about(&text[at..hit.span.start]);
            only.get_or_insert_with(|| hit.clone());
        }
        at += line.len() + 1;
    }
    let hit = only.filter(|_| named)?;
    let place = place(hit.span.start);
    Some(Person { name: hit.name.clone(), confidence: hit.confidence, rule: hit.rule, place })
}

/// `Re: …`, `Statement for …`
fn is_about(before: &str) -> bool {
    let word = before.trim_end_matches([' ', ':', '\t']).rsplit([' ', '\t']).next().unwrap_or("");
    ABOUT.iter().any(|about| word.eq_ignore_ascii_case(about))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        subject(text, &|_| Place::default()).map(|person| person.name.last)
    }

    #[test]
    fn a_person_at_a_label_or_in_the_title_is_the_subject() {
        for text in [
            "Employee: Tobias Hargrove\nDirect deposits\n",
            "Re: Tobias Hargrove\n\n",
            "Statement for Tobias Hargrove\nEmployee: Tobias Hargrove\n",
            "First name: Tobias\nLast name: Hargrove\n",
        ] {
            assert_eq!(of(text).as_deref(), Some("Hargrove"), "{text}");
        }
    }

    #[test]
    fn of_several_people_and_of_whoever_wrote_it_nobody_is() {
        for text in [
            "Employee: Tobias Hargrove\nEmployee: Maeve Lindqvist\n",
            "Prepared by: Tobias Hargrove\n",
            "Tobias Hargrove called about the invoices below.\n",
            "Accounts of suppliers\n",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}

//! Forms that go on over the break of a page or slide: the name at its foot, numbers at the head of the next.
//!
//! Only what stands above the first name of the next page can belong to the page before, and only where forms begin
//! with the name: of forms that put the number first, the head of a page is the next one.

use std::collections::BTreeMap;
use std::ops::Range;

use super::words::ends_form;
use super::{FORM_LINES, Occurrence, Prose, Unit, following};
use crate::detect::label_context::line_around;
use crate::detect::{Candidate, Rejects, text};
use crate::document::Place;
use crate::event::{ElementClass, ElementType, Link};
use crate::finding::Findings;
use crate::pattern::LabelKind;
use crate::pattern::label::{self, Words};

/// Points of a number at a label that may be somebody's.
const POINTS: i32 = 25;

/// Joins the numbers at the head of a page with the person at a label at the foot of the page before. `text` is the foot
/// and, from `head` on, the head; `place` says where its bytes stand. Returns the spans of the numbers, in `text`.
pub fn over_break(
    text: &str,
    head: usize,
    place: &dyn Fn(usize) -> Place,
    out: &mut dyn Findings,
) -> Vec<Range<usize>> {
    let (mut candidates, all) = (Vec::new(), 0..text.len());
    text::scan(text, all.clone(), &all, &mut candidates, &mut Rejects::default());
    let unit = Unit { text, own: all, place, whole: false, envelope: None, is_row: &|_| false };
    let mut prose = Prose { unit: &unit, candidates: &candidates, names: Vec::new() };
    if prose.begins_with_number(head) {
        return Vec::new();
    }
    let end = prose.end_of_head(head);
    let (mut joined, mut taken) = (BTreeMap::new(), Vec::new());
    for (i, number) in candidates.iter().enumerate() {
        let own = head..end;
        if !own.contains(&number.span.start) || number.class != ElementClass::Pi {
            continue;
        }
        let line = line_around(text, number.span.start);
        let hit = prose.form_head(i, &line).or_else(|| prose.last_above(i, &line, Prose::is_at_label));
        let Some(hit) = hit.filter(|hit| hit.span.start < head) else { continue };
        if !prose.has_number_before(&hit, i) && !prose.has_one(number.kind, hit.span.end..head) {
            taken.push(number.span.clone());
            let entry = joined.entry((hit.span.start, Link::Form));
            entry.or_insert_with(|| (hit, Vec::new())).1.push(i);
        }
    }
    prose.emit(joined, out);
    taken
}

impl Prose<'_> {
    /// True if a number at its own label stands above the first person at a label of the foot.
    fn begins_with_number(&mut self, head: usize) -> bool {
        let at_label = |c: &Candidate| c.score.has("label") || c.score.has("label-above");
        let labelled =
            |c: &&Candidate| c.class == ElementClass::Pi && c.score.value() >= POINTS && at_label(c);
        let Some(number) = self.candidates.iter().find(labelled).map(|c| c.span.start) else { return true };
        let mut at = line_around(self.unit.text, 0);
        while at.start < head && at.start <= number {
            let people = self.people(&at);
            let labelled = |h: &Occurrence| h.rule.contains("label") || self.is_at_label(&at, h);
            if people.iter().any(|h| h.span.start < number && labelled(h)) {
                return false;
            }
            let Some(next) = following(self.unit.text, &at) else { break };
            at = next;
        }
        true
    }

    /// True if a stretch holds the one number of a kind that a person has.
    fn has_one(&self, kind: ElementType, stretch: Range<usize>) -> bool {
        let several = matches!(kind, ElementType::BankAccount | ElementType::PaymentCard);
        let same =
            |c: &Candidate| c.kind == kind && c.score.value() >= POINTS && stretch.contains(&c.span.start);
        !several && self.candidates.iter().any(same)
    }

    /// Where the part of the head ends that names nobody.
    fn end_of_head(&mut self, head: usize) -> usize {
        let text = self.unit.text;
        let mut words = Words::default();
        let mut at = line_around(text, head);
        for _ in 0..FORM_LINES {
            let line = &text[at.clone()];
            if ends_form(line, false) || asks_for_name(line, &mut words) || !self.people(&at).is_empty() {
                return at.start;
            }
            match following(text, &at) {
                Some(next) => at = next,
                None => return text.len(),
            }
        }
        at.start
    }
}

/// True if a line holds the label of a name.
fn asks_for_name(line: &str, words: &mut Words) -> bool {
    let mut hits = Vec::new();
    label::inline(line, words, &mut hits);
    let kinds = [LabelKind::FullName, LabelKind::FirstName, LabelKind::LastName];
    hits.iter().any(|hit| kinds.iter().any(|kind| hit.labels.of_kind(*kind).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{ColumnCount, Loose, Record};

    /// Who was joined with how many numbers.
    #[derive(Default)]
    struct People(Vec<(String, usize)>);

    impl Findings for People {
        fn record(&mut self, record: Record) {
            self.0.push((record.person.name.last, record.elements.len()));
        }
        fn loose(&mut self, _: Loose) {}
        fn column(&mut self, _: ColumnCount<'_>) {}
        fn rejected(&mut self, _: u64) {}
    }

    fn joined(foot: &str, head: &str) -> Vec<(String, usize)> {
        let mut people = People::default();
        let taken = over_break(&(foot.to_owned() + head), foot.len(), &|_| Place::default(), &mut people);
        assert_eq!(taken.len(), people.0.iter().map(|(_, numbers)| numbers).sum::<usize>());
        people.0
    }

    #[test]
    fn a_form_goes_on_over_a_break() {
        let found = joined(
            "Enrollment\nEmployee: Tobias Hargrove\nJob title: Driver\n",
            "\nState: MA\nSSN: 024-61-3387\nDL #: S12345678\n\nEmployee: Maeve Lindqvist\nSSN: 031-58-2947\n",
        );
        assert_eq!(found, [("Hargrove".to_owned(), 2)]);
        assert_eq!(
            joined("Full name: Tobias Hargrove\nSSN\n", "024-61-3387\n"),
            [("Hargrove".to_owned(), 1)]
        );
    }

    #[test]
    fn what_begins_on_the_next_page_is_of_somebody_else() {
        let name = "Employee: Tobias Hargrove\n";
        for (foot, head) in [
            (
                "SSN: 031-58-2947\nEmployee: Tobias Hargrove\n",
                "SSN: 024-61-3387\nEmployee: Maeve Lindqvist\n",
            ),
            (name, "Maeve Lindqvist\nSSN: 024-61-3387\n"),
            (name, "--------------------\nSSN: 024-61-3387\n"),
            ("Employee: Tobias Hargrove\nSSN: 031-58-2947\n", "SSN: 024-61-3387\n"),
            ("Tobias Hargrove called.\n", "SSN: 024-61-3387\n"),
        ] {
            assert_eq!(joined(foot, head), [], "{foot}{head}");
        }
    }
}

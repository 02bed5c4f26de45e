//! The end of a page, kept until the next one is there: a form may go on.

use crate::associate::prose::{AROUND, over_break};
use crate::detect::Candidate;
use crate::detect::label_context::char_at_or_after;
use crate::document::Place;
use crate::event::ElementClass;
use crate::finding::Findings;

/// How many lines at the head of a page may belong to a form of the page before.
const LINES: usize = 40;

/// The end of a page or slide.
pub(super) struct Foot {
    page: u32,
    text: String,
    /// Where each part starts, and its place.
    parts: Vec<(usize, Place)>,
}

impl Foot {
    /// The foot of the page at `place`; `None` if what stands there is no page.
    pub(super) fn of(place: &Place, text: &str, parts: &[(usize, Place)]) -> Option<Foot> {
        let page = place.page.filter(|_| place.part.is_none())?;
        let from = char_at_or_after(text, text.len().saturating_sub(AROUND));
        // A line that was cut is none.
        let from = if from == 0 { 0 } else { from + text[from..].find('\n')? + 1 };
        let first = parts.partition_point(|(at, _)| *at <= from).saturating_sub(1);
        let moved = |(at, part): &(usize, Place)| (at.saturating_sub(from), super::within(part, place));
        Some(Foot { page, text: text[from..].to_owned(), parts: parts[first..].iter().map(moved).collect() })
    }

    /// True if a unit is the next page, or stands beside this one (notes of a slide).
    pub(super) fn may_go_on(&self, next: &Place) -> bool {
        next.page == Some(self.page + u32::from(next.part.is_none()))
    }

    /// Joins numbers at the head of `page` with the person of the form at the foot, and takes them off the candidates.
    pub(super) fn join(
        &self,
        page: &str,
        candidates: &mut Vec<Candidate>,
        place: &dyn Fn(usize) -> Place,
        out: &mut dyn Findings,
    ) {
        let end = char_at_or_after(page, page.len().min(AROUND));
        let end = page[..end].match_indices('\n').nth(LINES - 1).map_or(end, |(at, _)| at + 1);
        if !candidates.iter().any(|c| c.class == ElementClass::Pi && c.span.start < end) {
            return;
        }
        let (text, head) = (format!("{}{}", self.text, &page[..end]), self.text.len());
        let place = |at: usize| match at.checked_sub(head) {
            Some(at) => place(at),
            None => self.place_of(at),
        };
        let taken = over_break(&text, head, &place, out);
        candidates.retain(|c| taken.iter().all(|t| t.start != head + c.span.start));
    }

    fn place_of(&self, at: usize) -> Place {
        let i = self.parts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.parts.get(i).map_or_else(Place::default, |(_, place)| place.clone())
    }
}

//! What was looked at and is no finding: always counted, and kept with its reason only where somebody asks
//! (`revere explain`), so that a scan pays nothing for it.

use std::borrow::Cow;
use std::ops::Range;

use super::{Candidate, Score};
use crate::event::ElementType;

/// A reading or shape that is no finding. Holds a raw value: no `Debug`, no `Serialize`.
pub struct Reject {
    /// Where it stands in its text or cell, in bytes.
    pub span: Range<usize>,
    /// The cell or field it stands in, by its position in the row or object.
    pub part: usize,
    /// What it was read as, if it had the shape of something.
    pub kind: Option<ElementType>,
    /// The value.
    pub value: String,
    /// Points and reasons, if it came that far.
    pub score: Option<Score>,
    /// Why it is none: our words, and at most a label or header of the input.
    pub why: Cow<'static, str>,
}

impl Reject {
    /// A reading that passed its validator and stayed below low.
    #[must_use]
    pub fn below(c: Candidate) -> Self {
        Reject {
            score: Some(c.score),
            ..Reject::shape(c.span, Some(c.kind), c.value, "below low (25 points)")
        }
    }

    /// The points, if it came that far.
    #[must_use]
    pub fn points(&self) -> Option<i32> {
        self.score.as_ref().map(Score::value)
    }

    /// A shape, and why it is not what it looks like.
    #[must_use]
    pub fn shape(
        span: Range<usize>,
        kind: Option<ElementType>,
        value: String,
        why: impl Into<Cow<'static, str>>,
    ) -> Self {
        Reject { span, part: 0, kind, value, score: None, why: why.into() }
    }
}

/// Takes what is rejected. The default counts and keeps nothing.
#[derive(Default)]
pub struct Rejects {
    count: u64,
    part: usize,
    kept: Option<Vec<Reject>>,
}

impl Rejects {
    /// Counts, and keeps reasons if `keep` is true.
    #[must_use]
    pub fn new(keep: bool) -> Self {
        Rejects { kept: keep.then(Vec::new), ..Rejects::default() }
    }

    /// True if reasons are kept, so that looking for them is worth while.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    /// Readings that passed their validator and stayed below low.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What follows stands in this cell or field.
    pub fn in_part(&mut self, part: usize) {
        self.part = part;
    }

    /// Counts a reading that stayed below low.
    pub fn below(&mut self, c: Candidate) {
        self.count += 1;
        if self.keeps() {
            self.note(Reject::below(c));
        }
    }

    /// Keeps a reading that a reject rule ended; it does not count.
    pub fn ended(&mut self, c: Candidate, why: &'static str) {
        if self.keeps() {
            self.note(Reject::shape(c.span, Some(c.kind), c.value, why));
        }
    }

    /// Keeps a shape; it does not count.
    pub fn note(&mut self, reject: Reject) {
        let part = self.part;
        if let Some(kept) = &mut self.kept {
            kept.push(Reject { part, ..reject });
        }
    }

    /// What was kept, in order.
    #[must_use]
    pub fn kept(&self) -> &[Reject] {
        self.kept.as_deref().unwrap_or_default()
    }

    /// Drops what was kept for which `keep` is false. The count stays.
    pub fn retain(&mut self, keep: impl FnMut(&Reject) -> bool) {
        if let Some(kept) = &mut self.kept {
            kept.retain(keep);
        }
    }

    /// Takes out what was kept.
    #[must_use]
    pub fn into_kept(self) -> Vec<Reject> {
        self.kept.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate() -> Candidate {
        Candidate::new(0..9, ElementType::Ssn, "024613387".to_owned(), Score::default())
    }

    #[test]
    fn nothing_is_kept_unless_asked_for() {
        let mut rejects = Rejects::default();
        rejects.below(candidate());
        rejects.ended(candidate(), "a percentage");
        assert_eq!((rejects.count(), rejects.kept().len()), (1, 0));
    }

    #[test]
    fn what_is_kept_knows_its_cell_and_only_readings_below_low_count() {
        let mut rejects = Rejects::new(true);
        rejects.in_part(3);
        rejects.below(candidate());
        rejects.ended(candidate(), "a percentage");
        assert_eq!((rejects.count(), rejects.kept().len()), (1, 2));
        assert!(rejects.kept().iter().all(|r| r.part == 3));
        rejects.retain(|r| r.score.is_some());
        assert_eq!((rejects.count(), rejects.into_kept().len()), (1, 1));
    }
}

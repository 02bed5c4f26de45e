//! Points with reasons.

use std::borrow::Cow;

use crate::event::Evidence;

/// How many reasons a number in a table has: shape, header, column, name, date of birth or address.
const USUAL: usize = 5;

/// The points of one reading. Caps and floors apply to the sum, whatever their order.
#[derive(Clone, Default)]
pub struct Score {
    points: i32,
    cap: Option<i32>,
    floor: Option<i32>,
    evidence: Vec<Evidence>,
}

impl Score {
    /// Adds points for a rule. `text` is the rule's words, or a label or header of the input (the caller masks
    /// it), never a value.
    pub fn add(&mut self, rule: &'static str, points: i32, text: impl Into<Cow<'static, str>>) {
        self.points += points;
        self.note(rule, points, text.into());
    }

    /// Lets the sum be no more than `cap`.
    pub fn cap(&mut self, rule: &'static str, cap: i32, text: impl Into<Cow<'static, str>>) {
        self.cap = Some(self.cap.map_or(cap, |c| c.min(cap)));
        self.note(rule, 0, text.into());
    }

    /// Lets the sum be no less than `floor`, caps excepted.
    pub fn floor(&mut self, rule: &'static str, floor: i32, text: impl Into<Cow<'static, str>>) {
        self.floor = Some(self.floor.map_or(floor, |f| f.max(floor)));
        self.note(rule, 0, text.into());
    }

    fn note(&mut self, rule: &'static str, points: i32, text: Cow<'static, str>) {
        if self.evidence.is_empty() {
            self.evidence.reserve_exact(USUAL);
        }
        self.evidence.push(Evidence { rule: Cow::Borrowed(rule), points, text });
    }

    /// The sum, from 0 to 100.
    #[must_use]
    pub fn value(&self) -> i32 {
        let sum = self.floor.map_or(self.points, |f| self.points.max(f));
        self.cap.map_or(sum, |c| sum.min(c)).clamp(0, 100)
    }

    /// True if a rule has spoken.
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        self.evidence.iter().any(|e| e.rule == rule)
    }

    /// The reasons in the order they came.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Takes the reasons out.
    #[must_use]
    pub fn into_evidence(self) -> Vec<Evidence> {
        self.evidence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_win_over_floors_and_points() {
        let mut s = Score::default();
        s.add("shape", 45, "dashes");
        s.floor("layout", 75, "the field is the label");
        assert_eq!(s.value(), 75);
        s.cap("negative-label", 30, "part number");
        assert_eq!(s.value(), 30);
        assert_eq!(s.evidence().len(), 3);
    }
}

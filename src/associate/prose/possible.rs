//! R7: a number and a person of the same document, neither near each other nor the only ones. A possible record.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Occurrence, Prose};
use crate::event::{Confidence, ElementClass, Link};
use crate::finding::Findings;

/// With more numbers than this a document is a list of them, and whose they are it does not say.
const MOST: usize = 16;
/// The least points of a number that is worth the guess: medium.
const POINTS: i32 = 50;

impl Prose<'_> {
    /// Joins numbers that found nobody with the person nearest to them in the document, at level low. Returns the
    /// numbers that are still alone.
    pub(super) fn possible(&self, alone: Vec<usize>, out: &mut dyn Findings) -> Vec<usize> {
        let worth = |i: &usize| {
            let c = &self.candidates[*i];
            c.class == ElementClass::Pi && c.score.value() >= POINTS
        };
        let (numbers, mut rest): (Vec<usize>, Vec<usize>) = alone.into_iter().partition(worth);
        if numbers.is_empty() || numbers.len() > MOST {
            rest.extend(numbers);
            return rest;
        }
        let mut people: Vec<Occurrence> = Vec::new();
        self.everybody(&mut |hit| {
            if hit.confidence >= Confidence::Medium {
                people.push(Rc::new(hit));
            }
            true
        });
        let mut of_person: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in numbers {
            let at = self.candidates[i].span.start;
            let nearest = (0..people.len()).min_by_key(|p| people[*p].span.start.abs_diff(at));
            match nearest {
                Some(p) => of_person.entry(p).or_default().push(i),
                None => rest.push(i),
            }
        }
        for (p, numbers) in of_person {
            self.record(&people[p], &numbers, Link::Document, Confidence::Low, out);
        }
        rest
    }
}

//! R6: the people of a message's envelope.

use std::rc::Rc;

use super::{Occurrence, Prose, letter, line_around};
use crate::associate::message::{self, Owner};
use crate::event::{Confidence, Link};
use crate::finding::Findings;
use crate::name::{self, NameHit};

impl Prose<'_> {
    /// Who sent the message, if that is a person.
    pub(super) fn sender(&self) -> Option<Occurrence> {
        self.unit.envelope.and_then(|envelope| displayed(&envelope.from))
    }

    /// Joins the numbers of lines that say `my` with the sender, however many there are. Returns the others.
    pub(super) fn of_sender(&self, alone: Vec<usize>, out: &mut dyn Findings) -> Vec<usize> {
        let Some(sender) = self.sender() else { return alone };
        let says_my = |i: &usize| {
            letter::says_my(&self.unit.text[line_around(self.unit.text, self.candidates[*i].span.start)])
        };
        let (mine, rest): (Vec<usize>, Vec<usize>) = alone.into_iter().partition(says_my);
        if !mine.is_empty() {
            self.record(&sender, &mine, Link::Envelope, Confidence::Medium, out);
        }
        rest
    }

    pub(super) fn envelope_person(&self, alone: &[usize]) -> Option<(Occurrence, Confidence)> {
        let envelope = self.unit.envelope?;
        let number = self.candidates[*alone.first()?].span.clone();
        if self.is_of_another(&line_around(self.unit.text, number.start)) {
            return None;
        }
        let sole = || (envelope.to.len() == 1).then(|| envelope.to[0].as_str()).and_then(displayed);
        let found = match message::owner(self.unit.text, &number, envelope) {
            Owner::Sender => self.sender(),
            Owner::Recipient => sole(),
            Owner::Either => self.sender().or_else(sole),
            Owner::Nobody => return None,
        };
        found.map(|h| (h, Confidence::Medium)).or_else(|| {
            let mut hits = Vec::new();
            name::find(&envelope.subject, None, &mut hits);
            hits.pop().map(|h| (Rc::new(NameHit { span: 0..0, ..h }), Confidence::Low))
        })
    }
}

/// The person that a sender or recipient is shown as.
fn displayed(name: &str) -> Option<Occurrence> {
    let (name, confidence, rule) = name::parse(name, name::Order::Unknown)?;
    Some(Rc::new(NameHit { span: 0..0, name, confidence, rule }))
}

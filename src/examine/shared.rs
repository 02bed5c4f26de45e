//! What tables leave for each other (R8): those of one document, and those of the members of one container.
//!
//! A member with rows whose people may stand in another member is not settled at once: its `file` line waits for the
//! end of the container, since the records still to come count in it. What joins nothing there is handed on as it is.

use super::outcome::Outcome;
use super::{Examiner, lend};
use crate::associate::joined::Joins;
use crate::associate::{hand_on, hand_on_loose};
use crate::coverage::Cause;
use crate::event::{Event, FileLine, Gap};
use crate::finding::Findings;
use crate::resident::ResidentCounter;
use crate::scan::record::{Origin, Recorder, State};

/// What a finished member leaves to the container it lies in.
pub(super) struct Left {
    pub joins: Joins,
    pub origin: Origin,
    pub state: State,
    pub people: ResidentCounter,
}

/// A member whose line waits for the end of its container.
pub(super) struct Waiting {
    number: u64,
    line: FileLine,
    origin: Origin,
    state: State,
    people: ResidentCounter,
}

impl Waiting {
    fn line(self) -> Event {
        let counts = self.state.counts;
        Event::File(Box::new(FileLine {
            records: counts.records,
            elements: counts.elements,
            rejected: counts.rejected,
            residents: self.people.bounds(),
            ..self.line
        }))
    }
}

/// The file or member in hand: where it lies, and what is counted of it.
pub(super) struct Own<'a> {
    pub origin: &'a Origin,
    pub state: &'a mut State,
    pub people: &'a mut ResidentCounter,
}

impl Examiner<'_> {
    /// Runs `f` with a recorder for a file or member.
    pub(super) fn with_recorder(&mut self, own: &mut Own<'_>, f: impl FnOnce(&mut Recorder<'_>)) {
        let (out, people) = (&mut *self.out, &mut *own.people);
        let mut pass = |event: Event| {
            if let Event::Record(r) = &event {
                people.add(r);
            }
            out(event);
        };
        let recorder = Recorder::new(own.origin, self.fingerprints, own.state, &mut pass);
        f(&mut recorder.seen_by(lend(&mut self.witness)));
    }

    /// Joins the rows held back in a file or member and in what lies in it, and settles the members that waited for
    /// it. Returns what is left for the container of a member; nothing is left of a file.
    pub(super) fn join(&mut self, own: &mut Own<'_>, outcome: &mut Outcome) -> Joins {
        let mut joins = own.state.joins.take().unwrap_or_default();
        let waiting = &mut outcome.waiting;
        joins.resolve(&mut |number, record| {
            self.hand_to(number, own, waiting, |out| hand_on(record, out));
        });
        joins.give_up(self.members.is_empty(), &mut |number, elements, around| {
            self.hand_to(number, own, waiting, |out| {
                hand_on_loose(elements, around, "no name in the row", out);
            });
        });
        for member in outcome.waiting.drain(..) {
            (self.out)(member.line());
        }
        if joins.is_full() {
            let detail = "more rows with keys than are held back to be joined with another table";
            outcome.gap(Gap::new(Cause::LimitUnit, detail.to_owned()));
        }
        joins
    }

    fn hand_to(
        &mut self,
        number: u64,
        own: &mut Own<'_>,
        waiting: &mut [Waiting],
        f: impl FnOnce(&mut dyn Findings),
    ) {
        let member = waiting.binary_search_by_key(&number, |m| m.number).ok().map(|i| &mut waiting[i]);
        match member {
            Some(Waiting { origin, state, people, .. }) => {
                self.with_recorder(&mut Own { origin, state, people }, |out| f(out));
            }
            None => self.with_recorder(own, |out| f(out)),
        }
    }

    /// Takes a finished member: its line goes out, unless numbers of it wait for people of another.
    pub(super) fn settle(&mut self, line: FileLine, outcome: &mut Outcome, state: &mut State) {
        outcome.settled(&line);
        let Some(left) = self.left.take() else { return (self.out)(Event::File(Box::new(line))) };
        let Left { joins, origin, state: own, people } = left;
        let (number, waits) = (outcome.members_met(), joins.has_numbers());
        let mut member = Waiting { number, line, origin, state: own, people };
        let name = member.origin.member.last().cloned().unwrap_or_default();
        let refused = match &mut state.joins {
            Some(mine) => mine.absorb(number, &name, joins),
            None => Some(joins),
        };
        match refused {
            Some(mut joins) => {
                let Waiting { origin, state, people, .. } = &mut member;
                let mut own = Own { origin, state, people };
                joins.give_up(true, &mut |_, elements, around| {
                    let reason = "no name in the row";
                    self.with_recorder(&mut own, |out| hand_on_loose(elements, around, reason, out));
                });
            }
            None if waits => return outcome.waiting.push(member),
            None => {}
        }
        (self.out)(member.line());
    }
}

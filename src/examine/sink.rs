//! Takes what an extractor reads: gathers units, hands rows, objects and text to association, follows members.

use std::collections::HashMap;
use std::io::Read;

use super::outcome::{NOTE, Outcome};
use super::stream;
use super::tables::Rows;
use super::unit::TextUnit;
use super::{Examiner, tap::Tap};
use crate::associate::object;
use crate::coverage::{Cause, Coverage};
use crate::document::{DocumentSink, Envelope, Input, Object, Place, Row, Sealed};
use crate::event::{Encryption, Event, Gap, Link};
use crate::finding::Findings;
use crate::identify::TextEncoding;
use crate::resident::ResidentCounter;
use crate::scan::record::{Origin, Recorder, State};
use crate::text::normal::normalise;
use crate::text::password::speaks_of_password;

/// The sink of one file or member.
pub struct NodeSink<'a, 'e> {
    examiner: &'a mut Examiner<'e>,
    origin: &'a Origin,
    outcome: &'a mut Outcome,
    state: &'a mut State,
    people: &'a mut ResidentCounter,
    unit: TextUnit,
    rows: Rows,
    envelope: Option<Envelope>,
    names: HashMap<String, u32>,
}

impl<'a, 'e> NodeSink<'a, 'e> {
    pub(super) fn new(
        examiner: &'a mut Examiner<'e>,
        origin: &'a Origin,
        outcome: &'a mut Outcome,
        state: &'a mut State,
        people: &'a mut ResidentCounter,
    ) -> Self {
        let (unit, rows) = (TextUnit::default(), Rows::default());
        NodeSink {
            examiner,
            origin,
            outcome,
            state,
            people,
            unit,
            rows,
            envelope: None,
            names: HashMap::new(),
        }
    }

    pub(super) fn reduced(&self) -> bool {
        self.examiner.reduced
    }

    pub(super) fn format(&mut self, format: &'static str) {
        self.outcome.format = format;
    }

    /// Hands on what is still gathered.
    pub(super) fn close(mut self) {
        self.end_unit();
    }

    /// Plain text: read by ranges, as a file on a local disk is.
    pub(super) fn plain_text(&mut self, input: &mut Input<'_>, encoding: TextEncoding) {
        self.outcome.read();
        if self.examiner.members.is_empty() {
            // Dumps may be of any size: nothing of them is held back.
            self.state.joins = None;
        }
        if self.examiner.tap.is_some() {
            return self.tap_text(input, encoding);
        }
        let tick = &mut *self.examiner.tick;
        let out = &mut *self.examiner.out;
        let people = &mut *self.people;
        let mut pass = |event: Event| {
            if let Event::Record(r) = &event {
                people.add(r);
            }
            out(event);
        };
        let mut recorder = Recorder::new(self.origin, self.examiner.fingerprints, self.state, &mut pass)
            .seen_by(super::lend(&mut self.examiner.witness));
        if let Err(e) = stream::seekable(input, encoding, &mut recorder, tick) {
            self.outcome.gap(Gap::new(Cause::IoError, format!("reading failed: {}", e.kind())));
        }
    }

    fn tap_text(&mut self, input: &mut Input<'_>, encoding: TextEncoding) {
        let Some(tap) = &mut self.examiner.tap else { return };
        let read = stream::decode_all(input, encoding, &mut |text| tap.line(text));
        if read.is_err() {
            self.outcome.gap(Gap::new(Cause::IoError, "reading failed".to_owned()));
        }
    }

    fn tap(&mut self, f: impl FnOnce(&mut dyn Tap)) -> bool {
        match &mut self.examiner.tap {
            Some(tap) => {
                f(&mut **tap);
                true
            }
            None => false,
        }
    }

    /// Runs association with a recorder.
    fn with_findings(&mut self, f: impl FnOnce(&mut TextUnit, &mut Rows, &mut dyn Findings)) {
        let out = &mut *self.examiner.out;
        let people = &mut *self.people;
        let mut pass = |event: Event| {
            if let Event::Record(r) = &event {
                people.add(r);
            }
            out(event);
        };
        let mut recorder = Recorder::new(self.origin, self.examiner.fingerprints, self.state, &mut pass)
            .seen_by(super::lend(&mut self.examiner.witness));
        f(&mut self.unit, &mut self.rows, &mut recorder);
    }

    fn end_rows(&mut self) {
        if !self.rows.is_empty() {
            self.with_findings(|unit, rows, out| rows.end(unit, out));
        }
    }

    fn end_unit(&mut self) {
        self.end_rows();
        if !self.unit.is_empty() {
            let envelope = self.envelope.clone();
            self.with_findings(|unit, _, out| unit.end(envelope.as_ref(), out));
        }
    }

    /// The name of a member as results give it: a nameless one gets a number, a repeated one too.
    fn member_name(&mut self, name: &str) -> String {
        let met = self.examiner.budget.members;
        let name = if name.is_empty() { format!("part-{met}") } else { name.to_owned() };
        let n = self.names.entry(name.clone()).or_insert(0);
        *n += 1;
        if *n == 1 { name } else { format!("{name}#{n}") }
    }

    /// Counts a member; `false` if the budget of members is used up.
    fn meet(&mut self) -> bool {
        self.end_rows();
        if self.examiner.budget.members >= self.examiner.limits.members {
            self.outcome.gap(Gap::new(Cause::LimitMembers, "more members than allowed".to_owned()));
            return false;
        }
        self.examiner.budget.members += 1;
        self.outcome.met();
        true
    }

    fn settle(&mut self, mut line: crate::event::FileLine) {
        if self.outcome.note && line.coverage == Coverage::Encrypted {
            line.hints.push(NOTE.to_owned());
        }
        self.examiner.settle(line, self.outcome, self.state);
    }
}

impl DocumentSink for NodeSink<'_, '_> {
    fn unit(&mut self, place: Place) {
        self.end_unit();
        self.tap(|t| t.unit(&place));
        self.unit.begin(place);
    }

    fn only_table(&mut self) {
        // What a member leaves open may be joined with other members.
        if self.examiner.members.is_empty() {
            self.state.joins = None;
        }
    }

    fn text(&mut self, place: Place, text: &str) {
        self.outcome.read();
        // Of messages alone: what they carry, they speak about.
        self.outcome.note |= self.envelope.is_some() && speaks_of_password(text);
        if self.tap(|t| t.line(text)) {
            return;
        }
        self.end_rows();
        self.unit.push(place, &normalise(text).text);
        if self.unit.is_full() {
            let envelope = self.envelope.clone();
            self.with_findings(|unit, _, out| unit.spill(envelope.as_ref(), out));
        }
    }

    fn row(&mut self, mut row: Row) {
        self.outcome.read();
        if self.tap(|t| {
            let cells: Vec<&str> = row.cells.iter().map(|c| c.text.as_str()).collect();
            t.line(&cells.join("\t"));
        }) {
            return;
        }
        if self.rows.is_other_table(&row.place) {
            self.end_rows();
        }
        for cell in &mut row.cells {
            if !cell.text.is_ascii() {
                cell.text = normalise(&cell.text).text.into_owned();
            }
        }
        self.with_findings(|_, rows, out| rows.push(row, out));
    }

    fn object(&mut self, mut object: Object) {
        self.outcome.read();
        if self.tap(|t| tap_object(&object, t)) {
            return;
        }
        self.end_rows();
        normalise_object(&mut object);
        let link = if object.name == "form" { Link::Form } else { Link::Object };
        self.with_findings(|_, _, out| object::associate(&object, link, out));
    }

    fn envelope(&mut self, envelope: Envelope) {
        self.envelope = Some(envelope);
    }

    fn member(&mut self, name: &str, content: &mut dyn Read) {
        if !self.meet() {
            return;
        }
        let shown = self.member_name(name);
        let line = self.examiner.member(name, shown, content);
        self.settle(line);
    }

    fn opened_member(&mut self, name: &str, encryption: Encryption, content: &mut dyn Read) {
        if !self.meet() {
            return;
        }
        let shown = self.member_name(name);
        let mut line = self.examiner.member(name, shown, content);
        line.encryption.get_or_insert(encryption);
        self.settle(line);
    }

    fn sealed_member(&mut self, name: &str, size: u64, why: Sealed) {
        if !self.meet() {
            return;
        }
        let shown = self.member_name(name);
        self.examiner.members.push(shown);
        let line = self.examiner.sealed(size, why);
        self.examiner.members.pop();
        self.settle(line);
    }

    fn gap(&mut self, cause: Cause, detail: &str, extent: Option<String>) {
        let gap = Gap { extent, ..Gap::new(cause, detail.to_owned()) };
        self.tap(|t| t.gap(&gap));
        self.outcome.gap(gap);
    }

    fn encrypted(&mut self, encryption: Encryption) {
        self.tap(|t| t.encrypted(&encryption.kind));
        self.outcome.encryption = Some(encryption);
    }

    fn opened(&mut self, encryption: Encryption) {
        self.outcome.encryption = Some(encryption);
        self.outcome.opened = true;
    }

    fn go_on(&mut self) -> bool {
        (self.examiner.tick)();
        self.examiner.budget.members < self.examiner.limits.members
    }
}

fn tap_object(object: &Object, tap: &mut dyn Tap) {
    for f in &object.fields {
        tap.line(&format!("{}: {}", f.key, f.value));
    }
    object.children.iter().for_each(|child| tap_object(child, tap));
}

fn normalise_object(object: &mut Object) {
    for f in object.fields.iter_mut().filter(|f| !f.value.is_ascii()) {
        f.value = normalise(&f.value).text.into_owned();
    }
    object.children.iter_mut().for_each(normalise_object);
}

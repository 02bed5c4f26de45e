//! The one place where raw findings become masked events.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::associate::joined::Joins;
use crate::associate::level;
use crate::document::Place;
use crate::event::{
    Confidence, Element, ElementClass, ElementLine, ElementType, Event, Evidence, Levels, Location, PathRef,
    Person, Record, Short, Why,
};
use crate::finding::{
    ColumnCount, Dropped, Findings, KeyedRow, Located, Loose, Record as RawRecord, Witness,
};
use crate::mask::{self, Fingerprints};
use crate::residency;
use crate::result::why_id;
use crate::scan::column::Columns;

/// Counts of one file or member.
#[derive(Default)]
pub struct Counts {
    /// Records by level.
    pub records: Levels,
    /// Numbers by type; loose ones included, test data and related numbers not.
    pub elements: BTreeMap<ElementType, u64>,
    /// Readings below low.
    pub rejected: u64,
    /// Columns with numbers.
    pub columns: Columns,
}

impl State {
    /// For a document: rows may be held back to be joined with another table.
    #[must_use]
    pub fn of_document() -> Self {
        State { joins: Some(Joins::default()), ..State::default() }
    }
}

impl Counts {
    /// Adds those of another part of the same file.
    pub fn add(&mut self, other: Counts) {
        self.records.high += other.records.high;
        self.records.medium += other.records.medium;
        self.records.low += other.records.low;
        for (kind, n) in other.elements {
            *self.elements.entry(kind).or_default() += n;
        }
        self.rejected += other.rejected;
        self.columns.add(other.columns);
    }
}

/// Where findings of one file or member go.
pub struct Origin {
    /// Attempt at the top-level path.
    pub seq: u64,
    /// The path, masked.
    pub at: Arc<PathRef>,
    /// Member names, masked.
    pub member: Vec<String>,
    /// Raw bytes of the path, and of the member names behind it (each after a zero byte), for the ids of columns.
    pub raw_path: Vec<u8>,
}

/// What a recorder remembers of one file or member.
#[derive(Default)]
pub struct State {
    /// What was counted.
    pub counts: Counts,
    /// Ids of the evidence lists already written.
    whys: HashSet<Short>,
    /// The same by the lists as they came, so that a list that comes again is not masked and hashed again.
    known: FxHashMap<Vec<Evidence>, Short>,
    /// Headers and keys as results show them.
    fields: FxHashMap<String, Short>,
    /// Rows held back to be joined with another table; only of documents that may hold several.
    pub joins: Option<Joins>,
}

/// Masks findings, gives them ids and passes them on as events.
pub struct Recorder<'a> {
    origin: &'a Origin,
    fingerprints: &'a Fingerprints,
    out: &'a mut dyn FnMut(Event),
    state: &'a mut State,
    witness: Option<&'a mut dyn Witness>,
}

impl<'a> Recorder<'a> {
    /// A recorder for one file or member (or one range of it).
    pub fn new(
        origin: &'a Origin,
        fingerprints: &'a Fingerprints,
        state: &'a mut State,
        out: &'a mut dyn FnMut(Event),
    ) -> Self {
        Recorder { origin, fingerprints, out, state, witness: None }
    }

    /// Lets `witness` see what events do not say.
    #[must_use]
    pub fn seen_by(self, witness: Option<&'a mut dyn Witness>) -> Self {
        Recorder { witness, ..self }
    }

    fn show(&mut self, id: &str, raw: &str) {
        if let Some(witness) = &mut self.witness {
            witness.raw(id, raw);
        }
    }

    /// Passes on the `column` lines of what was counted.
    pub fn columns(&mut self) {
        for column in self.state.counts.columns.events(self.origin, self.fingerprints) {
            (self.out)(Event::Column(column));
        }
    }

    fn why(&mut self, evidence: Vec<Evidence>) -> Short {
        if let Some(n) = self.state.known.get(&evidence) {
            return n.clone();
        }
        let masked = masked(&evidence);
        let n = why_id(&masked);
        let short = Short::from(n.as_str());
        if self.state.whys.insert(short.clone()) {
            (self.out)(Event::Why(Why { seq: self.origin.seq, n, evidence: masked }));
        }
        if self.state.known.len() >= KNOWN {
            self.state.known.clear();
        }
        self.state.known.insert(evidence, short.clone());
        short
    }

    /// A place as results show it. Headers come again with every row and are masked once.
    fn location(&mut self, place: &Place) -> Location {
        let fields = &mut self.state.fields;
        let field = place.field.as_ref().map(|raw| {
            if let Some(masked) = fields.get(raw) {
                return masked.clone();
            }
            let masked = mask::field(raw);
            if fields.len() < KNOWN {
                fields.insert(raw.clone(), masked.clone());
            }
            masked
        });
        mask::location_under(place, field)
    }

    fn element(&mut self, found: Located, record: &Location) -> Element {
        let c = found.candidate;
        let score = c.score.value();
        let location = beyond(self.location(&found.place), record);
        let why = self.why(c.score.into_evidence());
        let id = self.fingerprints.element(c.kind, &c.value);
        self.show(&id, &c.value);
        if c.class == ElementClass::Pi {
            *self.state.counts.elements.entry(c.kind).or_default() += 1;
        }
        Element {
            kind: c.kind,
            masked: mask::number(&c.value, false),
            id,
            confidence: Confidence::of(score).unwrap_or(Confidence::Low),
            score,
            why,
            location,
            variant: c.variant,
            state: c.state.map(|s| String::from_utf8_lossy(&s).into_owned()),
            class: c.class,
        }
    }
}

/// Evidence as results show it.
pub(super) fn masked(evidence: &[Evidence]) -> Vec<Evidence> {
    // The rule's own words come as they are.
    let text = |e: &Evidence| match &e.text {
        Cow::Borrowed(words) => Cow::Borrowed(*words),
        Cow::Owned(words) => Cow::Owned(mask::text(&shortened(words)).into_owned()),
    };
    evidence.iter().map(|e| Evidence { text: text(e), rule: e.rule.clone(), points: e.points }).collect()
}

/// How many lists are remembered as they came.
const KNOWN: usize = 1024;

/// The longest text of a label that is kept.
const LABEL: usize = 60;

fn shortened(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LABEL).collect();
    flat.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Findings for Recorder<'_> {
    fn record(&mut self, raw: RawRecord) {
        let confidence = level(&raw.elements, &raw.person, raw.link_confidence);
        let location = self.location(&raw.place);
        let (last, first) = (raw.person.name.last_key(), raw.person.name.first_key());
        let keys = keys(&raw, &last, &first, self.fingerprints);
        let initial = |key: &str| key.chars().next();
        let person = Person {
            masked: mask::name(initial(&first).unwrap_or('?'), initial(&last).unwrap_or('?')),
            id: self.fingerprints.person(&last, &first),
            initial_id: self.fingerprints.initial(&last, initial(&first).unwrap_or(' ')),
            confidence: raw.person.confidence,
            location: beyond(self.location(&raw.person.place), &location),
        };
        if self.witness.is_some() {
            self.show(&person.id, &format!("{} {}", raw.person.name.first, raw.person.name.last));
        }
        let (residency, rules) = residency::grade(raw.circumstances.residency.iter().copied());
        let financial =
            |e: &Located| matches!(e.candidate.kind, ElementType::PaymentCard | ElementType::BankAccount);
        let credentials = match raw.elements.iter().any(financial) {
            true => raw.circumstances.credentials.iter().map(|c| (*c).to_owned()).collect(),
            false => Vec::new(),
        };
        let elements: Vec<Element> = raw.elements.into_iter().map(|e| self.element(e, &location)).collect();
        let elements = distinct(elements);
        let mut ids: Vec<&str> = elements.iter().map(|e| e.id.as_str()).collect();
        let id = self.fingerprints.record(&mut ids, &person.id);
        self.state.counts.records.add(confidence);
        (self.out)(Event::Record(Box::new(Record {
            seq: self.origin.seq,
            id,
            at: self.origin.at.clone(),
            member: self.origin.member.clone(),
            person,
            elements,
            link: raw.link,
            confidence,
            residency,
            residency_rules: rules.into_iter().map(Cow::Borrowed).collect(),
            keys,
            credentials,
            shared: false,
            location,
        })));
    }

    fn loose(&mut self, loose: Loose) {
        let element = self.element(loose.element, &Location::default());
        (self.out)(Event::Element(Box::new(ElementLine {
            seq: self.origin.seq,
            at: self.origin.at.clone(),
            member: self.origin.member.clone(),
            element,
            reason: loose.reason.to_owned(),
        })));
    }

    fn column(&mut self, count: ColumnCount<'_>) {
        self.state.counts.columns.count(count);
    }

    fn rejected(&mut self, count: u64) {
        self.state.counts.rejected += count;
    }

    fn joins(&self) -> bool {
        self.state.joins.is_some()
    }

    fn keyed(&mut self, row: KeyedRow) -> Option<KeyedRow> {
        match &mut self.state.joins {
            Some(joins) => joins.take(row),
            None => Some(row),
        }
    }

    fn explains(&self) -> bool {
        self.witness.is_some()
    }

    fn dropped(&mut self, dropped: Dropped) {
        if let Some(witness) = &mut self.witness {
            witness.dropped(&self.origin.member, dropped);
        }
    }
}

/// One person may have the same number twice in one place (printed and repeated): it is listed once, with the
/// better score.
fn distinct(mut elements: Vec<Element>) -> Vec<Element> {
    elements.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.score.cmp(&a.score)).then(a.id.cmp(&b.id)));
    // The few of a person are told apart by a look at each.
    if elements.len() <= 8 {
        for n in (1..elements.len()).rev() {
            if elements[..n].iter().any(|e| (e.kind, &e.id) == (elements[n].kind, &elements[n].id)) {
                elements.remove(n);
            }
        }
        return elements;
    }
    let mut seen = HashSet::new();
    elements.retain(|e| seen.insert((e.kind, e.id.clone())));
    elements
}

fn keys(raw: &RawRecord, last: &str, first: &str, fp: &Fingerprints) -> BTreeMap<Cow<'static, str>, Short> {
    let mut keys = BTreeMap::new();
    if raw.person.name.initial_only {
        return keys;
    }
    if let Some(birth) = &raw.circumstances.birth {
        keys.insert(Cow::Borrowed("name-dob"), fp.name_dob(last, first, birth));
    }
    if let (Some(zip), Some(street)) = (&raw.circumstances.zip, &raw.circumstances.street) {
        let address = residency::address_key(zip, street);
        if let Some((zip, street)) = address.split_once('\x1f') {
            keys.insert(Cow::Borrowed("name-address"), fp.name_address(last, first, zip, street));
        }
    }
    keys
}

/// What of a location differs from that of the record.
fn beyond(mut own: Location, record: &Location) -> Location {
    macro_rules! drop_equal {
        ($($field:ident)*) => { $(if own.$field == record.$field { own.$field = None; })* };
    }
    drop_equal!(page sheet table row line column cell byte field pointer part paragraph);
    own
}

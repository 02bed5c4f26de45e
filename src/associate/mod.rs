//! Joins names and numbers into records: rows, objects, running text, whole small units, envelopes.
//!
//! Structure first, distance only in prose; one row's name never serves another row (DETECTION 5.4).

pub mod circumstances;
pub mod embedded;
pub mod fields;
pub mod firm;
pub mod joined;
pub mod message;
pub mod object;
pub mod prose;
pub mod related;
pub mod table;
pub mod turned;
pub mod wrapped;

use crate::detect::Candidate;
use crate::document::RAW;
use crate::event::{Confidence, ElementClass, ElementType};
use crate::finding::{Circumstances, Findings, Located, Loose, Person, Record};

/// Adds what the record around a number says for it: a name, a birth date or address, card data.
pub fn support(c: &mut Candidate, named: bool, around: &Circumstances) {
    if c.class != ElementClass::Pi {
        return;
    }
    if named {
        c.score.add("name", 10, "a name in the same record");
    }
    if c.kind == ElementType::PaymentCard && around.card_data {
        c.score.add("card-data", 15, "expiry or security code beside it");
    } else if around.birth.is_some() || addressed(around) {
        c.score.add("circumstances", 5, "date of birth or address in the same record");
    }
}

fn addressed(around: &Circumstances) -> bool {
    use crate::residency::Rule;
    let places = [Rule::StateMa, Rule::ZipMa, Rule::AddressMa, Rule::OtherState, Rule::OtherZip];
    around.zip.is_some() || around.street.is_some() || around.residency.iter().any(|r| places.contains(r))
}

/// Hands on a person with the numbers joined to it. Numbers that are not personal information (samples, related
/// numbers) or below low leave the record; what is left of it decides whether there is one.
pub fn hand_on(mut record: Record, out: &mut dyn Findings) {
    for element in &mut record.elements {
        support(&mut element.candidate, true, &record.circumstances);
    }
    let stays = |e: &Located| {
        e.candidate.class == ElementClass::Pi && Confidence::of(e.candidate.score.value()).is_some()
    };
    if record.elements.iter().all(stays) && !record.elements.is_empty() {
        return out.record(record);
    }
    let mut kept = Vec::with_capacity(record.elements.len());
    for element in record.elements.drain(..) {
        let level = Confidence::of(element.candidate.score.value());
        match (element.candidate.class, level) {
            (_, None) => out.below_low(element),
            (ElementClass::Pi, Some(_)) => kept.push(element),
            _ => out.loose(Loose { element, reason: "not personal information by itself" }),
        }
    }
    if !kept.is_empty() {
        record.elements = kept;
        out.record(record);
    }
}

/// Hands on numbers that nobody was joined to.
pub fn hand_on_loose(
    elements: Vec<Located>,
    around: &Circumstances,
    reason: &'static str,
    out: &mut dyn Findings,
) {
    for mut element in elements {
        support(&mut element.candidate, false, around);
        match Confidence::of(element.candidate.score.value()) {
            Some(_) => out.loose(Loose { element, reason }),
            None => out.below_low(element),
        }
    }
}

/// The level of a record: the least of its numbers' best, its name and its link. What stands in bytes that nothing
/// understands is medium at most.
#[must_use]
pub fn level(elements: &[Located], person: &Person, link: Confidence) -> Confidence {
    let best = elements.iter().filter_map(|e| Confidence::of(e.candidate.score.value())).max();
    let raw = person.place.part.as_deref() == Some(RAW);
    let most = if raw { Confidence::Medium } else { Confidence::High };
    best.unwrap_or(Confidence::Low).min(person.confidence).min(link).min(most)
}

//! The labelled traps of `tests/data/cases`: what must be found, and what looks like it and must not be.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use revere::event::{Confidence, ElementType, Event, Short};
use serde::Deserialize;

/// Positives not found yet. Whoever teaches the scanner one of them takes it off the list.
const GAPS: [&str; 1] = ["P40"];

#[derive(Deserialize)]
struct Case {
    id: String,
    element: Option<ElementType>,
    ext: String,
    content: String,
    why: String,
}

fn cases(name: &str) -> Vec<Case> {
    let path = format!("{}/tests/data/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the cases are there");
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

/// Scans each case as a file of its own; the lines of the result by the id of the case.
fn scan(cases: &[Case]) -> BTreeMap<String, Vec<Event>> {
    let folder = tempfile::tempdir().expect("a folder");
    for case in cases {
        let path = folder.path().join(format!("{}.{}", case.id, case.ext));
        std::fs::write(path, &case.content).expect("a case is written");
    }
    let mut by_id: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for event in common::scan(folder.path(), &common::options()) {
        let path = match &event {
            Event::Record(r) => &r.at.path,
            Event::Element(e) => &e.at.path,
            _ => continue,
        };
        let id = path.split('.').next().unwrap_or_default().to_owned();
        by_id.entry(id).or_default().push(event);
    }
    by_id
}

/// The people of the cases: last name as fingerprints are made of it, initial, and a word of it in the content.
const PEOPLE: [(&str, char, &str); 3] =
    [("HARGROVE", 'T', "HARGROVE"), ("LINDQVIST", 'M', "LINDQVIST"), ("DELAPENANUNEZ", 'J', "NÚÑEZ")];

/// Fingerprints of the people that a content names.
fn people(content: &str) -> BTreeSet<Short> {
    let (upper, prints) = (content.to_uppercase(), common::key().fingerprints());
    let named = PEOPLE.iter().filter(|(_, _, word)| upper.contains(word));
    named.map(|(last, initial, _)| prints.initial(last, *initial)).collect()
}

/// A state identification card is asked for as a licence: both have one kind of fingerprint.
fn is_asked_for(kind: ElementType, asked: Option<ElementType>) -> bool {
    let kind = if kind == ElementType::StateId { ElementType::DriversLicense } else { kind };
    Some(kind) == asked
}

#[test]
fn every_positive_is_a_record_but_for_the_known_gaps() {
    let cases = cases("positives.jsonl");
    let found = scan(&cases);
    let passes = |case: &&Case| {
        found.get(&case.id).into_iter().flatten().any(|event| match event {
            Event::Record(r) => {
                r.confidence >= Confidence::Medium
                    && r.elements.iter().any(|e| is_asked_for(e.kind, case.element))
                    && people(&case.content).contains(&r.person.initial_id)
            }
            _ => false,
        })
    };
    let missed: Vec<&str> = cases.iter().filter(|c| !passes(c)).map(|c| c.id.as_str()).collect();
    let why = |id: &&&str| cases.iter().find(|c| c.id == ***id).map(|c| format!("{id}: {}", c.why));
    let lost: Vec<_> = missed.iter().filter(|id| !GAPS.contains(id)).filter_map(|id| why(&id)).collect();
    assert!(lost.is_empty(), "not found: {lost:#?}");
    let closed: Vec<_> = GAPS.iter().filter(|id| !missed.contains(id)).collect();
    assert!(closed.is_empty(), "found now, to be taken off the list of gaps: {closed:?}");
}

#[test]
fn no_negative_is_flagged() {
    let cases = cases("negatives.jsonl");
    let found = scan(&cases);
    let flagged = |case: &&Case| found.get(&case.id).into_iter().flatten().any(common::flags);
    let wrong: Vec<_> = cases.iter().filter(flagged).map(|c| format!("{}: {}", c.id, c.why)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

//! The demo share holds exactly what `fixtures/share.expected.jsonl` says: people by their fingerprints, numbers,
//! links, residency and coverage. Times and modes of files are not kept by a checkout, and not looked at.

mod common;

use std::collections::BTreeMap;

use revere::event::{Confidence, ElementClass, ElementType, Event, Link, Residency, Short};
use revere::mask::Fingerprints;
use revere::name::PersonName;
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    path: String,
    member: Vec<String>,
    person: Option<Person>,
    #[serde(default)]
    elements: Vec<Number>,
    link: Option<Link>,
    residency: Option<Residency>,
    min_confidence: Option<Confidence>,
    coverage: Option<revere::coverage::Coverage>,
    cause: Option<revere::coverage::Cause>,
}

#[derive(Deserialize)]
struct Person {
    first: String,
    last: String,
}

#[derive(Deserialize)]
struct Number {
    #[serde(rename = "type")]
    kind: ElementType,
    value: String,
}

/// What tells records apart: where, who, and which numbers.
type Id = (String, Short, Vec<(ElementType, Short)>);

impl Line {
    fn place(&self) -> String {
        common::place(&self.path, &self.member)
    }

    fn id(&self, person: &Person, prints: &Fingerprints) -> Id {
        let Person { first, last } = person;
        let initial_only = first.chars().count() == 1;
        let name = PersonName { first: first.clone(), last: last.clone(), initial_only };
        let number = |n: &Number| (n.kind, prints.element(n.kind, &n.value));
        let mut numbers: Vec<_> = self.elements.iter().map(number).collect();
        numbers.sort();
        (self.place(), prints.person(&name.last_key(), &name.first_key()), numbers)
    }
}

fn expected() -> Vec<Line> {
    let text = std::fs::read_to_string(common::fixtures().join("share.expected.jsonl")).expect("it is there");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn found() -> Vec<Event> {
    common::scan(&common::fixtures().join("share"), &common::options())
}

#[test]
fn every_planted_record_is_found_and_nothing_else() {
    let (events, prints) = (found(), common::key().fingerprints());
    let mut records = BTreeMap::new();
    for event in &events {
        if let Event::Record(r) = event {
            let mut numbers: Vec<_> = r.elements.iter().map(|e| (e.kind, e.id.clone())).collect();
            numbers.sort();
            records.insert((common::place(&r.at.path, &r.member), r.person.id.clone(), numbers), r);
        }
    }
    let mut wrong = Vec::new();
    for line in expected() {
        let Some(person) = &line.person else { continue };
        let who = format!("{}: {} {}", line.place(), person.first, person.last);
        let Some(r) = records.remove(&line.id(person, &prints)) else {
            wrong.push(format!("{who}: not found"));
            continue;
        };
        if Some(r.link) != line.link {
            wrong.push(format!("{who}: link {:?}, not {:?}", r.link, line.link));
        }
        if line.residency.is_some_and(|residency| residency != r.residency) {
            wrong.push(format!("{who}: residency {:?} {:?}", r.residency, r.residency_rules));
        }
        if Some(r.confidence) < line.min_confidence {
            wrong.push(format!("{who}: confidence {:?}", r.confidence));
        }
    }
    let heavy = records.values().filter(|r| r.confidence >= Confidence::Medium);
    wrong.extend(heavy.map(|r| format!("{}: not planted: {} {:?}", r.at.path, r.person.masked, r.location)));
    let loose = events.iter().filter(|event| common::flags(event)).filter_map(|event| match event {
        Event::Element(e) => Some(format!("{}: not planted: {}", e.at.path, e.element.masked)),
        _ => None,
    });
    wrong.extend(loose);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn numbers_of_records_count_as_personal_information() {
    for event in found() {
        if let Event::Record(r) = event {
            assert!(r.elements.iter().all(|e| e.class == ElementClass::Pi), "{}", r.at.path);
        }
    }
}

#[test]
fn every_path_and_member_is_settled_as_expected() {
    let events = found();
    let mut settled: BTreeMap<String, _> =
        common::files(&events).map(|f| (common::place(&f.at.path, &f.member), f)).collect();
    assert_eq!(settled.len(), common::files(&events).count(), "a path was settled twice");
    for line in expected() {
        let Some(coverage) = line.coverage else { continue };
        let file = settled.remove(&line.place()).unwrap_or_else(|| panic!("{} not settled", line.place()));
        assert_eq!(file.coverage, coverage, "{}: {:?}", line.place(), file.gaps);
        if let Some(cause) = line.cause {
            assert!(file.gaps.iter().any(|g| g.cause == cause), "{}: {:?}", line.place(), file.gaps);
        }
    }
    assert!(settled.is_empty(), "settled but not expected: {:?}", settled.keys());
}

#[test]
fn the_summary_proves_its_sums() {
    let events = found();
    let Some(Event::Summary(summary)) = events.last() else { panic!("no summary") };
    assert!(summary.complete && !summary.interrupted);
    assert_eq!(summary.files.met, summary.files.by_coverage.values().sum::<u64>());
    assert_eq!(summary.members.met, summary.members.by_coverage.values().sum::<u64>());
    let lines = expected();
    let settled = |top: bool| {
        lines.iter().filter(|l| l.coverage.is_some() && l.member.is_empty() == top).count() as u64
    };
    assert_eq!((summary.files.met, summary.members.met), (settled(true), settled(false)));
}

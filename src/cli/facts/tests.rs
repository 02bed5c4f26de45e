//! Tests of [`super`] on events made by hand.

use super::*;
use crate::coverage::Cause;
use crate::event::{Encryption, Gap, ResidentGrade, Run};

/// A settled file with `people` people on `high` records of level high.
pub fn file(seq: u64, path: &str, high: u64, people: u64) -> FileLine {
    let value = serde_json::json!({
        "seq": seq, "root": 0, "path": path, "path_id": path, "member": [], "format": "csv", "size": 1,
        "coverage": "examined", "modified": "2019-04-02T10:00:00Z",
        "exposure": {"read": "everyone", "write": "owner"},
        "records": {"high": high, "medium": 0, "low": 0}, "elements": {},
        "residents": {"total": {"lower": people, "upper": people}, "by_residency": {}},
    });
    serde_json::from_value(value).expect("a file line")
}

fn event(file: FileLine) -> Event {
    Event::File(Box::new(file))
}

fn facts(files: impl IntoIterator<Item = FileLine>) -> Facts {
    let mut facts = Facts::new(Confidence::Medium);
    for file in files {
        facts.add(&event(file));
    }
    facts
}

fn run(roots: &[&str]) -> Event {
    let value = serde_json::json!({
        "schema": 1, "tool": "revere", "version": "0", "run_id": "r", "patterns": "p", "policy": "x",
        "roots": roots, "label": "l", "account": {"name": "n", "privileged": false}, "started": "", "key_id": "k",
        "options": {},
    });
    Event::Run(serde_json::from_value::<Run>(value).expect("a run line"))
}

fn element(seq: u64, class: &str, confidence: &str) -> Event {
    let value = serde_json::json!({
        "event": "element", "seq": seq, "root": 0, "path": "a", "path_id": "a", "member": [], "type": "ssn",
        "masked": "", "id": "", "confidence": confidence, "score": 60, "why": "", "class": class, "reason": "",
    });
    serde_json::from_value(value).expect("an element line")
}

#[test]
fn files_with_most_people_come_first_and_the_list_is_bounded() {
    let facts = facts((0..40).map(|n| file(n, &format!("f{n:02}"), 1, n % 20)));
    assert_eq!((facts.top.len(), facts.files, facts.records), (LISTED, 40, 40));
    let first: Vec<_> = facts.top.iter().take(3).map(|f| (f.path.as_str(), f.people.upper)).collect();
    assert_eq!(first, [("f19", 19), ("f39", 19), ("f18", 18)]);
    assert!(facts.in_hand.is_empty());
}

#[test]
fn members_count_under_their_file() {
    let mut member = file(7, "a.zip", 3, 3);
    member.member = vec!["m.csv".into()];
    member.gaps = vec![Gap::new(Cause::Damaged, None)];
    let mut low = file(7, "a.zip", 0, 3);
    low.records.low = 2;
    let facts = facts([member, low]);
    assert_eq!((facts.files, facts.records, facts.below, facts.failed_files), (1, 3, 2, 1));
    assert_eq!((facts.top[0].level, facts.open_to_all), (Confidence::High, 1));
}

#[test]
fn only_loose_numbers_that_count_are_counted() {
    let mut facts = Facts::new(Confidence::Medium);
    for event in [element(1, "pi", "high"), element(1, "pi", "low"), element(1, "test-data", "high")] {
        facts.add(&event);
    }
    facts.add(&event(file(1, "a", 0, 0)));
    assert_eq!((facts.loose, facts.loose_files, facts.files), (1, 1, 0));
}

#[test]
fn the_oldest_file_with_records_and_weak_encryption_are_noted() {
    let mut old = file(1, "old", 1, 1);
    old.modified = Some("2009-06-30T00:00:00Z".into());
    let mut older = file(2, "without records", 0, 0);
    older.modified = Some("1999-06-30T00:00:00Z".into());
    let mut sealed = file(3, "s.zip", 0, 0);
    sealed.coverage = Coverage::Encrypted;
    sealed.encryption = Some(Encryption { kind: "zip-crypto".into(), bits: Some(96), statutory: Tri::No });
    let facts = facts([file(0, "new", 1, 1), old, older, sealed]);
    assert_eq!(facts.oldest, Some(("2009-06-30T00:00:00Z".into(), "old".into())));
    assert_eq!(facts.weakly_encrypted, 1);
}

#[test]
fn paths_name_their_root_where_there_are_several() {
    let at = |root, path: &str| PathRef { root, path: path.into(), ..PathRef::default() };
    let mut facts = Facts::new(Confidence::Medium);
    facts.add(&run(&["/srv"]));
    assert_eq!(facts.shown(&at(0, "a/b")), "a/b");
    facts.add(&run(&["/srv/", "x/list.csv", ".", "/"]));
    assert_eq!(facts.shown(&at(0, "a/b")), "/srv/a/b");
    assert_eq!(facts.shown(&at(1, "list.csv")), "x/list.csv");
    assert_eq!(facts.shown(&at(2, "list.csv")), "list.csv");
    assert_eq!(facts.shown(&at(3, "a/b")), "/a/b");
}

#[test]
fn residents_of_massachusetts_are_unknown_only_if_nothing_is_known() {
    let grade = |upper| ResidentGrade { total: Bounds { lower: upper, upper }, ..ResidentGrade::default() };
    let mut residents = Residents { total: Bounds { lower: 5, upper: 5 }, ..Residents::default() };
    assert_eq!(massachusetts(&residents), None);
    residents.by_residency.insert(Residency::Other, grade(5));
    assert_eq!(massachusetts(&residents), Some(Bounds::default()));
    residents.by_residency.insert(Residency::Confirmed, grade(3));
    residents.by_residency.insert(Residency::Likely, grade(4));
    assert_eq!(massachusetts(&residents), Some(Bounds { lower: 5, upper: 5 }));
}

//! Orders in which people write names and numbers down (`tests/data/cases/orders.jsonl`): who must come out, and
//! nobody else.

mod common;

use std::collections::BTreeSet;

use revere::event::{Confidence, ElementType, Event};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    id: String,
    ext: String,
    why: String,
    content: String,
    /// Last name as fingerprints are made of it, initial, kind of number.
    want: Vec<(String, char, ElementType)>,
    /// Others may come out too.
    more: bool,
}

#[test]
fn numbers_go_to_their_people_in_every_order() {
    let text = include_str!("data/cases/orders.jsonl");
    let cases: Vec<Case> = text.lines().map(|l| serde_json::from_str(l).expect("a case is JSON")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    for case in &cases {
        std::fs::write(folder.path().join(format!("{}.{}", case.id, case.ext)), &case.content)
            .expect("written");
    }
    let (events, prints) = (common::scan(folder.path(), &common::options()), common::key().fingerprints());
    let mut wrong = Vec::new();
    for case in &cases {
        let path = format!("{}.{}", case.id, case.ext);
        let mut found = BTreeSet::new();
        for event in &events {
            if let Event::Record(r) = event
                && r.at.path == path
                && r.confidence >= Confidence::Medium
            {
                let strong = r.elements.iter().filter(|e| e.confidence >= Confidence::Medium);
                found.extend(strong.map(|e| (r.person.initial_id.clone(), e.kind)));
            }
        }
        let want: BTreeSet<_> =
            case.want.iter().map(|(last, first, kind)| (prints.initial(last, *first), *kind)).collect();
        if found != want && !(case.more && found.is_superset(&want)) {
            wrong.push(format!("{}: {}", case.id, case.why));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The grade of the only record of a text.
fn residency(content: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.txt"), content).expect("written");
    let events = common::scan(folder.path(), &common::options());
    let grade = |event: &Event| match event {
        Event::Record(r) => Some(format!("{:?}", r.residency).to_lowercase()),
        _ => None,
    };
    events.iter().filter_map(grade).collect()
}

#[test]
fn an_address_is_that_of_its_own_line_and_no_issuer_of_a_licence() {
    let neighbours = "Tobias Hargrove, SSN 324-61-3387, of Portland, ME 04101\n\
        Maeve Lindqvist, 12 Elm St, Cambridge, MA 02139\nInes Duarte, SSN 331-58-2947\n";
    assert_eq!(residency(neighbours), ["other", "unknown"]);
    let issuer = "Tobias Hargrove, Massachusetts driver's license S61940275\n";
    assert_eq!(residency(issuer), ["likely"]);
    let entry = "cn: Tobias Hargrove\nst: MA\npostalCode: 02139\nssn: 324-61-3387\n";
    assert_eq!(residency(entry), ["confirmed"]);
}

//! Texts and the people who must come out of them, and nobody else: orders in which people write names and numbers
//! down (`orders.jsonl`), and shapes of files in which numbers hide or seem to (`further.jsonl`).
//!
//! What such a shape needs a document for is in `fixtures/formats`: hidden sheets and rows, merged cells, comments,
//! headers and footers, tracked deletions, properties, annotations and fields, EBCDIC. Cuts are in `range_cuts.rs`,
//! lines of hundreds of megabytes in `bad_input.rs`, one number in several files in `src/resident/tests.rs`.

mod common;

use std::collections::BTreeSet;

use revere::event::{Confidence, ElementType, Event, Link};
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
    /// UTF-8 where none is said.
    #[serde(default)]
    encoding: String,
}

impl Case {
    fn bytes(&self) -> Vec<u8> {
        let units = || self.content.encode_utf16();
        match self.encoding.as_str() {
            "utf-16le" => [0xFEFF].into_iter().chain(units()).flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => [0xFEFF].into_iter().chain(units()).flat_map(u16::to_be_bytes).collect(),
            _ => self.content.clone().into_bytes(),
        }
    }
}

#[test]
fn numbers_go_to_their_people_in_every_order() {
    all_come_out(include_str!("data/cases/orders.jsonl"), false);
}

#[test]
fn numbers_are_found_in_every_shape_of_file() {
    all_come_out(include_str!("data/cases/further.jsonl"), true);
}

#[test]
fn what_a_review_found_stays_mended() {
    all_come_out(include_str!("data/cases/reviewed.jsonl"), false);
}

/// `clean`: where nobody must come out, no number without a name must be flagged either.
fn all_come_out(text: &str, clean: bool) {
    let cases: Vec<Case> = text.lines().map(|l| serde_json::from_str(l).expect("a case is JSON")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    for case in &cases {
        std::fs::write(folder.path().join(format!("{}.{}", case.id, case.ext)), case.bytes())
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
        let flagged = events.iter().any(|e| common::path(e) == Some(path.as_str()) && common::flags(e));
        if (clean && want.is_empty() && flagged) || found != want && !(case.more && found.is_superset(&want))
        {
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

#[test]
fn a_number_far_from_two_people_is_a_possible_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let between = "Nothing to see on this line of the manual.\n".repeat(60);
    let text = format!("Tobias Hargrove wrote this.\nMaeve Lindqvist read it.\n{between}SSN: 024-61-3387\n");
    std::fs::write(folder.path().join("a.txt"), text).expect("written");
    let events = common::scan(folder.path(), &common::options());
    let found: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Record(r) => Some((r.link, r.confidence, r.elements[0].confidence)),
            _ => None,
        })
        .collect();
    assert_eq!(found, [(Link::Document, Confidence::Low, Confidence::High)]);
}

//! Names in one member of a container, numbers in another, and a key in both.

mod common;

use std::io::Write;

use revere::coverage::Coverage;
use revere::event::{Event, FileLine, Link, Record};
use zip::write::SimpleFileOptions;

const PEOPLE: &str = "employee_id,name,town\n70011,Tobias Hargrove,Lynn\n70012,Maeve Lindqvist,Lowell\n";
const NUMBERS: &str = "employee_id,ssn\n70011,024-61-3387\n70012,031-58-2947\n";

fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a member starts");
        zip.write_all(content.as_bytes()).expect("a member is written");
    }
    zip.finish().expect("an archive").into_inner()
}

fn mail(members: &[(&str, &str)]) -> Vec<u8> {
    let mut text = "From: Payroll <payroll@firm.example>\r\nTo: hr@firm.example\r\nSubject: lists\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n"
        .to_owned();
    for (name, content) in members {
        let part = format!(
            "--b1\r\nContent-Type: text/csv; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}\r\n"
        );
        text.push_str(&part);
    }
    (text + "--b1--\r\n").into_bytes()
}

fn scan(name: &str, bytes: &[u8]) -> Vec<Event> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), bytes).expect("a file is written");
    common::scan(folder.path(), &common::options())
}

fn records(events: &[Event]) -> Vec<&Record> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Record(r) => Some(&**r),
            _ => None,
        })
        .collect()
}

fn file<'a>(events: &'a [Event], member: &[&str]) -> &'a FileLine {
    let found = events.iter().find_map(|event| match event {
        Event::File(file) if file.member == member => Some(&**file),
        _ => None,
    });
    found.expect("every member has a line")
}

fn both_are_joined(events: &[Event], numbers: &str) {
    let records = records(events);
    assert_eq!(records.len(), 2);
    for record in &records {
        assert_eq!((record.link, record.member.as_slice()), (Link::Joined, [numbers.to_owned()].as_slice()));
    }
    let line = file(events, &[numbers]);
    assert_eq!((line.records.medium, line.residents.total.upper, line.coverage), (2, 2, Coverage::Examined));
    let elements = events.iter().filter(|event| matches!(event, Event::Element(_))).count();
    assert_eq!(elements, 0, "no number is told twice");
}

#[test]
fn members_of_an_archive_share_a_key_in_either_order() {
    both_are_joined(
        &scan("a.zip", &archive(&[("people.csv", PEOPLE), ("numbers.csv", NUMBERS)])),
        "numbers.csv",
    );
    both_are_joined(
        &scan("a.zip", &archive(&[("numbers.csv", NUMBERS), ("people.csv", PEOPLE)])),
        "numbers.csv",
    );
}

#[test]
fn attachments_of_a_mail_share_a_key() {
    both_are_joined(
        &scan("a.eml", &mail(&[("numbers.csv", NUMBERS), ("people.csv", PEOPLE)])),
        "numbers.csv",
    );
}

#[test]
fn members_of_different_archives_do_not() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in
        [("inner.zip", archive(&[("people.csv", PEOPLE)])), ("numbers.csv", NUMBERS.into())]
    {
        zip.start_file(name, SimpleFileOptions::default()).expect("a member starts");
        zip.write_all(&content).expect("a member is written");
    }
    let events = scan("outer.zip", &zip.finish().expect("an archive").into_inner());
    assert!(records(&events).is_empty());
}

#[test]
fn a_key_that_few_share_or_that_only_counts_rows_joins_nothing() {
    let others = "employee_id,name\n80011,Tobias Hargrove\n80012,Maeve Lindqvist\n70012,Ines Duarte\n";
    let many = "employee_id,ssn\n70011,024-61-3387\n70012,031-58-2947\n70013,025-44-1938\n";
    let events = scan("a.zip", &archive(&[("people.csv", others), ("numbers.csv", many)]));
    assert!(records(&events).is_empty());
    assert_eq!(file(&events, &["numbers.csv"]).elements.values().sum::<u64>(), 3);

    let rows = |text: &str| text.replace("employee_id", "id").replace("7001", "");
    let events = scan("a.zip", &archive(&[("people.csv", &rows(PEOPLE)), ("numbers.csv", &rows(NUMBERS))]));
    assert!(records(&events).is_empty());
}

#[test]
fn a_key_may_be_headed_in_other_words() {
    for (people, numbers) in
        [("Badge", "badge"), ("EmpID", "employee_no"), ("Patient", "PATIENT"), ("MRN", "mrn")]
    {
        let (people, numbers) =
            (PEOPLE.replace("employee_id", people), NUMBERS.replace("employee_id", numbers));
        both_are_joined(
            &scan("a.zip", &archive(&[("people.csv", &people), ("numbers.csv", &numbers)])),
            "numbers.csv",
        );
    }
}

#[test]
fn what_several_people_share_is_no_key_of_theirs() {
    let people =
        "team_id,name\n70011,Tobias Hargrove\n70011,Ines Duarte\n70012,Maeve Lindqvist\n70012,Luis Duarte\n";
    let numbers = NUMBERS.replace("employee_id", "team_id");
    let events = scan("a.zip", &archive(&[("people.csv", people), ("numbers.csv", &numbers)]));
    assert!(records(&events).is_empty());
}

#[test]
fn a_key_of_two_people_names_neither_and_the_others_are_joined() {
    let people = PEOPLE.to_owned() + "70011,Karen Duarte,Lynn\n";
    let events = scan("a.zip", &archive(&[("people.csv", &people), ("numbers.csv", NUMBERS)]));
    let joined = records(&events).len();
    assert_eq!(joined + 1, NUMBERS.lines().count() - 1);
}

#[test]
fn nobody_has_the_ssns_of_all_who_share_a_key() {
    let numbers = "employee_id,ssn\n70011,024-61-3387\n70011,031-58-2947\n70011,012-34-9876\n";
    let events = scan("a.zip", &archive(&[("people.csv", PEOPLE), ("numbers.csv", numbers)]));
    assert!(records(&events).is_empty());
}

#[test]
fn rows_that_name_their_people_are_left_alone() {
    let named = "employee_id,name,ssn\n70011,Ines Duarte,024-61-3387\n70012,Luis Duarte,031-58-2947\n";
    let events = scan("a.zip", &archive(&[("people.csv", PEOPLE), ("named.csv", named)]));
    assert!(records(&events).iter().all(|r| r.link == Link::Row));
    assert_eq!(records(&events).len(), 2);
}

//! Made-up events for tests.

use std::collections::BTreeMap;

use super::Writer;
use crate::coverage::{Cause, Class, Coverage};
use crate::event::*;

/// The lines of a result.
pub fn written(events: &[Event]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out);
    for event in events {
        writer.write(event).expect("memory takes everything");
    }
    writer.flush().expect("memory takes everything");
    drop(writer);
    out
}

pub fn run() -> Event {
    Event::Run(Run {
        schema: SCHEMA,
        tool: "revere".into(),
        version: "1.0.0".into(),
        run_id: "7f".into(),
        patterns: "p".into(),
        policy: "ma-201-cmr-17".into(),
        roots: vec!["share".into()],
        label: "srv".into(),
        account: Account { name: "scan".into(), privileged: false },
        started: "2026-01-02T03:04:05Z".into(),
        key_id: "k".into(),
        options: BTreeMap::from([("records".into(), 1_000_000.into())]),
        isolation: Some(vec!["landlock".into()]),
        configuration: None,
    })
}

pub fn resume() -> Event {
    Event::Resume(Resume { started: "2026-01-02T04:04:05Z".into(), version: "1.0.0".into() })
}

pub fn volume(id: u32, mount: &str) -> Event {
    Event::Volume(Volume {
        id,
        mount: Some(mount.into()),
        fs: Some("ext4".into()),
        kind: VolumeKind::Local,
        encrypted: Tri::Yes,
        how: Some("dm-crypt".into()),
        atime: Some("kept".into()),
    })
}

pub fn at(path: &str) -> PathRef {
    PathRef { path: path.into(), path_id: format!("id-{path}"), ..PathRef::default() }
}

pub fn begin(seq: u64, path: &str) -> Event {
    Event::Begin(Begin { seq, at: at(path) })
}

pub fn gap(path: &str) -> Event {
    Event::Gap(GapLine { at: at(path), cause: Cause::Denied, class: Class::Failed, detail: None })
}

pub fn why(seq: u64, n: &str) -> Event {
    let evidence = vec![Evidence { rule: "ssn-header".into(), points: 55, text: "header SSN".into() }];
    Event::Why(Why { seq, n: n.into(), evidence })
}

/// An id as long as one.
fn id(n: u8) -> Short {
    format!("{n:02x}").repeat(16).into()
}

pub fn element(n: u8) -> Element {
    Element {
        kind: ElementType::Ssn,
        masked: "•••••3387".into(),
        id: id(n),
        confidence: Confidence::High,
        score: 95,
        why: "0123456789ab".into(),
        location: Location { column: Some(u32::from(n)), ..Location::default() },
        variant: Some("lost-zero".into()),
        state: None,
        class: ElementClass::Pi,
    }
}

pub fn record(seq: u64, path: &str, n: u8) -> Event {
    Event::Record(Box::new(Record {
        seq,
        id: format!("r{n}").into(),
        at: at(path).into(),
        member: vec![],
        person: Person {
            masked: "T••• H•••".into(),
            id: id(n),
            initial_id: id(n),
            confidence: Confidence::High,
            location: Location::default(),
        },
        elements: vec![element(n)],
        link: Link::Row,
        confidence: Confidence::High,
        residency: Residency::Confirmed,
        residency_rules: vec!["zip".into()],
        keys: BTreeMap::from([("name-dob".into(), id(n)[..16].into())]),
        credentials: vec!["pin".into()],
        shared: true,
        location: Location { row: Some(u64::from(n)), ..Location::default() },
    }))
}

pub fn loose(seq: u64, path: &str, n: u8) -> Event {
    Event::Element(Box::new(ElementLine {
        seq,
        at: at(path).into(),
        member: vec!["m".into()],
        element: element(n),
        reason: "no name near".into(),
    }))
}

pub fn column(seq: u64, path: &str) -> Event {
    Event::Column(Column {
        seq,
        at: at(path),
        member: vec![],
        table: Some("Staff".into()),
        column: 2,
        header: Some("SSN".into()),
        column_id: "c".into(),
        kind: ElementType::Ssn,
        values: 3,
        valid: 3,
        distinct: 2,
    })
}

pub fn file_line(seq: u64, path: &str) -> FileLine {
    FileLine {
        seq,
        at: at(path),
        member: vec![],
        member_id: None,
        format: "csv".into(),
        size: 10,
        coverage: Coverage::Examined,
        gaps: vec![],
        identity: Some(Identity { dev: 1, ino: 2, nlink: 1, ctime: "2026-01-01T00:00:00Z".into() }),
        modified: None,
        accessed: Some("2026-01-01T00:00:00Z".into()),
        created: None,
        owner: None,
        group: None,
        exposure: Some(Exposure { read: Reach::Everyone, write: Reach::Owner }),
        acl: Vec::new(),
        volume: Some(0),
        encryption: None,
        content: None,
        same_as: None,
        hints: Vec::new(),
        records: Levels { high: 1, ..Levels::default() },
        elements: BTreeMap::from([(ElementType::Ssn, 1)]),
        residents: Residents::default(),
        rejected: 0,
        cut: 0,
        members: None,
    }
}

pub fn file(seq: u64, path: &str) -> Event {
    Event::File(Box::new(file_line(seq, path)))
}

pub fn member(seq: u64, path: &str, name: &str) -> Event {
    Event::File(Box::new(FileLine { member: vec![name.into()], ..file_line(seq, path) }))
}

pub fn summary() -> Summary {
    Summary {
        files: Sum::default(),
        members: Sum::default(),
        gaps: BTreeMap::new(),
        records: Levels::default(),
        residents: Residents::default(),
        bytes: 0,
        elapsed: 1.5,
        complete: true,
        interrupted: false,
        digest: String::new(),
    }
}

/// One of each.
pub fn every_event() -> Vec<Event> {
    vec![
        run(),
        resume(),
        volume(0, "/srv"),
        begin(1, "a"),
        why(1, "0123456789ab"),
        record(1, "a", 1),
        loose(1, "a", 2),
        column(1, "a"),
        member(1, "a", "m"),
        file(1, "a"),
        gap("b"),
        Event::Summary(Box::new(summary())),
    ]
}

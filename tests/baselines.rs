//! Baselines over edited data: whatever is moved, sorted anew, renamed or added, exactly the new records are new.

mod common;
#[path = "common/made.rs"]
mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use common::Random;
use jiff::civil::{Date, date};
use revere::baseline::{Added, Baseline, Scope, Verdict, add, drop_stale, follow, judge};
use revere::event::{Account, Confidence, Event, Run, SCHEMA};
use revere::report::{Results, Source};
use revere::result::{Tally, Writer};

const TODAY: Date = date(2026, 6, 30);

/// Files by name; rows of last name, first name and number.
type Files = BTreeMap<String, Vec<[String; 3]>>;

fn run() -> Event {
    Event::Run(Run {
        schema: SCHEMA,
        tool: "revere".into(),
        version: "1".into(),
        run_id: String::new(),
        patterns: String::new(),
        policy: String::new(),
        roots: vec![".".into()],
        label: String::new(),
        account: Account { name: String::new(), privileged: false },
        started: "2026-06-30T00:00:00Z".into(),
        key_id: common::key().key_id(),
        options: BTreeMap::new(),
        isolation: None,
        configuration: None,
    })
}

fn renumbered(mut event: Event, n: u64) -> Event {
    match &mut event {
        Event::File(e) => e.seq = n,
        Event::Record(e) => e.seq = n,
        Event::Element(e) => e.seq = n,
        Event::Column(e) => e.seq = n,
        Event::Why(e) => e.seq = n,
        _ => {}
    }
    event
}

fn scanned(files: &Files) -> Results {
    let text = |rows: &Vec<[String; 3]>| {
        let lines = rows.iter().fold(String::new(), |lines, row| lines + &row.join(",") + "\n");
        format!("last_name,first_name,ssn\n{lines}")
    };
    scanned_texts(&files.iter().map(|(name, rows)| (name.clone(), text(rows))).collect())
}

fn scanned_texts(files: &BTreeMap<String, String>) -> Results {
    let (mut writer, mut tally, prints) =
        (Writer::new(Vec::new()), Tally::new(), common::key().fingerprints());
    let mut put = |event: Event| {
        writer.write(&event).expect("memory takes everything");
        tally.add(&event);
    };
    put(run());
    for ((name, text), n) in files.iter().zip(1..) {
        for event in revere::scan::scan_bytes(name, text.as_bytes(), &prints) {
            put(renumbered(event, n));
        }
    }
    let bytes =
        writer.finish(tally.summary(1.0, false, files.len() as u64)).expect("memory takes everything").0;
    let source = Source { name: "now".into(), content: Box::new(Cursor::new(bytes)) };
    Results::open(vec![source], Confidence::Low, revere::scan::nameless).unwrap_or_else(|e| panic!("{e}"))
}

fn verdict(files: &Files, baseline: &Baseline) -> Verdict {
    let met: BTreeSet<String> = files.keys().cloned().collect();
    judge(&mut scanned(files), baseline, Confidence::Medium, TODAY, &|entry| !met.contains(&entry.path))
        .unwrap_or_else(|e| panic!("{e}"))
}

fn how(scope: Scope) -> Added {
    Added { scope, max: None, reason: None, by: None, until: None }
}

fn accepted(files: &Files, how: &Added) -> Baseline {
    let mut baseline = Baseline::new(&common::key().key_id());
    update(files, &mut baseline, how);
    baseline
}

fn update(files: &Files, baseline: &mut Baseline, how: &Added) {
    let verdict = verdict(files, baseline);
    follow(baseline, &verdict);
    add(&mut scanned(files), baseline, &verdict, how).unwrap_or_else(|e| panic!("{e}"));
}

fn rows(random: &mut Random, n: u64) -> Vec<[String; 3]> {
    let row = |random: &mut Random| {
        let (first, last) = made::person(random);
        [last.to_owned(), first.to_owned(), made::ssn(random)]
    };
    (0..n).map(|_| row(random)).collect()
}

fn start(random: &mut Random) -> Files {
    BTreeMap::from([("data/a.csv".to_owned(), rows(random, 30)), ("data/b.csv".to_owned(), rows(random, 8))])
}

fn shuffled(random: &mut Random, rows: &mut [[String; 3]]) {
    match random.below(4) {
        0 => rows.sort(),
        1 => rows.reverse(),
        2 => rows.sort_by(|a, b| a[2].cmp(&b[2])),
        _ => (1..rows.len()).for_each(|n| rows.swap(n, random.below(n as u64 + 1) as usize)),
    }
}

#[test]
fn random_edits_give_exactly_the_new_records() {
    let mut random = Random(0xba5e);
    let before = start(&mut random);
    let baseline = accepted(&before, &how(Scope::Value));
    let known: BTreeSet<&String> = before.values().flatten().map(|row| &row[2]).collect();
    assert_eq!(verdict(&before, &baseline).new, 0);
    for edit in 0..1000 {
        let mut files = before.clone();
        let mut edited = files.remove("data/a.csv").expect("it is there");
        edited.truncate(30 - random.below(4) as usize);
        let kept = edited.len();
        let new = random.below(4);
        edited.extend(rows(&mut random, new).into_iter().filter(|row| !known.contains(&row[2])));
        let added = edited.len() - kept;
        shuffled(&mut random, &mut edited);
        let renamed = random.below(2) == 0;
        let name = if renamed { format!("moved/{edit}.csv") } else { "data/a.csv".to_owned() };
        let followed = !renamed || kept * 10 >= edited.len() * 9;
        let expected = if followed { added } else { edited.len() };
        files.insert(name, edited);
        let verdict = verdict(&files, &baseline);
        assert_eq!(
            verdict.new as usize, expected,
            "edit {edit}: renamed {renamed}, kept {kept}, added {added}"
        );
        assert_eq!(verdict.stale.len(), if followed { 30 - kept } else { 30 }, "edit {edit}");
        assert_eq!(verdict.moved.len(), usize::from(renamed && followed), "edit {edit}");
    }
}

#[test]
fn a_copy_of_a_known_file_is_new() {
    let mut files = start(&mut Random(7));
    let baseline = accepted(&files, &how(Scope::Value));
    let copy = files["data/b.csv"].clone();
    files.insert("public/b.csv".to_owned(), copy);
    assert_eq!(verdict(&files, &baseline).new, 8);
    // Of two copies of a file that is gone one is the file, the other is new.
    let copy = files.remove("data/b.csv").expect("it is there");
    files.insert("other/b.csv".to_owned(), copy);
    assert_eq!(verdict(&files, &baseline).new, 8);
}

#[test]
fn a_renamed_file_gets_its_new_name_and_keeps_what_was_decided() {
    let mut files = start(&mut Random(8));
    let mut reasoned = how(Scope::Value);
    reasoned.reason = Some("test accounts".to_owned());
    let mut baseline = accepted(&files, &reasoned);
    let moved = files.remove("data/b.csv").expect("it is there");
    files.insert("archive/b.csv".to_owned(), moved);
    update(&files, &mut baseline, &how(Scope::Value));
    assert!(baseline.entries.iter().all(|e| e.path != "data/b.csv" && e.reason.is_some()));
    let verdict = verdict(&files, &baseline);
    assert_eq!((verdict.new, verdict.moved.len(), verdict.stale.len()), (0, 0, 0));
}

#[test]
fn a_column_is_known_up_to_its_limit() {
    let mut random = Random(9);
    let mut files = start(&mut random);
    let mut limited = how(Scope::Column);
    limited.max = Some(31);
    let baseline = accepted(&files, &limited);
    assert_eq!(baseline.entries.len(), 2);
    let more = rows(&mut random, 1);
    files.get_mut("data/a.csv").expect("it is there").extend(more);
    assert_eq!(verdict(&files, &baseline).new, 0);
    let more = rows(&mut random, 1);
    files.get_mut("data/a.csv").expect("it is there").extend(more);
    let over = verdict(&files, &baseline);
    assert_eq!((over.exceeded.len(), over.exceeded[0].values, over.new), (1, 32, 32));
    // What is accepted by column stays so, whatever else is asked for.
    let mut baseline = baseline;
    update(&files, &mut baseline, &how(Scope::Value));
    let now = verdict(&files, &baseline);
    assert_eq!((baseline.entries.len(), now.exceeded.len(), now.new), (2, 0, 0));
    assert!(baseline.entries.iter().any(|entry| entry.max == Some(32)));
}

/// Rows of two people each, whose numbers stand under `headers`; both columns may hold the same numbers.
fn couples(random: &mut Random, headers: [&str; 2], equal: bool, n: usize) -> String {
    let head =
        format!("last_name,first_name,{},spouse_last_name,spouse_first_name,{}\n", headers[0], headers[1]);
    (0..n).fold(head, |text, _| {
        let ((first, last), (other_first, other_last)) = (made::person(random), made::person(random));
        let (one, two) = (made::ssn(random), made::ssn(random));
        let two = if equal { &one } else { &two };
        text + &format!("{last},{first},{one},{other_last},{other_first},{two}\n")
    })
}

#[test]
fn what_was_accepted_is_known_at_once_in_every_scope() {
    let mut random = Random(21);
    for (headers, equal) in [(["ssn", "ssn"], false), (["ssn", "spouse_ssn"], true), (["ssn", "ssn"], true)] {
        let text = couples(&mut random, headers, equal, 8);
        let files = BTreeMap::from([("a.csv".to_owned(), text)]);
        for scope in [Scope::Value, Scope::Column, Scope::File] {
            let mut baseline = Baseline::new(&common::key().key_id());
            let judged = |baseline: &Baseline| {
                let mut results = scanned_texts(&files);
                judge(&mut results, baseline, Confidence::Low, TODAY, &|_| true)
                    .unwrap_or_else(|e| panic!("{e}"))
            };
            let verdict = judged(&baseline);
            assert!(verdict.new >= 8, "{headers:?} {equal} {scope:?}");
            add(&mut scanned_texts(&files), &mut baseline, &verdict, &how(scope))
                .unwrap_or_else(|e| panic!("{e}"));
            let now = judged(&baseline);
            let left = (now.new, now.exceeded.len(), now.stale.len());
            assert_eq!(left, (0, 0, 0), "{headers:?} {equal} {scope:?}");
        }
    }
}

#[test]
fn of_two_limits_that_a_merge_left_the_higher_one_counts() {
    let files = start(&mut Random(22));
    let mut baseline = accepted(&files, &how(Scope::Column));
    let lower: Vec<_> = baseline
        .entries
        .iter()
        .cloned()
        .map(|entry| revere::baseline::Entry { max: Some(2), ..entry })
        .collect();
    baseline.entries.extend(lower);
    let verdict = verdict(&files, &baseline);
    assert_eq!((verdict.new, verdict.exceeded.len()), (0, 0));
}

#[test]
fn what_has_expired_is_renewed_only_with_a_new_last_day() {
    let files = start(&mut Random(23));
    for scope in [Scope::Value, Scope::Column, Scope::File] {
        let yesterday = Added { until: Some(date(2026, 6, 29)), ..how(scope) };
        let mut baseline = accepted(&files, &yesterday);
        let before = baseline.clone();
        update(&files, &mut baseline, &how(scope));
        assert_eq!(baseline, before, "{scope:?}");
        let renewed =
            Added { until: Some(date(2027, 6, 30)), reason: Some("asked again".into()), ..how(scope) };
        update(&files, &mut baseline, &renewed);
        assert_eq!((baseline.entries.len(), verdict(&files, &baseline).new), (before.entries.len(), 0));
        assert!(baseline.entries.iter().all(|entry| entry.until == Some(date(2027, 6, 30))), "{scope:?}");
    }
}

#[test]
fn a_file_is_known_up_to_its_limit() {
    let mut random = Random(10);
    let mut files = start(&mut random);
    let baseline = accepted(&files, &how(Scope::File));
    assert_eq!(verdict(&files, &baseline).new, 0);
    let more = rows(&mut random, 1);
    files.get_mut("data/b.csv").expect("it is there").extend(more);
    let over = verdict(&files, &baseline);
    assert_eq!((over.exceeded.len(), over.new), (1, 9));
    let mut baseline = baseline;
    update(&files, &mut baseline, &how(Scope::Value));
    assert_eq!((baseline.entries.len(), verdict(&files, &baseline).new), (2, 0));
}

#[test]
fn an_expired_entry_covers_nothing_and_is_named() {
    let files = start(&mut Random(11));
    for (until, new) in [(TODAY, 0), (date(2026, 6, 29), 38)] {
        let mut limited = how(Scope::Value);
        limited.until = Some(until);
        let verdict = verdict(&files, &accepted(&files, &limited));
        assert_eq!((verdict.new, verdict.expired.len() as u64), (new, new));
    }
}

#[test]
fn entries_without_a_match_are_named_and_removed() {
    let mut files = start(&mut Random(12));
    let mut baseline = accepted(&files, &how(Scope::Value));
    files.remove("data/b.csv");
    files.get_mut("data/a.csv").expect("it is there").truncate(25);
    let verdict = verdict(&files, &baseline);
    assert_eq!((verdict.new, verdict.stale.len()), (0, 13));
    assert_eq!(drop_stale(&mut baseline, &verdict), 13);
    assert_eq!(baseline.entries.len(), 25);
}

#[test]
fn a_part_of_the_folder_makes_nothing_stale_elsewhere() {
    let files = start(&mut Random(13));
    let baseline = accepted(&files, &how(Scope::Value));
    let part: Files = files.into_iter().filter(|(name, _)| name == "data/b.csv").collect();
    let verdict = judge(&mut scanned(&part), &baseline, Confidence::Medium, TODAY, &|_| false)
        .unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((verdict.new, verdict.covered, verdict.stale.len()), (0, 8, 0));
}

#[test]
fn writing_is_stable() {
    let files = start(&mut Random(14));
    let written = |baseline: &Baseline| {
        let mut text = Vec::new();
        baseline.write(&mut text).expect("memory takes everything");
        String::from_utf8(text).expect("UTF-8")
    };
    let baseline = accepted(&files, &how(Scope::Value));
    let text = written(&baseline);
    assert_eq!(written(&Baseline::read(text.as_bytes()).unwrap_or_else(|e| panic!("{e}"))), text);
    assert_eq!(written(&accepted(&files, &how(Scope::Value))), text);
    for row in files.values().flatten() {
        assert!(!text.contains(&row[2]) && !text.contains(&row[0]), "a baseline holds no number and no name");
    }
}

//! Patterns of users reach every kind of file, in this process and in workers, and never count as personal
//! information.

mod common;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use revere::event::{ElementClass, ElementLine, ElementType, Event};
use revere::pattern::definition::DefinitionFile;
use revere::pattern::user::UserPatterns;

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The lines of a scan with the patterns of `tests/data/patterns/company`.
fn scan(root: &Path, patterns: bool) -> Vec<Event> {
    let home = tempfile::tempdir().expect("a home");
    let mut command = common::program(home.path());
    command.arg("scan").arg(root).args(["--ephemeral-key", "--quiet", "--jobs", "1", "--out", "-"]);
    if patterns {
        command.arg("--patterns").arg(folder("patterns/company"));
    }
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("an event")).collect()
}

fn related(events: &[Event]) -> impl Iterator<Item = &ElementLine> {
    events.iter().filter_map(|event| match event {
        Event::Element(e) if e.element.kind == ElementType::Other => Some(&**e),
        _ => None,
    })
}

fn zip(path: &Path, name: &str, content: &str) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
    zip.write_all(content.as_bytes()).expect("written");
    zip.finish().expect("closed");
}

#[test]
fn numbers_of_users_are_found_in_every_kind_of_file() {
    let share = tempfile::tempdir().expect("a folder");
    let filler = "nothing of note stands here\n".repeat(400);
    let files = [
        ("prose.txt", format!("{filler}Customer no. HB-1234-5674 called.\n{filler}")),
        (
            "table.csv",
            "name,cust,city\nTobias Hargrove,HB-1234-5674,Lowell\nMaeve Whitcomb,-,Salem\n".to_owned(),
        ),
        ("one.json", r#"{"customer":{"cust":"HB-1234-5674","note":"x"}}"#.to_owned()),
        (
            "many.ndjson",
            "{\"cust\":\"HB-1234-5674\",\"a\":1}\n{\"cust\":\"none\",\"a\":2}\n{\"cust\":\"\",\"a\":3}\n"
                .to_owned(),
        ),
        ("dump.sql", "INSERT INTO c (name,cust) VALUES ('Tobias Hargrove','HB-1234-5674');\n".to_owned()),
        ("page.html", "<p>Customer number <b>HB-1234-5674</b></p>".to_owned()),
        ("one.xml", "<c><cust>HB-1234-5674</cust><name>Tobias Hargrove</name></c>".to_owned()),
    ];
    for (name, content) in &files {
        std::fs::write(share.path().join(name), content).expect("written");
    }
    zip(&share.path().join("in.zip"), "table.csv", &files[1].1);
    let events = scan(share.path(), true);
    let mut found: Vec<&str> = related(&events).map(|e| e.at.path.as_str()).collect();
    found.sort_unstable();
    let mut all: Vec<&str> = files.iter().map(|f| f.0).chain(["in.zip"]).collect();
    all.sort_unstable();
    assert_eq!(found, all);
    for e in related(&events) {
        assert_eq!(e.element.variant.as_deref(), Some("harbor/customer"), "{}", e.at.path);
        assert_eq!((e.element.class, e.element.score), (ElementClass::Related, 50), "{}", e.at.path);
        assert_eq!(e.element.masked, "••••••5674");
    }
    let ids: BTreeSet<&str> = related(&events).map(|e| e.element.id.as_str()).collect();
    assert_eq!(ids.len(), 1);
    assert!(common::files(&events).all(|f| f.elements.is_empty() && f.residents.total.upper == 0));
}

#[test]
fn labels_of_users_name_an_element() {
    let file = folder("patterns/data.csv");
    let records = |patterns| scan(&file, patterns).iter().filter(|e| common::flags(e)).count();
    assert_eq!((records(false), records(true)), (0, 1));
}

#[test]
fn the_run_line_tells_the_whole_set() {
    let digest = |patterns| match scan(&folder("patterns/nobody.txt"), patterns).first() {
        Some(Event::Run(run)) => run.patterns.clone(),
        _ => panic!("no run line"),
    };
    let (plain, added) = (digest(false), digest(true));
    assert_eq!(plain, revere::pattern::DIGEST);
    assert!(added.starts_with(&format!("{plain}+")) && added.len() == plain.len() + 33, "{added}");
}

#[test]
fn the_patterns_of_the_manual_can_be_used() {
    let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/PATTERNS.md"));
    let manual = manual.expect("the manual");
    let blocks: Vec<&str> =
        manual.split("```toml\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
    assert!(blocks.len() >= 2);
    for block in blocks {
        let prints = common::key().fingerprints();
        let name = "docs/PATTERNS.md".to_owned();
        let file = DefinitionFile::parse(&name, block).unwrap_or_else(|e| panic!("{e}"));
        let set =
            UserPatterns::compile(vec![(name, block.to_owned())], &[]).unwrap_or_else(|e| panic!("{e}"));
        // Their examples are proved one set at a time: a process has one.
        if file.definitions.iter().any(|d| d.regex.is_some()) {
            revere::pattern::user::install(set);
            assert_eq!(revere::scan::patterns::prove(&file, &prints), []);
        }
    }
}

//! The rules of `docs/ARCHITECTURE.md` about the code itself: which room may use which, who may touch the disk or
//! the terminal, and how long things may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms by layer, from the ground up; a room may use those of its own layer and of layers below.
const LAYERS: [(&str, &[&str]); 7] = [
    ("types", &["bits", "coverage", "document", "event", "finding", "flat", "mask", "pattern"]),
    ("files", &["identify", "source", "sys", "walk"]),
    ("content", &["detect", "extract", "name", "text"]),
    ("meaning", &["associate", "baseline", "inventory", "report", "resident", "residency", "result"]),
    ("one file", &["examine"]),
    ("all files", &["scan", "worker"]),
    ("command line", &["cli"]),
];

/// Who uses whom. A new line here is a decision: is it the direction the map says?
const USES: [(&str, &[&str]); 27] = [
    ("bits", &[]),
    ("coverage", &[]),
    ("document", &["coverage", "event"]),
    ("event", &["coverage"]),
    ("finding", &["document", "event"]),
    ("flat", &[]),
    ("mask", &["document", "event"]),
    ("pattern", &["bits", "event", "flat"]),
    ("identify", &["event"]),
    ("source", &["coverage", "event", "sys"]),
    ("sys", &["event"]),
    ("walk", &["coverage", "event", "flat", "source", "sys"]),
    ("detect", &["bits", "event", "name", "pattern"]),
    ("extract", &["coverage", "document", "event", "flat", "identify"]),
    ("name", &["event", "flat"]),
    ("text", &["bits", "detect", "document", "event", "extract", "finding", "identify", "name", "pattern"]),
    ("associate", &["detect", "document", "event", "extract", "finding", "name", "pattern", "residency"]),
    ("resident", &["event", "flat"]),
    ("residency", &["event", "flat"]),
    ("result", &["coverage", "event", "flat", "resident"]),
    ("baseline", &["coverage", "event", "flat", "report"]),
    (
        "inventory",
        &["coverage", "document", "event", "extract", "flat", "report", "resident", "result", "walk"],
    ),
    ("report", &["coverage", "event", "flat", "result"]),
    (
        "examine",
        &[
            "associate",
            "coverage",
            "detect",
            "document",
            "event",
            "extract",
            "finding",
            "identify",
            "mask",
            "pattern",
            "resident",
            "text",
        ],
    ),
    (
        "scan",
        &[
            "associate",
            "coverage",
            "document",
            "event",
            "examine",
            "finding",
            "flat",
            "identify",
            "mask",
            "pattern",
            "residency",
            "resident",
            "result",
            "source",
            "sys",
            "text",
            "walk",
            "worker",
        ],
    ),
    ("worker", &["coverage", "document", "event", "examine", "mask", "pattern", "scan"]),
    (
        "cli",
        &[
            "baseline",
            "coverage",
            "event",
            "extract",
            "identify",
            "inventory",
            "mask",
            "pattern",
            "report",
            "result",
            "scan",
            "text",
            "walk",
            "worker",
        ],
    ),
];

/// Uses that point up, still to be mended; none may be added, and one that is gone goes from this list too.
const UPWARD: [(&str, &str); 6] = [
    ("examine", "scan"),
    ("finding", "detect"),
    ("finding", "name"),
    ("finding", "residency"),
    ("text", "associate"),
    ("text", "residency"),
];

/// Rooms that may open, list or alter files.
const DISK: [&str; 6] = ["cli", "scan", "source", "sys", "walk", "worker"];
/// Rooms that may print.
const PRINTING: [&str; 1] = ["cli"];
/// Files longer than the rest may be, with their reason.
const LONG_FILES: [&str; 1] = ["src/event.rs"];

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 100;

/// A source file without its comments and texts.
struct Source {
    path: String,
    room: String,
    text: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut files) = (vec![root.join("src")], Vec::<PathBuf>::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(e) if e == "rs" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files.iter().map(|file| source(root, file)).collect()
}

fn source(package: &Path, file: &Path) -> Source {
    let below = file.strip_prefix(package).expect("below the package").to_string_lossy().into_owned();
    let room = below["src/".len()..].split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
    let text = fs::read_to_string(file).expect("a source");
    let code = text.lines().map(without_comment).collect::<Vec<_>>().join("\n");
    Source { path: below, room, text, code }
}

/// A line up to its comment; good enough for a rule that looks for paths of modules.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or(line) }
}

/// The rooms that code names as `crate::room`.
fn named(code: &str) -> BTreeSet<String> {
    let word =
        |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split(';').next().unwrap_or_default();
                rooms.extend(list.split(',').map(|item| word(item.trim_start())));
            }
            None => {
                rooms.insert(word(rest));
            }
        }
    }
    rooms
}

/// Every use of one room by another, with the files in which it stands.
fn uses() -> BTreeMap<(String, String), Vec<String>> {
    let mut uses: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for source in sources().iter().filter(|s| !matches!(s.room.as_str(), "lib" | "main")) {
        for room in named(&source.code).into_iter().filter(|room| *room != source.room) {
            uses.entry((source.room.clone(), room)).or_default().push(source.path.clone());
        }
    }
    uses
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|(_, rooms)| rooms.contains(&room))
}

#[test]
fn rooms_use_only_what_the_table_says() {
    let allowed: BTreeSet<(&str, &str)> =
        USES.iter().flat_map(|(room, used)| used.iter().map(move |u| (*room, *u))).chain(UPWARD).collect();
    let uses = uses();
    let new = uses.iter().filter(|((from, to), _)| !allowed.contains(&(from, to)));
    let new: Vec<_> = new.map(|((from, to), files)| format!("{from} -> {to} in {files:?}")).collect();
    assert!(new.is_empty(), "uses that are not in the table:\n{}", new.join("\n"));
    let gone: Vec<_> =
        allowed.iter().filter(|(from, to)| !uses.contains_key(&((*from).into(), (*to).into()))).collect();
    assert!(gone.is_empty(), "in the table, but not in the code any more: {gone:?}");
}

#[test]
fn the_table_points_down() {
    for (room, used) in USES {
        for u in used {
            assert!(layer(u).is_some() && layer(u) <= layer(room), "{room} -> {u} points up");
        }
    }
    for (room, used) in UPWARD {
        assert!(layer(used) > layer(room), "{room} -> {used} does not point up: it belongs in the table");
    }
}

#[test]
fn every_room_has_a_layer() {
    for source in sources() {
        let named = matches!(source.room.as_str(), "lib" | "main") || layer(&source.room).is_some();
        assert!(named, "{} is in no layer", source.path);
    }
}

#[test]
fn few_rooms_touch_the_disk() {
    for s in sources().iter().filter(|s| !DISK.contains(&s.room.as_str())) {
        // Tests of a room may read what they test with.
        let code = s.code.split("#[cfg(test)]").next().unwrap_or_default();
        let found = ["std::fs", "fs::File", "rustix::fs"].into_iter().find(|w| code.contains(w));
        assert!(found.is_none(), "{} uses {found:?}", s.path);
    }
}

#[test]
fn only_the_command_line_prints() {
    for s in sources() {
        let words: &[&str] = if PRINTING.contains(&s.room.as_str()) {
            &["dbg!("]
        } else {
            &["println!(", "print!(", "eprintln!(", "eprint!(", "dbg!(", "io::stdout", "io::stderr"]
        };
        let found = words.iter().find(|w| s.code.contains(**w));
        assert!(found.is_none(), "{} uses {found:?}", s.path);
    }
}

#[test]
fn no_code_is_unsafe() {
    // One call of a function for a kind of processor, after asking for it.
    for s in sources().into_iter().filter(|s| s.path != "src/bits.rs") {
        let found = s.code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe");
        assert!(!found, "{}", s.path);
    }
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    for s in sources() {
        // A file of tests belongs to the file beside it.
        let said = s.text.starts_with("//! ") || s.path.ends_with("/tests.rs");
        assert!(said, "{} does not start with a doc comment", s.path);
        let lines = s.text.lines().count();
        let long = lines > FILE_LINES;
        assert_eq!(long, LONG_FILES.contains(&s.path.as_str()), "{} has {lines} lines", s.path);
    }
}

#[test]
fn functions_are_short() {
    for s in sources() {
        let lines: Vec<&str> = s.code.lines().collect();
        for (n, line) in lines.iter().enumerate().filter(|(_, line)| starts_function(line)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let end = format!("{indent}}}");
            let length = lines[n..].iter().position(|l| *l == end).map_or(1, |p| p + 1);
            assert!(length <= FUNCTION_LINES, "{}:{}: {length} lines", s.path, n + 1);
        }
    }
}

/// True for the line on which a function with a body starts, as rustfmt lays it out.
fn starts_function(line: &str) -> bool {
    let words = line.split_whitespace();
    let mut rest = words.skip_while(|w| w.starts_with("pub") || matches!(*w, "const" | "in" | "async"));
    rest.next() == Some("fn") && !line.ends_with(['}', ';'])
}

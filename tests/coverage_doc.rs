//! The tables of docs/COVERAGE.md are those of the code. `UPDATE_DOCS=1 cargo test --test coverage_doc` writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use revere::coverage::Cause;
use revere::extract::about::FORMATS;
use revere::identify::{self, Treatment};

/// What is read: one row for each row of the registry.
fn read() -> String {
    let mut out = String::from(
        "| Format | `format` | Extensions | What comes out | Not read | Limits |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for f in FORMATS {
        let extensions = f.extensions.join(" ");
        let _ = writeln!(
            out,
            "| {} | `{}` | {extensions} | {} | {} | {} |",
            f.name, f.id, f.reads, f.leaves_out, f.limits
        );
    }
    out
}

/// What is told apart by its signature and not read.
fn recognised() -> String {
    let mut by: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for format in identify::signatures().filter(|f| !FORMATS.iter().any(|about| about.id == f.id)) {
        let (cause, what) = match format.treatment {
            Treatment::Reader(name) if FORMATS.iter().any(|f| f.reader == name) => continue,
            Treatment::Encrypted { .. } => continue,
            Treatment::Reader(_) => (Cause::NoReader, "documents"),
            Treatment::NoReader(what) => (Cause::NoReader, what),
            Treatment::Media => (Cause::Media, "pictures, sound, film"),
            Treatment::Executable => (Cause::Executable, "programs and libraries"),
            Treatment::Opaque => (Cause::OpaqueData, "fonts and data without text"),
        };
        by.entry((cause.word(), what)).or_default().push(format!("`{}`", format.id));
    }
    let mut out = String::from("| What | `format` | Cause |\n| --- | --- | --- |\n");
    for ((cause, what), ids) in by {
        let _ = writeln!(out, "| {what} | {} | `{cause}` |", ids.join(" "));
    }
    out
}

/// `text` with `table` between the marks `<!-- NAME -->` and `<!-- end NAME -->`.
fn put(text: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end {name} -->"));
    let (before, rest) = text.split_once(&begin).expect("the mark before the table");
    let (_, after) = rest.split_once(&end).expect("the mark after the table");
    format!("{before}{begin}{table}{end}{after}")
}

#[test]
fn the_tables_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/COVERAGE.md");
    let there = fs::read_to_string(&path).expect("the document");
    let made = put(&put(&there, "read", &read()), "recognised", &recognised());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        // Put in place in one step, for the other test reads it at the same time.
        let beside = path.with_extension("md.new");
        fs::write(&beside, &made).expect("can be written");
        fs::rename(&beside, &path).expect("can be replaced");
        return;
    }
    assert!(made == there, "docs/COVERAGE.md is out of date: UPDATE_DOCS=1 cargo test --test coverage_doc");
}

#[test]
fn every_cause_is_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/COVERAGE.md");
    let text = fs::read_to_string(path).expect("the document");
    for cause in Cause::ALL {
        assert!(text.contains(&format!("`{}`", cause.word())), "{} is not explained", cause.word());
    }
}

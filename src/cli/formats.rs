//! `revere formats`: which formats are read, what is left out of them, and which are recognised only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::args::Formats;
use super::exit::{Exit, Failure};
use super::patterns::print;
use super::terminal;
use crate::coverage::Cause;
use crate::extract::about::{About, FORMATS};
use crate::identify::{self, Treatment};

/// Runs the command.
pub fn run(command: &Formats) -> Result<Exit, Failure> {
    let text = if command.json { json()? } else { listing(terminal::width()) };
    print(&text).map(|()| Exit::Complete)
}

/// The formats that are recognised and have no reader, with what becomes of them.
fn recognised() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    identify::signatures().filter(|f| !FORMATS.iter().any(|about| about.id == f.id)).filter_map(|f| {
        let (settled, what) = match f.treatment {
            Treatment::Reader(name) if FORMATS.iter().any(|about| about.reader == name) => return None,
            Treatment::Reader(_) => (Cause::NoReader.word(), None),
            Treatment::NoReader(what) => (Cause::NoReader.word(), Some(what)),
            Treatment::Media => (Cause::Media.word(), None),
            Treatment::Executable => (Cause::Executable.word(), None),
            Treatment::Opaque => (Cause::OpaqueData.word(), None),
            Treatment::Encrypted { .. } => ("encrypted", None),
        };
        Some((f.id, settled, what))
    })
}

fn listing(width: usize) -> String {
    let mut out = String::new();
    for format in FORMATS {
        let extensions = format.extensions.join(" ");
        let _ = writeln!(out, "{} · {} · {extensions}", format.id, plain(format.name));
        for (word, text) in parts(format) {
            paragraph(&format!("{word}: {}", plain(text)), width, &mut out);
        }
    }
    let mut by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, settled, _) in recognised() {
        by.entry(settled).or_default().push(id);
    }
    out.push_str("\nRecognised, and settled without being read:\n");
    for (settled, ids) in by {
        paragraph(&format!("{settled}: {}", ids.join(" ")), width, &mut out);
    }
    out
}

fn parts(format: &About) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [("read", format.reads), ("not read", format.leaves_out), ("limits", format.limits)];
    all.into_iter().filter(|(_, text)| !text.is_empty())
}

/// The texts are Markdown.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// Writes indented lines of whole words, within `width` columns where words allow it.
fn paragraph(text: &str, width: usize, out: &mut String) {
    const INDENT: &str = "    ";
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        }
        let before = if column == 0 { INDENT } else { " " };
        out.extend([before, word]);
        column += before.len() + length;
    }
    out.push('\n');
}

#[derive(Serialize)]
struct Listing {
    read: Vec<Read>,
    recognised: Vec<Recognised>,
}

#[derive(Serialize)]
struct Read {
    format: &'static str,
    name: &'static str,
    extensions: &'static [&'static str],
    reads: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    leaves_out: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    limits: &'static str,
}

#[derive(Serialize)]
struct Recognised {
    format: &'static str,
    settled: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<&'static str>,
}

fn json() -> Result<String, Failure> {
    let read = |f: &About| Read {
        format: f.id,
        name: f.name,
        extensions: f.extensions,
        reads: f.reads,
        leaves_out: f.leaves_out,
        limits: f.limits,
    };
    let recognised = recognised().map(|(format, settled, what)| Recognised { format, settled, what });
    let listing = Listing { read: FORMATS.iter().map(read).collect(), recognised: recognised.collect() };
    serde_json::to_string_pretty(&listing).map(|text| text + "\n").map_err(Failure::could_not_finish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_listed_as_read_or_with_what_becomes_of_it() {
        let text = listing(80);
        assert!(text.contains("pdf · PDF · pdf\n    read: text of pages"));
        assert!(text.contains("\n    media: png jpeg"));
        assert!(text.contains("encrypted: age openpgp"));
        assert!(text.lines().all(|l| l.contains(" · ") || l.chars().count() <= 80));
    }

    #[test]
    fn the_same_as_json() {
        let all: serde_json::Value = serde_json::from_str(&json().unwrap()).unwrap();
        assert_eq!(all["read"][0]["format"], "text");
        assert!(all["recognised"].as_array().unwrap().iter().any(|f| f["settled"] == "executable"));
    }
}

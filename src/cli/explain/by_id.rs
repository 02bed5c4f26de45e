//! A record or number of a result, by the start of its id.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;

use anyhow::anyhow;

use super::render::{self, Terms};
use super::{examined, print};
use crate::cli::args::{Explain, Global};
use crate::cli::exit::{Exit, Failure};
use crate::cli::key;
use crate::cli::reports::opened;
use crate::cli::terminal::{sanitised, say};
use crate::event::PathRef;
use crate::result::{Entry, Found, find};
use crate::scan::{Subject, Wanted};

/// How many candidates are named.
const MOST: usize = 10;

/// Explains what has an id that begins with `id`.
pub fn run(command: &Explain, file: &Path, id: &str, global: Global) -> Result<Exit, Failure> {
    if !command.at.is_empty() {
        return Err(Failure::usage(anyhow!("--at is for files; an id names one place already")));
    }
    let open = || opened(file).map(|f| BufReader::with_capacity(1 << 20, f));
    let found = find(open, id).map_err(|e| Failure::usage(anyhow!("cannot read {}: {e}", file.display())))?;
    one(&found, id)?;
    let raw = match command.reveal {
        true => raw_values(command, &found, global)?,
        false => BTreeMap::new(),
    };
    let terms = Terms { whys: &found.whys, raw: &raw };
    let blocks: Vec<String> = found.entries.iter().map(|entry| block(entry, &terms)).collect();
    print(&blocks.join("\n"))?;
    Ok(Exit::Complete)
}

/// Refuses what stands for nothing, or for several things, and says what would fit.
fn one(found: &Found, id: &str) -> Result<(), Failure> {
    match found.ids.len() {
        1 => return Ok(()),
        0 if found.closest.is_empty() => {
            let why = "ids stand in the lines `record` and `element` of the result";
            return Err(Failure::usage(anyhow!(
                "nothing in this result has an id that begins with {id}; {why}"
            )));
        }
        0 => {
            let closest = found.closest.join(", ");
            let why = format!("the closest: {closest}");
            return Err(Failure::usage(anyhow!(
                "nothing in this result has an id that begins with {id}; {why}"
            )));
        }
        _ => {}
    }
    for candidate in found.ids.iter().take(MOST) {
        let entry = found.entries.iter().find(|e| has(e, candidate));
        let said = entry.map(|e| said(e, candidate)).unwrap_or_default();
        say(&sanitised(&format!("  {candidate}  {said}")));
    }
    let n = found.ids.len();
    Err(Failure::usage(anyhow!("{n} ids begin with {id}; give more of the one you mean")))
}

fn has(entry: &Entry, id: &str) -> bool {
    match entry {
        Entry::Record(r) => r.id == id || r.elements.iter().any(|e| e.id == id),
        Entry::Element(e) => e.element.id == id,
    }
}

/// What an id stands for and where.
fn said(entry: &Entry, id: &str) -> String {
    let number = match entry {
        Entry::Record(r) => r.elements.iter().find(|e| e.id == id),
        Entry::Element(e) => Some(&e.element),
    };
    let what = number.map_or("record".to_owned(), |e| format!("{} {}", e.kind.word(), e.masked));
    let (at, member) = source(entry);
    format!("{what} in {}", std::iter::once(&at.path).chain(member).cloned().collect::<Vec<_>>().join(" › "))
}

fn source(entry: &Entry) -> (&PathRef, &[String]) {
    match entry {
        Entry::Record(r) => (&r.at, &r.member),
        Entry::Element(e) => (&e.at, &e.member),
    }
}

fn block(entry: &Entry, terms: &Terms<'_>) -> String {
    match entry {
        Entry::Record(record) => render::record(record, terms),
        Entry::Element(element) => render::loose(element, terms),
    }
}

/// The raw values of what was found: from its sources, examined anew with the key of the result.
fn raw_values(command: &Explain, found: &Found, global: Global) -> Result<BTreeMap<String, String>, Failure> {
    let mut raw = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, member) in found.entries.iter().map(source) {
        if seen.contains(&(at, member)) {
            continue;
        }
        seen.push((at, member));
        let held = key::held(command.key_file.as_deref(), global.quiet)?;
        if held.key.key_id() != found.run.key_id {
            let why = "name the key of the scan with --key-file";
            return Err(Failure::usage(anyhow!(
                "cannot reveal: the result was made with another key; {why}"
            )));
        }
        let root = found.run.roots.get(at.root as usize).map_or("", String::as_str);
        let known = !at.path_masked && at.path_raw.is_none() && !root.contains('•');
        let path = Path::new(root).join(&at.path);
        // A root may be the file itself: then paths are relative to its folder.
        let path = if Path::new(root).is_file() { Path::new(root).to_owned() } else { path };
        if !known || !path.is_file() {
            let why = "it is not where the result says, or its path is masked; explain the file itself";
            return Err(Failure::usage(anyhow!("cannot reveal: the source cannot be opened; {why}")));
        }
        let wanted = Wanted { member: member.join("!"), at: Vec::new(), raw: true };
        raw.extend(examined(Subject::File(&path), &wanted, command, Some(held.key))?.raw);
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::find;

    fn found(id: &str) -> Found {
        let example = include_bytes!("../../../docs/result.example.jsonl");
        find(|| Ok(&example[..]), id).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn an_id_must_stand_for_one_thing() {
        assert!(one(&found("b20a13"), "b20a13").is_ok());
        let none = one(&found("b20a99"), "b20a99").err().map(|f| (f.exit, f.error.to_string()));
        let (exit, text) = none.expect("a refusal");
        assert!(exit == Exit::Usage && text.contains("b20a136010f465cf29053fd4c7750e5f"), "{text}");
        let text = one(&found("ffffff"), "ffffff").err().map(|f| f.error.to_string());
        assert!(text.is_some_and(|t| t.contains("`record` and `element`")));
        // Every id begins with nothing.
        let text = one(&found(""), "").err().map(|f| f.error.to_string());
        assert!(text.is_some_and(|t| t.contains("4 ids begin")));
    }

    #[test]
    fn candidates_are_told_with_their_place() {
        let found = found("159303");
        assert_eq!(
            said(&found.entries[0], "1593033593c98748865ce2fa2464d900"),
            "bank_account ••••••8265 in hr/old/•••-••-••••.zip › letter.txt"
        );
    }
}

//! Pattern definitions put to the proof: every example goes through the whole chain, from bytes to record.
//!
//! An example must be found as it says. A counter-example must give nothing of the element at medium or above; one
//! that names a rule of residency must not make it speak.

use std::io;
use std::path::{Path, PathBuf};

use super::probe::scan_bytes;
use crate::event::{Confidence, Element, ElementClass, ElementType, Event, Record};
use crate::mask::{Fingerprints, Key};
use crate::pattern::definition::{self, Definition, DefinitionFile, Example, PatternError};
use crate::pattern::user::{self, UserPatterns};

/// The largest pattern file, in bytes.
const LARGEST: u64 = 1 << 20;

/// Why patterns of users cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The folder or a file of it cannot be read.
    #[error("cannot read the patterns of {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// Nothing in the folder is a pattern file.
    #[error("{0} holds no pattern file (.toml)")]
    Empty(PathBuf),
    /// A file is wrong.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// No random bytes for the key of the proof.
    #[error(transparent)]
    Key(#[from] crate::mask::KeyError),
}

/// Reads the pattern files of folders (or single files), compiles them, makes them part of the set of this process
/// and proves their examples. Nothing may have been scanned before.
///
/// # Errors
/// The first thing that is wrong.
pub fn add(places: &[PathBuf]) -> Result<Vec<DefinitionFile>, AddError> {
    let mut sources = Vec::new();
    for place in places {
        read(place, &mut sources)?;
    }
    let built_in = definition::built_in()?;
    let known: Vec<&str> =
        built_in.iter().flat_map(|f| &f.definitions).map(|d| d.id.get_ref().as_str()).collect();
    user::install(UserPatterns::compile(sources.clone(), &known)?);
    let parsed: Result<Vec<_>, _> =
        sources.iter().map(|(name, text)| DefinitionFile::parse(name, text)).collect();
    let parsed = parsed?;
    let prints = Key::random()?.fingerprints();
    match parsed.iter().find_map(|file| prove(file, &prints).into_iter().next()) {
        Some(error) => Err(error.into()),
        None => Ok(parsed),
    }
}

fn read(place: &Path, sources: &mut Vec<(String, String)>) -> Result<(), AddError> {
    let unreadable = |e| AddError::Unreadable(place.to_owned(), e);
    let mut files = vec![place.to_owned()];
    if std::fs::metadata(place).map_err(unreadable)?.is_dir() {
        files.clear();
        for entry in std::fs::read_dir(place).map_err(unreadable)? {
            files.push(entry.map_err(unreadable)?.path());
        }
        files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
        files.sort();
    }
    if files.is_empty() {
        return Err(AddError::Empty(place.to_owned()));
    }
    for file in files {
        let unreadable = |e| AddError::Unreadable(file.clone(), e);
        if std::fs::metadata(&file).map_err(unreadable)?.len() > LARGEST {
            return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 1 MiB")));
        }
        let text = std::fs::read_to_string(&file).map_err(unreadable)?;
        sources.push((file.to_string_lossy().into_owned(), text));
    }
    Ok(())
}

/// What is wrong with the examples of a file, in order.
#[must_use]
pub fn prove(file: &DefinitionFile, prints: &Fingerprints) -> Vec<PatternError> {
    let mut wrong = Vec::new();
    for d in &file.definitions {
        let given = d.example.iter().map(|e| (e, true)).chain(d.counter_example.iter().map(|e| (e, false)));
        for (example, wanted) in given {
            let events = scan_bytes(&example.file, example.text.get_ref().as_bytes(), prints);
            let found: Vec<Found<'_>> = events.iter().flat_map(Found::of).collect();
            let reason = match wanted {
                true => missing(d, example, &found),
                false => unwanted(d, example, &found),
            };
            wrong.extend(reason.map(|r| file.error(example.text.span().start, &r)));
        }
    }
    wrong
}

/// A number in the result, with its record if it stands in one.
struct Found<'e> {
    element: &'e Element,
    record: Option<&'e Record>,
}

impl<'e> Found<'e> {
    fn of(event: &'e Event) -> Vec<Found<'e>> {
        match event {
            Event::Record(r) => r.elements.iter().map(|element| Found { element, record: Some(r) }).collect(),
            Event::Element(e) => vec![Found { element: &e.element, record: None }],
            _ => Vec::new(),
        }
    }

    fn level(&self) -> Confidence {
        self.record.map_or(self.element.confidence, |r| r.confidence)
    }

    fn spoke(&self, rule: &str) -> bool {
        self.record.is_some_and(|r| r.residency_rules.iter().any(|spoken| spoken == rule))
    }

    /// Without any value: what it is, how sure, and what joined it.
    fn words(&self) -> String {
        let e = self.element;
        let mut words = format!("{} {} {}", name_of(e.kind), name_of(e.class), name_of(self.level()));
        for more in [&e.variant, &e.state] {
            words.extend(more.iter().flat_map(|m| [" ", m]));
        }
        match self.record {
            Some(r) => {
                let rules = r.residency_rules.join(" ");
                words + &format!(" {} {} [{rules}]", name_of(r.link), name_of(r.residency))
            }
            None => words + " without a person",
        }
    }
}

/// The word of a value in results.
fn name_of(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn kind(d: &Definition, example: &Example) -> Option<ElementType> {
    example.kind.or(d.element)
}

fn missing(d: &Definition, example: &Example, found: &[Found<'_>]) -> Option<String> {
    if found.iter().any(|f| fits(d, example, f)) {
        return None;
    }
    let seen: Vec<String> = found.iter().map(Found::words).collect();
    let seen = if seen.is_empty() { "nothing".to_owned() } else { seen.join("; ") };
    Some(format!("{}: the example is not found as it says; found: {seen}", d.id.get_ref()))
}

fn fits(d: &Definition, example: &Example, f: &Found<'_>) -> bool {
    let related = kind(d, example) == Some(ElementType::Other);
    let class = example.class.unwrap_or(if related { ElementClass::Related } else { ElementClass::Pi });
    let person = example.person.or((class == ElementClass::Pi).then_some(true));
    let variant = example.variant.as_ref().or(own_id(d));
    kind(d, example).is_none_or(|k| k == f.element.kind)
        && f.element.class == class
        && f.level() >= example.level.or(d.level).unwrap_or(Confidence::Medium)
        && person.is_none_or(|p| p == f.record.is_some())
        && variant.is_none_or(|v| f.element.variant.as_ref() == Some(v))
        && example.state.as_ref().is_none_or(|s| f.element.state.as_ref() == Some(s))
        && example.link.is_none_or(|l| f.record.is_some_and(|r| r.link == l))
        && example.residency.is_none_or(|g| f.record.is_some_and(|r| r.residency == g))
        && example.rule.as_ref().is_none_or(|rule| f.spoke(rule))
}

/// The id of a user's number stands as its variant.
fn own_id(d: &Definition) -> Option<&String> {
    d.regex.as_ref().map(|_| d.id.get_ref())
}

fn unwanted(d: &Definition, example: &Example, found: &[Found<'_>]) -> Option<String> {
    let least = d.level.unwrap_or(Confidence::Medium).min(Confidence::Medium);
    let wrong = |f: &&Found<'_>| match (&example.rule, own_id(d)) {
        (Some(rule), _) => f.spoke(rule),
        (None, Some(id)) => f.element.variant.as_ref() == Some(id) && f.level() >= least,
        (None, None) => {
            let counts = f.element.class == ElementClass::Pi || f.element.kind == ElementType::Other;
            kind(d, example).is_none_or(|k| k == f.element.kind) && counts && f.element.confidence >= least
        }
    };
    let f = found.iter().find(wrong)?;
    Some(format!("{}: the counter-example is found: {}", d.id.get_ref(), f.words()))
}

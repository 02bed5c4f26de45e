//! `revere patterns`: lists, shows and checks the pattern set, and tells which patterns a file meets.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::args::{Budgets, Global, Patterns};
use super::exit::{Exit, Failure};
use super::scan::base_options;
use super::table::{self, Column};
use super::terminal::{self, sanitised};
use crate::event::{Element, ElementType, Event, Evidence, Location, Summary};
use crate::mask::Key;
use crate::pattern::definition::{Definition, DefinitionFile, built_in};
use crate::pattern::user::{self, Stage};
use crate::scan::patterns::{AddError, add, prove};
use crate::scan::{self, Control, Paths, Sink};

/// Runs the command.
pub fn run(command: &Patterns, global: Global) -> Result<Exit, Failure> {
    let (text, exit) = match command {
        Patterns::List { patterns } => (list(patterns)?, Exit::Complete),
        Patterns::Show { id, patterns } => (show(id, patterns)?, Exit::Complete),
        Patterns::Check { patterns } => check(patterns)?,
        Patterns::Test { file, patterns, budgets } => test(file, patterns, budgets)?,
    };
    if global.quiet { Ok(exit) } else { print(&text).map(|()| exit) }
}

/// That nobody reads on is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(Failure::could_not_finish(e)),
        _ => Ok(()),
    }
}

/// Makes patterns of users part of the set.
///
/// # Errors
/// A pattern file that cannot be used: nothing may be scanned then.
pub fn install(places: &[PathBuf]) -> Result<Vec<DefinitionFile>, Failure> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    add(places).map_err(Failure::from)
}

impl From<AddError> for Failure {
    fn from(error: AddError) -> Self {
        Failure::usage(error)
    }
}

/// The built-in files.
fn own() -> Result<Vec<DefinitionFile>, Failure> {
    built_in().map_err(Failure::could_not_finish)
}

fn list(places: &[PathBuf]) -> Result<String, Failure> {
    let (own, added) = (own()?, install(places)?);
    let columns = [
        Column { head: "PATTERN", right: false, flexible: false },
        Column { head: "ELEMENT", right: false, flexible: false },
        Column { head: "SOURCES", right: true, flexible: false },
        Column { head: "", right: false, flexible: false },
        Column { head: "NAME", right: false, flexible: false },
    ];
    let row = |d: &Definition, origin: &str| {
        [
            d.id.get_ref().clone().into(),
            element(d).into(),
            d.source.len().to_string().into(),
            origin.to_owned().into(),
            sanitised(&d.name).into_owned().into(),
        ]
    };
    let of = |files: &[DefinitionFile], origin: &'static str| -> Vec<_> {
        files.iter().flat_map(|f| &f.definitions).map(|d| row(d, origin)).collect()
    };
    let mut rows = of(&own, "built-in");
    rows.extend(of(&added, "yours"));
    let mut text = table::table(&columns, &rows, terminal::width());
    let _ = writeln!(text, "{} patterns · set {}", rows.len(), user::digest());
    Ok(text)
}

fn element(d: &Definition) -> String {
    d.element.map_or_else(|| "-".to_owned(), word)
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn show(id: &str, places: &[PathBuf]) -> Result<String, Failure> {
    let (own, added) = (own()?, install(places)?);
    let mut all = own.iter().chain(&added);
    let file = all.find(|f| f.definitions.iter().any(|d| d.id.get_ref() == id));
    let file = file.ok_or_else(|| {
        Failure::usage(anyhow!("there is no pattern {id}; `revere patterns list` names them all"))
    })?;
    Ok(text_of(file, id))
}

/// The text of one definition of a file.
fn text_of(file: &DefinitionFile, id: &str) -> String {
    let mut starts = file.text.match_indices("[[pattern]]").map(|(at, _)| at).peekable();
    let own = file.definitions.iter().find(|d| d.id.get_ref() == id).map_or(0, |d| d.id.span().start);
    let (mut from, mut to) = (0, file.text.len());
    while let Some(at) = starts.next() {
        if at < own {
            from = at;
            to = starts.peek().copied().unwrap_or(file.text.len());
        }
    }
    let lines: Vec<_> = file.text[from..to].trim_end().lines().map(sanitised).collect();
    lines.join("\n") + "\n"
}

/// Proves all examples; a file of a user that cannot be used ends it before.
fn check(places: &[PathBuf]) -> Result<(String, Exit), Failure> {
    let own = own()?;
    let added = install(places)?;
    let prints = Key::random().map_err(Failure::could_not_finish)?.fingerprints();
    let wrong: Vec<_> = own.iter().flat_map(|f| prove(f, &prints)).collect();
    let mut text = String::new();
    for error in &wrong {
        let _ = writeln!(text, "built-in {error}");
    }
    let count =
        |files: &[DefinitionFile]| files.iter().flat_map(|f| &f.definitions).map(examples).fold((0, 0), sum);
    let (patterns, proofs) = count(&own);
    let held = if wrong.is_empty() { "ok" } else { "wrong" };
    let _ = writeln!(text, "built-in: {patterns} patterns, {proofs} examples and counter-examples: {held}");
    for (file, d) in added.iter().flat_map(|f| f.definitions.iter().map(move |d| (f, d))) {
        let (_, proofs) = examples(d);
        let id = d.id.get_ref();
        let _ = writeln!(
            text,
            "{}: {id}, {proofs} examples and counter-examples: ok; {}",
            sanitised(&file.file),
            stage(id)
        );
    }
    Ok((text, if wrong.is_empty() { Exit::Complete } else { Exit::Verdict }))
}

fn examples(d: &Definition) -> (usize, usize) {
    (1, d.example.len() + d.counter_example.len())
}

fn sum(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0 + b.0, a.1 + b.1)
}

/// Where a pattern of a user is looked for, and so what it costs.
fn stage(id: &str) -> String {
    let patterns = user::installed().map_or(&[][..], user::UserPatterns::patterns);
    match patterns.iter().find(|p| p.id == id).map_or(Stage::Labels, user::UserPattern::stage) {
        Stage::Digits(n) => format!("rides on digits: only lines and cells with at least {n} are searched"),
        Stage::Text => "a pass of its own over all text: no match needs a digit".to_owned(),
        Stage::Labels => "labels, looked up with the built-in ones".to_owned(),
    }
}

/// What was found, and the reasons by their number.
#[derive(Default)]
struct Kept {
    events: Vec<Event>,
    whys: BTreeMap<String, Vec<Evidence>>,
}

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[u8]) -> io::Result<()> {
        match event {
            Event::Why(why) => drop(self.whys.insert(why.n.clone(), why.evidence.clone())),
            Event::Record(_) | Event::Element(_) => self.events.push(event.clone()),
            _ => {}
        }
        Ok(())
    }
}

fn test(file: &Path, places: &[PathBuf], budgets: &Budgets) -> Result<(String, Exit), Failure> {
    match file.metadata() {
        Ok(meta) if meta.is_file() => {}
        Ok(_) => return Err(Failure::usage(anyhow!("{} is no file; name one file", file.display()))),
        Err(e) => return Err(Failure::usage(anyhow!("cannot read {}: {e}", file.display()))),
    }
    install(places)?;
    let key = Key::random().map_err(Failure::could_not_finish)?;
    let options = base_options(key, budgets)?;
    let mut kept = Kept::default();
    let roots = Paths::Roots(vec![file.to_owned()]);
    let summary = scan::scan(roots, &options, &Control::default(), &mut kept)?;
    Ok((hits(&kept), verdict(&kept, &summary)))
}

fn verdict(kept: &Kept, summary: &Summary) -> Exit {
    let gaps = Exit::of_scan(summary, false);
    if kept.events.is_empty() { gaps.and(Exit::Verdict) } else { gaps }
}

/// Every number with its pattern, masked, and the reasons below it.
fn hits(kept: &Kept) -> String {
    let mut text = String::new();
    let mut count = 0;
    for event in &kept.events {
        let (elements, what, at) = match event {
            Event::Record(r) => (
                r.elements.as_slice(),
                format!("{}, {} record", r.person.masked, word(r.confidence)),
                Some(&r.location),
            ),
            Event::Element(e) => (std::slice::from_ref(&e.element), e.reason.clone(), None),
            _ => continue,
        };
        for e in elements {
            count += 1;
            hit(e, &what, at, kept, &mut text);
        }
    }
    let _ = writeln!(text, "{count} hits");
    text
}

fn hit(e: &Element, what: &str, at: Option<&Location>, kept: &Kept, text: &mut String) {
    let place = place(&e.location, at);
    let level = word(e.confidence);
    let _ = writeln!(text, "{}  {}  {} ({level})  {place}  {}", id_of(e), e.masked, e.score, sanitised(what));
    for reason in kept.whys.get(e.why.as_str()).into_iter().flatten() {
        let points = if reason.points == 0 { String::new() } else { format!("{:+}", reason.points) };
        let _ = writeln!(text, "  {points:>4}  {}: {}", reason.rule, sanitised(&reason.text));
    }
}

/// Line, cell or pointer: the element's own, or else that of its record.
fn place(own: &Location, record: Option<&Location>) -> String {
    let all = std::iter::once(own).chain(record);
    let mut words = Vec::new();
    for at in all {
        words.extend(at.cell.clone());
        words.extend(at.line.map(|n| format!("line {n}")));
        words.extend(at.pointer.clone());
        words.extend(at.part.clone());
    }
    words.dedup();
    if words.is_empty() { "-".to_owned() } else { sanitised(&words.join(" ")).into_owned() }
}

/// The id of the pattern that found a number.
fn id_of(e: &Element) -> String {
    match (e.kind, e.variant.as_deref()) {
        (ElementType::Ssn, _) => "ssn".to_owned(),
        (ElementType::PaymentCard, _) => "payment-card".to_owned(),
        (ElementType::BankAccount, Some("iban")) => "iban".to_owned(),
        (ElementType::BankAccount, _) => "bank-account".to_owned(),
        (ElementType::DriversLicense | ElementType::StateId, _) => match &e.state {
            Some(state) => format!("drivers-license/{}", state.to_lowercase()),
            None => "drivers-license".to_owned(),
        },
        (ElementType::Other, variant) => variant.unwrap_or("itin").to_owned(),
    }
}

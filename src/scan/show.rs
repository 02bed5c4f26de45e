//! The text of one file as the scanner sees it, members included: how extraction is judged. Raw by its nature.

use std::io::{self, Write};
use std::path::Path;

use super::Options;
use crate::coverage::Class;
use crate::document::{Input, Place};
use crate::event::{Event, Gap};
use crate::examine::tap::Tap;
use crate::examine::{Task, examine};
use crate::mask;

/// How showing a file went.
pub struct TextOutcome {
    /// True if something of it could not be examined (class `failed`).
    pub failed: bool,
}

/// Prints the text of one file into `out`, each member and unit under a header line, and what is missing into
/// `gaps`.
///
/// # Errors
/// If the file cannot be opened, or `out` not written.
pub fn text(
    path: &Path,
    options: &Options,
    out: &mut dyn Write,
    gaps: &mut dyn Write,
) -> io::Result<TextOutcome> {
    let mut file = std::fs::File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let fingerprints = options.key.fingerprints();
    let task = Task {
        fingerprints: &fingerprints,
        limits: &options.limits,
        seq: 1,
        at: mask::path(0, name.as_bytes(), &fingerprints),
        raw_path: name.as_bytes().to_vec(),
        reduced: false,
    };
    let mut printer = Printer { out, gaps, name: name.clone(), member: String::new(), error: None };
    let mut failed = false;
    let mut pass = |event: Event| {
        if let Event::File(f) = event {
            failed |= f.gaps.iter().any(|g| g.class == Class::Failed);
        }
    };
    let mut input = Input {
        name: &name,
        len: meta.len(),
        reader: &mut file,
        memory: u64::MAX,
        passwords: options.passwords.words(),
    };
    examine(task, &mut input, &mut pass, &mut || {}, Some(&mut printer));
    match printer.error {
        Some(e) => Err(e),
        None => Ok(TextOutcome { failed }),
    }
}

struct Printer<'a> {
    out: &'a mut dyn Write,
    gaps: &'a mut dyn Write,
    name: String,
    member: String,
    error: Option<io::Error>,
}

impl Printer<'_> {
    fn print(&mut self, line: &str) {
        if self.error.is_none()
            && let Err(e) = writeln!(self.out, "{line}")
        {
            self.error = Some(e);
        }
    }

    fn note(&mut self, what: &str) {
        let member = if self.member.is_empty() { String::new() } else { format!("!{}", self.member) };
        // Nowhere is left to say that the message could not be said.
        let _ = writeln!(self.gaps, "{}{member}: {what}", self.name);
    }
}

impl Tap for Printer<'_> {
    fn node(&mut self, members: &[String], format: &str) {
        self.member = members.join("!");
        let path =
            if members.is_empty() { self.name.clone() } else { format!("{}!{}", self.name, self.member) };
        self.print(&format!("==> {path} ({format})"));
    }

    fn unit(&mut self, place: &Place) {
        let mut words = Vec::new();
        words.extend(place.page.map(|n| format!("page {n}")));
        words.extend(place.sheet.as_ref().map(|s| format!("sheet {s}")));
        words.extend(place.table.as_ref().map(|s| format!("table {s}")));
        words.extend(place.part.clone());
        if !words.is_empty() {
            self.print(&format!("--> {}", words.join(", ")));
        }
    }

    fn line(&mut self, text: &str) {
        self.print(text.trim_end_matches('\n'));
    }

    fn gap(&mut self, gap: &Gap) {
        let detail = gap.detail.as_deref().unwrap_or("");
        let extent = gap.extent.as_deref().map(|e| format!(" ({e})")).unwrap_or_default();
        self.note(&format!("{}: {detail}{extent}", gap.cause.word()));
    }

    fn encrypted(&mut self, kind: &str) {
        self.note(&format!("encrypted: {kind}"));
    }
}

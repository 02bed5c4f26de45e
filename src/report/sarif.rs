//! `.sarif`: SARIF 2.1.0 (OASIS), for code scanning.
//!
//! A result is a group: one column, or one file. What was not examined stands as tool notifications, and the run
//! counts as executed successfully only if nothing failed to be examined.

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};

use super::coverage::{gaps, statement, sums};
use super::group::{Placed, Worst, below};
use super::rule::{HELP, LAW, RULES, Rule, graded};
use super::words::sanitised;
use super::{Context, Output, Overview, Report};
use crate::coverage::Class;
use crate::event::{Event, FileLine, Gap};

/// What GitHub shows of one run: it takes 25,000 results and shows the 5,000 worst (GitHub Docs, SARIF support for
/// code scanning, limits).
const MOST_RESULTS: usize = 5000;
/// Notifications, the same way.
const MOST_NOTES: usize = 1000;
/// Letters, digits and marks that stand for themselves in a URI (RFC 3986, section 2.3), and the slash.
const PLAIN: &[u8] = b"-._~/";

/// Collects groups and gaps, and writes the document at the end.
pub struct Sarif {
    out: BufWriter<Box<dyn Output>>,
    groups: Worst,
    notes: Vec<Value>,
    cut_notes: u64,
}

impl Sarif {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        Sarif { out: BufWriter::new(out), groups: Worst::new(MOST_RESULTS), notes: Vec::new(), cut_notes: 0 }
    }

    fn note(&mut self, level: &str, path: &str, text: &str) {
        if self.notes.len() >= MOST_NOTES {
            self.cut_notes += 1;
            return;
        }
        self.notes.push(json!({
            "level": level,
            "message": {"text": sanitised(text)},
            "locations": [{"physicalLocation": {"artifactLocation": artifact(path)}}],
        }));
    }

    fn file(&mut self, file: &FileLine) {
        let name = file.member.last().map(|name| format!("member {name}: ")).unwrap_or_default();
        for gap in &file.gaps {
            self.note(weight(gap.class), &file.at.path, &format!("{name}{}", words(gap)));
        }
        if let Some(encryption) = &file.encryption {
            self.note("note", &file.at.path, &format!("{name}encrypted: {}", encryption.kind));
        }
    }

    fn notifications(&mut self, overview: &Overview) -> Vec<Value> {
        let mut notes = std::mem::take(&mut self.notes);
        let more = self.cut_notes;
        let cut = (more > 0).then(|| format!("{more} more gaps not listed here for want of room"));
        let below = match below(overview) {
            0 => None,
            n => Some(format!("{n} records of lower confidence not listed")),
        };
        let lines = statement(overview).into_iter().chain(cut).chain(self.groups.cut()).chain(below);
        let lines: Vec<Value> = lines
            .map(|text| json!({"level": "note", "message": {"text": format!("Coverage: {text}")}}))
            .collect();
        notes.splice(0..0, lines);
        notes
    }

    fn run(&mut self, overview: &Overview) -> Value {
        let whole = overview.summary.complete && gaps(&overview.summary, Class::Failed) == 0;
        let sums: serde_json::Map<String, Value> =
            sums(overview).into_iter().map(|(name, n)| (name, n.into())).collect();
        let notifications = self.notifications(overview);
        let results: Vec<Value> = self.groups.take().iter().map(result).collect();
        json!({
            "tool": {"driver": driver(overview)},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": whole,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
            "properties": {"sums": sums, "recordsNotListed": self.groups.cut_records()},
        })
    }
}

fn driver(overview: &Overview) -> Value {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "name": rule.title,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": format!("{} ({})", rule.title, rule.citation)},
                "help": {"text": HELP},
                "helpUri": LAW,
                "properties": {"tags": ["privacy", "security"], "security-severity": "8.0"},
            })
        })
        .collect();
    json!({"name": "revere", "semanticVersion": overview.run.version, "rules": rules})
}

fn result(placed: &Placed) -> Value {
    let group = &placed.group;
    let (index, rule) = Rule::of(group.kind);
    let level = if group.named { graded(group.level, ["error", "warning", "note"]) } else { "note" };
    let mut physical = json!({"artifactLocation": artifact(&placed.path)});
    if let Some(line) = group.line().filter(|line| *line > 0) {
        physical["region"] = json!({"startLine": line});
    }
    let mut location = json!({"physicalLocation": physical});
    let place = group.place();
    if !place.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": sanitised(&place)}]);
    }
    json!({
        "ruleId": rule.id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": sanitised(&group.sentence())},
        "locations": [location],
        "partialFingerprints": {"revere/v1": group.fingerprint},
        "properties": {"count": group.count, "massachusetts": group.massachusetts, "named": group.named},
    })
}

fn weight(class: Class) -> &'static str {
    match class {
        Class::Failed => "error",
        Class::ByNature => "note",
        Class::ByChoice => "none",
    }
}

fn words(gap: &Gap) -> String {
    let mut text = format!("not examined: {}", gap.cause.word());
    for part in [&gap.detail, &gap.extent].into_iter().flatten() {
        text.extend([": ", part]);
    }
    text
}

/// A path as a relative URI.
fn artifact(path: &str) -> Value {
    json!({"uri": uri(path), "uriBaseId": "%SRCROOT%"})
}

/// A relative path as a URI reference (RFC 3986): everything but plain letters in hexadecimal digits.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
    }
    // A path that begins so would name a host.
    if out.starts_with('/') { format!(".{out}") } else { out }
}

impl Report for Sarif {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.groups.add(context, event);
        match event {
            Event::File(file) => self.file(file),
            Event::Gap(gap) => {
                let whole =
                    Gap { cause: gap.cause, class: gap.class, detail: gap.detail.clone(), extent: None };
                self.note(weight(gap.class), &gap.at.path, &words(&whole));
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        let document = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [self.run(overview)],
        });
        serde_json::to_writer_pretty(&mut self.out, &document)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("hr/a b#c?.csv"), "hr/a%20b%23c%3F.csv");
        assert_eq!(uri("•/é%.txt"), "%E2%80%A2/%C3%A9%25.txt");
        assert_eq!(uri("javascript:x"), "javascript%3Ax");
        assert_eq!(uri("/x"), "./x");
    }
}

//! `gitlab:FILE`: a security report as GitLab reads it under `artifacts:reports:sast`.
//!
//! Follows version 15.0.7 of the SAST report format of GitLab's security report schemas. What was not examined
//! stands as messages of the scan, and a scan with something that failed to be examined has the status `failure`.

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};

use super::coverage::{gaps, statement};
use super::group::{Placed, Worst, below};
use super::rule::{HELP, LAW, Rule, graded};
use super::words::sanitised;
use super::{Context, Output, Overview, Report};
use crate::coverage::Class;
use crate::event::Event;

/// Version of the format.
const VERSION: &str = "15.0.7";
/// Findings listed.
const MOST: usize = 5000;

/// Collects groups, and writes the document at the end.
pub struct Gitlab {
    out: BufWriter<Box<dyn Output>>,
    groups: Worst,
}

impl Gitlab {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        Gitlab { out: BufWriter::new(out), groups: Worst::new(MOST) }
    }

    fn scan(&self, overview: &Overview) -> Value {
        let whole = overview.summary.complete && gaps(&overview.summary, Class::Failed) == 0;
        let program = json!({
            "id": "revere",
            "name": "revere",
            "version": overview.run.version,
            "vendor": {"name": "revere"},
        });
        let lower = Some(below(overview)).filter(|n| *n > 0);
        let lower = lower.map(|n| format!("{n} records of lower confidence not listed"));
        let lines = statement(overview).into_iter().chain(self.groups.cut()).chain(lower);
        let level = if whole { "info" } else { "warn" };
        let messages: Vec<Value> =
            lines.map(|text| json!({"level": level, "value": format!("Coverage: {text}")})).collect();
        let started = overview.runs.iter().map(|run| run.run.started.as_str()).min().unwrap_or_default();
        json!({
            "analyzer": program,
            "scanner": program,
            "type": "sast",
            "start_time": moment(started, 0.0),
            "end_time": moment(started, overview.summary.elapsed),
            "status": if whole { "success" } else { "failure" },
            "messages": messages,
        })
    }
}

/// A time without fractions and zone, as the format wants it, some seconds later.
fn moment(started: &str, later: f64) -> String {
    let start: jiff::Timestamp = started.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let later = jiff::SignedDuration::try_from_secs_f64(later).unwrap_or_default();
    let time = start.checked_add(later).unwrap_or(start);
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn vulnerability(placed: &Placed) -> Value {
    let group = &placed.group;
    let (_, rule) = Rule::of(group.kind);
    let severity = if group.named { graded(group.level, ["High", "Medium", "Low"]) } else { "Info" };
    let mut location = json!({"file": sanitised(&placed.path)});
    if let Some(line) = group.line() {
        location["start_line"] = line.into();
    }
    json!({
        "id": uuid(&group.fingerprint),
        "name": rule.title,
        "description": sanitised(&group.sentence()),
        "severity": severity,
        "solution": HELP,
        "location": location,
        "identifiers": [
            {"type": "revere_rule_id", "name": rule.id, "value": rule.id},
            {"type": "law", "name": rule.citation, "value": rule.citation, "url": LAW},
        ],
    })
}

/// 32 hexadecimal digits in the groups of a UUID.
fn uuid(digits: &str) -> String {
    let part = |from, to| digits.get(from..to).unwrap_or("0");
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

impl Report for Gitlab {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.groups.add(context, event);
        Ok(())
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        let scan = self.scan(overview);
        let found: Vec<Value> = self.groups.take().iter().map(vulnerability).collect();
        let document = json!({"version": VERSION, "scan": scan, "vulnerabilities": found});
        serde_json::to_writer_pretty(&mut self.out, &document)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_no_fraction_and_no_zone() {
        assert_eq!(moment("2026-03-02T08:15:00.25Z", 90.0), "2026-03-02T08:16:30");
        assert_eq!(moment("", 0.0), "1970-01-01T00:00:00");
    }

    #[test]
    fn fingerprints_read_as_uuids() {
        assert_eq!(uuid(&"0123456789abcdef".repeat(2)), "01234567-89ab-cdef-0123-456789abcdef");
    }
}

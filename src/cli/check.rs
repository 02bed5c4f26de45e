//! `revere check`: fails on what no baseline knows.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Check, Global};
use super::checked::{self, Asked};
use super::exit::{Exit, Failure};
use super::outs;
use super::reports::refused;
use super::target::is_stdout;
use super::terminal::{self, sanitised, say};
use crate::baseline::{Baseline, Entry, Verdict, judge};
use crate::coverage::{Class, Coverage};
use crate::event::{Confidence, Event, Summary};
use crate::report::coverage::statement;
use crate::report::words::{counted, level};
use crate::report::{Context, Overview, Report, Results};

/// What the manual calls a baseline; who has one and names none may have forgotten it.
const USUAL_NAME: &str = "revere-baseline.jsonl";
/// Gaps and entries named one by one.
const MOST_NAMED: usize = 20;

/// Runs the command.
pub fn run(command: &Check, global: Global) -> Result<Exit, Failure> {
    if checked::is_piped(&command.paths) && command.scanning.key_file.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage(anyhow::anyhow!(
            "standard input cannot be both key and data; put the key into a file"
        )));
    }
    let path = command.baseline.as_deref();
    let baseline = path.map(checked::read).transpose()?;
    let scanning = &command.scanning;
    if path.is_none() && !global.quiet && Path::new(USUAL_NAME).is_file() {
        say(&format!("{USUAL_NAME} lies here and does not count: --baseline {USUAL_NAME}"));
    }
    let held = checked::key_for(baseline.as_ref().zip(path), scanning.key_file.as_deref(), global.quiet)?;
    let key_id = held.key.key_id();
    let outs = outs::parse(&command.out)?;
    let (targets, reports) = checked::open_outs(&outs)?;
    let least: Confidence = command.fail_on.into();
    let asked = Asked {
        folder: path.map_or_else(|| ".".into(), checked::folder_of),
        paths: &command.paths,
        scanning,
        held,
        least,
        own: path.and_then(own_file).into_iter().collect(),
    };
    let mut done = checked::scan(asked, targets, &reports, global)?;
    let baseline = baseline.unwrap_or_else(|| Baseline::new(&key_id));
    let gone = done.gone();
    let verdict = judge(&mut done.results, &baseline, least, checked::today(), &gone).map_err(refused)?;
    let gaps = gaps(&done.summary, scanning.strict);
    if !global.quiet {
        let mut text = said(&verdict, path);
        text.push_str(&unexamined(&mut done.results, gaps)?);
        terminal::print(&text, "verdict", outs.iter().any(|out| is_stdout(&out.path)));
    }
    done.results.only(Box::new(verdict.marks()), verdict.covered);
    if !reports.is_empty() {
        reports.write(&mut done.results)?;
    }
    let enough = command.max_gaps.allow(gaps, done.summary.files.met) && done.summary.complete;
    let exit = if enough { Exit::Complete } else { Exit::Gaps };
    let exit = if verdict.new > 0 { exit.and(Exit::Verdict) } else { exit };
    Ok(done.stopped.map_or(exit, |stopped| exit.and(stopped)))
}

/// Device and inode of the baseline, which is not scanned.
pub fn own_file(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|meta| (meta.dev(), meta.ino()))
}

/// How much was not examined that should have been.
fn gaps(summary: &Summary, strict: bool) -> u64 {
    let weighs = |class| class == Class::Failed || (strict && class == Class::ByNature);
    let gaps: u64 = summary.gaps.iter().filter(|(cause, _)| weighs(cause.class())).map(|(_, n)| *n).sum();
    let sealed = |sum: &crate::event::Sum| sum.by_coverage.get(&Coverage::Encrypted).copied().unwrap_or(0);
    gaps + if strict { sealed(&summary.files) + sealed(&summary.members) } else { 0 }
}

/// What is new, and what became of the baseline.
fn said(verdict: &Verdict, path: Option<&Path>) -> String {
    let mut out = String::new();
    if verdict.new > 0 {
        let records = counted(verdict.new, "record", "records");
        let files = counted(verdict.files.len() as u64, "file", "files");
        let _ = writeln!(out, "New personal information: {records} in {files}");
    }
    for file in &verdict.files {
        let _ = writeln!(out, "{}", sanitised(&file.shown));
        for group in &file.groups {
            let place = group.place();
            let line = format!(
                "  {place}: {}, confidence {}; first: {}",
                group.headline(),
                level(group.level),
                group.sample
            );
            let _ = writeln!(out, "{}", sanitised(&line));
        }
    }
    if verdict.new == 0 {
        out.push_str("No new personal information\n");
    }
    if let Some(path) = path {
        let _ = writeln!(out, "{} known to the baseline", counted(verdict.covered, "record", "records"));
        out.push_str(&upkeep(verdict, &path.display().to_string()));
    }
    out
}

/// What the baseline itself needs.
fn upkeep(verdict: &Verdict, name: &str) -> String {
    let mut out = String::new();
    for exceeded in &verdict.exceeded {
        let max = exceeded.entry.max.unwrap_or(0);
        let what =
            exceeded.entry.header.as_ref().map(|header| format!(", column \"{header}\"")).unwrap_or_default();
        let line = format!(
            "Outgrown: {}{what} holds {} numbers, {max} are accepted",
            exceeded.entry.path, exceeded.values
        );
        let _ = writeln!(out, "{}", sanitised(&line));
    }
    for moved in verdict.moved.values() {
        let _ = writeln!(out, "{}", sanitised(&format!("Renamed: {} was {}", moved.to, moved.from)));
    }
    if !verdict.moved.is_empty() {
        let _ = writeln!(out, "  enter the new names: revere baseline update {}", sanitised(name));
    }
    let until = |entry: &Entry| entry.until.map(|day| format!(" on {day}")).unwrap_or_default();
    named(&mut out, &verdict.expired, "entry has expired", "entries have expired", until);
    named(&mut out, &verdict.stale, "entry matches nothing", "entries match nothing", |_| String::new());
    if !verdict.stale.is_empty() {
        let _ = writeln!(out, "  remove them: revere baseline prune {}", sanitised(name));
    }
    out
}

/// Names entries by path, each path once.
fn named(out: &mut String, entries: &[Entry], one: &str, many: &str, more: impl Fn(&Entry) -> String) {
    if entries.is_empty() {
        return;
    }
    let _ = writeln!(out, "Baseline: {}", counted(entries.len() as u64, one, many));
    let mut lines: Vec<String> =
        entries.iter().map(|entry| format!("  {}{}", entry.path, more(entry))).collect();
    lines.dedup();
    for line in lines.iter().take(MOST_NAMED) {
        let _ = writeln!(out, "{}", sanitised(line));
    }
    if lines.len() > MOST_NAMED {
        let _ = writeln!(out, "  … {} more", lines.len() - MOST_NAMED);
    }
}

/// The coverage statement, and what should have been examined and was not.
fn unexamined(results: &mut Results, gaps: u64) -> Result<String, Failure> {
    let mut failed = Failed(Vec::new());
    if gaps > 0 {
        results.tell(&mut failed).map_err(refused)?;
    }
    let mut out = String::new();
    for line in statement(results.overview()) {
        let _ = writeln!(out, "Coverage: {line}");
    }
    for line in failed.0 {
        let _ = writeln!(out, "  {}", sanitised(&line));
    }
    Ok(out)
}

/// The first things that failed to be examined.
struct Failed(Vec<String>);

impl Report for Failed {
    fn begin(&mut self, _: &Overview) -> std::io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> std::io::Result<()> {
        let causes: Vec<&str> = match event {
            Event::File(file) => file
                .gaps
                .iter()
                .filter(|gap| gap.class == Class::Failed)
                .map(|gap| gap.cause.word())
                .collect(),
            Event::Gap(gap) if gap.class == Class::Failed => vec![gap.cause.word()],
            _ => return Ok(()),
        };
        if !causes.is_empty() && self.0.len() < MOST_NAMED {
            self.0.push(format!("{}: {}", context.shown, causes.join(", ")));
        }
        Ok(())
    }

    fn finish(&mut self, _: &Overview) -> std::io::Result<()> {
        Ok(())
    }
}

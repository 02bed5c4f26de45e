//! `revere baseline`: makes and keeps the list of what is known and accepted.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use jiff::civil::Date;

use super::args::{Baseline as Command, Entries, EntryScope, Global, Scanning};
use super::check::own_file;
use super::checked::{self, Asked, Checked};
use super::exit::{Exit, Failure};
use super::key::Held;
use super::reports::{Reports, refused};
use super::target::Targets;
use super::terminal::{self, sanitised};
use crate::baseline::{Added, Baseline, Entry, Mark, Scope, Verdict, add, drop_stale, follow, judge};
use crate::event::Confidence;
use crate::report::words::{counted, kind_word};

/// Runs the command.
pub fn run(command: &Command, global: Global) -> Result<Exit, Failure> {
    match command {
        Command::Create { file, paths, entries, scanning } => {
            if file.symlink_metadata().is_ok() {
                let way_out = "add to it with revere baseline update, or move it away";
                return Err(Failure::usage(anyhow!("refused: {} exists; {way_out}", file.display())));
            }
            if entries.max.is_some() && matches!(entries.scope, EntryScope::Value) {
                return Err(Failure::usage(anyhow!("--max is for --scope column and --scope file")));
            }
            let held = super::key::held(scanning.key_file.as_deref(), global.quiet)?;
            let baseline = Baseline::new(&held.key.key_id());
            grow(file, (baseline, held), paths, entries, scanning, global)
        }
        Command::Update { file, paths, entries, scanning } => {
            grow(file, known(file, scanning, global)?, paths, entries, scanning, global)
        }
        Command::Audit { file, by, all } => audit(file, by.as_deref(), *all),
        Command::Prune { file, scanning } => prune(file, scanning, global),
    }
}

/// A baseline and its key.
fn known(file: &Path, scanning: &Scanning, global: Global) -> Result<(Baseline, Held), Failure> {
    let baseline = checked::read(file)?;
    let held = checked::key_for(Some((&baseline, file)), scanning.key_file.as_deref(), global.quiet)?;
    Ok((baseline, held))
}

/// Scans, and adds what is new.
fn grow(
    file: &Path,
    (mut baseline, held): (Baseline, Held),
    paths: &[PathBuf],
    entries: &Entries,
    scanning: &Scanning,
    global: Global,
) -> Result<Exit, Failure> {
    if let Some(until) = entries.until.filter(|until| *until < checked::today()) {
        return Err(Failure::usage(anyhow!("--until {until} is over: such an entry covers nothing")));
    }
    let (mut done, verdict) = judged(file, (&baseline, held), paths, scanning, global)?;
    follow(&mut baseline, &verdict);
    let added = add(&mut done.results, &mut baseline, &verdict, &how(entries)).map_err(refused)?;
    write(file, &baseline)?;
    let said = format!(
        "{}: {} added, {} renamed, {} in all\n",
        file.display(),
        counted(added as u64, "entry", "entries"),
        counted(verdict.moved.len() as u64, "file", "files"),
        counted(baseline.entries.len() as u64, "entry", "entries"),
    );
    let expired = verdict.expired.len() as u64;
    let renewed = match expired {
        0 => String::new(),
        _ if entries.until.is_some() => String::new(),
        _ => format!(
            "{} expired and not renewed: give them a last day with --until, or decide with revere baseline audit --all\n",
            counted(expired, "entry", "entries")
        ),
    };
    Ok(ended(&done, &(said + &renewed), global))
}

fn prune(file: &Path, scanning: &Scanning, global: Global) -> Result<Exit, Failure> {
    let (mut baseline, held) = known(file, scanning, global)?;
    let (done, verdict) = judged(file, (&baseline, held), &[], scanning, global)?;
    if done.stopped.is_some() {
        return Err(Failure::could_not_finish(anyhow!("stopped before the end: nothing was removed")));
    }
    let dropped = drop_stale(&mut baseline, &verdict);
    write(file, &baseline)?;
    let dropped = counted(dropped as u64, "entry", "entries");
    let left = counted(baseline.entries.len() as u64, "entry", "entries");
    Ok(ended(&done, &format!("{}: {dropped} removed, {left} left\n", file.display()), global))
}

fn judged(
    file: &Path,
    (baseline, held): (&Baseline, Held),
    paths: &[PathBuf],
    scanning: &Scanning,
    global: Global,
) -> Result<(Checked, Verdict), Failure> {
    if checked::is_piped(paths) {
        return Err(Failure::usage(anyhow!("a baseline is made of files, not of standard input")));
    }
    // Also records that no check shows yet: a level may rise when a row beside it changes.
    let least = Confidence::Low;
    let folder = checked::folder_of(file);
    let own = own_file(file).into_iter().collect();
    let asked = Asked { folder, paths, scanning, held, least, own };
    let mut done = checked::scan(asked, Targets::open(&[])?, &Reports::open(&[])?, global)?;
    let gone = done.gone();
    let verdict = judge(&mut done.results, baseline, least, checked::today(), &gone).map_err(refused)?;
    Ok((done, verdict))
}

fn how(entries: &Entries) -> Added {
    Added {
        scope: match entries.scope {
            EntryScope::Value => Scope::Value,
            EntryScope::Column => Scope::Column,
            EntryScope::File => Scope::File,
        },
        max: entries.max,
        reason: entries.reason.clone(),
        by: entries.by.clone(),
        until: entries.until,
    }
}

fn ended(done: &Checked, said: &str, global: Global) -> Exit {
    if !global.quiet {
        let coverage = crate::report::coverage::statement(done.results.overview());
        let lines = coverage.iter().fold(String::new(), |text, line| text + "Coverage: " + line + "\n");
        terminal::print(&sanitised_lines(&format!("{said}{lines}")), "verdict", false);
    }
    done.stopped.unwrap_or_else(|| Exit::of_scan(&done.summary, false))
}

fn sanitised_lines(text: &str) -> String {
    text.lines().fold(String::new(), |lines, line| lines + &sanitised(line) + "\n")
}

/// Writes a baseline beside its place and puts it there.
fn write(path: &Path, baseline: &Baseline) -> Result<(), Failure> {
    let failed = |e: io::Error| Failure::could_not_finish(anyhow!("cannot write {}: {e}", path.display()));
    let folder = checked::folder_of(path);
    let mut file = tempfile::Builder::new().prefix(".baseline").tempfile_in(folder).map_err(failed)?;
    baseline.write(io::BufWriter::new(file.as_file_mut())).map_err(failed)?;
    // A baseline is for a repository: others may read it, as the umask allows where it is checked out.
    keep_mode(path, file.as_file()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// A file that is replaced keeps its mode.
fn keep_mode(path: &Path, new: &File) -> io::Result<()> {
    match path.metadata() {
        Ok(meta) => new.set_permissions(meta.permissions()),
        Err(_) => Ok(()),
    }
}

/// Asks about entries, file by file.
fn audit(path: &Path, by: Option<&str>, all: bool) -> Result<Exit, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(anyhow!("an audit asks questions: run it on a terminal")));
    }
    let mut baseline = checked::read(path)?;
    let (mut answers, mut out) = (io::stdin().lock(), io::stdout());
    let changed = ask(&mut baseline, by, all, &mut answers, &mut out)
        .map_err(|e| Failure::could_not_finish(anyhow!("cannot ask: {e}")))?;
    if changed {
        write(path, &baseline)?;
    }
    Ok(Exit::Complete)
}

/// Entries of one path and scope stand or fall together.
fn ask(
    baseline: &mut Baseline,
    by: Option<&str>,
    all: bool,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let open = |entry: &&Entry| all || entry.reason.is_none();
    let groups: BTreeSet<_> = baseline.entries.iter().filter(open).map(place).collect();
    let (mut changed, of) = (false, groups.len());
    for (n, group) in groups.into_iter().enumerate() {
        let entries: Vec<Entry> =
            baseline.entries.iter().filter(|e| place(e) == group).filter(open).cloned().collect();
        writeln!(out, "\n{} of {of}  {}", n + 1, sanitised(&describe(&entries)))?;
        let Some(decision) = decide(answers, out)? else { break };
        for entry in entries {
            changed |= settle(baseline, entry, &decision, by);
        }
    }
    Ok(changed)
}

/// What entries have in common.
type Place = (String, String, Scope, Option<String>);

fn place(entry: &Entry) -> Place {
    (entry.path.clone(), entry.path_id.clone(), entry.scope, entry.column_id.clone())
}

fn describe(entries: &[Entry]) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let kinds: BTreeSet<&str> = entries.iter().filter_map(|e| e.kind).map(kind_word).collect();
    let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
    let what = match (first.scope, &first.header) {
        (Scope::Value, _) => format!("{} ({kinds})", counted(entries.len() as u64, "number", "numbers")),
        (Scope::Column, Some(header)) => format!("column \"{header}\" ({kinds})"),
        (Scope::Column, None) => format!("a column ({kinds})"),
        (Scope::File, _) => "the whole file".to_owned(),
    };
    format!("{}: {what}", first.path)
}

/// An answer.
enum Decision {
    /// Leave it as it is.
    Skip,
    /// Personal information that must go: the check is to fail on it.
    Real,
    /// It may stay.
    Keep { mark: Mark, reason: String, until: Option<Date> },
}

/// Asks for a decision; `None` at the end of the answers, or when enough was asked.
fn decide(answers: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<Option<Decision>> {
    loop {
        let question = "[r]eal, [f]alse, [a]ccepted, [s]kip, [q]uit? ";
        let Some(answer) = line(question, answers, out)? else { return Ok(None) };
        let mark = match answer.as_str() {
            "q" => return Ok(None),
            "s" | "" => return Ok(Some(Decision::Skip)),
            "r" => return Ok(Some(Decision::Real)),
            "f" => Mark::False,
            "a" => Mark::Accepted,
            _ => continue,
        };
        let Some(reason) = line("reason: ", answers, out)? else { return Ok(None) };
        let until = if mark == Mark::Accepted { day(answers, out)? } else { None };
        return Ok(Some(Decision::Keep { mark, reason, until }));
    }
}

fn day(answers: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<Option<Date>> {
    loop {
        match line("until (YYYY-MM-DD, empty for ever): ", answers, out)?.as_deref() {
            None | Some("") => return Ok(None),
            Some(text) => match text.parse() {
                Ok(day) => return Ok(Some(day)),
                Err(_) => writeln!(out, "no day")?,
            },
        }
    }
}

fn line(question: &str, answers: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<Option<String>> {
    write!(out, "{question}")?;
    out.flush()?;
    let mut text = String::new();
    let read = answers.read_line(&mut text)?;
    Ok((read > 0).then(|| text.trim().to_owned()))
}

/// Carries out a decision; true if the baseline changed.
fn settle(baseline: &mut Baseline, entry: Entry, decision: &Decision, by: Option<&str>) -> bool {
    match decision {
        Decision::Skip => false,
        Decision::Real => baseline.entries.remove(&entry),
        Decision::Keep { mark, reason, until } => {
            baseline.entries.remove(&entry);
            let by = by.map(str::to_owned).or_else(|| entry.by.clone());
            let reason = Some(reason.clone()).filter(|reason| !reason.is_empty());
            baseline.entries.insert(Entry { mark: Some(*mark), reason, by, until: *until, ..entry })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline() -> Baseline {
        let lines = [
            r#"{"baseline":1,"key_id":"k"}"#,
            r#"{"path":"a.csv","path_id":"1","scope":"value","type":"ssn","id":"x"}"#,
            r#"{"path":"a.csv","path_id":"1","scope":"value","type":"ssn","id":"y"}"#,
            r#"{"path":"b.csv","path_id":"2","scope":"column","header":"SSN","column_id":"c","type":"ssn","max":9}"#,
            r#"{"path":"c.csv","path_id":"3","scope":"file","reason":"known"}"#,
        ];
        Baseline::read(lines.join("\n").as_bytes()).unwrap()
    }

    fn answered(baseline: &mut Baseline, answers: &str) -> (bool, String) {
        let mut out = Vec::new();
        let changed = ask(baseline, Some("mreed"), false, &mut answers.as_bytes(), &mut out).unwrap();
        (changed, String::from_utf8(out).unwrap())
    }

    #[test]
    fn an_audit_marks_keeps_and_removes() {
        let mut audited = baseline();
        let (changed, asked) = answered(&mut audited, "x\nr\na\nyearly export\nsoon\n2027-01-31\n");
        assert!(changed && asked.contains("1 of 2  a.csv: 2 numbers (SSN)"), "{asked}");
        assert!(asked.contains("2 of 2  b.csv: column \"SSN\" (SSN)") && asked.contains("no day"), "{asked}");
        let mut text = Vec::new();
        audited.write(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("a.csv") && text.contains("c.csv"), "{text}");
        assert!(
            text.contains(r#""mark":"accepted","reason":"yearly export","by":"mreed","until":"2027-01-31""#),
            "{text}"
        );
    }

    #[test]
    fn leaving_an_audit_changes_nothing() {
        for answers in ["", "q\n", "s\ns\n", "f\n"] {
            let mut audited = baseline();
            assert!(!answered(&mut audited, answers).0, "{answers:?}");
            assert_eq!(audited, baseline());
        }
    }
}

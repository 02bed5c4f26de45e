//! `revere scan`: checks everything that can be checked first, scans, and says how it went.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::args::{Budgets, Global, Mask, Scan};
use super::exit::{Exit, Failure};
use super::facts::Facts;
use super::outs::{self, Out};
use super::progress::{Notes, Progress, Show};
use super::reports::Reports;
use super::signals::Watch;
use super::target::{self, Targets};
use super::terminal::{self, sanitised};
use super::{key, masking, passwords, patterns, summary};
use crate::coverage::Coverage;
use crate::event::{Event, FileLine, Summary};
use crate::mask::Key;
use crate::scan::{self, Control, Options, Passwords, Paths, Renderer, ScanError, Sink};
use crate::walk::{self, Walker};

/// Runs the command.
pub fn run(command: &Scan, global: Global) -> Result<Exit, Failure> {
    check(command)?;
    patterns::install(&command.patterns)?;
    // Tells of a missing root or an unusable pattern before anything is made.
    walker(command, &[])?;
    let paths = paths(command)?;
    let outs = outs::with_stream(outs::parse(&command.out)?);
    let targets = Targets::open(&outs)?;
    let reports = Reports::open(&outs)?;
    let held = key::of_scan(command, global.quiet)?;
    let known = passwords::read(&command.opening, global.quiet)?;
    let own = targets.files().chain(reports.files()).chain(held.file).chain(known.file);
    let own: Vec<_> = own.collect();
    let (notes, show) = voice(command, global, &own)?;
    let options = Options { passwords: known.words, ..options(command, held.key, own)? };
    let mut reporter = Reporter {
        targets,
        mask: command.masking.mask,
        facts: Facts::new(command.min_confidence.into()),
        verbose: global.verbose.then(|| notes.clone()),
    };
    let (summary, watch) = supervised(paths, &options, &mut reporter, &notes, show)?;
    reporter.targets.finish(&summary).map_err(ScanError::Write)?;
    if let Some(stream) = reporter.targets.first_file() {
        reports.of_stream(stream, command.min_confidence.into())?;
    }
    if !global.quiet {
        reporter.print(&summary, &outs);
    }
    let exit = Exit::of_scan(&summary, command.strict);
    Ok(if summary.interrupted { exit.and(watch.exit()) } else { exit })
}

/// Scans while progress is shown. Signals are watched from then on until the process ends: once there was a
/// handler, a signal that nobody watches for would be lost.
pub fn supervised(
    paths: Paths,
    options: &Options,
    reporter: &mut dyn Sink,
    notes: &Notes,
    show: Show,
) -> Result<(Summary, Watch), Failure> {
    let control = Arc::new(Control::default());
    let watch = Watch::start(Arc::clone(&control), notes.clone())
        .map_err(|e| Failure::could_not_finish(anyhow!("cannot watch for signals: {e}")))?;
    let progress = Progress::start(show, &control, notes);
    let scanned = scan::scan(paths, options, &control, reporter);
    drop(progress);
    Ok((scanned?, watch))
}

/// How to speak on standard error while the scan runs.
pub fn voice(command: &Scan, global: Global, own: &[(u64, u64)]) -> Result<(Notes, Show), Failure> {
    if global.quiet {
        return Ok((Notes::quiet(), Show::Nothing));
    }
    let bar = io::stderr().is_terminal() && !command.no_progress;
    let show = match (command.no_progress, bar) {
        (true, _) => Show::Nothing,
        (false, false) => Show::Lines,
        (false, true) => Show::Bar(walker(command, own)?.map(Box::new)),
    };
    Ok((Notes::new(bar), show))
}

/// Refuses what cannot be meant, before a key is made or a file opened.
fn check(command: &Scan) -> Result<(), Failure> {
    let stdin = |path: &Option<PathBuf>| path.as_deref() == Some(Path::new("-"));
    if stdin(&command.key_file) && stdin(&command.files_from) {
        return Err(Failure::usage(anyhow!(
            "standard input cannot be both key and list of files; put one of them into a file"
        )));
    }
    target::check(&outs::with_stream(outs::parse(&command.out)?))
}

/// A walk over the roots, for counting ahead of the scan; none where paths come from a list.
fn walker(command: &Scan, own: &[(u64, u64)]) -> Result<Option<Walker>, Failure> {
    let options = walk::Options {
        include: command.include.clone(),
        exclude: command.exclude.clone(),
        own: own.to_vec(),
        ..walk::Options::default()
    };
    let walker = Walker::new(&command.paths, &options)?;
    Ok(command.files_from.is_none().then_some(walker))
}

fn paths(command: &Scan) -> Result<Paths, Failure> {
    let Some(list) = &command.files_from else { return Ok(Paths::Roots(command.paths.clone())) };
    let lines: Box<dyn BufRead + Send> = if list.as_os_str() == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let opened = std::fs::File::open(list);
        let file = opened.with_context(|| format!("cannot read the list {}", list.display()));
        Box::new(BufReader::new(file.map_err(Failure::usage)?))
    };
    Ok(Paths::List(lines))
}

pub fn options(command: &Scan, key: Key, own: Vec<(u64, u64)>) -> Result<Options, Failure> {
    Ok(Options {
        jobs: command.jobs.unwrap_or_else(cores),
        include: command.include.clone(),
        exclude: command.exclude.clone(),
        label: command.label.clone().unwrap_or_else(host),
        own,
        noted: noted(command),
        configuration: command.configuration.clone(),
        ..base_options(key, &command.budgets)?
    })
}

/// The options that have nothing to do with which paths are scanned.
pub fn base_options(key: Key, budgets: &Budgets) -> Result<Options, Failure> {
    let program = std::env::current_exe().context("cannot find this program's own file");
    Ok(Options {
        jobs: 1,
        include: Vec::new(),
        exclude: Vec::new(),
        label: String::new(),
        key,
        own: Vec::new(),
        limits: budgets.limits(),
        range: crate::text::RANGE,
        worker: vec![program.map_err(Failure::could_not_finish)?.into(), "__worker".into()],
        passwords: Passwords::default(),
        all_in_workers: false,
        readers: None,
        noted: BTreeMap::new(),
        configuration: None,
    })
}

/// What a reader of the result should know besides: a key that is gone compares with no other.
fn noted(command: &Scan) -> BTreeMap<String, serde_json::Value> {
    let mut noted = BTreeMap::new();
    if command.ephemeral_key {
        noted.insert("ephemeral_key".to_owned(), true.into());
    }
    if command.opening.password_file.is_some() {
        noted.insert("passwords".to_owned(), true.into());
    }
    if command.masking.mask == Mask::Full {
        noted.insert("mask".to_owned(), "full".into());
    }
    noted
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Passes every event on to the targets, and remembers what the summary needs.
struct Reporter {
    targets: Targets,
    mask: Mask,
    facts: Facts,
    /// Where files are named as they are settled.
    verbose: Option<Notes>,
}

impl Sink for Reporter {
    fn renderer(&self) -> Option<Renderer> {
        Some(masking::renderer(self.mask))
    }

    fn event(&mut self, event: &Event, text: &[u8]) -> io::Result<()> {
        self.targets.write(text)?;
        self.facts.add(event);
        match (&self.verbose, event) {
            (Some(notes), Event::File(file)) => notes.say(&settled(&self.facts.shown(&file.at), file)),
            (Some(notes), Event::Gap(gap)) => {
                let path = self.facts.shown(&gap.at);
                let detail = gap.detail.as_deref().unwrap_or_default();
                notes.say(&sanitised(&format!("{:<12}  {path}/  {}: {detail}", "folder", gap.cause.word())));
            }
            _ => {}
        }
        Ok(())
    }

    fn idle(&mut self) -> io::Result<()> {
        self.targets.idle()
    }
}

impl Reporter {
    /// Prints the summary on standard output, or on standard error if the result goes there.
    fn print(&self, summary: &Summary, outs: &[Out]) {
        let names: Vec<String> = outs.iter().map(Out::name).collect();
        let text = summary::render(&self.facts, summary, &names, terminal::width());
        terminal::print(&text, "summary", outs.iter().any(|out| target::is_stdout(&out.path)));
    }
}

/// The line of `--verbose` for a file or member.
fn settled(path: &str, file: &FileLine) -> String {
    let coverage = match file.coverage {
        Coverage::Examined => "examined",
        Coverage::Partial => "partly",
        Coverage::Encrypted => "encrypted",
        Coverage::NotExamined => "not examined",
    };
    let mut line = format!("{coverage:<12}  {path}");
    for member in &file.member {
        line.extend([" › ", member]);
    }
    for (n, gap) in file.gaps.iter().enumerate() {
        line.extend([if n == 0 { "  " } else { "; " }, gap.cause.word()]);
        if let Some(detail) = &gap.detail {
            line.extend([": ", detail]);
        }
        if let Some(extent) = &gap.extent {
            line.extend([" (", extent, ")"]);
        }
    }
    sanitised(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::file;
    use super::*;
    use crate::coverage::Cause;
    use crate::event::Gap;

    #[test]
    fn a_settled_file_is_named_with_its_gaps() {
        let mut line = file(1, "a\u{1b}.zip", 0, 0);
        assert_eq!(settled("a\u{1b}.zip", &line), "examined      a\\u{1b}.zip");
        line.coverage = Coverage::Partial;
        line.member = vec!["m.pdf".into()];
        line.gaps = vec![Gap::new(Cause::Damaged, "no end".to_owned()), Gap::new(Cause::NoTextLayer, None)];
        line.gaps[1].extent = Some("page 3".into());
        let text = settled("a.zip", &line);
        assert_eq!(text, "partly        a.zip › m.pdf  damaged: no end; no-text-layer (page 3)");
    }

    #[test]
    fn this_machine_has_a_name_and_cores() {
        assert!(cores() > 0 && !host().is_empty());
    }
}

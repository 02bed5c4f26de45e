//! Scans one folder for commands that go by a baseline, and gives back the result.

use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use jiff::civil::Date;

use super::args::{Global, Mask, Scan, Scanning};
use super::exit::{Exit, Failure};
use super::key::{self, Held};
use super::outs::Out;
use super::reports::{Reports, refused};
use super::target::Targets;
use super::{masking, passwords, patterns, scan};
use crate::baseline::{Baseline, Entry};
use crate::event::{Confidence, Event, Summary};
use crate::report::{Results, Source};
use crate::result::Writer;
use crate::scan::{Options, Paths, Renderer, ScanError, Sink, scan_piped};
use crate::walk::Root;

/// A folder that has been scanned.
pub struct Checked {
    /// The result.
    pub results: Results,
    /// The last line.
    pub summary: Summary,
    /// How the scan itself ended, if it was stopped.
    pub stopped: Option<Exit>,
    /// True if only parts of the folder were asked for.
    parts: bool,
    folder: PathBuf,
}

/// What to scan.
pub struct Asked<'a> {
    /// The folder that all paths are relative to.
    pub folder: PathBuf,
    /// Parts of it; none means all of it.
    pub paths: &'a [PathBuf],
    /// How.
    pub scanning: &'a Scanning,
    /// The key.
    pub held: Held,
    /// Least level shown.
    pub least: Confidence,
    /// Files of this command itself, which are not scanned.
    pub own: Vec<(u64, u64)>,
}

/// Scans, and keeps the result in the targets and in a file without a name, which goes with the process.
pub fn scan(
    asked: Asked<'_>,
    targets: Targets,
    reports: &Reports,
    global: Global,
) -> Result<Checked, Failure> {
    let Asked { folder, paths, scanning, held, least, own } = asked;
    patterns::install(&scanning.patterns)?;
    let known = passwords::read(&scanning.opening, global.quiet)?;
    let own = own.into_iter().chain(targets.files()).chain(reports.files());
    let own: Vec<_> = own.chain(held.file).chain(known.file).collect();
    let command = as_scan(scanning, &folder);
    let options = Options { passwords: known.words, ..scan::options(&command, held.key, own)? };
    let kept =
        tempfile::tempfile().map_err(|e| Failure::could_not_finish(anyhow!("no temporary file: {e}")))?;
    let mut keeper = Keeper { writer: Writer::new(kept), targets, mask: scanning.masking.mask };
    let (summary, stopped) = if is_piped(paths) {
        let root = Root::new(&folder)?;
        (scan_piped(&mut io::stdin().lock(), &root, &options, &mut keeper)?, None)
    } else {
        let parts = if paths.is_empty() { vec![folder.clone()] } else { paths.to_vec() };
        let (notes, show) = scan::voice(&command, global, &[])?;
        let paths = Paths::Within(folder.clone(), parts);
        let (summary, watch) = scan::supervised(paths, &options, &mut keeper, &notes, show)?;
        let stopped = summary.interrupted.then(|| watch.exit());
        (summary, stopped)
    };
    let results = keeper.finish(&summary, least)?;
    Ok(Checked { results, summary, stopped, parts: !paths.is_empty(), folder })
}

/// True if standard input is asked for.
pub fn is_piped(paths: &[PathBuf]) -> bool {
    paths.len() == 1 && paths[0].as_os_str() == "-"
}

/// The same as options of a scan. Progress would stand in the way of a log.
fn as_scan(scanning: &Scanning, folder: &Path) -> Scan {
    Scan {
        paths: vec![folder.to_owned()],
        out: Vec::new(),
        key_file: None,
        ephemeral_key: false,
        jobs: scanning.jobs,
        include: scanning.include.clone(),
        exclude: scanning.exclude.clone(),
        files_from: None,
        min_confidence: super::args::Level::default(),
        patterns: Vec::new(),
        strict: scanning.strict,
        no_progress: true,
        label: None,
        opening: scanning.opening.clone(),
        masking: scanning.masking,
        budgets: scanning.budgets.clone(),
        configuration: scanning.configuration.clone(),
    }
}

impl Checked {
    /// True if the path of an entry, which was not met, is gone: it was looked for, or is not there.
    pub fn gone(&self) -> impl Fn(&Entry) -> bool + use<> {
        let (parts, folder) = (self.parts, self.folder.clone());
        move |entry| {
            // A masked path cannot be looked for; where all was looked at, it would have been met.
            let masked = entry.path.contains('•');
            if masked { !parts } else { folder.join(&entry.path).symlink_metadata().is_err() || !parts }
        }
    }
}

/// The folder a baseline is made for, and the key it needs.
pub fn folder_of(baseline: &Path) -> PathBuf {
    match baseline.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Reads a baseline.
pub fn read(path: &Path) -> Result<Baseline, Failure> {
    let name = path.display();
    let file =
        File::open(path).map_err(|e| Failure::usage(anyhow!("cannot read the baseline {name}: {e}")))?;
    Baseline::read(BufReader::new(file)).map_err(|e| Failure::usage(anyhow!("the baseline {name}: {e}")))
}

/// The key to scan with; a baseline means nothing under another one.
pub fn key_for(
    baseline: Option<(&Baseline, &Path)>,
    file: Option<&Path>,
    quiet: bool,
) -> Result<Held, Failure> {
    let held = match (baseline, file) {
        // Nothing is compared, so nobody needs the key again.
        (None, None) => {
            Held { key: crate::mask::Key::random().map_err(Failure::could_not_finish)?, file: None }
        }
        _ => key::held(file, quiet)?,
    };
    match baseline {
        Some((baseline, path)) if baseline.key_id != held.key.key_id() => Err(Failure::usage(anyhow!(
            "the baseline {} was made with another key; name that key with --key-file (in CI, from a secret), or make \
             a baseline of your own: revere baseline create",
            path.display()
        ))),
        _ => Ok(held),
    }
}

/// Today, UTC.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Writes every line to the targets and to a file that has no name.
struct Keeper {
    writer: Writer<File>,
    targets: Targets,
    mask: Mask,
}

impl Keeper {
    fn finish(mut self, summary: &Summary, least: Confidence) -> Result<Results, Failure> {
        self.targets.finish(summary).map_err(ScanError::Write)?;
        let (mut kept, _) = self.writer.finish(summary.clone()).map_err(ScanError::Write)?;
        let rewound = kept.flush().and_then(|()| kept.seek(SeekFrom::Start(0)));
        rewound.map_err(ScanError::Write)?;
        let source = Source { name: "this scan".to_owned(), content: Box::new(kept) };
        Results::open(vec![source], least, crate::scan::nameless).map_err(refused)
    }
}

impl Sink for Keeper {
    fn renderer(&self) -> Option<Renderer> {
        Some(masking::renderer(self.mask))
    }

    fn event(&mut self, _: &Event, text: &[u8]) -> io::Result<()> {
        self.writer.write_rendered(text)?;
        self.targets.write(text)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.targets.idle()
    }
}

/// The streams and reports of a command.
pub fn open_outs(outs: &[Out]) -> Result<(Targets, Reports), Failure> {
    super::target::check(outs)?;
    Ok((Targets::open(outs)?, Reports::open(outs)?))
}

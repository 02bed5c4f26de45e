//! Files that reports go to: opened before the work starts, written beside their place, and put there at the end.
//!
//! So a folder that cannot be written to is told before a scan of a night, and whatever goes wrong, an older report
//! stays what it was.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::exit::Failure;
use super::outs::Out;
use super::target::is_stdout;
use crate::event::Confidence;
use crate::report::{Format, Output, ReportError, Results, Several, Source};

/// All report files of a command.
pub struct Reports(Vec<Part>);

struct Part {
    format: &'static Format,
    path: PathBuf,
    /// The file beside it, and its name; `None` for standard output.
    beside: Option<(File, PathBuf)>,
}

impl Reports {
    /// Opens a file beside each report that is no stream, or none.
    pub fn open(outs: &[Out]) -> Result<Self, Failure> {
        outs.iter().filter(|out| !out.is_stream()).map(Part::open).collect::<Result<_, _>>().map(Reports)
    }

    /// As [`Reports::open`], with results too: for commands that write them as a whole.
    pub fn open_all(outs: &[Out]) -> Result<Self, Failure> {
        outs.iter().map(Part::open).collect::<Result<_, _>>().map(Reports)
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Device and inode of each file and of the one it will replace, so that they are not scanned.
    pub fn files(&self) -> impl Iterator<Item = (u64, u64)> {
        let new = self.0.iter().filter_map(|part| part.beside.as_ref()?.0.metadata().ok());
        let old = self.0.iter().filter_map(|part| part.path.metadata().ok());
        new.chain(old).map(|meta| (meta.dev(), meta.ino()))
    }

    /// Makes all reports of the result that a scan has written.
    pub fn of_stream(self, stream: &Path, least: Confidence) -> Result<(), Failure> {
        if self.is_empty() {
            return Ok(());
        }
        let mut results = open(&[stream.to_owned()], least)?;
        self.write(&mut results)
    }

    /// Makes all reports and puts them in their places.
    pub fn write(mut self, results: &mut Results) -> Result<(), Failure> {
        let made: Vec<_> = self.0.iter().map(|part| Ok(part.format.report(part.output()?))).collect();
        let made: io::Result<Vec<_>> = made.into_iter().collect();
        let mut several =
            Several(made.map_err(|e| Failure::could_not_finish(anyhow!("cannot write a report: {e}")))?);
        results.tell(&mut several).map_err(refused)?;
        self.0.iter_mut().try_for_each(Part::settle)
    }
}

/// Opens results.
pub fn open(paths: &[PathBuf], least: Confidence) -> Result<Results, Failure> {
    let source = |path: &PathBuf| {
        let name = path.display().to_string();
        let failed = |e: io::Error| Failure::usage(anyhow!("cannot read {name}: {e}"));
        let mut file = File::open(path).map_err(failed)?;
        // Results are read more than once, which a pipe does not allow.
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(Source { name: name.clone(), content: Box::new(file) })
    };
    let sources = paths.iter().map(source).collect::<Result<Vec<_>, Failure>>()?;
    Results::open(sources, least).map_err(refused)
}

/// A result that cannot be used is for the user to set right; a report that cannot be written is not.
pub fn refused(error: ReportError) -> Failure {
    match error {
        ReportError::Write(_) => Failure::could_not_finish(error),
        error => Failure::usage(error),
    }
}

impl Part {
    fn open(out: &Out) -> Result<Self, Failure> {
        let path = out.path.clone();
        if is_stdout(&path) {
            return Ok(Part { format: out.format, path, beside: None });
        }
        let failed = |e: io::Error| {
            Failure::could_not_finish(anyhow!("cannot write {}: {e}; nothing was done", path.display()))
        };
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
        Ok(Part { format: out.format, path, beside: Some((file, beside)) })
    }

    fn output(&self) -> io::Result<Box<dyn Output>> {
        match &self.beside {
            Some((file, _)) => Ok(Box::new(file.try_clone()?)),
            None => Ok(Box::new(Stdout)),
        }
    }

    /// Puts a whole file in its place.
    fn settle(&mut self) -> Result<(), Failure> {
        let Some((file, beside)) = self.beside.take() else { return Ok(()) };
        let synced = match file.sync_all() {
            // Some file systems have no way to be asked.
            Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            result => result,
        };
        let moved = synced.and_then(|()| std::fs::rename(&beside, &self.path));
        moved.map_err(|e| {
            let _ = std::fs::remove_file(&beside);
            Failure::could_not_finish(anyhow!("cannot write {}: {e}", self.path.display()))
        })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some((_, beside)) = &self.beside {
            let _ = std::fs::remove_file(beside);
        }
    }
}

/// Standard output, in which nobody can go back. Whoever reads it may close it when he has read enough: other
/// reports go on.
struct Stdout;

fn unless_closed<T>(result: io::Result<T>, otherwise: T) -> io::Result<T> {
    match result {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(otherwise),
        result => result,
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_closed(io::stdout().write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_closed(io::stdout().flush(), ())
    }
}

impl Seek for Stdout {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::NotSeekable.into())
    }
}

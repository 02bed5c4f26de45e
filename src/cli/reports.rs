//! Files that reports go to: all of them are opened before a scan of a night starts, and all are made from one
//! reading of its result.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::beside::Beside;
use super::exit::Failure;
use super::outs::Out;
use super::target::is_stdout;
use crate::event::Confidence;
use crate::report::{Format, ReportError, Results, Several, Source};
use crate::result::packed::{MAGIC, unpack};

/// All report files of a command.
pub struct Reports(Vec<Part>);

struct Part {
    format: &'static Format,
    file: Beside,
}

impl Part {
    fn open(out: &Out) -> Result<Self, Failure> {
        Ok(Part { format: out.format, file: Beside::open(&out.path)? })
    }
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
        self.0.iter().flat_map(|part| part.file.files())
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
        let made: Vec<_> = self.0.iter().map(|part| Ok(part.format.report(part.file.output()?))).collect();
        let made: io::Result<Vec<_>> = made.into_iter().collect();
        let mut several =
            Several(made.map_err(|e| Failure::could_not_finish(anyhow!("cannot write a report: {e}")))?);
        results.tell(&mut several).map_err(refused)?;
        self.0.iter_mut().try_for_each(|part| part.file.settle())
    }
}

/// Opens results.
pub fn open(paths: &[PathBuf], least: Confidence) -> Result<Results, Failure> {
    let source = |path: &PathBuf| {
        let name = path.display().to_string();
        let failed = |e: io::Error| Failure::usage(anyhow!("cannot read {name}: {e}"));
        let content = if is_stdout(path) { seekable(io::stdin().lock()) } else { opened(path) };
        Ok(Source { name: name.clone(), content: Box::new(content.map_err(failed)?) })
    };
    let sources = paths.iter().map(source).collect::<Result<Vec<_>, Failure>>()?;
    Results::open(sources, least, crate::scan::nameless).map_err(refused)
}

/// A result as it can be read, more than once.
pub fn opened(path: &Path) -> io::Result<File> {
    let mut file = File::open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Ok(file);
    }
    if !kind.is_file() {
        return seekable(file);
    }
    let mut head = [0; MAGIC.len()];
    let packed = file.read_exact(&mut head).is_ok() && head == MAGIC;
    file.seek(SeekFrom::Start(0))?;
    if packed { seekable(file) } else { Ok(file) }
}

/// A copy in a file without a name, unpacked: results are read more than once, which a pipe does not allow.
fn seekable(pipe: impl Read) -> io::Result<File> {
    let (mut copy, mut pipe) = (tempfile::tempfile()?, BufReader::new(pipe));
    if pipe.fill_buf()?.starts_with(&MAGIC) {
        // Of a result that is cut off the rest is told, and where it ends, as of one that is not packed.
        let unpacked = unpack(pipe, &mut copy);
        if copy.stream_position()? == 0 {
            unpacked?;
        }
    } else {
        io::copy(&mut pipe, &mut copy)?;
    }
    copy.seek(SeekFrom::Start(0))?;
    Ok(copy)
}

/// A result that cannot be used is for the user to set right; a report that cannot be written is not.
pub fn refused(error: ReportError) -> Failure {
    match error {
        ReportError::Write(_) => Failure::could_not_finish(error),
        error => Failure::usage(error),
    }
}

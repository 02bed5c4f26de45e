//! Where results go: files that did not exist before, and standard output.
//!
//! All targets are opened before anything is scanned, so that a scan of a night does not end for want of a
//! folder. A target to which nothing was written is removed again.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::beside::place;
use super::exit::Failure;
use super::ours;
use super::outs::Out;
use crate::event::Summary;
use crate::result::Writer;
use crate::result::packed::Packed;

/// All targets of a scan.
pub struct Targets(Vec<Target>);

struct Target {
    /// As the user named it.
    path: PathBuf,
    /// `None` once it is finished.
    writer: Option<Writer<Stream>>,
    /// Device and inode of a file.
    file: Option<(u64, u64)>,
    /// True if an event was passed on.
    begun: bool,
}

enum Stream {
    File(File),
    Packed(Packed<File>),
    Stdout(io::Stdout),
}

/// Refuses targets that cannot be meant: those named twice, results that are there already, and files that are no
/// reports.
pub fn check(outs: &[Out]) -> Result<(), Failure> {
    for (n, out) in outs.iter().enumerate() {
        let twice = outs[..n].iter().any(|other| place(&other.path) == place(&out.path));
        let refused = if twice {
            anyhow!("refused: --out {} is given twice", out.path.display())
        } else if out.is_stream() && !is_stdout(&out.path) && out.path.symlink_metadata().is_ok() {
            exists(&out.path)
        } else {
            ours::check(&out.path, ours::Kind::Report)?;
            continue;
        };
        return Err(Failure::usage(refused));
    }
    Ok(())
}

pub(super) fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn exists(path: &Path) -> anyhow::Error {
    anyhow!(
        "refused: {} exists; a result is never overwritten: name another file, or move it away",
        path.display()
    )
}

impl Targets {
    /// Opens all targets, or none.
    pub fn open(outs: &[Out]) -> Result<Self, Failure> {
        let streams = outs.iter().filter(|out| out.is_stream());
        streams.map(Target::open).collect::<Result<_, _>>().map(Targets)
    }

    /// Device and inode of each file, so that it is not scanned.
    pub fn files(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().filter_map(|target| target.file)
    }

    /// The first of them that is a file.
    pub fn first_file(&self) -> Option<&Path> {
        self.0.iter().find(|target| target.file.is_some()).map(|target| target.path.as_path())
    }

    /// Passes a line on to every target.
    pub fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|target| target.write(line))
    }

    /// Passes on what was written a while ago, so that little is lost if the process dies.
    pub fn idle(&mut self) -> io::Result<()> {
        self.0.iter_mut().try_for_each(Target::idle)
    }

    /// Writes the last line to every target and sees to it that files are on their disk.
    pub fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|target| target.finish(summary))
    }
}

impl Target {
    fn open(out: &Out) -> Result<Self, Failure> {
        let path = &out.path;
        let (out, file) = match is_stdout(path) {
            true => (Stream::Stdout(io::stdout()), None),
            false => create(path, out.format.is_packed())?,
        };
        Ok(Target { path: path.to_owned(), writer: Some(Writer::new(out)), file, begun: false })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.begun = true;
        let result = self.writer.as_mut().map_or(Ok(()), |writer| writer.write_rendered(line));
        result.map_err(|e| self.named(&e))
    }

    fn idle(&mut self) -> io::Result<()> {
        let result = self.writer.as_mut().map_or(Ok(()), Writer::flush_if_due);
        result.map_err(|e| self.named(&e))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        self.begun = true;
        let result = writer.finish(summary.clone()).and_then(|(mut out, _)| out.settle());
        result.map_err(|e| self.named(&e))
    }

    /// The error with the name of the target in it.
    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.name()))
    }

    fn name(&self) -> String {
        if is_stdout(&self.path) { "standard output".to_owned() } else { self.path.display().to_string() }
    }
}

fn create(path: &Path, packed: bool) -> Result<(Stream, Option<(u64, u64)>), Failure> {
    let failed = |e: io::Error| match e.kind() {
        io::ErrorKind::AlreadyExists => Failure::usage(exists(path)),
        _ => Failure::could_not_finish(anyhow!("cannot write {}: {e}; nothing was scanned", path.display())),
    };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    let stream = if packed { Stream::Packed(Packed(file)) } else { Stream::File(file) };
    Ok((stream, Some((meta.dev(), meta.ino()))))
}

impl Drop for Target {
    fn drop(&mut self) {
        // Only the file that was made here, and only as long as it lies where it was made.
        let ours = |path: &Path| {
            path.symlink_metadata().is_ok_and(|m| Some((m.dev(), m.ino())) == self.file && m.len() == 0)
        };
        if !self.begun && ours(&self.path) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Stream {
    /// A full disk or a lost connection may show only here.
    fn settle(&mut self) -> io::Result<()> {
        match self {
            Stream::Stdout(out) => out.flush(),
            Stream::File(file) | Stream::Packed(Packed(file)) => match file.sync_all() {
                // Some file systems have no way to be asked.
                Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
                    Ok(())
                }
                result => result,
            },
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::File(file) => file.write(bytes),
            Stream::Packed(packed) => packed.write(bytes),
            Stream::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::File(_) | Stream::Packed(_) => Ok(()),
            Stream::Stdout(out) => out.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::exit::Exit;
    use super::*;
    use crate::result::Tally;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r.jsonl");
        (dir, path)
    }

    fn outs(paths: &[PathBuf]) -> Vec<Out> {
        super::super::outs::parse(paths).unwrap()
    }

    fn refusal(paths: &[PathBuf]) -> String {
        let failure = check(&outs(paths)).expect_err("should be refused");
        assert_eq!(failure.exit, Exit::Usage);
        failure.error.to_string()
    }

    #[test]
    fn a_result_is_written_for_its_owner_alone() {
        let (_dir, path) = folder();
        let mut targets = Targets::open(&outs(std::slice::from_ref(&path))).unwrap();
        assert_eq!(targets.files().count(), 1);
        targets.finish(&Tally::new().summary(1.0, false, 0)).unwrap();
        drop(targets);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(r#"{"event":"summary""#) && text.ends_with("}\n"));
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_target_that_was_never_written_is_removed() {
        let (_dir, path) = folder();
        drop(Targets::open(&outs(std::slice::from_ref(&path))).unwrap());
        assert!(!path.exists());
        let targets = Targets::open(&outs(std::slice::from_ref(&path))).unwrap();
        std::fs::write(&path, "of somebody else").unwrap();
        drop(targets);
        assert!(path.exists());
    }

    #[test]
    fn one_that_cannot_be_opened_leaves_none() {
        let (dir, path) = folder();
        let lost = dir.path().join("none/r.jsonl");
        let failure = Targets::open(&outs(&[path.clone(), lost])).err().unwrap();
        assert_eq!(failure.exit, Exit::CouldNotFinish);
        assert!(!path.exists());
    }

    #[test]
    fn what_exists_is_refused_even_as_a_dangling_link() {
        let (_dir, path) = folder();
        check(&outs(std::slice::from_ref(&path))).unwrap();
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        assert!(refusal(std::slice::from_ref(&path)).starts_with("refused: "));
        let late = Targets::open(&outs(std::slice::from_ref(&path))).err().unwrap();
        assert_eq!(late.exit, Exit::Usage);
    }

    #[test]
    fn doubles_are_refused() {
        assert!(refusal(&["-".into(), "-".into()]).contains("twice"));
        let (_dir, path) = folder();
        let other = path.parent().unwrap().join(".").join("r.csv");
        assert!(refusal(&[path.with_extension("csv"), other]).contains("twice"));
        check(&outs(&["-".into()])).unwrap();
    }
}

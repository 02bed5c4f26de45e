//! A file that is written beside its place, and put there when it is whole.
//!
//! So a folder that cannot be written to is told before the work starts, and whatever goes wrong, an older file stays
//! what it was.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::exit::Failure;
use super::target::is_stdout;
use crate::report::Output;

/// A file to be, or standard output, or a device or pipe.
pub struct Beside {
    /// Where it goes, links followed.
    path: PathBuf,
    way: Way,
}

enum Way {
    /// To a file beside its place, and the name of that one.
    New(File, PathBuf),
    /// Straight into what is there: a device or pipe, which nothing may take the place of.
    Through(File),
    /// To standard output.
    Stdout,
    /// It is in its place.
    Settled,
}

impl Beside {
    /// Opens a file beside `path`, which only its owner can read; `-` is standard output.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        if is_stdout(path) {
            return Ok(Beside { path: path.to_owned(), way: Way::Stdout });
        }
        let failed = |e: io::Error| {
            Failure::could_not_finish(anyhow!("cannot write {}: {e}; nothing was done", path.display()))
        };
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        if is_device(path) {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok(Beside { path: path.to_owned(), way: Way::Through(file) });
        }
        let path = place(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let new = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).map_err(failed)?;
        Ok(Beside { path, way: Way::New(file, new) })
    }

    /// Device and inode of the file and of the one it will replace.
    pub fn files(&self) -> impl Iterator<Item = (u64, u64)> {
        let new = if let Way::New(file, _) = &self.way { file.metadata().ok() } else { None };
        let old = self.path.metadata().ok();
        new.into_iter().chain(old).map(|meta| (meta.dev(), meta.ino()))
    }

    /// Where to write.
    ///
    /// # Errors
    /// If no descriptor is left.
    pub fn output(&self) -> io::Result<Box<dyn Output>> {
        match &self.way {
            Way::New(file, _) => Ok(Box::new(file.try_clone()?)),
            Way::Through(file) => Ok(Box::new(Forward(file.try_clone()?))),
            Way::Stdout | Way::Settled => Ok(Box::new(Forward(io::stdout()))),
        }
    }

    /// Puts the whole file in its place.
    pub fn settle(&mut self) -> Result<(), Failure> {
        let Way::New(file, new) = std::mem::replace(&mut self.way, Way::Settled) else { return Ok(()) };
        let synced = match file.sync_all() {
            // Some file systems have no way to be asked.
            Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            result => result,
        };
        let moved = synced.and_then(|()| std::fs::rename(&new, &self.path));
        moved.map_err(|e| {
            let _ = std::fs::remove_file(&new);
            Failure::could_not_finish(anyhow!("cannot write {}: {e}", self.path.display()))
        })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Way::New(_, new) = &self.way {
            let _ = std::fs::remove_file(new);
        }
    }
}

/// True for what is there and is neither file nor folder.
pub fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// A path without links, as far as it exists: two names of one place are equal.
pub fn place(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let whole = path
        .canonicalize()
        .ok()
        .or_else(|| Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(path.file_name()?)));
    whole.unwrap_or_else(|| path.to_owned())
}

/// Where nobody can go back: standard output, devices, pipes. Whoever reads it may close it when he has read enough:
/// other reports go on.
struct Forward<W>(W);

fn unless_closed<T>(result: io::Result<T>, otherwise: T) -> io::Result<T> {
    match result {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(otherwise),
        result => result,
    }
}

impl<W: Write> Write for Forward<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_closed(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_closed(self.0.flush(), ())
    }
}

impl<W> Seek for Forward<W> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::NotSeekable.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &Path, text: &str) -> Result<(), Failure> {
        let mut file = Beside::open(path)?;
        file.output()
            .and_then(|mut out| out.write_all(text.as_bytes()))
            .map_err(Failure::could_not_finish)?;
        file.settle()
    }

    #[test]
    fn a_link_stays_a_link_to_the_new_file() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("a.csv"), dir.path().join("b.csv"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink("a.csv", &link).unwrap();
        assert!(written(&link, "new").is_ok());
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(place(&link), place(&dir.path().join(".").join("a.csv")));
    }

    #[test]
    fn a_pipe_is_written_to_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).unwrap()
        });
        assert!(written(&pipe, "report").is_ok());
        assert_eq!(reader.join().unwrap(), "report");
        assert!(is_device(&pipe));
    }
}

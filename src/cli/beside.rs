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

/// A file to be, or standard output.
pub struct Beside {
    path: PathBuf,
    /// The file beside it, and its name; `None` for standard output and once it is in its place.
    new: Option<(File, PathBuf)>,
}

impl Beside {
    /// Opens a file beside `path`, which only its owner can read; `-` is standard output.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let path = path.to_owned();
        if is_stdout(&path) {
            return Ok(Beside { path, new: None });
        }
        let failed = |e: io::Error| {
            Failure::could_not_finish(anyhow!("cannot write {}: {e}; nothing was done", path.display()))
        };
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let new = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).map_err(failed)?;
        Ok(Beside { path, new: Some((file, new)) })
    }

    /// Device and inode of the file and of the one it will replace.
    pub fn files(&self) -> impl Iterator<Item = (u64, u64)> {
        let new = self.new.as_ref().and_then(|(file, _)| file.metadata().ok());
        let old = self.path.metadata().ok();
        new.into_iter().chain(old).map(|meta| (meta.dev(), meta.ino()))
    }

    /// Where to write.
    ///
    /// # Errors
    /// If no descriptor is left.
    pub fn output(&self) -> io::Result<Box<dyn Output>> {
        match &self.new {
            Some((file, _)) => Ok(Box::new(file.try_clone()?)),
            None => Ok(Box::new(Stdout)),
        }
    }

    /// Puts the whole file in its place.
    pub fn settle(&mut self) -> Result<(), Failure> {
        let Some((file, new)) = self.new.take() else { return Ok(()) };
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
        if let Some((_, new)) = &self.new {
            let _ = std::fs::remove_file(new);
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

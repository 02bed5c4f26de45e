//! Fingerprint keys: where they come from, and `revere key new`.
//!
//! A key lies in a file of its own that only its owner can read, and its text is in no message. The key that is
//! made at the first scan lies in the user's configuration folder.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use zeroize::Zeroizing;

use super::args;
use super::exit::{Exit, Failure};
use super::terminal::{sanitised, say};
use crate::mask::Key;

/// More than any key with white space around it.
const LONGEST: u64 = 4096;

/// A key, and the file it lies in as device and inode, so that it is not scanned.
pub struct Held {
    /// The key.
    pub key: Key,
    /// Its file.
    pub file: Option<(u64, u64)>,
}

/// Runs `revere key`.
pub fn run(command: &args::Key, quiet: bool) -> Result<Exit, Failure> {
    let args::Key::New { file } = command;
    let key = Key::random().map_err(Failure::could_not_finish)?;
    match write_new(file, &key) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            let why = "a key that is overwritten is lost for good; name another file";
            return Err(Failure::usage(anyhow!("refused: {} exists; {why}", file.display())));
        }
        Err(e) => return Err(Failure::could_not_finish(anyhow!("cannot write {}: {e}", file.display()))),
    }
    if !quiet {
        announce(file);
    }
    Ok(Exit::Complete)
}

/// The key that a scan is to use.
pub fn of_scan(scan: &args::Scan, quiet: bool) -> Result<Held, Failure> {
    if scan.ephemeral_key {
        return Ok(Held { key: Key::random().map_err(Failure::could_not_finish)?, file: None });
    }
    held(scan.key_file.as_deref(), quiet)
}

/// The key of a file (`-` is standard input), or your own.
pub fn held(file: Option<&Path>, quiet: bool) -> Result<Held, Failure> {
    let held = match file {
        Some(file) if file.as_os_str() == "-" => read(io::stdin().lock()).map(|key| Held { key, file: None }),
        Some(file) => from_file(file, quiet),
        None => own(quiet),
    };
    let from = match file {
        Some(file) => format!("cannot use the key of {}", file.display()),
        None => "cannot use your own key".to_owned(),
    };
    let way_out = "name another with --key-file, make one with `revere key new FILE`, or use --ephemeral-key";
    held.map_err(|e| Failure::usage(anyhow!("{from}: {e:#}; {way_out}")))
}

/// The key in the user's configuration folder, made if there is none yet.
fn own(quiet: bool) -> anyhow::Result<Held> {
    let no_folder = "there is no configuration folder, since HOME is not set";
    let folder = config_folder(|name| std::env::var_os(name)).context(no_folder)?;
    let path = folder.join("key");
    match from_file(&path, quiet) {
        Err(e) if is_missing(&e) => make_own(&folder, &path, quiet),
        other => other.with_context(|| path.display().to_string()),
    }
}

fn is_missing(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::NotFound)
}

fn make_own(folder: &Path, path: &Path, quiet: bool) -> anyhow::Result<Held> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    match write_new(path, &Key::random()?) {
        // Where another scan made one at the same time, that one is ours too.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
        Err(e) => return Err(anyhow!("cannot make {}: {e}", path.display())),
        Ok(()) => announce(path),
    }
    from_file(path, quiet)
}

/// The folder of this program's settings, by the XDG base directory specification: a relative
/// `XDG_CONFIG_HOME` does not count.
pub fn config_folder(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
    let folder = |name: &str| variable(name).map(PathBuf::from).filter(|f| f.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("revere"))
}

fn announce(path: &Path) {
    let path = path.display().to_string();
    let path = sanitised(&path);
    say(&format!(
        "Made a fingerprint key: {path}. Keep it apart from results: key and results together give the numbers back."
    ));
}

fn from_file(path: &Path, quiet: bool) -> anyhow::Result<Held> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() && meta.mode() & 0o077 != 0 && !quiet {
        let path = path.display().to_string();
        let path = sanitised(&path);
        say(&format!("Warning: others than you can reach the key {path}; close it with: chmod 600 {path}"));
    }
    Ok(Held { key: read(file)?, file: Some((meta.dev(), meta.ino())) })
}

fn read(source: impl Read) -> anyhow::Result<Key> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
    source.take(LONGEST).read_to_end(&mut bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| anyhow!("it is not text, let alone a key"))?;
    Ok(Key::from_hex(text)?)
}

/// Writes a key to a file that must not exist yet. Nothing is left of it if that fails.
fn write_new(path: &Path, key: &Key) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    // The line break goes by itself: a string that grows leaves a copy of its text behind.
    let text = file.write_all(key.to_hex().as_bytes()).and_then(|()| file.write_all(b"\n"));
    let written = text.and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_new_key_is_for_its_owner_alone_and_can_be_used() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("key");
        let new = args::Key::New { file: file.clone() };
        assert_eq!(run(&new, true).unwrap(), Exit::Complete);
        assert_eq!(mode(&file), 0o600);
        let held = from_file(&file, true).unwrap();
        assert_eq!(held.file, Some((dir.path().metadata().unwrap().dev(), file.metadata().unwrap().ino())));
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(*held.key.to_hex(), text.trim_end());

        let refusal = run(&new, true).err().unwrap();
        assert_eq!(refusal.exit, Exit::Usage);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }

    #[test]
    fn an_own_key_is_made_once_in_a_closed_folder() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a/revere");
        let path = folder.join("key");
        let first = make_own(&folder, &path, true).unwrap();
        assert_eq!((mode(&folder), mode(&path)), (0o700, 0o600));
        let second = make_own(&folder, &path, true).unwrap();
        assert_eq!(first.key.key_id(), second.key.key_id());
    }

    #[test]
    fn a_refused_key_is_not_repeated() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("key");
        for text in ["abc", &"5x".repeat(32), &"ab".repeat(9000)] {
            std::fs::write(&file, text).unwrap();
            let error = format!("{:#}", from_file(&file, true).err().unwrap());
            assert!(error.contains("64 hexadecimal digits") && !error.contains(text), "{error}");
        }
        std::fs::write(&file, [0xff; 64]).unwrap();
        assert!(from_file(&file, true).is_err());
        assert!(from_file(dir.path(), true).is_err());
        assert!(is_missing(&from_file(&dir.path().join("none"), true).err().unwrap()));
    }

    #[test]
    fn the_configuration_folder_is_absolute() {
        let given = |xdg: &'static str, home: &'static str| {
            move |name: &str| Some(if name == "HOME" { home.into() } else { xdg.into() })
        };
        assert_eq!(config_folder(given("/x", "/h")), Some("/x/revere".into()));
        assert_eq!(config_folder(given("x", "/h")), Some("/h/.config/revere".into()));
        assert_eq!(config_folder(given("", "")), None);
        assert_eq!(config_folder(|_| None), None);
    }
}

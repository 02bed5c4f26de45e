//! The passwords that the user knows. They are never shown, not even in an error.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::anyhow;
use zeroize::Zeroizing;

use super::args::Opening;
use super::exit::Failure;
use super::terminal::{sanitised, say};
use crate::scan::Passwords;

/// The largest file of passwords, in bytes.
const LARGEST: u64 = 1 << 20;
/// The most passwords: each is tried on everything encrypted, and trying is slow by design.
const MOST: usize = 1000;

/// Passwords, and device and inode of the file they come from, which is not scanned.
#[derive(Default)]
pub struct Known {
    /// The passwords in their order.
    pub words: Passwords,
    /// Their file.
    pub file: Option<(u64, u64)>,
}

/// Reads the passwords that the command line names.
///
/// # Errors
/// Wrong use: a file that is missing or cannot be used.
pub fn read(opening: &Opening, quiet: bool) -> Result<Known, Failure> {
    let Some(path) = &opening.password_file else { return Ok(Known::default()) };
    from_file(path, quiet)
        .map_err(|e| Failure::usage(anyhow!("cannot use the passwords of {}: {e:#}", path.display())))
}

fn from_file(path: &Path, quiet: bool) -> anyhow::Result<Known> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() && meta.mode() & 0o077 != 0 && !quiet {
        let path = path.display().to_string();
        let path = sanitised(&path);
        say(&format!(
            "Warning: others than you can read the passwords in {path}; close it with: chmod 600 {path}"
        ));
    }
    // Room for all of it: a buffer that grows leaves copies of its content behind.
    let room = usize::try_from(meta.len().min(LARGEST))? + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(anyhow!("it is larger than 1 MiB"));
    }
    Ok(Known { words: words(&bytes)?, file: Some((meta.dev(), meta.ino())) })
}

/// One password a line; empty lines do not count, spaces do.
fn words(bytes: &[u8]) -> anyhow::Result<Passwords> {
    let text = std::str::from_utf8(bytes).map_err(|_| anyhow!("it is not UTF-8"))?;
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    let words = Passwords::new(lines.filter(|line| !line.is_empty()).map(str::to_owned).collect());
    match words.words().len() {
        0 => Err(anyhow!("it holds none")),
        n if n > MOST => Err(anyhow!("it holds {n}, and {MOST} are the most")),
        _ => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_password() {
        let found = words(b"\xEF\xBB\xBFone\r\n\n two words \nthree").unwrap();
        assert_eq!(found.words(), ["one", " two words ", "three"]);
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_repeating_it() {
        let error = |bytes: &[u8]| words(bytes).err().unwrap().to_string();
        assert_eq!(error(b"\n\n"), "it holds none");
        assert!(!error(b"secret\xFF").contains("secret"));
        assert!(error(&b"x\n".repeat(1001)).contains("1001"));
    }

    #[test]
    fn the_file_is_known_so_that_it_is_not_scanned() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("words");
        std::fs::write(&path, "a\n").unwrap();
        let known = from_file(&path, true).unwrap();
        assert!(known.file.is_some() && known.words.words() == ["a"]);
        assert!(from_file(&dir.path().join("none"), true).is_err());
    }
}

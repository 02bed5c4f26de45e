//! Notes beside encrypted files: does a text in the same folder tell the password?
//!
//! Only small texts and messages of the folder are looked through, and nothing of them is kept but the fact.

use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::source::Source;
use crate::text::password::tells_password_of;

/// The largest note, in bytes.
const LARGEST: u64 = 64 << 10;
/// The most files of a folder that are looked at, and the most of them that are read.
const MOST_LOOKED_AT: usize = 1000;
const MOST_READ: usize = 50;
/// The most encrypted files that a thread of a scan asks about: looking has its price in folders full of them.
pub(super) const MOST_ASKED: u32 = 10_000;

/// True if a small text in the folder of `path` (relative to the folder `dir`, which `root` is open at) speaks of
/// the password of that file by name.
pub(super) fn told_beside(dir: &Path, root: impl AsFd, path: &[u8]) -> bool {
    let path = Path::new(std::ffi::OsStr::from_bytes(path));
    let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
    let Ok(listed) = std::fs::read_dir(dir.join(folder)) else { return false };
    let mut names: Vec<_> =
        listed.take(MOST_LOOKED_AT).filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.retain(|other| other != name);
    names.sort();
    let mut read = 0;
    names.iter().any(|other| {
        if read >= MOST_READ {
            return false;
        }
        let Some(text) = small_text(&root, folder.join(other).as_os_str().as_bytes()) else { return false };
        read += 1;
        tells_password_of(&text, &name.to_string_lossy())
    })
}

/// The content of a small file that has no zeros in it, and so may be text.
fn small_text(root: &impl AsFd, path: &[u8]) -> Option<String> {
    let source = Source::open(root, path).ok().filter(|s| (1..=LARGEST).contains(&s.len()))?;
    let mut bytes = vec![0; usize::try_from(source.len()).ok()?];
    let (n, _) = source.read_some_at(&mut bytes, 0);
    bytes.truncate(n);
    (!bytes.contains(&0)).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_in_the_same_folder_counts_if_it_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("a")).unwrap();
        std::fs::write(dir.path().join("a/pay.zip"), [0; 9]).unwrap();
        std::fs::write(dir.path().join("note.txt"), "password of pay.zip").unwrap();
        let root = std::fs::File::open(dir.path()).unwrap();
        assert!(!told_beside(dir.path(), &root, b"a/pay.zip"));
        std::fs::write(dir.path().join("a/readme.txt"), "the password of pay.zip is with Ann").unwrap();
        assert!(told_beside(dir.path(), &root, b"a/pay.zip"));
        assert!(!told_beside(dir.path(), &root, b"a/other.zip"));
    }
}

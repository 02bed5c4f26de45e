//! Opens files below a folder without ever leaving it.
//!
//! Links are refused in every component, also those planted between the listing and the opening. Where the
//! kernel or a container's filter has no `openat2`, each component is opened by itself with `O_NOFOLLOW`.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;

/// Set once the kernel has said that it has no `openat2`.
static WITHOUT_OPENAT2: AtomicBool = AtomicBool::new(false);

/// How often an `openat2` is repeated that met a concurrent rename.
const RETRIES: usize = 8;

/// Opens a folder as a starting point for [`open_beneath`]. A link given by the user is followed here.
///
/// # Errors
/// What the system says.
pub fn open_root(folder: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(folder, flags, Mode::empty())?)
}

/// Opens `path` (raw bytes, relative, `/`-separated) below the folder `root` for reading.
///
/// Access times are kept where the system allows it (owner or root). The open never waits: a named pipe opens
/// at once, a file under a lease is refused; the caller checks what kind of file it got.
///
/// # Errors
/// `ELOOP` for a link in any component, `EXDEV` or `EINVAL` for a path that would leave `root`, else what the
/// system says.
pub fn open_beneath(root: impl AsFd, path: &[u8]) -> io::Result<File> {
    let root = root.as_fd();
    let keep_atime = read_flags() | OFlags::NOATIME;
    let opened = match open_with(root, path, keep_atime) {
        // NOATIME belongs to the owner; a container's filter refuses openat2 with the same error.
        Err(Errno::PERM) => open_with(root, path, read_flags()),
        other => other,
    };
    Ok(File::from(opened?))
}

fn read_flags() -> OFlags {
    OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY
}

fn open_with(root: impl AsFd, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    if WITHOUT_OPENAT2.load(Ordering::Relaxed) {
        return by_components(root, path, flags);
    }
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let mut answer = Err(Errno::AGAIN);
    for _ in 0..RETRIES {
        answer = openat2(root.as_fd(), path, flags, Mode::empty(), resolve);
        if !matches!(answer, Err(Errno::AGAIN | Errno::INTR)) {
            break;
        }
    }
    match answer {
        Err(Errno::NOSYS) => {
            WITHOUT_OPENAT2.store(true, Ordering::Relaxed);
            by_components(root, path, flags)
        }
        Err(Errno::PERM) => by_components(root, path, flags),
        other => other,
    }
}

fn by_components(root: impl AsFd, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let mut parts = path.split(|&b| b == b'/').peekable();
    let mut folder: Option<OwnedFd> = None;
    while let Some(part) = parts.next() {
        if matches!(part, b"" | b"." | b"..") {
            return Err(Errno::INVAL);
        }
        let at = folder.as_ref().map_or(root.as_fd(), AsFd::as_fd);
        if parts.peek().is_none() {
            return openat(at, part, flags, Mode::empty());
        }
        let step = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        folder = Some(openat(at, part, step, Mode::empty()).map_err(|e| link_or(e, at, part))?);
    }
    Err(Errno::INVAL)
}

/// With `O_PATH | O_DIRECTORY` a link is reported as "not a directory"; this tells the two apart.
fn link_or(error: Errno, folder: impl AsFd, part: &[u8]) -> Errno {
    if error != Errno::NOTDIR {
        return error;
    }
    let found = rustix::fs::statat(folder, part, rustix::fs::AtFlags::SYMLINK_NOFOLLOW);
    match found.map(|s| rustix::fs::FileType::from_raw_mode(s.st_mode)) {
        Ok(rustix::fs::FileType::Symlink) => Errno::LOOP,
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("in/deep")).unwrap();
        std::fs::write(dir.path().join("in/deep/a.txt"), "inside").unwrap();
        std::fs::write(dir.path().join("secret"), "outside").unwrap();
        symlink("../secret", dir.path().join("in/link")).unwrap();
        symlink("deep", dir.path().join("in/folder-link")).unwrap();
        dir
    }

    fn both_ways(root: &OwnedFd, path: &[u8]) -> [rustix::io::Result<OwnedFd>; 2] {
        [open_with(root, path, read_flags()), by_components(root, path, read_flags())]
    }

    #[test]
    fn a_file_below_the_root_opens_either_way() {
        let dir = tree();
        let root = open_root(&dir.path().join("in")).unwrap();
        for opened in both_ways(&root, b"deep/a.txt") {
            let mut text = String::new();
            File::from(opened.unwrap()).read_to_string(&mut text).unwrap();
            assert_eq!(text, "inside");
        }
        assert!(open_beneath(&root, b"deep/a.txt").is_ok());
    }

    #[test]
    fn links_are_refused_in_every_component() {
        let dir = tree();
        let root = open_root(&dir.path().join("in")).unwrap();
        for path in [b"link".as_slice(), b"folder-link/a.txt"] {
            for refused in both_ways(&root, path) {
                assert_eq!(refused.unwrap_err(), Errno::LOOP);
            }
        }
    }

    #[test]
    fn nothing_leaves_the_root() {
        let dir = tree();
        let root = open_root(&dir.path().join("in")).unwrap();
        for path in [b"../secret".as_slice(), b"deep/../../secret", b"/etc/hostname", b"", b"a\0b"] {
            for refused in both_ways(&root, path) {
                assert!(refused.is_err());
            }
        }
    }

    #[test]
    fn a_named_pipe_does_not_block() {
        let dir = tree();
        let root = open_root(dir.path()).unwrap();
        rustix::fs::mkfifoat(root_for_writing(dir.path()), "pipe", Mode::from(0o600)).unwrap();
        assert!(open_beneath(&root, b"pipe").is_ok());
    }

    fn root_for_writing(path: &Path) -> OwnedFd {
        rustix::fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap()
    }
}

//! The only room that opens files for their content.
//!
//! A [`Source`] is opened below the descriptor of its root, is certainly a regular file (checked after
//! opening, because a name can change its meaning between listing and opening), and is read by offset only,
//! so that many threads can share it. It remembers how the file looked when it was opened;
//! [`Source::check_unchanged`] tells whether what was read still is what lies there.

use std::fs::{File, Metadata};
use std::io;
use std::num::NonZeroU64;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};

use rustix::io::Errno;

use crate::coverage::Cause;
use crate::event::Identity;
use crate::sys;

/// An open regular file.
pub struct Source {
    file: File,
    opened: State,
}

/// Bytes hashed at a time.
const DIGEST_BUFFER: usize = 1 << 20;

/// What must stay equal while a file is read. Times in seconds and nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    dev: u64,
    ino: u64,
    nlink: u64,
    size: u64,
    blocks: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl State {
    fn of(meta: &Metadata) -> Self {
        State {
            dev: meta.dev(),
            ino: meta.ino(),
            nlink: meta.nlink(),
            size: meta.size(),
            blocks: meta.blocks(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}

impl Source {
    /// Opens `path` (raw bytes, relative) below the folder `root`.
    ///
    /// # Errors
    /// Cause and detail for the settling line: [`Cause::SpecialFile`] if it is no regular file, else as
    /// [`cause_of`].
    pub fn open(root: impl AsFd, path: &[u8]) -> Result<Self, (Cause, String)> {
        let file = sys::open_beneath(root, path).map_err(|e| cause_of_open(&e))?;
        let meta = file.metadata().map_err(|e| cause_of(&e))?;
        if meta.is_dir() {
            return Err((Cause::ChangedWhileRead, "now a folder".to_owned()));
        }
        if !meta.is_file() {
            return Err((Cause::SpecialFile, "not a regular file".to_owned()));
        }
        Ok(Source { opened: State::of(&meta), file })
    }

    /// Size in bytes when it was opened.
    pub fn len(&self) -> u64 {
        self.opened.size
    }

    /// True if it was empty when it was opened.
    pub fn is_empty(&self) -> bool {
        self.opened.size == 0
    }

    /// Device, inode, links and time of last change when it was opened.
    pub fn identity(&self) -> Identity {
        let State { dev, ino, nlink, changed, .. } = self.opened;
        Identity { dev, ino, nlink, ctime: rfc3339(changed.0, changed.1).unwrap_or_default() }
    }

    /// Fills `buf` from `offset` on, and says how many bytes there were: fewer than asked only at the end.
    ///
    /// # Errors
    /// What the system says; [`Source::read_some_at`] then has the bytes before the bad place.
    pub fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        match self.read_some_at(buf, offset) {
            (_, Some(error)) => Err(error),
            (filled, None) => Ok(filled),
        }
    }

    /// As [`Source::read_at`], but what was read before an error is kept and counted.
    pub fn read_some_at(&self, buf: &mut [u8], offset: u64) -> (usize, Option<io::Error>) {
        let mut filled = 0;
        while filled < buf.len() {
            match self.file.read_at(&mut buf[filled..], offset.saturating_add(filled as u64)) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return (filled, Some(e)),
            }
        }
        (filled, None)
    }

    /// Has the kernel begin to read the first `most` bytes, and does not wait for them.
    pub fn will_read(&self, most: u64) {
        // A file system that cannot reads when it is asked.
        let _ = NonZeroU64::new(most.min(self.len()))
            .map(|len| rustix::fs::fadvise(&self.file, 0, Some(len), rustix::fs::Advice::WillNeed));
    }

    /// True if fewer blocks are stored than the size asks for: reading by [`Source::next_data`] pays.
    pub fn is_sparse(&self) -> bool {
        self.opened.blocks.saturating_mul(512) < self.opened.size
    }

    /// The first stretch of stored data at or after `offset`, as start and end in bytes; `None` if zeros
    /// follow to the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn next_data(&self, offset: u64) -> io::Result<Option<(u64, u64)>> {
        sys::next_data(&self.file, offset)
    }

    /// A keyed digest of the content, 32 hex digits: equal content has an equal one. `None` if it cannot be read to
    /// the end.
    pub fn digest(&self, key: &[u8; 32]) -> Option<String> {
        let mut hasher = blake3::Hasher::new_keyed(key);
        let mut buffer = vec![0; DIGEST_BUFFER.min(usize::try_from(self.len()).unwrap_or(DIGEST_BUFFER))];
        let mut offset = 0;
        while offset < self.len() {
            let (n, error) = self.read_some_at(&mut buffer, offset);
            if error.is_some() || n == 0 {
                return None;
            }
            hasher.update(&buffer[..n]);
            offset += n as u64;
        }
        Some(digest_word(&hasher.finalize()))
    }

    /// Looks again: false if size, modification or change time are not those at opening, or cannot be had.
    pub fn check_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|now| {
            let now = State::of(&now);
            (now.size, now.modified, now.changed)
                == (self.opened.size, self.opened.modified, self.opened.changed)
        })
    }

    /// The open file itself, for a worker or a reader. Its position may be anywhere.
    pub fn file(&self) -> &File {
        &self.file
    }
}

/// The digest of [`Source::digest`] for a content that lies in memory.
pub fn digest_of(content: &[u8], key: &[u8; 32]) -> String {
    digest_word(&blake3::keyed_hash(key, content))
}

/// A hash as results have it.
pub fn digest_word(hash: &blake3::Hash) -> String {
    hash.to_hex()[..32].to_owned()
}

/// A time of the file system in UTC; `None` beyond the years that the format can write.
pub fn rfc3339(seconds: i64, nanoseconds: i64) -> Option<String> {
    let nanoseconds = i32::try_from(nanoseconds).ok()?;
    jiff::Timestamp::new(seconds, nanoseconds).ok().map(|t| t.to_string())
}

/// Cause and detail for a failed system call. The detail is the name of the error, never a path.
pub fn cause_of(error: &io::Error) -> (Cause, String) {
    let Some(errno) = Errno::from_io_error(error) else {
        return (cause_of_kind(error.kind()), format!("{:?}", error.kind()));
    };
    let cause = match errno {
        Errno::ACCESS | Errno::PERM | Errno::NOKEY => Cause::Denied,
        Errno::NOENT | Errno::NOTDIR => Cause::Vanished,
        Errno::LOOP | Errno::XDEV => Cause::Link,
        Errno::TXTBSY | Errno::AGAIN | Errno::BUSY => Cause::Locked,
        Errno::NOMEM => Cause::LimitMemory,
        _ => Cause::IoError,
    };
    (cause, errno_name(errno))
}

/// As [`cause_of`], for opening: a socket has no content to open, nor has a device without driver.
fn cause_of_open(error: &io::Error) -> (Cause, String) {
    match Errno::from_io_error(error) {
        Some(Errno::NXIO | Errno::NODEV) => (Cause::SpecialFile, "not a regular file".to_owned()),
        _ => cause_of(error),
    }
}

fn cause_of_kind(kind: io::ErrorKind) -> Cause {
    match kind {
        io::ErrorKind::PermissionDenied => Cause::Denied,
        io::ErrorKind::NotFound => Cause::Vanished,
        io::ErrorKind::UnexpectedEof => Cause::ChangedWhileRead,
        io::ErrorKind::OutOfMemory => Cause::LimitMemory,
        io::ErrorKind::WouldBlock => Cause::Locked,
        io::ErrorKind::InvalidData => Cause::Damaged,
        _ => Cause::IoError,
    }
}

fn errno_name(errno: Errno) -> String {
    let known = ERRNO_NAMES.iter().find(|(e, _)| *e == errno);
    known.map_or_else(|| format!("errno {}", errno.raw_os_error()), |(_, name)| (*name).to_owned())
}

const ERRNO_NAMES: &[(Errno, &str)] = &[
    (Errno::ACCESS, "EACCES"),
    (Errno::PERM, "EPERM"),
    (Errno::NOENT, "ENOENT"),
    (Errno::NOTDIR, "ENOTDIR"),
    (Errno::ISDIR, "EISDIR"),
    (Errno::LOOP, "ELOOP"),
    (Errno::XDEV, "EXDEV"),
    (Errno::TXTBSY, "ETXTBSY"),
    (Errno::AGAIN, "EAGAIN"),
    (Errno::BUSY, "EBUSY"),
    (Errno::IO, "EIO"),
    (Errno::STALE, "ESTALE"),
    (Errno::NAMETOOLONG, "ENAMETOOLONG"),
    (Errno::NOMEM, "ENOMEM"),
    (Errno::MFILE, "EMFILE"),
    (Errno::NFILE, "ENFILE"),
    (Errno::INVAL, "EINVAL"),
    (Errno::NXIO, "ENXIO"),
    (Errno::NODEV, "ENODEV"),
    (Errno::OVERFLOW, "EOVERFLOW"),
    (Errno::TIMEDOUT, "ETIMEDOUT"),
    (Errno::HOSTDOWN, "EHOSTDOWN"),
    (Errno::HOSTUNREACH, "EHOSTUNREACH"),
    (Errno::NOTCONN, "ENOTCONN"),
    (Errno::CONNRESET, "ECONNRESET"),
    (Errno::REMOTEIO, "EREMOTEIO"),
    (Errno::BADMSG, "EBADMSG"),
    (Errno::UCLEAN, "EUCLEAN"),
    (Errno::NODATA, "ENODATA"),
    (Errno::NOMEDIUM, "ENOMEDIUM"),
    (Errno::NOKEY, "ENOKEY"),
    (Errno::OPNOTSUPP, "EOPNOTSUPP"),
];

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;

    use super::*;

    fn folder() -> (tempfile::TempDir, OwnedFd) {
        let dir = tempfile::tempdir().unwrap();
        let root = sys::open_root(dir.path()).unwrap();
        (dir, root)
    }

    fn refusal(root: &OwnedFd, path: &[u8]) -> Cause {
        Source::open(root, path).err().unwrap().0
    }

    #[test]
    fn reads_by_offset_up_to_the_end() {
        let (dir, root) = folder();
        std::fs::write(dir.path().join("a"), b"0123456789").unwrap();
        let source = Source::open(&root, b"a").unwrap();
        let mut buf = [0; 6];
        assert_eq!((source.read_at(&mut buf, 2).unwrap(), &buf), (6, b"234567"));
        assert_eq!((source.read_at(&mut buf, 8).unwrap(), &buf[..2]), (2, b"89".as_slice()));
        assert_eq!(source.read_at(&mut buf, 99).unwrap(), 0);
        assert_eq!(source.len(), 10);
        assert!(source.identity().ctime.ends_with('Z'));
    }

    #[test]
    fn a_file_that_grows_or_is_rewritten_is_changed() {
        let (dir, root) = folder();
        let path = dir.path().join("a");
        std::fs::write(&path, b"one").unwrap();
        let source = Source::open(&root, b"a").unwrap();
        assert!(source.check_unchanged());
        std::fs::write(&path, b"longer").unwrap();
        assert!(!source.check_unchanged());
    }

    #[test]
    fn only_regular_files_are_opened() {
        let (dir, root) = folder();
        let fifo = std::process::Command::new("mkfifo").arg(dir.path().join("pipe")).status().unwrap();
        assert!(fifo.success());
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
        std::os::unix::fs::symlink("pipe", dir.path().join("link")).unwrap();
        std::fs::create_dir(dir.path().join("folder")).unwrap();
        assert_eq!(refusal(&root, b"pipe"), Cause::SpecialFile);
        assert_eq!(refusal(&root, b"socket"), Cause::SpecialFile);
        assert_eq!(refusal(&root, b"link"), Cause::Link);
        assert_eq!(refusal(&root, b"folder"), Cause::ChangedWhileRead);
        assert_eq!(refusal(&root, b"gone"), Cause::Vanished);
        assert_eq!(refusal(&root, b"../x"), Cause::Link);
    }

    #[test]
    fn system_errors_have_causes_and_names() {
        let cause = |errno: Errno| cause_of(&io::Error::from(errno));
        assert_eq!(cause(Errno::ACCESS), (Cause::Denied, "EACCES".to_owned()));
        assert_eq!(cause(Errno::IO), (Cause::IoError, "EIO".to_owned()));
        assert_eq!(cause(Errno::STALE), (Cause::IoError, "ESTALE".to_owned()));
        assert_eq!(cause(Errno::LOOP).0, Cause::Link);
        assert_eq!(cause(Errno::AGAIN).0, Cause::Locked);
        assert_eq!(cause(Errno::PIPE), (Cause::IoError, "errno 32".to_owned()));
        let eof = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(cause_of(&eof).0, Cause::ChangedWhileRead);
    }

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(rfc3339(0, 0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(rfc3339(1_700_000_000, 500_000_000).as_deref(), Some("2023-11-14T22:13:20.5Z"));
        assert_eq!(rfc3339(-1, 0).as_deref(), Some("1969-12-31T23:59:59Z"));
        assert_eq!(rfc3339(i64::MAX, 0), None);
    }
}

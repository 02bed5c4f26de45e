//! What a scan is asked to do.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use zeroize::Zeroize;

use crate::mask::Key;

/// Where the paths come from.
pub enum Paths {
    /// Folders and files to walk.
    Roots(Vec<PathBuf>),
    /// Parts of one folder, which is the only root.
    Within(PathBuf, Vec<PathBuf>),
    /// A list: plain paths or a manifest, one a line.
    List(Box<dyn BufRead + Send>),
}

/// The budgets of one top-level file (`docs/ARCHITECTURE.md`, budgets). All are counted while streaming, never
/// taken from declared sizes.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Limits {
    /// Expanded bytes are at most the larger of this and 100 times the size.
    pub expanded: u64,
    /// How many times its size a stream of over 64 MiB may expand to.
    pub ratio: u64,
    /// Nesting of containers.
    pub depth: usize,
    /// Members of all containers together.
    pub members: u64,
    /// Address space of a worker, in bytes.
    pub memory: u64,
    /// Seconds without progress, and seconds of work per started 64 MiB.
    pub seconds: u64,
    /// Records listed per file; more are counted and cut.
    pub records: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            expanded: 2 << 30,
            ratio: 1000,
            depth: 16,
            members: 1_000_000,
            memory: 1 << 30,
            seconds: 60,
            records: 1_000_000,
        }
    }
}

/// Passwords of the user, tried on what is encrypted. They go to workers over their pipe and nowhere else, and are
/// wiped from memory with it.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Passwords(Vec<String>);

impl Passwords {
    /// These passwords, in the order in which they are tried.
    #[must_use]
    pub fn new(words: Vec<String>) -> Self {
        Passwords(words)
    }

    /// The passwords themselves.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Options of a scan.
pub struct Options {
    /// Threads; each has a worker process for documents.
    pub jobs: usize,
    /// Globs of files to examine; empty means all.
    pub include: Vec<String>,
    /// Globs of files and folders to leave out.
    pub exclude: Vec<String>,
    /// Name of this host in the result.
    pub label: String,
    /// The fingerprint key.
    pub key: Key,
    /// Device and inode of outputs and key file, which are not scanned.
    pub own: Vec<(u64, u64)>,
    /// Budgets.
    pub limits: Limits,
    /// Passwords to try on what is encrypted.
    pub passwords: Passwords,
    /// Where texts are cut, in bytes; a multiple of four. Tests vary it.
    pub range: u64,
    /// How to start a worker: program and arguments. Empty: documents are read in this process (tests only).
    pub worker: Vec<std::ffi::OsString>,
    /// True to read plain text in workers too (as on network volumes). Tests vary it.
    pub all_in_workers: bool,
    /// How many files are opened and read ahead at a time, whatever volume they lie on. `None`: as many as pay on network
    /// volumes, none elsewhere.
    pub readers: Option<usize>,
    /// Other options that change results, for the `run` line.
    pub noted: std::collections::BTreeMap<String, serde_json::Value>,
    /// The configuration file that options came from, for the `run` line.
    pub configuration: Option<crate::event::Configuration>,
}

/// What a running scan shows, and how it is told to stop.
#[derive(Default)]
pub struct Control {
    stop: AtomicBool,
    /// Files settled.
    pub files: AtomicU64,
    /// Bytes of files settled or read.
    pub bytes: AtomicU64,
    /// Records of medium and above so far.
    pub records: AtomicU64,
    /// Files with such records.
    pub files_with_records: AtomicU64,
    /// Encrypted files.
    pub encrypted: AtomicU64,
    /// Files partly or not examined.
    pub incomplete: AtomicU64,
    /// Worker processes that died and were started again.
    pub restarts: AtomicU64,
}

impl Control {
    /// Asks the scan to finish what is in hand and end.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// True once [`Control::stop`] was called.
    #[must_use]
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

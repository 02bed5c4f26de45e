//! Which paths there are: candidates for examination, with their metadata, in the order of their names'
//! bytes.
//!
//! Every path met comes out of the [`Walker`] exactly once, as something to read or as settled; the walker
//! counts them itself, and the closing check holds that count against what was settled. Links are never
//! followed, ignore files never honoured, hidden files never left out. A folder is no path to settle: one
//! that cannot be listed, or is left out, is a [`Found::FolderGap`].

mod ahead;
mod filter;
mod list;
mod lister;
mod meta;
mod seen;
mod tree;

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io::{self, BufRead};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::coverage::Cause;
use crate::event::{Volume, VolumeKind};
use crate::source::cause_of;
use crate::sys;
use ahead::{Listed, Looked};
use filter::Filter;
pub use filter::glob;
use list::{Line, List};
use meta::Surveyor;
pub use meta::{Meta, is_slow};
use seen::Seen;
use tree::{Step, Tree};

/// What to leave out, and whom to take for oneself.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// If not empty, only files that match one of these are examined. Globs over the path relative to its
    /// root: `*` stays within a name, `**` crosses folders, and a pattern without `/` means the name in any
    /// folder.
    pub include: Vec<String>,
    /// Files and folders that match one of these are left out, whatever `include` says.
    pub exclude: Vec<String>,
    /// Device and inode of this program's own outputs and key file.
    pub own: Vec<(u64, u64)>,
    /// Stay on the file system of each root.
    pub one_file_system: bool,
    /// Walk the snapshot folders of storage systems too.
    pub snapshots: bool,
    /// Only the paths of shard `i` (from 1) of `n`.
    pub shard: Option<(u64, u64)>,
}

/// A place at which a walk starts.
#[derive(Clone)]
pub struct Root {
    /// As the user gave it.
    pub given: PathBuf,
    /// The folder itself, or the folder of the file given; absolute and without links.
    pub dir: PathBuf,
    /// The name of the file, if a file was given.
    pub file: Option<Vec<u8>>,
}

impl Root {
    /// # Errors
    /// [`WalkError::MissingRoot`] if there is nothing, [`WalkError::UnreadableRoot`] if it cannot be looked
    /// at.
    pub fn new(given: &Path) -> Result<Self, WalkError> {
        let failed = |e: io::Error| match cause_of(&e) {
            (Cause::Vanished, _) => WalkError::MissingRoot(given.to_owned()),
            (_, detail) => WalkError::UnreadableRoot(given.to_owned(), detail),
        };
        let real = std::fs::canonicalize(given).map_err(failed)?;
        let is_dir = std::fs::metadata(&real).map_err(failed)?.is_dir();
        let (dir, file) = match (is_dir, real.parent(), real.file_name()) {
            (false, Some(dir), Some(name)) => (dir.to_owned(), Some(name.as_bytes().to_vec())),
            _ => (real, None),
        };
        Ok(Root { given: given.to_owned(), dir, file })
    }

    /// Opens the folder, for [`crate::source::Source::open`].
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self) -> io::Result<OwnedFd> {
        sys::open_root(&self.dir)
    }
}

/// Why a walk cannot start.
#[derive(Debug)]
pub enum WalkError {
    /// There is nothing at this root.
    MissingRoot(PathBuf),
    /// A part that was asked for is not below the folder.
    Outside(PathBuf, PathBuf),
    /// The root cannot be looked at; the text names the system error.
    UnreadableRoot(PathBuf, String),
    /// A pattern of `include` or `exclude` is no glob; pattern and fault.
    Pattern(String, String),
    /// The list cannot be read, or its first line names no roots.
    List(String),
}

impl std::fmt::Display for WalkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WalkError::MissingRoot(path) => write!(f, "nothing to scan at {}", path.display()),
            WalkError::Outside(path, folder) => {
                write!(
                    f,
                    "{} is not below {}, the folder that is checked; a baseline lies in the folder that it is for",
                    path.display(),
                    folder.display()
                )
            }
            WalkError::UnreadableRoot(path, why) => write!(f, "cannot look at {}: {why}", path.display()),
            WalkError::Pattern(glob, why) => write!(f, "the pattern {glob} is not usable: {why}"),
            WalkError::List(why) => write!(f, "the list of files: {why}"),
        }
    }
}

impl std::error::Error for WalkError {}

/// A path to settle.
#[derive(Clone)]
pub struct Candidate {
    /// Index of its root.
    pub root: u32,
    /// Raw bytes relative to the root, `/`-separated.
    pub path: Vec<u8>,
    /// Size in bytes; 0 where it could not be had.
    pub size: u64,
    /// What the file system says of it; `None` where it could not be asked.
    pub meta: Option<Meta>,
}

/// What a walk comes upon.
pub enum Found {
    /// A regular file to examine.
    File(Candidate),
    /// A path that is settled without reading, with our own words where the cause does not say it all.
    Settled(Candidate, Cause, Option<String>),
    /// A path to a file met before, as root and path: a hard link, or a root inside another.
    SameAs(Candidate, (u32, Vec<u8>)),
    /// A folder that was not walked, or a line of a list that names nothing to settle.
    FolderGap {
        /// Index of its root.
        root: u32,
        /// Raw bytes relative to the root; empty for the root itself.
        path: Vec<u8>,
        /// Why.
        cause: Cause,
        /// Our own words.
        detail: String,
    },
}

/// Yields what there is below the roots. See the module's description.
pub struct Walker {
    roots: Vec<Root>,
    feed: Feed,
    filter: Arc<Filter>,
    options: Options,
    surveyor: Surveyor,
    seen: Seen,
    met: u64,
    other_shard: u64,
    /// Paths of a slow volume that were looked at together, and what came behind them.
    looked: VecDeque<Looked>,
    behind: Option<Next>,
}

enum Feed {
    Trees(Trees),
    List(List),
}

/// Where a walk starts: a root, or something below one.
struct Start {
    root: u32,
    /// Relative to the folder of the root; empty for that folder itself.
    below: PathBuf,
    /// True for a file.
    file: bool,
}

/// The tree in hand and those still to come.
struct Trees {
    starts: Vec<Start>,
    next: usize,
    tree: Option<Tree>,
    root: u32,
    device: u64,
}

impl Walker {
    /// A walk over whole trees.
    ///
    /// # Errors
    /// A root that is missing, or a pattern that is no glob.
    pub fn new(roots: &[PathBuf], options: &Options) -> Result<Self, WalkError> {
        let roots = roots.iter().map(|r| Root::new(r)).collect::<Result<Vec<_>, _>>()?;
        let start = |(root, n): (&Root, u32)| match &root.file {
            Some(name) => Start { root: n, below: Path::new(OsStr::from_bytes(name)).to_owned(), file: true },
            None => Start { root: n, below: PathBuf::new(), file: false },
        };
        let starts = roots.iter().zip(0..).map(start).collect();
        Self::with_feed(roots, Feed::Trees(Trees::new(starts)), options)
    }

    /// A walk over parts of one folder: files and folders below it, each once. Paths are relative to the folder,
    /// however the parts were named, so that the same file has the same path whatever was asked for.
    ///
    /// # Errors
    /// As [`Walker::new`], and [`WalkError::Outside`] for a part that is not below the folder.
    pub fn within(folder: &Path, parts: &[PathBuf], options: &Options) -> Result<Self, WalkError> {
        let root = Root::new(folder)?;
        let mut starts = parts.iter().map(|part| below(&root, part)).collect::<Result<Vec<_>, _>>()?;
        starts.sort_by(|a, b| a.below.cmp(&b.below));
        // Sorted by components, a folder comes right before what is in it.
        starts.dedup_by(|later, first| later.below.starts_with(&first.below));
        Self::with_feed(vec![root], Feed::Trees(Trees::new(starts)), options)
    }

    /// A walk over the paths of a list, one to a line (`separator` is `\n` or NUL).
    ///
    /// If the first line starts with `{` it names the roots (`{"roots": […]}`), and each further line a path
    /// (`{"root": 0, "path": "…"}`, or `path_raw` in Base64). Else the lines are plain paths, and the roots
    /// are always two: the current folder for relative paths, `/` for absolute ones.
    ///
    /// # Errors
    /// As [`Walker::new`]; or the list cannot be read.
    pub fn from_list(
        list: Box<dyn BufRead + Send>,
        separator: u8,
        options: &Options,
    ) -> Result<Self, WalkError> {
        let (roots, list) = List::open(list, separator)?;
        Self::with_feed(roots, Feed::List(list), options)
    }

    fn with_feed(roots: Vec<Root>, feed: Feed, options: &Options) -> Result<Self, WalkError> {
        let trees = matches!(feed, Feed::Trees(_));
        Ok(Walker {
            filter: Arc::new(Filter::new(options)?),
            seen: if trees { Seen::new(&roots) } else { Seen::new(&[]) },
            surveyor: Surveyor::new(),
            options: options.clone(),
            roots,
            feed,
            met: 0,
            other_shard: 0,
            looked: VecDeque::new(),
            behind: None,
        })
    }

    /// The roots, in the order of their numbers.
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// How many paths were yielded so far; folders do not count.
    pub fn met(&self) -> u64 {
        self.met
    }

    /// How many paths belong to other shards.
    pub fn other_shard(&self) -> u64 {
        self.other_shard
    }

    /// The volumes seen for the first time since the last call. Their mount points are raw: the caller masks
    /// them.
    pub fn take_volumes(&mut self) -> Vec<Volume> {
        self.surveyor.take_volumes()
    }

    /// The kind of volume `id` (see [`Meta::volume`]).
    pub fn volume_kind(&self, id: u32) -> VolumeKind {
        self.surveyor.kind(id)
    }

    fn step(&mut self) -> Option<Found> {
        loop {
            if let Some(looked) = self.looked.pop_front() {
                return Some(self.judged(looked));
            }
            let found = match &mut self.feed {
                Feed::Trees(trees) => {
                    let next = match self.behind.take() {
                        Some(next) => next,
                        None => trees.next(&self.roots, &mut self.surveyor, &self.filter)?,
                    };
                    self.in_tree(next)
                }
                Feed::List(list) => {
                    let line = list.next(&self.roots)?;
                    Some(self.in_list(line))
                }
            };
            if found.is_some() {
                return found;
            }
        }
    }

    fn in_tree(&mut self, next: Next) -> Option<Found> {
        let root = self.tree_root();
        match next {
            Next::Single(path) => Some(self.path(root, path)),
            Next::Step(Step::Entry(full, folder)) => {
                let path = self.relative(root, &full);
                if folder { self.folder(root, path, &full) } else { self.look_ahead(root, path, full) }
            }
            Next::Step(Step::Unlisted(full, e)) => {
                let (cause, detail) = cause_of(&e);
                Some(Found::FolderGap { root, path: self.relative(root, &full), cause, detail })
            }
            Next::Step(Step::Unknown(full, e)) => {
                let (cause, detail) = cause_of(&e);
                let path = self.relative(root, &full);
                Some(Found::Settled(Candidate { root, path, size: 0, meta: None }, cause, Some(detail)))
            }
        }
    }

    fn in_list(&mut self, line: Line) -> Found {
        match line {
            Line::Path(root, path) => self.path(root, path),
            Line::Settled(root, path, cause, detail) => {
                Found::Settled(Candidate { root, path, size: 0, meta: None }, cause, Some(detail))
            }
            Line::Bad(detail) => {
                Found::FolderGap { root: 0, path: Vec::new(), cause: Cause::Damaged, detail }
            }
        }
    }

    fn tree_root(&self) -> u32 {
        if let Feed::Trees(trees) = &self.feed { trees.root } else { 0 }
    }

    fn relative(&self, root: u32, path: &Path) -> Vec<u8> {
        let dir = &self.roots[root as usize].dir;
        path.strip_prefix(dir).unwrap_or(path).as_os_str().as_bytes().to_vec()
    }

    /// Settles a path of a tree or finds it worth reading. On a slow volume those that follow it in its folder are looked
    /// at with it, and are settled next.
    fn look_ahead(&mut self, root: u32, path: Vec<u8>, full: PathBuf) -> Option<Found> {
        let Feed::Trees(trees) = &mut self.feed else { return None };
        let slow = trees.tree.as_ref().and_then(Tree::slow);
        let lists = slow.and_then(|device| Some((device, self.surveyor.slow(device)?.clone())));
        let Some((device, lists)) = lists else {
            let meta = std::fs::symlink_metadata(&full);
            return Some(self.judged(Looked { root, path, full, meta, list: Listed::Unasked }));
        };
        let mut paths = vec![(path, full)];
        while paths.len() < ahead::TOGETHER && self.behind.is_none() {
            let Feed::Trees(trees) = &mut self.feed else { break };
            match trees.next(&self.roots, &mut self.surveyor, &self.filter) {
                Some(Next::Step(Step::Entry(full, false))) if trees.root == root => {
                    paths.push((self.relative(root, &full), full));
                }
                None => break,
                next => self.behind = next,
            }
        }
        self.looked = ahead::look(root, paths, device, &lists);
        let first = self.looked.pop_front()?;
        Some(self.judged(first))
    }

    /// Settles a path or finds it worth reading.
    fn path(&mut self, root: u32, path: Vec<u8>) -> Found {
        let full = self.roots[root as usize].dir.join(Path::new(OsStr::from_bytes(&path)));
        let meta = std::fs::symlink_metadata(&full);
        self.judged(Looked { root, path, full, meta, list: Listed::Unasked })
    }

    fn judged(&mut self, looked: Looked) -> Found {
        let Looked { root, path, full, meta, list } = looked;
        let meta = match meta {
            Ok(meta) => meta,
            Err(e) => {
                let (cause, detail) = cause_of(&e);
                return Found::Settled(Candidate { root, path, size: 0, meta: None }, cause, Some(detail));
            }
        };
        if meta.is_dir() {
            let (cause, detail) = match self.feed {
                Feed::List(_) => (Cause::Excluded, "a folder in a list of files is not walked"),
                Feed::Trees(_) => (Cause::ChangedWhileRead, "became a folder while it was looked at"),
            };
            return Found::FolderGap { root, path, cause, detail: detail.to_owned() };
        }
        let surveyed = self.surveyor.survey(&meta, &full, list);
        let candidate = Candidate { root, path, size: meta.size(), meta: Some(surveyed) };
        self.judge(candidate, &meta)
    }

    fn judge(&mut self, candidate: Candidate, meta: &Metadata) -> Found {
        if self.options.own.contains(&(meta.dev(), meta.ino())) {
            return Found::Settled(candidate, Cause::Excluded, Some("a file of this program".to_owned()));
        }
        if !self.filter.takes_file(&candidate.path) {
            return Found::Settled(candidate, Cause::Excluded, None);
        }
        if meta.is_symlink() {
            return Found::Settled(candidate, Cause::Link, None);
        }
        if !meta.is_file() {
            return Found::Settled(candidate, Cause::SpecialFile, None);
        }
        match self.seen.first(&self.roots, &self.filter, &candidate, meta) {
            Some(first) => Found::SameAs(candidate, first),
            None => Found::File(candidate),
        }
    }

    /// Enters a folder, or does not and says why.
    fn folder(&mut self, root: u32, path: Vec<u8>, full: &Path) -> Option<Found> {
        let Feed::Trees(trees) = &mut self.feed else { return None };
        let tree = trees.tree.as_mut()?;
        // A folder that is left out is not even looked at.
        let skipped = self.filter.skips_folder(&path);
        let device = if skipped.is_none() { tree.device() } else { None };
        let elsewhere = device.filter(|d| *d != trees.device);
        let (cause, detail) = if let Some((cause, detail)) = skipped {
            (cause, detail)
        } else if self.options.one_file_system && elsewhere.is_some() {
            (Cause::OtherFileSystem, "on another file system than its root")
        } else if elsewhere.is_some_and(|d| self.surveyor.is_pseudo(d, full)) {
            (Cause::OtherFileSystem, "a file system of the kernel itself")
        } else {
            if let Some(device) = device.filter(|device| self.surveyor.slow(*device).is_some()) {
                tree.list_ahead(device, skips(&self.filter, &self.roots[root as usize]));
            }
            return None;
        };
        tree.skip();
        Some(Found::FolderGap { root, path, cause, detail: detail.to_owned() })
    }
}

/// Whether a folder below a root, by its absolute path, is left out.
fn skips(filter: &Arc<Filter>, root: &Root) -> impl Fn(&Path) -> bool + Send + Sync + 'static {
    let (filter, dir) = (Arc::clone(filter), root.dir.clone());
    move |path| {
        let path = path.strip_prefix(&dir).unwrap_or(path);
        filter.skips_folder(path.as_os_str().as_bytes()).is_some()
    }
}

/// A part of a folder, wherever the current folder is. A link that is named is settled as one.
fn below(root: &Root, part: &Path) -> Result<Start, WalkError> {
    let failed = |e: io::Error| match cause_of(&e) {
        (Cause::Vanished, _) => WalkError::MissingRoot(part.to_owned()),
        (_, detail) => WalkError::UnreadableRoot(part.to_owned(), detail),
    };
    let meta = std::fs::symlink_metadata(part).map_err(failed)?;
    let real = match (meta.is_symlink(), part.parent(), part.file_name()) {
        (true, Some(folder), Some(name)) => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            std::fs::canonicalize(folder).map(|folder| folder.join(name))
        }
        _ => std::fs::canonicalize(part),
    };
    let real = real.map_err(failed)?;
    let below =
        real.strip_prefix(&root.dir).map_err(|_| WalkError::Outside(part.to_owned(), root.dir.clone()))?;
    Ok(Start { root: 0, below: below.to_owned(), file: !meta.is_dir() })
}

/// What the trees have next.
enum Next {
    /// The file that is a root.
    Single(Vec<u8>),
    Step(Step),
}

impl Trees {
    fn new(starts: Vec<Start>) -> Self {
        Trees { starts, next: 0, tree: None, root: 0, device: 0 }
    }

    fn next(&mut self, roots: &[Root], surveyor: &mut Surveyor, filter: &Arc<Filter>) -> Option<Next> {
        loop {
            if let Some(step) = self.tree.as_mut().and_then(Tree::next) {
                return Some(Next::Step(step));
            }
            let start = self.starts.get(self.next)?;
            let root = roots.get(start.root as usize)?;
            self.root = start.root;
            self.next += 1;
            self.tree = None;
            if start.file {
                return Some(Next::Single(start.below.as_os_str().as_bytes().to_vec()));
            }
            let top = if start.below.as_os_str().is_empty() {
                root.dir.clone()
            } else {
                root.dir.join(&start.below)
            };
            self.device = std::fs::metadata(&top).map_or(0, |m| m.dev());
            surveyor.volume(self.device, &top);
            let mut tree = Tree::new(top);
            if surveyor.slow(self.device).is_some() {
                tree.list_ahead(self.device, skips(filter, root));
            }
            self.tree = Some(tree);
        }
    }
}

impl Iterator for Walker {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let found = self.step()?;
            let (root, path, counts) = match &found {
                Found::File(c) | Found::Settled(c, ..) | Found::SameAs(c, _) => (c.root, &c.path, true),
                Found::FolderGap { root, path, .. } => (*root, path, false),
            };
            if self.filter.in_shard(root, path) {
                self.met += u64::from(counts);
                return Some(found);
            }
            self.other_shard += u64::from(counts);
        }
    }
}

#[cfg(test)]
mod tests;

//! The entries of a folder and all below it, in the order of their names' bytes. On slow volumes the folders that come next
//! are listed ahead, many at a time (`lister`).

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::lister::Lister;

/// What comes next.
pub(super) enum Step {
    /// An entry, and whether it is a folder; that is entered next.
    Entry(PathBuf, bool),
    /// A folder that could not be listed, or not to its end.
    Unlisted(PathBuf, io::Error),
    /// An entry of which nobody can tell what it is.
    Unknown(PathBuf, io::Error),
}

/// What a folder holds.
#[derive(Default)]
pub(super) struct Children {
    /// Names in order, and whether they are those of folders.
    pub names: Vec<(OsString, bool)>,
    /// What could not be had, with the name if there is one; the last comes out first.
    pub failed: Vec<(Option<OsString>, io::Error)>,
}

/// A walk through a tree.
pub(super) struct Tree {
    levels: Vec<Level>,
    /// The folder that is entered next.
    pending: Option<PathBuf>,
    /// Its device, if calls to it are slow.
    slow: Option<u64>,
    lister: Option<Lister>,
}

/// A folder in hand.
struct Level {
    path: PathBuf,
    children: Children,
    /// The next name.
    at: usize,
    /// The next name that is looked at for a folder to be listed ahead.
    asked: usize,
    /// Its device, if calls to it are slow.
    slow: Option<u64>,
}

impl Tree {
    /// Walks through `top`, which does not come out itself.
    pub fn new(top: PathBuf) -> Self {
        Tree { levels: Vec::new(), pending: Some(top), slow: None, lister: None }
    }

    /// Calls for the folder that is entered next are slow: those below it on its `device` are listed ahead, but for what
    /// `skips` picks.
    pub fn list_ahead(&mut self, device: u64, skips: impl Fn(&Path) -> bool + Send + Sync + 'static) {
        self.slow = Some(device);
        if self.lister.as_ref().is_none_or(|lister| lister.device() != device) {
            self.lister = Some(Lister::new(device, skips));
        }
    }

    /// The device of the folder that is entered next.
    pub fn device(&self) -> Option<u64> {
        let path = self.pending.as_ref()?;
        let known = self.lister.as_ref().and_then(|lister| lister.device_of(path));
        known.or_else(|| device_of(path).ok())
    }

    /// The device of the folder in hand, if calls to it are slow.
    pub fn slow(&self) -> Option<u64> {
        self.levels.last().and_then(|level| level.slow)
    }

    /// Does not enter the folder that came last.
    pub fn skip(&mut self) {
        if let (Some(lister), Some(path)) = (&self.lister, self.pending.take()) {
            lister.take(&path);
        }
        self.slow = None;
    }

    /// What comes next, if anything.
    pub fn next(&mut self) -> Option<Step> {
        if let Some(path) = self.pending.take()
            && let Err(e) = self.enter(&path)
        {
            return Some(Step::Unlisted(path, e));
        }
        loop {
            let level = self.levels.last_mut()?;
            if let Some((name, error)) = level.children.failed.pop() {
                return Some(match name {
                    Some(name) => Step::Unknown(level.path.join(name), error),
                    None => Step::Unlisted(level.path.clone(), error),
                });
            }
            if let Some((name, folder)) = level.children.names.get(level.at) {
                level.at += 1;
                let path = level.path.join(name);
                if *folder {
                    self.pending = Some(path.clone());
                    self.ask();
                }
                return Some(Step::Entry(path, self.pending.is_some()));
            }
            self.levels.pop();
        }
    }

    fn enter(&mut self, path: &Path) -> io::Result<()> {
        let listed = self.lister.as_ref().and_then(|lister| lister.take(path));
        let slow = std::mem::take(&mut self.slow);
        let children = listed.unwrap_or_else(|| list(path))?;
        self.levels.push(Level { path: path.to_owned(), children, at: 0, asked: 0, slow });
        Ok(())
    }

    /// Has folders listed that come next, the deepest first.
    fn ask(&mut self) {
        let Some(lister) = &self.lister else { return };
        for level in self.levels.iter_mut().rev().filter(|level| level.slow.is_some()) {
            // The one that came last is listed next, be it here or there.
            level.asked = level.asked.max(level.at.saturating_sub(1));
            while let Some((name, folder)) = level.children.names.get(level.asked)
                && (!folder || lister.wants(level.path.join(name)))
            {
                level.asked += 1;
            }
        }
    }
}

/// The device of a folder that is no link.
pub(super) fn device_of(path: &Path) -> io::Result<u64> {
    std::fs::symlink_metadata(path).map(|meta| meta.dev())
}

/// Lists a folder.
pub(super) fn list(path: &Path) -> io::Result<Children> {
    let mut children = Children::default();
    for entry in std::fs::read_dir(path)? {
        match entry.map(|entry| (entry.file_type(), entry.file_name())) {
            Ok((Ok(kind), name)) => children.names.push((name, kind.is_dir())),
            Ok((Err(e), name)) => children.failed.push((Some(name), e)),
            Err(e) => children.failed.push((None, e)),
        }
    }
    children.names.sort_unstable();
    children.failed.sort_by(|a, b| b.0.cmp(&a.0));
    Ok(children)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn walk(mut tree: Tree, top: &Path) -> Vec<String> {
        let mut met = Vec::new();
        while let Some(step) = tree.next() {
            let (Step::Entry(path, _) | Step::Unlisted(path, _) | Step::Unknown(path, _)) = &step;
            let path = path.strip_prefix(top).unwrap().display().to_string();
            match step {
                Step::Entry(_, true) if path.ends_with("skip") => {
                    tree.skip();
                    met.push(format!("{path} skipped"));
                }
                Step::Entry(_, true) => {
                    let device = tree.device().unwrap();
                    tree.list_ahead(device, |path| path.ends_with("skip"));
                    met.push(path + "/");
                }
                Step::Entry(..) => met.push(path),
                Step::Unlisted(..) | Step::Unknown(..) => met.push(format!("{path} failed")),
            }
        }
        met
    }

    #[test]
    fn a_tree_is_the_same_whether_its_folders_are_listed_ahead_or_not() {
        let dir = tempfile::tempdir().unwrap();
        let mut expected = Vec::new();
        for a in ["a", "b-", "b", "c"] {
            for b in 0..40 {
                fs::create_dir_all(dir.path().join(format!("{a}/{b:02}/skip/in"))).unwrap();
                fs::write(dir.path().join(format!("{a}/{b:02}/file")), "x").unwrap();
            }
        }
        for a in ["a", "b", "b-", "c"] {
            expected.push(format!("{a}/"));
            for b in 0..40 {
                expected.extend([
                    format!("{a}/{b:02}/"),
                    format!("{a}/{b:02}/file"),
                    format!("{a}/{b:02}/skip skipped"),
                ]);
            }
        }
        let top = dir.path();
        let mut ahead = Tree::new(top.to_owned());
        ahead.list_ahead(device_of(top).unwrap(), |path| path.ends_with("skip"));
        assert_eq!(walk(ahead, top), expected);
        assert_eq!(walk(Tree::new(top.to_owned()), top), expected);
        let mut other = Tree::new(top.to_owned());
        other.list_ahead(device_of(top).unwrap() + 1, |_| false);
        assert_eq!(walk(other, top), expected);
        assert_eq!(walk(Tree::new(top.join("none")), top), ["none failed"]);
    }
}

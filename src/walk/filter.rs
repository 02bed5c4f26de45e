//! What is left out by choice: globs, snapshot folders, other shards.

use globset::{Candidate, Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::{Options, WalkError};
use crate::coverage::Cause;
use crate::flat;

/// Folders in which storage systems show earlier states of everything.
const SNAPSHOTS: &[&[u8]] = &[b".snapshot", b"~snapshot", b".snapshots", b".zfs"];

/// The choices of [`Options`], compiled.
pub(super) struct Filter {
    include: Option<GlobSet>,
    exclude: GlobSet,
    exclude_folders: GlobSet,
    snapshots: bool,
    shard: Option<(u64, u64)>,
}

impl Filter {
    pub(super) fn new(options: &Options) -> Result<Self, WalkError> {
        // `x/**` and `x/` leave out the folder itself, so that it need not be listed.
        let folders = options.exclude.iter().map(|p| {
            let inner = p.strip_suffix("/**").or_else(|| p.strip_suffix('/')).unwrap_or(p);
            (p, inner)
        });
        let exclude = options.exclude.iter().filter(|p| !p.ends_with('/'));
        Ok(Filter {
            include: if options.include.is_empty() {
                None
            } else {
                Some(compile(same(options.include.iter()))?)
            },
            exclude: compile(same(exclude))?,
            exclude_folders: compile(folders)?,
            snapshots: options.snapshots,
            shard: options.shard,
        })
    }

    /// Whether the file at `path` is wanted, as far as its own path decides.
    pub(super) fn takes_file(&self, path: &[u8]) -> bool {
        let path = Candidate::from_bytes(path);
        let included = self.include.as_ref().is_none_or(|set| set.is_match_candidate(&path));
        included && !self.exclude.is_match_candidate(&path)
    }

    /// Why the folder at `path` is not walked, if so.
    pub(super) fn skips_folder(&self, path: &[u8]) -> Option<(Cause, &'static str)> {
        let name = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
        if !self.snapshots && SNAPSHOTS.contains(&name) {
            return Some((Cause::Snapshot, "a snapshot folder"));
        }
        let excluded = self.exclude_folders.is_match_candidate(&Candidate::from_bytes(path));
        excluded.then_some((Cause::Excluded, "left out with everything in it"))
    }

    /// Whether a walk from the root would have come to the file at `path`.
    pub(super) fn reaches(&self, path: &[u8]) -> bool {
        let mut folders = memchr::memchr_iter(b'/', path).map(|at| &path[..at]);
        folders.all(|folder| self.skips_folder(folder).is_none()) && self.takes_file(path)
    }

    /// Whether the path belongs to the shard in hand. The same on every machine.
    pub(super) fn in_shard(&self, root: u32, path: &[u8]) -> bool {
        self.shard.is_none_or(|(i, n)| flat::hash(u64::from(root), path) % n.max(1) + 1 == i)
    }
}

fn same<'a>(patterns: impl Iterator<Item = &'a String>) -> impl Iterator<Item = (&'a String, &'a str)> {
    patterns.map(|p| (p, p.as_str()))
}

/// Compiles pairs of a pattern as given and as meant.
fn compile<'a>(patterns: impl Iterator<Item = (&'a String, &'a str)>) -> Result<GlobSet, WalkError> {
    let mut set = GlobSetBuilder::new();
    for (given, meant) in patterns {
        let bad = |e: globset::Error| WalkError::Pattern(given.clone(), e.kind().to_string());
        set.add(glob(meant).map_err(bad)?);
    }
    set.build().map_err(|e| WalkError::Pattern(e.glob().unwrap_or_default().to_owned(), e.kind().to_string()))
}

/// A glob over paths below a root, as every option and rule of the program means it: without a slash it is a name
/// anywhere, and `*` stays within a folder.
///
/// # Errors
/// If it is no glob.
pub fn glob(given: &str) -> Result<Glob, globset::Error> {
    let anchored = match given.strip_prefix('/').or_else(|| given.strip_prefix("./")) {
        Some(path) => path.to_owned(),
        None if given.contains('/') => given.to_owned(),
        None => format!("**/{given}"),
    };
    GlobBuilder::new(&anchored).literal_separator(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        let options = Options { include: owned(include), exclude: owned(exclude), ..Options::default() };
        Filter::new(&options).ok().unwrap()
    }

    #[test]
    fn a_pattern_without_slash_means_a_name_anywhere() {
        let f = filter(&[], &["*.iso", "/top.txt", "a/*.log"]);
        assert!(!f.takes_file(b"x.iso") && !f.takes_file(b"a/b/x.iso"));
        assert!(!f.takes_file(b"top.txt") && f.takes_file(b"a/top.txt"));
        assert!(!f.takes_file(b"a/1.log") && f.takes_file(b"a/b/1.log") && f.takes_file(b"b/a/1.log"));
    }

    #[test]
    fn a_pattern_for_everything_in_a_folder_leaves_out_the_folder() {
        let f = filter(&[], &["**/node_modules/**", "build/"]);
        assert!(f.skips_folder(b"node_modules").is_some() && f.skips_folder(b"a/node_modules").is_some());
        assert!(f.skips_folder(b"x/build").is_some() && f.takes_file(b"build"));
        assert!(!f.reaches(b"a/node_modules/b/c.js") && f.reaches(b"a/c.js"));
    }

    #[test]
    fn exclude_wins_over_include() {
        let f = filter(&["*.csv", "docs/**"], &["old.csv"]);
        assert!(f.takes_file(b"a/b.csv") && f.takes_file(b"docs/x.pdf"));
        assert!(!f.takes_file(b"old.csv") && !f.takes_file(b"x.pdf"));
    }

    #[test]
    fn snapshot_folders_are_known_by_name() {
        let f = filter(&[], &[]);
        assert_eq!(f.skips_folder(b"vol/.snapshot").map(|s| s.0), Some(Cause::Snapshot));
        assert!(f.skips_folder(b"$RECYCLE.BIN").is_none());
        assert!(!f.reaches(b"~snapshot/hourly/a.txt"));
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let options = Options { exclude: vec!["a[".to_owned()], ..Options::default() };
        assert!(matches!(Filter::new(&options), Err(WalkError::Pattern(glob, _)) if glob == "a["));
    }

    #[test]
    fn each_path_belongs_to_one_shard() {
        let shard = |i| Filter::new(&Options { shard: Some((i, 3)), ..Options::default() }).ok().unwrap();
        let shards = [shard(1), shard(2), shard(3)];
        for n in 0..100 {
            let path = format!("folder/{n}.txt");
            assert_eq!(shards.iter().filter(|s| s.in_shard(0, path.as_bytes())).count(), 1);
        }
    }
}

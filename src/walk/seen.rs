//! Files met before: hard links, and roots that lie inside one another.
//!
//! Only inodes with several links are remembered, and forgotten once all their links were met. For
//! overlapping roots nothing is remembered: whether an earlier root reaches a path follows from the paths
//! alone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

use super::filter::Filter;
use super::{Candidate, Root};

/// What was met before.
pub(super) struct Seen {
    links: HashMap<(u64, u64), First>,
    /// For each root the earlier ones that share a part of the tree with it.
    overlaps: Vec<Vec<usize>>,
    /// Whether there are any.
    overlapping: bool,
}

struct First {
    root: u32,
    path: Vec<u8>,
    /// Links not met so far.
    left: u64,
}

impl Seen {
    pub(super) fn new(roots: &[Root]) -> Self {
        let shares = |a: &Root, b: &Root| a.dir.starts_with(&b.dir) || b.dir.starts_with(&a.dir);
        let earlier = |j: usize| (0..j).filter(|i| shares(&roots[*i], &roots[j])).collect();
        let overlaps: Vec<Vec<usize>> = (0..roots.len()).map(earlier).collect();
        Seen { links: HashMap::new(), overlapping: overlaps.iter().any(|o| !o.is_empty()), overlaps }
    }

    /// Root and path under which the file was met first, if this is not the first time.
    pub(super) fn first(
        &mut self,
        roots: &[Root],
        filter: &Filter,
        candidate: &Candidate,
        meta: &Metadata,
    ) -> Option<(u32, Vec<u8>)> {
        if meta.nlink() < 2 {
            return self.earlier_root(roots, filter, candidate);
        }
        match self.links.entry((meta.dev(), meta.ino())) {
            Entry::Vacant(free) => {
                let (root, path) = (candidate.root, candidate.path.clone());
                free.insert(First { root, path, left: meta.nlink() - 1 });
                None
            }
            Entry::Occupied(mut known) => {
                let first = known.get_mut();
                first.left = first.left.saturating_sub(1);
                if first.left == 0 && !self.overlapping {
                    let first = known.remove();
                    return Some((first.root, first.path));
                }
                Some((first.root, first.path.clone()))
            }
        }
    }

    /// The path from an earlier root whose walk came to this file.
    fn earlier_root(&self, roots: &[Root], filter: &Filter, candidate: &Candidate) -> Option<(u32, Vec<u8>)> {
        let here = candidate.root as usize;
        let overlaps = self.overlaps.get(here).filter(|o| !o.is_empty())?;
        let full = roots[here].dir.join(OsStr::from_bytes(&candidate.path));
        overlaps.iter().find_map(|&i| {
            let path = full.strip_prefix(&roots[i].dir).ok()?.as_os_str().as_bytes();
            let reached = match &roots[i].file {
                Some(name) => path == name && filter.takes_file(path),
                None => filter.reaches(path),
            };
            reached.then(|| (i as u32, path.to_vec()))
        })
    }
}

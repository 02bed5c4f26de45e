//! Looking at many paths of a slow volume at once: each call to a server takes its time, whoever waits for it.

use std::collections::VecDeque;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use crate::sys::{Access, Lists};

/// How many paths are looked at together.
pub(super) const TOGETHER: usize = 128;
/// How many of them at a time.
const AT_A_TIME: usize = 16;

/// What is known of the list of a file.
pub(super) enum Listed {
    /// Nothing yet.
    Unasked,
    /// What it says, if there is one.
    Asked(Option<Access>),
}

/// A path with what the file system says of it.
pub(super) struct Looked {
    /// Index of its root.
    pub root: u32,
    /// Relative to its root.
    pub path: Vec<u8>,
    /// Absolute.
    pub full: PathBuf,
    /// Its metadata, of the path itself.
    pub meta: io::Result<Metadata>,
    /// Its list.
    pub list: Listed,
}

/// Looks at paths of a root that lie on `device`, in their order.
pub(super) fn look(
    root: u32,
    paths: Vec<(Vec<u8>, PathBuf)>,
    device: u64,
    lists: &Lists,
) -> VecDeque<Looked> {
    let each = paths.len().div_ceil(AT_A_TIME).max(1);
    let mut rest = paths.into_iter();
    let mut shares = Vec::new();
    loop {
        let share: Vec<_> = rest.by_ref().take(each).collect();
        if share.is_empty() {
            break;
        }
        shares.push(share);
    }
    let all = |share: Vec<(Vec<u8>, PathBuf)>| {
        let mut lists = lists.clone();
        share.into_iter().map(|path| look_at(root, path, device, &mut lists)).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| all(share))).collect();
        // Nothing in there panics; a thread that did would leave its paths out, which the closing check would tell.
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    })
}

fn look_at(root: u32, (path, full): (Vec<u8>, PathBuf), device: u64, lists: &mut Lists) -> Looked {
    let meta = std::fs::symlink_metadata(&full);
    // A file of another volume may have other lists.
    let here = |meta: &&Metadata| meta.is_file() && meta.dev() == device;
    let list = match meta.as_ref().ok().filter(here) {
        Some(_) => Listed::Asked(lists.read(&full)),
        None => Listed::Unasked,
    };
    Looked { root, path, full, meta, list }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back_in_their_order_with_their_own_metadata() {
        let dir = tempfile::tempdir().unwrap();
        let path = |n: usize| {
            let full = dir.path().join(format!("{n:03}"));
            (format!("{n:03}").into_bytes(), full)
        };
        let paths: Vec<_> = (0..=3 * AT_A_TIME).map(path).collect();
        for (n, (_, full)) in paths.iter().enumerate().skip(1) {
            std::fs::write(full, vec![b'x'; n]).unwrap();
        }
        let device = std::fs::metadata(dir.path()).unwrap().dev();
        let looked = look(7, paths.clone(), device, &Lists::of("ext4"));
        assert!(looked.iter().map(|l| &l.path).eq(paths.iter().map(|(path, _)| path)));
        let sizes: Vec<Option<u64>> =
            looked.iter().map(|l| l.meta.as_ref().ok().map(Metadata::len)).collect();
        assert_eq!(sizes[0], None);
        assert!((1..paths.len()).all(|n| sizes[n] == Some(n as u64)));
        assert!(looked.iter().all(|l| l.root == 7 && matches!(l.list, Listed::Asked(_)) == l.meta.is_ok()));
    }
}

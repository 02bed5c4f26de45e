//! Groups of files added up: folders with all below them, owners, shares, departments, volumes.
//!
//! People are counted anew for each group, from fingerprints, because the people of two files do not add up. Folders
//! come in the order of their paths, so that a folder is whole when the next one begins, and its people move up into
//! the folder above: each record is held once for all folders.

use std::collections::{BTreeMap, BTreeSet};

use super::retention::Flag;
use super::sheets::{Entry, Found};
use crate::coverage::Coverage;
use crate::event::{ElementType, Levels, Reach, Residents};
use crate::resident::{ResidentCounter, combine};

/// Folders further down are counted with the one at this depth below the root.
const FOLDER_DEPTH: usize = 12;

/// Files added up.
#[derive(Clone, Default)]
pub struct Sum {
    /// Files listed.
    pub files: u64,
    /// Those with records.
    pub with_records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Kinds of numbers.
    pub kinds: BTreeSet<ElementType>,
    /// Records.
    pub records: Levels,
    /// Numbers without a name.
    pub loose: u64,
    /// Files that everyone can read.
    pub everyone_reads: u64,
    /// Files that everyone can write.
    pub everyone_writes: u64,
    /// Files of which nobody knows who can reach them.
    pub exposure_unknown: u64,
    /// The earliest change.
    pub oldest: Option<String>,
    /// The latest change.
    pub newest: Option<String>,
    /// Files by [`Flag`].
    pub flags: [u64; Flag::ALL.len()],
    /// Files under legal hold.
    pub held: u64,
    /// Files whose content was met before.
    pub copies: u64,
    /// Encrypted files.
    pub encrypted: u64,
    /// Files that were not examined in full, encrypted ones apart.
    pub not_examined: u64,
    people: ResidentCounter,
    /// People of files whose records are not all listed.
    cut: Residents,
}

/// The people of a file.
#[derive(Default)]
pub struct People {
    /// From its records.
    pub listed: ResidentCounter,
    /// By the file's own word, where not all records are listed.
    pub cut: Option<Residents>,
}

impl People {
    fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.cut.is_none()
    }
}

impl Sum {
    fn add(&mut self, entry: &Entry<'_>) {
        let (file, found): (_, &Found) = (entry.file, entry.found);
        self.files += 1;
        self.with_records += u64::from(found.records.total() > 0);
        self.bytes += file.size;
        self.kinds.extend(&found.kinds);
        add_levels(&mut self.records, found.records);
        self.loose += found.loose;
        let reach = file.exposure.map(|e| [e.read, e.write]);
        let is = |n: usize, reached: Reach| u64::from(reach.is_some_and(|reach| reach[n] == reached));
        self.everyone_reads += is(0, Reach::Everyone);
        self.everyone_writes += is(1, Reach::Everyone);
        self.exposure_unknown += u64::from(reach.is_none_or(|reach| reach.contains(&Reach::Unknown)));
        self.times(file.modified.as_deref(), file.modified.as_deref());
        if let Some(disposal) = &entry.disposal {
            self.flags[disposal.flag as usize] += 1;
        }
        self.held += u64::from(entry.known.held());
        self.copies += u64::from(entry.duplicate_of.is_some());
        self.encrypted += u64::from(file.coverage == Coverage::Encrypted);
        self.not_examined += u64::from(matches!(file.coverage, Coverage::Partial | Coverage::NotExamined));
    }

    fn meet(&mut self, people: &People) {
        match &people.cut {
            Some(cut) => combine(&mut self.cut, cut),
            None => self.people.append(people.listed.clone()),
        }
    }

    fn times(&mut self, oldest: Option<&str>, newest: Option<&str>) {
        if let Some(time) = oldest.filter(|time| self.oldest.as_deref().is_none_or(|o| *time < o)) {
            self.oldest = Some(time.to_owned());
        }
        if let Some(time) = newest.filter(|time| self.newest.as_deref().is_none_or(|n| *time > n)) {
            self.newest = Some(time.to_owned());
        }
    }

    /// Takes everything of a folder below.
    fn absorb(&mut self, below: Sum) {
        self.files += below.files;
        self.with_records += below.with_records;
        self.bytes += below.bytes;
        self.kinds.extend(below.kinds);
        add_levels(&mut self.records, below.records);
        self.loose += below.loose;
        self.everyone_reads += below.everyone_reads;
        self.everyone_writes += below.everyone_writes;
        self.exposure_unknown += below.exposure_unknown;
        self.times(below.oldest.as_deref(), below.newest.as_deref());
        for (flag, n) in self.flags.iter_mut().zip(below.flags) {
            *flag += n;
        }
        self.held += below.held;
        self.copies += below.copies;
        self.encrypted += below.encrypted;
        self.not_examined += below.not_examined;
        self.people.append(below.people);
        combine(&mut self.cut, &below.cut);
    }

    /// The people of all of them, between two bounds.
    pub fn residents(&self) -> Residents {
        let mut residents = self.people.bounds();
        combine(&mut residents, &self.cut);
        residents
    }

    fn without_people(self) -> Sum {
        Sum { people: ResidentCounter::new(), cut: Residents::default(), ..self }
    }
}

fn add_levels(to: &mut Levels, more: Levels) {
    to.high += more.high;
    to.medium += more.medium;
    to.low += more.low;
}

/// Groups by a name.
pub struct Named<K>(BTreeMap<K, Sum>);

impl<K: Ord> Default for Named<K> {
    fn default() -> Self {
        Named(BTreeMap::new())
    }
}

impl<K: Ord> Named<K> {
    /// Adds a file to a group.
    pub fn add(&mut self, name: K, entry: &Entry<'_>, people: &People) {
        let sum = self.0.entry(name).or_default();
        sum.add(entry);
        sum.meet(people);
    }

    /// The groups in order, with their people. Each is let go before the next is counted.
    pub fn finish(self) -> impl Iterator<Item = (K, Sum, Residents)> {
        self.0.into_iter().map(|(name, sum)| {
            let people = sum.residents();
            (name, sum.without_people(), people)
        })
    }
}

/// A folder that is whole: the number of its root, its path, its sums and its people.
pub type Folder = (u32, String, Sum, Residents);

/// Folders, while files come in the order of their paths.
#[derive(Default)]
pub struct Folders {
    root: u32,
    /// The folder in hand below those it lies in; the root first.
    open: Vec<Open>,
    done: Vec<Folder>,
}

#[derive(Default)]
struct Open {
    path: String,
    sum: Sum,
    /// Its people, where they are those of the one folder in it.
    counted: Option<Residents>,
}

impl Folders {
    /// Adds a file, which must not come before the last one.
    pub fn add(&mut self, entry: &Entry<'_>, people: &People) {
        let at = &entry.file.at;
        if self.root != at.root || self.open.is_empty() {
            self.close_to(0);
            self.root = at.root;
            self.open.push(Open::default());
        }
        let folders = at.path.match_indices('/').map(|(end, _)| &at.path[..end]).take(FOLDER_DEPTH);
        let folders: Vec<&str> = folders.filter(|folder| !folder.is_empty()).collect();
        let same = folders.iter().zip(&self.open[1..]).take_while(|(path, open)| **path == open.path).count();
        self.close_to(1 + same);
        let new = folders[same..].iter();
        self.open.extend(new.map(|path| Open { path: (*path).to_owned(), ..Open::default() }));
        if let Some(open) = self.open.last_mut() {
            open.sum.add(entry);
            if !people.is_empty() {
                open.sum.meet(people);
                open.counted = None;
            }
        }
    }

    /// Closes folders until so many are open.
    fn close_to(&mut self, left: usize) {
        while self.open.len() > left {
            let Some(folder) = self.open.pop() else { return };
            let people = folder.counted.unwrap_or_else(|| folder.sum.residents());
            self.done.push((self.root, folder.path, folder.sum.clone().without_people(), people.clone()));
            if let Some(above) = self.open.last_mut() {
                let alone = above.sum.people.is_empty() && above.sum.cut == Residents::default();
                above.counted = alone.then_some(people);
                above.sum.absorb(folder.sum);
            }
        }
    }

    /// All folders in order; the path of a root is empty.
    pub fn finish(mut self) -> Vec<Folder> {
        self.close_to(0);
        self.done.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        self.done
    }
}

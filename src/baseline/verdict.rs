//! What is new: a result held against a baseline.
//!
//! The result is told twice. The first time says which numbers each path holds, so that entries without a match,
//! columns that have outgrown their entry and files that were renamed are known; the second time judges records.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;

use jiff::civil::Date;

use super::file::{Baseline, Entry, Scope};
use super::presence::{ColumnKey, Presence, bits, columns_of};
use crate::coverage::Coverage;
use crate::event::{Confidence, Event, Record};
use crate::flat;
use crate::report::group::{Group, Grouper};
use crate::report::{Context, Overview, Report, ReportError, Results};

/// Of ten numbers of a file so many must be entries of one path that is gone, for the file to count as that path.
const NINE_OF_TEN: (usize, usize) = (9, 10);

/// Says whether the path of an entry, which the result does not hold, is gone for good; paths that were not asked
/// for are not.
pub type Gone<'a> = &'a dyn Fn(&Entry) -> bool;

/// The records of one path that are new.
pub struct NewFile {
    /// The path as shown.
    pub shown: String,
    /// Grouped by column, worst first.
    pub groups: Vec<Group>,
}

/// A column or file with more numbers than its entry covers.
pub struct Exceeded {
    /// The entry.
    pub entry: Entry,
    /// How many different numbers there are.
    pub values: u64,
}

/// How a result stands against a baseline.
#[derive(Default)]
pub struct Verdict {
    /// What is new, by path.
    pub files: Vec<NewFile>,
    /// How many records are new.
    pub new: u64,
    /// How many records at or above the level are covered.
    pub covered: u64,
    /// What outgrew its entry.
    pub exceeded: Vec<Exceeded>,
    /// Entries that would cover something but have expired.
    pub expired: Vec<Entry>,
    /// Entries that match nothing.
    pub stale: Vec<Entry>,
    /// Paths that count as others: id and shown path of the new one, by the id of the old one.
    pub moved: BTreeMap<String, Moved>,
    /// New records by the hash of their path, member and id.
    marked: HashSet<(u128, u128)>,
}

/// A path that took the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The old path, as the baseline has it.
    pub from: String,
    /// The new path, masked.
    pub to: String,
    /// Its id.
    pub to_id: String,
}

impl Verdict {
    /// True if a record is new.
    pub fn is_new(&self, record: &Record) -> bool {
        self.marked.contains(&mark(record))
    }

    /// The test of [`Verdict::is_new`], apart from the verdict.
    pub fn marks(&self) -> impl Fn(&Record) -> bool + use<> {
        let marked = self.marked.clone();
        move |record| marked.contains(&mark(record))
    }
}

/// The same record in two members of one archive may be known in one and new in the other.
fn mark(record: &Record) -> (u128, u128) {
    let member = record.member.iter().fold(0, |hash, name| flat::hash(hash, name.as_bytes()));
    (bits(&record.at.path_id), bits(&record.id) ^ u128::from(member))
}

/// Judges a result: records of `fail_on` and above are new if one of their numbers is not covered on `today`.
///
/// # Errors
/// As [`Results::tell`].
pub fn judge(
    results: &mut Results,
    baseline: &Baseline,
    fail_on: Confidence,
    today: Date,
    gone: Gone<'_>,
) -> Result<Verdict, ReportError> {
    let mut survey = Survey::new(baseline, today);
    results.tell(&mut survey)?;
    let (cover, verdict) = survey.finish(gone);
    let mut judging = Judging { cover, fail_on, verdict, grouper: Grouper::default() };
    results.tell(&mut judging)?;
    Ok(judging.verdict)
}

/// What is covered today.
#[derive(Default)]
struct Cover {
    /// Path and number.
    values: HashSet<(u128, u128)>,
    /// Columns within their limit, by path.
    columns: HashMap<u128, HashSet<ColumnKey>>,
    /// Files within their limit.
    files: HashSet<u128>,
    /// Paths that count as another.
    claims: HashMap<u128, u128>,
}

impl Cover {
    fn covers(&self, path: u128, id: &str, column: Option<&ColumnKey>) -> bool {
        let known_as = self.claims.get(&path).copied().unwrap_or(path);
        let in_column = || {
            let column = column?;
            Some(self.columns.get(&path)?.contains(column))
        };
        self.values.contains(&(known_as, bits(id)))
            || self.files.contains(&path)
            || in_column().unwrap_or(false)
    }
}

/// The first telling.
struct Survey<'b> {
    today: Date,
    /// Entries with a note whether something matched them, by path.
    entries: HashMap<u128, Vec<(&'b Entry, bool)>>,
    /// Paths that hold a number.
    by_value: HashMap<u128, Vec<u128>>,
    path: Presence,
    /// Paths of the baseline that were met, with a note whether they were examined in full.
    met: HashMap<u128, bool>,
    cover: Cover,
    verdict: Verdict,
    /// Files that may be other ones renamed.
    candidates: Vec<Candidate>,
}

struct Candidate {
    path: u128,
    moved: Moved,
    /// Paths that its numbers belong to, best first, with those numbers.
    of: Vec<(u128, Vec<u128>)>,
}

impl<'b> Survey<'b> {
    fn new(baseline: &'b Baseline, today: Date) -> Self {
        let mut entries: HashMap<u128, Vec<(&Entry, bool)>> = HashMap::new();
        let mut by_value: HashMap<u128, Vec<u128>> = HashMap::new();
        let mut cover = Cover::default();
        for entry in &baseline.entries {
            let path = bits(&entry.path_id);
            entries.entry(path).or_default().push((entry, false));
            if let (Scope::Value, Some(id), false) = (entry.scope, &entry.id, entry.expired(today)) {
                cover.values.insert((path, bits(id)));
                by_value.entry(bits(id)).or_default().push(path);
            }
        }
        let (path, met, verdict) = (Presence::default(), HashMap::new(), Verdict::default());
        Survey { today, entries, by_value, path, met, cover, verdict, candidates: Vec::new() }
    }

    /// The end of a path.
    fn path(&mut self, context: &Context<'_>, path_id: &str, masked: &str, whole: bool) {
        let (id, path) = (bits(path_id), std::mem::take(&mut self.path));
        if let Some(entries) = self.entries.get_mut(&id) {
            self.met.insert(id, whole);
            for (entry, matched) in entries {
                *matched = meet(entry, &path, id, self.today, &mut self.cover, &mut self.verdict);
            }
        } else if !path.ids.is_empty() {
            let moved = Moved { from: String::new(), to: masked.to_owned(), to_id: path_id.to_owned() };
            let of = self.origins(&path);
            if !of.is_empty() && context.file.is_some() {
                self.candidates.push(Candidate { path: id, moved, of });
            }
        }
    }

    /// The paths to which nine in ten of the numbers belong.
    fn origins(&self, path: &Presence) -> Vec<(u128, Vec<u128>)> {
        let mut shares: BTreeMap<u128, Vec<u128>> = BTreeMap::new();
        for id in &path.ids {
            for origin in self.by_value.get(id).into_iter().flatten() {
                shares.entry(*origin).or_default().push(*id);
            }
        }
        let enough = |ids: &Vec<u128>| ids.len() * NINE_OF_TEN.1 >= path.ids.len() * NINE_OF_TEN.0;
        let mut of: Vec<_> = shares.into_iter().filter(|(_, ids)| enough(ids)).collect();
        of.sort_by_key(|(origin, ids)| (std::cmp::Reverse(ids.len()), *origin));
        of
    }

    /// Follows renamed files, and finds entries without a match.
    fn finish(mut self, gone: Gone<'_>) -> (Cover, Verdict) {
        let is_gone = |path: &u128, entries: &[(&Entry, bool)]| {
            !self.met.contains_key(path) && entries.first().is_some_and(|(entry, _)| gone(entry))
        };
        let gone: BTreeSet<u128> =
            self.entries.iter().filter(|(path, of)| is_gone(path, of)).map(|(path, _)| *path).collect();
        let mut free = gone.clone();
        for candidate in std::mem::take(&mut self.candidates) {
            let origin = candidate.of.into_iter().find(|(origin, _)| free.remove(origin));
            let Some((origin, ids)) = origin else { continue };
            self.cover.claims.insert(candidate.path, origin);
            let ids: HashSet<u128> = ids.into_iter().collect();
            for (entry, matched) in self.entries.get_mut(&origin).into_iter().flatten() {
                *matched |= entry.id.as_ref().is_some_and(|id| ids.contains(&bits(id)));
                let moved = Moved { from: entry.path.clone(), ..candidate.moved.clone() };
                self.verdict.moved.insert(entry.path_id.clone(), moved);
            }
        }
        let entries = &self.entries;
        self.verdict.exceeded.retain(|exceeded| !is_outdone(exceeded, entries, self.today));
        let known = |path: &u128| gone.contains(path) || self.met.get(path) == Some(&true);
        let judged = self.entries.iter().filter(|(path, _)| known(path)).flat_map(|(_, entries)| entries);
        let stale: BTreeSet<Entry> =
            judged.filter(|(_, matched)| !matched).map(|(e, _)| (*e).clone()).collect();
        self.verdict.stale = stale.into_iter().collect();
        (self.cover, self.verdict)
    }
}

/// True if another entry for the same thing allows as many: a merge of two branches may leave both.
fn is_outdone(exceeded: &Exceeded, entries: &HashMap<u128, Vec<(&Entry, bool)>>, today: Date) -> bool {
    let Exceeded { entry, values } = exceeded;
    let same = entries.get(&bits(&entry.path_id)).into_iter().flatten().map(|(other, _)| other);
    same.filter(|other| (other.scope, &other.column_id) == (entry.scope, &entry.column_id))
        .any(|other| !other.expired(today) && other.max.is_none_or(|max| *values <= max))
}

/// Holds an entry against what its path holds; true if something matches it.
fn meet(
    entry: &Entry,
    path: &Presence,
    path_id: u128,
    today: Date,
    cover: &mut Cover,
    verdict: &mut Verdict,
) -> bool {
    let column = entry.column_id.as_deref().unwrap_or_default();
    let values = match entry.scope {
        Scope::Value => {
            let id = entry.id.as_deref().map(bits).unwrap_or_default();
            u64::from(path.ids.contains(&id) || path.loose.contains(&id))
        }
        Scope::Column => path.numbers_with(column),
        Scope::File => path.ids.len() as u64,
    };
    if values == 0 {
        return false;
    }
    if entry.expired(today) {
        verdict.expired.push(entry.clone());
    } else if entry.scope != Scope::Value && entry.max.is_some_and(|max| values > max) {
        verdict.exceeded.push(Exceeded { entry: entry.clone(), values });
    } else if entry.scope == Scope::File {
        cover.files.insert(path_id);
    } else if entry.scope == Scope::Column {
        cover.columns.entry(path_id).or_default().extend(path.columns_with(column));
    }
    true
}

impl Report for Survey<'_> {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.path.add(event);
        if let Event::File(file) = event
            && file.member.is_empty()
        {
            self.path(context, &file.at.path_id, &file.at.path, file.coverage == Coverage::Examined);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }
}

/// The second telling.
struct Judging {
    cover: Cover,
    fail_on: Confidence,
    verdict: Verdict,
    grouper: Grouper,
}

impl Report for Judging {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        match event {
            Event::Record(record) if record.confidence >= self.fail_on => {
                let path = bits(&record.at.path_id);
                let mut elements = columns_of(record);
                if elements.all(|(id, column)| self.cover.covers(path, id, column.as_ref())) {
                    self.verdict.covered += 1;
                } else {
                    self.verdict.new += 1;
                    self.verdict.marked.insert(mark(record));
                    self.grouper.add(event, self.fail_on);
                }
            }
            Event::File(file) if file.member.is_empty() => {
                let groups = self.grouper.take();
                if !groups.is_empty() {
                    self.verdict.files.push(NewFile { shown: context.shown.to_owned(), groups });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }
}

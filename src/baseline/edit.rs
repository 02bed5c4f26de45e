//! Changes to a baseline: entries for what is new, other names for files that moved, and nothing that is stale.
//!
//! The one surprising rule: an entry whose last day is over is renewed only where a new last day is given. Else a
//! habit of updating would turn what was accepted for a year into what is accepted for ever.

use std::collections::BTreeMap;
use std::io;

use jiff::civil::Date;

use super::file::{Baseline, Entry, Scope};
use super::presence::{ColumnKey, Presence, bits, columns_of};
use super::verdict::Verdict;
use crate::event::{ElementType, Event, PathRef, Record};
use crate::report::{Context, Overview, Report, ReportError, Results};

/// How entries are to be made.
pub struct Added {
    /// What one entry covers.
    pub scope: Scope,
    /// Different numbers covered at most; the number met if `None`.
    pub max: Option<u64>,
    /// Why.
    pub reason: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// Last day; without one no entry that has expired is renewed.
    pub until: Option<Date>,
}

/// Adds entries for every record that a verdict calls new. Numbers that stand in no column get entries of their own
/// where columns were asked for. Says how many entries were added.
///
/// # Errors
/// As [`Results::tell`].
pub fn add(
    results: &mut Results,
    baseline: &mut Baseline,
    verdict: &Verdict,
    how: &Added,
) -> Result<usize, ReportError> {
    let before = baseline.entries.len();
    let mut adding = Adding { baseline, verdict, how, path: Presence::default(), values: BTreeMap::new() };
    results.tell(&mut adding)?;
    Ok(baseline.entries.len() - before)
}

/// Gives entries of files that moved their new path.
pub fn follow(baseline: &mut Baseline, verdict: &Verdict) {
    let renamed = |entry: Entry| match verdict.moved.get(&entry.path_id) {
        Some(moved) => Entry { path: moved.to.clone(), path_id: moved.to_id.clone(), ..entry },
        None => entry,
    };
    baseline.entries = std::mem::take(&mut baseline.entries).into_iter().map(renamed).collect();
}

/// Removes entries that match nothing, and says how many.
pub fn drop_stale(baseline: &mut Baseline, verdict: &Verdict) -> usize {
    verdict.stale.iter().filter(|entry| baseline.entries.remove(entry)).count()
}

struct Adding<'a> {
    baseline: &'a mut Baseline,
    verdict: &'a Verdict,
    how: &'a Added,
    path: Presence,
    /// Numbers of new records, with the column they stand in, if they do, and their kind.
    values: BTreeMap<(String, Option<ColumnKey>), ElementType>,
}

impl Adding<'_> {
    fn record(&mut self, record: &Record) {
        if !self.verdict.is_new(record) {
            return;
        }
        let kinds: BTreeMap<&str, ElementType> =
            record.elements.iter().map(|e| (e.id.as_str(), e.kind)).collect();
        for (id, column) in columns_of(record) {
            let kind = kinds.get(id).copied().unwrap_or(ElementType::Other);
            self.values.insert((id.to_owned(), column), kind);
        }
    }

    fn entry(&self, at: &PathRef, scope: Scope) -> Entry {
        Entry {
            path: at.path.clone(),
            path_id: at.path_id.clone(),
            scope,
            header: None,
            column_id: None,
            kind: None,
            id: None,
            max: None,
            mark: None,
            reason: self.how.reason.clone(),
            by: self.how.by.clone(),
            until: self.how.until,
        }
    }

    /// True if there was an entry for this file or column, which its limit or its last day has put out of force: it
    /// is renewed as what it was.
    fn renews(&self, at: &PathRef, scope: Scope, column: Option<&str>) -> bool {
        self.out_of_force().any(|old| {
            (old.scope, old.column_id.as_deref()) == (scope, column)
                && bits(&old.path_id) == bits(&at.path_id)
        })
    }

    /// True if something was accepted for a time that is over, and nobody says for how long it is to be again.
    fn stays_expired(&self, made: &Entry) -> bool {
        let same = |old: &Entry| {
            bits(&old.path_id) == bits(&made.path_id)
                && (old.scope, &old.column_id, &old.id) == (made.scope, &made.column_id, &made.id)
        };
        self.how.until.is_none() && self.verdict.expired.iter().any(same)
    }

    /// Entries that expired, or whose limit was exceeded.
    fn out_of_force(&self) -> impl Iterator<Item = &Entry> {
        self.verdict.expired.iter().chain(self.verdict.exceeded.iter().map(|exceeded| &exceeded.entry))
    }

    /// The end of a path.
    fn path(&mut self, at: &PathRef) {
        let (path, values) = (std::mem::take(&mut self.path), std::mem::take(&mut self.values));
        if values.is_empty() {
            return;
        }
        if self.how.scope == Scope::File || self.renews(at, Scope::File, None) {
            let max = self.how.max.or(Some(path.ids.len() as u64));
            return self.put(Entry { max, ..self.entry(at, Scope::File) });
        }
        for ((id, column), kind) in values {
            let line = column.and_then(|key| path.lines.iter().find(|line| Presence::key(line) == key));
            let line = line.filter(|line| {
                self.how.scope == Scope::Column || self.renews(at, Scope::Column, Some(&line.column_id))
            });
            let entry = match line {
                Some(line) => Entry {
                    header: line.header.clone(),
                    column_id: Some(line.column_id.clone()),
                    kind: Some(line.kind),
                    max: self.how.max.or(Some(path.numbers_with(&line.column_id))),
                    ..self.entry(at, Scope::Column)
                },
                None => Entry { id: Some(id), kind: Some(kind), ..self.entry(at, Scope::Value) },
            };
            self.put(entry);
        }
    }

    /// Puts an entry in the place of one for the same thing, whose limit was exceeded or whose time is over. What
    /// was said about that one holds for the new one, as far as nothing else is said.
    fn put(&mut self, mut entry: Entry) {
        if self.stays_expired(&entry) {
            return;
        }
        let same = |old: &&Entry| {
            bits(&old.path_id) == bits(&entry.path_id)
                && (old.scope, &old.column_id, &old.id) == (entry.scope, &entry.column_id, &entry.id)
        };
        let old: Vec<Entry> = self.out_of_force().filter(same).cloned().collect();
        for old in old {
            self.baseline.entries.remove(&old);
            entry.reason = entry.reason.or(old.reason);
            entry.by = entry.by.or(old.by);
        }
        self.baseline.entries.insert(entry);
    }
}

impl Report for Adding<'_> {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, _: &Context<'_>, event: &Event) -> io::Result<()> {
        self.path.add(event);
        match event {
            Event::Record(record) => self.record(record),
            Event::File(file) if file.member.is_empty() => self.path(&file.at),
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }
}

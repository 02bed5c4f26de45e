//! The inventory: which files hold personal information, whose they are, how old, who can reach them, and what is to
//! become of them. For those who answer for storage and disposal (201 CMR 17.03(2)(b), M.G.L. c. 93I s. 2).
//!
//! It is computed from results, like a report, and is one: nothing is scanned again. The one surprising rule: what
//! people write into its last columns belongs to them. A later inventory takes it over from the former one, also for
//! files that are not there any more.

mod delimited;
mod former;
mod group;
mod owners;
pub mod reread;
mod retention;
mod sheets;
mod target;
mod totals;
mod whole;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;

use jiff::civil::Date;

use crate::coverage::{Class, Coverage};
use crate::event::{ElementClass, ElementType, Event, FileLine, Record, Volume};
use crate::report::cell::Cell;
use crate::report::words::{counted, thousands};
use crate::report::{Context, Overview, Report};
pub use former::{Former, Table};
use group::{Folders, Named, People};
pub use owners::OwnerMap;
pub use retention::{Retention, today};
use retention::{day_of, years_between};
use sheets::{Entry, Found};
pub use sheets::{Sheet, names};
use target::End;
pub use target::{Csv, Target, Xlsx};
use totals::Totals;
use whole::Whole;

/// What is wrong with a file that people write: rules, owners, a former inventory.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct RuleError {
    /// Line, from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

/// The line of a place in a text, from 1.
fn line_at(text: &[u8], at: usize) -> u64 {
    1 + memchr::memchr_iter(b'\n', text.get(..at).unwrap_or(text)).count() as u64
}

/// Decides whether a record is new to a baseline.
pub type IsNew = Box<dyn Fn(&Record) -> bool>;

/// What an inventory is made with, beside results.
pub struct Settings {
    /// The day for which ages and disposal are computed.
    pub on: Date,
    /// Whose files they are.
    pub owners: OwnerMap,
    /// How long they are kept.
    pub retention: Retention,
    /// What people decided before.
    pub former: Former,
    /// What of it a baseline knows; `None` without one.
    pub is_new: Option<IsNew>,
    /// List files with nothing in them too.
    pub all: bool,
}

/// Makes an inventory of what it is told.
pub struct Inventory {
    settings: Settings,
    out: Option<Box<dyn Target>>,
    /// Roots with their hosts, and the day on which each was scanned last.
    shares: Vec<(String, Option<Date>)>,
    /// Roots without their hosts.
    roots: Vec<String>,
    volumes: Vec<Volume>,
    found: Found,
    people: People,
    /// The path met first with a content.
    contents: HashMap<String, String>,
    folders: Folders,
    owners: Named<String>,
    departments: Named<String>,
    by_volume: Named<u32>,
    totals: Totals,
}

impl Inventory {
    /// Writes to `out`.
    pub fn new(settings: Settings, out: Box<dyn Target>) -> Self {
        Inventory {
            settings,
            out: Some(out),
            shares: Vec::new(),
            roots: Vec::new(),
            volumes: Vec::new(),
            found: Found::default(),
            people: People::default(),
            contents: HashMap::new(),
            folders: Folders::default(),
            owners: Named::default(),
            departments: Named::default(),
            by_volume: Named::default(),
            totals: Totals::default(),
        }
    }

    /// What was listed, in words.
    pub fn said(&self) -> String {
        let listed = counted(self.totals.listed, "file", "files");
        format!("{listed} listed, {} with nothing found left out", thousands(self.totals.unlisted))
    }

    /// What of the rules and of the owner map spoke of no file that is listed: it may be misspelt.
    pub fn unmet(&self) -> (Vec<String>, Vec<String>) {
        (self.settings.retention.unmet(), self.settings.owners.unmet())
    }

    fn put(&mut self, sheet: Sheet, cells: &[Cell]) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), |out| out.row(sheet, cells))
    }

    fn record(&mut self, record: &Record) {
        self.people.listed.add(record);
        if let Some(is_new) = &self.settings.is_new {
            *self.found.new.get_or_insert(false) |= is_new(record);
        }
    }

    fn file(&mut self, context: &Context<'_>, file: &FileLine) -> io::Result<()> {
        self.found.add(file);
        if file.cut > 0 {
            self.people.cut = context.file.map(|file| file.residents.clone());
        }
        if !file.member.is_empty() {
            return Ok(());
        }
        let (found, people) = (std::mem::take(&mut self.found), std::mem::take(&mut self.people));
        let (share, scanned) = self.shares.get(file.at.root as usize).cloned().unwrap_or_default();
        let known = self.settings.former.find(&share, &file.at).cloned();
        if !self.settings.all && known.as_ref().is_none_or(|known| !known.decided()) && !found.is_listed(file)
        {
            self.totals.unlisted += 1;
            return Ok(());
        }
        let known = known.unwrap_or_default();
        let root = self.roots.get(file.at.root as usize).map_or("", String::as_str);
        let whole = Whole::new(root, &file.at.path);
        let volume = file.volume.and_then(|id| self.volumes.iter().find(|volume| volume.id == id));
        let no_owners = self.settings.owners.is_empty();
        let entry = Entry {
            file,
            share: &share,
            volume,
            placed: self.settings.owners.find(file, &whole),
            disposal: self.settings.retention.disposal(file, &whole, self.settings.on, known.held()),
            duplicate_of: copy_of(&mut self.contents, file, context.shown),
            known,
            scanned,
            idle: idle(file, volume, self.settings.on),
            found: &found,
        };
        self.totals.add(&entry);
        self.folders.add(&entry, &people);
        self.owners.add(file.owner.clone().unwrap_or_else(|| UNKNOWN.to_owned()), &entry, &people);
        if let Some(placed) = entry.placed {
            self.departments.add(placed.department.clone(), &entry, &people);
        } else if !no_owners {
            self.departments.add(UNKNOWN.to_owned(), &entry, &people);
        }
        if let Some(volume) = volume {
            self.by_volume.add(volume.id, &entry, &people);
        }
        let cells = sheets::file_row(&entry);
        self.put(Sheet::Files, &cells)
    }

    /// Writes the groups, and what was decided about files that are gone.
    fn groups(&mut self) -> io::Result<()> {
        for (root, path, sum, people) in std::mem::take(&mut self.folders).finish() {
            let share = self.shares.get(root as usize).map(|(share, _)| share.clone()).unwrap_or_default();
            let share = Cell::text(share);
            if path.is_empty() {
                let row = sheets::group_row(vec![share.clone()], &sum, &people);
                self.put(Sheet::Shares, &row)?;
            }
            let folder = Cell::text(if path.is_empty() { "." } else { &path });
            self.put(Sheet::Folders, &sheets::group_row(vec![share, folder], &sum, &people))?;
        }
        for (sheet, groups) in [
            (Sheet::Owners, std::mem::take(&mut self.owners)),
            (Sheet::Departments, std::mem::take(&mut self.departments)),
        ] {
            for (name, sum, people) in groups.finish() {
                self.put(sheet, &sheets::group_row(vec![Cell::text(name)], &sum, &people))?;
            }
        }
        for (id, sum, people) in std::mem::take(&mut self.by_volume).finish() {
            let lead = self.volumes.iter().find(|volume| volume.id == id).map(sheets::volume_lead);
            self.put(Sheet::Volumes, &sheets::group_row(lead.unwrap_or_default(), &sum, &people))?;
        }
        let gone: Vec<_> = self.settings.former.gone().map(sheets::gone_row).collect();
        gone.iter().try_for_each(|row| self.put(Sheet::Gone, row))
    }
}

/// The name of the group of files of which it is not known.
const UNKNOWN: &str = "(not known)";

impl Report for Inventory {
    fn begin(&mut self, overview: &Overview) -> io::Result<()> {
        self.shares = shares(overview);
        self.roots = roots(overview);
        self.volumes.clone_from(&overview.volumes);
        let names: Vec<String> = self.shares.iter().map(|(name, _)| name.clone()).collect();
        self.settings.former.prepare(&names);
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        match event {
            Event::Record(record) => self.record(record),
            Event::Element(line) if line.element.class == ElementClass::Pi => self.found.loose += 1,
            Event::File(file) => return self.file(context, file),
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        self.groups()?;
        let end = End { overview, totals: &self.totals, on: self.settings.on };
        self.out.take().map_or(Ok(()), |out| out.finish(&end))
    }
}

impl Found {
    /// Adds what a file or member says of itself.
    fn add(&mut self, file: &FileLine) {
        self.records.high += file.records.high;
        self.records.medium += file.records.medium;
        self.records.low += file.records.low;
        let kinds = file.elements.iter().filter(|(kind, n)| **n > 0 && **kind != ElementType::Other);
        self.kinds.extend(kinds.map(|(kind, _)| *kind));
        self.causes.extend(file.gaps.iter().map(|gap| gap.cause.word()));
        if !file.member.is_empty() {
            self.members += 1;
            self.sealed += u64::from(file.encryption.is_some());
        }
    }

    /// True for what somebody has to decide about: something was found, or nobody can say what is in it.
    fn is_listed(&self, file: &FileLine) -> bool {
        let failed = || file.gaps.iter().any(|gap| gap.class == Class::Failed);
        self.records.total() > 0
            || self.loose > 0
            || matches!(file.coverage, Coverage::Encrypted | Coverage::Partial)
            || self.sealed > 0
            || failed()
    }
}

/// The roots as they were given to the scans.
fn roots(overview: &Overview) -> Vec<String> {
    let bare = |root: &String| {
        let of = |run: &crate::event::Run| root.strip_prefix(&format!("{}:", run.label)).map(str::to_owned);
        let several = overview.runs.iter().any(|run| run.run.label != overview.runs[0].run.label);
        overview.runs.iter().filter(|_| several).find_map(|run| of(&run.run)).unwrap_or_else(|| root.clone())
    };
    overview.run.roots.iter().map(bare).collect()
}

/// The roots with their hosts, and the day on which each was scanned last.
fn shares(overview: &Overview) -> Vec<(String, Option<Date>)> {
    let several = overview.runs.iter().any(|run| run.run.label != overview.runs[0].run.label);
    let name = |root: &String| if several { root.clone() } else { format!("{}:{root}", overview.run.label) };
    let of = |share: &str| {
        let of_share = overview.runs.iter().filter(|facts| {
            facts.run.roots.iter().any(|root| format!("{}:{root}", facts.run.label) == share)
        });
        of_share.filter_map(|facts| day_of(&facts.run.started)).max()
    };
    overview.run.roots.iter().map(name).map(|share| (share.clone(), of(&share))).collect()
}

/// The path met first with the content of a file, if it is another one.
fn copy_of(contents: &mut HashMap<String, String>, file: &FileLine, shown: &str) -> Option<String> {
    if let Some(same) = &file.same_as {
        return Some(same.path.clone());
    }
    let content = file.content.as_ref()?;
    if let Some(first) = contents.get(content) {
        return Some(first.clone());
    }
    contents.insert(content.clone(), shown.to_owned());
    None
}

/// Years since a file was last changed, or read where the mount keeps a time that can be trusted.
fn idle(file: &FileLine, volume: Option<&Volume>, on: Date) -> Option<f64> {
    let trusted = matches!(volume.and_then(|volume| volume.atime.as_deref()), Some("kept" | "relative"));
    let modified = file.modified.as_deref().and_then(day_of);
    let accessed = file.accessed.as_deref().filter(|_| trusted).and_then(day_of);
    modified.max(accessed).map(|last| years_between(last, on))
}

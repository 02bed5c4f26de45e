//! The tables of an inventory: their names and columns. A new column of files is one line in [`FILES`], one of
//! groups is one line in [`GROUPS`].

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::former::{DECISIONS, FILE, GONE, Known, ROW};
use super::group::Sum;
use super::owners::Placed;
use super::retention::Disposal;
use crate::coverage::Coverage;
use crate::event::{
    Confidence, ElementType, FileLine, Levels, Residency, Residents, Tri, Volume, VolumeKind,
};
use crate::report::cell::Cell;
use crate::report::words::{self, kind_word, level};

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sheet {
    /// Files.
    Files,
    /// Folders, each with all that is below it.
    Folders,
    /// Owners of files.
    Owners,
    /// Shares: the roots of scans.
    Shares,
    /// Departments of the owner map.
    Departments,
    /// Mounts.
    Volumes,
    /// Decisions about files that are not met any more.
    Gone,
}

impl Sheet {
    /// All tables in their order.
    pub const ALL: [Sheet; 7] = [
        Sheet::Files,
        Sheet::Folders,
        Sheet::Owners,
        Sheet::Shares,
        Sheet::Departments,
        Sheet::Volumes,
        Sheet::Gone,
    ];
    /// More columns than any table has, or a person adds.
    pub const MOST_COLUMNS: usize = 256;

    /// Its name in a workbook.
    pub fn title(self) -> &'static str {
        match self {
            Sheet::Files => "Files",
            Sheet::Folders => "Folders",
            Sheet::Owners => "Owners",
            Sheet::Shares => "Shares",
            Sheet::Departments => "Departments",
            Sheet::Volumes => "Volumes",
            Sheet::Gone => "Gone",
        }
    }

    /// What a row of it is, in tables that hold several kinds of rows.
    pub fn row(self) -> &'static str {
        match self {
            Sheet::Files => FILE,
            Sheet::Folders => "folder",
            Sheet::Owners => "owner",
            Sheet::Shares => "share",
            Sheet::Departments => "department",
            Sheet::Volumes => "volume",
            Sheet::Gone => GONE,
        }
    }

    /// Names and widths of its columns.
    pub fn columns(self) -> Vec<(&'static str, f64)> {
        let lead: &[(&str, f64)] = match self {
            Sheet::Files => {
                return FILES.iter().map(|(name, width, _)| (*name, *width)).chain(decisions()).collect();
            }
            Sheet::Gone => return GONE_COLUMNS.into_iter().chain(decisions()).collect(),
            Sheet::Folders => &[("share", 28.0), ("folder", 48.0)],
            Sheet::Owners => &[("owner", 24.0)],
            Sheet::Shares => &[("share", 36.0)],
            Sheet::Departments => &[("department", 28.0)],
            Sheet::Volumes => &VOLUME_COLUMNS,
        };
        lead.iter().copied().chain(GROUPS.iter().map(|(name, width, _)| (*name, *width))).collect()
    }

    /// How many of its first columns stay in sight.
    pub fn frozen(self) -> u16 {
        if self == Sheet::Folders { 2 } else { 1 }
    }
}

/// The names of all columns that an inventory of files can have.
pub fn names() -> Vec<&'static str> {
    let of = |sheet: Sheet| sheet.columns().into_iter().map(|(name, _)| name);
    let names: BTreeSet<&str> = of(Sheet::Files).chain(of(Sheet::Gone)).chain([ROW, COUNT]).collect();
    names.into_iter().collect()
}

/// The last column of tables that end with sums.
pub const COUNT: &str = "count";

/// A column of files: its name, its width in characters, and what stands in it.
type FileColumn = (&'static str, f64, fn(&Entry<'_>) -> Cell);

/// A column of groups: its name, its width in characters, and what stands in it.
type GroupColumn = (&'static str, f64, fn(&Sum, &Residents) -> Cell);

/// A file as the inventory lists it.
pub struct Entry<'a> {
    /// The line that settles it.
    pub file: &'a FileLine,
    /// The root it lies below, with its host.
    pub share: &'a str,
    /// What its lines say together.
    pub found: &'a Found,
    /// Its mount.
    pub volume: Option<&'a Volume>,
    /// Whose it is.
    pub placed: Option<&'a Placed>,
    /// What the rules say of it.
    pub disposal: Option<Disposal>,
    /// The path met first with the same content.
    pub duplicate_of: Option<String>,
    /// What the former inventory says of it.
    pub known: Known,
    /// The day on which its share was scanned.
    pub scanned: Option<Date>,
    /// Years since it was last used.
    pub idle: Option<f64>,
}

/// What the lines of a path say together.
#[derive(Default)]
pub struct Found {
    /// Records, members included.
    pub records: Levels,
    /// Kinds of numbers.
    pub kinds: BTreeSet<ElementType>,
    /// Numbers of personal information without a name.
    pub loose: u64,
    /// Why something of it was not examined.
    pub causes: BTreeSet<&'static str>,
    /// Members.
    pub members: u64,
    /// Members that are encrypted.
    pub sealed: u64,
    /// Whether it holds records that the baseline does not cover; `None` without records or baseline.
    pub new: Option<bool>,
}

/// The columns of files, but for those that belong to people.
const FILES: &[FileColumn] = &[
    ("path", 52.0, |e| Cell::text(&e.file.at.path)),
    ("share", 28.0, |e| Cell::text(e.share)),
    ("member_count", 10.0, |e| e.file.members.map_or(Cell::Empty, |_| Cell::Number(e.found.members))),
    ("kind", 10.0, |e| Cell::text(&e.file.format)),
    ("size", 14.0, |e| Cell::Number(e.file.size)),
    ("owner", 14.0, |e| Cell::text(e.file.owner.as_deref().unwrap_or_default())),
    ("department", 18.0, |e| Cell::text(e.placed.map_or("", |p| &p.department))),
    ("data_owner", 18.0, |e| Cell::text(e.placed.map_or("", |p| &p.data_owner))),
    ("exposure", 22.0, |e| Cell::text(exposure(e.file))),
    ("pi_kinds", 20.0, |e| Cell::text(kinds(&e.found.kinds))),
    ("records", 11.0, |e| Cell::Number(e.found.records.total())),
    ("numbers_without_name", 12.0, |e| Cell::Number(e.found.loose)),
    ("distinct_people", 11.0, |e| Cell::Number(e.file.residents.total.upper)),
    ("people_at_least", 11.0, |e| Cell::Number(e.file.residents.total.lower)),
    ("ma_confirmed", 11.0, |e| of_grade(&e.file.residents, Residency::Confirmed)),
    ("ma_likely", 11.0, |e| of_grade(&e.file.residents, Residency::Likely)),
    ("ma_unknown", 11.0, |e| of_grade(&e.file.residents, Residency::Unknown)),
    ("other_state", 11.0, |e| of_grade(&e.file.residents, Residency::Other)),
    ("highest_confidence", 12.0, |e| Cell::text(highest(e.found.records))),
    ("sensitivity", 12.0, |e| Cell::Number(sensitivity(&e.found.kinds, &e.file.residents))),
    ("created", 17.0, |e| Cell::time(e.file.created.as_deref())),
    ("modified", 17.0, |e| Cell::time(e.file.modified.as_deref())),
    ("accessed", 17.0, |e| Cell::time(e.file.accessed.as_deref())),
    ("access_times", 14.0, |e| Cell::text(access_times(e.volume))),
    ("years_idle", 9.0, |e| e.idle.map_or(Cell::Empty, Cell::Decimal)),
    ("retention_rule", 24.0, |e| Cell::text(e.disposal.as_ref().map_or("", |d| &d.rule))),
    ("retention_due", 13.0, |e| Cell::day(e.disposal.as_ref().and_then(|d| d.due))),
    ("disposal_flag", 12.0, |e| Cell::text(e.disposal.as_ref().map_or("", |d| d.flag.word()))),
    ("encryption", 12.0, |e| Cell::text(encryption(e))),
    ("volume", 28.0, |e| Cell::text(e.volume.map(volume_words).unwrap_or_default())),
    ("volume_encrypted", 12.0, |e| Cell::text(e.volume.map_or("", |v| tri(v.encrypted)))),
    ("coverage", 13.0, |e| Cell::text(words::coverage(e.file.coverage))),
    ("causes", 24.0, |e| Cell::text(list(e.found.causes.iter().copied()))),
    ("duplicate_of", 36.0, |e| Cell::text(e.duplicate_of.as_deref().unwrap_or_default())),
    ("first_seen", 12.0, |e| Cell::day(e.known.first_seen.or(e.scanned))),
    ("last_scanned", 12.0, |e| Cell::day(e.scanned)),
    ("baseline_state", 12.0, |e| Cell::text(baseline_state(e))),
    ("path_id", 34.0, |e| Cell::text(&e.file.at.path_id)),
];

/// The columns of files that are not met any more, but for those that belong to people.
const GONE_COLUMNS: [(&str, f64); 5] =
    [("path", 52.0), ("share", 28.0), ("first_seen", 12.0), ("last_scanned", 12.0), ("path_id", 34.0)];

/// What says which volume it is.
const VOLUME_COLUMNS: [(&str, f64); 6] = [
    ("volume", 36.0),
    ("file_system", 14.0),
    ("volume_kind", 14.0),
    ("volume_encrypted", 12.0),
    ("proof", 30.0),
    ("access_times", 14.0),
];

/// The columns of groups, behind those that name the group.
const GROUPS: &[GroupColumn] = &[
    ("files", 10.0, |s, _| Cell::Number(s.files)),
    ("files_with_records", 11.0, |s, _| Cell::Number(s.with_records)),
    ("size", 16.0, |s, _| Cell::Number(s.bytes)),
    ("pi_kinds", 26.0, |s, _| Cell::text(kinds(&s.kinds))),
    ("records", 11.0, |s, _| Cell::Number(s.records.total())),
    ("numbers_without_name", 12.0, |s, _| Cell::Number(s.loose)),
    ("distinct_people", 11.0, |_, r| Cell::Number(r.total.upper)),
    ("people_at_least", 11.0, |_, r| Cell::Number(r.total.lower)),
    ("ma_confirmed", 11.0, |_, r| of_grade(r, Residency::Confirmed)),
    ("ma_likely", 11.0, |_, r| of_grade(r, Residency::Likely)),
    ("ma_unknown", 11.0, |_, r| of_grade(r, Residency::Unknown)),
    ("other_state", 11.0, |_, r| of_grade(r, Residency::Other)),
    ("highest_confidence", 12.0, |s, _| Cell::text(highest(s.records))),
    ("sensitivity", 12.0, |s, r| Cell::Number(sensitivity(&s.kinds, r))),
    ("everyone_reads", 10.0, |s, _| Cell::Number(s.everyone_reads)),
    ("everyone_writes", 10.0, |s, _| Cell::Number(s.everyone_writes)),
    ("exposure_unknown", 10.0, |s, _| Cell::Number(s.exposure_unknown)),
    ("oldest_modified", 17.0, |s, _| Cell::time(s.oldest.as_deref())),
    ("newest_modified", 17.0, |s, _| Cell::time(s.newest.as_deref())),
    ("keep", 9.0, |s, _| Cell::Number(s.flags[0])),
    ("review", 9.0, |s, _| Cell::Number(s.flags[1])),
    ("overdue", 9.0, |s, _| Cell::Number(s.flags[2])),
    ("legal_holds", 9.0, |s, _| Cell::Number(s.held)),
    ("copies", 9.0, |s, _| Cell::Number(s.copies)),
    ("encrypted_files", 10.0, |s, _| Cell::Number(s.encrypted)),
    ("not_fully_examined", 10.0, |s, _| Cell::Number(s.not_examined)),
];

fn decisions() -> impl Iterator<Item = (&'static str, f64)> {
    DECISIONS.into_iter().zip([12.0, 18.0, 16.0, 12.0, 40.0])
}

/// The cells of a file.
pub fn file_row(entry: &Entry<'_>) -> Vec<Cell> {
    let cells = FILES.iter().map(|(_, _, cell)| cell(entry));
    cells.chain(decided(&entry.known)).collect()
}

/// The cells of a file that is not met any more.
pub fn gone_row(known: &Known) -> Vec<Cell> {
    let place = [
        Cell::text(&known.path),
        Cell::text(&known.share),
        Cell::day(known.first_seen),
        Cell::day(known.last_scanned),
        Cell::text(&known.path_id),
    ];
    place.into_iter().chain(decided(known)).collect()
}

/// What people wrote; a day as a day.
fn decided(known: &Known) -> impl Iterator<Item = Cell> {
    known.words.iter().map(|word| match word.parse::<Date>() {
        _ if word.is_empty() => Cell::Empty,
        Ok(day) if day.to_string() == *word => Cell::Day(day),
        _ => Cell::Words(word.clone()),
    })
}

/// The cells of a group behind those that name it.
pub fn group_row(lead: Vec<Cell>, sum: &Sum, people: &Residents) -> Vec<Cell> {
    lead.into_iter().chain(GROUPS.iter().map(|(_, _, cell)| cell(sum, people))).collect()
}

/// The cells that name a volume.
pub fn volume_lead(volume: &Volume) -> Vec<Cell> {
    vec![
        Cell::text(volume.mount.as_deref().unwrap_or("?")),
        Cell::text(volume.fs.as_deref().unwrap_or_default()),
        Cell::text(volume_kind(volume.kind)),
        Cell::text(tri(volume.encrypted)),
        Cell::text(volume.how.as_deref().unwrap_or_default()),
        Cell::text(access_times(Some(volume))),
    ]
}

fn kinds(kinds: &BTreeSet<ElementType>) -> String {
    list(kinds.iter().map(|kind| kind_word(*kind)))
}

/// Who can reach a file, and who has rights by name.
fn exposure(file: &FileLine) -> String {
    let widest = file.exposure.map(words::exposure).unwrap_or_default();
    if file.acl.is_empty() { widest } else { format!("{widest} ({})", file.acl.join(", ")) }
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn of_grade(people: &Residents, grade: Residency) -> Cell {
    Cell::Number(people.by_residency.get(&grade).map_or(0, |grade| grade.total.upper))
}

fn highest(records: Levels) -> &'static str {
    match records {
        Levels { high: 1.., .. } => level(Confidence::High),
        Levels { medium: 1.., .. } => level(Confidence::Medium),
        Levels { low: 1.., .. } => level(Confidence::Low),
        _ => "",
    }
}

/// Kinds of numbers times people: 4 people with Social Security and account numbers weigh as much as 8 with one of
/// the two.
fn sensitivity(kinds: &BTreeSet<ElementType>, people: &Residents) -> u64 {
    people.total.upper.saturating_mul(kinds.len() as u64)
}

/// How far the time of the last access can be trusted.
fn access_times(volume: Option<&Volume>) -> &'static str {
    match volume.and_then(|volume| volume.atime.as_deref()) {
        Some("kept") => "exact",
        Some("relative") => "to the day",
        Some("off") => "not kept",
        _ => "unknown",
    }
}

fn encryption(e: &Entry<'_>) -> &'static str {
    match (e.found.members, e.found.sealed) {
        (1.., sealed) if sealed == e.found.members => "container",
        (_, 1..) => "partial",
        _ if e.file.encryption.is_some() => "file",
        _ if e.file.coverage == Coverage::NotExamined => "unknown",
        _ => "none",
    }
}

fn baseline_state(e: &Entry<'_>) -> &'static str {
    match e.found.new {
        None => "",
        Some(false) => "known",
        Some(true) => "new",
    }
}

fn volume_words(volume: &Volume) -> String {
    let mount = volume.mount.as_deref().unwrap_or("?");
    format!("{mount} ({})", volume_kind(volume.kind))
}

/// The word for a kind of volume.
pub fn volume_kind(kind: VolumeKind) -> &'static str {
    match kind {
        VolumeKind::Local => "local",
        VolumeKind::Network => "network",
        VolumeKind::Removable => "removable",
        VolumeKind::Memory => "memory",
        VolumeKind::Unknown => "unknown",
    }
}

/// Yes, no or unknown.
pub fn tri(tri: Tri) -> &'static str {
    match tri {
        Tri::Yes => "yes",
        Tri::No => "no",
        Tri::Unknown => "unknown",
    }
}

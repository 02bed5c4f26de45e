//! Rows of tables, the same for `.csv` and `.xlsx`: one for each record, number without a name, and gap.

use super::Context;
use super::cell::Cell;
use super::words::{coverage, exposure, kind_word, level, place, residency};
use crate::event::{ElementLine, Event, FileLine, Gap, GapLine, Location, Record};

/// Columns in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What the row is: `record`, `number`, `gap` or `sum`.
    Row,
    /// Level of confidence.
    Level,
    /// Path, with its root where there are several.
    Path,
    /// Names of members, outermost first.
    Member,
    /// Where in it.
    Place,
    /// Kinds of numbers.
    Kinds,
    /// Initials.
    Person,
    /// Numbers, masked.
    Numbers,
    /// What joins them, or why nothing does.
    Link,
    /// Grade of residency.
    Residency,
    /// What became of the file.
    Coverage,
    /// Cause of a gap.
    Cause,
    /// The rest in words.
    Detail,
    /// How many the row stands for.
    Count,
    /// When the file was last written to.
    Modified,
    /// Its owner.
    Owner,
    /// Who can reach it.
    Exposure,
    /// Fingerprint of the record or number.
    Id,
    /// Fingerprint of the path.
    PathId,
}

/// How many columns there are.
pub const COLUMNS: usize = 19;

/// All columns with their names.
pub const ALL: [(Column, &str); COLUMNS] = [
    (Column::Row, "row"),
    (Column::Level, "level"),
    (Column::Path, "path"),
    (Column::Member, "member"),
    (Column::Place, "place"),
    (Column::Kinds, "kinds"),
    (Column::Person, "person"),
    (Column::Numbers, "numbers"),
    (Column::Link, "link"),
    (Column::Residency, "residency"),
    (Column::Coverage, "coverage"),
    (Column::Cause, "cause"),
    (Column::Detail, "detail"),
    (Column::Count, "count"),
    (Column::Modified, "modified"),
    (Column::Owner, "owner"),
    (Column::Exposure, "exposure"),
    (Column::Id, "id"),
    (Column::PathId, "path_id"),
];

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row([Cell; COLUMNS]);

impl Row {
    /// An empty row of a kind.
    pub fn new(kind: &str) -> Self {
        Row::default().text(Column::Row, kind)
    }

    /// The row with a text in it; an empty one leaves the cell empty.
    #[must_use]
    pub fn text(mut self, column: Column, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0[column as usize] = Cell::Text(text);
        }
        self
    }

    /// The row with a time in it, if it is known.
    #[must_use]
    pub fn time(mut self, column: Column, time: Option<&str>) -> Self {
        if let Some(time) = time {
            self.0[column as usize] = Cell::Time(time.to_owned());
        }
        self
    }

    /// The row with a count in it.
    #[must_use]
    pub fn number(mut self, column: Column, n: u64) -> Self {
        self.0[column as usize] = Cell::Number(n);
        self
    }

    /// A cell.
    pub fn get(&self, column: Column) -> &Cell {
        &self.0[column as usize]
    }

    /// All cells in order.
    pub fn cells(&self) -> &[Cell; COLUMNS] {
        &self.0
    }
}

/// The rows of a line: none for lines that are no finding and no gap.
pub fn rows(context: &Context<'_>, event: &Event) -> Vec<Row> {
    match event {
        Event::Record(record) => vec![of_record(context, record)],
        Event::Element(line) => vec![of_number(context, line)],
        Event::File(file) => of_file(context, file),
        Event::Gap(gap) => vec![of_gap(context, gap)],
        _ => Vec::new(),
    }
}

/// Where an element of a record stands: what its own location says goes before that of the record.
pub fn whole(own: &Location, record: &Location) -> Location {
    let mut whole = record.clone();
    macro_rules! take {
        ($($field:ident)*) => { $(if own.$field.is_some() { whole.$field.clone_from(&own.$field); })* };
    }
    take!(page sheet table row line column cell byte field pointer part paragraph);
    whole
}

fn of_record(context: &Context<'_>, record: &Record) -> Row {
    let join = |words: Vec<&str>| words.join(", ");
    let mut kinds: Vec<&str> = record.elements.iter().map(|e| kind_word(e.kind)).collect();
    kinds.dedup();
    let numbers = record.elements.iter().map(|e| e.masked.as_str()).collect();
    let at = record
        .elements
        .first()
        .map_or_else(|| record.location.clone(), |e| whole(&e.location, &record.location));
    about(Row::new("record"), context, &record.member, &record.at.path_id)
        .text(Column::Level, level(record.confidence))
        .text(Column::Place, place(&at))
        .text(Column::Kinds, join(kinds))
        .text(Column::Person, &record.person.masked)
        .text(Column::Numbers, join(numbers))
        .text(Column::Link, word(&record.link))
        .text(Column::Residency, residency(record.residency))
        .text(Column::Id, &record.id)
        .number(Column::Count, 1)
}

fn of_number(context: &Context<'_>, line: &ElementLine) -> Row {
    about(Row::new("number"), context, &line.member, &line.at.path_id)
        .text(Column::Level, level(line.element.confidence))
        .text(Column::Place, place(&line.element.location))
        .text(Column::Kinds, kind_word(line.element.kind))
        .text(Column::Numbers, &line.element.masked)
        .text(Column::Link, &line.reason)
        .text(Column::Detail, word(&line.element.class))
        .text(Column::Id, &line.element.id)
        .number(Column::Count, 1)
}

/// A row for each gap, one for encryption, and one for records that are counted and not listed.
fn of_file(context: &Context<'_>, file: &FileLine) -> Vec<Row> {
    let row = |kind| {
        about(Row::new(kind), context, &file.member, &file.at.path_id)
            .text(Column::Coverage, coverage(file.coverage))
    };
    let mut rows: Vec<Row> = file.gaps.iter().map(|gap| with_gap(row("gap"), gap)).collect();
    if let Some(encryption) = &file.encryption {
        let bits = encryption.bits.map(|bits| format!(", {bits} bits")).unwrap_or_default();
        let detail = format!("{}{bits}", encryption.kind);
        rows.push(row("encrypted").text(Column::Detail, detail).number(Column::Count, 1));
    }
    if file.cut > 0 {
        rows.push(
            row("cut").text(Column::Detail, "records counted, not listed").number(Column::Count, file.cut),
        );
    }
    rows
}

fn with_gap(row: Row, gap: &Gap) -> Row {
    let detail = [gap.detail.as_deref(), gap.extent.as_deref()];
    let detail: Vec<&str> = detail.into_iter().flatten().collect();
    row.text(Column::Cause, gap.cause.word()).text(Column::Detail, detail.join(": ")).number(Column::Count, 1)
}

fn of_gap(context: &Context<'_>, gap: &GapLine) -> Row {
    Row::new("gap")
        .text(Column::Path, context.shown)
        .text(Column::PathId, &gap.at.path_id)
        .text(Column::Cause, gap.cause.word())
        .text(Column::Detail, gap.detail.as_deref().unwrap_or_default())
        .number(Column::Count, 1)
}

/// What the file of a row says about itself.
fn about(row: Row, context: &Context<'_>, member: &[String], path_id: &str) -> Row {
    let row = row
        .text(Column::Path, context.shown)
        .text(Column::Member, member.join(" › "))
        .text(Column::PathId, path_id);
    let Some(file) = context.file else { return row };
    row.text(Column::Coverage, coverage(file.coverage))
        .time(Column::Modified, file.modified.as_deref())
        .text(Column::Owner, file.owner.as_deref().unwrap_or_default())
        .text(Column::Exposure, file.exposure.map(exposure).unwrap_or_default())
}

/// The word for it in results.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

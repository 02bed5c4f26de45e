//! What a text is: prose, a delimited table, one JSON object a line, a SQL dump. A function of the file alone.
//!
//! First the shape, from the first 64 lines; only for tables then statistics of the columns, from samples at
//! fixed positions.

use std::ops::Range;

use super::fixed::{self, Layout};
use super::row::{self, Shape};
use super::window::Decoded;
use super::{Bytes, UNIT, read_range};
use crate::associate::table::{self, Table, header_row};
use crate::associate::turned;
use crate::document::Cell;
use crate::extract::json;
use crate::identify::TextEncoding;

/// Lines and bytes that decide the shape.
const SHAPE_LINES: usize = 64;
const SHAPE_BYTES: u64 = 16 * 1024;
/// The sample of rows: the head, and blocks at fixed positions.
const HEAD: u64 = 256 * 1024;
const BLOCKS: u64 = 64;
const BLOCK: u64 = 16 * 1024;
pub(super) const ROWS: usize = 2000;
/// How many lines the header may end at.
const HEADER_LINES: usize = 10;
/// The delimiters looked for.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// What the lines of a text are.
pub enum Kind {
    /// Running text.
    Prose,
    /// Rows of a table.
    Table {
        /// Delimiter and number of columns.
        shape: Shape,
        /// Columns and their roles.
        table: Box<Table>,
        /// Byte offset in the file at which rows begin (after title and header lines).
        rows_from: u64,
    },
    /// Rows of a table on its side; all of it is in the sample.
    Turned(Shape),
    /// One JSON object a line.
    Ndjson,
    /// `INSERT` statements.
    Sql,
    /// Fixed-width records.
    Fixed(Box<Layout>),
}

/// The profile of a text.
pub struct Profile {
    /// How it is encoded.
    pub encoding: TextEncoding,
    /// What its lines are.
    pub kind: Kind,
    /// True if it is small enough to be one unit.
    pub whole: bool,
}

impl Profile {
    /// The profile of a text. A part that cannot be read is not in the sample.
    #[must_use]
    pub fn of(bytes: &dyn Bytes, encoding: TextEncoding) -> Profile {
        let size = bytes.len();
        let whole = size <= UNIT;
        let head = decoded(bytes, encoding, 0, SHAPE_BYTES.min(size));
        let kind = kind_of_head(&head, size <= SHAPE_BYTES);
        let kind = match kind {
            HeadKind::Prose => Kind::Prose,
            HeadKind::Ndjson => Kind::Ndjson,
            HeadKind::Sql => Kind::Sql,
            HeadKind::Fixed(layout) => Kind::Fixed(layout),
            HeadKind::Table(shape) => of_table(bytes, encoding, shape),
        };
        Profile { encoding, kind, whole }
    }
}

/// What a text is by its first lines.
pub(super) enum HeadKind {
    Prose,
    Table(Shape),
    Ndjson,
    Sql,
    Fixed(Box<Layout>),
}

fn decoded(bytes: &dyn Bytes, encoding: TextEncoding, from: u64, to: u64) -> Decoded<'static> {
    let mut buf = Vec::new();
    let from = from - from % 4;
    if read_range(bytes, from..to, &mut buf).is_err() {
        buf.clear();
    }
    let skip = if from == 0 { 0 } else { encoding.align(&buf, encoding.unit().max(4).min(buf.len())) };
    Decoded::new(encoding, &buf[skip..], from + skip as u64).into_owned()
}

/// The same for a text that lies in memory.
pub(super) fn kind_of_held(bytes: &[u8], encoding: TextEncoding) -> HeadKind {
    let end = bytes.len().min(usize::try_from(SHAPE_BYTES).unwrap_or(usize::MAX));
    kind_of_head(&Decoded::new(encoding, &bytes[..end], 0), end == bytes.len())
}

fn kind_of_head(head: &Decoded<'_>, complete: bool) -> HeadKind {
    let window = head.window();
    let text = window.text();
    let mut lines: Vec<&str> = text.lines().take(SHAPE_LINES + 1).collect();
    // The last line may be cut; that it begins a statement of many rows it says all the same.
    let cut = if !complete && lines.len() > 1 { lines.pop() } else { None };
    let cut = cut.filter(|line| line.contains("),("));
    lines.truncate(SHAPE_LINES);
    lines.retain(|l| !l.trim().is_empty());
    if ndjson(&lines) {
        return HeadKind::Ndjson;
    }
    let insert = |l: &&str| super::sql::insert_head(l.trim_start().as_bytes()).is_some();
    let copy = |l: &&str| l.starts_with("COPY ") && l.trim_end().ends_with("FROM stdin;");
    if lines.iter().chain(&cut).any(|l| insert(l) || copy(l)) {
        return HeadKind::Sql;
    }
    if let Some(shape) = shape(text, &lines) {
        return HeadKind::Table(shape);
    }
    fixed::detect(&lines).map_or(HeadKind::Prose, |layout| HeadKind::Fixed(Box::new(layout)))
}

fn ndjson(lines: &[&str]) -> bool {
    !lines.is_empty() && lines.iter().take(3).all(|l| json::is_object(l))
}

/// The delimiter by which nine lines in ten split alike into two or more fields; the one with most fields wins.
fn shape(text: &str, lines: &[&str]) -> Option<Shape> {
    let there = DELIMITERS.iter().filter(|d| memchr::memchr(**d, text.as_bytes()).is_some());
    there.filter_map(|d| fits(text, lines, *d)).max_by_key(|s| s.columns)
}

/// Columns held apart by spaces, whose commas are those of names and amounts (`HARGROVE, TOBIAS E      57,394.35`).
fn is_listing(text: &str, lines: &[&str]) -> bool {
    let apart = |line: &&&str| {
        line.split(',').any(|cell| cell.trim().contains("   ") && !cell.trim().starts_with('"'))
    };
    text.contains("   ") && lines.iter().filter(apart).count() * 2 > lines.len()
}

/// Lines of a log with JSON in them, whose commas part its keys.
fn holds_objects(text: &str, lines: &[&str]) -> bool {
    let object = |l: &&&str| l.contains("{\"") && (l.contains("\":\"") || l.contains("\": \""));
    text.contains("{\"") && lines.iter().filter(object).count() * 2 > lines.len()
}

fn fits(text: &str, lines: &[&str], delimiter: u8) -> Option<Shape> {
    let counts: Vec<Option<usize>> = lines.iter().map(|l| row::fields(l, delimiter)).collect();
    let mut best: Vec<usize> = counts.iter().copied().flatten().collect();
    best.sort_unstable();
    let common = best.chunk_by(|a, b| a == b).max_by_key(|c| (c.len(), c[0]))?;
    let (columns, exact) = (common[0], common.len());
    if columns < 2 || exact < 2 {
        return None;
    }
    let shape = Shape { delimiter, columns };
    // Titles above the header are no rows.
    let titles = counts.iter().take(HEADER_LINES).position(|n| *n == Some(columns)).unwrap_or(0);
    if !nearly_all_are_rows(text, lines, &counts, titles, shape, exact) {
        return None;
    }
    if delimiter == b',' && (is_listing(text, lines) || holds_objects(text, lines)) {
        return None;
    }
    let lines = &lines[titles..];
    // So many rows are enough without a header.
    if exact >= 5 && (columns >= 3 || delimiter != b',') {
        return Some(shape);
    }
    let rows: Vec<Vec<Cell>> = lines.iter().take(HEADER_LINES).map(|l| row::cells(l, delimiter)).collect();
    let header =
        header_row(&rows).is_some_and(|h| rows[h].len() * 2 >= columns) || turned::turn(&rows).is_some();
    // Fewer rows are enough if prose would hardly have so many delimiters, the same on each line.
    let enough = match columns {
        _ if header => 2,
        5.. => 3,
        _ => 5,
    };
    let plausible = header || columns >= 3 || delimiter != b',';
    (plausible && exact >= enough).then_some(shape)
}

/// True if of the lines from `titles` on hardly one is no row, or part of one: one odd line, as after a stray quote, makes
/// no prose of a small table. `counts` are the fields of the lines, of which `exact` have all columns.
fn nearly_all_are_rows(
    text: &str,
    lines: &[&str],
    counts: &[Option<usize>],
    titles: usize,
    shape: Shape,
    exact: usize,
) -> bool {
    let all = lines.len() - titles;
    let filled = |row: &str| {
        // Bars around a row, as in Markdown, have nothing before and behind them.
        let bars = shape.delimiter == b'|' && row.starts_with('|') && row.trim_end().ends_with('|');
        let columns = if bars { shape.columns.saturating_sub(2) } else { shape.columns };
        columns <= 3 || row::filled(row, shape.delimiter) * 2 > columns
    };
    let (mut odd, mut balanced) = (0, counts[..titles].iter().all(Option::is_some));
    for (line, count) in lines.iter().zip(counts).skip(titles) {
        balanced &= count.is_some();
        let content = line.trim_end_matches('\r');
        let alike = match *count {
            _ if content.len() > row::LONGEST => false,
            Some(n) if n == shape.columns => filled(line),
            // No quotes are open that lines might lie in.
            Some(n) if balanced => row::is_short_or_padded(content, n, shape) && filled(line),
            _ => {
                // Lines are parts of the text.
                let start = line.as_ptr().addr() - text.as_ptr().addr();
                let row = row::row_at(text, &(start..start + line.len()), shape);
                row.is_some_and(|r| filled(&text[r]))
            }
        };
        odd += usize::from(!alike);
        if odd * 10 > all && (odd > 1 || exact <= 2) {
            return false;
        }
    }
    true
}

fn of_table(bytes: &dyn Bytes, encoding: TextEncoding, shape: Shape) -> Kind {
    let head = decoded(bytes, encoding, 0, HEAD.min(bytes.len()));
    let window = head.window();
    let (mut starts, mut rows) = (Vec::new(), Vec::new());
    // Of a large text no more than are kept: the header lies among the first lines.
    let most = if bytes.len() <= HEAD { ROWS } else { ROWS / 2 + HEADER_LINES };
    sample_rows(window.text(), shape, most, &mut |at, cells| {
        starts.push(at);
        rows.push(cells);
    });
    if bytes.len() <= HEAD && rows.len() < ROWS && turned::turn(&rows).is_some() {
        return Kind::Turned(shape);
    }
    let header = header_row(&rows[..rows.len().min(HEADER_LINES)]);
    let rows_from = match header {
        Some(h) => starts.get(h + 1).map_or(bytes.len(), |at| window.file_offset(*at)),
        None => starts.first().map_or(0, |at| window.file_offset(*at)),
    };
    let mut sample = rows.split_off(header.map_or(0, |h| h + 1));
    sample.truncate(ROWS / 2);
    if bytes.len() > HEAD {
        blocks(bytes, encoding, shape, &mut sample);
    }
    let table = Table::new(header.map(|h| rows[h].as_slice()), &sample);
    Kind::Table { shape, table: Box::new(table), rows_from }
}

/// Rows of the blocks at i x size / 64, trimmed to whole lines.
fn blocks(bytes: &dyn Bytes, encoding: TextEncoding, shape: Shape, sample: &mut Vec<Vec<Cell>>) {
    let size = bytes.len();
    for i in 0..BLOCKS {
        let from = i * (size / BLOCKS);
        if from < HEAD || sample.len() >= ROWS {
            continue;
        }
        let piece = decoded(bytes, encoding, from, (from + BLOCK).min(size));
        let window = piece.window();
        let text = window.text();
        let Some(start) = text.find('\n').map(|p| p + 1) else { continue };
        let end = text.rfind('\n').map_or(start, |p| p.max(start));
        let most = ROWS / usize::try_from(BLOCKS).unwrap_or(1);
        sample_rows(&text[start..end], shape, most, &mut |_, cells| sample.push(cells));
    }
}

/// True if a text that lies in memory, a table of this shape, may hold numbers by what its header says: a column is
/// labelled as holding some, or the table lies on its side.
pub(super) fn names_numbers(bytes: &[u8], encoding: TextEncoding, shape: Shape) -> bool {
    let end = bytes.len().min(usize::try_from(HEAD).unwrap_or(usize::MAX));
    let head = Decoded::new(encoding, &bytes[..end], 0);
    let window = head.window();
    let text = window.text();
    let (mut first, mut left) = (Vec::new(), memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1);
    // A larger table is not turned.
    let (mut side, mut may_lie) = (turned::Side::new(0), end == bytes.len());
    sample_spans(text, shape, &mut |row| {
        if first.len() < HEADER_LINES {
            first.push(row::cells(&text[row.clone()], shape.delimiter));
        }
        left -= 1;
        if may_lie && let Some(start) = row::first_two(&text[row], shape.delimiter) {
            may_lie = side.may_lie(&start, left);
        }
        may_lie || first.len() < HEADER_LINES
    });
    // Labels may stand further right, if nothing stands in the first column.
    let turned = may_lie && (side.lies() || side.is_empty());
    turned || header_row(&first).is_some_and(|h| table::names_numbers(&first[h]))
}

/// Hands on the first rows of a text with their offsets, up to `most` and [`ROWS`].
pub(super) fn sample_rows(text: &str, shape: Shape, most: usize, each: &mut dyn FnMut(usize, Vec<Cell>)) {
    let mut left = most;
    sample_spans(text, shape, &mut |row| {
        each(row.start, row::cells(&text[row], shape.delimiter));
        left -= 1;
        left > 0
    });
}

/// Hands on where the first rows of a text stand, up to [`ROWS`] and as long as `each` asks for more.
fn sample_spans(text: &str, shape: Shape, each: &mut dyn FnMut(Range<usize>) -> bool) {
    let (mut at, mut count) = (0, 0);
    while at < text.len() && count < ROWS {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |p| at + p);
        match row::row_at(text, &(at..end), shape) {
            Some(r) if r.start >= at => {
                at = r.end + 1;
                count += 1;
                if !each(r) {
                    return;
                }
            }
            _ => at = end + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match Profile::of(&text.as_bytes(), TextEncoding::Utf8).kind {
            Kind::Prose => "prose",
            Kind::Table { .. } => "table",
            Kind::Turned(_) => "turned",
            Kind::Ndjson => "ndjson",
            Kind::Sql => "sql",
            Kind::Fixed(_) => "fixed",
        }
    }

    #[test]
    fn tables_need_a_header_or_five_rows() {
        assert_eq!(kind("name,pan\nTobias Hargrove,4929137520864174"), "table");
        assert_eq!(kind("a1,b2,c3\nd4,e5,f6\n"), "prose");
        assert_eq!(
            kind(
                "# Staff\n\n| Name | SSN |\n|---|---|\n| Tobias Hargrove | 024-61-3387 |\n| M. L. | n/a |\n"
            ),
            "table"
        );
        assert_eq!(kind("1,b,c\n2,e,f\n3,h,i\n4,k,l\n5,n,o\n"), "table");
        assert_eq!(kind("Dear Sir, thank you.\nYours, me\n"), "prose");
        let listing = "HARGROVE, TOBIAS E      024-61-3387   57,394.35\n".repeat(6);
        assert_ne!(kind(&listing), "table");
        let log = "INFO body={\"a\": \"x\", \"b\": \"y\", \"c\": 1}\n".repeat(6);
        assert_eq!(kind(&log), "prose");
    }

    #[test]
    fn tables_may_lie_on_their_side() {
        let text = "Name,Tobias Hargrove,Maeve Lindqvist\nTown,Lynn,Lee\nSSN,024-61-3387,031-58-2947\n";
        assert_eq!(kind(text), "turned");
    }

    #[test]
    fn objects_and_statements_are_known() {
        assert_eq!(kind("{\"a\":1}\n{\"a\":2}\n"), "ndjson");
        assert_eq!(kind("-- dump\nINSERT INTO t (a) VALUES ('x');\n"), "sql");
        let long = format!("-- dump\nINSERT INTO t (a) VALUES {};\n", "('x'),".repeat(4000));
        assert_eq!(kind(&long), "sql");
    }
}

//! Works on one range of a text and hands on what belongs to it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::fixed::Layout;
use super::profile::{Kind, Profile, ROWS, sample_rows};
use super::quiet::{self, QuietObjects, QuietRows};
use super::row::{self, Shape};
use super::survey::Survey;
use super::window::{Decoded, Window};
use super::{REACH, sql};
use crate::associate::table::Table;
use crate::associate::{object, prose, related, turned};
use crate::detect::related::wanted as numbers_of_users;
use crate::detect::{Candidate, text};
use crate::document::{Cell, Place};
use crate::event::Link;
use crate::extract::json;
use crate::finding::Findings;
use crate::identify::TextEncoding;

/// One range of one text.
pub struct Job<'a> {
    /// What the text is.
    pub profile: &'a Profile,
    /// Bytes of the file from `base` on, at least [`REACH`] beyond `own` on either side where the file has them.
    pub bytes: &'a [u8],
    /// Offset of `bytes` in the file.
    pub base: u64,
    /// The range that is ours, in bytes of the file.
    pub own: Range<u64>,
    /// Line feeds before an offset in the file; asked only for findings.
    pub lines_before: &'a dyn Fn(u64) -> u64,
    /// Heads of statements before the window, for SQL dumps that can be read at random.
    pub survey: Option<&'a Survey<'a>>,
}

/// The stretch of a file that a range needs to be worked on.
#[must_use]
pub fn needed(own: &Range<u64>, size: u64, encoding: TextEncoding) -> Range<u64> {
    // Characters of two and four bytes reach as far as those of one.
    let reach = REACH * encoding.unit() as u64;
    let start = own.start.saturating_sub(reach);
    start - start % 4..(own.end + reach).min(size)
}

/// Works on one range.
pub fn process(job: &Job<'_>, out: &mut dyn Findings) {
    let Some(reach) = quiet::reach(job.profile, out.joins()).filter(|_| !out.explains()) else {
        return whole(job, out);
    };
    for own in quiet::loud(job, reach, out) {
        let needed = needed(&own, job.base + job.bytes.len() as u64, job.profile.encoding);
        let from = needed.start.max(job.base);
        let part = usize::try_from(from - job.base).unwrap_or(0)..;
        let end = usize::try_from(needed.end - from).unwrap_or(0);
        whole(&Job { own, base: from, bytes: &job.bytes[part][..end], ..*job }, out);
    }
}

/// Works on all of a range.
fn whole(job: &Job<'_>, out: &mut dyn Findings) {
    let encoding = job.profile.encoding;
    let skip = match job.base {
        0 => 0,
        _ => encoding.align(job.bytes, job.bytes.len().min(4)),
    };
    let decoded = Decoded::new(encoding, &job.bytes[skip..], job.base + skip as u64);
    let window = decoded.window();
    let own = window.text_offset(job.own.start)..window.text_offset(job.own.end);
    let worker = Worker { job, window, own, line_base: RefCell::new(None), cells: RefCell::default() };
    match &job.profile.kind {
        Kind::Prose => worker.prose(out),
        Kind::Table { shape, table, rows_from } => worker.table(*shape, table, *rows_from, out),
        Kind::Turned(shape) => worker.turned(*shape, out),
        Kind::Ndjson => worker.ndjson(out),
        Kind::Sql => worker.sql(out),
        Kind::Fixed(layout) => worker.fixed(layout, out),
    }
}

struct Worker<'a> {
    job: &'a Job<'a>,
    window: Window<'a>,
    own: Range<usize>,
    /// Lines before the last offset asked for: (text offset, line feeds before it).
    line_base: RefCell<Option<(usize, u64)>>,
    /// Room for the cells of a row.
    cells: RefCell<Vec<Cell>>,
}

impl Worker<'_> {
    fn text(&self) -> &str {
        self.window.text()
    }

    /// Line and byte offset of an offset in the window.
    fn place(&self, at: usize) -> Place {
        let at = at.min(self.text().len());
        let mut base = self.line_base.borrow_mut();
        let (from, count) = match *base {
            Some((from, count)) if from <= at => (from, count),
            _ => (0, (self.job.lines_before)(self.window.file_offset(0))),
        };
        let line = count + memchr::memchr_iter(b'\n', &self.text().as_bytes()[from..at]).count() as u64;
        *base = Some((at, line));
        Place { line: Some(line + 1), byte: Some(self.window.file_offset(at)), ..Place::default() }
    }

    /// The stretch around our own that prose decisions read.
    fn around(&self) -> Range<usize> {
        let boundary = |at| crate::detect::label_context::char_at_or_after(self.text(), at);
        boundary(self.own.start.saturating_sub(prose::CONTEXT))
            ..boundary((self.own.end + prose::CONTEXT).min(self.text().len()))
    }

    fn prose(&self, out: &mut dyn Findings) {
        let (mut candidates, mut rejects) = (Vec::new(), out.rejects());
        text::scan(self.text(), self.around(), &self.own, &mut candidates, &mut rejects);
        out.take_rejects(rejects, &|r| self.place(r.span.start));
        self.associate(&candidates, self.job.profile.whole, &|_| false, out);
    }

    fn associate(
        &self,
        candidates: &[Candidate],
        whole: bool,
        is_row: &dyn Fn(&Range<usize>) -> bool,
        out: &mut dyn Findings,
    ) {
        let place = |at| self.place(at);
        let unit = prose::Unit {
            text: self.text(),
            own: self.own.clone(),
            place: &place,
            whole,
            envelope: None,
            is_row,
        };
        prose::associate(&unit, candidates, out);
        related::in_text(self.text(), &self.own, is_row, &place, out);
    }

    /// Lines of which a part lies within `range`: the whole line as far as the window shows it, and that part.
    fn lines(&self, range: Range<usize>, each: impl FnMut(Range<usize>, Range<usize>)) {
        self.lines_at(range, Some, each);
    }

    /// Like [`Worker::lines`], of the lines that hold the places which `next` gives for the first byte of one.
    fn lines_at(
        &self,
        range: Range<usize>,
        mut next: impl FnMut(usize) -> Option<usize>,
        mut each: impl FnMut(Range<usize>, Range<usize>),
    ) {
        let b = self.text().as_bytes();
        let mut at = memchr::memrchr(b'\n', &b[..range.start]).map_or(0, |p| p + 1);
        while let Some(place) = next(at.max(range.start)).filter(|_| at < range.end) {
            if place > at {
                at = memchr::memrchr(b'\n', &b[at..place]).map_or(at, |p| at + p + 1);
            }
            let end = memchr::memchr(b'\n', &b[at..]).map_or(b.len(), |p| at + p);
            if at >= range.end {
                break;
            }
            each(at..end, at.max(range.start)..end.min(range.end));
            at = end + 1;
        }
    }

    fn table(&self, shape: Shape, table: &Table, rows_from: u64, out: &mut dyn Findings) {
        let reach = (self.own.end + row::LONGEST).min(self.text().len());
        let around = self.around();
        let from = self.window.text_offset(rows_from);
        let every = numbers_of_users() || out.joins() && table.has_keys() || out.explains();
        let (mut seen, mut candidates, mut rejects) = (Vec::new(), Vec::new(), out.rejects());
        let mut only_rows = true;
        let stretch = around.start..around.end.max(reach);
        let rows = RefCell::new(QuietRows::new(self.text(), stretch.clone(), shape, table));
        let next = |at| if every { Some(at) } else { rows.borrow_mut().next(at) };
        // Lines up to the reach may belong to a row that starts in our range.
        self.lines_at(stretch, next, |line, part| {
            if !every && rows.borrow_mut().is_quiet(&line, &part) {
                return;
            }
            if let Some(row) = row::row_at(self.text(), &line, shape).filter(|r| r.start >= from) {
                // Several lines may lie in one row.
                if self.own.contains(&row.start) && !seen.contains(&row.start) {
                    self.row(&row, shape, table, out);
                    // The lines of a row follow each other.
                    if seen.len() == row::LINES {
                        seen.remove(0);
                    }
                    seen.push(row.start);
                }
            } else {
                let part = part.start..part.end.min(around.end);
                if !part.is_empty() {
                    only_rows = false;
                    text::scan(self.text(), part, &self.own, &mut candidates, &mut rejects);
                }
            }
        });
        out.take_rejects(rejects, &|r| self.place(r.span.start));
        // What is a number without a label, in a row too, has a hot group.
        if !every && only_rows && rows.borrow().has_none_hot() {
            return;
        }
        let is_row =
            |line: &Range<usize>| row::row_at(self.text(), line, shape).is_some_and(|r| r.start >= from);
        self.associate(&candidates, false, &is_row, out);
    }

    fn row(&self, row: &Range<usize>, shape: Shape, table: &Table, out: &mut dyn Findings) {
        let mut room = self.cells.borrow_mut();
        let cells = row::cells_in(&self.text()[row.clone()], shape.delimiter, &mut room);
        let place = |column: Option<u32>| match column {
            None => self.place(row.start),
            Some(column) => {
                let header = table.columns.get(column as usize).map(|c| c.header.clone());
                let at = self.place(row.start);
                Place { column: Some(column + 1), field: header.filter(|h| !h.is_empty()), ..at }
            }
        };
        table.row(cells, None, &place, out);
    }

    /// A table on its side: its columns are judged as rows. It is small, so all of it is in the window.
    fn turned(&self, shape: Shape, out: &mut dyn Findings) {
        let (mut starts, mut cells) = (Vec::new(), Vec::new());
        sample_rows(self.text(), shape, ROWS, &mut |at, row| {
            starts.push(at);
            cells.push(row);
        });
        let Some(turned) = turned::turn(&cells) else { return self.prose(out) };
        for (column, cells) in turned.rows.iter().filter(|_| self.own.start == 0) {
            let at = |n: u32| starts.get(n as usize).copied().unwrap_or(0);
            let first = cells.first().map_or(0, |c| c.column);
            let place = |row: Option<u32>| {
                let field = row.and_then(|n| turned.table.columns.get(n as usize)).map(|c| c.header.clone());
                let field = field.filter(|h| !h.is_empty());
                Place { column: Some(column + 1), field, ..self.place(at(row.unwrap_or(first))) }
            };
            turned.table.row(cells, None, &place, out);
        }
    }

    fn ndjson(&self, out: &mut dyn Findings) {
        let (mut candidates, mut rejects) = (Vec::new(), out.rejects());
        // A longer line might be cut by the window of one range and not of another: it is prose for all.
        let object = |line: &Range<usize>| {
            let text = &self.text()[line.clone()];
            if text.len() <= row::LONGEST { json::parse_object(text) } else { None }
        };
        let every = numbers_of_users() || out.joins() || out.explains();
        let mut quiet = QuietObjects::new(self.text(), self.around());
        self.lines(self.around(), |line, part| {
            if !every && quiet.is_quiet(&line) {
                return;
            }
            match object(&line) {
                Some(mut parsed) => {
                    if self.own.contains(&line.start) {
                        let at = self.place(line.start);
                        place_object(&mut parsed, &at);
                        object::associate(&parsed, Link::Object, out);
                    }
                }
                None => text::scan(self.text(), part, &self.own, &mut candidates, &mut rejects),
            }
        });
        out.take_rejects(rejects, &|r| self.place(r.span.start));
        self.associate(&candidates, false, &|line: &Range<usize>| object(line).is_some(), out);
    }

    fn sql(&self, out: &mut dyn Findings) {
        let mut spans: Vec<Range<usize>> = Vec::new();
        if let Some((insert, copy)) = self.job.survey.and_then(|s| s.before(self.window.file_offset(0))) {
            let text = self.text();
            let from = if copy { text.find('\n').map(|p| p + 1) } else { sql::resume(text, 0) };
            let first = sql::statements(text).first().copied().unwrap_or(text.len());
            if let Some(from) = from.filter(|f| *f < first) {
                spans.push(0..self.statement(&insert, copy, from, out));
            }
        }
        let (created, mut known) = (sql::tables(self.text()), HashMap::new());
        for at in sql::statements(self.text()) {
            if spans.last().is_some_and(|s| s.contains(&at)) || at >= self.own.end {
                continue;
            }
            let Some(head) = sql::head_text(self.text(), at) else { continue };
            // Statements of one table, one a row, have one profile as long as nothing redefines it. Where rows tell the
            // columns, those of a block of the file do, wherever it was cut.
            let block = self.window.file_offset(at) / REACH;
            let key = (head, created.partition_point(|c| *c < at), block);
            let insert = known.entry(key).or_insert_with(|| self.insert(at)).as_ref();
            let Some(insert) = insert else { continue };
            let copy = head.starts_with("COPY ");
            spans.push(at..self.statement(insert, copy, at + head.len(), out));
        }
        let (mut candidates, mut rejects) = (Vec::new(), out.rejects());
        let around = self.around();
        let mut from = around.start;
        // What stands between statements is prose.
        for (start, end) in spans.iter().map(|s| (s.start, s.end)).chain([(around.end, around.end)]) {
            let between = from..start.min(around.end);
            if !between.is_empty() {
                text::scan(self.text(), between, &self.own, &mut candidates, &mut rejects);
            }
            from = from.max(end);
        }
        let inside =
            |at: usize| spans.get(spans.partition_point(|s| s.end <= at)).is_some_and(|s| s.contains(&at));
        out.take_rejects(rejects, &|r| self.place(r.span.start));
        self.associate(&candidates, false, &|line: &Range<usize>| inside(line.start), out);
    }

    /// What the statement at `at` says of its table, or what stands before it in the file, or its rows.
    fn insert(&self, at: usize) -> Option<sql::Insert> {
        let text = self.text();
        let insert =
            if text[at..].starts_with("COPY ") { sql::copy_head(text, at) } else { sql::head(text, at) };
        insert
            .or_else(|| Some(self.job.survey?.before(self.window.file_offset(at) + 1)?.0))
            .or_else(|| sql::sampled(text, at))
    }

    /// Judges the rows of a statement from `from` on that are ours; returns where it ends.
    fn statement(&self, insert: &sql::Insert, copy: bool, from: usize, out: &mut dyn Findings) -> usize {
        let mut row = |span: Range<usize>, cells: Vec<Cell>| {
            if self.own.contains(&span.start) && span.len() <= row::LONGEST {
                let place = |column: Option<u32>| self.tuple_place(&span, insert, column);
                insert.table.row(&cells, Some(&insert.name), &place, out);
            }
        };
        match copy {
            true => sql::copy_rows(self.text(), from, &mut row),
            false => sql::tuples(self.text(), from, self.around().end, &mut row),
        }
    }

    fn fixed(&self, layout: &Layout, out: &mut dyn Findings) {
        let (mut candidates, mut rejects) = (Vec::new(), out.rejects());
        let is_record = |line: &Range<usize>| layout.is_record(&self.text()[line.clone()]);
        self.lines(self.around(), |line, part| {
            if !is_record(&line) {
                text::scan(self.text(), part, &self.own, &mut candidates, &mut rejects);
            } else if self.own.contains(&line.start) {
                let cells = layout.cells(&self.text()[line.clone()]);
                let place = |column: Option<u32>| {
                    let span = column.and_then(|c| layout.spans.get(c as usize));
                    let row = self.place(line.start);
                    let header =
                        column.and_then(|c| layout.table.columns.get(c as usize)).map(|c| c.header.clone());
                    let at = span.map(|s| u32::try_from(s.start + 1).unwrap_or(0));
                    Place { column: at, field: header.filter(|h| !h.is_empty()), ..row }
                };
                layout.table.row(&cells, None, &place, out);
            }
        });
        out.take_rejects(rejects, &|r| self.place(r.span.start));
        self.associate(&candidates, false, &is_record, out);
    }

    fn tuple_place(&self, span: &Range<usize>, insert: &sql::Insert, column: Option<u32>) -> Place {
        let at = Place { table: Some(insert.name.clone()), ..self.place(span.start) };
        match column.and_then(|c| insert.table.columns.get(c as usize)) {
            Some(c) => Place { field: Some(c.header.clone()), column: column.map(|c| c + 1), ..at },
            None => at,
        }
    }
}

fn place_object(object: &mut crate::document::Object, at: &Place) {
    object.place = Place { pointer: object.place.pointer.take(), ..at.clone() };
    for f in &mut object.fields {
        f.place = Place { pointer: f.place.pointer.take(), ..at.clone() };
    }
    for child in &mut object.children {
        place_object(child, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{ColumnCount, Loose, Record};

    /// What is found, in order, and how many readings stayed below low.
    #[derive(Default, PartialEq, Debug)]
    struct Seen {
        found: Vec<(Option<u64>, usize)>,
        rejected: u64,
    }

    impl Findings for Seen {
        fn record(&mut self, record: Record) {
            self.found.push((record.place.byte, record.elements.len()));
        }
        fn loose(&mut self, loose: Loose) {
            self.found.push((loose.element.place.byte, 0));
        }
        fn column(&mut self, _: ColumnCount<'_>) {}
        fn rejected(&mut self, count: u64) {
            self.rejected += count;
        }
    }

    #[test]
    fn going_around_what_leads_nowhere_finds_what_looking_at_all_finds() {
        let plain = "words that say nothing of anybody here\n".repeat(6000);
        let nowhere = "part 224-48-5357.8565 of a measure\nour bank routing number is 011307188\n";
        let record = "Tobias Hargrove, SSN 024-61-3387\n";
        for parts in [[nowhere, nowhere, nowhere], [nowhere, record, nowhere], [record, nowhere, record]] {
            let text: String = parts.iter().flat_map(|part| [plain.as_str(), part]).collect();
            let bytes = text.as_bytes();
            let profile = Profile::of(&bytes, TextEncoding::Utf8);
            let own = 0..bytes.len() as u64;
            let lines_before = |_| 0;
            let job =
                Job { profile: &profile, bytes, base: 0, own, lines_before: &lines_before, survey: None };
            let (mut around, mut all) = (Seen::default(), Seen::default());
            process(&job, &mut around);
            whole(&job, &mut all);
            assert_eq!(around, all);
            assert_eq!(all.found.is_empty(), !parts.contains(&record));
        }
    }
}

//! A unit of a document: its running text, put together with the places of its parts.

use std::ops::Range;

use super::cards;
use crate::associate::table::{Table, header_row};
use crate::associate::{prose, related};
use crate::detect::text;
use crate::document::{Cell, Envelope, Place, RAW};
use crate::finding::Findings;
use crate::pattern::label::{self, Words};
use crate::text::UNIT;

/// A longer unit is worked on in pieces, and rules about whole units do not apply to it.
const FULL: usize = 2 * UNIT as usize;

/// Text of one page, sheet, message or body.
#[derive(Default)]
pub struct TextUnit {
    place: Place,
    text: String,
    /// Where each part starts, and its place.
    parts: Vec<(usize, Place)>,
    /// True once a piece of the unit has been handed on.
    spilled: bool,
    /// Up to here the text belongs to a piece handed on already, and is kept as context.
    done: usize,
    /// Headers of a table that goes to the end of its page, with the number of that page.
    open: Option<(u32, Vec<Cell>)>,
}

/// How many rows, with as many cells as there are headers, make the lines of the next page the same table without
/// headers; of a table of two columns, which other lines may seem to have too.
const ROWS: usize = 1;
const ROWS_OF_TWO: usize = 3;
/// Lines that may stand above such rows, or below those of the page before.
const MARGIN: usize = 2;

impl TextUnit {
    /// Starts a unit; the last one must have ended.
    pub fn begin(&mut self, place: Place) {
        let follows = |page: &u32| place.page == Some(page + 1) && place.part.is_none();
        let open = self.open.take().filter(|(page, _)| follows(page));
        *self = TextUnit { place, open, ..TextUnit::default() };
    }

    /// Adds a paragraph or line; a line break follows it.
    pub fn push(&mut self, place: Place, text: &str) {
        self.parts.push((self.text.len(), place));
        self.text.push_str(text.trim_end_matches('\n'));
        self.text.push('\n');
    }

    /// True if nothing was added since the last piece.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.len() <= self.done
    }

    /// True if it is time to hand on a piece.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.text.len() - self.done > FULL
    }

    /// Hands on a piece of a long unit, and keeps its end as context for the next.
    pub fn spill(&mut self, envelope: Option<&Envelope>, out: &mut dyn Findings) {
        let boundary = |at| crate::detect::label_context::char_at_or_after(&self.text, at);
        let end = boundary(self.text.len().saturating_sub(prose::CONTEXT));
        self.spilled = true;
        self.hand_on(self.done..end, envelope, out);
        let keep = boundary(end.saturating_sub(2 * prose::CONTEXT));
        self.text.drain(..keep);
        let first = self.parts.partition_point(|(at, _)| *at <= keep).saturating_sub(1);
        self.parts.drain(..first);
        self.parts.iter_mut().for_each(|(at, _)| *at = at.saturating_sub(keep));
        self.done = end - keep;
    }

    /// Hands on what is left and empties the unit.
    pub fn end(&mut self, envelope: Option<&Envelope>, out: &mut dyn Findings) {
        let open = self.hand_on(self.done..self.text.len(), envelope, out);
        *self = TextUnit { open: self.place.page.zip(open), ..TextUnit::default() };
    }

    /// Returns the headers of a table that goes to the end of the text.
    fn hand_on(
        &self,
        own: Range<usize>,
        envelope: Option<&Envelope>,
        out: &mut dyn Findings,
    ) -> Option<Vec<Cell>> {
        let (rows, open) = if self.spilled { (Vec::new(), None) } else { self.structure(out) };
        let inside =
            |at: usize| rows.get(rows.partition_point(|r| r.end <= at)).is_some_and(|r| r.contains(&at));
        let (mut candidates, mut rejects) = (Vec::new(), out.rejects());
        text::scan(&self.text, 0..self.text.len(), &own, &mut candidates, &mut rejects);
        candidates.retain(|c| !inside(c.span.start));
        rejects.retain(|r| !inside(r.span.start));
        let place = |at: usize| self.place_of(at);
        out.take_rejects(rejects, &|r| place(r.span.start));
        let is_row = |line: &Range<usize>| inside(line.start);
        // Runs of text in unknown bytes are no whole.
        let raw = self.place.part.as_deref() == Some(RAW);
        let whole = !self.spilled && rows.is_empty() && !raw;
        let unit = prose::Unit { text: &self.text, own, place: &place, whole, envelope, is_row: &is_row };
        prose::associate(&unit, &candidates, out);
        related::in_text(&self.text, &unit.own, &is_row, &place, out);
        open
    }

    /// The place of an offset: that of its part within that of the unit.
    fn place_of(&self, at: usize) -> Place {
        let i = self.parts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        match self.parts.get(i) {
            Some((_, part)) => within(part, &self.place),
            None => self.place.clone(),
        }
    }

    /// The stretches that are tables and lists of cards, judged; and the headers of a table that goes to the end.
    fn structure(&self, out: &mut dyn Findings) -> (Vec<Range<usize>>, Option<Vec<Cell>>) {
        let (mut stretches, open) = self.tables(out);
        let taken = |at: usize| {
            let next = stretches.partition_point(|stretch| stretch.end <= at);
            stretches.get(next).is_some_and(|stretch| stretch.contains(&at))
        };
        let cards = cards::judge(&self.text, &taken, &|at| self.place_of(at), out);
        stretches.extend(cards);
        stretches.sort_by_key(|stretch| stretch.start);
        (stretches, open)
    }

    /// Tables that stand in the text as lines of cells with tabs between them, under a line of headers (which may stand
    /// on the page before): judged by rows. Returns their stretches, and the headers of one that goes to the end.
    fn tables(&self, out: &mut dyn Findings) -> (Vec<Range<usize>>, Option<Vec<Cell>>) {
        let mut stretches = Vec::new();
        let (mut at, mut last) = (0, None);
        if let Some((from, header)) = self.goes_on() {
            at = self.table(header, from, from, out);
            stretches.push(from..at);
            last = Some(header.clone());
        }
        while at < self.text.len() {
            let end = self.text[at..].find('\n').map_or(self.text.len(), |p| at + p);
            let header = tab_cells(&self.text[at..end]);
            if header.len() >= 2 && is_header(&header) {
                let stop = self.table(&header, at, end + 1, out);
                if stop > end + 1 {
                    stretches.push(at..stop);
                    (at, last) = (stop, Some(header));
                    continue;
                }
            }
            at = end + 1;
        }
        let end = stretches.last().map_or(0, |stretch| stretch.end.min(self.text.len()));
        (stretches, last.filter(|_| self.text[end..].lines().count() <= MARGIN))
    }

    /// Where the rows of a table of the page before go on, and its headers: among the first lines one with about as
    /// many cells, before any headers.
    fn goes_on(&self) -> Option<(usize, &Vec<Cell>)> {
        let header = self.open.as_ref().map(|(_, header)| header)?;
        let rows = if header.len() > 2 { ROWS } else { ROWS_OF_TWO };
        let (mut at, mut first, mut like) = (0, 0, 0);
        for line in self.text.split_inclusive('\n').take(MARGIN + rows) {
            let cells = tab_cells(line.trim_end_matches('\n'));
            if is_header(&cells) {
                return None;
            }
            like = if is_like(&cells, header) { like + 1 } else { 0 };
            first = if like == 1 { at } else { first };
            if like == rows {
                return Some((first, header));
            }
            at += line.len();
        }
        None
    }

    /// Judges the rows below a header; returns where they end.
    fn table(&self, header: &[Cell], header_at: usize, from: usize, out: &mut dyn Findings) -> usize {
        let mut rows = Vec::new();
        let mut at = from;
        while at < self.text.len() {
            let end = self.text[at..].find('\n').map_or(self.text.len(), |p| at + p);
            let cells = tab_cells(&self.text[at..end]);
            let fits = cells.len() >= 2 && cells.last().is_some_and(|c| (c.column as usize) < header.len());
            if !fits || is_header(&cells) {
                break;
            }
            rows.push((at, cells));
            at = end + 1;
        }
        if header.len() == 2 && is_form(&rows) {
            return from;
        }
        let sample: Vec<Vec<Cell>> = rows.iter().map(|(_, c)| c.clone()).collect();
        let table = Table::new(Some(header), &sample);
        if rows.len() <= BOXES && table.columns_of_numbers().is_empty() {
            return from;
        }
        let name = Place {
            table: Some(format!("at {}", 1 + self.text[..header_at].matches('\n').count())),
            ..Place::default()
        };
        for ((at, cells), n) in rows.iter().zip(1..) {
            let place = |column: Option<u32>| {
                let row = Place { row: Some(n), ..within(&self.place_of(*at), &name) };
                cell_place(&row, column, &table)
            };
            table.row(cells, None, &place, out);
        }
        at
    }
}

/// True if cells may be a row under headers: of more than two, some may be empty.
fn is_like(cells: &[Cell], header: &[Cell]) -> bool {
    let fits = cells.last().is_some_and(|cell| (cell.column as usize) < header.len());
    fits && (cells.len() == header.len() || header.len() > 2 && cells.len() * 4 >= header.len() * 3)
}

/// Rows up to which headings that name no number may be boxes of a form (`First name | Last name`), whose number stands
/// elsewhere.
const BOXES: usize = 2;

/// Digits from which on a cell is a value, and no heading (`2024` is one).
const VALUE: usize = 5;

/// True if a line is one of headers: `St. Louis` beside a number is a town or a name, and no column of states.
fn is_header(cells: &[Cell]) -> bool {
    let value = |cell: &Cell| {
        let digits = cell.text.bytes().filter(u8::is_ascii_digit).count();
        digits >= VALUE && !cell.text.contains(char::is_alphabetic)
    };
    !cells.iter().any(value) && header_row(&[cells.to_vec(), vec![]]) == Some(0)
}

/// True if most lines below a line of two labels begin with labels of their own: they are its fellows in a form.
fn is_form(rows: &[(usize, Vec<Cell>)]) -> bool {
    let mut words = Words::default();
    let labelled = |row: &&(usize, Vec<Cell>)| {
        row.1.first().is_some_and(|c| c.column == 0 && !label::header(&c.text, &mut words).is_empty())
    };
    let count = rows.iter().filter(labelled).count();
    count * 2 >= rows.len() && count > 0
}

/// The place of a cell: its column, and header if it has one.
#[must_use]
pub fn cell_place(row: &Place, column: Option<u32>, table: &Table) -> Place {
    let Some(column) = column else { return row.clone() };
    let header = table.columns.get(column as usize).map(|c| c.header.clone()).filter(|h| !h.is_empty());
    Place { column: Some(column + 1), field: header, ..row.clone() }
}

fn tab_cells(line: &str) -> Vec<Cell> {
    line.split('\t')
        .zip(0..)
        .filter(|(t, _)| !t.trim().is_empty())
        .map(|(t, column)| Cell { column, text: t.trim().to_owned(), number: false })
        .collect()
}

/// A place with what it leaves open taken from an outer one.
#[must_use]
pub fn within(inner: &Place, outer: &Place) -> Place {
    macro_rules! fill {
        ($($field:ident)*) => { Place { $($field: inner.$field.clone().or_else(|| outer.$field.clone()),)* } };
    }
    fill!(line column byte page sheet cell table row field pointer part paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_a_number_is_no_line_of_headers() {
        assert!(is_header(&tab_cells("First\tLast\tState\tSSN")));
        assert!(!is_header(&tab_cells("Mirlande\tSt. Louis\tRI\t152-67-3956")));
    }
}

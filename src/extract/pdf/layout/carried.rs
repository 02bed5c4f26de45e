//! Tables that go on over the page: where their columns are is known of the page with the headings.
//!
//! What goes on is read together with the headings and the last rows of the page before, so that its cells are parted
//! as theirs, and the cells of a row that the end of the page has parted come together. The row belongs to the page
//! on which it begins.

use super::columns::{self, EDGE, TABLE};
use super::{Cell, Word, cells, line, table_of};

/// Lines that are kept of the beginning of a table, which are those of its headings, and of its end.
const HEADS: usize = 4;
const TAIL: usize = 40;
/// Words of a line from which on a table is not followed over the page.
const WIDEST: usize = 256;
/// At least so many parts in all of the cells stand where those of the page before do.
const FITTING: (usize, usize) = (2, 3);

/// A table that a page ends with.
pub(in super::super) struct Carried {
    rows: Vec<Vec<Word>>,
    /// Number of lines on its page up to its end.
    pub(super) end: usize,
}

/// The rows of a table that a page goes on with.
pub(super) struct More {
    /// Lines of the page that it takes up.
    pub(super) taken: usize,
    /// Its rows on this page, with the headings where they are repeated.
    pub(super) rows: Vec<Vec<Cell>>,
    /// The last row of the page before, if it goes on here.
    pub(super) mended: Option<String>,
    /// The table for the page after this one.
    pub(super) carried: Carried,
}

impl Carried {
    /// The table of these lines, if it can be followed.
    pub(super) fn of(block: &[&[Word]]) -> Option<Carried> {
        let tail = block.len().saturating_sub(TAIL).max(HEADS.min(block.len()));
        let kept = block.iter().take(HEADS).chain(&block[tail..]);
        let rows: Vec<Vec<Word>> = kept.map(|row| row.to_vec()).collect();
        (block.len() > 1 && rows.iter().all(|row| row.len() <= WIDEST)).then_some(Carried { rows, end: 0 })
    }

    /// The same, ending with the line of this number.
    pub(super) fn at(self, end: usize) -> Carried {
        Carried { end, ..self }
    }

    /// Number of the line on its page that holds the last row, from 0.
    pub(in super::super) fn last_line(&self) -> usize {
        self.end.saturating_sub(1)
    }

    /// The rows at the top of `rows` that belong to this table. Where its headings are repeated, they speak for the
    /// rows below them, and only the rest of a row is looked for.
    pub(super) fn go_on(&self, rows: &[Vec<Word>]) -> Option<More> {
        if (1..=super::MARGIN.min(rows.len())).any(|i| self.repeated(&rows[i..]) > 0) {
            return None; // a title above the repeated headings
        }
        let heads = self.repeated(rows);
        let last = self.rows.iter().rfind(|row| row.len() * 2 > self.rows[0].len())?;
        let more = heads + columns::below(Some(last), &rows[heads..]);
        let (heads, more) = rows[..more].split_at(heads);
        if more.iter().any(|row| row.len() > WIDEST) || !self.fits(more) {
            return None;
        }
        let lines = |a: &'_ [Vec<Word>], b: &'_ [Vec<Word>]| -> Vec<Vec<Word>> { [a, b].concat() };
        let all = lines(&self.rows, more);
        let all: Vec<&[Word]> = all.iter().map(Vec::as_slice).collect();
        let (mut table, begun) = table_of(&all);
        let old = begun.partition_point(|n| *n < self.rows.len());
        let rest = begun.get(old).copied().unwrap_or(all.len()) - self.rows.len();
        let mended = (rest > 0).then(|| line(&table[old - 1]));
        let taken = heads.len() + more.len();
        if heads.is_empty() {
            return Some(More { taken, rows: table.split_off(old), mended, carried: Carried::of(&all)? });
        }
        let own = lines(heads, &more[rest..]);
        let own: Vec<&[Word]> = own.iter().map(Vec::as_slice).collect();
        let carried = Carried::of(&own)?;
        if own.len() > TABLE {
            return Some(More { taken, rows: table_of(&own).0, mended, carried });
        }
        // Too few lines to say where the columns are.
        let below = table.split_off(old);
        let rows = table.into_iter().take(1).chain(below).collect();
        Some(More { taken, rows, mended, carried })
    }

    /// How many lines at the top are the headings once more.
    fn repeated(&self, rows: &[Vec<Word>]) -> usize {
        let same = |(a, b): &(&Vec<Word>, &Vec<Word>)| {
            a.len() == b.len() && a.iter().zip(*b).all(|(a, b)| a.text == b.text)
        };
        self.rows.iter().take(HEADS).zip(rows).take_while(same).count()
    }

    /// True if the cells of most rows begin or end where those of this table do.
    fn fits(&self, rows: &[Vec<Word>]) -> bool {
        let block: Vec<&[Word]> = self.rows.iter().map(Vec::as_slice).collect();
        let edges = columns::edges(&block);
        let own: Vec<Cell> = block.iter().flat_map(|row| cells(row, &edges)).collect();
        let near = |a: f64, b: f64| (a - b).abs() <= EDGE;
        let known = |cell: &Cell| own.iter().any(|c| near(c.start, cell.start) || near(c.end, cell.end));
        let (mut all, mut fitting) = (0, 0);
        for row in rows.iter().take(TAIL) {
            let cells = cells(row, &edges);
            all += cells.len();
            fitting += cells.iter().filter(|cell| known(cell)).count();
        }
        fitting > 1 && fitting * FITTING.1 >= all * FITTING.0
    }
}

//! Tables on their side: fields down the first column, one person in each further column.
//!
//! Such a table is turned before it is judged, so that a column is a row like any other (R1). It must be there as a
//! whole, which bounds it: readers hand over at most what they hold back for a profile.

use std::borrow::Cow;

use super::table::Table;
use crate::document::Cell;
use crate::pattern::LabelKind;
use crate::pattern::label::{self, Labels, Words};

/// The longest text of a label in the first column.
const LABEL: usize = 80;

/// A table turned upright.
pub struct Turned {
    /// Its profile; a column of it is a row of the source.
    pub table: Table,
    /// One row for each column of the source beside the labels: the number of that column, and its cells, whose
    /// column is the number of the row in the source, from 0.
    pub rows: Vec<(u32, Vec<Cell>)>,
}

/// Turns a table whose rows are all there, if it lies on its side: three labels in five down the first column, a
/// number of a person and a second field among them, none twice, and hardly a label anywhere else.
#[must_use]
pub fn turn(rows: &[Vec<Cell>]) -> Option<Turned> {
    let starts: Vec<Start<'_>> = rows.iter().filter_map(|row| start(row)).collect();
    Some(upright(rows, lies_on_its_side(&starts)?))
}

/// The first two filled cells of a row, with the number of the column of the first.
pub type Start<'a> = (u32, Cow<'a, str>, Option<Cow<'a, str>>);

fn start(row: &[Cell]) -> Option<Start<'_>> {
    let first = row.first()?;
    Some((first.column, Cow::Borrowed(&first.text), row.get(1).map(|c| Cow::Borrowed(c.text.as_str()))))
}

/// The number of the column of labels, if [`turn`] turns a table whose rows begin so.
#[must_use]
pub fn lies_on_its_side(rows: &[Start<'_>]) -> Option<u32> {
    let first = rows.iter().map(|(column, ..)| *column).min()?;
    let mut side = Side::new(first);
    let left = (0..rows.len()).rev();
    (rows.iter().zip(left).all(|(row, left)| side.may_lie(row, left)) && side.lies()).then_some(first)
}

/// Whether a table lies on its side, row by row.
pub struct Side {
    first: u32,
    words: Words,
    labelled: usize,
    filled: usize,
    elsewhere: usize,
    number: bool,
    seen: Vec<String>,
}

impl Side {
    /// For a table whose first filled column is `first`.
    #[must_use]
    pub fn new(first: u32) -> Side {
        let (labelled, filled, elsewhere) = (0, 0, 0);
        Side { first, words: Words::default(), labelled, filled, elsewhere, number: false, seen: Vec::new() }
    }

    /// True if no row has anything in the column of labels and behind it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Looks at the next row; `false` if the table stands upright, whatever at most `left` further rows say.
    #[must_use]
    pub fn may_lie(&mut self, (column, label, value): &Start<'_>, left: usize) -> bool {
        let Some(value) = value.as_ref().filter(|_| *column == self.first) else { return true };
        self.filled += 1;
        let text = label.trim();
        let labels = field(text, &mut self.words);
        if !labels.is_empty() {
            if self.seen.iter().any(|seen| seen == text) {
                return false;
            }
            self.seen.push(text.to_owned());
            self.labelled += 1;
            self.number |= labels.iter().any(|l| l.kind <= LabelKind::Iban);
        }
        if (self.labelled + left) * 5 < (self.filled + left) * 3 {
            return false;
        }
        // One value is looked at in each row: a header says something in all of its cells.
        self.elsewhere += usize::from(!field(value.trim(), &mut self.words).is_empty());
        true
    }

    /// True if the rows looked at, which are all, lie on their side.
    #[must_use]
    pub fn lies(&self) -> bool {
        let enough = self.labelled >= 2 && self.labelled * 5 >= self.filled * 3;
        self.number && enough && self.elsewhere * 4 <= self.labelled
    }
}

fn field(text: &str, words: &mut Words) -> Labels {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.len() > LABEL || digits > 4 { Labels::default() } else { label::header(text, words) }
}

fn upright(rows: &[Vec<Cell>], first: u32) -> Turned {
    let mut columns: std::collections::BTreeMap<u32, Vec<Cell>> = std::collections::BTreeMap::new();
    for (row, n) in rows.iter().zip(0..) {
        for cell in row {
            let turned = Cell { column: n, ..cell.clone() };
            columns.entry(cell.column).or_default().push(turned);
        }
    }
    let header = columns.remove(&first).unwrap_or_default();
    let rows: Vec<(u32, Vec<Cell>)> = columns.into_iter().collect();
    let sample: Vec<Vec<Cell>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
    Turned { table: Table::new(Some(&header), &sample), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<Cell>> {
        let cell = |(text, column): (&str, u32)| Cell { column, text: text.to_owned(), number: false };
        text.lines().map(|line| line.split(',').zip(0..).map(cell).collect()).collect()
    }

    #[test]
    fn labels_down_the_first_column_are_a_header() {
        let turned =
            turn(&rows("Name,Tobias Hargrove,Maeve Lindqvist\nSSN,024-61-3387,031-58-2947\nCity,Lynn,Lee"));
        let turned = turned.expect("lies on its side");
        assert_eq!(turned.table.columns[1].header, "SSN");
        assert_eq!(turned.rows[1].0, 2);
        assert_eq!(turned.rows[1].1[0].text, "Maeve Lindqvist");
    }

    #[test]
    fn upright_tables_and_lists_of_pairs_stay_as_they_are() {
        assert!(turn(&rows("Name,SSN\nTobias Hargrove,024-61-3387\nMaeve Lindqvist,031-58-2947")).is_none());
        assert!(turn(&rows("Name,SSN,City\nSSN,Name,State\nState,City,Name")).is_none());
        let pairs = "Name,Tobias Hargrove\nSSN,024-61-3387\nName,Maeve Lindqvist\nSSN,031-58-2947";
        assert!(turn(&rows(pairs)).is_none());
        assert!(turn(&rows("Name,Tobias Hargrove\nCity,Lynn")).is_none());
    }
}

//! Tables on their side: fields down the first column, one person in each further column.
//!
//! Such a table is turned before it is judged, so that a column is a row like any other (R1). It must be there as a
//! whole, which bounds it: readers hand over at most what they hold back for a profile. Of two columns, labels and
//! values, further people may stand below the first.

use std::borrow::Cow;
use std::ops::Range;

use super::fields::Role;
use super::table::{Column, Table};
use crate::detect::cell::Value;
use crate::document::Cell;
use crate::name;
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
/// number of a person and a second field among them, and hardly a label anywhere else. A label stands there twice only
/// if another person begins below.
#[must_use]
pub fn turn(rows: &[Vec<Cell>]) -> Option<Turned> {
    let starts: Vec<Start<'_>> = rows.iter().filter_map(|row| start(row)).collect();
    let first = lies_on_its_side(&starts)?;
    let people = people(rows, first);
    match people.len() {
        0 | 1 => (!is_repeated(&starts)).then(|| upright(rows, first)),
        _ => Some(one_below_the_other(rows, &people, first)),
    }
}

/// The rows of each person, if labels and values of several stand below each other.
fn people(rows: &[Vec<Cell>], first: u32) -> Vec<Range<usize>> {
    let (mut people, mut from, mut words) = (Vec::new(), 0, Words::default());
    let mut block = Block::default();
    for (n, row) in rows.iter().enumerate() {
        let [label, _] = &row[..] else {
            if row.len() > 2 {
                return Vec::new();
            }
            continue;
        };
        let text = label.text.trim();
        let labels = field(text, &mut words);
        if label.column != first || labels.is_empty() {
            continue;
        }
        let value = Value { text: "", labels, header: text, number: false };
        let role = Role::of(&value, &mut words);
        let name = role.name.filter(|_| role.relation.is_none());
        if block.ends_before(text, name) {
            people.push(from..n);
            if !std::mem::take(&mut block).is_person() {
                return Vec::new();
            }
            from = n;
        }
        block.number |= labels.iter().any(|l| l.kind <= LabelKind::Iban);
        block.names.extend(name);
        block.seen.push(text.to_owned());
        block.ends_with_name = name.is_some();
    }
    people.push(from..rows.len());
    if block.is_person() { people } else { Vec::new() }
}

/// What the rows of one person say.
#[derive(Default)]
struct Block {
    seen: Vec<String>,
    names: Vec<LabelKind>,
    number: bool,
    ends_with_name: bool,
}

impl Block {
    /// True if a label, which may ask for a name, begins the next person.
    fn ends_before(&self, text: &str, name: Option<LabelKind>) -> bool {
        let has = |kind| self.names.contains(&kind);
        let whole = has(LabelKind::FullName) || has(LabelKind::FirstName) && has(LabelKind::LastName);
        let another = name.is_some_and(|kind| match kind {
            LabelKind::FullName => whole && !is_another_name(text),
            kind => has(kind),
        });
        self.seen.iter().any(|seen| seen == text) || another && self.is_person() && !self.ends_with_name
    }

    fn is_person(&self) -> bool {
        self.number && !self.names.is_empty()
    }
}

/// True if a label asks for another name of the same person.
fn is_another_name(label: &str) -> bool {
    let lower = label.to_lowercase();
    ["nick", "maiden", "prefer", "alias", "aka", "former", "birth", "other", "previous", "middle", "suffix"]
        .iter()
        .any(|word| lower.contains(word))
}

/// True if a label comes twice.
fn is_repeated(rows: &[Start<'_>]) -> bool {
    let mut labels: Vec<&str> =
        rows.iter().filter(|r| r.2.is_some()).map(|(_, label, _)| label.trim()).collect();
    labels.sort_unstable();
    let mut words = Words::default();
    labels.windows(2).any(|w| w[0] == w[1] && !field(w[0], &mut words).is_empty())
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
}

impl Side {
    /// For a table whose first filled column is `first`.
    #[must_use]
    pub fn new(first: u32) -> Side {
        let (labelled, filled, elsewhere) = (0, 0, 0);
        Side { first, words: Words::default(), labelled, filled, elsewhere, number: false }
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
            self.labelled += 1;
            self.number |= labels.iter().any(|l| l.kind <= LabelKind::Iban);
        }
        if (self.labelled + left) * 5 < (self.filled + left) * 3 {
            return false;
        }
        // One value is looked at in each row: a header says something in all of its cells.
        let value = value.trim();
        let label = !field(value, &mut self.words).is_empty() && !name::is_person_like(value);
        self.elsewhere += usize::from(label);
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

/// The people of a table of labels and values; each has columns of its own.
fn one_below_the_other(rows: &[Vec<Cell>], people: &[Range<usize>], first: u32) -> Turned {
    let (mut columns, mut turned) = (Vec::new(), Vec::new());
    for person in people {
        let (mut header, mut cells) = (Vec::new(), Vec::new());
        for (row, n) in rows[person.clone()].iter().zip(0..) {
            for cell in row {
                let into = if cell.column == first { &mut header } else { &mut cells };
                into.push(Cell { column: n, ..cell.clone() });
            }
        }
        let table = Table::new(Some(&header), std::slice::from_ref(&cells));
        columns.extend(table.columns);
        columns.resize_with(person.end, Column::default);
        let column =
            rows[person.clone()].iter().find_map(|row| Some(row.get(1)?.column)).unwrap_or(first + 1);
        let from = u32::try_from(person.start).unwrap_or(u32::MAX);
        for cell in &mut cells {
            cell.column = cell.column.saturating_add(from);
        }
        turned.push((column, cells));
    }
    Turned { table: Table::of_columns(columns), rows: turned }
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
        let pairs = "SSN,024-61-3387\nSSN,031-58-2947\nSSN,024-61-3388";
        assert!(turn(&rows(pairs)).is_none());
        assert!(turn(&rows("Name,Tobias Hargrove\nCity,Lynn")).is_none());
    }

    #[test]
    fn people_may_stand_below_each_other() {
        let pairs =
            "First name,Tobias\nLast name,Hargrove\nSSN,024-61-3387\nTenant,Maeve Lindqvist\nSSN,031-58-2947";
        let turned = turn(&rows(pairs)).expect("lies on its side");
        assert_eq!(turned.rows.len(), 2);
        assert_eq!(turned.rows[1].1[0].text, "Maeve Lindqvist");
        assert_eq!(turned.rows[1].1[1].column, 4);
        assert_eq!(turned.table.columns[4].header, "SSN");
        for one in [
            "First Name,Maria\nSSN,024-61-3387\nLast Name,Alvarez\nDriver License,S57238891",
            "Name,Maria Alvarez\nSSN,024-61-3387\nPreferred Name,Mary\nDriver License,S57238891",
        ] {
            assert_eq!(turn(&rows(one)).map(|t| t.rows.len()), Some(1), "{one}");
        }
        let number_first = "SSN,024-61-3387\nName,Tobias Hargrove\nSSN,031-58-2947\nName,Maeve Lindqvist";
        assert_eq!(turn(&rows(number_first)).map(|t| t.rows.len()), Some(2));
    }
}

//! Tables that are forms: labels with their values beside them, in one pair of columns or in several.
//!
//! Cards of several people below each other are several objects: where the label of the name comes again, another
//! person begins.

use std::collections::HashSet;

use super::cell_name;
use crate::document::{Field, Object, Place, Row};
use crate::pattern::LabelKind;
use crate::pattern::label::{Labels, Words, header};

/// The most rows of which a table may still be a form.
const LONGEST: usize = 400;

/// Rows with a colon from which on every label has one.
const COLONS: usize = 3;

/// How many columns a value may stand from its label: cells that were merged leave gaps.
const APART: u32 = 3;

/// A form and the cells that are its values.
pub(super) struct Form {
    /// One object for each person it has a card of.
    pub(super) objects: Vec<Object>,
    values: HashSet<(usize, usize)>,
}

impl Form {
    /// True for a cell of a row that is a value of the form.
    pub(super) fn is_value(&self, row: usize, cell: usize) -> bool {
        self.values.contains(&(row, cell))
    }
}

/// A label and the value beside it.
struct Pair<'r> {
    row: usize,
    value: usize,
    key: &'r str,
    labels: Labels,
}

/// Reads rows as a form, if they are one.
pub(super) fn read(rows: &[Row], place: &Place) -> Option<Form> {
    let mut words = Words::default();
    let two = rows.iter().all(|r| r.cells.len() <= 2);
    let pairs = if two { columns(rows, &mut words) } else { cards(rows, &mut words) }?;
    let mut objects: Vec<Object> = Vec::new();
    let mut subject: Option<String> = None;
    for pair in &pairs {
        let key = pair.key.trim().to_ascii_lowercase();
        if objects.is_empty() || subject.as_ref() == Some(&key) {
            let (fields, children) = (Vec::new(), Vec::new());
            objects.push(Object { name: "form".to_owned(), fields, children, place: place.clone() });
        }
        let names = [LabelKind::FullName, LabelKind::LastName];
        if subject.is_none() && names.iter().any(|k| pair.labels.of_kind(*k).is_some()) {
            subject = Some(key);
        }
        let (row, value) = (&rows[pair.row], &rows[pair.row].cells[pair.value]);
        let cell = cell_name(&row.place, value.column);
        let place = Place { column: Some(value.column + 1), cell, ..row.place.clone() };
        let field =
            Field { key: pair.key.to_owned(), value: value.text.clone(), number: value.number, place };
        objects.last_mut()?.fields.push(field);
    }
    let values = pairs.iter().map(|p| (p.row, p.value)).collect();
    Some(Form { objects, values })
}

/// Labels down the first column, values beside them.
fn columns<'r>(rows: &'r [Row], words: &mut Words) -> Option<Vec<Pair<'r>>> {
    let mut pairs = Vec::new();
    let (mut labels, mut values) = (0, 0);
    for (n, row) in rows.iter().enumerate() {
        let [label, value] = row.cells.as_slice() else { continue };
        let meaning = header(&label.text, words);
        labels += usize::from(!meaning.is_empty());
        values += usize::from(!header(&value.text, words).is_empty());
        pairs.push(Pair { row: n, value: 1, key: &label.text, labels: meaning });
    }
    (labels >= 2 && labels * 5 >= rows.len() * 3 && values * 2 <= labels).then_some(pairs)
}

/// Several pairs in a row: at least three, in most rows, a name and a number among them, and no row of headings.
fn cards<'r>(rows: &'r [Row], words: &mut Words) -> Option<Vec<Pair<'r>>> {
    if rows.len() > LONGEST {
        return None;
    }
    let (mut pairs, mut filled_rows, mut paired_rows) = (Vec::new(), 0, 0);
    let colons = has_colons(rows);
    for (n, row) in rows.iter().enumerate() {
        let filled: Vec<usize> =
            (0..row.cells.len()).filter(|i| !row.cells[*i].text.trim().is_empty()).collect();
        let colon = |n: usize| row.cells[filled[n]].text.trim_end().ends_with(':');
        let is_value = |n: usize| colons && n > 0 && colon(n - 1) && !colon(n);
        let labels: Vec<Option<Labels>> = (0..filled.len())
            .map(|n| if is_value(n) { None } else { label(&row.cells[filled[n]].text, words) })
            .collect();
        if filled.len() > 2 && labels.iter().all(Option::is_some) {
            return None;
        }
        let (had, mut i) = (pairs.len(), 0);
        while i + 1 < filled.len() {
            let (cell, next) = (&row.cells[filled[i]], &row.cells[filled[i + 1]]);
            let beside = next.column - cell.column <= APART && labels[i + 1].is_none();
            if let Some(labels) = labels[i].filter(|_| beside) {
                pairs.push(Pair { row: n, value: filled[i + 1], key: &row.cells[filled[i]].text, labels });
                i += 1;
            }
            i += 1;
        }
        filled_rows += usize::from(filled.len() > 1);
        paired_rows += usize::from(pairs.len() > had);
    }
    let has = |test: &dyn Fn(LabelKind) -> bool| pairs.iter().any(|p| p.labels.iter().any(|l| test(l.kind)));
    let named = has(&|k| matches!(k, LabelKind::FullName | LabelKind::LastName));
    if is_on_its_side(rows, &pairs) {
        return None;
    }
    let form =
        pairs.len() >= 3 && paired_rows * 5 >= filled_rows * 3 && named && has(&|k| k <= LabelKind::Iban);
    form.then_some(pairs)
}

/// True if the labels have colons behind them: then what stands behind one is a value, although it may read as a label.
fn has_colons(rows: &[Row]) -> bool {
    let colon = |row: &&Row| row.cells.iter().any(|c| c.text.trim_end().ends_with(':'));
    let count = rows.iter().filter(colon).count();
    count >= COLONS && count * 5 >= rows.len() * 4
}

/// True if most rows have one label with several values behind it: a table on its side, of several people.
fn is_on_its_side(rows: &[Row], pairs: &[Pair<'_>]) -> bool {
    let several = |p: &&Pair<'_>| {
        let behind = rows[p.row].cells.iter().skip(p.value).filter(|c| !c.text.trim().is_empty());
        behind.count() > 1
    };
    let alone = pairs.chunk_by(|a, b| a.row == b.row).all(|row| row.len() == 1);
    alone && pairs.iter().filter(several).count() * 5 >= pairs.len() * 4
}

/// The meanings of a cell that is a label: one the tables know, or any words with a colon behind them.
fn label(text: &str, words: &mut Words) -> Option<Labels> {
    let text = text.trim();
    let digits = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    // `St. Pierre` is no state.
    if digits > 3 || text.len() > 60 || text.starts_with("St. ") && !text.ends_with(':') {
        return None;
    }
    let meaning = header(text, words);
    (!meaning.is_empty() || text.ends_with(':')).then_some(meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Cell;

    fn rows(lines: &[&[&str]]) -> Vec<Row> {
        let cell = |(text, column): (&&str, u32)| Cell { column, text: (*text).to_owned(), number: false };
        let row =
            |line: &&[&str]| Row { cells: line.iter().zip(0..).map(cell).collect(), place: Place::default() };
        lines.iter().map(row).collect()
    }

    #[test]
    fn cards_below_each_other_are_people_of_their_own() {
        let rows = rows(&[
            &["Employee:", "Tobias Hargrove", "", "Hire Date:", "6/1/2019"],
            &["SSN:", "024-61-3387", "", "DOB:", "3/12/1961"],
            &["Employee:", "Maeve Lindqvist", "", "Hire Date:", "6/1/2021"],
            &["SSN:", "031-47-8826", "", "DOB:", "4/1/1980"],
        ]);
        let form = read(&rows, &Place::default()).expect("a form");
        let fields: Vec<usize> = form.objects.iter().map(|o| o.fields.len()).collect();
        assert_eq!(fields, [4, 4]);
        assert!(form.is_value(1, 1) && !form.is_value(1, 0));
    }

    #[test]
    fn several_values_behind_each_label_are_no_form() {
        let table = rows(&[
            &["Last Name", "Hargrove", "Lindqvist", "Duarte"],
            &["First", "Tobias", "Maeve", "Ines"],
            &["SSN", "024-61-3387", "031-47-8826", "025-44-1938"],
        ]);
        assert!(read(&table, &Place::default()).is_none());
    }

    #[test]
    fn values_may_read_as_labels() {
        let rows = rows(&[
            &["Employee:", "Patrick Price", "Hire Date:", "6/1/2019"],
            &["SSN:", "024-61-3387", "DOB:", "3/12/1961"],
            &["Address:", "12 Elm St", "Quincy", "MA", "02169"],
            &["Employee:", "Moira Page", "Hire Date:", "6/1/2021"],
            &["SSN:", "031-47-8826", "DOB:", "4/1/1980"],
        ]);
        assert_eq!(read(&rows, &Place::default()).expect("a form").objects.len(), 2);
    }

    #[test]
    fn a_table_with_headings_is_no_form() {
        let table = rows(&[
            &["Last Name", "First Name", "SSN"],
            &["Hargrove", "Tobias", "024-61-3387"],
            &["Lindqvist", "Maeve", "031-47-8826"],
        ]);
        assert!(read(&table, &Place::default()).is_none());
    }
}

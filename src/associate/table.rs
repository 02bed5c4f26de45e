//! Tables: what the columns are, and the records of a row (DETECTION 5.4, R1).
//!
//! The profile of a table is made once, from its header and a sample of its rows; after that a row is judged
//! alone. One row's name never serves another row.

use std::collections::HashSet;

mod columns;
mod keys;

use super::fields::{self, FieldRef, Judged, Role, Wanted};
use super::{hand_on, hand_on_loose, related};
use crate::detect::cell::{Surroundings, Value, Verdict};
use crate::detect::{Candidate, Rejects, cell, licence};
use crate::document::{Cell, Place};
use crate::event::{Confidence, ElementClass, ElementType, Link};
use crate::finding::{ColumnCount, Findings, KeyedRow, Located, Person, Record};
use crate::name;
use crate::pattern::label::{self, Labels, Words};
use crate::pattern::{LabelKind, number};
pub use keys::{ID, entity, is_bare};

/// How many rows at the top may hold titles before the header.
const TITLE_ROWS: usize = 10;
/// The longest text of a header cell.
const HEADER_CELL: usize = 80;

/// One column.
#[derive(Clone, Default)]
pub struct Column {
    /// Its header, or empty.
    pub header: String,
    /// Meanings of the header.
    pub labels: Labels,
    /// What it is.
    pub role: Role,
}

/// The profile of a table.
#[derive(Clone, Default)]
pub struct Table {
    /// The columns, by number.
    pub columns: Vec<Column>,
    /// First of three columns that hold area, group and serial of an SSN.
    split_ssn: Option<u32>,
}

/// The number of the header row among the first rows, if one is known by its labels: at least one cell in four a
/// label, none a number; a label with nothing but people behind it is a row.
#[must_use]
pub fn header_row(rows: &[Vec<Cell>]) -> Option<usize> {
    let mut words = Words::default();
    let wide = rows.iter().any(|r| r.len() > 1);
    let mut labels = |row: &[Cell]| -> usize {
        let filled: Vec<&str> = row.iter().map(|c| c.text.trim()).filter(|t| !t.is_empty()).collect();
        let plain = |t: &&str| t.len() <= HEADER_CELL && longest_digits(t) < 5 && !is_mail_address(t);
        if filled.len() < 2 && wide || !filled.iter().all(plain) {
            return 0;
        }
        let (mut labelled, mut people) = (0, 0);
        for (text, left) in filled.iter().zip((0..filled.len()).rev()) {
            let label = !label::header(text, &mut words).is_empty();
            labelled += usize::from(label);
            people += usize::from(!label && labelled > 0 && name::is_person_like(text));
            // Not even if all other cells were labels.
            if (labelled + left) * 4 < filled.len() {
                return 0;
            }
        }
        // `Name   Tobias Hargrove   Maeve Lindqvist` are values beside their label.
        if people > 0 && people + 1 == filled.len() { 0 } else { labelled }
    };
    // Of two rows of headings the one that says more is the header.
    let rows = &rows[..rows.len().min(TITLE_ROWS)];
    let (first, most) = rows.iter().map(|row| labels(row)).enumerate().find(|(_, n)| *n > 0)?;
    let second = rows.get(first + 1).is_some_and(|row| labels(row) > most);
    Some(if second { first + 1 } else { first })
}

/// True if a cell of a header names a number or a part of one, so that any digits below it may be one.
#[must_use]
pub fn names_numbers(header: &[Cell]) -> bool {
    let mut words = Words::default();
    header.iter().any(|cell| {
        let labels = label::header(cell.text.trim(), &mut words);
        fields::element(labels).is_some() || labels.of_kind(LabelKind::SsnPart).is_some()
    })
}

/// True for an address of mail, which is a value although it may hold a word of a label.
fn is_mail_address(text: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    text.split_once('@').is_some_and(|(own, domain)| {
        !own.is_empty() && own.chars().all(part) && domain.contains('.') && domain.chars().all(part)
    })
}

fn longest_digits(text: &str) -> usize {
    text.as_bytes().split(|b| !b.is_ascii_digit()).map(<[u8]>::len).max().unwrap_or(0)
}

impl Table {
    /// A profile made elsewhere.
    #[must_use]
    pub fn of_columns(columns: Vec<Column>) -> Table {
        Table { columns, split_ssn: None }
    }

    /// The profile from a header (if there is one) and sample rows, in order.
    #[must_use]
    pub fn new(header: Option<&[Cell]>, sample: &[Vec<Cell>]) -> Table {
        let width = header.iter().copied().chain(sample.iter().map(Vec::as_slice));
        let width = width.filter_map(|row| row.last()).map(|c| c.column as usize + 1).max().unwrap_or(0);
        let mut words = Words::default();
        let mut columns =
            vec![Column { header: String::new(), labels: Labels::default(), role: Role::default() }; width];
        for cell in header.unwrap_or_default() {
            let column = &mut columns[cell.column as usize];
            cell.text.trim().clone_into(&mut column.header);
            column.labels = label::header(&column.header, &mut words);
            column.role = Role::of(&column.value(""), &mut words);
        }
        for (i, column) in columns.iter_mut().enumerate() {
            let values: Vec<&str> = sample.iter().filter_map(|row| text_at(row, i)).collect();
            column.role.verdict = verdict(column, &values);
            column.role.driving = counted(column) == Some(ElementType::DriversLicense)
                && licence::is_driving(values.iter().copied());
            check_names(column, &values);
            if column.role.name == Some(LabelKind::FullName) {
                column.role.order = name::order_of(&values);
            }
        }
        columns::constant(&mut columns, sample);
        columns::side_by_side(&mut columns, sample);
        let split_ssn = split_ssn(&columns, sample);
        let mut table = Table { columns, split_ssn };
        if !table.columns.iter().any(|c| c.role.name.is_some()) {
            table.names_by_content(sample);
        }
        table
    }

    /// The columns whose header names a number, so that any digits in them may be one, in order.
    #[must_use]
    pub fn columns_of_numbers(&self) -> Vec<usize> {
        let split = self.split_ssn.map_or(0..0, |first| first as usize..first as usize + 3);
        let named = |i: &usize| split.contains(i) || counted(&self.columns[*i]).is_some();
        (0..self.columns.len()).filter(named).collect()
    }

    /// True if a column holds keys by which rows of another table may be joined with these.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        let mut words = Words::default();
        self.columns.iter().any(|c| keys::column(&c.header, c.labels, &mut words).is_some())
    }

    /// Without a header for names: columns whose cells read as people.
    fn names_by_content(&mut self, sample: &[Vec<Cell>]) {
        let bare = |i: usize| self.columns[i].labels.is_empty();
        let people = |i: &usize| bare(*i) && share(sample, *i, 0.6, name::is_person_like) >= 0.6;
        if let Some(i) = (0..self.columns.len()).find(people) {
            self.columns[i].role.name = Some(LabelKind::FullName);
            return;
        }
        for i in 0..self.columns.len().saturating_sub(1) {
            if bare(i)
                && bare(i + 1)
                && let Some((first, last)) = side_by_side(sample, i)
            {
                self.columns[first].role.name = Some(LabelKind::FirstName);
                self.columns[last].role.name = Some(LabelKind::LastName);
                return;
            }
        }
    }

    /// Judges one row and hands on what it holds. `place` gives the place of a cell, or of the row.
    pub fn row(
        &self,
        cells: &[Cell],
        table: Option<&str>,
        place: &dyn Fn(Option<u32>) -> Place,
        out: &mut dyn Findings,
    ) {
        if let Some(first) = self.split_ssn {
            let joined = join_ssn(cells, first);
            let mut whole = Table { split_ssn: None, ..self.clone() };
            let column = &mut whole.columns[first as usize];
            column.labels = label::header("ssn", &mut Words::default());
            column.role = column.role.clone().under_another_header();
            return whole.row(&joined, table, place, out);
        }
        let none = Column { header: String::new(), labels: Labels::default(), role: Role::default() };
        let fields = cells.iter().map(|cell| {
            let column = self.columns.get(cell.column as usize).unwrap_or(&none);
            FieldRef { value: Value { number: cell.number, ..column.value(&cell.text) }, role: &column.role }
        });
        let list: Vec<FieldRef<'_>> = fields.collect();
        let mut rejects = out.rejects();
        let wanted = if out.joins() { Wanted::All } else { Wanted::Numbers };
        let mut judged = fields::judge(&list, wanted, &mut rejects);
        out.take_rejects(rejects, &|r| place(Some(cells[r.part].column)));
        for (n, field) in list.iter().enumerate() {
            if let Some(kind) = field.says().element {
                Self::count(n, cells, field, kind, table, &judged, out);
            }
        }
        for (cell, field) in cells.iter().zip(&list) {
            related::in_value(field.value.text, field.value.header, &|| place(Some(cell.column)), out);
        }
        judged.subjects.retain(|s| wanted == Wanted::All || !s.elements.is_empty());
        if !judged.subjects.is_empty() {
            address_of_row(&list, &mut judged);
        }
        let mut left = judged.subjects.len();
        for subject in judged.subjects.drain(..) {
            left -= 1;
            let located =
                |(c, i): (Candidate, usize)| Located { candidate: c, place: place(Some(cells[i].column)) };
            let in_text = || fields::person_in_text(&list, &subject.elements);
            let person = subject.person.or_else(|| subject.own.then(in_text).flatten());
            let elements: Vec<Located> = subject.elements.into_iter().map(located).collect();
            let person = person.map(|(name, confidence, rule, i)| {
                let place = place(Some(cells[i].column));
                Person { name, confidence, rule, place }
            });
            let keys = if subject.own && out.joins() { keys::of_row(&list) } else { Vec::new() };
            let open = person.is_none() || elements.is_empty();
            let elements = if !keys.is_empty() && open {
                let (circumstances, table) = (judged.circumstances.clone(), table.unwrap_or("").to_owned());
                let row = KeyedRow {
                    keys,
                    person: person.clone(),
                    elements,
                    circumstances,
                    place: place(None),
                    table,
                };
                out.keyed(row).map_or(Vec::new(), |row| row.elements)
            } else {
                elements
            };
            if elements.is_empty() {
                continue;
            }
            let Some(person) = person else {
                hand_on_loose(elements, &judged.circumstances, "no name in the row", out);
                continue;
            };
            let circumstances = match left {
                0 => std::mem::take(&mut judged.circumstances),
                _ => judged.circumstances.clone(),
            };
            let record = Record {
                person,
                elements,
                link: Link::Row,
                link_confidence: Confidence::High,
                circumstances,
                place: place(None),
            };
            hand_on(record, out);
        }
    }

    /// Counts one cell of a column that is labelled as holding numbers.
    fn count(
        n: usize,
        cells: &[Cell],
        field: &FieldRef<'_>,
        kind: ElementType,
        table: Option<&str>,
        judged: &Judged,
        out: &mut dyn Findings,
    ) {
        let cell = &cells[n];
        if !cell.text.bytes().any(|b| b.is_ascii_digit()) {
            return;
        }
        let own = judged.subjects.iter().flat_map(|s| &s.elements);
        let found = own.filter(|(_, i)| cells[*i].column == cell.column).map(|(c, _)| c);
        let best = found.filter(|c| c.class == ElementClass::Pi).max_by_key(|c| c.score.value());
        out.column(ColumnCount {
            table,
            column: cell.column,
            header: Some(field.value.header).filter(|h| !h.is_empty()),
            kind: best.map_or(kind, |c| c.kind),
            valid: best.is_some(),
            value: best.map_or(cell.text.as_str(), |c| c.value.as_str()),
        });
    }
}

impl Column {
    /// A value of this column.
    #[must_use]
    pub fn value<'a>(&'a self, text: &'a str) -> Value<'a> {
        Value { text, labels: self.labels, header: &self.header, number: false }
    }
}

/// The element a column is labelled with; of a profile in the making, whose labels may still change.
fn counted(column: &Column) -> Option<ElementType> {
    fields::element(column.labels)
}

/// Where no column is labelled as address, state or ZIP: the row read as one line may hold an address.
fn address_of_row(list: &[FieldRef<'_>], judged: &mut Judged) {
    if judged.circumstances.residency.iter().any(|r| !matches!(r.name(), "ssn-area-ma" | "town-ma")) {
        return;
    }
    // A person called Virginia lives anywhere.
    let texts: Vec<&str> = list
        .iter()
        .filter(|field| field.role.name.is_none())
        .map(|field| field.value.text)
        .filter(|t| t.len() < 200 && t.bytes().any(|b| b.is_ascii_alphabetic() || t.len() == 5))
        .collect();
    let mut found = Vec::new();
    crate::residency::in_text(&texts.join(", "), &mut found);
    judged.circumstances.residency.extend(found.into_iter().map(|(_, rule)| rule));
}

/// The first of three neighbouring columns under SSN labels whose cells have up to 3, 2 and 4 digits. One heading
/// may stand over all three.
fn split_ssn(columns: &[Column], sample: &[Vec<Cell>]) -> Option<u32> {
    let labelled = |c: &Column| {
        c.labels.of_kind(LabelKind::Ssn).is_some() || c.labels.of_kind(LabelKind::SsnPart).is_some()
    };
    let short = |i: usize, most: usize| {
        let digits = |v: &str| v.len() <= most && v.bytes().all(|b| b.is_ascii_digit());
        let values: Vec<&str> = sample.iter().filter_map(|row| text_at(row, i)).collect();
        !values.is_empty() && values.iter().filter(|v| digits(v)).count() * 10 >= values.len() * 9
    };
    let bare = |c: &Column| c.header.is_empty();
    let under = |w: &[Column]| {
        labelled(&w[0])
            && (w[1..].iter().all(labelled)
                || w[1..].iter().all(bare) && w[0].labels.of_kind(LabelKind::Ssn).is_some())
    };
    let found = columns.windows(3).position(under)?;
    let fits = short(found, 3) && short(found + 1, 2) && short(found + 2, 4);
    fits.then(|| u32::try_from(found).unwrap_or(0))
}

/// The row with area, group and serial put together in the first of their columns, lost zeros restored.
fn join_ssn(cells: &[Cell], first: u32) -> Vec<Cell> {
    let part = |n: u32| cells.iter().find(|c| c.column == first + n).map(|c| c.text.trim());
    let mut joined: Vec<Cell> =
        cells.iter().filter(|c| !(first..first + 3).contains(&c.column)).cloned().collect();
    if let (Some(area), Some(group), Some(serial)) = (part(0), part(1), part(2)) {
        let text = format!("{area:0>3}-{group:0>2}-{serial:0>4}");
        joined.push(Cell { column: first, text, number: false });
        joined.sort_by_key(|c| c.column);
    }
    joined
}

/// The share of the cells of a column that pass, if it can be `least` or more; else something below that.
fn share(sample: &[Vec<Cell>], column: usize, least: f64, test: impl Fn(&str) -> bool) -> f64 {
    let values: Vec<&str> = sample.iter().filter_map(|row| text_at(row, column)).collect();
    if values.len() < 2 {
        return 0.0;
    }
    let (mut hits, all) = (0, values.len() as f64);
    for (n, value) in values.iter().enumerate() {
        hits += usize::from(test(value));
        if ((hits + values.len() - n - 1) as f64) < least * all - 0.5 {
            return 0.0;
        }
    }
    hits as f64 / all
}

/// Columns of first and last names, of column `i` and the one behind it, by their cells.
fn side_by_side(sample: &[Vec<Cell>], i: usize) -> Option<(usize, usize)> {
    // `MA` is a given name somewhere, and `Lowell` a surname: two letters are of states first.
    let name = |v: &str| !v.contains(' ') && v.len() > 2;
    let word = |test: fn(&str) -> bool, i, least| share(sample, i, least, |v| name(v) && test(v));
    let (given, surname) = (name::is_given as fn(&str) -> bool, name::is_surname as fn(&str) -> bool);
    let are = |first, last| word(given, first, 0.7) >= 0.7 && word(surname, last, 0.6) >= 0.6;
    if !are(i, i + 1) && !are(i + 1, i) {
        return None;
    }
    // What is known of both orders says which it is.
    let both = |first, last| word(given, first, 0.0) + word(surname, last, 0.0);
    let order = if both(i, i + 1) >= both(i + 1, i) { (i, i + 1) } else { (i + 1, i) };
    are(order.0, order.1).then_some(order)
}

fn text_at(row: &[Cell], column: usize) -> Option<&str> {
    let own = |c: &&Cell| c.column as usize == column;
    // Most rows have every cell.
    let cell = row.get(column).filter(own).or_else(|| row.iter().find(own))?;
    let text = cell.text.trim();
    (!text.is_empty()).then_some(text)
}

/// A column called `name` whose cells are no people (products, hosts, files) is not one.
fn check_names(column: &mut Column, values: &[&str]) {
    if column.role.name == Some(LabelKind::FullName) && values.len() >= 10 {
        let people = values.iter().filter(|v| name::parse(v, name::Order::Unknown).is_some()).count();
        let known = values.iter().filter(|v| name::is_person_like(v)).count();
        if people * 2 < values.len() || known * 4 < values.len() {
            column.role.name = None;
        }
    }
}

/// Judges a column as a whole (DETECTION 5.3): 88.9 % of random nine-digit strings are valid SSNs, so a share
/// near that speaks against a column without a header, and one above 99 % for it.
fn verdict(column: &Column, values: &[&str]) -> Verdict {
    // `n/a`, zeros and what is blacked out say nothing of a column of numbers.
    let said = |v: &str| v.bytes().any(|b| matches!(b, b'1'..=b'9')) && !v.contains(['*', 'X', 'x']);
    let says = |v: &&&str| counted(column).is_none() || said(v);
    let values: &[&str] = &values.iter().filter(says).copied().collect::<Vec<_>>();
    if values.len() < 10 {
        return of_few(column, values);
    }
    let digits: Vec<u64> = values.iter().filter_map(|v| v.parse().ok()).collect();
    if digits.len() * 10 >= values.len() * 9 && sequential(&digits) {
        return Verdict::Sequential;
    }
    let valid = |v: &&&str| -> bool {
        match counted(column) {
            Some(_) => has_element(column, v),
            None => v.len() == 9 && v.bytes().all(|b| b.is_ascii_digit()) && number::ssn(v.as_bytes()),
        }
    };
    let good = values.iter().filter(valid).count();
    let distinct = values.iter().collect::<HashSet<_>>().len();
    let nine = values.iter().filter(|v| v.len() == 9 && v.bytes().all(|b| b.is_ascii_digit())).count();
    match counted(column) {
        Some(_) if good * 10 >= values.len() * 9 && distinct >= 10 => Verdict::Consistent,
        None if column.labels.is_empty() && nine * 10 >= values.len() * 9 && nine >= 20 => match good * 100 {
            g if g >= nine * 99 && nine >= 100 => Verdict::Consistent,
            g if g < nine * 97 => Verdict::Random,
            _ => Verdict::None,
        },
        _ => Verdict::None,
    }
}

/// Fewer than ten cells say only whether the column is valid.
fn of_few(column: &Column, values: &[&str]) -> Verdict {
    let distinct = values.iter().collect::<HashSet<_>>().len();
    let valid = counted(column).is_some() && distinct > 1;
    let good = values.iter().filter(|v| valid && has_element(column, v)).count();
    if valid && good * 10 >= values.len() * 9 { Verdict::Valid } else { Verdict::None }
}

fn has_element(column: &Column, text: &str) -> bool {
    let mut found = Vec::new();
    let around = Surroundings { bank: true, verdict: Verdict::Valid, ..Surroundings::default() };
    cell::read(column.value(text), around, &mut found, &mut Rejects::default());
    found.iter().any(|c| c.class == ElementClass::Pi && c.score.value() >= 50)
}

/// Four in five steps go up by one to ten.
fn sequential(values: &[u64]) -> bool {
    let steps = values.windows(2).filter(|w| w[1] > w[0] && w[1] - w[0] <= 10).count();
    values.len() >= 5 && steps * 5 >= (values.len() - 1) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_header(line: &str) -> bool {
        let cell = |(column, text): (u32, &str)| Cell { column, text: text.to_owned(), number: false };
        let row: Vec<Cell> = (0..).zip(line.split(',')).map(cell).collect();
        header_row(&[row.clone(), row]) == Some(0)
    }

    #[test]
    fn headings_are_told_from_values_beside_their_label() {
        for line in [
            "Account No,2023 Total,2024 Total",
            "Account No,01/31/2024,02/29/2024,03/31/2024",
            "Employee,SSN,2024 Wages",
            "Address,ZIP",
        ] {
            assert!(is_header(line), "{line}");
        }
        assert!(!is_header("Name,Tobias Hargrove,Maeve Lindqvist"));
    }
}

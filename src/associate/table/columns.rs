//! What columns are beside each other: tables in one sheet side by side, and numbers that are everybody's.

use std::collections::HashSet;

use super::{Column, counted, text_at};
use crate::detect::cell::Verdict;
use crate::document::Cell;
use crate::name;
use crate::pattern::LabelKind;
use crate::pattern::label::{self, Words};

/// From how many people on one number for all is nobody's.
const MANY: usize = 4;

/// Marks columns of numbers that hold one value while the names differ: a payer's or employer's number.
pub(super) fn constant(columns: &mut [Column], sample: &[Vec<Cell>]) {
    let distinct = |i: usize| -> (usize, usize) {
        let values: Vec<&str> = sample.iter().filter_map(|row| text_at(row, i)).collect();
        (values.len(), values.iter().collect::<HashSet<_>>().len())
    };
    let named = columns.iter().enumerate().filter(|(_, c)| is_name(c)).map(|(i, _)| distinct(i).1).max();
    if named.is_none_or(|n| n < MANY) {
        return;
    }
    for (i, column) in columns.iter_mut().enumerate() {
        if counted(column).is_some() && matches!(distinct(i), (MANY.., 1)) {
            column.role.verdict = Verdict::Constant;
        }
    }
}

/// Two lists side by side under the same headers, or `name1, name2, tin1, tin2` in one row: what stands under the
/// second set belongs to a person of its own.
pub(super) fn side_by_side(columns: &mut [Column], sample: &[Vec<Cell>]) {
    whole_names(columns, sample);
    repeated(columns);
    numbered(columns);
    by_words(columns);
}

/// `Insured Name, Insured SSN, Patient Name, Patient SSN`: the word that is left of a header says whose. The person
/// whose name comes first is the row's own.
fn by_words(columns: &mut [Column]) {
    if columns.iter().filter(|c| is_name(c)).count() < 2 {
        return;
    }
    let whose: Vec<String> = columns.iter().map(|c| whose(&c.header)).collect();
    let at = |test: &dyn Fn(&Column) -> bool, word: &str| {
        (0..columns.len())
            .any(|i| whose[i] == word && columns[i].role.relation.is_none() && test(&columns[i]))
    };
    let Some(own) = (0..columns.len()).find(|i| is_name(&columns[*i])).map(|i| whose[i].clone()) else {
        return;
    };
    // `First, emp_last, emp_ssn` are one name: another person has a whole one, or a part that the own has too.
    let second = |c: &Column| match c.role.name {
        Some(LabelKind::FullName) => true,
        part => {
            part.is_some()
                && at(&|d| matches!(d.role.name, Some(LabelKind::FullName)) || d.role.name == part, &own)
        }
    };
    let both = |word: &str| !word.is_empty() && at(&second, word) && at(&|c| counted(c).is_some(), word);
    let others: Vec<bool> = whose.iter().map(|word| *word != own && both(word)).collect();
    for (column, word) in
        columns.iter_mut().zip(whose).zip(others).filter_map(|(pair, other)| other.then_some(pair))
    {
        if is_name(column) || counted(column).is_some() {
            column.role.relation.get_or_insert(word);
        }
    }
}

/// The words of a header without those of labels.
fn whose(header: &str) -> String {
    const LABELS: [&str; 34] = [
        "name", "full", "first", "last", "middle", "fname", "lname", "ssn", "ss", "social", "security",
        "sec", "number", "no", "num", "nbr", "tax", "id", "tin", "account", "acct", "bank", "card", "credit",
        "driver", "drivers", "license", "lic", "dl", "of", "the", "s", "#", "state",
    ];
    let lower = header.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && !LABELS.contains(w));
    words.collect::<Vec<_>>().join(" ")
}

/// A column called `name1` or `first` that holds whole names, with no column of surnames.
fn whole_names(columns: &mut [Column], sample: &[Vec<Cell>]) {
    if columns.iter().any(|c| c.role.name == Some(LabelKind::LastName)) {
        return;
    }
    for (i, column) in columns.iter_mut().enumerate() {
        let values: Vec<&str> = sample.iter().filter_map(|row| text_at(row, i)).collect();
        let whole = values.iter().filter(|v| v.contains([' ', ',']) && name::is_person_like(v)).count();
        if column.role.name == Some(LabelKind::FirstName) && values.len() >= 2 && whole * 2 >= values.len() {
            column.role.name = Some(LabelKind::FullName);
        }
    }
}

fn is_name(column: &Column) -> bool {
    column.role.name.is_some()
}

/// `Name, SSN, Unit, Name, SSN, Unit`: from where the first name header comes again, another person begins.
fn repeated(columns: &mut [Column]) {
    let same = |a: &Column, b: &Column| !a.header.is_empty() && a.header.eq_ignore_ascii_case(&b.header);
    let Some(first) = columns.iter().position(is_name) else { return };
    let again: Vec<usize> =
        (first + 1..columns.len()).filter(|i| same(&columns[*i], &columns[first])).collect();
    let Some(second) = again.first() else { return };
    let own = &columns[first..*second];
    let both = own.iter().any(|c| {
        counted(c).is_some() && columns[*second..].iter().any(|d| same(c, d) && counted(d) == counted(c))
    });
    if !both {
        return;
    }
    let end = columns.len();
    for (n, from) in again.iter().enumerate() {
        for column in &mut columns[*from..again.get(n + 1).copied().unwrap_or(end)] {
            column.role.relation.get_or_insert_with(|| format!("beside{}", n + 2));
        }
    }
}

/// `NAME1, NAME2, TIN1, TIN2`: the digit says whose.
fn numbered(columns: &mut [Column]) {
    let parts: Vec<Option<(String, u32)>> = columns.iter().map(|c| stem(&c.header)).collect();
    let with_sibling = |i: usize| {
        let (stem, n) = parts[i].as_ref()?;
        let other = |p: &Option<(String, u32)>| p.as_ref().is_some_and(|(s, m)| s == stem && m != n);
        parts.iter().any(other).then_some(*n)
    };
    let mut words = Words::default();
    for i in 0..columns.len() {
        if let (Some(_), Some((stem, _)), true) = (with_sibling(i), &parts[i], columns[i].labels.is_empty()) {
            // `TIN1` is no label, `TIN` is.
            let labels = label::header(stem, &mut words);
            columns[i].labels =
                if labels.iter().any(|l| l.kind <= LabelKind::Swift) { labels } else { continue };
        }
    }
    let name =
        |c: &Column| is_name(c) || stem(&c.header).is_some_and(|(s, _)| s == "name" || s.ends_with(" name"));
    let pairs: Vec<Option<u32>> = (0..columns.len()).map(with_sibling).collect();
    let both =
        |test: &dyn Fn(&Column) -> bool| (0..columns.len()).any(|i| pairs[i].is_some() && test(&columns[i]));
    if !both(&name) || !both(&|c| counted(c).is_some()) {
        return;
    }
    for (column, pair) in columns.iter_mut().zip(pairs) {
        let Some(n) = pair else { continue };
        if name(column) {
            // Not the given name, as the header alone might mean.
            column.role.name = Some(LabelKind::FullName);
        }
        if n > 1 && (is_name(column) || counted(column).is_some()) {
            column.role.relation.get_or_insert_with(|| format!("beside{n}"));
        }
    }
}

/// The words of a header that ends in one digit, and the digit.
fn stem(header: &str) -> Option<(String, u32)> {
    let trimmed = header.trim();
    let digit = trimmed.chars().last()?.to_digit(10)?;
    let words = &trimmed[..trimmed.len() - 1];
    let lower = words.trim_end_matches([' ', '_', '#', '-', '.']).replace('_', " ").to_ascii_lowercase();
    (!lower.is_empty() && !lower.ends_with(|c: char| c.is_ascii_digit())).then_some((lower, digit))
}

#[cfg(test)]
mod tests {
    use super::super::Table;
    use super::*;

    fn row(cells: &[&str]) -> Vec<Cell> {
        let cell = |(text, column): (&&str, u32)| Cell { column, text: (*text).to_owned(), number: false };
        cells.iter().zip(0..).map(cell).collect()
    }

    fn relations(header: &[&str]) -> Vec<Option<String>> {
        Table::new(Some(&row(header)), &[]).columns.into_iter().map(|c| c.role.relation).collect()
    }

    #[test]
    fn a_second_list_beside_the_first_has_its_own_people() {
        let beside = Some("beside2".to_owned());
        let found = relations(&["Name", "SSN", "Unit", "Name", "SSN"]);
        assert_eq!(found, [None, None, None, beside.clone(), beside.clone()]);
        let found = relations(&["Mbr", "NAME1", "NAME2", "TIN1", "TIN2", "Town"]);
        assert_eq!(found, [None, None, beside.clone(), None, beside, None]);
        assert_eq!(relations(&["Name", "SSN", "Doctor", "Name"]), [None, None, None, None]);
    }

    #[test]
    fn words_of_headers_pair_names_and_numbers() {
        let patient = Some("patient".to_owned());
        let found = relations(&["Insured Name", "Insured SSN", "Patient Name", "Patient SSN"]);
        assert_eq!(found, [None, None, patient.clone(), patient]);
        let co = Some("co".to_owned());
        let found = relations(&["Applicant", "SSN (Applicant)", "Co-Applicant", "SSN (Co-Applicant)"]);
        assert_eq!(found, [None, None, co.clone(), co]);
        assert_eq!(relations(&["Name", "Employee SSN", "Doctor Name"]), [None, None, None]);
        assert_eq!(relations(&["First", "emp_last", "emp_ssn"]), [None, None, None]);
    }

    #[test]
    fn one_number_under_many_names_is_the_firms() {
        let names = ["Tobias Hargrove", "Maeve Lindqvist", "Rosa Medeiros", "Sean Doherty", "Ana Furtado"];
        let rows: Vec<Vec<Cell>> = names.iter().map(|n| row(&[n, "024613387"])).collect();
        let table = Table::new(Some(&row(&["Name", "TIN"])), &rows);
        assert!(table.columns[1].role.verdict == Verdict::Constant);
        let same: Vec<Vec<Cell>> = names.iter().map(|_| row(&[names[0], "024613387"])).collect();
        assert!(Table::new(Some(&row(&["Name", "TIN"])), &same).columns[1].role.verdict == Verdict::None);
    }
}

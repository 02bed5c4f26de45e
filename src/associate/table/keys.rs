//! Columns whose values name the row in other tables: `employee id`, `Badge`, `MRN`.
//!
//! One and the same key is headed in many ways (`EmpID`, `employee_no`, `EE #`): what it is of is its name here, and
//! how it is called is left out.

use super::super::fields::FieldRef;
use crate::finding::Key;
use crate::pattern::LabelKind;
use crate::pattern::label::{Labels, Words};

/// The key of every table of a database, which counts its own rows: another table says whose it is (`employee_id`).
pub const ID: &str = "id";
/// The longest value that is a key.
const LONGEST: usize = 40;
/// Digits of a value without which a heading that names no number (`Patient`) has no keys below it.
const DIGITS: usize = 3;
/// What rows share, or are counted by.
const OF_NOBODY: [&str; 14] = [
    "area",
    "apt",
    "branch",
    "check",
    "department",
    "dept",
    "item",
    "line",
    "page",
    "postal",
    "room",
    "row",
    "seq",
    "sequence",
];
/// What a number of somebody or something is called.
const ENDINGS: [&str; 8] = ["id", "no", "number", "nbr", "num", "key", "code", "#"];
/// Those whom keys are of, as they are written.
const ENTITIES: [(&str, &str); 24] = [
    ("applicant", "applicant"),
    ("claimant", "claimant"),
    ("client", "client"),
    ("cust", "customer"),
    ("customer", "customer"),
    ("ee", "employee"),
    ("emp", "employee"),
    ("empl", "employee"),
    ("employee", "employee"),
    ("mbr", "member"),
    ("member", "member"),
    ("participant", "participant"),
    ("patient", "patient"),
    ("people", "person"),
    ("person", "person"),
    ("pt", "patient"),
    ("pupil", "student"),
    ("resident", "resident"),
    ("staff", "employee"),
    ("stu", "student"),
    ("student", "student"),
    ("subscriber", "subscriber"),
    ("tenant", "tenant"),
    ("worker", "employee"),
];

/// The keys of a row, those that say what they are of first. Where two columns are of the same (`Member ID`, `Mbr No`),
/// each goes by the words of its own header.
pub(super) fn of_row(list: &[FieldRef<'_>]) -> Vec<Key> {
    let mut words = Words::default();
    let key = |f: &FieldRef<'_>| {
        let (name, sure) = column(f.value.header, f.value.labels, &mut words)?;
        let value = f.value.text.trim();
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let fits = (1..=LONGEST).contains(&value.len()) && (sure || digits >= DIGITS && !value.contains(' '));
        fits.then(|| ((name, normal(value)), f.value.header.to_ascii_lowercase()))
    };
    let named: Vec<(Key, String)> = list.iter().filter_map(key).collect();
    let alone = |name: &str| named.iter().filter(|(key, _)| key.0 == name).count() == 1;
    let own = |(key, header): &(Key, String)| {
        if alone(&key.0) { key.clone() } else { (header.clone(), key.1.clone()) }
    };
    let mut keys: Vec<Key> = named.iter().map(own).collect();
    keys.sort_by_key(|key| is_bare(&key.0));
    keys
}

/// A number without the zeros before it, which spreadsheets lose.
fn normal(value: &str) -> String {
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    let short = if digits { value.trim_start_matches('0') } else { value };
    if short.is_empty() { value.to_owned() } else { short.to_ascii_uppercase() }
}

/// What the keys of a column are of, if its header names somebody's or something's number and no element; and whether
/// any value below it is one.
pub(super) fn column(header: &str, labels: Labels, words: &mut Words) -> Option<(String, bool)> {
    use LabelKind as K;
    let other = |k: K| k <= K::Swift || (K::DateOfBirth..=K::Password).contains(&k) && k != K::ResidencyFlag;
    words.split(header);
    let last = words.len().checked_sub(1)?;
    let ending = words.word(last);
    if last == 0 && ending == ID {
        return Some((ID.to_owned(), true));
    }
    if labels.iter().any(|l| other(l.kind)) {
        return None;
    }
    if ENDINGS.contains(&ending) {
        return named(words, last, ending).map(|name| (name, true));
    }
    if last > 0 {
        return None;
    }
    // `empid`
    if let Some(of) = ENDINGS.iter().find_map(|end| ending.strip_suffix(end)).and_then(known) {
        return Some((of.to_owned(), true));
    }
    let numbers = [K::FullName, K::InternalId, K::HealthId].iter().any(|k| labels.of_kind(*k).is_some());
    let name = known(ending).or_else(|| numbers.then_some(ending))?;
    Some((name.to_owned(), false))
}

/// The words before the last of a header, which says that it names a number; the last alone if there are none.
fn named(words: &Words, last: usize, ending: &str) -> Option<String> {
    let Some(of) = last.checked_sub(1).map(|i| words.word(i)) else { return Some(ending.to_owned()) };
    let first = (0..last - 1).map(|i| words.word(i));
    let name = first.chain([known(of).unwrap_or(of)]).collect::<Vec<_>>().join(" ");
    (!OF_NOBODY.contains(&of)).then_some(name)
}

fn known(word: &str) -> Option<&'static str> {
    ENTITIES.iter().find(|(written, _)| *written == word).map(|(_, name)| *name)
}

/// True for the name of a key that names nothing a number could be of.
#[must_use]
pub fn is_bare(key: &str) -> bool {
    ENDINGS.contains(&key)
}

/// What the rows of a table are, by its name: `tbl_employees` has employees.
#[must_use]
pub fn entity(table: &str) -> Option<&'static str> {
    let lower = table.to_ascii_lowercase();
    let word = lower.split(|c: char| !c.is_ascii_alphabetic()).rfind(|w| !w.is_empty())?;
    known(word).or_else(|| known(word.strip_suffix('s')?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::label;

    fn of(header: &str) -> Option<(String, bool)> {
        let mut words = Words::default();
        column(header, label::header(header, &mut words), &mut words)
    }

    #[test]
    fn one_key_has_many_names() {
        for header in ["employee_id", "EmpID", "empid", "EE #", "Employee No.", "Emp Number"] {
            assert_eq!(of(header), Some(("employee".to_owned(), true)), "{header}");
        }
        assert_eq!(of("Patient"), Some(("patient".to_owned(), false)));
        assert_eq!(of("badge"), Some(("badge".to_owned(), false)));
        assert_eq!(of("id"), Some(("id".to_owned(), true)));
        for header in [
            "SSN",
            "Town",
            "Account number",
            "Amount",
            "zip code",
            "dept no",
            "Line #",
            "State Code",
            "Manager Email",
            "Ref",
        ] {
            assert_eq!(of(header), None, "{header}");
        }
    }

    #[test]
    fn a_table_is_named_after_its_rows() {
        assert_eq!(entity("tbl_Employees"), Some("employee"));
        assert_eq!(entity("People"), Some("person"));
        assert_eq!(entity("Sheet1"), None);
    }
}

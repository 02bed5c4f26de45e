//! Fixed-width records: columns that stand at the same offsets in every line.
//!
//! Under a line of headings the headings say what the columns are. Without one, a nine-digit number glued to its neighbours says nothing by itself. It counts only in a layout in which two
//! columns hold surnames and given names, and a third a state or ZIP, throughout the sample.

use std::ops::Range;

use crate::associate::fields::Role;
use crate::associate::table::{Column, Table, header_row};
use crate::detect::cell::Verdict;
use crate::document::Cell;
use crate::name;
use crate::pattern::LabelKind;
use crate::pattern::label::{Labels, Words, header};
use crate::residency;

/// The shortest and longest line of such a file.
const LENGTHS: Range<usize> = 30..4000;

/// The longest line that may be a record by itself; a longer one is a message of many segments.
const ONE: usize = 512;

/// Offsets of the columns, and what they are.
pub struct Layout {
    /// Columns, in characters of a line.
    pub spans: Vec<Range<usize>>,
    /// Their profile.
    pub table: Table,
    /// Length of a line, where all have the same.
    length: Option<usize>,
    /// The line of headings, which is no record.
    head: Option<String>,
}

/// The layout of lines that have one.
#[must_use]
pub fn detect(lines: &[&str]) -> Option<Layout> {
    headed(lines).or_else(|| unheaded(lines))
}

/// How many lines may stand above the headings.
const TITLES: usize = 8;

/// Lines from which on two columns are a table without a rule below their headings.
const PAIRS: usize = 3;

/// True if the headings are those of a name and a number.
fn names_numbers(table: &Table) -> bool {
    !table.columns_of_numbers().is_empty() && table.columns.iter().any(|c| c.role.name.is_some())
}

/// Columns that begin where headings begin, with a blank before them in every line. Two need a rule below the headings,
/// or a name and a number in them: else they may be a label with its value.
fn headed(lines: &[&str]) -> Option<Layout> {
    lines.iter().take(TITLES).enumerate().find_map(|(i, head)| {
        let starts = heading_starts(head);
        if starts.len() < 2 || head.len() > LENGTHS.end {
            return None;
        }
        let mut spans: Vec<Range<usize>> = starts.windows(2).map(|w| w[0]..w[1]).collect();
        spans.push(starts[starts.len() - 1]..usize::MAX);
        let mut layout =
            Layout { spans, table: Table::default(), length: None, head: Some((*head).to_owned()) };
        let header = layout.cells(head);
        if header_row(&[header.clone(), header.clone()]) != Some(0) {
            return None;
        }
        let records: Vec<&&str> = lines[i + 1..].iter().filter(|l| !is_ruler(l)).collect();
        let fitting = records.iter().filter(|l| layout.is_record(l)).count();
        if fitting < 1 || fitting * 10 < records.len() * 8 {
            return None;
        }
        let sample: Vec<Vec<Cell>> = records.iter().map(|l| layout.cells(l)).collect();
        layout.table = Table::new(Some(&header), &sample);
        let ruled = lines.get(i + 1).is_some_and(|line| is_ruler(line));
        let all = fitting == records.len() && fitting >= PAIRS && names_numbers(&layout.table);
        (starts.len() > 2 || ruled || all).then_some(layout)
    })
}

/// Where headings begin: at the start, and after two blanks or more.
fn heading_starts(line: &str) -> Vec<usize> {
    if !line.contains("  ") {
        return Vec::new();
    }
    let chars: Vec<char> = line.chars().collect();
    let blank = |i: usize| chars[i] == ' ';
    let first = (0..chars.len()).find(|i| !blank(*i));
    let rest = (2..chars.len()).filter(|i| !blank(*i) && blank(i - 1) && blank(i - 2) && Some(*i) != first);
    first.into_iter().chain(rest).collect()
}

/// `-----  ----  ---`
fn is_ruler(line: &str) -> bool {
    let trimmed = line.trim();
    !trimmed.is_empty() && trimmed.chars().all(|c| matches!(c, '-' | '=' | '_' | ' ' | '+' | '|'))
}

fn unheaded(lines: &[&str]) -> Option<Layout> {
    let length = lines.first()?.len();
    // The last record of a file that was cut says nothing against the others.
    let lines = match lines {
        [others @ .., last] if others.len() >= 5 && last.len() < length => others,
        _ => lines,
    };
    let fits = |l: &&str| l.len() == length && l.is_ascii() && !l.contains('\t');
    let one_message = lines.len() == 1 && length > ONE;
    if !LENGTHS.contains(&length) || one_message || !lines.iter().all(fits) || !lines[0].contains("   ") {
        return None;
    }
    let spans = with_dates_apart(lines, columns(lines, length));
    if spans.len() < 4 {
        return None;
    }
    let table = table(lines, &spans)?;
    Some(Layout { spans, table, length: Some(length), head: None })
}

impl Layout {
    /// The cells of a line.
    #[must_use]
    pub fn cells(&self, line: &str) -> Vec<Cell> {
        let line = line.trim_end_matches('\r');
        let at = |n: usize| line.char_indices().nth(n).map_or(line.len(), |(i, _)| i);
        self.spans
            .iter()
            .zip(0..)
            .filter_map(|(span, column)| {
                let text = line[at(span.start)..at(span.end)].trim();
                (!text.is_empty()).then(|| Cell { column, text: text.to_owned(), number: false })
            })
            .collect()
    }

    /// True if a line is a record: of the common length, or with a blank before each column that it reaches.
    #[must_use]
    pub fn is_record(&self, line: &str) -> bool {
        let line = line.trim_end_matches('\r');
        if let Some(length) = self.length {
            return line.len() == length && line.is_ascii();
        }
        let chars: Vec<char> = line.chars().take(LENGTHS.end).collect();
        let starts = self.spans.iter().skip(1).map(|s| s.start);
        let apart = starts.clone().all(|s| chars.get(s - 1).is_none_or(|c| *c == ' '));
        let reached = starts.filter(|s| *s < chars.len()).count();
        apart && reached * 2 >= self.spans.len() - 1 && !is_ruler(line) && self.head.as_deref() != Some(line)
    }
}

/// A column begins where every line goes from letters to digits or back, or from a blank (in most lines) to
/// something (in all); it ends at offsets that are blank throughout.
fn columns(lines: &[&str], length: usize) -> Vec<Range<usize>> {
    let class = |l: &str, i: usize| match l.as_bytes()[i] {
        b' ' => 0,
        b'0'..=b'9' => 1,
        _ => 2,
    };
    let blank = |i: usize| lines.iter().all(|l| class(l, i) == 0);
    let begins = |i: usize| {
        let from_blank = lines.iter().filter(|l| class(l, i - 1) == 0).count() * 5 >= lines.len() * 4;
        let filled = lines.iter().all(|l| class(l, i) != 0);
        let turns = lines.iter().all(|l| class(l, i) == 1 && class(l, i - 1) != 1)
            || lines.iter().all(|l| class(l, i - 1) == 1 && class(l, i) != 1);
        turns || filled && from_blank
    };
    let (mut spans, mut start) = (Vec::new(), None);
    for i in 0..length {
        if let Some(s) = start
            && (blank(i) || begins(i))
        {
            spans.push(s..i);
            start = None;
        }
        if start.is_none() && !blank(i) {
            start = Some(i);
        }
    }
    spans.extend(start.map(|s| s..length));
    spans
}

/// Parts a date of birth from the nine digits it is glued to, where every line has them.
fn with_dates_apart(lines: &[&str], spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let dates = |span: Range<usize>| {
        let day = |l: &&str| {
            let d = &l.as_bytes()[span.clone()];
            let number =
                |r: Range<usize>| d[r].iter().fold(0, |n, b| n * 10 + u32::from(b.wrapping_sub(b'0')));
            let fits = |y: u32, m: u32, d: u32| {
                (1900..2100).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d)
            };
            fits(number(0..4), number(4..6), number(6..8)) || fits(number(4..8), number(0..2), number(2..4))
        };
        lines.iter().all(day)
    };
    let digits =
        |span: Range<usize>| lines.iter().all(|l| l[span.clone()].bytes().all(|b| b.is_ascii_digit()));
    let parted = |s: Range<usize>| {
        let behind = s.start + GLUED;
        if s.len() < GLUED || !digits(s.start..behind) {
            return vec![s];
        }
        let middle = match (dates(s.start + 9..behind), dates(s.start..s.start + 8)) {
            (true, _) => s.start + 9,
            (_, true) => s.start + 8,
            _ => return vec![s],
        };
        // What follows, as the number of a house, may be glued to them too.
        let rest = (behind < s.end).then_some(behind..s.end);
        [s.start..middle, middle..behind].into_iter().chain(rest).collect()
    };
    spans.into_iter().flat_map(parted).collect()
}

/// Nine digits and a date of eight.
const GLUED: usize = 17;

fn table(lines: &[&str], spans: &[Range<usize>]) -> Option<Table> {
    let values = |i: usize| lines.iter().map(move |l| l[spans[i].clone()].trim());
    let share = |i: usize, tenths: usize, test: &dyn Fn(&str) -> bool| {
        let (all, yes) =
            values(i).filter(|v| !v.is_empty()).fold((0, 0), |(n, y), v| (n + 1, y + usize::from(test(v))));
        all > 0 && yes * 10 >= all * tenths
    };
    let most = |i: usize, test: &dyn Fn(&str) -> bool| share(i, 7, test);
    let mut words = Words::default();
    let mut label = |text: &str| header(text, &mut words);
    let (zip, state) = (label("zip"), label("state"));
    let word = |v: &str| v.len() > 1 && v.bytes().all(|b| b.is_ascii_alphabetic() || b" '-.".contains(&b));
    let given = |i: usize| most(i, &|v| word(v) && name::is_given(v.split(' ').next().unwrap_or(v)));
    // Beside a column of given names, surnames may be ones of no list.
    let surname = |i: usize| most(i, &|v| word(v)) && share(i, 3, &|v| name::is_surname(v));
    let pair = (0..spans.len().saturating_sub(1)).find_map(|i| {
        let (s, g) = (surname(i) && given(i + 1), given(i) && surname(i + 1));
        if s { Some((i, i + 1)) } else { g.then_some((i + 1, i)) }
    });
    let (last, first) = pair?;
    let mut placed = false;
    let columns = (0..spans.len())
        .map(|i| {
            let labels = if most(i, &|v| v.len() == 5 && residency::of_zip(v, false).is_some()) {
                zip
            } else if most(i, &|v| v.len() == 2 && residency::of_state(v).is_some()) {
                state
            } else {
                Labels::default()
            };
            placed |= !labels.is_empty();
            let name = [(last, LabelKind::LastName), (first, LabelKind::FirstName)];
            let name = name.into_iter().find(|(at, _)| *at == i).map(|(_, kind)| kind);
            let digits = most(i, &|v| v.len() >= 7 && v.bytes().all(|b| b.is_ascii_alphanumeric()));
            let verdict = if digits && name.is_none() { Verdict::Layout } else { Verdict::None };
            Column { header: String::new(), labels, role: Role::known(name, verdict) }
        })
        .collect();
    let table = Table::of_columns(columns);
    let number = |i: usize| table.columns[i].role.verdict == Verdict::Layout;
    // A few lines alike prove no layout by themselves: then a number must be glued to its neighbour.
    let touches =
        |a: Option<&Range<usize>>, b: Option<&Range<usize>>| a.zip(b).is_some_and(|(a, b)| a.end == b.start);
    let glued = |i: usize| {
        let own = Some(&spans[i]);
        let before = i > 0 && touches(spans.get(i - 1), own);
        // What follows says enough only if it does so in more than one line.
        number(i) && (before || lines.len() > 1 && touches(own, spans.get(i + 1)))
    };
    let shown = (0..spans.len()).any(|i| if lines.len() < 5 { glued(i) } else { number(i) });
    (placed && shown).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_shows_its_columns() {
        let line = "HARGROVE            TOBIAS         E024613387CAMBRIDGE           MA02139";
        let layout = detect(&[line]).expect("a layout");
        let cells: Vec<String> = layout.cells(line).into_iter().map(|c| c.text).collect();
        assert_eq!(cells, ["HARGROVE", "TOBIAS", "E", "024613387", "CAMBRIDGE", "MA", "02139"]);
    }

    #[test]
    fn headings_say_where_columns_begin() {
        let lines = [
            "Clients, active",
            "LName      FName      SSN          Code",
            "---------  ---------  -----------  ----",
            "GONÇALVES  BRIDGET    029-37-7632  L",
            "OKONJO     ERIN       031-49-5518",
        ];
        let layout = detect(&lines).expect("a layout");
        let cells: Vec<String> = layout.cells(lines[3]).into_iter().map(|c| c.text).collect();
        assert_eq!(cells, ["GONÇALVES", "BRIDGET", "029-37-7632", "L"]);
        assert_eq!(lines.map(|l| layout.is_record(l)), [false, false, false, true, true]);
    }

    #[test]
    fn two_columns_are_a_table_under_a_rule() {
        let lines = [
            "Donor         SSN",
            "------------- ---------",
            "TOBIAS WRIGHT 024638878",
            "MAEVE LI      017394565",
        ];
        let layout = detect(&lines).expect("a layout");
        assert_eq!(lines.map(|l| layout.is_record(l)), [false, false, true, true]);
        let [head, _, first, second] = lines;
        assert!(detect(&[head, first]).is_none());
        assert!(detect(&[head, first, second, "RUI AMARAL    225839316"]).is_some());
        assert!(
            detect(&[
                "Name          Tobias",
                "SSN           024638878",
                "Town          Lynn",
                "ZIP           01902"
            ])
            .is_none()
        );
    }

    #[test]
    fn prose_and_listings_have_none() {
        assert!(detect(&["total 12345678                    files in this folder now"]).is_none());
        assert!(detect(&["Dear Sir, thank you for your letter of the third of May, it came"]).is_none());
    }
}

//! Numbers spread over the cells of a row: one digit to a cell, or area, group and serial behind their label.

use crate::document::Cell;
use crate::pattern::LabelKind;
use crate::pattern::label::{Words, header};

/// How many single digits in a row are a number and not a count.
const FEWEST: usize = 9;
/// How many columns further the next digit may stand: a dash or a narrow empty column may lie between.
const APART: u32 = 2;

/// Puts together what is spread over cells; the whole stands in the first of them.
pub(super) fn join(cells: &mut Vec<Cell>) {
    if cells.iter().filter(|c| boxed(c)).count() >= FEWEST {
        join_single(cells);
    }
    if cells.len() >= 4 {
        join_groups(cells);
    }
}

/// `0 | 2 | 4 | - | 6 | 1 | - | 3 | 3 | 8 | 7`: joined with blanks, as comb fields are written.
fn join_single(cells: &mut Vec<Cell>) {
    let mut run: Vec<Cell> = Vec::new();
    for cell in std::mem::take(cells) {
        let goes_on = match run.last() {
            Some(last) => cell.column.abs_diff(last.column) <= APART && (boxed(&cell) || is_dash(&cell)),
            None => boxed(&cell),
        };
        if goes_on {
            run.push(cell);
        } else {
            finish(&mut run, cells);
            if boxed(&cell) { run.push(cell) } else { cells.push(cell) }
        }
    }
    finish(&mut run, cells);
}

/// Hands on a run of boxes: as one cell if it is long enough, what stands behind its last digit apart.
fn finish(run: &mut Vec<Cell>, cells: &mut Vec<Cell>) {
    let digits: Vec<&str> = run.iter().filter(|c| boxed(c)).map(|c| c.text.trim()).collect();
    if digits.len() >= FEWEST {
        let text = digits.join(" ");
        let last = run.iter().rposition(boxed).unwrap_or(0);
        cells.push(Cell { column: run[0].column, text, number: false });
        run.drain(..=last);
    }
    cells.append(run);
}

fn boxed(cell: &Cell) -> bool {
    matches!(cell.text.trim().as_bytes(), [digit] if digit.is_ascii_digit())
}

fn is_dash(cell: &Cell) -> bool {
    matches!(cell.text.trim(), "" | "-" | "–" | "|")
}

/// `SSN | 024 | 61 | 3387`
fn join_groups(cells: &mut Vec<Cell>) {
    let digits =
        |c: &Cell, n: usize| c.text.trim().len() == n && c.text.trim().bytes().all(|b| b.is_ascii_digit());
    let parted = |w: &[Cell]| digits(&w[1], 3) && digits(&w[2], 2) && digits(&w[3], 4);
    let Some(label) = cells.windows(4).position(parted) else { return };
    if header(&cells[label].text, &mut Words::default()).of_kind(LabelKind::Ssn).is_some() {
        let parts: Vec<&str> = cells[label + 1..label + 4].iter().map(|c| c.text.trim()).collect();
        cells[label + 1].text = parts.join("-");
        cells[label + 1].number = false;
        cells.drain(label + 2..label + 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(line: &str) -> String {
        let cell = |(text, column): (&str, u32)| Cell { column, text: text.to_owned(), number: false };
        let mut cells = line.split('|').zip(0..).map(cell).collect();
        join(&mut cells);
        cells.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn digits_in_boxes_are_one_number() {
        assert_eq!(joined("SSN|0|2|4|-|6|1|-|3|3|8|7|x"), "SSN|0 2 4 6 1 3 3 8 7|x");
        assert_eq!(joined("SSN|0|2|4||6|1||3|3|8|7"), "SSN|0 2 4 6 1 3 3 8 7");
        assert_eq!(joined("Answers|0|2|4|6|1|3"), "Answers|0|2|4|6|1|3");
    }

    #[test]
    fn groups_behind_their_label_are_one_number() {
        assert_eq!(joined("Name|Tobias Hargrove|SSN|024|61|3387"), "Name|Tobias Hargrove|SSN|024-61-3387");
        assert_eq!(joined("Part|024|61|3387"), "Part|024|61|3387");
    }
}

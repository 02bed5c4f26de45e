//! Cells whose text goes on in the next line of the page: a narrow column breaks names, and numbers too.
//!
//! A line of cells goes on with the one above where each of them stands below a cell that had no room left for its
//! first word. Room is what the widest cell of the column takes up, for lines and margins of a table are not text.

use super::{Cell, EDGE};

/// Columns that are looked at; a table of more is left as it is.
const MOST: usize = 64;
/// A cell of so many parts of the cells of the line above is the most that goes on.
const PART: usize = 2;
/// So many letters are the rest of a heading, and no word of it.
const REST: usize = 2;
/// How much of a column may seem to be left, in parts of the size of the font: glyphs are not all of one width.
const SLACK: f64 = 0.3;

/// Joins lines that go on with the one above. Returns the number of the line that each of those left begins with.
pub(super) fn unwrap(lines: &mut Vec<Vec<Cell>>) -> Vec<usize> {
    let columns = columns(lines);
    if columns.len() > MOST {
        return (0..lines.len()).collect();
    }
    let mut done: Vec<Vec<Cell>> = Vec::with_capacity(lines.len());
    let mut begun = Vec::with_capacity(lines.len());
    // The ends of the cells in the last line that was read, by those of the row.
    let mut ends: Vec<f64> = Vec::new();
    for (n, line) in lines.drain(..).enumerate() {
        let heads = done.len() == 1;
        if let Some((places, row)) =
            done.last_mut().and_then(|row| Some((below(&line, row, &ends, &columns)?, row)))
        {
            for (cell, at) in line.into_iter().zip(places) {
                // A heading is broken within its word if its column is narrow, and so is any other word.
                let short = heads && cell.text.len() <= REST && cell.text.chars().all(char::is_alphabetic);
                let rest =
                    short || is_filled(ends[at], &cell, &columns) && is_rest(&row[at].text, &cell.text);
                ends[at] = cell.end;
                join(&mut row[at].text, &cell.text, rest);
            }
        } else {
            ends = line.iter().map(|cell| cell.end).collect();
            done.push(line);
            begun.push(n);
        }
    }
    *lines = done;
    begun
}

/// True if a column was full up to its edge above a cell: not one letter of it had room.
fn is_filled(end: f64, cell: &Cell, columns: &[(f64, f64)]) -> bool {
    let wide = columns.iter().find(|column| (column.0 - cell.start).abs() <= EDGE);
    let letter = (cell.end - cell.start) / cell.text.chars().count().max(1) as f64;
    wide.is_some_and(|wide| end + letter > wide.1)
}

/// True if `more` is no word: the rest of the only one above it, or the second letter of a state.
fn is_rest(text: &str, more: &str) -> bool {
    const WORDS: [&str; 12] = ["de", "da", "do", "dos", "das", "di", "del", "la", "le", "van", "von", "y"];
    let lower = more.starts_with(char::is_lowercase) && !more.split(' ').any(|word| WORDS.contains(&word));
    let capital = |word: &str| word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    let word = text.chars().all(char::is_alphabetic);
    word && (lower || capital(text) && capital(more))
}

/// Where the columns begin and how far their widest cell goes.
fn columns(lines: &[Vec<Cell>]) -> Vec<(f64, f64)> {
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for cell in lines.iter().flatten() {
        match columns.iter_mut().find(|column| (column.0 - cell.start).abs() <= EDGE) {
            Some(column) => column.1 = column.1.max(cell.end),
            None => columns.push((cell.start, cell.end)),
        }
        if columns.len() > MOST {
            break;
        }
    }
    columns
}

/// The cells of `row` that those of `line` go on with, if all do.
fn below(line: &[Cell], row: &[Cell], ends: &[f64], columns: &[(f64, f64)]) -> Option<Vec<usize>> {
    if line.is_empty() || line.len() * PART > row.len() {
        return None;
    }
    let place = |cell: &Cell| {
        let at = row.iter().position(|above| (above.start - cell.start).abs() <= EDGE)?;
        let wide = columns.iter().find(|column| (column.0 - cell.start).abs() <= EDGE)?.1;
        let length = cell.text.chars().count().max(1) as f64;
        let word = cell.text.split(' ').next().unwrap_or("").chars().count() as f64;
        let first = (cell.end - cell.start) / length * word;
        (ends[at] + first > wide - SLACK * cell.em).then_some(at)
    };
    line.iter().map(place).collect()
}

/// Adds what goes on: a broken number without a blank, what was broken behind a hyphen, and the `rest` of a word.
fn join(text: &mut String, more: &str, rest: bool) {
    let number = text.rsplit(' ').next().unwrap_or("");
    let broken = number.chars().any(|c| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit() || c == '-')
        && more.starts_with(|c: char| c.is_ascii_digit());
    let hyphen = text.strip_suffix('-').is_some_and(|t| t.ends_with(char::is_alphanumeric));
    if !broken && !hyphen && !rest && !text.ends_with(' ') {
        text.push(' ');
    }
    text.push_str(more);
}

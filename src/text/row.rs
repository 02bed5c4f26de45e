//! Which lines are a row of a delimited table, and its cells.
//!
//! There is no quote state over the whole file: one stray quote would hide the rest of it. A row is found around
//! a line, from that line alone where it splits into the table's columns, else from at most 16 lines.

use std::ops::Range;

use crate::associate::turned::Start;
use crate::document::Cell;

/// The most lines a row may span.
pub const LINES: usize = 16;
/// The longest row, in bytes; part of the reach of a decision.
pub const LONGEST: usize = 46 * 1024;

/// Form of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// What separates cells.
    pub delimiter: u8,
    /// How many columns.
    pub columns: usize,
}

/// Fields that a stretch completes, and whether it ends inside quotes.
#[derive(Clone, Copy)]
struct Split {
    delimiters: usize,
    inside: bool,
    /// True if a field ends with a quote that it does not begin with: that of a cell which began on a line before.
    closes: bool,
}

impl Split {
    /// True if the stretch is a row and nothing of it belongs to a line before.
    fn is_row(self, shape: Shape) -> bool {
        !self.inside && !self.closes && self.delimiters + 1 == shape.columns
    }
}

/// Splits without looking at contents: delimiters outside quotes. A quote opens at the start of a field only, behind
/// spaces at most.
fn split(text: &[u8], delimiter: u8, inside: bool) -> Split {
    let (mut delimiters, mut at, mut fresh, mut closes) = (0, 0, true, false);
    if inside {
        match closing(text, 0) {
            None => return Split { delimiters, inside, closes },
            Some(end) => (at, fresh) = (end, false),
        }
    }
    while let Some(quote) = memchr::memchr(b'"', &text[at..]).map(|p| at + p) {
        delimiters += memchr::memchr_iter(delimiter, &text[at..quote]).count();
        let spaces = text[at..quote].iter().rev().take_while(|b| **b == b' ').count();
        let field = quote - spaces;
        let opens = if field > at { text[field - 1] == delimiter } else { fresh };
        fresh = false;
        closes |= !opens && text.get(quote + 1).is_none_or(|next| *next == delimiter);
        at = match opens {
            false => quote + 1,
            true => match closing(text, quote + 1) {
                None => return Split { delimiters, inside: true, closes },
                Some(end) => end,
            },
        };
    }
    delimiters += memchr::memchr_iter(delimiter, &text[at..]).count();
    Split { delimiters, inside: false, closes }
}

/// Behind the quote that closes what was open at `at`; two quotes are one of the text.
fn closing(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr(b'"', &text[at..])? + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// The number of fields of one line, if its quotes are balanced.
#[must_use]
pub fn fields(line: &str, delimiter: u8) -> Option<usize> {
    let s = split(line.trim_end_matches('\r').as_bytes(), delimiter, false);
    (!s.inside).then_some(s.delimiters + 1)
}

/// The row that holds `line`, or `None` if the line is prose.
#[must_use]
pub fn row_at(text: &str, line: &Range<usize>, shape: Shape) -> Option<Range<usize>> {
    let content = text[line.clone()].trim_end_matches('\r');
    if content.trim().is_empty() || content.len() > LONGEST {
        return None;
    }
    let own = split(content.as_bytes(), shape.delimiter, false);
    if own.is_row(shape) {
        return Some(line.clone());
    }
    if let Some(run) = run_of_lines(text, line, shape) {
        return Some(run);
    }
    let fields = own.delimiters + 1;
    let row = fields == shape.columns || is_short_or_padded(content, fields, shape);
    (!own.inside && row).then(|| line.clone())
}

/// True if a balanced line of `fields` fields, which are not all of the columns, is a row nevertheless: fewer, or with
/// nothing in those beyond.
#[must_use]
pub fn is_short_or_padded(line: &str, fields: usize, shape: Shape) -> bool {
    let padded = || cells(line, shape.delimiter).iter().all(|c| (c.column as usize) < shape.columns);
    (2..shape.columns).contains(&fields) || fields > shape.columns && padded()
}

/// The shortest run of 2 to 16 lines that holds `line` and splits, balanced, into all columns; the earliest on a
/// tie. Only lines joined by open quotes make a run.
fn run_of_lines(text: &str, line: &Range<usize>, shape: Shape) -> Option<Range<usize>> {
    let mut lines = lines_before(text, line);
    // A run begins with a line that ends within quotes.
    let opens = |r: &Range<usize>| {
        let t = text[r.clone()].trim_end_matches('\r').as_bytes();
        split(t, shape.delimiter, false).inside
    };
    let from = lines.first().map_or(line.start, |first| first.start);
    let quoted = memchr::memchr(b'"', &text.as_bytes()[from..line.end]).is_some();
    if !quoted || !opens(line) && !lines.iter().any(opens) {
        return None;
    }
    let own = lines.len();
    lines.push(line.clone());
    lines_behind(text, line, &mut lines);
    let summary: Vec<[Split; 2]> = lines
        .iter()
        .map(|r| {
            let t = text[r.clone()].trim_end_matches('\r').as_bytes();
            [split(t, shape.delimiter, false), split(t, shape.delimiter, true)]
        })
        .collect();
    let mut best: Option<(usize, usize)> = None;
    for start in (own + 1).saturating_sub(LINES)..=own {
        let Some(end) = run_from(&summary, start, own, shape) else { continue };
        let length = end - start;
        if best.is_none_or(|(s, e)| length < e - s) {
            best = Some((start, end));
        }
    }
    best.map(|(s, e)| lines[s].start..lines[e].end)
}

/// Follows open quotes from line `start`, but never over a line that is a whole row by itself: a stray quote must
/// not join the rows of several people; the last line of the run if it closes at or after `own` with all
/// columns.
fn run_from(summary: &[[Split; 2]], start: usize, own: usize, shape: Shape) -> Option<usize> {
    let (mut inside, mut delimiters) = (false, 0);
    for (i, s) in summary.iter().enumerate().skip(start).take(LINES) {
        let alone = s[0];
        if i > start && alone.is_row(shape) {
            return None;
        }
        let s = s[usize::from(inside)];
        delimiters += s.delimiters;
        inside = s.inside;
        if !inside {
            return (i >= own && i > start && delimiters + 1 == shape.columns).then_some(i);
        }
    }
    None
}

/// Up to 15 lines before the line, as far as they lie within the longest row.
fn lines_before(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let b = text.as_bytes();
    let lo = line.start.saturating_sub(LONGEST);
    let mut before = Vec::new();
    let mut start = line.start;
    while before.len() < LINES - 1 && start > lo && b[start - 1] == b'\n' {
        let end = start - 1;
        let Some(s) = memchr::memrchr(b'\n', &b[lo..end]).map(|p| lo + p + 1).or((lo == 0).then_some(0))
        else {
            break;
        };
        before.push(s..end);
        start = s;
    }
    before.reverse();
    before
}

/// Up to 15 lines behind the line, as far as they lie within the longest row.
fn lines_behind(text: &str, line: &Range<usize>, all: &mut Vec<Range<usize>>) {
    let b = text.as_bytes();
    let hi = (line.end + LONGEST).min(b.len());
    let mut end = line.end;
    for _ in 1..LINES {
        if end >= hi || b[end] != b'\n' {
            break;
        }
        let Some(e) =
            memchr::memchr(b'\n', &b[end + 1..hi]).map(|p| end + 1 + p).or((hi == b.len()).then_some(hi))
        else {
            break;
        };
        all.push(end + 1..e);
        end = e;
    }
}

/// The cells of a row that hold something, quotes taken off.
#[must_use]
pub fn cells(row: &str, delimiter: u8) -> Vec<Cell> {
    first_cells(row, delimiter, usize::MAX)
}

/// The first `most` of [`cells`].
#[must_use]
pub fn first_cells(row: &str, delimiter: u8, most: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    let count = write_cells(row, delimiter, most, &mut cells);
    cells.truncate(count);
    cells
}

/// The same as [`cells`], written over those of another row in `room`, which keeps what it has for the next.
pub fn cells_in<'c>(row: &str, delimiter: u8, room: &'c mut Vec<Cell>) -> &'c [Cell] {
    let count = write_cells(row, delimiter, usize::MAX, room);
    &room[..count]
}

/// Writes the first `most` cells that hold something over those of `out`; returns how many there are.
fn write_cells(row: &str, delimiter: u8, most: usize, out: &mut Vec<Cell>) -> usize {
    let b = row.trim_end_matches(['\r', '\n']).as_bytes();
    let (mut at, mut column, mut count) = (0, 0, 0);
    loop {
        if count == out.len() {
            out.push(Cell { column, text: String::new(), number: false });
        }
        let own = &mut out[count];
        own.column = column;
        own.text.clear();
        let next = cell(row, b, at, delimiter, &mut own.text);
        count += usize::from(!own.text.trim().is_empty());
        if next >= b.len() || count >= most {
            return count;
        }
        at = next + 1;
        column += 1;
    }
}

/// The first two of [`cells`] with the column of the first.
#[must_use]
pub fn first_two(row: &str, delimiter: u8) -> Option<Start<'_>> {
    if memchr::memchr(b'"', row.as_bytes()).is_some() {
        let mut cells = first_cells(row, delimiter, 2).into_iter();
        let first = cells.next()?;
        return Some((first.column, first.text.into(), cells.next().map(|c| c.text.into())));
    }
    let row = row.trim_end_matches(['\r', '\n']);
    let mut cells = (0..).zip(plain_cells(row, delimiter)).filter(|(_, cell)| !cell.is_empty());
    let (column, first) = cells.next()?;
    Some((column, first.into(), cells.next().map(|(_, cell)| cell.into())))
}

/// All cells of a row without quotes.
fn plain_cells(row: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let ends = memchr::memchr_iter(delimiter, row.as_bytes()).chain([row.len()]);
    let mut start = 0;
    ends.map(move |end| {
        let cell = &row[start..end];
        start = end + 1;
        cell.trim()
    })
}

/// How many cells [`cells`] has of a row.
#[must_use]
pub fn filled(row: &str, delimiter: u8) -> usize {
    if memchr::memchr(b'"', row.as_bytes()).is_some() {
        return cells(row, delimiter).len();
    }
    plain_cells(row, delimiter).filter(|cell| !cell.is_empty()).count()
}

/// Appends the cell that starts at `at` to `text`; returns the offset of the delimiter behind it (or the end).
fn cell(row: &str, b: &[u8], at: usize, delimiter: u8, text: &mut String) -> usize {
    let plain = |from: usize| memchr::memchr(delimiter, &b[from..]).map_or(b.len(), |p| from + p);
    let lead = b[at..].iter().take_while(|c| **c == b' ').count();
    if b.get(at + lead) != Some(&b'"') {
        let end = plain(at);
        text.push_str(row[at..end].trim());
        return end;
    }
    let mut i = at + lead + 1;
    while let Some(q) = memchr::memchr(b'"', &b[i..]).map(|p| i + p) {
        text.push_str(&row[i..q]);
        if b.get(q + 1) != Some(&b'"') {
            let end = plain(q + 1);
            text.push_str(row[q + 1..end].trim());
            return end;
        }
        text.push('"');
        i = q + 2;
    }
    text.push_str(&row[i.min(b.len())..b.len()]);
    b.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Delimiters outside quotes, and whether the end lies inside some, by going from byte to byte.
    fn split_by_bytes(text: &[u8], mut inside: bool) -> (usize, bool) {
        let (mut delimiters, mut at, mut start) = (0, 0, !inside);
        while at < text.len() {
            match text[at] {
                b'"' if inside && text.get(at + 1) == Some(&b'"') => at += 1,
                b'"' if inside => (inside, start) = (false, false),
                _ if inside => {}
                b',' => (delimiters, start) = (delimiters + 1, true),
                b'"' if start => inside = true,
                b => start &= b == b' ',
            }
            at += 1;
        }
        (delimiters, inside)
    }

    proptest! {
        #[test]
        fn splitting_by_leaps_is_splitting_by_bytes(text in "[a, \"]{0,40}", inside in any::<bool>()) {
            let split = split(text.as_bytes(), b',', inside);
            prop_assert_eq!((split.delimiters, split.inside), split_by_bytes(text.as_bytes(), inside));
        }
    }

    const SHAPE: Shape = Shape { delimiter: b',', columns: 3 };

    fn row_of(text: &str, needle: &str) -> Option<String> {
        let at = text.find(needle).expect("needle");
        let start = text[..at].rfind('\n').map_or(0, |p| p + 1);
        let end = text[at..].find('\n').map_or(text.len(), |p| at + p);
        row_at(text, &(start..end), SHAPE).map(|r| text[r].to_owned())
    }

    #[test]
    fn a_line_with_all_columns_is_a_row_even_after_a_stray_quote() {
        assert_eq!(row_of("a,\"b,c\nd,e,f\n", "d,").as_deref(), Some("d,e,f"));
    }

    #[test]
    fn a_quoted_cell_may_span_lines() {
        let text = "x,y,z\n1,\"two\nlines\",3\n4,5,6";
        assert_eq!(row_of(text, "two").as_deref(), Some("1,\"two\nlines\",3"));
        assert_eq!(row_of(text, "lines").as_deref(), Some("1,\"two\nlines\",3"));
        assert_eq!(row_of(text, "4,").as_deref(), Some("4,5,6"));
    }

    #[test]
    fn short_rows_and_empty_surplus_are_rows_and_the_rest_is_prose() {
        assert_eq!(row_of("a,b", "a").as_deref(), Some("a,b"));
        assert_eq!(row_of("a,b,c,,", "a").as_deref(), Some("a,b,c,,"));
        assert_eq!(row_of("a,b,c,d", "a"), None);
        assert_eq!(row_of("only prose", "prose"), None);
    }

    #[test]
    fn the_end_of_a_cell_with_as_many_commas_as_a_row_is_none() {
        let text = "Tobias,\"see file\nsecond, page\",024613387\nMaeve,no pipe of 5\",031772096\n";
        let shape = Shape { delimiter: b',', columns: 3 };
        assert_eq!(row_at(text, &(17..40), shape), Some(0..40));
        assert_eq!(row_at(text, &(0..16), shape), Some(0..40));
        assert_eq!(row_at(text, &(41..71), shape), Some(41..71));
    }

    #[test]
    fn cells_lose_their_quotes() {
        let all: Vec<(u32, String)> = cells("\"Hargrove, Tobias\",,\"say \"\"hi\"\"\"\r", b',')
            .into_iter()
            .map(|c| (c.column, c.text))
            .collect();
        assert_eq!(all, [(0, "Hargrove, Tobias".to_owned()), (2, "say \"hi\"".to_owned())]);
    }
}

//! Which lines are a row of a delimited table, and its cells.
//!
//! There is no quote state over the whole file: one stray quote would hide the rest of it. A row is found around
//! a line, from that line alone where it splits into the table's columns, else from at most 16 lines.

use std::ops::Range;

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
}

/// Splits without looking at contents: delimiters outside quotes. A quote opens at the start of a field only.
fn split(text: &[u8], delimiter: u8, mut inside: bool) -> Split {
    let (mut delimiters, mut at, mut start) = (0, 0, !inside);
    if !inside && memchr::memchr(b'"', text).is_none() {
        return Split { delimiters: memchr::memchr_iter(delimiter, text).count(), inside: false };
    }
    while at < text.len() {
        let b = text[at];
        if inside {
            if b == b'"' {
                if text.get(at + 1) == Some(&b'"') { at += 1 } else { inside = false }
            }
        } else if b == delimiter {
            delimiters += 1;
            start = true;
            at += 1;
            continue;
        } else if b == b'"' && start {
            inside = true;
        }
        start &= b == b' ' && !inside;
        at += 1;
    }
    Split { delimiters, inside }
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
    if !own.inside && own.delimiters + 1 == shape.columns {
        return Some(line.clone());
    }
    if let Some(run) = run_of_lines(text, line, shape) {
        return Some(run);
    }
    if own.inside {
        return None;
    }
    let n = own.delimiters + 1;
    let surplus_empty = n > shape.columns && {
        let cells = cells(content, shape.delimiter);
        cells.iter().all(|c| (c.column as usize) < shape.columns)
    };
    ((2..shape.columns).contains(&n) || surplus_empty).then(|| line.clone())
}

/// The shortest run of 2 to 16 lines that holds `line` and splits, balanced, into all columns; the earliest on a
/// tie. Only lines joined by open quotes make a run.
fn run_of_lines(text: &str, line: &Range<usize>, shape: Shape) -> Option<Range<usize>> {
    let lines = neighbourhood(text, line);
    let own = lines.iter().position(|r| r == line)?;
    let all = lines.first()?.start..lines.last()?.end;
    memchr::memchr(b'"', &text.as_bytes()[all])?;
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
        if i > start && !alone.inside && alone.delimiters + 1 == shape.columns {
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

/// The line with up to 15 lines either side, as far as they lie within the longest row.
fn neighbourhood(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let b = text.as_bytes();
    let (lo, hi) = (line.start.saturating_sub(LONGEST), (line.end + LONGEST).min(b.len()));
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
    let mut all = before;
    all.push(line.clone());
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
    all
}

/// The cells of a row that hold something, quotes taken off.
#[must_use]
pub fn cells(row: &str, delimiter: u8) -> Vec<Cell> {
    let mut out = Vec::new();
    let b = row.trim_end_matches(['\r', '\n']).as_bytes();
    let (mut at, mut column) = (0, 0);
    loop {
        let (text, next) = cell(row, b, at, delimiter);
        if !text.trim().is_empty() {
            out.push(Cell { column, text, number: false });
        }
        if next >= b.len() {
            return out;
        }
        at = next + 1;
        column += 1;
    }
}

/// How many cells [`cells`] has of a row.
#[must_use]
pub fn filled(row: &str, delimiter: u8) -> usize {
    if memchr::memchr(b'"', row.as_bytes()).is_some() {
        return cells(row, delimiter).len();
    }
    row.split(char::from(delimiter)).filter(|cell| !cell.trim().is_empty()).count()
}

/// The cell that starts at `at`, and the offset of the delimiter behind it (or the end).
fn cell(row: &str, b: &[u8], at: usize, delimiter: u8) -> (String, usize) {
    let plain = |from: usize| memchr::memchr(delimiter, &b[from..]).map_or(b.len(), |p| from + p);
    let lead = b[at..].iter().take_while(|c| **c == b' ').count();
    if b.get(at + lead) != Some(&b'"') {
        let end = plain(at);
        return (row[at..end].trim().to_owned(), end);
    }
    let (mut text, mut i) = (String::new(), at + lead + 1);
    while let Some(q) = memchr::memchr(b'"', &b[i..]).map(|p| i + p) {
        text.push_str(&row[i..q]);
        if b.get(q + 1) != Some(&b'"') {
            let end = plain(q + 1);
            text.push_str(row[q + 1..end].trim());
            return (text, end);
        }
        text.push('"');
        i = q + 2;
    }
    text.push_str(&row[i.min(b.len())..b.len()]);
    (text, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn cells_lose_their_quotes() {
        let all: Vec<(u32, String)> = cells("\"Hargrove, Tobias\",,\"say \"\"hi\"\"\"\r", b',')
            .into_iter()
            .map(|c| (c.column, c.text))
            .collect();
        assert_eq!(all, [(0, "Hargrove, Tobias".to_owned()), (2, "say \"hi\"".to_owned())]);
    }
}

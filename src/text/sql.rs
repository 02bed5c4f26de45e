//! `INSERT` statements: the column list is the header of its tuples.

use std::ops::Range;

use crate::associate::table::Table;
use crate::document::Cell;

/// The longest statement head (`INSERT INTO t (…) VALUES`).
const HEAD: usize = 8 * 1024;

/// A statement with its columns, and where its tuples begin.
pub struct Insert {
    /// Name of the table.
    pub name: String,
    /// Profile from the column list.
    pub table: Table,
    /// Offset of the first tuple.
    pub tuples: usize,
}

/// Offsets of `INSERT INTO` in `text`, in order.
pub fn statements(text: &str) -> Vec<usize> {
    let lower = memchr::memmem::find_iter(text.as_bytes(), b"insert into ");
    let upper = memchr::memmem::find_iter(text.as_bytes(), b"INSERT INTO ");
    let mut all: Vec<usize> = lower.chain(upper).collect();
    all.sort_unstable();
    all
}

/// Reads the head of the statement at `at`; `None` if it names no columns.
#[must_use]
pub fn head(text: &str, at: usize) -> Option<Insert> {
    let end = crate::detect::label_context::char_at_or_after(text, (at + HEAD).min(text.len()));
    let statement = &text[at..end];
    let open = statement.find('(')?;
    let close = open + statement[open..].find(')')?;
    let values = close + statement[close..].to_ascii_uppercase().find("VALUES")?;
    let unquote = |s: &str| s.trim().trim_matches(['`', '"', '[', ']', '\'']).to_owned();
    let columns: Vec<Cell> = statement[open + 1..close]
        .split(',')
        .zip(0..)
        .map(|(name, column)| Cell { column, text: unquote(name), number: false })
        .collect();
    let name = unquote(statement["INSERT INTO ".len()..open].trim().rsplit('.').next()?);
    Some(Insert { name, table: Table::new(Some(&columns), &[]), tuples: at + values + "VALUES".len() })
}

/// The tuples of a statement from `at` on: range and cells, up to the `;` or anything that is no tuple.
pub fn tuples(text: &str, mut at: usize, mut each: impl FnMut(Range<usize>, Vec<Cell>)) -> usize {
    let b = text.as_bytes();
    while let Some(open) = b[at..].iter().position(|c| !c.is_ascii_whitespace() && *c != b',').map(|p| at + p) {
        if b[open] != b'(' {
            return open;
        }
        let Some((cells, end)) = tuple(text, open + 1) else { return b.len() };
        each(open..end, cells);
        at = end;
    }
    b.len()
}

/// The cells of the tuple whose content starts at `at`, and the offset behind its `)`.
fn tuple(text: &str, mut at: usize) -> Option<(Vec<Cell>, usize)> {
    let b = text.as_bytes();
    let (mut cells, mut column) = (Vec::new(), 0);
    loop {
        at += b[at..].iter().take_while(|c| c.is_ascii_whitespace()).count();
        let (value, quoted, end) = value(text, at)?;
        if quoted || !value.eq_ignore_ascii_case("null") && !value.is_empty() {
            let number = !quoted && value.bytes().all(|c| c.is_ascii_digit() || c == b'.');
            cells.push(Cell { column, text: value, number });
        }
        at = end + b[end..].iter().take_while(|c| c.is_ascii_whitespace()).count();
        match b.get(at)? {
            b',' => column += 1,
            b')' => return Some((cells, at + 1)),
            _ => return None,
        }
        at += 1;
    }
}

fn value(text: &str, at: usize) -> Option<(String, bool, usize)> {
    let b = text.as_bytes();
    if b.get(at)? != &b'\'' {
        let end = at + b[at..].iter().position(|c| b",)".contains(c))?;
        return Some((text[at..end].trim().to_owned(), false, end));
    }
    let (mut value, mut from, mut i) = (String::new(), at + 1, at + 1);
    loop {
        match b.get(i)? {
            b'\\' => {
                value.push_str(&text[from..i]);
                from = i + 1;
                i += 2;
            }
            b'\'' if b.get(i + 1) == Some(&b'\'') => {
                value.push_str(&text[from..=i]);
                from = i + 2;
                i += 2;
            }
            b'\'' => {
                value.push_str(text.get(from..i)?);
                return Some((value, true, i + 1));
            }
            _ => i += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_list_is_the_header() {
        let text = "INSERT INTO hr.`emp` (fname, `ssn`) VALUES ('O''Brien','024613387'),\n('a,b)', NULL);\nx";
        let insert = head(text, 0).expect("a statement");
        assert_eq!(insert.name, "emp");
        assert_eq!(insert.table.columns[1].header, "ssn");
        let mut rows = Vec::new();
        tuples(text, insert.tuples, |_, cells| rows.push(cells.into_iter().map(|c| c.text).collect::<Vec<_>>()));
        assert_eq!(rows, [vec!["O'Brien", "024613387"], vec!["a,b)"]]);
    }
}

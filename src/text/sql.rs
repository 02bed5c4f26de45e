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
}

/// Offsets of `INSERT`, in any case, and of `COPY` at the start of a line, in order.
pub fn statements(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let lower = memchr::memmem::find_iter(bytes, b"nsert ");
    let upper = memchr::memmem::find_iter(bytes, b"NSERT ");
    let begins = |at: usize| at.checked_sub(1).filter(|at| insert_head(&bytes[*at..]).is_some());
    let copy = memchr::memmem::find_iter(bytes, b"COPY ").filter(|at| *at == 0 || bytes[at - 1] == b'\n');
    let mut all: Vec<usize> = lower.chain(upper).filter_map(begins).chain(copy).collect();
    all.sort_unstable();
    all
}

/// Length of `INSERT INTO ` at the head of a text, or of `INSERT ` before a name in brackets (Transact-SQL may
/// leave `INTO` out, and scripts of its tools do).
#[must_use]
pub fn insert_head(bytes: &[u8]) -> Option<usize> {
    let word = |w: &str| bytes.get(..w.len()).is_some_and(|b| b.eq_ignore_ascii_case(w.as_bytes()));
    let into = "insert into ";
    if word(into) {
        return Some(into.len());
    }
    word("insert [").then_some("insert ".len())
}

/// Offsets of `CREATE TABLE`, in order.
pub fn tables(text: &str) -> Vec<usize> {
    let lower = memchr::memmem::find_iter(text.as_bytes(), b"create table ");
    let upper = memchr::memmem::find_iter(text.as_bytes(), b"CREATE TABLE ");
    let mut all: Vec<usize> = lower.chain(upper).collect();
    all.sort_unstable();
    all
}

/// Where tuples begin again after a place inside a statement: behind `),`, or at a `(` that begins a line.
#[must_use]
pub fn resume(text: &str, from: usize) -> Option<usize> {
    let b = &text.as_bytes()[from..];
    let inner = memchr::memmem::find(b, b"),(").map(|p| p + 2);
    let line = memchr::memmem::find(b, b"\n(").map(|p| p + 1);
    inner.into_iter().chain(line).min().map(|p| from + p)
}

/// The head of the `INSERT` or `COPY` at `at`, up to its rows.
#[must_use]
pub fn head_text(text: &str, at: usize) -> Option<&str> {
    let end = crate::detect::label_context::char_at_or_after(text, (at + HEAD).min(text.len()));
    let statement = &text[at..end];
    match statement.starts_with("COPY ") {
        true => statement.find('\n').map(|end| &statement[..=end]),
        false => find_word(statement, "VALUES").map(|values| &statement[..values + "VALUES".len()]),
    }
}

/// Reads the head of the statement at `at`; without a column list the columns are those of the last
/// `CREATE TABLE` of that name before it. `None` if neither names any.
#[must_use]
pub fn head(text: &str, at: usize) -> Option<Insert> {
    let end = crate::detect::label_context::char_at_or_after(text, (at + HEAD).min(text.len()));
    let statement = &text[at..end];
    let values = find_word(statement, "VALUES")?;
    let named = statement.get(insert_head(statement.as_bytes())?..values)?;
    let (name, columns) = if let Some((name, list)) = named.split_once('(') {
        (unquoted(name), columns(list.split(')').next()?))
    } else {
        let name = unquoted(named);
        let columns = created(text, at, &name)?;
        (name, columns)
    };
    Some(Insert { name, table: Table::new(Some(&columns), &[]) })
}

/// How far the name of a table without columns is looked for, and how many rows tell what its columns are.
const NAME: usize = 512;
const ROWS: usize = 8;

/// The statement at `at` of a table whose columns nothing names: they are told from the rows that follow, and if it
/// is the last one from those before it. `None` if they name nobody.
#[must_use]
pub fn sampled(text: &str, at: usize) -> Option<Insert> {
    let boundary = |at: usize| crate::detect::label_context::char_at_or_after(text, at.min(text.len()));
    let name = bare_head(text, at)?.0;
    let mut rows = rows_of(&text[at..boundary(at + HEAD)], &name);
    if rows.len() < 2 {
        rows.extend(rows_of(&text[boundary(at.saturating_sub(HEAD))..at], &name));
    }
    let table = Table::new(None, &rows);
    let named = table.columns.iter().any(|c| c.role.name.is_some());
    named.then_some(Insert { name, table })
}

/// Name and place of the tuples of a statement without a column list.
fn bare_head(text: &str, at: usize) -> Option<(String, usize)> {
    let end = crate::detect::label_context::char_at_or_after(text, (at + NAME).min(text.len()));
    let statement = &text[at..end];
    let values = find_word(statement, "VALUES")?;
    let named = statement.get(insert_head(statement.as_bytes())?..values)?;
    (!named.contains('(')).then(|| (unquoted(named), at + values + "VALUES".len()))
}

/// The first rows that statements without a column list put into a table.
fn rows_of(text: &str, name: &str) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for at in statements(text) {
        if let Some((_, from)) = bare_head(text, at).filter(|(n, _)| n == name) {
            tuples(text, from, text.len(), &mut |_, cells| rows.push(cells));
        }
        if rows.len() >= ROWS {
            break;
        }
    }
    rows.truncate(ROWS);
    rows
}

/// The last part of a name, without its quotes.
fn unquoted(name: &str) -> String {
    let last = name.trim().rsplit('.').next().unwrap_or("");
    last.trim().trim_matches(['`', '"', '[', ']', '\'']).to_owned()
}

fn columns(list: &str) -> Vec<Cell> {
    let cell = |(name, column)| Cell { column, text: unquoted(name), number: false };
    list.split(',').zip(0..).map(cell).collect()
}

/// Offset of a word in any case.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let (bytes, first) = (text.as_bytes(), word.as_bytes()[0]);
    let edge = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_none_or(|b| !b.is_ascii_alphanumeric());
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), bytes).find(|at| {
        bytes[*at..].get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word.as_bytes()))
            && edge(at.checked_sub(1))
            && edge(Some(at + word.len()))
    })
}

/// The columns of the last `CREATE TABLE` of a name before `at`.
fn created(text: &str, at: usize, name: &str) -> Option<Vec<Cell>> {
    let before = &text[..at];
    let starts = memchr::memmem::rfind_iter(before.as_bytes(), "CREATE TABLE ");
    let mut starts = starts.chain(memchr::memmem::rfind_iter(before.as_bytes(), "create table "));
    let body = starts.find_map(|s| {
        let (head, body) = before[s + "CREATE TABLE ".len()..].split_once('(')?;
        let own = head.trim().rsplit(' ').next().unwrap_or(head);
        (unquoted(own) == name).then_some(body)
    })?;
    let end = body.find(");").or_else(|| body.find("\n)")).unwrap_or(body.len());
    let keys = ["PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "FOREIGN", "INDEX", "CHECK", "FULLTEXT"];
    let mut columns = Vec::new();
    for part in definitions(&body[..end]) {
        let word = part.split_whitespace().next().unwrap_or("");
        if !word.is_empty() && !keys.iter().any(|k| word.eq_ignore_ascii_case(k)) {
            let column = u32::try_from(columns.len()).ok()?;
            columns.push(Cell { column, text: unquoted(word), number: false });
        }
    }
    (!columns.is_empty()).then_some(columns)
}

/// Parts of a list between commas outside of brackets.
fn definitions(body: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0i32, 0);
    for (i, b) in body.bytes().enumerate() {
        match b {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&body[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&body[start..]);
    parts
}

/// The rows of a `COPY … FROM stdin` block whose first line starts at `at` of `text`: head, then lines of cells
/// between tabs up to `\\.`. Returns name, profile and where the rows begin.
#[must_use]
pub fn copy_head(text: &str, at: usize) -> Option<Insert> {
    let line = text[at..].split('\n').next()?;
    let (name, list) = line.strip_prefix("COPY ")?.split_once('(')?;
    let table = Table::new(Some(&columns(list.split(')').next()?)), &[]);
    Some(Insert { name: unquoted(name), table })
}

/// Calls `each` for every row of a `COPY` block from `at` on; returns where it ends.
pub fn copy_rows(text: &str, mut at: usize, mut each: impl FnMut(Range<usize>, Vec<Cell>)) -> usize {
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |p| at + p);
        let line = text[at..end].trim_end_matches('\r');
        if line == "\\." {
            return end;
        }
        let cells = line.split('\t').zip(0..).filter(|(t, _)| !t.is_empty() && *t != "\\N");
        each(at..end, cells.map(|(t, column)| Cell { column, text: t.to_owned(), number: false }).collect());
        at = end + 1;
    }
    text.len()
}

/// The tuples of a statement from `at` on: range and cells, up to `until`, the `;`, or anything that is no tuple.
/// A tuple that cannot be read is passed over. Returns where it ended.
pub fn tuples(
    text: &str,
    mut at: usize,
    until: usize,
    each: &mut dyn FnMut(Range<usize>, Vec<Cell>),
) -> usize {
    let b = text.as_bytes();
    while let Some(open) = b[at..].iter().position(|c| !c.is_ascii_whitespace() && *c != b',').map(|p| at + p)
    {
        if b[open] != b'(' || open >= until {
            return open;
        }
        match tuple(text, open + 1) {
            Some((cells, end)) => {
                each(open..end, cells);
                at = end;
            }
            None => match resume(text, open + 1) {
                Some(next) => at = next,
                None => return b.len(),
            },
        }
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

/// The value at `at`, whether it was quoted, and where it ends. `N'…'` and `E'…'` are strings; of a call or cast
/// the first string in it is the value (`CAST(N'2019-06-01' AS Date)`, `to_date('01-JUN-19','DD-MON-RR')`).
fn value(text: &str, at: usize) -> Option<(String, bool, usize)> {
    let b = text.as_bytes();
    let at = if b.get(at + 1) == Some(&b'\'') && b"NnEeBb".contains(b.get(at)?) { at + 1 } else { at };
    if b.get(at)? != &b'\'' {
        let end = at + b[at..].iter().position(|c| b",()".contains(c))?;
        return match b[end] {
            b'(' => call(text, at, end),
            _ => Some((text[at..end].trim().to_owned(), false, end)),
        };
    }
    string(text, at)
}

/// The value of the call that begins at `at` and whose bracket stands at `open`: its first string, else all of it.
fn call(text: &str, at: usize, open: usize) -> Option<(String, bool, usize)> {
    let b = text.as_bytes();
    let (mut depth, mut i, mut first) = (0usize, open, None);
    loop {
        match b.get(i)? {
            b'\'' => {
                let (value, _, end) = string(text, i)?;
                first = first.or(Some(value));
                i = end;
                continue;
            }
            b'(' => depth += 1,
            b')' if depth == 1 => break,
            b')' => depth -= 1,
            b';' => return None,
            _ => {}
        }
        i += 1;
    }
    // What follows up to the comma belongs to the expression: `CAST(…)::text`, `f(1) + 2`.
    let end = i + 1 + b[i + 1..].iter().position(|c| b",)".contains(c))?;
    Some(first.map_or_else(|| (text[at..end].trim().to_owned(), false, end), |value| (value, true, end)))
}

/// The string whose quote stands at `at`.
fn string(text: &str, at: usize) -> Option<(String, bool, usize)> {
    let b = text.as_bytes();
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
            // An apostrophe that was typographic in the source ends nothing.
            b'\'' if b.get(i + 1).is_some_and(u8::is_ascii_alphabetic) => i += 1,
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

    fn first_row(text: &str, at: usize) -> usize {
        at + head_text(text, at).expect("a statement").len()
    }

    #[test]
    fn columns_may_come_from_the_table_or_a_copy_block() {
        let text = "CREATE TABLE `emp` (\n `id` int(11) NOT NULL,\n `ssn` varchar(9),\n PRIMARY KEY (`id`)\n) ENGINE=x;\nINSERT INTO `emp` VALUES (1,'024613387');";
        let at = text.find("INSERT").expect("there");
        let headers: Vec<String> =
            head(text, at).expect("columns").table.columns.into_iter().map(|c| c.header).collect();
        assert_eq!(headers, ["id", "ssn"]);
        let text = "COPY public.emp (id, ssn) FROM stdin;\n1\t024613387\n\\.\nx";
        let mut rows = 0;
        copy_rows(text, first_row(text, 0), |_, cells| rows += cells.len());
        assert_eq!((copy_head(text, 0).expect("columns").name.as_str(), rows), ("emp", 2));
    }

    #[test]
    fn statements_of_other_dialects_are_read() {
        let text = "INSERT [dbo].[Emp] ([LName], [Hired], [SSN]) VALUES (N'Hargrove', CAST(N'2019-06-01' AS Date), N'024-61-3387')\nInsert into HR.EMP (LNAME,BORN,SSN) values ('O'Brien',to_date('01-JUN-60','DD-MON-RR'),'024613387');";
        let mut rows = Vec::new();
        for at in statements(text) {
            let insert = head(text, at).expect("a statement");
            assert!(insert.name.eq_ignore_ascii_case("emp"));
            tuples(text, first_row(text, at), text.len(), &mut |_, cells| {
                rows.push(cells.into_iter().map(|c| c.text).collect::<Vec<_>>());
            });
        }
        assert_eq!(rows, [["Hargrove", "2019-06-01", "024-61-3387"], ["O'Brien", "01-JUN-60", "024613387"]]);
    }

    #[test]
    fn the_column_list_is_the_header() {
        let text = "INSERT INTO hr.`emp` (fname, `ssn`) VALUES ('O''Brien','024613387'),\n('a,b)', NULL);\nx";
        let insert = head(text, 0).expect("a statement");
        assert_eq!(insert.name, "emp");
        assert_eq!(insert.table.columns[1].header, "ssn");
        let mut rows = Vec::new();
        tuples(text, first_row(text, 0), text.len(), &mut |_, cells| {
            rows.push(cells.into_iter().map(|c| c.text).collect::<Vec<_>>());
        });
        assert_eq!(rows, [vec!["O'Brien", "024613387"], vec!["a,b)"]]);
    }
}

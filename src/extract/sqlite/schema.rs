//! Names of columns from the statement that made a table.
//!
//! The database keeps the statement as it was written, so a little of the language is read: names, quotes,
//! parentheses, and the words that begin a constraint.

/// A table as its statement describes it, columns in the order in which records store them.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// The column that stands for the row id, and is stored as NULL.
    pub(super) rowid: Option<usize>,
}

/// Columns that are kept of one table (limits.html, section 2).
const MOST_COLUMNS: usize = 32_767;

/// The columns of `sql`; `by_key` says that the table has no row ids, so that its key columns are stored first.
pub(super) fn columns(sql: &str, by_key: bool) -> Columns {
    let tokens = tokens(sql);
    let Some(open) = tokens.iter().position(|t| *t == Token::Open) else { return Columns::default() };
    let mut stored: Vec<Column> = Vec::new();
    let mut key: Vec<String> = Vec::new();
    for definition in split(&tokens[open + 1..]).into_iter().take(MOST_COLUMNS) {
        let word = |at: usize| definition.get(at).and_then(Token::word).unwrap_or_default();
        let first = if word(0) == "constraint" { 2 } else { 0 };
        match word(first).as_str() {
            "primary" if word(first + 1) == "key" => key = names_in(&definition[first + 2..]),
            "unique" | "check" | "foreign" | "primary" if first == 2 || constrains(definition) => {}
            _ => stored.extend(column(definition)),
        }
    }
    if key.is_empty() {
        key = stored.iter().filter(|c| c.key).map(|c| c.name.clone()).collect();
    }
    arrange(stored, &key, by_key)
}

fn arrange(mut stored: Vec<Column>, key: &[String], by_key: bool) -> Columns {
    let is_key = |c: &Column| key.iter().position(|k| k.eq_ignore_ascii_case(&c.name));
    let rowid = match key {
        [_] if !by_key => stored.iter().position(|c| c.integer && is_key(c).is_some()),
        _ => None,
    };
    if by_key {
        stored.sort_by_key(|c| is_key(c).unwrap_or(usize::MAX));
    }
    Columns { names: stored.into_iter().map(|c| c.name).collect(), rowid }
}

struct Column {
    name: String,
    integer: bool,
    key: bool,
}

/// A column; `None` for one that is computed when it is asked for and not stored.
fn column(definition: &[Token]) -> Option<Column> {
    let name = match definition.first()? {
        Token::Word(name) | Token::Quoted(name) => name.clone(),
        _ => return None,
    };
    let words: Vec<String> = definition[1..].iter().filter_map(Token::word).collect();
    let has = |w: &str| words.iter().any(|word| word == w);
    let computed =
        definition.windows(2).any(|pair| pair[0].word().is_some_and(|w| w == "as") && pair[1] == Token::Open);
    if computed && !has("stored") {
        return None;
    }
    let integer = words.first().is_some_and(|w| w == "integer");
    Some(Column { name, integer, key: has("primary") && has("key") })
}

/// True for a table constraint such as `UNIQUE (a, b)`; a column may bear the same name.
fn constrains(definition: &[Token]) -> bool {
    match definition {
        [_, Token::Open, ..] => true,
        [_, second, Token::Open, ..] => second.word().is_some_and(|w| w == "key"),
        _ => false,
    }
}

fn names_in(tokens: &[Token]) -> Vec<String> {
    let inner = tokens.iter().skip_while(|t| **t != Token::Open).skip(1).take_while(|t| **t != Token::Close);
    let inner: Vec<&Token> = inner.collect();
    let firsts = inner.split(|t| **t == Token::Comma).filter_map(|item| item.first());
    firsts
        .filter_map(|t| match t {
            Token::Word(name) | Token::Quoted(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

#[derive(PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Open,
    Close,
    Comma,
    Other,
}

impl Token {
    /// An unquoted word, in lower case.
    fn word(&self) -> Option<String> {
        match self {
            Token::Word(word) => Some(word.to_ascii_lowercase()),
            _ => None,
        }
    }
}

/// What stands between commas, up to the parenthesis that closes the list.
fn split(tokens: &[Token]) -> Vec<&[Token]> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0u32);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => {
                parts.push(&tokens[start..at]);
                return parts;
            }
            Token::Close => depth -= 1,
            Token::Comma if depth == 0 => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let (token, used) = match c {
            '(' => (Some(Token::Open), 1),
            ')' => (Some(Token::Close), 1),
            ',' => (Some(Token::Comma), 1),
            '"' | '`' | '\'' => quoted(rest, c),
            '[' => quoted(rest, ']'),
            '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, rest.find("*/").map_or(rest.len(), |at| at + 2)),
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Some(Token::Word(rest[..end].to_owned())), end)
            }
            c if c.is_whitespace() => (None, c.len_utf8()),
            c => (Some(Token::Other), c.len_utf8()),
        };
        tokens.extend(token);
        rest = &rest[used..];
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// A quoted name; a doubled quote stands for one.
fn quoted(text: &str, close: char) -> (Option<Token>, usize) {
    let mut name = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != close {
            name.push(c);
        } else if close != ']' && chars.next_if(|(_, next)| *next == close).is_some() {
            name.push(close);
        } else {
            return (Some(Token::Quoted(name)), at + c.len_utf8());
        }
    }
    (Some(Token::Quoted(name)), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sql: &str, by_key: bool) -> String {
        let columns = columns(sql, by_key);
        let rowid = columns.rowid.map(|at| format!(" rowid={at}")).unwrap_or_default();
        columns.names.join(",") + &rowid
    }

    #[test]
    fn names_may_be_quoted_in_four_ways() {
        let sql = "CREATE TABLE \"t (1)\"(a INT, \"b \"\"x\"\"\" TEXT, [c d] TEXT DEFAULT ('x,y'), `e`, -- no, not this\n f /* or ( this */)";
        // The quoted name of the table holds a parenthesis that opens nothing.
        assert_eq!(names(sql, false), "a,b \"x\",c d,e,f");
    }

    #[test]
    fn constraints_are_no_columns() {
        let sql = "create table t(id integer primary key autoincrement, key text, unique (key), \
                   constraint c check (id > 0), foreign key (key) references u(k))";
        assert_eq!(names(sql, false), "id,key rowid=0");
    }

    #[test]
    fn an_integer_key_declared_apart_is_the_row_id() {
        assert_eq!(names("create table t(a text, b INTEGER, primary key(b))", false), "a,b rowid=1");
        assert_eq!(names("create table t(a int primary key)", false), "a");
    }

    #[test]
    fn tables_without_row_ids_store_their_key_first() {
        let sql = "create table t(a, b, c, primary key(c desc, a)) without rowid";
        assert_eq!(names(sql, true), "c,a,b");
    }

    #[test]
    fn computed_columns_are_stored_only_if_they_say_so() {
        assert_eq!(names("create table t(a, b as (a||1), c generated always as (a) stored)", false), "a,c");
    }

    #[test]
    fn what_is_no_statement_has_no_columns() {
        assert_eq!(names("create table t", false), "");
        assert_eq!(names("((('", false), "");
    }
}

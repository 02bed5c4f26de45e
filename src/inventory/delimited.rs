//! Delimited text as spreadsheets write it (RFC 4180, with comma, semicolon or tab): rows with the line each starts
//! on.

use super::RuleError;

/// A row and its line, from 1.
pub struct Line {
    /// Where it starts.
    pub line: u64,
    /// Its fields.
    pub fields: Vec<String>,
}

/// The rows of a text that is not empty lines. The delimiter is the one most frequent in the first line; a byte order
/// mark is no part of the first field.
///
/// # Errors
/// If the text is not UTF-8, or a quoted field does not end.
pub fn lines(bytes: &[u8]) -> Result<Vec<Line>, RuleError> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = super::line_at(bytes, e.valid_up_to());
        RuleError { line, what: "not UTF-8; save the table as CSV in UTF-8".to_owned() }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cutter = Cutter { delimiter: delimiter(text), line: 1, ..Cutter::default() };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let doubled = c == '"' && cutter.quoted && chars.peek() == Some(&'"');
        if doubled {
            chars.next();
        }
        cutter.take(c, doubled);
    }
    cutter.finish()
}

fn delimiter(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: &char| first.matches(*c).count();
    // Of equal counts the last counts, and the comma is the one to fall back on.
    ['\t', ';', ','].into_iter().max_by_key(count).unwrap_or(',')
}

#[derive(Default)]
struct Cutter {
    delimiter: char,
    line: u64,
    /// The line on which the row in hand starts.
    started: u64,
    field: String,
    fields: Vec<String>,
    quoted: bool,
    /// The field in hand was in quotes, so it may be empty and be one all the same.
    was_quoted: bool,
    rows: Vec<Line>,
}

impl Cutter {
    fn take(&mut self, c: char, doubled: bool) {
        if self.started == 0 {
            self.started = self.line;
        }
        self.line += u64::from(c == '\n');
        match c {
            '"' if doubled => self.field.push('"'),
            '"' if self.quoted => self.quoted = false,
            '"' if self.field.is_empty() && !self.was_quoted => (self.quoted, self.was_quoted) = (true, true),
            c if self.quoted => self.field.push(c),
            c if c == self.delimiter => self.end_of_field(),
            '\n' => self.end_of_row(),
            '\r' => {}
            c => self.field.push(c),
        }
    }

    fn end_of_field(&mut self) {
        self.fields.push(std::mem::take(&mut self.field));
        self.was_quoted = false;
    }

    fn end_of_row(&mut self) {
        self.end_of_field();
        let fields = std::mem::take(&mut self.fields);
        if fields.iter().any(|field| !field.is_empty()) {
            self.rows.push(Line { line: self.started, fields });
        }
        self.started = 0;
    }

    fn finish(mut self) -> Result<Vec<Line>, RuleError> {
        if self.quoted {
            let what = "a quoted field does not end".to_owned();
            return Err(RuleError { line: self.started.max(1), what });
        }
        self.end_of_row();
        Ok(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, Vec<String>)> {
        lines(text.as_bytes()).unwrap().into_iter().map(|line| (line.line, line.fields)).collect()
    }

    fn row(line: u64, fields: &[&str]) -> (u64, Vec<String>) {
        (line, fields.iter().map(|field| (*field).to_owned()).collect())
    }

    #[test]
    fn fields_are_what_spreadsheets_write() {
        assert_eq!(
            read("a,b\r\n\"x, \"\"y\"\"\",\"l\r\nm\"\n\n,,\nlast,"),
            [row(1, &["a", "b"]), row(2, &["x, \"y\"", "l\r\nm"]), row(6, &["last", ""])]
        );
        assert_eq!(read("\u{feff}a;b,c;d\n1;2;3"), [row(1, &["a", "b,c", "d"]), row(2, &["1", "2", "3"])]);
        assert_eq!(
            read("a\tb\nin \"the\" middle\tx"),
            [row(1, &["a", "b"]), row(2, &["in \"the\" middle", "x"])]
        );
        assert_eq!(read("\"\"x,y"), [row(1, &["x", "y"])]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn what_cannot_be_read_has_a_line() {
        let refused = |bytes: &[u8]| lines(bytes).err().map(|e| e.line);
        assert_eq!(refused(b"a,b\nc,\"d\n\ne"), Some(2));
        assert_eq!(refused(b"a\nb\n\xff\n"), Some(3));
    }
}

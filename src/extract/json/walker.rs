//! From tokens to object trees.
//!
//! The walk is iterative; what is nested deeper than [`MAX_DEPTH`] keeps its values and loses its structure.
//! An array of arrays is a table: every inner array becomes an object of its own, with the strings of the first
//! one, or of a neighbouring `columns`, as keys.

use crate::coverage::Cause;
use crate::document::{DocumentSink, Field, Object, Place};
use crate::extract::xml::charset::Utf8Reader;
use crate::extract::xml::tree::{Done, MAX_DEPTH, Tree, is_empty, pointer};

use super::lexer::{Lexer, Token};

/// Values between two calls of `go_on`.
const STEPS: u32 = 1000;

/// Longest key that is kept, in bytes; what is longer is said as text and cut.
const LONGEST_KEY: usize = 1024;

/// Longest share of one key in a pointer, in bytes.
const MAX_SEGMENT: usize = 120;

/// What an object expects next.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Key,
    Colon,
    Value,
}

/// An open object or array.
struct Frame {
    array: bool,
    /// True if the frame has an object in the tree: every JSON object, a root array, an array in an array.
    owns: bool,
    expect: Expect,
    /// The key whose value comes next; for an array the key under which it stands.
    key: String,
    /// Number of the next element of an array.
    index: usize,
    /// Length of the path of the frame itself.
    path: usize,
    /// Names of the columns, for an array of arrays; what a neighbour called `columns` said, for an object.
    header: Vec<String>,
}

/// Reads one input to its end.
pub(super) struct Walker<'r, 's> {
    lexer: Lexer<'r>,
    sink: &'s mut dyn DocumentSink,
    piecewise: bool,
    tree: Tree,
    frames: Vec<Frame>,
    /// Number of open arrays.
    arrays: usize,
    /// Brackets open below the greatest depth.
    folded: u64,
    path: String,
    steps: u32,
    /// Causes already reported; each is reported once.
    reported: Vec<Cause>,
    stopped: bool,
}

impl<'r, 's> Walker<'r, 's> {
    pub(super) fn new(reader: Utf8Reader<'r>, sink: &'s mut dyn DocumentSink, piecewise: bool) -> Self {
        Walker {
            lexer: Lexer::new(reader),
            sink,
            piecewise,
            tree: Tree::default(),
            frames: Vec::new(),
            arrays: 0,
            folded: 0,
            path: String::new(),
            steps: 0,
            reported: Vec::new(),
            stopped: false,
        }
    }

    /// Reads everything.
    pub(super) fn run(mut self) {
        while !self.stopped {
            match self.lexer.next() {
                Token::End => break,
                Token::Piece { text, last } => self.piece(&text, last),
                Token::Comment(text) => self.text(&text, Some("comment")),
                token if self.folded > 0 => self.deeper(token),
                token => {
                    if let Err(lost) = self.token(token) {
                        self.damage();
                        self.recover(lost);
                    }
                }
            }
        }
        if !self.frames.is_empty() || self.lexer.cut {
            self.damage();
        }
        if self.lexer.reader.failed() {
            let from = self.lexer.reader.offset();
            self.sink.gap(Cause::IoError, "reading failed", Some(format!("from byte {from}")));
        }
    }

    /// One token in its place; the text that has no place if it does not belong there.
    fn token(&mut self, token: Token) -> Result<(), String> {
        match (token, self.frames.last().map(|f| (f.array, f.expect))) {
            (Token::Open { array }, None | Some((true, _) | (_, Expect::Value))) => self.open(array),
            (Token::Close { array }, Some((open, expect))) if open == array && expect != Expect::Colon => {
                self.close();
            }
            (Token::Colon, Some((false, Expect::Colon))) => self.expect(Expect::Value),
            (Token::Text(key) | Token::Word(key), Some((false, Expect::Key))) => self.key(key),
            (Token::Text(text), None) => self.text(&text, None),
            (Token::Text(text), Some((true, _) | (_, Expect::Value))) => self.scalar(text, false),
            (Token::Word(word), None) => return self.root_word(word),
            (Token::Word(word), Some((true, _) | (_, Expect::Value))) => self.word(word),
            (token, _) => return Err(self.lost(token)),
        }
        self.step();
        Ok(())
    }

    /// A key or value below the greatest depth: kept as a value of the deepest object.
    fn deeper(&mut self, token: Token) {
        match token {
            Token::Open { .. } => self.folded += 1,
            Token::Close { .. } => {
                self.folded -= 1;
                if self.folded == 0 {
                    self.value_done();
                }
            }
            Token::Text(text) => self.leaf(text, false),
            Token::Word(word) => self.leaf_word(word),
            _ => {}
        }
        self.step();
    }

    /// What the reader of the damaged place would otherwise miss: a key without value, and the odd token.
    fn lost(&mut self, token: Token) -> String {
        let key = match self.frames.last_mut() {
            Some(frame) if !frame.array && frame.expect != Expect::Key => std::mem::take(&mut frame.key),
            _ => String::new(),
        };
        match token {
            Token::Text(text) | Token::Word(text) => format!("{key} {text}"),
            Token::Open { array: false } => format!("{key} {{"),
            _ => key,
        }
    }

    fn root_word(&mut self, word: String) -> Result<(), String> {
        if !is_number(&word) && !matches!(word.as_str(), "true" | "false" | "null") {
            return Err(word);
        }
        self.text(&word, None);
        self.step();
        Ok(())
    }

    fn expect(&mut self, expect: Expect) {
        if let Some(frame) = self.frames.last_mut() {
            frame.expect = expect;
        }
    }

    fn key(&mut self, mut key: String) {
        if key.len() > LONGEST_KEY {
            // No label; it would be held once for every value below it.
            self.text(&key, None);
            key.truncate(key.floor_char_boundary(LONGEST_KEY));
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.key = key;
            frame.expect = Expect::Colon;
        }
    }

    fn open(&mut self, array: bool) {
        if self.frames.len() >= MAX_DEPTH {
            self.folded = 1;
            let detail = format!("nested deeper than {MAX_DEPTH} levels, read without structure");
            self.report(Cause::LimitDepth, &detail);
            return;
        }
        let segment = self.segment();
        let path = self.path.len() + segment.len();
        self.path.push_str(&segment);
        let parent = self.frames.last();
        let owns = !array || parent.is_none_or(|p| p.array);
        let key = parent.map_or(String::new(), |p| p.key.clone());
        let header = match parent {
            Some(p) if array && !p.array => p.header.clone(),
            _ => Vec::new(),
        };
        if owns {
            let place = self.place("");
            self.tree.open(key.clone(), place);
        }
        let key = if array { key } else { String::new() };
        self.arrays += usize::from(array);
        self.frames.push(Frame { array, owns, expect: Expect::Key, key, index: 0, path, header });
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        self.arrays -= usize::from(frame.array);
        if frame.owns {
            if let Some(done) = self.tree.close() {
                self.completed(done, frame.array);
            }
        } else {
            self.remember_columns(&frame);
        }
        self.path.truncate(self.frames.last().map_or(0, |f| f.path));
        self.value_done();
    }

    /// Attaches a complete object, or hands it out if it is a root or an element of an array in a large document.
    /// Elements of a smaller one say together what their keys hold.
    fn completed(&mut self, done: Done, row: bool) {
        let Some(parent) = self.frames.last_mut() else {
            return self.emit(done.object);
        };
        if row && parent.header.is_empty() && parent.index == 0 {
            parent.header = header_of(&done.object.fields).unwrap_or_default();
        }
        let outermost = parent.array && self.arrays == 1;
        if outermost && self.piecewise {
            self.emit(done.object);
        } else {
            self.tree.attach(done);
        }
    }

    /// `{"columns": ["name", "number"], "data": [[…], …]}`: keeps the names for the arrays that follow.
    fn remember_columns(&mut self, array: &Frame) {
        let name = array.key.to_ascii_lowercase();
        if !matches!(name.as_str(), "columns" | "cols" | "header" | "headers" | "fields") {
            return;
        }
        let Some(fields) = self.tree.top().map(|object| &object.fields) else { return };
        let columns = fields.get(fields.len().saturating_sub(array.index)..).unwrap_or_default();
        if columns.len() == array.index && columns.iter().all(|f| f.key == array.key) {
            let header = header_of(columns).unwrap_or_default();
            if let Some(frame) = self.frames.last_mut() {
                frame.header = header;
            }
        }
    }

    fn word(&mut self, word: String) {
        if word == "null" {
            self.value_done();
        } else {
            let number = is_number(&word);
            self.scalar(word, number);
        }
    }

    fn scalar(&mut self, value: String, number: bool) {
        self.leaf(value, number);
        self.value_done();
    }

    fn leaf_word(&mut self, word: String) {
        if word != "null" {
            let number = is_number(&word);
            self.leaf(word, number);
        }
    }

    fn leaf(&mut self, value: String, number: bool) {
        let segment = self.segment();
        let place = self.place(&segment);
        let key = self.leaf_key();
        self.tree.field(Field { key, value, number, place });
        if self.tree.is_full() {
            self.emit_all();
        }
    }

    /// The key of a leaf: in a row of an array of arrays the name of its column.
    fn leaf_key(&self) -> String {
        let Some(frame) = self.frames.last() else { return String::new() };
        let table = self.frames.len().checked_sub(2).map(|at| &self.frames[at]);
        let column = table.filter(|t| t.array && frame.array).and_then(|t| t.header.get(frame.index));
        column.unwrap_or(&frame.key).clone()
    }

    fn value_done(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.index += 1;
            frame.expect = Expect::Key;
        }
    }

    /// The last part of the pointer of the value that comes now.
    fn segment(&self) -> String {
        let Some(frame) = self.frames.last() else { return String::new() };
        if frame.array {
            return format!("/{}", frame.index);
        }
        let key = &frame.key[..frame.key.floor_char_boundary(MAX_SEGMENT)];
        if key.contains(['~', '/']) {
            return format!("/{}", key.replace('~', "~0").replace('/', "~1"));
        }
        format!("/{key}")
    }

    fn place(&self, segment: &str) -> Place {
        let line = Some(self.lexer.reader.line());
        Place { line, pointer: Some(pointer(&self.path, segment)), ..Place::default() }
    }

    /// Part of a long string. With its end the string counts as the key or value it is.
    fn piece(&mut self, text: &str, last: bool) {
        self.text(text, None);
        if last && matches!(self.frames.last(), Some(f) if !f.array && f.expect == Expect::Key) {
            self.expect(Expect::Colon);
        } else if last {
            self.value_done();
        }
    }

    fn text(&mut self, text: &str, part: Option<&str>) {
        if !text.trim().is_empty() {
            let mut place = self.place(&self.segment());
            place.pointer = place.pointer.filter(|p| !p.is_empty());
            place.part = part.map(str::to_owned);
            self.sink.text(place, text);
        }
        self.stopped |= !self.sink.go_on();
    }

    fn emit(&mut self, object: Object) {
        if !is_empty(&object) {
            self.sink.object(object);
        }
        self.stopped |= !self.sink.go_on();
    }

    fn emit_all(&mut self) {
        if let Some(object) = self.tree.take_all() {
            self.emit(object);
        }
    }

    fn step(&mut self) {
        self.steps += 1;
        if self.steps >= STEPS {
            self.steps = 0;
            self.stopped |= !self.sink.go_on();
        }
    }

    /// Hands out what stands open and says once where the damage begins.
    fn damage(&mut self) {
        self.emit_all();
        self.tree.clear();
        self.frames.clear();
        self.path.clear();
        self.arrays = 0;
        self.folded = 0;
        let byte = self.lexer.reader.offset();
        self.report(Cause::Damaged, &format!("not valid JSON at byte {byte}"));
    }

    fn report(&mut self, cause: Cause, detail: &str) {
        if !self.reported.contains(&cause) {
            self.reported.push(cause);
            self.sink.gap(cause, detail, None);
        }
    }

    /// Reads lines as text up to one that begins an object or array.
    fn recover(&mut self, lost: String) {
        let mut line = lost.into_bytes();
        while !self.stopped {
            let goes_on = self.lexer.rest_of_line(&mut line);
            self.text(&String::from_utf8_lossy(&line), None);
            line.clear();
            if goes_on {
                continue;
            }
            self.lexer.skip_space();
            if matches!(self.lexer.reader.peek(), None | Some(b'{' | b'[')) {
                return;
            }
        }
    }
}

/// The values as names of columns, if they look like names: two or more texts without digits.
fn header_of(fields: &[Field]) -> Option<Vec<String>> {
    let is_name = |f: &Field| {
        !f.number
            && !f.value.is_empty()
            && f.value.len() <= 64
            && !f.value.contains(|c: char| c.is_ascii_digit())
    };
    (fields.len() >= 2 && fields.iter().all(is_name))
        .then(|| fields.iter().map(|f| f.value.clone()).collect())
}

/// True if `word` is a number as JSON writes it.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word).as_bytes();
    let (whole, rest) = digits.split_at(digits.iter().take_while(|b| b.is_ascii_digit()).count());
    let zero = whole.len() > 1 && whole[0] == b'0';
    !whole.is_empty()
        && !zero
        && rest.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && (rest.is_empty() || word.parse::<f64>().is_ok())
}

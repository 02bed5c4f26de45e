//! YAML, by indentation.
//!
//! Source: YAML 1.2.2, chapters 6 to 9. Anchors and tags are stepped over, aliases stay names. An entry may be less
//! indented than the specification asks for, as long as it stands deeper than what it belongs to.

use super::{DEPTH, Value, flow, object, put, unquote};
use crate::document::{DocumentSink, Object, Place};

/// Lines of a value in brackets that are joined.
const MOST_JOINED: usize = 10_000;
/// What no key begins with that is not in quotes.
const NO_KEY: [char; 10] = ['{', '[', '&', '*', '!', '|', '>', '@', '`', '%'];

/// A line that says something.
struct Line<'a> {
    indent: usize,
    text: &'a str,
    number: u64,
}

/// Reads every document of a text.
pub(super) fn read(text: &str, sink: &mut dyn DocumentSink) {
    let mut lines = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let content = line.trim_start_matches([' ', '\t']);
        let ends = line.starts_with("---") || line == "..." || line.starts_with("%YAML");
        if ends {
            document(&mut lines, sink);
            let rest = line.strip_prefix("---").unwrap_or_default();
            // What stands behind the mark is the beginning of the next document, unless it is a tag.
            let content = rest.trim_start();
            if !content.is_empty() && !content.starts_with(['#', '!', '-']) {
                lines.push(Line { indent: 0, text: content, number });
            }
        } else {
            lines.push(Line { indent: line.len() - content.len(), text: content.trim_end(), number });
        }
        if number % 1000 == 0 && !sink.go_on() {
            return;
        }
    }
    document(&mut lines, sink);
}

/// Gives a document as an object.
fn document(lines: &mut Vec<Line<'_>>, sink: &mut dyn DocumentSink) {
    let line = lines.first().map_or(1, |l| l.number);
    let mut reader = Reader { lines, at: 0, sink };
    let mut root = object("", line);
    while reader.peek().is_some() {
        reader.block(&mut root, "", 0, 0);
    }
    lines.clear();
    if !root.fields.is_empty() || !root.children.is_empty() {
        sink.object(root);
    }
}

struct Reader<'a, 't> {
    lines: &'a mut Vec<Line<'t>>,
    at: usize,
    sink: &'a mut dyn DocumentSink,
}

impl<'t> Reader<'_, 't> {
    /// Indentation of the next line; steps over empty ones and gives comments as text.
    fn peek(&mut self) -> Option<usize> {
        while let Some(line) = self.lines.get(self.at) {
            if line.text.starts_with('#') {
                self.say(self.at);
            } else if !line.text.is_empty() {
                return Some(line.indent);
            }
            self.at += 1;
        }
        None
    }

    /// Gives a line as text.
    fn say(&mut self, at: usize) {
        let line = &self.lines[at];
        self.sink.text(Place { line: Some(line.number), ..Place::default() }, line.text);
    }

    /// The value of `key`, which stands on the lines from here on, as deep as the first of them. Takes a line at
    /// least.
    fn block(&mut self, around: &mut Object, key: &str, least: usize, depth: usize) {
        let Some(indent) = self.peek().filter(|indent| *indent >= least) else { return };
        let (text, number) = (self.lines[self.at].text, self.lines[self.at].number);
        if depth > DEPTH {
            self.say(self.at);
            self.at += 1;
        } else if item(text).is_some() {
            while self.peek() == Some(indent) && item(self.lines[self.at].text).is_some() {
                self.item(around, key, indent, depth);
            }
        } else if self.pair(self.at).is_some() {
            // The outermost mapping of a document is the document.
            if depth == 0 {
                return self.mapping(around, indent, depth);
            }
            let mut inner = object(key, number);
            self.mapping(&mut inner, indent, depth);
            around.children.push(inner);
        } else {
            self.at += 1;
            self.value(around, key, text, (number, indent.saturating_sub(1)));
        }
    }

    /// An item of a list: what follows the dash stands as if on a line of its own.
    fn item(&mut self, around: &mut Object, key: &str, indent: usize, depth: usize) {
        let line = &mut self.lines[self.at];
        let Some(rest) = item(line.text) else { return };
        let (within, number) = (indent + line.text.len() - rest.len(), line.number);
        if rest.is_empty() {
            self.at += 1;
            if self.peek().is_some_and(|next| next > indent) {
                self.block(around, key, indent + 1, depth + 1);
            }
            return;
        }
        (line.text, line.indent) = (rest, within);
        if item(rest).is_some() || self.pair(self.at).is_some() {
            self.block(around, key, within, depth + 1);
        } else {
            self.at += 1;
            self.value(around, key, rest, (number, indent));
        }
    }

    /// The entries of a mapping.
    fn mapping(&mut self, inner: &mut Object, indent: usize, depth: usize) {
        while self.peek() == Some(indent) {
            let number = self.lines[self.at].number;
            let Some((key, rest)) = self.pair(self.at) else { return };
            self.at += 1;
            let rest = self.without_comment(rest, number);
            if rest.is_empty() {
                // A list may stand as deep as the key it belongs to.
                let next = self.peek();
                let list = next == Some(indent) && item(self.lines[self.at].text).is_some();
                if list || next.is_some_and(|next| next > indent) {
                    self.block(inner, &key, indent, depth + 1);
                }
            } else {
                self.value(inner, &key, rest, (number, indent));
            }
            // What is indented otherwise belongs to the value above it, or to nothing: it is read all the same.
            while self.peek().is_some_and(|next| next > indent) {
                let before = self.at;
                self.block(inner, &key, indent + 1, depth + 1);
                if self.at == before {
                    return;
                }
            }
        }
    }

    /// Key and value of a line, if it is an entry of a mapping; without anchor and tag before the value.
    fn pair(&self, at: usize) -> Option<(String, &'t str)> {
        let text = self.lines.get(at)?.text;
        let (key, rest) = if let Some((key, rest)) = unquote(text) {
            (key, rest.trim_start().strip_prefix(':')?)
        } else {
            let at = text.find(": ").or_else(|| text.strip_suffix(':').map(str::len))?;
            let key = text[..at].trim_end();
            if key.starts_with(NO_KEY) || key.contains(" #") {
                return None;
            }
            (key.trim_start_matches("? ").to_owned(), &text[at + 1..])
        };
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        let mut rest = rest.trim_start();
        while rest.starts_with(['&', '!']) {
            rest = rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        }
        Some((key, rest))
    }

    /// A value that begins with `text`; it goes on with lines deeper than its entry.
    fn value(&mut self, around: &mut Object, key: &str, text: &str, (number, indent): (u64, usize)) {
        if text.starts_with(['|', '>']) && text.len() <= 4 {
            return self.literal(around, key, (number, indent));
        }
        if text.starts_with(['{', '[']) {
            let whole = self.bracketed(text);
            if flow::read(around, key, &whole, number) {
                return;
            }
            return put(around, key, Value::quoted(whole), number);
        }
        let more = self.continued(indent);
        let whole = if more.is_empty() { text.to_owned() } else { format!("{text} {more}") };
        let value = if let Some((value, _)) = unquote(&whole) {
            Value::quoted(value)
        } else {
            Value::plain(self.without_comment(&whole, number))
        };
        put(around, key, value, number);
    }

    /// A value without the comment behind it, which is given as text.
    fn without_comment<'v>(&mut self, value: &'v str, number: u64) -> &'v str {
        let quoted = value.starts_with(['"', '\'', '{', '[']);
        let at = if value.starts_with('#') { Some(0) } else { value.find(" #").filter(|_| !quoted) };
        let Some(at) = at else { return value };
        self.sink.text(Place { line: Some(number), ..Place::default() }, &value[at..]);
        value[..at].trim_end()
    }

    /// The lines deeper than an entry, whatever they are: of one line a value, of several running text.
    fn literal(&mut self, around: &mut Object, key: &str, (number, indent): (u64, usize)) {
        let from = self.at;
        while self.lines.get(self.at).is_some_and(|l| l.indent > indent || l.text.is_empty()) {
            self.at += 1;
        }
        let said: Vec<usize> = (from..self.at).filter(|at| !self.lines[*at].text.is_empty()).collect();
        match said[..] {
            [at] => put(around, key, Value::quoted(self.lines[at].text.to_owned()), number),
            _ => said.into_iter().for_each(|at| self.say(at)),
        }
    }

    /// The lines deeper than `indent` that are no entries.
    fn continued(&mut self, indent: usize) -> String {
        let mut texts = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            let goes_on = line.indent > indent && !line.text.starts_with('#') && item(line.text).is_none();
            if line.text.is_empty() || !goes_on || self.pair(self.at).is_some() {
                break;
            }
            texts.push(line.text);
            self.at += 1;
        }
        texts.join(" ")
    }

    /// The lines up to the bracket that ends what `text` begins.
    fn bracketed(&mut self, text: &str) -> String {
        let (mut whole, mut brackets, from) = (text.to_owned(), flow::Brackets::default(), self.at);
        brackets.feed(text);
        while brackets.open() && self.at - from < MOST_JOINED {
            let Some(line) = self.lines.get(self.at) else { break };
            brackets.feed(line.text);
            whole.push('\n');
            whole.push_str(line.text);
            self.at += 1;
        }
        whole
    }
}

/// What follows the dash of a list item.
fn item(text: &str) -> Option<&str> {
    match text.strip_prefix('-')? {
        "" => Some(""),
        rest => rest.starts_with([' ', '\t']).then(|| rest.trim_start()),
    }
}

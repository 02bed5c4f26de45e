//! From XML events to object trees and text.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Field, Object, Place};
use crate::extract::html::entities;
use crate::extract::html::tokens::{Token, Tokens};

use super::charset::Utf8Reader;
use super::drawn::Drawn;
use super::element::{Element, blank, is_run};
use super::tree::{MAX_DEPTH, Tree, is_empty, pointer};

/// Longest tag, text or comment, in bytes; a document with a longer one is read as text from there.
const LONGEST_EVENT: u64 = 32 << 20;

/// Longest text of one element, in bytes; what comes before is said as running text.
const LONGEST_TEXT: usize = 1 << 20;

/// Longest text that is kept for an element in case it turns out to be mixed, in bytes.
const LONGEST_FLOW: usize = 16 << 10;

/// Longest name that is kept, in bytes; what is longer is said as text and cut.
const LONGEST_KEPT: usize = 1024;

/// Longest part of one name in a path, in bytes.
const LONGEST_NAME: usize = 120;

/// Events between two calls of `go_on`.
const STEPS: u32 = 1000;

/// Reads one document.
pub(super) struct Walker<'s> {
    sink: &'s mut dyn DocumentSink,
    piecewise: bool,
    drawn: Drawn,
    tree: Tree,
    open: Vec<Element>,
    /// Elements open below the greatest depth.
    folded: u64,
    path: String,
    line: u64,
    /// Causes already reported; each is reported once.
    reported: Vec<Cause>,
    steps: u32,
    stopped: bool,
}

impl<'s> Walker<'s> {
    pub(super) fn new(sink: &'s mut dyn DocumentSink, piecewise: bool) -> Self {
        Walker {
            sink,
            piecewise,
            drawn: Drawn::No,
            tree: Tree::default(),
            open: Vec::new(),
            folded: 0,
            path: String::new(),
            line: 1,
            reported: Vec::new(),
            steps: 0,
            stopped: false,
        }
    }

    /// Reads everything.
    pub(super) fn run(mut self, source: Utf8Reader<'_>) {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut buffer = Vec::new();
        while !self.stopped {
            buffer.clear();
            self.line = reader.get_ref().line();
            reader.get_mut().set_fuse(LONGEST_EVENT);
            let event = reader.read_event_into(&mut buffer);
            let cut = reader.get_ref().blown();
            match event {
                Ok(Event::Eof) if !cut => break,
                Ok(event) if !cut => self.event(&event),
                _ => {
                    let at = reader.buffer_position();
                    return self.give_up(&buffer, at, reader.into_inner());
                }
            }
        }
        self.finish(reader.buffer_position(), reader.get_ref());
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) => {
                self.start(tag);
                self.end(None);
            }
            Event::End(tag) => self.end(Some(tag.local_name().as_ref())),
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::GeneralRef(name) => self.text(&entities::decode(&format!("&{};", &**name))),
            Event::Comment(text) => self.say(text, Some("comment")),
            Event::PI(text) => self.say(text, Some("comment")),
            Event::DocType(text) if text.contains('[') => self.say(text, Some("comment")),
            Event::Decl(_) | Event::DocType(_) | Event::Eof => {}
        }
        self.steps += 1;
        if self.steps >= STEPS {
            self.steps = 0;
            self.stopped |= !self.sink.go_on();
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        if self.open.len() >= MAX_DEPTH {
            return self.fold(tag);
        }
        let whole = tag.local_name();
        let name = clip(whole.as_ref()).to_owned();
        if name.len() < whole.as_ref().len() {
            self.say(whole.as_ref(), None);
        }
        let number = self.open.last_mut().map_or(1, |parent| {
            parent.parent = true;
            parent.count(&name)
        });
        if self.path.is_empty() {
            self.drawn = Drawn::of(&name);
        }
        let parent_path = self.path.len();
        self.path.push('/');
        self.path.push_str(&name[..name.floor_char_boundary(LONGEST_NAME)]);
        if number > 1 {
            let _ = write!(self.path, "[{number}]");
        }
        let place = self.place("", self.line);
        self.tree.open(name.clone(), place);
        self.open.push(Element::new(name, parent_path, self.line));
        let attributes = self.attributes(tag);
        if let Some(element) = self.open.last_mut() {
            element.attributes = attributes;
            element.repeated.0 = attributes;
        }
    }

    /// Attributes as leaves of the element that stands open; their number.
    fn attributes(&mut self, tag: &BytesStart<'_>) -> usize {
        let mut count = 0;
        for attribute in tag.html_attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                self.report(Cause::Damaged, "an attribute without a value, read as text");
                self.say(tag.attributes_raw(), Some("attribute"));
                break;
            };
            let name = attribute.key.local_name();
            let name = name.as_ref();
            let declares = attribute.key.as_namespace_binding().is_some();
            let value = entities::decode(&attribute.value).trim().to_owned();
            if declares || value.is_empty() || self.drawn.takes(tag.local_name().as_ref(), name, &value) {
                continue;
            }
            let segment = format!("/@{}", &name[..name.floor_char_boundary(LONGEST_NAME)]);
            let place = self.place(&segment, self.line);
            self.leaf(Field { key: name.to_owned(), value, number: false, place });
            count += 1;
        }
        if let Some(line) = self.drawn.end_run() {
            self.say_drawn(&line);
        }
        count
    }

    /// An element below the greatest depth: its values go to the deepest object.
    fn fold(&mut self, tag: &BytesStart<'_>) {
        self.folded += 1;
        let detail = format!("nested deeper than {MAX_DEPTH} levels, read without structure");
        self.report(Cause::LimitDepth, &detail);
        self.attributes(tag);
        self.text("\n");
    }

    fn text(&mut self, text: &str) {
        let Some(element) = self.open.last_mut() else {
            return self.say(text, None);
        };
        element.flow.push_str(text);
        element.direct |= !text.trim().is_empty();
        if element.flow.len() > LONGEST_TEXT {
            self.relieve();
        }
    }

    /// Ends the element `name`, and those left open inside it; an end without a start is passed over.
    fn end(&mut self, name: Option<&str>) {
        if self.folded > 0 {
            self.folded -= 1;
            return;
        }
        let matches = |element: &Element| name.is_none_or(|n| element.name == clip(n));
        if !self.open.last().is_some_and(matches) {
            self.report(Cause::Damaged, &format!("tags do not match on line {}", self.line));
            // Looked for in a few levels only, so that a storm of wrong ends stays linear.
            let Some(above) = self.open.iter().rev().take(64).position(matches) else { return };
            for _ in 0..above {
                self.close();
            }
        }
        self.close();
    }

    fn close(&mut self) {
        let Some(mut element) = self.open.pop() else { return };
        let mixed = element.is_mixed() || self.drawn.is_text(&element.name);
        let inline = self.is_inline(&element, mixed);
        if mixed && !inline {
            if let Some(object) = self.tree.top() {
                let text = element.take_flow(object);
                if self.drawn.parts(&text) {
                    self.say_drawn("");
                }
                self.say(&text, None);
            }
        } else if !element.parent && element.direct {
            self.leaf_element(&mut element);
        }
        self.settle();
        self.path.truncate(element.parent_path);
        self.join(&mut element, mixed, inline);
        if self.tree.is_full() {
            self.emit_all();
        }
    }

    /// True if the text of a mixed element, or of a run, is part of the line of its parent.
    fn is_inline(&mut self, element: &Element, mixed: bool) -> bool {
        let Some(parent) = self.open.last() else { return false };
        let run = is_run(&element.name, &parent.name);
        if run || (mixed && parent.direct) {
            if mixed && let Some(object) = self.tree.top() {
                // What the line repeats is not kept.
                object.fields.truncate(element.attributes);
            }
            return true;
        }
        false
    }

    /// Keeps the text of an element without elements: as the leaf that `settle` moves to its parent.
    fn leaf_element(&mut self, element: &mut Element) {
        let run = self.open.last().is_some_and(|parent| is_run(&element.name, &parent.name));
        let value = element.flow.trim();
        if run || value.is_empty() {
            return;
        }
        let place = match self.tree.top() {
            // Without attributes this leaf replaces its object, and takes over its place.
            Some(object) if element.attributes == 0 => std::mem::take(&mut object.place),
            _ => self.place("", element.line),
        };
        self.leaf(Field { key: element.name.clone(), value: value.to_owned(), number: false, place });
    }

    /// Moves a complete object to its parent or out. One that is a single leaf with its own name becomes a leaf.
    fn settle(&mut self) {
        let Some(mut done) = self.tree.close() else { return };
        let single = done.object.children.is_empty() && done.object.fields.len() == 1;
        if self.open.is_empty() {
            self.emit(done.object);
        } else if single && done.object.fields[0].key == done.object.name && self.tree.top().is_some() {
            if let Some(field) = done.object.fields.pop() {
                self.leaf(field);
            }
        } else if self.piecewise && self.open.len() == 1 {
            self.emit(done.object);
        } else {
            self.tree.attach(done);
        }
    }

    /// Adds the text of an ended element to the line of its parent.
    fn join(&mut self, element: &mut Element, mixed: bool, inline: bool) {
        let Some(parent) = self.open.last_mut() else { return };
        if is_run(&element.name, &parent.name) {
            parent.runs |= element.direct || element.runs;
        }
        if inline || (!element.parent && !mixed) {
            let text = if element.flow.is_empty() { blank(&element.name) } else { element.flow.as_str() };
            parent.flow.push_str(text);
        } else if !element.flow.trim().is_empty() && !parent.flow.ends_with('\n') {
            parent.flow.push('\n');
        }
        if parent.flow.len() > LONGEST_FLOW {
            self.relieve();
        }
    }

    /// Says the text of a long mixed element so far; of another one it is not needed.
    fn relieve(&mut self) {
        let Some(parent) = self.open.last_mut() else { return };
        let Some(object) = self.tree.top() else { return };
        if parent.direct || parent.runs {
            let text = parent.take_flow(object);
            self.say(&text, None);
        } else {
            parent.flow.clear();
            parent.repeated = (object.fields.len(), object.children.len());
        }
    }

    fn leaf(&mut self, field: Field) {
        self.tree.field(field);
        if self.tree.is_full() {
            self.emit_all();
        }
    }

    fn place(&self, segment: &str, line: u64) -> Place {
        Place { line: Some(line), pointer: Some(pointer(&self.path, segment)), ..Place::default() }
    }

    /// Says the lines of a text.
    fn say(&mut self, text: &str, part: Option<&str>) {
        for line in text.lines().map(squeeze).filter(|line| !line.is_empty()) {
            let mut place = self.place("", self.line);
            place.pointer = place.pointer.filter(|p| !p.is_empty());
            place.part = part.map(str::to_owned);
            self.sink.text(place, &line);
            self.stopped |= !self.sink.go_on();
        }
    }

    /// Says a line of a page, with the tabs between its columns.
    fn say_drawn(&mut self, line: &str) {
        let place = Place { line: Some(self.line), ..Place::default() };
        self.sink.text(place, line);
        self.stopped |= !self.sink.go_on();
    }

    fn emit(&mut self, object: Object) {
        if !is_empty(&object) {
            self.sink.object(object);
        }
        self.stopped |= !self.sink.go_on();
    }

    fn emit_all(&mut self) {
        for element in &mut self.open {
            element.attributes = 0;
            element.repeated = (0, 0);
        }
        if let Some(object) = self.tree.take_all() {
            self.emit(object);
        }
    }

    fn report(&mut self, cause: Cause, detail: &str) {
        if !self.reported.contains(&cause) {
            self.reported.push(cause);
            self.sink.gap(cause, detail, None);
        }
    }

    fn finish(&mut self, at: u64, reader: &Utf8Reader<'_>) {
        if !self.open.is_empty() && !self.stopped {
            self.report(Cause::Damaged, &format!("not well-formed at byte {at}"));
            while !self.open.is_empty() {
                self.close();
            }
        }
        if let Some(line) = self.drawn.rest() {
            self.say_drawn(&line);
        }
        if reader.failed() {
            self.sink.gap(Cause::IoError, "reading failed", Some(format!("from byte {at}")));
        }
    }

    /// Reads what is left as text without tags, after the event that could not be read.
    fn give_up(mut self, event: &[u8], at: u64, mut rest: Utf8Reader<'_>) {
        self.report(Cause::Damaged, &format!("not well-formed at byte {at}"));
        if let Some(line) = self.drawn.rest() {
            self.say_drawn(&line);
        }
        while !self.open.is_empty() && !self.stopped {
            self.close();
        }
        rest.set_fuse(u64::MAX);
        let event = String::from_utf8_lossy(event);
        self.strip(Tokens::new(Utf8Reader::from_text(&event)));
        self.strip(Tokens::new(rest));
    }

    fn strip(&mut self, mut tokens: Tokens<'_>) {
        while !self.stopped {
            self.line = tokens.reader.line();
            match tokens.next() {
                Token::Text(text) => self.say(&text, None),
                Token::Comment(text) => self.say(&text, Some("comment")),
                Token::Start(tag) => {
                    for (name, value) in &tag.attributes {
                        self.say(&format!("{name}: {value}"), Some("attribute"));
                    }
                }
                Token::End(_) => {}
                Token::Eof => break,
            }
        }
        if tokens.reader.failed() {
            self.sink.gap(Cause::IoError, "reading failed", None);
        }
    }
}

/// As much of a name as is kept.
fn clip(name: &str) -> &str {
    &name[..name.floor_char_boundary(LONGEST_KEPT)]
}

/// A line with single blanks.
fn squeeze(line: &str) -> Cow<'_, str> {
    let line = line.trim();
    if !line.contains("  ") && !line.contains('\t') {
        return Cow::Borrowed(line);
    }
    Cow::Owned(line.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

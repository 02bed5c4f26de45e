//! Settings in sections: INI, TOML and their like.
//!
//! Sources: TOML 1.0.0; "`GetPrivateProfileString`" of the Windows documentation for INI, which has no standard. A
//! section is an object; one whose name goes on from that of an earlier one (`people.address` after `people`) is a
//! part of it.

use super::{Value, flow, object, put, unquote};
use crate::document::{DocumentSink, Object, Place};

/// Lines of a value over several that are joined.
const MOST_JOINED: usize = 10_000;

/// Reads all sections, each as an object as soon as it and its parts end.
pub(super) fn read(text: &str, sink: &mut dyn DocumentSink) {
    let mut open = vec![object("", 1)];
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        let line = line.trim();
        if number % 1000 == 0 && !sink.go_on() {
            return;
        }
        if let Some(name) = section(line) {
            begin(&mut open, name, number, sink);
            continue;
        }
        let comment = line.starts_with([';', '#']);
        let pair = if comment { None } else { pair(line) };
        let (Some((key, value)), Some(current)) = (pair, open.last_mut()) else {
            if !line.is_empty() {
                sink.text(Place { line: Some(number), ..Place::default() }, line);
            }
            continue;
        };
        let mut next = || lines.next().map(|(line, _)| line);
        if let Some(comment) = take(current, &key, value, number, &mut next) {
            sink.text(Place { line: Some(number), ..Place::default() }, comment);
        }
    }
    while let Some(part) = open.pop() {
        end(&mut open, part, sink);
    }
}

/// The name in a line that begins a section.
fn section(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('[')?;
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    let (name, rest) = inner.split_once(']')?;
    let rest = rest.trim_start_matches(']').trim_start();
    (rest.is_empty() || rest.starts_with(['#', ';'])).then_some(name.trim())
}

/// Begins a section: what it is no part of ends.
fn begin(open: &mut Vec<Object>, name: &str, line: u64, sink: &mut dyn DocumentSink) {
    let part = |around: &Object| name.strip_prefix(&around.name).is_some_and(|rest| rest.starts_with('.'));
    while open.last().is_some_and(|last| !part(last)) {
        if let Some(last) = open.pop() {
            end(open, last, sink);
        }
    }
    open.push(object(name, line));
}

/// Hands on a section, or puts it into the one it is a part of.
fn end(open: &mut [Object], part: Object, sink: &mut dyn DocumentSink) {
    match open.last_mut() {
        _ if part.fields.is_empty() && part.children.is_empty() => {}
        Some(around) => around.children.push(part),
        None => sink.object(part),
    }
}

/// Key and value of a line.
fn pair(line: &str) -> Option<(String, &str)> {
    match unquote(line) {
        Some((key, rest)) => Some((key, rest.trim_start().strip_prefix('=')?.trim_start())),
        None => line.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim_start())),
    }
}

/// Takes up a value, with further lines if it has them. Returns the comment behind it.
fn take<'t>(
    current: &mut Object,
    key: &str,
    value: &'t str,
    number: u64,
    next: &mut dyn FnMut() -> Option<&'t str>,
) -> Option<&'t str> {
    if let Some(mark) = ["\"\"\"", "'''"].into_iter().find(|mark| value.starts_with(mark)) {
        let text = joined(&value[3..], next, |line| line.contains(mark));
        put(current, key, Value::quoted(text.replacen(mark, "", 1)), number);
        return None;
    }
    if value.starts_with(['{', '[']) {
        let mut brackets = flow::Brackets::default();
        let text = joined(value, next, |line| {
            brackets.feed(line);
            !brackets.open()
        });
        if !flow::read(current, key, &text, number) {
            put(current, key, Value::quoted(text), number);
        }
        return None;
    }
    if let Some((text, rest)) = unquote(value) {
        put(current, key, Value::quoted(text), number);
        return Some(rest.trim()).filter(|rest| !rest.is_empty());
    }
    let comment = value.find(" #").or_else(|| value.find(" ;"));
    let (text, comment) = comment.map_or((value, None), |at| (&value[..at], Some(&value[at..])));
    put(current, key, Value::plain(text.trim_end()), number);
    comment
}

/// `first` and the lines after it, to the one that is the last.
fn joined<'t>(
    first: &str,
    next: &mut dyn FnMut() -> Option<&'t str>,
    mut last: impl FnMut(&str) -> bool,
) -> String {
    let mut text = first.to_owned();
    let mut ended = last(first);
    for _ in 0..MOST_JOINED {
        let Some(line) = (if ended { None } else { next() }) else { break };
        text.push('\n');
        text.push_str(line);
        ended = last(line);
    }
    text
}

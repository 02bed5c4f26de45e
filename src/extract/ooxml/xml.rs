//! XML parts token by token: local names, decoded text, tolerant of what is ill-formed.
//!
//! Empty elements come as a start and an end, entities are resolved (only characters and the five of XML itself;
//! no document type is processed, so nothing can expand), name prefixes are dropped.

use std::borrow::Cow;
use std::io::Read;

use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::utf8::{Ended, Utf8};
use crate::coverage::Cause;

/// Elements inside each other after which a part is given up (DESIGN, section 5).
const MOST_DEPTH: u32 = 4096;
/// Tokens between two questions whether to go on.
const TICK: u32 = 4096;

/// A start tag.
pub(crate) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// Name without prefix.
    pub(crate) fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// The prefix of its name as it is written; empty without one.
    pub(crate) fn prefix(&self) -> &str {
        self.0.name().into_inner().split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// Value of the first attribute with this local name.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| local(key) == name)
    }

    /// The id of the relationship it refers to (`r:id`, whatever the prefix).
    pub(crate) fn relation_id(&self) -> Option<String> {
        self.find(|key| key.ends_with(":id"))
    }

    /// Values of several attributes, by local name.
    pub(crate) fn attributes<const N: usize>(&self, names: [&str; N]) -> [Option<String>; N] {
        self.lent_attributes(names).map(|value| value.map(Cow::into_owned))
    }

    /// The same, as they stand in the tag where that is possible.
    pub(crate) fn lent_attributes<const N: usize>(&self, names: [&str; N]) -> [Option<Cow<'_, str>>; N] {
        let mut values = [const { None }; N];
        for attribute in self.0.attributes().with_checks(false).flatten() {
            let key = local(attribute.key.into_inner());
            if let Some(at) = names.iter().position(|&name| name == key) {
                values[at].get_or_insert_with(|| value_of(attribute));
            }
        }
        values
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.0.attributes();
        let attribute = attributes.with_checks(false).flatten().find(|a| wanted(a.key.into_inner()))?;
        Some(value_of(attribute).into_owned())
    }
}

/// The value with its entities resolved; as it is written, where they cannot be.
fn value_of(attribute: Attribute<'_>) -> Cow<'_, str> {
    // Most need nothing done: no reference, no white space but blanks.
    if attribute.value.bytes().all(|b| b >= b' ' && b != b'&') {
        return attribute.value;
    }
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned);
    value.map_or(attribute.value, Cow::Owned)
}

fn local(name: &str) -> &str {
    // Names are a few bytes long: nothing is faster than to look at them.
    name.bytes().rposition(|b| b == b':').map_or(name, |colon| &name[colon + 1..])
}

/// A piece of a part.
pub(crate) enum Token<'a> {
    /// An element starts.
    Start(Tag<'a>),
    /// The innermost element ends.
    End,
    /// Text, or a piece of it.
    Text(Cow<'a, str>),
    /// Comment, declaration, instruction, document type.
    Other,
}

/// A part being read.
pub(crate) struct Xml<'a> {
    reader: quick_xml::Reader<Utf8<'a>>,
    buffer: Vec<u8>,
    depth: u32,
    tokens: u32,
    trouble: Option<(Cause, &'static str)>,
    seen_root: bool,
}

impl<'a> Xml<'a> {
    /// Starts to read a part.
    pub(crate) fn new(content: &'a mut dyn Read) -> Self {
        let mut reader = quick_xml::Reader::from_reader(Utf8::new(content));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Xml { reader, buffer: Vec::new(), depth: 0, tokens: 0, trouble: None, seen_root: false }
    }

    /// Elements that are open; that of a start just given is counted, that of an end is not any more.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// True once in some thousand tokens: the time to ask whether to go on.
    pub(crate) fn tick(&self) -> bool {
        self.tokens.is_multiple_of(TICK)
    }

    /// What kept the part from being read to its end, with our own words.
    pub(crate) fn trouble(&self) -> Option<(Cause, &'static str)> {
        match self.reader.get_ref().ended() {
            Some(Ended::LongToken) => Some((Cause::LimitMemory, "a single text is too long")),
            Some(Ended::Broken) => Some((Cause::Damaged, "the part breaks off")),
            None => self.trouble,
        }
    }

    /// The next token, `None` at the end or where the part cannot be read on.
    pub(crate) fn next(&mut self) -> Option<Token<'_>> {
        if self.trouble.is_some() {
            return None;
        }
        self.tokens = self.tokens.wrapping_add(1);
        self.buffer.clear();
        self.buffer.shrink_to(1 << 20);
        self.reader.get_mut().token_done();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(_)) if self.depth == MOST_DEPTH => {
                self.trouble = Some((Cause::LimitDepth, "elements are nested too deeply"));
                None
            }
            Ok(Event::Start(tag)) => {
                self.depth += 1;
                self.seen_root = true;
                Some(Token::Start(Tag(tag)))
            }
            Ok(Event::End(_)) if self.depth > 0 => {
                self.depth -= 1;
                Some(Token::End)
            }
            Ok(Event::Text(text)) => Some(Token::Text(text.into_inner())),
            Ok(Event::CData(text)) => Some(Token::Text(text.into_inner())),
            Ok(Event::GeneralRef(entity)) => Some(Token::Text(resolve(&entity))),
            Ok(Event::Eof) => {
                if self.depth > 0 || !self.seen_root {
                    self.trouble = Some((Cause::Damaged, "the part breaks off"));
                }
                None
            }
            Ok(_) => Some(Token::Other),
            Err(_) => {
                self.trouble = Some((Cause::Damaged, "the XML is ill-formed"));
                None
            }
        }
    }
}

/// A character reference or one of the five entities of XML; anything else stays as it is written.
fn resolve(entity: &BytesRef<'_>) -> Cow<'static, str> {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return Cow::Owned(c.to_string());
    }
    match quick_xml::escape::resolve_predefined_entity(entity) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(format!("&{};", &**entity)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> (String, Option<Cause>) {
        let mut content = bytes;
        let mut xml = Xml::new(&mut content);
        let mut all = String::new();
        while let Some(token) = xml.next() {
            if let Token::Text(text) = token {
                all.push_str(&text);
            }
        }
        (all, xml.trouble().map(|(cause, _)| cause))
    }

    #[test]
    fn entities_are_resolved_and_unknown_ones_kept() {
        assert!(texts(b"<a>1&#45;2&amp;3&bogus;</a>") == ("1-2&3&bogus;".into(), None));
    }

    #[test]
    fn utf_16_is_read_with_and_without_mark() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>\u{e9}t\u{e9}</a>";
        let bare: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xFF, 0xFE], &bare[..]].concat();
        assert!(texts(&bare) == ("\u{e9}t\u{e9}".into(), None));
        assert!(texts(&marked) == ("\u{e9}t\u{e9}".into(), None));
    }

    #[test]
    fn what_breaks_off_is_read_up_to_the_break() {
        assert!(texts(b"<a><b>12-34") == ("12-34".into(), Some(Cause::Damaged)));
        assert!(texts(b"") == (String::new(), Some(Cause::Damaged)));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "<a>".repeat(5000);
        assert!(texts(deep.as_bytes()).1 == Some(Cause::LimitDepth));
    }

    #[test]
    fn end_tags_need_not_match() {
        assert!(texts(b"<a><b>x</c>y</a></d>").0 == "xy");
    }
}

//! Rich Text Format.
//!
//! Groups in braces inherit the state of the group around them; a control word at the start of a group says what it
//! holds. Headers, notes, comments and text boxes stand in the middle of the paragraph they belong to, so each part is
//! gathered by itself and given after the body. Hidden and deleted text is text like any other here.

mod flow;
mod object;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::code_page;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place, Sealed};
use flow::Flow;
use tokens::{Token, Tokens};
use words::{BODY, Kind, PARTS};

/// Groups in each other whose state is kept; deeper ones share it.
const DEPTH: usize = 1 << 14;
/// Fonts that are kept.
const FONTS: usize = 1 << 14;
/// Tokens between two signs of life.
const TICK: u64 = 1 << 16;

/// Reads Rich Text Format.
pub struct Rtf;

impl Extractor for Rtf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        if input.reader.rewind().is_err() {
            return sink.gap(Cause::IoError, "reading failed at the start", None);
        }
        let memory = usize::try_from(input.memory).unwrap_or(usize::MAX);
        let mut tokens = Tokens::new(input.reader);
        let mut walk = Walk::new(sink, memory);
        walk.sink.unit(Place::default());
        let ended = walk.all(&mut tokens);
        let open = walk.groups.len() > 1;
        if ended && walk.finish() && open {
            sink.gap(Cause::Damaged, "the document ends within a group", None);
        }
    }
}

/// State of a group.
#[derive(Clone, Copy)]
struct Group {
    kind: Kind,
    /// Bytes of text that follow a Unicode character for programs that know none.
    skips: u16,
    font: i32,
    /// True until something stands in the group: only there do words begin kinds that are not known.
    fresh: bool,
    /// True after `\*`, until the next word.
    star: bool,
    /// True for the group that begins an object or picture, which ends with it.
    begins: bool,
}

struct Walk<'a> {
    sink: &'a mut dyn DocumentSink,
    memory: usize,
    groups: Vec<Group>,
    /// Groups beyond [`DEPTH`].
    deeper: u64,
    flows: [Flow; PARTS.len()],
    fonts: HashMap<i32, &'static Encoding>,
    encoding: &'static Encoding,
    default_font: i32,
    /// The font that is being described.
    described: i32,
    /// Bytes of text not decoded yet.
    pending: Vec<u8>,
    /// The first half of a surrogate pair.
    half: Option<u16>,
    /// Bytes still to be passed over after a Unicode character.
    skip: u16,
    data: Vec<u8>,
    nibble: Option<u8>,
    shape: String,
    going: bool,
}

impl<'a> Walk<'a> {
    fn new(sink: &'a mut dyn DocumentSink, memory: usize) -> Self {
        let first =
            Group { kind: Kind::Text(BODY), skips: 1, font: 0, fresh: true, star: false, begins: false };
        Walk {
            sink,
            memory,
            groups: vec![first],
            deeper: 0,
            flows: Default::default(),
            fonts: HashMap::new(),
            encoding: encoding_rs::WINDOWS_1252,
            default_font: 0,
            described: 0,
            pending: Vec::new(),
            half: None,
            skip: 0,
            data: Vec::new(),
            nibble: None,
            shape: String::new(),
            going: true,
        }
    }

    /// The state of the group in hand. There is always one: the first is never closed.
    fn group(&mut self) -> &mut Group {
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    /// Reads to the end. False if the work must end before.
    fn all(&mut self, tokens: &mut Tokens<'_>) -> bool {
        let mut count = 0_u64;
        loop {
            count += 1;
            if count.is_multiple_of(TICK) {
                self.going &= self.sink.go_on();
            }
            if !self.going {
                return false;
            }
            match tokens.next() {
                None => return true,
                Some(Token::Open) => self.open(),
                Some(Token::Close) => self.close(),
                Some(Token::Byte(byte)) => self.byte(byte),
                Some(Token::Symbol(symbol)) => self.symbol(symbol),
                Some(Token::Word("bin", number)) => {
                    let count = u64::from(number.unwrap_or(0).max(0).cast_unsigned());
                    let keep = if self.group().kind == Kind::Object { self.memory } else { 0 };
                    let mut data = std::mem::take(&mut self.data);
                    tokens.raw(count, keep, &mut data);
                    self.data = data;
                }
                Some(Token::Word(word, number)) => self.word(word, number),
            }
        }
    }

    fn open(&mut self) {
        self.flush();
        if self.groups.len() >= DEPTH {
            self.deeper += 1;
            return;
        }
        self.group().fresh = false;
        let group = Group { fresh: true, star: false, begins: false, ..*self.group() };
        self.groups.push(group);
    }

    fn close(&mut self) {
        self.flush();
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if self.groups.len() == 1 {
            return;
        }
        let Some(group) = self.groups.pop() else { return };
        if group.begins {
            self.end_of(group.kind);
        }
    }

    /// A group that began a kind of its own ends.
    fn end_of(&mut self, kind: Kind) {
        match kind {
            Kind::Object => {
                let data = std::mem::take(&mut self.data);
                self.nibble = None;
                if !data.is_empty() {
                    object::give(&data, self.sink);
                }
            }
            Kind::Picture => {
                let why = Sealed::Gap(Cause::Media, "picture".to_owned());
                self.sink.sealed_member("", 0, why);
            }
            Kind::Text(BODY) => {}
            Kind::Text(part) => self.flows[part].end(),
            _ => {}
        }
        self.going &= self.sink.go_on();
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        self.flush();
        let star = std::mem::take(&mut self.group().star);
        self.group().fresh = false;
        if let Some(kind) = words::destination(word) {
            return self.begin(word, kind);
        }
        if star && !words::is_transparent(word) {
            self.group().kind = Kind::Skip;
            return;
        }
        if word == "ud" {
            // The group around it is skipped: it begins with the same text for programs that know no Unicode.
            let outer = self.groups.iter().rev().find(|g| matches!(g.kind, Kind::Text(_)));
            let kind = outer.map_or(Kind::Text(BODY), |g| g.kind);
            self.group().kind = kind;
            return;
        }
        self.setting(word, number.unwrap_or(0));
        if let Kind::Text(part) = self.group().kind {
            self.layout(word, number, part);
        }
    }

    /// A group of its own kind begins.
    fn begin(&mut self, word: &str, kind: Kind) {
        // Properties stand in a group that is skipped but for them.
        let inside = self.group().kind == Kind::Skip && !matches!(kind, Kind::Text(6));
        if inside || matches!(self.group().kind, Kind::Picture | Kind::Object) {
            return;
        }
        if word == "comment" && self.groups.len() < 3 {
            return;
        }
        let group = self.group();
        group.begins = group.kind != kind || matches!(kind, Kind::Text(_));
        group.kind = kind;
        if kind == Kind::ShapeName {
            self.shape.clear();
        }
    }

    /// Words that set something.
    fn setting(&mut self, word: &str, number: i32) {
        match word {
            "uc" => self.group().skips = u16::try_from(number).unwrap_or(1),
            "u" => self.unicode(number),
            "f" if self.group().kind == Kind::Fonts => self.described = number,
            "f" => self.group().font = number,
            "plain" => self.group().font = self.default_font,
            "deff" => (self.default_font, self.group().font) = (number, number),
            "fcharset" if self.fonts.len() < FONTS => {
                if let Some(encoding) = words::charset(number) {
                    self.fonts.insert(self.described, encoding);
                }
            }
            "cpg" | "ansicpg" => {
                let page = u16::try_from(number).ok().and_then(code_page::encoding);
                match page {
                    Some(encoding) if word == "ansicpg" => self.encoding = encoding,
                    Some(encoding) if self.fonts.len() < FONTS => {
                        self.fonts.insert(self.described, encoding);
                    }
                    _ => {}
                }
            }
            "mac" => self.encoding = encoding_rs::MACINTOSH,
            _ => {}
        }
    }

    /// Words that stand for characters or end something.
    fn layout(&mut self, word: &str, number: Option<i32>, part: usize) {
        let flow = &mut self.flows[part];
        match word {
            "par" => flow.paragraph(),
            "sect" | "page" | "column" => flow.end(),
            "cell" => flow.cell(),
            "row" => flow.row(),
            "pard" => flow.in_table = false,
            "intbl" => flow.in_table = number != Some(0),
            _ => {
                if let Some(text) = words::character(word) {
                    flow.add(text);
                }
                return;
            }
        }
        self.give_body();
    }

    fn give_body(&mut self) {
        if self.flows[BODY].waits() {
            self.going &= self.flows[BODY].give(&Place::default(), self.sink);
        }
    }

    fn symbol(&mut self, symbol: u8) {
        self.flush();
        match symbol {
            b'*' => self.group().star = self.group().fresh,
            b'~' => self.text(" "),
            b'_' => self.text("-"),
            b'\t' => self.text("\t"),
            // The optional hyphen and words of indexes show nothing.
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.group().fresh = false;
        match self.group().kind {
            Kind::Text(_) | Kind::ShapeName | Kind::ShapeValue => {
                self.pending.push(byte);
                if self.pending.len() >= 1 << 16 {
                    self.flush_bytes();
                }
            }
            Kind::Object => self.hexadecimal(byte),
            _ => {}
        }
    }

    fn hexadecimal(&mut self, byte: u8) {
        let Some(digit) = tokens::digit(byte) else { return };
        match self.nibble.take() {
            None => self.nibble = Some(digit),
            Some(high) if self.data.len() < self.memory => self.data.push(high << 4 | digit),
            Some(_) => {}
        }
    }

    /// A character by its UTF-16 unit; negative above 32,767.
    fn unicode(&mut self, number: i32) {
        self.skip = self.group().skips;
        let unit = number.cast_unsigned() as u16;
        let units = [self.half.take(), Some(unit)];
        if (0xD800..0xDC00).contains(&unit) && units[0].is_none() {
            self.half = Some(unit);
            return;
        }
        let text: String = char::decode_utf16(units.into_iter().flatten())
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        self.text(&text);
    }

    /// The bytes that wait become text.
    fn flush(&mut self) {
        self.skip = 0;
        self.flush_bytes();
    }

    fn flush_bytes(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let font = self.group().font;
        let encoding = self.fonts.get(&font).copied().unwrap_or(self.encoding);
        let bytes = std::mem::take(&mut self.pending);
        let text = encoding.decode_without_bom_handling(&bytes).0;
        self.text(&text);
    }

    fn text(&mut self, text: &str) {
        let kind = self.group().kind;
        match kind {
            Kind::Text(part) => self.flows[part].add(text),
            Kind::ShapeName if self.shape.len() < 100 => self.shape.push_str(text),
            Kind::ShapeValue if words::SHAPE_TEXTS.contains(&self.shape.trim()) => {
                self.flows[words::TEXTBOXES].add(text);
            }
            _ => {}
        }
    }

    /// Gives what waits, part by part. False if the work must end.
    fn finish(&mut self) -> bool {
        self.flush();
        self.flows.iter_mut().for_each(Flow::end);
        self.give_body();
        for (flow, name) in self.flows.iter_mut().zip(PARTS).skip(1) {
            let place = Place { part: Some(name.to_owned()), ..Place::default() };
            if flow.waits() {
                self.sink.unit(place.clone());
                self.going = self.going && flow.give(&place, self.sink);
            }
        }
        self.going
    }
}

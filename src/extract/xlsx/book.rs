//! What all sheets of a workbook share: its list of sheets, strings and styles.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::number::{Shape, built_in, parse};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Place};
use crate::extract::ooxml::xml::{Tag, Token, Xml};

/// Shared strings are held in memory up to so many bytes.
const MOST_STRINGS: usize = 256 << 20;
/// Styles that are kept; a spreadsheet program allows 64,000.
const MOST_STYLES: usize = 1 << 17;
/// Formats that are kept; a spreadsheet program allows about 250.
const MOST_FORMATS: usize = 1 << 13;
/// Bytes of sheet names and defined names that are kept.
const MOST_NAMES: usize = 32 << 20;

/// A sheet as the workbook lists it.
pub(crate) struct Sheet {
    /// Its name.
    pub name: String,
    /// Id of the relationship to its part.
    pub relation: String,
}

/// Sheets, date system and defined names.
#[derive(Default)]
pub(crate) struct Book {
    /// The sheets in order, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// True if day 0 is 1904-01-01.
    pub since_1904: bool,
    /// Names and what they stand for.
    pub names: Vec<(String, String)>,
    /// Shared strings.
    pub strings: Strings,
    /// Formats of styles.
    pub styles: Styles,
}

impl Book {
    /// Reads the workbook part.
    pub(crate) fn read(&mut self, xml: &mut Xml<'_>, sink: &mut dyn DocumentSink) {
        let mut in_name = false;
        let mut kept = 0;
        while !xml.tick() || sink.go_on() {
            match xml.next() {
                Some(Token::Start(tag)) => {
                    kept += self.start(&tag);
                    in_name = tag.name() == "definedName";
                }
                Some(Token::Text(text)) if in_name => {
                    if let Some((_, value)) = self.names.last_mut() {
                        value.push_str(&text);
                        kept += text.len();
                    }
                }
                Some(Token::End) => in_name = false,
                Some(_) => {}
                None => return,
            }
            if kept > MOST_NAMES {
                let words = "more sheets and names than are kept";
                sink.gap(Cause::LimitMemory, words, Some("workbook".into()));
                return;
            }
        }
    }

    /// Bytes that are kept of an element.
    fn start(&mut self, tag: &Tag<'_>) -> usize {
        match tag.name() {
            "sheet" => {
                let name = tag.attribute("name").unwrap_or_default();
                let kept = name.len() + size_of::<Sheet>();
                self.sheets.push(Sheet { name, relation: tag.relation_id().unwrap_or_default() });
                kept
            }
            "definedName" => {
                let name = tag.attribute("name").unwrap_or_default();
                let kept = name.len() + 2 * size_of::<String>();
                self.names.push((name, String::new()));
                kept
            }
            "workbookPr" => {
                self.since_1904 = tag.attribute("date1904").is_some_and(|v| v == "1" || v == "true");
                0
            }
            _ => 0,
        }
    }

    /// Gives the defined names as a unit.
    pub(crate) fn give_names(&self, sink: &mut dyn DocumentSink) {
        let place = Place { part: Some("defined-names".into()), ..Place::default() };
        if !self.names.is_empty() {
            sink.unit(place.clone());
        }
        for (name, value) in &self.names {
            sink.text(Place { field: Some(name.clone()), ..place.clone() }, value);
        }
    }
}

/// The shared strings, one behind the other.
#[derive(Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// True if there is a string with this number, or nothing to look for.
    pub(crate) fn has(&self, number: &str) -> bool {
        number.trim().is_empty() || self.get(number).is_some()
    }

    /// The string with this number, as a cell states it.
    pub(crate) fn get(&self, number: &str) -> Option<&str> {
        self.at(number.trim().parse().ok()?)
    }

    /// Adds a string; false if there is no room for it.
    pub(crate) fn push(&mut self, text: &str) -> bool {
        let room = self.text.len() + text.len() + self.ends.len() * size_of::<usize>() <= MOST_STRINGS;
        if room {
            self.text.push_str(text);
            self.ends.push(self.text.len());
        }
        room
    }

    /// The string with this number, from 0.
    pub(crate) fn at(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }

    /// Reads the part of the shared strings, and keeps at most so many bytes. Readings (`rPh`) are left out.
    pub(crate) fn read(&mut self, xml: &mut Xml<'_>, most: usize, sink: &mut dyn DocumentSink) {
        let most = most.min(MOST_STRINGS);
        let (mut text_at, mut reading_at) = (None, None);
        while let Some(token) = xml.next() {
            match token {
                Token::Start(tag) => match tag.name() {
                    "rPh" => reading_at = reading_at.or(Some(xml.depth())),
                    "t" if reading_at.is_none() => text_at = Some(xml.depth()),
                    _ => {}
                },
                Token::Text(text) => {
                    if text_at.is_some() {
                        self.text.push_str(&text);
                    }
                }
                Token::End => {
                    let ended = Some(xml.depth() + 1);
                    text_at = text_at.filter(|_| text_at != ended);
                    reading_at = reading_at.filter(|_| reading_at != ended);
                    if ended == Some(2) {
                        self.ends.push(self.text.len());
                    }
                }
                Token::Other => {}
            }
            if self.text.len() + self.ends.len() * size_of::<usize>() > most {
                sink.gap(
                    Cause::LimitMemory,
                    "more shared strings than are kept",
                    Some("shared strings".into()),
                );
                return;
            }
            if xml.tick() && !sink.go_on() {
                return;
            }
        }
        if self.ends.last().is_none_or(|&end| end < self.text.len()) {
            self.ends.push(self.text.len());
        }
    }
}

/// Number formats by style.
#[derive(Default)]
pub(crate) struct Styles {
    codes: HashMap<u32, Shape>,
    cells: Vec<u32>,
}

impl Styles {
    /// Reads the part of the styles.
    pub(crate) fn read(&mut self, xml: &mut Xml<'_>, sink: &mut dyn DocumentSink) {
        let mut of_cells = false;
        while !xml.tick() || sink.go_on() {
            let Some(token) = xml.next() else { return };
            let Token::Start(tag) = token else { continue };
            let id = || tag.attribute("numFmtId").and_then(|id| id.parse().ok());
            match tag.name() {
                "numFmt" => {
                    if let Some((id, code)) = id().zip(tag.attribute("formatCode")) {
                        self.add_format(id, &code);
                    }
                }
                "xf" if of_cells => self.add_cell(id().unwrap_or(0)),
                "cellXfs" => of_cells = true,
                "cellStyleXfs" | "cellStyles" | "dxfs" => of_cells = false,
                _ => {}
            }
        }
    }

    /// Adds the style of cells that follows those that are known, by its number of a format.
    pub(crate) fn add_cell(&mut self, format: u32) {
        if self.cells.len() < MOST_STYLES {
            self.cells.push(format);
        }
    }

    /// Adds a format.
    pub(crate) fn add_format(&mut self, id: u32, code: &str) {
        if self.codes.len() < MOST_FORMATS {
            self.codes.insert(id, parse(code));
        }
    }

    /// How numbers with this style are shown.
    pub(crate) fn shape(&self, style: usize) -> &Shape {
        self.shape_of_format(self.cells.get(style).copied().unwrap_or(0))
    }

    /// How numbers with this format are shown.
    pub(crate) fn shape_of_format(&self, id: u32) -> &Shape {
        static BUILT_IN: LazyLock<Vec<Shape>> = LazyLock::new(|| (0..59).map(built_in).collect());
        self.codes.get(&id).or_else(|| BUILT_IN.get(id as usize)).unwrap_or(&Shape::Plain)
    }
}

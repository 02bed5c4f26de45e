//! The text of a document: characters and functions.

use super::Version;
use super::letters::{STANDARD, letter};
use crate::document::{DocumentSink, Place};
use crate::extract::bytes::u16_at;

/// Text that is passed on before its paragraph ends.
const MOST_HELD: usize = 1 << 20;
/// Functions in functions that are looked into.
const DEPTH: u8 = 4;
/// Bytes between two questions whether to go on.
const TICK: usize = 1 << 16;

/// Groups of functions of version 5 that hold text: headers and footers, notes, boxes.
const ASIDE_5: [u8; 3] = [0xD5, 0xD6, 0xDA];
/// Lengths of functions from 0xC0 on in version 5, and from 0xF0 on in version 6.
const FIXED_5: [usize; 16] = [4, 9, 11, 3, 3, 5, 6, 7, 4, 4, 4, 4, 4, 4, 4, 4];
const FIXED_6: [usize; 16] = [4, 5, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 8, 8, 1];

/// What a function stands for.
enum Means {
    Nothing,
    Char(char),
    /// The end of a line that the program broke: a space, unless one stands there.
    Wrap,
    Tab,
    End,
}

/// A stretch of text being read.
pub(super) struct Body {
    version: Version,
    place: Place,
    line: String,
    asides: Vec<(usize, usize)>,
}

impl Body {
    pub(super) fn new(version: Version, place: Place) -> Body {
        Body { version, place, line: String::new(), asides: Vec::new() }
    }

    /// Gives the text as paragraphs, and after it what stands aside. False if the work must end.
    pub(super) fn read(self, bytes: &[u8], sink: &mut dyn DocumentSink) -> bool {
        self.level(bytes, 0, sink)
    }

    fn level(mut self, bytes: &[u8], depth: u8, sink: &mut dyn DocumentSink) -> bool {
        let (mut at, mut asked) = (0, 0);
        while let Some(&code) = bytes.get(at) {
            if at >= asked {
                asked = at + TICK;
                if !sink.go_on() {
                    return false;
                }
            }
            let (means, length) = match self.version {
                Version::Five => self.five(code, at, bytes),
                Version::Six => six(code, &bytes[at..]),
            };
            at += length;
            self.take(&means, sink);
        }
        self.give(sink);
        let place = Place { part: Some("aside".into()), ..Place::default() };
        self.asides.iter().filter(|_| depth < DEPTH).all(|&(start, end)| {
            sink.unit(place.clone());
            Body::new(self.version, place.clone()).level(&bytes[start..end], depth + 1, sink)
        })
    }

    fn take(&mut self, means: &Means, sink: &mut dyn DocumentSink) {
        match means {
            Means::Nothing => {}
            Means::Char(c) => self.line.push(*c),
            Means::Wrap if self.line.ends_with([' ', '-', '\t']) => {}
            Means::Wrap => self.line.push(' '),
            Means::Tab => self.line.push('\t'),
            Means::End => self.give(sink),
        }
        if self.line.len() > MOST_HELD {
            self.give(sink);
        }
    }

    fn give(&mut self, sink: &mut dyn DocumentSink) {
        if !self.line.trim().is_empty() {
            sink.text(self.place.clone(), &self.line);
        }
        self.line.clear();
    }

    /// What a byte of version 5 means, and how long it is with all that belongs to it.
    fn five(&mut self, code: u8, at: usize, bytes: &[u8]) -> (Means, usize) {
        let means = match code {
            0x0A | 0x0C | 0x8C | 0x99 => Means::End,
            0x0D | 0x0B => Means::Wrap,
            b' '..=b'~' => Means::Char(char::from(code)),
            0xA0 => Means::Char(' '),
            0xA9..=0xAB => Means::Char('-'),
            0xC0..=0xCF => {
                let length = FIXED_5[usize::from(code & 15)];
                return closed(code, length, &bytes[at..]).map_or((Means::Nothing, 1), |m| (m, length));
            }
            0xD0.. => return self.group_5(code, at, bytes),
            _ => Means::Nothing,
        };
        (means, 1)
    }

    /// A group of version 5: code, kind, a length that counts from behind itself, and all three again at the end.
    fn group_5(&mut self, code: u8, at: usize, bytes: &[u8]) -> (Means, usize) {
        let Some(length) = u16_at(bytes, at + 2).map(|n| usize::from(n) + 4) else {
            return (Means::Nothing, 1);
        };
        if length < 8 || bytes.get(at + length - 1) != Some(&code) {
            return (Means::Nothing, 1);
        }
        if ASIDE_5.contains(&code) {
            self.asides.push((at + 4, at + length - 4));
        }
        let means = match (code, bytes[at + 1]) {
            // Cells, rows and ends of tables.
            (0xDC | 0xDD, 0) => Means::Tab,
            (0xDC | 0xDD, _) => Means::End,
            _ => Means::Nothing,
        };
        (means, length)
    }
}

/// What a function of fixed length means in either version, if it ends as it begins.
fn closed(code: u8, length: usize, bytes: &[u8]) -> Option<Means> {
    let all = bytes.get(..length).filter(|all| all.last() == Some(&code))?;
    Some(match code {
        0xC0 | 0xF0 => letter(all[2], all[1]).map_or(Means::Char(' '), Means::Char),
        0xC1 | 0xC2 => Means::Tab,
        _ => Means::Nothing,
    })
}

/// What a byte of version 6 means, and how long it is with all that belongs to it.
fn six(code: u8, bytes: &[u8]) -> (Means, usize) {
    let means = match code {
        0x01..=0x20 => Means::Char(STANDARD[usize::from(code - 1)]),
        0x21..=0x7E => Means::Char(char::from(code)),
        0x80 | 0x81 => Means::Char(' '),
        0x84 => Means::Char('-'),
        0x87 | 0xB7..=0xC5 | 0xC7..=0xCC => Means::End,
        0xC6 => Means::Tab,
        0xCD..=0xCF => Means::Wrap,
        0xD0..=0xEF => return group_6(code, bytes),
        0xF0..=0xFE => {
            let length = FIXED_6[usize::from(code & 15)];
            return closed(code, length, bytes).map_or((Means::Nothing, 1), |m| (m, length));
        }
        _ => Means::Nothing,
    };
    (means, 1)
}

/// A group of version 6: code, kind, length of all, and at its end the length and the code again.
fn group_6(code: u8, bytes: &[u8]) -> (Means, usize) {
    let length = u16_at(bytes, 2).map_or(0, usize::from);
    if length < 5 || bytes.get(length - 1) != Some(&code) {
        return (Means::Nothing, 1);
    }
    let means = match (code, bytes[1]) {
        // Ends of lines: by the program, of cells, and all others.
        (0xD0, 0x01..=0x03) => Means::Wrap,
        (0xD0, 0x0A) | (0xE0, _) => Means::Tab,
        (0xD0, _) => Means::End,
        _ => Means::Nothing,
    };
    (means, length)
}

//! Takes HTML or text out of the RTF that mail programs wrap it in ([MS-OXRTFEX], section 2.2).

use std::collections::HashMap;

use encoding_rs::Encoding;

use crate::extract::mapi::codepage;

/// Most groups that may be open; deeper ones are read as part of the last.
const DEPTH: usize = 1000;

/// Destinations that hold no text of the body ([MS-OXRTFEX], section 2.1.3.1.4; RTF 1.9.1).
const ASIDE: &[&[u8]] = &[
    b"colortbl",
    b"stylesheet",
    b"info",
    b"pict",
    b"header",
    b"footer",
    b"objdata",
    b"mhtmltag",
    b"listtable",
    b"listoverridetable",
    b"revtbl",
    b"generator",
    b"themedata",
    b"datastore",
];

/// What was wrapped.
pub(in crate::extract::mapi) struct Unwrapped {
    /// True if it is HTML.
    pub(in crate::extract::mapi) html: bool,
    /// The HTML, or the text as a reader sees it.
    pub(in crate::extract::mapi) text: String,
}

/// Takes out what is wrapped; `encoding` is for characters of 8 bits where the RTF does not say one.
pub(in crate::extract::mapi) fn unwrap(rtf: &[u8], encoding: &'static Encoding) -> Unwrapped {
    let html = memchr::memmem::find(&rtf[..rtf.len().min(4096)], b"\\fromhtml").is_some();
    let mut reader = Reader {
        rest: rtf,
        html,
        encoding,
        groups: vec![Group { skip: 1, ..Group::default() }],
        too_deep: 0,
        fonts: HashMap::new(),
        bytes: Vec::new(),
        out: String::new(),
        to_skip: 0,
        star: false,
        high: 0,
    };
    reader.run();
    Unwrapped { html, text: reader.out }
}

/// What a group holds.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum What {
    /// Text of the body.
    #[default]
    Text,
    /// HTML.
    Tag,
    /// The list of fonts.
    Fonts,
    /// Nothing to be shown.
    Aside,
}

/// What a group inherits from the one around it.
#[derive(Clone, Copy, Default)]
struct Group {
    what: What,
    /// Between `\htmlrtf` and `\htmlrtf0`: RTF for those who cannot show HTML.
    for_others: bool,
    /// Characters that stand for a Unicode one.
    skip: usize,
    font: i32,
}

struct Reader<'a> {
    rest: &'a [u8],
    html: bool,
    encoding: &'static Encoding,
    groups: Vec<Group>,
    too_deep: usize,
    fonts: HashMap<i32, &'static Encoding>,
    /// Characters of 8 bits that are not decoded yet.
    bytes: Vec<u8>,
    out: String,
    to_skip: usize,
    /// True right after `\*`.
    star: bool,
    /// First half of a character, if one is open.
    high: u16,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some((&byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            match byte {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        self.flush();
    }

    fn group(&mut self) -> &mut Group {
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn open(&mut self) {
        self.flush();
        let group = *self.group();
        if self.groups.len() < DEPTH { self.groups.push(group) } else { self.too_deep += 1 }
    }

    fn close(&mut self) {
        self.flush();
        self.to_skip = 0;
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    /// A control word or symbol, after its backslash.
    fn control(&mut self) {
        let letters = self.rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            return self.symbol();
        }
        let (word, rest) = self.rest.split_at(letters);
        let digits = rest.iter().take(11).enumerate();
        let digits = digits.take_while(|(i, b)| b.is_ascii_digit() || (*i == 0 && **b == b'-')).count();
        let number = std::str::from_utf8(&rest[..digits]).ok().and_then(|n| n.parse::<i32>().ok());
        let rest = &rest[digits..];
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        self.word(word, number);
        self.star = false;
    }

    fn symbol(&mut self) {
        let Some((&symbol, rest)) = self.rest.split_first() else { return };
        self.rest = rest;
        match symbol {
            b'\'' => {
                let digits = self.rest.get(..2).and_then(|d| std::str::from_utf8(d).ok());
                if let Some(byte) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
                    self.rest = &self.rest[2..];
                    self.byte(byte);
                }
            }
            b'*' => self.star = true,
            b'~' => self.say("\u{a0}"),
            b'_' => self.say("-"),
            b'\r' | b'\n' => self.say("\n"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        match word {
            b"htmltag" => self.group().what = What::Tag,
            b"htmlrtf" => {
                self.flush();
                self.group().for_others = number != Some(0);
            }
            b"fonttbl" => self.group().what = What::Fonts,
            _ if ASIDE.contains(&word) || self.star => self.group().what = What::Aside,
            b"par" | b"line" | b"row" => self.say("\n"),
            b"tab" | b"cell" => self.say("\t"),
            b"lquote" | b"rquote" => self.say("'"),
            b"ldblquote" | b"rdblquote" => self.say("\""),
            b"endash" | b"emdash" => self.say("-"),
            b"bullet" => self.say("\u{2022}"),
            b"uc" => self.group().skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1),
            b"u" => self.unicode(number.unwrap_or_default()),
            b"bin" => {
                let length = usize::try_from(number.unwrap_or_default()).unwrap_or_default();
                self.rest = &self.rest[length.min(self.rest.len())..];
            }
            _ => self.look(word, number),
        }
    }

    /// Words that say how bytes are to be decoded.
    fn look(&mut self, word: &[u8], number: Option<i32>) {
        let Some(number) = number else { return };
        match word {
            b"ansicpg" => {
                let found = u32::try_from(number).ok().and_then(codepage::encoding);
                self.encoding = found.unwrap_or(self.encoding);
            }
            b"f" => {
                self.flush();
                self.group().font = number;
            }
            b"fcharset" if self.group().what == What::Fonts => {
                let font = self.group().font;
                if let Some(encoding) = charset(number).and_then(codepage::encoding) {
                    self.fonts.insert(font, encoding);
                }
            }
            _ => {}
        }
    }

    /// A code unit of UTF-16 as a signed number; a character beyond the first plane comes as two.
    fn unicode(&mut self, number: i32) {
        let [low, high, ..] = number.to_le_bytes();
        let unit = u16::from_le_bytes([low, high]);
        let pair = [std::mem::take(&mut self.high), unit];
        let units = if pair[0] == 0 { &pair[1..] } else { &pair[..] };
        let one = String::from_utf16_lossy(units);
        if (0xD800..0xDC00).contains(&unit) {
            self.high = unit;
        } else {
            self.say(&one);
        }
        self.to_skip = self.group().skip;
    }

    fn shows(&mut self) -> bool {
        let group = *self.group();
        match group.what {
            What::Text => !group.for_others,
            What::Tag => true,
            What::Fonts | What::Aside => false,
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.shows() {
            self.bytes.push(byte);
        }
    }

    fn say(&mut self, text: &str) {
        self.flush();
        if self.shows() {
            self.out.push_str(text);
        }
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let font = self.group().font;
        let in_tag = self.group().what == What::Tag && self.html;
        let by_font = self.fonts.get(&font).copied().filter(|_| !in_tag);
        let encoding = by_font.unwrap_or(self.encoding);
        let bytes = std::mem::take(&mut self.bytes);
        self.out.push_str(&encoding.decode_without_bom_handling(&bytes).0);
    }
}

/// The code page of a font's character set (RTF 1.9.1, `\fcharset`).
fn charset(number: i32) -> Option<u32> {
    const SETS: &[(i32, u32)] = &[
        (0, 1252),
        (77, 10000),
        (128, 932),
        (129, 949),
        (134, 936),
        (136, 950),
        (161, 1253),
        (162, 1254),
        (163, 1258),
        (177, 1255),
        (178, 1256),
        (186, 1257),
        (204, 1251),
        (222, 874),
        (238, 1250),
    ];
    SETS.iter().find(|(set, _)| *set == number).map(|(_, page)| *page)
}

//! What Outlook messages are made of, in whichever file they lie: properties, recipients, attachments.
//!
//! Message files, `winmail.dat` and mail stores hold the same properties in three wrappings; each reader unwraps
//! them into a [`Bag`], and [`say`] says what is in it. Numbers of properties are those of [MS-OXPROPS].

mod codepage;
mod label;
pub(super) mod names;
pub(super) mod rtf;
pub(super) mod say;

use std::collections::HashMap;

use encoding_rs::Encoding;

/// Numbers of properties that readers ask for ([MS-OXPROPS], section 2).
pub(super) mod id {
    pub(in crate::extract) const MESSAGE_CLASS: u16 = 0x001A;
    pub(in crate::extract) const SUBJECT: u16 = 0x0037;
    pub(in crate::extract) const SENT: u16 = 0x0039;
    pub(in crate::extract) const SENT_FOR: u16 = 0x0042;
    pub(in crate::extract) const SENT_FOR_ADDRESS: u16 = 0x0065;
    pub(in crate::extract) const CONVERSATION: u16 = 0x0070;
    pub(in crate::extract) const HEADERS: u16 = 0x007D;
    pub(in crate::extract) const RECIPIENT_KIND: u16 = 0x0C15;
    pub(in crate::extract) const SENDER: u16 = 0x0C1A;
    pub(in crate::extract) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(in crate::extract) const SHOWN_BCC: u16 = 0x0E02;
    pub(in crate::extract) const SHOWN_CC: u16 = 0x0E03;
    pub(in crate::extract) const SHOWN_TO: u16 = 0x0E04;
    pub(in crate::extract) const DELIVERED: u16 = 0x0E06;
    pub(in crate::extract) const BODY: u16 = 0x1000;
    pub(in crate::extract) const RTF: u16 = 0x1009;
    pub(in crate::extract) const HTML: u16 = 0x1013;
    pub(in crate::extract) const NAME: u16 = 0x3001;
    pub(in crate::extract) const ADDRESS: u16 = 0x3003;
    pub(in crate::extract) const DATA: u16 = 0x3701;
    pub(in crate::extract) const SHORT_FILE: u16 = 0x3704;
    pub(in crate::extract) const METHOD: u16 = 0x3705;
    pub(in crate::extract) const LONG_FILE: u16 = 0x3707;
    pub(in crate::extract) const SHORT_PATH: u16 = 0x3708;
    pub(in crate::extract) const LONG_PATH: u16 = 0x370D;
    pub(in crate::extract) const SMTP: u16 = 0x39FE;
    pub(in crate::extract) const INTERNET_CODEPAGE: u16 = 0x3FDE;
    pub(in crate::extract) const CODEPAGE: u16 = 0x3FFD;
    pub(in crate::extract) const SENDER_SMTP: u16 = 0x5D01;
    pub(in crate::extract) const SENT_FOR_SMTP: u16 = 0x5D02;
}

/// Types of properties ([MS-OXCDATA], section 2.11.1).
pub(super) mod kind {
    pub(in crate::extract) const I16: u16 = 0x0002;
    pub(in crate::extract) const I32: u16 = 0x0003;
    pub(in crate::extract) const F32: u16 = 0x0004;
    pub(in crate::extract) const F64: u16 = 0x0005;
    pub(in crate::extract) const CURRENCY: u16 = 0x0006;
    pub(in crate::extract) const DATE: u16 = 0x0007;
    pub(in crate::extract) const ERROR: u16 = 0x000A;
    pub(in crate::extract) const BOOL: u16 = 0x000B;
    pub(in crate::extract) const OBJECT: u16 = 0x000D;
    pub(in crate::extract) const I64: u16 = 0x0014;
    pub(in crate::extract) const ANSI: u16 = 0x001E;
    pub(in crate::extract) const UNICODE: u16 = 0x001F;
    pub(in crate::extract) const TIME: u16 = 0x0040;
    pub(in crate::extract) const GUID: u16 = 0x0048;
    pub(in crate::extract) const BINARY: u16 = 0x0102;
    /// Set for a property with several values.
    pub(in crate::extract) const MANY: u16 = 0x1000;
}

/// Bytes of a value of this type, 0 for one of variable size.
pub(super) fn fixed_size(kind: u16) -> usize {
    match kind & !kind::MANY {
        kind::I16 | kind::BOOL => 2,
        kind::I32 | kind::F32 | kind::ERROR => 4,
        kind::F64 | kind::CURRENCY | kind::DATE | kind::I64 | kind::TIME => 8,
        kind::GUID => 16,
        _ => 0,
    }
}

/// What a property with a number from 0x8000 on means.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// A number that a program has defined.
    Number(u32),
    /// A name, often one that a user has given a field.
    Text(String),
}

/// A property.
#[derive(Clone)]
pub(super) struct Property {
    pub(super) id: u16,
    pub(super) kind: u16,
    pub(super) named: Option<Named>,
    /// The value as it is stored; several for a type with [`kind::MANY`].
    pub(super) values: Vec<Vec<u8>>,
}

impl Property {
    /// A property with one value.
    pub(super) fn new(id: u16, kind: u16, value: Vec<u8>) -> Self {
        Property { id, kind, named: None, values: vec![value] }
    }
}

/// The properties of one message, recipient or attachment.
#[derive(Clone, Default)]
pub(super) struct Bag {
    list: Vec<Property>,
    at: HashMap<u16, usize>,
    /// Code page of strings in 8 bits, where the wrapping says it.
    codepage: Option<u32>,
}

impl Bag {
    /// Adds a property; of several with one number the first counts.
    pub(super) fn push(&mut self, property: Property) {
        self.at.entry(property.id).or_insert(self.list.len());
        self.list.push(property);
    }

    /// Sets the code page for strings if there is no property that says one.
    pub(super) fn set_codepage(&mut self, codepage: u32) {
        self.codepage = Some(codepage);
    }

    /// The same for what belongs to `message`.
    pub(super) fn part_of(mut self, message: &Bag) -> Self {
        self.codepage = message.said_codepage().or(self.codepage);
        self
    }

    pub(super) fn list(&self) -> &[Property] {
        &self.list
    }

    pub(super) fn get(&self, id: u16) -> Option<&Property> {
        self.at.get(&id).and_then(|&at| self.list.get(at))
    }

    /// The bytes of a value.
    pub(super) fn bytes(&self, id: u16) -> Option<&[u8]> {
        self.get(id)?.values.first().map(Vec::as_slice)
    }

    /// A whole number.
    pub(super) fn number(&self, id: u16) -> Option<u32> {
        let bytes = self.bytes(id)?;
        Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?))
    }

    /// A text, if it is there and not blank.
    pub(super) fn text(&self, id: u16) -> Option<String> {
        self.texts(self.get(id)?).into_iter().next()
    }

    /// The texts of a property of a type for text, but not blank ones.
    pub(super) fn texts(&self, property: &Property) -> Vec<String> {
        let decode = |bytes: &Vec<u8>| match property.kind & !kind::MANY {
            kind::UNICODE => Some(wide(bytes)),
            kind::ANSI => Some(self.decode(bytes)),
            _ => None,
        };
        let all = property.values.iter().filter_map(decode);
        all.map(|text| clean(&text)).filter(|text| !text.trim().is_empty()).collect()
    }

    /// Decodes text of 8 bits.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
        self.encoding().decode_without_bom_handling(&bytes[..end]).0.into_owned()
    }

    /// The encoding of strings in 8 bits.
    fn encoding(&self) -> &'static Encoding {
        self.said_codepage().and_then(codepage::encoding).unwrap_or(encoding_rs::WINDOWS_1252)
    }

    /// The code page that the message or what it came in says, if it is known.
    pub(super) fn said_codepage(&self) -> Option<u32> {
        let pages = [self.number(id::CODEPAGE), self.codepage, self.number(id::INTERNET_CODEPAGE)];
        pages.into_iter().flatten().find(|page| codepage::encoding(*page).is_some())
    }

    /// The encoding of an HTML body, if it is said.
    pub(super) fn html_encoding(&self) -> Option<&'static Encoding> {
        self.number(id::INTERNET_CODEPAGE).and_then(codepage::encoding)
    }
}

/// Text of 16-bit units up to a zero.
pub(super) fn wide(bytes: &[u8]) -> String {
    let end = bytes.chunks_exact(2).position(|unit| unit == [0, 0]).map_or(bytes.len(), |at| at * 2);
    encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes[..end]).0.into_owned()
}

/// Without control characters, which mark prefixes of subjects.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests;

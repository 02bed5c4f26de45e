//! Texts that are mostly short: ids, masked values, headers. Each record has a dozen of them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are held in place: an id is 32, a masked card number of 16 digits 40.
const ROOM: usize = 40;

/// A text that takes no memory of its own up to 40 bytes.
#[derive(Clone)]
pub struct Short(Held);

#[derive(Clone)]
enum Held {
    /// The first so many bytes are the text.
    Here(u8, Room),
    Apart(Box<str>),
}

/// Looked at word by word.
#[derive(Clone)]
#[repr(align(8))]
struct Room([u8; ROOM]);

impl Short {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Held::Here(len, room) => std::str::from_utf8(&room.0[..usize::from(*len)]).unwrap_or_default(),
            Held::Apart(text) => text,
        }
    }

    /// Hexadecimal digits, small letters, of at most 20 bytes; what is beyond is left out.
    #[must_use]
    pub fn hex(bytes: &[u8]) -> Short {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let (mut room, mut len) = ([0; ROOM], 0);
        let (pairs, _) = room.as_chunks_mut::<2>();
        for (to, b) in pairs.iter_mut().zip(bytes) {
            *to = [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]];
            len += 2;
        }
        Short(Held::Here(len, Room(room)))
    }

    /// Appends a character.
    pub fn push(&mut self, c: char) {
        if c.is_ascii()
            && let Held::Here(len, room) = &mut self.0
            && let Some(to) = room.0.get_mut(usize::from(*len))
        {
            *to = c as u8;
            *len += 1;
            return;
        }
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    /// Appends a text.
    pub fn push_str(&mut self, more: &str) {
        if let Held::Here(len, room) = &mut self.0 {
            let (from, to) = (usize::from(*len), usize::from(*len) + more.len());
            if let Some(room) = room.0.get_mut(from..to) {
                room.copy_from_slice(more.as_bytes());
                *len = to as u8;
                return;
            }
        }
        *self = Short(Held::Apart([self.as_str(), more].concat().into()));
    }
}

impl Default for Short {
    fn default() -> Self {
        Short(Held::Here(0, Room([0; ROOM])))
    }
}

impl From<&str> for Short {
    fn from(text: &str) -> Self {
        let mut short = Short::default();
        short.push_str(text);
        short
    }
}

impl From<String> for Short {
    fn from(text: String) -> Self {
        if text.len() <= ROOM { text.as_str().into() } else { Short(Held::Apart(text.into())) }
    }
}

impl From<Short> for String {
    fn from(text: Short) -> Self {
        text.as_str().to_owned()
    }
}

impl From<&Short> for String {
    fn from(text: &Short) -> Self {
        text.as_str().to_owned()
    }
}

impl FromIterator<char> for Short {
    fn from_iter<I: IntoIterator<Item = char>>(chars: I) -> Self {
        let mut short = Short::default();
        chars.into_iter().for_each(|c| short.push(c));
        short
    }
}

impl Deref for Short {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Short {
    fn as_ref(&self) -> &str {
        self
    }
}

impl std::borrow::Borrow<str> for Short {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Short {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Held::Here(n, a), Held::Here(m, b)) => a.0[..usize::from(*n)] == b.0[..usize::from(*m)],
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Eq for Short {}

impl PartialEq<str> for Short {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Short {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Short {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<Short> for String {
    fn eq(&self, other: &Short) -> bool {
        self.as_str() == other.as_str()
    }
}

impl PartialOrd for Short {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Short {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl std::hash::Hash for Short {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Serialize for Short {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Short {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // What cannot be borrowed comes as a text of its own.
        Cow::<'de, str>::deserialize(from).map(|text| Short::from(&*text))
    }
}

impl JsonSchema for Short {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_hexadecimal() {
        assert_eq!(Short::hex(&[0x0f, 0xa0, 0x42]), "0fa042");
        assert_eq!(Short::hex(&[0xff; 32]), "f".repeat(ROOM));
    }

    #[test]
    fn texts_of_any_length_are_what_they_were() {
        let whole = "•é0123456789abcdef0123456789abcdef0123456789abcdef";
        for (end, _) in whole.char_indices() {
            let (text, mut grown) = (&whole[..end], Short::default());
            text.split_inclusive(['0', '9']).for_each(|part| grown.push_str(part));
            assert_eq!(grown, text);
            assert_eq!(grown, Short::from(text.to_owned()));
            assert_eq!(grown.cmp(&Short::from("0")), text.cmp("0"));
            let json = serde_json::to_string(&grown).unwrap();
            assert_eq!(serde_json::from_str::<Short>(&json).unwrap(), grown);
        }
    }
}

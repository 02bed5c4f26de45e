//! Writes what most lines of a result are made of as JSON: maps, lists, texts, whole numbers, words.
//!
//! The same bytes as `serde_json` writes, in a third of the time: a line has some fifty short texts and keys, and what
//! takes time is to look for what must be escaped byte by byte. What is seldom (fractions, variants with contents,
//! bytes) is refused and left to `serde_json`.

use std::fmt;

use serde::ser::{Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

/// Something that is seldom.
#[derive(Debug)]
pub(super) struct Seldom;

impl fmt::Display for Seldom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no map, list, text, word or whole number")
    }
}

impl std::error::Error for Seldom {}

impl Error for Seldom {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Seldom
    }
}

/// Appends `value` to `out`.
///
/// # Errors
/// For what is seldom; `out` holds a part of it then.
pub(super) fn write<T: Serialize>(value: &T, out: &mut Vec<u8>) -> Result<(), Seldom> {
    value.serialize(Json(out))
}

struct Json<'o>(&'o mut Vec<u8>);

/// True if a byte must be escaped: a control character, a quote or a backslash (RFC 8259, 7). Eight at a time.
fn has_escapes(bytes: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // High bits of bytes that are less, the lowest of which is right.
    let less = |word: u64, than: u8| word.wrapping_sub(ONES * u64::from(than)) & !word & HIGH;
    let any = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        let is = |byte: u8| less(word ^ (ONES * u64::from(byte)), 1);
        less(word, b' ') | is(b'"') | is(b'\\')
    };
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes.iter().any(|b| *b < b' ' || matches!(b, b'"' | b'\\'));
    };
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().fold(any(last), |found, word| found | any(word)) != 0
}

/// A map or list in the making.
struct Open<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
    end: u8,
}

impl<'o> Json<'o> {
    fn open(self, start: u8, end: u8) -> Open<'o> {
        self.0.push(start);
        Open { out: self.0, empty: true, end }
    }

    fn text(self, text: &str) {
        let bytes = text.as_bytes();
        if has_escapes(bytes) {
            let _ = serde_json::to_writer(self.0, text);
            return;
        }
        self.0.reserve(bytes.len() + 3);
        self.0.push(b'"');
        self.0.extend_from_slice(bytes);
        self.0.push(b'"');
    }

    fn number(self, mut number: u64) {
        let (mut digits, mut at) = ([0; 20], 20);
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
    }
}

impl Open<'_> {
    fn next(&mut self) -> Json<'_> {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        Json(self.out)
    }

    fn close(self) {
        self.out.push(self.end);
    }
}

/// Methods for kinds that are seldom.
macro_rules! seldom {
    ($($name:ident($($of:ty),*) -> $ok:ty;)*) => {
        $(fn $name(self, $(_: $of),*) -> Result<$ok, Seldom> { Err(Seldom) })*
    };
}

impl<'o> Serializer for Json<'o> {
    type Ok = ();
    type Error = Seldom;
    type SerializeSeq = Open<'o>;
    type SerializeMap = Open<'o>;
    type SerializeStruct = Open<'o>;
    type SerializeTuple = Impossible<(), Seldom>;
    type SerializeTupleStruct = Impossible<(), Seldom>;
    type SerializeTupleVariant = Impossible<(), Seldom>;
    type SerializeStructVariant = Impossible<(), Seldom>;

    fn serialize_bool(self, value: bool) -> Result<(), Seldom> {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Seldom> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Seldom> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Seldom> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Seldom> {
        self.number(value);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Seldom> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Seldom> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Seldom> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Seldom> {
        if value < 0 {
            self.0.push(b'-');
        }
        self.number(value.unsigned_abs());
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Seldom> {
        self.text(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Seldom> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Seldom> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Seldom> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, word: &'static str) -> Result<(), Seldom> {
        self.serialize_str(word)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Seldom> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Seldom> {
        Err(Seldom)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'o>, Seldom> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'o>, Seldom> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'o>, Seldom> {
        Ok(self.open(b'{', b'}'))
    }

    seldom! {
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Seldom;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Seldom> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Seldom> {
        self.close();
        Ok(())
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Seldom;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Seldom> {
        let next = self.next();
        let at = next.0.len();
        key.serialize(Json(next.0))?;
        // A number is no key as it stands.
        if self.out.get(at) == Some(&b'"') { Ok(()) } else { Err(Seldom) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Seldom> {
        self.out.push(b':');
        value.serialize(Json(self.out))
    }

    fn end(self) -> Result<(), Seldom> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Seldom;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Seldom> {
        self.next().text(key);
        self.out.push(b':');
        value.serialize(Json(self.out))
    }

    fn end(self) -> Result<(), Seldom> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::samples;
    use super::*;
    use crate::event::Event;

    #[test]
    fn events_are_written_as_serde_json_writes_them() {
        for event in samples::every_event() {
            let (mut line, expected) = (Vec::new(), serde_json::to_vec(&event).unwrap());
            let written = write(&event, &mut line);
            assert!(written.is_err() || line == expected);
            assert!(written.is_ok() || !matches!(event, Event::Record(_) | Event::Element(_)));
        }
    }

    #[test]
    fn what_is_seldom_is_refused() {
        let numbered = BTreeMap::from([(1, 2)]);
        assert!(write(&0.5, &mut Vec::new()).is_err() && write(&numbered, &mut Vec::new()).is_err());
    }

    proptest! {
        #[test]
        fn values_are_written_as_serde_json_writes_them(
            texts: Vec<String>,
            map: BTreeMap<String, Option<i64>>,
            numbers: Vec<u64>,
        ) {
            let mut out = Vec::new();
            write(&texts, &mut out).unwrap();
            write(&map, &mut out).unwrap();
            write(&numbers, &mut out).unwrap();
            let parts = [serde_json::to_vec(&texts), serde_json::to_vec(&map), serde_json::to_vec(&numbers)];
            prop_assert_eq!(out, parts.map(Result::unwrap).concat());
        }
    }
}

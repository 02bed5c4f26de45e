//! Records: a header that says type and length of each value, then the values.
//!
//! Source: "Database File Format", section 2.1.

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::pager::{Charset, varint};

/// A value of a record.
pub(super) enum Value<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(&'a [u8]),
}

/// The most values that are read of one record; a table has at most 32,767 columns (limits.html, section 2).
const MOST_VALUES: usize = 32_767;

/// Length in bytes of a value of this serial type; `None` for the two types that never stand in a file.
pub(super) fn length_of(serial: u64) -> Option<u64> {
    match serial {
        0 | 8 | 9 => Some(0),
        1..=4 => Some(serial),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        n => Some((n - 12) / 2),
    }
}

/// The values of a record. Of a record that is cut, those that are there; the last one may be cut too.
/// `None` if there is no header.
pub(super) fn values(record: &[u8], charset: Charset) -> Option<Vec<Value<'_>>> {
    let (header, mut at) = varint(record)?;
    let header = usize::try_from(header).ok().filter(|&h| h >= at && h <= record.len())?;
    let mut values = Vec::new();
    let mut rest = &record[header..];
    while at < header && values.len() < MOST_VALUES {
        let Some((serial, n)) = varint(&record[at..header]) else { break };
        at += n;
        let Some(length) = length_of(serial) else { break };
        let whole = usize::try_from(length).ok().filter(|&l| l <= rest.len());
        let (bytes, after) = rest.split_at(whole.unwrap_or(rest.len()));
        rest = after;
        if whole.is_none() && (serial < 12 || bytes.is_empty()) {
            break;
        }
        values.push(value(serial, bytes, charset));
        if whole.is_none() {
            break;
        }
    }
    Some(values)
}

/// A value of this serial type in `bytes`, which are as long as the type says.
pub(super) fn value(serial: u64, bytes: &[u8], charset: Charset) -> Value<'_> {
    match serial {
        1..=6 => Value::Integer(integer(bytes)),
        7 => Value::Real(f64::from_bits(integer(bytes).cast_unsigned())),
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        n if n >= 12 && n % 2 == 0 => Value::Blob(bytes),
        n if n >= 13 => Value::Text(text(bytes, charset)),
        _ => Value::Null,
    }
}

fn integer(bytes: &[u8]) -> i64 {
    let first = bytes.first().map_or(0, |&b| i64::from(b.cast_signed()));
    bytes.iter().skip(1).fold(first, |n, &b| n << 8 | i64::from(b))
}

/// Text in the encoding of the database.
pub(super) fn text(bytes: &[u8], charset: Charset) -> String {
    match charset {
        Charset::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Charset::Utf16Le => UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
        Charset::Utf16Be => UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// A number with fraction as text; without one where it has none.
pub(super) fn real(value: f64) -> String {
    if value.abs() < 1e15 { value.to_string() } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(record: &[u8]) -> Vec<String> {
        let values = values(record, Charset::Utf8).unwrap_or_default();
        let show = |v: &Value<'_>| match v {
            Value::Null => "null".to_owned(),
            Value::Integer(n) => n.to_string(),
            Value::Real(r) => real(*r),
            Value::Text(t) => t.clone(),
            Value::Blob(b) => format!("{b:?}"),
        };
        values.iter().map(show).collect()
    }

    #[test]
    fn every_type_is_read() {
        let mut record = vec![8, 0, 1, 2, 9, 7, 14, 17, 0xFF, 0x01, 0x00];
        record.extend_from_slice(&2.5f64.to_be_bytes());
        record.extend_from_slice(b"\x07ab");
        assert_eq!(shown(&record), ["null", "-1", "256", "1", "2.5", "[7]", "ab"]);
    }

    #[test]
    fn a_cut_record_gives_what_is_there() {
        assert_eq!(shown(&[3, 17, 23, b'a', b'b', b'c']), ["ab", "c"]);
        assert_eq!(shown(&[3, 17, 23]), [""; 0]);
        assert_eq!(shown(&[]), [""; 0]);
    }

    #[test]
    fn numbers_are_signed_and_of_any_length() {
        assert_eq!(integer(&[0xFF, 0xFF, 0xFE]), -2);
        assert_eq!(integer(&[0x01, 0x00, 0x00]), 65536);
        assert_eq!(real(246_133_870.0), "246133870");
    }
}

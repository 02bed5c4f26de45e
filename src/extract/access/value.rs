//! Values of columns as a reader would see them.

use super::pages::Jet;
use crate::extract::bytes::u32_at;
use crate::extract::code_page;
use crate::extract::xlsx::moment::civil;
use crate::extract::xlsx::number::plain_value;

/// Yes or no; it has no bytes.
pub(super) const TRUTH: u8 = 1;
const TEXT: u8 = 10;
const OBJECT: u8 = 11;
const MEMO: u8 = 12;
const EXTENDED_DATE: u8 = 20;

/// A value.
pub(super) enum Value {
    Text(String),
    Number(String),
    /// A long text, of which the row has at most the start.
    LongText,
    /// A long object.
    Object,
    /// Binary values, and those of kinds to come: bytes whose meaning only the application knows.
    Bytes,
}

/// Bytes of a value of fixed length.
pub(super) fn fixed_length(kind: u8) -> Option<usize> {
    Some(match kind {
        2 => 1,
        3 => 2,
        4 | 6 | 18 => 4,
        5 | 7 | 8 | 19 => 8,
        15 => 16,
        16 => 17,
        EXTENDED_DATE => 42,
        _ => return None,
    })
}

/// What stored bytes of a column of this kind say.
pub(super) fn value(bytes: &[u8], kind: u8, scale: u8, jet: Jet, page: u16) -> Option<Value> {
    let whole = |n: i64| Some(Value::Number(n.to_string()));
    match kind {
        2 => whole((*bytes.first()?).into()),
        3 => whole(i16::from_le_bytes(*bytes.first_chunk()?).into()),
        // The key by which the values of a field with several are found in a table of their own.
        4 | 18 => whole(i32::from_le_bytes(*bytes.first_chunk()?).into()),
        19 => whole(i64::from_le_bytes(*bytes.first_chunk()?)),
        5 => {
            let amount = i64::from_le_bytes(*bytes.first_chunk()?);
            Some(Value::Number(decimal(amount < 0, amount.unsigned_abs().into(), 4)))
        }
        6 => Some(Value::Number(f32::from_le_bytes(*bytes.first_chunk()?).to_string())),
        7 => Some(Value::Number(plain_value(f64::from_le_bytes(*bytes.first_chunk()?)))),
        8 => Some(Value::Text(date(f64::from_le_bytes(*bytes.first_chunk()?))?)),
        15 => Some(Value::Text(guid(bytes.first_chunk()?))),
        16 => numeric(bytes, scale).map(Value::Number),
        TEXT => Some(Value::Text(text(bytes, jet, page))),
        MEMO => Some(Value::LongText),
        OBJECT => Some(Value::Object),
        EXTENDED_DATE => extended_date(bytes).map(Value::Text),
        _ => Some(Value::Bytes),
    }
}

/// Text: in a code page, or in UTF-16, which may be compressed. Compressed text begins with a mark; in it a zero
/// switches between characters of one byte and of two.
pub(super) fn text(bytes: &[u8], jet: Jet, page: u16) -> String {
    if jet == Jet::Three {
        let encoding = code_page::encoding(page).unwrap_or(encoding_rs::WINDOWS_1252);
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    let Some(packed) = bytes.strip_prefix(b"\xFF\xFE") else { return wide(bytes) };
    let (mut units, mut narrow, mut rest) = (Vec::with_capacity(packed.len()), true, packed);
    while let Some((&first, others)) = rest.split_first() {
        if first == 0 {
            (narrow, rest) = (!narrow, others);
        } else if narrow {
            units.push(u16::from(first));
            rest = others;
        } else {
            let Some((unit, others)) = rest.split_first_chunk() else { break };
            units.push(u16::from_le_bytes(*unit));
            rest = others;
        }
    }
    String::from_utf16_lossy(&units)
}

fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// Days since 30 December 1899 and a part of a day, which counts forwards for days before that too.
fn date(value: f64) -> Option<String> {
    if !(-657_435.0..2_958_466.0).contains(&value) {
        return None;
    }
    let mut days = value.trunc() as i64;
    let mut seconds = (value.fract().abs() * 86_400.0).round() as i64;
    if seconds == 86_400 {
        (days, seconds) = (days + 1, 0);
    }
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if days == 0 && seconds != 0 {
        return Some(clock);
    }
    // From that day to 1970-01-01.
    let (y, m, d) = civil(days - 25_569);
    let day = format!("{y:04}-{m:02}-{d:02}");
    Some(if seconds == 0 { day } else { format!("{day} {clock}") })
}

/// A date as text: days since the year 1, then seconds in a day, then parts of a second.
fn extended_date(bytes: &[u8]) -> Option<String> {
    let words = std::str::from_utf8(bytes.get(..42)?).ok()?;
    let mut numbers = words.split(':').map(|word| word.trim().parse::<i64>());
    let (days, seconds) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    // Days to the end of the year 9999.
    if !(0..3_652_059).contains(&days) || !(0..86_400).contains(&seconds) {
        return None;
    }
    // From 1 January of the year 1 to 1970-01-01.
    let (y, m, d) = civil(days - 719_162);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!("{y:04}-{m:02}-{d:02} {clock}"))
}

/// Three numbers with the low byte first, then eight bytes as they stand.
fn guid(bytes: &[u8; 16]) -> String {
    const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let digits: Vec<String> = ORDER.iter().map(|&at| format!("{:02X}", bytes[at])).collect();
    let groups = [0..4, 4..6, 6..8, 8..10, 10..16].map(|group| digits[group].concat());
    format!("{{{}}}", groups.join("-"))
}

/// A sign, then 16 bytes as four words, the highest first.
fn numeric(bytes: &[u8], scale: u8) -> Option<String> {
    let words = (0..4).map(|n| u32_at(bytes, 1 + 4 * n));
    let value = words.collect::<Option<Vec<u32>>>()?.iter().fold(0u128, |all, &w| all << 32 | u128::from(w));
    Some(decimal(*bytes.first()? != 0, value, scale.min(28).into()))
}

/// A number with so many digits behind the point, without zeros at the end.
fn decimal(negative: bool, value: u128, scale: usize) -> String {
    let digits = format!("{value:0width$}", width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    let sign = if negative && value != 0 { "-" } else { "" };
    format!("{sign}{whole}{point}{part}")
}

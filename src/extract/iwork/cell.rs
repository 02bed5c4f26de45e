//! Cells of a table as they are stored: what they are, and where their value stands.
//!
//! Sources: `SheetJS` notes on iWork 2013+ (the older form); numbers-parser, documents of the table model (version 5).

use crate::extract::bytes::{slice, u32_at};
use crate::extract::xlsx::moment::civil;

/// What a cell holds.
pub(super) enum Value {
    /// A number, as text.
    Number(String),
    /// A date, a duration, a truth.
    Text(String),
    /// The key of a text.
    String(u64),
    /// The key of a text with formats.
    Rich(u64),
}

/// The first version of the form of today.
const NEW: u8 = 5;
/// Days from 1970-01-01 to 2001-01-01, from which dates count.
const EPOCH: i64 = 11_323;
/// What is taken off the exponent of a decimal number.
const BIAS: i32 = 0x1820;

/// The value of the cell at the start of `bytes`; none if it is empty or an error.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    if *bytes.first()? >= NEW { new(bytes) } else { old(bytes) }
}

/// The form of today: a bit says of each value in turn whether it is there.
fn new(bytes: &[u8]) -> Option<Value> {
    let flags = u32_at(bytes, 8)?;
    let mut at = 12;
    let mut place = |bit: u32, width: usize| {
        let here = (flags & bit != 0).then_some(at);
        at += if here.is_some() { width } else { 0 };
        here
    };
    let decimal = place(1, 16);
    let (double, seconds) = (place(2, 8), place(4, 8));
    let (text, rich) = (place(8, 4), place(0x10, 4));
    value(bytes[1], |what| {
        let key = |at: Option<usize>| u32_at(bytes, at?).map(u64::from);
        match what {
            What::Number => decimal.and_then(|at| decimal_at(bytes, at)).map(Value::Number),
            What::Double => Some(Value::Text(shown(double_at(bytes, double?)?))),
            What::Date => Some(Value::Text(date(double_at(bytes, seconds?)?)?)),
            What::String => key(text).map(Value::String),
            What::Rich => key(rich).map(Value::Rich),
        }
    })
}

/// The form of 2013: values stand behind those of lower bits, but for bits that stand later.
fn old(bytes: &[u8]) -> Option<Value> {
    let flags = u32_at(bytes, 4)?;
    let later = bytes[0] > 1;
    let head = if later { 12 } else { 8 };
    let behind =
        |early: u32, late: u32| head + 4 * (flags & if later { late } else { early }).count_ones() as usize;
    let kind = if bytes[0] > 3 { 1 } else { 2 };
    value(*bytes.get(kind)?, |what| match what {
        What::Number => Some(Value::Number(shown(double_at(bytes, behind(0x139E, 0x3F9E))?))),
        What::Double => Some(Value::Text(shown(double_at(bytes, behind(0x139E, 0x3F9E))?))),
        What::Date => {
            let number = if flags & 0x20 == 0 { 0 } else { 8 };
            Some(Value::Text(date(double_at(bytes, behind(0x139E, 0x3F9E) + number)?)?))
        }
        What::String => u32_at(bytes, behind(0x138E, 0x3F8E)).map(|key| Value::String(key.into())),
        What::Rich => u32_at(bytes, behind(0x018E, 0x0D8E)).map(|key| Value::Rich(key.into())),
    })
}

enum What {
    Number,
    Double,
    Date,
    String,
    Rich,
}

/// The value that a kind of cell has.
fn value(kind: u8, get: impl Fn(What) -> Option<Value>) -> Option<Value> {
    match kind {
        2 | 10 => get(What::Number).or_else(|| get(What::Double)),
        3 => get(What::String),
        5 => get(What::Date),
        6 | 7 => get(What::Double),
        9 => get(What::Rich).or_else(|| get(What::String)),
        _ => None,
    }
}

fn double_at(bytes: &[u8], at: usize) -> Option<f64> {
    let bytes: [u8; 8] = slice(bytes, at, 8)?.try_into().ok()?;
    Some(f64::from_le_bytes(bytes)).filter(|number| number.is_finite())
}

fn shown(number: f64) -> String {
    number.to_string()
}

/// A decimal number of 16 bytes: 113 bits of digits, 14 of exponent, and the sign.
fn decimal_at(bytes: &[u8], at: usize) -> Option<String> {
    let bytes: [u8; 16] = slice(bytes, at, 16)?.try_into().ok()?;
    let raw = u128::from_le_bytes(bytes);
    let digits = (raw & ((1 << 113) - 1)).to_string();
    let exponent = (raw >> 113 & 0x3FFF) as i32 - BIAS;
    let sign = if raw >> 127 == 1 { "-" } else { "" };
    let number = if let Ok(zeros) = usize::try_from(exponent) {
        let zeros = if digits == "0" { 0 } else { zeros };
        (zeros <= 40).then(|| digits + &"0".repeat(zeros))?
    } else {
        let behind = exponent.unsigned_abs() as usize;
        let padded = (behind <= 80).then(|| format!("{digits:0>width$}", width = behind + 1))?;
        let (whole, part) = padded.split_at(padded.len() - behind);
        format!("{whole}.{part}").trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    Some(format!("{sign}{number}"))
}

/// Seconds since 2001 as a date, with the time of day if there is one.
fn date(seconds: f64) -> Option<String> {
    // Beyond, no calendar goes.
    if seconds.abs() > 1e12 {
        return None;
    }
    let seconds = seconds.round() as i64;
    let (year, month, day) = civil(seconds.div_euclid(86_400) + EPOCH);
    let clock = seconds.rem_euclid(86_400);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = || format!("{date} {:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60);
    Some(if clock == 0 { date.clone() } else { time() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_cell(kind: u8, flags: u32, values: &[u8]) -> Vec<u8> {
        [&[5, kind, 0, 0, 0, 0, 0, 0], &flags.to_le_bytes()[..], values].concat()
    }

    fn decimal(digits: u128, exponent: i16) -> [u8; 16] {
        (digits | u128::from((exponent + 0x1820).unsigned_abs()) << 113).to_le_bytes()
    }

    fn text(value: Option<Value>) -> Option<String> {
        match value? {
            Value::Number(text) | Value::Text(text) => Some(text),
            Value::String(key) => Some(format!("string {key}")),
            Value::Rich(key) => Some(format!("rich {key}")),
        }
    }

    #[test]
    fn cells_of_today() {
        let number = |digits, exponent| text(read(&new_cell(2, 1, &decimal(digits, exponent))));
        assert_eq!(number(24_613_387, 0).as_deref(), Some("24613387"));
        assert_eq!(number(1250, -2).as_deref(), Some("12.5"));
        assert_eq!(number(5, 3).as_deref(), Some("5000"));
        assert_eq!(number(5, -3).as_deref(), Some("0.005"));
        let both = [&decimal(7, 0)[..], &9u32.to_le_bytes()].concat();
        assert_eq!(text(read(&new_cell(3, 9, &both))).as_deref(), Some("string 9"));
        assert_eq!(text(read(&new_cell(9, 0x10, &3u32.to_le_bytes()))).as_deref(), Some("rich 3"));
        let day = (86_400.0f64 * 8.0).to_le_bytes();
        assert_eq!(text(read(&new_cell(5, 4, &day))).as_deref(), Some("2001-01-09"));
        assert!(read(&new_cell(3, 8, &[1])).is_none());
    }

    #[test]
    fn cells_of_2013() {
        let cell = |kind: u8, flags: u32, values: &[u8]| {
            [&[3, 0, kind, 0], &flags.to_le_bytes()[..], &[0; 4], values].concat()
        };
        let style = [1, 0, 0, 0];
        let key = [&style[..], &7u32.to_le_bytes()].concat();
        assert_eq!(text(read(&cell(3, 0x12, &key))).as_deref(), Some("string 7"));
        let number = [&style[..], &24_613_387.0f64.to_le_bytes()].concat();
        assert_eq!(text(read(&cell(2, 0x22, &number))).as_deref(), Some("24613387"));
        let later = [&[4, 3, 0, 0], &0x12u32.to_le_bytes()[..], &[0; 4], &key].concat();
        assert_eq!(text(read(&later)).as_deref(), Some("string 7"));
        assert!(read(&[4, 0]).is_none());
    }
}

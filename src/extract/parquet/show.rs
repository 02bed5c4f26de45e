//! Values as text.
//!
//! Source: "`LogicalTypes`" of the Parquet format.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Span, Timestamp};

use super::meta::{Leaf, Meaning};
use super::value::Raw;
use crate::document::Cell;

/// The text of a value, and whether it is a number; `None` for bytes that are no text.
pub(super) fn show(raw: &Raw<'_>, leaf: &Leaf) -> Option<(String, bool)> {
    match (raw, leaf.meaning) {
        (Raw::Bool(value), _) => Some((value.to_string(), false)),
        (Raw::Real(value), _) => Some((value.to_string(), true)),
        (Raw::Int(n), Meaning::Decimal(scale)) => Some((pointed(i128::from(*n), scale), true)),
        (Raw::Int(n), Meaning::Date) => Some((date(*n).unwrap_or_else(|| n.to_string()), false)),
        (Raw::Int(n), Meaning::Time(unit)) => Some((time(*n, unit).unwrap_or_else(|| n.to_string()), false)),
        (Raw::Int(n), Meaning::Timestamp(unit)) => {
            Some((timestamp(*n, unit).unwrap_or_else(|| n.to_string()), false))
        }
        (Raw::Int(n), Meaning::Unsigned) if leaf.physical == 1 => Some(((n & 0xFFFF_FFFF).to_string(), true)),
        (Raw::Int(n), Meaning::Unsigned) => Some((n.cast_unsigned().to_string(), true)),
        (Raw::Int(n), _) => Some((n.to_string(), true)),
        (Raw::Bytes(bytes), Meaning::Decimal(scale)) => decimal(bytes, scale).map(|text| (text, true)),
        (Raw::Bytes(bytes), Meaning::Uuid) => Some((uuid(bytes), false)),
        (Raw::Bytes(bytes), Meaning::Float16) => Some((half(bytes)?.to_string(), true)),
        (Raw::Bytes(bytes), _) if leaf.physical == 3 => Some((julian(bytes)?, false)),
        (Raw::Bytes(bytes), Meaning::Text) => Some((String::from_utf8_lossy(bytes).into_owned(), false)),
        (Raw::Bytes(bytes), _) => {
            let text = std::str::from_utf8(bytes).ok()?;
            // Text is padded with zeros to its length.
            let text = text.trim_end_matches('\0');
            let readable = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
            readable.then(|| (text.to_owned(), false))
        }
    }
}

/// A cell of this text.
pub(super) fn cell(column: usize, text: String, number: bool) -> Cell {
    Cell { column: u32::try_from(column).unwrap_or(u32::MAX), text, number }
}

/// A whole number with its last `scale` digits behind a point.
fn pointed(n: i128, scale: u32) -> String {
    let (sign, digits) = (if n < 0 { "-" } else { "" }, n.unsigned_abs().to_string());
    // Numbers have 39 digits at most; more behind the point are a damaged header.
    match scale as usize {
        scale @ 1..=76 => {
            let digits = format!("{digits:0>width$}", width = scale + 1);
            let (whole, part) = digits.split_at(digits.len() - scale);
            format!("{sign}{whole}.{part}")
        }
        _ => format!("{sign}{digits}"),
    }
}

/// A decimal in bytes, the high one first. Those beyond 128 bits have no text.
fn decimal(bytes: &[u8], scale: u32) -> Option<String> {
    let first = *bytes.first()?;
    let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
    let zeros = bytes.iter().take_while(|b| **b == fill).count().min(bytes.len() - 1);
    let bytes = &bytes[if bytes.len() > 16 { zeros } else { 0 }..];
    if bytes.len() > 16 {
        return None;
    }
    let mut wide = [fill; 16];
    wide[16 - bytes.len()..].copy_from_slice(bytes);
    Some(pointed(i128::from_be_bytes(wide), scale))
}

fn date(days: i64) -> Option<String> {
    Date::constant(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok().map(|d| d.to_string())
}

fn time(parts: i64, unit: i64) -> Option<String> {
    let nanos = i128::from(parts) * i128::from(1_000_000_000 / unit);
    let since = SignedDuration::try_from_nanos_i128(nanos)?;
    Time::midnight().checked_add(since).ok().map(|t| t.to_string())
}

fn timestamp(parts: i64, unit: i64) -> Option<String> {
    let nanos = i128::from(parts) * i128::from(1_000_000_000 / unit);
    Timestamp::from_nanosecond(nanos).ok().map(|t| t.to_string())
}

/// The 96 bits of older writers: nanoseconds of the day, then the Julian day, of which 2,440,588 is 1 January 1970.
fn julian(bytes: &[u8]) -> Option<String> {
    let nanos = i64::from_le_bytes(*bytes.first_chunk()?);
    let day = i64::from(u32::from_le_bytes(*bytes.get(8..)?.first_chunk()?)) - 2_440_588;
    let nanos = i128::from(day) * 86_400_000_000_000 + i128::from(nanos);
    Timestamp::from_nanosecond(nanos).ok().map(|t| t.to_string())
}

fn uuid(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let parts = [0..4, 4..6, 6..8, 8..10, 10..16].map(|part| digits.get(part).unwrap_or_default().concat());
    parts.join("-")
}

/// A number of IEEE 754 in 16 bits.
fn half(bytes: &[u8]) -> Option<f32> {
    let bits = u16::from_le_bytes(*bytes.first_chunk()?);
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (power, part) = (i32::from(bits >> 10 & 31), f32::from(bits & 0x3FF));
    Some(match power {
        0 => sign * part * 2f32.powi(-24),
        31 if part == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1.0 + part / 1024.0) * 2f32.powi(power - 15),
    })
}

//! Sizes on the command line: `1048576`, `64MiB`, `1.5G`.

use std::fmt;
use std::str::FromStr;

/// Units by their power of 1024, in the order of their letters.
const UNITS: [&str; 5] = ["", "KiB", "MiB", "GiB", "TiB"];

/// A number of bytes, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl FromStr for Size {
    type Err = &'static str;

    /// Reads a whole or decimal number with an optional unit: `K`, `M`, `G`, `T` and `KiB` … count in 1024,
    /// `KB` … in 1000. Case does not matter.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "a size is a number of bytes, or a number with a unit, as in 64MiB or 2G";
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let factor = factor(unit.trim()).ok_or(FORM)?;
        let bytes = match number.parse::<u64>() {
            Ok(whole) => whole.checked_mul(factor).ok_or("larger than any file")?,
            Err(_) => scaled(number, factor).ok_or(FORM)?,
        };
        if bytes == 0 { Err("a size is at least one byte") } else { Ok(Size(bytes)) }
    }
}

/// `number`, which has a decimal point, times `factor`.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    let bytes = number.parse::<f64>().ok()? * factor as f64;
    // 2^63, beyond which the conversion would saturate.
    #[expect(clippy::cast_sign_loss, reason = "digits and a point are never negative")]
    (bytes < 9.2e18).then_some(bytes as u64)
}

fn factor(unit: &str) -> Option<u64> {
    let unit = unit.to_ascii_lowercase();
    let Some(letter) = unit.chars().next() else { return Some(1) };
    let power = u32::try_from("bkmgt".find(letter)?).ok()?;
    match &unit[1..] {
        "" | "ib" if power > 0 => Some(1024_u64.pow(power)),
        "b" if power > 0 => Some(1000_u64.pow(power)),
        "" => Some(1),
        _ => None,
    }
}

impl fmt::Display for Size {
    /// Exactly, in the largest unit that leaves a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = (self.0.trailing_zeros() / 10).min(4);
        write!(f, "{}{}", self.0 >> (10 * power), UNITS[power as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_and_without_unit() {
        let cases = [
            ("1", 1),
            ("1048576", 1 << 20),
            ("64MiB", 64 << 20),
            ("64 mib", 64 << 20),
            ("2G", 2 << 30),
            ("1.5GiB", 3 << 29),
            ("0.5K", 512),
            ("10MB", 10_000_000),
            ("7b", 7),
            ("1T", 1 << 40),
        ];
        for (text, bytes) in cases {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in
            ["", "M", "x", "5 parsecs", "-1", "1.2.3", "0", "0.0G", "99999999999999T", "1e9", "5é", "é", "."]
        {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_shown_exactly_and_read_back() {
        for (bytes, text) in
            [(2 << 30, "2GiB"), (1536, "1536"), (3 << 29, "1536MiB"), (1 << 50, "1024TiB"), (1, "1")]
        {
            assert_eq!(Size(bytes).to_string(), text);
            assert_eq!(text.parse(), Ok(Size(bytes)));
        }
    }
}

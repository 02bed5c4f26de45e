//! Numbers, sizes, times and paths as people read them.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::report::words::{bounds, counted, thousands};

/// A number of bytes, rounded: `999 B`, `1.5 KiB`, `804 GiB`.
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    let mut unit = "B";
    for larger in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if value < 1023.5 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    if unit == "B" || value >= 9.95 { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

/// A time in seconds: `0.4 s`, `12 s`, `41 m 07 s`, `3 h 05 m`.
pub fn duration(seconds: f64) -> String {
    if seconds < 9.95 {
        return format!("{:.1} s", seconds.max(0.0));
    }
    #[expect(clippy::cast_sign_loss, reason = "not below ten")]
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} m {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} m", whole / 3600, whole % 3600 / 60),
    }
}

/// The day of an RFC 3339 time.
pub fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

/// Columns that `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` in at most `most` columns, its middle left out if need be. The end, where a file has its name, keeps
/// twice as much as the start.
pub fn shorten(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(1);
    let head = fitting(text.chars(), room / 3);
    let rest = &text[head..];
    let tail = fitting(rest.chars().rev(), room - width(&text[..head]));
    format!("{}…{}", &text[..head], &rest[rest.len() - tail..])
}

/// Bytes of the characters that fit into `room` columns.
fn fitting(chars: impl Iterator<Item = char>, mut room: usize) -> usize {
    let mut bytes = 0;
    for c in chars {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        bytes += c.len_utf8();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Bounds;

    #[test]
    fn thousands_are_parted() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (123_456, "123,456"), (9_871_000, "9,871,000")]
        {
            assert_eq!(thousands(n), text);
        }
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn bounds_that_meet_are_one_number() {
        assert_eq!(bounds(Bounds { lower: 12, upper: 12 }), "12");
        assert_eq!(bounds(Bounds { lower: 10, upper: 1200 }), "10–1,200");
    }

    #[test]
    fn nouns_go_with_their_numbers() {
        assert_eq!(counted(1, "file", "files"), "1 file");
        assert_eq!(counted(0, "file", "files"), "0 files");
    }

    #[test]
    fn sizes_keep_two_or_three_digits() {
        for (n, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (10 << 20, "10 MiB"),
            (1023 << 20, "1023 MiB"),
            ((1 << 30) - 1, "1.0 GiB"),
            (804 << 30, "804 GiB"),
        ] {
            assert_eq!(bytes(n), text);
        }
    }

    #[test]
    fn times_grow_into_minutes_and_hours() {
        for (s, text) in
            [(0.04, "0.0 s"), (9.5, "9.5 s"), (12.4, "12 s"), (59.9, "1 m 00 s"), (2467.0, "41 m 07 s")]
        {
            assert_eq!(duration(s), text);
        }
        assert_eq!(duration(11_100.0), "3 h 05 m");
        assert_eq!(day("2019-04-02T10:00:00Z"), "2019-04-02");
        assert_eq!(day("é"), "é");
    }

    #[test]
    fn long_paths_lose_their_middle() {
        assert_eq!(shorten("a/b.csv", 20), "a/b.csv");
        let short = shorten("departments/human-resources/2019/benefits_enrolment.xlsx", 30);
        assert_eq!(short, "departmen…efits_enrolment.xlsx");
        assert_eq!(width(&short), 30);
    }

    #[test]
    fn width_is_counted_in_columns() {
        let short = shorten("共有/人事部/給与明細/二〇一九年/一覧表.xlsx", 20);
        assert!(width(&short) <= 20, "{short}");
        assert!(short.ends_with(".xlsx") && short.starts_with('共'));
        assert_eq!(shorten("共有", 1), "…");
        assert_eq!(shorten("abc", 0), "…");
    }
}

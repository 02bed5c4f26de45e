//! Dates and times: in one form that everything understands (`2023-03-15 09:30:00`), and where the sheet shows words
//! or glues digits together, as it shows them.

use super::format::is_elapsed;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A part of a code for dates.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Piece {
    Literal(char),
    Year(usize),
    Month(usize),
    Day(usize),
    Hour(usize),
    Minute(usize),
    Second(usize),
    /// Hours, minutes or seconds since the start, not since midnight.
    Elapsed(char, usize),
    /// `AM` or `PM`.
    Half,
}

/// The parts of a code, which is one between semicolons.
pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let run = rest.chars().take_while(|n| n.eq_ignore_ascii_case(&c)).count();
        let mut taken = c.len_utf8();
        let piece = match c.to_ascii_lowercase() {
            'y' => Piece::Year(run),
            'm' => month_or_minute(&pieces, run),
            'd' => Piece::Day(run),
            'h' => Piece::Hour(run),
            's' => {
                // `mm:ss` are minutes.
                let before = pieces.iter_mut().rev().find(|p| !matches!(p, Piece::Literal(_)));
                if let Some(p @ Piece::Month(1 | 2)) = before
                    && let Piece::Month(n) = *p
                {
                    *p = Piece::Minute(n);
                }
                Piece::Second(run)
            }
            'a' => match ["am/pm", "a/p"].iter().find(|w| starts(rest, w)) {
                Some(word) => {
                    taken = word.len();
                    Piece::Half
                }
                None => Piece::Literal(c),
            },
            '"' => {
                let inside = rest[1..].split('"').next().unwrap_or_default();
                pieces.extend(inside.chars().map(Piece::Literal));
                rest = rest.get(inside.len() + 2..).unwrap_or_default();
                continue;
            }
            '[' => {
                let inside = rest[1..].split(']').next().unwrap_or_default();
                if is_elapsed(inside) {
                    let unit = inside.chars().next().unwrap_or('h').to_ascii_lowercase();
                    pieces.push(Piece::Elapsed(unit, inside.len()));
                }
                rest = rest.get(inside.len() + 2..).unwrap_or_default();
                continue;
            }
            '\\' => {
                let escaped = rest.chars().nth(1);
                pieces.extend(escaped.map(Piece::Literal));
                rest = &rest[1 + escaped.map_or(0, char::len_utf8)..];
                continue;
            }
            '_' | '*' => {
                rest = &rest[1 + rest.chars().nth(1).map_or(0, char::len_utf8)..];
                continue;
            }
            '@' => {
                rest = &rest[1..];
                continue;
            }
            _ => Piece::Literal(c),
        };
        if !matches!(piece, Piece::Literal(_) | Piece::Half) {
            taken = run;
        }
        pieces.push(piece);
        rest = &rest[taken..];
    }
    pieces
}

/// `m` means minutes behind hours.
fn month_or_minute(before: &[Piece], run: usize) -> Piece {
    let last = before.iter().rev().find(|p| !matches!(p, Piece::Literal(_)));
    if run <= 2 && matches!(last, Some(Piece::Hour(_) | Piece::Elapsed('h', _))) {
        Piece::Minute(run)
    } else {
        Piece::Month(run)
    }
}

fn starts(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// A moment taken apart.
struct Moment {
    date: (i64, i64, i64),
    weekday: usize,
    /// Days, and seconds of the day.
    days: i64,
    seconds: i64,
}

/// A serial date as `YYYY-MM-DD`, `HH:MM:SS`, or both; of more than a day the date is given in any case. Day 60 of
/// the 1900 system, which never was, shows as 28 February. What `pieces` show beyond that stands before it.
pub(super) fn date(value: f64, day: bool, time: bool, pieces: &[Piece], since_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let mut days = value.floor() as i64;
    let mut seconds = ((value - value.floor()) * 86_400.0).round() as i64;
    if seconds == 86_400 {
        (days, seconds) = (days + 1, 0);
    }
    // Days from 1970-01-01 to the day 0 of either system.
    let epoch = match (since_1904, days) {
        (true, _) => -24_107,
        (false, ..60) => -25_568,
        (false, _) => -25_569,
    };
    let date = civil(days + epoch);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let iso = match (day || days > 0, time) {
        (false, _) => clock,
        (true, false) => format!("{:04}-{:02}-{:02}", date.0, date.1, date.2),
        (true, true) => format!("{:04}-{:02}-{:02} {clock}", date.0, date.1, date.2),
    };
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from((days + epoch + 4).rem_euclid(7)).unwrap_or(0);
    let shown = write(pieces, &Moment { date, weekday, days, seconds });
    Some(match beyond(&shown, &iso) {
        false => iso,
        true if shown.contains(&format!("{:04}", date.0)) && shown.chars().any(char::is_alphabetic) => shown,
        true => format!("{shown} ({iso})"),
    })
}

/// True if `shown` has a word or a longer number that `iso` has not.
fn beyond(shown: &str, iso: &str) -> bool {
    let tokens = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
    };
    let known = tokens(iso);
    tokens(shown).iter().any(|t| {
        let least = if t.chars().any(char::is_alphabetic) { 3 } else { 4 };
        t.chars().count() >= least && !known.contains(t)
    })
}

fn write(pieces: &[Piece], at: &Moment) -> String {
    let (year, month, day) = at.date;
    let halves = pieces.contains(&Piece::Half);
    let hour = at.seconds / 3600;
    let number = |n: i64, width: usize| format!("{n:0width$}", width = width.min(4));
    let name = |names: &[&str], n: usize, width: usize| -> String {
        let name = names.get(n).copied().unwrap_or_default();
        match width {
            3 => name[..3.min(name.len())].to_owned(),
            5 => name[..1.min(name.len())].to_owned(),
            _ => name.to_owned(),
        }
    };
    let written = pieces.iter().map(|piece| match *piece {
        Piece::Literal(c) => c.to_string(),
        Piece::Year(..=2) => number(year % 100, 2),
        Piece::Year(_) => number(year, 4),
        Piece::Month(width @ ..=2) => number(month, width),
        Piece::Month(width) => name(&MONTHS, usize::try_from(month - 1).unwrap_or(0), width),
        Piece::Day(width @ ..=2) => number(day, width),
        Piece::Day(width) => name(&DAYS, at.weekday, width),
        Piece::Hour(width) if halves => number((hour + 11) % 12 + 1, width),
        Piece::Hour(width) => number(hour, width),
        Piece::Minute(width) => number(at.seconds / 60 % 60, width),
        Piece::Second(width) => number(at.seconds % 60, width),
        Piece::Elapsed(unit, width) => {
            let all = at.days * 86_400 + at.seconds;
            number(
                all / if unit == 'h' {
                    3600
                } else if unit == 'm' {
                    60
                } else {
                    1
                },
                width,
            )
        }
        Piece::Half => if hour < 12 { "AM" } else { "PM" }.to_owned(),
    });
    written.collect::<String>().trim().to_owned()
}

/// Year, month and day of a number of days since 1970-01-01, by counting years from 1 March in cycles of 400.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

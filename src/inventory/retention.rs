//! How long files are kept: rules by path, the day on which the time is over, and what to do then.
//!
//! A period of years ends on the same day of a later year. The 29th of February ends on the 1st of March where the
//! year has no such day: on the 28th of February the years are not full yet, and what was destroyed too early does
//! not come back.

use globset::GlobMatcher;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Deserialize;

use super::whole::Whole;
use super::{RuleError, line_at};
use crate::event::FileLine;
use crate::walk::glob;

/// How many days before its time is over a file comes up for review.
const REVIEW_DAYS: i64 = 90;
/// More years than this are a slip of the pen.
const MOST_YEARS: i16 = 200;

/// A rule as people write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    /// Which paths, below a root or with folders of it in front.
    path: String,
    /// How many years they are kept.
    years: i16,
    /// From when the years count.
    #[serde(default)]
    from: From,
}

/// From when the years of a rule count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum From {
    /// From the last change.
    #[default]
    Modified,
    /// From the creation.
    Created,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    retention: Vec<toml::Spanned<RuleText>>,
}

struct Rule {
    text: RuleText,
    matches: GlobMatcher,
    /// True once it has spoken of a file.
    met: bool,
}

/// The rules, of which the first that matches counts.
#[derive(Default)]
pub struct Retention(Vec<Rule>);

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Its time is not over, or it is held.
    Keep,
    /// Its time is over soon, or nobody knows when.
    Review,
    /// Its time is over.
    Overdue,
}

impl Flag {
    /// All flags.
    pub const ALL: [Flag; 3] = [Flag::Keep, Flag::Review, Flag::Overdue];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Flag::Keep => "keep",
            Flag::Review => "review",
            Flag::Overdue => "overdue",
        }
    }
}

/// What the rules say of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Disposal {
    /// The rule in words.
    pub rule: String,
    /// The day on which its time is over, if the file has a time to count from.
    pub due: Option<Date>,
    /// What is to be done.
    pub flag: Flag,
}

impl Retention {
    /// Reads rules: TOML with a list `retention` of tables with `path`, `years` and perhaps `from`.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let line_of = |at| line_at(text.as_bytes(), at);
        let rules: Rules = toml::from_str(text).map_err(|e| RuleError {
            line: e.span().map_or(1, |span| line_of(span.start)),
            what: e.message().to_owned(),
        })?;
        let rule = |rule: toml::Spanned<RuleText>| {
            let line = line_of(rule.span().start);
            Rule::new(rule.into_inner()).map_err(|what| RuleError { line, what })
        };
        rules.retention.into_iter().map(rule).collect::<Result<_, _>>().map(Retention)
    }

    /// Rules that spoke of no file so far, in words.
    pub fn unmet(&self) -> Vec<String> {
        self.0.iter().filter(|rule| !rule.met).map(Rule::words).collect()
    }

    /// What becomes of a file on the day `on`; `None` if no rule speaks of it. What is `held` is kept. A rule may name
    /// a path below the root of the scan, or with folders of the root in front.
    pub fn disposal(&mut self, file: &FileLine, whole: &Whole, on: Date, held: bool) -> Option<Disposal> {
        let rule = self.0.iter_mut().find(|rule| whole.names().any(|name| rule.matches.is_match(name)))?;
        rule.met = true;
        let start = match rule.text.from {
            From::Modified => file.modified.as_deref(),
            From::Created => file.created.as_deref(),
        };
        let due = start.and_then(day_of).and_then(|start| after_years(start, rule.text.years));
        let soon = on.checked_add(REVIEW_DAYS.days()).unwrap_or(Date::MAX);
        let flag = match due {
            _ if held => Flag::Keep,
            Some(due) if due < on => Flag::Overdue,
            Some(due) if due > soon => Flag::Keep,
            _ => Flag::Review,
        };
        Some(Disposal { rule: rule.words(), due, flag })
    }
}

impl Rule {
    fn new(text: RuleText) -> Result<Self, String> {
        if !(0..=MOST_YEARS).contains(&text.years) {
            return Err(format!("years must be 0 to {MOST_YEARS}"));
        }
        let glob = glob(&text.path).map_err(|e| format!("path is no pattern: {}", e.kind()))?;
        Ok(Rule { matches: glob.compile_matcher(), text, met: false })
    }

    fn words(&self) -> String {
        let RuleText { path, years, from } = &self.text;
        let years = if *years == 1 { "1 year".to_owned() } else { format!("{years} years") };
        let from = if *from == From::Created { " from creation" } else { "" };
        format!("{path}: {years}{from}")
    }
}

/// The day of a time of RFC 3339 in UTC.
pub fn day_of(time: &str) -> Option<Date> {
    time.get(..10)?.parse().ok()
}

/// The day on which a number of full years is over.
fn after_years(start: Date, years: i16) -> Option<Date> {
    let year = start.year().checked_add(years)?;
    let same = Date::new(year, start.month(), start.day());
    same.or_else(|_| Date::new(year, 3, 1)).ok()
}

/// How many years lie between two days, to a tenth; none if the first is the later one.
pub fn years_between(from: Date, to: Date) -> f64 {
    let days = to.since((jiff::Unit::Day, from)).map_or(0, |span| span.get_days());
    // The mean year of the Gregorian calendar.
    (f64::from(days.max(0)) / 365.2425 * 10.0).floor() / 10.0
}

/// Today, in UTC.
pub fn today() -> Date {
    let seconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |d| d.as_secs());
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    date(1970, 1, 1).checked_add(days.days()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::samples::file_line;

    fn rules(text: &str) -> Retention {
        Retention::parse(text).unwrap_or_else(|e| panic!("{e}"))
    }

    fn seven() -> Retention {
        rules("retention = [{ path = \"hr/**\", years = 7 }, { path = \"*\", years = 3 }]")
    }

    fn disposal(rules: &mut Retention, file: &FileLine, on: Date, held: bool) -> Option<Disposal> {
        rules.disposal(file, &Whole::new(".", &file.at.path), on, held)
    }

    fn due(path: &str, modified: &str) -> Option<String> {
        let file = FileLine { modified: Some(modified.into()), ..file_line(1, path) };
        Some(disposal(&mut seven(), &file, date(2026, 1, 1), false)?.due?.to_string())
    }

    #[test]
    fn periods_end_on_the_same_day_and_never_too_early() {
        for (from, to) in [
            ("2016-02-29T10:00:00Z", "2023-03-01"),
            ("2013-02-28T23:59:59Z", "2020-02-28"),
            ("2013-03-01T00:00:00Z", "2020-03-01"),
            ("2017-02-28T00:00:00Z", "2024-02-28"),
            ("2019-12-31T23:59:59Z", "2026-12-31"),
        ] {
            assert_eq!(due("hr/a", from).as_deref(), Some(to), "{from}");
        }
        assert_eq!(after_years(date(2016, 2, 29), 4), Some(date(2020, 2, 29)));
        assert_eq!(after_years(date(1896, 2, 29), 4), Some(date(1900, 3, 1)));
        assert_eq!(after_years(date(9990, 1, 1), 100), None);
    }

    #[test]
    fn full_years_have_passed_on_every_day_that_is_due() {
        let mut day = date(1999, 1, 1);
        while day < date(2009, 1, 1) {
            let end = after_years(day, 7).unwrap();
            assert!(end.year() == day.year() + 7 && (end.month(), end.day()) >= (day.month(), day.day()));
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn the_first_rule_that_matches_counts() {
        assert_eq!(due("hr/x/y.txt", "2020-05-05T00:00:00Z").as_deref(), Some("2027-05-05"));
        assert_eq!(due("finance/hr/y.txt", "2020-05-05T00:00:00Z").as_deref(), Some("2023-05-05"));
        let mut none = rules("retention = [{ path = \"hr/**\", years = 7 }]");
        assert_eq!(disposal(&mut none, &file_line(1, "x"), date(2026, 1, 1), false), None);
    }

    #[test]
    fn a_rule_may_name_folders_of_the_root() {
        let mut rules = rules(
            "retention = [{ path = \"/srv/old/**\", years = 1 }, { path = \"hr/**\", years = 7 }, { path = \"*\", years = 3 }]",
        );
        let mut years = |root: &str, path: &str| {
            let disposal =
                rules.disposal(&file_line(1, path), &Whole::new(root, path), date(2026, 1, 1), false);
            disposal.map(|disposal| disposal.rule)
        };
        assert_eq!(years("/srv/shares/hr", "a.txt").as_deref(), Some("hr/**: 7 years"));
        assert_eq!(years("/srv/shares", "hr/a.txt").as_deref(), Some("hr/**: 7 years"));
        assert_eq!(years("/srv/shares/finance", "a.txt").as_deref(), Some("*: 3 years"));
        assert_eq!(rules.unmet(), ["/srv/old/**: 1 year"]);
        assert!(
            rules
                .disposal(&file_line(1, "a"), &Whole::new("/srv/old", "a"), date(2026, 1, 1), false)
                .is_some()
        );
        assert_eq!(rules.unmet(), [""; 0]);
    }

    #[test]
    fn flags_follow_the_day_and_a_hold_wins() {
        let flag = |modified: Option<&str>, held| {
            let file = FileLine { modified: modified.map(str::to_owned), ..file_line(1, "hr/a") };
            disposal(&mut seven(), &file, date(2026, 6, 1), held).map(|d| d.flag)
        };
        assert_eq!(flag(Some("2019-05-31T00:00:00Z"), false), Some(Flag::Overdue));
        assert_eq!(flag(Some("2019-05-31T00:00:00Z"), true), Some(Flag::Keep));
        assert_eq!(flag(Some("2019-06-01T00:00:00Z"), false), Some(Flag::Review));
        assert_eq!(flag(Some("2019-08-30T00:00:00Z"), false), Some(Flag::Review));
        assert_eq!(flag(Some("2019-08-31T00:00:00Z"), false), Some(Flag::Keep));
        assert_eq!(flag(None, false), Some(Flag::Review));
    }

    #[test]
    fn what_is_wrong_with_rules_has_a_line() {
        for (text, line, said) in [
            ("retention = [\n  { path = \"a\", year = 7 },\n]", 2, "unknown field `year`"),
            ("[inventory]\nretention = []", 1, "unknown field `inventory`"),
            ("retention = [\n  { path = \"a[\", years = 7 },\n]", 2, "no pattern"),
            ("retention = [\n\n  { path = \"a\", years = 999 },\n]", 3, "years must be"),
            ("retention = [\n  { path = \"a\" },\n]", 2, "missing field `years`"),
            ("[[retention]]\npath = \"a\"\nyears = 7\nfrom = \"birth\"", 4, "unknown variant"),
            ("what", 1, ""),
        ] {
            let error = Retention::parse(text).err().expect(text);
            assert!(error.line == line && error.what.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn idle_years_are_whole_tenths() {
        assert_eq!(years_between(date(2020, 1, 1), date(2026, 1, 1)).to_string(), "6");
        assert_eq!(years_between(date(2025, 7, 1), date(2026, 1, 1)).to_string(), "0.5");
        assert_eq!(years_between(date(2027, 7, 1), date(2026, 1, 1)).to_string(), "0");
    }
}

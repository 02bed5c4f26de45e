//! Evidence in values whose column, key or label has already said what they are.

use super::Rule;
use super::tables::{self, MASSACHUSETTS};
use super::text::in_text;
use super::words::{spell, upper_letters};

/// Longest value that is looked at, in bytes: the fields meant here are short.
const LONGEST: usize = 64;

/// The state in a state column or field: code, abbreviation or name (`MA`, `Mass.`, `US-MA`,
/// `MA - Massachusetts`); the long form of Massachusetts also with its usual misspellings.
#[must_use]
pub fn of_state(value: &str) -> Option<Rule> {
    if value.len() > LONGEST {
        return None;
    }
    let letters = upper_letters(value);
    let plain = ["THECOMMONWEALTHOF", "COMMONWEALTHOF", "STATEOF", "USA", "US"]
        .iter()
        .find_map(|prefix| letters.strip_prefix(prefix).filter(|rest| rest.len() > 1))
        .unwrap_or(&letters);
    let fips = state_named(&letters).or_else(|| state_named(plain)).or_else(|| state_twice(plain))?;
    Some(state_rule(fips))
}

fn state_named(letters: &str) -> Option<u32> {
    match tables::state(letters) {
        Some(state) => Some(state.fips),
        None => misspelt_massachusetts(letters).then_some(MASSACHUSETTS),
    }
}

/// Code and name of the same state, in either order.
fn state_twice(letters: &str) -> Option<u32> {
    let pair = |a: Option<&str>, b: Option<&str>| {
        let fips = state_named(a?)?;
        (state_named(b?)? == fips).then_some(fips)
    };
    let tail = letters.len().checked_sub(2)?;
    pair(letters.get(..2), letters.get(2..)).or_else(|| pair(letters.get(..tail), letters.get(tail..)))
}

/// True for the long form with one letter too many, too few or wrong, after double letters are folded: the
/// common misspellings double the wrong ones.
fn misspelt_massachusetts(letters: &str) -> bool {
    if !(10..=18).contains(&letters.len()) {
        return false;
    }
    let mut folded: Vec<u8> = letters.bytes().collect();
    folded.dedup();
    within_one(&folded, b"MASACHUSETS")
}

/// True if `a` becomes `b` by at most one insertion, deletion or substitution.
fn within_one(a: &[u8], b: &[u8]) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (a.len() - tail) <= 1 && (b.len() - tail) <= 1
}

/// The state in a FIPS column: `25`, or a county number such as `25017`; leading zeros may be lost.
#[must_use]
pub fn of_fips(value: &str) -> Option<Rule> {
    let digits = value.trim();
    if digits.is_empty() || digits.len() > 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u32 = digits.parse().ok()?;
    let fips = if digits.len() > 2 { number / 1000 } else { number };
    tables::fips_known(fips).then(|| state_rule(fips))
}

/// The ZIP in a ZIP column or field: five digits, ZIP+4 with or without its hyphen, or either with the leading
/// zero lost. `number` says that the source stored a number, so that two zeros may be lost as well.
#[must_use]
pub fn of_zip(value: &str, number: bool) -> Option<Rule> {
    let value = value.trim();
    let value = if number { value.strip_suffix(".0").unwrap_or(value) } else { value };
    let end = value.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
    let (head, rest) = value.split_at(end);
    let plus4 = rest.trim_start_matches(['-', ' ']);
    let plus4_fits = plus4.is_empty() || (plus4.len() == 4 && plus4.bytes().all(|b| b.is_ascii_digit()));
    if !plus4_fits {
        return None;
    }
    let zip = match (head.len(), plus4.is_empty()) {
        (5, _) => head.to_owned(),
        (9, true) => head[..5].to_owned(),
        (8, true) => format!("0{}", &head[..4]),
        (4, _) => format!("0{head}"),
        (7, true) if number => format!("00{}", &head[..3]),
        (3, _) if number => format!("00{head}"),
        _ => return None,
    };
    tables::state_of_zip(&zip).map(zip_rule)
}

/// The town in a city column or field (weak). A whole address there counts as one.
#[must_use]
pub fn of_city(value: &str) -> Option<Rule> {
    if value.len() > LONGEST {
        return None;
    }
    if value.contains(',') || value.bytes().any(|b| b.is_ascii_digit()) {
        let mut rules = Vec::new();
        in_text(value, &mut rules);
        return rules.first().map(|(_, rule)| *rule);
    }
    let place = tables::place(&spell(value))?;
    (!place.also_region()).then_some(Rule::TownMa)
}

/// The area code of a telephone number in a phone column or field (weak). Other states' codes say nothing:
/// people keep their number when they move.
#[must_use]
pub fn of_phone(value: &str) -> Option<Rule> {
    let value = value.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number = value.split(['x', 'X', 'e', 'E', '#', ';', '/']).next()?;
    if number.len() > LONGEST {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let local = if digits.len() == 11 { digits.strip_prefix('1')? } else { &digits };
    let exchange = local.as_bytes().get(3)?;
    (local.len() == 10 && *exchange >= b'2' && tables::area_code(&local[..3])).then_some(Rule::AreaCodeMa)
}

/// The area of a Social Security number, nine digits without separators (weak).
#[must_use]
pub fn of_ssn(nine: &str) -> Option<Rule> {
    let area: u32 = nine.get(..3).filter(|_| all_nine_digits(nine))?.parse().ok()?;
    (10..=34).contains(&area).then_some(Rule::SsnAreaMa)
}

/// The district of a routing number, nine digits (very weak: the Boston district serves six states).
#[must_use]
pub fn of_routing(nine: &str) -> Option<Rule> {
    (all_nine_digits(nine) && (nine.starts_with("01") || nine.starts_with("21")))
        .then_some(Rule::RoutingBoston)
}

/// The issuer number in the barcode of a licence or ID card: 636002 is Massachusetts.
#[must_use]
pub fn of_issuer(iin: &str) -> Option<Rule> {
    (iin == "636002").then_some(Rule::IssuerMa)
}

fn all_nine_digits(nine: &str) -> bool {
    nine.len() == 9 && nine.bytes().all(|b| b.is_ascii_digit())
}

/// The rule for a state, in a field.
pub(super) fn state_rule(fips: u32) -> Rule {
    if fips == MASSACHUSETTS { Rule::StateMa } else { Rule::OtherState }
}

/// The rule for the state of a ZIP.
pub(super) fn zip_rule(fips: u32) -> Rule {
    if fips == MASSACHUSETTS { Rule::ZipMa } else { Rule::OtherZip }
}

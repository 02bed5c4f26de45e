//! What stands beside a name and a number: birth date, address, residency, credentials.

use std::ops::Range;

use super::fields::HeaderWords;
use crate::detect::cell::Value;
use crate::detect::label_context::{LINE, char_at_or_after};
use crate::finding::Circumstances;
use crate::pattern::LabelKind;
use crate::pattern::label::Hit;
use crate::residency::{self, Rule};

/// Takes in one labelled value of a row or object; `says` are the words of its header.
pub fn field(value: &Value<'_>, says: HeaderWords, into: &mut Circumstances) {
    use LabelKind as K;
    let text = value.trimmed();
    if text.is_empty() {
        return;
    }
    let places = [K::Zip, K::State, K::City, K::Address];
    let counts = |kind| !places.contains(&kind) || !says.of_another;
    for label in value.labels.iter().filter(|l| counts(l.kind)) {
        match label.kind {
            K::DateOfBirth => into.birth = into.birth.take().or_else(|| date(text)),
            K::Zip => {
                into.residency.extend(residency::of_zip(text, value.number));
                into.zip = into.zip.take().or_else(|| zip(text));
            }
            K::State => into.residency.extend(residency::of_state(text)),
            K::City => into.residency.extend(residency::of_city(text)),
            K::Address => {
                let mut found = Vec::new();
                residency::in_text(text, &mut found);
                into.residency.extend(found.into_iter().map(|(_, rule)| rule));
                into.street = into.street.take().or_else(|| Some(text.to_owned()));
            }
            K::Cvv => credential("cvv", into),
            K::Pin => credential("pin", into),
            K::Password => credential("password", into),
            K::CardExpiry => into.card_data = true,
            K::Routing => into.residency.extend(routing(text)),
            K::Negative if says.phone => into.residency.extend(residency::of_phone(text)),
            _ => {}
        }
    }
}

/// True for words that make a place another's than that where somebody lives: `work_state`, `Payer's address`,
/// `birthState`.
#[must_use]
pub fn is_of_another(words: &str) -> bool {
    has_any(words, &ANOTHERS) && !has_any(words, &PEOPLE)
}

/// True if one of the word beginnings stands in `words`, whatever the case.
fn has_any(words: &str, wanted: &[&str]) -> bool {
    let lower = words.to_lowercase();
    wanted.iter().any(|w| lower.contains(w))
}

/// Words of people's own places beside those of firms.
const PEOPLE: [&str; 3] = ["employee", "recipient", "worker"];

/// Words of the places of firms and events.
const ANOTHERS: [&str; 12] = [
    "work", "employer", "company", "birth", "born", "issu", "payer", "filer", "bank", "provider", "branch",
    "business",
];

/// True if the address at `at` follows the label of a firm's box, on its line or in the line above: `PAYER'S name,
/// street address`.
fn is_of_a_firm(text: &str, at: usize) -> bool {
    let line = |end: usize| char_at_or_after(text, end.saturating_sub(LINE))..end;
    let own = text[line(at)].rsplit('\n').next().unwrap_or("");
    // What begins at no line feed is the rest of a long line, and nothing stands above it.
    let feed = (at - own.len()).checked_sub(1).filter(|i| text.as_bytes()[*i] == b'\n');
    let above = feed.map_or("", |end| text[line(end)].rsplit('\n').next().unwrap_or(""));
    let firm = |words: &str| has_any(words, &["employer", "payer"]) && !has_any(words, &PEOPLE);
    firm(own) || firm(above) && !own.contains(':')
}

/// True if a header names a telephone.
pub fn is_phone(header: &str) -> bool {
    let lower = header.to_lowercase();
    ["phone", "tel", "cell", "mobile"].iter().any(|w| lower.contains(w))
}

fn credential(kind: &'static str, into: &mut Circumstances) {
    if !into.credentials.contains(&kind) {
        into.credentials.push(kind);
    }
    into.card_data |= kind == "cvv";
}

fn routing(text: &str) -> Option<Rule> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 9).then(|| residency::of_routing(&digits)).flatten()
}

fn zip(text: &str) -> Option<String> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    match digits.len() {
        5 => Some(digits),
        4 => Some(format!("0{digits}")),
        _ => None,
    }
}

/// Takes in what the part `own` of running text near a record says: `hits` are the labels in it; `around` is the
/// stretch of the record.
pub fn prose(unit: &str, own: Range<usize>, hits: &[Hit], around: &Range<usize>, into: &mut Circumstances) {
    use LabelKind as K;
    let (text, base) = (&unit[own.clone()], own.start);
    let mut found = Vec::new();
    residency::in_text(text, &mut found);
    let lives = |at: usize| !is_of_a_firm(unit, base + at);
    into.residency.extend(found.into_iter().filter(|(at, _)| lives(at.start)).map(|(_, rule)| rule));
    for hit in hits {
        let has = |k| hit.labels.of_kind(k).is_some();
        let tail = text.get(hit.span.end.saturating_sub(base)..).unwrap_or("");
        let near = hit.span.end + 120 > around.start && hit.span.start < around.end + 120;
        if has(K::DateOfBirth) && into.birth.is_none() {
            into.birth = date(tail.trim_start_matches(|c: char| !c.is_ascii_digit() || c == ':'));
        }
        let digits = || {
            tail.trim_start_matches([':', ' ', '#', '=', '.']).bytes().take_while(u8::is_ascii_digit).count()
        };
        if near && has(K::Pin) && (4..=8).contains(&digits()) {
            credential("pin", into);
        }
        if near && has(K::Cvv) && (3..=4).contains(&digits()) {
            credential("cvv", into);
        }
        if near && has(K::Password) && tail.starts_with([':', '=']) {
            credential("password", into);
        }
        if near && has(K::CardExpiry) {
            into.card_data = true;
        }
    }
}

/// A date in the usual American and ISO spellings as YYYY-MM-DD; two-digit years are of the last century unless
/// they lie before 30.
#[must_use]
pub fn date(text: &str) -> Option<String> {
    let head = &text[..text.char_indices().nth(10).map_or(text.len(), |(end, _)| end)];
    if is_iso(head.as_bytes()) {
        let part = |at: Range<usize>| head[at].parse().unwrap_or(0);
        return is_date(part(0..4), part(5..7), part(8..10)).then(|| head.to_owned());
    }
    let mut all = head.split(['-', '/', '.']).map(str::trim);
    let parts = [(); 4].map(|()| all.next());
    let number =
        |s: &str| -> Option<u32> { s[..s.bytes().take_while(u8::is_ascii_digit).count()].parse().ok() };
    let (year, month, day) = match parts {
        [Some(y), Some(m), Some(d), None] if y.len() == 4 => (number(y)?, number(m)?, number(d)?),
        [Some(m), Some(d), Some(y), None] => (full_year(number(y)?, y)?, number(m)?, number(d)?),
        [Some(all), None, ..] if all.len() >= 8 && all.bytes().take(8).all(|b| b.is_ascii_digit()) => {
            (number(&all[..4])?, number(&all[4..6])?, number(&all[6..8])?)
        }
        _ => return None,
    };
    is_date(year, month, day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// True for the digits and dashes of YYYY-MM-DD.
fn is_iso(text: &[u8]) -> bool {
    text.len() == 10
        && text
            .iter()
            .enumerate()
            .all(|(n, b)| if matches!(n, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// A date of a licence's barcode (MMDDCCYY) as YYYY-MM-DD.
#[must_use]
pub fn barcode_date(text: &str) -> Option<String> {
    let fits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| date(&format!("{}/{}/{}", &text[..2], &text[2..4], &text[4..]))).flatten()
}

fn full_year(year: u32, written: &str) -> Option<u32> {
    match written.chars().take_while(char::is_ascii_digit).count() {
        4 => Some(year),
        2 if year < 30 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{date, is_of_a_firm, is_of_another};

    #[test]
    fn places_of_firms_and_events_are_nobodys_home() {
        assert!(
            is_of_another("work_state") && is_of_another("Payer's address") && is_of_another("birthState")
        );
        assert!(
            !is_of_another("Worker State") && !is_of_another("Employee address") && !is_of_another("state")
        );
        let box_above = "PAYER'S name, street\n1 Federal St, Boston MA";
        assert!(is_of_a_firm(box_above, box_above.len() - 9));
        let long = format!("{}{} Lynn, MA", "é".repeat(3000), "x");
        assert!(!is_of_a_firm(&long, long.len() - 8) && !is_of_a_firm(&long[1 + 1..], long.len() - 11));
    }

    #[test]
    fn dates_are_read_in_the_usual_spellings() {
        for text in ["1980-03-11", "03/11/1980", "3/11/80", "19800311", "03-11-1980 x"] {
            assert_eq!(date(text).as_deref(), Some("1980-03-11"), "{text}");
        }
        assert_eq!(date("13/45/1980"), None);
        assert_eq!(date("soon"), None);
    }
}

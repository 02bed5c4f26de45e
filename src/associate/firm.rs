//! Accounts of firms: what a payment form says of the holder decides, not the name of a clerk beside it.

use std::ops::Range;

use crate::detect::label_context::{LINE, line_above, line_around};
use crate::name;

/// How many lines above and below an account the holder may stand.
const LINES: usize = 6;
/// Labels of the holder of an account.
const HOLDER: [&str; 12] = [
    "beneficiary",
    "beneficiary name",
    "payee",
    "payee name",
    "account name",
    "account holder",
    "name on account",
    "account title",
    "vendor",
    "vendor name",
    "remit to",
    "pay to",
];
/// Those at which nothing but a name stands.
const PAID: [&str; 6] = ["beneficiary", "beneficiary name", "payee", "payee name", "vendor", "vendor name"];
/// Last words of the names of firms and bodies.
const FIRM: [&str; 18] = [
    "inc",
    "incorporated",
    "llc",
    "llp",
    "pllc",
    "corp",
    "corporation",
    "ltd",
    "limited",
    "company",
    "co",
    "pc",
    "lp",
    "gmbh",
    "associates",
    "foundation",
    "university",
    "church",
];

/// True if the holder of the account at `at` is a firm by a label in its block.
#[must_use]
pub fn holds(text: &str, at: usize) -> bool {
    let line = line_around(text, at);
    let mut lines = vec![line.clone()];
    let (mut above, mut below) = (line.clone(), line);
    for _ in 0..LINES {
        if let Some(next) = line_above(text, &above).filter(|l| l.end + 1 == above.start) {
            above = next;
            lines.push(above.clone());
        }
        if let Some(next) = line_below(text, &below) {
            below = next;
            lines.push(below.clone());
        }
    }
    lines.into_iter().any(|l| names_firm(&text[l.clone()]) || asks_to_pay(text, &l))
}

/// `Please remit payments to:` above the name of a firm.
fn asks_to_pay(text: &str, line: &Range<usize>) -> bool {
    let own = text[line.clone()].trim_end().to_lowercase();
    let asks = own.ends_with("to:") && ["remit", "pay", "wire", "send"].iter().any(|word| own.contains(word));
    asks && line_below(text, line).is_some_and(|below| ends_with_firm(&text[below]))
}

fn line_below(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let next = (line.end < text.len() && text.as_bytes()[line.end] == b'\n')
        .then(|| line_around(text, line.end + 1))?;
    (next.start == line.end + 1 && next.len() <= LINE && !text[next.clone()].trim().is_empty())
        .then_some(next)
}

/// `Beneficiary: Hargrove & Sons Movers, Inc.`
fn names_firm(line: &str) -> bool {
    let Some((label, value)) = line.split_once([':', '\t']).or_else(|| line.split_once("  ")) else {
        return false;
    };
    let label = label.trim().to_lowercase();
    let value = value.trim().split(['\t', ';']).next().unwrap_or_default();
    if PAID.contains(&label.as_str()) && is_no_person(value) {
        return true;
    }
    HOLDER.contains(&label.as_str()) && ends_with_firm(value)
}

fn ends_with_firm(value: &str) -> bool {
    let last = value.trim_end_matches(['.', ',', ' ']).rsplit([' ', ',', '.']).next().unwrap_or_default();
    FIRM.iter().any(|f| last.eq_ignore_ascii_case(f))
}

/// Words with capitals that do not read as a person: `Greylock Oil & Heating`.
fn is_no_person(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    let capitals = words.iter().filter(|w| w.starts_with(char::is_uppercase)).count();
    let digits = value.bytes().any(|b| b.is_ascii_digit());
    words.len() > 1 && capitals > 1 && !digits && name::parse(value, name::Order::Unknown).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_that_is_a_firm_owns_the_account() {
        let form = "Beneficiary: Hargrove Movers, Inc.\nContact: Maeve Lindqvist\nAccount number: 4829176503";
        assert!(holds(form, form.len() - 3));
        let services = form.replace("Hargrove Movers, Inc.", "Blackstone Legal Services");
        assert!(holds(&services, services.len() - 3));
        let person = form.replace("Hargrove Movers, Inc.", "Tobias Hargrove");
        assert!(!holds(&person, person.len() - 3));
        let letter = "Please remit payments to:\nBaystate Paving Corp\nEastern Bank\nAccount 4829176503\nQuestions: Tobias Hargrove";
        assert!(holds(letter, letter.find("4829").expect("a number")));
        assert!(!holds(&form.replace("\nContact", "\n\nContact"), form.len() - 3));
    }
}

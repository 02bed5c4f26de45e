//! Readings of digit groups by their printed shape: SSN, card, account, IBAN. Shape and validator only; labels
//! come later.

use std::ops::Range;

use super::group::{Group, Joint, joint};
use super::{Candidate, Score};
use crate::event::{ElementClass, ElementType};
use crate::pattern::number;

/// Group widths that a card number is printed in.
pub(super) const CARD_SHAPES: [&[usize]; 8] = [
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 5, 6],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[8, 11],
    &[6, 13],
];

/// The most bytes between digits in boxes, and which.
pub(super) const BOX: usize = 5;
/// See [`BOX`].
pub(super) const BETWEEN_BOXES: &[u8] = b" -|\t_";
/// How many characters behind an account of a MICR line its sign may stand.
const APART: usize = 64;

/// The groups of a text from one of them on, as far as a shape needs them.
pub struct Run<'t> {
    text: &'t [u8],
    groups: &'t [Group],
    at: usize,
}

impl<'t> Run<'t> {
    /// The run that starts at group `at`.
    #[must_use]
    pub fn new(text: &'t [u8], groups: &'t [Group], at: usize) -> Self {
        Run { text, groups, at }
    }

    fn group(&self, n: usize) -> Option<Group> {
        self.groups.get(self.at + n).copied()
    }

    fn joint_after(&self, n: usize) -> Option<Joint> {
        joint(self.text, self.group(n)?, self.group(n + 1)?)
    }

    /// True if the groups from here have these widths, joined by the same single separator.
    pub(super) fn has_shape(&self, widths: &[usize]) -> bool {
        let first = self.joint_after(0);
        widths.iter().enumerate().all(|(n, w)| self.group(n).is_some_and(|g| g.len() == *w))
            && (0..widths.len() - 1)
                .all(|n| self.joint_after(n).is_some_and(|j| j.len == 1 && Some(j) == first))
    }

    pub(super) fn span(&self, groups: usize) -> Range<usize> {
        self.groups[self.at].start..self.groups[self.at + groups - 1].end
    }

    /// The digits of the first `groups` groups.
    pub(super) fn digits(&self, groups: usize) -> String {
        let mut digits = String::with_capacity(16);
        for group in &self.groups[self.at..self.at + groups] {
            digits.push_str(std::str::from_utf8(&self.text[group.span()]).unwrap_or_default());
        }
        digits
    }

    /// True if a group stands before or behind, joined by the separator `with` of a reading (or, for a bare
    /// number, by `-`, `.`, `/` or `_`).
    fn adjoined(&self, groups: usize, with: Option<u8>) -> bool {
        let joins = |left: Option<&Group>, right: Option<&Group>| match (left, right) {
            (Some(l), Some(r)) => joint(self.text, *l, *r)
                .is_some_and(|j| with.map_or(b"-./_".contains(&j.with), |w| j.with == w && j.len == 1)),
            _ => false,
        };
        let before = self.at.checked_sub(1).and_then(|i| self.groups.get(i));
        let last = self.at + groups - 1;
        joins(before, self.groups.get(self.at)) || joins(self.groups.get(last), self.groups.get(last + 1))
    }
}

/// The readings that need no label to be worth a look: canonical SSNs, bare nine digits, cards.
pub fn strong(run: &Run<'_>, out: &mut Vec<Candidate>) {
    let Some(first) = run.group(0) else { return };
    match first.len() {
        3 => ssn_grouped(run, out),
        9 => ssn_bare(run, out),
        4 | 6 | 8 => card_grouped(run, out),
        12..=19 => card_bare(run, out),
        _ => {}
    }
}

fn ssn_grouped(run: &Run<'_>, out: &mut Vec<Candidate>) {
    if !run.has_shape(&[3, 2, 4]) {
        return;
    }
    let with = run.joint_after(0).map(|j| j.with);
    let (points, word) = match with {
        Some(b'-') => (45, "dashes"),
        Some(b' ') => (35, "spaces"),
        Some(b'.') => (20, "dots"),
        _ => (20, "other separators"),
    };
    let mut score = Score::default();
    score.add("ssn-shape", points, word);
    adjoining(run, 3, with, &mut score);
    push_ssn(run.span(3), run.digits(3), score, out);
}

fn ssn_bare(run: &Run<'_>, out: &mut Vec<Candidate>) {
    let mut score = Score::default();
    score.add("ssn-shape", 5, "nine digits");
    adjoining(run, 1, None, &mut score);
    push_ssn(run.span(1), run.digits(1), score, out);
}

fn adjoining(run: &Run<'_>, groups: usize, with: Option<u8>, score: &mut Score) {
    if run.adjoined(groups, with) {
        score.add("adjoining-digits", -15, "more digits beside it");
    }
}

/// Adds the reading of nine digits as an SSN, a published sample, or an ITIN (related).
pub fn push_ssn(span: Range<usize>, nine: String, score: Score, out: &mut Vec<Candidate>) {
    let digits = nine.as_bytes();
    let (kind, class, variant) = if number::is_sample_ssn(digits) {
        (ElementType::Ssn, ElementClass::TestData, Some("sample"))
    } else if number::ssn(digits) {
        (ElementType::Ssn, ElementClass::Pi, None)
    } else if number::itin(digits) {
        (ElementType::Other, ElementClass::Related, Some("itin"))
    } else {
        return;
    };
    let mut c = Candidate::new(span, kind, nine, score);
    c.class = class;
    c.variant = variant.map(str::to_owned);
    out.push(c);
}

fn card_grouped(run: &Run<'_>, out: &mut Vec<Candidate>) {
    for widths in CARD_SHAPES.iter().filter(|w| run.has_shape(w)) {
        let with = run.joint_after(0).map(|j| j.with);
        let mut score = Score::default();
        // Cards are printed with spaces or dashes; dots join the parts of versions, keys and code tables.
        match with {
            Some(b' ' | b'-') => score.add("card-shape", 50, "printed in groups"),
            _ => score.add("card-shape", 30, "printed in groups with other separators"),
        }
        adjoining(run, widths.len(), with, &mut score);
        if !score.has("adjoining-digits") && in_hexadecimal(run.text, &run.span(widths.len())) {
            score.add("adjoining-digits", -15, "hexadecimal words beside it");
        }
        push_card(run.span(widths.len()), run.digits(widths.len()), score, out);
    }
}

/// True if the word before or behind is a hexadecimal one of four or more characters with digits and letters.
fn in_hexadecimal(text: &[u8], span: &Range<usize>) -> bool {
    let hex = |w: &[u8]| {
        w.len() >= 4
            && w.iter().all(u8::is_ascii_hexdigit)
            && w.iter().any(u8::is_ascii_digit)
            && w.iter().any(u8::is_ascii_alphabetic)
    };
    let word = |b: &&u8| b.is_ascii_alphanumeric();
    let before = text[..span.start].strip_suffix(b" ").unwrap_or_default();
    let before = &before[before.len() - before.iter().rev().take(12).take_while(word).count()..];
    let after = text[span.end..].strip_prefix(b" ").unwrap_or_default();
    let after = &after[..after.iter().take(12).take_while(word).count()];
    hex(before) || hex(after)
}

fn card_bare(run: &Run<'_>, out: &mut Vec<Candidate>) {
    let mut score = Score::default();
    score.add("card-shape", 25, "network prefix and check digit");
    adjoining(run, 1, None, &mut score);
    push_card(run.span(1), run.digits(1), score, out);
}

/// Adds the reading of 12 to 19 digits as a card number if network, length and check digit allow it.
pub fn push_card(span: Range<usize>, digits: String, mut score: Score, out: &mut Vec<Candidate>) {
    let Some(issuer) = number::card(digits.as_bytes()) else { return };
    let test = number::is_test_card(digits.as_bytes());
    if !issuer.us || matches!(digits.len(), 12..=13) {
        score.add("card-network", -15, format!("{} is rare here", issuer.network));
    }
    let mut c = Candidate::new(span, ElementType::PaymentCard, digits, score);
    c.variant = Some(issuer.network.to_owned());
    if test {
        c.class = ElementClass::TestData;
    }
    out.push(c);
}

/// The check digit that completes `body` (Luhn).
fn check_digit(body: &str) -> Option<String> {
    (b'0'..=b'9').map(|d| format!("{body}{}", d as char)).find(|n| number::luhn(n.as_bytes()))
}

/// Adds the reading of 16 digits ending in 0 as a card number of which a spreadsheet kept 15 figures: the one it
/// lost is the check digit, so the number can be completed.
pub fn push_rounded_card(span: Range<usize>, digits: &str, mut score: Score, out: &mut Vec<Candidate>) {
    let body = digits.strip_suffix('0').filter(|b| b.len() == 15);
    let Some(whole) = body.and_then(check_digit) else { return };
    score.add("excel15", -10, "a spreadsheet kept 15 figures");
    let had = out.len();
    push_card(span, whole, score, out);
    out[had..].iter_mut().for_each(|c| c.variant = Some("excel15".to_owned()));
}

/// Adds the reading of a number in scientific notation (`4.92914E+15`) as what is left of a card number: a
/// warning, since the digits are lost.
pub fn push_scientific_card(value: &str, mut score: Score, out: &mut Vec<Candidate>) {
    let Some((mantissa, exponent)) = value.split_once(['E', 'e']) else { return };
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let point = mantissa.find('.').unwrap_or(mantissa.len());
    let exponent = exponent.trim_start_matches('+').parse::<usize>().unwrap_or(0);
    let fits = point == 1 && digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    if !fits || !(13..=18).contains(&exponent) || !number::card_prefix(digits.as_bytes(), exponent + 1) {
        return;
    }
    score.cap("scientific", 45, "scientific notation: the last digits are lost");
    let mut c = Candidate::new(0..value.len(), ElementType::PaymentCard, value.to_owned(), score);
    c.variant = Some("scientific".to_owned());
    out.push(c);
}

/// The reading of single digits in boxes (`0 2 4 - 6 1 - 3 3 8 7`), under a label: as SSN if there are nine, as
/// card if 12 to 19. `first` is a group of one digit that none of its kind precedes.
pub fn comb(text: &[u8], groups: &[Group], first: usize, out: &mut Vec<Candidate>) {
    let boxed = |a: Group, b: Group| {
        let between = &text[a.end..b.start];
        b.len() == 1
            && (1..=BOX).contains(&between.len())
            && between.iter().all(|c| BETWEEN_BOXES.contains(c))
    };
    let alone = first.checked_sub(1).is_none_or(|p| groups[p].len() > 1 || !boxed(groups[p], groups[first]));
    if !alone || groups[first].len() != 1 {
        return;
    }
    let mut end = first;
    while end + 1 < groups.len() && end - first < 20 && boxed(groups[end], groups[end + 1]) {
        end += 1;
    }
    let count = end + 1 - first;
    let digits: String = groups[first..=end].iter().map(|g| text[g.start] as char).collect();
    let span = groups[first].start..groups[end].end;
    let mut score = Score::default();
    let had = out.len();
    if count == 9 {
        score.add("comb", 0, "one digit to a box");
        push_ssn(span, digits, score, out);
    } else if (12..=19).contains(&count) {
        score.add("comb", 15, "one digit to a box");
        push_card(span, digits, score, out);
    }
    out[had..].iter_mut().filter(|c| c.variant.is_none()).for_each(|c| c.variant = Some("comb".to_owned()));
}

/// The reading as the account of a MICR line: between transit (U+2446) and on-us (U+2448) signs, a valid routing
/// number before it.
pub fn micr(text: &str, group: Group, groups: &[Group], at: usize, out: &mut Vec<Candidate>) {
    let behind = text[group.end..].chars().take(APART).find(|c| !c.is_whitespace()) == Some('\u{2448}');
    let before = text[..group.start].trim_end().ends_with('\u{2446}');
    let routing = at.checked_sub(1).map(|p| groups[p]).filter(|g| number::aba(&text.as_bytes()[g.span()]));
    if behind
        && before
        && routing.is_some_and(|r| group.start - r.end <= 12)
        && (4..=17).contains(&group.len())
    {
        let mut score = Score::default();
        score.add("micr", 75, "account of a MICR line");
        let value = text[group.span()].to_owned();
        let mut c = Candidate::new(group.span(), ElementType::BankAccount, value, score);
        c.variant = Some("micr".to_owned());
        out.push(c);
    }
}

/// The reading as an account number, under a label: 4 to 17 digits, bare or joined by single dashes.
pub fn account(run: &Run<'_>, out: &mut Vec<Candidate>) {
    let mut n = 1;
    while run.joint_after(n - 1).is_some_and(|j| j.len == 1 && j.with == b'-') && n < 6 {
        n += 1;
    }
    let digits = run.digits(n);
    if (4..=17).contains(&digits.len()) {
        out.push(Candidate::new(run.span(n), ElementType::BankAccount, digits, Score::default()));
    }
}

/// The reading as an SSN that lost its leading zeros, under a label: seven or eight bare digits.
pub fn lost_zero(run: &Run<'_>, out: &mut Vec<Candidate>) {
    let Some(first) = run.group(0).filter(|g| matches!(g.len(), 7 | 8)) else { return };
    // `04-3871926` is an employer's number, and its tail is nobody's.
    if run.adjoined(1, None) {
        return;
    }
    let nine = format!("{:0>9}", run.digits(1));
    let mut score = Score::default();
    score.add("lost-zero", -5, format!("{} digits", first.len()));
    let had = out.len();
    push_ssn(first.span(), nine, score, out);
    if let Some(c) = out.get_mut(had).filter(|c| c.class == ElementClass::Pi) {
        c.variant = Some("lost-zero".to_owned());
    } else {
        out.truncate(had);
    }
}

/// Two zeros lost leave seven digits, which too many other numbers have: not enough but in a column that is valid
/// throughout.
pub fn cap_two_zeros(c: &mut Candidate) {
    if c.variant.as_deref() == Some("lost-zero") && c.value.starts_with("00") {
        c.score.cap("two-zeros", 45, "two lost zeros, and no valid column");
    }
}

/// The reading as an IBAN of the groups from here: two letters, two digits, groups of up to four.
pub fn iban(text: &[u8], first: Group, out: &mut Vec<Candidate>) {
    let Some(start) = first.start.checked_sub(2) else { return };
    let letters = text[start..first.start].iter().all(u8::is_ascii_uppercase);
    if !letters || start > 0 && text[start - 1].is_ascii_alphanumeric() {
        return;
    }
    let Some((_, length)) = number::IBAN_LENGTHS.iter().find(|(c, _)| c[..] == text[start..first.start])
    else {
        return;
    };
    let (mut value, mut end) = (String::new(), start);
    for (i, b) in text[start..].iter().enumerate().take(48) {
        match b {
            b'A'..=b'Z' | b'0'..=b'9' => value.push(*b as char),
            b' ' | b'-' => continue,
            _ => break,
        }
        end = start + i + 1;
        if value.len() == usize::from(*length) {
            break;
        }
    }
    let continues = text.get(end).is_some_and(u8::is_ascii_alphanumeric);
    if !continues && number::iban(value.as_bytes()) {
        let mut score = Score::default();
        score.add("iban", 70, "country, length and remainder");
        let mut c = Candidate::new(start..end, ElementType::BankAccount, value, score);
        c.variant = Some("iban".to_owned());
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::group::groups;

    fn read(text: &str) -> Vec<(ElementType, String, i32)> {
        let (mut all, mut out) = (Vec::new(), Vec::new());
        groups(text.as_bytes(), 0..text.len(), &mut all);
        for i in 0..all.len() {
            strong(&Run::new(text.as_bytes(), &all, i), &mut out);
            iban(text.as_bytes(), all[i], &mut out);
        }
        out.into_iter().map(|c| (c.kind, c.value, c.score.value())).collect()
    }

    #[test]
    fn printed_shapes_are_read() {
        use ElementType::{BankAccount, PaymentCard, Ssn};
        assert_eq!(read("024-61-3387"), [(Ssn, "024613387".into(), 45)]);
        assert_eq!(read("024 61 3387"), [(Ssn, "024613387".into(), 35)]);
        assert_eq!(read("024613387"), [(Ssn, "024613387".into(), 5)]);
        assert_eq!(read("4929 1375 2086 4174"), [(PaymentCard, "4929137520864174".into(), 50)]);
        assert_eq!(read("3745-198230-67142"), [(PaymentCard, "374519823067142".into(), 50)]);
        assert_eq!(read("GB68 NWBK 4027 1583 9206 47"), [(BankAccount, "GB68NWBK40271583920647".into(), 70)]);
    }

    #[test]
    fn other_groupings_and_invalid_numbers_are_not() {
        for text in
            ["02139-4307", "04-3871926", "000-12-3456", "901-02-3456", "9173402855162095", "617-555-0142"]
        {
            assert!(read(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_tail_of_an_employers_number_has_lost_no_zero() {
        let text = b"04-3871926 24613387";
        let (mut all, mut out) = (Vec::new(), Vec::new());
        groups(text, 0..text.len(), &mut all);
        for i in 0..all.len() {
            lost_zero(&Run::new(text, &all, i), &mut out);
        }
        let values: Vec<String> = out.into_iter().map(|c| c.value).collect();
        assert_eq!(values, ["024613387"]);
    }

    #[test]
    fn a_number_with_digits_beside_it_counts_less() {
        assert_eq!(read("024 61 3387 12")[0].2, 20);
        assert_eq!(read("024-61-3387 12")[0].2, 45);
    }
}

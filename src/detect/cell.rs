//! Candidates in a cell or field: the header or key is the label, and the whole value is the number.

use std::borrow::Cow;

use super::group::{Group, groups};
use super::reading::{self, Run};
use super::{Candidate, Rejects, Score, licence, refuse, text};
use crate::event::{ElementClass, ElementType};
use crate::pattern::LabelKind;
use crate::pattern::label::{Labels, Words};

/// The fewest digits that are a number without any letter beside them.
const SHORTEST: usize = 9;

/// How the values of a column look as a whole (DETECTION 5.3).
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Not judged, or nothing to say.
    #[default]
    None,
    /// Nine in ten valid, of too few to say more.
    Valid,
    /// Nine in ten valid, ten or more different, not a sequence.
    Consistent,
    /// Counts up: a serial number.
    Sequential,
    /// No header, and valid about as often as random digits.
    Random,
    /// One number under many names: that of the firm which keeps the table.
    Constant,
    /// A column of a fixed-width record that names people and places throughout.
    Layout,
}

/// What a value's surroundings in its row or object add.
#[derive(Clone, Copy, Default)]
pub struct Surroundings {
    /// State that a licence column or the row names.
    pub state: Option<[u8; 2]>,
    /// True if the row or header speaks of a bank.
    pub bank: bool,
    /// True if a valid routing number stands in the row.
    pub routing: bool,
    /// Verdict over the column.
    pub verdict: Verdict,
    /// True if most of the column are licences of Massachusetts to drive.
    pub driving: bool,
}

/// A value with its header.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// The text of the cell.
    pub text: &'a str,
    /// Meanings of its header or key.
    pub labels: Labels,
    /// Header or key as written.
    pub header: &'a str,
    /// True if the source stored a number.
    pub number: bool,
}

impl<'a> Value<'a> {
    /// The text without white space around it, of which most values have none.
    #[must_use]
    pub fn trimmed(&self) -> &'a str {
        match self.text.as_bytes() {
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => self.text,
            _ => self.text.trim(),
        }
    }
}

/// Appends the candidates of one value.
pub fn read(value: Value<'_>, around: Surroundings, out: &mut Vec<Candidate>, rejects: &mut Rejects) {
    // Every number of ours has a digit.
    if !rejects.keeps() && !value.text.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    let (from, noted) = (out.len(), rejects.kept().len());
    let whole = whole_value(value, around, out);
    if !whole {
        inner(value, out, rejects);
    }
    if rejects.keeps() && out.len() == from && rejects.kept().len() == noted {
        let kinds: Vec<LabelKind> = value.labels.iter().map(|l| l.kind).collect();
        if let Some(reject) = refuse::cell(value.text, value.header, &kinds) {
            rejects.note(reject);
        }
    }
    for c in &mut out[from..] {
        column_points(c, around.verdict);
    }
}

/// Reads the value as the number its header names. True if that settles the value.
fn whole_value(value: Value<'_>, around: Surroundings, out: &mut Vec<Candidate>) -> bool {
    use LabelKind as K;
    let trimmed = value.trimmed();
    if trimmed.is_empty() || trimmed.len() > 64 {
        return trimmed.is_empty();
    }
    if value.labels.iter().any(|l| matches!(l.kind, K::SsnPart | K::CardPart | K::Routing | K::Swift)) {
        return true;
    }
    let had = out.len();
    for label in value.labels.iter() {
        match label.kind {
            K::Ssn => ssn(trimmed, value.header, around.verdict, out),
            K::CardNumber => card(trimmed, value.header, out),
            K::AccountNumber | K::Iban => account(trimmed, value.header, around, out),
            // A label such as `id` says little: only a form with letters counts under it.
            K::DriversLicense | K::StateId
                if label.weight > 1 || trimmed.contains(|c: char| c.is_ascii_alphabetic()) =>
            {
                licence_value(trimmed, value.header, around, label.kind == K::StateId, out);
                if label.weight == 1 {
                    weak_header(&mut out[had..], around.state);
                }
            }
            _ => {}
        }
    }
    best_only(had, out);
    out.len() > had
}

/// Keeps the best of several readings of one value (`account` may be a card's or a bank's).
fn best_only(from: usize, out: &mut Vec<Candidate>) {
    if let Some(best) = (from..out.len()).max_by_key(|i| out[*i].score.value()) {
        out.swap(from, best);
        out.truncate(from + 1);
    }
}

/// The digits of a value that is nothing but digits and separators.
fn only_digits(value: &str) -> Option<Cow<'_, str>> {
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Cow::Borrowed(value));
    }
    let fits = value.bytes().all(|b| b.is_ascii_digit() || b" -./_".contains(&b));
    if !fits {
        return None;
    }
    let mut digits = String::with_capacity(value.len());
    digits.extend(value.chars().filter(char::is_ascii_digit));
    (!digits.is_empty()).then_some(Cow::Owned(digits))
}

fn ssn(value: &str, header: &str, verdict: Verdict, out: &mut Vec<Candidate>) {
    let Some(digits) = only_digits(value) else { return };
    let one = [Group { start: 0, end: value.len() }];
    let all = match digits {
        Cow::Borrowed(_) => Cow::Borrowed(one.as_slice()),
        Cow::Owned(_) => Cow::Owned(group_list(value)),
    };
    let run = Run::new(value.as_bytes(), &all, 0);
    let had = out.len();
    match digits.len() {
        9 if matches!(all.len(), 1 | 3) => reading::strong(&run, out),
        9 if all.len() == 9 => reading::comb(value.as_bytes(), &all, 0, out),
        7 | 8 if all.len() == 1 => reading::lost_zero(&run, out),
        _ => {}
    }
    header_points(&mut out[had..], 55, header);
    if !matches!(verdict, Verdict::Valid | Verdict::Consistent | Verdict::Layout) {
        out[had..].iter_mut().for_each(reading::cap_two_zeros);
    }
}

fn card(value: &str, header: &str, out: &mut Vec<Candidate>) {
    let had = out.len();
    let mut score = Score::default();
    let Some(digits) = only_digits(value) else {
        reading::push_scientific_card(value, score, out);
        return header_points(&mut out[had..], 45, header);
    };
    // Most numbers that may be an account as well.
    if !(12..=19).contains(&digits.len()) {
        return;
    }
    let grouped = digits.len() < value.len();
    score.add("card-shape", if grouped { 50 } else { 25 }, "network prefix and check digit");
    reading::push_card(0..value.len(), digits.as_ref().to_owned(), score.clone(), out);
    if out.len() == had && !grouped {
        reading::push_rounded_card(0..value.len(), &digits, score, out);
    }
    header_points(&mut out[had..], 45, header);
}

fn account(value: &str, header: &str, around: Surroundings, out: &mut Vec<Candidate>) {
    let had = out.len();
    if !value.starts_with(|c: char| c.is_ascii_digit())
        && let Some(first) = group_list(value).first()
    {
        reading::iban(value.as_bytes(), *first, out);
    }
    if out.len() == had {
        let Some(digits) = only_digits(value).filter(|d| (4..=17).contains(&d.len())) else { return };
        if digits.bytes().all(|b| b == digits.as_bytes()[0]) || value.contains(['.', '/']) {
            return;
        }
        out.push(Candidate::new(
            0..value.len(),
            ElementType::BankAccount,
            digits.into_owned(),
            Score::default(),
        ));
    }
    header_points(&mut out[had..], 55, header);
    for c in &mut out[had..] {
        if around.routing {
            c.score.add("routing-beside", 25, "a valid routing number beside it");
        } else if !around.bank && c.variant.is_none() {
            c.score.cap("no-bank-word", 45, "nothing speaks of a bank");
        }
    }
}

fn licence_value(value: &str, header: &str, around: Surroundings, state_id: bool, out: &mut Vec<Candidate>) {
    let shaped = value.bytes().all(|b| b.is_ascii_alphanumeric() || b" -*".contains(&b));
    let normal = licence::normalise(value);
    if !shaped || normal.len() < 4 {
        return;
    }
    let state = around.state.or_else(|| licence::state_named(header));
    let reading = licence::read(&normal, state, true);
    let Some(reading) = reading.or_else(|| licence::read(&normal, None, true)) else { return };
    let had = out.len();
    let mut c = licence::candidate(0..value.len(), normal, &reading, state_id);
    let driving =
        around.driving || licence::speaks_of_driving(header) || licence::is_series(&c.value, &reading);
    if !driving && !state_id && state != Some(reading.state) {
        c.score.cap("other-licence", 45, "a licence to do what, the header does not say");
    }
    if state == Some(reading.state) {
        c.score.add("licence-state", 15, "the row or header names the state");
    } else if reading.class == b'D' {
        c.score.cap("licence-free-form", 45, "a form too free without its state");
    }
    out.push(c);
    header_points(&mut out[had..], 55, header);
}

/// Under a header that may mean any number, only a form of Massachusetts or of the row's own state counts.
fn weak_header(candidates: &mut [Candidate], state: Option<[u8; 2]>) {
    for c in candidates {
        c.score.add("weak-header", -25, "the header may mean another number");
        if c.state != state.or(Some(*b"MA")) {
            c.score.cap("weak-header", 20, "the form of another state");
        }
    }
}

fn group_list(value: &str) -> Vec<Group> {
    let mut all = Vec::new();
    groups(value.as_bytes(), 0..value.len(), &mut all);
    all
}

fn header_points(candidates: &mut [Candidate], points: i32, header: &str) {
    for c in candidates {
        c.score.add("header", points, header.to_owned());
    }
}

/// Numbers inside a longer or otherwise labelled value.
fn inner(value: Value<'_>, out: &mut Vec<Candidate>, rejects: &mut Rejects) {
    use LabelKind as K;
    // Fewer digits are a number only with letters: those of a label, or of a licence.
    let bare = value.text.bytes().all(|b| b.is_ascii() && !b.is_ascii_alphabetic());
    if bare && !rejects.keeps() && value.text.bytes().filter(u8::is_ascii_digit).count() < SHORTEST {
        return;
    }
    let had = out.len();
    text::scan_value(value.text, out, rejects);
    for c in &mut out[had..] {
        if c.score.has("label") {
            continue;
        }
        let (own, points, bit): (&[K], i32, u8) = match c.kind {
            ElementType::Ssn | ElementType::Other => (&[K::Ssn], 55, 1),
            ElementType::PaymentCard => (&[K::CardNumber], 45, 4),
            ElementType::BankAccount => (&[K::AccountNumber, K::Iban], 55, 8),
            ElementType::DriversLicense | ElementType::StateId => (&[K::DriversLicense, K::StateId], 55, 2),
        };
        if value.labels.iter().any(|l| own.contains(&l.kind)) {
            c.score.add("header", points, value.header.to_owned());
        } else if value.labels.iter().any(|l| l.kind == K::Negative && l.against & bit != 0)
            && !is_spare(value.header)
        {
            c.score.cap("negative-header", 30, value.header.to_owned());
        } else if value
            .labels
            .iter()
            .any(|l| matches!(l.kind, K::InternalId | K::HealthId | K::Passport | K::AlienNumber | K::Zip))
        {
            c.score.cap("other-id-header", 45, value.header.to_owned());
        } else if let Some(cap) = of_a_thing(value.header) {
            c.score.cap("thing-header", cap, value.header.to_owned());
        }
    }
}

/// `extensionAttribute3`: what Active Directory leaves to its owner is no telephone extension.
fn is_spare(header: &str) -> bool {
    header.get(..18).is_some_and(|h| h.eq_ignore_ascii_case("extensionattribute"))
}

/// What a number may count under a header that ends as those of things do (`asset_id`, `Locker Code`), and names
/// nobody's number (DETECTION 5.3).
fn of_a_thing(header: &str) -> Option<i32> {
    let mut words = Words::default();
    words.split(header);
    let last = words.len().checked_sub(1).map(|n| words.word(n))?;
    let ending = matches!(last, "id" | "no" | "number" | "nbr" | "num" | "code" | "key" | "#");
    let people = ["employee", "emp", "member", "client", "customer", "patient", "student", "person", "ee"];
    let persons = (0..words.len()).any(|n| people.contains(&words.word(n)));
    match words.len() {
        1 => matches!(last, "id" | "code" | "key").then_some(45),
        _ if ending => Some(if persons { 45 } else { 30 }),
        _ => None,
    }
}

fn column_points(c: &mut Candidate, verdict: Verdict) {
    if c.class != ElementClass::Pi {
        return;
    }
    let points = if c.kind == ElementType::BankAccount { 5 } else { 10 };
    match verdict {
        Verdict::None | Verdict::Valid => {}
        Verdict::Layout => {
            let points = if c.kind == ElementType::PaymentCard { 35 } else { 45 };
            c.score.add("fixed-width", points, "column of a record with name and place");
        }
        Verdict::Consistent => c.score.add("column", points, "the column is valid throughout"),
        Verdict::Sequential => c.score.cap("column", 20, "the column counts up"),
        Verdict::Constant => c.score.cap("column", 20, "one number for everybody in the table"),
        Verdict::Random => c.score.cap("column", 20, "the column is as valid as chance"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::label::{Words, header};

    fn cell(head: &str, text: &str, around: Surroundings) -> Vec<(ElementType, String, i32)> {
        let labels = header(head, &mut Words::default());
        let mut out = Vec::new();
        read(Value { text, labels, header: head, number: false }, around, &mut out, &mut Rejects::default());
        out.into_iter().map(|c| (c.kind, c.value, c.score.value())).collect()
    }

    #[test]
    fn the_header_is_the_label() {
        use ElementType::{BankAccount, DriversLicense, PaymentCard, Ssn};
        let bank = Surroundings { routing: true, bank: true, ..Surroundings::default() };
        let none = Surroundings::default();
        assert_eq!(cell("SSN", "024613387", none), [(Ssn, "024613387".into(), 60)]);
        assert_eq!(cell("soc_sec_no", "24613387", none), [(Ssn, "024613387".into(), 50)]);
        assert_eq!(cell("pan", "4929137520864174", none), [(PaymentCard, "4929137520864174".into(), 70)]);
        assert_eq!(cell("acct", "4829176503", bank), [(BankAccount, "4829176503".into(), 80)]);
        assert_eq!(cell("acct", "4829176503", none), [(BankAccount, "4829176503".into(), 45)]);
        assert_eq!(cell("dl_no", "S61940275", none), [(DriversLicense, "S61940275".into(), 70)]);
    }

    #[test]
    fn other_headers_speak_against() {
        let none = Surroundings::default();
        assert!(cell("zip9", "021394307", none).iter().all(|c| c.2 < 50));
        assert!(cell("employee_id", "512483367", none).iter().all(|c| c.2 < 50));
        assert!(cell("ssn_last4", "3387", none).is_empty());
        assert!(cell("routing", "011307187", none).is_empty());
    }
}

//! One row or object: values with headers or keys. The people in it, their numbers, and what else it says.

use std::sync::OnceLock;

use crate::detect::cell::{self, Surroundings, Value, Verdict};
use crate::detect::{Candidate, Rejects, licence};
use crate::event::{Confidence, ElementType};
use crate::finding::Circumstances;
use crate::name::{self, Order, PersonName};
use crate::pattern::label::{self, Labels, Words};
use crate::pattern::{LabelKind, number};
use crate::residency;

/// Words at the head of a header that make its value another person's (`spouse_ssn`, `dependent1_name`).
const RELATIONS: &[&str] = &[
    "spouse",
    "partner",
    "wife",
    "husband",
    "dependent",
    "dependant",
    "dep",
    "child",
    "son",
    "daughter",
    "parent",
    "father",
    "mother",
    "guardian",
    "guarantor",
    "cosigner",
    "coborrower",
    "coapplicant",
    "co",
    "joint",
    "beneficiary",
    "survivor",
    "emergency",
];

/// Those that may also stand behind what they belong to.
const AFTER: &[&str] = &[
    "spouse",
    "partner",
    "dependent",
    "dependant",
    "guardian",
    "cosigner",
    "coborrower",
    "coapplicant",
    "co",
];

/// What a column of a table or key of an object is, beyond its labels.
#[derive(Clone, Default)]
pub struct Role {
    /// The person its value belongs to, if not the row's own: `spouse`, `dependent1`.
    pub relation: Option<String>,
    /// The part of a name it holds.
    pub name: Option<LabelKind>,
    /// Verdict over the column.
    pub verdict: Verdict,
    /// True if most of the column are licences of Massachusetts to drive.
    pub driving: bool,
    /// The order of its names.
    pub order: Order,
    /// What the words of its header say, once its values are judged.
    says: OnceLock<HeaderWords>,
}

/// What the words of a header say beside its labels.
#[derive(Clone, Copy)]
pub struct HeaderWords {
    /// A place under it is another's than where somebody lives.
    pub of_another: bool,
    /// It names a telephone.
    pub phone: bool,
    /// It speaks of a bank.
    pub bank: bool,
    /// The element that its labels name.
    pub element: Option<ElementType>,
}

impl HeaderWords {
    fn of(header: &str, labels: Labels) -> HeaderWords {
        HeaderWords {
            of_another: circumstances::is_of_another(header),
            phone: circumstances::is_phone(header),
            bank: speaks_of_bank(header),
            element: element(labels),
        }
    }
}

/// The element that labels name.
pub fn element(labels: Labels) -> Option<ElementType> {
    let map = [
        (LabelKind::Ssn, ElementType::Ssn),
        (LabelKind::DriversLicense, ElementType::DriversLicense),
        (LabelKind::StateId, ElementType::StateId),
        (LabelKind::CardNumber, ElementType::PaymentCard),
        (LabelKind::AccountNumber, ElementType::BankAccount),
        (LabelKind::Iban, ElementType::BankAccount),
    ];
    map.iter()
        .filter(|(k, _)| labels.of_kind(*k).is_some())
        .max_by_key(|(k, _)| labels.of_kind(*k).map_or(0, |l| l.weight))
        .map(|(_, e)| *e)
}

impl Role {
    /// The role that header and labels give.
    #[must_use]
    pub fn of(value: &Value<'_>, words: &mut Words) -> Role {
        let kinds = [LabelKind::FirstName, LabelKind::LastName, LabelKind::FullName];
        let speaks_against =
            value.labels.iter().any(|l| l.kind == LabelKind::Negative && l.against & 16 != 0);
        let own = kinds.into_iter().find(|k| value.labels.of_kind(*k).is_some()).filter(|_| !speaks_against);
        let relation = relation(value.header, words);
        let first =
            |r: &&String| value.header.to_lowercase().starts_with(r.trim_end_matches(char::is_numeric));
        let theirs =
            relation.as_ref().filter(first).map(|_| label::header(behind_relation(value.header), words));
        let theirs = theirs.and_then(|labels| kinds.into_iter().find(|k| labels.of_kind(*k).is_some()));
        Role { relation, name: own.or(theirs), ..Role::default() }
    }

    /// A role that is known otherwise than by a header.
    #[must_use]
    pub fn known(name: Option<LabelKind>, verdict: Verdict) -> Role {
        Role { name, verdict, ..Role::default() }
    }

    /// The same role for a value of a column that is judged as a whole.
    #[must_use]
    pub fn in_column(self, column: &Role) -> Role {
        Role { verdict: column.verdict, driving: column.driving, order: column.order, ..self }
    }

    /// The same role under other words.
    #[must_use]
    pub fn under_another_header(self) -> Role {
        Role { says: OnceLock::new(), ..self }
    }

    /// What the header and labels of this role's values say, which are the same each time.
    pub fn says(&self, header: &str, labels: Labels) -> HeaderWords {
        *self.says.get_or_init(|| HeaderWords::of(header, labels))
    }
}

/// `dependent1_name` without whose it is: what is left of the header is a label that the whole may not be.
fn behind_relation(header: &str) -> &str {
    let word = header.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
    header[word..].trim_start_matches(|c: char| !c.is_ascii_alphabetic())
}

fn relation(header: &str, words: &mut Words) -> Option<String> {
    words.split(header);
    if words.len() < 2 {
        return None;
    }
    let stem = |n: usize| words.word(n).trim_end_matches(|c: char| c.is_ascii_digit());
    // `SSN (Co-Applicant)`, `ssn_spouse`: behind the label too, but for words that are also names and parts of others.
    let at =
        (0..words.len()).find(|n| RELATIONS.contains(&stem(*n)) && (*n == 0 || AFTER.contains(&stem(*n))))?;
    let numbered = words.len() > at + 1 && words.word(at + 1).bytes().all(|b| b.is_ascii_digit());
    let maiden = stem(at) == "mother" && header.to_lowercase().contains("maiden");
    let number = if numbered { words.word(at + 1) } else { "" };
    (!maiden).then(|| format!("{}{number}", words.word(at)))
}

/// A value with its role.
pub struct FieldRef<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Its role.
    pub role: &'a Role,
}

impl FieldRef<'_> {
    /// What the words of its header say.
    pub fn says(&self) -> HeaderWords {
        self.role.says(self.value.header, self.value.labels)
    }
}

/// A person of a row or object with the numbers that are theirs; indices are positions in the field list.
pub struct Subject {
    /// True for the row's or object's own subject, false for a relation of theirs.
    pub own: bool,
    /// The name, its level and rule, and the field it starts in.
    pub person: Option<(PersonName, Confidence, &'static str, usize)>,
    /// The numbers.
    pub elements: Vec<(Candidate, usize)>,
}

/// What a row or object says.
pub struct Judged {
    /// The row's own subject first.
    pub subjects: Vec<Subject>,
    /// What it says beside names and numbers.
    pub circumstances: Circumstances,
}

/// What of a row or object is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All it says.
    All,
    /// Its numbers, and the rest only if there are any: most rows of most tables hold none.
    Numbers,
}

/// Judges one row or object.
pub fn judge(fields: &[FieldRef<'_>], wanted: Wanted, rejects: &mut Rejects) -> Judged {
    let around = surroundings(fields);
    let mut relations: Vec<Option<&str>> = vec![None];
    for f in fields {
        let relation = f.role.relation.as_deref();
        if !relations.contains(&relation) {
            relations.push(relation);
        }
    }
    let mut subjects = Vec::with_capacity(relations.len());
    let mut found = Vec::new();
    for relation in relations {
        let mut elements = Vec::new();
        for (i, f) in fields.iter().enumerate().filter(|(_, f)| f.role.relation.as_deref() == relation) {
            if f.role.name.is_some() && !f.value.text.bytes().any(|b| b.is_ascii_digit()) {
                continue;
            }
            rejects.in_part(i);
            let (verdict, driving) = (f.role.verdict, f.role.driving);
            cell::read(f.value, Surroundings { verdict, driving, ..around }, &mut found, rejects);
            elements.extend(found.drain(..).map(|c| (c, i)));
        }
        let named = wanted == Wanted::All || !elements.is_empty();
        let person = if named { person(fields, relation) } else { None };
        subjects.push(Subject { own: relation.is_none(), person, elements });
    }
    let mut circumstances = Circumstances::default();
    if wanted == Wanted::All || subjects.iter().any(|s| !s.elements.is_empty()) {
        for f in fields {
            circumstances::field(&f.value, f.says(), &mut circumstances);
        }
        note_numbers(&subjects, &mut circumstances);
    }
    Judged { subjects, circumstances }
}

use super::circumstances;

fn surroundings(fields: &[FieldRef<'_>]) -> Surroundings {
    use LabelKind as K;
    let mut around = Surroundings::default();
    for f in fields {
        around.bank |= is_bank(&f.value);
        for label in f.value.labels.iter() {
            match label.kind {
                K::Routing => {
                    around.bank = true;
                    let digits: String = f.value.text.chars().filter(char::is_ascii_digit).collect();
                    let padded = if f.value.number { format!("{digits:0>9}") } else { digits };
                    around.routing |= number::aba(padded.as_bytes());
                }
                K::Swift | K::Iban | K::AccountType | K::BankWord => around.bank = true,
                K::AccountNumber => around.bank |= f.says().bank,
                K::LicenseState => around.state = licence::state_value(f.value.text).or(around.state),
                K::State => around.state = around.state.or_else(|| licence::state_value(f.value.text)),
                _ => {}
            }
        }
    }
    around
}

/// `Bank: Cape Cod Five`: the name of a bank, two words at least with capitals, beside an account.
fn is_bank(value: &Value<'_>) -> bool {
    let header = value.header.trim_end_matches([':', ' ']);
    let named = ["bank", "bank name", "financial institution"].iter().any(|h| header.eq_ignore_ascii_case(h));
    let mut words = value.text.split_whitespace();
    named && words.clone().count() > 1 && words.all(|word| word.starts_with(char::is_uppercase))
}

fn speaks_of_bank(header: &str) -> bool {
    let lower = header.to_lowercase();
    ["bank", "check", "saving", "deposit", "dda", "ira", "broker", "loan", "mortgage", "chk", "ach"]
        .iter()
        .any(|w| lower.contains(w))
}

/// The person that the fields of one relation name: first and last in two fields, else one full name.
fn person(
    fields: &[FieldRef<'_>],
    relation: Option<&str>,
) -> Option<(PersonName, Confidence, &'static str, usize)> {
    let of = |kind: LabelKind| {
        fields
            .iter()
            .enumerate()
            .filter(move |(_, f)| f.role.relation.as_deref() == relation && f.role.name == Some(kind))
            .filter(|(_, f)| !f.value.trimmed().is_empty())
    };
    let pair = of(LabelKind::LastName).next().zip(of(LabelKind::FirstName).next());
    if let Some(((last_at, last), (first_at, first))) = pair
        && let Some((n, c, rule)) = name::from_parts(first.value.text, last.value.text)
    {
        return Some((n, c, rule, last_at.min(first_at)));
    }
    of(LabelKind::FullName).chain(of(LabelKind::LastName)).find_map(|(i, f)| {
        let (n, c, rule) = name::parse(f.value.text, f.role.order)?;
        Some((n, c, rule, i))
    })
}

fn note_numbers(subjects: &[Subject], into: &mut Circumstances) {
    for (c, _) in subjects.iter().flat_map(|s| &s.elements) {
        note_number(c, into);
    }
}

/// Adds the residency evidence that a number itself carries: a Massachusetts licence, an SSN area.
pub fn note_number(c: &Candidate, into: &mut Circumstances) {
    use crate::event::ElementType as E;
    match c.kind {
        E::DriversLicense | E::StateId if c.state == Some(*b"MA") && c.value.starts_with('S') => {
            into.residency.push(residency::Rule::LicenceMa);
        }
        E::Ssn => into.residency.extend(residency::of_ssn(&c.value)),
        _ => {}
    }
}

/// Where no field names a person: the one person named in the text of a field, first where the numbers stand.
#[must_use]
pub fn person_in_text(
    fields: &[FieldRef<'_>],
    elements: &[(Candidate, usize)],
) -> Option<(PersonName, Confidence, &'static str, usize)> {
    let with_numbers = elements.iter().map(|(_, i)| *i);
    let others = (0..fields.len()).filter(|i| fields[*i].role.relation.is_none());
    let mut only: Option<(PersonName, Confidence, &'static str, usize)> = None;
    for i in with_numbers.chain(others) {
        let text = fields[i].value.text;
        if text.len() > 4096 || !text.bytes().any(|b| b.is_ascii_uppercase()) {
            continue;
        }
        let mut hits = Vec::new();
        text.lines().for_each(|line| name::find(line, None, &mut hits));
        for hit in hits {
            match &only {
                Some((name, ..)) if name.last_key() != hit.name.last_key() => return None,
                Some(_) => {}
                None => only = Some((hit.name, hit.confidence.min(Confidence::Medium), hit.rule, i)),
            }
        }
    }
    only
}

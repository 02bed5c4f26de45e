//! Why a shape is not the number it looks like, in words. Only `revere explain` asks; nothing here decides.

use std::ops::Range;

use super::envelope;
use super::group::Group;
use super::label_context::Governing;
use super::reading::{CARD_SHAPES, Run};
use super::reject::Reject;
use crate::event::ElementType;
use crate::pattern::{LabelKind, number};

/// From how many digits on a bare group is worth a word.
const BARE: usize = 7;
/// What of an IBAN must stand there for a word to be worth while.
const IBAN: usize = 15;

/// Why nine digits are no Social Security number; `None` if they can be one, or are a related number.
#[must_use]
pub fn ssn(nine: &[u8]) -> Option<&'static str> {
    if number::ssn(nine) || number::is_sample_ssn(nine) || number::itin(nine) {
        return None;
    }
    Some(match (&nine[..3], &nine[3..5]) {
        (b"000", _) => "area 000 is never issued",
        (b"666", _) => "area 666 is never issued",
        ([b'9', ..], _) => "areas from 900 on are never issued, and it is no ITIN",
        (_, b"00") => "group 00 is never issued",
        _ => "serial 0000 is never issued",
    })
}

/// Why 12 to 19 digits are no card number; `None` if they can be one.
#[must_use]
pub fn card(digits: &str) -> Option<&'static str> {
    if number::card(digits.as_bytes()).is_some() {
        return None;
    }
    let body = &digits[..digits.len() - 1];
    let known = (0..10).any(|check| number::card(format!("{body}{check}").as_bytes()).is_some());
    Some(match known {
        true => "the check digit does not fit",
        false => "no card network has this prefix and length",
    })
}

/// Says why the groups from `at` on are nothing, if they look like something. `governing` is their label.
#[must_use]
pub fn groups(text: &str, all: &[Group], at: usize, governing: Option<&Governing>) -> Option<Reject> {
    let run = Run::new(text.as_bytes(), all, at);
    printed(&run).or_else(|| iban(text, all[at])).or_else(|| bare(text, all[at], governing))
}

/// Shapes of several groups.
fn printed(run: &Run<'_>) -> Option<Reject> {
    let shape =
        |widths: &[usize]| run.has_shape(widths).then(|| (run.span(widths.len()), run.digits(widths.len())));
    let reject = |(span, value), kind, why: &'static str| Some(Reject::shape(span, kind, value, why));
    if let Some(found) = shape(&[3, 2, 4]) {
        let why = ssn(found.1.as_bytes())?;
        return reject(found, Some(ElementType::Ssn), why);
    }
    if let Some(found) = CARD_SHAPES.iter().find_map(|widths| shape(widths)) {
        let why = card(&found.1)?;
        return reject(found, Some(ElementType::PaymentCard), why);
    }
    let others: [(&[usize], &str); 3] = [
        (&[2, 7], "two and seven digits: the form of an employer identification number"),
        (&[3, 3, 4], "three, three and four digits: the form of a telephone number"),
        (&[5, 4], "five and four digits: the form of a ZIP code"),
    ];
    others.into_iter().find_map(|(widths, why)| reject(shape(widths)?, None, why))
}

/// Letters of a country with check digits and enough behind them.
fn iban(text: &str, first: Group) -> Option<Reject> {
    let start = first.start.checked_sub(2)?;
    let country = text.as_bytes()[start..].first_chunk::<2>()?;
    number::IBAN_LENGTHS.iter().find(|(code, _)| code == country)?;
    let apart = start == 0 || !text.as_bytes()[start - 1].is_ascii_alphanumeric();
    let token = text.as_bytes()[start..].iter().take(48);
    let token: Vec<u8> =
        token.take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b' ').copied().collect();
    let value: String = token.iter().filter(|b| **b != b' ').map(|b| *b as char).collect();
    let why = "not an IBAN: the length is not that of its country, or the remainder modulo 97 is not 1";
    let enough = apart && first.len() >= 2 && value.len() >= IBAN;
    enough.then(|| Reject::shape(start..start + token.len(), Some(ElementType::BankAccount), value, why))
}

/// One group by itself.
fn bare(text: &str, group: Group, governing: Option<&Governing>) -> Option<Reject> {
    let digits = text[group.span()].to_owned();
    let labelled = |kinds: &[LabelKind]| governing.is_some_and(|g| g.of(kinds).is_some());
    let (kind, why) = match digits.len() {
        20.. => (None, "longer than any number that is looked for".to_owned()),
        9 if labelled(&[LabelKind::Routing]) && !number::aba(digits.as_bytes()) => {
            (None, "not a routing number: the checksum does not fit".to_owned())
        }
        9 => (Some(ElementType::Ssn), ssn(digits.as_bytes())?.to_owned()),
        12.. => (Some(ElementType::PaymentCard), card(&digits)?.to_owned()),
        _ if labelled(&[LabelKind::DriversLicense, LabelKind::StateId]) => {
            (Some(ElementType::DriversLicense), "has no published form of a licence".to_owned())
        }
        BARE.. => (None, unlabelled(text, group, governing)),
        _ => return None,
    };
    Some(Reject::shape(group.span(), kind, digits, why))
}

fn unlabelled(text: &str, group: Group, governing: Option<&Governing>) -> String {
    let (bytes, digits) = (text.as_bytes(), group.len());
    let part =
        envelope::touched(bytes, &group.span(), false).or_else(|| envelope::wrapped(bytes, &group.span()));
    if let Some(part) = part {
        return part.to_owned();
    }
    match governing.and_then(|g| text.get(g.span.clone())) {
        Some(label) => {
            format!("{digits} digits under the label \"{label}\": the form of no number looked for")
        }
        None => format!("{digits} digits without a label: the form of no number looked for"),
    }
}

/// Why the value of a cell is not the number its header names; `None` if the header names none.
#[must_use]
pub fn cell(value: &str, header: &str, kinds: &[LabelKind]) -> Option<Reject> {
    use ElementType as E;
    use LabelKind as K;
    let reasons: [(&[K], Option<E>, &str); 6] = [
        (&[K::SsnPart, K::CardPart], None, "the header names part of a number only"),
        (&[K::Routing, K::Swift], None, "routing numbers and bank identifiers are public"),
        (&[K::AccountNumber], Some(E::BankAccount), "not 4 to 17 digits, or one digit throughout"),
        (&[K::DriversLicense, K::StateId], Some(E::DriversLicense), "has no published form of a licence"),
        (&[K::Ssn], Some(E::Ssn), "not seven to nine digits of a number that can be issued"),
        (&[K::CardNumber], Some(E::PaymentCard), "not the digits of a card number"),
    ];
    let trimmed = value.trim();
    let (_, kind, why) = reasons.into_iter().find(|(of, ..)| of.iter().any(|k| kinds.contains(k)))?;
    let span: Range<usize> = 0..value.len();
    let reject = Reject::shape(span, kind, trimmed.to_owned(), format!("{why} (header \"{header}\")"));
    trimmed.bytes().any(|b| b.is_ascii_digit()).then_some(reject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::group;

    fn why(text: &str) -> Option<String> {
        let mut all = Vec::new();
        group::groups(text.as_bytes(), 0..text.len(), &mut all);
        (0..all.len()).find_map(|i| groups(text, &all, i, None)).map(|r| r.why.into_owned())
    }

    #[test]
    fn every_rule_of_the_ssn_has_its_words() {
        for (nine, word) in [
            ("000121234", "area 000"),
            ("666121234", "area 666"),
            ("901021234", "from 900"),
            ("024001234", "group 00"),
            ("024610000", "serial 0000"),
        ] {
            assert!(ssn(nine.as_bytes()).is_some_and(|w| w.contains(word)), "{nine}");
        }
        for fine in ["024613387", "078051120", "912713456"] {
            assert_eq!(ssn(fine.as_bytes()), None);
        }
    }

    #[test]
    fn cards_fail_by_prefix_or_check_digit() {
        assert_eq!(card("4929137520864174"), None);
        assert_eq!(card("4929137520864175"), Some("the check digit does not fit"));
        assert_eq!(card("9173402855162095"), Some("no card network has this prefix and length"));
    }

    #[test]
    fn shapes_of_other_numbers_are_named() {
        for (text, word) in [
            ("EIN 04-3871926", "employer identification"),
            ("call 617-555-0142", "telephone"),
            ("02139-4307", "ZIP"),
            ("666-12-1234", "area 666"),
            ("4929 1375 2086 4175", "check digit"),
            ("GB68 NWBK 4027 1583 9206 48", "IBAN"),
            ("no 12345678", "8 digits without a label"),
            ("47223179-9330-4259-b66c-f2db26efb20c", "UUID"),
            ("12345678901234567890", "longer than"),
        ] {
            assert!(why(text).is_some_and(|w| w.contains(word)), "{text}");
        }
        for text in ["024-61-3387", "4929137520864174", "room 123456"] {
            assert!(why(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_cell_that_is_not_what_its_header_says_is_explained() {
        let why = |text, kind| cell(text, "H", &[kind]).map(|r| r.why.into_owned());
        assert!(why("3387", LabelKind::SsnPart).is_some_and(|w| w.contains("part of a number")));
        assert!(why("1/2", LabelKind::AccountNumber).is_some_and(|w| w.ends_with("(header \"H\")")));
        assert_eq!(why("n/a", LabelKind::Ssn), None);
        assert_eq!(why("12", LabelKind::City), None);
    }
}

//! Validators and number tables: what makes a digit string a possible SSN, card, routing number, IBAN or licence.

/// A range of issuer identification numbers (ISO/IEC 7812), compared as a prefix of `digits` digits.
pub struct CardRange {
    network: u8,
    digits: u8,
    start: u32,
    end: u32,
    lengths: u32,
    luhn: bool,
    us: bool,
}

/// A published form of a licence number: steps over the value without separators.
pub struct LicenceShape {
    /// Issuing state.
    pub state: [u8; 2],
    /// `A` distinctive, `B` letters and digits, `C` digits only, `D` too free outside a licence column.
    pub class: u8,
    /// False for series no longer issued.
    pub current: bool,
    at: usize,
    len: usize,
}

struct Step {
    ranges: [(u8, u8); 4],
    min: u8,
    max: u8,
}

/// The generated arrays; their sources are named in `patterns/README.md`.
mod generated {
    #![allow(missing_docs, clippy::unreadable_literal, reason = "generated from tables that are documented")]
    use super::{CardRange, LicenceShape, Step};
    include!(concat!(env!("OUT_DIR"), "/numbers.rs"));
}
use generated::{
    ABA_PREFIXES, CARD_RANGES, ITIN_GROUPS, LICENCE_SHAPES, LICENCE_STEPS, NETWORKS, SSN_NEVER_AREAS,
    SSN_NEVER_GROUPS, SSN_NEVER_SERIALS, SSN_SAMPLES, TEST_CARDS,
};
pub use generated::{IBAN_LENGTHS, STATES};

/// The check digit rule of ISO/IEC 7812-1 (Luhn). `digits` are ASCII digits.
#[must_use]
pub fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, b)| match u32::from(b - b'0') << (i % 2) {
            d @ 10.. => d - 9,
            d => d,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// What is known of a card number by its first digits.
pub struct Issuer {
    /// Network, as in `visa`.
    pub network: &'static str,
    /// True for networks whose cards are common in the United States.
    pub us: bool,
}

/// For the first two digits of a card number the lengths that some range allows, as bits: with a check digit, and
/// without.
static CARD_LENGTHS: [(u32, u32); 100] = card_lengths();

const fn card_lengths() -> [(u32, u32); 100] {
    let mut table = [(0, 0); 100];
    let mut i = 0;
    while i < CARD_RANGES.len() {
        let range = &CARD_RANGES[i];
        let (mut first, mut last, mut digits) = (range.start, range.end, range.digits);
        while digits > 2 {
            (first, last, digits) = (first / 10, last / 10, digits - 1);
        }
        if digits == 1 {
            (first, last) = (first * 10, last * 10 + 9);
        }
        while first <= last {
            let lengths = &mut table[first as usize];
            if range.luhn {
                lengths.0 |= range.lengths;
            } else {
                lengths.1 |= range.lengths;
            }
            first += 1;
        }
        i += 1;
    }
    table
}

/// True if [`card`] need not be asked: no range begins like this and has the length, or the check digit is wrong.
#[inline]
fn is_no_card(digits: &[u8]) -> bool {
    let two = usize::from(digits[0] - b'0') * 10 + usize::from(digits[1] - b'0');
    let (checked, unchecked) = CARD_LENGTHS[two];
    let has = |lengths: u32| lengths >> digits.len() & 1 == 1;
    !(has(unchecked) || has(checked) && luhn(digits))
}

/// The network of air travel, whose numbers are known by their first digit alone: one in a hundred of any fifteen digits
/// would be one, and hardly any person holds a card of it. In running text they count only near words for a card.
pub const UATP: &str = "uatp";

/// The network of a card number: its longest matching range that allows the length and whose check digit rule
/// holds. `None` if there is none.
#[must_use]
pub fn card(digits: &[u8]) -> Option<Issuer> {
    if !(12..=19).contains(&digits.len()) || is_no_card(digits) {
        return None;
    }
    // What the first one to eight digits make.
    let mut heads = [0u32; 9];
    for (n, digit) in digits.iter().take(8).enumerate() {
        heads[n + 1] = heads[n] * 10 + u32::from(digit - b'0');
    }
    let fits = |r: &&CardRange| {
        r.lengths >> digits.len() & 1 == 1 && (r.start..=r.end).contains(&heads[usize::from(r.digits)])
    };
    let mut fitting = CARD_RANGES.iter().filter(fits).peekable();
    fitting.peek()?;
    let luhn_ok = luhn(digits);
    fitting
        .filter(|r| luhn_ok || !r.luhn)
        .max_by_key(|r| (r.digits, r.us))
        .filter(|r| luhn_ok || !r.us)
        .map(|r| Issuer { network: NETWORKS[usize::from(r.network)], us: r.us })
}

/// True if a card number of `length` digits may begin with `digits`.
#[must_use]
pub fn card_prefix(digits: &[u8], length: usize) -> bool {
    CARD_RANGES.iter().filter(|r| r.us && r.lengths >> length & 1 == 1).any(|r| {
        let n = usize::from(r.digits);
        digits.len() >= n && {
            let prefix = digits[..n].iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
            (r.start..=r.end).contains(&prefix)
        }
    })
}

/// True for card numbers that vendors publish for tests, and for filler: one digit throughout, or a prefix
/// followed by zeros alone but for the check digit.
#[must_use]
pub fn is_test_card(digits: &[u8]) -> bool {
    let n = digits.iter().fold(0u64, |n, b| n.wrapping_mul(10).wrapping_add(u64::from(b - b'0')));
    let body = &digits[..digits.len() - 1];
    let zeros = body.iter().rev().take_while(|b| **b == b'0').count();
    let same = body.iter().rev().take_while(|b| **b == body[body.len() - 1]).count();
    TEST_CARDS.binary_search(&n).is_ok() || zeros + 6 >= body.len() || same + 1 >= body.len()
}

/// True if the number that the digits (at most four) make lies in one of the ranges.
fn within(digits: &[u8], ranges: &[(u16, u16)]) -> bool {
    holds(ranges, digits.iter().fold(0u16, |n, b| n * 10 + u16::from(b - b'0')))
}

fn holds(ranges: &[(u16, u16)], n: u16) -> bool {
    ranges.iter().any(|(lo, hi)| (*lo..=*hi).contains(&n))
}

/// True if the nine digits can be a Social Security number: area not 000, 666 or 900–999, group not 00, serial
/// not 0000 (Social Security Administration, POMS RM 10201.035).
#[must_use]
pub fn ssn(nine: &[u8]) -> bool {
    let digit = |i: usize| u16::from(nine[i] - b'0');
    let area = digit(0) * 100 + digit(1) * 10 + digit(2);
    let group = digit(3) * 10 + digit(4);
    let serial = digit(5) * 1000 + digit(6) * 100 + digit(7) * 10 + digit(8);
    !(holds(&SSN_NEVER_AREAS, area) | holds(&SSN_NEVER_GROUPS, group) | holds(&SSN_NEVER_SERIALS, serial))
}

/// True for published samples, advertising numbers and typed filler.
#[must_use]
pub fn is_sample_ssn(nine: &[u8]) -> bool {
    let n = nine.iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    let may_be = SAMPLE_BITS[sample_bit(n) / 64] >> (sample_bit(n) % 64) & 1 == 1;
    may_be && SSN_SAMPLES.binary_search(&n).is_ok() || n.is_multiple_of(111_111_111)
}

/// Which numbers may be a sample, by a bit that several numbers share: nearly all are none.
static SAMPLE_BITS: [u64; 64] = sample_bits();

const fn sample_bit(n: u32) -> usize {
    (n.wrapping_mul(0x9e37_79b1) >> 20) as usize
}

const fn sample_bits() -> [u64; 64] {
    let (mut bits, mut i) = ([0; 64], 0);
    while i < SSN_SAMPLES.len() {
        let bit = sample_bit(SSN_SAMPLES[i]);
        bits[bit / 64] |= 1 << (bit % 64);
        i += 1;
    }
    bits
}

/// True for an individual taxpayer identification number: 9xx with group 50–65, 70–88, 90–92 or 94–99 (IRS).
#[must_use]
pub fn itin(nine: &[u8]) -> bool {
    nine[0] == b'9' && within(&nine[3..5], &ITIN_GROUPS)
}

/// True for an ABA routing number: first two digits 00–12, 21–32, 61–72 or 80, weights 3-7-1 modulo 10.
#[must_use]
pub fn aba(nine: &[u8]) -> bool {
    if nine.len() != 9 {
        return false;
    }
    let sum: u32 = nine.iter().zip([3, 7, 1].iter().cycle()).map(|(b, w)| u32::from(b - b'0') * w).sum();
    within(&nine[..2], &ABA_PREFIXES) && sum.is_multiple_of(10) && sum > 0
}

/// True for an IBAN (ISO 13616): length of its country, remainder 1 modulo 97. Upper case, no spaces.
#[must_use]
pub fn iban(value: &[u8]) -> bool {
    let Some(country) = value.first_chunk::<2>() else { return false };
    let known = IBAN_LENGTHS.iter().any(|(c, len)| c == country && usize::from(*len) == value.len());
    known
        && value.iter().all(u8::is_ascii_alphanumeric)
        && value[4..].iter().chain(&value[..4]).fold(0u32, |r, b| match b {
            b'0'..=b'9' => (r * 10 + u32::from(b - b'0')) % 97,
            _ => (r * 100 + u32::from(b.to_ascii_uppercase() - b'A') + 10) % 97,
        }) == 1
}

/// The published licence forms that a value without separators (upper case) has.
pub fn licence_shapes(value: &[u8]) -> impl Iterator<Item = &'static LicenceShape> + '_ {
    LICENCE_SHAPES.iter().filter(move |s| matches(&LICENCE_STEPS[s.at..s.at + s.len], value))
}

/// Matches steps over the whole value; the shapes have at most one step of variable length, so the recursion is
/// as deep as the steps are many.
fn matches(steps: &[Step], value: &[u8]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return value.is_empty() };
    let fits = value
        .iter()
        .take(usize::from(step.max))
        .take_while(|b| step.ranges.iter().any(|(lo, hi)| (*lo..=*hi).contains(*b)));
    let most = fits.count();
    (usize::from(step.min)..=most).rev().any(|n| matches(rest, &value[n..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_need_range_length_and_check_digit() {
        let network = |s: &str| card(s.as_bytes()).map(|i| i.network);
        assert_eq!(network("4929137520864174"), Some("visa"));
        assert_eq!(network("4929137520864175"), None);
        assert_eq!(network("2426178309455265"), Some("mastercard"));
        assert_eq!(network("374519823067142"), Some("amex"));
        assert_eq!(network("36158270493616"), Some("diners"));
        assert_eq!(network("6250947182364509171"), Some("discover"));
        assert_eq!(network("9173402855162095"), None);
        assert_eq!(network("1748503543004"), None);
    }

    #[test]
    fn published_test_cards_are_known() {
        for pan in ["4111111111111111", "4242424242424242", "378282246310005", "4444444444444448"] {
            assert!(is_test_card(pan.as_bytes()), "{pan}");
        }
        assert!(!is_test_card(b"4929137520864174"));
    }

    #[test]
    fn ssn_structure_follows_the_agency() {
        assert!(ssn(b"024613387"));
        for never in [b"000123456", b"666123456", b"901023456", b"024003387", b"024610000"] {
            assert!(!ssn(never));
        }
        assert!(is_sample_ssn(b"078051120") && is_sample_ssn(b"111111111") && !is_sample_ssn(b"024613387"));
        assert!(itin(b"912713456") && !itin(b"912933456"));
    }

    #[test]
    fn routing_numbers_and_ibans_have_checksums() {
        assert!(aba(b"011307187") && !aba(b"011307188") && !aba(b"000000000"));
        assert!(iban(b"GB68NWBK40271583920647") && !iban(b"GB68NWBK40271583920648") && !iban(b"GB6"));
    }

    #[test]
    fn licences_are_known_by_state() {
        let states = |v: &str| -> Vec<String> {
            licence_shapes(v.as_bytes()).map(|s| String::from_utf8_lossy(&s.state).into_owned()).collect()
        };
        assert!(states("S61940275").contains(&"MA".to_owned()));
        assert!(states("SA4829173").contains(&"MA".to_owned()));
        assert!(states("07LTM64031").contains(&"NH".to_owned()));
        assert!(states("13LTM64031").is_empty());
    }
}

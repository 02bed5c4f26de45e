//! R6: whose a number in a message is that names nobody.

use std::ops::Range;

use crate::detect::label_context::char_at_or_after;
use crate::document::Envelope;

/// How far around a number, in bytes, words are read that tell whose it is.
const AROUND: usize = 200;
/// The longest line that may be a signature.
const SIGNATURE: usize = 60;

/// Whose a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// The sender speaks of their own.
    Sender,
    /// The sender speaks of the recipient's.
    Recipient,
    /// Nothing says so, but nothing speaks against the sender, or else the only recipient.
    Either,
    /// Somebody whom the message does not name, or too many whose it could be.
    Nobody,
}

/// Whose the number at `span` is. The nearest word that tells decides; then a signature; then the recipients.
#[must_use]
pub fn owner(text: &str, span: &Range<usize>, envelope: &Envelope) -> Owner {
    let from = char_at_or_after(text, span.start.saturating_sub(AROUND));
    let nearest = text[from..span.start].rsplit(|c: char| !c.is_alphanumeric()).find_map(told);
    let to = char_at_or_after(text, (span.end + AROUND / 4).min(text.len()));
    let behind = || text[span.end..to].split(|c: char| !c.is_alphanumeric()).find_map(told);
    match nearest.or_else(behind) {
        Some(owner) => owner,
        None if is_signed(text, &envelope.from) => Owner::Sender,
        None if envelope.to.len() > 1 => Owner::Nobody,
        None => Owner::Either,
    }
}

fn told(word: &str) -> Option<Owner> {
    const THIRD: [&str; 16] = [
        "he",
        "she",
        "him",
        "his",
        "her",
        "hers",
        "their",
        "theirs",
        "customer",
        "client",
        "patient",
        "tenant",
        "student",
        "employee",
        "applicant",
        "member",
    ];
    let is = |w: &&str| word.eq_ignore_ascii_case(w);
    match word {
        w if ["my", "mine"].iter().any(|m| w.eq_ignore_ascii_case(m)) => Some(Owner::Sender),
        w if ["your", "yours"].iter().any(|m| w.eq_ignore_ascii_case(m)) => Some(Owner::Recipient),
        _ if THIRD.iter().any(is) => Some(Owner::Nobody),
        _ => None,
    }
}

/// True if a short line among the last ones holds a word of the sender's name.
fn is_signed(text: &str, from: &str) -> bool {
    let names: Vec<&str> =
        from.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2).collect();
    let last = text.lines().rev().map(str::trim).filter(|l| !l.is_empty()).take(4);
    last.filter(|l| l.len() <= SIGNATURE && !l.bytes().any(|b| b.is_ascii_digit())).any(|line| {
        line.split(|c: char| !c.is_alphanumeric()).any(|w| names.iter().any(|n| w.eq_ignore_ascii_case(n)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, to: usize) -> Owner {
        let at = text.find("024").expect("the number is there");
        let envelope =
            Envelope { from: "Tobias Hargrove".into(), to: vec![String::new(); to], ..Envelope::default() };
        owner(text, &(at..at + 11), &envelope)
    }

    #[test]
    fn words_and_signatures_tell_whose_a_number_is() {
        assert_eq!(of("Hi, my social security number is 024-61-3387.", 2), Owner::Sender);
        assert_eq!(of("Your SSN on our file is 024-61-3387.", 1), Owner::Recipient);
        assert_eq!(of("The customer's SSN is 024-61-3387.\n\nTobias", 1), Owner::Nobody);
        assert_eq!(of("SSN: 024-61-3387\n\nThanks,\nTobias", 2), Owner::Sender);
        assert_eq!(of("SSN: 024-61-3387", 1), Owner::Either);
        assert_eq!(of("SSN: 024-61-3387", 2), Owner::Nobody);
    }
}

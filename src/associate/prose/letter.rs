//! Letters: who is written to, and who signed.
//!
//! A letter about somebody's number is written to that person or about one it names in its subject; the name below
//! the closing is that of a clerk, unless the letter speaks of `my` number.

use std::ops::Range;
use std::rc::Rc;

use super::{AROUND, FORM_LINES, Occurrence, Prose, following, previous};
use crate::detect::label_context::{LabelContext, line_around};

/// How many lines above the salutation the block of the address may begin.
const ADDRESS: usize = 14;

impl Prose<'_> {
    /// The person a letter is written to: named in the address and in the salutation above the line.
    pub(super) fn addressee(&mut self, line: &Range<usize>) -> Option<Occurrence> {
        let text = self.unit.text;
        if says_my(&text[line.clone()]) {
            return None;
        }
        let mut at = line.clone();
        for _ in 0..FORM_LINES {
            at = previous(text, &at).filter(|n| line.start - n.start <= AROUND)?;
            if (self.unit.is_row)(&at) {
                return None;
            }
            if let Some(called) = salutation(&text[at.clone()]) {
                return self.in_address(&at, called);
            }
        }
        None
    }

    /// A line with the one above it, where a sentence may begin.
    pub(super) fn spoken(&self, line: &Range<usize>) -> &str {
        let from = previous(self.unit.text, line).map_or(line.start, |above| above.start);
        &self.unit.text[from..line.end]
    }

    /// True if a person stands below the number only as who signed a letter, or who is quoted in a message: of a
    /// number that is the reader's, or that stands beside a name which was not read.
    pub(super) fn only_signs(&self, person: &Occurrence, numbers: &[usize]) -> bool {
        let text = self.unit.text;
        let Some(number) = numbers.first().map(|i| &self.candidates[*i].span) else { return false };
        let own = line_around(text, number.start);
        let end = line_around(text, person.span.start).end;
        let below = text.get(own.end..end).unwrap_or("");
        below.lines().any(|line| self.is_ended(&own, line))
    }

    /// True if a line below that of a number ends what the number belongs to, so that who stands further down is not
    /// meant: the closing of a letter counts if the number is the reader's or that of a name which was not read.
    pub(super) fn is_ended(&self, own: &Range<usize>, below: &str) -> bool {
        ends_it(self.spoken(own), below) || is_closing(below) && self.is_of_another(own)
    }

    /// True if a line speaks of nobody's own number and holds a name that was not read.
    pub(super) fn is_of_another(&self, line: &Range<usize>) -> bool {
        !says_my(self.spoken(line)) && self.names_another(line)
    }

    /// True if two words of a line stand side by side as given name and surname do, and no label holds them.
    fn names_another(&self, line: &Range<usize>) -> bool {
        let text = &self.unit.text[line.clone()];
        let labels = LabelContext::new(self.unit.text).hits(line.clone());
        let in_label = |at: usize| labels.iter().any(|hit| hit.span.contains(&(line.start + at)));
        let mut before = false;
        for (at, word) in words(text) {
            let capital = word.starts_with(char::is_uppercase) && !in_label(at);
            if capital && before && word.trim_end_matches('.').chars().count() > 1 {
                return true;
            }
            // A stop behind more than an initial or title ends the sentence.
            before = capital && (word.len() <= 3 || !word.ends_with('.'));
        }
        false
    }

    /// Who sent the quoted message that a line belongs to, by the `From:` above it. What stands behind a quoted
    /// message and has no mark of it (`>`) is the sender's own again.
    pub(super) fn quoted_sender(&mut self, line: &Range<usize>) -> Option<Occurrence> {
        let text = self.unit.text;
        let marked = text[line.clone()].trim_start().starts_with('>');
        let mut at = line.clone();
        for _ in 0..FORM_LINES {
            at = previous(text, &at).filter(|n| line.start - n.start <= AROUND)?;
            let head = &text[at.clone()];
            if is_mail_head(head) {
                let wrote = head.trim_end().ends_with("wrote:");
                if wrote && !marked {
                    return None;
                }
                return self.people(&at).first().map(Rc::clone);
            }
        }
        None
    }

    /// A person whose name is a line of its own above the salutation and who is called by it.
    fn in_address(&mut self, salutation: &Range<usize>, called: &str) -> Option<Occurrence> {
        let text = self.unit.text;
        let mut at = salutation.clone();
        for _ in 0..ADDRESS {
            at = previous(text, &at).filter(|n| salutation.start - n.start <= AROUND)?;
            let alone = |h: &&Occurrence| text[at.clone()].trim().len() <= h.span.len() + 6;
            let street = following(text, &at).is_some_and(|next| is_street(&text[next]));
            if let Some(hit) = self.people(&at).iter().find(alone)
                && (street && is_called(&text[hit.span.clone()], called))
            {
                return Some(Rc::clone(hit));
            }
        }
        None
    }
}

/// The words between `Dear` and the end of a salutation.
fn salutation(line: &str) -> Option<&str> {
    let line = line.trim();
    let called = line.get(..5).filter(|w| w.eq_ignore_ascii_case("dear ")).map(|_| line[5..].trim())?;
    (called.len() <= 60 && called.ends_with([':', ','])).then(|| called.trim_end_matches([':', ',']))
}

/// True if a salutation calls somebody by a part of the name.
fn is_called(name: &str, called: &str) -> bool {
    let words = |s: &str| -> Vec<String> {
        s.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 1).map(str::to_lowercase).collect()
    };
    let name = words(name);
    words(called).iter().any(|w| name.contains(w))
}

/// True if the line reads as the street of an address.
pub(super) fn is_street(line: &str) -> bool {
    let line = line.trim();
    let lower = line.get(..6).unwrap_or(line).to_ascii_lowercase();
    line.len() <= 80
        && (line.starts_with(|c: char| c.is_ascii_digit())
            || lower.starts_with("p.o")
            || lower.starts_with("po box")
            || lower.starts_with("c/o"))
}

/// True if somebody speaks of what is theirs.
pub(super) fn says_my(line: &str) -> bool {
    has_word(line, &["my", "mine"])
}

/// True if one of the words, in ASCII and small letters, stands in the line by itself, whatever the case.
fn has_word(line: &str, wanted: &[&str]) -> bool {
    wanted.iter().any(|word| {
        let first = word.as_bytes()[0];
        // Lines without end are looked through for each number in them.
        memchr::memchr2_iter(first, first.to_ascii_uppercase(), line.as_bytes()).any(|at| {
            let end = at + word.len();
            line.get(at..end).is_some_and(|own| own.eq_ignore_ascii_case(word))
                && !line[..at].ends_with(char::is_alphabetic)
                && !line[end..].starts_with(char::is_alphabetic)
        })
    })
}

/// True if a line below that of a number ends what the number's line belongs to: the head of a quoted message, or
/// the closing of a letter that speaks of `your` number.
fn ends_it(own: &str, below: &str) -> bool {
    if is_mail_head(below) {
        return true;
    }
    is_formal(below) && has_word(own, &["your", "yours"])
}

/// True for the line of a letter that stands above its signature.
fn is_formal(line: &str) -> bool {
    let words = line.trim().trim_end_matches([',', '.', '!']);
    let closings = ["sincerely", "regards", "respectfully", "truly", "cordially", "wishes"];
    words.len() <= 30 && has_word(words, &closings)
}

/// The same, or the short closing of a message.
fn is_closing(line: &str) -> bool {
    let word = line.trim().trim_end_matches([',', '.', '!']);
    let short = ["best", "thanks", "thank you", "many thanks", "cheers"];
    is_formal(line) || short.iter().any(|s| word.eq_ignore_ascii_case(s))
}

/// The words of a line with their places: letters, and the marks that stand within names.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = |c: char| !(c.is_alphabetic() || matches!(c, '.' | '\'' | '’'));
    let mut at = 0;
    let placed = line.split_inclusive(parts).map(move |piece| {
        at += piece.len();
        (at - piece.len(), piece.trim_end_matches(parts))
    });
    placed.filter(|(_, word)| !word.is_empty())
}

/// `On Mon, Mar 4, 2024, Deb Marchetti <d@example.org> wrote:`, `From: Deb Marchetti`
fn is_mail_head(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ']).trim_end();
    let head = |word: &str| line.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
    head("from: ") || head("sent: ") || head("on ") && line.ends_with("wrote:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salutations_and_streets_are_known() {
        assert_eq!(salutation("Dear Ms. da Costa:"), Some("Ms. da Costa"));
        assert_eq!(salutation("Dear reader, this is a sentence"), None);
        assert!(is_called("Rosa da Costa", "Ms. da Costa") && !is_called("Rosa da Costa", "Sir or Madam"));
        assert!(is_street("12 Elm Street") && is_street("P.O. Box 12") && !is_street("Benefits Manager"));
        assert!(says_my("My number is") && !says_my("your number is"));
        assert!(says_my("(mine)") && says_my("in my") && !says_my("myself, memory") && !says_my("énmy"));
    }
}

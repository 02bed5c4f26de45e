//! Decides whether two words can be the first and last name of a person.
//!
//! The sum of the two ambiguity weights decides, as measured on government prose: 0 or 1 can stand alone, 2 needs
//! a title, a middle initial or a weak label, 3 and more a name label. A surname in no list needs a strong given
//! name beside it, a label or a title.

use super::bits;
use super::lists::Facts;
use super::order::{CAPS_MARGIN, is_reversed};
use crate::event::Confidence;

/// What the surroundings say before a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cue {
    /// Nothing.
    None,
    /// A noun such as `Patient`, or a weak title.
    Noun,
    /// A labelled number on the same line: somebody's it must be.
    Number,
    /// A weak label with its separator: `Re:`.
    Listed,
    /// A labelled number on a line that names nobody otherwise: the words that can be a name are its person's.
    Only,
    /// A title: `Dr.`, or a mail address after the name.
    Title,
    /// A name label.
    Label,
}

impl Cue {
    /// How much ambiguity this outweighs.
    fn points(self) -> u32 {
        match self {
            Cue::None => 0,
            Cue::Noun => 1,
            Cue::Number | Cue::Listed | Cue::Title => 2,
            Cue::Only => 6,
            Cue::Label => 9,
        }
    }

    /// Words in no list are believed after it.
    pub(super) fn takes_unheard(self) -> bool {
        self >= Cue::Only
    }
}

/// A middle initial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Middle {
    /// None.
    None,
    /// `E`.
    Bare,
    /// `E.`
    Dotted,
}

/// How a name is written, as far as it matters here.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// What stands before.
    pub(super) cue: Cue,
    /// Middle initial.
    pub(super) middle: Middle,
    /// Written in capitals throughout.
    pub(super) caps: bool,
}

/// A verdict: level and rule.
pub(super) type Verdict = Option<(Confidence, &'static str)>;

/// Sizes below which a pair of rare names needs more evidence than the lists: sum of the two logarithms.
const RARE_PAIR: u32 = 15;
/// The same where one of the two is also a word.
const RARE_AMBIGUOUS_PAIR: u32 = 19;
/// Least size of a given name that makes an unheard word beside it a surname (2,048 people); two more for one that
/// is also a word.
const STRONG_GIVEN: u32 = 11;
/// Least size of a surname that makes an unheard word before it a given name.
const STRONG_SURNAME: u32 = 11;

/// Judges a given name with a surname.
pub(super) fn pair(given: Facts, surname: Facts, how: Manner) -> Verdict {
    if matches!(how.cue, Cue::Label | Cue::Only) && never_a_name(given, surname) {
        return None;
    }
    match (given.given() > 0, surname.surname() > 0) {
        (true, true) => both(given, surname, how),
        (true, false) => given_only(given, surname, how),
        (false, true) => surname_only(given, surname, how),
        (false, false) => neither(given, surname, how),
    }
}

/// Even after a label: words of forms, such as `Bank Account`.
fn never_a_name(given: Facts, surname: Facts) -> bool {
    let word = |f: Facts| f.thing() && (f.weight() >= 3 || !f.listed());
    word(given) || word(surname)
}

fn both(given: Facts, surname: Facts, how: Manner) -> Verdict {
    let sum = ambiguity(given, true) + ambiguity(surname, false);
    let help = how.cue.points()
        + match how.middle {
            Middle::None => 0,
            Middle::Bare => 1,
            Middle::Dotted => 2,
        };
    if sum > 1 + help {
        return None;
    }
    let (g, s) = (given.given(), surname.surname());
    let surname_first = given.surname() >= g + 6 && g < 11;
    let ambiguous = given.has(bits::AMBIGUOUS) || surname.has(bits::AMBIGUOUS);
    let least = if ambiguous { RARE_AMBIGUOUS_PAIR } else { RARE_PAIR };
    let state = given.has(bits::STATE) && how.caps;
    if help == 0 && (g + s < least || surname_first || state) {
        return None;
    }
    let sure = sum == 0 && g >= 9 && s >= 8 && !surname.has(bits::STATE);
    if how.cue == Cue::Label {
        return Some((Confidence::High, "name-label"));
    }
    let level =
        if sure || (sum <= 1 && how.cue >= Cue::Title) { Confidence::High } else { Confidence::Medium };
    Some((level, if how.cue == Cue::Title { "name-title" } else { "name-both-lists" }))
}

/// The weight of a word, raised where it also names a thing. Streets and buildings named like a common surname
/// (`Hill`, `Hall`) are told apart by what stands around them instead.
fn ambiguity(word: Facts, first: bool) -> u32 {
    let street_only = !first
        && word.has(bits::STREET | bits::FACILITY | bits::DIRECTION)
        && !word.has(bits::FORM | bits::ORG_WORD | bits::ORG_SUFFIX | bits::ROLE);
    word.weight() + if word.thing() && !street_only { 1 + u32::from(first) } else { 0 }
}

fn given_only(given: Facts, surname: Facts, how: Manner) -> Verdict {
    if how.cue == Cue::Label {
        let believable = surname.common() == 0 || given.weight() <= 1;
        return believable.then_some((Confidence::High, "name-label"));
    }
    if !surname.unheard() || given.thing() {
        return None;
    }
    if matches!(how.cue, Cue::Title | Cue::Only) {
        return (given.weight() <= 2).then_some((Confidence::Medium, "name-title"));
    }
    if how.cue == Cue::Number && !how.caps {
        let known = given.weight() == 0 && given.given() >= 9 && !given.has(bits::PLACE);
        return known.then_some((Confidence::Medium, "name-shape"));
    }
    let doubtful = given.has(bits::AMBIGUOUS) || how.caps;
    let least = if doubtful { STRONG_GIVEN + 2 } else { STRONG_GIVEN };
    let strong = given.given() >= least && given.rather_given() && !given.has(bits::PLACE);
    let clean = given.weight() == 0 && strong;
    let dotted = how.middle == Middle::Dotted && given.weight() <= 1 && given.given() >= 9;
    (clean || dotted).then_some((Confidence::Medium, "name-shape"))
}

fn surname_only(given: Facts, surname: Facts, how: Manner) -> Verdict {
    let plain = given.common() == 0 && !given.thing() && !given.has(bits::PLACE | bits::STATE);
    match how.cue {
        Cue::Label => {
            (plain || surname.weight() == 0 && given.common() > 2).then_some((Confidence::High, "name-label"))
        }
        Cue::Title | Cue::Only => {
            (plain && surname.weight() <= 2 && !surname.thing()).then_some((Confidence::Medium, "name-title"))
        }
        _ => {
            let strong = surname.surname() >= STRONG_SURNAME && !surname.has(bits::AMBIGUOUS);
            let dotted = how.middle == Middle::Dotted && surname.surname() >= 8 && surname.weight() == 0;
            if !plain || given.listed() || how.caps || surname.thing() {
                None
            } else if dotted {
                Some((Confidence::Medium, "name-shape"))
            } else {
                (strong && given.unheard()).then_some((Confidence::Low, "name-known-surname"))
            }
        }
    }
}

fn neither(given: Facts, surname: Facts, how: Manner) -> Verdict {
    let plain = |f: Facts| f.common() == 0 && !f.thing() && !f.has(bits::PLACE | bits::STATE);
    let rule = if how.cue == Cue::Label { "name-label" } else { "name-title" };
    (how.cue.takes_unheard() && plain(given) && plain(surname)).then_some((Confidence::Medium, rule))
}

/// Judges an initial with a surname; `dotted` if the initial has its full stop.
pub(super) fn initial(surname: Facts, dotted: bool, cue: Cue) -> Verdict {
    if cue == Cue::Label {
        let plain =
            surname.surname() > 0 || (surname.common() == 0 && !surname.has(bits::PLACE | bits::STATE));
        let level = if surname.surname() > 0 { Confidence::High } else { Confidence::Medium };
        return (plain && !(surname.thing() && surname.weight() >= 2)).then_some((level, "name-label"));
    }
    if (cue == Cue::Title || cue == Cue::Only && dotted) && surname.unheard() {
        return Some((Confidence::Medium, "name-title"));
    }
    if cue == Cue::Only && dotted && surname.surname() >= 8 && !surname.has(bits::STATE) {
        return Some((Confidence::Medium, "name-initial-surname"));
    }
    let clean = !surname.has(bits::AMBIGUOUS) || (surname.weight() == 0 && surname.surname() >= 12);
    let known = if dotted || cue >= Cue::Listed {
        surname.surname() >= 8 && surname.weight() <= 1 && !surname.thing() && !surname.has(bits::STATE)
    } else {
        surname.surname() >= 10 && clean && !surname.thing() && !surname.rather_given()
    };
    known.then_some((Confidence::Medium, "name-initial-surname"))
}

/// Judges `LAST, FIRST`, where the order is known. `followed` if an initial follows the first name, or the name is a
/// quoted field.
pub(super) fn last_first(last: Facts, first: Facts, cue: Cue, followed: bool) -> Verdict {
    const RULE: &str = "name-last-first";
    if cue == Cue::Label {
        let middle = Middle::None;
        let judged = pair(first, last, Manner { cue, middle, caps: false });
        return judged.map(|(level, _)| (level, "name-label-last-first"));
    }
    let help = cue.points() + u32::from(followed);
    // `Pires, Djenane, account no.`: somebody must be named, and hardly by a thing, a place or a state.
    if cue == Cue::Only && first.unheard() && last.surname() >= 8 && last.weight() <= 1 && !last.thing() {
        return (!last.has(bits::PLACE)).then_some((Confidence::Medium, RULE));
    }
    if first.thing() {
        return None;
    }
    if first.given() == 0 || first.surname() >= first.given() + 4 || cue == Cue::Only && last.thing() {
        return None;
    }
    if last.surname() > 0 {
        let sum = ambiguity(first, true) + ambiguity(last, false);
        let places = last.has(bits::PLACE) && first.has(bits::PLACE | bits::STATE);
        if sum > 1 + help || places || (help == 0 && last.rather_given()) {
            return None;
        }
        let sure = sum == 0 && last.surname() >= 8 && is_reversed(last, first, CAPS_MARGIN);
        return Some((if sure { Confidence::High } else { Confidence::Medium }, RULE));
    }
    let strong = first.given() >= STRONG_GIVEN && first.weight() == 0 && first.rather_given();
    let alone = cue == Cue::Only && first.weight() <= 2;
    (last.unheard() && (strong || alone)).then_some((Confidence::Medium, RULE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::lists::word;

    fn plain(given: &str, surname: &str) -> Option<Confidence> {
        let how = Manner { cue: Cue::None, middle: Middle::None, caps: false };
        pair(word(given), word(surname), how).map(|v| v.0)
    }

    fn labelled(given: &str, surname: &str) -> Option<Confidence> {
        let how = Manner { cue: Cue::Label, middle: Middle::None, caps: false };
        pair(word(given), word(surname), how).map(|v| v.0)
    }

    #[test]
    fn clear_names_stand_alone() {
        assert_eq!(plain("Tobias", "Hargrove"), Some(Confidence::High));
        assert_eq!(plain("Maeve", "Lindqvist"), Some(Confidence::Medium));
    }

    #[test]
    fn ambiguous_names_need_a_label() {
        assert_eq!(plain("Will", "Price"), None);
        assert_eq!(labelled("Will", "Price"), Some(Confidence::High));
        assert_eq!(labelled("April", "May"), Some(Confidence::High));
    }

    #[test]
    fn form_words_are_no_names_even_after_a_label() {
        for (a, b) in [("Bank", "Account"), ("Job", "Title"), ("Human", "Resources"), ("Visual", "Studio")] {
            assert!(labelled(a, b).is_none());
        }
    }

    #[test]
    fn after_a_label_unheard_words_are_a_name() {
        assert_eq!(labelled("Zorblax", "Quuxly"), Some(Confidence::Medium));
        assert_eq!(plain("Zorblax", "Quuxly"), None);
    }
}

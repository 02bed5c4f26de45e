//! Names written first name first, and initials: `First M. Last`, `T. Hargrove`, `Hargrove T`.

use std::ops::Range;

use super::bits;
use super::judge::{self, Cue, Manner, Middle, Verdict};
use super::lists::{self, Facts};
use super::shape::{Gap, Shape, Token};
use crate::event::Confidence;

/// A line with its words.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Its words.
    pub(super) tokens: &'a [Token],
}

/// A name that was recognised; all numbers are indices of words.
pub(super) struct Found {
    /// All words of the name, suffix included.
    pub(super) span: Range<usize>,
    /// The first given name or initial.
    pub(super) first: usize,
    /// The surname with its particles.
    pub(super) last: Range<usize>,
    /// How sure.
    pub(super) confidence: Confidence,
    /// Which rule.
    pub(super) rule: &'static str,
}

/// A surname at some place: its words and what is known about it.
pub(super) struct Surname {
    /// Its words.
    pub(super) words: Range<usize>,
    /// What is known about it as a whole, or about its main word.
    pub(super) facts: Facts,
}

impl<'a> Line<'a> {
    /// The word at `i` if `gap` stands before it.
    pub(super) fn after(&self, i: usize, gap: Gap) -> Option<&'a Token> {
        self.tokens.get(i).filter(|t| t.gap == gap)
    }

    /// The word before `i` if one space stands between.
    pub(super) fn before(&self, i: usize) -> Option<&'a Token> {
        (i > 0 && self.tokens[i].gap == Gap::Space).then(|| &self.tokens[i - 1])
    }

    /// True if the word at `i` is a particle of the surname that follows it.
    pub(super) fn is_particle(&self, i: usize) -> bool {
        let t = &self.tokens[i];
        match t.shape {
            Shape::Lower => lists::is_lower_particle(t.text(self.text)),
            Shape::Initial => !t.dot && matches!(t.text(self.text), "O" | "D"),
            Shape::Title | Shape::Upper => t.facts.has(bits::PARTICLE),
            _ => false,
        }
    }

    /// The surname that starts at `i`: particles, then a word. Capitalised particles count only if the list has
    /// the joined form or they are hardly ever names themselves.
    pub(super) fn surname_at(&self, i: usize) -> Option<Surname> {
        let mut word = i;
        while word < i + 3 && word < self.tokens.len() && self.is_particle(word) {
            match self.after(word + 1, Gap::Space) {
                Some(next) if next.is_name_shaped() || self.is_particle(word + 1) => word += 1,
                _ => break,
            }
        }
        let main = self.tokens.get(word).filter(|t| t.is_name_shaped())?;
        // `12 Alden St Apt 3`
        if word > i && !(self.is_saint(i) && main.facts.thing()) {
            let whole = lists::joined(&self.text[self.tokens[i].start..main.end]);
            if whole.surname() > 0
                && (whole.surname() >= main.facts.surname() || self.tokens[i].shape != Shape::Initial)
            {
                // `Von Hagen` is borne by few, but Hagen says as much.
                let rarer = main.facts.surname() > whole.surname() && main.facts.weight() == 0;
                let facts = if rarer && self.is_firm_particle(i) { main.facts } else { whole };
                return Some(Surname { words: i..word + 1, facts });
            }
            if self.is_firm_particle(i) {
                return Some(Surname { words: i..word + 1, facts: main.facts });
            }
        }
        let own = self.tokens.get(i).filter(|t| t.is_name_shaped())?;
        let end = if self.has_second_surname(i) { i + 3 } else { i + 1 };
        Some(Surname { words: i..end, facts: own.facts })
    }

    /// `Silva e Costa`, `García y Vega`.
    fn has_second_surname(&self, i: usize) -> bool {
        let joins = |t: &Token| matches!(t.text(self.text), "e" | "y");
        self.tokens[i].facts.rather_surname()
            && self.after(i + 1, Gap::Space).is_some_and(joins)
            && self.after(i + 2, Gap::Space).is_some_and(|t| t.is_name_shaped() && t.facts.rather_surname())
    }

    fn is_firm_particle(&self, i: usize) -> bool {
        let t = &self.tokens[i];
        let text = t.text(self.text);
        let firm =
            ["de", "da", "dos", "das", "del", "della", "du", "der", "den", "von", "st", "ste", "mc", "mac"];
        t.shape == Shape::Lower
            || (t.shape != Shape::Initial && firm.iter().any(|f| text.eq_ignore_ascii_case(f)))
    }

    /// A term within the words of a surname that takes them away from people. `St. Louis` and `Santa Cruz` as a whole
    /// are surnames too, where a given name stands beside them.
    pub(super) fn term_of(&self, words: &Range<usize>) -> u32 {
        let term = self.tokens[words.end - 1].term;
        let saint = words.len() > 1 && self.is_saint(words.start);
        // `East St. Louis`
        let longer = self.before(words.start).is_some_and(|t| t.term == term || t.facts.has(bits::DIRECTION));
        if saint && !longer { 0 } else { term }
    }

    /// A particle that towns are named with as surnames are.
    fn is_saint(&self, i: usize) -> bool {
        let text = self.tokens[i].text(self.text);
        ["st", "ste", "saint", "san", "santa", "santo"].iter().any(|s| text.eq_ignore_ascii_case(s))
    }

    /// True for a particle that nobody is called by: `Ms. Da Costa` is no Da.
    fn is_only_particle(&self, i: usize) -> bool {
        let text = self.tokens[i].text(self.text);
        ["da", "das", "dos", "de", "du", "della"].iter().any(|p| text.eq_ignore_ascii_case(p))
    }

    /// `First Last`, `First M. Last`, `First Middle Last`, with the first name at `i`.
    pub(super) fn first_last(&self, i: usize, cue: Cue) -> Option<Found> {
        let first = &self.tokens[i];
        if first.term != 0 && cue != Cue::Label || self.is_only_particle(i) {
            return None;
        }
        let mut middle = Middle::None;
        let mut best = None;
        let mut at = i + 1;
        for _ in 0..4 {
            let Some(next) = self.after(at, Gap::Space) else { break };
            let surname = self.surname_at(at);
            if next.shape == Shape::Initial && surname.is_none() {
                middle = middle.max(if next.dot { Middle::Dotted } else { Middle::Bare });
                at += 1;
                continue;
            }
            let Some(surname) = surname else { break };
            let main = &self.tokens[surname.words.end - 1];
            if cue != Cue::Label && self.term_of(&surname.words) != 0 {
                break;
            }
            if cue == Cue::Label || same_case(first, main) {
                let verdict = self.judge_pair(first, &surname, cue, middle);
                best = verdict.map(|v| (surname.words.clone(), v)).or(best);
            }
            at = surname.words.end;
            if !self.goes_on(&surname, at, cue) {
                break;
            }
        }
        let (last, (confidence, rule)) = best?;
        Some(Found { span: i..last.end, first: i, last, confidence, rule })
    }

    fn judge_pair(&self, first: &Token, surname: &Surname, cue: Cue, middle: Middle) -> Verdict {
        // A particle in lower case says as much as a middle initial.
        let particle = self.tokens[surname.words.start].shape == Shape::Lower;
        let middle = if particle { Middle::Dotted } else { middle };
        judge::pair(first.facts, surname.facts, Manner { cue, middle, caps: first.shape == Shape::Upper })
    }

    /// True if the word at `at` is the surname and `so_far` was a middle name.
    fn goes_on(&self, so_far: &Surname, at: usize, cue: Cue) -> bool {
        let Some(next) = self.after(at, Gap::Space) else { return false };
        if next.term != 0 {
            return false;
        }
        // `Maria del Carmen Ortiz`: the particle may belong to a middle name.
        let main = self.tokens[so_far.words.end - 1].facts;
        if so_far.words.len() > 1 && !main.rather_given() {
            return false;
        }
        let f = if so_far.words.len() > 1 { main } else { so_far.facts };
        if !(f.unheard() || f.listed() && f.weight() <= 1 && !f.thing()) && cue != Cue::Label {
            return false;
        }
        let given = f.rather_given();
        if next.shape == Shape::Initial && self.surname_at(at).is_none() {
            return given && self.after(at + 1, Gap::Space).is_some_and(|t| t.facts.surname() > 0);
        }
        let Some(surname) = self.surname_at(at) else { return false };
        let facts = surname.facts;
        if facts.thing() || facts.has(bits::STATE) {
            return false;
        }
        let known = facts.surname() > 0;
        if given || (cue == Cue::Label && f.surname() == 0) {
            (known && facts.weight() <= 1) || facts.unheard()
        } else {
            known && !facts.has(bits::AMBIGUOUS | bits::PLACE) && !facts.rather_given()
        }
    }

    /// `T. Hargrove`, `T E Hargrove`, `T.E. Hargrove`, with the initial at `i`.
    pub(super) fn initial_surname(&self, i: usize, cue: Cue) -> Option<Found> {
        let initial = &self.tokens[i];
        let mut at = i + 1;
        while at < i + 3 && self.after(at, Gap::Space).is_some_and(|t| t.shape == Shape::Initial) {
            if self.surname_at(at).is_some() {
                break;
            }
            at += 1;
        }
        self.after(at, Gap::Space)?;
        let surname = self.surname_at(at)?;
        let term = self.term_of(&surname.words);
        if term != 0 || (cue <= Cue::Number && self.is_no_initial(i, at, surname.facts)) {
            return None;
        }
        // `M. Al Rashid`: few are called so as a whole, and nobody is called Al here.
        let main = self.tokens[surname.words.end - 1].facts;
        let rarer = initial.dot && main.surname() > surname.facts.surname() && main.weight() == 0;
        let surname = if rarer { Surname { facts: main, ..surname } } else { surname };
        if cue < Cue::Label && !initial.dot && matches!(initial.text(self.text), "A" | "I") {
            return None;
        }
        let (confidence, rule) = judge::initial(surname.facts, initial.dot, cue)?;
        let end = surname.words.end;
        let last = match self.surname_at(end) {
            // `J. Edward Hargrove`.
            Some(after) if surname.facts.rather_given() && self.goes_on(&surname, end, cue) => after.words,
            _ => surname.words,
        };
        Some(Found { span: i..last.end, first: i, last, confidence, rule })
    }

    /// The letter at `i` numbers a heading (`A. Scope`) or ends a term (`Model T Ford`).
    fn is_no_initial(&self, i: usize, at: usize, surname: Facts) -> bool {
        let initial = &self.tokens[i];
        let numbers = matches!(
            initial.text(self.text),
            "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "I" | "V" | "X"
        );
        let heading = i == 0 && at == 1 && surname.weight() > 0 && surname.common() > 0 && numbers;
        let after_word = self.before(i).is_some_and(|t| t.is_capital() || t.shape == Shape::Number);
        heading || (after_word && !initial.dot)
    }

    /// `Hargrove T`, `Hargrove, T.`, with the surname at `i`.
    pub(super) fn surname_initial(&self, i: usize, cue: Cue) -> Option<Found> {
        let surname = self.surname_at(i)?;
        let at = surname.words.end;
        let initial = self.tokens.get(at).filter(|t| t.shape == Shape::Initial)?;
        let comma = initial.gap == Gap::Comma;
        if !(comma || initial.gap == Gap::Space) || self.tokens[i].term != 0 {
            return None;
        }
        let facts = surname.facts;
        let alone = !self.before(i).is_some_and(Token::is_capital) || cue > Cue::None;
        let then = self.after(at + 1, Gap::Space);
        let ends = then.is_none_or(|t| {
            // `Duarte F. da Silva`
            let particle = t.shape == Shape::Lower
                && self.is_particle(at + 1)
                && self.surname_at(at + 1).is_some_and(|s| s.words.len() > 1);
            !particle && !t.is_capital()
                || (t.shape == Shape::Initial && self.after(at + 2, Gap::Space).is_none())
        });
        let clean = !facts.has(bits::AMBIGUOUS | bits::STATE) && !facts.thing() && facts.rather_surname();
        let article = !initial.dot && matches!(initial.text(self.text), "A" | "I") && !comma;
        let known = facts.surname() >= 10 && clean && alone && ends && !article;
        let labelled = cue == Cue::Label
            && ends
            && facts.given() < facts.surname().max(1)
            && judge::initial(facts, true, cue).is_some();
        if !(known || labelled) {
            return None;
        }
        let rule = if cue == Cue::Label { "name-label" } else { "name-initial-surname" };
        let confidence = if labelled && facts.surname() > 0 { Confidence::High } else { Confidence::Medium };
        Some(Found { span: i..at + 1, first: at, last: surname.words, confidence, rule })
    }
}

/// Both in capitals, or neither: `Travis CI` is no person, but `TJ Hargrove` is.
pub(super) fn same_case(first: &Token, last: &Token) -> bool {
    first.shape == last.shape || (first.end - first.start == 2 && first.facts.given() > 0)
}

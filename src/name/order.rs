//! Names written surname first, and names split over columns: `LAST, FIRST M`, `LAST/FIRST`, `LAST   FIRST`.

use super::bits;
use super::form::{Found, Line, Surname, same_case};
use super::judge::{self, Cue};
use super::lists::{self, Facts};
use super::shape::{Gap, Shape, Token};
use crate::event::Confidence;

impl Line<'_> {
    /// `Hargrove, Tobias E`, with the surname at `i`.
    pub(super) fn last_comma_first(&self, i: usize, cue: Cue) -> Option<Found> {
        let surname = self.surname_before_comma(i, cue)?;
        let mut at = surname.words.end;
        let suffix = self.tokens[at..].first().filter(|t| t.facts.has(bits::SUFFIX) && !t.facts.listed());
        if suffix.is_some() {
            at += 1;
        }
        let first = self.after(at, Gap::Comma).filter(|t| t.is_name_shaped() && t.term == 0)?;
        let end = self.middle_end(at + 1);
        // A quoted field of its own says as much as an initial behind.
        let followed = end > at + 1 || self.is_quoted(i, end);
        let facts = surname.facts;
        if (cue == Cue::None || surname.words.len() > 1) && self.begins_next_name(i, end) {
            return None;
        }
        if cue == Cue::None && (self.term_of(&surname.words) != 0 || !self.opens_segment(i)) {
            return None;
        }
        if cue == Cue::None && first.end - first.start <= 2 {
            return None;
        }
        // `…, Wei, MA driver's license`
        if cue < Cue::Label
            && first.facts.has(bits::STATE)
            && first.shape == Shape::Upper
            && self.tokens[i].shape != first.shape
        {
            return None;
        }
        let listing = cue == Cue::None && self.is_enumeration(end);
        let dual = !(facts.rather_surname() && first.facts.rather_given());
        if listing && (dual || self.follows_name_and_comma(i)) {
            return None;
        }
        if facts.surname() == 0 && cue < Cue::Listed && !self.stands_apart(i, end) {
            return None;
        }
        let (confidence, rule) = judge::last_first(facts, first.facts, cue, followed)?;
        let confidence = if listing { confidence.min(Confidence::Medium) } else { confidence };
        Some(Found { span: i..end, first: at, last: surname.words, confidence, rule })
    }

    /// Words `from..to` stand alone between double quotes.
    fn is_quoted(&self, from: usize, to: usize) -> bool {
        self.text[..self.tokens[from].start].ends_with('"')
            && self.text[self.tokens[to - 1].next..].starts_with('"')
    }

    /// A particle at `i` opens a surname with a comma after it: `de la Peña, José`.
    pub(super) fn starts_comma_surname(&self, i: usize) -> bool {
        self.is_particle(i)
            && self
                .surname_at(i)
                .is_some_and(|s| s.words.len() > 1 && self.after(s.words.end, Gap::Comma).is_some())
    }

    /// One surname, or two when a label or the lists support it: `Garcia Lopez, Jose`.
    fn surname_before_comma(&self, i: usize, cue: Cue) -> Option<Surname> {
        let one = self.surname_at(i)?;
        let end = one.words.end;
        let next = self.tokens.get(end)?;
        if next.gap == Gap::Comma || next.facts.has(bits::SUFFIX) {
            return Some(one);
        }
        let two = self.surname_at(end).filter(|_| next.gap == Gap::Space)?;
        let surnames = |f: Facts| {
            f.surname() >= 13 && f.surname() >= f.given() + 5 && !f.has(bits::AMBIGUOUS | bits::PLACE)
        };
        let labelled = cue == Cue::Label && one.facts.given() <= one.facts.surname();
        let fits = labelled || (surnames(one.facts) && surnames(two.facts));
        (fits && self.after(two.words.end, Gap::Comma).is_some())
            .then_some(Surname { words: i..two.words.end, facts: two.facts })
    }

    /// The index after the middle names and initials that start at `at`.
    fn middle_end(&self, mut at: usize) -> usize {
        for _ in 0..2 {
            match self.after(at, Gap::Space) {
                Some(t)
                    if t.shape == Shape::Initial
                        && self.surname_at(at).is_none_or(|s| s.words.len() == 1) =>
                {
                    at += 1;
                }
                Some(t)
                    if t.is_name_shaped()
                        && t.facts.given() > 8
                        && t.facts.rather_given()
                        && t.facts.weight() == 0
                        && t.term == 0
                        && !t.facts.has(bits::STATE | bits::PLACE) =>
                {
                    at += 1;
                }
                _ => break,
            }
        }
        at
    }

    /// No capitalised word stands directly before, other than a word of forms or a title.
    fn opens_segment(&self, i: usize) -> bool {
        self.before(i).is_none_or(|t| {
            !t.is_capital() || t.facts.thing() || t.facts.has(bits::HONORIFIC | bits::LABEL_END)
        })
    }

    /// A list goes on after the name: `Smith, Jones, Murphy and Kelly`.
    fn is_enumeration(&self, end: usize) -> bool {
        self.tokens.get(end).is_some_and(|t| {
            (t.gap == Gap::Comma && t.is_capital())
                || (t.gap == Gap::Space && matches!(t.text(self.text), "and" | "or"))
        })
    }

    /// Inside a list of names: `…, Kelly, Murphy, Sean`.
    fn follows_name_and_comma(&self, i: usize) -> bool {
        let before = i.checked_sub(1).map(|b| &self.tokens[b]);
        self.tokens[i].gap == Gap::Comma && before.is_some_and(|t| t.is_name_shaped() && t.facts.listed())
    }

    /// A surname follows the words `i..end`: in `… Murphy, Sean Kelly, …` the comma stands between two people. At the
    /// end of a field of its own it is a middle name.
    fn begins_next_name(&self, i: usize, end: usize) -> bool {
        self.after(end, Gap::Space).is_some_and(|t| {
            let name = t.facts.surname() > 0 && !t.facts.thing() || t.facts.unheard();
            let closes = self.tokens.get(end + 1).is_none_or(|n| matches!(n.gap, Gap::Wide | Gap::Other));
            let field = closes && self.tokens[i].gap != Gap::Space;
            t.is_name_shaped() && name && !field && !t.facts.has(bits::STATE)
                || t.shape == Shape::Lower && lists::is_lower_particle(t.text(self.text))
        })
    }

    /// The name starts a line or column and no prose follows it.
    fn stands_apart(&self, i: usize, end: usize) -> bool {
        let starts = matches!(self.tokens[i].gap, Gap::Start | Gap::Wide | Gap::Colon | Gap::Other);
        starts && self.tokens.get(end).is_none_or(|t| !(t.gap == Gap::Space && t.shape == Shape::Lower))
    }

    /// `HARGROVE/TOBIAS E` as on a card track or a ticket.
    pub(super) fn last_slash_first(&self, i: usize) -> Option<Found> {
        let last = &self.tokens[i];
        let first = self.after(i + 1, Gap::Slash)?;
        let track = self.text[..last.start].ends_with('^');
        if last.shape != Shape::Upper
            || !(first.shape == Shape::Upper || track && first.shape == Shape::Initial)
        {
            return None;
        }
        let cue = if track { Cue::Label } else { Cue::None };
        let (confidence, _) = judge::last_first(last.facts, first.facts, cue, false)?;
        let (l, f) = (last.facts, first.facts);
        let clear = l.weight() + f.weight() == 0 && l.surname() >= l.given() + 4 && f.given() > f.surname();
        let short = last.end - last.start < 3 || first.end - first.start < 4;
        if !track && (!clear || short || f.given() < 10) {
            return None;
        }
        let end = self.middle_end(i + 2);
        Some(Found { span: i..end, first: i + 1, last: i..i + 1, confidence, rule: "name-last-first" })
    }

    /// `HARGROVE TOBIAS E`: surname first without a comma.
    pub(super) fn last_first_bare(&self, i: usize, cue: Cue) -> Option<Found> {
        let surname = self.surname_at(i)?;
        let at = surname.words.end;
        let first_at = self.vietnamese_given(at);
        self.after(at, Gap::Space)?;
        let first = self.after(first_at, Gap::Space).filter(|t| t.is_name_shaped() && t.term == 0)?;
        let (l, f) = (surname.facts, first.facts);
        if !same_case(&self.tokens[at - 1], first) || self.tokens[i].term != 0 {
            return None;
        }
        let listed = self.reads_reversed(i, &surname, first_at);
        let labelled = cue == Cue::Label
            && f.given() >= 9
            && f.given() >= f.surname()
            && !never(l)
            && l.given() + 3 < f.given();
        if !(listed || labelled) {
            return None;
        }
        let end = self.middle_end(first_at + 1);
        let (confidence, rule) = if labelled {
            (Confidence::High, "name-label")
        } else {
            (Confidence::Medium, "name-last-first-bare")
        };
        Some(Found { span: i..end, first: first_at, last: surname.words, confidence, rule })
    }

    /// Without any cue, the lists say that the surname at `i` stands before the given name at `first_at`.
    fn reads_reversed(&self, i: usize, surname: &Surname, first_at: usize) -> bool {
        let first = &self.tokens[first_at];
        let (l, f) = (surname.facts, first.facts);
        let clean = |x: Facts| !x.thing() && !x.has(bits::STATE);
        let alone = !self.before(i).is_some_and(|t| t.is_name_shaped() && !t.facts.thing());
        let sizes = l.surname() >= 6 && f.given() >= 9 && l.surname() + f.given() >= 18;
        if !(alone && sizes && clean(l) && clean(f)) {
            return false;
        }
        let place = |x: Facts| x.has(bits::PLACE);
        if first_at > surname.words.end {
            is_reversed(l, f, CAPS_MARGIN)
        } else if first.shape == Shape::Upper {
            let length = |t: &Token| t.end - t.start;
            let short = length(&self.tokens[surname.words.end - 1]).min(length(first)) <= 3;
            let known = l.surname() >= 12 && f.given() >= 11;
            let unclear = l.weight() + f.weight() > 1 || (place(l) && place(f));
            !unclear && (known || !short) && is_reversed(l, f, CAPS_MARGIN)
        } else {
            // Running text hardly ever puts the surname first, so everything must speak for it.
            let words = l.has(bits::AMBIGUOUS) || f.has(bits::AMBIGUOUS) || place(l) || place(f);
            let sizes = l.surname() >= 8 && l.surname() >= l.given() + 5 && f.given() >= f.surname();
            !words && sizes && !self.begins_next_name(i, first_at + 1) && is_reversed(l, f, TITLE_MARGIN)
        }
    }

    /// In `Nguyen Van Minh` the given name is the last word: `Van` and `Thi` are middle names.
    fn vietnamese_given(&self, at: usize) -> usize {
        let is_middle = self.tokens.get(at).is_some_and(|t| {
            let text = t.text(self.text);
            text.eq_ignore_ascii_case("van") || text.eq_ignore_ascii_case("thi")
        });
        let given = |t: &Token| t.is_name_shaped() && t.facts.given() >= 9;
        if is_middle && self.after(at + 1, Gap::Space).is_some_and(given) { at + 1 } else { at }
    }

    /// Words joined by an underscore are a name at the start of a file name (`Hargrove_Tobias_W2.pdf`); elsewhere,
    /// and in capitals, they are mostly identifiers.
    fn is_file_name(&self, i: usize, at: usize) -> bool {
        let before = self.text[..self.tokens[i].start].chars().next_back();
        let apart = before.is_none_or(|c| c.is_whitespace() || c == '"');
        let long = |t: &Token| t.facts.given().max(t.facts.surname()) >= 10 && t.end - t.start >= 3;
        let goes_on =
            self.after(at + 1, Gap::Under).is_some_and(|t| t.shape == Shape::Upper && t.facts.common() > 0);
        apart && !goes_on && long(&self.tokens[i]) && long(&self.tokens[at])
    }

    /// First and last name in neighbouring columns: `TOBIAS E   HARGROVE`, `HARGROVE    TOBIAS`.
    pub(super) fn columns(&self, i: usize, gap: Gap, cue: Cue) -> Option<Found> {
        let left = &self.tokens[i];
        let initials = usize::from(self.after(i + 1, Gap::Space).is_some_and(|t| t.shape == Shape::Initial));
        let at = i + 1 + initials;
        let right = self.after(at, gap).filter(|t| t.is_name_shaped())?;
        let isolated = self.before(i).is_none_or(|t| !t.is_capital())
            && self.after(at + 1, Gap::Space).is_none_or(|t| t.shape == Shape::Initial);
        let clean =
            |t: &Token| t.facts.weight() == 0 && !t.facts.has(bits::PLACE | bits::STATE) && t.term == 0;
        if gap == Gap::Under && !self.is_file_name(i, at) {
            return None;
        }
        if !isolated || !same_case(left, right) || !(clean(left) && clean(right) || cue == Cue::Label) {
            return None;
        }
        let (l, r) = (left.facts, right.facts);
        let forward = if l.given() > 0 && r.surname() > 0 { l.given() + r.surname() } else { 0 };
        let reverse = if l.surname() > 0 && r.given() > 0 { l.surname() + r.given() } else { 0 };
        let decided =
            initials == 1 && forward >= 20 || forward.abs_diff(reverse) >= 3 && forward.max(reverse) >= 20;
        if !decided {
            return None;
        }
        let end = self.middle_end(at + 1);
        let (first, last) = if initials == 1 || forward > reverse { (i, at) } else { (at, i) };
        let end = if first == i { at + 1 } else { end };
        let (confidence, rule) = (Confidence::Medium, "name-columns");
        Some(Found { span: i..end, first, last: last..last + 1, confidence, rule })
    }
}

/// How much likelier (as a base-2 logarithm) the order surname first must be. Measured on 20,000 drawn names: with 3
/// one in 300 names written first name first is turned round, and one in 35 written surname first is not; with 10
/// one in 10,000 and one in 7.
pub(super) const CAPS_MARGIN: u32 = 3;
/// The same for names that are not in capitals.
pub(super) const TITLE_MARGIN: u32 = 10;

/// True if two words without a comma are rather surname and given name than the other way round.
pub(super) fn is_reversed(left: Facts, right: Facts, margin: u32) -> bool {
    left.surname() > 0
        && right.given() > 0
        && left.surname() + right.given() >= as_written(left, right) + margin
}

/// How much speaks for the order as written: nothing if the second word is no surname. A given name in no list may be
/// one all the same, of few people.
pub(super) fn as_written(given: Facts, surname: Facts) -> u32 {
    if surname.surname() > 0 { given.given().max(FEW) + surname.surname() } else { 0 }
}

/// The size (as a base-2 logarithm) of given names in no list.
const FEW: u32 = 5;

/// A word that cannot be a surname even after a label.
fn never(facts: Facts) -> bool {
    facts.thing() && facts.weight() >= 2 || (facts.common() > 0 && facts.surname() == 0)
}

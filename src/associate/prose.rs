//! Names and numbers in running text (DETECTION 5.4, R4 to R7).
//!
//! Every number chooses one person, by a rule that reads a bounded stretch around the number and nothing else:
//! so the result does not depend on where a large file was cut into ranges. A record is a person's occurrence
//! with all numbers that chose it; it belongs to the range that holds the first byte of the name.

mod letter;
mod name_fields;
mod people;
mod possible;
mod sender;
mod side_by_side;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::{circumstances, embedded, fields, firm, hand_on, hand_on_loose};
use crate::detect::label_context::{LINE, LabelContext, char_at_or_after, line_around};
use crate::detect::{Candidate, layout};
use crate::document::{Envelope, Place};
use crate::event::{Confidence, ElementClass, ElementType, Link};
use crate::finding::{Circumstances, Findings, Located, Person, Record};
use crate::name::{self, NameHit};
use crate::residency;
use words::{ends_form, is_bystander, is_greeting};

/// How many lines up or down a person may stand from a number.
const LINES: usize = 5;
/// How many lines above a number the head of its form may stand.
const FORM_LINES: usize = 40;
/// How far, in bytes, a person may stand from a number on the same line.
const NEAR: usize = 300;
/// How far, in bytes, the lines around a number are looked at.
const AROUND: usize = 2 * LINE;
/// All that a decision about one number reads lies within this many bytes of it.
pub const CONTEXT: usize = 4 * AROUND;

/// A text with a way to say where its bytes stand.
pub struct Unit<'a> {
    /// The normalised text.
    pub text: &'a str,
    /// The part of it that is ours: records whose name, and loose numbers that themselves start here.
    pub own: Range<usize>,
    /// Place of a byte offset.
    pub place: &'a dyn Fn(usize) -> Place,
    /// True if `text` is a whole unit (page, message, small file), so that rules about the unit apply.
    pub whole: bool,
    /// Sender and recipients, for a message.
    pub envelope: Option<&'a Envelope>,
    /// True for a line that belongs to a table row or object and is no prose.
    pub is_row: &'a dyn Fn(&Range<usize>) -> bool,
}

/// Finds and hands on the records and loose numbers of a unit. `candidates` are its numbers, in order: those of
/// [`Unit::own`] and of at least [`CONTEXT`] bytes either side of it.
pub fn associate(unit: &Unit<'_>, candidates: &[Candidate], out: &mut dyn Findings) {
    let around = unit.own.start.saturating_sub(CONTEXT)..(unit.own.end + CONTEXT).min(unit.text.len());
    let around = char_at_or_after(unit.text, around.start)..char_at_or_after(unit.text, around.end);
    let blocks = layout::find(unit.text, &around);
    for block in blocks.iter().filter(|b| unit.own.contains(&b.span.start)) {
        self_contained(block, unit, out);
    }
    let objects = embedded::associate(unit, candidates, out);
    let inside =
        |at: usize| blocks.iter().any(|b| b.span.contains(&at)) || objects.iter().any(|o| o.contains(&at));
    let free: Vec<Candidate> = candidates.iter().filter(|c| !inside(c.span.start)).cloned().collect();
    if free.is_empty() {
        return;
    }
    let mut prose = Prose { unit, candidates: &free, names: Vec::new() };
    let (joined, alone, firms) = prose.choose();
    let mut alone = prose.whole_unit_rules(&joined, alone, out);
    alone.extend(firms);
    alone.sort_unstable();
    prose.emit(joined, out);
    prose.emit_loose(&alone, out);
}

/// Hands on a block that holds person and number itself.
fn self_contained(block: &layout::Block, unit: &Unit<'_>, out: &mut dyn Findings) {
    let place = (unit.place)(block.span.start);
    let element = Located { candidate: block.number.clone(), place: place.clone() };
    let mut circumstances = Circumstances { street: block.street.clone(), ..Circumstances::default() };
    circumstances.zip = block.zip.as_ref().and_then(|z| z.get(..5)).map(str::to_owned);
    circumstances.birth = block.birth.as_ref().and_then(|b| circumstances::barcode_date(b));
    circumstances.residency.extend(block.state.as_ref().and_then(|s| residency::of_state(s)));
    circumstances.residency.extend(circumstances.zip.as_ref().and_then(|z| residency::of_zip(z, false)));
    circumstances.residency.extend(block.issuer.as_ref().and_then(|i| residency::of_issuer(i)));
    fields::note_number(&block.number, &mut circumstances);
    let Some((name, _, rule)) = name::from_parts(&block.name.0, &block.name.1) else {
        return hand_on_loose(vec![element], &circumstances, "the block names nobody", out);
    };
    let person = Person { name, confidence: Confidence::High, rule, place: place.clone() };
    let (link, link_confidence) = (Link::SelfContained, Confidence::High);
    hand_on(Record { person, elements: vec![element], link, link_confidence, circumstances, place }, out);
}

/// A person in the text: absolute span and name.
type Occurrence = Rc<NameHit>;
/// Numbers by the start of the person they chose, and what joins them.
type Joined = BTreeMap<(usize, Link), (Occurrence, Vec<usize>)>;

/// The line before or after a line.
type Step = fn(&str, &Range<usize>) -> Option<Range<usize>>;

/// A person on a line near a number.
struct Neighbour {
    hit: Occurrence,
    /// How many lines away.
    lines: usize,
    /// No blank line stands between.
    same_block: bool,
}

struct Prose<'a> {
    unit: &'a Unit<'a>,
    candidates: &'a [Candidate],
    /// People of the lines looked at lately.
    names: Vec<(Range<usize>, Rc<[Occurrence]>)>,
}

impl Prose<'_> {
    /// Lets every number choose. Returns who chose whom, who found nobody, and the accounts of firms.
    fn choose(&mut self) -> (Joined, Vec<usize>, Vec<usize>) {
        let (mut joined, mut alone, mut firms) = (Joined::new(), Vec::new(), Vec::new());
        for i in 0..self.candidates.len() {
            let c = &self.candidates[i];
            if c.kind == ElementType::BankAccount && firm::holds(self.unit.text, c.span.start) {
                firms.push(i);
                continue;
            }
            match self.person_for(i) {
                Some((hit, link)) => {
                    joined.entry((hit.span.start, link)).or_insert_with(|| (hit, Vec::new())).1.push(i);
                }
                None => alone.push(i),
            }
        }
        (joined, alone, firms)
    }

    /// R4: same line, then the block of lines, then (R3) the head of the form, then other lines above and below.
    fn person_for(&mut self, i: usize) -> Option<(Occurrence, Link)> {
        let span = self.candidates[i].span.clone();
        let line = line_around(self.unit.text, span.start);
        if let Some(hit) = self.in_column(&span, &line) {
            return Some((hit, Link::Form));
        }
        if let Some(hit) = nearest(self.unit.text, &self.people(&line), &span, NEAR) {
            return Some((hit, Link::Near));
        }
        if self.unit.envelope.is_some() && letter::says_my(&self.unit.text[line.clone()]) {
            // That of the one whose message is quoted, or the sender's, to whom it comes as one of a unit.
            if let Some(hit) = self.quoted_sender(&line) {
                return Some((hit, Link::Near));
            }
            if self.unit.whole && self.sender().is_some() {
                return None;
            }
        }
        let above = self.neighbours(&line, &span, true);
        let below = self.neighbours(&line, &span, false);
        let labelled = |n: &&Neighbour| n.same_block && n.hit.rule.contains("label");
        let right_above = above.first().filter(|n| n.same_block && n.lines <= 2);
        let above_it = above.iter().find(labelled).or(right_above);
        if let Some(n) = above_it.filter(|n| !self.has_number_before(&n.hit, i)) {
            return Some((Rc::clone(&n.hit), Link::Near));
        }
        if let Some(hit) = self.form_head(i, &line).filter(|hit| !self.has_number_before(hit, i)) {
            return Some((hit, Link::Form));
        }
        if let Some(hit) = self.addressee(&line) {
            return Some((hit, Link::Near));
        }
        // Records that name their person last: the one above is in the same field of the record before.
        let last =
            below.first().filter(|n| n.same_block && above.first().is_some_and(|a| self.same_field(a, n)));
        if let Some(n) = below.iter().find(labelled).or(last).or(above.first()) {
            return Some((Rc::clone(&n.hit), Link::Near));
        }
        let hit = below.first().map(|n| Rc::clone(&n.hit)).or_else(|| self.form_body(i, &line));
        hit.map(|hit| (hit, Link::Near))
    }

    /// True if the same words and a colon or `=` stand before two people on their lines.
    fn same_field(&self, a: &Neighbour, b: &Neighbour) -> bool {
        let before = |n: &Neighbour| {
            let line = line_around(self.unit.text, n.hit.span.start);
            self.unit.text[line.start..n.hit.span.start].trim()
        };
        before(a).ends_with([':', '=']) && before(a) == before(b)
    }

    /// Forms that put the number first (W-2, 1099): for a number at its own label with nobody above, the first
    /// person below who stands at a label, unless another number of the kind comes before.
    fn form_body(&mut self, i: usize, line: &Range<usize>) -> Option<Occurrence> {
        let c = &self.candidates[i];
        if !c.score.has("label") && !c.score.has("label-above") {
            return None;
        }
        let (kind, start, mut at) = (c.kind, c.span.start, line.clone());
        for _ in 0..FORM_LINES {
            at = following(self.unit.text, &at).filter(|n| n.start - start <= AROUND)?;
            let text = &self.unit.text[at.clone()];
            if self.is_ended(line, text) {
                return None;
            }
            let other = self.numbers_on(&at).any(|c| c.kind == kind && c.score.value() >= 25);
            if (self.unit.is_row)(&at) || ends_form(text, false) || other {
                return None;
            }
            if let Some(hit) = self.people(&at).iter().find(|h| h.rule.contains("label")) {
                return Some(Rc::clone(hit));
            }
        }
        None
    }

    /// People on the lines above or below, nearest line first, who are not bound to a number on their own line.
    /// A blank line ends the block; beyond it a person below counts only with a label.
    fn neighbours(&mut self, line: &Range<usize>, span: &Range<usize>, up: bool) -> Vec<Neighbour> {
        let (mut found, mut at, mut same_block) = (Vec::new(), line.clone(), true);
        for lines in 1..=LINES {
            let next = if up { previous(self.unit.text, &at) } else { following(self.unit.text, &at) };
            let Some(next) = next.filter(|n| n.start.abs_diff(span.start) <= AROUND) else { break };
            at = next.clone();
            if !up && self.is_ended(line, &self.unit.text[next.clone()]) {
                break;
            }
            // A blank line or a rule ends a block.
            same_block &= self.unit.text[next.clone()].contains(char::is_alphanumeric);
            if self.bound(&next) || (self.unit.is_row)(&next) {
                continue;
            }
            let people = self.people(&next);
            let chosen = if up { people.last() } else { people.first() };
            if let Some(hit) = chosen.filter(|h| same_block || up || h.rule.contains("label")) {
                found.push(Neighbour { hit: Rc::clone(hit), same_block, lines });
            }
        }
        found
    }

    /// R3: for a number at its own label, the last person above who stands at a label, within the stretch that is
    /// looked at. A person bound to a number of another kind on the same line is the form's subject all the same.
    fn form_head(&mut self, i: usize, line: &Range<usize>) -> Option<Occurrence> {
        let c = &self.candidates[i];
        if !c.score.has("label") && !c.score.has("label-above") {
            return None;
        }
        let (kind, start, mut at) = (c.kind, c.span.start, line.clone());
        for _ in 0..FORM_LINES {
            at = previous(self.unit.text, &at).filter(|n| start - n.start <= AROUND)?;
            if (self.unit.is_row)(&at) || ends_form(&self.unit.text[at.clone()], false) {
                return None;
            }
            let taken = self.numbers_on(&at).any(|c| c.kind == kind && c.score.value() >= 25);
            let people = self.people(&at);
            if let Some(hit) = people.iter().find(|h| h.rule.contains("label")) {
                return (!taken).then(|| Rc::clone(hit));
            }
        }
        None
    }

    /// True if the form puts the number before the name, so that a person above has one already: a number of the
    /// kind of number `i` at its own label stands above the person in its block of lines, and no labelled person.
    fn has_number_before(&mut self, hit: &Occurrence, i: usize) -> bool {
        if !hit.rule.contains("label") {
            return false;
        }
        let kind = self.candidates[i].kind;
        let mut at = line_around(self.unit.text, hit.span.start);
        let mut numbered = false;
        for _ in 0..3 * LINES {
            let Some(next) = previous(self.unit.text, &at) else { return numbered };
            at = next;
            if ends_form(&self.unit.text[at.clone()], true) || (self.unit.is_row)(&at) {
                return numbered;
            }
            // What stands first in the block decides.
            if self.people(&at).iter().any(|h| h.rule.contains("label")) {
                numbered = false;
            }
            // At a label of its own even eight digits are one.
            let sure = |c: &Candidate| c.score.value() >= 50 || c.score.value() >= 25 && c.score.has("label");
            numbered |= self.numbers_on(&at).any(|c| c.kind == kind && sure(c));
        }
        false
    }

    /// True if a number that could be somebody's stands on the line.
    fn bound(&self, line: &Range<usize>) -> bool {
        self.numbers_on(line).any(|c| c.score.value() >= 25)
    }

    fn numbers_on<'s>(&'s self, line: &Range<usize>) -> impl Iterator<Item = &'s Candidate> + use<'s> {
        let from = self.candidates.partition_point(|c| c.span.start < line.start);
        let end = line.end;
        let on_line = self.candidates[from..].iter().take_while(move |c| c.span.start < end);
        on_line.filter(|c| c.class == ElementClass::Pi)
    }

    /// R5 (the only person of a unit and its only number) and R6 (sender or sole recipient). Returns
    /// the numbers that are still alone.
    fn whole_unit_rules(&self, joined: &Joined, alone: Vec<usize>, out: &mut dyn Findings) -> Vec<usize> {
        if !self.unit.whole || alone.is_empty() {
            return alone;
        }
        let alone = self.of_sender(alone, out);
        if alone.is_empty() {
            return alone;
        }
        let counts = |c: &&Candidate| c.class == ElementClass::Pi && c.score.value() >= 25;
        let mut others = self.candidates.iter().filter(counts);
        let first = others.next().map(|c| &c.value);
        if others.any(|c| Some(&c.value) != first) {
            return self.possible(alone, out);
        }
        let only = self.only_person().filter(|h| !self.only_signs(h, &alone));
        let subject = only.map(|h| (h, Link::SingleSubject, Confidence::Medium));
        let subject = subject.or_else(|| {
            let (hit, level) = joined.is_empty().then(|| self.envelope_person(&alone)).flatten()?;
            Some((hit, Link::Envelope, level))
        });
        match subject {
            Some((hit, link, level)) => {
                self.record(&hit, &alone, link, level, out);
                Vec::new()
            }
            None => self.possible(alone, out),
        }
    }

    /// The one person named in the whole unit, if there is exactly one.
    fn only_person(&self) -> Option<Occurrence> {
        let mut only: Option<Occurrence> = None;
        let alone = self.everybody(&mut |hit| {
            let fits = only.as_ref().is_none_or(|first| same(first, &hit));
            only.get_or_insert_with(|| Rc::new(hit));
            fits
        });
        only.filter(|_| alone)
    }

    /// Hands every person of the unit to `take`, in order, until that says `false`. True if it never did.
    fn everybody(&self, take: &mut dyn FnMut(NameHit) -> bool) -> bool {
        let (mut above, mut base) = (None, 0);
        for line in self.unit.text.split_inclusive('\n') {
            let mut hits = Vec::new();
            name::find(line.trim_end_matches('\n'), above, &mut hits);
            let counts = |h: &NameHit| !is_greeting(&h.name.first) && !is_bystander(&line[..h.span.start]);
            for mut hit in hits.into_iter().filter(counts) {
                hit.span = hit.span.start + base..hit.span.end + base;
                if !take(hit) {
                    return false;
                }
            }
            above = Some(line.trim_end_matches('\n'));
            base += line.len();
        }
        true
    }

    fn emit(&self, joined: Joined, out: &mut dyn Findings) {
        for ((start, link), (hit, numbers)) in merged(joined) {
            if self.unit.own.contains(&start) {
                let line = line_around(self.unit.text, start);
                let together = numbers.iter().all(|i| {
                    let number = self.candidates[*i].span.clone();
                    let between = hit.span.end.min(number.end)..number.start.max(hit.span.start);
                    line.contains(&number.start) && !self.unit.text.get(between).is_some_and(ends_sentence)
                });
                let level =
                    if together || link == Link::Form { Confidence::High } else { Confidence::Medium };
                self.record(&hit, &numbers, link, level, out);
            }
        }
    }

    fn record(
        &self,
        hit: &NameHit,
        numbers: &[usize],
        link: Link,
        link_confidence: Confidence,
        out: &mut dyn Findings,
    ) {
        let candidates: Vec<&Candidate> = numbers.iter().map(|i| &self.candidates[*i]).collect();
        let named = !hit.span.is_empty();
        let lo = candidates.iter().map(|c| c.span.start).chain(named.then_some(hit.span.start)).min();
        let hi = candidates.iter().map(|c| c.span.end).chain(named.then_some(hit.span.end)).max();
        let stretch = lo.unwrap_or(0)..hi.unwrap_or(0);
        let headed = named && hit.rule.contains("label") && hit.span.start == stretch.start;
        let circumstances = self.circumstances(&stretch, &candidates, Some(&hit.name.last_key()), headed);
        let place = (self.unit.place)(if named { hit.span.start } else { stretch.start });
        let person = Person {
            name: hit.name.clone(),
            confidence: hit.confidence,
            rule: hit.rule,
            place: if named {
                place.clone()
            } else {
                Place { part: Some("headers".into()), ..Place::default() }
            },
        };
        let elements = candidates.iter().map(|c| self.located(c)).collect();
        hand_on(Record { person, elements, link, link_confidence, circumstances, place }, out);
    }

    fn located(&self, c: &Candidate) -> Located {
        Located { candidate: c.clone(), place: (self.unit.place)(c.span.start) }
    }

    /// Some lines further on; a blank line, one that names somebody else or one that holds another's number ends
    /// that.
    fn own_lines(
        &self,
        mut line: Range<usize>,
        (owner, own): (Option<&str>, &[&Candidate]),
        (lines, next): (usize, Step),
    ) -> Range<usize> {
        for _ in 0..lines {
            let Some(further) = next(self.unit.text, &line) else { break };
            let foreign = |c: &Candidate| c.score.value() >= 25 && own.iter().all(|o| o.span != c.span);
            let blank = !self.unit.text[further.clone()].contains(char::is_alphanumeric);
            if blank || self.numbers_on(&further).any(foreign) {
                break;
            }
            let mut hits = Vec::new();
            if owner.is_some() {
                name::find(&self.unit.text[further.clone()], None, &mut hits);
            }
            if hits.iter().any(|h| Some(h.name.last_key().as_str()) != owner && !is_greeting(&h.name.first)) {
                break;
            }
            line = further;
        }
        line
    }

    /// What the lines from two above to two below a stretch say; not those that name another than the owner, by the
    /// key of the last name. Below the labelled name of a form (`headed`) its whole block counts, and nothing above.
    fn circumstances(
        &self,
        stretch: &Range<usize>,
        candidates: &[&Candidate],
        owner: Option<&str>,
        headed: bool,
    ) -> Circumstances {
        let text = self.unit.text;
        let bounded = stretch.start..stretch.end.min(stretch.start + 2 * AROUND);
        let (mut first, mut last) = (
            line_around(text, bounded.start),
            line_around(text, bounded.end.saturating_sub(1).max(bounded.start)),
        );
        // Above the labelled name that a form begins with stands what is another's, or a letterhead.
        let letterhead =
            || previous(text, &first).is_some_and(|l| text[l].to_ascii_lowercase().contains("commonwealth"));
        if !headed || letterhead() {
            first = self.own_lines(first, (owner, candidates), (2, previous));
        }
        last = self.own_lines(last, (owner, candidates), (if headed { 8 } else { 2 }, following));
        let whole = first.start..last.end.max(first.end);
        let mut into = Circumstances::default();
        if lettered(&text[whole.clone()]) {
            let hits = LabelContext::new(text).hits(whole.clone());
            circumstances::prose(text, whole, &hits, stretch, &mut into);
        }
        for c in candidates {
            fields::note_number(c, &mut into);
        }
        into
    }

    fn emit_loose(&self, alone: &[usize], out: &mut dyn Findings) {
        let own =
            alone.iter().map(|i| &self.candidates[*i]).filter(|c| self.unit.own.contains(&c.span.start));
        for c in own {
            let around = match c.score.value() {
                // Only these can be lifted to low by an address.
                20..=24 => self.circumstances(&c.span, &[c], None, false),
                _ => Circumstances::default(),
            };
            hand_on_loose(vec![self.located(c)], &around, "no name near it", out);
        }
    }
}

/// True if there is a letter: without one there is no name, label or address.
fn lettered(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_alphabetic() || !b.is_ascii())
}

/// One record for a person's occurrence: numbers of the form join those near the name.
fn merged(joined: Joined) -> Joined {
    let mut one = Joined::new();
    for ((start, link), (hit, numbers)) in joined {
        let key = if one.contains_key(&(start, Link::Form)) { (start, Link::Form) } else { (start, link) };
        one.entry(key).or_insert_with(|| (hit, Vec::new())).1.extend(numbers);
    }
    one
}

fn same(a: &NameHit, b: &NameHit) -> bool {
    a.name.last_key() == b.name.last_key() && a.name.initials().0 == b.name.initials().0
}

/// The person nearest to a number on its line; one before it is preferred to one behind by half the distance,
/// one of the same sentence to any other.
fn nearest(text: &str, people: &[Occurrence], span: &Range<usize>, limit: usize) -> Option<Occurrence> {
    people
        .iter()
        .filter_map(|h| {
            let (distance, between) = match h.span.end <= span.start {
                true => (2 * (span.start - h.span.end), h.span.end..span.start),
                false => (3 * h.span.start.checked_sub(span.end)?, span.end..h.span.start),
            };
            // A person of another sentence comes last.
            let apart = if ends_sentence(&text[between]) { limit } else { 0 };
            (distance <= 2 * limit).then_some((distance + apart, h))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, h)| Rc::clone(h))
}

/// True if a sentence ends in `between`: a stop, blank and capital that are not those of an initial or title.
fn ends_sentence(between: &str) -> bool {
    let b = between.as_bytes();
    b.windows(2).enumerate().any(|(i, w)| {
        let stop = matches!(w[0], b'.' | b';' | b'!' | b'?') && w[1].is_ascii_whitespace();
        let word = b[..i].iter().rev().take_while(|c| c.is_ascii_alphanumeric()).count();
        stop && (word > 3 || i == 0 || b[i - 1].is_ascii_digit())
    })
}

/// The line before `line`; its last [`LINE`] bytes if it is longer. `None` at the start, or when `line` is itself
/// cut at its start.
fn previous(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let end = line.start.checked_sub(1).filter(|i| text.as_bytes()[*i] == b'\n')?;
    let lo = char_at_or_after(text, end.saturating_sub(LINE));
    let start = memchr::memrchr(b'\n', &text.as_bytes()[lo..end]).map_or(lo, |p| lo + p + 1);
    Some(start..end)
}

/// The line after `line`; its first [`LINE`] bytes if it is longer.
fn following(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let start = line.end + 1;
    if start > text.len() || text.as_bytes()[line.end] != b'\n' {
        return None;
    }
    let hi = char_at_or_after(text, (start + LINE).min(text.len()));
    let end = memchr::memchr(b'\n', &text.as_bytes()[start..hi]).map_or(hi, |p| start + p);
    Some(start..end)
}

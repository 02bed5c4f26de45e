//! Candidates in running text: readings of digit groups, scored by the label that governs them.

use std::ops::Range;
use std::rc::Rc;

use super::group::{Group, groups};
use super::hot::{self, Worth};
use super::label_context::{Governing, LabelContext, Side, line_around, only_filler};
use super::reading::{self, Run};
use super::{Candidate, Rejects, envelope, licence, refuse};
use crate::event::{ElementClass, ElementType};
use crate::pattern::{LabelKind, number};

/// The most that name, date of birth and address can still add to a number.
const STILL_TO_COME: i32 = 25;
/// How far around an account number a bank word or routing number may stand.
const BANK: usize = 400;
/// How far apart numbers may stand whose surroundings are looked through at once.
const APART: usize = 4 * BANK;

/// Appends the candidates whose first digit lies within `range` of `text`, in order and without overlaps.
/// Readings that no context can raise to low are counted in `rejects` if they start within `own`.
pub fn scan(
    text: &str,
    range: Range<usize>,
    own: &Range<usize>,
    out: &mut Vec<Candidate>,
    rejects: &mut Rejects,
) {
    scan_with(Bare::Nothing, text, range, own, out, rejects);
}

/// Like [`scan`] for the whole of a value of a table or object, whose header or column may still speak for nine
/// bare digits.
pub fn scan_value(text: &str, out: &mut Vec<Candidate>, rejects: &mut Rejects) {
    let all = 0..text.len();
    scan_with(Bare::Candidate, text, all.clone(), &all, out, rejects);
}

/// What nine digits are that no label speaks for: bare ones, and those of a taxpayer number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    Nothing,
    Candidate,
}

fn scan_with(
    bare: Bare,
    text: &str,
    range: Range<usize>,
    own: &Range<usize>,
    out: &mut Vec<Candidate>,
    rejects: &mut Rejects,
) {
    let bytes = text.as_bytes();
    let mut hot = Vec::new();
    if rejects.keeps() {
        // Who wants to know why something is none looks at everything.
        let mut all = Vec::new();
        groups(bytes, range, &mut all);
        hot.extend(all.iter().map(|g| (g.start, Worth::Look)));
    } else {
        let least = if bare == Bare::Nothing { Worth::Look } else { Worth::InValue };
        hot::find(bytes, range, hot::Form::Normal, least, &mut hot);
    }
    if hot.is_empty() {
        return;
    }
    let labels = LabelContext::new(text);
    let mut scan = Scan { text, bare, labels, groups: Rc::new([]), found: Vec::new() };
    for cluster in hot.chunk_by(|a, b| b.0 - a.0 <= APART) {
        let (first, last) = (cluster[0].0, cluster[cluster.len() - 1].0);
        scan.around(first.saturating_sub(BANK)..(last + BANK).min(text.len()));
        for (at, _) in cluster {
            let ours = own.contains(at);
            match ours {
                true => scan.group_at(*at, rejects),
                false => scan.group_at(*at, &mut Rejects::default()),
            }
        }
    }
    resolve(&mut scan.found);
    out.append(&mut scan.found);
}

struct Scan<'t> {
    text: &'t str,
    bare: Bare,
    labels: LabelContext<'t>,
    /// The groups of the stretch in hand.
    groups: Rc<[Group]>,
    found: Vec<Candidate>,
}

impl Scan<'_> {
    /// Takes a stretch in hand: all groups in it.
    fn around(&mut self, stretch: Range<usize>) {
        let mut all = Vec::new();
        groups(self.text.as_bytes(), stretch, &mut all);
        self.groups = all.into();
    }

    /// Takes in the readings at the group that starts at `at`.
    fn group_at(&mut self, at: usize, rejects: &mut Rejects) {
        let Ok(i) = self.groups.binary_search_by_key(&at, |g| g.start) else { return };
        self.group(i, rejects);
        if rejects.keeps() {
            self.refuse(i, rejects);
        }
    }

    /// Takes in the readings at group `i`.
    fn group(&mut self, i: usize, rejects: &mut Rejects) {
        let g = self.groups[i];
        let bytes = self.text.as_bytes();
        let groups = Rc::clone(&self.groups);
        let run = Run::new(bytes, &groups, i);
        let mut readings = Vec::new();
        if g.len() >= 2 {
            reading::iban(bytes, g, &mut readings);
        }
        // Nothing else of ours is that long.
        if g.len() > 19 && readings.is_empty() {
            return;
        }
        reading::strong(&run, &mut readings);
        let token = licence::token(bytes, g);
        let lettered = token.as_ref().is_some_and(|t| t.len() > g.len());
        if g.len() == 1 {
            reading::comb(bytes, &groups, i, &mut readings);
        }
        reading::micr(self.text, g, &groups, i, &mut readings);
        if readings.is_empty() && g.len() < 4 && !lettered {
            return;
        }
        let start = token.as_ref().map_or(g.start, |t| t.start);
        let governing = self.governing(i, start);
        if let Some(governing) = &governing {
            self.labelled(&run, token.clone(), governing, &mut readings);
        } else if let Some(token) = token.filter(|_| lettered) {
            unlabelled_licence(self.text, token, &mut readings);
        }
        for mut c in readings {
            let grouped = self.text[c.span.clone()].len() > c.value.len();
            let touched = envelope::touched(bytes, &c.span, grouped).filter(|_| !c.score.has("micr"));
            if let Some(why) = touched.filter(|_| !self.glued(&mut c, governing.as_ref())) {
                rejects.ended(c, why);
                continue;
            }
            let speaks = governing.as_ref().is_some_and(|g| g.of(&[LabelKind::Ssn]).is_some());
            if c.variant.as_deref() == Some("itin") && self.bare == Bare::Nothing && !speaks {
                rejects.ended(c, "the form of a taxpayer number, without a label");
                continue;
            }
            let whole = Group { start: c.span.start, end: c.span.end };
            let weak = self.bare == Bare::Nothing && c.variant.as_deref() == Some(number::UATP);
            if weak && !hot::names_card(bytes, &whole) {
                rejects.ended(c, "the form of an air travel card, without a label");
                continue;
            }
            self.score(&mut c, governing.as_ref());
            match c.score.value() + STILL_TO_COME >= 25 && c.score.value() >= 5 {
                true => self.found.push(c),
                false => rejects.below(c),
            }
        }
    }

    fn governing(&mut self, i: usize, start: usize) -> Option<Governing> {
        let near = i.saturating_sub(12)..(i + 1);
        self.labels.governing(&(start..self.groups[i].end), &self.groups[near])
    }

    /// Notes why group `i` is nothing, if no reading covers it.
    fn refuse(&mut self, i: usize, rejects: &mut Rejects) {
        let g = self.groups[i];
        let covers = |span: &Range<usize>| span.start < g.end && span.end > g.start;
        let found = self.found.iter().rev().take(8).any(|c| covers(&c.span));
        if found || rejects.kept().iter().rev().take(8).any(|r| covers(&r.span)) {
            return;
        }
        let governing = self.governing(i, g.start);
        if let Some(reject) = refuse::groups(self.text, &self.groups, i, governing.as_ref()) {
            rejects.note(reject);
        }
    }

    /// Readings that only a label makes possible.
    fn labelled(
        &self,
        run: &Run<'_>,
        token: Option<Range<usize>>,
        governing: &Governing,
        out: &mut Vec<Candidate>,
    ) {
        if governing.of(&[LabelKind::Ssn]).is_some() {
            reading::lost_zero(run, out);
            // Seven or eight digits are too little for a label further away (`tin-dev … 20130504`).
            out.retain(|c| c.variant.as_deref() != Some("lost-zero") || self.zero_fits(governing, c));
            out.iter_mut().for_each(reading::cap_two_zeros);
        }
        if governing.of(&[LabelKind::AccountNumber]).is_some() {
            let had = out.len();
            reading::account(run, out);
            if out.get(had).is_some_and(|c| !self.account_fits(governing, c)) {
                out.truncate(had);
            }
        }
        let licence = governing.of(&[LabelKind::DriversLicense, LabelKind::StateId]);
        if let (Some(label), Some(token)) = (licence, token) {
            self.labelled_licence(token, governing, label.kind == LabelKind::StateId, out);
        }
    }

    /// True if the number is only glued to the word before or behind it, right at a label of its own
    /// (`SSN 024-61-3387Patient`, `SSN024613387`).
    fn glued(&self, c: &mut Candidate, governing: Option<&Governing>) -> bool {
        let Some(g) = governing.filter(|g| g.of(&[LabelKind::Ssn, LabelKind::CardNumber]).is_some()) else {
            return false;
        };
        let bytes = self.text.as_bytes();
        let before = c.span.start.checked_sub(1).map(|i| bytes[i]);
        let after = bytes.get(c.span.end);
        let own_label = g.span.end == c.span.start;
        let letters = after.is_none_or(|b| !b.is_ascii_digit() && *b != b'_' && *b != b'%')
            && (own_label || before.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'_'));
        let decimal = bytes[c.span.end..].starts_with(b".")
            && bytes.get(c.span.end + 1).is_some_and(u8::is_ascii_digit);
        if !letters || decimal || !self.adjacent(g, &c.span) {
            return false;
        }
        c.score.add("glued", -5, "no space to its neighbour");
        true
    }

    /// False for a short number or a date that does not stand right at its label (`statement of account, March 2024`,
    /// `checking` above `2022-03-19`), and for a date printed as one.
    fn account_fits(&self, governing: &Governing, c: &Candidate) -> bool {
        let date = is_date(&c.value);
        let printed = date && self.text[c.span.clone()].len() > c.value.len();
        let weak = date || c.value.len() < 7;
        let between = self.text.get(governing.span.end..c.span.start).unwrap_or_default();
        // `checking (#1062)`, `checking297726`: issues, and pages of an index.
        let apart = !between.is_empty() && !between.contains('(');
        !printed && !in_code(between) && (!weak || apart && self.adjacent(governing, &c.span))
    }

    /// False for a number that lost its zero whose label stands further away, and for a day below a heading.
    fn zero_fits(&self, governing: &Governing, c: &Candidate) -> bool {
        let digits = &self.text[c.span.clone()];
        self.right_at(governing, &c.span) && (governing.side == Side::Inline || !is_date(digits))
    }

    /// True if the label stands right at the number, or over it as the heading of a column or of a lone number.
    fn right_at(&self, governing: &Governing, span: &Range<usize>) -> bool {
        if governing.side == Side::Inline {
            return self.adjacent(governing, span);
        }
        let line = |at| self.text[line_around(self.text, at)].trim();
        let heading = line(governing.span.start);
        line(span.start).len() <= span.len() + 2 || heading.contains(['\t', '|']) || heading.contains("  ")
    }

    /// True if the label stands right at the number.
    fn adjacent(&self, governing: &Governing, span: &Range<usize>) -> bool {
        let between = self.text.get(governing.span.end..span.start).unwrap_or("-");
        governing.side == Side::Inline && only_filler(between)
    }

    fn labelled_licence(
        &self,
        token: Range<usize>,
        governing: &Governing,
        state_id: bool,
        out: &mut Vec<Candidate>,
    ) {
        let raw = &self.text[token.clone()];
        // Small letters are of names, hashes and code; the Massachusetts series are known well enough without.
        let small = raw.bytes().any(|b| b.is_ascii_lowercase());
        let value = licence::normalise(raw);
        if small && !value.starts_with('S') || is_years(raw) {
            return;
        }
        let state = self.state_beside(governing, &token);
        let reading = licence::read(&value, state, false);
        let Some(reading) = reading.or_else(|| licence::read(&value, None, false)) else { return };
        // Digits alone say nothing unless the state is known, or the label says at the number that it is a licence to
        // drive (DETECTION: class C).
        let driving = self.is_at_driving(governing, &token);
        if reading.class == b'C' && state.is_none() && value.len() != 9 && !driving {
            return;
        }
        let mut c = licence::candidate(token, value, &reading, state_id);
        if state == Some(reading.state) {
            c.score.add("licence-state", 15, "the label names the state");
        } else if driving && state.is_none() && reading.points < 0 {
            c.score.add(
                "licence-label",
                -reading.points,
                "the label at the number says that it is one to drive",
            );
        }
        out.push(c);
    }

    /// True for seven to nine digits right behind a label of a licence to drive, which are no date and no amount.
    fn is_at_driving(&self, governing: &Governing, token: &Range<usize>) -> bool {
        let (label, raw) = (&self.text[governing.span.clone()], &self.text[token.clone()]);
        let digits = (7..=9).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_digit());
        let behind = self.text[token.end..].trim_start_matches(' ');
        let unit = ["KB", "MB", "GB", "kb", "bytes", "bits", "%"].iter().any(|unit| behind.starts_with(unit));
        digits
            && label.to_lowercase().contains("driv")
            && self.adjacent(governing, token)
            && !is_date(raw)
            && !unit
    }

    /// The state named at the label, between label and number, or right behind the number.
    fn state_beside(&self, governing: &Governing, token: &Range<usize>) -> Option<[u8; 2]> {
        let line = line_around(self.text, token.start);
        let from = governing.span.start.min(token.start);
        let lead = self.text[..from].char_indices().rev().take(16).last().map_or(from, |(i, _)| i);
        let lead = lead.max(line.start.min(from));
        let tail = self.text[token.end..line.end.max(token.end)].char_indices().nth(10);
        let tail = tail.map_or(line.end.max(token.end), |(i, _)| token.end + i);
        licence::state_named(&self.text[from..token.start])
            .or_else(|| licence::state_behind(&self.text[token.end..tail]))
            .or_else(|| licence::state_named(&self.text[lead..from]))
            .or_else(|| ends_with_columbia(&self.text[..from]).then_some(*b"DC"))
            .or_else(|| self.state_of_issue(&line))
    }

    /// `State of issue: VT` on the line above or below, or on the next but one of either.
    fn state_of_issue(&self, line: &Range<usize>) -> Option<[u8; 2]> {
        let above = line.start.checked_sub(1).map(|at| line_around(self.text, at));
        let next = |l: &Range<usize>| (l.end < self.text.len()).then(|| line_around(self.text, l.end + 1));
        let below = next(line);
        let second = below.as_ref().and_then(next);
        let before = above.as_ref().and_then(|l| l.start.checked_sub(1)).map(|at| line_around(self.text, at));
        [below, above, second, before]
            .into_iter()
            .flatten()
            .find_map(|l| licence::issuing_state(&self.text[l]))
    }

    fn score(&mut self, c: &mut Candidate, governing: Option<&Governing>) {
        if let Some(g) = governing {
            let words = self.text[g.span.clone()].to_owned();
            label_points(c, g, &words);
            if is_other_licence(c, &words, &self.text[c.span.clone()]) {
                c.score.cap("other-licence", 35, "a licence to do something, by its form");
            }
        }
        if c.kind == ElementType::BankAccount && c.variant.is_none() {
            self.bank_points(c);
        }
        self.surroundings(c);
    }

    /// An account needs a bank word or a routing number near it (DETECTION 2.4, label gate).
    fn bank_points(&mut self, c: &mut Candidate) {
        let lo = super::label_context::char_at_or_after(self.text, c.span.start.saturating_sub(BANK));
        let hi = super::label_context::char_at_or_after(self.text, (c.span.end + BANK).min(self.text.len()));
        let hits = self.labels.hits(lo..hi);
        let has =
            |kinds: &[LabelKind]| hits.iter().any(|h| kinds.iter().any(|k| h.labels.of_kind(*k).is_some()));
        let bytes = self.text.as_bytes();
        let routing = has(&[LabelKind::Routing])
            && self.groups.iter().any(|g| {
                g.len() == 9
                    && g.start >= lo
                    && g.end <= hi
                    && g.start != c.span.start
                    && number::aba(&bytes[g.span()])
            });
        // `ABA` is the bar too: without a routing number it says nothing of a bank.
        let kinds = [LabelKind::Routing, LabelKind::Swift, LabelKind::BankWord, LabelKind::AccountType];
        let bank = hits.iter().any(|h| {
            kinds.iter().any(|k| h.labels.of_kind(*k).is_some())
                && !self.text[h.span.clone()].eq_ignore_ascii_case("aba")
        });
        let label = c.score.evidence().iter().any(|e| e.rule == "label" && bank_label(&e.text));
        if routing {
            c.score.add("routing-beside", 25, "a valid routing number beside it");
        } else if !bank && !label {
            c.score.cap("no-bank-word", 45, "nothing speaks of a bank");
        }
    }

    fn surroundings(&self, c: &mut Candidate) {
        let bytes = self.text.as_bytes();
        if c.kind == ElementType::PaymentCard && track_two(bytes, &c.span) {
            c.score.floor("track-2", 75, "magnetic stripe, track 2");
            return;
        }
        if let Some(why) = envelope::wrapped(bytes, &c.span) {
            c.score.cap("wrapped", 20, why);
        }
        let line = line_around(self.text, c.span.start);
        if envelope::pdf_operators(&bytes[line.clone()]) {
            c.score.cap("page-operators", 20, "operand of a page operator");
        }
        let lo = c.span.start.saturating_sub(4096);
        if envelope::armoured(&bytes[lo..c.span.start]) {
            c.score.cap("armoured", 20, "inside an armoured block");
        }
        let lo = super::label_context::char_at_or_after(
            self.text,
            c.span.start.saturating_sub(24).max(line.start),
        );
        if says_test(&self.text[lo..c.span.start]) {
            c.score.cap("test-word", 30, "called a test or an example");
        }
    }
}

/// True for `license BO-489374`: a dash that no state prints, letters that no known state has, and a label that does
/// not say what the licence allows.
fn is_other_licence(c: &Candidate, label: &str, raw: &str) -> bool {
    let licence = matches!(c.kind, ElementType::DriversLicense | ElementType::StateId);
    let plain =
        c.score.evidence().iter().all(|e| e.rule != "licence-state" && !e.text.ends_with("(class A)"));
    let generic = label.get(..3).is_some_and(|l| l.eq_ignore_ascii_case("lic"));
    licence && plain && generic && raw.starts_with(|b: char| b.is_ascii_alphabetic()) && raw.contains('-')
}

/// The one name of a state's kind that is longer than the stretch looked at.
fn ends_with_columbia(before: &str) -> bool {
    const NAME: &str = "district of columbia";
    let before = before.trim_end();
    before
        .len()
        .checked_sub(NAME.len())
        .and_then(|at| before.get(at..))
        .is_some_and(|t| t.eq_ignore_ascii_case(NAME))
}

/// True if what stands before a number makes it a part of some other code (`account validation (CVE-2006-7108`).
fn in_code(between: &str) -> bool {
    between.strip_suffix('-').is_some_and(|b| b.ends_with(|c: char| c.is_ascii_alphabetic()))
}

/// True for eight digits that make a day of the last or this century, year first or last.
fn is_date(digits: &str) -> bool {
    let part = |range: Range<usize>| digits.get(range).and_then(|d| d.parse::<u32>().ok()).unwrap_or(0);
    let day = |year, month, day| {
        (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
    };
    digits.len() == 8 && (day(part(0..4), part(4..6), part(6..8)) || day(part(4..8), part(0..2), part(2..4)))
}

/// True for two years joined by a dash, as behind `License: BSD, Copyright (c)`.
fn is_years(token: &str) -> bool {
    let year = |y: &str| y.len() == 4 && (y.starts_with("19") || y.starts_with("20"));
    token.split_once('-').is_some_and(|(from, to)| year(from) && year(to))
}

/// True for a number between `;` and `=` with expiry, service code and more digits behind (ISO/IEC 7813).
fn track_two(text: &[u8], span: &Range<usize>) -> bool {
    let tail = text[span.end..].strip_prefix(b"=").or_else(|| text[span.end..].strip_prefix(b"D"));
    let digits = tail.map_or(0, |t| t.iter().take(32).take_while(|b| b.is_ascii_digit()).count());
    text[..span.start].ends_with(b";") && digits >= 7
}

/// True if the words say that what follows is made up.
fn says_test(before: &str) -> bool {
    before.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| {
        ["dummy", "fake", "mock", "lorem", "sample", "example", "fictitious"]
            .iter()
            .any(|t| w.eq_ignore_ascii_case(t))
    })
}

/// True if the account label itself speaks of a bank.
fn bank_label(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    [
        "bank",
        "check",
        "saving",
        "deposit",
        "dda",
        "ira",
        "broker",
        "loan",
        "mortgage",
        "chk",
        "sav",
        "beneficiary",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

fn unlabelled_licence(text: &str, token: Range<usize>, out: &mut Vec<Candidate>) {
    let raw = &text[token.clone()];
    if !raw.starts_with('S') || raw.contains('-') || raw.bytes().any(|b| b.is_ascii_lowercase()) {
        return;
    }
    let value = licence::normalise(raw);
    if let Some(r) = licence::read(&value, None, false).filter(|r| r.state == *b"MA" && r.points >= 0) {
        out.push(licence::candidate(token, value, &r, false));
    }
}

/// Points of a governing label for a reading (DETECTION 5.3).
fn label_points(c: &mut Candidate, g: &Governing, words: &str) {
    use LabelKind as K;
    let (own, points, bit): (&[K], i32, u8) = match c.kind {
        ElementType::Ssn | ElementType::Other => (&[K::Ssn], 45, 1),
        ElementType::DriversLicense | ElementType::StateId => (&[K::DriversLicense, K::StateId], 45, 2),
        ElementType::PaymentCard => (&[K::CardNumber], 35, 4),
        ElementType::BankAccount => (&[K::AccountNumber, K::Iban], 45, 8),
    };
    let rule = if g.side == Side::Above { "label-above" } else { "label" };
    // A card form asks for the `account number`: with network, length and check digit it is the card's.
    let card = c.kind == ElementType::PaymentCard && c.value.len() >= 15;
    if card && g.of(&[K::AccountNumber]).is_some() {
        c.score.add(rule, 25, words.to_owned());
    } else if g.of(own).is_some() {
        c.score.add(if rule == "label" { "label" } else { "label-above" }, points, words.to_owned());
    } else if g.against(bit) {
        match c.kind {
            ElementType::PaymentCard => c.score.add("negative-label", -25, words.to_owned()),
            _ => c.score.cap("negative-label", 30, words.to_owned()),
        }
    } else if g.of(&[K::InternalId, K::HealthId, K::Passport, K::AlienNumber]).is_some() {
        c.score.cap("other-id", 45, words.to_owned());
    } else if c.class == ElementClass::Pi && !g.labels.iter().all(|l| l.kind == K::Negative) {
        c.score.add("other-label", -25, words.to_owned());
    }
}

/// Keeps the best of overlapping readings.
fn resolve(found: &mut Vec<Candidate>) {
    found.sort_by_key(|c| (c.span.start, c.span.end));
    let mut kept: Vec<Candidate> = Vec::with_capacity(found.len());
    for c in found.drain(..) {
        let rank = |c: &Candidate| (c.score.value(), c.span.len());
        match kept.last_mut() {
            Some(last) if last.span.end > c.span.start => {
                if rank(&c) > rank(last) {
                    *last = c;
                }
            }
            _ => kept.push(c),
        }
    }
    *found = kept;
}

#[cfg(test)]
mod tests;

//! Finds people in a line of running text.
//!
//! The words are walked once from left to right; at each word the forms of `form` are tried, and what stands
//! around decides. A recognised name is passed over as a whole, also when it turns out to be a firm or a street.

use super::around;
use super::bits;
use super::cue;
use super::form::{Found, Line};
use super::judge::Cue;
use super::lists;
use super::order::{CAPS_MARGIN, TITLE_MARGIN, is_reversed};
use super::placeholder::is_placeholder;
use super::shape::{self, Gap, Shape};
use super::{NameHit, PersonName};
use crate::event::Confidence;

/// Longest mail address that is read after a name, in bytes.
const LONGEST_MAIL: usize = 100;

/// Appends all people named in `line` to `hits`, in the order in which they stand. `above` is the line before,
/// which matters when it is nothing but a label (`Employee Name:`). Dashes, odd spaces and curly quotes must already
/// be plain; letters may have accents. Takes time linear in the length of the line.
pub fn find(line: &str, above: Option<&str>, hits: &mut Vec<NameHit>) {
    find_from(line, above, Cue::None, hits);
}

/// As [`find`], for a line on which a labelled number stands: names that are ordinary words too (`James Reed`)
/// are believed, since the number must be somebody's.
pub fn find_beside_number(line: &str, above: Option<&str>, hits: &mut Vec<NameHit>) {
    find_from(line, above, Cue::Number, hits);
}

/// As [`find_beside_number`], for a line on which that found nobody: words in no list are believed too.
pub fn find_only(line: &str, above: Option<&str>, hits: &mut Vec<NameHit>) {
    find_from(line, above, Cue::Only, hits);
}

fn find_from(line: &str, above: Option<&str>, least: Cue, hits: &mut Vec<NameHit>) {
    if !shape::may_hold_a_name(line) {
        return;
    }
    let tokens = shape::tokens(line);
    let mail = line.contains('<') && line.contains('@');
    let line = Line { text: line, tokens: &tokens };
    let mut i = 0;
    while i + 1 < tokens.len() {
        let end = if may_start(line, i) {
            find_at(line, i, cue_at(line, i, above, mail).max(least), hits)
        } else if tokens[i].shape == Shape::Lower && tokens[i].gap == Gap::Colon {
            lower_case_at(line, i, hits)
        } else {
            None
        };
        i = end.unwrap_or(0).max(i + 1);
    }
}

/// Appends the person named from word `i` on; the index after the name, also where it turned out to be no person.
fn find_at(line: Line<'_>, i: usize, cue: Cue, hits: &mut Vec<NameHit>) -> Option<usize> {
    let mut found = candidate(line, i, cue)?;
    absorb_suffix(line, &mut found);
    if let Some(person) = hit(line, &found, cue) {
        if let Some(first) = partner(line, &found) {
            hits.push(with_shared_surname(line, first, &person));
        }
        hits.push(person);
    }
    Some(found.span.end)
}

/// As [`find_at`] for lower case, which is believed only after a label.
fn lower_case_at(line: Line<'_>, i: usize, hits: &mut Vec<NameHit>) -> Option<usize> {
    if cue::cue(line, i, None) != Cue::Label {
        return None;
    }
    let found = in_lower_case(line, i)?;
    hits.extend(hit(line, &found, Cue::Label));
    Some(found.span.end)
}

/// `name: tobias hargrove`: lower case is believed after a label if the lists know the given name or both.
fn in_lower_case(line: Line<'_>, i: usize) -> Option<Found> {
    let lower = |at: usize| line.after(at, Gap::Space).filter(|t| t.shape == Shape::Lower);
    let mut last = i + 1;
    lower(last)?;
    if line.tokens[last].end - line.tokens[last].start == 1 {
        last += 1;
        lower(last)?;
    }
    let given = lists::word(line.tokens[i].text(line.text));
    let surname = lists::word(line.tokens[last].text(line.text));
    let known = given.given() >= 9 && given.weight() == 0 && surname.common() == 0 && !surname.thing();
    let both = given.given() >= 9 && surname.surname() >= 8 && given.weight() + surname.weight() <= 1;
    (known || both).then_some(Found {
        span: i..last + 1,
        first: i,
        last: last..last + 1,
        confidence: Confidence::Medium,
        rule: "name-label",
    })
}

/// The word of the partner in `Tobias and Maeve Hargrove`.
fn partner(line: Line<'_>, found: &Found) -> Option<usize> {
    let from = found.span.start;
    if found.first != from || from == 0 {
        return None;
    }
    let before = &line.tokens[from - 1];
    let at = match line.tokens[from].gap {
        Gap::Space if matches!(before.text(line.text), "and" | "AND") => {
            (before.gap == Gap::Space && from > 1).then(|| from - 2)?
        }
        Gap::Other if &line.text[before.next..line.tokens[from].start] == " & " => from - 1,
        _ => return None,
    };
    let token = &line.tokens[at];
    let facts = token.facts;
    let alone = line.before(at).is_none_or(|t| !t.is_capital());
    let given = facts.given() >= 11 && facts.given() > facts.surname() && facts.weight() == 0;
    (token.is_name_shaped() && token.term == 0 && alone && given).then_some(at)
}

fn with_shared_surname(line: Line<'_>, at: usize, with: &NameHit) -> NameHit {
    let token = &line.tokens[at];
    let first = token.text(line.text).to_owned();
    NameHit {
        span: token.start..token.end,
        name: PersonName { first, last: with.name.last.clone(), initial_only: false },
        confidence: with.confidence.min(Confidence::Medium),
        rule: "name-shared-surname",
    }
}

fn may_start(line: Line<'_>, i: usize) -> bool {
    let token = &line.tokens[i];
    match token.shape {
        Shape::Initial => true,
        // `Cardholder Tobias Hargrove`: a word that ends a label is no name that no list has.
        Shape::Title | Shape::Upper => {
            token.facts.listed() || !token.facts.has(bits::HONORIFIC | bits::SUFFIX | bits::LABEL_END)
        }
        Shape::Lower => token.end - token.start <= 3 && line.starts_comma_surname(i),
        Shape::Number | Shape::Camel => false,
    }
}

fn cue_at(line: Line<'_>, i: usize, above: Option<&str>, mail: bool) -> Cue {
    let cue = cue::cue(line, i, above);
    if mail && cue < Cue::Title && has_mail_address(line, i) { Cue::Title } else { cue }
}

/// `Tobias Hargrove <thargrove@example.org>`: the words from `i` run up to a mail address in angle brackets.
fn has_mail_address(line: Line<'_>, i: usize) -> bool {
    let mut last = i;
    while last < i + 5 && line.after(last + 1, Gap::Space).is_some() {
        last += 1;
    }
    let rest = &line.text.as_bytes()[line.tokens[last].next..];
    let quote = rest.iter().take(4).take_while(|b| matches!(b, b'"' | b'\'' | b' ')).count();
    let Some((b'<', address)) = rest[quote..].split_first() else { return false };
    let address = &address[..address.len().min(LONGEST_MAIL)];
    let end = address.iter().position(|b| matches!(b, b'>' | b' ')).unwrap_or(0);
    address[..end].contains(&b'@')
}

/// The name that starts at word `i`, in the likeliest form.
fn candidate(line: Line<'_>, i: usize, cue: Cue) -> Option<Found> {
    let next = &line.tokens[i + 1];
    if line.tokens[i].shape == Shape::Initial {
        // `O Brien, Sean`
        let particle = line.starts_comma_surname(i).then(|| line.last_comma_first(i, cue)).flatten();
        return particle.or_else(|| line.initial_surname(i, cue)).or_else(|| line.last_comma_first(i, cue));
    }
    match next.gap {
        Gap::Slash => return line.last_slash_first(i),
        Gap::Wide | Gap::Under => return line.columns(i, next.gap, cue),
        _ => {}
    }
    line.last_comma_first(i, cue)
        .or_else(|| line.surname_initial(i, cue))
        .or_else(|| in_a_row(line, i, cue))
        .or_else(|| line.columns(i, Gap::Wide, cue))
}

/// Given name and surname next to each other, in the order that fits better.
fn in_a_row(line: Line<'_>, i: usize, cue: Cue) -> Option<Found> {
    let forward = line.first_last(i, cue);
    let reverse = line.last_first_bare(i, cue);
    match (&forward, &reverse) {
        (Some(f), Some(r)) => {
            let left = line.tokens[r.last.end - 1].facts;
            let right = line.tokens[r.first].facts;
            let initial_behind = r.span.end > r.first + 1 && f.span.end < r.span.end;
            let margin = match line.tokens[i].shape {
                _ if initial_behind => 0,
                // A third name behind: the second is a middle name.
                _ if f.span.end > r.span.end => return forward,
                Shape::Upper => CAPS_MARGIN,
                _ => TITLE_MARGIN,
            };
            let vietnamese = r.first > r.last.end && left.surname() >= left.given() + 5;
            if vietnamese || is_reversed(left, right, margin) { reverse } else { forward }
        }
        _ => forward.or(reverse),
    }
}

/// `Jr.`, `III` after the name.
fn absorb_suffix(line: Line<'_>, found: &mut Found) {
    if let Some(token) = line.tokens.get(found.span.end)
        && matches!(token.gap, Gap::Space | Gap::Comma)
        && token.is_name_shaped()
        && token.facts.has(bits::SUFFIX)
        && !token.facts.listed()
    {
        found.span.end += 1;
    }
}

fn hit(line: Line<'_>, found: &Found, cue: Cue) -> Option<NameHit> {
    let tokens = &line.tokens[found.span.clone()];
    let span = tokens.first()?.start..tokens.last()?.end;
    if is_placeholder(&line.text[span.clone()]) || around::is_something_else(line, found, cue) {
        return None;
    }
    let first = &line.tokens[found.first];
    let name = PersonName {
        first: first.text(line.text).to_owned(),
        last: line.text[line.tokens[found.last.start].start..line.tokens[found.last.end - 1].end].to_owned(),
        initial_only: first.shape == Shape::Initial,
    };
    let weak = line.tokens[found.span.start].gap == Gap::Under;
    let confidence = if weak { found.confidence.min(Confidence::Medium) } else { found.confidence };
    Some(NameHit { span, name, confidence, rule: found.rule })
}

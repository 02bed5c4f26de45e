//! Reads a value that a column, field or label already says is a name.
//!
//! Here the structure has spoken, so words in no list are believed; what remains is to tell first from last and to
//! turn away firms, placeholders and form words. Case does not matter.

use std::ops::Range;

use super::bits;
use super::form::Line;
use super::lists::{self, Facts};
use super::order::{CAPS_MARGIN, TITLE_MARGIN, as_written};
use super::placeholder::is_placeholder;
use super::shape::{self, Gap, Shape, Token};
use super::{PersonName, normal};
use crate::event::Confidence;

/// In which order a column writes its names.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    #[default]
    /// Not known: the lists decide for each value.
    Unknown,
    /// `Tobias Hargrove`.
    FirstLast,
    /// `Hargrove Tobias`, also without a comma.
    LastFirst,
}

/// Longest value that can be a name, in bytes.
const LONGEST: usize = 120;

/// A value taken apart.
struct Parts {
    name: PersonName,
    given: Facts,
    surname: Facts,
    /// Mostly the name of something else, such as `Edward Jones`.
    pair: bool,
}

/// Reads the whole of `value` as a name, with its confidence and rule: high if a list has the first or last name (and
/// not both are ordinary words), medium if only the shape speaks for it. `None` for an empty value, a single word, a firm, a placeholder, a value
/// with digits (but for an id in brackets or after a dash at its end) or more than six words.
pub fn parse(value: &str, order: Order) -> Option<(PersonName, Confidence, &'static str)> {
    take_apart(value, order).map(|p| graded(p, "name-value", "name-value-shape"))
}

/// Reads a name from two columns. `first` may be an initial or hold middle names; `last` may hold a suffix.
pub fn from_parts(first: &str, last: &str) -> Option<(PersonName, Confidence, &'static str)> {
    let (first, last) = (clean(first)?, clean(last)?);
    let (given_tokens, surname_tokens) = (tokens(first)?, tokens(last)?);
    let first = Line { text: first, tokens: without_affixes(&given_tokens, 1) };
    let last = Line { text: last, tokens: without_affixes(&surname_tokens, 1) };
    let given = first.tokens.first()?;
    last.tokens.first()?;
    if first.tokens.len() > 4 || last.tokens.len() > 5 || is_firm(last) || is_firm(first) {
        return None;
    }
    let whole = [given.text(first.text), " ", last.text].concat();
    let surname = whole_surname(last, 0..last.tokens.len());
    let letters = normal::letters(last.text).chars().count();
    if letters < 2 || is_placeholder(&whole) || (given.facts.thing() && !given.facts.listed()) {
        return None;
    }
    let name = person(first, 0, last, 0..last.tokens.len());
    Some(graded(Parts { name, given: given.facts, surname, pair: false }, "name-parts", "name-parts-shape"))
}

/// True if `value` reads as a person with support of the lists: for the statistics of a column.
pub fn is_person_like(value: &str) -> bool {
    let Some(parts) = take_apart(value, Order::Unknown) else { return false };
    let (g, s) = (parts.given, parts.surname);
    if parts.pair {
        return false;
    }
    let known_surname = s.surname() > 0 && s.weight() <= 1;
    if parts.name.initial_only {
        return known_surname;
    }
    match (g.given() > 0, s.surname() > 0) {
        (true, true) => g.weight() + s.weight() <= 2,
        (true, false) => g.given() >= 9 && g.weight() == 0 && s.common() == 0 && !s.thing(),
        (false, true) => s.surname() >= 8 && s.weight() == 0 && g.unheard(),
        (false, false) => false,
    }
}

/// The order in which the names of a column are written, if nine in ten of those that tell agree, five at least.
pub fn order_of(values: &[&str]) -> Order {
    let (mut forward, mut reverse) = (0, 0);
    for value in values.iter().filter_map(|v| clean(v)).filter(|v| !v.contains(',')) {
        let parts: Vec<&str> = value.split_whitespace().take(4).collect();
        let initial = |word: &str| word.trim_end_matches('.').chars().count() == 1;
        let (a, b) = match parts[..] {
            // The initial stands behind the given name, in either order.
            [first, middle, last] if initial(middle) != initial(last) && !initial(first) => {
                forward += u32::from(initial(middle));
                reverse += u32::from(initial(last));
                continue;
            }
            [a, b] => (lists::word(a), lists::word(b)),
            _ => continue,
        };
        let (as_written, turned) = (a.given() + b.surname(), a.surname() + b.given());
        forward += u32::from(as_written >= turned + 3);
        reverse += u32::from(turned >= as_written + 3);
    }
    match (forward, reverse) {
        (f, r) if f >= 5 && f >= 9 * r => Order::FirstLast,
        (f, r) if r >= 5 && r >= 9 * f => Order::LastFirst,
        _ => Order::Unknown,
    }
}

fn graded(parts: Parts, listed: &'static str, shape: &'static str) -> (PersonName, Confidence, &'static str) {
    let given = parts.given.given() > 0 && parts.given.weight() <= 2;
    let surname = parts.surname.surname() > 0 && parts.surname.weight() <= 2;
    let clear = parts.given.weight() + parts.surname.weight() <= 4 && !parts.pair;
    if (given || surname) && clear {
        (parts.name, Confidence::High, listed)
    } else {
        (parts.name, Confidence::Medium, shape)
    }
}

fn take_apart(value: &str, order: Order) -> Option<Parts> {
    let value = clean(value)?;
    if is_placeholder(value) {
        return None;
    }
    let all = tokens(value)?;
    let line = Line { text: value, tokens: without_affixes(&all, 2) };
    if !(2..=6).contains(&line.tokens.len()) || is_firm(line) || is_prose(line) {
        return None;
    }
    let (first, last) = split(line, order)?;
    let given = line.tokens[first].facts;
    let surname = whole_surname(line, last.clone());
    let main = last.end - 1;
    let term = line.tokens[first].term.max(line.term_of(&last));
    let pair = term == bits::TERM_PAIR;
    if term == bits::TERM_THING || (pair && (given.given() == 0 || surname.surname() == 0)) {
        return None;
    }
    if is_ordinary(given, surname, line.tokens[first].shape == Shape::Initial) || is_town(line, first, main) {
        return None;
    }
    let name = person(line, first, line, last);
    (normal::letters(&name.last).chars().count() > 1).then_some(Parts { name, given, surname, pair })
}

/// A form word: never part of a name, even in a name column.
fn is_form_word(facts: Facts) -> bool {
    facts.thing() && (facts.weight() >= 3 || !facts.listed())
}

/// Words of forms or streets rather than names: `Bank Account`, `Sick Leave`, `Franklin Street`.
fn is_ordinary(given: Facts, surname: Facts, initial: bool) -> bool {
    let unlisted_word = |f: Facts| f.common() > 0 && !f.listed();
    let word = |f: Facts| f.common() > 0 && (!f.listed() || f.weight() >= 2);
    let both_lists = given.given() > 0 && surname.surname() > 0;
    let street = surname.has(bits::STREET | bits::FACILITY)
        && surname.thing()
        && surname.weight() >= 2
        && surname.surname() < 15;
    is_form_word(given)
        || is_form_word(surname)
        || street
        || (unlisted_word(surname) && (initial || given.has(bits::AMBIGUOUS)))
        || (word(given) && word(surname) && !both_lists)
}

/// `Springfield MA`, `Austin, Texas`: a place with its state.
fn is_town(line: Line<'_>, first: usize, last: usize) -> bool {
    let (a, b) = (&line.tokens[first], &line.tokens[last]);
    let place = |t: &Token| t.facts.has(bits::PLACE);
    let code = |t: &Token| t.facts.has(bits::STATE) && t.shape == Shape::Upper;
    // `St. Louis, MO`
    let town = code(a) && b.term == bits::TERM_THING;
    let state = place(a) && place(b) && a.gap == Gap::Comma && a.facts.given() < 14;
    (place(a) && code(b)) || (place(b) && code(a)) || town || state
}

/// Words of a form anywhere, or lower-case words among capitalised ones: more than a name.
fn is_prose(line: Line<'_>) -> bool {
    let starts_high = |t: &Token| t.text(line.text).starts_with(char::is_uppercase);
    let capitals = line.tokens.iter().any(starts_high);
    line.tokens.iter().enumerate().any(|(i, t)| {
        let low_word = !starts_high(t) && t.facts.common() > 0 && !t.facts.listed();
        let role_only = t.facts.has(bits::ROLE);
        // `St` before a word is no street.
        let opens = line.is_particle(i) && line.after(i + 1, Gap::Space).is_some();
        (is_form_word(t.facts) && !role_only && !opens) || (capitals && low_word)
    })
}

fn person(first: Line<'_>, at: usize, last: Line<'_>, words: Range<usize>) -> PersonName {
    let given = &first.tokens[at];
    PersonName {
        first: given.text(first.text).to_owned(),
        last: last.text[last.tokens[words.start].start..last.tokens[words.end - 1].end].to_owned(),
        initial_only: given.shape == Shape::Initial,
    }
}

/// The value without brackets, ids and quotes around it; `None` if no name can be left.
fn clean(value: &str) -> Option<&str> {
    let mut value =
        value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | ',' | ';' | ':'));
    if value.len() > LONGEST {
        return None;
    }
    if value.ends_with([')', ']'])
        && let Some(open) = value.rfind(['(', '['])
    {
        value = &value[..open];
    }
    let marked = value.bytes().any(|b| matches!(b, b'#' | b'-' | b'|'));
    for mark in [" #", " - ", " | ", "#"].into_iter().filter(|_| marked) {
        if let Some((name, id)) = value.split_once(mark)
            && id.bytes().any(|b| b.is_ascii_digit())
        {
            value = name;
        }
    }
    let value = value.trim();
    let nothing = value.is_empty() || value.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'\\'));
    (!nothing).then_some(value)
}

/// The words of a value; lower-case words count as names. `None` if something stands between them that no name has.
fn tokens(value: &str) -> Option<Vec<Token>> {
    let mut tokens = shape::tokens(value);
    for token in &mut tokens {
        let text = token.text(value);
        let single = text.chars().nth(1).is_none();
        match token.shape {
            Shape::Lower if single => token.shape = Shape::Initial,
            Shape::Lower if !lists::is_lower_particle(text) => {
                token.facts = lists::word(text);
                token.shape = Shape::Title;
            }
            Shape::Camel => {
                token.facts = lists::word(text);
                token.shape = Shape::Title;
            }
            _ => {}
        }
    }
    let quiet = |t: &Token| {
        matches!(t.gap, Gap::Start | Gap::Space | Gap::Wide | Gap::Comma | Gap::Slash | Gap::Under)
    };
    let quoted =
        |t: &Token| value[..t.start].ends_with(['"', '(']) || value[..t.start].ends_with(['"', ')', ' ']);
    tokens
        .iter()
        .all(|t| quiet(t) || (t.gap == Gap::Other && quoted(t) && !value.contains('&')))
        .then_some(tokens)
}

/// Titles in front, degrees and suffixes behind, as long as `least` words remain.
fn without_affixes(mut tokens: &[Token], least: usize) -> &[Token] {
    while let [first, rest @ ..] = tokens
        && rest.len() >= least
        && first.facts.has(bits::HONORIFIC)
        && (first.dot || !first.facts.listed() || first.facts.weight() >= 2)
        && rest[0].gap != Gap::Comma
    {
        tokens = rest;
    }
    while let [rest @ .., last] = tokens
        && rest.len() >= least
        && is_affix(last)
    {
        tokens = rest;
    }
    tokens
}

/// A suffix or degree; one that is also a surname (`Do`, `Ma`) only after a comma.
fn is_affix(token: &Token) -> bool {
    token.facts.has(bits::SUFFIX | bits::CREDENTIAL)
        && (token.gap == Gap::Comma || token.dot || !token.facts.listed())
}

fn is_firm(line: Line<'_>) -> bool {
    let firm = |t: &Token| {
        let f = t.facts;
        f.has(bits::ORG_SUFFIX) && !(f.listed() && f.weight() <= 1)
            || f.has(bits::ORG_WORD | bits::FACILITY) && f.thing() && !f.listed()
            || matches!(
                t.text(line.text),
                "and" | "of" | "the" | "for" | "And" | "Of" | "The" | "For" | "AND" | "OF" | "THE" | "FOR"
            )
    };
    line.text.contains('&') || line.tokens.iter().any(firm)
}

/// Which word is the first name and which words are the surname.
fn split(line: Line<'_>, order: Order) -> Option<(usize, Range<usize>)> {
    let tokens = line.tokens;
    if let Some(comma) =
        tokens.iter().position(|t| matches!(t.gap, Gap::Comma | Gap::Slash)).filter(|&c| c > 0)
    {
        let mut end = comma;
        while end > 1 && is_affix(&tokens[end - 1]) {
            end -= 1;
        }
        let first = (comma..tokens.len()).find(|&i| !is_affix(&tokens[i]))?;
        return (end <= 4).then_some((first, 0..end));
    }
    let reverse = match order {
        Order::FirstLast => false,
        Order::LastFirst => true,
        Order::Unknown => is_reversed(tokens) && !ends_with_particles(line),
    };
    if reverse {
        let surname = line.surname_at(0)?;
        let first = surname.words.end;
        return (first < tokens.len()).then_some((first, surname.words));
    }
    (tokens[0].shape != Shape::Lower && tokens[tokens.len() - 1].shape != Shape::Initial)
        .then(|| (0, last_surname(line)))
}

/// `HARGROVE TOBIAS E`: an initial at the end, or lists that clearly say so.
fn is_reversed(tokens: &[Token]) -> bool {
    let (a, b) = (&tokens[0], &tokens[1]);
    let last = &tokens[tokens.len() - 1];
    if last.shape == Shape::Initial {
        return a.shape != Shape::Initial;
    }
    if a.shape == Shape::Lower {
        return true;
    }
    let margin = if a.shape == Shape::Upper { CAPS_MARGIN } else { TITLE_MARGIN };
    a.shape != Shape::Initial && b.facts.given() > 0 && is_reversed_pair(a.facts, b.facts, last.facts, margin)
}

/// `DUARTE VAN DYKE`: a surname with its particles is all that follows the first word.
fn ends_with_particles(line: Line<'_>) -> bool {
    let whole = |s: super::form::Surname| s.words.len() > 1 && s.words.end == line.tokens.len();
    !line.is_particle(0) && line.is_particle(1) && line.surname_at(1).is_some_and(whole)
}

/// Surname first (`a b`) against first name first (`a … last`).
fn is_reversed_pair(a: Facts, b: Facts, last: Facts, margin: u32) -> bool {
    a.surname() > 0 && a.surname() + b.given() >= as_written(a, last) + margin
}

/// The surname at the end of `First Middle Last`, with its particles.
fn last_surname(line: Line<'_>) -> Range<usize> {
    let end = line.tokens.len();
    let from = (1..end - 1).find(|&i| line.surname_at(i).is_some_and(|s| s.words.end == end));
    from.unwrap_or(end - 1)..end
}

/// What the lists know about a surname of one or more words.
fn whole_surname(line: Line<'_>, words: Range<usize>) -> Facts {
    let main = line.tokens[words.end - 1].facts;
    if words.len() == 1 {
        return main;
    }
    let whole = lists::joined(&line.text[line.tokens[words.start].start..line.tokens[words.end - 1].end]);
    if whole.surname() > 0 { whole } else { main }
}

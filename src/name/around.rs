//! What around a recognised name makes it no person: firms, streets, buildings, places.

use super::bits;
use super::form::{Found, Line};
use super::judge::Cue;
use super::shape::{Gap, Shape, Token};

/// True if the words around `found` turn it into something else: `Hargrove Tobias Plumbing LLC`, `12 Mary Lane`.
pub(super) fn is_something_else(line: Line<'_>, found: &Found, cue: Cue) -> bool {
    is_glued(line, found)
        || starts_place(line, found.span.start)
        || follows_of(line, found.span.start)
        || is_street(line, found)
        || is_town_and_state(line, found, cue)
        || firm_follows(line, found.span.end)
}

/// Part of an address, a path or an identifier: `Scott.L.Miller@…`, `$Price_T`, `Borland C++`.
fn is_glued(line: Line<'_>, found: &Found) -> bool {
    let (first, last) = (&line.tokens[found.span.start], &line.tokens[found.span.end - 1]);
    let before = line.text[..first.start].bytes().next_back();
    let after = line.text[last.end..].bytes().next();
    let joined = line.tokens[found.span.start..found.span.end].iter().skip(1).any(|t| t.gap == Gap::Under);
    // Several are the line of a form that was filled in.
    let filled = line.text[..first.start].ends_with("__") || line.text[last.end..].starts_with("__");
    let underscore = !joined && !filled && (before == Some(b'_') || after == Some(b'_'));
    underscore
        || matches!(before, Some(b'.' | b'@' | b'$' | b'\\' | b'%'))
        || matches!(after, Some(b'@' | b'+' | b'(' | b'[' | b'{'))
}

/// `St. Mary …`, `Fort …`, `Lake …`, `New …` before it.
fn starts_place(line: Line<'_>, from: usize) -> bool {
    const WORDS: [&str; 15] = [
        "st", "saint", "santa", "fort", "ft", "mount", "mt", "lake", "cape", "port", "point", "camp", "new",
        "hotel", "ms",
    ];
    line.before(from).is_some_and(|t| {
        let text = t.text(line.text);
        t.is_name_shaped() && WORDS[..14].iter().any(|w| text.eq_ignore_ascii_case(w))
    })
}

/// `University of Mary …`, `City of …`.
fn follows_of(line: Line<'_>, from: usize) -> bool {
    let Some(of) = line.before(from) else { return false };
    of.text(line.text) == "of"
        && line.before(from - 1).is_some_and(|t| {
            t.is_name_shaped()
                && t.facts.has(bits::FACILITY | bits::ORG_WORD | bits::ORG_SUFFIX)
                && !t.facts.listed()
        })
}

/// A house number before and a street word as surname (`12 Mary Lane`) or after the name.
fn is_street(line: Line<'_>, found: &Found) -> bool {
    // The minutes of a time are no number of a house.
    let time = |t: &Token| line.text[..t.start].ends_with(':');
    let numbered = line.before(found.span.start).is_some_and(|t| t.shape == Shape::Number && !time(t));
    let surname = &line.tokens[found.last.end - 1];
    let street = |t: &Token| t.is_name_shaped() && t.facts.has(bits::STREET);
    let next = line.after(found.span.end, Gap::Space).filter(|t| street(t));
    if is_street_short(surname.text(line.text)) {
        return true;
    }
    numbered && (street(surname) || next.is_some()) || next.is_some_and(|t| is_street_word(t, line.text))
}

/// Street words that are not short for anything else on forms (`DL` is a dale and a driver's licence).
fn is_street_word(token: &Token, text: &str) -> bool {
    let word = token.text(text);
    is_street_short(word) || (word.len() >= 4 && !token.facts.has(bits::FORM))
}

fn is_street_short(word: &str) -> bool {
    ["st", "ave", "rd", "ln", "blvd", "hwy", "pkwy", "ter", "cir", "sq"]
        .iter()
        .any(|s| word.eq_ignore_ascii_case(s))
}

/// `Lawrence, Virginia`, `BEVERLY MA 01915`: the words are places and a state or ZIP belongs to them.
fn is_town_and_state(line: Line<'_>, found: &Found, cue: Cue) -> bool {
    let surname = &line.tokens[found.last.end - 1];
    let zip = line.tokens.get(found.span.end).is_some_and(|t| {
        matches!(t.gap, Gap::Space | Gap::Wide) && t.shape == Shape::Number && t.text(line.text).len() >= 5
    });
    let code = surname.facts.has(bits::STATE) && surname.shape == Shape::Upper;
    let first = line.tokens[found.first].facts;
    if code && (cue < Cue::Title || zip || first.has(bits::PLACE)) {
        return true;
    }
    let state_next = line.tokens.get(found.span.end).is_some_and(|t| {
        matches!(t.gap, Gap::Space | Gap::Comma) && t.facts.has(bits::STATE) && t.shape == Shape::Upper
    });
    let places = surname.facts.has(bits::PLACE) && first.has(bits::PLACE);
    places && (state_next || cue < Cue::Only)
}

/// A legal form or trade word after the name makes it a firm.
fn firm_follows(line: Line<'_>, end: usize) -> bool {
    let mut amp = false;
    for (n, token) in line.tokens[end..].iter().take(5).enumerate() {
        let between = &line.text[line.tokens[end + n - 1].next..token.start];
        amp |= between.contains('&');
        let linked = token.gap == Gap::Space || between.trim() == "&" || (amp && token.gap == Gap::Comma);
        let suffix = token.is_name_shaped() && token.facts.has(bits::ORG_SUFFIX);
        if n == 0 && token.gap == Gap::Comma && !amp {
            return is_dotted_suffix(&line.text[token.start..])
                || suffix && token.end - token.start > 2 && !token.facts.has(bits::STATE);
        }
        if !linked || (!token.is_capital() && token.text(line.text) != "and") {
            return false;
        }
        if suffix && (amp || token.facts.weight() != 0 || !token.facts.listed())
            || is_dotted_suffix(&line.text[token.start..])
        {
            return true;
        }
        let facts = token.facts;
        let building = facts.has(bits::FACILITY) && (facts.rather_surname() || !facts.listed());
        let trade =
            (building || facts.has(bits::ORG_WORD) && facts.thing()) && !facts.has(bits::FORM | bits::ROLE);
        if trade
            && token.is_name_shaped()
            && (n == 0 || amp || line.tokens[end + n - 1].facts.has(bits::ORG_WORD))
        {
            return true;
        }
    }
    false
}

/// `P.C.`, `L.L.C.` and the like.
fn is_dotted_suffix(text: &str) -> bool {
    ["P.C", "L.L.C", "L.L.P", "N.A.", "P.A."].iter().any(|s| text.starts_with(s))
}

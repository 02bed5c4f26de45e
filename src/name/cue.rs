//! What stands before a name: labels, titles, roles.

use super::bits;
use super::form::Line;
use super::judge::Cue;
use super::lists::{self, Phrase};
use super::shape::{self, Gap, Shape, Token};

/// The cue for a name that starts at word `i`; `above` is the line before.
pub(super) fn cue(line: Line<'_>, i: usize, above: Option<&str>) -> Cue {
    let token = &line.tokens[i];
    let text = line.text;
    let own = match token.gap {
        // `name="…"` in markup names anything.
        Gap::Colon
            if text[..token.start].ends_with(['"', '\''])
                && text.contains('<')
                && !text[line.tokens[i - 1].next..token.start].contains(':') =>
        {
            label_before(line, i).min(Cue::Listed)
        }
        Gap::Colon => label_before(line, i),
        Gap::Wide => {
            let sure = is_phrase_label(line, i) || is_field(line, i);
            label_before(line, i).min(if sure { Cue::Label } else { Cue::Listed })
        }
        // `Driver - Tobias Hargrove`, but not `… with the client - Acme Widgets`.
        Gap::Dash => {
            label_before(line, i).min(if begins_with_label(line, i) { Cue::Label } else { Cue::Listed })
        }
        Gap::Space if is_named_field(line, i) => Cue::Label,
        Gap::Space => opening(line, i),
        Gap::Other if text[..token.start].ends_with('>') => label_before(line, i),
        _ => Cue::None,
    };
    let title = title_before(line, i, above);
    let own = own.max(title);
    if own != Cue::Label && is_first(line, i) && above.is_some_and(is_label_line) { Cue::Label } else { own }
}

/// True if nothing but signs stands before word `i`.
fn is_first(line: Line<'_>, i: usize) -> bool {
    i == 0 && line.tokens[0].start <= 80
}

/// The label that ends before word `i`, and how much it says.
fn label_before(line: Line<'_>, i: usize) -> Cue {
    let Some((from, kinds)) = longest_label(line, i) else { return Cue::None };
    let gap = line.tokens[from].gap;
    // `updated name=…`: the word before a key is none of its own.
    // The label may be the end of the line.
    let between = || line.text.get(line.tokens[i - 1].next..line.tokens.get(i)?.start);
    let key = gap == Gap::Space && between().is_some_and(|signs| signs.starts_with('='));
    let has_one = from > 0 && matches!(gap, Gap::Space | Gap::Under) && !key;
    let qualifier = has_one.then(|| line.tokens[from - 1].text(line.text));
    let Some(word) = qualifier.filter(|w| w.contains(char::is_alphabetic)) else { return level(kinds) };
    let mut phrase = Phrase::new();
    phrase.push(word, bits::KEY);
    let kinds_of_qualifier = lists::label(&phrase);
    if kinds_of_qualifier & bits::LABEL_NEGATIVE != 0 {
        Cue::None
    } else if word.len() > 3 && !matches!(word, "your" | "Your" | "legal" | "Print" | "print" | "Please") {
        level(kinds).min(Cue::Listed)
    } else {
        level(kinds)
    }
}

fn level(kinds: u32) -> Cue {
    if kinds & (bits::LABEL_STRONG | bits::LABEL_OPENING) != 0 {
        Cue::Label
    } else if kinds & bits::LABEL_WEAK != 0 {
        Cue::Listed
    } else {
        Cue::None
    }
}

/// True if a word continues the label of the word before it.
fn joins(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Under | Gap::Comma)
}

/// The longest known label of the words that end before word `i`: its first word and its kinds.
fn longest_label(line: Line<'_>, i: usize) -> Option<(usize, u32)> {
    let mut from = i.checked_sub(1)?;
    while from > 0 && i - from < 7 && joins(&line.tokens[from]) {
        from -= 1;
    }
    (from..i).find_map(|start| match kinds(line, start, i) {
        0 => None,
        kinds => Some((start, kinds)),
    })
}

/// The kinds of the label made of words `from..to`.
fn kinds(line: Line<'_>, from: usize, to: usize) -> u32 {
    let mut phrase = Phrase::new();
    for token in &line.tokens[from..to] {
        if token.start != line.tokens[from].start {
            phrase.space();
        }
        // With a possessive ending: `Employee's name` is in the table as `EMPLOYEES NAME`.
        phrase.push(&line.text[token.start..token.next], bits::KEY);
    }
    lists::label(&phrase)
}

/// True if the label before a wide gap has more than one word; one word is too often the head of a column.
fn is_phrase_label(line: Line<'_>, i: usize) -> bool {
    longest_label(line, i).is_some_and(|(from, _)| i - from > 1)
}

/// `Tenant   Tobias Hargrove`: a label and one value of a few words are the whole line.
fn is_field(line: Line<'_>, i: usize) -> bool {
    begins_with_label(line, i) && is_few_words(line, i)
}

/// `Name Tobias Hargrove`, as a form reads that was laid out by its cells.
fn is_named_field(line: Line<'_>, i: usize) -> bool {
    let label = line.tokens[i - 1].text(line.text);
    label.eq_ignore_ascii_case("name")
        && i <= 3
        && begins_with_label(line, i)
        && label_before(line, i) == Cue::Label
        && is_few_words(line, i)
}

/// The words from `i` on, two to five with a capital each, end the line.
fn is_few_words(line: Line<'_>, i: usize) -> bool {
    let rest = &line.tokens[i..];
    let alike = |t: &Token| {
        matches!(t.gap, Gap::Space | Gap::Comma) && (t.is_capital() || line.text[t.start..t.end].len() <= 3)
    };
    (2..=5).contains(&rest.len()) && rest[0].is_capital() && rest[1..].iter().all(alike)
}

/// True if the label before word `i` is all that stands there.
fn begins_with_label(line: Line<'_>, i: usize) -> bool {
    longest_label(line, i).is_some_and(|(from, _)| from == 0)
}

/// Labels that need no separator: `issued to`, `Dear`, `Patient`.
fn opening(line: Line<'_>, i: usize) -> Cue {
    let before = &line.tokens[i - 1];
    let last = lists::joined(&line.text[before.start..before.end]);
    if !last.has(bits::LABEL_END) {
        return Cue::None;
    }
    for from in i.saturating_sub(6)..i {
        let linked = (from + 1..i).all(|k| line.tokens[k].gap == Gap::Space);
        let found = if linked { kinds(line, from, i) } else { 0 };
        if found & bits::LABEL_OPENING != 0 {
            return Cue::Label;
        }
        if found & bits::LABEL_NOUN != 0 {
            return Cue::Noun;
        }
    }
    Cue::None
}

/// `Mr.`, `Dr.` and the like before word `i`, raised by a label before them (`Name: Dr. …`).
fn title_before(line: Line<'_>, i: usize, above: Option<&str>) -> Cue {
    let Some(title) = line.before(i) else { return Cue::None };
    if !title.facts.has(bits::HONORIFIC) || title.shape == Shape::Initial {
        return Cue::None;
    }
    let at = i - 1;
    let text = title.text(line.text);
    let firm =
        ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "atty", "sgt", "capt", "hon"];
    let after_street = line.before(at).is_some_and(|t| t.is_capital() || t.shape == Shape::Number);
    if after_street {
        return Cue::None;
    }
    let own = if firm.iter().any(|f| text.eq_ignore_ascii_case(f)) { Cue::Title } else { Cue::Noun };
    let label = match title.gap {
        Gap::Colon => label_before(line, at),
        Gap::Space => opening(line, at),
        Gap::Start if above.is_some_and(is_label_line) => Cue::Label,
        _ => Cue::None,
    };
    own.max(label)
}

/// True if `above` is a label and nothing else, at least in its first column: `Employee Name:`.
fn is_label_line(above: &str) -> bool {
    let above = above.trim();
    if above.is_empty() || above.len() > 100 {
        return false;
    }
    let tokens = shape::tokens(above);
    let column_end = tokens.iter().skip(1).position(|t| t.gap == Gap::Wide).map_or(tokens.len(), |n| n + 1);
    let line = Line { text: above, tokens: &tokens[..column_end] };
    let whole = |to: usize| to > 0 && kinds(line, 0, to) & (bits::LABEL_STRONG | bits::LABEL_OPENING) != 0;
    let linked = line.tokens.iter().skip(1).all(|t| joins(t) || t.gap == Gap::Other || t.gap == Gap::Slash);
    if linked && column_end <= 8 && whole(column_end) {
        return true;
    }
    // Forms number their boxes: `e Employee's first name and initial`, `1. Name`.
    let numbered = tokens.first().is_some_and(|t| t.end - t.start <= 2);
    numbered && column_end > 1 && column_end <= 9 && kinds(line, 1, column_end) & bits::LABEL_STRONG != 0
        || ends_with_label(above, line)
}

/// `Patient details - Full name:` with the colon at the end of the line.
fn ends_with_label(above: &str, line: Line<'_>) -> bool {
    above.ends_with(':') && label_before(line, line.tokens.len()) == Cue::Label
}

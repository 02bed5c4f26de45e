//! Cuts a line into words with their shapes and the gaps between them.
//!
//! Everything later works on these words; the line itself is read once. The kind of gap decides what may belong
//! together: one space inside a name, two or more between columns.

use super::bits;
use super::lists::{self, Facts, Phrase};
use super::normal::is_mark;

/// What a word looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `Tobias`, `O'Brien`, `McDonald`, `Peña-Núñez`.
    Title,
    /// `TOBIAS`.
    Upper,
    /// One capital.
    Initial,
    /// Starts in lower case.
    Lower,
    /// Digits, mixed with letters or not.
    Number,
    /// Capitals in odd places: `GitHub`, `MacOS`.
    Camel,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Start of the line.
    Start,
    /// One space.
    Space,
    /// Two spaces or more, or a tab: the next column.
    Wide,
    /// A comma.
    Comma,
    /// A colon or an equals sign.
    Colon,
    /// A slash.
    Slash,
    /// An underscore.
    Under,
    /// A hyphen with spaces around it.
    Dash,
    /// Anything else.
    Other,
}

/// One word of a line.
#[derive(Clone)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: usize,
    /// Byte after the word, without a possessive ending or full stop.
    pub(super) end: usize,
    /// Byte where the gap to the next word starts.
    pub(super) next: usize,
    /// What stands before.
    pub(super) gap: Gap,
    /// What it looks like.
    pub(super) shape: Shape,
    /// A full stop belongs to it: `T.`, `Jr.`
    pub(super) dot: bool,
    /// What the lists know.
    pub(super) facts: Facts,
    /// Part of a term that is no person (`bits::TERM_…`), or 0.
    pub(super) term: u32,
}

impl Token {
    /// May be a full word of a name.
    pub(super) fn is_name_shaped(&self) -> bool {
        matches!(self.shape, Shape::Title | Shape::Upper)
    }

    /// Starts with a capital.
    pub(super) fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Title | Shape::Upper | Shape::Initial | Shape::Camel)
    }

    /// The word itself.
    pub(super) fn text<'a>(&self, line: &'a str) -> &'a str {
        &line[self.start..self.end]
    }
}

/// Cheap test for lines that cannot name anybody: fewer than two words start with a capital, and no label stands
/// there to vouch for lower case.
pub(super) fn may_hold_a_name(line: &str) -> bool {
    let mut capitals = 0;
    let mut inside = false;
    for &b in line.as_bytes() {
        let starts = !inside && (b.is_ascii_uppercase() || b >= 0xc3);
        capitals += u32::from(starts);
        inside = b.is_ascii_alphanumeric() || b >= 0x80;
    }
    capitals >= 2 || line.contains(": ")
}

/// The words of `line`.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(line.len() / 6 + 4);
    let (mut at, mut gap_from) = (0, 0);
    while let Some((start, end, letters)) = next_word(line, at) {
        let text = &line[start..end];
        let gap = if out.is_empty() { Gap::Start } else { gap(&line[gap_from..start], out.last()) };
        let token = token(line, start, text, gap, letters);
        at = token.next.max(end);
        gap_from = token.next;
        out.push(token);
    }
    drop_nicknames(line, &mut out);
    mark_terms(line, &mut out);
    out
}

/// Leaves out the nickname in `Tobias "Toby" Hargrove` and `Tobias (Toby) Hargrove`.
fn drop_nicknames(line: &str, tokens: &mut Vec<Token>) {
    let is_nickname = |w: &[Token]| {
        let names = w[0].facts.given() > 0 && w[1].facts.given() > 0;
        names && w[1].gap == Gap::Other && w[2].gap == Gap::Other && {
            let (open, close) = (&line[w[0].next..w[1].start], &line[w[1].next..w[2].start]);
            matches!((open, close), (" \"", "\" ") | (" (", ") ") | (" '", "' "))
        }
    };
    let found: Vec<usize> =
        tokens.windows(3).enumerate().filter(|(_, w)| is_nickname(w)).map(|(n, _)| n + 1).collect();
    for &at in &found {
        tokens[at + 1].gap = Gap::Space;
    }
    if !found.is_empty() {
        let mut at = 0;
        tokens.retain(|_| {
            at += 1;
            found.binary_search(&(at - 1)).is_err()
        });
    }
}

/// Start and end of the next word at or after `at`, and whether it is letters only.
fn next_word(line: &str, at: usize) -> Option<(usize, usize, bool)> {
    let start = at + line[at..].find(char::is_alphanumeric)?;
    let mut letters = true;
    let mut end = start;
    let mut rest = line[start..].chars().peekable();
    while let Some(c) = rest.next() {
        let joins = matches!(c, '\'' | '-') && rest.peek().is_some_and(|n| n.is_alphanumeric());
        if !(c.is_alphanumeric() || is_mark(c) || joins) {
            break;
        }
        letters &= !c.is_numeric();
        end += c.len_utf8();
    }
    Some((start, end, letters))
}

fn token(line: &str, start: usize, text: &str, gap: Gap, letters: bool) -> Token {
    let stem = text.strip_suffix("'s").or_else(|| text.strip_suffix("'S")).unwrap_or(text);
    let mut shape = if letters { shape(stem) } else { Shape::Number };
    let facts = match shape {
        Shape::Title | Shape::Upper | Shape::Camel => lists::word(stem),
        _ => Facts::default(),
    };
    if shape == Shape::Camel && facts.surname() > 0 && stem.starts_with(char::is_uppercase) {
        shape = Shape::Title;
    }
    let mut next = start + text.len();
    let dot = line.as_bytes().get(next) == Some(&b'.') && takes_stop(shape, facts, stem);
    next += usize::from(dot);
    Token { start, end: start + stem.len(), next, gap, shape, dot, facts, term: 0 }
}

/// True for initials and for short forms that are written with a full stop.
fn takes_stop(shape: Shape, facts: Facts, stem: &str) -> bool {
    let short =
        facts.has(bits::HONORIFIC | bits::SUFFIX | bits::PARTICLE | bits::ORG_SUFFIX) && stem.len() <= 4;
    shape == Shape::Initial || short || matches!(stem, "st" | "dr" | "mr" | "ms" | "mrs")
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return Shape::Lower };
    let rest = letters.clone().count();
    let capitals = letters.filter(|c| c.is_uppercase()).count();
    match (first.is_uppercase(), rest, capitals) {
        (false, ..) => lower_with_prefix(word),
        (true, 0, _) => Shape::Initial,
        (true, n, c) if n == c => Shape::Upper,
        (true, _, 0) => Shape::Title,
        _ if word.strip_prefix("Mc").or_else(|| word.strip_prefix("Mac")).is_some_and(is_all_capitals) => {
            Shape::Upper
        }
        _ if word.split(['-', '\'']).all(is_title_part) => Shape::Title,
        _ => Shape::Camel,
    }
}

/// `d'Angelo` and `l'Heureux` are names although they start in lower case.
fn lower_with_prefix(word: &str) -> Shape {
    match word.split_once('\'') {
        Some(("d" | "l" | "o", rest)) if rest.len() > 2 && is_title_part(rest) => Shape::Title,
        _ => Shape::Lower,
    }
}

/// `DONALD` of `McDONALD`.
fn is_all_capitals(text: &str) -> bool {
    text.len() > 2 && text.chars().all(char::is_uppercase)
}

/// `Peña`, `O` (of `O'Brien`), `McDonald`, `DaSilva`.
fn is_title_part(part: &str) -> bool {
    const PREFIXES: [&str; 16] = [
        "Mc", "Mac", "De", "Da", "Di", "Du", "La", "Le", "Van", "Von", "St", "Fitz", "Del", "Dos", "Des",
        "El",
    ];
    let plain = |text: &str| {
        let mut chars = text.chars();
        chars.next().is_some_and(char::is_uppercase) && !chars.any(char::is_uppercase)
    };
    let after = |prefix: &&str| part.strip_prefix(*prefix).is_some_and(|r| r.len() > 2 && plain(r));
    plain(part) || PREFIXES.iter().any(after)
}

fn gap(text: &str, before: Option<&Token>) -> Gap {
    let bytes = text.as_bytes();
    match bytes {
        [b' '] => Gap::Space,
        [] if before.is_some_and(|t| t.dot) => Gap::Space,
        // `O' Brien`
        [b'\'', b' '] if before.is_some_and(|t| t.shape == Shape::Initial) => Gap::Space,
        [b'/'] => Gap::Slash,
        [b'_'] => Gap::Under,
        [b','] | [b',', b' ', ..] if bytes[1..].iter().all(|b| *b == b' ') => Gap::Comma,
        _ if !bytes.is_empty() && bytes.iter().all(|b| matches!(b, b' ' | b'\t')) => Gap::Wide,
        [b' ', b'-', b' ', ..] if bytes[3..].iter().all(|b| *b == b' ') => Gap::Dash,
        _ if is_colon(bytes) || is_leader(bytes) => Gap::Colon,
        _ => Gap::Other,
    }
}

/// One colon or equals sign with nothing but spaces, quotes, brackets, leaders or tag ends around it.
fn is_colon(gap: &[u8]) -> bool {
    let marks = gap.iter().filter(|b| matches!(b, b':' | b'=')).count();
    let quiet = |b: &u8| {
        matches!(b, b' ' | b'\t' | b':' | b'=' | b'"' | b'\'' | b')' | b'(' | b'.' | b'_' | b'*' | b'#')
    };
    marks == 1 && gap.len() <= 80 && gap.iter().all(quiet)
}

/// `Tenant ........ `: dots lead from a label to its value.
fn is_leader(gap: &[u8]) -> bool {
    let dots = gap.trim_ascii();
    let least = if gap.starts_with(b" ") { 2 } else { 3 };
    gap.len() <= 80 && dots.len() >= least && dots.iter().all(|b| matches!(b, b'.' | b' '))
}

/// Marks words that form a known term of two to four words: `New York`, `Wells Fargo`.
fn mark_terms(line: &str, tokens: &mut [Token]) {
    let mut at = 0;
    while at < tokens.len() {
        let length = if tokens[at].facts.has(bits::PHRASE) { mark_term_at(line, tokens, at) } else { 0 };
        at += length.max(1);
    }
}

/// Marks the longest term that starts at `at` and returns its length in words.
fn mark_term_at(line: &str, tokens: &mut [Token], at: usize) -> usize {
    let mut phrase = Phrase::new();
    phrase.push(tokens[at].text(line), bits::KEY);
    let mut best = (0, 0);
    for (n, token) in tokens[at + 1..].iter().take(3).enumerate() {
        if token.gap != Gap::Space || !(token.is_capital() || token.end - token.start <= 3) {
            break;
        }
        phrase.space();
        phrase.push(token.text(line), bits::KEY);
        match lists::term(&phrase) {
            0 | bits::TERM_PLACEHOLDER => {}
            class => best = (n + 2, class),
        }
    }
    for token in &mut tokens[at..at + best.0] {
        token.term = best.1;
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(line: &str) -> String {
        let letter = |t: &Token| match t.shape {
            Shape::Title => 'T',
            Shape::Upper => 'U',
            Shape::Initial => 'I',
            Shape::Lower => 'l',
            Shape::Number => 'n',
            Shape::Camel => 'c',
        };
        tokens(line).iter().map(letter).collect()
    }

    #[test]
    fn shapes_of_names() {
        assert_eq!(
            shapes("Tobias E. Hargrove O'Brien McDonald DaSilva Peña-Núñez HARGROVE d'Angelo"),
            "TITTTTTUT"
        );
        assert_eq!(shapes("McDONALD GitHub MacOS LaTeX iPhone 02139 E024613387C van"), "Uccclnnl");
    }

    #[test]
    fn gaps_tell_columns_from_words() {
        use Gap::{Colon, Comma, Dash, Other, Slash, Space, Start, Under, Wide};
        let gaps: Vec<Gap> =
            tokens("Name: Hargrove, Tobias   E MA_X a/b - c.d").into_iter().map(|t| t.gap).collect();
        assert!(gaps == [Start, Colon, Comma, Wide, Space, Under, Space, Slash, Dash, Other]);
    }

    #[test]
    fn possessive_and_full_stop_are_not_part_of_the_word() {
        let line = "Hargrove's T. end.";
        let t = tokens(line);
        assert_eq!(t[0].text(line), "Hargrove");
        assert!(t[1].dot && t[2].gap == Gap::Space);
        assert!(!t[2].dot);
    }

    #[test]
    fn terms_are_marked() {
        let line = "New York and Wells Fargo";
        let marked: Vec<bool> = tokens(line).iter().map(|t| t.term != 0).collect();
        assert_eq!(marked, [true, true, false, true, true]);
    }

    #[test]
    fn a_line_without_two_capitals_is_passed_over() {
        assert!(!may_hold_a_name("the Quick brown fox jumped over 12 dogs"));
        assert!(may_hold_a_name("by Tobias Hargrove"));
        assert!(may_hold_a_name("Ágnes Ödön"));
    }
}

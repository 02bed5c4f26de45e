//! Finds labels in headers, keys and running text.
//!
//! A label is a sequence of normalised words (`EmpSSN`, `emp_ssn` and `Emp. SSN:` are all `emp ssn`). The words
//! of a text are walked through a trie, longest label first; only the first word of a label is ever looked up
//! without reason, so text without labels costs one look-up a word.

use std::ops::Range;

use super::key_words::MISSPELT;
use super::kind::LabelKind;
use crate::flat::FlatMap;

static EDGES: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/labels.edges")));
static NODES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.nodes"));
static ENTRIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.entries"));

/// Where a label may speak.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Anywhere, also as part of a longer header.
    Word,
    /// Only when it is the whole header or key.
    Exact,
    /// Only in running text.
    Inline,
}

/// One meaning of a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label {
    /// What it names.
    pub kind: LabelKind,
    /// 3 names it by itself, 2 likely, 1 only with strong evidence of form.
    pub weight: u8,
    /// Where it may speak.
    pub scope: Scope,
    /// For negative labels: bits 1 ssn, 2 licence, 4 card, 8 account, 16 names.
    pub against: u8,
}

/// A label found in running text.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Where, in bytes.
    pub span: Range<usize>,
    /// How many words it has.
    pub words: usize,
    /// Its meanings (few: `account` may be a card's or a bank's).
    pub labels: Labels,
}

/// The meanings at one node of the trie.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels {
    at: usize,
    len: usize,
}

impl Labels {
    fn of(node: u32) -> Labels {
        let i = node as usize * 4;
        let word = u32::from_le_bytes([NODES[i], NODES[i + 1], NODES[i + 2], NODES[i + 3]]);
        Labels { at: (word >> 8) as usize, len: (word & 0xff) as usize }
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All meanings.
    pub fn iter(&self) -> impl Iterator<Item = Label> + use<> {
        let at = self.at;
        (at..at + self.len).map(|i| {
            let e = &ENTRIES[i * 4..i * 4 + 4];
            let scope = [Scope::Word, Scope::Exact, Scope::Inline][usize::from(e[2])];
            Label { kind: LabelKind::ALL[usize::from(e[0])], weight: e[1], scope, against: e[3] }
        })
    }

    /// The meaning of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: LabelKind) -> Option<Label> {
        self.iter().find(|l| l.kind == kind)
    }
}

/// The normalised words of a text, in a buffer that is used again.
#[derive(Default)]
pub struct Words {
    buffer: String,
    /// Range in `buffer`, range in the text.
    words: Vec<(Range<usize>, Range<usize>)>,
}

impl Words {
    /// Splits `text` by the rule of the label tables: a space between lower case or digit and upper case, and
    /// before the last capital of a run that lower case follows; lower case; `#` is a word; all but letters,
    /// digits, `#` and `%` separates. A long number glued to a word is a word of its own.
    pub fn split(&mut self, text: &str) {
        self.buffer.clear();
        self.words.clear();
        let b = text.as_bytes();
        let mut start = None;
        for i in 0..b.len() {
            let c = b[i];
            if c == b'#' {
                self.close(b, start.take(), i);
                self.close(b, Some(i), i + 1);
            } else if !(c.is_ascii_alphanumeric() || c == b'%') {
                self.close(b, start.take(), i);
            } else if let Some(s) = start {
                if i > s && splits(b, i) {
                    self.close(b, Some(s), i);
                    start = Some(i);
                }
            } else {
                start = Some(i);
            }
        }
        self.close(b, start, b.len());
    }

    fn close(&mut self, b: &[u8], start: Option<usize>, end: usize) {
        let Some(start) = start else { return };
        let at = self.buffer.len();
        self.buffer.extend(b[start..end].iter().map(|c| c.to_ascii_lowercase() as char));
        if let Some(meant) = meant(&self.buffer[at..]) {
            self.buffer.truncate(at);
            self.buffer.push_str(meant);
        }
        self.words.push((at..self.buffer.len(), start..end));
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The normalised word at `i`.
    #[must_use]
    pub fn word(&self, i: usize) -> &str {
        &self.buffer[self.words[i].0.clone()]
    }

    /// Where the word at `i` stands in the text.
    #[must_use]
    pub fn span(&self, i: usize) -> Range<usize> {
        self.words[i].1.clone()
    }

    /// The longest label that starts at word `i` and has a meaning `fits` accepts: its words and meanings.
    fn longest(&self, i: usize, fits: impl Fn(Label) -> bool) -> Option<(usize, Labels)> {
        let (mut node, mut best) = (0u32, None);
        for j in i..self.len() {
            let Some(next) = EDGES.get_seeded(u64::from(node), self.word(j).as_bytes()) else { break };
            node = next;
            let labels = Labels::of(node);
            if labels.iter().any(&fits) {
                best = Some((j + 1 - i, labels));
            }
        }
        self.added(i, fits, best)
    }

    /// A label that a user added wins over a built-in one that is no longer.
    fn added(
        &self,
        i: usize,
        fits: impl Fn(Label) -> bool,
        built_in: Option<(usize, Labels)>,
    ) -> Option<(usize, Labels)> {
        let added = super::user::installed().and_then(|user| user.label_at(self, i));
        match added.map(|(n, node)| (n, meanings(node))) {
            Some((n, labels)) if built_in.is_none_or(|(m, _)| n >= m) && labels.iter().any(fits) => {
                Some((n, labels))
            }
            _ => built_in,
        }
    }
}

/// The node of a whole built-in label.
pub(super) fn node_of(label: &str, words: &mut Words) -> Option<u32> {
    words.split(label);
    let step = |node: u32, i| EDGES.get_seeded(u64::from(node), words.word(i).as_bytes());
    let node = (0..words.len()).try_fold(0, step)?;
    (!meanings(node).is_empty()).then_some(node)
}

/// The meanings of a node.
pub(super) fn meanings(node: u32) -> Labels {
    Labels::of(node)
}

pub(super) fn splits(b: &[u8], i: usize) -> bool {
    let (prev, c) = (b[i - 1], b[i]);
    let lower_then_upper = c.is_ascii_uppercase() && (prev.is_ascii_lowercase() || prev.is_ascii_digit());
    let last_capital = c.is_ascii_uppercase()
        && prev.is_ascii_uppercase()
        && b.get(i + 1).is_some_and(u8::is_ascii_lowercase);
    lower_then_upper || last_capital || prev.is_ascii_alphabetic() && long_digits(&b[i..])
}

/// Seven or more digits: a number glued to its label.
fn long_digits(b: &[u8]) -> bool {
    b.len() >= 7 && b[..7].iter().all(u8::is_ascii_digit)
}

/// Other words one letter away from these.
const OTHERS: [&str; 7] = ["diver", "routine", "rousing", "drivel", "drives", "drive", "chocking"];

/// The label word that a misspelt word means (`soical`, `securty`, `lisence`, `acount`, `routeing`).
fn meant(word: &str) -> Option<&'static str> {
    if word.len() < 5 || word.len() > 10 || OTHERS.contains(&word) || MISSPELT.contains(&word) {
        return None;
    }
    let close =
        |m: &&&str| m.as_bytes()[0] == word.as_bytes()[0] && !word.starts_with(**m) && one_off(word, m);
    MISSPELT.iter().find(close).copied()
}

/// True if one letter added, left out, changed or two neighbours exchanged make one word of the other.
fn one_off(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[head..a.len() - tail], &b[head..b.len() - tail]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([first, second], [left, right]) => first == right && second == left,
        _ => false,
    }
}

/// The meanings of a whole column header, key or form label. The longest label in it wins; a negative one wins
/// over a shorter positive one (`account code` over `account`).
#[must_use]
pub fn header(text: &str, words: &mut Words) -> Labels {
    words.split(text);
    let n = words.len();
    if let Some((len, labels)) = words.longest(0, |l| l.scope != Scope::Inline)
        && len == n
    {
        return labels;
    }
    let mut best: Option<(usize, u8, Labels)> = None;
    for i in 0..n {
        let Some((len, labels)) = words.longest(i, |l| l.scope == Scope::Word) else { continue };
        let weight = labels.iter().map(|l| l.weight).max().unwrap_or(0);
        if best.as_ref().is_none_or(|(l, w, _)| (len, weight) >= (*l, *w)) {
            best = Some((len, weight, labels));
        }
    }
    best.map_or_else(|| unglued(text), |(_, _, labels)| labels)
}

/// The longest header that is tried as words without spaces.
const GLUED: usize = 28;

/// A header of words written together (`employeessn`, `cardnum`): split into two or three words that make a label.
fn unglued(text: &str) -> Labels {
    let word = text.trim().to_ascii_lowercase();
    let plain = word.bytes().all(|b| b.is_ascii_alphanumeric());
    if !plain || !(5..=GLUED).contains(&word.len()) {
        return Labels::default();
    }
    let step = |node: u32, part: &str| EDGES.get_seeded(u64::from(node), part.as_bytes());
    let named = |node: u32| {
        Some(Labels::of(node)).filter(|l| l.iter().any(|l| l.scope == Scope::Word && l.weight >= 2))
    };
    for i in 2..word.len() - 1 {
        let Some(first) = step(0, &word[..i]) else { continue };
        if let Some(labels) = step(first, &word[i..]).and_then(named) {
            return labels;
        }
        for j in i + 2..word.len().saturating_sub(1) {
            let last = step(first, &word[i..j]).and_then(|n| step(n, &word[j..]));
            if let Some(labels) = last.and_then(named) {
                return labels;
            }
        }
    }
    Labels::default()
}

/// All labels in running text, leftmost and longest, in order.
pub fn inline(text: &str, words: &mut Words, hits: &mut Vec<Hit>) {
    words.split(text);
    let mut i = 0;
    while i < words.len() {
        match words.longest(i, |l| l.scope != Scope::Exact && l.weight >= 1) {
            Some((n, labels)) => {
                let span = words.span(i).start..words.span(i + n - 1).end;
                hits.push(Hit { span, words: n, labels });
                i += n;
            }
            None => i += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<LabelKind> {
        header(text, &mut Words::default()).iter().max_by_key(|l| l.weight).map(|l| l.kind)
    }

    #[test]
    fn headers_are_read_whatever_their_spelling() {
        for text in ["EmpSSN", "emp_ssn", "Emp. SSN:", "Social Security No.", "soc_sec_no", "SSN#"] {
            assert_eq!(kind(text), Some(LabelKind::Ssn), "{text}");
        }
        assert_eq!(kind("dl_no"), Some(LabelKind::DriversLicense));
        assert_eq!(kind("pan"), Some(LabelKind::CardNumber));
        assert_eq!(kind("card_number"), Some(LabelKind::CardNumber));
        assert_eq!(kind("first_name"), Some(LabelKind::FirstName));
        assert_eq!(kind("temperature"), None);
    }

    #[test]
    fn words_written_together_are_taken_apart() {
        assert_eq!(kind("employeessn"), Some(LabelKind::Ssn));
        assert_eq!(kind("cardnum"), Some(LabelKind::CardNumber));
        assert_eq!(kind("bankaccountnumber"), Some(LabelKind::AccountNumber));
        assert_eq!(kind("temperature"), None);
    }

    #[test]
    fn misspelt_labels_are_understood() {
        for text in ["Soical Securty No", "social secuirty number", "socal security"] {
            assert_eq!(kind(text), Some(LabelKind::Ssn), "{text}");
        }
        assert_eq!(kind("driver lisence"), Some(LabelKind::DriversLicense));
        assert_eq!(kind("bank acount no"), Some(LabelKind::AccountNumber));
        assert_eq!(kind("routeing number"), Some(LabelKind::Routing));
        assert_eq!(kind("routine number"), None);
    }

    #[test]
    fn the_longer_label_wins() {
        assert_eq!(kind("ssn last 4"), Some(LabelKind::SsnPart));
        assert_eq!(kind("library card number"), Some(LabelKind::Negative));
        assert_eq!(kind("employer identification number"), Some(LabelKind::Negative));
    }

    #[test]
    fn inline_labels_do_not_overlap() {
        let mut hits = Vec::new();
        inline("Routing number: 011307187 Account number: 48", &mut Words::default(), &mut hits);
        let spans: Vec<_> = hits.iter().map(|h| h.span.clone()).collect();
        assert_eq!(spans, [0..14, 26..40]);
    }
}

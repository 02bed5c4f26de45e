//! Finds labels in headers, keys and running text.
//!
//! A label is a sequence of normalised words (`EmpSSN`, `emp_ssn` and `Emp. SSN:` are all `emp ssn`). The words
//! of a text are walked through a trie, longest label first; a word that begins no label is mostly known by three of
//! its letters, and not looked up.

use std::ops::Range;

use super::key_words::{FIRST_WORDS, first_bit};
use super::kind::LabelKind;
pub use super::words::Words;
use crate::flat::FlatMap;

static EDGES: FlatMap = FlatMap::new(include_bytes!(concat!(env!("OUT_DIR"), "/labels.edges")));
static NODES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.nodes"));
/// How the first words of labels begin and end.
static FIRST_BITS: &[u8; FIRST_WORDS] = include_bytes!(concat!(env!("OUT_DIR"), "/labels.first"));
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

impl Words {
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
    let added = super::user::installed().is_some();
    let mut i = 0;
    while i < words.len() {
        if !added && !may_begin_label(words.spelt(i)) {
            i += 1;
            continue;
        }
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

/// False if no built-in label begins with the word, which may be misspelt.
fn may_begin_label(word: &str) -> bool {
    let bit = first_bit(word.as_bytes());
    FIRST_BITS[bit / 8] & (1 << (bit % 8)) != 0
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
    fn no_word_that_begins_a_label_is_passed_over() {
        let lists = [
            include_str!("../../patterns/labels/labels.tsv"),
            include_str!("../../patterns/labels/extra.tsv"),
            include_str!("../../patterns/labels/negative.tsv"),
        ];
        let mut known = 0;
        for line in lists.iter().flat_map(|l| l.lines()).filter(|l| !l.starts_with('#')) {
            let mut words = Words::default();
            for cell in line.split('\t').take(2) {
                words.split(cell);
                let begins = |i: usize| EDGES.get(words.word(i).as_bytes()).is_some();
                for i in (0..words.len()).filter(|i| begins(*i)) {
                    known += 1;
                    assert!(may_begin_label(words.spelt(i)), "{}", words.spelt(i));
                }
            }
        }
        assert!(known > 2000, "{known} words");
        for text in
            ["soical securty no", "driver lisence", "bank acount no", "routeing number", "chcking account"]
        {
            let (mut words, mut hits) = (Words::default(), Vec::new());
            inline(text, &mut words, &mut hits);
            assert!(hits.len() == 1 && hits[0].words == words.len(), "{text}");
        }
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

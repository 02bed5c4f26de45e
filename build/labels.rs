//! The label trie: words of a label, one edge a word, in a flat table keyed by (parent node, word).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::flat;
use crate::key_words::{
    AFTER_DIGITS, DIGITS_FIRST, FILTER, FIRST_WORDS, HEADS, LONG_HEAD, MISSPELT, WordHash, first_bit,
    head_bit, long_head_bit,
};
use crate::kind::LabelKind;
use crate::tsv;

/// Scope of a label: where it may speak.
const SCOPES: [&str; 3] = ["word", "exact", "inline"];

#[derive(Default)]
struct Trie {
    edges: HashMap<(u32, String), u32>,
    labels: Vec<Vec<[u8; 4]>>,
}

impl Trie {
    fn node(&mut self, phrase: &str) -> usize {
        let mut at = 0;
        for word in phrase.split(' ') {
            let next = u32::try_from(self.edges.len()).expect("few labels") + 1;
            at = *self.edges.entry((at, word.to_owned())).or_insert(next);
        }
        let at = usize::try_from(at).expect("fits");
        if self.labels.len() <= at {
            self.labels.resize(at + 1, Vec::new());
        }
        at
    }

    fn add(&mut self, phrase: &str, kind: LabelKind, weight: &str, scope: &str, against: u8) {
        let weight: u8 = weight.parse().unwrap_or_else(|_| panic!("label {phrase:?}: weight {weight:?}"));
        let scope = SCOPES.iter().position(|s| *s == scope);
        let scope = scope.unwrap_or_else(|| panic!("label {phrase:?}: unknown scope")) as u8;
        let node = self.node(phrase);
        self.labels[node].push([kind as u8, weight, scope, against]);
    }
}

/// Writes `labels.edges` (flat map to node numbers), `labels.nodes` (per node: offset and count of its labels)
/// and `labels.entries` (kind, weight, scope, against).
pub fn build(dir: &Path, out: &Path) {
    let mut trie = Trie::default();
    let mut numbers = Vec::new();
    for file in ["labels.tsv", "extra.tsv"] {
        for row in tsv::rows(&dir.join(file)) {
            let kind = LabelKind::ALL.iter().find(|k| k.word() == row[0]);
            let kind = *kind.unwrap_or_else(|| panic!("{file}: unknown element {:?}", row[0]));
            trie.add(&row[1], kind, &row[3], &row[4], 0);
            if MAKES_NUMBERS.contains(&kind) && row[4] != "exact" {
                numbers.push(row[1].split(' ').map(str::to_owned).collect());
            }
        }
    }
    for row in tsv::rows(&dir.join("negative.tsv")) {
        trie.add(&row[0], LabelKind::Negative, &row[3], "word", against(&row[2]));
    }
    write(&trie, out);
    let (keys, pairs) = key_words(numbers);
    let firsts: BTreeSet<String> = pairs.iter().map(|(first, _)| first.clone()).collect();
    let second = |(first, second): &(String, String)| format!("{first} {second}");
    let pairs: BTreeSet<String> = pairs.iter().map(second).collect();
    for (name, words) in [("keys", &keys), ("firsts", &firsts), ("pairs", &pairs)] {
        std::fs::write(out.join(format!("labels.{name}")), filter(words)).expect("OUT_DIR is writable");
    }
    let mut all: BTreeSet<Vec<u8>> = BTreeSet::new();
    spelt(&keys, &mut |word| all.extend([word.to_vec()]));
    let words: Vec<(u64, &[u8], u32)> = all.iter().map(|word| (0, word.as_slice(), 1)).collect();
    std::fs::write(out.join("labels.words"), flat::build(&words)).expect("OUT_DIR is writable");
    let begin = trie.edges.keys().filter(|(parent, _)| *parent == 0).map(|(_, word)| word.clone()).collect();
    std::fs::write(out.join("labels.first"), first_words(&begin)).expect("OUT_DIR is writable");
    let begin = keys.union(&firsts).cloned().collect();
    std::fs::write(out.join("labels.heads"), heads(&begin)).expect("OUT_DIR is writable");
}

/// Kinds of labels that make a reading possible which the number alone does not give.
const MAKES_NUMBERS: [LabelKind; 4] =
    [LabelKind::Ssn, LabelKind::DriversLicense, LabelKind::StateId, LabelKind::AccountNumber];
/// Words that stand in too much text to be keys, the more common first; a label of these alone takes the last.
const COMMON: [&str; 20] = [
    "the", "of", "to", "and", "a", "or", "1", "2", "3", "id", "no", "number", "name", "your", "#", "num",
    "nbr", "i", "s", "card",
];

/// Words that say enough only together with the word beside them in their label (`state id`, `s s`).
const WEAK: [&str; 27] = [
    "state",
    "contract",
    "government",
    "govt",
    "gov",
    "national",
    "individual",
    "information",
    "note",
    "line",
    "real",
    "share",
    "member",
    "photo",
    "certificate",
    "issued",
    "identifying",
    "ma",
    "mass",
    "dir",
    "c",
    "l",
    "n",
    "dd",
    "sy",
    "d",
    "draft",
];

/// Words of which every label holds one, always the word next that most of the labels left have; and of labels that
/// have but common and weak words, two that follow each other.
fn key_words(mut labels: Vec<Vec<String>>) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let mut keys = BTreeSet::new();
    let strong = |w: &&String| !COMMON.contains(&w.as_str()) && !WEAK.contains(&w.as_str());
    loop {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in labels.iter().flatten().filter(strong) {
            *counts.entry(word).or_default() += 1;
        }
        let Some((word, _)) = counts.into_iter().max_by_key(|(_, n)| *n) else { break };
        let word = word.to_owned();
        labels.retain(|label| !label.contains(&word));
        keys.insert(word);
    }
    let mut pairs = BTreeSet::new();
    for label in labels {
        match label.as_slice() {
            [only] => drop(keys.insert(only.clone())),
            [first, second, ..] => drop(pairs.insert((first.clone(), second.clone()))),
            [] => {}
        }
    }
    (keys, pairs)
}

/// The filter of the key words and of what they may be misspelt as.
fn filter(keys: &BTreeSet<String>) -> Vec<u8> {
    let mut bytes = vec![0u8; FILTER];
    spelt(keys, &mut |word| {
        let hash = word.iter().fold(WordHash::EMPTY, |h, b| h.with(*b));
        hash.bits().iter().for_each(|bit| bytes[bit / 8] |= 1 << (bit % 8));
    });
    bytes
}

/// The filter of how the first words of labels, and what they may be misspelt as, begin and end.
fn first_words(words: &BTreeSet<String>) -> Vec<u8> {
    let mut bytes = vec![0u8; FIRST_WORDS];
    spelt(words, &mut |word| {
        let bit = first_bit(word);
        bytes[bit / 8] |= 1 << (bit % 8);
    });
    bytes
}

/// The filter of how the key words and what they may be misspelt as begin.
fn heads(keys: &BTreeSet<String>) -> Vec<u8> {
    let mut bytes = vec![0u8; HEADS];
    spelt(keys, &mut |word| {
        // Words that begin with digits are looked for by the letter behind these.
        let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
        assert!(
            digits == 0 || digits <= DIGITS_FIRST && word[digits..] == [AFTER_DIGITS],
            "key word {word:?}"
        );
        let mut head = [0; 4];
        head[..word.len().min(4)].copy_from_slice(&word[..word.len().min(4)]);
        let bit = head_bit(head, word.len().min(4));
        bytes[bit / 8] |= 1 << (bit % 8);
        let letters = word.iter().take(LONG_HEAD).take_while(|b| b.is_ascii_lowercase()).count();
        if letters >= 4 {
            let mut head = [0; LONG_HEAD];
            head[..letters].copy_from_slice(&word[..letters]);
            let bit = long_head_bit(head, letters);
            bytes[bit / 8] |= 1 << (bit % 8);
        }
    });
    bytes
}

/// The key words and what they may be misspelt as.
fn spelt(keys: &BTreeSet<String>, add: &mut impl FnMut(&[u8])) {
    for key in keys {
        add(key.as_bytes());
        if MISSPELT.contains(&key.as_str()) {
            misspelt(key.as_bytes(), add);
        }
    }
}

/// One letter changed, added, left out, or exchanged with its neighbour; not the first, which people get right.
fn misspelt(word: &[u8], add: &mut impl FnMut(&[u8])) {
    for i in 1..=word.len() {
        let (head, tail) = word.split_at(i);
        for letter in b"abcdefghijklmnopqrstuvwxyz0123456789%" {
            add(&[head, &[*letter], tail].concat());
            if !tail.is_empty() {
                add(&[head, &[*letter], &tail[1..]].concat());
            }
        }
        if let [a, b, rest @ ..] = tail {
            add(&[head, &[*b, *a], rest].concat());
        }
        if let [_, rest @ ..] = tail {
            add(&[head, rest].concat());
        }
    }
}

/// Bits: 1 ssn, 2 licence, 4 card, 8 account, 16 names.
fn against(list: &str) -> u8 {
    list.split(',')
        .map(|w| match w {
            "ssn" => 1,
            "dl" => 2,
            "card_number" => 4,
            "account_number" => 8,
            "names" => 16,
            "all" => 15,
            _ => panic!("negative label: against {w:?}"),
        })
        .sum()
}

fn write(trie: &Trie, out: &Path) {
    let edges: Vec<(u64, &[u8], u32)> = trie
        .edges
        .iter()
        .map(|((parent, word), node)| (u64::from(*parent), word.as_bytes(), *node))
        .collect();
    let mut sorted = edges;
    sorted.sort_unstable();
    let (mut nodes, mut entries) = (Vec::new(), Vec::new());
    for node in 0..=trie.edges.len() {
        let labels = trie.labels.get(node).map_or(&[][..], Vec::as_slice);
        let offset = u32::try_from(entries.len() / 4).expect("few labels");
        nodes.extend((offset << 8 | u32::try_from(labels.len()).expect("few")).to_le_bytes());
        entries.extend(labels.iter().flatten());
    }
    for (name, bytes) in [("edges", flat::build(&sorted)), ("nodes", nodes), ("entries", entries)] {
        std::fs::write(out.join(format!("labels.{name}")), bytes).expect("OUT_DIR is writable");
    }
}

//! Makes the tables of the name part from `patterns/names/*.tsv`: `name_words.bin` (one value of packed facts per
//! word), `name_terms.bin` (terms of several words) and `name_labels.bin` (name labels).
//!
//! Keys are upper-case ASCII letters only, cut to 15 letters as the Census cuts its names; words of a term or label
//! are joined by one space.

use std::collections::HashMap;
use std::path::Path;

use crate::flat;

#[path = "../src/name/bits.rs"]
mod bits;

/// Titles and suffixes that stand in the lists of names, but never are the name.
const NEVER_NAMES: [&str; 10] = ["MR", "MRS", "MS", "DR", "JR", "SR", "II", "III", "IV", "VI"];

type Words = HashMap<String, u32>;

/// Reads the tables under `patterns/names` and writes the flat tables into `out`.
///
/// # Panics
/// If a table is missing or malformed, or `out` cannot be written: the build must fail then.
pub fn build(patterns: &Path, out: &Path) {
    let dir = patterns.join("names");
    let (mut words, mut terms, mut labels) = (Words::new(), Words::new(), Words::new());
    sizes(&dir, "surnames.tsv", bits::SURNAME, &mut words);
    sizes(&dir, "given_names.tsv", bits::GIVEN, &mut words);
    ambiguous(&dir, &mut words);
    common(&dir, &mut words);
    nonpersons(&dir, &mut words, &mut terms);
    places(&dir, &mut words, &mut terms);
    affixes(&dir, &mut words);
    name_labels(&dir, &mut words, &mut labels);
    for (file, table) in
        [("name_words.bin", &words), ("name_terms.bin", &terms), ("name_labels.bin", &labels)]
    {
        let mut entries: Vec<(u64, &[u8], u32)> = table.iter().map(|(k, &v)| (0, k.as_bytes(), v)).collect();
        entries.sort_unstable_by_key(|e| e.1);
        std::fs::write(out.join(file), flat::build(&entries)).expect("the output folder is writable");
    }
}

/// Calls `each` with the first three cells of every row but the header.
fn rows(dir: &Path, file: &str, mut each: impl FnMut(&str, &str, &str)) {
    let path = dir.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for line in text.lines().skip(1) {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or("");
        each(next(), next(), next());
    }
}

fn number(cell: &str) -> u32 {
    cell.parse().unwrap_or_else(|_| panic!("not a number in a name table: {cell}"))
}

/// The key of one word.
fn key(word: &str) -> String {
    word.bytes()
        .filter(u8::is_ascii_alphabetic)
        .map(|b| b.to_ascii_uppercase() as char)
        .take(bits::KEY)
        .collect()
}

/// The key of several words.
fn phrase(term: &str) -> String {
    let words: Vec<String> = term.split([' ', '-']).map(key).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

fn add(words: &mut Words, key: String, value: u32) {
    if key.len() > 1 {
        *words.entry(key).or_default() |= value;
    }
}

/// Names cut to the same key keep the larger size.
fn sizes(dir: &Path, file: &str, shift: u32, words: &mut Words) {
    rows(dir, file, |name, log2, _| {
        let value = words.entry(key(name)).or_default();
        let old = *value >> shift & bits::SIZE_MASK;
        let new = number(log2).clamp(old, bits::SIZE_MASK);
        *value = *value & !(bits::SIZE_MASK << shift) | new << shift;
    });
}

fn ambiguous(dir: &Path, words: &mut Words) {
    rows(dir, "ambiguous_names.tsv", |name, kinds, weight| {
        let mut value = bits::AMBIGUOUS | number(weight) << bits::WEIGHT;
        for kind in kinds.split('+') {
            value |= match kind {
                "state" | "country" | "city" | "ma_town" => bits::PLACE,
                "label" => bits::FORM,
                _ => 0,
            };
        }
        add(words, key(name), value);
    });
}

fn common(dir: &Path, words: &mut Words) {
    rows(dir, "common_words.tsv", |word, scowl, _| {
        let rank = match number(scowl) {
            10 => 1,
            20 => 2,
            35 => 3,
            40 => 4,
            _ => 5,
        };
        let value = words.entry(key(word)).or_default();
        let known = (*value >> bits::COMMON) & 7;
        if known == 0 {
            *value |= rank << bits::COMMON;
        }
    });
}

fn nonpersons(dir: &Path, words: &mut Words, terms: &mut Words) {
    rows(dir, "nonperson_terms.tsv", |term, class, _| {
        let (word, of_several) = match class {
            "placeholder" => (0, bits::TERM_PLACEHOLDER),
            "common_pair" => (0, bits::TERM_PAIR),
            "org_suffix" => (bits::ORG_SUFFIX, bits::TERM_THING),
            "org_word" => (bits::ORG_WORD, bits::TERM_THING),
            "street" => (bits::STREET, bits::TERM_THING),
            "facility" | "government" => (bits::FACILITY, bits::TERM_THING),
            "role" => (bits::ROLE, bits::TERM_THING),
            "unit" | "direction" => (bits::DIRECTION, bits::TERM_THING),
            "place" => (bits::PLACE, bits::TERM_THING),
            _ => (bits::FORM, bits::TERM_THING),
        };
        let whole = phrase(term);
        // Months and days that are names carry their weight already: `April May` after a label is a person.
        let named = words.get(&whole).is_some_and(|w| w & bits::AMBIGUOUS != 0);
        if class == "time" && named {
            return;
        }
        if whole.contains(' ') {
            several(whole, of_several, words, terms);
        } else {
            add(words, whole, word);
        }
    });
}

fn several(whole: String, class: u32, words: &mut Words, terms: &mut Words) {
    let first = whole.split(' ').next().unwrap_or("").to_owned();
    add(words, first, bits::PHRASE);
    let old = terms.entry(whole).or_insert(class);
    *old = class.max(*old);
}

fn places(dir: &Path, words: &mut Words, terms: &mut Words) {
    rows(dir, "places.tsv", |place, kind, _| {
        let whole = phrase(place);
        match kind {
            "code" => add(words, whole, bits::STATE),
            _ if whole.contains(' ') => several(whole, bits::TERM_THING, words, terms),
            _ => add(words, whole, bits::PLACE),
        }
    });
}

fn affixes(dir: &Path, words: &mut Words) {
    rows(dir, "name_affixes.tsv", |token, kind, _| {
        let value = match kind {
            "honorific" => bits::HONORIFIC,
            "gen_suffix" => bits::SUFFIX,
            "credential" => bits::CREDENTIAL,
            "particle" => bits::PARTICLE,
            _ => 0,
        };
        if !token.starts_with(|c: char| c.is_ascii_digit()) {
            add(words, key(token), value);
        }
    });
    for word in NEVER_NAMES {
        if let Some(value) = words.get_mut(word) {
            *value &= !(bits::SIZE_MASK << bits::GIVEN | bits::SIZE_MASK << bits::SURNAME);
        }
    }
}

fn name_labels(dir: &Path, words: &mut Words, labels: &mut Words) {
    rows(dir, "name_labels.tsv", |label, kind, _| {
        let value = match kind {
            "strong" => bits::LABEL_STRONG,
            "phrase" => bits::LABEL_OPENING,
            "weak" => bits::LABEL_WEAK,
            "noun" => bits::LABEL_NOUN,
            "negative" => bits::LABEL_NEGATIVE,
            other => panic!("unknown kind of name label: {other}"),
        };
        let whole = phrase(label);
        if value & (bits::LABEL_OPENING | bits::LABEL_NOUN) != 0 {
            let last = whole.rsplit(' ').next().unwrap_or("").to_owned();
            add(words, last, bits::LABEL_END);
        }
        *labels.entry(whole).or_default() |= value;
    });
}

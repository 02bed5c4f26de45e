//! Ranges, samples and shapes of numbers, as arrays of plain numbers in Rust source.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::{definitions, tsv};

/// Writes `numbers.rs`.
pub fn build(patterns: &Path, out: &Path) {
    let mut src = String::new();
    let numbers = patterns.join("numbers");
    cards(&numbers, &mut src);
    samples(&numbers, &mut src);
    ibans(&numbers, &mut src);
    states(&patterns.join("residency").join("us_states.tsv"), &mut src);
    for (file, key, name) in [
        ("ssn.toml", "never_areas", "SSN_NEVER_AREAS"),
        ("ssn.toml", "never_groups", "SSN_NEVER_GROUPS"),
        ("ssn.toml", "never_serials", "SSN_NEVER_SERIALS"),
        ("itin.toml", "groups", "ITIN_GROUPS"),
        ("routing.toml", "prefixes", "ABA_PREFIXES"),
    ] {
        let ranges = definitions::ranges(&definitions::read(&patterns.join(file)), key);
        let _ = writeln!(src, "pub(super) static {name}: [(u16, u16); {}] = {ranges:?};", ranges.len());
    }
    licences(&patterns.join("drivers-license"), &mut src);
    std::fs::write(out.join("numbers.rs"), src).expect("OUT_DIR is writable");
}

fn cards(dir: &Path, src: &mut String) {
    let rows = tsv::rows(&dir.join("card-iins.tsv"));
    let mut networks: Vec<&str> = rows.iter().map(|r| r[0].as_str()).collect();
    networks.sort_unstable();
    networks.dedup();
    let _ = writeln!(src, "pub(super) static NETWORKS: [&str; {}] = {networks:?};", networks.len());
    let _ = writeln!(src, "pub(super) static CARD_RANGES: [CardRange; {}] = [", rows.len());
    for r in &rows {
        let network = networks.binary_search(&r[0].as_str()).expect("from the same rows");
        let digits = r[1].len();
        let (start, end): (u32, u32) = (r[1].parse().expect("start"), r[2].parse().expect("end"));
        let lengths = r[3].split(',').map(length_bits).fold(0u32, |a, b| a | b);
        let (luhn, us) = (r[4] == "yes", r[7] == "US");
        let _ = writeln!(
            src,
            "CardRange {{ network: {network}, digits: {digits}, start: {start}, end: {end}, \
             lengths: {lengths:#x}, luhn: {luhn}, us: {us} }},"
        );
    }
    src.push_str("];\n");
}

/// One bit for each length from 0 to 31.
fn length_bits(range: &str) -> u32 {
    let (a, b) = range.split_once('-').unwrap_or((range, range));
    let (a, b): (u32, u32) = (a.parse().expect("length"), b.parse().expect("length"));
    (a..=b).map(|n| 1 << n).sum()
}

fn samples(dir: &Path, src: &mut String) {
    for (file, name, kind) in
        [("ssn-known-samples.tsv", "SSN_SAMPLES", "u32"), ("test-cards.tsv", "TEST_CARDS", "u64")]
    {
        let rows = tsv::rows(&dir.join(file));
        let mut numbers: Vec<u64> = rows.iter().map(|r| r[0].parse().expect("a number")).collect();
        numbers.sort_unstable();
        let _ = writeln!(src, "pub(super) static {name}: [{kind}; {}] = {numbers:?};", numbers.len());
    }
}

fn ibans(dir: &Path, src: &mut String) {
    let rows = tsv::rows(&dir.join("iban-lengths.tsv"));
    let _ = writeln!(src, "pub static IBAN_LENGTHS: [([u8; 2], u8); {}] = [", rows.len());
    for r in &rows {
        let _ = writeln!(src, "(*b{:?}, {}),", r[0], r[1]);
    }
    src.push_str("];\n");
}

fn states(file: &Path, src: &mut String) {
    let rows = tsv::rows(file);
    let _ = writeln!(src, "pub static STATES: [([u8; 2], &str); {}] = [", rows.len());
    for r in &rows {
        let _ = writeln!(src, "(*b{:?}, {:?}),", r[0], r[1].to_lowercase());
    }
    src.push_str("];\n");
}

/// A byte range and how often it stands there.
type Step = ([(u8, u8); 4], u8, u8);

/// The forms of all states: `state` and the `[[form]]` tables of each file.
fn licences(dir: &Path, src: &mut String) {
    let entries = std::fs::read_dir(dir).expect("patterns/drivers-license is there").flatten();
    let mut files: Vec<PathBuf> = entries.map(|e| e.path()).collect();
    files.sort();
    let (mut shapes, mut steps) = (Vec::new(), Vec::new());
    for file in files {
        let table = definitions::read(&file);
        let state = definitions::text(&table, "state");
        let forms = table.get("form").and_then(toml::Value::as_array);
        let forms = forms.unwrap_or_else(|| panic!("{}: no [[form]]", file.display()));
        for form in forms.iter().filter_map(toml::Value::as_table) {
            licence(state, form, &mut shapes, &mut steps);
        }
    }
    let _ = writeln!(src, "pub(super) static LICENCE_SHAPES: [LicenceShape; {}] = [", shapes.len());
    src.push_str(&shapes.join("\n"));
    let _ = writeln!(src, "];\npub(super) static LICENCE_STEPS: [Step; {}] = [", steps.len());
    for (ranges, min, max) in steps {
        let _ = writeln!(src, "Step {{ ranges: {ranges:?}, min: {min}, max: {max} }},");
    }
    src.push_str("];\n");
}

fn licence(state: &str, form: &toml::Table, shapes: &mut Vec<String>, steps: &mut Vec<Step>) {
    let (class, era) = (definitions::text(form, "class"), definitions::text(form, "era"));
    assert!(matches!(class, "A" | "B" | "C" | "D"), "{state}: class {class:?}");
    assert!(matches!(era, "cur" | "new" | "old"), "{state}: era {era:?}");
    for program in compile(definitions::text(form, "regex")) {
        let (at, len) = (steps.len(), program.len());
        steps.extend(program);
        let current = era != "old";
        shapes.push(format!(
            "LicenceShape {{ state: *b{state:?}, class: b'{class}', current: {current}, at: {at}, len: {len} }},"
        ));
    }
}

/// Compiles the small expression language of the forms (character classes, literals, `{n,m}`, one group of
/// alternatives at the start, optional separators) to steps over the value without separators.
fn compile(regex: &str) -> Vec<Vec<Step>> {
    if let Some(rest) = regex.strip_prefix("(?:") {
        let (group, tail) = rest.split_once(')').unwrap_or_else(|| panic!("licence shape {regex}: group"));
        return group.split('|').flat_map(|a| compile(&format!("{a}{tail}"))).collect();
    }
    let (mut steps, mut rest) = (Vec::new(), regex);
    while !rest.is_empty() {
        if let Some(r) = rest.strip_prefix("-?").or_else(|| rest.strip_prefix(" ?")) {
            rest = r;
            continue;
        }
        let (ranges, r) = class(rest);
        let (min, max, r) = quantifier(r);
        steps.push((ranges, min, max));
        rest = r;
    }
    vec![steps]
}

fn class(s: &str) -> ([(u8, u8); 4], &str) {
    let Some(rest) = s.strip_prefix('[') else {
        let b = s.as_bytes()[0];
        assert!(b.is_ascii_alphanumeric(), "licence shape: unexpected {s:?}");
        return ([(b, b); 4], &s[1..]);
    };
    let (inside, rest) = rest.split_once(']').expect("licence shape: class ends");
    let (mut ranges, mut b) = (Vec::new(), inside.as_bytes());
    while let [first, tail @ ..] = b {
        if let [b'-', last, tail @ ..] = tail {
            ranges.push((*first, *last));
            b = tail;
        } else {
            ranges.push((*first, *first));
            b = tail;
        }
    }
    assert!(matches!(ranges.len(), 1..=4), "licence shape: class {inside}");
    let last = ranges[ranges.len() - 1];
    ranges.resize(4, last);
    (ranges.try_into().expect("resized to four"), rest)
}

fn quantifier(s: &str) -> (u8, u8, &str) {
    let Some(rest) = s.strip_prefix('{') else { return (1, 1, s) };
    let (inside, rest) = rest.split_once('}').expect("licence shape: quantifier ends");
    let (a, b) = inside.split_once(',').unwrap_or((inside, inside));
    (a.parse().expect("count"), b.parse().expect("count"), rest)
}

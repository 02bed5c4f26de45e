//! Makes the table of places from `patterns/residency/`: one flat table for five kinds of key.
//!
//! A key is told from another kind by its seed, which `src/residency/tables.rs` knows too (a test there looks
//! one of each kind up). The surprising rule: the ZIP prefixes that a state shares with another (201, 205, 569 …)
//! keep the state that comes first in the alphabet, which is enough to say "not Massachusetts".

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::flat;

/// Name of a Massachusetts place to its [`flags`].
const PLACE: u64 = 1;
/// First word of a place of several words to the most words such a place has.
const FIRST_WORD: u64 = 2;
/// State code, name or abbreviation (letters only) to `fips * 4 + form`.
const STATE: u64 = 3;
/// Three-digit ZIP prefix to the FIPS number of its state.
const ZIP3: u64 = 4;
/// Area code of Massachusetts.
const AREA: u64 = 5;
/// Massachusetts ZIP in the list.
const ZIP: u64 = 6;

/// Reads the tables under `patterns/residency` and writes `residency.bin` into `out`.
///
/// # Panics
/// If a table is missing or malformed; the build stops there.
pub fn build(patterns: &Path, out: &Path) {
    let folder = patterns.join("residency");
    let mut keys = BTreeMap::new();
    places(&folder, &mut keys);
    states(&folder, &mut keys);
    for row in rows(&folder, "ma_area_codes.tsv") {
        keys.insert((AREA, row[0].clone()), 1);
    }
    for row in rows(&folder, "ma_zip.tsv") {
        keys.insert((ZIP, row[0].clone()), 1);
    }
    let entries: Vec<(u64, &[u8], u32)> =
        keys.iter().map(|((seed, key), value)| (*seed, key.as_bytes(), *value)).collect();
    fs::write(out.join("residency.bin"), flat::build(&entries)).expect("the build folder is writable");
}

fn places(folder: &Path, keys: &mut BTreeMap<(u64, String), u32>) {
    let mut names: Vec<(String, u32)> = Vec::new();
    for row in rows(folder, "ma_towns.tsv") {
        // A few people bear the name; whoever reads it means the city.
        let also = if row[0] == "Boston" { "" } else { row.get(3).map_or("", String::as_str) };
        names.push((words(&row[0]), flags(&row[1], also)));
    }
    for row in rows(folder, "ma_zip.tsv") {
        names.push((words(&row[1]), flags("village", "")));
    }
    for (name, flags) in names {
        let mut parts = name.split(' ');
        let first = parts.next().unwrap_or_default().to_owned();
        let count = u32::try_from(parts.count() + 1).expect("few words");
        if count > 1 {
            let most = keys.entry((FIRST_WORD, first)).or_insert(count);
            *most = (*most).max(count);
        }
        keys.entry((PLACE, name)).or_insert(flags);
    }
}

/// Bit 0: also a person's name; 1: also a word; 2: also a state or country; 3: a city or town, not a part of one.
fn flags(kind: &str, also: &str) -> u32 {
    also.split('+').fold(u32::from(matches!(kind, "city" | "town" | "variant")) << 3, |bits, word| {
        bits | match word {
            "given" | "surname" => 1,
            "word" => 2,
            "state" | "country" => 4,
            _ => 0,
        }
    })
}

/// Forms of a state: 0 code, 1 abbreviation, 2 full name.
fn states(folder: &Path, keys: &mut BTreeMap<(u64, String), u32>) {
    for row in rows(folder, "us_states.tsv") {
        // The military codes have no FIPS number: 97 to 99 are free.
        let fips: u32 = match row[0].as_str() {
            "AA" => 97,
            "AE" => 98,
            "AP" => 99,
            _ => row[3].parse().expect("a FIPS number"),
        };
        keys.insert((STATE, row[0].clone()), fips * 4);
        keys.insert((STATE, letters(&row[1])), fips * 4 + 2);
        for short in row.get(2).map_or("", String::as_str).split(';').filter(|s| !s.contains(" of ")) {
            if letters(short).len() > 1 {
                keys.entry((STATE, letters(short))).or_insert(fips * 4 + 1);
            }
        }
        for range in row.get(4).map_or("", String::as_str).split(',').filter(|r| !r.is_empty()) {
            let (low, high) = range.split_once('-').unwrap_or((range, range));
            let bounds = low.parse::<u32>().expect("a prefix")..=high.parse().expect("a prefix");
            for prefix in bounds {
                keys.entry((ZIP3, format!("{prefix:03}"))).or_insert(fips);
            }
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect()
}

fn words(text: &str) -> String {
    let upper = text.to_ascii_uppercase().replace('\'', "");
    upper.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn rows(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

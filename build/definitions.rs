//! The definition files (`*.toml`): their texts for the program, and the figures in them for the number tables.

use std::path::{Path, PathBuf};

/// Writes `definitions.rs`: a list of path and text of every definition file, sorted by path.
pub fn build(patterns: &Path, files: &[PathBuf], out: &Path) {
    let root = std::env::current_dir().expect("cargo starts build scripts in the package");
    let entries = files.iter().filter(|f| f.extension().is_some_and(|e| e == "toml")).map(|file| {
        let name = file.strip_prefix(patterns).expect("found below it").to_string_lossy().replace('\\', "/");
        format!("({name:?}, include_str!({:?})),\n", root.join(file).to_string_lossy())
    });
    let list = format!("&[\n{}]\n", entries.collect::<String>());
    std::fs::write(out.join("definitions.rs"), list).expect("OUT_DIR is writable");
}

/// A definition file, parsed.
///
/// # Panics
/// If it cannot be read or is no TOML: the build then fails with the file.
pub fn read(file: &Path) -> toml::Table {
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// A text of a table.
///
/// # Panics
/// If it is not there.
pub fn text<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table.get(key).and_then(toml::Value::as_str).unwrap_or_else(|| panic!("no text {key:?} in {table:?}"))
}

/// The ranges of numbers that `[data]` lists under `key`: `"50-65"`, `"80"`.
///
/// # Panics
/// If there is no such list, or an entry is no range.
pub fn ranges(table: &toml::Table, key: &str) -> Vec<(u16, u16)> {
    let data = table.get("data").and_then(toml::Value::as_table).expect("[data]");
    let list = data.get(key).and_then(toml::Value::as_array).unwrap_or_else(|| panic!("no list {key:?}"));
    let number = |s: &str| s.parse().unwrap_or_else(|_| panic!("{key}: {s:?} is no number"));
    let range = |v: &toml::Value| {
        let text = v.as_str().unwrap_or_else(|| panic!("{key}: {v:?} is no text"));
        let (a, b) = text.split_once('-').unwrap_or((text, text));
        (number(a), number(b))
    };
    list.iter().map(range).collect()
}

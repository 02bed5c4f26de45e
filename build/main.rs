//! Makes the flat tables that are compiled in from the reference data in `patterns/`.

#![allow(clippy::print_stdout, reason = "the way a build script talks to cargo")]

use std::env;
use std::path::{Path, PathBuf};

mod definitions;
#[allow(dead_code, reason = "the build script only writes tables")]
#[path = "../src/flat.rs"]
mod flat;
#[path = "../src/pattern/key_words.rs"]
mod key_words;
#[path = "../src/pattern/kind.rs"]
mod kind;
mod labels;
mod names;
mod numbers;
mod places;
mod tsv;

fn main() {
    println!("cargo::rerun-if-changed=patterns");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/flat.rs");
    println!("cargo::rerun-if-changed=src/pattern/kind.rs");
    println!("cargo::rerun-if-changed=src/pattern/key_words.rs");
    println!("cargo::rerun-if-changed=src/name/bits.rs");
    let patterns = Path::new("patterns");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    labels::build(&patterns.join("labels"), &out);
    numbers::build(patterns, &out);
    names::build(patterns, &out);
    places::build(patterns, &out);
    let mut files = Vec::new();
    collect(patterns, &mut files);
    files.sort();
    definitions::build(patterns, &files, &out);
    digest(&files, &out);
}

/// Writes the digest of all pattern files: two results compare only if it is equal.
fn digest(files: &[PathBuf], out: &Path) {
    let mut h = [0u64; 2];
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        let body = std::fs::read(file).unwrap_or_else(|e| panic!("{name}: {e}"));
        for (seed, half) in h.iter_mut().enumerate() {
            *half = flat::hash(*half ^ flat::hash(seed as u64, name.as_bytes()), &body);
        }
    }
    let text = format!("{:016x}{:016x}", h[0], h[1]);
    std::fs::write(out.join("patterns.digest"), text).expect("OUT_DIR is writable");
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("patterns/ is there").flatten() {
        let path = entry.path();
        let table = path.extension().is_some_and(|e| e == "tsv" || e == "toml");
        if path.is_dir() {
            collect(&path, files);
        } else if table {
            files.push(path);
        }
    }
}

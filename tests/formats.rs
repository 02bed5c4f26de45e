//! Every format that is read has a folder of fixtures: what comes out of them, what is found, and what becomes of
//! damaged copies.
//!
//! Beside each file of `fixtures/formats/<format>/` stands `<file>.text`, what `revere text` prints of it, and
//! `<file>.records`, what a scan makes of it. `UPDATE_FIXTURES=1` writes both anew: look at what has changed.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use revere::coverage::{Cause, Coverage};
use revere::event::{Event, Summary};
use revere::extract::READERS;
use revere::scan;

/// Formats without a folder of their own, and why.
const WITHOUT: [(&str, &str); 0] = [];
/// Documents that are told apart inside a container format, each with a folder of its own.
const INSIDE: [&str; 2] = ["doc", "ppt"];
/// Formats of which little or nothing is left when the last eighth of a file is missing, and why.
const AT_THE_END: [(&str, &str); 6] = [
    ("iso", "the fixtures are packed"),
    ("lz4", "a small file is one block"),
    ("mdb", "the few pages of rows are the last of a small database"),
    ("parquet", "what the columns are stands at the end"),
    ("pst", "the fixture has its indexes at the end"),
    ("zstd", "a small file is one block"),
];
/// Seed of the damage.
const SEED: u64 = 0x0005_eed0_f5a7_1ea5;

/// The folders of fixtures.
fn folders() -> Vec<PathBuf> {
    let listed = fs::read_dir(common::fixtures().join("formats")).expect("the folder of formats");
    let mut folders: Vec<PathBuf> = listed.map(|entry| entry.expect("an entry").path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// The fixtures of a folder.
fn fixtures(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).expect("a folder of fixtures");
    let mut files: Vec<PathBuf> = listed.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| {
        let beside = |ending| path.extension().is_some_and(|e| e == ending);
        path.is_file() && !beside("text") && !beside("records") && !beside("py") && !beside("md")
    });
    files.sort();
    files
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Options of a scan in this process.
fn in_process() -> scan::Options {
    scan::Options { worker: Vec::new(), ..common::options() }
}

fn text(file: &Path) -> String {
    let mut out = Vec::new();
    scan::text(file, &in_process(), &mut out, &mut Vec::new()).expect("the text");
    String::from_utf8(out).expect("texts are UTF-8")
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).expect("a word").as_str().expect("a word").to_owned()
}

/// Records, coverage, gaps and members of a file, a line each.
fn found(events: &[Event]) -> String {
    let (mut records, mut files, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Record(r) => {
                let mut types: Vec<String> = r.elements.iter().map(|e| word(e.kind)).collect();
                types.sort();
                records.push(format!("{} {} {}", word(r.confidence), types.join("+"), word(r.link)));
            }
            Event::File(f) if f.member.is_empty() => {
                files.push(format!("coverage {}", word(f.coverage)));
                files.extend(f.gaps.iter().map(|gap| format!("gap {}", gap.cause.word())));
            }
            Event::File(f) => members.push(format!("member {} {}", f.member.join("!"), word(f.coverage))),
            _ => {}
        }
    }
    records.sort();
    [records, files, members].concat().into_iter().map(|line| line + "\n").collect()
}

#[test]
fn what_comes_out_is_what_is_expected() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut wrong = Vec::new();
    for file in folders().iter().flat_map(|folder| fixtures(folder)) {
        let events = common::scan(&file, &in_process());
        for (ending, now) in [("text", text(&file)), ("records", found(&events))] {
            let expected = beside(&file, ending);
            if update {
                fs::write(&expected, &now).expect("a fixture");
            } else if fs::read_to_string(&expected).ok().as_deref() != Some(&now) {
                wrong.push(format!("{}:\n{now}", expected.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "other than expected:\n{}", wrong.join("\n"));
}

#[test]
fn every_reader_has_fixtures() {
    let folders: Vec<String> =
        folders().iter().filter_map(|f| Some(f.file_name()?.to_str()?.to_owned())).collect();
    let formats = READERS.iter().map(|reader| reader.format).chain(INSIDE);
    let lacking: Vec<&str> = formats
        .filter(|format| !folders.iter().any(|f| f == format))
        .filter(|format| !WITHOUT.iter().any(|(without, _)| without == format))
        .collect();
    assert!(lacking.is_empty(), "no folder in fixtures/formats: {lacking:?}");
    for folder in common::fixtures().join("formats").read_dir().expect("a folder") {
        let folder = folder.expect("an entry").path();
        if folder.is_dir() {
            assert!(!fixtures(&folder).is_empty(), "{} is empty", folder.display());
            assert!(folder.join("make.py").is_file(), "{} does not say how it is made", folder.display());
        }
    }
}

#[test]
fn every_fixture_is_small() {
    for folder in folders() {
        let sizes: Vec<u64> = fixtures(&folder).iter().map(|f| f.metadata().expect("a file").len()).collect();
        assert!(sizes.iter().all(|size| *size < 40_000), "{}: {sizes:?}", folder.display());
        assert!(sizes.iter().sum::<u64>() < 150_000, "{}: {sizes:?}", folder.display());
    }
}

#[test]
fn what_a_password_of_the_user_opens_is_examined_and_still_called_encrypted() {
    let words = ["correct horse", "larch-41"].map(str::to_owned).to_vec();
    let options = scan::Options { passwords: scan::Passwords::new(words), ..in_process() };
    let known = [
        ("doc/password.doc", "office-cryptoapi"),
        ("ppt/password.ppt", "office-rc4"),
        ("xls/sealed.xls", "office-rc4"),
        ("ole2/password.xlsx", "office-standard"),
        ("7z/encrypted-names.7z", "7z-aes"),
        ("zip/locked_aes.zip", "zip-aes"),
    ];
    for (file, kind) in known {
        let events = common::scan(&common::fixtures().join("formats").join(file), &options);
        let lines: Vec<_> = common::files(&events).collect();
        assert!(lines.iter().all(|line| line.coverage == Coverage::Examined), "{file} is not examined");
        let kinds: Vec<&str> =
            lines.iter().filter_map(|l| Some(l.encryption.as_ref()?.kind.as_str())).collect();
        assert!(!kinds.is_empty() && kinds.iter().all(|k| *k == kind), "{file}: {kinds:?}");
    }
    for file in ["doc/built_in_password.doc", "xls/built-in-password.xls", "ole2/built_in_password.xlsx"] {
        let events = common::scan(&common::fixtures().join("formats").join(file), &options);
        assert!(common::files(&events).all(|line| line.encryption.is_none()), "{file} protects nothing");
    }
}

#[test]
fn containers_of_nothing_but_encrypted_members_are_encrypted() {
    let formats = common::fixtures().join("formats");
    let sealed = ["zip/locked_aes.zip", "7z/encrypted.7z", "ole2/password.xlsx", "odf/sealed.odt"];
    let sealed: Vec<(&str, Vec<u8>)> =
        sealed.iter().map(|name| (*name, fs::read(formats.join(name)).expect("a fixture"))).collect();
    let dir = tempfile::tempdir().expect("a folder");
    let scanned = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).expect("a file");
        let events = common::scan(&path, &in_process());
        let whole = common::files(&events).find(|line| line.member.is_empty()).map(|line| line.coverage);
        whole.expect("its line")
    };
    let all = zipped(&sealed);
    assert_eq!(scanned("all.zip", &all), Coverage::Encrypted);
    assert_eq!(scanned("again.zip", &zipped(&[("all.zip", all)])), Coverage::Encrypted);
    for (name, bytes) in &sealed {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).expect("memory takes all");
        let packed = packed.finish().expect("memory takes all");
        assert_eq!(scanned("one.gz", &packed), Coverage::Encrypted, "{name} in gzip");
    }
    let mixed = [sealed, vec![("note.txt", b"nothing".to_vec())]].concat();
    assert_eq!(scanned("mixed.zip", &zipped(&mixed)), Coverage::Partial);
}

/// A zip archive of these members.
fn zipped(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a name");
        writer.write_all(bytes).expect("memory takes all");
    }
    writer.finish().expect("memory takes all").into_inner()
}

/// Copies of a fixture with something wrong, each with a word for its name.
fn damaged(whole: &[u8], random: &mut common::Random) -> Vec<(String, Vec<u8>)> {
    let mut copies = Vec::new();
    for part in 1..8 {
        copies.push((format!("cut{part}"), whole[..whole.len() * part / 8].to_vec()));
    }
    copies.push(("cut-last".into(), whole[..whole.len().saturating_sub(1)].to_vec()));
    for (n, length) in [(1, 16), (2, 64), (3, 512), (4, 512), (5, 4096)] {
        let mut copy = whole.to_vec();
        let from = random.below(copy.len() as u64) as usize;
        let to = (from + length).min(copy.len());
        copy[from..to].fill(0);
        copies.push((format!("zero{n}"), copy));
    }
    for (n, flips) in [(1, 1), (2, 2), (3, 8), (4, 32), (5, 128)] {
        let mut copy = whole.to_vec();
        for _ in 0..flips {
            let at = random.below(copy.len() as u64) as usize;
            copy[at] ^= 1 << random.below(8);
        }
        copies.push((format!("flip{n}"), copy));
    }
    copies.push(("twice".into(), [whole, whole].concat()));
    copies.push(("junk-behind".into(), [whole, &[0xA5; 700]].concat()));
    copies
}

/// How many records a scan found in each path, members included, and what became of the path.
fn by_path(events: &[Event]) -> BTreeMap<String, (usize, Option<Coverage>, Vec<Cause>)> {
    let mut paths: BTreeMap<String, (usize, Option<Coverage>, Vec<Cause>)> = BTreeMap::new();
    for event in events {
        match event {
            Event::Record(r) => paths.entry(r.at.path.clone()).or_default().0 += 1,
            Event::File(f) => {
                let path = paths.entry(f.at.path.clone()).or_default();
                path.2.extend(f.gaps.iter().map(|gap| gap.cause));
                if f.member.is_empty() {
                    path.1 = Some(f.coverage);
                }
            }
            _ => {}
        }
    }
    paths
}

/// Of the records of each folder, a third at least are found in copies that lack their last eighth.
fn what_precedes_the_damage_is_found(
    paths: &BTreeMap<String, (usize, Option<Coverage>, Vec<Cause>)>,
    same: &[[String; 3]],
) {
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for [whole, ..] in same {
        let (folder, file) = whole.split_once('/').expect("a folder");
        let counts = folders.entry(folder).or_default();
        counts.0 += paths[whole].0;
        counts.1 += paths[&format!("{folder}/cut7-{file}")].0;
    }
    let lost = |(folder, (whole, cut)): &(&&str, &(usize, usize))| {
        cut * 3 < *whole && !AT_THE_END.iter().any(|(at, _)| at == *folder)
    };
    let lost: Vec<_> = folders.iter().filter(lost).collect();
    assert!(lost.is_empty(), "records of whole files and of those cut at seven eighths: {lost:?}");
}

#[test]
fn damaged_copies_are_settled_and_renamed_ones_are_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut random, mut same) = (common::Random(SEED), Vec::new());
    let mut written = 0;
    for folder in folders() {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        fs::create_dir(dir.path().join(&name)).expect("a folder");
        for file in fixtures(&folder) {
            let whole = fs::read(&file).expect("a fixture");
            let fixture = file.file_name().expect("a name").to_string_lossy().into_owned();
            for (word, copy) in damaged(&whole, &mut random) {
                fs::write(dir.path().join(&name).join(format!("{word}-{fixture}")), copy).expect("a copy");
                written += 1;
            }
            // No ending says what is in a file.
            let path = |ending: &str| format!("{name}/{fixture}{ending}");
            for ending in ["", ".jpg", ".txt"] {
                fs::write(dir.path().join(path(ending)), &whole).expect("a copy");
                written += 1;
            }
            same.push([path(""), path(".jpg"), path(".txt")]);
        }
    }
    let options = scan::Options { jobs: 2, ..common::options() };
    let events = common::scan(dir.path(), &options);
    let paths = by_path(&events);
    assert_eq!(paths.len(), written);
    for (path, (_, coverage, causes)) in &paths {
        assert!(coverage.is_some(), "{path} is not settled");
        let bad = [Cause::WorkerKilled, Cause::LimitTime, Cause::IoError, Cause::Unknown];
        assert!(!causes.iter().any(|cause| bad.contains(cause)), "{path}: {causes:?}");
    }
    for [plain, others @ ..] in &same {
        let records = paths[plain].0;
        assert!(others.iter().all(|other| paths[other].0 == records), "{plain} has {records} records");
    }
    what_precedes_the_damage_is_found(&paths, &same);
    let Some(Event::Summary(summary)) = events.last() else { panic!("no summary") };
    let Summary { files, .. } = &**summary;
    assert_eq!(files.met, files.by_coverage.values().sum::<u64>());
}

//! Scans one text in every way there is and compares the canonical results.

use std::collections::BTreeSet;
use std::io::Write;

use super::common::{self, options};
use revere::event::{Confidence, Event};
use revere::result::canonical;
use revere::scan::Options;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const KIB: u64 = 1024;
pub const MIB: u64 = 1024 * KIB;
/// Enough for rules about whole small files not to apply.
pub const SIZE: usize = (MIB + 200 * KIB) as usize;

/// Sizes of ranges and numbers of threads.
const CUTS: [(u64, usize); 7] =
    [(4 * KIB, 1), (64 * KIB, 1), (MIB, 1), (64 * MIB, 1), (4 * KIB, 4), (64 * KIB, 2), (MIB, 2)];

/// The lines of a result as text, in canonical form.
fn lines(events: Vec<Event>) -> Vec<String> {
    let canonical = canonical(events);
    let last = canonical.len() - 1;
    // The digest of the summary says no more than the lines do.
    canonical[..last].iter().map(|event| serde_json::to_string(event).expect("an event is JSON")).collect()
}

/// What the findings of a result are, wherever the file lies.
fn findings(events: &[Event]) -> Vec<String> {
    let mut findings: Vec<String> = events
        .iter()
        .filter(|event| matches!(event, Event::Record(_) | Event::Element(_)))
        .map(|event| {
            let mut value = serde_json::to_value(event).expect("an event is JSON");
            let fields = value.as_object_mut().expect("an event is an object");
            fields.retain(|name, _| !["seq", "root", "path", "path_id", "member"].contains(&name.as_str()));
            value.to_string()
        })
        .collect();
    findings.sort();
    findings
}

/// Lines that only one of two results has: few of them, and how many there are.
fn difference(expected: &[String], found: &[String]) -> String {
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (expected.iter().collect(), found.iter().collect());
    let (lost, new): (Vec<_>, Vec<_>) = (a.difference(&b).collect(), b.difference(&a).collect());
    let some = |lines: &[&&String]| lines.iter().take(3).fold(String::new(), |text, l| text + "\n    " + l);
    let sizes = (expected.len(), found.len());
    format!("{sizes:?} lines\n  {} lost:{}\n  {} new:{}", lost.len(), some(&lost), new.len(), some(&new))
}

/// Scans a text in every way; it must hold at least `least` records at medium or above.
pub fn check(name: &str, bytes: &[u8], least: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("the text is written");
    let base = common::scan(&path, &options());
    let records = |e: &&Event| matches!(e, Event::Record(r) if r.confidence >= Confidence::Medium);
    let count = base.iter().filter(records).count();
    assert!(count >= least, "{name}: only {count} records, where {least} were planted");
    let (found, expected) = (findings(&base), lines(base));
    let same = |how: &str, events: Vec<Event>| {
        let other = lines(events);
        assert!(expected == other, "{name}, {how}: {}", difference(&expected, &other));
    };
    for (range, jobs) in CUTS {
        let how = format!("ranges of {range} bytes, {jobs} threads");
        same(&how, common::scan(&path, &Options { range, jobs, ..options() }));
    }
    same("in a worker", common::scan(&path, &Options { all_in_workers: true, ..options() }));
    same("read ahead", common::scan(&path, &Options { readers: Some(2), ..options() }));
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let member = findings(&common::scan(&zipped(folder.path(), name, bytes, method), &options()));
        assert!(found == member, "{name}, {method} in a zip: {}", difference(&found, &member));
    }
}

fn zipped(
    folder: &std::path::Path,
    name: &str,
    bytes: &[u8],
    method: CompressionMethod,
) -> std::path::PathBuf {
    let path = folder.join(format!("{method}.zip"));
    let mut zip = ZipWriter::new(std::fs::File::create(&path).expect("a new file"));
    zip.start_file(name, SimpleFileOptions::default().compression_method(method)).expect("a member");
    zip.write_all(bytes).expect("its content");
    zip.finish().expect("a whole archive");
    path
}

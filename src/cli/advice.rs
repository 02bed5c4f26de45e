//! What to do next, from what was found: at most five lines, the most urgent first.

use super::facts::Facts;
use super::format::{counted, day, shorten};
use super::terminal::sanitised;

/// More would not be read.
const MOST: usize = 5;

/// The lines, paths in them shortened to half of `width` columns; `written` is true if a result is written to a
/// file.
pub fn advice(facts: &Facts, written: bool, width: usize) -> Vec<String> {
    let lines = [
        open_to_all(facts),
        not_examined(facts, written),
        (!written && facts.files > 0).then(|| {
            "Keep the result: --out FILE.jsonl lists every record, masked, and every gap.".to_owned()
        }),
        weakly_encrypted(facts),
        loose(facts),
        oldest(facts, width / 2),
    ];
    lines.into_iter().flatten().take(MOST).collect()
}

/// Duty of 201 CMR 17.04(2)(a).
fn open_to_all(facts: &Facts) -> Option<String> {
    let files = counted(facts.open_to_all, "file with records is", "files with records are");
    (facts.open_to_all > 0)
        .then(|| format!("Restrict access: {files} readable by everyone (201 CMR 17.04(2)(a))."))
}

fn not_examined(facts: &Facts, written: bool) -> Option<String> {
    let files = (facts.failed_files > 0).then(|| counted(facts.failed_files, "file", "files"));
    let folders = (facts.failed_folders > 0).then(|| counted(facts.failed_folders, "folder", "folders"));
    let what: Vec<_> = files.into_iter().chain(folders).collect();
    (!what.is_empty()).then(|| {
        let how = if written { "revere report RESULT --gaps" } else { "-v" };
        format!(
            "Close the gaps: {} failed to be examined in full; {how} names each with its cause.",
            what.join(" and ")
        )
    })
}

/// M.G.L. c. 93H s. 1 counts encryption from 128 bits up.
fn weakly_encrypted(facts: &Facts) -> Option<String> {
    let files = counted(facts.weakly_encrypted, "encrypted file uses", "encrypted files use");
    (facts.weakly_encrypted > 0)
        .then(|| format!("Encrypt anew: {files} less than the 128 bits of M.G.L. c. 93H s. 1."))
}

fn loose(facts: &Facts) -> Option<String> {
    let numbers = counted(facts.loose, "number", "numbers");
    let files = counted(facts.loose_files, "file", "files");
    (facts.loose > 0)
        .then(|| format!("Review {numbers} without a name in {files}: the names may be kept elsewhere."))
}

/// Duty of M.G.L. c. 93I s. 2.
fn oldest(facts: &Facts, most: usize) -> Option<String> {
    let (modified, path) = facts.oldest.as_ref()?;
    let path = shorten(&sanitised(path), most);
    Some(format!(
        "Check retention: the oldest file with records is from {}, {path} (M.G.L. c. 93I s. 2).",
        day(modified)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Confidence;

    #[test]
    fn nothing_found_asks_for_nothing() {
        assert!(advice(&Facts::new(Confidence::Medium), false, 100).is_empty());
    }

    #[test]
    fn the_most_urgent_comes_first_and_five_are_enough() {
        let mut facts = Facts::new(Confidence::Medium);
        (facts.files, facts.open_to_all, facts.failed_files, facts.failed_folders) = (3, 1, 2, 1);
        (facts.weakly_encrypted, facts.loose, facts.loose_files) = (1, 1200, 2);
        facts.oldest = Some(("2009-06-30T00:00:00Z".into(), "a\u{1b}b".into()));
        let lines = advice(&facts, false, 100);
        assert_eq!(lines.len(), 5);
        assert_eq!(
            lines[0],
            "Restrict access: 1 file with records is readable by everyone (201 CMR 17.04(2)(a))."
        );
        assert!(lines[1].starts_with("Close the gaps: 2 files and 1 folder failed"));
        assert!(lines[4].starts_with("Review 1,200 numbers without a name in 2 files"));
        let written = advice(&facts, true, 100);
        assert!(written[4].contains("2009-06-30, a\\u{1b}b"), "{}", written[4]);
    }
}

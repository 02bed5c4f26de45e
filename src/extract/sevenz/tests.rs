use super::*;
use crate::extract::ooxml::testing::{only, record, record_with};

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../fixtures/formats/7z/", $path)).as_slice()
    };
}

fn names(lines: &[String], kind: &str) -> Vec<String> {
    only(kind, lines).iter().map(|l| l.split(['=', ':']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn members_of_solid_and_other_archives_are_read() {
    for bytes in [fixture!("solid.7z"), fixture!("bzip2.7z")] {
        let lines = record(&SevenZ, bytes);
        let mut names = names(&lines, "M");
        names.sort();
        assert_eq!(names, ["letters/pham.txt", "note.txt", "people.csv"], "{lines:?}");
    }
}

#[test]
fn methods_that_are_not_read_are_told_by_member() {
    let lines = record(&SevenZ, fixture!("ppmd.7z"));
    assert_eq!(names(&lines, "S").len(), 3);
    assert!(only("S", &lines)[0].ends_with("no-reader packed with a method that is not read"));
}

#[test]
fn encryption_is_that_of_the_members_or_of_the_whole() {
    let lines = record(&SevenZ, fixture!("encrypted.7z"));
    assert_eq!(names(&lines, "S").len(), 3);
    assert!(only("S", &lines)[0].ends_with("7z-aes Some(256) Yes"));
    assert_eq!(record(&SevenZ, fixture!("encrypted-names.7z")), ["E 7z-aes Some(256) Yes"]);
}

#[test]
fn a_password_opens_them() {
    let words = ["wrong".to_owned(), "larch-41".to_owned()];
    for bytes in [fixture!("encrypted.7z"), fixture!("encrypted-names.7z")] {
        let lines = record_with(&SevenZ, bytes, &words);
        assert_eq!(names(&lines, "M").len(), 3, "{lines:?}");
    }
    let lines = record_with(&SevenZ, fixture!("encrypted.7z"), &words[..1]);
    assert_eq!(names(&lines, "S").len(), 3);
}

#[test]
fn damage_is_told_by_every_member_it_hides() {
    let lines = record(&SevenZ, fixture!("damaged.7z"));
    let told = names(&lines, "S").len() + lines.iter().filter(|l| l.starts_with("M ")).count();
    assert_eq!(told, 3, "{lines:?}");
    let whole = fixture!("solid.7z");
    for cut in (0..whole.len()).step_by(whole.len() / 20) {
        let mut bytes = whole.to_vec();
        bytes.truncate(cut);
        assert!(record(&SevenZ, &bytes)[0].starts_with("G damaged"));
    }
}

#[test]
fn without_its_end_the_content_comes_out_without_names() {
    let whole = fixture!("solid.7z");
    let lines = record(&SevenZ, &whole[..whole.len() - 60]);
    assert!(lines[0].starts_with("G damaged"), "{lines:?}");
    let members = only("M", &lines);
    assert_eq!(members.len(), 1, "{lines:?}");
    assert!(members[0].contains("027-35-8814"), "{lines:?}");
}

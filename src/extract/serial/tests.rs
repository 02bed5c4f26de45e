use super::*;
use crate::extract::ooxml::testing::{only, record};

fn ar(members: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = b"!<arch>\n".to_vec();
    for (name, content) in members {
        bytes.extend(
            format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, content.len()).bytes(),
        );
        bytes.extend(content.bytes());
        bytes.extend((content.len() % 2 == 1).then_some(b'\n'));
    }
    bytes
}

fn newc(members: &[(&str, u32, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, mode, content) in members.iter().chain(&[("TRAILER!!!", 0, "")]) {
        let fields = [0, *mode, 0, 0, 1, 0, content.len() as u32, 0, 0, 0, 0, name.len() as u32 + 1, 0];
        bytes.extend(b"070701");
        bytes.extend(fields.map(|f| format!("{f:08X}")).concat().bytes());
        bytes.extend(name.bytes().chain([0]));
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend(content.bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

#[test]
fn names_may_be_short_or_stand_elsewhere() {
    let bytes = ar(&[
        ("//", "a long name indeed.txt/\n"),
        ("b.txt/", "Ann"),
        ("/0", "Bo"),
        ("#1/4", "c.mdCora"),
        ("d", ""),
    ]);
    assert_eq!(
        only("M", &record(&Serial::Ar, &bytes)),
        ["b.txt=Ann", "a long name indeed.txt=Bo", "c.md=Cora", "d="]
    );
}

#[test]
fn a_damaged_header_leaves_the_rest_as_a_member() {
    let mut bytes = ar(&[("a", "Ann"), ("b", "Bo")]);
    bytes[8 + 60 + 4 + 59] = b'x';
    let lines = record(&Serial::Ar, &bytes);
    assert!(only("M", &lines)[1].ends_with("Bo"));
    assert_eq!(only("G", &lines).len(), 1);
}

#[test]
fn files_come_out_and_others_are_told() {
    let bytes = newc(&[
        ("dir", 0o040_755, ""),
        ("dir/a", 0o100_644, "Ann"),
        ("l", 0o120_777, "dir/a"),
        ("b", 0o100_644, "Bo"),
    ]);
    let lines = record(&Serial::Cpio, &bytes);
    assert_eq!(only("M", &lines), ["dir/a=Ann", "b=Bo"]);
    assert_eq!(only("S", &lines), ["l: link a link; what it leads to is not followed"]);
    assert!(only("G", &lines).is_empty());
}

#[test]
fn archives_follow_one_another() {
    let one = newc(&[("a", 0o100_644, "Ann")]);
    let bytes = [&one[..], &[0; 300], &newc(&[("b", 0o100_644, "Bo")]), &[0; 20], b"packed"].concat();
    assert_eq!(only("M", &record(&Serial::Cpio, &bytes)), ["a=Ann", "b=Bo", "=packed"]);
}

#[test]
fn octal_and_binary_headers_are_read() {
    let octal = format!("070707{:012o}{:06o}{:024o}{:011o}{:06o}{:011o}a\0Ann", 0, 0o100_644, 0, 0, 2, 3);
    assert_eq!(only("M", &record(&Serial::Cpio, octal.as_bytes())), ["a=Ann"]);
    let words: [u16; 13] = [0o070_707, 0, 0, 0o100_644, 0, 0, 1, 0, 0, 0, 2, 0, 3];
    let binary = [words.iter().flat_map(|w| w.to_le_bytes()).collect(), b"a\0Ann".to_vec()].concat();
    assert_eq!(only("M", &record(&Serial::Cpio, &binary)), ["a=Ann"]);
}

#[test]
fn any_damage_leaves_the_rest_readable() {
    for (kind, whole) in [
        (Serial::Ar, ar(&[("a", "Ann"), ("#1/4", "c.mdCora")])),
        (Serial::Cpio, newc(&[("a", 0o100_644, "Ann"), ("b", 0o100_644, "Bo")])),
    ] {
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            record(&kind, &bytes);
            record(&kind, &whole[..at]);
        }
    }
}

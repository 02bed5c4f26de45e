use super::*;
use crate::extract::ooxml::testing::{only, record};

fn document(major: u8, key: u16, text: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xFFWPC\x10\0\0\0\x01\x0A".to_vec();
    bytes.extend([major, 0]);
    bytes.extend(key.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(text);
    bytes
}

#[test]
fn text_of_version_5_comes_without_its_functions() {
    let parts: [&[u8]; 5] = [
        b"\xC3\x0C\xC3Odile\xC4\x0C\xC4 Ren\xC0\x29\x01\xC0e\x0D027\xA963\xA94418\x0A",
        // A group says how long it is behind its length.
        b"\xD1\x01\x08\0abcd\x08\0\x01\xD1",
        b"Second\xC1\0\0\0\0\0\0\0\xC1line",
        b"\xDC\x00\x04\0\x04\0\x00\xDC",
        b"cell",
    ];
    let lines = record(&WordPerfect, &document(0, 0, &parts.concat()));
    assert_eq!(only("T", &lines), ["|Odile Renée 027-63-4418", "|Second\tline\tcell"]);
}

#[test]
fn text_of_version_6_comes_without_its_functions() {
    let parts: [&[u8]; 3] = [
        b"Odile\x80Ren\x0Fe\xCF027\x8463\x844418\xCC",
        b"\xD4\x01\x08\0x\x08\0\xD4Next",
        b"\xE0\x11\x08\0x\x08\0\xE0cell\xF0\x29\x01\xF0",
    ];
    let lines = record(&WordPerfect, &document(2, 0, &parts.concat()));
    assert_eq!(only("T", &lines), ["|Odile Renée 027-63-4418", "|Next\tcellé"]);
}

#[test]
fn notes_of_version_5_follow_the_text() {
    let mut text = b"Body".to_vec();
    text.extend(b"\xD6\x00\x0C\0\0\0A note\x0C\0\x00\xD6 end\x0A");
    let lines = record(&WordPerfect, &document(0, 0, &text));
    assert_eq!(only("T", &lines).len(), 2);
    assert!(only("T", &lines)[1].contains("A note"));
}

#[test]
fn a_key_in_the_header_means_encrypted() {
    let lines = record(&WordPerfect, &document(0, 0x1234, b"\x93\x12"));
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with('E'));
}

use std::io::{Cursor, Write};

use crate::extract::cfb::Cfb;
use crate::extract::ooxml::testing::{only, record, record_with};

use super::OldWord;

/// A Word 97 file: pieces are (first character, characters, offset as stored).
fn word(text: &[u8], pieces: &[(u32, u32, u32)], flags: u16, length: u32) -> Vec<u8> {
    let mut stream = vec![0; 0x400];
    stream[..4].copy_from_slice(&[0xEC, 0xA5, 0xC1, 0]);
    stream[0x0A..0x0C].copy_from_slice(&flags.to_le_bytes());
    stream[0x18..0x1C].copy_from_slice(&0x400_u32.to_le_bytes());
    stream[0x1C..0x20].copy_from_slice(&(0x400 + text.len() as u32).to_le_bytes());
    stream[0x4C..0x50].copy_from_slice(&length.to_le_bytes());
    stream.extend(text);
    let mut plc: Vec<u8> = pieces.iter().flat_map(|(first, ..)| first.to_le_bytes()).collect();
    let end = pieces.last().map_or(0, |(first, count, _)| first + count);
    plc.extend(end.to_le_bytes());
    for (.., at) in pieces {
        plc.extend([&[0, 0][..], &at.to_le_bytes(), &[0, 0]].concat());
    }
    let clx = [&[2][..], &(plc.len() as u32).to_le_bytes(), &plc].concat();
    stream[0x1A6..0x1AA].copy_from_slice(&(clx.len() as u32).to_le_bytes());
    file(&[("WordDocument", &stream), ("0Table", &clx)])
}

fn file(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = ::cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes all");
    for (name, content) in streams {
        let mut stream = file.create_stream(format!("/{name}")).expect("a name that can be written");
        stream.write_all(content).expect("memory takes all");
    }
    file.flush().expect("memory takes all");
    file.into_inner().into_inner()
}

const NARROW: u32 = 0x4000_0000;

#[test]
fn pieces_are_read_in_their_order_and_a_number_across_them_is_one() {
    let text = b"61-3387.\rHargrove 024-";
    let bytes = word(text, &[(0, 13, NARROW | ((0x400 + 9) * 2)), (13, 9, NARROW | (0x400 * 2))], 4, 22);
    assert_eq!(only("T", &record(&Cfb, &bytes)), ["|Hargrove 024-61-3387."]);
}

#[test]
fn text_that_no_piece_holds_is_given_after_a_fast_save() {
    let bytes = word(b"kept\rforgotten words", &[(0, 5, NARROW | (0x400 * 2))], 4, 5);
    assert_eq!(record(&Cfb, &bytes), ["U ", "T |kept", "U deleted", "T |forgotten words"]);
    let bytes = word(b"kept\rforgotten words", &[(0, 5, NARROW | (0x400 * 2))], 0, 5);
    assert_eq!(record(&Cfb, &bytes), ["U ", "T |kept"]);
}

#[test]
fn hidden_values_of_fields_come_after_their_paragraph() {
    let text = b"See \x13 REF a \x14page\x15 4\r";
    let bytes = word(text, &[(0, text.len() as u32, NARROW | (0x400 * 2))], 0, text.len() as u32);
    assert_eq!(only("T", &record(&Cfb, &bytes)), ["|See page 4", "|REF a"]);
}

#[test]
fn a_table_of_pieces_gone_wrong_costs_no_time_and_no_text() {
    let same: Vec<(u32, u32, u32)> = (0..2000).map(|n| (n * 1000, 1000, NARROW | (0x400 * 2))).collect();
    let lines = record(&Cfb, &word(b"some words\r", &same, 0, 11));
    assert!(lines.len() < 10_000 && lines.iter().any(|l| l.contains("some words")));
    let mut broken = word(b"some words\r", &[(0, 11, NARROW | (0x400 * 2))], 0, 11);
    let clx = memchr::memmem::rfind(&broken, &[2, 16, 0, 0, 0]).expect("the table");
    broken[clx] = 9;
    let lines = record(&Cfb, &broken);
    assert!(lines[0].starts_with("G damaged") && lines.iter().any(|l| l.contains("some words")));
}

#[test]
fn documents_before_word_6_are_read_as_one_piece() {
    let mut bytes = vec![0; 0x180];
    bytes[..4].copy_from_slice(&[0xDB, 0xA5, 45, 0]);
    bytes[0x18..0x1C].copy_from_slice(&0x180_u32.to_le_bytes());
    bytes[0x1C..0x20].copy_from_slice(&0x18A_u32.to_le_bytes());
    bytes.extend(b"Caf\xE9 life\rnoise");
    assert_eq!(record(&OldWord, &bytes), ["U ", "T |Caf\u{e9} life"]);
    bytes.truncate(0x184);
    assert!(record(&OldWord, &bytes).iter().any(|l| l.starts_with("G damaged")));
}

#[test]
fn encrypted_text_is_read_with_its_password() {
    let bytes = include_bytes!("../../../fixtures/formats/doc/password.doc").as_slice();
    assert_eq!(only("E", &record(&Cfb, bytes)), ["office-cryptoapi Some(128) Yes"]);
    let opened = record_with(&Cfb, bytes, &["wrong".to_owned(), "correct horse".to_owned()]);
    assert!(opened.iter().any(|line| line.starts_with("T ") && line.contains("SSN")), "{}", opened.len());
}

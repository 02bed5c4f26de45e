use std::io::{Cursor, Write};

use crate::extract::cfb::Cfb;
use crate::extract::ooxml::testing::{only, record, record_with};

fn atom(kind: u16, version: u16, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_le_bytes();
    [&version.to_le_bytes()[..], &kind.to_le_bytes(), &length, content].concat()
}

fn show(stream: &[u8]) -> Vec<String> {
    let mut file = ::cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes all");
    let mut out = file.create_stream("/PowerPoint Document").expect("a name that can be written");
    out.write_all(stream).expect("memory takes all");
    drop(out);
    file.flush().expect("memory takes all");
    record(&Cfb, &file.into_inner().into_inner())
}

fn slide(text: &[u8]) -> Vec<u8> {
    atom(super::SLIDE, 15, &atom(super::NARROW_TEXT, 0, text))
}

#[test]
fn slides_are_units_and_the_same_slide_again_is_not() {
    let stream = [slide(b"one\rtwo"), slide(b"caf\xE9"), slide(b"one\rtwo")].concat();
    assert_eq!(show(&stream), ["U page1", "T |one", "T |two", "U page2", "T |caf\u{e9}"]);
}

#[test]
fn a_wrong_length_costs_only_the_record_that_has_it() {
    let mut wrong = slide(b"first");
    wrong[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(only("T", &show(&[wrong, slide(b"second")].concat())), ["|first", "|second"]);
}

#[test]
fn containers_without_end_are_followed_to_a_depth() {
    let mut stream = atom(super::NARROW_TEXT, 0, b"deep");
    for _ in 0..1000 {
        stream = atom(super::LIST, 15, &stream);
    }
    assert!(show(&stream).len() < 10);
}

#[test]
fn the_cells_of_a_table_are_rows_again() {
    let place = |left: u32, top: u32| {
        atom(0xF00F, 0, &[left, top, left + 90, top + 20].map(u32::to_le_bytes).concat())
    };
    let cell = |left, top, text: &[u8]| {
        let words = atom(0xF00D, 15, &atom(super::NARROW_TEXT, 0, text));
        atom(0xF004, 15, &[place(left, top), words].concat())
    };
    let options = atom(0xF122, 0x13, &[&[0x9F, 0x03][..], &1u32.to_le_bytes()].concat());
    let shapes = [
        atom(0xF004, 15, &options),
        cell(0, 0, b"Name"),
        cell(0, 20, b"Ann"),
        cell(100, 0, b"Dept"),
        cell(200, 0, b"SSN"),
        cell(200, 20, b"024-61-3387"),
        atom(0xF004, 15, &place(0, 40)),
    ];
    let group = atom(super::tables::GROUP, 15, &shapes.concat());
    let slide = atom(super::SLIDE, 15, &group);
    assert_eq!(only("T", &show(&slide)), ["|Name\tDept\tSSN", "|Ann\t\t024-61-3387"]);
}

#[test]
fn encrypted_slides_are_read_with_their_password() {
    let bytes = include_bytes!("../../../fixtures/formats/ppt/password.ppt").as_slice();
    assert_eq!(only("E", &record(&Cfb, bytes)), ["office-rc4 Some(128) Yes"]);
    let opened = record_with(&Cfb, bytes, &["correct horse".to_owned()]);
    assert!(opened.iter().any(|line| line.starts_with("T ") && line.contains("SSN")), "{}", opened.len());
}

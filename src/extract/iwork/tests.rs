use super::*;
use crate::extract::ooxml::testing::{archive, only, record};

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
    bytes
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
}

fn reference(field: u64, id: u64) -> Vec<u8> {
    bytes(field, &number(1, id))
}

/// A part of these objects: number, kind, message.
fn part(objects: &[(u64, u64, Vec<u8>)]) -> Vec<u8> {
    let mut plain = Vec::new();
    for (id, kind, message) in objects {
        let about = [number(1, *kind), number(3, message.len() as u64)].concat();
        let head = [number(1, *id), bytes(2, &about)].concat();
        plain.extend([varint(head.len() as u64), head, message.clone()].concat());
    }
    // One stretch of plain bytes, with its length in two bytes.
    let length = u16::try_from(plain.len() - 1).expect("a small part").to_le_bytes();
    let packed = [varint(plain.len() as u64), vec![61 << 2, length[0], length[1]], plain].concat();
    let length = u32::try_from(packed.len()).expect("a small part").to_le_bytes();
    [&[0, length[0], length[1], length[2]], &packed[..]].concat()
}

fn text(kind: u64, words: &str) -> Vec<u8> {
    [number(1, kind), bytes(3, words.as_bytes())].concat()
}

#[test]
fn texts_come_out_part_by_part() {
    let document = part(&[
        (5, 2001, text(0, "Staff list\nAnn Hargrove\u{2028}SSN 024-61-3387\u{fffc}")),
        (6, 2001, text(1, "Confidential")),
        (7, 3056, bytes(1, b"call her")),
        (8, 9999, bytes(3, b"style")),
    ]);
    let slide = part(&[(9, 2001, text(3, "On a slide"))]);
    let lines =
        record(&Iwork, &archive(&[("Index/Document.iwa", &document), ("Index/MasterSlide-2.iwa", &slide)]));
    let expected = [
        "|Staff list",
        "|Ann Hargrove",
        "|SSN 024-61-3387",
        "header|Confidential",
        "comment|call her",
        "master|On a slide",
    ];
    assert_eq!(only("T", &lines), expected);
    assert!(only("G", &lines).is_empty());
}

/// A table of two rows: a number and a text, and a text with formats that stands as object 30.
fn sheet() -> Vec<u8> {
    let cell = |kind: u8, flag: u32, value: &[u8]| {
        [&[5, kind, 0, 0, 0, 0, 0, 0], &flag.to_le_bytes()[..], value].concat()
    };
    let amount = (24_613_387u128 + (0x1820 << 113)).to_le_bytes();
    let cells = [cell(3, 8, &1u32.to_le_bytes()), cell(2, 1, &amount)].concat();
    let row = |at: u64, cells: &[u8], offsets: &[u8]| {
        bytes(5, &[number(1, at), number(2, 1), bytes(6, cells), bytes(7, offsets)].concat())
    };
    let rich = cell(9, 0x10, &4u32.to_le_bytes());
    let tile = [row(0, &cells, &[0, 0, 0xFF, 0xFF, 16, 0]), row(1, &rich, &[0, 0])].concat();
    let data = [
        bytes(3, &bytes(1, &[number(1, 0), reference(2, 21)].concat())),
        reference(4, 22),
        reference(17, 23),
    ];
    let model = [bytes(4, &data.concat()), bytes(8, b"Table 1")].concat();
    let strings = bytes(3, &[number(1, 1), bytes(3, b"Ann Hargrove")].concat());
    let riches = bytes(3, &[number(1, 4), reference(9, 24)].concat());
    part(&[
        (2, 2, [bytes(1, b"People"), reference(2, 10)].concat()),
        (10, 6000, reference(2, 20)),
        (20, 6001, model),
        (21, 6002, tile),
        (22, 6005, strings),
        (23, 6005, riches),
        (24, 6218, reference(1, 30)),
        (30, 2001, text(5, "Maeve Lindqvist")),
    ])
}

#[test]
fn tables_come_out_by_rows_and_their_texts_once() {
    let lines = record(&Iwork, &archive(&[("Index/Document.iwa", &sheet())]));
    let rows = only("R", &lines);
    assert_eq!(rows.len(), 2, "{lines:?}");
    assert!(
        rows[0].contains("People") && rows[0].contains("Ann Hargrove") && rows[0].contains("24613387"),
        "{rows:?}"
    );
    assert!(rows[1].contains("Maeve Lindqvist"), "{rows:?}");
    assert!(only("T", &lines).is_empty(), "{lines:?}");
}

#[test]
fn what_precedes_damage_comes_out() {
    let mut document = part(&[(5, 2001, text(0, "Ann Hargrove"))]);
    document.extend([0, 40, 0, 0, 9, 9]);
    let lines = record(&Iwork, &archive(&[("Index/Document.iwa", &document)]));
    assert_eq!(only("T", &lines), ["|Ann Hargrove"]);
    assert_eq!(only("G", &lines).len(), 1, "{lines:?}");
}

#[test]
fn encrypted_parts_make_an_encrypted_document() {
    let lines = record(&Iwork, &archive(&[("Index/Document.iwa", &[0x5A; 64]), (".iwpv2", &[2; 104])]));
    assert_eq!(only("E", &lines).len(), 1, "{lines:?}");
    assert!(only("G", &lines).is_empty(), "{lines:?}");
}

/// A document before 2013: a sheet with a table of two columns, and a box.
const OLD: &str = "<ls:document xmlns:ls='l' xmlns:sf='s' xmlns:sfa='a'><ls:workspace ls:workspace-name='People'>\
    <sf:tabular-model sf:name='Table 1'><sf:grid><sf:datasource>\
    <sf:t sf:ct='0'><sf:ct sfa:s='Name'/></sf:t><sf:t><sf:ct sfa:s='SSN'/></sf:t>\
    <sf:t sf:ct='255'><sf:ct sfa:s='Ann Hargrove'/></sf:t>\
    <sf:f><sf:fo sf:fs='=A1'/><sf:r><sf:rn sf:v='24613387'/></sf:r></sf:f>\
    <sf:t sf:ct='256'><sf:so><sf:p>024-61-<sf:span>3388</sf:span></sf:p></sf:so></sf:t>\
    </sf:datasource></sf:grid></sf:tabular-model>\
    <sf:p>Call <sf:span>Maeve</sf:span><sf:lnbr/>soon</sf:p></ls:workspace></ls:document>";

#[test]
fn documents_before_2013_are_read_too() {
    let lines =
        record(&Iwork, &archive(&[("index.xml", OLD.as_bytes()), ("buildVersionHistory.plist", b"x")]));
    let rows = only("R", &lines);
    assert_eq!(rows.len(), 3, "{lines:?}");
    assert!(rows[1].contains("Ann Hargrove") && rows[1].contains("24613387"), "{rows:?}");
    assert!(rows[2].contains("024-61-3388"), "{rows:?}");
    assert_eq!(only("T", &lines), ["People|Call Maeve\nsoon"]);
    assert!(only("M", &lines).is_empty() && only("G", &lines).is_empty(), "{lines:?}");
}

#[test]
fn encrypted_documents_before_2013_are_told_by_how_they_are_stored() {
    let mut bytes = archive(&[("index.xml", &[0x6C; 90])]);
    for (mark, at) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let found = bytes.windows(4).position(|w| w == mark).expect("a header");
        bytes[found + at..found + at + 2].copy_from_slice(&SEALED.to_le_bytes());
    }
    assert_eq!(record(&Iwork, &bytes), ["E iwork Some(128) Yes"]);
}

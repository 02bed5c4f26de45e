use std::io::{Cursor, Write};

use super::*;
use crate::extract::ooxml::testing::record;

fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = ::cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes all");
    for (name, content) in streams {
        let mut stream = file.create_stream(format!("/{name}")).expect("a name that can be written");
        stream.write_all(content).expect("memory takes all");
    }
    file.flush().expect("memory takes all");
    file.into_inner().into_inner()
}

/// An encryption information of version 4.2 with this key size.
fn info(bits: u32) -> Vec<u8> {
    let mut info = [&[4, 0, 2, 0][..], &[0; 36]].concat();
    info[28..32].copy_from_slice(&bits.to_le_bytes());
    info
}

#[test]
fn encrypted_packages_are_told_by_their_information() {
    let agile =
        [&b"\x04\0\x04\0\x40\0\0\0"[..], b"<encryption><keyData keyBits=\"256\"/></encryption>"].concat();
    let of = |info: &[u8]| record(&Cfb, &ole(&[("EncryptionInfo", info), ("ENCRYPTEDPACKAGE", b"x")]));
    assert_eq!(of(&agile), ["E office-agile Some(256) Yes"]);
    assert_eq!(of(&info(128)), ["E office-standard Some(128) Yes"]);
    assert_eq!(of(&[3, 0, 3, 0]), ["E office-extensible None Unknown"]);
    assert_eq!(of(b""), ["E office-unknown None Unknown"]);
}

#[test]
fn rights_management_is_told_by_its_stream() {
    let bytes = ole(&[("WordDocument", b"stub"), ("\u{9}DRMContent", b"x")]);
    assert_eq!(record(&Cfb, &bytes), ["E office-drm None Unknown"]);
}

#[test]
fn word_documents_say_it_in_their_first_block() {
    let fib = |flags: u16| [&[0xEC, 0xA5, 0xC1, 0][..], &[0; 6], &flags.to_le_bytes(), &[0; 20]].concat();
    let of = |flags, table: &[u8]| record(&Cfb, &ole(&[("WordDocument", &fib(flags)), ("1Table", table)]));
    assert_eq!(of(0x0200, b""), ["G no-reader Word 97-2003 document "]);
    assert_eq!(of(0x8300, b""), ["E office-xor Some(16) No"]);
    assert_eq!(of(0x0300, &[1, 0, 1, 0]), ["E office-rc4 Some(40) No"]);
    assert_eq!(of(0x0300, &info(128)), ["E office-cryptoapi Some(128) Yes"]);
}

#[test]
fn workbooks_say_it_in_a_record() {
    let book = |record: &[u8]| [&[0x09, 0x08, 2, 0, 0, 6][..], record, &[0x0A, 0, 0, 0]].concat();
    let of = |bytes: &[u8]| record(&Cfb, &ole(&[("WORKBOOK", &book(bytes))]));
    assert_eq!(of(b""), ["G no-reader Excel 97-2003 workbook "]);
    assert_eq!(of(b"\x2f\0\x06\0\0\0\x12\x34\x56\x78"), ["E office-xor Some(16) No"]);
    assert_eq!(of(b"\x2f\0\x06\0\x01\0\x01\0\x01\0"), ["E office-rc4 Some(40) No"]);
    let wide = [&b"\x2f\0\x2a\0\x01\0"[..], &info(128)].concat();
    assert_eq!(of(&wide), ["E office-cryptoapi Some(128) Yes"]);
}

#[test]
fn presentations_say_it_in_the_current_user() {
    let user = |token: u32| [&[0; 12][..], &token.to_le_bytes()].concat();
    let session = [&b"noise\x0F\0\x14\x2F\x28\0\0\0"[..], &info(128)].concat();
    let of = |token| record(&Cfb, &ole(&[("Current User", &user(token)), ("PowerPoint Document", &session)]));
    assert_eq!(of(0xE391_C05F), ["G no-reader PowerPoint 97-2003 presentation "]);
    assert_eq!(of(0xF3D1_C4DF), ["E office-rc4 Some(128) Yes"]);
}

#[test]
fn packaged_files_are_members() {
    let native = [&[0; 6][..], b"list.csv\0C:\\list.csv\0\0\0\x03\0\x02\0\0\0x\0\x03\0\0\0a,bjunk"].concat();
    assert_eq!(record(&Cfb, &ole(&[("\u{1}Ole10Native", &native)])), ["M list.csv=a,b"]);
    assert_eq!(record(&Cfb, &ole(&[("\u{1}Ole10Native", b"short")])), ["G damaged packaged file "]);
    assert_eq!(record(&Cfb, &ole(&[("Package", b"PK")])), ["M =PK"]);
}

#[test]
fn other_files_are_named_by_what_they_hold() {
    assert_eq!(record(&Cfb, &ole(&[("__properties_version1.0", b"x")])), ["G no-reader Outlook message "]);
    assert_eq!(record(&Cfb, &ole(&[("Details", b"x")])), ["G no-reader OLE2 file "]);
    assert_eq!(record(&Cfb, b"no OLE2"), ["G damaged the OLE2 file cannot be opened "]);
}

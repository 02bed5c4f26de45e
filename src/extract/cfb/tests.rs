use std::io::{Cursor, Write};

use super::*;
use crate::extract::ooxml::testing::{only, record, record_with};

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
fn what_a_password_of_the_user_opens_was_encrypted_all_the_same() {
    let words = ["wrong".to_owned(), "correct horse".to_owned()];
    let package = include_bytes!("../../../fixtures/formats/ole2/password.xlsx").as_slice();
    assert_eq!(record(&Cfb, package), ["E office-standard Some(128) Yes"]);
    let opened = record_with(&Cfb, package, &words);
    assert_eq!(opened[0], "O office-standard Some(128) Yes");
    assert_eq!(only("R", &opened).len(), 3);
    let built_in = include_bytes!("../../../fixtures/formats/ole2/built_in_password.xlsx");
    let opened = record_with(&Cfb, built_in, &words);
    assert_eq!((only("O", &opened).len(), only("R", &opened).len()), (0, 3));
    let workbook = include_bytes!("../../../fixtures/formats/xls/sealed.xls");
    let opened = record_with(&Cfb, workbook, &words);
    assert_eq!((opened[0].as_str(), only("R", &opened).len()), ("O office-rc4 Some(40) No", 6));
    let built_in = include_bytes!("../../../fixtures/formats/xls/built-in-password.xls");
    assert!(only("O", &record_with(&Cfb, built_in, &words)).is_empty());
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
    assert!(of(0x0200, b"").iter().all(|line| !line.starts_with('E')));
    assert_eq!(of(0x8300, b""), ["E office-xor Some(16) No"]);
    assert_eq!(of(0x0300, &[1, 0, 1, 0]), ["E office-rc4 Some(40) No"]);
    assert_eq!(of(0x0300, &info(128)), ["E office-cryptoapi Some(128) Yes"]);
}

#[test]
fn workbooks_say_it_in_a_record() {
    let book = |record: &[u8]| [&[0x09, 0x08, 2, 0, 0, 6][..], record, &[0x0A, 0, 0, 0]].concat();
    let of = |bytes: &[u8]| record(&Cfb, &ole(&[("WORKBOOK", &book(bytes))]));
    assert!(of(b"").is_empty());
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
    assert!(of(0xE391_C05F).iter().all(|line| !line.starts_with('E')));
    assert_eq!(of(0xF3D1_C4DF), ["E office-rc4 Some(128) Yes"]);
}

#[test]
fn packaged_files_are_members() {
    let native = [&[0; 6][..], b"list.csv\0C:\\list.csv\0\0\0\x03\0\x02\0\0\0x\0\x03\0\0\0a,bjunk"].concat();
    assert_eq!(record(&Cfb, &ole(&[("\u{1}Ole10Native", &native)])), ["M list.csv=a,b"]);
    assert_eq!(record(&Cfb, &ole(&[("\u{1}Ole10Native", b"short")])), ["M =t"]);
    assert_eq!(record(&Cfb, &ole(&[("Package", b"PK")])), ["M =PK"]);
}

#[test]
fn other_files_are_named_by_what_they_hold() {
    let message = record(&Cfb, &ole(&[("__properties_version1.0", b"x")]));
    assert_eq!(message, ["G damaged no property of the message can be read ", "U headers"]);
    assert_eq!(record(&Cfb, &ole(&[("Details", b"x")])), ["G no-reader OLE2 file "]);
    assert_eq!(
        record(&Cfb, b"no OLE2"),
        ["G damaged the OLE2 file has no directory: runs of text only ", "U raw", "T raw|no OLE2"]
    );
}

/// Names and contents of all streams, below `at`.
fn streams(file: &mut Compound<'_>, at: Id, path: &str, out: &mut Vec<String>) {
    for child in file.children(at).to_vec() {
        let name = format!("{path}/{}", file.item(child).name);
        if file.item(child).storage {
            streams(file, child, &name, out);
        } else {
            let bytes = file.read(child);
            out.push(format!("{name}={}:{}", bytes.len(), bytes.iter().map(|b| u64::from(*b)).sum::<u64>()));
        }
    }
}

fn all_streams(bytes: &[u8]) -> (Vec<String>, Option<Cause>) {
    let (len, mut reader) = (bytes.len() as u64, Cursor::new(bytes));
    let mut input = Input { name: "", len, reader: &mut reader, memory: 1 << 28, passwords: &[] };
    let Some(mut file) = Compound::open(&mut input) else { return (Vec::new(), Some(Cause::Damaged)) };
    let (mut out, root) = (Vec::new(), file.root());
    streams(&mut file, root, "", &mut out);
    out.sort();
    (out, file.trouble().map(|(cause, _)| cause))
}

/// A file with small and large streams and storages in each other.
fn nested() -> Vec<u8> {
    let mut file = ::cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes all");
    for storage in ["/Pool", "/Pool/_1", "/Pool/_1/Deep"] {
        file.create_storage(storage).expect("a name that can be written");
    }
    for (name, size) in [("/Main", 9000), ("/Pool/_1/Small", 70), ("/Pool/_1/Deep/Large", 70_000), ("/B", 0)]
    {
        let mut stream = file.create_stream(name).expect("a name that can be written");
        stream.write_all(&vec![7; size]).expect("memory takes all");
    }
    file.flush().expect("memory takes all");
    file.into_inner().into_inner()
}

#[test]
fn every_stream_is_found_in_its_storage() {
    let expected =
        ["/B=0:0", "/Main=9000:63000", "/Pool/_1/Deep/Large=70000:490000", "/Pool/_1/Small=70:490"];
    assert_eq!(all_streams(&nested()), (expected.map(String::from).to_vec(), None));
}

#[test]
fn a_storage_can_be_cut_out_as_a_file() {
    let bytes = nested();
    let mut reader = Cursor::new(&bytes);
    let len = bytes.len() as u64;
    let mut input = Input { name: "", len, reader: &mut reader, memory: 1 << 28, passwords: &[] };
    let mut file = Compound::open(&mut input).expect("a file");
    let pool = file.find(file.root(), "POOL").expect("names are found without regard to case");
    let carved = file.carve(pool);
    let expected = ["/_1/Deep/Large=70000:490000", "/_1/Small=70:490"];
    assert_eq!(all_streams(&carved), (expected.map(String::from).to_vec(), None));
}

#[test]
fn damage_costs_only_what_it_hits() {
    let bytes = nested();
    let whole = all_streams(&bytes);
    for cut in (0..bytes.len()).step_by(509) {
        let cut = all_streams(&bytes[..cut]);
        assert!(cut == whole || cut.0.len() <= 4 && cut.1.is_some());
    }
    let mut circles = bytes.clone();
    // Every entry of the directory gets the first as its sibling and child.
    let at = memchr::memmem::find(&bytes, b"R\0o\0o\0t\0").expect("the directory");
    for entry in circles[at + 128..].chunks_exact_mut(128).take(3) {
        entry[68..80].fill(0);
    }
    assert!(all_streams(&circles).0.len() >= 2);
}

use super::*;
use crate::extract::ooxml::testing::{archive, only, record, record_with};

/// CRC-32 of `digits`.
const CRC: u32 = 0xCBF4_3926;
const DIGITS: &[u8] = b"123456789";

/// A stored member by hand: local header and data, and its entry in the directory.
struct Made {
    flags: u16,
    method: u16,
    crc: u32,
    data: Vec<u8>,
    size: u32,
    extra: Vec<u8>,
    name: Vec<u8>,
}

impl Made {
    fn new(name: &str, data: &[u8]) -> Made {
        let (data, name) = (data.to_vec(), name.as_bytes().to_vec());
        Made { flags: 0, method: 0, crc: CRC, size: data.len() as u32, data, extra: Vec::new(), name }
    }

    /// What local header and directory entry have in common, from the flags on.
    fn fields(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        out.extend(self.crc.to_le_bytes());
        out.extend((self.data.len() as u32).to_le_bytes());
        out.extend(self.size.to_le_bytes());
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend((self.extra.len() as u16).to_le_bytes());
        out
    }
}

fn put_together(members: &[Made]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for made in members {
        let at = out.len() as u32;
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(made.fields());
        out.extend([&made.name[..], &made.extra, &made.data].concat());
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(made.fields());
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend([&made.name[..], &made.extra].concat());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([(members.len() as u16).to_le_bytes(); 2].concat());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

#[test]
fn members_come_in_order_and_folders_do_not() {
    let bytes = archive(&[("b/", b""), ("b/z.txt", b"zed"), ("a.txt", b"ay")]);
    assert_eq!(record(&Zip, &bytes), ["M b/z.txt=zed", "M a.txt=ay"]);
}

#[test]
fn an_archive_in_an_archive_is_a_member_like_any_other() {
    let inner = archive(&[("in.txt", b"inside")]);
    let bytes = archive(&[("in.zip", &inner)]);
    let mut directory = Directory::read(&mut std::io::Cursor::new(&bytes), bytes.len() as u64);
    let entry = directory.entries.pop().expect("one member");
    let mut unpacked = Vec::new();
    let opened = member::open(&mut std::io::Cursor::new(&bytes), &entry, |content| {
        content.read_to_end(&mut unpacked).expect("undamaged");
    });
    assert!(opened.is_ok());
    assert_eq!(record(&Zip, &unpacked), ["M in.txt=inside"]);
}

#[test]
fn members_of_one_name_are_all_given() {
    let bytes = put_together(&[Made::new("a", DIGITS), Made::new("a", DIGITS)]);
    assert_eq!(record(&Zip, &bytes), ["M a=123456789", "M a=123456789"]);
}

#[test]
fn encryption_is_told_by_its_marks() {
    let noise = b"\x9e\x11twelve bytes and cipher";
    let crypto = Made { flags: 1, size: 11, ..Made::new("old", noise) };
    let aes = Made {
        flags: 1,
        method: 99,
        extra: b"\x01\x99\x07\0\x02\0AE\x03\x08\0".to_vec(),
        ..Made::new("aes", noise)
    };
    let strong = Made { flags: 0x41, ..Made::new("strong", noise) };
    let bytes = put_together(&[crypto, aes, strong, Made::new("plain", DIGITS)]);
    assert_eq!(
        record(&Zip, &bytes),
        [
            "S old: zip-crypto None No",
            "S aes: zip-aes Some(256) Yes",
            "S strong: zip-strong None Unknown",
            "M plain=123456789"
        ]
    );
}

#[test]
fn a_flag_on_plain_data_does_not_hide_them() {
    let bytes = put_together(&[Made { flags: 1, ..Made::new("a", DIGITS) }]);
    assert_eq!(record(&Zip, &bytes), ["M a=123456789"]);
}

#[test]
fn declared_sizes_do_not_cut_the_content() {
    let mut bytes = archive(&[("a", &[b'x'; 5000])]);
    let directory = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").expect("written");
    bytes[directory + 24..directory + 28].copy_from_slice(&1u32.to_le_bytes());
    assert_eq!(record(&Zip, &bytes)[0].len(), "M a=".len() + 5000);
}

#[test]
fn unknown_methods_are_named() {
    let bytes = put_together(&[Made { method: 98, ..Made::new("a", DIGITS) }, Made::new("b", DIGITS)]);
    assert_eq!(record(&Zip, &bytes), ["S a: no-reader compression method 98 (PPMd)", "M b=123456789"]);
}

#[test]
fn zstd_and_xz_are_unpacked_and_their_sums_compared() {
    let members = only("M", &record(&Zip, include_bytes!("../../../fixtures/formats/zip/methods.zip")));
    assert!(members[0].starts_with("zstd.txt=Maureen") && members[1].starts_with("xz.txt=Anselm"));
    assert!(members[2].ends_with("(damaged)") && !members[0].ends_with("(damaged)"));
}

#[test]
fn the_right_password_opens_members() {
    let words = ["wrong", "larch-41"].map(str::to_owned);
    for (bytes, how) in [
        (&include_bytes!("../../../fixtures/formats/zip/locked_old.zip")[..], "zip-crypto None No"),
        (&include_bytes!("../../../fixtures/formats/zip/locked_aes.zip")[..], "zip-aes Some(256) Yes"),
    ] {
        let opened = record_with(&Zip, bytes, &words);
        assert!(opened[1].starts_with("M people.csv=Name,SSN,City\nMaureen"), "{opened:?}");
        assert!(opened.len() == 2 && !opened.iter().any(|l| l.ends_with("(damaged)")), "{opened:?}");
        let sealed = record_with(&Zip, bytes, &words[..1]);
        assert_eq!(sealed, [format!("S note.txt: {how}"), format!("S people.csv: {how}")]);
    }
}

#[test]
fn a_changed_byte_of_an_aes_member_shows() {
    let mut bytes = include_bytes!("../../../fixtures/formats/zip/locked_aes.zip").to_vec();
    // In the encrypted data: behind header (30), name (8), extra fields, salt and check.
    let at = 30 + 8 + usize::from(u16::from_le_bytes([bytes[28], bytes[29]])) + 16 + 2 + 5;
    bytes[at] ^= 1;
    let lines = record_with(&Zip, &bytes, &["larch-41".to_owned()]);
    assert!(lines[0].starts_with("S note.txt: zip-aes") && lines[1].starts_with("M people.csv"), "{lines:?}");
}

#[test]
fn damage_is_an_error_after_what_precedes_it() {
    let bytes = put_together(&[Made { crc: 1, ..Made::new("a", DIGITS) }, Made::new("b", DIGITS)]);
    assert_eq!(record(&Zip, &bytes), ["M a=123456789 (damaged)", "M b=123456789"]);
}

#[test]
fn without_a_directory_the_local_headers_are_walked() {
    let whole = put_together(&[Made::new("a", DIGITS), Made::new("b", DIGITS)]);
    let lines = record(&Zip, &whole[..whole.len() - 30]);
    assert_eq!(lines, ["G damaged central directory missing ", "M a=123456789", "M b=123456789"]);
    let streamed = archive(&[("a", &[b'x'; 300]), ("b", b"bee")]);
    let end = streamed.windows(4).position(|w| w == b"PK\x01\x02").expect("written");
    assert_eq!(only("M", &record(&Zip, &streamed[..end]))[1], "b=bee");
}

#[test]
fn the_directory_of_an_inner_archive_is_not_taken_for_the_outer_one() {
    let inner = archive(&[("in.txt", b"inside")]);
    let stored = Made { flags: 0, crc: 0, ..Made::new("in.zip", &inner) };
    let whole = put_together(&[Made::new("a", DIGITS), stored]);
    let cut = whole.windows(4).rposition(|w| w == b"PK\x01\x02").expect("written") - 52;
    let names: Vec<String> = only("M", &record(&Zip, &whole[..cut]));
    assert!(names[0].starts_with("a=") && names[1].starts_with("in.zip="));
}

#[test]
fn bytes_before_the_archive_shift_its_offsets() {
    let shifted = [&b"#!/bin/sh\n"[..], &put_together(&[Made::new("a", DIGITS)])].concat();
    assert_eq!(record(&Zip, &shifted), ["M a=123456789"]);
}

#[test]
fn members_that_share_their_bytes_are_stopped() {
    let mut bytes = put_together(&(0..4).map(|_| Made::new("a", &[b'7'; 4000])).collect::<Vec<_>>());
    let starts: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, w)| w == b"PK\x01\x02").map(|(at, _)| at).collect();
    // Every entry points to the first member, and that is all the file has.
    let directory = bytes.split_off(starts[0]);
    bytes.truncate(4031);
    let start = bytes.len() as u32;
    bytes.extend(directory);
    for at in starts.iter().map(|at| at - starts[0] + start as usize) {
        bytes[at + 42..at + 46].copy_from_slice(&0u32.to_le_bytes());
    }
    let end = bytes.len() - 6;
    bytes[end..end + 4].copy_from_slice(&start.to_le_bytes());
    let lines = record(&Zip, &bytes);
    assert_eq!((only("M", &lines).len(), only("S", &lines).len()), (2, 2));
    assert!(only("S", &lines)[0].starts_with("a: limit-ratio"));
}

#[test]
fn nothing_at_all_is_damaged() {
    assert_eq!(record(&Zip, b""), ["G damaged no member can be read "]);
    assert_eq!(record(&Zip, b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), Vec::<String>::new());
}

#[test]
fn old_names_are_in_code_page_437() {
    let bytes = put_together(&[Made { name: b"caf\x82".to_vec(), ..Made::new("", DIGITS) }]);
    assert_eq!(record(&Zip, &bytes), ["M caf\u{e9}=123456789"]);
}

#[test]
fn sizes_beyond_32_bits_stand_in_an_extra_field() {
    let mut made = Made::new("a", DIGITS);
    made.extra = [&b"\x01\0\x10\0"[..], &9u64.to_le_bytes(), &9u64.to_le_bytes()].concat();
    let mut bytes = put_together(&[made]);
    for magic in [b"PK\x03\x04", b"PK\x01\x02"] {
        let at =
            bytes.windows(4).position(|w| w == magic).expect("written") + if magic[2] == 3 { 18 } else { 20 };
        bytes[at..at + 8].fill(0xFF);
    }
    assert_eq!(record(&Zip, &bytes), ["M a=123456789"]);
    let end = bytes.windows(4).position(|w| w == b"PK\x01\x02").expect("written");
    assert_eq!(record(&Zip, &bytes[..end])[1], "M a=123456789");
}

#[test]
fn parts_of_a_split_archive_are_missed_by_name() {
    let mut bytes = put_together(&[Made::new("a", DIGITS)]);
    let end = bytes.len() - 22;
    bytes[end + 4] = 2;
    assert_eq!(record(&Zip, &bytes), ["S a: damaged lies in another part of a split archive"]);
}

use std::io::{Cursor, Write};

use crate::extract::cfb::Cfb;
use crate::extract::tnef::Tnef;
use crate::extract::xml::collect::{collect, show};

/// An OLE2 file of these streams; storages are made on the way.
fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = ::cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes all");
    for (path, content) in streams {
        let (storage, _) = path.rsplit_once('/').expect("a path");
        file.create_storage_all(format!("/{storage}")).expect("a name that can be written");
        let mut stream = file.create_stream(format!("/{path}")).expect("a name that can be written");
        stream.write_all(content).expect("memory takes all");
    }
    file.flush().expect("memory takes all");
    file.into_inner().into_inner()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A stream of fixed properties behind a header of `header` bytes.
fn fixed(header: usize, entries: &[(u32, u64)]) -> Vec<u8> {
    let entries = entries
        .iter()
        .flat_map(|(tag, value)| [&tag.to_le_bytes()[..], &[0; 4], &value.to_le_bytes()].concat());
    vec![0; header].into_iter().chain(entries).collect()
}

#[test]
fn a_message_with_all_its_parts_is_read() {
    let names = [&[8, 0, 0, 0][..], &wide("No #")].concat();
    let inner = "/__attach_version1.0_#00000001/__substg1.0_3701000D";
    let bytes = ole(&[
        ("/__properties_version1.0", &fixed(32, &[(0x3FFD_0003, 1252), (0x8000_0003, 4711)])),
        ("/__nameid_version1.0/__substg1.0_00030102", &[0, 0, 0, 0, 1, 0, 0, 0]),
        ("/__nameid_version1.0/__substg1.0_00040102", &names),
        ("/__substg1.0_0C1A001E", b"Ren\xE9e Example"),
        ("/__substg1.0_0037001F", &wide("Number")),
        ("/__substg1.0_1000001F", &wide("SSN 123-45-6789")),
        ("/__recip_version1.0_#00000000/__properties_version1.0", &fixed(8, &[(0x0C15_0003, 1)])),
        ("/__recip_version1.0_#00000000/__substg1.0_3001001F", &wide("Bob Example")),
        ("/__attach_version1.0_#00000000/__properties_version1.0", &fixed(8, &[(0x3705_0003, 1)])),
        ("/__attach_version1.0_#00000000/__substg1.0_3707001F", &wide("a.csv")),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"a,b"),
        ("/__attach_version1.0_#00000001/__properties_version1.0", &fixed(8, &[(0x3705_0003, 5)])),
        ("/__attach_version1.0_#00000001/__substg1.0_3001001F", &wide("inner")),
        (&format!("{inner}/__properties_version1.0"), &fixed(24, &[(0x8000_0003, 99)])),
        (&format!("{inner}/__substg1.0_1000001F"), &wide("deep 987-65-4321")),
    ]);
    let sink = collect(&Cfb, &bytes);
    for line in
        ["From: Ren\u{e9}e Example", "To: Bob Example", "Subject: Number", "text(body) SSN 123-45-6789"]
    {
        assert!(sink.has(line), "{line}");
    }
    assert_eq!(show(&sink.objects[0]), "Note{No #=#4711;}");
    assert!(sink.members.len() == 2 && sink.members[0] == ("a.csv".to_owned(), b"a,b".to_vec()));
    let deep = collect(&Tnef, &sink.members[1].1);
    assert!(deep.has("text(body) deep 987-65-4321") && show(&deep.objects[0]) == "Note{No #=#99;}");
}

#[test]
fn attachments_without_content_are_named() {
    let bytes = ole(&[
        ("/__properties_version1.0", &fixed(32, &[])),
        ("/__attach_version1.0_#00000000/__properties_version1.0", &fixed(8, &[(0x3705_0003, 4)])),
        ("/__attach_version1.0_#00000000/__substg1.0_370D001F", &wide("\\\\server\\list.csv")),
        ("/__attach_version1.0_#00000001/__properties_version1.0", &fixed(8, &[(0x3705_0003, 1)])),
    ]);
    let sink = collect(&Cfb, &bytes);
    assert!(sink.has("text(attachments) \\\\server\\list.csv") && sink.all("sealed").len() == 1);
}

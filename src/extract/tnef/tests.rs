use super::*;
use crate::extract::mapi::Named;
use crate::extract::xml::collect::{collect, show};

fn text(id: u16, text: &str) -> Property {
    Property::new(id, kind::UNICODE, text.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

fn bag(properties: Vec<Property>) -> Bag {
    let mut bag = Bag::default();
    for property in properties {
        bag.push(property);
    }
    bag
}

fn file(name: &str, content: &[u8]) -> Bag {
    bag(vec![text(id::LONG_FILE, name), Property::new(id::DATA, kind::BINARY, content.to_vec())])
}

fn written(message: Vec<Property>, recipients: &[Bag], attachments: &[Bag]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.message(&bag(message), recipients);
    for bag in attachments {
        writer.attachment(bag);
    }
    writer.finish()
}

#[test]
fn messages_are_read_as_they_were_written() {
    let named = Property { named: Some(Named::Text("Staff No".to_owned())), ..text(0x8001, "A-17") };
    let to = bag(vec![text(id::NAME, "Bob Example")]);
    let inner = written(vec![text(id::BODY, "deep")], &[], &[]);
    let message = vec![text(id::SENDER, "Ann Example"), named, text(id::BODY, "SSN 123-45-6789")];
    let nested = bag(vec![text(id::NAME, "inner"), embedded(&inner)]);
    let all = written(message, &[to], &[file("a.csv", b"a,b"), nested]);
    let sink = collect(&Tnef, &all);
    assert!(sink.has("text(headers) From: Ann Example") && sink.has("text(headers) To: Bob Example"));
    assert!(sink.has("text(body) SSN 123-45-6789") && !sink.has("gap"));
    assert_eq!(show(&sink.objects[0]), "Note{Staff No=A-17;}");
    assert!(sink.members == [("a.csv".to_owned(), b"a,b".to_vec()), ("inner".to_owned(), inner)]);
}

/// An attribute in the older form.
fn old(level: u8, name: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("short").to_le_bytes();
    [&[level][..], &name.to_le_bytes(), &length, data, &[0, 0]].concat()
}

#[test]
fn the_older_form_is_read_too() {
    let sender = [&[4, 0, 30, 0, 12, 0, 16, 0][..], b"Ann Example\0SMTP:ann@example\0"].concat();
    let parts = [
        old(1, attribute::CODEPAGE, &1252_u64.to_le_bytes()),
        old(1, attribute::FROM, &sender),
        old(1, attribute::SUBJECT, b"Num\xE9ro\0"),
        old(1, attribute::BODY, b"123-45-6789\0"),
        old(2, attribute::ATTACH_START, &[0; 14]),
        old(2, attribute::ATTACH_TITLE, b"a.txt\0"),
        old(2, attribute::ATTACH_DATA, b"one"),
    ];
    let sink = collect(&Tnef, &[&SIGNATURE[..], &[0, 0], &parts.concat()].concat());
    assert!(sink.has("text(headers) Subject: Num\u{e9}ro") && sink.has("From: Ann Example"));
    assert!(sink.has("text(body) 123-45-6789") && sink.members == [("a.txt".to_owned(), b"one".to_vec())]);
}

#[test]
fn what_precedes_damage_is_read() {
    let all = written(vec![text(id::BODY, "SSN 123-45-6789")], &[], &[file("a.csv", b"Ann,123-45-6789")]);
    for end in 0..all.len() {
        collect(&Tnef, &all[..end]);
    }
    let sink = collect(&Tnef, &all[..all.len() - 6]);
    assert!(
        sink.has("gap")
            && sink.has("text(body) SSN 123-45-6789")
            && sink.members[0].1.starts_with(b"Ann,123-45-6")
    );
}

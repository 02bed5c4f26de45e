use super::*;
use crate::document::DocumentSink;
use crate::extract::xml::collect::{Collect, show};

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

fn said(properties: Vec<Property>, recipients: &[Bag]) -> Collect {
    let mut sink = Collect::default();
    say::message(&bag(properties), recipients, &mut sink as &mut dyn DocumentSink);
    sink
}

#[test]
fn headers_envelope_and_body_are_said() {
    let kind = Property::new(id::RECIPIENT_KIND, kind::I32, vec![2, 0, 0, 0]);
    let to = bag(vec![text(id::NAME, "Bob Example"), text(id::SMTP, "bob@example.org")]);
    let cc = bag(vec![text(id::NAME, "Cy Example"), kind]);
    let sink = said(
        vec![
            text(id::SENDER, "Ann Example"),
            text(id::SENDER_SMTP, "ann@example.org"),
            text(id::SUBJECT, "Number"),
            text(id::BODY, "Hello\r\n123-45-6789\r\n"),
            Property::new(id::SENT, kind::TIME, 133_000_000_000_000_000_u64.to_le_bytes().to_vec()),
        ],
        &[to, cc],
    );
    assert!(
        sink.calls
            == [
                "unit(headers)",
                "text(headers) From: Ann Example <ann@example.org>",
                "text(headers) To: Bob Example <bob@example.org>",
                "text(headers) Cc: Cy Example",
                "text(headers) Date: 2022-06-18T04:26:40Z",
                "text(headers) Subject: Number",
                "envelope Ann Example > Bob Example|Cy Example: Number",
                "unit(body)",
                "text(body) Hello",
                "text(body) 123-45-6789",
            ]
    );
}

#[test]
fn addresses_that_only_the_headers_have_are_said() {
    let headers = "From: Ann Example <ann@example.org>\r\nTo: Bob@example.org\r\nSubject: Number\r\n\r\n";
    let to = bag(vec![text(id::NAME, "Bob Example"), text(id::SMTP, "bob@example.org")]);
    let sink = said(vec![text(id::SENDER, "Ann Example"), text(id::HEADERS, headers)], &[to]);
    assert!(sink.has("text(headers) From: Ann Example"));
    assert!(sink.has("text(transport-headers) From: Ann Example <ann@example.org>"));
    assert!(!sink.calls.iter().any(|call| call.starts_with("text(transport-headers) To")));
}

#[test]
fn other_forms_of_the_body_are_read_for_what_they_add() {
    let html = |html: &str| Property::new(id::HTML, kind::BINARY, html.as_bytes().to_vec());
    let same = said(vec![text(id::BODY, "no 123-45-6789"), html("<p>no 123-45-6789</p>")], &[]);
    assert!(!same.has("text(body-html)"));
    let more = said(vec![text(id::BODY, "none"), html("<p>no 123-45-6789</p>")], &[]);
    assert!(more.has("text(body-html) no 123-45-6789"));
    let rtf = |rtf: &str| [&[0; 4], &u32::MAX.to_le_bytes()[..], b"MELA", &[0; 4], rtf.as_bytes()].concat();
    let rtf = |text: &str| Property::new(id::RTF, kind::BINARY, rtf(text));
    let wrapped = said(vec![rtf("{\\rtf1\\fromhtml1{\\*\\htmltag <p>}no 123-45-6789}")], &[]);
    assert!(wrapped.has("text(body-html) no 123-45-6789") && wrapped.has("gap"));
    let own = said(vec![rtf("{\\rtf1 no 123-45-6789}")], &[]);
    assert!(own.members.len() == 1 && own.members[0].0 == "body.rtf");
    let repeated = said(vec![text(id::BODY, "123-45-6789"), rtf("{\\rtf1 no 123-45-6789}")], &[]);
    assert!(repeated.members.is_empty());
}

#[test]
fn fields_are_an_object() {
    let own = |name: &str, kind, value: Vec<u8>| Property {
        named: Some(Named::Text(name.to_owned())),
        ..Property::new(0x8001, kind, value)
    };
    let sink = said(
        vec![
            text(id::MESSAGE_CLASS, "IPM.Contact"),
            text(id::NAME, "Ann Example"),
            text(0x3A07, "123-45-6789"),
            own("Badge", kind::F64, 4711_f64.to_le_bytes().to_vec()),
            text(0x3003, "/o=Example/cn=ann"),
            text(0x7777, "other"),
        ],
        &[],
    );
    assert_eq!(
        show(&sink.objects[0]),
        "Contact{Full Name=Ann Example;Government ID Number=123-45-6789;Badge=#4711;property 7777=other;}"
    );
}

#[test]
fn strings_of_8_bits_go_by_code_page() {
    let ansi = |id| Property::new(id, kind::ANSI, b"\xC0\xED\xFF\0junk".to_vec());
    let page = Property::new(id::CODEPAGE, kind::I32, 1251_u32.to_le_bytes().to_vec());
    assert!(bag(vec![ansi(id::SUBJECT), page]).text(id::SUBJECT).as_deref() == Some("\u{410}\u{43d}\u{44f}"));
    let mut plain = bag(vec![ansi(id::SUBJECT)]);
    assert!(plain.text(id::SUBJECT).as_deref() == Some("\u{c0}\u{ed}\u{ff}"));
    plain.set_codepage(1251);
    assert!(plain.text(id::SUBJECT).as_deref() == Some("\u{410}\u{43d}\u{44f}"));
}

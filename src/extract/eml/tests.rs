use std::fmt::Write as _;

use super::*;
use crate::extract::xml::collect::{Collect, collect};

fn mail(text: &str) -> Collect {
    collect(&Eml, text.replace('\n', "\r\n").as_bytes())
}

const HEAD: &str = "From: =?utf-8?Q?Zo=C3=AB_Example?= <zoe@example.org>\n\
    To: \"Ann Example\" <ann@example.org>, bob@example.org\n\
    Subject: =?utf-8?B?WW91ciBudW1iZXI=?=\nX-Note: =?utf-8?Q?for_Ann?=\n";

fn mixed(parts: &[&str]) -> String {
    let mut text = format!("{HEAD}Content-Type: multipart/mixed; boundary=\"b1\"\n\n");
    for part in parts {
        let _ = write!(text, "--b1\n{part}\n");
    }
    text + "--b1--\n"
}

#[test]
fn headers_and_envelope_are_decoded() {
    let sink = mail(&format!("{HEAD}\nHello\n123-45-6789\n"));
    assert!(
        sink.calls
            == [
                "unit(headers)",
                "text(headers) From: Zo\u{eb} Example <zoe@example.org>",
                "text(headers) To: Ann Example <ann@example.org>, bob@example.org",
                "text(headers) Subject: Your number",
                "text(headers) X-Note: for Ann",
                "envelope Zo\u{eb} Example > Ann Example|: Your number",
                "unit(body)",
                "text(body) Hello",
                "text(body) 123-45-6789",
            ]
    );
}

#[test]
fn groups_of_addresses_keep_their_names() {
    let sink = mail("From: a@example.org\nTo: Payroll: Ann <ann@example.org>, bob@example.org;\n\nHello\n");
    assert!(sink.has("text(headers) To: Payroll: Ann <ann@example.org>, bob@example.org"));
}

#[test]
fn lines_that_begin_like_a_delimiter_are_not_lost() {
    let sink = mail(&mixed(&["Content-Type: text/plain\n\nvisit --b1 for details\nof 123-45-6789\n"]));
    assert!(
        sink.calls.iter().any(|call| call.contains("for details"))
            && sink.calls.iter().any(|call| call.contains("123-45-6789"))
    );
}

#[test]
fn transfer_encodings_are_decoded() {
    let sink = mail(&mixed(&[
        "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nRen=E9e 123-45-=\n6789\n",
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nOTg3LTY1LTQzMjE=\n",
    ]));
    assert!(sink.has("text(body) Ren\u{e9}e 123-45-6789") && sink.has("text(body) 987-65-4321"));
}

#[test]
fn attachments_are_members() {
    let sink = mail(&mixed(&[
        "Content-Type: text/plain\n\nSee file\n",
        "Content-Type: text/csv; name=\"a.csv\"\nContent-Disposition: attachment; filename=\"people.csv\"\n\nAnn,123-45-6789\n",
        "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: inline\n\nJVBERg==\n",
    ]));
    assert!(sink.members.len() == 2 && sink.members[0].0 == "people.csv" && sink.members[1].0.is_empty());
    assert!(sink.members[1].1 == b"%PDF" && sink.has("text(body) See file"));
}

#[test]
fn nested_messages_are_members_with_their_own_bytes() {
    let inner =
        mixed(&["Content-Type: message/rfc822\n\nSubject: deep\n\n123-45-6789\n"]).replace("b1", "b2");
    let sink = mail(&mixed(&[&format!("Content-Type: message/rfc822\n\n{inner}")]));
    assert!(sink.members.len() == 1 && sink.members[0].0 == "message.eml");
    let inner = collect(&Eml, &sink.members[0].1);
    assert!(inner.members.len() == 1 && inner.has("From: Zo\u{eb} Example"));
    assert!(collect(&Eml, &inner.members[0].1).has("text(body) 123-45-6789"));
}

#[test]
fn messages_of_a_digest_are_members() {
    let digest = "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: one\n\n123-45-6789\n--d--\n";
    let sink = mail(digest);
    assert!(sink.members.len() == 1 && collect(&Eml, &sink.members[0].1).has("123-45-6789"));
}

fn both(plain: &str, html: &str) -> Collect {
    let parts = format!(
        "Content-Type: multipart/alternative; boundary=b2\n\n--b2\nContent-Type: text/plain\n\n{plain}\n--b2\n\
         Content-Type: text/html\n\n{html}\n--b2--\n"
    );
    mail(&mixed(&[&parts]))
}

#[test]
fn html_that_repeats_the_plain_text_is_left_out() {
    let sink = both("Ann 123-45-6789", "<p>Ann <b>123-45-6789</b><p>Bye");
    assert!(sink.has("text(body) Ann 123-45-6789") && !sink.has("Bye"));
    let sink = both("Ann 123-45-6789", "<p>Ann 123-45-6789<!-- 987-65-4321 -->");
    assert!(sink.has("text(comment) 987-65-4321") && !sink.has("body-html) Ann"));
}

#[test]
fn html_that_says_more_is_read() {
    let sink = both("See the table", "<table><tr><td>Ann<td>123-45-6789</table><p>Bye");
    assert!(sink.has("row 1.1 0:Ann|1:123-45-6789") && sink.has("text(body-html) Bye"));
}

#[test]
fn encrypted_messages_are_told_by_their_structure() {
    let pgp = |body: &str| {
        format!(
            "{HEAD}Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b1\n\n--b1\n\
             Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b1\nContent-Type: application/octet-stream\n\n{body}\n--b1--\n"
        )
    };
    assert!(mail(&pgp("-----BEGIN PGP MESSAGE-----\n\nabc")).has("encrypted pgp-mime"));
    assert!(!mail(&pgp("nothing of the kind")).has("encrypted"));
    let smime = format!(
        "{HEAD}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\
         Content-Transfer-Encoding: base64\n\nMIIBIAYJKoZIhvcNAQcDoIIBETCCAQ0=\n"
    );
    assert!(mail(&smime).has("encrypted smime"));
}

#[test]
fn opaque_signatures_are_opened() {
    // ContentInfo(signedData) with version, no digest algorithms, and data in one octet string.
    let der = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\
        \x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80\x04\x05Subj\x65\x04\x08ct: x\n\n1\x00\x00";
    let mut raw = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n".to_vec();
    raw.extend_from_slice(der);
    let sink = collect(&Eml, &raw);
    assert!(sink.members.len() == 1 && sink.members[0].1 == b"Subject: x\n\n1");
}

#[test]
fn text_outside_the_parts_is_read() {
    let text = mixed(&["\nbody\n"]).replacen("\n\n--b1", "\n\npreamble 123-45-6789\n--b1", 1)
        + "epilogue 987-65-4321\n";
    let sink = mail(&text);
    assert!(sink.has("text(between-parts) preamble 123-45-6789"));
    assert!(sink.has("text(between-parts) epilogue 987-65-4321"));
}

#[test]
fn truncated_messages_give_what_is_there() {
    let whole =
        mixed(&["Content-Type: text/plain\n\nAnn 123-45-6789\n", "Content-Type: text/plain\n\nmore\n"]);
    let at = whole.find("6789").map_or(0, |at| at + 4);
    assert!(mail(&whole[..at]).has("123-45-6789"));
    assert!(mail("no header at all 123-45-6789").has("123-45-6789"));
    assert!(mail("Subject: x\nno header 123-45-6789\n\nbody").has("123-45-6789"));
}

#[test]
fn messages_larger_than_memory_are_read_in_part() {
    let text = format!("Subject: x\n\n123-45-6789\n{}", "filler\n".repeat(1000));
    let mut sink = Collect::default();
    let mut reader = Cursor::new(text.as_bytes());
    let mut input =
        Input { name: "x", len: text.len() as u64, reader: &mut reader, memory: 1000, passwords: &[] };
    Eml.extract(&mut input, &mut sink);
    assert!(sink.has("gap limit-memory") && sink.has("123-45-6789"));
}

#[test]
fn storms_end_in_linear_time() {
    let many = |unit: &str, count: usize| {
        format!("Content-Type: multipart/mixed; boundary=b\n\n--b\n{}", unit.repeat(count))
    };
    for storm in [
        many("Content-Type: message/rfc822\n\n", 100_000),
        many("Content-Type: multipart/mixed; boundary=none\n\n--b\n", 50_000),
        many("\n--b\n", 150_000),
        many("Content-Type: multipart/digest; boundary=b\n\n--b\n", 50_000),
        many("a: b\n", 1_000_000),
    ] {
        let sink = mail(&format!("{storm}\n123-45-6789\n"));
        assert!(sink.has("123-45-6789"));
    }
}

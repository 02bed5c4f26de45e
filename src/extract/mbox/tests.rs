use super::*;
use crate::extract::xml::collect::{Collect, collect};

const FIRST: &str = "From ann@example.org Mon Jan  1 10:00:00 2024\n";

fn messages(text: &str) -> Vec<(String, String)> {
    let Collect { members, .. } = collect(&Mbox, text.as_bytes());
    members.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).expect("as given"))).collect()
}

fn pair(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

#[test]
fn messages_are_members_with_numbers() {
    let found = messages(&format!("{FIRST}Subject: a\n\none\n\n{FIRST}Subject: b\n\ntwo\n"));
    let expected = [pair("message 1", "Subject: a\n\none\n\n"), pair("message 2", "Subject: b\n\ntwo\n")];
    assert!(found == expected);
}

#[test]
fn quoted_lines_lose_a_mark_in_bodies() {
    let found = messages(&format!("{FIRST}>From x\nSubject: a\n\n>From here\n>>From there\n> From\n"));
    assert!(found == [pair("message 1", ">From x\nSubject: a\n\nFrom here\n>From there\n> From\n")]);
}

#[test]
fn bodies_may_begin_lines_with_the_word() {
    let body = "Subject: a\n\nFrom 2019 on we paid.\nFrom then: no\n\nFrom the start\nx: y\n\nFrom 10:15 on\nwe met\n";
    assert!(messages(&format!("{FIRST}{body}")) == [pair("message 1", body)]);
}

#[test]
fn what_stands_before_the_first_message_is_given_too() {
    let found = messages(&format!("end of a message\n\n{FIRST}Subject: a\n\none\n"));
    let expected = [pair("message 1", "end of a message\n\n"), pair("message 2", "Subject: a\n\none\n")];
    assert!(found == expected);
}

#[test]
fn lines_of_any_length_and_any_end_are_kept() {
    let long = "x".repeat(200_000);
    let found = messages(&format!("{FIRST}Subject: a\r\n\r\n{long}\r\n\r\n{FIRST}Subject: b\r\n\r\nno end"));
    assert!(found.len() == 2 && found[0].1.len() == 200_018 && found[1].1.ends_with("no end"));
    assert!(messages("").is_empty());
}

#[test]
fn messages_need_not_be_read() {
    let text = format!("{FIRST}Subject: a\n\none\n\n{FIRST}Subject: b\n\ntwo\n");
    let mut bytes = io::Cursor::new(text.into_bytes());
    let mut mailbox = Mailbox::new(&mut bytes);
    assert!(mailbox.next_message());
    let mut start = [0; 4];
    assert!(mailbox.read(&mut start).is_ok_and(|n| n == 4));
    assert!(io::copy(&mut mailbox, &mut io::sink()).is_ok());
    assert!(mailbox.next_message() && mailbox.read(&mut start).is_ok_and(|n| n == 4) && &start == b"Subj");
    assert!(io::copy(&mut mailbox, &mut io::sink()).is_ok() && !mailbox.next_message());
}

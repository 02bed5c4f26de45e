use super::*;
use crate::extract::xml::collect::{Collect, collect, show};

fn read(text: &str) -> Collect {
    collect(&Cards, text.replace('\n', "\r\n").as_bytes())
}

#[test]
fn contacts_are_objects() {
    let sink = read(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Example\nN:Example;Ann;;;\nitem1.TEL;TYPE=\"work:1\",home:617-555-0100\n\
         ADR;TYPE=home:;;1 Main\\, St;Boston;MA;02101;\nNOTE:SSN\\n123-45-\n 6789\nX-BADGE-NO:A-1\nEND:VCARD\n\
         BEGIN:VCARD\nFN:Bob Example\nEND:VCARD\n",
    );
    assert_eq!(
        show(&sink.objects[0]),
        "vcard{Full Name=Ann Example;Last Name=Example;First Name=Ann;Phone=617-555-0100;Street=1 Main, St;City=Boston;\
         State=MA;Zip Code=02101;Note=SSN\n123-45-6789;badge no=A-1;}"
    );
    assert_eq!(show(&sink.objects[1]), "vcard{Full Name=Bob Example;}");
}

#[test]
fn the_oldest_form_is_decoded() {
    let sink = read(
        "BEGIN:VCARD\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Ren=E9e=\n Example\n\
         NOTE;QUOTED-PRINTABLE:SSN 123-45=\n-6789\nPHOTO;BASE64:aGVs\n bG8=\nEND:VCARD\n",
    );
    assert_eq!(show(&sink.objects[0]), "vcard{Full Name=Ren\u{e9}e Example;Note=SSN 123-45-6789;}");
    assert!(sink.members == [("photo".to_owned(), b"hello".to_vec())]);
}

#[test]
fn entries_of_calendars_are_objects_by_themselves() {
    let sink = read(
        "BEGIN:VCALENDAR\nPRODID:x\nBEGIN:VEVENT\nSUMMARY:Intake\nATTENDEE;CN=Ann Example:mailto:ann@example.org\n\
         DESCRIPTION:SSN 123-45-6789\nBEGIN:VALARM\nDESCRIPTION:soon\nEND:VALARM\nEND:VEVENT\n\
         BEGIN:VTODO\nSUMMARY:File\nEND:VTODO\nEND:VCALENDAR\n",
    );
    assert_eq!(
        show(&sink.objects[0]),
        "vevent{Summary=Intake;Attendee=Ann Example;Attendee=mailto:ann@example.org;Description=SSN 123-45-6789;\
         valarm{Description=soon;}}"
    );
    assert!(sink.objects.len() == 2 && !sink.has("gap"));
}

#[test]
fn what_is_broken_is_still_read() {
    let sink = read("BEGIN:VCARD\nFN:Ann Example\nno line of it 123-45-6789\n\nNOTE:SSN 987-65-4321\n");
    assert!(sink.has("no line of it 123-45-6789") && sink.has("gap"));
    assert_eq!(show(&sink.objects[0]), "vcard{Full Name=Ann Example;Note=SSN 987-65-4321;}");
    assert!(read(&"BEGIN:VCARD\n".repeat(1000)).has("gap"));
    assert!(read("END:VCARD\nFN:Ann\n").has("text"));
}

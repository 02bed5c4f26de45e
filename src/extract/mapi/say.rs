//! Says what is in a message: headers, bodies, fields of contacts and the like, attachments.
//!
//! Bodies usually come in two or three forms that say the same; each further form is passed on only where it
//! brings digits that the first does not have, or else every record would be counted twice.

use std::collections::HashSet;
use std::io::Cursor;

use super::label::label;
use super::rtf;
use super::{Bag, Named, Property, id, kind};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Field, Object, Place, Sealed};
use crate::extract::cms;
use crate::extract::eml;
use crate::extract::eml::page;

/// Kinds of recipients ([MS-OXPROPS], `PidTagRecipientType`).
const TO: u32 = 1;
const CC: u32 = 2;
const BCC: u32 = 3;

fn place(part: &str, line: Option<u64>) -> Place {
    Place { part: Some(part.to_owned()), line, ..Place::default() }
}

/// Says everything in a message but its attachments.
pub(in crate::extract) fn message(bag: &Bag, recipients: &[Bag], sink: &mut dyn DocumentSink) {
    headers(bag, recipients, sink);
    sink.envelope(envelope(bag, recipients));
    bodies(bag, sink);
    fields(bag, sink);
}

/// The part of a class that says what an item is: `Contact` of `IPM.Contact`.
fn class(bag: &Bag) -> String {
    let class = bag.text(id::MESSAGE_CLASS).unwrap_or_default();
    class.split('.').nth(1).unwrap_or("Note").to_owned()
}

fn headers(bag: &Bag, recipients: &[Bag], sink: &mut dyn DocumentSink) {
    sink.unit(place("headers", None));
    let both = |name: Option<String>, address: Option<String>| match (
        name,
        address.filter(|a| !is_server_name(a)),
    ) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (name, address) => name.or(address),
    };
    let sender = both(bag.text(id::SENDER), bag.text(id::SENDER_SMTP).or(bag.text(id::SENDER_ADDRESS)));
    let sent_for =
        both(bag.text(id::SENT_FOR), bag.text(id::SENT_FOR_SMTP).or(bag.text(id::SENT_FOR_ADDRESS)));
    let behalf = sent_for.clone().filter(|s| sender.as_ref().is_some_and(|sender| sender != s));
    let list = |wanted: u32, shown: u16| {
        let of_kind =
            recipients.iter().filter(|r| r.number(id::RECIPIENT_KIND).unwrap_or(TO) & 0xF == wanted);
        let all = of_kind.filter_map(|r| both(r.text(id::NAME), r.text(id::SMTP).or(r.text(id::ADDRESS))));
        let all: Vec<String> = all.collect();
        if all.is_empty() { bag.text(shown) } else { Some(all.join(", ")) }
    };
    let lines = [
        ("From", sender.or(sent_for)),
        ("On behalf of", behalf),
        ("To", list(TO, id::SHOWN_TO)),
        ("Cc", list(CC, id::SHOWN_CC)),
        ("Bcc", list(BCC, id::SHOWN_BCC)),
        ("Date", time(bag, id::SENT).or_else(|| time(bag, id::DELIVERED))),
        ("Subject", bag.text(id::SUBJECT)),
    ];
    let mut said = String::new();
    for (name, value) in lines {
        if let Some(value) = value {
            let place = Place { field: Some(name.to_owned()), ..place("headers", None) };
            let line = format!("{name}: {}", value.trim());
            sink.text(place, &line);
            said.push_str(&line);
            said.push('\n');
        }
    }
    if let Some(raw) = bag.text(id::HEADERS) {
        eml::transport_headers(raw.as_bytes(), &said, sink);
    }
}

/// A moment as RFC 3339, from units of 100 ns since 1601.
fn time(bag: &Bag, id: u16) -> Option<String> {
    /// Seconds from 1601 to 1970.
    const EPOCH: i64 = 11_644_473_600;
    let bytes = bag.bytes(id)?.get(..8)?;
    let units = i64::from_le_bytes(bytes.try_into().ok()?);
    let moment = jiff::Timestamp::from_second(units / 10_000_000 - EPOCH).ok()?;
    (units > 0).then(|| moment.to_string())
}

fn envelope(bag: &Bag, recipients: &[Bag]) -> Envelope {
    let from = bag.text(id::SENDER).or(bag.text(id::SENT_FOR)).unwrap_or_default();
    let names = |shown: String| shown.split(';').map(|n| n.trim().to_owned()).collect::<Vec<_>>();
    let mut to: Vec<String> = recipients.iter().map(|r| r.text(id::NAME).unwrap_or_default()).collect();
    if to.is_empty() {
        to = bag.text(id::SHOWN_TO).map(names).unwrap_or_default();
    }
    Envelope { from, to, subject: bag.text(id::SUBJECT).unwrap_or_default() }
}

fn bodies(bag: &Bag, sink: &mut dyn DocumentSink) {
    let plain = bag.text(id::BODY);
    let groups: Option<HashSet<u64>> = plain.as_ref().map(|text| page::groups(text).collect());
    if let Some(plain) = &plain {
        sink.unit(place("body", None));
        eml::text(plain, "body", sink);
    }
    let html = bag.get(id::HTML).and_then(|property| html(bag, property));
    if let Some(html) = &html {
        sink.unit(place("body-html", None));
        page::read(html, "body-html", groups.as_ref(), sink);
    }
    // RTF is the only form that never is made from another one.
    let known = html.as_ref().map(|html| page::groups(html).collect::<HashSet<u64>>());
    let known: HashSet<u64> = known.into_iter().flatten().chain(groups.into_iter().flatten()).collect();
    if let Some(packed) = bag.bytes(id::RTF).filter(|packed| !packed.is_empty()) {
        rtf_body(packed, bag, (plain.is_some() || html.is_some()).then_some(&known), sink);
    }
}

fn html(bag: &Bag, property: &Property) -> Option<String> {
    if property.kind != kind::BINARY {
        return bag.texts(property).into_iter().next();
    }
    let bytes = property.values.first()?;
    let encoding = match std::str::from_utf8(bytes) {
        Ok(_) => encoding_rs::UTF_8,
        Err(_) => bag.html_encoding().unwrap_or_else(|| bag.encoding()),
    };
    Some(encoding.decode(bytes).0.into_owned())
}

/// `known` holds the groups of digits of the other forms, if there are any.
fn rtf_body(packed: &[u8], bag: &Bag, known: Option<&HashSet<u64>>, sink: &mut dyn DocumentSink) {
    let Some((rtf, cut)) = rtf::unpack(packed) else {
        return sink.gap(Cause::Damaged, "the RTF body cannot be unpacked", None);
    };
    if cut {
        sink.gap(Cause::Damaged, "the RTF body ends too early", None);
    }
    let body = rtf::unwrap(&rtf, bag.encoding());
    if known.is_some_and(|known| page::groups(&body.text).all(|group| known.contains(&group))) {
        return;
    }
    if body.html {
        sink.unit(place("body-html", None));
        return page::read(&body.text, "body-html", known, sink);
    }
    sink.member("body.rtf", &mut Cursor::new(rtf));
}

/// Fields of contacts, tasks and the like, and those that users have added.
fn fields(bag: &Bag, sink: &mut dyn DocumentSink) {
    let mut object = Object { name: class(bag), place: place("properties", None), ..Object::default() };
    let subject = bag.text(id::SUBJECT).unwrap_or_default();
    for property in bag.list() {
        let Some(key) = label(property) else { continue };
        if property.id == id::CONVERSATION && bag.texts(property).iter().all(|text| subject.contains(text)) {
            continue;
        }
        let own = matches!(property.named, Some(Named::Text(_)));
        let number = own.then(|| number(property)).flatten();
        let values = number.iter().cloned().map(|n| (n, true));
        let texts = bag.texts(property).into_iter().map(|text| (text, false));
        for (value, number) in values.chain(texts).filter(|(v, _)| !is_server_name(v)) {
            let place = Place { field: Some(key.clone()), ..place("properties", None) };
            object.fields.push(Field { key: key.clone(), value, number, place });
        }
    }
    if !object.fields.is_empty() {
        sink.unit(place("properties", None));
        sink.object(object);
    }
}

/// A directory name as servers use it instead of an address.
fn is_server_name(value: &str) -> bool {
    ["/o=", "/O=", "EX:/"].iter().any(|start| value.starts_with(start))
}

/// A number as text.
fn number(property: &Property) -> Option<String> {
    /// Currency counts ten-thousandths ([MS-OXCDATA], section 2.11.1).
    const CURRENCY: i64 = 10_000;
    let bytes = property.values.first()?;
    let long = || Some(i64::from_le_bytes(bytes.get(..8)?.try_into().ok()?));
    let short = || Some(i32::from_le_bytes(bytes.get(..4)?.try_into().ok()?));
    match property.kind {
        kind::I16 => Some(i16::from_le_bytes(bytes.get(..2)?.try_into().ok()?).to_string()),
        kind::I32 => short().map(|n| n.to_string()),
        kind::I64 => long().map(|n| n.to_string()),
        kind::F32 => Some(f32::from_le_bytes(bytes.get(..4)?.try_into().ok()?).to_string()),
        kind::F64 => Some(f64::from_le_bytes(bytes.get(..8)?.try_into().ok()?).to_string()),
        kind::CURRENCY => long().map(|n| (n / CURRENCY).to_string()),
        _ => None,
    }
}

/// The name of an attachment.
pub(in crate::extract) fn attachment_name(bag: &Bag) -> String {
    [id::LONG_FILE, id::SHORT_FILE, id::NAME].into_iter().find_map(|id| bag.text(id)).unwrap_or_default()
}

/// The way to attach a message ([MS-OXPROPS], `PidTagAttachMethod`).
pub(in crate::extract) const MESSAGE: u32 = 5;

/// Ways to attach something that lies elsewhere: by path, or by address on the web ([MS-OXPROPS],
/// `PidTagAttachMethod`); 0 is an attachment that was only begun.
const ELSEWHERE: [u32; 5] = [0, 2, 3, 4, 7];

/// An attachment without content: nothing is missing if it lies elsewhere, but its name.
pub(in crate::extract) fn missing(bag: &Bag, way: u32, sink: &mut dyn DocumentSink) {
    let path = [id::LONG_PATH, id::SHORT_PATH].into_iter().find_map(|id| bag.text(id));
    if !ELSEWHERE.contains(&way) {
        let why = Sealed::Gap(Cause::Damaged, "an attachment without content".to_owned());
        return sink.sealed_member(&attachment_name(bag), 0, why);
    }
    sink.unit(place("attachments", None));
    sink.text(place("attachments", None), &path.unwrap_or_else(|| attachment_name(bag)));
}

/// Hands on an attachment that is stored as a file.
pub(in crate::extract) fn attached_file(bag: &Bag, content: &[u8], sink: &mut dyn DocumentSink) {
    let content = cms::as_message(content);
    sink.member(&attachment_name(bag), &mut Cursor::new(content));
}

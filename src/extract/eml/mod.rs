//! A mail message: headers, bodies, attachments, nested messages.
//!
//! Parsed by `mail-parser`, behind a guard against shapes it has no limits for. The one surprising rule: nested
//! messages are members with their raw bytes, never read here, so nesting is limited where all nesting is.

mod guard;
pub(in crate::extract) mod page;
mod sealed;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use mail_parser::{
    Address, Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Extractor, Input, Place, Sealed};

/// Headers that say how the message travelled, not what it is about.
const TRANSPORT: &[&str] = &[
    "received",
    "message-id",
    "references",
    "in-reply-to",
    "return-path",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-id",
    "content-language",
    "dkim-signature",
    "arc-seal",
    "arc-message-signature",
    "arc-authentication-results",
    "domainkey-signature",
];

/// Reader of mail messages.
pub struct Eml;

impl Extractor for Eml {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let Some(mut raw) = bytes(input, sink) else { return };
        if let Some(why) = guard::refuse(&raw) {
            sink.gap(Cause::LimitMembers, why, None);
            return lines(&raw, "body", sink);
        }
        guard::hide(&mut raw);
        let parser = MessageParser::new().with_mime_headers().with_address_headers().with_date_headers();
        match parser.default_header_text().parse(&raw) {
            Some(message) => Mail::new(&message, &raw, sink).read(),
            None => lines(&raw, "body", sink),
        }
    }
}

/// Headers that repeat what Outlook keeps as properties.
const REPEATED: &[&str] = &["from", "to", "cc", "bcc", "subject", "date", "thread-topic", "thread-index"];

/// Says the headers in `raw`, those of a message whose properties have been said, as a unit of their own. Headers that
/// repeat properties are left out unless they have an address that is not in `said`: properties may hold only a name.
pub(super) fn transport_headers(raw: &[u8], said: &str, sink: &mut dyn DocumentSink) {
    let part = "transport-headers";
    if guard::refuse(raw).is_some() {
        return lines(raw, part, sink);
    }
    let parser = MessageParser::new().with_mime_headers().with_address_headers().with_date_headers();
    if let Some(message) = parser.default_header_text().parse_headers(raw) {
        Mail::new(&message, raw, sink).headers(part, Some(&said.to_lowercase()));
    }
}

/// The message, or as much of it as memory allows.
fn bytes(input: &mut Input<'_>, sink: &mut dyn DocumentSink) -> Option<Vec<u8>> {
    match input.bytes() {
        Ok(raw) => return Some(raw),
        Err(Cause::LimitMemory) => {
            let extent = format!("from byte {}", input.memory);
            sink.gap(Cause::LimitMemory, "the message is larger than the memory for one file", Some(extent));
        }
        Err(cause) => {
            sink.gap(cause, "reading failed", None);
            return None;
        }
    }
    let mut raw = Vec::new();
    input.reader.rewind().ok()?;
    (&mut input.reader).take(input.memory).read_to_end(&mut raw).ok()?;
    Some(raw)
}

/// Says `raw` line by line as a unit of its own.
fn lines(raw: &[u8], part: &str, sink: &mut dyn DocumentSink) {
    sink.unit(place(part, None));
    text(&String::from_utf8_lossy(raw), part, sink);
}

/// Says `text` line by line.
pub(super) fn text(text: &str, part: &str, sink: &mut dyn DocumentSink) {
    for (line, number) in text.lines().zip(1..) {
        if !line.trim().is_empty() {
            sink.text(place(part, Some(number)), line);
        }
        if number % 100 == 0 && !sink.go_on() {
            return;
        }
    }
}

fn place(part: &str, line: Option<u64>) -> Place {
    Place { part: Some(part.to_owned()), line, ..Place::default() }
}

/// A parsed message.
struct Mail<'m, 's> {
    message: &'m Message<'m>,
    raw: &'m [u8],
    sink: &'s mut dyn DocumentSink,
    /// For every part the multipart it stands in.
    parents: HashMap<usize, usize>,
    /// For every part the closest `multipart/alternative` around it.
    alternatives: HashMap<usize, usize>,
}

impl<'m, 's> Mail<'m, 's> {
    fn new(message: &'m Message<'m>, raw: &'m [u8], sink: &'s mut dyn DocumentSink) -> Self {
        let mut mail = Mail { message, raw, sink, parents: HashMap::new(), alternatives: HashMap::new() };
        for (id, part) in message.parts.iter().enumerate() {
            let around = if part.is_content_type("multipart", "alternative") {
                Some(id)
            } else {
                mail.alternatives.get(&id).copied()
            };
            for &child in part.sub_parts().unwrap_or_default() {
                mail.parents.insert(child as usize, id);
                if let Some(around) = around {
                    mail.alternatives.insert(child as usize, around);
                }
            }
        }
        mail
    }

    fn read(mut self) {
        self.headers("headers", None);
        self.envelope();
        if self.is_encrypted() {
            return;
        }
        let plain = self.plain_groups();
        for (id, part) in self.message.parts.iter().enumerate() {
            self.part(id, part, &plain);
            if !self.sink.go_on() {
                return;
            }
        }
        self.between();
    }

    fn headers(&mut self, part: &str, said: Option<&str>) {
        self.sink.unit(place(part, None));
        let root = self.message.parts.first().map(|p| p.headers.as_slice()).unwrap_or_default();
        for header in root {
            let name = header.name();
            let lower = name.to_ascii_lowercase();
            let repeated = said.is_some_and(|said| repeats(&lower, header, said));
            if TRANSPORT.contains(&lower.as_str()) || repeated {
                continue;
            }
            let value = self.header_text(header);
            let value = value.trim();
            let mut place = place(part, None);
            if !value.is_empty() {
                place.field = Some(name.to_owned());
                self.sink.text(place, &format!("{name}: {value}"));
            } else if name.contains(|c: char| c.is_ascii_digit() || c.is_ascii_whitespace()) {
                // A line that is no header, which the parser takes for the name of one.
                self.sink.text(place, name);
            }
        }
    }

    /// A header as a reader sees it; as it stands in the file where it could not be parsed.
    fn header_text(&self, header: &Header<'m>) -> Cow<'m, str> {
        match &header.value {
            HeaderValue::Text(text) => text.clone(),
            HeaderValue::TextList(list) => Cow::Owned(list.join(" ")),
            HeaderValue::Address(address) => Cow::Owned(addresses(address)),
            HeaderValue::DateTime(date) if date.is_valid() => Cow::Owned(date.to_rfc822()),
            _ => {
                let raw = self.raw.get(header.offset_start as usize..header.offset_end as usize);
                String::from_utf8_lossy(raw.unwrap_or_default())
            }
        }
    }

    fn envelope(&mut self) {
        let names = |address: Option<&Address<'_>>| -> Vec<String> {
            let all = address.into_iter().flat_map(Address::iter);
            all.map(|a| a.name().unwrap_or_default().trim().to_owned()).collect()
        };
        let message = self.message;
        let from = names(message.from().or(message.sender())).into_iter().next().unwrap_or_default();
        let to = [message.to(), message.cc(), message.bcc()].into_iter().flat_map(names).collect();
        let subject = message.header(HeaderName::Subject).and_then(HeaderValue::as_text).unwrap_or_default();
        self.sink.envelope(Envelope { from, to, subject: subject.trim().to_owned() });
    }

    /// Says so if all of the message is encrypted.
    fn is_encrypted(&mut self) -> bool {
        let parts = &self.message.parts;
        let Some(root) = parts.first() else { return false };
        let found = if root.is_content_type("multipart", "encrypted") {
            let children = root.sub_parts().unwrap_or_default();
            children.iter().find_map(|&c| sealed::encryption(parts.get(c as usize)?, true))
        } else {
            sealed::encryption(root, false)
        };
        let Some(encryption) = found else { return false };
        self.sink.encrypted(encryption);
        true
    }

    /// The groups of digits of the plain bodies, by the alternative they stand in.
    fn plain_groups(&self) -> HashMap<usize, HashSet<u64>> {
        let mut plain: HashMap<usize, HashSet<u64>> = HashMap::new();
        for (id, part) in self.message.parts.iter().enumerate() {
            if let (Some(&around), PartType::Text(text)) = (self.alternatives.get(&id), &part.body)
                && is_body(part)
            {
                plain.entry(around).or_default().extend(page::groups(text));
            }
        }
        plain
    }

    fn part(&mut self, id: usize, part: &'m MessagePart<'m>, plain: &HashMap<usize, HashSet<u64>>) {
        let parent = self.parents.get(&id).and_then(|&p| self.message.parts.get(p));
        let within = |sub: &str| parent.is_some_and(|p| p.is_content_type("multipart", sub));
        if matches!(part.body, PartType::Multipart(_)) {
            return;
        }
        if let Some(encryption) = sealed::encryption(part, within("encrypted")) {
            let name = part.attachment_name().unwrap_or_default();
            let size = part.contents().len() as u64;
            return self.sink.sealed_member(name, size, Sealed::Encrypted(encryption));
        }
        if is_message(part) || (within("digesz") && part.content_type().is_none()) {
            return self.member(part.attachment_name().unwrap_or("message.eml"), part.contents());
        }
        if let Some(content) = sealed::signed_content(part) {
            return self.member("signed.eml", &content);
        }
        match &part.body {
            PartType::Text(body) if is_body(part) => {
                self.sink.unit(place("body", None));
                text(body, "body", self.sink);
            }
            PartType::Html(body) if is_body(part) => {
                self.sink.unit(place("body-html", None));
                let plain = self.alternatives.get(&id).and_then(|around| plain.get(around));
                page::read(body, "body-html", plain, self.sink);
            }
            _ => self.member(part.attachment_name().unwrap_or_default(), part.contents()),
        }
    }

    fn member(&mut self, name: &str, content: &[u8]) {
        self.sink.member(name, &mut Cursor::new(guard::show(content)));
    }

    /// Text before, between and after the parts and among headers, which mail programs do not show.
    fn between(&mut self) {
        let mut claimed: Vec<(usize, usize)> = Vec::new();
        for part in &self.message.parts {
            claimed.extend(part.headers.iter().map(|h| (h.offset_field as usize, h.offset_end as usize)));
            if !part.is_multipart() {
                claimed.push((part.offset_body as usize, part.offset_end as usize));
            }
        }
        claimed.sort_unstable();
        claimed.push((self.raw.len(), self.raw.len()));
        let mut from = 0;
        let mut started = false;
        for (start, end) in claimed {
            let free = self.raw.get(from..start).unwrap_or_default();
            for line in free.split(|&b| b == b'\n').map(<[u8]>::trim_ascii) {
                // A delimiter, not a line that only begins like one.
                let delimiter = line.starts_with(b"--") && !line.contains(&b' ');
                if line.is_empty() || delimiter {
                    continue;
                }
                if !std::mem::replace(&mut started, true) {
                    self.sink.unit(place("between-parts", None));
                }
                self.sink.text(place("between-parts", None), &String::from_utf8_lossy(line));
            }
            from = from.max(end);
        }
    }
}

/// True for a header that brings nothing to what has been `said`, in small letters.
fn repeats(name: &str, header: &Header<'_>, said: &str) -> bool {
    let new = |a: &mail_parser::Addr<'_>| a.address().is_some_and(|a| !said.contains(&a.to_lowercase()));
    REPEATED.contains(&name) && !header.value.as_address().is_some_and(|list| list.iter().any(new))
}

/// `Name <address>, …`; of groups their names too.
fn addresses(address: &Address<'_>) -> String {
    let one = |a: &mail_parser::Addr<'_>| match (a.name(), a.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    let list = |all: &[mail_parser::Addr<'_>]| all.iter().map(one).collect::<Vec<_>>().join(", ");
    match address {
        Address::List(all) => list(all),
        Address::Group(groups) => {
            let group = |g: &mail_parser::Group<'_>| match &g.name {
                Some(name) => format!("{name}: {}", list(&g.addresses)),
                None => list(&g.addresses),
            };
            groups.iter().map(group).collect::<Vec<_>>().join(", ")
        }
    }
}

/// True for a nested message, whose type the guard has altered.
fn is_message(part: &MessagePart<'_>) -> bool {
    part.is_content_type("message", "rfc82z")
        || part.is_content_type("message", "globaz")
        || part.is_message()
}

/// True for text that a mail program shows as the message: not an attachment, and of a type it shows.
fn is_body(part: &MessagePart<'_>) -> bool {
    let attached = part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
    let shown = part.content_type().is_none_or(|t| {
        let data = ["csv", "calendar", "vcard", "x-vcard", "rtf", "xml", "tab-separated-values"];
        !t.subtype().is_some_and(|sub| data.iter().any(|d| d.eq_ignore_ascii_case(sub)))
    });
    shown && !attached && part.attachment_name().is_none()
}

//! TNEF, the form in which Outlook sends what other programs cannot show: `winmail.dat` ([MS-OXTNEF]).
//!
//! A stream of attributes; two of them are lists of properties, the rest are an older form of some of those. This
//! is also the form in which messages inside other files are handed on.

mod list;
mod write;

pub(super) use write::{Writer, embedded};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input};
use crate::extract::mapi::{Bag, Property, id, kind, say};

/// The first four bytes ([MS-OXTNEF], section 2.1.1.1), and the length with the key behind it.
const SIGNATURE: [u8; 4] = [0x78, 0x9F, 0x3E, 0x22];
const HEADER: usize = 6;

/// Attributes ([MS-OXTNEF], section 2.1.3.3.1), and the length of what stands before the data of one.
mod attribute {
    pub(super) const HEAD: usize = 9;
    pub(super) const FROM: u32 = 0x0000_8000;
    pub(super) const SUBJECT: u32 = 0x0001_8004;
    pub(super) const ATTACH_TITLE: u32 = 0x0001_8010;
    pub(super) const BODY: u32 = 0x0002_800C;
    pub(super) const ATTACH_DATA: u32 = 0x0006_800F;
    pub(super) const ATTACH_START: u32 = 0x0006_9002;
    pub(super) const PROPERTIES: u32 = 0x0006_9003;
    pub(super) const RECIPIENTS: u32 = 0x0006_9004;
    pub(super) const ATTACH_PROPERTIES: u32 = 0x0006_9005;
    pub(super) const CODEPAGE: u32 = 0x0006_9007;
}

/// Reader of TNEF.
pub struct Tnef;

impl Extractor for Tnef {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        match input.bytes() {
            Ok(all) => read(&all, sink),
            Err(cause) => sink.gap(cause, "the message cannot be taken into memory", None),
        }
    }
}

fn read(all: &[u8], sink: &mut dyn DocumentSink) {
    let mut attributes = Attributes { all, at: HEADER, broken: (all.len() < HEADER).then_some(0) };
    let mut message = Message::default();
    for (name, data) in attributes.by_ref() {
        if name == attribute::ATTACH_START {
            message.say_attachment(sink);
            message.in_attachment = true;
        } else {
            message.take(name, data);
        }
        if !sink.go_on() {
            return;
        }
    }
    message.say_attachment(sink);
    if attributes.broken.is_some() || message.broken {
        let extent = attributes.broken.map(|at| format!("from byte {at}"));
        sink.gap(Cause::Damaged, "the message is cut off or broken", extent);
    }
}

/// Walks the attributes; stops where one does not fit.
struct Attributes<'a> {
    all: &'a [u8],
    at: usize,
    /// Where the first attribute that is not whole begins.
    broken: Option<usize>,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.all.get(self.at..).filter(|rest| !rest.is_empty() && self.broken.is_none())?;
        let from = self.at;
        let Some((head, rest)) =
            rest.split_at_checked(attribute::HEAD).filter(|(h, _)| matches!(h[0], 1 | 2))
        else {
            self.broken = Some(from);
            return None;
        };
        let word = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
        let (name, length) = (word(1)?, usize::try_from(word(5)?).ok()?);
        // A checksum follows. Of the last attribute of a file that was cut off, what there is counts.
        self.at = from.saturating_add(attribute::HEAD + 2).saturating_add(length);
        if self.at > self.all.len() {
            self.broken = Some(from);
        }
        Some((name, &rest[..length.min(rest.len())]))
    }
}

/// What has been read and not yet said.
#[derive(Default)]
struct Message {
    bag: Bag,
    recipients: Vec<Bag>,
    codepage: Option<u32>,
    said: bool,
    attachment: Bag,
    in_attachment: bool,
    broken: bool,
}

impl Message {
    fn take(&mut self, name: u32, data: &[u8]) {
        match name {
            attribute::CODEPAGE => self.codepage = data.first_chunk().map(|word| u32::from_le_bytes(*word)),
            attribute::PROPERTIES => self.broken |= !list::properties(&mut &*data, &mut self.bag),
            attribute::RECIPIENTS => self.broken |= !list::rows(data, &mut self.recipients),
            attribute::ATTACH_PROPERTIES => {
                self.broken |= !list::properties(&mut &*data, &mut self.attachment);
            }
            attribute::SUBJECT => ansi(&mut self.bag, id::SUBJECT, data),
            attribute::BODY => ansi(&mut self.bag, id::BODY, data),
            attribute::FROM => self.sender(data),
            attribute::ATTACH_TITLE => ansi(&mut self.attachment, id::SHORT_FILE, data),
            attribute::ATTACH_DATA => {
                self.attachment.push(Property::new(id::DATA, kind::BINARY, data.to_vec()));
            }
            _ => {}
        }
    }

    /// Name and address behind four numbers of 16 bits: type, length, lengths of name and address ([MS-OXTNEF],
    /// section 2.1.3.3.2).
    fn sender(&mut self, data: &[u8]) {
        let Some(rest) = data.get(8..) else { return };
        let name = usize::from(u16::from_le_bytes([data[4], data[5]])).min(rest.len());
        ansi(&mut self.bag, id::SENDER, &rest[..name]);
        ansi(&mut self.bag, id::SENDER_ADDRESS, &rest[name..]);
    }

    fn say(&mut self, sink: &mut dyn DocumentSink) {
        if std::mem::replace(&mut self.said, true) {
            return;
        }
        if let Some(codepage) = self.codepage {
            self.bag.set_codepage(codepage);
        }
        let recipients = std::mem::take(&mut self.recipients).into_iter();
        self.recipients = recipients.map(|bag| bag.part_of(&self.bag)).collect();
        say::message(&self.bag, &self.recipients, sink);
    }

    /// Says the message, if that is still to be done, and the attachment in hand.
    fn say_attachment(&mut self, sink: &mut dyn DocumentSink) {
        self.say(sink);
        if !self.in_attachment {
            return;
        }
        let bag = std::mem::take(&mut self.attachment).part_of(&self.bag);
        let way = bag.number(id::METHOD).unwrap_or_default();
        match bag.get(id::DATA).map(|data| (data.kind, data.values.first())) {
            Some((kind::OBJECT, Some(object))) => {
                // The identifier of its interface comes first.
                let content = object.get(16..).unwrap_or_default();
                sink.member(&say::attachment_name(&bag), &mut &*content);
            }
            Some((_, Some(content))) => say::attached_file(&bag, content, sink),
            _ => say::missing(&bag, way, sink),
        }
    }
}

fn ansi(bag: &mut Bag, id: u16, data: &[u8]) {
    if !data.is_empty() {
        bag.push(Property::new(id, kind::ANSI, data.to_vec()));
    }
}

#[cfg(test)]
mod tests;

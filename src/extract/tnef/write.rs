//! Writes messages as TNEF, so that those inside other files can be handed on as members.

use super::{HEADER, SIGNATURE, attribute};
use crate::extract::mapi::{Bag, Named, Property, fixed_size, id, kind};

/// Levels of attributes ([MS-OXTNEF], section 2.1.3.2).
const OF_MESSAGE: u8 = 1;
const OF_ATTACHMENT: u8 = 2;

/// A message being written.
pub(in crate::extract) struct Writer(Vec<u8>);

impl Writer {
    pub(in crate::extract) fn new() -> Self {
        let mut out = Vec::from(SIGNATURE);
        out.resize(HEADER, 0);
        Writer(out)
    }

    /// Writes everything but attachments.
    pub(in crate::extract) fn message(&mut self, bag: &Bag, recipients: &[Bag]) {
        let codepage = bag.said_codepage().unwrap_or_default();
        self.attribute(OF_MESSAGE, attribute::CODEPAGE, |out| out.extend(u64::from(codepage).to_le_bytes()));
        self.attribute(OF_MESSAGE, attribute::PROPERTIES, |out| properties(bag, out));
        self.attribute(OF_MESSAGE, attribute::RECIPIENTS, |out| {
            out.extend(count(recipients.len()));
            for bag in recipients {
                properties(bag, out);
            }
        });
    }

    /// Writes an attachment, its content among its properties.
    pub(in crate::extract) fn attachment(&mut self, bag: &Bag) {
        self.attribute(OF_ATTACHMENT, attribute::ATTACH_START, |_| {});
        self.attribute(OF_ATTACHMENT, attribute::ATTACH_PROPERTIES, |out| properties(bag, out));
    }

    pub(in crate::extract) fn finish(self) -> Vec<u8> {
        self.0
    }

    fn attribute(&mut self, level: u8, name: u32, data: impl FnOnce(&mut Vec<u8>)) {
        self.0.push(level);
        self.0.extend(name.to_le_bytes());
        let at = self.0.len();
        self.0.extend([0; 4]);
        data(&mut self.0);
        let length = count(self.0.len() - at - 4);
        self.0[at..at + 4].copy_from_slice(&length);
        // The checksum, which readers do not look at.
        self.0.extend([0; 2]);
    }
}

/// The content of an attachment that is a message, written by a [`Writer`].
pub(in crate::extract) fn embedded(message: &[u8]) -> Property {
    Property::new(id::DATA, kind::OBJECT, [&[0; 16], message].concat())
}

/// A number of 32 bits; values come from files in memory and stay below that.
fn count(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

fn properties(bag: &Bag, out: &mut Vec<u8>) {
    let known = |p: &&Property| fixed_size(p.kind) > 0 || is_variable(p.kind);
    let all: Vec<&Property> = bag.list().iter().filter(known).collect();
    out.extend(count(all.len()));
    for one in all {
        property(one, out);
    }
}

fn is_variable(kind: u16) -> bool {
    matches!(kind & !kind::MANY, kind::ANSI | kind::UNICODE | kind::BINARY | kind::OBJECT)
}

fn property(property: &Property, out: &mut Vec<u8>) {
    out.extend(property.kind.to_le_bytes());
    out.extend(property.id.to_le_bytes());
    if property.id >= 0x8000 {
        named(property, out);
    }
    let size = fixed_size(property.kind);
    if property.kind & kind::MANY != 0 || size == 0 {
        out.extend(count(property.values.len()));
    }
    for value in &property.values {
        if size == 0 {
            out.extend(count(value.len()));
        }
        padded(value, if size == 0 { value.len() } else { size }, out);
    }
}

/// A set of its own for every property would say nothing here: it stays empty.
fn named(property: &Property, out: &mut Vec<u8>) {
    out.extend([0; 16]);
    match &property.named {
        Some(Named::Text(name)) => {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            out.extend(count(1));
            out.extend(count(wide.len()));
            padded(&wide, wide.len(), out);
        }
        Some(Named::Number(number)) => {
            out.extend(count(0));
            out.extend(number.to_le_bytes());
        }
        None => {
            out.extend(count(0));
            out.extend(u32::from(property.id).to_le_bytes());
        }
    }
}

/// `value` at a length of `size`, and zeros up to a multiple of four.
fn padded(value: &[u8], size: usize, out: &mut Vec<u8>) {
    let end = out.len() + size.next_multiple_of(4);
    out.extend(&value[..value.len().min(size)]);
    out.resize(end, 0);
}

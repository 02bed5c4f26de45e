//! Outlook message files ([MS-OXMSG]): a storage of properties, with storages for recipients and attachments.
//!
//! Attached files and embedded documents are members. An attached message is one too; since the meaning of
//! properties with a name stands only in the outermost storage, it is handed on in the form of `winmail.dat`.

use super::cfb::{Compound, Id};
use super::mapi::names::Names;
use super::mapi::{Bag, Property, fixed_size, id, kind, say};
use super::tnef;
use crate::coverage::Cause;
use crate::document::DocumentSink;

/// How deep messages in messages are followed.
const DEPTH: usize = 16;

/// Header lengths of the stream of properties ([MS-OXMSG], section 2.4.1).
const HEADER_TOP: usize = 32;
const HEADER_EMBEDDED: usize = 24;
const HEADER_OTHER: usize = 8;

/// Reads the message in a storage.
pub(super) fn read(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) {
    let names = names(file, at);
    let message = Message { names: &names, at };
    let bag = message.bag(file, at, HEADER_TOP);
    if bag.list().is_empty() {
        sink.gap(Cause::Damaged, "no property of the message can be read", None);
    }
    let recipients = message.recipients(file, &bag);
    say::message(&bag, &recipients, sink);
    for storage in children(file, at, "__attach_version1.0") {
        if !sink.go_on() {
            return;
        }
        message.attachment(file, storage, &bag, sink);
    }
}

fn names(file: &mut Compound<'_>, at: Id) -> Names {
    let Some(storage) = file.find(at, "__nameid_version1.0") else { return Names::default() };
    let entries = file.read_named(storage, "__substg1.0_00030102").unwrap_or_default();
    let strings = file.read_named(storage, "__substg1.0_00040102").unwrap_or_default();
    Names::parse(&entries, &strings)
}

/// The storages whose name begins with `start`.
fn children(file: &Compound<'_>, at: Id, start: &str) -> Vec<Id> {
    let named = |id: &&Id| {
        let name = &file.item(**id).name;
        name.get(..start.len()).is_some_and(|n| n.eq_ignore_ascii_case(start))
    };
    file.children(at).iter().filter(named).copied().collect()
}

/// A message and what its properties with names mean.
struct Message<'n> {
    names: &'n Names,
    at: Id,
}

impl Message<'_> {
    /// The properties in a storage, but not the content of an attachment.
    fn bag(&self, file: &mut Compound<'_>, at: Id, header: usize) -> Bag {
        let mut bag = Bag::default();
        let fixed = file.read_named(at, "__properties_version1.0").unwrap_or_default();
        for entry in fixed.get(header..).unwrap_or_default().chunks_exact(16) {
            let (kind, id) =
                (u16::from_le_bytes([entry[0], entry[1]]), u16::from_le_bytes([entry[2], entry[3]]));
            let size = fixed_size(kind);
            if (1..=8).contains(&size) && kind & kind::MANY == 0 {
                self.push(&mut bag, id, kind, vec![entry[8..8 + size].to_vec()]);
            }
        }
        for child in file.children(at).to_vec() {
            let Some((id, kind)) = property(&file.item(child).name) else { continue };
            if file.item(child).storage || id == id::DATA {
                continue;
            }
            let content = file.read(child);
            let size = fixed_size(kind);
            let values = if kind & kind::MANY != 0 && size > 0 {
                content.chunks_exact(size).map(<[u8]>::to_vec).collect()
            } else {
                vec![content]
            };
            self.push(&mut bag, id, kind, values);
        }
        bag
    }

    fn push(&self, bag: &mut Bag, id: u16, kind: u16, values: Vec<Vec<u8>>) {
        let named = if id >= 0x8000 { self.names.get(id) } else { None };
        bag.push(Property { id, kind, named, values });
    }

    fn recipients(&self, file: &mut Compound<'_>, bag: &Bag) -> Vec<Bag> {
        let storages = children(file, self.at, "__recip_version1.0");
        storages.into_iter().map(|storage| self.bag(file, storage, HEADER_OTHER).part_of(bag)).collect()
    }

    fn attachment(&self, file: &mut Compound<'_>, at: Id, message: &Bag, sink: &mut dyn DocumentSink) {
        let bag = self.bag(file, at, HEADER_OTHER).part_of(message);
        if let Some(content) = file.read_named(at, "__substg1.0_37010102") {
            return say::attached_file(&bag, &content, sink);
        }
        let way = bag.number(id::METHOD).unwrap_or_default();
        let Some(object) = file.find(at, "__substg1.0_3701000D") else {
            return say::missing(&bag, way, sink);
        };
        let name = say::attachment_name(&bag);
        let content = if is_message(file, object) {
            self.within(object).packed(file, 0, sink)
        } else {
            file.carve(object)
        };
        sink.member(&name, &mut &content[..]);
    }

    fn within(&self, at: Id) -> Message<'_> {
        Message { names: self.names, at }
    }

    /// The message in the form of `winmail.dat`.
    fn packed(&self, file: &mut Compound<'_>, depth: usize, sink: &mut dyn DocumentSink) -> Vec<u8> {
        let mut writer = tnef::Writer::new();
        let bag = self.bag(file, self.at, HEADER_EMBEDDED);
        writer.message(&bag, &self.recipients(file, &bag));
        for storage in children(file, self.at, "__attach_version1.0") {
            if depth >= DEPTH || !sink.go_on() {
                sink.gap(Cause::LimitDepth, "messages in messages beyond the limit", None);
                break;
            }
            let mut bag = self.bag(file, storage, HEADER_OTHER);
            let object = file.find(storage, "__substg1.0_3701000D");
            if let Some(content) = file.read_named(storage, "__substg1.0_37010102") {
                bag.push(Property::new(id::DATA, kind::BINARY, content));
            } else if let Some(object) = object.filter(|object| is_message(file, *object)) {
                let inner = self.within(object).packed(file, depth + 1, sink);
                bag.push(tnef::embedded(&inner));
            } else if let Some(object) = object {
                bag.push(Property::new(id::DATA, kind::BINARY, file.carve(object)));
            }
            writer.attachment(&bag);
        }
        writer.finish()
    }
}

fn is_message(file: &Compound<'_>, storage: Id) -> bool {
    file.find(storage, "__properties_version1.0").is_some()
}

/// Number and type that the name of a stream gives: `__substg1.0_0037001F`, of several values `…-00000000`.
fn property(name: &str) -> Option<(u16, u16)> {
    let start = "__substg1.0_";
    let rest = name.get(..start.len()).filter(|s| s.eq_ignore_ascii_case(start)).map(|s| &name[s.len()..])?;
    let digits = rest.get(..8)?;
    let tag = u32::from_str_radix(digits, 16).ok()?;
    let (id, kind) = ((tag >> 16) as u16, tag as u16);
    // The stream that lists the lengths of several values is no value.
    let several = kind & kind::MANY != 0 && fixed_size(kind) == 0;
    (several == (rest.len() > 8)).then_some((id, kind))
}

#[cfg(test)]
mod tests;

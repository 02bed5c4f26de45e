//! The upper layer of a mail store: messages with their recipients and attachments ([MS-PST], section 2.4.5).

use std::io::{self, Read};

use super::heap::{Heap, LARGE};
use super::store::{Node, Store};
use crate::coverage::Cause;
use crate::document::DocumentSink;
use crate::extract::mapi::names::Names;
use crate::extract::mapi::{Bag, Property, id, kind, say};
use crate::extract::tnef;

/// Nodes below a message: its recipients, and its attachments by the type of their numbers ([MS-PST], section 2.4.1
/// and 2.2.2.1).
const RECIPIENTS: u32 = 0x692;
const TYPE: u32 = 0x1F;
const ATTACHMENT: u32 = 0x05;

/// How deep messages in messages are followed.
const DEPTH: usize = 16;

/// From this many blocks on an attachment is a member of its own, read as a stream (4 MiB).
const STREAMED: usize = 512;

/// Longest piece of a subject in the name of a member, in characters.
const SUBJECT: usize = 60;

/// Reads items.
pub(super) struct Items<'s, 'a> {
    pub(super) store: &'s mut Store<'a>,
    pub(super) names: &'s Names,
}

/// An attachment that was left out of its message.
struct Large {
    name: String,
    data: u64,
}

impl Items<'_, '_> {
    /// Hands on the item of a node.
    pub(super) fn member(&mut self, node: Node, folder: &str, number: u64, sink: &mut dyn DocumentSink) {
        self.store.next_item();
        let mut large = Vec::new();
        let (subject, message) = self.message(node, 0, &mut large, sink);
        let subject: String = subject.unwrap_or_default().trim().chars().take(SUBJECT).collect();
        let subject = subject.replace('/', "_");
        let mut name = format!("{folder}/{number} {subject}");
        name.truncate(name.trim_end().len());
        sink.member(name.trim_start_matches('/'), &mut &message[..]);
        drop(message);
        for large in large {
            let leaves = self.store.leaves(large.data);
            let mut content = Content { store: self.store, leaves, next: 0, block: Vec::new(), given: 0 };
            sink.member(&format!("{name}/{}", large.name), &mut content);
            if !sink.go_on() {
                return;
            }
        }
    }

    /// The item in the form of `winmail.dat`, and its subject.
    fn message(
        &mut self,
        node: Node,
        depth: usize,
        large: &mut Vec<Large>,
        sink: &mut dyn DocumentSink,
    ) -> (Option<String>, Vec<u8>) {
        let heap = Heap::open(self.store, node);
        let bag = heap.bag(self.store, self.names);
        let recipients = heap.node(RECIPIENTS).map(|node| {
            let table = Heap::open(self.store, node);
            table.rows(self.store, self.names)
        });
        let mut writer = tnef::Writer::new();
        writer.message(&bag, &recipients.unwrap_or_default());
        for node in heap.below().iter().filter(|node| node.id & TYPE == ATTACHMENT) {
            if depth >= DEPTH || !sink.go_on() {
                sink.gap(Cause::LimitDepth, "messages in messages beyond the limit", None);
                break;
            }
            if let Some(bag) = self.attachment(*node, depth, large, sink) {
                writer.attachment(&bag);
            }
        }
        (bag.text(id::SUBJECT), writer.finish())
    }

    /// True for what is too large to be copied, or finds no room any more.
    fn is_large(&mut self, node: Node) -> bool {
        let blocks = self.store.leaves(node.data).len();
        blocks > STREAMED || !self.store.has_room(blocks as u64 * self.store.form.block())
    }

    /// The properties of an attachment with its content; `None` if that is too large.
    fn attachment(
        &mut self,
        node: Node,
        depth: usize,
        large: &mut Vec<Large>,
        sink: &mut dyn DocumentSink,
    ) -> Option<Bag> {
        let heap = Heap::open(self.store, node);
        let mut bag = heap.bag(self.store, self.names);
        let Some(reference) = heap.reference(LARGE) else { return Some(bag) };
        if bag.number(id::METHOD) == Some(say::MESSAGE) {
            let inner = heap.object(reference).map(|node| self.message(node, depth + 1, large, sink).1);
            bag.push(tnef::embedded(&inner.unwrap_or_default()));
            return Some(bag);
        }
        let own = heap.object(reference).or_else(|| heap.large(reference));
        if let Some(node) = own
            && self.is_large(node)
        {
            large.push(Large { name: say::attachment_name(&bag), data: node.data });
            return None;
        }
        let content = match own {
            Some(node) => self.store.data(node.data).concat(),
            None => heap.value(self.store, reference),
        };
        bag.push(Property::new(id::DATA, kind::BINARY, content));
        Some(bag)
    }
}

/// The data of a tree as a stream.
struct Content<'s, 'a> {
    store: &'s mut Store<'a>,
    leaves: Vec<u64>,
    next: usize,
    block: Vec<u8>,
    given: usize,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given == self.block.len() {
            let Some(leaf) = self.leaves.get(self.next) else { return Ok(0) };
            self.next += 1;
            // What is missing is counted by the store, and reading goes on behind it.
            self.block = self.store.block(*leaf).unwrap_or_default();
            self.given = 0;
        }
        let rest = &self.block[self.given..];
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        self.given += n;
        Ok(n)
    }
}

//! Objects: packed blocks, and the messages of Protocol Buffers in them.
//!
//! A part is a row of blocks, each a 0, its length in three bytes and bytes packed with Snappy. Unpacked, they are
//! one row of objects: the length of a head, the head with number, kinds and lengths, and the messages themselves.
//! Sources: `SheetJS` notes on iWork 2013+; Protocol Buffers "Encoding".

use std::collections::HashMap;
use std::io::Read;

use crate::coverage::Cause;
use crate::extract::bytes::slice;
use crate::extract::parquet::{unpack_snappy, varint};

/// Kinds of objects that something is read of; of the others nothing is kept.
const KEPT: [u64; 10] = [2, 2001, 2005, 3056, 6000, 6001, 6002, 6005, 6011, 6218];
/// The largest block, unpacked. Blocks hold 64 KiB.
const BLOCK: usize = 1 << 24;

/// An object of a document.
pub(super) struct Object {
    /// Its number, by which others point to it.
    pub(super) id: u64,
    /// What it is.
    pub(super) kind: u64,
    data: Vec<u8>,
}

impl Object {
    /// Its fields.
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields { bytes: &self.data, at: 0 }
    }
}

/// A part of a document.
pub(super) struct Part {
    name: String,
    objects: Vec<Object>,
}

impl Part {
    /// Its name in the package.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What it holds, in order.
    pub(super) fn objects(&self) -> &[Object] {
        &self.objects
    }
}

/// All objects of a document.
pub(super) struct Store {
    parts: Vec<Part>,
    by_id: HashMap<u64, (usize, usize)>,
    /// Bytes that may yet be kept.
    left: usize,
}

impl Store {
    /// An empty store of at most so many bytes.
    pub(super) fn new(most: usize) -> Store {
        Store { parts: Vec::new(), by_id: HashMap::new(), left: most }
    }

    /// True if there is no object in it that something is read of.
    pub(super) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The parts, in the order in which they were added.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The object of this number.
    pub(super) fn get(&self, id: u64) -> Option<&Object> {
        let (part, at) = *self.by_id.get(&id)?;
        self.parts[part].objects.get(at)
    }

    /// Adds the objects of a part; says what keeps it from reading all.
    pub(super) fn add(&mut self, name: &str, content: &mut dyn Read) -> Option<(Cause, &'static str)> {
        let mut packed = Vec::new();
        let most = self.left;
        let read = content.take(most as u64).read_to_end(&mut packed);
        let trouble = read.err().map(|e| crate::extract::read_gap(&e));
        let (bytes, whole) = unpack(&packed, most);
        let full = packed.len() == most || bytes.len() >= most;
        let (objects, all) = objects(&bytes);
        self.left =
            self.left.saturating_sub(objects.iter().map(|o| o.data.len() + size_of::<Object>()).sum());
        let part = self.parts.len();
        self.by_id.extend(objects.iter().enumerate().map(|(at, object)| (object.id, (part, at))));
        self.parts.push(Part { name: name.to_owned(), objects });
        match trouble {
            None if full => Some((Cause::LimitMemory, "the objects of the document are larger than allowed")),
            None if !whole || !all => Some((Cause::Damaged, "objects of the document are damaged")),
            trouble => trouble,
        }
    }
}

/// The blocks unpacked, up to so many bytes, or up to what cannot be; false in that case.
fn unpack(mut packed: &[u8], most: usize) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    while let [0, a, b, c, rest @ ..] = packed {
        let length = usize::from(*a) | usize::from(*b) << 8 | usize::from(*c) << 16;
        let block = &rest[..length.min(rest.len())];
        let mut plain = Vec::new();
        let whole = unpack_snappy(block, BLOCK.min(most - bytes.len()), &mut plain).is_some();
        bytes.append(&mut plain);
        if !whole || block.len() < length || bytes.len() >= most {
            return (bytes, false);
        }
        packed = &rest[length..];
    }
    (bytes, packed.is_empty())
}

/// The objects that are kept; false if there is something that is none.
fn objects(bytes: &[u8]) -> (Vec<Object>, bool) {
    let (mut objects, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let Some(length) = varint(bytes, &mut at) else { return (objects, false) };
        let Some(head) = usize::try_from(length).ok().and_then(|n| slice(bytes, at, n)) else {
            return (objects, false);
        };
        at += head.len();
        let head = Fields { bytes: head, at: 0 };
        let id = head.clone().number(1);
        for message in head.all(2) {
            let message = Fields { bytes: message, at: 0 };
            let (kind, length) = (message.clone().number(1), message.number(3).unwrap_or(0));
            let Some(data) = usize::try_from(length).ok().and_then(|n| slice(bytes, at, n)) else {
                return (objects, false);
            };
            at += data.len();
            if let (Some(id), Some(kind)) = (id, kind.filter(|kind| KEPT.contains(kind))) {
                objects.push(Object { id, kind, data: data.to_vec() });
            }
        }
    }
    (objects, true)
}

/// Fields of a message, each with its number.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// A number of fixed width, which nothing is read of.
    Fixed,
}

impl<'a> Fields<'a> {
    /// The first number in the field `wanted`.
    pub(super) fn number(mut self, wanted: u64) -> Option<u64> {
        self.find_map(|(number, value)| match value {
            Value::Number(value) if number == wanted => Some(value),
            _ => None,
        })
    }

    /// The bytes of every field `wanted`.
    pub(super) fn all(self, wanted: u64) -> impl Iterator<Item = &'a [u8]> {
        self.filter_map(move |(number, value)| match value {
            Value::Bytes(bytes) if number == wanted => Some(bytes),
            _ => None,
        })
    }

    /// The bytes of the first field `wanted`.
    pub(super) fn bytes(self, wanted: u64) -> Option<&'a [u8]> {
        self.all(wanted).next()
    }

    /// The message in the first field `wanted`.
    pub(super) fn message(self, wanted: u64) -> Option<Fields<'a>> {
        self.bytes(wanted).map(|bytes| Fields { bytes, at: 0 })
    }

    /// The messages in every field `wanted`.
    pub(super) fn messages(self, wanted: u64) -> impl Iterator<Item = Fields<'a>> {
        self.all(wanted).map(|bytes| Fields { bytes, at: 0 })
    }

    /// The number of the object that the first field `wanted` points to.
    pub(super) fn reference(self, wanted: u64) -> Option<u64> {
        self.message(wanted)?.number(1)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Value<'a>);

    fn next(&mut self) -> Option<(u64, Value<'a>)> {
        let key = varint(self.bytes, &mut self.at)?;
        let value = match key & 7 {
            0 => Value::Number(varint(self.bytes, &mut self.at)?),
            1 => self.skip_bytes(8)?,
            5 => self.skip_bytes(4)?,
            2 => {
                let length = usize::try_from(varint(self.bytes, &mut self.at)?).ok()?;
                let bytes = slice(self.bytes, self.at, length)?;
                self.at += length;
                Value::Bytes(bytes)
            }
            _ => return None,
        };
        Some((key >> 3, value))
    }
}

impl<'a> Fields<'a> {
    fn skip_bytes(&mut self, width: usize) -> Option<Value<'a>> {
        slice(self.bytes, self.at, width)?;
        self.at += width;
        Some(Value::Fixed)
    }
}

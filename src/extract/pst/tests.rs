use std::io::Write;

use super::*;
use crate::extract::mapi::kind;
use crate::extract::tnef::Tnef;
use crate::extract::xml::collect::{Collect, collect, show};

/// Writes a store: blocks one after the other, one page for each tree, the header last.
struct Writer {
    form: Form,
    coding: u8,
    out: Vec<u8>,
    blocks: Vec<Vec<u8>>,
    nodes: Vec<(u32, Vec<u8>)>,
}

/// A value of a property: in its record, or in the heap.
enum Val<'v> {
    Here(u32),
    Text(&'v str),
    Bytes(Vec<u8>),
}

impl Writer {
    fn new(form: Form, coding: u8) -> Self {
        Writer { form, coding, out: vec![0; 1024], blocks: Vec::new(), nodes: Vec::new() }
    }

    /// A number of the width of the form.
    fn word(&self, n: u64) -> Vec<u8> {
        n.to_le_bytes()[..self.form.word()].to_vec()
    }

    fn words(&self, numbers: &[u64]) -> Vec<u8> {
        numbers.iter().flat_map(|n| self.word(*n)).collect()
    }

    fn block(&mut self, data: &[u8], internal: bool) -> u64 {
        let id = (self.blocks.len() as u64 + 1) * 4 + if internal { 2 } else { 0 };
        let mut stored = data.to_vec();
        if !internal && self.coding == 2 {
            coding::decode(&mut stored, Coding::Cyclic, id);
        }
        let plain = stored.len();
        if self.form == Form::LargePages {
            let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(&stored).expect("memory takes all");
            stored = packer.finish().expect("memory takes all");
        }
        let at = self.out.len() as u64;
        let mut entry = self.words(&[id, at]);
        entry.extend(u16::try_from(stored.len()).expect("short").to_le_bytes());
        entry.resize(self.form.word() * 3, 0);
        self.blocks.push(entry);
        self.out.extend(&stored);
        let end = (self.out.len() + 24).next_multiple_of(512);
        self.out.resize(end, 0);
        self.out[end - 6..end - 4].copy_from_slice(&u16::try_from(plain).expect("short").to_le_bytes());
        id
    }

    fn node(&mut self, id: u32, data: u64, below: u64, parent: u32) {
        let mut entry = self.words(&[u64::from(id), data, below]);
        entry.extend(parent.to_le_bytes());
        entry.resize(self.form.word() * 4, 0);
        self.nodes.push((id, entry));
    }

    /// A block that lists the nodes below another.
    fn below(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        let mut block = vec![2, 0, nodes.len() as u8, 0];
        block.resize(if self.form == Form::Ansi { 4 } else { 8 }, 0);
        for (id, data, below) in nodes {
            block.extend(self.words(&[u64::from(*id), *data, *below]));
        }
        self.block(&block, true)
    }

    fn page(&mut self, entries: &[Vec<u8>]) -> u64 {
        let (page, count) = match self.form {
            Form::Ansi => (512, 496),
            Form::Unicode => (512, 488),
            Form::LargePages => (4096, 4056),
        };
        let at = self.out.len();
        self.out.extend(entries.concat());
        self.out.resize(at + page, 0);
        self.out[at + count] = entries.len() as u8;
        let size = if self.form == Form::LargePages { 4 } else { 2 };
        self.out[at + count + size] = entries[0].len() as u8;
        at as u64
    }

    fn finish(mut self) -> Vec<u8> {
        self.nodes.sort_by_key(|(id, _)| *id);
        let nodes: Vec<Vec<u8>> = self.nodes.iter().map(|(_, entry)| entry.clone()).collect();
        let (nodes, blocks) = (self.page(&nodes), self.page(&self.blocks.clone()));
        let (version, places) = match self.form {
            Form::Ansi => (14, (461, 188, 196)),
            Form::Unicode => (23, (513, 224, 240)),
            Form::LargePages => (36, (513, 224, 240)),
        };
        self.out[..4].copy_from_slice(b"!BDN");
        self.out[10] = version;
        self.out[places.0] = self.coding;
        let (nodes, blocks) = (self.word(nodes), self.word(blocks));
        self.out[places.1..places.1 + nodes.len()].copy_from_slice(&nodes);
        self.out[places.2..places.2 + blocks.len()].copy_from_slice(&blocks);
        self.out
    }
}

/// A heap with these items, the first of which is its root.
fn heap(items: &[Vec<u8>]) -> Vec<u8> {
    let mut block = vec![0, 0, 0xEC, 0, 0x20, 0, 0, 0, 0, 0, 0, 0];
    let mut places = vec![block.len()];
    for item in items {
        block.extend(item);
        places.push(block.len());
    }
    let map = u16::try_from(block.len()).expect("short").to_le_bytes();
    block[..2].copy_from_slice(&map);
    block.extend((items.len() as u32).to_le_bytes());
    block.extend(places.into_iter().flat_map(|place| (place as u16).to_le_bytes()));
    block
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn properties(list: &[(u16, u16, Val<'_>)]) -> Vec<u8> {
    let mut items = vec![vec![0xB5, 2, 6, 0, 0x40, 0, 0, 0], Vec::new()];
    for (id, kind, value) in list {
        let value = match value {
            Val::Here(n) => *n,
            Val::Text(text) => {
                items.push(wide(text));
                (items.len() as u32) << 5
            }
            Val::Bytes(bytes) => {
                items.push(bytes.clone());
                (items.len() as u32) << 5
            }
        };
        let record = [&id.to_le_bytes()[..], &kind.to_le_bytes(), &value.to_le_bytes()].concat();
        items[1].extend(record);
    }
    heap(&items)
}

/// A table of recipients with one row: a name and a kind.
fn recipients(name: &str) -> Vec<u8> {
    let column = |id: u16, kind: u16, at: u16, bit: u8| {
        [&kind.to_le_bytes()[..], &id.to_le_bytes(), &at.to_le_bytes(), &[4, bit]].concat()
    };
    let columns =
        [column(id::NAME, kind::UNICODE, 8, 0), column(id::RECIPIENT_KIND, kind::I32, 12, 1)].concat();
    let head = [0x7C, 2, 16, 0, 16, 0, 16, 0, 17, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0];
    let row = [&[0; 8][..], &[0x60, 0, 0, 0], &1_u32.to_le_bytes(), &[0xC0]].concat();
    heap(&[[&head[..], &columns].concat(), row, wide(name)])
}

fn text(id: u16, text: &str) -> (u16, u16, Val<'_>) {
    (id, kind::UNICODE, Val::Text(text))
}

/// A store with a folder in a folder, and in it a message with an attached file and an attached message.
fn store(form: Form, coding: u8) -> Vec<u8> {
    let mut w = Writer::new(form, coding);
    let names = [&[6, 0, 0, 0][..], &wide("No#")].concat();
    let entries = vec![0, 0, 0, 0, 1, 0, 0, 0];
    let names = properties(&[(3, kind::BINARY, Val::Bytes(entries)), (4, kind::BINARY, Val::Bytes(names))]);
    let names = w.block(&names, false);
    w.node(NAMES, names, 0, 0);
    let (top, inbox) = (properties(&[text(id::NAME, "Top")]), properties(&[text(id::NAME, "In/box")]));
    let (top, inbox) = (w.block(&top, false), w.block(&inbox, false));
    w.node(0x122, top, 0, 0x122);
    w.node(0x8022, inbox, 0, 0x122);

    let inner = properties(&[text(id::BODY, "deep 987-65-4321")]);
    let inner = w.block(&inner, false);
    let object = [&0x10004_u32.to_le_bytes()[..], &[0; 4]].concat();
    let attached = [
        (id::DATA, kind::OBJECT, Val::Bytes(object)),
        (id::METHOD, kind::I32, Val::Here(5)),
        text(id::NAME, "inner"),
    ];
    let attached = w.block(&properties(&attached), false);
    let attached_below = w.below(&[(0x10004, inner, 0)]);

    let (first, second) = (w.block(b"Ann,123-", false), w.block(b"45-6789", false));
    let tree = [&[1, 1, 2, 0, 15, 0, 0, 0][..], &w.words(&[first, second])].concat();
    let tree = w.block(&tree, true);
    let file = [text(id::LONG_FILE, "a.csv"), (id::DATA, kind::BINARY, Val::Here(0x1003F))];
    let file = w.block(&properties(&file), false);
    let file_below = w.below(&[(0x1003F, tree, 0)]);

    let to = w.block(&recipients("Bob Example"), false);
    let message = properties(&[
        text(id::SUBJECT, "Num/ber"),
        text(id::SENDER, "Ann Example"),
        text(id::BODY, "SSN 123-45-6789"),
        (0x8000, kind::I32, Val::Here(4711)),
    ]);
    let message = w.block(&message, false);
    let below = [(RECIPIENTS, to, 0), (0x8025, file, file_below), (0x8045, attached, attached_below)];
    let below = w.below(&below);
    w.node(0x20_0004, message, below, 0x8022);
    w.finish()
}

const RECIPIENTS: u32 = 0x692;

fn check(bytes: &[u8]) {
    let sink = collect(&Pst, bytes);
    assert!(sink.members.len() == 1 && !sink.has("gap"));
    assert_eq!(sink.members[0].0, "Top/In_box/1 Num_ber");
    let message: Collect = collect(&Tnef, &sink.members[0].1);
    for line in ["From: Ann Example", "To: Bob Example", "Subject: Num/ber", "text(body) SSN 123-45-6789"] {
        assert!(message.has(line), "{line}");
    }
    assert_eq!(show(&message.objects[0]), "Note{No#=#4711;}");
    assert!(message.members.len() == 2);
    assert!(message.members[0] == ("a.csv".to_owned(), b"Ann,123-45-6789".to_vec()));
    assert!(collect(&Tnef, &message.members[1].1).has("text(body) deep 987-65-4321"));
}

#[test]
fn stores_of_every_form_and_coding_are_read() {
    for form in [Form::Ansi, Form::Unicode, Form::LargePages] {
        check(&store(form, 0));
        check(&store(form, 2));
    }
}

#[test]
fn stores_under_information_protection_are_encrypted() {
    let mut bytes = store(Form::Unicode, 0);
    bytes[513] = 0x10;
    assert!(collect(&Pst, &bytes).has("windows-information-protection"));
}

#[test]
fn damage_is_told_and_ends() {
    let bytes = store(Form::Unicode, 0);
    assert!(collect(&Pst, &bytes[..bytes.len() - 600]).has("gap"));
    assert!(collect(&Pst, b"!BDN").has("gap"));
    for at in (0..bytes.len()).step_by(211) {
        let mut broken = bytes.clone();
        broken[at] ^= 0xFF;
        collect(&Pst, &broken);
        broken[at..].iter_mut().take(100).for_each(|b| *b = 0);
        collect(&Pst, &broken);
    }
}

#[test]
fn a_tree_that_holds_itself_ends() {
    let mut bytes = store(Form::Unicode, 0);
    let root = number(&bytes, 224, 8).expect("a root") as usize;
    bytes[root + 491] = 1;
    let root = bytes[224..232].to_vec();
    let at = number(&root, 0, 8).expect("a place") as usize;
    for entry in 0..4 {
        bytes[at + entry * 32 + 16..][..8].copy_from_slice(&root);
    }
    collect(&Pst, &bytes);
}

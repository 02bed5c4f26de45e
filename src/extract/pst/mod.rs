//! Outlook mail stores: PST and OST ([MS-PST]).
//!
//! Every message, contact, appointment and so on is a member named after its folder; deleted items that still lie in
//! the tree of nodes are among them. Items are found by a walk over all nodes, not through the tables of folders,
//! so that a broken folder hides nothing. Each is handed on in the form of `winmail.dat`, and an attachment too large
//! to be copied as a member of its own. The password of a store protects nothing: it is not looked at.

mod coding;
mod heap;
mod item;
mod store;

use std::collections::HashMap;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input};
use crate::event::{Encryption, Tri};
use crate::extract::mapi::id;
use crate::extract::mapi::names::Names;
use crate::extract::unknown;
use coding::Coding;
use heap::Heap;
use item::Items;
use store::{Form, Node, Store, number};

/// Types of nodes, the five low bits of their numbers ([MS-PST], section 2.2.2.1).
const TYPE: u32 = 0x1F;
const MESSAGE: u32 = 0x04;
const HIDDEN_MESSAGE: u32 = 0x08;

/// The node that says what properties with names mean ([MS-PST], section 2.4.1).
const NAMES: u32 = 0x61;

/// How many folders may lie in each other.
const FOLDERS: usize = 64;

/// Reader of mail stores.
pub struct Pst;

impl Extractor for Pst {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        match open(input) {
            Ok(store) => {
                if !read(store, sink) {
                    unknown::runs(input, sink);
                }
            }
            Err(Closed::Encrypted) => {
                // Windows Information Protection; the length of its keys is not in the file.
                let kind = "windows-information-protection".to_owned();
                sink.encrypted(Encryption { kind, bits: None, statutory: Tri::Unknown });
            }
            Err(Closed::Broken) => sink.gap(Cause::Damaged, "the header of the mail store is broken", None),
        }
    }
}

/// Why a store cannot be opened.
enum Closed {
    Encrypted,
    Broken,
}

/// Opens a store by its header ([MS-PST], section 2.2.2.6).
fn open<'a>(input: &'a mut Input<'_>) -> Result<Store<'a>, Closed> {
    use std::io::Read;
    let mut head = Vec::new();
    let read = input.reader.rewind().and_then(|()| (&mut *input.reader).take(1024).read_to_end(&mut head));
    let version = number(&head, 10, 2).filter(|_| read.is_ok()).ok_or(Closed::Broken)?;
    let form = Form::of_version(version as u16).ok_or(Closed::Broken)?;
    let (coding, nodes, blocks) = if form == Form::Ansi { (461, 188, 196) } else { (513, 224, 240) };
    let coding = match head.get(coding) {
        Some(0) => Coding::Plain,
        Some(1) => Coding::Permute,
        Some(2) => Coding::Cyclic,
        Some(0x10) => return Err(Closed::Encrypted),
        _ => return Err(Closed::Broken),
    };
    let word = |at| number(&head, at, form.word()).ok_or(Closed::Broken);
    let roots = (word(nodes)?, word(blocks)?);
    Ok(Store::new(&mut *input.reader, (input.len, input.memory), (form, coding), roots))
}

/// False if the store is damaged and no item could be read.
fn read(mut store: Store<'_>, sink: &mut dyn DocumentSink) -> bool {
    let names = names(&mut store);
    let mut folders = HashMap::new();
    let mut walk = store.walk();
    let mut number = 0_u64;
    while let Some(node) = store.next_node(&mut walk) {
        if !matches!(node.id & TYPE, MESSAGE | HIDDEN_MESSAGE) || node.data == 0 {
            continue;
        }
        number += 1;
        let folder = folder(&mut store, node.parent, &names, &mut folders);
        Items { store: &mut store, names: &names }.member(node, &folder, number, sink);
        if !sink.go_on() {
            return true;
        }
    }
    if store.cut > 0 {
        let extent = format!("{} values", store.cut);
        sink.gap(Cause::LimitMemory, "items hold more than the memory for one", Some(extent));
    }
    if store.broken > 0 {
        let extent = format!("{} pages or blocks", store.broken);
        sink.gap(Cause::Damaged, "parts of the mail store cannot be read", Some(extent));
    }
    number > 0 || store.broken == 0
}

fn names(store: &mut Store<'_>) -> Names {
    /// The properties that hold entries and names ([MS-PST], section 2.4.7).
    const ENTRIES: u16 = 0x0003;
    const STRINGS: u16 = 0x0004;
    store.next_item();
    let Some(node) = store.node(NAMES) else { return Names::default() };
    let bag = Heap::open(store, node).bag(store, &Names::default());
    Names::parse(bag.bytes(ENTRIES).unwrap_or_default(), bag.bytes(STRINGS).unwrap_or_default())
}

/// The path of a folder, as it is shown: without the roots, which have no names.
fn folder(store: &mut Store<'_>, id: u32, names: &Names, known: &mut HashMap<u32, String>) -> String {
    if let Some(path) = known.get(&id) {
        return path.clone();
    }
    let mut parts = Vec::new();
    let mut at = id;
    for _ in 0..FOLDERS {
        let Some(node) = store.node(at) else { break };
        parts.extend(folder_name(store, node, names));
        if node.parent == at {
            break;
        }
        at = node.parent;
    }
    parts.reverse();
    let path = parts.join("/");
    known.insert(id, path.clone());
    path
}

fn folder_name(store: &mut Store<'_>, node: Node, names: &Names) -> Option<String> {
    store.next_item();
    Heap::open(store, node).bag(store, names).text(id::NAME).map(|name| name.trim().replace('/', "_"))
}

#[cfg(test)]
mod tests;

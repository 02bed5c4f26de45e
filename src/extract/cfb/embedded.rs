//! What is embedded in an old office document: its storages become members.

use super::{Compound, Id};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Sealed};

/// Gives every storage in the storage of a document as a member, as a file of its own. False if the work must end.
pub(crate) fn all(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) -> bool {
    for child in file.children(at).to_vec() {
        if !file.item(child).storage {
            continue;
        }
        if !sink.go_on() {
            return false;
        }
        match file.item(child).name.to_ascii_lowercase().as_str() {
            // Where Word keeps its objects, each in a storage.
            "objectpool" if !all(file, child, sink) => return false,
            "objectpool" => {}
            "macros" | "_vba_project_cur" | "vba" => seal_macros(file, child, sink),
            "msodatastore" => custom_xml(file, child, sink),
            _ => give(file, child, sink),
        }
    }
    sink.go_on()
}

/// Gives one storage as a member; its name is a number that means nothing to people.
fn give(file: &mut Compound<'_>, storage: Id, sink: &mut dyn DocumentSink) {
    let bytes = file.carve(storage);
    sink.member("", &mut &bytes[..]);
}

fn seal_macros(file: &Compound<'_>, storage: Id, sink: &mut dyn DocumentSink) {
    let item = file.item(storage);
    sink.sealed_member(&item.name, 0, Sealed::Gap(Cause::Executable, "macros".to_owned()));
}

/// Data that programs keep in documents: XML in a stream `Item` of a storage for each.
fn custom_xml(file: &mut Compound<'_>, store: Id, sink: &mut dyn DocumentSink) {
    for storage in file.children(store).to_vec() {
        if let Some(bytes) = file.read_named(storage, "Item") {
            sink.member("custom-xml", &mut &bytes[..]);
        }
    }
}

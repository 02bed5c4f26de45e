//! Pages, Numbers and Keynote: packages of objects (2013 and later), and of one XML document before.
//!
//! Objects of the later form stand in files `Index/*.iwa` and point to each other by number across files; the text of
//! a body, box, header, note or cell is an object of its own. Which object is what says a number that the programs
//! have in a table of theirs. In the older form all stands in one XML document.
//! Sources: `SheetJS` notes on iWork 2013+, documents of the keynote-parser and numbers-parser projects.

mod before;
mod cell;
mod object;
mod table;

use std::collections::HashSet;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::ooxml::xml::Xml;
use super::ooxml::{Package, beside, has_extension};
use super::zip::directory::Directory;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::event::{Encryption, Tri};
use object::{Fields, Store};

/// Reader of iWork packages.
pub struct Iwork;

/// Text of a body, box, header, note or cell (`TSWP.StorageArchive`).
const TEXT: [u64; 2] = [2001, 2005];
/// Text of a comment (`TSD.CommentStorageArchive`).
const COMMENT: u64 = 3056;
/// Method of encrypted members in archives of before 2013.
const SEALED: u16 = 25_452;
/// The most that objects may take up, in parts of the memory for one file.
const SHARE: usize = 4;

impl Extractor for Iwork {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        if is_sealed_before(&Directory::read(input.reader, input.len)) {
            return sink.encrypted(aes());
        }
        let mut package = Package::open(input, sink);
        let names = package.names(|name| has_extension(name, "iwa"));
        let mut store = Store::new(package.memory / SHARE);
        // What checks a password stands beside the packed objects (`.iwpv2`), which then are no objects.
        let locked = package.names(|name| name.ends_with(".iwpv2")).len() == 1;
        let read =
            locked && is_sealed(&mut package, &names, sink) || load(&mut package, &names, &mut store, sink);
        if !read {
            return;
        }
        if locked && store.is_empty() && !names.is_empty() {
            return sink.encrypted(aes());
        }
        let old = package
            .names(|name| ["index.xml", "index.apxl", "index.xml.gz", "index.apxl.gz"].contains(&name));
        if names.is_empty() && !old.iter().all(|name| read_old(&mut package, name, sink)) {
            return;
        }
        let cells = table::all(&store, sink);
        texts(&store, &cells, sink);
        rest(&mut package, sink);
    }
}

/// AES with 128 bits, in the mode that chains blocks, under a key made of the password (John the Ripper, `iwork2john`).
fn aes() -> Encryption {
    Encryption { kind: "iwork".to_owned(), bits: Some(128), statutory: Tri::Yes }
}

/// True if the document of the time before 2013 is stored in the way of encrypted ones, which no other archive knows.
fn is_sealed_before(directory: &Directory) -> bool {
    directory.entries.iter().any(|entry| entry.method == SEALED && entry.name.starts_with("index."))
}

/// Reads the one document of the time before 2013. False if the work must end.
fn read_old(package: &mut Package<'_>, name: &str, sink: &mut dyn DocumentSink) -> bool {
    package.read_raw(name, "document", sink, |content, sink| {
        let mut unpacked: Box<dyn Read + '_> = if has_extension(name, "gz") {
            Box::new(MultiGzDecoder::new(content))
        } else {
            Box::new(content)
        };
        let mut xml = Xml::new(&mut unpacked);
        before::read(&mut xml, sink);
        xml.trouble()
    })
}

/// True if the first part is no part of an open document. It is not read then.
fn is_sealed(package: &mut Package<'_>, names: &[String], sink: &mut dyn DocumentSink) -> bool {
    let mut sealed = false;
    if let Some(name) = names.first() {
        package.read_raw(name, "document", sink, |content, _| {
            let mut first = [0];
            sealed = content.read_exact(&mut first).is_ok_and(|()| first != [0]);
            None
        });
    }
    sealed
}

/// Loads the objects of all parts. False if the work must end.
fn load(package: &mut Package<'_>, names: &[String], store: &mut Store, sink: &mut dyn DocumentSink) -> bool {
    names.iter().all(|name| {
        package.read_raw(name, "a part of the document", sink, |content, _| store.add(name, content))
    })
}

/// Gives the texts that are not those of cells, the parts one after the other.
fn texts(store: &Store, cells: &HashSet<u64>, sink: &mut dyn DocumentSink) {
    for part in store.parts() {
        sink.unit(Place { part: master(part.name()), ..Place::default() });
        let mut paragraph = 0;
        for object in part.objects() {
            let is_text = TEXT.contains(&object.kind) && !cells.contains(&object.id);
            if !is_text && object.kind != COMMENT {
                continue;
            }
            if !sink.go_on() {
                return;
            }
            let (kind, text) = if is_text {
                text_of(object.fields())
            } else {
                (Some("comment"), first_text(object.fields(), 1))
            };
            let place =
                Place { part: kind.map(str::to_owned).or_else(|| master(part.name())), ..Place::default() };
            say(&text, &place, &mut paragraph, sink);
        }
    }
}

/// Layouts that slides are made from.
fn master(name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or_default();
    (file.starts_with("masterslide") || file.starts_with("templateslide")).then(|| "master".to_owned())
}

/// Which kind of text an object holds, and the text.
fn text_of(fields: Fields<'_>) -> (Option<&'static str>, String) {
    let kind = match fields.clone().number(1) {
        Some(1) => Some("header"),
        Some(2) => Some("footnote"),
        Some(4) => Some("note"),
        _ => None,
    };
    (kind, first_text(fields, 3))
}

/// The texts of a field, which a document has once and the format allows more often.
fn first_text(fields: Fields<'_>, number: u64) -> String {
    fields.all(number).map(String::from_utf8_lossy).collect()
}

/// Says the paragraphs of a text.
fn say(text: &str, place: &Place, paragraph: &mut u32, sink: &mut dyn DocumentSink) {
    // Ends of paragraphs, lines, sections, pages and columns; objects in the text have a mark of their own.
    let ends = ['\n', '\r', '\u{2028}', '\u{2029}', '\u{4}', '\u{5}', '\u{6}', '\u{c}'];
    for line in text.trim_matches(ends).split(ends) {
        let line: String =
            line.chars().filter(|c| *c == '\t' || !c.is_control() && *c != '\u{fffc}').collect();
        *paragraph += 1;
        sink.text(Place { paragraph: Some(*paragraph), ..place.clone() }, &line);
    }
}

/// Every other part: pictures are settled as such, lists of the program itself are passed over.
fn rest(package: &mut Package<'_>, sink: &mut dyn DocumentSink) {
    for name in package.names(|_| true) {
        if !sink.go_on() {
            return;
        }
        let file = name.rsplit('/').next().unwrap_or_default();
        if package.was_taken(&name) || has_extension(file, "plist") || file == "documentidentifier" {
            continue;
        }
        if beside::is_media(&name) {
            package.seal(&name, Cause::Media, "picture", sink);
        } else {
            package.member(&name, sink);
        }
    }
    package.doubles(sink);
}

#[cfg(test)]
mod tests;

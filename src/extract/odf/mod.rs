//! `OpenDocument` texts, spreadsheets, presentations and drawings: as a package, and as one flat XML file.
//!
//! All kinds share one vocabulary (OASIS `OpenDocument` 1.3, part 3), so one reader serves them all. Besides the
//! body it reads headers and footers (which lie with the styles), comments, notes, tracked deletions, form controls,
//! properties, and the documents embedded as folders of the package.

mod blocks;
mod changes;
mod flow;
mod manifest;
mod value;

use super::ooxml::xml::Xml;
use super::ooxml::{Package, beside};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place, Sealed};

/// Reader of `OpenDocument` packages.
pub struct Odf;

/// Reader of `OpenDocument` files that are one XML document.
pub struct FlatOdf;

impl Extractor for Odf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut package = Package::open(input, sink);
        let locks = manifest::read(&mut package, sink);
        if let Some(encryption) = locks.whole() {
            sink.encrypted(encryption);
            return;
        }
        let mut bodies = package.names(|n| file_of(n) == "content.xml");
        bodies.retain(|n| locks.of(n).is_none());
        if bodies.first().is_none_or(|n| n != "content.xml") {
            sink.gap(Cause::Damaged, "the content part is missing", None);
        }
        let read = parts(&mut package, &bodies, sink)
            && others(&mut package, "styles.xml", &locks, sink)
            && properties(&mut package, &locks, sink);
        if read {
            rest(&mut package, &locks, sink);
        }
    }
}

impl Extractor for FlatOdf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        if input.reader.rewind().is_err() {
            sink.gap(Cause::IoError, "reading failed", None);
            return;
        }
        let mut reader = &mut *input.reader;
        let mut xml = Xml::new(&mut reader);
        sink.unit(Place::default());
        flow::read(&mut xml, &Place::default(), sink);
        if let Some((cause, words)) = xml.trouble() {
            sink.gap(cause, words, None);
        }
    }
}

fn file_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// Bodies: the document's own, then those of embedded documents.
fn parts(package: &mut Package<'_>, names: &[String], sink: &mut dyn DocumentSink) -> bool {
    names.iter().all(|name| {
        let place = if name.contains('/') { beside::part("embedded") } else { Place::default() };
        sink.unit(place.clone());
        package.read(name, "content", sink, |xml, sink| flow::read(xml, &place, sink))
    })
}

/// The styles of the document and of those embedded in it, for headers, footers and master pages.
fn others(
    package: &mut Package<'_>,
    file: &str,
    locks: &manifest::Locks,
    sink: &mut dyn DocumentSink,
) -> bool {
    let names = package.names(|n| file_of(n) == file && locks.of(n).is_none());
    names.iter().all(|name| {
        let place = beside::part("master");
        sink.unit(place.clone());
        package.read(name, "styles", sink, |xml, sink| flow::read(xml, &place, sink))
    })
}

fn properties(package: &mut Package<'_>, locks: &manifest::Locks, sink: &mut dyn DocumentSink) -> bool {
    let names = package.names(|n| file_of(n) == "meta.xml" && locks.of(n).is_none());
    beside::values(package, &names, &beside::part("properties"), "properties", sink)
}

/// Every other file of the package: pictures are settled as such, settings are passed over, encrypted ones are said
/// to be so, and the rest (embedded objects, scripts, databases) are members.
fn rest(package: &mut Package<'_>, locks: &manifest::Locks, sink: &mut dyn DocumentSink) {
    for name in package.names(|_| true) {
        if !sink.go_on() {
            return;
        }
        if package.was_taken(&name) || is_structure(&name) {
            continue;
        }
        if let Some(encryption) = locks.of(&name) {
            package.settle(&name, Sealed::Encrypted(encryption), sink);
        } else if beside::is_media(&name)
            || (name.starts_with("pictures/") && !beside::is_metafile(&name))
            || name.starts_with("objectreplacements/")
        {
            package.seal(&name, Cause::Media, "picture", sink);
        } else {
            package.member(&name, sink);
        }
    }
    package.doubles(sink);
}

/// Settings, menus and the list of files hold no text of the document.
fn is_structure(name: &str) -> bool {
    let folders = ["meta-inf/", "configurations2/", "accelerator/"];
    let files = ["settings.xml", "mimetype", "manifest.rdf", "layout-cache"];
    folders.iter().any(|f| name.starts_with(f)) || files.contains(&file_of(name))
}

#[cfg(test)]
mod tests;

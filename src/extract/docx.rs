//! Word documents (docx, docm, dotx, dotm): body, headers, footers, notes, comments, and what lies beside them.
//!
//! Text boxes stand where they are anchored. A table inside a cell gives rows of its own after the row it stands in,
//! besides its text in the cell.

use super::ooxml::{Package, beside, flow, has_extension};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};

/// Reader of Word documents in Office Open XML.
pub struct Docx;

/// Kinds of relationship that carry text, the names their parts usually have, and what they are called in places.
const PARTS: [(&str, &str, &str); 6] = [
    ("header", "word/header", "header"),
    ("footer", "word/footer", "footer"),
    ("footnotes", "word/footnotes", "footnotes"),
    ("endnotes", "word/endnotes", "endnotes"),
    ("comments", "word/comments", "comments"),
    ("glossarydocument", "word/glossary/document", "glossary"),
];

impl Extractor for Docx {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut package = Package::open(input, sink);
        let Some(body) = package.main_part(&["word/document.xml", "word/document2.xml"], sink) else {
            sink.gap(Cause::Damaged, "the document part is missing", None);
            beside::rest(&mut package, "word/", sink);
            return;
        };
        sink.unit(Place::default());
        let read = package.read(&body, "document", sink, |xml, sink| {
            flow::read(xml, &Place::default(), flow::Take::Text, sink);
        });
        if read && other_parts(&mut package, &body, sink) && all_beside(&mut package, sink) {
            beside::rest(&mut package, "word/", sink);
        }
    }
}

/// Parts the body refers to, and those of the usual names that nothing refers to. False if the work must end.
fn other_parts(package: &mut Package<'_>, body: &str, sink: &mut dyn DocumentSink) -> bool {
    let relations = package.relations(body, sink);
    for (kind, usual, called) in PARTS {
        let related = relations.iter().filter(|r| r.kind == kind).map(|r| r.target.clone());
        let usual = package.names(|n| n.starts_with(usual) && has_extension(n, "xml"));
        let mut number = 0;
        for name in related.chain(usual) {
            if !package.has(&name) || package.was_taken(&name) {
                continue;
            }
            number += 1;
            let place = beside::part(called);
            sink.unit(place.clone());
            let extent = format!("{called} {number}");
            if !package
                .read(&name, &extent, sink, |xml, sink| flow::read(xml, &place, flow::Take::Text, sink))
            {
                return false;
            }
        }
    }
    // Documents that were put in whole, in another format.
    for chunk in relations.iter().filter(|r| r.kind == "afchunk" || r.kind == "subdocument") {
        package.member(&chunk.target, sink);
    }
    true
}

fn all_beside(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> bool {
    beside::drawings(package, "word/", sink)
        && beside::custom_xml(package, sink)
        && beside::properties(package, sink)
}

#[cfg(test)]
mod tests;

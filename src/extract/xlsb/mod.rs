//! Excel binary workbooks (xlsb): a package as that of xlsx, whose parts for cells, strings, styles and comments are
//! records instead of XML ([MS-XLSB]). Drawings, threaded comments and properties are XML and read as those of xlsx.
//!
//! Cells are streamed as they are in xlsx; the declared dimension of a sheet is not looked at.

mod book;
mod notes;
mod record;
mod sheet;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::extract::ooxml::{Package, Relation, beside, has_extension};
use crate::extract::xlsx::book::Book;
use crate::extract::xlsx::sheet::margin_text;
use crate::extract::xlsx::{listed_sheets, notes as xml_notes};
use record::Records;

/// Reader of Excel binary workbooks.
pub struct Xlsb;

impl Extractor for Xlsb {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut package = Package::open(input, sink);
        let main = package.main_part(&["xl/workbook.bin"], sink);
        read(&mut package, main.as_deref(), sink);
    }
}

/// Reads the workbook whose main part is `main`.
pub(crate) fn read(package: &mut Package<'_>, main: Option<&str>, sink: &mut dyn DocumentSink) {
    let mut book = Book::default();
    let mut relations = Vec::new();
    if let Some(main) = main {
        relations = package.relations(main, sink);
        part(package, main, "workbook", sink, |r, sink| book::workbook(r, &mut book, sink));
    } else {
        sink.gap(Cause::Damaged, "the workbook part is missing", None);
    }
    if let Some(styles) = shared(package, &relations, "styles") {
        part(package, &styles, "styles", sink, |r, sink| book::styles(r, &mut book, sink));
    }
    if let Some(strings) = shared(package, &relations, "sharedstrings") {
        part(package, &strings, "shared strings", sink, |r, sink| book::strings(r, &mut book, sink));
    }
    for (number, (name, sheet)) in (1..).zip(listed_sheets(package, &book, &relations, "bin")) {
        if !sink.go_on() || !read_sheet(package, &book, &name, &sheet, number, sink) {
            return;
        }
    }
    book.give_names(sink);
    let read = kept(package, &book, sink)
        && xml_notes::read_rest(package, sink)
        && beside::drawings(package, "xl/", sink)
        && beside::custom_xml(package, sink)
        && beside::properties(package, sink);
    if read {
        beside::rest(package, "xl/", sink);
    }
}

/// Reads a part as records; what keeps it from being read whole becomes a gap. False if the work must end.
fn part(
    package: &mut Package<'_>,
    name: &str,
    called: &str,
    sink: &mut dyn DocumentSink,
    walk: impl FnOnce(&mut Records<'_>, &mut dyn DocumentSink),
) -> bool {
    package.read_raw(name, called, sink, |content, sink| {
        let mut records = Records::new(content);
        walk(&mut records, sink);
        records.is_broken().then_some((Cause::Damaged, "the part breaks off"))
    })
}

/// A part that the workbook refers to once, else the one of the usual name.
fn shared(package: &Package<'_>, relations: &[Relation], kind: &str) -> Option<String> {
    let related = relations.iter().filter(|r| r.kind == kind).map(|r| r.target.clone());
    related.chain([format!("xl/{kind}.bin")]).find(|name| package.has(name))
}

/// A sheet: its rows, then what is written beside them.
fn read_sheet(
    package: &mut Package<'_>,
    book: &Book,
    name: &str,
    sheet: &str,
    number: u32,
    sink: &mut dyn DocumentSink,
) -> bool {
    let place = Place { sheet: Some(name.to_owned()), ..Place::default() };
    sink.unit(place.clone());
    let mut margins = Vec::new();
    let read = part(package, sheet, &format!("sheet {number}"), sink, |records, sink| {
        margins = sheet::read(records, &place, book, sink);
    });
    margins.retain(|m| !m.trim().is_empty());
    if !margins.is_empty() {
        let place = Place { part: Some("header-footer".into()), ..place.clone() };
        sink.unit(place.clone());
        for margin in &margins {
            sink.text(place.clone(), &margin_text(margin));
        }
    }
    read && comments(package, sheet, &place, number, sink)
        && xml_notes::read_of_sheet(package, sheet, &place, number, sink)
}

/// Comments in records; those in XML are left to the reader of xlsx.
fn comments(
    package: &mut Package<'_>,
    sheet: &str,
    place: &Place,
    number: u32,
    sink: &mut dyn DocumentSink,
) -> bool {
    let related = package.relations(sheet, sink).into_iter();
    let binary = related.filter(|r| r.kind == "comments" && has_extension(&r.target, "bin"));
    let parts: Vec<String> = binary.map(|r| r.target).filter(|target| package.has(target)).collect();
    parts.iter().all(|name| {
        let place = Place { part: Some("comments".into()), ..place.clone() };
        sink.unit(place.clone());
        let called = format!("comments of sheet {number}");
        part(package, name, &called, sink, |records, sink| notes::comments(records, &place, sink))
    })
}

/// Values that links to other workbooks and pivot tables keep.
fn kept(package: &mut Package<'_>, book: &Book, sink: &mut dyn DocumentSink) -> bool {
    let links = package.names(|n| n.starts_with("xl/externallinks/") && has_extension(n, "bin"));
    let caches = package.names(|n| n.starts_with("xl/pivotcache/") && has_extension(n, "bin"));
    let place = |part: &str, number: u32| {
        let table = Some(number.to_string());
        Place { part: Some(part.into()), table, ..Place::default() }
    };
    let linked = (1..).zip(&links).all(|(number, name)| {
        let place = place("external-link", number);
        sink.unit(place.clone());
        part(package, name, &format!("external link {number}"), sink, |records, sink| {
            sheet::read(records, &place, book, sink);
        })
    });
    linked
        && (1..).zip(&caches).all(|(number, name)| {
            let place = place("pivot-cache", number);
            sink.unit(place.clone());
            part(package, name, &format!("pivot cache {number}"), sink, |records, sink| {
                notes::pivot(records, &place, sink);
            })
        })
}

#[cfg(test)]
mod tests;

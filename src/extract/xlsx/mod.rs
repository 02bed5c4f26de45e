//! Excel workbooks (xlsx, xlsm, xltx): rows of every sheet, hidden ones too, as a reader would see the cells.
//!
//! Cells are streamed; nothing is laid out as a grid and the declared dimension of a sheet is not looked at, so a
//! single cell in the last corner costs no more than any other. Formulas give their kept results. The values that
//! links to other workbooks and pivot tables keep are read too: they often outlive their source.

pub(crate) mod book;
mod format;
pub(crate) mod moment;
pub(crate) mod notes;
pub(crate) mod number;
mod pivot;
pub(crate) mod sheet;

use std::collections::{HashMap, HashSet};

use super::ooxml::{Package, Relation, beside, has_extension};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};
use book::Book;

/// Reader of Excel workbooks in Office Open XML.
pub struct Xlsx;

impl Extractor for Xlsx {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut package = Package::open(input, sink);
        let main = package.main_part(&["xl/workbook.xml", "xl/workbook.bin"], sink);
        if main.as_ref().is_some_and(|main| has_extension(main, "bin")) {
            super::xlsb::read(&mut package, main.as_deref(), sink);
            return;
        }
        let mut book = Book::default();
        let Some(sheets) = read_book(&mut package, main.as_deref(), &mut book, sink) else { return };
        if sheets.len() == 1 && package.names(holds_tables).is_empty() {
            sink.only_table();
        }
        for (number, (name, part)) in (1..).zip(&sheets) {
            if !read_sheet(&mut package, &book, name, part, number, sink) {
                return;
            }
        }
        book.give_names(sink);
        let read = kept_links(&mut package, &book, sink)
            && pivot::read_all(&mut package, sink)
            && notes::read_rest(&mut package, sink)
            && beside::drawings(&mut package, "xl/", sink)
            && beside::custom_xml(&mut package, sink)
            && beside::properties(&mut package, sink);
        if read {
            beside::rest(&mut package, "xl/", sink);
        }
    }
}

/// True for parts that may hold tables beside the sheets.
fn holds_tables(part: &str) -> bool {
    ["xl/embeddings/", "xl/externalLinks/", "xl/pivotCache/"].iter().any(|folder| part.starts_with(folder))
}

/// Reads what the sheets share; returns their names and parts, those included that the workbook does not list.
/// `None` if the work must end.
fn read_book(
    package: &mut Package<'_>,
    main: Option<&str>,
    book: &mut Book,
    sink: &mut dyn DocumentSink,
) -> Option<Vec<(String, String)>> {
    let mut relations = Vec::new();
    if let Some(main) = main {
        relations = package.relations(main, sink);
        package.read(main, "workbook", sink, |xml, sink| book.read(xml, sink));
    }
    let sheets = listed_sheets(package, book, &relations, "xml");
    if main.is_none() && sheets.is_empty() {
        sink.gap(Cause::Damaged, "the workbook part is missing", None);
    }
    if let Some(styles) = shared(package, &relations, "styles") {
        package.read(&styles, "styles", sink, |xml, sink| book.styles.read(xml, sink));
    }
    if let Some(strings) = shared(package, &relations, "sharedstrings") {
        let most = package.memory;
        package.read(&strings, "shared strings", sink, |xml, sink| book.strings.read(xml, most, sink));
    }
    sink.go_on().then_some(sheets)
}

/// A part that the workbook refers to once, else the one of the usual name.
fn shared(package: &Package<'_>, relations: &[Relation], kind: &str) -> Option<String> {
    let related = relations.iter().filter(|r| r.kind == kind).map(|r| r.target.clone());
    related.chain([format!("xl/{kind}.xml")]).find(|name| package.has(name))
}

/// Names and parts of all sheets, those included that the workbook does not list. Parts end in `extension`.
pub(crate) fn listed_sheets(
    package: &Package<'_>,
    book: &Book,
    relations: &[Relation],
    extension: &str,
) -> Vec<(String, String)> {
    let related: HashMap<&str, &str> = relations.iter().map(|r| (r.id.as_str(), r.target.as_str())).collect();
    let listed = book.sheets.iter().zip(1..).map(|(sheet, number): (_, u32)| {
        let usual = format!("xl/worksheets/sheet{number}.{extension}");
        let part = related.get(sheet.relation.as_str()).map_or(usual, |part| (*part).to_owned());
        (sheet.name.clone(), part)
    });
    let mut sheets: Vec<(String, String)> = listed.filter(|(_, part)| package.has(part)).collect();
    let known: HashSet<String> = sheets.iter().map(|(_, part)| part.clone()).collect();
    let unlisted = package.names(|name| {
        let folders = ["xl/worksheets/", "xl/macrosheets/", "xl/dialogsheets/"];
        let file = folders.iter().find_map(|f| name.strip_prefix(f)).unwrap_or("/");
        let is_index = file.starts_with("binaryindex");
        has_extension(file, extension) && !is_index && !file.contains('/') && !known.contains(name)
    });
    sheets.extend(unlisted.into_iter().map(|part| {
        let file = part.rsplit('/').next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        (stem.to_owned(), part)
    }));
    sheets
}

/// A sheet: its rows, then what is written beside them.
fn read_sheet(
    package: &mut Package<'_>,
    book: &Book,
    name: &str,
    part: &str,
    number: u32,
    sink: &mut dyn DocumentSink,
) -> bool {
    let place = Place { sheet: Some(name.to_owned()), ..Place::default() };
    sink.unit(place.clone());
    let mut margins = Vec::new();
    let extent = format!("sheet {number}");
    let read = package.read(part, &extent, sink, |xml, sink| {
        margins = sheet::read(xml, &place, book, sink);
    });
    margins.retain(|m| !m.trim().is_empty());
    if !margins.is_empty() {
        let place = Place { part: Some("header-footer".into()), ..place.clone() };
        sink.unit(place.clone());
        for margin in &margins {
            sink.text(place.clone(), &sheet::margin_text(margin));
        }
    }
    read && notes::read_of_sheet(package, part, &place, number, sink)
}

/// Values of other workbooks that are kept for links to them.
fn kept_links(package: &mut Package<'_>, book: &Book, sink: &mut dyn DocumentSink) -> bool {
    let links = package.names(|n| n.starts_with("xl/externallinks/") && has_extension(n, "xml"));
    (1..).zip(&links).all(|(number, link): (u32, _)| {
        let table = Some(number.to_string());
        let place = Place { part: Some("external-link".into()), table, ..Place::default() };
        sink.unit(place.clone());
        package.read(link, &format!("external link {number}"), sink, |xml, sink| {
            sheet::read(xml, &place, book, sink);
        })
    })
}

#[cfg(test)]
mod tests;

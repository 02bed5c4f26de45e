//! What lies beside the main parts of a package: properties, drawings, charts, custom XML, embedded objects, media.

use super::{Package, flow, has_extension};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Place};
use crate::extract::ooxml::xml::{Token, Xml};

/// A longer value is given in pieces.
const MOST_VALUE: usize = 16 << 20;

/// A place that names only a part.
pub(crate) fn part(name: &str) -> Place {
    Place { part: Some(name.to_owned()), ..Place::default() }
}

/// The document's properties: author, title, company, what users added. Each value is a text; `field` of its place
/// is the property's name.
pub(crate) fn properties(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> bool {
    let names = package.names(|n| n.starts_with("docprops/") && has_extension(n, "xml"));
    values(package, &names, &part("properties"), "properties", sink)
}

/// Custom XML parts: the text of every element, with the element's name as `field`.
pub(crate) fn custom_xml(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> bool {
    let names = package.names(|n| {
        let file = n.strip_prefix("customxml/").unwrap_or("");
        file.starts_with("item") && has_extension(file, "xml") && !file.contains("props")
    });
    values(package, &names, &part("custom-xml"), "custom XML", sink)
}

/// Parts in which every text of an element is a value of its own. A unit is begun if there is any such part.
pub(crate) fn values(
    package: &mut Package<'_>,
    names: &[String],
    place: &Place,
    called: &str,
    sink: &mut dyn DocumentSink,
) -> bool {
    if !names.is_empty() {
        sink.unit(place.clone());
    }
    names.iter().all(|name| package.read(name, called, sink, |xml, sink| read_values(xml, place, sink)))
}

fn read_values(xml: &mut Xml<'_>, place: &Place, sink: &mut dyn DocumentSink) {
    let mut field = String::new();
    let mut value = String::new();
    loop {
        if xml.tick() && !sink.go_on() {
            return;
        }
        match xml.next() {
            Some(Token::Text(text)) => value.push_str(&text),
            Some(Token::Other) => {}
            Some(Token::Start(tag)) => {
                let next = tag.attribute("name").unwrap_or_else(|| tag.name().to_owned());
                give(place, &field, &mut value, sink);
                // The values of custom properties stand in elements named after their type (`vt:lpwstr`).
                if !matches!(
                    tag.name(),
                    "lpwstr" | "lpstr" | "i4" | "filetime" | "bool" | "r8" | "variant" | "vector"
                ) {
                    field = next;
                }
            }
            Some(Token::End) => give(place, &field, &mut value, sink),
            None => {
                give(place, &field, &mut value, sink);
                return;
            }
        }
        if value.len() > MOST_VALUE {
            give(place, &field, &mut value, sink);
        }
    }
}

fn give(place: &Place, field: &str, value: &mut String, sink: &mut dyn DocumentSink) {
    if !value.trim().is_empty() {
        sink.text(Place { field: Some(field.to_owned()), ..place.clone() }, value.trim());
    }
    value.clear();
}

/// Text of drawings, charts and diagrams in `folder` (`word/`, `xl/`, `ppt/`). Of diagrams the data are read and not
/// the drawing made from them, which repeats their text.
pub(crate) fn drawings(package: &mut Package<'_>, folder: &str, sink: &mut dyn DocumentSink) -> bool {
    let smart = package.names(|n| n.starts_with(&format!("{folder}diagrams/data")));
    let names = package.names(|n| {
        let Some(rest) = n.strip_prefix(folder).filter(|r| has_extension(r, "xml") && !r.contains("_rels/"))
        else {
            return false;
        };
        let of_diagram =
            rest.starts_with("diagrams/data") || (rest.starts_with("diagrams/drawing") && smart.is_empty());
        let is_chart = rest.starts_with("charts/chart") || rest.starts_with("charts/ex");
        of_diagram || is_chart || rest.starts_with("drawings/drawing")
    });
    let names: Vec<String> = names.into_iter().filter(|n| !package.was_taken(n)).collect();
    names.iter().all(|name| drawing(package, name, &part("drawing"), sink))
}

/// One drawing, chart or diagram part.
pub(crate) fn drawing(
    package: &mut Package<'_>,
    name: &str,
    place: &Place,
    sink: &mut dyn DocumentSink,
) -> bool {
    sink.unit(place.clone());
    let take = if name.contains("charts/") { flow::Take::Values } else { flow::Take::Text };
    package.read(name, "drawing", sink, |xml, sink| flow::read(xml, place, take, sink))
}

/// What no part of the document refers to as text: embedded objects and unknown files become members, pictures,
/// sounds and films are settled as such. Only fonts, printer settings and markup in the folders of the format are
/// passed over; nothing in them is text of the document.
pub(crate) fn rest(package: &mut Package<'_>, folder: &str, sink: &mut dyn DocumentSink) {
    for name in package.names(|_| true) {
        if !sink.go_on() {
            return;
        }
        if package.was_taken(&name) || is_structure(&name, folder) {
            continue;
        }
        if is_media(&name) {
            package.seal(&name, Cause::Media, "picture", sink);
        } else if name.contains("vbaproject") || name.ends_with("vbadata.xml") {
            package.seal(&name, Cause::Executable, "macros", sink);
        } else if name.starts_with("xl/model/") {
            package.seal(&name, Cause::NoReader, "data model", sink);
        } else {
            package.member(&name, sink);
        }
    }
    package.doubles(sink);
}

fn is_structure(name: &str, folder: &str) -> bool {
    let markup = ["xml", "rels", "vml"].iter().any(|e| has_extension(name, e));
    let known = [folder, "_rels/", "docprops/", "customxml/", "[content_types]"];
    let fonts = ["odttf", "fntdata", "ttf"].iter().any(|e| has_extension(name, e));
    // Of binary workbooks: what says again in another order what the cells hold.
    let indexes = ["xl/calcchain.", "xl/metadata.", "xl/worksheets/binaryindex"];
    indexes.iter().any(|i| name.starts_with(i))
        || (markup && known.iter().any(|k| name.starts_with(k)))
        || (fonts && name.starts_with(folder))
        || name.contains("/printersettings/")
}

/// True if the name of a part is that of a picture, sound or film; metafiles, which may hold text, are not among them.
pub(crate) fn is_media(name: &str) -> bool {
    const MEDIA: [&str; 18] = [
        "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "wdp", "ico", "webp", "wav", "mp3", "mp4", "m4a",
        "m4v", "avi", "mov", "wmv",
    ];
    MEDIA.iter().any(|e| has_extension(name, e))
}

/// True if the name of a part is that of a metafile.
pub(crate) fn is_metafile(name: &str) -> bool {
    ["emf", "wmf", "emz", "wmz"].iter().any(|e| has_extension(name, e))
}

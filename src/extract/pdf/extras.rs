//! What no page draws: document properties, outlines, notes of annotations.

use std::collections::HashSet;

use hayro_interpret::hayro_syntax::Pdf as Document;
use hayro_interpret::hayro_syntax::object::{
    Dict, Name, Object, ObjectIdentifier, Stream, String as PdfString,
};

use super::raw::reference_at;
use super::text::text_string;
use super::walk::{Walk, items};
use crate::document::Place;

/// Longest note or metadata packet that is read, in bytes.
const TEXT_CAP: usize = 1 << 20;

fn part(name: &str) -> Place {
    Place { part: Some(name.to_owned()), ..Place::default() }
}

/// Emits document information, XMP metadata and outlines, as a unit of their own.
pub(super) fn properties<'a>(walk: &mut Walk<'a, '_>, document: &'a Document, catalog: &Dict<'a>) {
    let mut lines = Vec::new();
    let mut seen = HashSet::new();
    for info in info_dicts(document) {
        for (key, value) in info_entries(&info) {
            seen.extend(value.split_whitespace().map(str::to_owned));
            lines.push((Some(key), value));
        }
    }
    let xmp = catalog.get::<Stream<'_>>("Metadata").and_then(|s| s.decoded_data().ok());
    let xmp = xmp.filter(|data| data.len() <= TEXT_CAP).map(|data| without_tags(&text_string(&utf8(&data))));
    let fresh = |line: &&str| line.split_whitespace().any(|word| !seen.contains(word));
    lines.extend(xmp.iter().flat_map(|text| text.lines()).filter(fresh).map(|line| (None, line.to_owned())));
    if !lines.is_empty() {
        walk.sink.unit(part("properties"));
    }
    for (key, value) in lines {
        let text = key.as_ref().map_or_else(|| value.clone(), |key| format!("{key}: {value}"));
        walk.sink.text(Place { field: key, ..part("properties") }, &text);
    }
    outlines(walk, catalog);
}

/// XMP is UTF-8 with or without a byte-order mark.
fn utf8(data: &[u8]) -> Vec<u8> {
    [b"\xef\xbb\xbf", data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data)].concat()
}

/// The information dictionaries that trailers name. The parser shows six fixed entries only, but any may be there.
fn info_dicts(document: &Document) -> Vec<Dict<'_>> {
    let data = document.data().as_ref();
    let ids: Vec<ObjectIdentifier> = memchr::memmem::rfind_iter(data, b"/Info")
        .take(64)
        .filter_map(|at| reference_at(data, at + 5))
        .filter_map(|(n, g)| Some(ObjectIdentifier::new(n, i32::try_from(g).ok()?)))
        .collect();
    let mut seen = HashSet::new();
    ids.into_iter()
        .filter(|id| seen.insert(*id))
        .filter_map(|id| document.xref().get::<Dict<'_>>(id))
        .take(8)
        .collect()
}

fn info_entries(info: &Dict<'_>) -> Vec<(String, String)> {
    info.entries()
        .filter(|(key, _)| !matches!(key.as_ref(), b"CreationDate" | b"ModDate"))
        .filter_map(|(key, _)| {
            let value = text_string(&info.get::<PdfString<'_>>(&*key)?);
            (!value.trim().is_empty() && value.len() <= TEXT_CAP).then(|| (text_string(&key), value))
        })
        .collect()
}

fn outlines<'a>(walk: &mut Walk<'a, '_>, catalog: &Dict<'a>) {
    let Some(root) = walk.enter_key(catalog, "Outlines") else { return };
    let mut stack: Vec<Dict<'a>> = walk.enter_key(&root, "First").into_iter().collect();
    if !stack.is_empty() {
        walk.sink.unit(part("properties"));
    }
    while let Some(item) = stack.pop() {
        if let Some(title) = item.get::<PdfString<'_>>("Title") {
            walk.sink.text(part("properties"), &text_string(&title));
        }
        stack.extend(walk.enter_key(&item, "Next"));
        stack.extend(walk.enter_key(&item, "First"));
    }
}

/// Annotations of all pages, sorted by what becomes of them.
#[derive(Default)]
pub(super) struct Annotations<'a> {
    /// Page number and text of each note.
    pub(super) notes: Vec<(u32, String)>,
    /// Widgets: form fields, whether or not the form lists them.
    pub(super) widgets: Vec<Dict<'a>>,
    /// File specifications of attached files.
    pub(super) files: Vec<Dict<'a>>,
}

/// Collects the annotations of a page. Each is taken once, by the first page that names it.
pub(super) fn collect<'a>(
    walk: &mut Walk<'a, '_>,
    page: &Dict<'a>,
    number: u32,
    found: &mut Annotations<'a>,
) {
    for item in items(page, "Annots") {
        let Some(annotation) = walk.enter_dict(item) else { continue };
        let subtype = annotation.get::<Name<'_>>("Subtype");
        if subtype.as_ref().is_some_and(|s| s.as_ref() == b"Widget") && !annotation.contains_key("Parent") {
            found.widgets.push(annotation.clone());
        }
        found.files.extend(annotation.get::<Dict<'_>>("FS"));
        if let Some(note) = note(&annotation) {
            found.notes.push((number, note));
        }
    }
}

fn note(annotation: &Dict<'_>) -> Option<String> {
    let plain = annotation.get::<PdfString<'_>>("Contents").filter(|text| text.len() <= TEXT_CAP);
    let text = match plain.map(|text| text_string(&text)).filter(|text| !text.trim().is_empty()) {
        Some(text) => text,
        None => match annotation.get::<Object<'_>>("RC")? {
            Object::String(rich) if rich.len() <= TEXT_CAP => without_tags(&text_string(&rich)),
            Object::Stream(rich) => without_tags(&text_string(&rich.decoded_data().ok()?)),
            _ => return None,
        },
    };
    (!text.trim().is_empty()).then_some(text)
}

/// Text of XML or XHTML: every tag becomes a line break, the five entities are resolved.
fn without_tags(xml: &str) -> String {
    let mut out = String::new();
    for piece in xml.split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text).trim();
        if !text.is_empty() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(text);
        }
    }
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    plain.into_iter().fold(out, |text, (entity, c)| text.replace(entity, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_stripped_and_entities_resolved() {
        assert_eq!(without_tags("<a b='c'><p>Ann &amp; Bob</p>\n <p>x&lt;1</p></a>"), "Ann & Bob\nx<1");
    }
}

//! Files inside a PDF: the embedded-files tree, associated files, file attachments of annotations, XFA data.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use flate2::read::ZlibDecoder;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Object, ObjectIdentifier, Stream, String as PdfString,
};

use super::raw::Kind;
use super::text::text_string;
use super::walk::{Walk, items};
use crate::document::Sealed;
use crate::event::Encryption;

/// Emits all files. `sealed` says how they are encrypted if the document alone is readable.
pub(super) fn emit<'a>(
    walk: &mut Walk<'a, '_>,
    catalog: &Dict<'a>,
    mut specs: Vec<Dict<'a>>,
    sealed: Option<&Encryption>,
) {
    specs.splice(0..0, embedded_files(walk, catalog));
    for item in items(catalog, "AF") {
        specs.extend(walk.enter_dict(item));
    }
    let mut seen = HashSet::new();
    for spec in specs {
        if walk.stopped || !walk.sink.go_on() {
            walk.stopped = true;
            return;
        }
        emit_file(walk, &spec, sealed, &mut seen);
    }
    emit_xfa(walk, catalog);
}

fn embedded_files<'a>(walk: &mut Walk<'a, '_>, catalog: &Dict<'a>) -> Vec<Dict<'a>> {
    let mut specs = Vec::new();
    let names = catalog.get::<Dict<'_>>("Names");
    let mut stack: Vec<_> =
        names.and_then(|names| walk.enter_key(&names, "EmbeddedFiles")).into_iter().collect();
    while let Some(node) = stack.pop() {
        // Key and value take turns; only a value is a dictionary.
        for item in items(&node, "Names") {
            specs.extend(walk.enter_dict(item));
        }
        let first = stack.len();
        for kid in items(&node, "Kids") {
            stack.extend(walk.enter_dict(kid));
        }
        stack[first..].reverse();
    }
    specs
}

fn emit_file<'a>(
    walk: &mut Walk<'a, '_>,
    spec: &Dict<'a>,
    sealed: Option<&Encryption>,
    seen: &mut HashSet<ObjectIdentifier>,
) {
    let Some(files) = spec.get::<Dict<'_>>("EF") else { return };
    let name = ["UF", "F", "Unix", "DOS", "Desc"]
        .into_iter()
        .filter_map(|key| spec.get::<PdfString<'_>>(key))
        .map(|name| text_string(&name))
        .find(|name| !name.is_empty())
        .unwrap_or_default();
    for key in ["UF", "F", "Unix", "DOS", "Mac"] {
        let Some(stream) = files.get::<Stream<'_>>(key) else { continue };
        if !seen.insert(stream.obj_id()) {
            continue;
        }
        match sealed {
            Some(how) => {
                walk.sink.sealed_member(
                    &name,
                    stream.raw_data().len() as u64,
                    Sealed::Encrypted(how.clone()),
                );
            }
            None => emit_stream(walk, &name, &stream),
        }
    }
}

/// Hands over the content of a stream; deflated data are inflated while they are read.
fn emit_stream(walk: &mut Walk<'_, '_>, name: &str, stream: &Stream<'_>) {
    let kind = Kind::of(stream.dict().data());
    let raw = stream.raw_data();
    if kind.is_flate() && !kind.predicted {
        walk.sink.member(name, &mut ZlibDecoder::new(&raw[..]));
    } else if kind.filters.is_empty() && !stream.dict().contains_key("Filter") {
        walk.sink.member(name, &mut Cursor::new(&raw[..]));
    } else {
        let mut content: Box<dyn Read> = match stream.decoded_data() {
            Ok(data) => Box::new(Cursor::new(data.into_owned())),
            Err(_) => Box::new(Cursor::new(raw.into_owned())),
        };
        walk.sink.member(name, &mut content);
    }
}

/// XFA: the whole form as one stream, or the packet with the filled-in data.
fn emit_xfa<'a>(walk: &mut Walk<'a, '_>, catalog: &Dict<'a>) {
    let Some(xfa) = catalog.get::<Dict<'_>>("AcroForm").and_then(|form| form.get::<Object<'_>>("XFA")) else {
        return;
    };
    match xfa {
        Object::Stream(stream) => emit_stream(walk, "xfa.xml", &stream),
        Object::Array(packets) => {
            if let Some(stream) = datasets(&packets) {
                emit_stream(walk, "xfa-datasets.xml", &stream);
            }
        }
        _ => {}
    }
}

fn datasets<'a>(packets: &Array<'a>) -> Option<Stream<'a>> {
    let mut all = packets.iter::<Object<'_>>();
    all.find(|item| matches!(item, Object::String(name) if &**name == b"datasets"))?;
    all.next()?.into_stream()
}

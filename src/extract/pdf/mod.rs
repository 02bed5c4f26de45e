//! PDF: text of the pages, form fields, notes, properties, attachments; encryption; salvage of damaged files.
//!
//! Everything is read with one parser (`hayro`): a second one would see another document where the two disagree
//! about a damaged file, and would load all objects into memory. It takes broken parts silently, so what is
//! missing is found out here: by looking at the streams beforehand, at the end of the file, and at the page tree.

mod attachments;
mod audit;
mod encryption;
mod extras;
mod flood;
mod form;
mod layout;
mod page;
mod raw;
mod salvage;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hayro_interpret::hayro_syntax::object::{Dict, Number, ObjectIdentifier};
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf as Document};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Object, Place};
use crate::event::Encryption;
use encryption::Protection;
use memchr::memmem;
use page::{PageReader, PageText, content_streams};
use walk::Walk;

/// The reader of PDF files.
pub struct Pdf;

impl Extractor for Pdf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        match input.bytes() {
            Ok(data) => read(data, input.passwords, sink),
            Err(Cause::LimitMemory) => {
                sink.gap(Cause::LimitMemory, "larger than may be taken into memory", None);
            }
            Err(cause) => sink.gap(cause, "reading failed", None),
        }
    }
}

fn read(mut data: Vec<u8>, passwords: &[String], sink: &mut dyn DocumentSink) {
    show_all_layers(&mut data);
    let protection = encryption::find_protection(&data);
    if protection.is_none() && !audit_streams(&mut data, sink) {
        return;
    }
    let data = Arc::new(data);
    match (Document::new(data.clone()), protection) {
        (Ok(document), _) => read_document(&document, None, sink),
        (Err(error), Some(protection)) => match with_password(&data, passwords) {
            Some(document) => {
                sink.opened(protection.encryption);
                read_document(&document, None, sink);
            }
            None => read_protected(&data, error, &protection, sink),
        },
        (Err(_), None) => {
            sink.gap(
                Cause::Damaged,
                "no document structure found; strings were salvaged from its streams",
                None,
            );
            salvage::salvage(&data, &HashSet::new(), sink);
        }
    }
}

/// The document, if one of the passwords opens it.
fn with_password(data: &Arc<Vec<u8>>, passwords: &[String]) -> Option<Document> {
    passwords.iter().find_map(|word| Document::new_with_password(data.clone(), word).ok())
}

/// Renames the entry that switches layers off, in our copy: text of hidden layers is text of the file. Where the
/// catalog lies in an object stream the entry stays in force.
fn show_all_layers(data: &mut [u8]) {
    let entries: Vec<usize> = memmem::find_iter(data, b"/OCProperties").collect();
    for at in entries {
        data[at + 1] = b'X';
    }
}

fn audit_streams(data: &mut [u8], sink: &mut dyn DocumentSink) -> bool {
    let found = audit::audit(data, &mut || sink.go_on());
    if found.burst > 0 {
        let extent = Some(format!("{} streams", found.burst));
        sink.gap(Cause::LimitBytes, "streams that inflate beyond the limit were left out", extent);
    }
    if found.broken > 0 {
        let extent = Some(format!("{} streams", found.broken));
        sink.gap(Cause::Damaged, "compressed streams are broken; they were read as far as possible", extent);
    }
    !found.stopped
}

/// A file with an encryption dictionary that does not open without a password.
fn read_protected(data: &[u8], error: LoadPdfError, protection: &Protection, sink: &mut dyn DocumentSink) {
    if protection.attachments_only
        && let Ok(document) = Document::new(protection.lifted(data))
    {
        return read_document(&document, Some(&protection.encryption), sink);
    }
    match error {
        LoadPdfError::Decryption(DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption) => {
            sink.gap(Cause::Damaged, "its encryption dictionary is not usable", None);
        }
        _ => sink.encrypted(protection.encryption.clone()),
    }
}

fn read_document(document: &Document, sealed: Option<&Encryption>, sink: &mut dyn DocumentSink) {
    let xref = document.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default();
    let mut walk = Walk::new(xref, sink);
    extras::properties(&mut walk, document, &catalog);
    let found = annotations(&mut walk, document);
    emit_form(&mut walk, document, &catalog, found.widgets);
    let (cut, stopped) = (walk.cut, walk.stopped);
    if cut {
        sink.gap(Cause::LimitMembers, "more objects than are looked at for forms, notes and outlines", None);
    }
    if stopped || !read_pages(document, &found.notes, sink) {
        return;
    }
    let mut walk = Walk::new(xref, sink);
    attachments::emit(&mut walk, &catalog, found.files, sealed);
    if !walk.stopped {
        read_missing(document, &catalog, sink);
    }
}

fn annotations<'a>(walk: &mut Walk<'a, '_>, document: &'a Document) -> extras::Annotations<'a> {
    let mut found = extras::Annotations::default();
    for (page, number) in document.pages().iter().zip(1..) {
        extras::collect(walk, page.raw(), number, &mut found);
        if walk.stopped || walk.cut {
            break;
        }
    }
    found
}

fn emit_form<'a>(
    walk: &mut Walk<'a, '_>,
    document: &'a Document,
    catalog: &Dict<'a>,
    widgets: Vec<Dict<'a>>,
) {
    let pages: HashMap<ObjectIdentifier, u32> =
        document.pages().iter().zip(1..).filter_map(|(page, n)| Some((page.raw().obj_id()?, n))).collect();
    let acro_form = catalog.get::<Dict<'_>>("AcroForm");
    let form = form::read(walk, acro_form.as_ref(), widgets, &pages);
    if form.cut && !walk.cut {
        walk.sink.gap(Cause::LimitBytes, "more form fields than the limit", None);
    }
    if form.fields.is_empty() {
        return;
    }
    let place = Place { part: Some("form".to_owned()), ..Place::default() };
    walk.sink.unit(place.clone());
    walk.sink.object(Object { name: "form".to_owned(), fields: form.fields, children: Vec::new(), place });
}

fn read_pages(document: &Document, notes: &[(u32, String)], sink: &mut dyn DocumentSink) -> bool {
    let mut reader = PageReader::new();
    let mut gaps = PageGaps::default();
    let mut notes = notes.iter().peekable();
    let mut emit = |number: u32, text: &PageText, sink: &mut dyn DocumentSink| {
        emit_page(number, text, sink);
        while let Some((_, note)) = notes.next_if(|(n, _)| *n == number) {
            sink.text(on_page(number, Some("annotation")), note);
        }
    };
    // A page that ends with a table waits for the next one, which may hold the rest of its last row.
    let mut waiting: Option<(u32, PageText)> = None;
    let mut goes_on = true;
    for (page, number) in document.pages().iter().zip(1..) {
        goes_on = sink.go_on();
        if !goes_on {
            break;
        }
        let mut text = reader.read(page);
        gaps.add(number, &text, lost_content(page.raw()));
        if let Some((before, mut above)) = waiting.take() {
            let row = above.last_row.and_then(|at| above.lines.get_mut(at));
            if let (Some(row), Some(whole)) = (row, text.mended.take()) {
                *row = whole;
            }
            emit(before, &above, sink);
        }
        match text.last_row {
            Some(_) => waiting = Some((number, text)),
            None => emit(number, &text, sink),
        }
    }
    if let Some((number, text)) = waiting {
        emit(number, &text, sink);
    }
    gaps.emit(sink);
    goes_on
}

fn on_page(number: u32, part: Option<&str>) -> Place {
    Place { page: Some(number), part: part.map(str::to_owned), ..Place::default() }
}

fn emit_page(number: u32, text: &PageText, sink: &mut dyn DocumentSink) {
    sink.unit(on_page(number, None));
    let mut n = 0;
    for line in &text.lines {
        n += u64::from(!line.is_empty());
        sink.text(Place { line: Some(n), ..on_page(number, None) }, line);
    }
    for line in &text.undrawn {
        sink.text(on_page(number, Some("salvaged")), line);
    }
    for replacement in &text.actual {
        sink.text(on_page(number, Some("actual-text")), replacement);
    }
}

/// True if the page names a content stream that is not in the file.
fn lost_content(page: &Dict<'_>) -> bool {
    page.get_ref("Contents").is_some()
        && page.get::<hayro_interpret::hayro_syntax::object::Object<'_>>("Contents").is_none()
}

/// Pages by what is missing on them.
#[derive(Default)]
struct PageGaps {
    no_text: Vec<u32>,
    damaged: Vec<u32>,
    cut: Vec<u32>,
}

impl PageGaps {
    fn add(&mut self, number: u32, text: &PageText, lost: bool) {
        let lists = [
            (&mut self.no_text, text.no_text_layer),
            (&mut self.damaged, text.unreadable || lost),
            (&mut self.cut, text.cut),
        ];
        for (list, is_so) in lists {
            if is_so {
                list.push(number);
            }
        }
    }

    fn emit(&self, sink: &mut dyn DocumentSink) {
        let causes = [
            (&self.no_text, Cause::NoTextLayer, "pages whose text is in pictures or cannot be decoded"),
            (&self.damaged, Cause::Damaged, "pages whose content cannot be decoded"),
            (&self.cut, Cause::LimitBytes, "pages with more content than the limit"),
        ];
        for (pages, cause, detail) in causes {
            if !pages.is_empty() {
                sink.gap(cause, detail, Some(page_ranges(pages)));
            }
        }
    }
}

/// `page 3`, or `pages 1-3, 7`.
fn page_ranges(pages: &[u32]) -> String {
    let runs: Vec<String> = pages
        .chunk_by(|a, b| a + 1 == *b)
        .map(|run| match run {
            [one] => one.to_string(),
            _ => format!("{}-{}", run[0], run[run.len() - 1]),
        })
        .collect();
    format!("{} {}", if pages.len() == 1 { "page" } else { "pages" }, runs.join(", "))
}

/// Says what the parser passed over in silence, and salvages from the streams that no page uses.
fn read_missing(document: &Document, catalog: &Dict<'_>, sink: &mut dyn DocumentSink) {
    let data = document.data().as_ref();
    let cut_off = is_cut_off(data);
    let declared =
        catalog.get::<Dict<'_>>("Pages").and_then(|pages| pages.get::<Number>("Count")).map(|n| n.as_i64());
    let there = document.pages().len();
    let missing = declared.is_some_and(|n| n > 0 && n.cast_unsigned() > there as u64) || there == 0;
    if !cut_off && !missing {
        return;
    }
    let detail = if missing { "pages are missing" } else { "the end of the file is missing" };
    sink.gap(Cause::Damaged, detail, None);
    let done: HashSet<u32> = document
        .pages()
        .iter()
        .flat_map(|page| content_streams(page.raw()))
        .map(|stream| stream.obj_id().obj_number)
        .collect();
    salvage::salvage(data, &done, sink);
}

/// True if nothing that ends a PDF follows its last object, or if the file is shorter than its
/// linearization dictionary says.
fn is_cut_off(data: &[u8]) -> bool {
    let last_object = memmem::rfind(data, b" obj");
    let last_pointer = memmem::rfind(data, b"startxref").max(memmem::rfind(data, b"%%EOF"));
    let head = &data[..data.len().min(1024)];
    let length = raw::find(head, b"/Linearized", 0)
        .and_then(|at| raw::find(head, b"/L ", at))
        .and_then(|at| raw::number_at(head, raw::skip_space(head, at + 3)));
    last_pointer < last_object || length.is_some_and(|(length, _)| length as usize > data.len())
}

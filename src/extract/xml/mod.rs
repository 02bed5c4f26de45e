//! XML as objects: an element with text is a leaf of its parent, an element with elements an object.
//!
//! No DTD is processed: entities a document declares itself stay as they stand. Text between elements (mixed
//! content) is said as running text, a block for each mixed element. The one surprising rule: element names need
//! not match; only a document that cannot be cut into tags is given up, and its rest read as text without tags.

pub(crate) mod charset;
#[cfg(test)]
pub(crate) mod collect;
mod drawn;
mod element;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
mod walker;

use encoding_rs::Encoding;

use crate::document::{DocumentSink, Extractor, Input, Place};
use crate::extract::html::{self, Html};
use charset::Utf8Reader;
use tree::WHOLE;
use walker::Walker;

/// Reader of XML files; XHTML pages are handed to [`Html`].
pub struct Xml;

impl Extractor for Xml {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let piecewise = input.len > WHOLE;
        let mut reader = Utf8Reader::new(&mut *input.reader, declared);
        if is_html(reader.ready(1)) {
            drop(reader);
            return Html.extract(input, sink);
        }
        sink.unit(Place::default());
        Walker::new(sink, piecewise).run(reader);
    }
}

/// The encoding that an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    if head.starts_with(b"<?xml") { html::declared(&head[..head.len().min(200)]) } else { None }
}

/// True if the first element is `html`.
fn is_html(head: &[u8]) -> bool {
    let starts = memchr::memchr_iter(b'<', head).map(|at| &head[at + 1..]);
    let mut names = starts.filter(|rest| rest.first().is_some_and(u8::is_ascii_alphabetic));
    names.next().is_some_and(|rest| {
        rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"html"))
            && rest.get(4).is_some_and(|b| b.is_ascii_whitespace() || *b == b'>')
    })
}

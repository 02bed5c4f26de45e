//! Records as rows of a table.

use super::pager::{Charset, Pager, u32_at};
use super::record::{Value, real};
use super::runs;
use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::identify::{self, Kind};

/// A smaller value is no document.
const LEAST_DOCUMENT: usize = 64;
/// Longer text in a binary value is a file of its own.
const MOST_INLINE: usize = 64 << 10;

/// A document in a row, handed over after the row.
pub(super) struct Attachment<'a> {
    pub(super) name: String,
    pub(super) bytes: &'a [u8],
}

/// Makes a row of `values`, and the documents among them. `rowid` is the column that the row id stands for.
pub(super) fn row<'a>(
    place: Place,
    values: Vec<Value<'a>>,
    id: Option<i64>,
    rowid: Option<usize>,
    names: &[String],
) -> (Row, Vec<Attachment<'a>>) {
    let (mut cells, mut attachments) = (Vec::new(), Vec::new());
    let table = place.table.clone().unwrap_or_default();
    for (at, value) in values.into_iter().enumerate() {
        let (text, number) = match value {
            Value::Null if rowid == Some(at) => (id.map(|n| n.to_string()).unwrap_or_default(), true),
            Value::Null => continue,
            Value::Integer(n) => (n.to_string(), true),
            Value::Real(n) => (real(n), true),
            Value::Text(text) => (text, false),
            Value::Blob(bytes) => {
                let Some(text) = blob(bytes) else {
                    let column = names.get(at).cloned().unwrap_or_else(|| (at + 1).to_string());
                    let number = id.map(|n| format!("/{n}")).unwrap_or_default();
                    attachments.push(Attachment { name: format!("{table}/{column}{number}"), bytes });
                    continue;
                };
                (text, false)
            }
        };
        if !text.is_empty() {
            cells.push(Cell { column: u32::try_from(at).unwrap_or(u32::MAX), text, number });
        }
    }
    (Row { place, cells }, attachments)
}

/// The text of a binary value; `None` if it is a document of its own.
pub(crate) fn blob(bytes: &[u8]) -> Option<String> {
    if bytes.len() < LEAST_DOCUMENT {
        return Some(runs::of(bytes, Charset::Utf8).join("\n"));
    }
    let head = &bytes[..bytes.len().min(identify::HEAD)];
    match identify::identify(head, bytes.len() as u64) {
        Kind::Document(format) if format.treatment != identify::Treatment::Opaque => None,
        _ if bytes.len() > MOST_INLINE => None,
        _ => Some(runs::of(bytes, Charset::Utf8).join("\n")),
    }
}

/// The bytes of a record: `local` and what follows on overflow pages. Ends early where the chain does, and after
/// `most` bytes; false if it did.
pub(super) fn gather(
    pager: &mut Pager<'_>,
    local: &[u8],
    length: u64,
    first: Option<u32>,
    most: u64,
) -> (Vec<u8>, bool) {
    let mut record = local.to_vec();
    let wanted = length.min(most);
    let mut next = first.unwrap_or(0);
    while (record.len() as u64) < wanted {
        let page = if pager.take(next) { pager.page(next) } else { None };
        let Some(page) = page else { return (record, false) };
        next = u32_at(&page, 0).unwrap_or(0);
        let body = page.get(4..pager.header.usable.min(page.len())).unwrap_or_default();
        let left = usize::try_from(wanted - record.len() as u64).unwrap_or(body.len());
        if body.is_empty() {
            return (record, false);
        }
        record.extend_from_slice(&body[..left.min(body.len())]);
    }
    (record, length <= most)
}

/// Tells about damaged pages, of which there may be many.
#[derive(Default)]
pub(super) struct Damage {
    told: u32,
}

/// Damaged pages that are named one by one.
const MOST_TOLD: u32 = 32;

impl Damage {
    /// True if anything was damaged.
    pub(super) fn any(&self) -> bool {
        self.told > 0
    }

    /// A page with something wrong.
    pub(super) fn page(&mut self, number: u32, words: &str, sink: &mut dyn DocumentSink) {
        self.told = self.told.saturating_add(1);
        if self.told <= MOST_TOLD {
            sink.gap(Cause::Damaged, words, Some(format!("page {number}")));
        } else if self.told == MOST_TOLD + 1 {
            sink.gap(Cause::Damaged, "more pages are damaged", None);
        }
    }
}

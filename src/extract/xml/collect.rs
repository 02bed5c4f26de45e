//! A sink for the tests of this folder and its neighbours: writes down every call as a line.

use std::fmt::Write as _;
use std::io::{Cursor, Read};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Extractor, Input, Object, Place, Row, Sealed};
use crate::event::Encryption;

/// Everything that was said, in its order.
#[derive(Default)]
pub(crate) struct Collect {
    pub(crate) calls: Vec<String>,
    pub(crate) objects: Vec<Object>,
    pub(crate) members: Vec<(String, Vec<u8>)>,
    pub(crate) asked: u64,
}

/// Lets `extractor` read `bytes`.
pub(crate) fn collect(extractor: &dyn Extractor, bytes: &[u8]) -> Collect {
    let mut sink = Collect::default();
    let mut reader = Cursor::new(bytes);
    let len = bytes.len() as u64;
    let mut input = Input { name: "test", len, reader: &mut reader, memory: 256 << 20, passwords: &[] };
    extractor.extract(&mut input, &mut sink);
    sink
}

/// `name{key=value …;child{…}}`, numbers with `#`.
pub(crate) fn show(object: &Object) -> String {
    let mut text = format!("{}{{", object.name);
    for field in &object.fields {
        let _ = write!(text, "{}={}{};", field.key, if field.number { "#" } else { "" }, field.value);
    }
    for child in &object.children {
        text.push_str(&show(child));
    }
    text.push('}');
    text
}

impl Collect {
    /// The calls that begin with `word`.
    pub(crate) fn all(&self, word: &str) -> Vec<&str> {
        self.calls.iter().map(String::as_str).filter(|c| c.starts_with(word)).collect()
    }

    /// True if exactly these calls were made, the first `unit` apart.
    pub(crate) fn is(&self, calls: &[&str]) -> bool {
        self.calls.iter().skip(1).eq(calls)
    }

    /// True if one of the calls contains `text`.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.calls.iter().any(|c| c.contains(text))
    }
}

fn part(place: &Place) -> String {
    place.part.as_ref().map_or(String::new(), |p| format!("({p})"))
}

impl DocumentSink for Collect {
    fn unit(&mut self, place: Place) {
        self.calls.push(format!("unit{}", part(&place)));
    }
    fn text(&mut self, place: Place, text: &str) {
        self.calls.push(format!("text{} {text}", part(&place)));
    }
    fn row(&mut self, row: Row) {
        let cells: Vec<String> = row.cells.iter().map(|c| format!("{}:{}", c.column, c.text)).collect();
        let table = row.place.table.unwrap_or_default();
        self.calls.push(format!("row {table}.{} {}", row.place.row.unwrap_or(0), cells.join("|")));
    }
    fn object(&mut self, object: Object) {
        self.calls.push(format!("object {}", show(&object)));
        self.objects.push(object);
    }
    fn envelope(&mut self, envelope: Envelope) {
        self.calls.push(format!(
            "envelope {} > {}: {}",
            envelope.from,
            envelope.to.join("|"),
            envelope.subject
        ));
    }
    fn member(&mut self, name: &str, content: &mut dyn Read) {
        let mut bytes = Vec::new();
        let _ = content.read_to_end(&mut bytes);
        self.calls.push(format!("member {name} {}", String::from_utf8_lossy(&bytes)));
        self.members.push((name.to_owned(), bytes));
    }
    fn sealed_member(&mut self, name: &str, _size: u64, _why: Sealed) {
        self.calls.push(format!("sealed {name}"));
    }
    fn gap(&mut self, cause: Cause, detail: &str, _extent: Option<String>) {
        self.calls.push(format!("gap {} {detail}", cause.word()));
    }
    fn encrypted(&mut self, encryption: Encryption) {
        self.calls.push(format!("encrypted {}", encryption.kind));
    }
    fn go_on(&mut self) -> bool {
        self.asked += 1;
        true
    }
}

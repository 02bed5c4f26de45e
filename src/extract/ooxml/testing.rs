//! For tests: packages made of parts, and a sink that writes down what it is told.

use std::io::{Cursor, Read, Write};

use ::zip::write::{SimpleFileOptions, ZipWriter};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Extractor, Input, Object, Place, Row, Sealed};
use crate::event::Encryption;

/// A zip archive of these members.
pub(crate) fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let options = SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).expect("a name that can be written");
        writer.write_all(content).expect("memory takes all");
    }
    writer.finish().expect("memory takes all").into_inner()
}

/// A package of these parts; XML declarations are added.
pub(crate) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<(&str, String)> =
        parts.iter().map(|(name, xml)| (*name, format!("<?xml version=\"1.0\"?>{xml}"))).collect();
    archive(&parts.iter().map(|(name, xml)| (*name, xml.as_bytes())).collect::<Vec<_>>())
}

/// What `extractor` says about `bytes`, a line for each call:
/// `U` unit, `T` text, `R` row, `M` member, `S` sealed member, `G` gap, `E` encrypted, `O` opened with a password
/// of the user.
pub(crate) fn record(extractor: &dyn Extractor, bytes: &[u8]) -> Vec<String> {
    record_with(extractor, bytes, &[])
}

/// The same with passwords.
pub(crate) fn record_with(extractor: &dyn Extractor, bytes: &[u8], passwords: &[String]) -> Vec<String> {
    let mut recorder = Recorder(Vec::new());
    let mut reader = Cursor::new(bytes);
    let len = bytes.len() as u64;
    extractor.extract(
        &mut Input { name: "", len, reader: &mut reader, memory: 1 << 28, passwords },
        &mut recorder,
    );
    recorder.0
}

/// The lines that begin with `kind`, without it.
pub(crate) fn only(kind: &str, lines: &[String]) -> Vec<String> {
    lines.iter().filter_map(|line| line.strip_prefix(kind).map(|l| l.trim_start().to_owned())).collect()
}

struct Recorder(Vec<String>);

/// What is set of a place, except the number of a paragraph.
fn shown(place: &Place) -> String {
    let number = |n: Option<u64>, word: &str| n.map(|n| format!("{word}{n}"));
    let words = [
        place.part.clone(),
        place.sheet.clone(),
        number(place.page.map(u64::from), "page"),
        place.table.as_ref().map(|t| format!("table{t}")),
        number(place.row, "row"),
        place.cell.clone(),
        place.field.clone(),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join("/")
}

fn encryption(e: &Encryption) -> String {
    format!("{} {:?} {:?}", e.kind, e.bits, e.statutory)
}

impl DocumentSink for Recorder {
    fn unit(&mut self, place: Place) {
        self.0.push(format!("U {}", shown(&place)));
    }

    fn only_table(&mut self) {
        self.0.push("O".to_owned());
    }

    fn text(&mut self, place: Place, text: &str) {
        self.0.push(format!("T {}|{text}", shown(&place)));
    }

    fn row(&mut self, row: Row) {
        let cells = row.cells.iter();
        let cells: Vec<String> =
            cells.map(|c| format!("{}{}{}", c.column, if c.number { "#" } else { ":" }, c.text)).collect();
        self.0.push(format!("R {}|{}", shown(&row.place), cells.join("|")));
    }

    fn object(&mut self, _: Object) {}

    fn envelope(&mut self, _: Envelope) {}

    fn member(&mut self, name: &str, content: &mut dyn Read) {
        let mut bytes = Vec::new();
        let end = if content.read_to_end(&mut bytes).is_ok() { "" } else { " (damaged)" };
        self.0.push(format!("M {name}={}{end}", String::from_utf8_lossy(&bytes)));
    }

    fn sealed_member(&mut self, name: &str, _: u64, why: Sealed) {
        let why = match why {
            Sealed::Encrypted(e) => encryption(&e),
            Sealed::Gap(cause, words) => format!("{} {words}", cause.word()),
        };
        self.0.push(format!("S {name}: {why}"));
    }

    fn gap(&mut self, cause: Cause, detail: &str, extent: Option<String>) {
        self.0.push(format!("G {} {detail} {}", cause.word(), extent.unwrap_or_default()));
    }

    fn encrypted(&mut self, e: Encryption) {
        self.0.push(format!("E {}", encryption(&e)));
    }

    fn opened(&mut self, e: Encryption) {
        self.0.push(format!("O {}", encryption(&e)));
    }

    fn go_on(&mut self) -> bool {
        true
    }
}

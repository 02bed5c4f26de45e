//! Tables of dBASE III to 7, `FoxPro` and their kin, one file each.
//!
//! Sources: "File Structure for dBASE 7" (dbase.com), "Table File Structure (.dbc, .dbf, …)" of the Visual `FoxPro`
//! documentation. A deleted record keeps its text and is marked with a star; such records follow the others, under
//! the same header, as part `deleted`. Records behind the declared number, which emptying a table leaves, count too.

mod field;

use std::io::{BufRead, BufReader, Read, SeekFrom};

use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Extractor, Input, Place, Row};
use field::{Charset, Field, fields};

/// Reader of dBASE tables.
pub struct Dbf;

/// Field descriptions that are read: dBASE allows 1,024 fields.
const MOST_HEADER: u64 = 128 << 10;

/// What the header says.
struct Table {
    fields: Vec<Field>,
    charset: Charset,
    records: u64,
    start: u64,
    record: usize,
}

impl Extractor for Dbf {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut head = Vec::new();
        let read = input.reader.rewind().and_then(|()| {
            let mut reader = &mut *input.reader;
            Read::take(&mut reader, MOST_HEADER).read_to_end(&mut head)
        });
        let Some(table) = read.ok().and_then(|_| table(&head)) else {
            sink.gap(Cause::Damaged, "the header is damaged", None);
            return;
        };
        sink.unit(Place::default());
        if table.read(false, input, sink) {
            table.read(true, input, sink);
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn table(head: &[u8]) -> Option<Table> {
    let records = u32::from_le_bytes(head.get(4..8)?.try_into().ok()?);
    let record = usize::from(u16_at(head, 10)?);
    let fields = fields(head, record);
    (record > 1 && !fields.is_empty()).then(|| Table {
        fields,
        charset: Charset::of(head.get(29).copied().unwrap_or(0)),
        records: u64::from(records),
        start: u16_at(head, 8).map_or(0, u64::from),
        record,
    })
}

impl Table {
    /// Gives the records that are deleted, or those that are not. True if there are others.
    fn read(&self, deleted: bool, input: &mut Input<'_>, sink: &mut dyn DocumentSink) -> bool {
        let part = deleted.then(|| "deleted".to_owned());
        if input.reader.seek(SeekFrom::Start(self.start)).is_err() {
            sink.gap(Cause::IoError, "reading failed", None);
            return false;
        }
        let mut reader = BufReader::with_capacity(1 << 16, &mut *input.reader);
        let mut record = Vec::with_capacity(self.record);
        let (mut number, mut others, mut begun) = (0u64, false, false);
        loop {
            if !sink.go_on() {
                return false;
            }
            // A record begins with a space or a star; 0x1A stands at the end.
            let flag = reader.fill_buf().ok().and_then(|b| b.first().copied());
            if !matches!(flag, Some(b' ' | b'*')) && (number >= self.records || flag.is_none()) {
                break;
            }
            record.clear();
            let read = Read::take(&mut reader, self.record as u64).read_to_end(&mut record);
            // The end mark, where more records were declared.
            if record.len() <= 1 {
                break;
            }
            number += 1;
            if (flag == Some(b'*')) == deleted {
                if !begun {
                    self.header(part.as_ref(), sink);
                    begun = true;
                }
                self.give(&record, Place { row: Some(number), part: part.clone(), ..Place::default() }, sink);
            } else {
                others = true;
            }
            if read.is_err() || record.len() < self.record {
                break;
            }
        }
        if number < self.records && !deleted {
            let extent = format!("{} records", self.records - number);
            sink.gap(Cause::Damaged, "the table breaks off", Some(extent));
        }
        others
    }

    fn header(&self, part: Option<&String>, sink: &mut dyn DocumentSink) {
        let names = self.fields.iter().zip(0..);
        let cells = names.map(|(f, column)| Cell { column, text: f.name.clone(), number: false }).collect();
        sink.row(Row { place: Place { part: part.cloned(), ..Place::default() }, cells });
    }

    fn give(&self, record: &[u8], place: Place, sink: &mut dyn DocumentSink) {
        let mut cells = Vec::new();
        for (field, column) in self.fields.iter().zip(0..) {
            let bytes = record.get(field.start..).unwrap_or_default();
            let bytes = &bytes[..bytes.len().min(field.length)];
            if let Some((text, number)) = field.value(bytes, self.charset) {
                cells.push(Cell { column, text, number });
            }
        }
        if !cells.is_empty() {
            sink.row(Row { place, cells });
        }
    }
}

#[cfg(test)]
mod tests;

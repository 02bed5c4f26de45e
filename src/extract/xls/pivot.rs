//! Pivot caches: the copy of its source that a pivot table keeps. Names of fields and different texts are given; how
//! they stood in rows is not put together again.

use super::globals::TICK;
use super::record::{Dialect, Records};
use crate::document::{DocumentSink, Place};
use crate::extract::cfb::{Compound, Id};

/// The storage of the caches, a stream of records for each ([MS-XLS] 2.1.7.15).
const CACHES: &str = "_SX_DB_CUR";
/// `SXFDB`: a field, its name behind 14 bytes ([MS-XLS] 2.4.283).
const FIELD: u16 = 0x00C7;
/// `SXString`: a value ([MS-XLS] 2.4.304).
const VALUE: u16 = 0x00CD;

/// Gives the texts of all caches. False if the work must end.
pub(super) fn read(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) -> bool {
    let Some(storage) = file.find(at, CACHES) else { return sink.go_on() };
    let caches = file.children(storage).to_vec();
    (1u32..).zip(caches).all(|(number, stream)| {
        let table = Some(number.to_string());
        let place = Place { part: Some("pivot-cache".into()), table, ..Place::default() };
        give(&file.read(stream), &place, sink)
    })
}

fn give(stream: &[u8], place: &Place, sink: &mut dyn DocumentSink) -> bool {
    let mut records = Records::new(stream, 0);
    let mut seen = 0usize;
    sink.unit(place.clone());
    while let Some(record) = records.next() {
        seen += 1;
        if seen.is_multiple_of(TICK) && !sink.go_on() {
            return false;
        }
        let header = match record.kind {
            FIELD => 14,
            VALUE => 0,
            _ => continue,
        };
        let mut text = records.pieces(&record);
        let text = text.skip(header).and_then(|()| Dialect::default().text(text, false));
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            sink.text(place.clone(), text.trim());
        }
    }
    sink.go_on()
}

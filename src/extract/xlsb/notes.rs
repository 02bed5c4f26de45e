//! Comments in binary form, and the different values that pivot caches keep.

use super::record::Records;
use crate::document::{DocumentSink, Place};
use crate::extract::xlsx::sheet::cell_name;

/// `xl/comments1.bin` and the like: each comment with its cell, and its text in a record of its own
/// ([MS-XLSB] 2.4.28, 2.4.325).
pub(super) fn comments(records: &mut Records<'_>, place: &Place, sink: &mut dyn DocumentSink) {
    let mut cell = None;
    while !records.tick() || sink.go_on() {
        let Some((kind, mut data)) = records.next() else { return };
        match kind {
            635 => {
                let row = data.skip(4).and_then(|()| data.u32());
                let column = data.skip(4).and_then(|()| data.u32());
                cell = row.zip(column).map(|(row, column)| cell_name(row, column));
            }
            637 => {
                let text = data.skip(1).and_then(|()| data.text()).unwrap_or_default();
                if !text.trim().is_empty() {
                    sink.text(Place { cell: cell.take(), ..place.clone() }, text.trim());
                }
            }
            _ => {}
        }
    }
}

/// The texts of a pivot cache: names of fields, different values, values of records.
pub(super) fn pivot(records: &mut Records<'_>, place: &Place, sink: &mut dyn DocumentSink) {
    while !records.tick() || sink.go_on() {
        let Some((kind, mut data)) = records.next() else { return };
        if kind == 24
            && let Some(text) = data.text().filter(|text| !text.trim().is_empty())
        {
            sink.text(place.clone(), text.trim());
        }
    }
}

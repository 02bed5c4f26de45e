//! Tables, of sheets and in documents: rows in tiles, texts in lists beside them.
//!
//! Sources: `SheetJS` notes on iWork 2013+; numbers-parser, documents of the table model. Rows stand in tiles of 256;
//! of each row there is a form for programs of 2013 and, since, one for those of today.

use std::collections::{HashMap, HashSet};

use super::cell::{self, Value};
use super::object::{Fields, Object, Store};
use super::{TEXT, text_of};
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::bytes::u16_at;

const SHEET: u64 = 2;
const INFO: u64 = 6000;
const MODEL: u64 = 6001;
const TILE: u64 = 6002;
const LIST: u64 = 6005;
const SEGMENT: u64 = 6011;
const RICH: u64 = 6218;

/// Rows of a tile, where the document does not say.
const TILE_ROWS: u64 = 256;

/// Gives the rows of all tables. Returns the texts that are those of cells.
pub(super) fn all(store: &Store, sink: &mut dyn DocumentSink) -> HashSet<u64> {
    let (sheets, mut cells) = (sheets(store), HashSet::new());
    let objects = store.parts().iter().flat_map(super::object::Part::objects);
    for object in objects.filter(|object| object.kind == MODEL) {
        let name = object.fields().bytes(8).map(|name| String::from_utf8_lossy(name).into_owned());
        let place = Place { sheet: sheets.get(&object.id).cloned(), table: name, ..Place::default() };
        let Some(table) = Table::new(store, object.fields()) else { continue };
        cells.extend(table.rich.values());
        sink.unit(place.clone());
        if !table.rows(&place, sink) {
            break;
        }
    }
    cells
}

/// The names of sheets by the tables on them. The kind is another thing in the other programs, without such fields.
fn sheets(store: &Store) -> HashMap<u64, String> {
    let objects = store.parts().iter().flat_map(super::object::Part::objects);
    let tables = objects.filter(|object| object.kind == SHEET).flat_map(|sheet| {
        let name = sheet.fields().bytes(1).map(|name| String::from_utf8_lossy(name).into_owned());
        let shown = sheet.fields().messages(2).filter_map(|drawn| drawn.number(1));
        let infos = shown.filter_map(|id| store.get(id).filter(|object| object.kind == INFO));
        infos
            .filter_map(|info| info.fields().reference(2))
            .filter_map(move |table| Some((table, name.clone()?)))
    });
    tables.collect()
}

struct Table<'a> {
    store: &'a Store,
    strings: HashMap<u64, &'a [u8]>,
    /// Texts with formats, by the number of their object.
    rich: HashMap<u64, u64>,
    tiles: Vec<(u64, &'a Object)>,
    tile_rows: u64,
}

impl<'a> Table<'a> {
    fn new(store: &'a Store, model: Fields<'a>) -> Option<Table<'a>> {
        let data = model.message(4)?;
        let entries =
            |field: u64| data.clone().reference(field).map(|id| entries(store, id)).unwrap_or_default();
        let strings =
            entries(4).into_iter().filter_map(|(key, entry)| Some((key, entry.bytes(3)?))).collect();
        let rich = entries(17).into_iter().filter_map(|(key, entry)| {
            let payload = entry.reference(9)?;
            let payload = store.get(payload).filter(|object| object.kind == RICH)?;
            Some((key, payload.fields().reference(1)?))
        });
        let storage = data.clone().message(3)?;
        let tiles = storage.clone().messages(1).filter_map(|tile| {
            let object = store.get(tile.clone().reference(2)?).filter(|object| object.kind == TILE)?;
            Some((tile.number(1).unwrap_or(0), object))
        });
        let mut tiles: Vec<_> = tiles.collect();
        tiles.sort_by_key(|(at, _)| *at);
        tiles.dedup_by_key(|(at, _)| *at);
        let tile_rows = storage.number(2).unwrap_or(TILE_ROWS);
        Some(Table { store, strings, rich: rich.collect(), tiles, tile_rows })
    }

    /// Gives the rows. False if the work must end.
    fn rows(&self, place: &Place, sink: &mut dyn DocumentSink) -> bool {
        for (tile, object) in &self.tiles {
            for row in object.fields().messages(5) {
                if !sink.go_on() {
                    return false;
                }
                let at =
                    tile.saturating_mul(self.tile_rows).saturating_add(row.clone().number(1).unwrap_or(0));
                let cells = self.cells(&row);
                if !cells.is_empty() {
                    sink.row(Row {
                        place: Place { row: Some(at.saturating_add(1)), ..place.clone() },
                        cells,
                    });
                }
            }
        }
        true
    }

    fn cells(&self, row: &Fields<'_>) -> Vec<Cell> {
        let pair = |data, at| Some((row.clone().bytes(data)?, row.clone().bytes(at)?));
        let filled = |(data, _): &(&[u8], &[u8])| !data.is_empty();
        let Some((data, offsets)) = pair(6, 7).filter(filled).or_else(|| pair(3, 4)) else {
            return Vec::new();
        };
        let wide = if row.clone().number(8).unwrap_or(0) == 0 { 1 } else { 4 };
        let cell = |column: usize| {
            let at = u16_at(offsets, column * 2).filter(|at| *at < 0x8000 || wide == 1 && *at != u16::MAX)?;
            let (text, number) = self.text(cell::read(data.get(usize::from(at) * wide..)?)?)?;
            Some(Cell { column: u32::try_from(column).ok()?, text, number })
        };
        (0..offsets.len() / 2).filter_map(cell).filter(|cell| !cell.text.is_empty()).collect()
    }

    /// The text of a cell, and whether it is a number.
    fn text(&self, value: Value) -> Option<(String, bool)> {
        match value {
            Value::Number(text) => Some((text, true)),
            Value::Text(text) => Some((text, false)),
            Value::String(key) => {
                self.strings.get(&key).map(|text| (String::from_utf8_lossy(text).into_owned(), false))
            }
            Value::Rich(key) => {
                let text =
                    self.store.get(*self.rich.get(&key)?).filter(|object| TEXT.contains(&object.kind))?;
                Some((text_of(text.fields()).1.replace('\u{2028}', "\n").replace('\u{fffc}', ""), false))
            }
        }
    }
}

/// The entries of a list by their keys, those of its segments too.
fn entries(store: &Store, id: u64) -> HashMap<u64, Fields<'_>> {
    let Some(list) = store.get(id).filter(|object| object.kind == LIST) else { return HashMap::new() };
    let own = list.fields().messages(3);
    let segments = list.fields().messages(4).filter_map(|segment| store.get(segment.number(1)?));
    let more = segments.filter(|object| object.kind == SEGMENT).flat_map(|object| {
        object.fields().messages(3).chain(object.fields().messages(4)).chain(object.fields().messages(5))
    });
    own.chain(more).filter_map(|entry| Some((entry.clone().number(1)?, entry))).collect()
}

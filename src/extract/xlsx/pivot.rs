//! Pivot caches: the copy of its source that a pivot table keeps, even when the source is gone or was never here.
//!
//! A cache lists for each field the different values (`sharedItems`); its records hold values or refer to those by
//! number. Records give rows with the names of the fields as the first row; a cache without records gives its lists.

use crate::coverage::Cause;
use crate::document::{Cell, DocumentSink, Place, Row};
use crate::extract::ooxml::xml::{Tag, Token, Xml};
use crate::extract::ooxml::{Package, has_extension};

/// Bytes of values that are kept to resolve references.
const MOST_KEPT: usize = 64 << 20;

/// Bytes of one record that are held; more is given as several rows of the same number.
const MOST_RECORD: usize = 16 << 20;

/// A value with whether it is a number.
type Value = (String, bool);

#[derive(Default)]
struct Cache {
    names: Vec<String>,
    items: Vec<Vec<Value>>,
    cut: bool,
}

/// Reads all caches of the workbook.
pub(crate) fn read_all(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> bool {
    let caches =
        package.names(|n| n.starts_with("xl/pivotcache/pivotcachedefinition") && has_extension(n, "xml"));
    (1..).zip(&caches).all(|(number, name): (u32, _)| read_one(package, name, number, sink))
}

fn read_one(package: &mut Package<'_>, name: &str, number: u32, sink: &mut dyn DocumentSink) -> bool {
    let table = Some(number.to_string());
    let place = Place { part: Some("pivot-cache".into()), table, ..Place::default() };
    let extent = format!("pivot cache {number}");
    let mut cache = Cache::default();
    sink.unit(place.clone());
    let mut go_on = package.read(name, &extent, sink, |xml, sink| cache.read(xml, sink));
    if cache.cut {
        sink.gap(Cause::LimitMemory, "more kept values than are resolved", Some(extent.clone()));
    }
    let relations = package.relations(name, sink);
    let records = relations.iter().find(|r| r.kind == "pivotcacherecords" && package.has(&r.target));
    if let Some(records) = records.filter(|_| go_on) {
        let mut header = Record { number: 1, ..Record::default() };
        cache.names.iter().for_each(|name| header.add((name.clone(), false)));
        header.give(&place, sink);
        go_on =
            package.read(&records.target, &extent, sink, |xml, sink| cache.read_records(xml, &place, sink));
    } else {
        for (name, items) in cache.names.iter().zip(&cache.items) {
            for (value, _) in items {
                sink.text(Place { field: Some(name.clone()), ..place.clone() }, value);
            }
        }
    }
    go_on
}

/// A value element: `s`tring, `n`umber, `d`ate, `b`oolean, `e`rror.
fn value(tag: &Tag<'_>) -> Option<Value> {
    let number = match tag.name() {
        "s" | "d" | "b" | "e" => false,
        "n" => true,
        _ => return None,
    };
    Some((tag.attribute("v")?, number))
}

impl Cache {
    fn read(&mut self, xml: &mut Xml<'_>, sink: &mut dyn DocumentSink) {
        let mut kept = 0;
        let mut shared = None;
        while !xml.tick() || sink.go_on() {
            let Some(token) = xml.next() else { return };
            match token {
                Token::Start(tag) => match tag.name() {
                    "cacheField" => {
                        let name = tag.attribute("name").unwrap_or_default();
                        kept += name.len() + size_of::<Value>();
                        if kept <= MOST_KEPT {
                            self.names.push(name);
                            self.items.push(Vec::new());
                        }
                    }
                    "sharedItems" => shared = Some(xml.depth()),
                    "m" if shared.is_some() => self.keep((String::new(), false), &mut kept),
                    _ if shared.is_some() => {
                        if let Some(value) = value(&tag) {
                            self.keep(value, &mut kept);
                        }
                    }
                    _ => {}
                },
                Token::End => shared = shared.filter(|&at| at <= xml.depth()),
                _ => {}
            }
        }
    }

    fn keep(&mut self, value: Value, kept: &mut usize) {
        *kept += value.0.len() + size_of::<Value>();
        self.cut |= *kept > MOST_KEPT;
        if let Some(items) = self.items.last_mut().filter(|_| *kept <= MOST_KEPT) {
            items.push(value);
        }
    }

    fn read_records(&self, xml: &mut Xml<'_>, place: &Place, sink: &mut dyn DocumentSink) {
        let mut record = Record { number: 1, ..Record::default() };
        loop {
            if xml.tick() && !sink.go_on() {
                return;
            }
            let depth = xml.depth();
            match xml.next() {
                Some(Token::Start(tag)) => match tag.name() {
                    "r" => record.begin(),
                    "x" => {
                        let index = tag.attribute("v").and_then(|v| v.parse::<usize>().ok());
                        let items = self.items.get(record.column);
                        record.add(index.and_then(|i| items?.get(i)).cloned().unwrap_or_default());
                    }
                    "m" => record.add(Value::default()),
                    _ => value(&tag).into_iter().for_each(|value| record.add(value)),
                },
                Some(Token::End) if depth == 2 => record.give(place, sink),
                Some(_) => {}
                None => break,
            }
            if record.held > MOST_RECORD {
                record.give(place, sink);
            }
        }
        record.give(place, sink);
    }
}

/// A record that is being read.
#[derive(Default)]
struct Record {
    number: u64,
    column: usize,
    cells: Vec<Cell>,
    held: usize,
}

impl Record {
    fn begin(&mut self) {
        self.number += 1;
        self.column = 0;
        self.cells.clear();
    }

    fn add(&mut self, (text, number): Value) {
        if !text.trim().is_empty() {
            self.held += text.len() + size_of::<Cell>();
            self.cells.push(Cell { column: u32::try_from(self.column).unwrap_or(u32::MAX), text, number });
        }
        self.column += 1;
    }

    fn give(&mut self, place: &Place, sink: &mut dyn DocumentSink) {
        self.held = 0;
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            sink.row(Row { place: Place { row: Some(self.number), ..place.clone() }, cells });
        }
    }
}

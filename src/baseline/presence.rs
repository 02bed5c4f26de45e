//! What is there: for each path the different numbers in it, and for each column that the baseline names.

use std::collections::{HashMap, HashSet};

use crate::event::{Column, ElementClass, Event, Location, Record};
use crate::flat;
use crate::report::group::column_of;
use crate::report::whole;

/// Member, sheet or table, and number: what a column is called within a file.
pub type ColumnKey = (Vec<String>, Option<String>, u32);

/// The column a place is in, if it is in one.
pub fn column_key(member: &[String], at: &Location) -> Option<ColumnKey> {
    let table = at.sheet.clone().or_else(|| at.table.clone());
    column_of(at).map(|number| (member.to_vec(), table, number))
}

/// The columns of the elements of a record.
pub fn columns_of(record: &Record) -> impl Iterator<Item = (&str, Option<ColumnKey>)> {
    record.elements.iter().filter(|e| e.class == ElementClass::Pi).map(|e| {
        let at = whole(&e.location, &record.location);
        (e.id.as_str(), column_key(&record.member, &at))
    })
}

/// The bits of an id: 32 hexadecimal digits.
pub fn bits(id: &str) -> u128 {
    let whole = (id.len() == 32).then(|| u128::from_str_radix(id, 16).ok()).flatten();
    whole.unwrap_or_else(|| u128::from(flat::hash(0, id.as_bytes())))
}

/// What one path holds.
#[derive(Default)]
pub struct Presence {
    /// Numbers of records.
    pub ids: HashSet<u128>,
    /// Numbers without a name.
    pub loose: HashSet<u128>,
    /// Different numbers of records by column.
    pub columns: HashMap<ColumnKey, HashSet<u128>>,
    /// The `column` lines.
    pub lines: Vec<Column>,
}

impl Presence {
    /// Takes note of a line.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::Record(record) => {
                for (id, column) in columns_of(record) {
                    self.ids.insert(bits(id));
                    if let Some(column) = column {
                        self.columns.entry(column).or_default().insert(bits(id));
                    }
                }
            }
            Event::Element(line) if line.element.class == ElementClass::Pi => {
                self.loose.insert(bits(&line.element.id));
            }
            Event::Column(column) => self.lines.push(column.clone()),
            _ => {}
        }
    }

    /// The columns with an id: several, where one table has a header twice.
    pub fn columns_with<'a>(&'a self, column_id: &'a str) -> impl Iterator<Item = ColumnKey> + 'a {
        self.lines.iter().filter(move |line| line.column_id == column_id).map(Presence::key)
    }

    /// How many different numbers stand in the columns with an id.
    pub fn numbers_with(&self, column_id: &str) -> u64 {
        let numbers = self.columns_with(column_id).filter_map(|key| self.columns.get(&key));
        numbers.flatten().collect::<HashSet<_>>().len() as u64
    }

    /// The name within the file of a `column` line.
    pub fn key(line: &Column) -> ColumnKey {
        (line.member.clone(), line.table.clone(), line.column)
    }
}

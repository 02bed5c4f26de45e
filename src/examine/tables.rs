//! Tables that an extractor yields row by row: the first rows make the profile, then each is judged as it comes.

mod boxes;
mod form;

use super::unit::{TextUnit, cell_place};
use crate::associate::object;
use crate::associate::table::{Table, header_row};
use crate::associate::turned;
use crate::document::{Cell, Place, Row};
use crate::event::Link;
use crate::finding::Findings;

/// How many rows are held back for the profile, and how many bytes of them.
const SAMPLE: usize = 2000;
const SAMPLE_BYTES: usize = 4 << 20;

/// The table in hand.
#[derive(Default)]
pub struct Rows {
    held: Vec<Row>,
    bytes: usize,
    table: Option<Table>,
    place: Option<Place>,
}

impl Rows {
    /// True if no row came since the last end.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.place.is_none()
    }

    /// True if a row at `place` begins another table.
    #[must_use]
    pub fn is_other_table(&self, place: &Place) -> bool {
        self.place.as_ref().is_some_and(|p| {
            (&p.sheet, &p.table, p.page, &p.part) != (&place.sheet, &place.table, place.page, &place.part)
        })
    }

    /// Takes the next row.
    pub fn push(&mut self, mut row: Row, out: &mut dyn Findings) {
        boxes::join(&mut row.cells);
        if self.place.is_none() {
            self.place = Some(row.place.clone());
        }
        if let Some(table) = &self.table {
            judge(table, &row, out);
            return;
        }
        self.bytes += row.cells.iter().map(|c| c.text.len() + 64).sum::<usize>();
        self.held.push(row);
        if self.held.len() >= SAMPLE || self.bytes >= SAMPLE_BYTES {
            self.profile(out);
        }
    }

    /// Ends the table. A small one without a header is no table but a form (labels in its first column) or a
    /// layout; its lines go into the running text.
    pub fn end(&mut self, unit: &mut TextUnit, out: &mut dyn Findings) {
        if self.table.is_none() {
            self.small(unit, out);
        }
        *self = Rows::default();
    }

    fn profile(&mut self, out: &mut dyn Findings) {
        let (table, first) = self.make();
        for row in self.held.drain(..).skip(first) {
            judge(&table, &row, out);
        }
        self.table = Some(table);
    }

    /// The profile, and the number of the first row below the header.
    fn make(&self) -> (Table, usize) {
        let rows: Vec<Vec<Cell>> = self.held.iter().map(|r| r.cells.clone()).collect();
        match header_row(&rows) {
            Some(h) => (Table::new(Some(&rows[h]), &rows[h + 1..]), h + 1),
            None => (Table::new(None, &rows), 0),
        }
    }

    fn small(&mut self, unit: &mut TextUnit, out: &mut dyn Findings) {
        if let Some(form) = form::read(&self.held, self.place.as_ref().unwrap_or(&Place::default())) {
            self.lines(unit, &|row, cell| form.is_value(row, cell));
            return form.objects.iter().for_each(|object| object::associate(object, Link::Form, out));
        }
        let rows: Vec<Vec<Cell>> = self.held.iter().map(|r| r.cells.clone()).collect();
        if let Some(turned) = turned::turn(&rows) {
            return self.turned(&turned, out);
        }
        let wide = rows.iter().filter(|r| r.len() > 1).count();
        let (table, first) = self.make();
        let named = table.columns.iter().any(|c| c.role.name.is_some());
        if first > 0 && self.held.len() > first || wide >= 5 || named && wide >= 2 {
            for row in self.held.drain(..).skip(first) {
                judge(&table, &row, out);
            }
        } else {
            self.lines(unit, &|_, _| false);
        }
    }

    /// Judges the columns of a table on its side.
    fn turned(&self, turned: &turned::Turned, out: &mut dyn Findings) {
        for (column, cells) in &turned.rows {
            let first = cells.first().map_or(0, |c| c.column);
            let place = |row: Option<u32>| {
                let at = &self.held[row.unwrap_or(first) as usize].place;
                let field = row.and_then(|n| turned.table.columns.get(n as usize)).map(|c| c.header.clone());
                let field = field.filter(|h| !h.is_empty());
                match cell_name(at, *column) {
                    Some(cell) => Place { cell: Some(cell), field, ..at.clone() },
                    None => Place { column: Some(column + 1), field, ..at.clone() },
                }
            };
            let at = &self.held[first as usize].place;
            turned.table.row(cells, at.sheet.as_deref().or(at.table.as_deref()), &place, out);
        }
    }

    /// Moves the rows into the running text, cells joined by tabs, without those that have been judged.
    fn lines(&mut self, unit: &mut TextUnit, judged: &dyn Fn(usize, usize) -> bool) {
        for (r, row) in self.held.drain(..).enumerate() {
            let rest = row.cells.iter().enumerate().filter(|(c, _)| !judged(r, *c));
            let cells: Vec<&str> = rest.map(|(_, c)| c.text.as_str()).collect();
            unit.push(row.place, &cells.join("\t"));
        }
    }
}

fn judge(table: &Table, row: &Row, out: &mut dyn Findings) {
    let place = |column: Option<u32>| match column {
        Some(c) if row.place.sheet.is_some() => {
            let at = cell_place(&row.place, column, table);
            Place { cell: cell_name(&row.place, c), column: None, ..at }
        }
        _ => cell_place(&row.place, column, table),
    };
    let name = row.place.sheet.as_deref().or(row.place.table.as_deref());
    table.row(&row.cells, name, &place, out);
}

/// `B17` for column 1 of row 17 of a sheet.
fn cell_name(place: &Place, column: u32) -> Option<String> {
    let row = place.row?;
    place.sheet.as_ref()?;
    let (mut letters, mut n) = (Vec::new(), column + 1);
    while n > 0 {
        let digit = u8::try_from((n - 1) % 26).unwrap_or(0);
        letters.push((b'A' + digit) as char);
        n = (n - 1) / 26;
    }
    Some(letters.iter().rev().collect::<String>() + &row.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        let place = Place { sheet: Some("S".into()), row: Some(17), ..Place::default() };
        assert_eq!(cell_name(&place, 1).as_deref(), Some("B17"));
        assert_eq!(cell_name(&place, 27).as_deref(), Some("AB17"));
        assert_eq!(cell_name(&place, 701).as_deref(), Some("ZZ17"));
    }
}

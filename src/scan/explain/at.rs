//! Places that `revere explain --at` can name.

use std::str::FromStr;

use crate::event::Location;
use crate::mask;

/// Part of a place; what is explained must stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A line of a text, from 1.
    Line(u64),
    /// A page or slide, from 1.
    Page(u32),
    /// A row of a table, from 1.
    Row(u64),
    /// A cell of a spreadsheet.
    Cell(String),
    /// A sheet, by its name as results show it.
    Sheet(String),
}

impl At {
    /// True if `location` lies there.
    #[must_use]
    pub fn is(&self, location: &Location) -> bool {
        match self {
            At::Line(n) => location.line == Some(*n),
            At::Page(n) => location.page == Some(*n),
            At::Row(n) => location.row == Some(*n),
            At::Cell(cell) => location.cell.as_ref().is_some_and(|c| c.eq_ignore_ascii_case(cell)),
            At::Sheet(name) => location.sheet.as_ref() == Some(name),
        }
    }
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let forms = "write line:N, page:N, row:N, cell:B17 or sheet:NAME";
        let number = |n: &str| n.parse().map_err(|_| format!("a number is missing; {forms}"));
        match text.split_once(':') {
            Some(("line", n)) => number(n).map(At::Line),
            Some(("row", n)) => number(n).map(At::Row),
            Some(("page", n)) => n.parse().map(At::Page).map_err(|_| format!("a number is missing; {forms}")),
            Some(("cell", cell)) if !cell.is_empty() => Ok(At::Cell(cell.to_owned())),
            Some(("sheet", name)) if !name.is_empty() => Ok(At::Sheet(mask::text(name).into_owned())),
            _ => Err(forms.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_compared() {
        let at = Location {
            line: Some(3),
            cell: Some("B17".into()),
            sheet: Some("Staff".into()),
            ..Location::default()
        };
        for yes in ["line:3", "cell:b17", "sheet:Staff"] {
            assert!(yes.parse::<At>().is_ok_and(|a| a.is(&at)), "{yes}");
        }
        for no in ["line:4", "row:3", "page:1", "cell:B18", "sheet:staff"] {
            assert!(no.parse::<At>().is_ok_and(|a| !a.is(&at)), "{no}");
        }
        for bad in ["3", "line:", "line:x", "cell:", "place:9"] {
            assert!(bad.parse::<At>().is_err(), "{bad}");
        }
    }
}

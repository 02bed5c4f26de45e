//! Tables that the program wrote, read back.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

/// The rows of a CSV with quotes taken off.
pub fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    rows
}

/// The sheets of a workbook as text; fails on any formula.
pub fn sheets(bytes: &[u8]) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook");
    let names = book.sheet_names();
    let sheet = |name: String| {
        let formulas = book.worksheet_formula(&name).expect("formulas");
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
        let range = book.worksheet_range(&name).expect("a sheet");
        (name, range.rows().map(<[Data]>::to_vec).collect())
    };
    names.into_iter().map(sheet).collect()
}

//! Empty cells: what a row leaves out keeps its place, so that the cells behind it stay under their headings.
//!
//! The first line of a table says where its columns are. A row of fewer cells gets empty ones where each of its own
//! stands at one column only, in their order; else it stays as it is.

use super::Cell;

/// Columns of the first line that are looked at.
const MOST: usize = 64;

/// Adds empty cells to the rows below the first line.
pub(super) fn fill(lines: &mut [Vec<Cell>]) {
    let Some((heads, rows)) = lines.split_first_mut() else { return };
    if heads.len() > MOST || rows.iter().any(|row| row.len() > heads.len()) {
        return;
    }
    for row in rows.iter_mut().filter(|row| row.len() < heads.len()) {
        let Some(columns) = columns(heads, row) else { continue };
        let mut cells = std::mem::take(row).into_iter().zip(columns).peekable();
        for (at, head) in heads.iter().enumerate() {
            if cells.peek().is_none() {
                break;
            }
            let empty = || Cell { text: String::new(), start: head.start, end: head.start, em: head.em };
            row.push(cells.next_if(|(_, column)| *column == at).map_or_else(empty, |(cell, _)| cell));
        }
    }
}

/// The column of each cell of a row, if they go up.
fn columns(heads: &[Cell], row: &[Cell]) -> Option<Vec<usize>> {
    let apart = |head: &Cell, cell: &Cell| (cell.start - head.end).max(head.start - cell.end).max(0.0);
    let nearest = |cell: &Cell| {
        (0..heads.len()).min_by(|a, b| apart(&heads[*a], cell).total_cmp(&apart(&heads[*b], cell)))
    };
    let columns: Vec<usize> = row.iter().filter_map(nearest).collect();
    columns.windows(2).all(|pair| pair[0] < pair[1]).then_some(columns)
}

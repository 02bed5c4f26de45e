//! Tables on slides: a group of shapes, one for each cell, which only their places make rows of.
//!
//! Sources: [MS-ODRAW] 2.2.16 (groups), 2.2.39 (places within a group), 2.3.4.36 and the property `tableProperties` of
//! its shape; texts as everywhere in the stream.

use super::record::Record;
use super::{NARROW_TEXT, WIDE_TEXT};
use crate::extract::bytes::{u16_at, u32_at};

/// A group of shapes.
pub(super) const GROUP: u16 = 0xF003;
const SHAPE: u16 = 0xF004;
const PLACE: u16 = 0xF00F;
const TEXT_BOX: u16 = 0xF00D;
const OPTIONS: [u16; 3] = [0xF00B, 0xF121, 0xF122];
/// The property that makes a table of a group, and its bit that says so.
const TABLE: u16 = 0x039F;
const IS_TABLE: u32 = 1;
/// Cells that are put in order; a group of more shapes is no table.
const MOST: usize = 1 << 16;

/// A cell: its upper edge, its left edge, its text on one line.
type Cell = (u32, u32, String);

/// The rows of a table, a line each with tabs between the columns; `None` if the group is none.
pub(super) fn rows(group: &[u8]) -> Option<Vec<String>> {
    let first = Record::all(group).next().filter(|shape| shape.kind == SHAPE)?;
    is_table(first.content).then_some(())?;
    let shapes = Record::all(group).skip(1).filter(|shape| shape.kind == SHAPE);
    let mut cells: Vec<Cell> = shapes.take(MOST).filter_map(|shape| cell(shape.content)).collect();
    let mut columns: Vec<u32> = cells.iter().map(|cell| cell.1).collect();
    columns.sort_unstable();
    columns.dedup();
    cells.sort();
    let mut rows = Vec::new();
    for row in cells.chunk_by(|a, b| a.0 == b.0) {
        let (mut line, mut at) = (String::new(), 0);
        for (_, left, text) in row {
            let column = columns.partition_point(|edge| edge < left);
            line.extend(std::iter::repeat_n('\t', column.saturating_sub(at)));
            (at, line) = (column, line + text);
        }
        if !line.trim().is_empty() {
            rows.push(line);
        }
    }
    Some(rows)
}

fn is_table(shape: &[u8]) -> bool {
    let options = Record::all(shape).filter(|record| OPTIONS.contains(&record.kind));
    options.into_iter().any(|options| {
        let property =
            |n: usize| Some((u16_at(options.content, 6 * n)?, u32_at(options.content, 6 * n + 2)?));
        (0..usize::from(options.instance))
            .map_while(property)
            .any(|(id, value)| id & 0x3FFF == TABLE && value & IS_TABLE != 0)
    })
}

/// The cell of a shape; `None` for the lines between cells.
fn cell(shape: &[u8]) -> Option<Cell> {
    let place = Record::all(shape).find(|record| record.kind == PLACE)?;
    // Signed numbers, put in the order of unsigned ones.
    let edge = |at: usize| Some(u32_at(place.content, at)? ^ 1 << 31);
    let (left, top) = (edge(0)?, edge(4)?);
    let text = Record::all(shape).find(|record| record.kind == TEXT_BOX)?;
    let text = Record::all(text.content).find_map(|record| match record.kind {
        WIDE_TEXT => Some(encoding_rs::UTF_16LE.decode_without_bom_handling(record.content).0.into_owned()),
        NARROW_TEXT => Some(record.content.iter().map(|&b| char::from(b)).collect()),
        _ => None,
    });
    let line = text.unwrap_or_default().replace(['\r', '\n', '\t', '\u{b}'], " ");
    Some((top, left, line.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()))
}

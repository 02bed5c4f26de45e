//! What deleted rows have left: pages of the free list, free space of pages in use, and pages that nothing leads to.

use super::Database;
use super::carve::{self, Scraps};
use super::pager::{Node, NodeKind, cell, u16_at, u32_at};
use super::record::{Value, values};
use super::rows::row;
use super::runs;
use super::table::{hash, header};
use crate::document::{Place, Row};

/// Name of the part in places.
const PART: &str = "free-pages";

fn place(number: u32, part: &str) -> Place {
    Place { page: Some(number), part: Some(part.to_owned()), ..Place::default() }
}

/// The pages of the free list (format, section 1.5). False if the work must end.
pub(super) fn list(db: &mut Database<'_, '_>) -> bool {
    let mut next = db.pager.header.first_free;
    while next != 0 {
        let page = if db.pager.take(next) { db.pager.page(next) } else { None };
        let Some(page) = page else {
            db.damage.page(next, "the list of free pages is damaged", db.sink);
            break;
        };
        let most = page.len().saturating_sub(8) / 4;
        let count = u32_at(&page, 4).map_or(0, |n| n as usize).min(most);
        let rest = page.get(8 + 4 * count..).unwrap_or_default();
        scraps_of(db, &place(next, PART), rest);
        for at in 0..count {
            let leaf = u32_at(&page, 8 + 4 * at).unwrap_or(0);
            if !db.pager.take(leaf) {
                continue;
            }
            if !db.sink.go_on() {
                return false;
            }
            if let Some(page) = db.pager.page(leaf) {
                unused(db, leaf, &page, PART);
            }
        }
        next = u32_at(&page, 0).unwrap_or(0);
    }
    db.sink.go_on()
}

/// Free blocks and gaps of the pages that have some. False if the work must end.
pub(super) fn space(db: &mut Database<'_, '_>) -> bool {
    for (number, table) in std::mem::take(&mut db.free) {
        if !db.sink.go_on() {
            return false;
        }
        let layout = db.layouts.get(table as usize).cloned().unwrap_or_default();
        if let Some(page) = db.pager.page(number)
            && let Some(node) = Node::of(&page, number)
        {
            let place = Place { table: Some(layout.0), ..place(number, PART) };
            space_of(db, &place, &page, &node, &layout.1);
        }
    }
    true
}

/// Pages that nothing led to, where damage has broken the way to them.
pub(super) fn unlinked(db: &mut Database<'_, '_>) {
    for number in 1..=db.pager.count {
        if !db.sink.go_on() {
            return;
        }
        if db.pager.is_taken(number) {
            continue;
        }
        let Some(page) = db.pager.page(number) else { continue };
        let node = Node::of(&page, number);
        // Indexes repeat what stands in their tables.
        if node.is_none_or(|node| node.kind == NodeKind::TableLeaf) {
            unused(db, number, &page, "unlinked");
        }
    }
}

/// A page out of use: its rows if it was a leaf, else the text on it.
fn unused(db: &mut Database<'_, '_>, number: u32, page: &[u8], part: &str) {
    let place = place(number, part);
    let charset = db.pager.header.charset;
    let node = Node::of(page, number).filter(|n| n.kind == NodeKind::TableLeaf && n.lost == 0);
    let Some(node) = node.filter(|n| !n.cells.is_empty()) else {
        scraps_of(db, &place, page);
        return;
    };
    let usable = db.pager.header.usable;
    for &at in &node.cells {
        let Some(cell) = cell(page, at, node.kind, usable) else { continue };
        let local = page.get(cell.local).unwrap_or_default();
        if let Some(values) = values(local, charset) {
            give(db, &place, local, values, cell.rowid);
        }
    }
    space_of(db, &place, page, &node, &[]);
}

/// The gap and the free blocks of a page. `names` are the columns of its table, if it is known.
fn space_of(db: &mut Database<'_, '_>, place: &Place, page: &[u8], node: &Node, names: &[String]) {
    let charset = db.pager.header.charset;
    let mut scraps = Scraps::default();
    let gap = page.get(node.pointers_end..node.content).unwrap_or_default();
    carve::gap(gap, charset, names.len(), &mut scraps);
    let mut at = node.free_block;
    // Free blocks follow each other in rising order, so a chain that does not rise is damaged.
    while at >= node.pointers_end && at < page.len() {
        let size = u16_at(page, at + 2).map_or(0, usize::from);
        let end = (at + size).min(page.len());
        carve::block(page.get(at..end).unwrap_or_default(), charset, names.len(), &mut scraps);
        let next = u16_at(page, at).map_or(0, usize::from);
        if next <= at {
            break;
        }
        at = next;
    }
    give_scraps(db, place, scraps, names);
}

/// What can be found in bytes without any structure.
fn scraps_of(db: &mut Database<'_, '_>, place: &Place, bytes: &[u8]) {
    let mut scraps = Scraps::default();
    carve::gap(bytes, db.pager.header.charset, 0, &mut scraps);
    give_scraps(db, place, scraps, &[]);
}

fn give_scraps(db: &mut Database<'_, '_>, place: &Place, scraps: Scraps<'_>, names: &[String]) {
    let mut records = scraps.records;
    records.retain(|(bytes, _)| !db.known.contains(&hash(bytes)));
    if !records.is_empty() {
        header(db, place, names);
    }
    for (bytes, values) in records {
        give(db, place, bytes, values, None);
    }
    texts(db, place, scraps.texts);
}

/// A row, unless it is a copy of one that was given.
fn give(db: &mut Database<'_, '_>, place: &Place, bytes: &[u8], values: Vec<Value<'_>>, id: Option<i64>) {
    if db.known.contains(&hash(bytes)) {
        return;
    }
    let (row, attachments): (Row, _) = row(place.clone(), values, id, None, &[]);
    if !row.cells.is_empty() {
        db.sink.row(row);
    }
    for attachment in attachments {
        texts(db, place, runs::of(attachment.bytes, super::pager::Charset::Utf8));
    }
}

fn texts(db: &mut Database<'_, '_>, place: &Place, texts: Vec<String>) {
    for text in texts {
        db.sink.text(place.clone(), &text);
    }
}

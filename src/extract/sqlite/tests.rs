use super::*;
use crate::extract::ooxml::testing::{only, record};

const PAGE: usize = 512;

/// A text of a record: its serial type and its bytes.
fn text(text: &str) -> (Vec<u8>, Vec<u8>) {
    (big(13 + 2 * text.len() as u64), text.as_bytes().to_vec())
}

/// A number below 128.
fn small(n: u8) -> (Vec<u8>, Vec<u8>) {
    (vec![1], vec![n])
}

fn null() -> (Vec<u8>, Vec<u8>) {
    (vec![0], Vec::new())
}

/// A number of one or two bytes.
fn big(n: u64) -> Vec<u8> {
    if n < 128 { vec![n as u8] } else { vec![(n >> 7) as u8 | 0x80, n as u8 & 0x7F] }
}

fn row_of(values: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let header: Vec<u8> = values.iter().flat_map(|v| v.0.clone()).collect();
    let mut row = vec![header.len() as u8 + 1];
    row.extend(header);
    row.extend(values.iter().flat_map(|v| v.1.clone()));
    row
}

/// A cell of a leaf of a table.
fn leaf_cell(id: u8, values: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let row = row_of(values);
    [big(row.len() as u64), vec![id], row].concat()
}

/// A page of this kind with these cells, from its end.
fn page(start: usize, kind: u8, cells: &[Vec<u8>], right: Option<u32>) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let first = start + if right.is_some() { 12 } else { 8 };
    let mut end = PAGE;
    for (i, cell) in cells.iter().enumerate() {
        end -= cell.len();
        page[end..end + cell.len()].copy_from_slice(cell);
        page[first + 2 * i..first + 2 * i + 2].copy_from_slice(&(end as u16).to_be_bytes());
    }
    page[start] = kind;
    page[start + 3..start + 5].copy_from_slice(&(cells.len() as u16).to_be_bytes());
    page[start + 5..start + 7].copy_from_slice(&(end as u16).to_be_bytes());
    if let Some(right) = right {
        page[start + 8..start + 12].copy_from_slice(&right.to_be_bytes());
    }
    page
}

/// A database with one table, whose pages follow the first.
fn database(sql: &str, pages: &[Vec<u8>]) -> Vec<u8> {
    let entry = leaf_cell(1, &[text("table"), text("staff"), text("staff"), small(2), text(sql)]);
    let mut first = page(100, 0x0D, &[entry], None);
    first[..16].copy_from_slice(b"SQLite format 3\0");
    first[16..18].copy_from_slice(&(PAGE as u16).to_be_bytes());
    first[56..60].copy_from_slice(&1u32.to_be_bytes());
    [&first[..], &pages.concat()].concat()
}

const STAFF: &str = "CREATE TABLE staff(id INTEGER PRIMARY KEY, name TEXT, ssn TEXT)";

fn person(id: u8, name: &str, ssn: &str) -> Vec<u8> {
    leaf_cell(id, &[null(), text(name), text(ssn)])
}

#[test]
fn rows_follow_the_names_of_their_columns() {
    let leaf = page(0, 0x0D, &[person(7, "Ann Example", "024-61-3387")], None);
    let lines = record(&Sqlite, &database(STAFF, &[leaf]));
    assert_eq!(
        only("R", &lines),
        ["tablestaff|0:id|1:name|2:ssn", "tablestaff/row7|0#7|1:Ann Example|2:024-61-3387"]
    );
    assert_eq!(only("T", &lines), [format!("schema|{STAFF}")]);
    assert!(only("G", &lines).is_empty());
}

#[test]
fn inner_pages_lead_to_rows_in_order_and_circles_end() {
    let child = |n: u32| [&n.to_be_bytes()[..], &[9]].concat();
    let inner = page(0, 0x05, &[child(3), child(2)], Some(4));
    let one = page(0, 0x0D, &[person(1, "Ann", "1")], None);
    let two = page(0, 0x0D, &[person(2, "Bo", "2")], None);
    let lines = record(&Sqlite, &database(STAFF, &[inner, one, two]));
    assert_eq!(only("R", &lines)[1..], ["tablestaff/row1|0#1|1:Ann|2:1", "tablestaff/row2|0#2|1:Bo|2:2"]);
    assert_eq!(only("G", &lines), ["damaged a page is used twice page 2"]);
}

#[test]
fn tables_without_row_ids_have_their_rows_in_inner_pages_too() {
    let sql = "CREATE TABLE staff(name TEXT, ssn TEXT PRIMARY KEY) WITHOUT ROWID";
    let cell = |ssn: &str, name: &str| {
        let row = row_of(&[text(ssn), text(name)]);
        [big(row.len() as u64), row].concat()
    };
    let inner = page(0, 0x02, &[[&3u32.to_be_bytes()[..], &cell("2", "Bo")].concat()], Some(4));
    let pages = [inner, page(0, 0x0A, &[cell("1", "Ann")], None), page(0, 0x0A, &[cell("3", "Cy")], None)];
    let rows = only("R", &record(&Sqlite, &database(sql, &pages)));
    assert_eq!(
        rows,
        ["tablestaff|0:ssn|1:name", "tablestaff|0:2|1:Bo", "tablestaff|0:1|1:Ann", "tablestaff|0:3|1:Cy"]
    );
}

#[test]
fn long_rows_go_on_on_other_pages() {
    let long = "x".repeat(1000) + "024-61-3387";
    let row = row_of(&[null(), text(&long)]);
    // What stays on a page of 512 bytes, by the rule of the format.
    let least = (PAGE - 12) * 32 / 255 - 23;
    let local = least + (row.len() - least) % (PAGE - 4);
    let local = if local <= PAGE - 35 { local } else { least };
    let cell = [big(row.len() as u64), vec![1], row[..local].to_vec(), 3u32.to_be_bytes().to_vec()].concat();
    let rest: Vec<&[u8]> = row[local..].chunks(PAGE - 4).collect();
    let mut pages = vec![page(0, 0x0D, &[cell], None)];
    for (i, piece) in rest.iter().enumerate() {
        let next = if i + 1 < rest.len() { i as u32 + 4 } else { 0 };
        let mut page = [&next.to_be_bytes()[..], piece].concat();
        page.resize(PAGE, 0);
        pages.push(page);
    }
    let whole = database("CREATE TABLE staff(id INTEGER PRIMARY KEY, note)", &pages);
    assert_eq!(only("R", &record(&Sqlite, &whole))[1], format!("tablestaff/row1|0#1|1:{long}"));
    let cut = record(&Sqlite, &whole[..3 * PAGE]);
    assert!(only("R", &cut)[1].starts_with("tablestaff/row1|0#1|1:xxxxx"));
    assert_eq!(only("G", &cut), ["damaged a row breaks off page 2"]);
}

#[test]
fn deleted_rows_are_found_in_free_space() {
    let mut leaf =
        page(0, 0x0D, &[person(1, "Ann Example", "1"), person(2, "Bo Sample", "024-61-3387")], None);
    // The second cell is unlinked, and its first four bytes become a free block.
    let size = person(2, "Bo Sample", "024-61-3387").len();
    let at = u16::from_be_bytes([leaf[10], leaf[11]]);
    leaf[4] = 1;
    leaf[1..3].copy_from_slice(&at.to_be_bytes());
    leaf[10..12].fill(0);
    let at = usize::from(at);
    leaf[at..at + 2].fill(0);
    leaf[at + 2..at + 4].copy_from_slice(&(size as u16).to_be_bytes());
    let lines = record(&Sqlite, &database(STAFF, &[leaf]));
    assert_eq!(
        only("R", &lines)[2..],
        [
            "free-pages/page2/tablestaff|0:id|1:name|2:ssn",
            "free-pages/page2/tablestaff|1:Bo Sample|2:024-61-3387"
        ]
    );
}

#[test]
fn free_pages_are_read_as_rows_or_runs() {
    let leaf = page(0, 0x0D, &[person(1, "Ann", "1")], None);
    let mut list = vec![0; PAGE];
    list[4..8].copy_from_slice(&2u32.to_be_bytes());
    list[8..12].copy_from_slice(&4u32.to_be_bytes());
    list[12..16].copy_from_slice(&5u32.to_be_bytes());
    let freed = page(0, 0x0D, &[person(2, "Bo Sample", "024-61-3387")], None);
    let mut other = vec![1; PAGE];
    other[100..111].copy_from_slice(b"024-61-3388");
    let mut bytes = database(STAFF, &[leaf, list, freed, other]);
    bytes[32..36].copy_from_slice(&3u32.to_be_bytes());
    let lines = record(&Sqlite, &bytes);
    assert_eq!(only("R", &lines)[2], "free-pages/page4|1:Bo Sample|2:024-61-3387");
    assert_eq!(only("T", &lines)[1], "free-pages/page5|024-61-3388");
}

#[test]
fn a_damaged_page_costs_only_itself() {
    let child = |n: u32| [&n.to_be_bytes()[..], &[9]].concat();
    let inner = page(0, 0x05, &[child(3)], Some(4));
    let two = page(0, 0x0D, &[person(2, "Bo", "2")], None);
    let lines = record(&Sqlite, &database(STAFF, &[inner, vec![0xFF; PAGE], two.clone()]));
    assert_eq!(only("R", &lines)[1], "tablestaff/row2|0#2|1:Bo|2:2");
    assert_eq!(only("G", &lines), ["damaged a page cannot be read page 3"]);
    // Without the inner page nothing leads to the others.
    let lines = record(&Sqlite, &database(STAFF, &[vec![0; PAGE], two.clone(), two]));
    assert_eq!(only("R", &lines)[..2], ["unlinked/page3|1:Bo|2:2", "unlinked/page4|1:Bo|2:2"]);
}

#[test]
fn documents_in_rows_are_members() {
    let document = [&b"%PDF-1.4\n"[..], &[b'x'; 100]].concat();
    let blob = (big(12 + 2 * document.len() as u64), document);
    let leaf = page(0, 0x0D, &[leaf_cell(3, &[null(), text("Ann"), blob])], None);
    let lines = record(&Sqlite, &database(STAFF, &[leaf]));
    assert!(only("M", &lines)[0].starts_with("staff/ssn/3=%PDF-1.4"));
}

#[test]
fn logs_hold_copies_of_pages() {
    let mut log = vec![0; 32];
    log[..4].copy_from_slice(b"\x37\x7F\x06\x82");
    log[8..12].copy_from_slice(&(PAGE as u32).to_be_bytes());
    log.extend([&2u32.to_be_bytes()[..], &[0; 20]].concat());
    log.extend(page(0, 0x0D, &[person(1, "Ann Example", "024-61-3387")], None));
    assert_eq!(only("R", &record(&SqliteWal, &log)), ["wal/page2|1:Ann Example|2:024-61-3387"]);
}

#[test]
fn any_damage_leaves_the_rest_readable() {
    let leaf = page(0, 0x0D, &[person(7, "Ann Example", "024-61-3387")], None);
    let whole = database(STAFF, &[leaf]);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        record(&Sqlite, &bytes);
        record(&Sqlite, &whole[..at]);
        record(&SqliteWal, &bytes[..at]);
    }
}

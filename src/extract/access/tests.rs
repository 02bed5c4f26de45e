use super::pages::Jet;
use super::value::{Value, text, value};
use super::*;
use crate::extract::ooxml::testing::{only, record};

const STAFF: &[u8] = include_bytes!("../../../fixtures/formats/mdb/staff.mdb");
const OLD: &[u8] = include_bytes!("../../../fixtures/formats/mdb/old.mdb");

fn shown(bytes: &[u8], kind: u8, scale: u8) -> String {
    match value(bytes, kind, scale, Jet::Four, 0) {
        Some(Value::Text(text) | Value::Number(text)) => text,
        _ => String::new(),
    }
}

#[test]
fn rows_come_under_the_names_of_their_columns() {
    let rows = only("R", &record(&Access, STAFF));
    assert_eq!(rows[0], "tableStaff|0:ID|1:Employee|2:SSN|3:Salary|4:Born|5:Active|6:Notes");
    assert_eq!(
        rows[1],
        "tableStaff/row1|0#1|1:Odile Farnsworth|2:027-63-4418|3#64250|4:1970-02-03|5:TRUE|6:Walks to work."
    );
    assert!(rows[2].contains("1:Renée Castellan|2:031-57-2096|3#58123.45|4:1985-07-11 12:00:00"));
    assert!(
        rows[2].ends_with("6:Licence S31572096 was seen; account 7714 2290 61 at Harbor Co-operative Bank.")
    );
}

#[test]
fn deleted_rows_follow_and_moved_ones_are_none_of_them() {
    for database in [STAFF, OLD] {
        let rows = only("R", &record(&Access, database));
        let deleted: Vec<&String> = rows.iter().filter(|r| r.starts_with("deleted")).collect();
        assert_eq!(deleted.len(), 2);
        assert!(deleted[1].contains("1:Basil Thorne|2:022-71-5540"));
    }
}

#[test]
fn a_database_without_its_catalog_gives_tables_by_their_pages() {
    let mut bytes = STAFF.to_vec();
    bytes[3 * 4096..4 * 4096].fill(0);
    let rows = only("R", &record(&Access, &bytes));
    assert!(rows[1].starts_with("tablepage 4/row1|0#1|1:Odile Farnsworth"));
}

#[test]
fn no_damage_breaks_the_reader() {
    for database in [STAFF, OLD] {
        for at in (0..database.len()).step_by(97) {
            let mut bytes = database.to_vec();
            bytes[at] ^= 0xFF;
            record(&Access, &bytes);
            record(&Access, &database[..at]);
        }
    }
}

#[test]
fn values_show_as_a_reader_sees_them() {
    assert_eq!(shown(&(-12_345_600i64).to_le_bytes(), 5, 0), "-1234.56");
    assert_eq!(shown(&2.25f64.to_le_bytes(), 8, 0), "1900-01-01 06:00:00");
    assert_eq!(shown(&(-1.5f64).to_le_bytes(), 8, 0), "1899-12-29 12:00:00");
    assert_eq!(shown(&0.5f64.to_le_bytes(), 8, 0), "12:00:00");
    // Four words, the highest first: 2^96 and the last.
    let digits: Vec<u8> = [[1, 0, 0, 0], [0; 4], [0; 4], 246_133_870u32.to_le_bytes()].concat();
    assert_eq!(shown(&[&[0x80], &digits[..]].concat(), 16, 2), "-792281625142643375937900842.06");
    assert_eq!(shown(b"0000000000000738611:0000000000000034200:7\0", 20, 0), "2023-04-02 09:30:00");
    let guid: Vec<u8> = (1..=16).collect();
    assert_eq!(shown(&guid, 15, 0), "{04030201-0605-0807-090A-0B0C0D0E0F10}");
}

#[test]
fn compressed_text_switches_between_one_byte_and_two() {
    assert_eq!(text(b"\xFF\xFEOdile\0\x60\x01\0!", Jet::Four, 0), "Odile\u{160}!");
    assert_eq!(text(b"O\0d\0", Jet::Four, 0), "Od");
    assert_eq!(text(b"Ren\xE9e", Jet::Three, 1252), "Renée");
}

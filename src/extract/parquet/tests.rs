use super::bits::{Delta, Hybrid, unfold, varint};
use super::*;
use crate::extract::ooxml::testing::{only, record};

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../fixtures/formats/parquet/", $path)).as_slice()
    };
}

#[test]
fn rows_of_all_row_groups_follow_the_names_of_the_columns() {
    let rows = only("R", &record(&Parquet, fixture!("people.parquet")));
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[0], "tableschema|0:full_name|1:ssn|2:born|3:city|4:zip|5:pay|6:hired|7:active");
    assert_eq!(
        rows[4],
        "tableschema/row4|0:Basil Thorne|1:022-71-5540|3:Salem|4:01970|5#0.05|6:2019-03-04T09:30:00Z|7:true"
    );
    assert!(rows[5].starts_with("tableschema/row5|0:Wrenna Okafor|") && rows[5].contains("|5#-12.50|"));
}

#[test]
fn every_encoding_gives_the_same_values() {
    let of = |bytes| only("R", &record(&Parquet, bytes));
    let (people, deltas) = (of(fixture!("people.parquet")), of(fixture!("deltas.parquet")));
    for (a, b) in people.iter().zip(&deltas).skip(1) {
        assert!(b.starts_with(&format!("{a}|8#")), "{a} and {b}");
    }
}

#[test]
fn lists_of_values_are_one_cell() {
    let rows = only("R", &record(&Parquet, fixture!("lists.parquet")));
    assert_eq!(rows[0], "tableschema|0:employee.name|1:employee.ssn|2:tags");
    assert!(rows[1].ends_with("|2:full time; north") && rows[2].ends_with("|1:031-57-2096"));
}

#[test]
fn encrypted_columns_are_told_and_the_others_read() {
    let lines = record(&Parquet, fixture!("column.parquet"));
    assert_eq!(only("E", &lines), ["parquet None Yes"]);
    let rows = only("R", &lines);
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().skip(1).all(|row| !row.contains("|1:")));
}

#[test]
fn without_its_end_the_text_of_pages_is_left() {
    let lines = record(&Parquet, fixture!("cut.parquet"));
    assert_eq!(only("G", &lines), ["damaged the end, which names the columns, is missing or damaged "]);
    assert!(only("T", &lines).contains(&"raw|027-63-4418".to_owned()));
}

#[test]
fn what_stands_behind_the_end_does_no_harm() {
    let bytes = [fixture!("people.parquet"), &[0xA5; 700]].concat();
    assert_eq!(only("R", &record(&Parquet, &bytes)).len(), 7);
}

#[test]
fn a_damaged_column_leaves_the_others() {
    let mut bytes = fixture!("people.parquet").to_vec();
    // The first page header is that of the names.
    bytes[4..40].fill(0xFF);
    let lines = record(&Parquet, &bytes);
    assert_eq!(only("G", &lines), ["damaged a column is damaged column 1, from row 1, row group 1"]);
    let rows = only("R", &lines);
    assert_eq!(rows.len(), 7);
    assert!(rows[1].contains("|1:027-63-4418|") && !rows[1].contains("Farnsworth"));
}

#[test]
fn any_damage_leaves_the_rest_readable() {
    for whole in [fixture!("people.parquet"), fixture!("deltas.parquet"), fixture!("nested.parquet")] {
        for at in 0..whole.len() {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 0xFF;
            record(&Parquet, &bytes);
            bytes[at] = 0x7F;
            record(&Parquet, &bytes);
        }
        for length in (0..whole.len()).step_by(11) {
            record(&Parquet, &whole[..length]);
        }
    }
}

#[test]
fn numbers_in_groups_of_seven_bits() {
    let mut at = 0;
    assert_eq!(varint(&[0xAC, 0x02, 0x01], &mut at), Some(300));
    assert_eq!((at, varint(&[0x80; 20], &mut at)), (2, None));
    assert_eq!([0, 1, 2, 3].map(unfold), [0, -1, 1, -2]);
}

#[test]
fn runs_and_packed_numbers_alternate() {
    // Four times 5, then eight numbers of three bits.
    let bytes = [8, 5, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010];
    let mut hybrid = Hybrid::new(0, bytes.len(), 3);
    let numbers: Vec<u64> = std::iter::from_fn(|| hybrid.next(&bytes)).collect();
    assert_eq!(numbers, [5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_declared_count_of_differences_costs_nothing() {
    // A block of 128 in 4, 2^40 numbers.
    let head = [0x80, 0x01, 0x04, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0x00];
    assert!(Delta::new(&head, 0, head.len(), 1 << 20).is_none());
}

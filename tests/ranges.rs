//! The canonical result of a text is the same for every size of ranges, number of threads and reader: in this
//! process, in a worker, or as a member of an archive.

mod common;
#[path = "common/made.rs"]
mod made;
#[path = "common/ways.rs"]
mod ways;

use made::Coding;
use ways::{SIZE, check};

#[test]
fn prose_with_pairs_across_every_cut() {
    check("prose.txt", &made::prose(Coding::Utf8, SIZE, true), 280);
}

#[test]
fn utf_16_with_pairs_across_every_cut() {
    check("utf16.txt", &made::prose(Coding::Utf16, SIZE, true), 280);
}

#[test]
fn windows_1252_with_pairs_across_every_cut() {
    check("windows.txt", &made::prose(Coding::Windows, SIZE, true), 280);
}

#[test]
fn one_line_of_three_megabytes() {
    check("line.txt", &made::prose(Coding::Utf8, 3_000_000, false), 650);
}

#[test]
fn tables_with_rows_over_several_lines() {
    check("table.csv", &made::csv(SIZE, false), 5000);
}

#[test]
fn an_object_a_line() {
    check("objects.ndjson", &made::ndjson(SIZE), 4000);
}

#[test]
fn statements_with_many_rows() {
    check("dump.sql", &made::sql(SIZE, 100), 5000);
}

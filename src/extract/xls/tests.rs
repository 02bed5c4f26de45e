use super::*;
use crate::extract::ooxml::testing::{only, record};

/// A record.
fn rec(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a short record");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn bof(kind: u16) -> Vec<u8> {
    rec(0x0809, &[&[0, 6][..], &kind.to_le_bytes(), &[0; 12]].concat())
}

fn end() -> Vec<u8> {
    rec(0x000A, &[])
}

/// A text with a length of two bytes, in one byte for each character.
fn text(text: &str) -> Vec<u8> {
    [&u16::try_from(text.len()).expect("a short text").to_le_bytes()[..], &[0], text.as_bytes()].concat()
}

fn cell(row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
    let head = [row, column, style].map(u16::to_le_bytes).concat();
    [&head, value].concat()
}

/// A workbook of one sheet: records of its first part, records of the sheet.
fn book(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    let listed = |at: u32| rec(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 5, 0], b"Staff"].concat());
    let globals = globals.concat();
    let before = [bof(5), globals.clone()].concat();
    let at = u32::try_from(before.len() + listed(0).len() + 4).expect("a short file");
    [before, listed(at), end(), bof(0x10), sheet.concat(), end()].concat()
}

fn format_ssn() -> Vec<Vec<u8>> {
    vec![
        rec(0x041E, &[&164u16.to_le_bytes()[..], &text("000\\-00\\-0000")].concat()),
        rec(0x00E0, &[0; 20]),
        rec(0x00E0, &[&[0, 0, 164, 0][..], &[0; 16]].concat()),
    ]
}

#[test]
fn numbers_come_out_as_their_format_shows_them() {
    let rk = (24_613_387u32 << 2 | 2).to_le_bytes();
    let hundredth = (1250u32 << 2 | 3).to_le_bytes();
    let many = [&[0u8, 0, 4, 0][..], &[1, 0], &rk, &[0, 0], &hundredth, &[5, 0]].concat();
    let sheet = [
        rec(0x0204, &cell(0, 0, 0, &text("Dana Fairbank"))),
        rec(0x0203, &cell(0, 1, 1, &24_613_387f64.to_le_bytes())),
        rec(0x027E, &cell(0, 2, 0, &rk)),
        rec(0x00BD, &many),
    ];
    let lines = record(&Xls, &book(&format_ssn(), &sheet));
    assert_eq!(
        lines,
        ["U Staff", "R Staff/row1|0:Dana Fairbank|1#024-61-3387|2#24613387|4#024-61-3387|5#12.5"]
    );
}

#[test]
fn shared_strings_go_on_in_the_next_record_with_a_width_of_their_own() {
    let sst = [&[1u8, 0, 0, 0, 2, 0, 0, 0][..], &text("Ann"), &[6, 0, 8, 1, 0], b"Fair"].concat();
    let wide: Vec<u8> = "Éa".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rest = [&[1u8][..], wide.as_slice()];
    let globals = [rec(0x00FC, &sst), rec(0x003C, &[&rest.concat()[..], &[9, 9, 9, 9]].concat())];
    let sheet = [
        rec(0x00FD, &cell(0, 0, 0, &[1, 0, 0, 0])),
        rec(0x00FD, &cell(1, 0, 0, &[0; 4])),
        rec(0x00FD, &cell(2, 0, 0, &[7, 0, 0, 0])),
    ];
    let lines = record(&Xls, &book(&globals, &sheet));
    assert_eq!(only("R", &lines), ["Staff/row1|0:FairÉa", "Staff/row2|0:Ann"]);
    assert_eq!(only("G", &lines), ["damaged cells refer to strings that are missing sheet 1"]);
}

#[test]
fn formulas_give_their_kept_results() {
    let formula = |column, result: [u8; 8]| rec(0x0006, &cell(0, column, 0, &result));
    let sheet = [
        formula(0, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        rec(0x0207, &text("kept")),
        formula(1, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        formula(2, [2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]),
        formula(3, 4.5f64.to_le_bytes()),
    ];
    assert_eq!(only("R", &record(&Xls, &book(&[], &sheet))), ["Staff/row1|0:kept|1:TRUE|2:#N/A|3#4.5"]);
}

#[test]
fn cells_written_column_by_column_are_rows_again() {
    let label = |row, column, words| rec(0x0204, &cell(row, column, 0, &text(words)));
    let sheet = [label(0, 0, "a"), label(1, 0, "b"), label(0, 1, "c"), label(1, 1, "d")];
    let lines = record(&Xls, &book(&[], &sheet));
    assert_eq!(only("R", &lines), ["Staff/row1|0:a|1:c", "Staff/row2|0:b|1:d"]);
}

#[test]
fn comments_boxes_and_margins_stand_in_units_of_their_own() {
    let object = |id: u8| rec(0x005D, &[0x15, 0, 0x12, 0, 0x19, 0, id, 0]);
    let boxed = |words: &str| {
        let head = [&[0; 10][..], &[words.len() as u8, 0], &[0; 6]].concat();
        [rec(0x01B6, &head), rec(0x003C, &[&[0], words.as_bytes()].concat())].concat()
    };
    let sheet = [
        rec(0x0014, &text("&LPayroll &P")),
        object(1),
        boxed("SSN checked"),
        object(2),
        boxed("Draft"),
        rec(0x001C, &[&[4, 0, 1, 0, 0, 0, 1, 0][..], &text("me")].concat()),
    ];
    let lines = record(&Xls, &book(&[], &sheet));
    assert_eq!(
        only("T", &lines),
        ["header-footer/Staff|Payroll", "comments/Staff/B5|SSN checked", "drawing/Staff|Draft"]
    );
}

#[test]
fn pivot_caches_give_their_texts() {
    use crate::extract::cfb::Cfb;
    use std::io::{Cursor, Write};
    let mut file = ::cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes all");
    file.create_storage("/_SX_DB_CUR").expect("a name that can be written");
    let field = rec(0x00C7, &[&[0; 14][..], &text("Employee")].concat());
    let cache = [field, rec(0x00CD, &text("Dana Fairbank")), end()].concat();
    for (name, content) in [("/Workbook", book(&[], &[])), ("/_SX_DB_CUR/0001", cache)] {
        let mut stream = file.create_stream(name).expect("a name that can be written");
        stream.write_all(&content).expect("memory takes all");
    }
    file.flush().expect("memory takes all");
    let lines = record(&Cfb, &file.into_inner().into_inner());
    assert_eq!(only("T", &lines), ["pivot-cache/table1|Employee", "pivot-cache/table1|Dana Fairbank"]);
}

#[test]
fn the_oldest_workbooks_are_streams_of_their_own() {
    let old = |kind, value: &[u8]| rec(kind, &[&[0u8, 0, 0, 0, 0, 0, 0][..], value].concat());
    let bytes = [
        rec(0x0009, &[2, 0, 0x10, 0]),
        old(0x0004, b"\x0DDana Fairbank"),
        rec(0x0002, &[0, 0, 1, 0, 0, 0, 0, 210, 4]),
        end(),
    ];
    assert_eq!(only("R", &record(&Xls, &bytes.concat())), ["Sheet1/row1|0:Dana Fairbank|1#1234"]);
}

#[test]
fn what_precedes_the_damage_is_read() {
    let label = |row| rec(0x0204, &cell(row, 0, 0, &text("Dana Fairbank")));
    let mut bytes = book(&[], &[label(0), label(1), label(2)]);
    bytes.truncate(bytes.len() - 15);
    let lines = record(&Xls, &bytes);
    assert_eq!(only("R", &lines)[..2], ["Staff/row1|0:Dana Fairbank", "Staff/row2|0:Dana Fairbank"]);
    assert_eq!(only("G", &lines), ["damaged the sheet breaks off sheet 1"]);
}

#[test]
fn sheets_that_the_list_does_not_name_are_read() {
    let label = rec(0x0204, &cell(0, 0, 0, &text("unlisted")));
    let bytes = [book(&[], &[]), bof(0x10), label, end()].concat();
    assert_eq!(only("R", &record(&Xls, &bytes)), ["Sheet2/row1|0:unlisted"]);
}

#[test]
fn defined_names_give_the_text_they_stand_for() {
    let head = [&[0u8, 0, 0, 3, 6, 0][..], &[0; 8]].concat();
    let name = rec(0x0018, &[&head[..], &[0], b"pin", &[0x17, 4, 0], b"8412"].concat());
    let lines = record(&Xls, &book(&[name], &[]));
    assert_eq!(only("T", &lines), ["defined-names/pin|8412"]);
}

#[test]
fn streams_cut_anywhere_or_altered_end() {
    let rk = (24_613_387u32 << 2 | 2).to_le_bytes();
    let sst = [&[1u8, 0, 0, 0, 2, 0, 0, 0][..], &text("Ann"), &text("Bea")].concat();
    let globals = [format_ssn(), vec![rec(0x00FC, &sst)]].concat();
    let sheet = [rec(0x00FD, &cell(0, 0, 0, &[1, 0, 0, 0])), rec(0x027E, &cell(0, 1, 1, &rk))];
    let whole = book(&globals, &sheet);
    for cut in 0..whole.len() {
        record(&Xls, &whole[..cut]);
        for value in [0, 1, 0x7F, 0xFF] {
            let mut altered = whole.clone();
            altered[cut] = value;
            record(&Xls, &altered);
        }
    }
}

use super::*;
use crate::extract::ooxml::testing::{only, record};

/// A table of these fields (name, kind, length) and records.
fn dbf(version: u8, fields: &[(&str, u8, u8)], declared: u32, records: &[&[u8]]) -> Vec<u8> {
    let length = 1 + fields.iter().map(|f| u16::from(f.2)).sum::<u16>();
    let start = 33 + 32 * fields.len() as u16;
    let mut bytes = vec![version, 124, 1, 2];
    bytes.extend(declared.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.resize(32, 0);
    for (name, kind, length) in fields {
        let mut field = name.as_bytes().to_vec();
        field.resize(32, 0);
        (field[11], field[16]) = (*kind, *length);
        bytes.extend(field);
    }
    bytes.push(0x0D);
    bytes.extend(records.concat());
    bytes.push(0x1A);
    bytes
}

const FIELDS: [(&str, u8, u8); 3] = [("NAME", b'C', 12), ("SSN", b'N', 9), ("BORN", b'D', 8)];

#[test]
fn records_follow_the_names_of_their_fields() {
    let bytes = dbf(3, &FIELDS, 1, &[b" Ann Example  2461338719700203"]);
    assert_eq!(
        only("R", &record(&Dbf, &bytes)),
        ["|0:NAME|1:SSN|2:BORN", "row1|0:Ann Example|1#24613387|2:1970-02-03"]
    );
}

#[test]
fn deleted_records_come_last_under_a_header_of_their_own() {
    let bytes = dbf(3, &FIELDS, 2, &[b"*Bo Sample    24613388        ", b" Ann Example  2461338719700203"]);
    let lines = record(&Dbf, &bytes);
    assert_eq!(
        only("R", &lines),
        [
            "|0:NAME|1:SSN|2:BORN",
            "row2|0:Ann Example|1#24613387|2:1970-02-03",
            "deleted|0:NAME|1:SSN|2:BORN",
            "deleted/row1|0:Bo Sample|1#24613388"
        ]
    );
}

#[test]
fn numbers_may_be_binary() {
    let fields = [("ID", b'I', 4), ("PAY", b'Y', 8), ("MEMO", b'M', 4)];
    let row =
        [&b" "[..], &24_613_387_i32.to_le_bytes(), &(-12_345_600_i64).to_le_bytes(), &[1, 0, 0, 0]].concat();
    assert_eq!(only("R", &record(&Dbf, &dbf(0x30, &fields, 1, &[&row])))[1], "row1|0#24613387|1#-1234.56");
}

#[test]
fn records_beyond_the_declared_number_are_read_and_missing_ones_told() {
    let row: &[u8] = b" Ann Example  2461338719700203";
    assert_eq!(only("R", &record(&Dbf, &dbf(3, &FIELDS, 0, &[row]))).len(), 2);
    let lines = record(&Dbf, &dbf(3, &FIELDS, 5, &[row]));
    assert_eq!(only("G", &lines), ["damaged the table breaks off 4 records"]);
}

#[test]
fn any_damage_leaves_the_rest_readable() {
    let whole = dbf(3, &FIELDS, 1, &[b" Ann Example  2461338719700203"]);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        record(&Dbf, &bytes);
        record(&Dbf, &whole[..at]);
    }
}

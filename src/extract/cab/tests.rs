use super::*;
use crate::extract::ooxml::testing::{only, record};

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../fixtures/formats/cab/", $path)).as_slice()
    };
}

#[test]
fn stored_and_packed_files_come_out() {
    let (packed, stored) = (record(&Cab, fixture!("packed.cab")), record(&Cab, fixture!("stored.cab")));
    let members = only("M", &packed);
    assert_eq!(members, only("M", &stored));
    assert_eq!(members.len(), 3);
    assert!(members[0].starts_with("staff/people.csv=name,ssn\n") && members[2].ends_with("027-63-4418.\n"));
    assert!(only("G", &packed).is_empty());
}

#[test]
fn lzx_is_read() {
    let members = only("M", &record(&Cab, fixture!("lzx.cab")));
    assert_eq!(members.len(), 2);
    assert!(members[1].ends_with("027-63-4418.\n"));
}

#[test]
fn what_lies_in_another_cabinet_is_told() {
    let mut bytes = fixture!("stored.cab").to_vec();
    let at = bytes.windows(9).position(|w| w == b"notes.txt").expect("the name") - 8;
    bytes[at..at + 2].copy_from_slice(&0xFFFEu16.to_le_bytes());
    let lines = record(&Cab, &bytes);
    assert_eq!(only("S", &lines), ["notes.txt: damaged part of it is in another cabinet"]);
    assert_eq!(only("M", &lines).len(), 2);
}

#[test]
fn any_damage_leaves_the_rest_readable() {
    let whole = fixture!("packed.cab");
    for at in 0..whole.len() {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0xFF;
        record(&Cab, &bytes);
        record(&Cab, &whole[..at]);
    }
}

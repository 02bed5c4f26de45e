use super::*;
use crate::extract::ooxml::testing::{only, record};

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| byte()).collect()
}

fn wide(text: &str, high_first: bool) -> Vec<u8> {
    let two = |unit: u16| if high_first { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(two).collect()
}

#[test]
fn fields_that_lie_close_are_one_line_and_others_are_not() {
    let one = b"\x01\x02Tobias Hargrove\0\0\x00024-61-3387\0\xFF".as_slice();
    let bytes = [one, &[1; 100], b"Ren\xE9e Castellan\0", &[7; 900], b"031-57-2096 in Salem\x01"].concat();
    let lines = record(&Unknown, &bytes);
    let texts =
        ["raw|Tobias Hargrove  024-61-3387", "raw|Ren\u{e9}e Castellan", "|", "raw|031-57-2096 in Salem"];
    assert_eq!(only("T", &lines), texts);
    assert_eq!(only("G", &lines), ["opaque-data no known format: only runs of text were read "]);
}

#[test]
fn text_of_two_bytes_is_read_in_either_order() {
    for high_first in [false, true] {
        let bytes = [&[3, 1, 4][..], &wide("Ren\u{e9}e Castellan", high_first), &[0, 0, 9, 8]].concat();
        assert_eq!(only("T", &record(&Unknown, &bytes)), ["raw|Ren\u{e9}e Castellan"]);
    }
}

#[test]
fn accents_in_utf_8_are_letters() {
    let bytes = "\u{1}\u{2}Beno\u{ee}t Thériault-Dubé called\u{3}".as_bytes();
    assert_eq!(only("T", &record(&Unknown, bytes)), ["raw|Beno\u{ee}t Thériault-Dubé called"]);
}

#[test]
fn random_bytes_hold_no_text() {
    for length in [0, 1, 5, 700, 70_000, 3_000_000] {
        assert_eq!(record(&Unknown, &noise(length)), ["G opaque-data no text in it "]);
    }
}

#[test]
fn a_record_among_random_bytes_is_found() {
    let bytes = [noise(300_000), b"\0Tobias Hargrove, SSN 024-61-3387\0".to_vec(), noise(300_000)].concat();
    assert!(only("T", &record(&Unknown, &bytes)).iter().any(|l| l.contains("Hargrove, SSN 024-61-3387")));
}

#[test]
fn a_run_without_end_is_given_in_pieces() {
    let lines = record(&Unknown, &[&b"\0"[..], &b"word ".repeat(10_000)].concat());
    assert!(lines.len() > 10 && lines.iter().all(|l| l.len() < LONGEST + 100));
}

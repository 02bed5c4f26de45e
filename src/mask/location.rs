//! Masks whole places: paths, members, locations.

use std::borrow::Cow;

use super::{Fingerprints, text, text_masked};
use crate::document::Place;
use crate::event::{Location, PathRef, Short};

/// Characters of one string of a location that are written; what is longer ends in `…`. A header of megabytes
/// would otherwise be repeated with every record under it.
const SHOWN: usize = 256;

/// Bytes of such a string that are looked at. Masking goes before cutting, lest a number that is cut in two show
/// its first digits; the margin between the two makes that hold here too.
const READ: usize = 8 * SHOWN;

/// A path as results name it: `raw` are its bytes relative to root number `root`.
pub fn path(root: u32, raw: &[u8], fingerprints: &Fingerprints) -> PathRef {
    let lossy = String::from_utf8_lossy(raw);
    let (masked, path_masked) = text_masked(&lossy);
    let is_utf8 = matches!(lossy, Cow::Borrowed(_));
    PathRef {
        root,
        path_id: fingerprints.path(raw),
        path_masked,
        path_raw: (!is_utf8 && !path_masked).then(|| base64(raw)),
        path: masked.into_owned(),
    }
}

/// The names of a member as results show them, and its id if one of them was masked.
pub fn member(names: &[String], fingerprints: &Fingerprints) -> (Vec<String>, Option<String>) {
    let mut any_masked = false;
    let shown = names.iter().map(|name| {
        let (shown, masked) = text_masked(name);
        any_masked |= masked;
        shown.into_owned()
    });
    let shown = shown.collect();
    (shown, any_masked.then(|| fingerprints.member(names)))
}

/// A place as results show it. A spreadsheet cell (`B1048576`) is no licence number and stays.
pub fn location(place: &Place) -> Location {
    location_under(place, place.field.as_deref().map(field))
}

/// The header or key of a place as results show it.
pub fn field(raw: &str) -> Short {
    short(raw).into()
}

/// A place as results show it, whose header or key is masked already.
pub fn location_under(place: &Place, field: Option<Short>) -> Location {
    Location {
        page: place.page,
        sheet: shown(place.sheet.as_deref()),
        table: shown(place.table.as_deref()),
        row: place.row,
        line: place.line,
        column: place.column,
        cell: place.cell.as_deref().map(|cell| if is_cell(cell) { cell.to_owned() } else { short(cell) }),
        byte: place.byte,
        field,
        pointer: shown(place.pointer.as_deref()),
        part: shown(place.part.as_deref()),
        paragraph: place.paragraph,
    }
}

fn shown(raw: Option<&str>) -> Option<String> {
    raw.map(short)
}

/// Masks, then cuts.
fn short(raw: &str) -> String {
    let head = &raw[..raw.floor_char_boundary(READ)];
    let masked = text(head);
    match masked.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None if head.len() < raw.len() => format!("{masked}…"),
        None => masked.into_owned(),
    }
}

/// True for a cell of the largest sheet there is: up to three letters, rows 1 to 1,048,576.
fn is_cell(cell: &str) -> bool {
    let letters = cell.bytes().take_while(u8::is_ascii_uppercase).count();
    let row = &cell[letters..];
    let plain = row.len() <= 7 && !row.starts_with('0') && row.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&letters) && plain && row.parse().is_ok_and(|row: u32| row <= 1_048_576)
}

/// Base64 with the standard alphabet and padding (RFC 4648 section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |n: usize| u32::from(chunk.get(n).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            let digit = (bits >> (18 - 6 * n) & 63) as usize;
            out.push(if n <= chunk.len() { char::from(ALPHABET[digit]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Key;

    fn fingerprints() -> Fingerprints {
        Key::from_hex(&"ab".repeat(32)).unwrap().fingerprints()
    }

    #[test]
    fn a_path_with_a_number_goes_by_its_id() {
        let f = fingerprints();
        let plain = path(0, b"hr/list.csv", &f);
        assert_eq!((plain.path.as_str(), plain.path_masked, plain.path_raw), ("hr/list.csv", false, None));
        let masked = path(1, b"hr/024-61-3387.csv", &f);
        assert_eq!(masked.path, "hr/•••-••-••••.csv");
        assert!(masked.path_masked && masked.root == 1);
        assert_ne!(masked.path_id, path(1, b"hr/024-61-3388.csv", &f).path_id);
    }

    #[test]
    fn raw_bytes_are_kept_only_where_nothing_was_masked() {
        let f = fingerprints();
        let odd = path(0, b"caf\xe9.txt", &f);
        assert_eq!((odd.path.as_str(), odd.path_raw.as_deref()), ("caf\u{fffd}.txt", Some("Y2Fm6S50eHQ=")));
        let masked = path(0, b"\xe9 024613387", &f);
        assert!(masked.path_masked && masked.path_raw.is_none());
        assert!(path(0, b"024\xff61\xff3387", &f).path_masked);
    }

    #[test]
    fn a_member_has_an_id_only_where_a_name_is_masked() {
        let f = fingerprints();
        let names = |second: &str| vec!["a.zip".to_owned(), second.to_owned()];
        assert_eq!(member(&names("b.csv"), &f), (names("b.csv"), None));
        let (shown, id) = member(&names("024613387.csv"), &f);
        assert_eq!((shown, id), (names("•••••••••.csv"), Some(f.member(&names("024613387.csv")))));
    }

    #[test]
    fn a_location_is_masked_but_for_its_cells() {
        let cell = |cell: &str| Place { cell: Some(cell.into()), ..Place::default() };
        assert_eq!(location(&cell("B1048576")).cell.as_deref(), Some("B1048576"));
        assert_eq!(location(&cell("S12345678")).cell.as_deref(), Some("•••••••••"));
        assert_eq!(location(&cell("S2000000")).cell.as_deref(), Some("••••••••"));
        let place =
            Place { pointer: Some("/024613387/ssn".into()), line: Some(1_234_567_890), ..Place::default() };
        let masked = location(&place);
        assert_eq!((masked.pointer.as_deref(), masked.line), (Some("/•••••••••/ssn"), Some(1_234_567_890)));
    }

    #[test]
    fn a_long_header_is_cut_after_masking() {
        let header = |raw: String| location(&Place { field: Some(raw), ..Place::default() }).field.unwrap();
        let cut = header(format!("{}024613387", "x".repeat(SHOWN - 4)));
        assert!(cut.ends_with("x••••…"));
        assert_eq!(header("é".repeat(100_000)).chars().count(), SHOWN + 1);
        assert_eq!(header("\u{200b}".repeat(READ)), format!("{}…", "\u{200b}".repeat(SHOWN)));
    }

    #[test]
    fn base64_pads() {
        for (raw, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(raw.as_bytes()), coded);
        }
    }
}

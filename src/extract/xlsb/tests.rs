use super::*;
use crate::extract::ooxml::testing::{only, package, record};

/// A record. Kinds from 128 on have two bytes.
fn rec(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if kind < 128 {
        bytes.push(kind as u8);
    } else {
        bytes.extend([(kind & 0x7F) as u8 | 0x80, (kind >> 7) as u8]);
    }
    assert!(data.len() < 128, "a short record");
    bytes.push(data.len() as u8);
    [bytes, data.to_vec()].concat()
}

fn text(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&(units.len() as u32 / 2).to_le_bytes()[..], &units].concat()
}

fn cell(column: u32, style: u32, value: &[u8]) -> Vec<u8> {
    [&column.to_le_bytes()[..], &style.to_le_bytes(), value].concat()
}

/// Styles, strings and a sheet.
struct Part(Vec<u8>, Vec<u8>, Vec<u8>);

impl Extractor for Part {
    fn extract(&self, _: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut book = Book::default();
        book::styles(&mut Records::new(&mut &self.0[..]), &mut book, sink);
        book::strings(&mut Records::new(&mut &self.1[..]), &mut book, sink);
        sheet::read(&mut Records::new(&mut &self.2[..]), &Place::default(), &book, sink);
    }
}

fn rows(records: &[Vec<u8>]) -> Vec<String> {
    let mut book = Book::default();
    let styles = [
        rec(44, &[&[164u8, 0][..], &text("000\\-00\\-0000")].concat()),
        rec(617, &[]),
        rec(47, &[0; 16]),
        rec(47, &[&[0, 0, 164, 0][..], &[0; 12]].concat()),
        rec(618, &[]),
    ];
    let strings = [rec(19, &[&[0][..], &text("Ann")].concat()), rec(19, &[&[0][..], &text("Bea")].concat())];
    book.since_1904 = false;
    record(&Part(styles.concat(), strings.concat(), records.concat()), b"")
}

#[test]
fn cells_come_out_as_their_format_shows_them() {
    let rk = (24_613_387u32 << 2 | 2).to_le_bytes();
    let records = [
        rec(0, &[4, 0, 0, 0]),
        rec(7, &cell(0, 0, &[1, 0, 0, 0])),
        rec(2, &cell(1, 1, &rk)),
        rec(5, &cell(2, 0, &2.5f64.to_le_bytes())),
        rec(6, &cell(3, 0, &text("inline"))),
        rec(8, &cell(4, 0, &text("kept"))),
        rec(4, &cell(5, 0, &[1])),
        rec(3, &cell(6, 0, &[0x2A])),
        rec(62, &cell(7, 0, &[&[1][..], &text("rich")].concat())),
    ];
    assert_eq!(rows(&records), ["R row5|0:Bea|1#024-61-3387|2#2.5|3:inline|4:kept|5:TRUE|6:#N/A|7:rich"]);
}

#[test]
fn a_part_that_breaks_off_gives_what_precedes() {
    let mut whole = [rec(0, &[0; 4]), rec(7, &cell(0, 0, &[0; 4]))].concat();
    whole.extend([6, 100, 0]);
    assert_eq!(rows(&[whole]), ["R row1|0:Ann"]);
}

#[test]
fn missing_strings_are_told() {
    let lines = rows(&[rec(0, &[0; 4]), rec(7, &cell(0, 0, &[9, 0, 0, 0]))]);
    assert_eq!(only("G", &lines), ["damaged cells refer to strings that are missing "]);
}

#[test]
fn a_package_without_a_workbook_is_damaged() {
    let lines = record(&Xlsb, &package(&[("xl/other.xml", "<a/>")]));
    assert_eq!(only("G", &lines)[0], "damaged the workbook part is missing ");
}

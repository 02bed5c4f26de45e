use super::*;
use crate::extract::ooxml::testing::{only, record};

fn emf_text(x: i32, y: i32, text: &str, width: i32) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let count = units.len() as u32 / 2;
    let widths: Vec<u8> = (0..count).flat_map(|_| width.to_le_bytes()).collect();
    let padded = units.len().next_multiple_of(4);
    let mut data = vec![0; 28];
    data.extend([x.to_le_bytes(), y.to_le_bytes()].concat());
    data.extend([count, 76, 0].map(u32::to_le_bytes).concat());
    data.extend([0; 16]);
    data.extend((76 + padded as u32).to_le_bytes());
    data.extend(&units);
    data.resize(68 + padded, 0);
    data.extend(widths);
    emf_record(84, &data)
}

fn emf_record(kind: u32, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u32 + 8).to_le_bytes(), data].concat()
}

fn emf(records: &[Vec<u8>]) -> Vec<u8> {
    let mut header = vec![0; 80];
    header[32..36].copy_from_slice(b" EMF");
    [emf_record(1, &header), records.concat(), emf_record(14, &[0; 12])].concat()
}

#[test]
fn portions_of_a_line_are_joined() {
    let picture = emf(&[
        emf_text(0, 10, "Odile", 10),
        emf_text(60, 10, "Farnsworth", 10),
        emf_text(0, 30, "027-63-", 10),
        emf_text(70, 30, "4418", 10),
    ]);
    assert_eq!(only("T", &record(&Emf, &picture)), ["|Odile Farnsworth", "|027-63-4418"]);
}

#[test]
fn text_of_emf_plus_is_read_where_there_is_no_other() {
    let units: Vec<u8> = "Harbor".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let data = [&[0; 8][..], &6u32.to_le_bytes(), &[0; 16], &units].concat();
    let length = data.len() as u32 + 12;
    let plus =
        [&b"EMF+\x1C\x40\0\0"[..], &length.to_le_bytes(), &(length - 12).to_le_bytes(), &data].concat();
    let comment = [&(plus.len() as u32).to_le_bytes()[..], &plus].concat();
    assert_eq!(only("T", &record(&Emf, &emf(&[emf_record(70, &comment)]))), ["|Harbor"]);
}

#[test]
fn plain_metafiles_have_two_ways_to_write() {
    let mut picture = vec![0; 18];
    let text = [&b"\x05\0Odile\0"[..], &7u16.to_le_bytes(), &3u16.to_le_bytes()].concat();
    let extended = [&[9, 0, 3, 0, 4, 0, 0, 0][..], b"4418"].concat();
    for (function, data) in [(0x0521u16, text), (0x0A32, extended)] {
        picture.extend((data.len() as u32 / 2 + 3).to_le_bytes());
        picture.extend(function.to_le_bytes());
        picture.extend(data);
    }
    assert_eq!(only("G", &record(&Wmf, &picture)), ["damaged the picture breaks off "]);
    picture.extend([3, 0, 0, 0, 0, 0]);
    assert_eq!(record(&Wmf, &picture)[1..], ["T |Odile", "T |4418"]);
}

#[test]
fn no_damage_breaks_the_reader() {
    let picture = emf(&[emf_text(0, 10, "Odile", 10), emf_text(60, 10, "Farnsworth", 10)]);
    for at in 0..picture.len() {
        let mut bytes = picture.clone();
        bytes[at] ^= 0xFF;
        record(&Emf, &bytes);
        record(&Wmf, &bytes);
        record(&Emf, &picture[..at]);
    }
}

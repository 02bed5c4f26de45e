use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

use super::*;

const SAMPLES: &[&str] = &[
    "",
    "Plain words, 12345\r\n",
    "René Müller–Öztürk, Łódź “quoted”",
    "mixed: a\u{E9}b\u{20AC}c\u{1F600}d",
    "日本語のテキスト 123、かな",
];

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn utf32(text: &str, bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|c| bytes(c as u32)).collect()
}

/// Raw bytes of a text, and where each character starts in them.
fn encoded(encoding: TextEncoding, text: &str) -> (Vec<u8>, Vec<usize>) {
    let encode = |s: &str| match encoding {
        TextEncoding::Utf8 | TextEncoding::Utf8Bom => s.as_bytes().to_vec(),
        TextEncoding::Utf16Le => utf16(s, u16::to_le_bytes),
        TextEncoding::Utf16Be => utf16(s, u16::to_be_bytes),
        TextEncoding::Utf32Le => utf32(s, u32::to_le_bytes),
        TextEncoding::Utf32Be => utf32(s, u32::to_be_bytes),
        TextEncoding::Legacy(e) => e.encode(s).0.into_owned(),
    };
    let mut raw = Vec::new();
    let mut starts = Vec::new();
    for c in text.chars() {
        starts.push(raw.len());
        raw.extend(encode(c.encode_utf8(&mut [0; 4])));
    }
    (raw, starts)
}

fn check_round_trip(encoding: TextEncoding, text: &str) {
    let (raw, starts) = encoded(encoding, text);
    let (mut out, mut map) = (String::from("old"), OffsetMap::default());
    encoding.decode(&raw, &mut out, &mut map);
    assert_eq!(out, text, "{encoding:?}");
    for ((at, c), start) in text.char_indices().zip(&starts) {
        let last = if encoding == TextEncoding::Utf8 { at } else { at + c.len_utf8() - 1 };
        assert_eq!((map.raw(at), map.raw(last)), (*start, *start), "{encoding:?} at {at}");
    }
    assert_eq!(map.raw(text.len()), raw.len());
    for cut in 0..=raw.len() {
        let aligned = encoding.align(&raw, cut);
        assert!(aligned <= cut);
        let resynced = matches!(encoding, TextEncoding::Legacy(e) if !e.is_single_byte());
        if !resynced {
            assert!(starts.contains(&aligned) || aligned == raw.len(), "{encoding:?} cut {cut}");
        }
    }
}

#[test]
fn every_unicode_encoding_decodes_with_exact_offsets_and_cuts() {
    use TextEncoding::{Utf8, Utf16Be, Utf16Le, Utf32Be, Utf32Le};
    for encoding in [Utf8, Utf16Le, Utf16Be, Utf32Le, Utf32Be] {
        for text in SAMPLES {
            check_round_trip(encoding, text);
        }
    }
}

#[test]
fn old_encodings_decode_with_exact_offsets() {
    check_round_trip(TextEncoding::Legacy(WINDOWS_1252), "Zoë paid 5 € – “yes” – to François");
    check_round_trip(TextEncoding::Legacy(WINDOWS_1251), "Иван Петров, 12345");
    for encoding in [SHIFT_JIS, EUC_JP, GB18030] {
        check_round_trip(TextEncoding::Legacy(encoding), "日本語 123, 表示 end");
    }
    check_round_trip(TextEncoding::Legacy(EUC_KR), "한국어 123 끝");
    check_round_trip(TextEncoding::Legacy(BIG5), "中文 123, 結束");
}

#[test]
fn a_cut_in_an_old_multi_byte_encoding_falls_behind_a_space_or_comma() {
    let encoding = TextEncoding::Legacy(SHIFT_JIS);
    let (raw, _) = encoded(encoding, "日本語, 表示");
    let comma = raw.iter().position(|b| *b == b',').unwrap();
    assert_eq!(encoding.align(&raw, raw.len() - 1), comma + 2);
}

#[test]
fn ascii_needs_one_stretch_in_any_encoding() {
    let text = "only ascii 0123456789 ".repeat(100);
    for encoding in [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Legacy(WINDOWS_1252)] {
        let (raw, _) = encoded(encoding, &text);
        let (mut out, mut map) = (String::new(), OffsetMap::default());
        encoding.decode(&raw, &mut out, &mut map);
        assert_eq!(map.stretches.len(), 1);
    }
}

#[test]
fn faults_never_shift_what_follows() {
    let (mut out, mut map) = (String::new(), OffsetMap::default());
    TextEncoding::Utf8.decode(b"a\xE9b\x96\xE2\x82z\x81", &mut out, &mut map);
    assert_eq!(out, "aéb–â‚z\u{FFFD}");
    assert_eq!(map.raw(out.find('z').unwrap()), 6);
    TextEncoding::Utf16Le.decode(b"a\0\x00\xD8b\0c", &mut out, &mut map);
    assert_eq!(out, "a\u{FFFD}b\u{FFFD}");
    assert_eq!(map.raw(out.find('b').unwrap()), 4);
    TextEncoding::Utf32Be.decode(b"\0\0\0a\0\x11\0\0\0\0\0b\0", &mut out, &mut map);
    assert_eq!(out, "a\u{FFFD}b\u{FFFD}");
    assert_eq!(map.raw(out.find('b').unwrap()), 8);
    TextEncoding::Legacy(SHIFT_JIS).decode(b"x\x81 y\x93\xFA\x93", &mut out, &mut map);
    assert_eq!(map.raw(out.find('y').unwrap()), 3);
}

#[test]
fn random_bytes_keep_offsets_in_order_in_every_encoding() {
    let mut state = 7_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    let legacy =
        [SHIFT_JIS, EUC_JP, EUC_KR, BIG5, GB18030, ISO_2022_JP, WINDOWS_1252].map(TextEncoding::Legacy);
    let unicode = [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be, TextEncoding::Utf32Le];
    let (mut out, mut map) = (String::new(), OffsetMap::default());
    for round in 0..200 {
        let bytes: Vec<u8> = (0..round).map(|_| random()).collect();
        for encoding in unicode.into_iter().chain(legacy) {
            encoding.decode(&bytes, &mut out, &mut map);
            let raws: Vec<usize> = (0..=out.len()).map(|at| map.raw(at)).collect();
            assert!(raws.is_sorted(), "{encoding:?}");
            assert!(raws.iter().all(|r| *r <= bytes.len()), "{encoding:?}");
        }
    }
}

fn detected(bytes: &[u8]) -> Option<TextEncoding> {
    detect(bytes, bytes.len() as u64)
}

#[test]
fn marks_are_recognised() {
    let text = "Name,Number\r\nA,1\r\n";
    let marked = |mark: &[u8], raw: Vec<u8>| [mark, &raw].concat();
    let le = |n: u16| n.to_le_bytes();
    let be = |n: u16| n.to_be_bytes();
    assert_eq!(detected(&marked(b"\xEF\xBB\xBF", text.into())), Some(TextEncoding::Utf8Bom));
    assert_eq!(detected(&marked(b"\xFF\xFE", utf16(text, le))), Some(TextEncoding::Utf16Le));
    assert_eq!(detected(&marked(b"\xFE\xFF", utf16(text, be))), Some(TextEncoding::Utf16Be));
    assert_eq!(
        detected(&marked(b"\xFF\xFE\0\0", utf32(text, u32::to_le_bytes))),
        Some(TextEncoding::Utf32Le)
    );
    assert_eq!(
        detected(&marked(b"\0\0\xFE\xFF", utf32(text, u32::to_be_bytes))),
        Some(TextEncoding::Utf32Be)
    );
}

#[test]
fn utf16_without_mark_is_known_by_its_nul_bytes() {
    for text in ["Name;Amount\r\nAna;12\r\n", "Иван Петров, счёт 12345\r\n"] {
        assert_eq!(detected(&utf16(text, u16::to_le_bytes)), Some(TextEncoding::Utf16Le));
        assert_eq!(detected(&utf16(text, u16::to_be_bytes)), Some(TextEncoding::Utf16Be));
    }
}

#[test]
fn utf8_survives_a_cut_head_and_a_few_faults() {
    let text = "número café señor ".repeat(50);
    let head = &text.as_bytes()[..=text.find('ú').unwrap()];
    assert_eq!(detect(head, text.len() as u64), Some(TextEncoding::Utf8));
    let mut faulty = text.into_bytes();
    faulty.push(0xE9);
    assert_eq!(detected(&faulty), Some(TextEncoding::Utf8));
}

#[test]
fn old_encodings_are_guessed() {
    let latin = WINDOWS_1252.encode("Beyoncé Núñez señaló el número de la garçonnière à Gömböc").0;
    assert_eq!(detected(&latin), Some(TextEncoding::Legacy(WINDOWS_1252)));
    let cyrillic = WINDOWS_1251.encode("Договор аренды жилого помещения и порядок оплаты услуг").0;
    assert_eq!(detected(&cyrillic), Some(TextEncoding::Legacy(WINDOWS_1251)));
}

#[test]
fn nul_bytes_within_text_leave_it_text_and_binary_is_none() {
    let mut log = b"2024-01-05 12:00:00 started the service\n".repeat(20);
    log[100..120].fill(0);
    assert_eq!(detected(&log), Some(TextEncoding::Utf8));
    let numbers: Vec<u8> = (0..400_u32).flat_map(u32::to_le_bytes).collect();
    assert_eq!(detected(&numbers), None);
    let samples: Vec<u8> = (0..4000_u32).flat_map(|i| ((i * 37 % 701) as u16).to_le_bytes()).collect();
    assert_eq!(detected(&samples), None);
    assert_eq!(detected(&[1, 2, 3, 4, 5]), None);
    assert_eq!(detected(b"\xFF\xFE\x01\x00\x02\x00\x03\x00"), None);
    let separated = b"Ana\x01Lopez\x0112\nBob\x01Young\x0113\n";
    assert_eq!(detected(&separated.repeat(9)), Some(TextEncoding::Utf8));
}

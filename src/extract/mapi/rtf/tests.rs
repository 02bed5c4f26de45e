use super::*;

fn packed(method: [u8; 4], plain: usize, data: &[u8]) -> Vec<u8> {
    let size = u32::try_from(plain).expect("short").to_le_bytes();
    [&[0; 4], &size[..], &method, &[0; 4], data].concat()
}

#[test]
fn bodies_are_unpacked() {
    // Two literals, then six bytes of the dictionary's start, then the end at the place of writing.
    let end = u16::try_from((START.len() + 8) << 4).expect("small").to_be_bytes();
    let data = [&[0b0000_1100, b'a', b'b', 0, 4], &end[..]].concat();
    assert!(unpack(&packed(*b"LZFu", 8, &data)) == Some((b"ab{\\rtf1".to_vec(), false)));
    assert!(unpack(&packed(*b"LZFu", 8, &data[..4])) == Some((b"ab".to_vec(), true)));
    assert!(unpack(&packed(*b"MELA", 2, b"abc")) == Some((b"ab".to_vec(), false)));
    assert!(unpack(b"short").is_none() && unpack(&packed(*b"none", 1, b"a")).is_none());
}

fn said(rtf: &str) -> String {
    unwrap(rtf.as_bytes(), encoding_rs::WINDOWS_1252).text
}

#[test]
fn wrapped_html_comes_out_without_its_other_form() {
    let rtf = "{\\rtf1\\ansi\\fromhtml1 {\\fonttbl{\\f1\\fcharset204 Arial;}}\
        {\\*\\htmltag64 <p class=\"x\">}\\htmlrtf {\\b\\htmlrtf0 Ann \\'e9 123-45-\\htmlrtf no\\htmlrtf0 6789\
        {\\*\\htmltag84 &amp;}\\htmlrtf &\\htmlrtf0{\\*\\mhtmltag <p>}\\htmlrtf}\\htmlrtf0{\\*\\htmltag72 </p>}}";
    assert_eq!(said(rtf), "<p class=\"x\">Ann \u{e9} 123-45-6789&amp;</p>");
    assert!(unwrap(rtf.as_bytes(), encoding_rs::WINDOWS_1252).html);
}

#[test]
fn plain_rtf_gives_its_text() {
    let rtf = "{\\rtf1{\\info x}{\\fonttbl{\\f1\\fcharset204 A;}}a\\par\\f1 \\'c0\\u233 ?b\\tab\\uc0\\u-10179\\u-8704 c\\~\\{}";
    assert_eq!(said(rtf), "a\n\u{410}\u{e9}b\t\u{1F600}c\u{a0}{");
}

#[test]
fn broken_rtf_ends() {
    for rtf in ["}}}a", "\\", "\\'", "\\'zz", "{\\bin99 a", "\\u", "{\\*", &"{".repeat(5000)] {
        said(rtf);
    }
}

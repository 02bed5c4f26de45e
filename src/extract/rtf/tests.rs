use crate::extract::ooxml::testing::{only, record};

use super::Rtf;

fn read(rtf: &str) -> Vec<String> {
    record(&Rtf, rtf.as_bytes())
}

fn texts(rtf: &str) -> Vec<String> {
    only("T", &read(rtf))
}

#[test]
fn runs_are_joined_and_paragraphs_kept_apart() {
    assert_eq!(
        texts("{\\rtf1 SSN {\\b 024-\n}61\\_{\\i 3387}\\par next\\line line}"),
        ["|SSN 024-61-3387", "|next\nline"]
    );
}

#[test]
fn bytes_are_read_by_the_character_set_of_their_font() {
    let fonts = r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset128 C;}}";
    let text = format!("{{\\rtf1\\ansi{fonts}\\f0 Caf\\'e9 {{\\f1 \\'cf\\'f0}} {{\\f2 \\'93\\'fa\\'83A}}}}");
    assert_eq!(texts(&text), ["|Caf\u{e9} \u{41f}\u{440} \u{65e5}\u{30a2}"]);
}

#[test]
fn unicode_characters_replace_the_bytes_behind_them() {
    assert_eq!(
        texts(r"{\rtf1\uc1 a\u8364?b\uc2\u8364\'e2\'82c\uc0\u-10179\u-8704 d}"),
        ["|a\u{20ac}b\u{20ac}c\u{1f600}d"]
    );
}

#[test]
fn cells_and_rows_are_rows() {
    let lines =
        read(r"{\rtf1 Staff\par\trowd\intbl Name\cell SSN\cell\row\intbl A\par B\cell 1\cell\row\pard end}");
    assert_eq!(lines[1..], ["T |Staff", "R table1/row1|0:Name|1:SSN", "R table1/row2|0:A\nB|1:1", "T |end"]);
}

#[test]
fn parts_come_after_the_body_and_what_shows_nothing_does_not() {
    let lines = read(
        r"{\rtf1{\info{\title T}}{\header H}{\stylesheet{\s1 no;}}Body{\footnote F}{\*\annotation C}{\*\unknown no}.}",
    );
    let expected = [
        "U ",
        "T |Body.",
        "U headers",
        "T headers|H",
        "U footnotes",
        "T footnotes|F",
        "U comments",
        "T comments|C",
        "U properties",
        "T properties|T",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn objects_are_members_and_raw_bytes_are_no_tokens() {
    assert_eq!(
        only("M", &read("{\\rtf1{\\object{\\*\\objdata d0cf\n11e0}}}")),
        ["=\u{fffd}\u{fffd}\u{11}\u{fffd}"]
    );
    assert_eq!(texts("{\\rtf1 a{\\pict\\bin4 {}}}}b}"), ["|ab"]);
}

#[test]
fn a_cut_document_gives_what_stands_before_the_cut() {
    let lines = read(r"{\rtf1 whole {\b words");
    assert_eq!(lines, ["U ", "T |whole words", "G damaged the document ends within a group "]);
    let deep = format!("{{\\rtf1 {}deep{}}}", "{".repeat(100_000), "}".repeat(100_000));
    assert_eq!(texts(&deep), ["|deep"]);
}

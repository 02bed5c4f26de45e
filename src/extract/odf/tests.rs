use super::*;
use crate::extract::ooxml::testing::{archive, only, package, record};

fn text_document(body: &str) -> Vec<String> {
    let content = format!(
        "<office:document-content><office:body><office:text>{body}</office:text></office:body>\
         </office:document-content>"
    );
    record(&Odf, &package(&[("content.xml", &content)]))
}

fn sheet(rows: &str) -> Vec<String> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Staff\">{rows}\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    record(&Odf, &package(&[("content.xml", &content)]))
}

#[test]
fn spans_are_joined_and_white_space_collapses() {
    let lines = text_document(
        "<text:h>Head</text:h>\n<text:p>\n  Ann\n  Example<text:s text:c=\"2\"/>x \
         <text:span>024-61</text:span><text:span>-3387</text:span><text:tab/>end<text:line-break/>more</text:p>",
    );
    assert_eq!(only("T", &lines), ["|Head", "|Ann Example  x 024-61-3387\tend\nmore"]);
}

#[test]
fn notes_comments_and_boxes_stand_aside() {
    let lines = text_document(
        "<text:p>Before<text:note text:note-class=\"endnote\"><text:note-citation>1</text:note-citation>\
         <text:note-body><text:p>in the note</text:p></text:note-body></text:note> after\
         <office:annotation><dc:creator>Bo</dc:creator><text:p>a remark</text:p></office:annotation>\
         <draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box><svg:title>a chart</svg:title>\
         </draw:frame></text:p>",
    );
    assert_eq!(
        only("T", &lines),
        ["endnote|in the note", "comment|a remark", "|boxed", "description|a chart", "|Before after"]
    );
}

#[test]
fn tables_of_a_text_give_rows() {
    let lines = text_document(
        "<table:table table:name=\"T\"><table:table-column/><table:table-header-rows><table:table-row>\
         <table:table-cell><text:p>Name</text:p></table:table-cell><table:covered-table-cell/>\
         <table:table-cell><text:p>SSN</text:p><text:p>(full)</text:p></table:table-cell></table:table-row>\
         </table:table-header-rows></table:table>",
    );
    assert_eq!(only("R", &lines), ["table1/row1|0:Name|2:SSN\n(full)"]);
}

#[test]
fn deletions_stand_where_they_were() {
    let lines = text_document(
        "<text:tracked-changes><text:changed-region text:id=\"c1\"><text:deletion><text:p>61-33</text:p>\
         </text:deletion></text:changed-region><text:changed-region text:id=\"c2\"><text:insertion/>\
         </text:changed-region><text:changed-region text:id=\"c3\"><text:deletion><text:p>no mark</text:p>\
         </text:deletion></text:changed-region></text:tracked-changes>\
         <text:p>SSN 024-<text:change text:change-id=\"c1\"/><text:change-start text:change-id=\"c2\"/>XX\
         <text:change-end text:change-id=\"c2\"/>87</text:p>",
    );
    assert_eq!(only("T", &lines), ["|SSN 024-XX87", "deleted|SSN 024-61-3387", "deleted|no mark"]);
}

#[test]
fn cells_of_a_sheet_are_shown_with_their_columns() {
    let lines = sheet(
        "<table:table-row table:number-rows-repeated=\"4\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"24613387\"><text:p>024-61-3387</text:p>\
         </table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"17\"/>\
         <table:table-cell office:value-type=\"string\"><office:annotation><text:p>call her</text:p>\
         </office:annotation><text:p>Ann</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated=\"2\"><text:p>x</text:p></table:table-cell></table:table-row>",
    );
    assert_eq!(only("R", &lines), ["Staff/row5|2#024-61-3387|3#17|4:Ann|5:x|6:x"]);
    assert_eq!(only("T", &lines), ["comment/Staff/E5|call her"]);
}

#[test]
fn repeats_cannot_fill_the_memory() {
    let lines = sheet(
        "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
         table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row>\
         <table:table-row><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row>",
    );
    let rows = only("R", &lines);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].matches('|').count(), 64);
    assert_eq!(rows[1], "Staff/row1048577|0:y");
}

#[test]
fn slides_have_pages_and_notes() {
    let body = "<office:presentation><draw:page draw:name=\"p\"><draw:frame><draw:text-box><text:p>first</text:p>\
                </draw:text-box></draw:frame><presentation:notes><text:p>say it</text:p></presentation:notes>\
                </draw:page><draw:page><text:p>second</text:p></draw:page></office:presentation>";
    let lines = record(&Odf, &package(&[("content.xml", body)]));
    assert_eq!(only("T", &lines), ["page1|first", "notes/page1|say it", "page2|second"]);
}

#[test]
fn headers_lie_with_the_styles_and_properties_in_a_part() {
    let styles = "<office:document-styles><number:text>no</number:text><style:master-page><style:header>\
                  <text:p>Payroll</text:p></style:header></style:master-page></office:document-styles>";
    let meta = "<office:document-meta><dc:creator>Bo Sample</dc:creator></office:document-meta>";
    let lines =
        record(&Odf, &package(&[("content.xml", "<a/>"), ("styles.xml", styles), ("meta.xml", meta)]));
    assert_eq!(only("T", &lines), ["header|Payroll", "properties/creator|Bo Sample"]);
}

#[test]
fn embedded_documents_are_read_and_other_files_are_members() {
    let lines = record(
        &Odf,
        &archive(&[
            ("content.xml", b"<a/>"),
            ("Object 1/content.xml", b"<a><text:p>inside</text:p></a>"),
            ("Object 2", b"ole"),
            ("Pictures/1.png", b"png"),
            ("settings.xml", b"<a/>"),
        ]),
    );
    assert_eq!(only("T", &lines), ["embedded|inside"]);
    assert_eq!(only("M", &lines), ["Object 2=ole"]);
    assert_eq!(only("S", &lines), ["Pictures/1.png: media picture"]);
}

#[test]
fn the_list_of_files_proves_encryption() {
    let list = "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data>\
                <manifest:algorithm manifest:algorithm-name=\"http://www.w3.org/2001/04/xmlenc#aes256-cbc\"/>\
                <manifest:key-derivation manifest:key-size=\"32\"/></manifest:encryption-data></manifest:file-entry>\
                </manifest:manifest>";
    let lines = record(&Odf, &package(&[("content.xml", "x"), ("META-INF/manifest.xml", list)]));
    assert_eq!(lines, ["E odf-aes Some(256) Yes"]);
}

#[test]
fn one_encrypted_picture_does_not_encrypt_the_document() {
    let list = "<m><file-entry full-path=\"Object 2\"><encryption-data><algorithm algorithm-name=\"Blowfish CFB\"/>\
                </encryption-data></file-entry></m>";
    let parts = [
        ("content.xml", "<a><text:p>plain</text:p></a>"),
        ("META-INF/manifest.xml", list),
        ("Object 2", "x"),
    ];
    let lines = record(&Odf, &package(&parts));
    assert_eq!(only("T", &lines), ["|plain"]);
    assert_eq!(only("S", &lines), ["Object 2: odf-blowfish Some(128) Yes"]);
}

#[test]
fn flat_files_need_no_package() {
    let flat = "<?xml version=\"1.0\"?><office:document><office:meta><dc:title>A title</dc:title></office:meta>\
                <office:body><office:text><text:p>flat</text:p><draw:image><office:binary-data>QUJD</office:binary-data>\
                </draw:image></office:text></office:body></office:document>";
    assert_eq!(only("T", &record(&FlatOdf, flat.as_bytes())), ["properties|A title", "|flat"]);
}

#[test]
fn a_document_that_breaks_off_gives_what_precedes() {
    let lines = record(&FlatOdf, b"<office:document><text:p>024-61-3387");
    assert_eq!(lines, ["U ", "T |024-61-3387", "G damaged the part breaks off "]);
}

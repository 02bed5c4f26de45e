use super::*;
use crate::extract::ooxml::testing::{only, package, record};

const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"000\\-00\\-0000\"/></numFmts>\
    <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/>\
    <xf numFmtId=\"14\"/></cellXfs></styleSheet>";

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
}

/// A workbook with one sheet of these rows.
fn workbook(rows: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let book = "<workbook><sheets><sheet name=\"Staff\" state=\"hidden\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>";
    let list = format!("<R>{}</R>", relation("s", "worksheet", "worksheets/sheet1.xml"));
    let sheet = format!(
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData><headerFooter>\
         <oddHeader>&amp;CPayroll</oddHeader></headerFooter></worksheet>"
    );
    let mut parts = vec![
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", &list),
        ("xl/worksheets/sheet1.xml", &sheet),
        ("xl/styles.xml", STYLES),
    ];
    parts.extend_from_slice(more);
    package(&parts)
}

#[test]
fn cells_are_shown_as_a_reader_sees_them() {
    let rows = "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"B3\" s=\"1\"><v>24613387</v></c>\
                <c r=\"C3\" s=\"2\"><v>45000</v></c><c r=\"D3\"><v>4111111111111111</v></c>\
                <c r=\"E3\" t=\"str\"><f>A1</f><v>kept</v></c><c r=\"F3\" t=\"b\"><v>1</v></c>\
                <c r=\"XFD3\" t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>";
    let strings = "<sst uniqueCount=\"4000000000\"><si><t>zero</t></si><si><r><rPr/><t xml:space=\"preserve\">Ann </t></r>\
                   <r><t>Example</t></r><rPh><t>reading</t></rPh></si></sst>";
    let lines = record(&Xlsx, &workbook(rows, &[("xl/sharedStrings.xml", strings)]));
    assert_eq!(
        only("R", &lines),
        ["Staff/row3|0:Ann Example|1#024-61-3387|2:2023-03-15|3#4111111111111111|4:kept|5:TRUE|16383:inline"]
    );
    assert_eq!(only("T", &lines), ["header-footer/Staff|Payroll"]);
    assert!(only("G", &lines).is_empty());
}

#[test]
fn a_lone_sheet_is_the_only_table() {
    let rows = "<row><c><v>1</v></c></row>";
    let lone = |more: &[(&str, &str)]| only("O", &record(&Xlsx, &workbook(rows, more))).len();
    assert_eq!(lone(&[]), 1);
    assert_eq!(lone(&[("xl/worksheets/sheet2.xml", "<worksheet/>")]), 0);
    assert_eq!(lone(&[("xl/embeddings/other.xlsx", "PK")]), 0);
}

#[test]
fn rows_and_cells_without_references_are_counted() {
    let rows = "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>";
    assert_eq!(only("R", &record(&Xlsx, &workbook(rows, &[]))), ["Staff/row1|0#1|2#2", "Staff/row2|0#3"]);
}

#[test]
fn comments_stand_at_their_cell() {
    let list = format!(
        "<R>{}{}</R>",
        relation("c", "comments", "../comments1.xml"),
        relation("t", "threadedComment", "../threadedComments/t1.xml")
    );
    let comments = "<comments><authors><author>Bo</author></authors><commentList><comment ref=\"B17\"><text><r><t>call </t>\
                    </r><r><t>her</t></r></text></comment></commentList></comments>";
    let threads = "<ThreadedComments><threadedComment ref=\"B18\"><text>done</text></threadedComment></ThreadedComments>";
    let more = [
        ("xl/worksheets/_rels/sheet1.xml.rels", list.as_str()),
        ("xl/comments1.xml", comments),
        ("xl/threadedComments/t1.xml", threads),
    ];
    let lines = record(&Xlsx, &workbook("", &more));
    assert_eq!(
        only("T", &lines)[1..],
        ["comments/Staff/B17|call her".to_owned(), "comments/Staff/B18|done".to_owned()]
    );
}

#[test]
fn a_workbook_without_a_list_gives_its_sheets() {
    let bytes =
        package(&[("xl/worksheets/sheet7.xml", "<worksheet><row r=\"1\"><c><v>5</v></c></row></worksheet>")]);
    assert_eq!(record(&Xlsx, &bytes), ["O", "U sheet7", "R sheet7/row1|0#5"]);
}

#[test]
fn pivot_caches_give_their_copy_of_the_source() {
    let cache = "<pivotCacheDefinition><cacheFields><cacheField name=\"Name\"><sharedItems><s v=\"Ann\"/><s v=\"Bo\"/>\
                 </sharedItems></cacheField><cacheField name=\"SSN\"><sharedItems/></cacheField></cacheFields>\
                 </pivotCacheDefinition>";
    let list = format!("<R>{}</R>", relation("r", "pivotCacheRecords", "pivotCacheRecords1.xml"));
    let records = "<pivotCacheRecords><r><x v=\"1\"/><n v=\"98765432\"/></r><r><x v=\"9\"/><m/></r></pivotCacheRecords>";
    let more = [
        ("xl/pivotCache/pivotCacheDefinition1.xml", cache),
        ("xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels", list.as_str()),
        ("xl/pivotCache/pivotCacheRecords1.xml", records),
    ];
    assert_eq!(
        only("R", &record(&Xlsx, &workbook("", &more))),
        ["pivot-cache/table1/row1|0:Name|1:SSN", "pivot-cache/table1/row2|0:Bo|1#98765432"]
    );
}

#[test]
fn kept_values_of_other_workbooks_and_names_are_read() {
    let link = "<externalLink><sheetDataSet><sheetData><row r=\"2\"><cell r=\"B2\" t=\"str\"><v>Ann</v></cell></row>\
                </sheetData></sheetDataSet></externalLink>";
    let lines = record(&Xlsx, &workbook("", &[("xl/externalLinks/externalLink1.xml", link)]));
    assert_eq!(only("R", &lines), ["external-link/table1/row2|1:Ann"]);
    let named = package(&[(
        "xl/workbook.xml",
        "<workbook><definedName name=\"Chief\">\"Ann\"</definedName></workbook>",
    )]);
    assert_eq!(only("T", &record(&Xlsx, &named)), ["defined-names/Chief|\"Ann\""]);
}

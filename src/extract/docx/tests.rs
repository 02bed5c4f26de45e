use super::*;
use crate::extract::ooxml::testing::{only, package, record};

/// A document of which only the body is given.
fn body(xml: &str) -> Vec<u8> {
    package(&[("word/document.xml", &format!("<w:document><w:body>{xml}</w:body></w:document>"))])
}

fn texts(xml: &str) -> Vec<String> {
    only("T", &record(&Docx, &body(xml)))
}

#[test]
fn runs_of_a_paragraph_are_joined() {
    let xml = "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>987-</w:t></w:r><w:proofErr/><w:r><w:rPr/>\
               <w:t>65</w:t><w:noBreakHyphen/><w:t>4321</w:t><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t></w:r></w:p>";
    assert_eq!(texts(xml), ["|987-65-4321\tx\ny"]);
}

#[test]
fn entities_inside_a_number_are_kept() {
    assert_eq!(
        texts("<w:p><w:r><w:t>987&#45;65&#x2d;4321 &amp; more</w:t></w:r></w:p>"),
        ["|987-65-4321 & more"]
    );
}

#[test]
fn table_rows_keep_their_columns() {
    let cell = |text: &str| format!("<w:tc><w:tcPr/><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let wide = cell("w").replace("<w:tcPr/>", "<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>");
    let two = "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc>";
    let xml = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{wide}{two}</w:tr></w:tbl><w:tbl><w:tr>{}</w:tr></w:tbl>",
        cell("Name"),
        cell("SSN"),
        cell("z")
    );
    let lines = record(&Docx, &body(&xml));
    assert_eq!(only("R", &lines), ["table1/row1|0:Name|1:SSN", "table1/row2|0:w|2:a\nb", "table2/row1|0:z"]);
}

#[test]
fn a_table_in_a_cell_follows_its_row() {
    let inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let xml =
        format!("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>out</w:t></w:r></w:p>{inner}<w:p/></w:tc></w:tr></w:tbl>");
    assert_eq!(only("R", &record(&Docx, &body(&xml))), ["table1/row1|0:out", "table2/row1|0:in"]);
}

#[test]
fn deleted_text_follows_its_paragraph() {
    let xml = "<w:p><w:r><w:t>Number </w:t></w:r><w:del><w:r><w:delText>withdrawn</w:delText></w:r></w:del>\
               <w:ins><w:r><w:t>given</w:t></w:r></w:ins></w:p>";
    assert_eq!(texts(xml), ["|Number given", "deleted|withdrawn"]);
}

#[test]
fn a_number_changed_in_its_middle_is_given_as_it_was_and_as_it_is() {
    let xml = "<w:p><w:r><w:t>987-65-</w:t></w:r><w:del><w:r><w:delText>43</w:delText></w:r></w:del>\
               <w:ins><w:r><w:t>99</w:t></w:r></w:ins><w:r><w:t>21</w:t></w:r></w:p>";
    assert_eq!(texts(xml), ["|987-65-9921", "deleted|987-65-4321"]);
}

#[test]
fn a_text_box_is_given_once() {
    let shape =
        |text: &str| format!("<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>");
    let xml = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>\
         </mc:AlternateContent></w:r><w:r><w:t>anchor</w:t></w:r></w:p><w:p><w:r><mc:AlternateContent>\
         <mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{1}</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        shape("box"),
        shape("old box")
    );
    assert_eq!(texts(&xml), ["|box", "|anchor", "|old box"]);
}

#[test]
fn all_parts_are_read_each_as_a_unit() {
    let paragraph = |text: &str| format!("<w:x><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:x>");
    let bytes = package(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Id=\"1\" Type=\"http://x/officeDocument\" Target=\"/word/main.xml\"/>\
             </Relationships>",
        ),
        ("word/main.xml", &paragraph("body")),
        (
            "word/_rels/main.xml.rels",
            "<Relationships><Relationship Id=\"1\" Type=\"http://x/footer\" Target=\"foot.xml\"/></Relationships>",
        ),
        ("word/foot.xml", &paragraph("foot")),
        ("word/header1.xml", &paragraph("head")),
        ("word/comments.xml", &paragraph("comment")),
        ("word/charts/chart1.xml", "<c:chart><c:v>410</c:v><c:v>x</c:v></c:chart>"),
        ("customXml/item1.xml", "<form><ssn>987-65-4321</ssn></form>"),
        (
            "docProps/custom.xml",
            "<Properties><property name=\"Client\"><vt:lpwstr>Ann</vt:lpwstr></property></Properties>",
        ),
        ("word/theme/theme1.xml", "<a:t>not text</a:t>"),
        ("word/embeddings/oleObject1.bin", ""),
        ("word/vbaProject.bin", ""),
        ("hidden.csv", ""),
        ("word/media/image1.png", ""),
    ]);
    assert_eq!(
        record(&Docx, &bytes),
        [
            "U ",
            "T |body",
            "U header",
            "T header|head",
            "U footer",
            "T footer|foot",
            "U comments",
            "T comments|comment",
            "U drawing",
            "T drawing|410",
            "T drawing|x",
            "U custom-xml",
            "T custom-xml/ssn|987-65-4321",
            "U properties",
            "T properties/Client|Ann",
            "M hidden.csv=<?xml version=\"1.0\"?>",
            "S word/vbaProject.bin: executable macros",
            "S word/media/image1.png: media picture",
            "M word/embeddings/oleObject1.bin=<?xml version=\"1.0\"?>",
        ]
    );
}

#[test]
fn a_truncated_file_gives_what_is_left() {
    let long: String = (0..5000)
        .map(|n| ["<w:p><w:r><w:t>line ", &(n * 7919).to_string(), "</w:t></w:r></w:p>"].concat())
        .collect();
    let whole = body(&long);
    let lines = record(&Docx, &whole[..whole.len() / 2]);
    assert!(only("T", &lines).len() > 1000);
    assert_eq!(lines[0], "G damaged central directory missing ");
    assert!(lines.iter().any(|l| l.starts_with("G damaged the part breaks off document")));
}

#[test]
fn ill_formed_markup_is_a_gap_of_its_part() {
    let bytes =
        package(&[("word/document.xml", "<w:document><w:p><w:r><w:t>987-65-4321</w:t></w:r></w:p><w:p")]);
    let lines = record(&Docx, &bytes);
    assert_eq!(lines, ["U ", "T |987-65-4321", "G damaged the XML is ill-formed document"]);
}

#[test]
fn what_is_no_package_is_damaged() {
    assert_eq!(only("G", &record(&Docx, b"")).len(), 2);
    assert_eq!(only("G", &record(&Docx, &package(&[("other.xml", "<a/>")]))).len(), 1);
}

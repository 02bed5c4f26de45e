use super::*;
use crate::extract::ooxml::testing::{package, record};

#[test]
fn slides_come_in_order_with_notes_and_tables() {
    let text = |t: &str| format!("<p:sp><p:txBody><a:p><a:r><a:t>{t}</a:t></a:r></a:p></p:txBody></p:sp>");
    let table = "<a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Ann</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody>\
                 <a:p><a:r><a:t>987-65-</a:t></a:r><a:r><a:t>4321</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl>";
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
    };
    let list = format!(
        "<R>{}{}</R>",
        relation("a", "slide", "slides/slide1.xml"),
        relation("b", "slide", "slides/slide2.xml")
    );
    let prompt = format!(
        "<p:l><p:sp><p:nvSpPr><p:cNvPr name=\"Title 1\"/><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:txBody><a:p>\
         <a:r><a:t>Click to edit</a:t></a:r></a:p></p:txBody></p:sp>{}</p:l>",
        text("of the house")
    );
    let bytes = package(&[
        (
            "ppt/presentation.xml",
            "<p:x><p:sldId id=\"256\" r:id=\"b\"/><p:sldId id=\"257\" r:id=\"a\"/></p:x>",
        ),
        ("ppt/_rels/presentation.xml.rels", &list),
        ("ppt/slides/slide1.xml", &format!("<p:sld>{}{table}</p:sld>", text("second"))),
        ("ppt/slides/slide2.xml", &format!("<p:sld>{}</p:sld>", text("first<a:br/>"))),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            &format!("<R>{}</R>", relation("n", "notesSlide", "../notesSlides/n.xml")),
        ),
        ("ppt/notesSlides/n.xml", &format!("<p:notes>{}</p:notes>", text("note"))),
        ("ppt/comments/comment1.xml", "<p:cmLst><p:cm><p:pos/><p:text>a comment</p:text></p:cm></p:cmLst>"),
        ("ppt/slideMasters/slideMaster1.xml", &format!("<p:m>{}</p:m>", text("on every slide"))),
        ("ppt/slideLayouts/slideLayout1.xml", &prompt),
    ]);
    assert_eq!(
        record(&Pptx, &bytes),
        [
            "U page1",
            "T page1|first\n",
            "U notes/page1",
            "T notes/page1|note",
            "U page2",
            "T page2|second",
            "R page2/table1/row1|0:Ann|1:987-65-4321",
            "U comments",
            "T comments|a comment",
            "U layout",
            "T layout|of the house",
            "T layout|on every slide",
        ]
    );
}

#[test]
fn slides_are_found_without_the_presentation_part() {
    let slide = |n: u32| format!("<p:sld><a:p><a:r><a:t>slide {n}</a:t></a:r></a:p></p:sld>");
    let bytes = package(&[("ppt/slides/slide10.xml", &slide(10)), ("ppt/slides/slide2.xml", &slide(2))]);
    assert_eq!(record(&Pptx, &bytes), ["U page1", "T page1|slide 2", "U page2", "T page2|slide 10"]);
}

#[test]
fn numbers_of_charts_show_as_their_format_says() {
    let cache = |code: &str, value: &str| {
        format!("<c:numCache><c:formatCode>{code}</c:formatCode><c:pt><c:v>{value}</c:v></c:pt></c:numCache>")
    };
    let chart = format!("<c:c>{}{}<c:v>38353</c:v></c:c>", cache("mmm-yy", "45000"), cache("0%", "0.256"));
    let lines =
        record(&Pptx, &package(&[("ppt/presentation.xml", "<p:x/>"), ("ppt/charts/chart1.xml", &chart)]));
    let texts: Vec<&str> = lines.iter().filter_map(|l| l.strip_prefix('T')?.split('|').nth(1)).collect();
    assert_eq!(texts, ["Mar-23 (2023-03-15)", "26%", "38353"]);
}

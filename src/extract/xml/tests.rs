use super::collect::{Collect, collect};
use super::*;

fn read(text: &str) -> Collect {
    collect(&Xml, text.as_bytes())
}

#[test]
fn elements_and_attributes_become_one_tree() {
    let sink = read(
        "<?xml version='1.0'?><h:Employees xmlns:h='urn:x' year='2020'>\
         <Employee id='7'><Name> Ann Example </Name><SSN type='full'>123-45-6789</SSN></Employee>\
         <Employee><Name>Bob</Name></Employee></h:Employees>",
    );
    assert!(sink.is(&[
        "object Employees{year=2020;Employee{id=7;Name=Ann Example;SSN{type=full;SSN=123-45-6789;}}Employee{Name=Bob;}}"
    ]));
    let second = &sink.objects[0].children[1];
    assert!(second.place.pointer.as_deref() == Some("/Employees/Employee[2]"));
    assert!(second.fields[0].place.pointer.as_deref() == Some("/Employees/Employee[2]/Name"));
    assert!(sink.objects[0].fields[0].place.pointer.as_deref() == Some("/Employees/@year"));
}

#[test]
fn references_comments_and_cdata_inside_a_value_are_joined() {
    let sink = read("<r><ssn>123&#45;45<!-- x -->&#x2D;<![CDATA[6789]]></ssn><n>A &amp; B &odd; C</n></r>");
    assert!(sink.is(&["text(comment) x", "object r{ssn=123-45-6789;n=A & B &odd; C;}"]));
}

#[test]
fn mixed_content_is_running_text() {
    let sink = read(
        "<doc><p>The number of <b>Ann</b> is 123-<i>45</i>-6789.<br/>Next</p><p><b>Bob</b> too</p><id>7</id></doc>",
    );
    assert!(sink.is(&[
        "text The number of Ann is 123-45-6789.",
        "text Next",
        "text Bob too",
        "object doc{id=7;}"
    ]));
}

#[test]
fn runs_of_office_documents_are_one_line() {
    let sink = read(
        "<w:body xmlns:w='x'><w:p><w:r><w:t>123-45</w:t></w:r><w:r><w:rPr/><w:t>-6789</w:t></w:r></w:p></w:body>",
    );
    assert!(sink.is(&["text 123-45-6789"]));
}

#[test]
fn a_single_element_is_an_object() {
    assert!(read("<ssn>123-45-6789</ssn>").is(&["object ssn{ssn=123-45-6789;}"]));
}

#[test]
fn tags_that_do_not_match_are_reported_and_read() {
    let sink = read("<a><b>1</x><c>123-45-6789</c></a></z>");
    assert!(sink.has("123-45-6789"));
    assert_eq!(sink.all("gap damaged").len(), 1);
}

#[test]
fn truncated_documents_give_what_is_there() {
    let sink = read("<r><p><n>Ann</n><ssn>123-45-6789</ssn></p><p><n>Bob</n><ssn>987-65");
    assert!(sink.has("p{n=Ann;ssn=123-45-6789;}p{n=Bob;ssn=987-65;}"));
    assert_eq!(sink.all("gap damaged").len(), 1);
    let sink = read("<r><n>Ann</n><x ssn='123-45-6789");
    assert!(sink.has("123-45-6789") && sink.has("n=Ann"));
}

#[test]
fn after_a_broken_tag_the_rest_is_text() {
    let sink = read("<r><n>Ann</n><!bad 987 <p>123-45-6789</p></r>");
    assert!(sink.has("n=Ann") && sink.has("123-45-6789") && sink.has("gap damaged not well-formed at byte"));
}

#[test]
fn entity_bombs_are_not_expanded() {
    let sink = read("<!DOCTYPE r [<!ENTITY a '123-45-6789'><!ENTITY b '&a;&a;'>]><r>&b;</r>");
    assert!(sink.has("object r{r=&b;;}") && sink.has("text(comment)"));
}

#[test]
fn deep_nesting_is_reported_and_read() {
    let text = format!("{}123-45-6789{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let sink = read(&text);
    assert!(sink.has("123-45-6789"));
    assert_eq!(sink.all("gap limit-depth").len(), 1);
    assert!(sink.all("gap damaged").is_empty());
}

#[test]
fn many_attributes_are_read() {
    use std::fmt::Write as _;
    let mut text = String::from("<r");
    for i in 0..100_000 {
        let _ = write!(text, " a{i}='{i}'");
    }
    let sink = read(&(text + "/>"));
    assert_eq!(sink.objects.iter().map(|o| o.fields.len()).sum::<usize>(), 100_000);
}

#[test]
fn a_large_document_is_handed_out_by_children_of_the_root() {
    let row = format!("<p><n>Ann</n><x>{}</x></p>", "y".repeat(1000));
    let sink = read(&format!("<r><top>1</top>{}</r>", row.repeat(17_000)));
    assert_eq!(sink.objects.len(), 17_001);
    assert!(sink.objects[17_000].name == "r" && sink.objects[17_000].fields[0].value == "1");
}

#[test]
fn declared_encodings_and_utf16_are_read() {
    let sink = collect(&Xml, b"<?xml version='1.0' encoding='ISO-8859-2'?><n>\xb9imon</n>");
    assert!(sink.has("n=\u{161}imon"));
    let utf16: Vec<u8> = "<n>Zo\u{eb}</n>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(collect(&Xml, &utf16).has("n=Zo\u{eb}"));
}

#[test]
fn xhtml_is_read_as_a_page() {
    let sink = read("<?xml version='1.0'?><!DOCTYPE html><html><body><p>Ann <b>E</b>x</p></body></html>");
    assert!(sink.has("text Ann Ex"));
}

#[test]
fn storms_end_in_linear_time() {
    for unit in ["<a>x", "</a>", "&a;", "<a b='1'/>", "<!--x-->", "<a>x</b>", "<p>x<i>", "]]>", "<![CDATA["] {
        let sink = read(&format!("<r>{}123-45-6789", unit.repeat(50_000)));
        assert!(sink.has("123-45-6789"), "{unit}");
    }
}

#[test]
fn shapes_and_glyphs_of_pages_are_running_text() {
    let sink = read(
        "<PageContents><Shapes><Shape ID='1'><Text><cp IX='0'/>Name: Ann\nExample</Text></Shape>\
         <Shape ID='2'><Text>SSN 123-45-6789</Text></Shape></Shapes></PageContents>",
    );
    assert_eq!(sink.all("text"), ["text Name: Ann", "text Example", "text SSN 123-45-6789"]);
    let shape = |text: &str| format!("<Shape><Text>{text}</Text></Shape>");
    let shapes = [shape("SSN: 1\nName: Ann"), shape("SSN: 2\nName: Bob")].concat();
    let sink = read(&format!("<PageContents><Shapes>{shapes}</Shapes></PageContents>"));
    assert_eq!(sink.all("text"), ["text SSN: 1", "text Name: Ann", "text ", "text SSN: 2", "text Name: Bob"]);
    let run = |x: u32, y: u32, text: &str| {
        format!("<Glyphs FontRenderingEmSize='10' OriginX='{x}' OriginY='{y}' UnicodeString='{text}'/>")
    };
    let runs = [run(10, 20, "Ann"), run(100, 20, "123-"), run(122, 20, "45-6789"), run(10, 40, "{}{x}")];
    let sink = read(&format!("<FixedPage Width='800'>{}</FixedPage>", runs.concat()));
    assert_eq!(sink.all("text"), ["text Ann\t123-45-6789", "text {x}"]);
    let lines: Vec<String> = [20, 34, 62].iter().map(|y| run(10, *y, &y.to_string())).collect();
    let sink = read(&format!("<FixedPage Width='800'>{}</FixedPage>", lines.concat()));
    assert_eq!(sink.all("text"), ["text 20", "text 34", "text \n62"]);
}

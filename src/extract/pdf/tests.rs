use std::io::{Cursor, Read};

use super::*;
use crate::document::{Envelope, Field, Row, Sealed};
use crate::event::Tri;

/// Keeps everything as short strings.
struct Kept {
    texts: Vec<String>,
    fields: Vec<Field>,
    members: Vec<(String, Vec<u8>)>,
    sealed: u32,
    gaps: Vec<(Cause, Option<String>)>,
    encrypted: Vec<Encryption>,
    steps: u32,
}

impl DocumentSink for Kept {
    fn unit(&mut self, place: Place) {
        let page = place.page.map(|n| n.to_string());
        self.texts.push(format!("== {}", page.or(place.part).unwrap_or_default()));
    }
    fn text(&mut self, place: Place, text: &str) {
        let part = place.part.map_or(String::new(), |part| format!("{part}: "));
        self.texts.push(format!("{part}{text}"));
    }
    fn row(&mut self, _: Row) {}
    fn object(&mut self, object: Object) {
        self.fields.extend(object.fields);
    }
    fn envelope(&mut self, _: Envelope) {}
    fn member(&mut self, name: &str, content: &mut dyn Read) {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes).expect("the test's members are sound");
        self.members.push((name.to_owned(), bytes));
    }
    fn sealed_member(&mut self, _: &str, _: u64, _: Sealed) {
        self.sealed += 1;
    }
    fn gap(&mut self, cause: Cause, _: &str, extent: Option<String>) {
        self.gaps.push((cause, extent));
    }
    fn encrypted(&mut self, encryption: Encryption) {
        self.encrypted.push(encryption);
    }
    fn go_on(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }
}

fn read_for(bytes: &[u8], steps: u32) -> Kept {
    let mut kept = Kept {
        texts: Vec::new(),
        fields: Vec::new(),
        members: Vec::new(),
        sealed: 0,
        gaps: Vec::new(),
        encrypted: Vec::new(),
        steps,
    };
    let mut reader = Cursor::new(bytes);
    let mut input = Input {
        name: "a.pdf",
        len: bytes.len() as u64,
        reader: &mut reader,
        memory: 1 << 30,
        passwords: &[],
    };
    Pdf.extract(&mut input, &mut kept);
    kept
}

fn read_all(bytes: &[u8]) -> Kept {
    read_for(bytes, u32::MAX)
}

/// A PDF of numbered objects: 1 is the catalog, 2 the page tree, 3 a font.
struct Builder {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    catalog: String,
    trailer: String,
}

impl Builder {
    fn new() -> Self {
        let font =
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec();
        Builder {
            objects: vec![vec![], vec![], font],
            pages: vec![],
            catalog: String::new(),
            trailer: String::new(),
        }
    }

    fn object(&mut self, body: &str) -> usize {
        self.objects.push(body.as_bytes().to_vec());
        self.objects.len()
    }

    fn stream(&mut self, entries: &str, content: &[u8]) -> usize {
        let head = format!("<< /Length {} {entries} >>\nstream\n", content.len());
        self.objects.push([head.as_bytes(), content, b"\nendstream"].concat());
        self.objects.len()
    }

    fn page(&mut self, content: &str, entries: &str) -> &mut Self {
        let stream = self.stream("", content.as_bytes());
        let page = self.object(&format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {stream} 0 R {entries} \
             /Resources << /Font << /F 3 0 R >> /XObject << /X {} 0 R >> >> >>",
            stream + 2
        ));
        self.pages.push(page);
        self
    }

    fn bytes(&mut self) -> Vec<u8> {
        let kids = self.pages.iter().map(|n| format!("{n} 0 R")).collect::<Vec<_>>().join(" ");
        self.objects[0] = format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog).into_bytes();
        self.objects[1] =
            format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", self.pages.len()).into_bytes();
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut xref = Vec::new();
        for (body, n) in self.objects.iter().zip(1..) {
            xref.push(format!("{:010} 00000 n \n", out.len()));
            out.extend(format!("{n} 0 obj\n").bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let (start, size) = (out.len(), self.objects.len() + 1);
        out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n{}", xref.concat()).bytes());
        let trailer = format!("trailer\n<< /Size {size} /Root 1 0 R {} >>\n", self.trailer);
        out.extend(format!("{trailer}startxref\n{start}\n%%EOF\n").bytes());
        out
    }
}

fn one_page(content: &str) -> Vec<u8> {
    Builder::new().page(content, "").bytes()
}

const RECORD: &str = "BT /F 10 Tf 50 700 Td (Ann Example) Tj ET BT /F 10 Tf 300 700 Td (078-05-1120) Tj ET";

#[test]
fn a_row_drawn_cell_by_cell_is_one_line() {
    let kept = read_all(&one_page(
        "BT /F 10 Tf 50 700 Td (Ann Example) Tj 0 -14 Td (Bob Sample) Tj ET \
         BT /F 10 Tf 300 700 Td (078-05-1120) Tj 0 -14 Td (219-09-9999) Tj ET",
    ));
    assert_eq!(kept.texts, ["== 1", "Ann Example\t078-05-1120", "Bob Sample\t219-09-9999"]);
    assert!(kept.gaps.is_empty());
}

#[test]
fn a_number_in_several_strings_is_joined() {
    let kept = read_all(&one_page("BT /F 10 Tf 50 700 Td [(07) 5 (8-) -20 (05-)] TJ (11) Tj (20) Tj ET"));
    assert_eq!(kept.texts, ["== 1", "078-05-1120"]);
}

#[test]
fn spaced_out_digits_are_joined() {
    let kept = read_all(&one_page("BT /F 10 Tf 4 Tc 50 700 Td (078051120) Tj ET"));
    assert_eq!(kept.texts, ["== 1", "078051120"]);
}

#[test]
fn a_turned_page_reads_like_any_other() {
    let content = "BT /F 10 Tf 0 1 -1 0 300 50 Tm (Ann Example) Tj ET";
    let kept = read_all(&Builder::new().page(content, "/Rotate 90").bytes());
    assert_eq!(kept.texts, ["== 1", "Ann Example"]);
}

#[test]
fn form_fields_come_with_label_and_full_name() {
    let mut file = Builder::new();
    file.page(RECORD, "");
    let parent = file.objects.len() + 1;
    let kid = parent + 1;
    file.object(&format!("<< /T (person) /Kids [{kid} 0 R] >>"));
    file.object(&format!(
        "<< /T (ssn) /TU (Social security number) /FT /Tx /V (219-09-9999) /Parent {parent} 0 R >>"
    ));
    file.catalog = format!("/AcroForm << /Fields [{parent} 0 R {parent} 0 R] >>");
    let kept = read_all(&file.bytes());
    assert!(kept.fields.len() == 1);
    let field = &kept.fields[0];
    assert_eq!((field.key.as_str(), field.value.as_str()), ("Social security number", "219-09-9999"));
    assert_eq!(field.place.field.as_deref(), Some("person.ssn"));
}

#[test]
fn a_widget_that_no_form_lists_is_read() {
    let widget = "/Annots [<< /Subtype /Widget /T (ssn) /V (219-09-9999) /Rect [0 0 1 1] >>]";
    let kept = read_all(&Builder::new().page("", widget).bytes());
    assert!(kept.fields.iter().map(|f| f.value.as_str()).eq(["219-09-9999"]));
}

#[test]
fn notes_properties_and_outlines_are_read() {
    let mut file = Builder::new();
    file.page("", "/Annots [<< /Subtype /Text /Contents (call Ann) /Rect [0 0 1 1] >>]");
    let info = file.object("<< /Title (Payroll) /Checked#20by (Bob) /CreationDate (D:20200101) >>");
    let outline = file.objects.len() + 1;
    file.object(&format!("<< /First {} 0 R >>", outline + 1));
    file.object(&format!("<< /Title (Chapter) /Next {} 0 R >>", outline + 1));
    file.catalog = format!("/Outlines {outline} 0 R");
    file.trailer = format!("/Info {info} 0 R");
    let kept = read_all(&file.bytes());
    let expected = [
        "== properties",
        "properties: Checked by: Bob",
        "properties: Title: Payroll",
        "== properties",
        "properties: Chapter",
        "== 1",
        "annotation: call Ann",
    ];
    assert_eq!(kept.texts, expected);
}

#[test]
fn replacement_text_that_is_not_drawn_is_read() {
    let kept = read_all(&one_page("/Span << /ActualText (Bob 1) >> BDC BT /F 10 Tf 9 9 Td (Ann) Tj ET EMC"));
    assert_eq!(kept.texts, ["== 1", "Ann", "actual-text: Bob 1"]);
}

fn with_attachment(trailer: &str) -> Vec<u8> {
    let mut file = Builder::new();
    file.page(RECORD, "");
    let stream = file.stream("/Type /EmbeddedFile", b"name,ssn");
    let spec = file.object(&format!("<< /Type /Filespec /F (list.csv) /EF << /F {stream} 0 R >> >>"));
    file.catalog = format!("/Names << /EmbeddedFiles << /Names [(a) {spec} 0 R] >> >>");
    trailer.clone_into(&mut file.trailer);
    file.bytes()
}

#[test]
fn attachments_become_members() {
    let kept = read_all(&with_attachment(""));
    assert!(kept.members == [("list.csv".to_owned(), b"name,ssn".to_vec())]);
}

const LOCKED: &str = "/O <3132333435363738393031323334353637383930313233343536373839303132> \
     /U <3132333435363738393031323334353637383930313233343536373839303132> /P -4";

#[test]
fn a_file_with_a_password_is_encrypted_and_nothing_else() {
    let mut file = Builder::new();
    file.page(RECORD, "");
    file.trailer = format!("/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 {LOCKED} >>");
    let kept = read_all(&file.bytes());
    assert!(kept.texts.is_empty() && kept.gaps.is_empty());
    let told = Encryption { kind: "pdf-standard".to_owned(), bits: Some(40), statutory: Tri::No };
    assert_eq!(kept.encrypted, [told]);
}

#[test]
fn a_file_for_a_certificate_is_encrypted() {
    let mut file = Builder::new();
    file.page(RECORD, "");
    file.trailer = "/Encrypt << /Filter /Adobe.PubSec /V 2 /Length 128 >>".to_owned();
    let kept = read_all(&file.bytes());
    assert!(kept.texts.is_empty() && kept.gaps.is_empty());
    assert_eq!(
        (kept.encrypted[0].kind.as_str(), kept.encrypted[0].statutory),
        ("pdf-adobe.pubsec", Tri::Yes)
    );
}

#[test]
fn a_plain_body_with_encrypted_attachments_is_read() {
    let filters = "/StmF /Identity /StrF /Identity /EFF /S /CF << /S << /CFM /AESV2 >> >>";
    let kept = read_all(&with_attachment(&format!(
        "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 4 /R 4 {LOCKED} {filters} >>"
    )));
    assert_eq!(kept.texts, ["== 1", "Ann Example\t078-05-1120"]);
    assert!(kept.sealed == 1 && kept.members.is_empty() && kept.encrypted.is_empty());
}

#[test]
fn a_broken_cross_reference_table_does_no_harm() {
    let mut bytes = one_page(RECORD);
    let at = raw::find(&bytes, b"startxref", 0).expect("the builder writes it");
    bytes[at + 10] = b'9';
    assert_eq!(read_all(&bytes).texts, ["== 1", "Ann Example\t078-05-1120"]);
}

#[test]
fn a_truncated_file_is_damaged_and_salvaged() {
    let bytes = one_page(&RECORD.repeat(2));
    let at = raw::find(&bytes, b"1120", 0).expect("the builder writes it") + 8;
    let kept = read_all(&bytes[..at]);
    assert!(kept.texts.iter().any(|text| text == "salvaged: 078-05-1120"));
    assert!(kept.gaps.iter().any(|(cause, _)| *cause == Cause::Damaged));
}

#[test]
fn a_lost_page_is_damage() {
    let mut file = Builder::new();
    file.page(RECORD, "").page(RECORD, "");
    let lost = file.pages[1];
    let bytes = file.bytes();
    let text = String::from_utf8(bytes).expect("the builder writes ASCII");
    let cut =
        text.replace(&format!("{lost} 0 obj\n<< /Type /Page"), &format!("{lost} 0 obj\n[[ /Type /Page"));
    let kept = read_all(cut.as_bytes());
    assert!(kept.gaps.iter().any(|(cause, _)| *cause == Cause::Damaged));
    assert!(kept.texts.iter().any(|text| text == "salvaged: Ann Example"));
}

#[test]
fn what_is_no_pdf_is_damaged() {
    for bytes in [&b""[..], b"hello", b"%PDF-1.4\n", &[0xFF; 4096]] {
        let kept = read_all(bytes);
        assert!(kept.gaps.iter().any(|(cause, _)| *cause == Cause::Damaged));
    }
}

#[test]
fn pages_of_pictures_are_named_in_one_gap() {
    let mut file = Builder::new();
    for content in ["q 600 0 0 800 0 0 cm /X Do Q", "q 600 0 0 800 0 0 cm /X Do Q", RECORD] {
        file.page(content, "");
        let image = "/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray";
        file.stream(image, b"x");
    }
    let kept = read_all(&file.bytes());
    assert!(kept.gaps == [(Cause::NoTextLayer, Some("pages 1-2".to_owned()))]);
}

#[test]
fn forms_that_call_each_other_without_end_are_read_once() {
    let mut file = Builder::new();
    file.page("/X Do", "");
    for _ in 0..40 {
        let next = file.objects.len() + 2;
        let entries = format!("/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {next} 0 R >> >>");
        file.stream(&entries, b"/X Do /X Do");
    }
    file.stream("/Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 3 0 R >> >>", RECORD.as_bytes());
    let kept = read_all(&file.bytes());
    assert_eq!(kept.texts, ["== 1", "Ann Example\t078-05-1120"]);
    assert!(kept.gaps == [(Cause::LimitBytes, Some("page 1".to_owned()))]);
}

#[test]
fn a_form_is_read_where_it_is_drawn() {
    let mut file = Builder::new();
    file.page("BT /F 10 Tf 50 700 Td (Ann) Tj ET q 1 0 0 1 250 0 cm /X Do Q", "");
    let entries = "/Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >>";
    file.stream(entries, b"BT /F 10 Tf 50 700 Td (078-05-1120) Tj ET");
    let kept = read_all(&file.bytes());
    assert_eq!(kept.texts, ["== 1", "Ann\t078-05-1120"]);
    assert!(kept.gaps.is_empty());
}

#[test]
fn text_of_a_hidden_layer_is_read() {
    let mut file = Builder::new();
    let layer = file.object("<< /Type /OCG /Name (hidden) >>");
    file.page(&format!("/OC << /OC {layer} 0 R >> BDC {RECORD} EMC BT /F 10 Tf 9 9 Td (seen) Tj ET"), "");
    file.catalog = format!("/OCProperties << /OCGs [{layer} 0 R] /D << /OFF [{layer} 0 R] >> >>");
    assert_eq!(read_all(&file.bytes()).texts, ["== 1", "Ann Example\t078-05-1120", "seen"]);
}

#[test]
fn content_that_the_parser_gives_up_is_salvaged() {
    let kept = read_all(&one_page(&format!("{} {RECORD}", "[".repeat(5000))));
    assert_eq!(kept.texts, ["== 1", "salvaged: Ann Example", "salvaged: 078-05-1120"]);
    assert!(kept.gaps == [(Cause::Damaged, Some("page 1".to_owned()))]);
}

#[test]
fn pages_are_given_as_ranges() {
    assert_eq!(page_ranges(&[3]), "page 3");
    assert_eq!(page_ranges(&[1, 2, 3, 7, 9, 10]), "pages 1-3, 7, 9-10");
}

#[test]
fn work_stops_when_the_sink_says_so() {
    let mut file = Builder::new();
    for _ in 0..50 {
        file.page(RECORD, "");
    }
    let kept = read_for(&file.bytes(), 10);
    assert!(kept.texts.len() < 40);
}

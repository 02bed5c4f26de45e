//! The smallest files of their formats, made by hand.

#![allow(dead_code, reason = "every test file uses some of it")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";

/// An archive of deflated members.
pub fn zip(path: &Path, members: &[(&str, &str)]) {
    let mut zip = ZipWriter::new(fs::File::create(path).expect("a new file"));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a member");
        zip.write_all(content.as_bytes()).expect("its content");
    }
    zip.finish().expect("a whole archive");
}

/// A workbook of one sheet with cells of text, which says that it is as large as `dimension`.
pub fn xlsx(path: &Path, sheet: &str, dimension: &str, rows: &[&[&str]]) {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let types = format!(
        "<Types xmlns=\"{TYPES}\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/\
         vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"
    );
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"{sheet}\" sheetId=\"1\" \
         r:id=\"r1\"/></sheets></workbook>"
    );
    let row = |(cells, n): (&&[&str], u32)| {
        let cell = |(text, column): (&&str, char)| {
            format!("<c r=\"{column}{n}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        format!("<row r=\"{n}\">{}</row>", cells.iter().zip('A'..).map(cell).collect::<String>())
    };
    let cells: String = rows.iter().zip(1..).map(row).collect();
    let content = format!(
        "<worksheet xmlns=\"{MAIN}\"><dimension ref=\"{dimension}\"/><sheetData>{cells}</sheetData></worksheet>"
    );
    let members = [
        ("[Content_Types].xml", types),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", content),
    ];
    zip(path, &members.each_ref().map(|(name, content)| (*name, content.as_str())));
}

/// One page without text, and a form with one field.
pub fn pdf_form(path: &Path, field: &str, value: &str) {
    let field = format!("<< /FT /Tx /T ({field}) /V ({value}) >>");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        &field,
    ];
    let (mut out, mut table) = (String::from("%PDF-1.7\n"), String::from("0000000000 65535 f \n"));
    for (object, n) in objects.iter().zip(1..) {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        let _ = writeln!(out, "{n} 0 obj\n{object}\nendobj");
    }
    let start = out.len();
    let trailer = "trailer\n<< /Size 5 /Root 1 0 R >>";
    let _ = writeln!(out, "xref\n0 5\n{table}{trailer}\nstartxref\n{start}\n%%EOF");
    fs::write(path, out).expect("a form");
}

//! The zip family, told apart by the names of members, and what a file's name promises.

/// The member of the zip family that an archive with these members is: `docx`, `xlsx`, `xlsb`, `pptx`, `odf`,
/// `epub`, `xps`, `vsdx`, `iwork`, `apk`, `jar`, `3mf`, `kmz`, or `zip` for a plain archive.
///
/// `odf` is told apart by its member `mimetype` ([`mimetype_family`]). Names are compared without regard to
/// case, as Office does.
pub fn zip_family<'a>(names: impl Iterator<Item = &'a str>) -> &'static str {
    let (mut found, mut content_types) = (None, false);
    for name in names {
        // Some writers use backslashes or a leading slash.
        let name = name.trim_start_matches(['/', '\\']).replace('\\', "/").to_ascii_lowercase();
        content_types |= name == "[content_types].xml";
        let rank = MARKS
            .iter()
            .position(|(mark, _)| mark.strip_suffix('*').map_or(name == *mark, |m| name.starts_with(m)));
        found = match (found, rank) {
            (Some(a), Some(b)) => Some(std::cmp::min::<usize>(a, b)),
            (a, b) => a.or(b),
        };
    }
    match found.map(|rank| MARKS[rank].1) {
        Some(family) => family,
        None if content_types => "opc",
        None => "zip",
    }
}

/// Members that mark a family, the stronger before the weaker: an `apk` is a `jar` too. A star stands for the
/// rest.
const MARKS: &[(&str, &str)] = &[
    ("xl/workbook.bin", "xlsb"),
    ("xl/workbook.xml", "xlsx"),
    ("word/document.xml", "docx"),
    ("word/document2.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("visio/document.xml", "vsdx"),
    ("fixeddocseq.fdseq", "xps"),
    ("fixeddocumentsequence.fdseq", "xps"),
    ("3d/3dmodel.model", "3mf"),
    ("meta-inf/container.xml", "epub"),
    ("index/document.iwa", "iwork"),
    ("index.apxl", "iwork"),
    ("buildversionhistory.plist", "iwork"),
    ("metadata/buildversionhistory.plist", "iwork"),
    ("androidmanifest.xml", "apk"),
    ("meta-inf/manifest.xml", "odf"),
    ("meta-inf/manifest.mf", "jar"),
    ("doc.kml", "kmz"),
    ("word/*", "docx"),
    ("xl/*", "xlsx"),
    ("ppt/*", "pptx"),
];

/// The family that the member `mimetype` names: `odt`, `ods`, `odp`, `odg`, `odf` or `epub`.
pub fn mimetype_family(content: &[u8]) -> Option<&'static str> {
    let text = content.trim_ascii();
    if text == b"application/epub+zip" {
        return Some("epub");
    }
    let kind = text.strip_prefix(b"application/vnd.oasis.opendocument.")?;
    let kinds: [(&[u8], &str); 4] =
        [(b"text", "odt"), (b"spreadsheet", "ods"), (b"presentation", "odp"), (b"graphics", "odg")];
    Some(kinds.iter().find(|(word, _)| kind.starts_with(word)).map_or("odf", |(_, id)| id))
}

/// True if the name of a file promises a document format. With content of no format at all such a file is
/// damaged.
pub fn promises_document(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    DOCUMENTS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

const DOCUMENTS: &[&str] = &[
    "pdf", "doc", "docx", "docm", "dotx", "xls", "xlsx", "xlsm", "xlsb", "ppt", "pptx", "pptm", "ppsx",
    "odt", "ods", "odp", "rtf", "msg", "epub", "zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar",
    "mdb", "accdb", "pst", "ost", "dbf", "sqlite", "parquet",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn family(names: &[&str]) -> &'static str {
        zip_family(names.iter().copied())
    }

    #[test]
    fn office_files_are_told_apart_by_their_main_part() {
        assert_eq!(family(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]), "docx");
        assert_eq!(family(&["xl/workbook.xml", "xl/worksheets/sheet1.xml"]), "xlsx");
        assert_eq!(family(&["XL\\Workbook.bin"]), "xlsb");
        assert_eq!(family(&["/ppt/presentation.xml", "ppt/embeddings/a.xlsx"]), "pptx");
        assert_eq!(family(&["[Content_Types].xml", "word/other.xml"]), "docx");
        assert_eq!(family(&["[Content_Types].xml", "custom.xml"]), "opc");
    }

    #[test]
    fn others_of_the_family_have_their_marks() {
        assert_eq!(family(&["mimetype", "content.xml", "META-INF/manifest.xml"]), "odf");
        assert_eq!(family(&["META-INF/MANIFEST.MF", "a.class", "AndroidManifest.xml"]), "apk");
        assert_eq!(family(&["META-INF/MANIFEST.MF", "a.class"]), "jar");
        assert_eq!(family(&["META-INF/container.xml", "content.opf"]), "epub");
        assert_eq!(family(&["Index/Document.iwa", "preview.jpg"]), "iwork");
        assert_eq!(family(&["a.txt", "folder/b.docx"]), "zip");
        assert_eq!(family(&[]), "zip");
    }

    #[test]
    fn the_mimetype_member_names_the_kind() {
        assert_eq!(
            mimetype_family(b"application/vnd.oasis.opendocument.spreadsheet-template\n"),
            Some("ods")
        );
        assert_eq!(mimetype_family(b"application/vnd.oasis.opendocument.formula"), Some("odf"));
        assert_eq!(mimetype_family(b"application/epub+zip"), Some("epub"));
        assert_eq!(mimetype_family(b"text/plain"), None);
    }

    #[test]
    fn only_the_last_extension_promises() {
        assert!(promises_document("payroll.XLSX"));
        assert!(!promises_document("payroll.xlsx.txt"));
        assert!(!promises_document("pdf"));
    }
}

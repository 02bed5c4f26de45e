//! Readers, one file or folder for each format, behind one trait and one registry.

pub mod about;
pub mod cfb;
pub mod docx;
pub mod eml;
pub mod html;
pub mod json;
pub mod ooxml;
pub mod pdf;
pub mod pptx;
pub mod runs;
pub mod xlsx;
pub mod xml;
pub mod zip;

use crate::document::{Extractor, Input};
use crate::identify::zip_family;

/// A format that is read.
pub struct Reader {
    /// Its short name in results.
    pub format: &'static str,
    /// Reads it.
    pub extractor: &'static dyn Extractor,
}

/// Every format that is read. To add one: a file here, a line below, a row in [`about::FORMATS`], a folder in
/// `fixtures/`.
pub static READERS: &[Reader] = &[
    Reader { format: "pdf", extractor: &pdf::Pdf },
    Reader { format: "docx", extractor: &docx::Docx },
    Reader { format: "xlsx", extractor: &xlsx::Xlsx },
    Reader { format: "pptx", extractor: &pptx::Pptx },
    Reader { format: "ole2", extractor: &cfb::Cfb },
    Reader { format: "zip", extractor: &zip::Zip },
    Reader { format: "eml", extractor: &eml::Eml },
    Reader { format: "json", extractor: &json::Json },
    Reader { format: "html", extractor: &html::Html },
    Reader { format: "xml", extractor: &xml::Xml },
];

/// Members of the zip family whose members are read one by one as those of a plain archive.
const LIKE_ZIP: [&str; 7] = ["epub", "xps", "vsdx", "jar", "apk", "kmz", "opc"];

/// The reader of a format.
#[must_use]
pub fn reader(format: &str) -> Option<&'static Reader> {
    READERS.iter().find(|r| r.format == format)
}

/// For a zip archive: which document format its members make it, and the reader of that, if there is one.
pub fn zip_kind(input: &mut Input<'_>) -> (&'static str, Option<&'static Reader>) {
    let directory = zip::directory::Directory::read(input.reader, input.len);
    let family = zip_family(directory.entries.iter().map(|e| e.name.as_str()));
    let reader = if LIKE_ZIP.contains(&family) { reader("zip") } else { reader(family) };
    (family, reader)
}

//! Readers, one file or folder for each format, behind one trait and one registry.

pub mod about;
mod access;
pub(crate) mod bytes;
pub mod cab;
pub mod cards;
pub mod cfb;
pub mod cms;
pub(crate) mod code_page;
pub mod dbf;
pub mod doc;
pub mod docx;
pub mod ebcdic;
pub mod eml;
pub mod html;
pub mod iso;
pub mod iwork;
pub mod json;
pub mod keyed;
mod mapi;
pub mod mbox;
pub mod metafile;
mod msg;
pub mod odf;
pub mod ooxml;
pub mod packed;
pub mod parquet;
pub mod pdf;
pub mod ppt;
pub mod pptx;
pub mod pst;
pub mod rar;
pub mod rtf;
pub mod runs;
pub mod serial;
pub mod sevenz;
pub mod sqlite;
pub mod tar;
pub mod tnef;
pub mod unknown;
pub(crate) mod unlock;
pub mod wpd;
pub mod xls;
pub mod xlsb;
pub mod xlsx;
pub mod xml;
pub mod zip;

use std::io::{self, ErrorKind};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, StreamExtractor};
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
    Reader { format: "xls", extractor: &xls::Xls },
    Reader { format: "xlsb", extractor: &xlsb::Xlsb },
    Reader { format: "pptx", extractor: &pptx::Pptx },
    Reader { format: "odf", extractor: &odf::Odf },
    Reader { format: "iwork", extractor: &iwork::Iwork },
    Reader { format: "flat-odf", extractor: &odf::FlatOdf },
    Reader { format: "ole2", extractor: &cfb::Cfb },
    Reader { format: "word2", extractor: &doc::OldWord },
    Reader { format: "wpd", extractor: &wpd::WordPerfect },
    Reader { format: "rtf", extractor: &rtf::Rtf },
    Reader { format: "emf", extractor: &metafile::Emf },
    Reader { format: "wmf", extractor: &metafile::Wmf },
    Reader { format: "zip", extractor: &zip::Zip },
    Reader { format: "gzip", extractor: &packed::Packed::Gzip },
    Reader { format: "bzip2", extractor: &packed::Packed::Bzip2 },
    Reader { format: "xz", extractor: &packed::Packed::Xz },
    Reader { format: "lzma", extractor: &packed::Packed::Lzma },
    Reader { format: "lzip", extractor: &packed::Packed::Lzip },
    Reader { format: "zstd", extractor: &packed::Packed::Zstd },
    Reader { format: "lz4", extractor: &packed::Packed::Lz4 },
    Reader { format: "compress", extractor: &packed::Packed::Compress },
    Reader { format: "tar", extractor: &tar::Tar },
    Reader { format: "ar", extractor: &serial::Serial::Ar },
    Reader { format: "cpio", extractor: &serial::Serial::Cpio },
    Reader { format: "iso", extractor: &iso::Iso },
    Reader { format: "cab", extractor: &cab::Cab },
    Reader { format: "rar", extractor: &rar::Rar },
    Reader { format: "7z", extractor: &sevenz::SevenZ },
    Reader { format: "sqlite", extractor: &sqlite::Sqlite },
    Reader { format: "sqlite-wal", extractor: &sqlite::SqliteWal },
    Reader { format: "parquet", extractor: &parquet::Parquet },
    Reader { format: "ebcdic", extractor: &ebcdic::EbcdicText },
    Reader { format: "dbf", extractor: &dbf::Dbf },
    Reader { format: "mdb", extractor: &access::Access },
    Reader { format: "eml", extractor: &eml::Eml },
    Reader { format: "mbox", extractor: &mbox::Mbox },
    Reader { format: "pkcs7", extractor: &cms::Pkcs7 },
    Reader { format: "tnef", extractor: &tnef::Tnef },
    Reader { format: "pst", extractor: &pst::Pst },
    Reader { format: "vcard", extractor: &cards::Cards },
    Reader { format: "icalendar", extractor: &cards::Cards },
    Reader { format: "ldif", extractor: &cards::ldif::Ldif },
    Reader { format: "yaml", extractor: &keyed::Yaml },
    Reader { format: "ini", extractor: &keyed::Sections },
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

/// Reads a file that can be read at random with a reader of streams.
fn from_start(reader: &dyn StreamExtractor, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
    if input.reader.rewind().is_err() {
        return sink.gap(Cause::IoError, "reading failed", None);
    }
    reader.extract_stream(input.name, &mut *input.reader, sink);
}

/// What an error of a stream of unpacked bytes means: cause and words of a gap.
#[must_use]
pub fn read_gap(error: &io::Error) -> (Cause, &'static str) {
    match error.kind() {
        ErrorKind::UnexpectedEof => (Cause::Damaged, "ends too early"),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => (Cause::Damaged, "does not decompress"),
        ErrorKind::OutOfMemory => (Cause::LimitMemory, "its dictionary is larger than allowed"),
        ErrorKind::Unsupported => (Cause::NoReader, "packed in a way that is not read"),
        _ => (Cause::Damaged, "could not be read to its end"),
    }
}

//! What can be said of each format that is read: for `revere formats` and for docs/COVERAGE.md, which is made from
//! this table.
//!
//! One row for each word that results have under `format`, or for each way of reading plain text. The texts are
//! Markdown and end without a full stop.

/// What is read of a format, and what is not.
pub struct About {
    /// The word for it in results.
    pub id: &'static str,
    /// The reader in [`super::READERS`] that takes it apart; `text` for plain text, which needs none.
    pub reader: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Extensions that such files usually have. They never decide anything.
    pub extensions: &'static [&'static str],
    /// What comes out.
    pub reads: &'static str,
    /// What does not; empty if nothing is left out on purpose.
    pub leaves_out: &'static str,
    /// Limits of its own, beside the budgets that hold for all; empty if there are none.
    pub limits: &'static str,
}

const fn about(id: &'static str, reader: &'static str, name: &'static str) -> About {
    About { id, reader, name, extensions: &[], reads: "", leaves_out: "", limits: "" }
}

/// Every format that is read.
pub static FORMATS: &[About] = &[
    About {
        extensions: &["txt", "log", "md", "sql", "csv", "tsv", "ndjson", "yaml", "ini"],
        reads: "everything. UTF-8, UTF-16, Windows-1252 and other older encodings, UTF-32 with its mark. Delimited \
                tables (comma, tab, semicolon, bar; quoted cells over several lines) and fixed-width records as rows \
                under their headers, one JSON object a line as objects, `INSERT` and `COPY` of SQL dumps as rows",
        leaves_out: "tables with other delimiters are read as running text",
        ..about("text", "text", "plain text of any kind")
    },
    About {
        reads: "the same as of plain text, as a member in UTF-8; code pages 37, 500 and 1047. Records without line ends \
                become lines, their length found by what recurs",
        leaves_out: "packed and binary numbers in records, records of varying length",
        ..about("ebcdic", "ebcdic", "EBCDIC text of mainframes")
    },
    About {
        extensions: &["json", "geojson"],
        reads: "objects with the pointer of every value; also with comments and other liberties",
        ..about("json", "json", "JSON")
    },
    About {
        extensions: &["yaml", "yml"],
        reads: "every mapping and list item as an object, several documents in one, values in brackets and of several \
                lines, comments. Lists of keys with nothing nested in them are read as plain text",
        leaves_out: "what anchors and aliases stand for",
        limits: "16 MiB; larger files are read as plain text. Structure is followed to 128 levels",
        ..about("yaml", "yaml", "YAML")
    },
    About {
        extensions: &["ini", "cfg", "conf", "toml"],
        reads: "every section as an object, comments; keys without sections are read as plain text",
        limits: "16 MiB; larger files are read as plain text",
        ..about("ini", "ini", "settings in sections (INI, TOML)")
    },
    About {
        extensions: &["ldif", "ldf"],
        reads: "every entry as an object; values in Base64, embedded files",
        leaves_out: "values kept in other files",
        ..about("ldif", "ldif", "LDIF")
    },
    About {
        extensions: &["html", "htm", "xhtml"],
        reads: "text, tables, form fields; attributes, comments, scripts and hidden elements too",
        ..about("html", "html", "HTML")
    },
    About {
        extensions: &["xml"],
        reads: "elements and attributes as objects, running text",
        leaves_out: "own entities of a document type",
        limits: "structure is followed to 4,096 levels",
        ..about("xml", "xml", "XML")
    },
    About {
        extensions: &["pdf"],
        reads: "text of pages, form fields, notes, properties, attachments, XFA; damaged files as far as their \
                streams can be read",
        leaves_out: "text in pictures",
        limits: "256 MiB",
        ..about("pdf", "pdf", "PDF")
    },
    About {
        extensions: &["docx", "docm", "dotx", "dotm"],
        reads: "body, tables, headers, footers, notes, comments, deleted and inserted text, text boxes, properties, \
                custom XML, charts, embedded files",
        leaves_out: "text in pictures",
        ..about("docx", "docx", "Word")
    },
    About {
        extensions: &["xlsx", "xlsm", "xltx"],
        reads: "rows of all sheets, hidden ones too, as shown (number formats applied); comments, pivot caches, \
                values kept of other workbooks, defined names, embedded files",
        leaves_out: "data models",
        ..about("xlsx", "xlsx", "Excel")
    },
    About {
        extensions: &["pptx", "pptm", "ppsx", "potx"],
        reads: "slides in order, notes, comments, diagrams, charts, shapes of masters and layouts, embedded files",
        leaves_out: "prompts of masters and layouts, text in pictures",
        ..about("pptx", "pptx", "PowerPoint")
    },
    About {
        extensions: &["xlsb"],
        reads: "as Excel above; of pivot caches their different texts",
        leaves_out: "numbers of pivot caches, data models",
        ..about("xlsb", "xlsb", "Excel binary workbook")
    },
    About {
        extensions: &["xls", "xlt"],
        reads: "Excel 2 to 2003, in OLE2 files or bare: rows of all sheets, hidden ones too, as shown; comments, text boxes, \
                headers, footers, titles of charts, values kept of other workbooks, defined names, embedded files",
        leaves_out: "numbers of pivot caches, text boxes before Excel 97",
        ..about("biff4", "xls", "Excel 2 to 2003")
    },
    About {
        extensions: &["odt", "ott", "odm"],
        reads: "body, tables, headers, footers, notes, comments, deleted text, text boxes, form controls, hidden \
                text, properties, embedded documents and files",
        leaves_out: "text in pictures; encrypted documents are not opened with passwords",
        ..about("odt", "odf", "OpenDocument text")
    },
    About {
        extensions: &["ods", "ots"],
        reads: "rows of all sheets, hidden ones too, as shown; the stored value where long numbers are shown otherwise; \
                comments, drawings, tracked changes, embedded documents and files",
        leaves_out: "formulas; a repeated row is given once",
        limits: "64 copies of a repeated cell",
        ..about("ods", "odf", "OpenDocument spreadsheet")
    },
    About {
        extensions: &["odp", "otp"],
        reads: "slides in order, notes, master pages, embedded documents and files",
        leaves_out: "text in pictures",
        ..about("odp", "odf", "OpenDocument presentation")
    },
    About {
        extensions: &["odg", "otg"],
        reads: "text of shapes, page by page",
        leaves_out: "text in pictures",
        ..about("odg", "odf", "OpenDocument drawing")
    },
    About {
        extensions: &["odf", "odb", "odc"],
        reads: "text of the content, embedded files",
        ..about("odf", "odf", "other OpenDocument (formula, chart, database)")
    },
    About {
        extensions: &["pages", "numbers", "key"],
        reads: "Pages, Numbers and Keynote from 2005 on: rows of tables under the names of their sheets, text of \
                bodies, boxes, slides, headers, notes and comments; embedded files",
        leaves_out: "formulas, charts, properties, text in pictures; passwords are not tried",
        limits: "objects of a quarter of the memory for a file",
        ..about("iwork", "iwork", "iWork")
    },
    About {
        extensions: &["fodt", "fods", "fodp", "fodg"],
        reads: "what is read of the same kind as a package",
        leaves_out: "files embedded as Base64",
        ..about("flat-odf", "flat-odf", "OpenDocument as one XML file")
    },
    About {
        extensions: &["doc", "dot", "ppt", "msg"],
        reads: "Word 6 to 2003: body, tables, headers, footers, notes, comments, text boxes, deleted and hidden text, \
                fields, properties, embedded files. PowerPoint 97 to 2003: slides, notes, comments, masters, drawn \
                letters, properties, embedded files. Outlook messages: headers, every form of the \
                body, fields of contacts and the like, attachments, embedded documents, attached messages. Proofs of \
                encryption; with a password: encryption by RC4; files packed into it unchanged",
        leaves_out: "macros; the order of slides in PowerPoint 4 and 95; Word documents obfuscated by XOR",
        ..about("ole2", "ole2", "OLE2: Word, PowerPoint, Outlook")
    },
    About {
        extensions: &["doc"],
        reads: "text of documents of Word 1 and 2",
        leaves_out: "what a fast save left in pieces: runs of text only",
        limits: "256 MiB",
        ..about("word2", "word2", "Word before version 6")
    },
    About {
        extensions: &["wpd", "wp", "wp5", "wp6", "doc"],
        reads: "text, tables, headers, footers, notes of `WordPerfect` 5.0 and later",
        leaves_out: "characters beyond Latin letters, pictures, embedded objects; documents of version 4.2, which have \
                     no signature, are read as runs of text",
        ..about("wpd", "wpd", "WordPerfect document")
    },
    About {
        extensions: &["rtf", "doc"],
        reads: "text, tables, headers, footers, notes, comments, text boxes, deleted and hidden text, fields, \
                properties, embedded objects",
        leaves_out: "pictures",
        ..about("rtf", "rtf", "RTF")
    },
    About {
        extensions: &["zip"],
        reads: "members in turn; methods store, deflate, deflate64, bzip2, LZMA, zstd, xz and those of the 1980s. A \
                missing directory is rebuilt from the members' headers. With a password: the traditional encryption \
                and AES",
        leaves_out: "PPMd and other methods",
        limits: "LZMA dictionaries of 256 MiB, old methods 64 MiB a member; 1,000,000 entries",
        ..about("zip", "zip", "zip")
    },
    About {
        extensions: &["epub", "xps", "vsdx", "jar", "apk", "kmz"],
        reads: "their members, one by one",
        ..about("opc", "zip", "epub, xps, Visio and other packages on zip (`epub`, `xps`, `vsdx`, `jar` …)")
    },
    About {
        extensions: &["gz", "tgz"],
        reads: "its content as one member, named as the header says; several packed files in one, what is appended",
        ..about("gzip", "gzip", "gzip")
    },
    About {
        extensions: &["bz2", "tbz2"],
        reads: "its content as one member; several packed streams in one, what is appended",
        ..about("bzip2", "bzip2", "bzip2")
    },
    About {
        extensions: &["xz", "txz"],
        reads: "its content as one member; several packed streams in one",
        limits: "dictionaries of 256 MiB",
        ..about("xz", "xz", "xz")
    },
    About {
        extensions: &["lzma"],
        reads: "its content as one member",
        limits: "dictionaries of 256 MiB",
        ..about("lzma", "lzma", "lzma alone")
    },
    About {
        extensions: &["lz"],
        reads: "its content as one member; several packed files in one",
        limits: "dictionaries of 256 MiB",
        ..about("lzip", "lzip", "lzip")
    },
    About {
        extensions: &["zst", "tzst"],
        reads: "its content as one member; several frames in one, skippable frames skipped",
        leaves_out: "frames that need a dictionary kept elsewhere",
        limits: "windows of 256 MiB",
        ..about("zstd", "zstd", "zstd")
    },
    About {
        extensions: &["lz4"],
        reads: "its content as one member",
        leaves_out: "the legacy form",
        ..about("lz4", "lz4", "lz4 frames")
    },
    About {
        extensions: &["Z"],
        reads: "its content as one member",
        ..about("compress", "compress", "compress (LZW)")
    },
    About {
        extensions: &["tar"],
        reads: "members in turn, of any size; ustar, pax, GNU and older forms, long names, sparse files, several \
                archives in one; what lies behind a damaged header, without its name",
        leaves_out: "links and devices are listed",
        ..about("tar", "tar", "tape archive")
    },
    About {
        extensions: &["7z"],
        reads: "members in turn; LZMA, LZMA2, bzip2, deflate, BCJ and delta filters, solid blocks, AES with a password",
        leaves_out: "PPMd and other methods; what follows damage in a solid block; names of members where the end is missing",
        limits: "dictionaries of 256 MiB",
        ..about("7z", "7z", "7-Zip")
    },
    About {
        extensions: &["parquet", "pqt"],
        reads: "rows of all row groups under the names of their columns; tables with lists of groups as objects, lists \
                of values as one cell, maps as keys and values; all encodings, packed with snappy, gzip, brotli, zstd \
                or LZ4; documents in binary values; remarks of the writer; of a file whose end is missing the text of \
                its pages. Proofs of encryption, also of single columns",
        leaves_out: "pages packed with LZO; levels in the encoding of the first version; statistics and indexes, which \
                     repeat values",
        limits: "64 MiB of metadata, 16 MiB a row; the pages in hand of all columns together 256 MiB",
        ..about("parquet", "parquet", "Parquet")
    },
    About {
        extensions: &["mdb", "mde"],
        reads: "every row of every table under the names of its columns, memos, files in objects and attachments, deleted \
                rows that the database still holds; Jet 3 (Access 95, 97) and Jet 4 (2000 to 2003), with a password or \
                encoded too, which protects nothing",
        leaves_out: "queries, forms, reports, macros; tables that lie in another database; pages that no table uses",
        ..about("mdb", "mdb", "Access database")
    },
    About {
        extensions: &["accdb", "accde"],
        reads: "the same as of mdb",
        leaves_out: "the same as of mdb",
        ..about("accdb", "mdb", "Access database from 2007 on")
    },
    About {
        extensions: &["emf", "emz"],
        reads: "text that drawing commands write, also of EMF+",
        leaves_out: "text drawn as numbers of glyphs or as shapes; pictures in it",
        ..about("emf", "emf", "enhanced Windows metafile")
    },
    About {
        extensions: &["wmf", "wmz"],
        reads: "text that drawing commands write",
        leaves_out: "the same as of emf",
        ..about("wmf", "wmf", "Windows metafile")
    },
    About {
        extensions: &["dbf"],
        reads: "records under the names of their fields, deleted ones after the others; the code page of the header",
        leaves_out: "memos (`.dbt`, `.fpt`), which are other files; dBASE II; letters beyond ASCII in code pages of DOS \
                     for Western Europe",
        limits: "128 KiB of field descriptions",
        ..about("dbf", "dbf", "dBASE and FoxPro table")
    },
    About {
        extensions: &["db", "sqlite", "sqlite3", "db3"],
        reads: "every row of every table under its columns, documents in binary values, statements of the schema; \
                deleted rows in free pages and free space of pages; pages that damage has cut off",
        leaves_out: "indexes (they repeat what stands in tables); defaults of columns added later; text shorter than \
                     6 characters in binary values and free space",
        limits: "64 MiB a row, 65,536 tables",
        ..about("sqlite", "sqlite", "SQLite database")
    },
    About {
        extensions: &["db-wal", "sqlite-wal"],
        reads: "rows on the copies of pages in it, also those written back already; other text on them",
        leaves_out: "names of tables and columns (they are in the database)",
        ..about("sqlite-wal", "sqlite-wal", "log of an SQLite database")
    },
    About {
        extensions: &["db-journal"],
        reads: "rows on the pages as they were before the last change",
        leaves_out: "names of tables and columns (they are in the database)",
        ..about("sqlite-journal", "sqlite-wal", "rollback journal of an SQLite database")
    },
    About {
        extensions: &["a", "deb", "ar"],
        reads: "members in turn, long names of GNU and BSD; of Debian packages the files in them",
        ..about("ar", "ar", "ar archive, Debian package")
    },
    About {
        extensions: &["cpio"],
        reads: "members in turn; headers in hexadecimal, octal and binary, several archives in one",
        leaves_out: "links and devices are listed; archives with binary headers are known only inside others",
        ..about("cpio", "cpio", "cpio archive")
    },
    About {
        extensions: &["iso"],
        reads: "every file once, with the long names of Joliet or Rock Ridge; files in several parts",
        leaves_out: "discs that are written in UDF alone; earlier sessions",
        limits: "folders nested to 64 levels, 32 MiB each",
        ..about("iso", "iso", "image of a CD or DVD (ISO 9660)")
    },
    About {
        extensions: &["cab"],
        reads: "every file; folders that are stored or packed with MSZIP or LZX",
        leaves_out: "Quantum; files that begin or end in another cabinet (told one by one)",
        ..about("cab", "cab", "cabinet archive")
    },
    About {
        extensions: &["rar"],
        reads: "names of members; members that are stored without packing",
        leaves_out: "packed members (told one by one)",
        ..about("rar", "rar", "RAR 1.5 to 5")
    },
    About {
        extensions: &["eml"],
        reads: "headers, bodies, attachments, nested and signed messages",
        ..about("eml", "eml", "mail message")
    },
    About {
        extensions: &["mbox", "mbx"],
        reads: "messages in turn, as a stream",
        ..about("mbox", "mbox", "mailbox")
    },
    About {
        extensions: &["pst", "ost"],
        reads: "every message, contact, appointment and the like with its attachments, in all folders, ANSI and \
                Unicode, with pages of 4 KiB too; neither password nor obfuscation of a store hides anything",
        leaves_out: "search folders, which hold nothing of their own; what was deleted from the index",
        limits: "messages in messages to 16 levels",
        ..about("pst", "pst", "Outlook mail store")
    },
    About {
        extensions: &["dat"],
        reads: "messages as Outlook sends them (`winmail.dat`): as for Outlook messages. Those of mail stores and \
                attached ones are given in this form",
        ..about("tnef", "tnef", "TNEF")
    },
    About {
        extensions: &["p7m", "p7s"],
        reads: "the signed file as a member; names in certificates",
        ..about("pkcs7", "pkcs7", "signed file (CMS, PKCS #7)")
    },
    About {
        extensions: &["vcf", "vcard"],
        reads: "every contact as an object; embedded files",
        ..about("vcard", "vcard", "vCard")
    },
    About {
        extensions: &["ics", "ical"],
        reads: "every event, task and the like as an object; embedded files",
        ..about("icalendar", "icalendar", "iCalendar")
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::extract::READERS;

    #[test]
    fn every_reader_is_described() {
        let described: BTreeSet<&str> = FORMATS.iter().map(|f| f.reader).collect();
        let lacking: Vec<&str> =
            READERS.iter().map(|r| r.format).filter(|name| !described.contains(name)).collect();
        assert!(lacking.is_empty(), "readers without a row in FORMATS: {lacking:?}");
    }

    #[test]
    fn every_row_has_its_reader_and_says_what_is_read() {
        let mut ids = BTreeSet::new();
        for f in FORMATS {
            assert!(f.reader == "text" || READERS.iter().any(|r| r.format == f.reader), "{}", f.id);
            assert!(!f.name.is_empty() && !f.reads.is_empty(), "{}", f.id);
            assert!(!f.reads.ends_with('.') && !f.leaves_out.ends_with('.'), "{}", f.id);
            assert!(ids.insert(f.id), "{} twice", f.id);
        }
    }
}

//! The table of signatures: one row each, first match wins, so a longer signature stands before a shorter
//! one.
//!
//! Sources: the formats' own specifications; <https://www.nationalarchives.gov.uk/PRONOM>; the Library of
//! Congress format descriptions; `FORMATS` section 3 for what proves encryption.

use super::checks;
use super::{Format, Treatment};
use crate::event::Tri;
use Treatment::{Encrypted, Executable, Media, NoReader, Opaque, Reader};

/// A row: `magic` at byte `at`, and whatever `test` asks for beyond that.
pub(super) struct Signature {
    at: usize,
    magic: &'static [u8],
    test: Option<fn(&[u8], u64) -> bool>,
    /// True if plain text may start like this: then the file must not read as text.
    binary_only: bool,
    format: Format,
}

const fn sig(at: usize, magic: &'static [u8], id: &'static str, treatment: Treatment) -> Signature {
    Signature { at, magic, test: None, binary_only: false, format: Format { id, treatment } }
}

impl Signature {
    const fn when(self, test: fn(&[u8], u64) -> bool) -> Self {
        Signature { test: Some(test), ..self }
    }

    const fn binary(self) -> Self {
        Signature { binary_only: true, ..self }
    }

    fn matches(&self, head: &[u8], size: u64, is_text: bool) -> bool {
        let here = head.get(self.at..).is_some_and(|rest| rest.starts_with(self.magic));
        here && !(self.binary_only && is_text) && self.test.is_none_or(|test| test(head, size))
    }
}

/// The format whose signature `head` has; `is_text` says whether it also reads as text.
pub(super) fn find(head: &[u8], size: u64, is_text: bool) -> Option<&'static Format> {
    TABLE.iter().find(|s| s.matches(head, size, is_text)).map(|s| &s.format)
}

/// The format that the end of a file of `size` bytes proves.
pub(super) fn find_at_end(tail: &[u8], size: u64) -> Option<&'static Format> {
    static ZIP: Format = Format { id: "zip", treatment: Reader("zip") };
    static DMG: Format = Format { id: "dmg", treatment: NoReader("disk image") };
    static VHD: Format = Format { id: "vhd", treatment: NoReader("disk image") };
    let trailer = tail.len().checked_sub(512).map(|at| &tail[at..]);
    match trailer {
        Some(t) if t.starts_with(b"koly\0\0\0\x04") => Some(&DMG),
        Some(t) if t.starts_with(b"conectix") => Some(&VHD),
        _ => checks::zip_ends_here(tail, size).then_some(&ZIP),
    }
}

/// Every format of the table once, in its order.
pub(super) fn all() -> impl Iterator<Item = &'static Format> {
    let first = |n: &usize| TABLE[..*n].iter().all(|s| s.format.id != TABLE[*n].format.id);
    (0..TABLE.len()).filter(first).map(|n| &TABLE[n].format)
}

const fn encrypted(kind: &'static str, bits: Option<u32>, statutory: Tri) -> Treatment {
    Encrypted { kind, bits, statutory }
}

const IMAGE: Treatment = NoReader("disk image");
const ARCHIVE: Treatment = NoReader("archive");
const DATABASE: Treatment = NoReader("database");
const STATISTICS: Treatment = NoReader("statistics data");
const OFFICE: Treatment = NoReader("old office document");

/// {4967D63B-2E29-4AD8-8399-F6A339E3D001}, as it lies in the file (libbde, "`BitLocker` Drive Encryption format").
const BITLOCKER: [u8; 16] =
    [0x3B, 0xD6, 0x67, 0x49, 0x29, 0x2E, 0xD8, 0x4A, 0x83, 0x99, 0xF6, 0xA3, 0x39, 0xE3, 0xD0, 0x01];

const ODF: &str = "odf";
const ZIP: &str = "zip";

static TABLE: &[Signature] = &[
    // Encrypted as a whole: what reads as text, or goes on with text behind its armour, is not.
    sig(0, b"age-encryption.org/v1\n", "age", encrypted("age", Some(128), Tri::Yes)).when(checks::age),
    sig(0, b"-----BEGIN AGE ENCRYPTED FILE-----", "age", encrypted("age", Some(128), Tri::Yes))
        .when(checks::only_armour),
    sig(0, b"-----BEGIN PGP MESSAGE-----", "openpgp", encrypted("openpgp", None, Tri::Unknown))
        .when(checks::armoured_openpgp),
    sig(0, b"Salted__", "openssl-enc", encrypted("openssl", None, Tri::Unknown)).binary(),
    sig(0, b"U2FsdGVkX1", "openssl-enc", encrypted("openssl", None, Tri::Unknown)).when(checks::only_base64),
    sig(0, b"$ANSIBLE_VAULT;1.", "ansible-vault", encrypted("ansible-vault", Some(256), Tri::Yes))
        .when(checks::ansible_vault),
    sig(0, b"\0GITCRYPT\0", "git-crypt", encrypted("git-crypt", Some(256), Tri::Yes)).binary(),
    sig(0, b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5", "keepass", encrypted("keepass", Some(256), Tri::Yes))
        .binary(),
    sig(0, b"\x03\xD9\xA2\x9A\x65\xFB\x4B\xB5", "keepass", encrypted("keepass", Some(256), Tri::Yes))
        .binary(),
    sig(0, b"\x03\xD9\xA2\x9A\x66\xFB\x4B\xB5", "keepass", encrypted("keepass", Some(256), Tri::Yes))
        .binary(),
    // The second header of LUKS 2, where the first is gone.
    sig(0x4000, b"SKUL\xBA\xBE", "luks", encrypted("luks", None, Tri::Unknown)).binary(),
    sig(0, b"LUKS\xBA\xBE", "luks", encrypted("luks", None, Tri::Unknown)).binary(),
    sig(3, b"-FVE-FS-", "bitlocker", encrypted("bitlocker", None, Tri::Unknown)).binary(),
    // BitLocker To Go looks like a FAT volume but for its identifier.
    sig(424, &BITLOCKER, "bitlocker", encrypted("bitlocker", None, Tri::Unknown)).when(checks::boot_mark),
    sig(0, b"!BDN", "pst", encrypted("pst-wip", None, Tri::Unknown)).when(checks::pst_encrypted),
    sig(0, b"\0\x01\0\0Standard ACE DB\0", "accdb", encrypted("access", None, Tri::Unknown))
        .when(checks::access_encrypted),
    // Its keys have 128, 192 or 256 bits.
    sig(0, b"PARE", "parquet", encrypted("parquet", None, Tri::Yes)).binary(),
    sig(8, b"", "ecryptfs", encrypted("ecryptfs", None, Tri::Unknown)).when(checks::ecryptfs).binary(),
    sig(0, b"", "cms", encrypted("cms-enveloped", None, Tri::Unknown)).when(checks::cms_enveloped).binary(),
    sig(0, b"", "openpgp", encrypted("openpgp", None, Tri::Unknown)).when(checks::binary_openpgp).binary(),
    // Documents.
    sig(0, b"%PDF-", "pdf", Reader("pdf")),
    sig(0, b"", "pdf", Reader("pdf")).when(checks::late_pdf),
    sig(0, b"{\\rt", "rtf", Reader("rtf")),
    sig(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "ole2", Reader("ole2")),
    sig(0, b"\x0E\x11\xFC\x0D\xD0\xCF\x11\x0E", "ole2", Reader("ole2")),
    sig(0, b"", "pkcs7", Reader("pkcs7")).when(checks::cms_signed),
    sig(0, b"\x78\x9F\x3E\x22", "tnef", Reader("tnef")),
    // The zip family. What stores its type as first member is known here, the others by their members.
    sig(30, b"mimetypeapplication/epub+zip", "epub", Reader(ZIP)).when(checks::zip),
    sig(30, b"mimetypeapplication/vnd.oasis.opendocument.text", "odt", Reader(ODF)).when(checks::zip),
    sig(30, b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods", Reader(ODF)).when(checks::zip),
    sig(30, b"mimetypeapplication/vnd.oasis.opendocument.presentation", "odp", Reader(ODF)).when(checks::zip),
    sig(30, b"mimetypeapplication/vnd.oasis.opendocument.graphics", "odg", Reader(ODF)).when(checks::zip),
    sig(30, b"mimetypeapplication/vnd.oasis.opendocument.", "odf", Reader(ODF)).when(checks::zip),
    sig(0, b"PK\x03\x04", "zip", Reader(ZIP)),
    sig(0, b"PK\x05\x06", "zip", Reader(ZIP)),
    sig(0, b"PK\x07\x08PK\x03\x04", "zip", Reader(ZIP)),
    sig(0, b"PK00PK\x03\x04", "zip", Reader(ZIP)),
    // Other containers.
    sig(0, b"\x1F\x8B\x08", "gzip", Reader("gzip")),
    sig(0, b"BZh", "bzip2", Reader("bzip2")).when(checks::bzip2),
    sig(0, b"\xFD7zXZ\0", "xz", Reader("xz")),
    sig(0, b"\x5D\0\0", "lzma", Reader("lzma")).when(checks::lzma),
    sig(0, b"\x28\xB5\x2F\xFD", "zstd", Reader("zstd")),
    sig(0, b"", "zstd", Reader("zstd")).when(checks::zstd_after_skippable),
    sig(0, b"7z\xBC\xAF\x27\x1C", "7z", Reader("7z")),
    sig(257, b"ustar", "tar", Reader("tar")),
    sig(0, b"", "tar", Reader("tar")).when(checks::tar_checksum),
    sig(0, b"Rar!\x1A\x07\x01\0", "rar", Reader("rar")),
    sig(0, b"Rar!\x1A\x07\0", "rar", Reader("rar")),
    sig(0, b"MSCF\0\0\0\0", "cab", Reader("cab")),
    sig(0, b"MSWIM\0\0\0", "wim", IMAGE),
    sig(0x8001, b"CD001", "iso", Reader("iso")),
    sig(0, b"KDMV", "vmdk", IMAGE).binary(),
    sig(0, b"vhdxfile", "vhdx", IMAGE).binary(),
    sig(0, b"conectix", "vhd", IMAGE).binary(),
    sig(0, b"QFI\xFB", "qcow", IMAGE),
    sig(0, b"hsqs", "squashfs", IMAGE).binary(),
    sig(510, b"\x55\xAA", "disk", IMAGE).when(checks::boot_sector),
    sig(0x438, b"\x53\xEF", "ext", IMAGE).when(checks::ext_superblock),
    sig(0, b"\x60\xEA", "arj", ARCHIVE).when(checks::arj),
    sig(2, b"-lh", "lzh", ARCHIVE).when(checks::lzh).binary(),
    sig(0, b"!<arch>\n", "ar", Reader("ar")),
    sig(0, b"070701", "cpio", Reader("cpio")).when(checks::cpio),
    sig(0, b"070702", "cpio", Reader("cpio")).when(checks::cpio),
    sig(0, b"070707", "cpio", Reader("cpio")).when(checks::cpio_octal),
    sig(0, b"\xED\xAB\xEE\xDB", "rpm", ARCHIVE),
    sig(0, b"\x04\x22\x4D\x18", "lz4", Reader("lz4")),
    sig(0, b"LZIP\x01", "lzip", Reader("lzip")),
    sig(0, b"\x89LZO\0\r\n\x1A\n", "lzop", ARCHIVE),
    sig(0, b"\x1F\x9D", "compress", Reader("compress")),
    sig(0, b"SZDD\x88\xF0\x27\x33", "szdd", ARCHIVE),
    sig(0, b"**ACE**", "ace", ARCHIVE).binary(),
    sig(7, b"**ACE**", "ace", ARCHIVE).binary(),
    sig(0, b"TAPE\0\0", "mtf", NoReader("backup set")),
    // Databases and data sets.
    sig(0, b"SQLite format 3\0", "sqlite", Reader("sqlite")),
    sig(0, b"\x37\x7F\x06\x82", "sqlite-wal", Reader("sqlite-wal")),
    sig(0, b"\x37\x7F\x06\x83", "sqlite-wal", Reader("sqlite-wal")),
    sig(0, b"\xD9\xD5\x05\xF9\x20\xA1\x63\xD7", "sqlite-journal", Reader("sqlite-wal")),
    sig(0, b"", "dbf", Reader("dbf")).when(checks::dbf),
    sig(0, b"PAR1", "parquet", Reader("parquet")).binary(),
    sig(0, b"ARROW1\0\0", "arrow", NoReader("Arrow table")),
    sig(0, b"FEA1", "feather", NoReader("Feather table")).binary(),
    sig(0, b"Obj\x01", "avro", NoReader("Avro table")),
    sig(0, b"ORC", "orc", NoReader("ORC table")).binary(),
    sig(0, b"\0\x01\0\0Standard Jet DB\0", "mdb", Reader("mdb")),
    sig(0, b"\0\x01\0\0Standard ACE DB\0", "accdb", Reader("mdb")),
    sig(0, b"PGDMP", "pgdump", NoReader("PostgreSQL dump in its own format")).binary(),
    sig(0, b"\x01\x0F\0\0\x08\x01", "mdf", DATABASE),
    sig(12, b"\x61\x15\x06\0", "berkeley-db", DATABASE),
    sig(12, b"\x62\x31\x05\0", "berkeley-db", DATABASE),
    sig(12, b"\0\x06\x15\x61", "berkeley-db", DATABASE),
    sig(12, b"\0\x05\x31\x62", "berkeley-db", DATABASE),
    sig(0, b"\x13\x57\x9A\xCE", "gdbm", DATABASE),
    sig(0, b"\xCE\x9A\x57\x13", "gdbm", DATABASE),
    sig(4, b"\xEF\xCD\xAB\x89", "ese", DATABASE),
    sig(0, b"$FL2@(#)", "spss", STATISTICS),
    sig(0, b"$FL3@(#)", "spss", STATISTICS),
    sig(0, b"<stata_dta>", "stata", STATISTICS),
    sig(0, b"RDX2\n", "rdata", STATISTICS).binary(),
    sig(0, b"RDX3\n", "rdata", STATISTICS).binary(),
    sig(12, b"\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\0\x09\xC7\x31\x8C", "sas7bdat", STATISTICS),
    sig(0, b"\x89HDF\r\n\x1A\n", "hdf5", STATISTICS),
    sig(0, b"MATLAB 5.0 MAT-file", "mat", STATISTICS).binary(),
    // Mail stores and notes.
    sig(0, b"!BDN", "pst", Reader("pst")),
    sig(0, b"\xCF\xAD\x12\xFE", "dbx", NoReader("Outlook Express mail store")),
    sig(0, b"\x1A\0\0\x04\0\0", "nsf", NoReader("Lotus Notes database")),
    sig(0, b"\x1A\0\0\x03\0\0", "nsf", NoReader("Lotus Notes database")),
    sig(0, b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", "one", NoReader("OneNote section")),
    sig(0, b"\xA1\x2F\xFF\x43\xD9\xEF\x76\x4C", "onetoc2", NoReader("OneNote table of contents")),
    sig(0, b"ITSF\x03\0\0\0", "chm", NoReader("compiled help")),
    sig(0, b"\x3F\x5F\x03\0", "hlp", NoReader("Windows help")),
    sig(60, b"BOOKMOBI", "mobi", NoReader("Mobipocket book")).binary(),
    // Old office formats that are no OLE2.
    sig(0, b"\xFFWPC", "wpd", Reader("wpd")),
    sig(0, b"\xDB\xA5", "word2", Reader("word2")).binary(),
    sig(0, b"\x9B\xA5", "word1", Reader("word2")).binary(),
    sig(0, b"\xFE\x37\0\x23", "word-mac", Reader("word2")),
    sig(0, b"\x31\xBE\0\0", "write", OFFICE),
    sig(0, b"\x32\xBE\0\0", "write", OFFICE),
    sig(0, b"\x09\x08", "biff5", Reader("xls")).when(checks::biff),
    sig(0, b"\x09\x04\x06\0", "biff4", Reader("xls")),
    sig(0, b"\x09\x02\x06\0", "biff3", Reader("xls")),
    sig(0, b"\x09\0\x04\0", "biff2", Reader("xls")),
    sig(0, b"\0\0\x02\0\x04\x04\x06\0", "wk1", OFFICE),
    sig(0, b"\0\0\x02\0\x06\x04\x06\0", "wk1", OFFICE),
    sig(0, b"\0\0\x1A\0", "wk3", OFFICE).when(checks::lotus3),
    sig(0, b"\xFF\0\x02\0\x04\x04", "works", OFFICE),
    sig(0, b"AC10", "dwg", NoReader("CAD drawing")).binary(),
    sig(0, b"bplist00", "bplist", NoReader("property list")),
    sig(0, b"ElfFile\0", "evtx", NoReader("event log")),
    sig(0, b"regf", "registry", NoReader("registry hive")).binary(),
    sig(0, b"\xAC\xED\0\x05", "java-serialized", NoReader("serialized objects")),
    sig(0, b"\xD4\xC3\xB2\xA1", "pcap", NoReader("network capture")),
    sig(0, b"\xA1\xB2\xC3\xD4", "pcap", NoReader("network capture")),
    sig(0, b"\x0A\x0D\x0D\x0A", "pcapng", NoReader("network capture")).binary(),
    sig(128, b"DICM", "dicom", NoReader("DICOM image with patient data")).binary(),
    // Pictures.
    sig(0, b"\x89PNG\r\n\x1A\n", "png", Media),
    sig(0, b"\xFF\xD8\xFF", "jpeg", Media),
    sig(0, b"GIF87a", "gif", Media).binary(),
    sig(0, b"GIF89a", "gif", Media).binary(),
    sig(0, b"BM", "bmp", Media).when(checks::bmp).binary(),
    sig(0, b"II*\0", "tiff", Media),
    sig(0, b"MM\0*", "tiff", Media),
    sig(0, b"II+\0", "tiff", Media),
    sig(0, b"MM\0+", "tiff", Media),
    sig(0, b"\0\0\x01\0", "ico", Media).when(checks::icon),
    sig(0, b"\0\0\x02\0", "cur", Media).when(checks::icon),
    sig(0, b"8BPS\0", "psd", Media),
    sig(0, b"gimp xcf ", "xcf", Media).binary(),
    sig(0, b"\0\0\0\x0CjP  \r\n\x87\n", "jp2", Media),
    sig(0, b"\xFF\x4F\xFF\x51", "jp2", Media),
    sig(0, b"\0\0\0\x0CJXL \r\n\x87\n", "jxl", Media),
    sig(0, b"AT&TFORM", "djvu", Media).binary(),
    sig(0, b"\xC5\xD0\xD3\xC6", "eps", Media),
    sig(0, b"\xD7\xCD\xC6\x9A", "wmf", Reader("wmf")),
    sig(0, b"\x01\0\x09\0\0\x03", "wmf", Reader("wmf")),
    sig(0, b"\x01\0\0\0", "emf", Reader("emf")).when(checks::emf),
    sig(0, b"\x0A\x05\x01\x08", "pcx", Media),
    // Sound and film.
    sig(8, b"WEBP", "webp", Media).when(checks::riff),
    sig(8, b"WAVE", "wav", Media).when(checks::riff),
    sig(8, b"AVI ", "avi", Media).when(checks::riff),
    sig(0, b"RIFF", "riff", Media).binary(),
    sig(4, b"ftypheic", "heif", Media),
    sig(4, b"ftypheix", "heif", Media),
    sig(4, b"ftypmif1", "heif", Media),
    sig(4, b"ftypavif", "avif", Media),
    sig(4, b"ftypM4A ", "m4a", Media),
    sig(4, b"ftypqt  ", "mov", Media),
    sig(4, b"ftyp", "mp4", Media).binary(),
    sig(4, b"moov", "mov", Media).binary(),
    sig(4, b"mdat", "mov", Media).binary(),
    sig(0, b"ID3", "mp3", Media).binary(),
    sig(0, b"\xFF\xFB", "mp3", Media).when(checks::mpeg_audio),
    sig(0, b"\xFF\xF3", "mp3", Media).when(checks::mpeg_audio),
    sig(0, b"\xFF\xF2", "mp3", Media).when(checks::mpeg_audio),
    sig(0, b"\xFF\xFA", "mp3", Media).when(checks::mpeg_audio),
    sig(0, b"\xFF\xF1", "aac", Media).when(checks::mpeg_audio),
    sig(0, b"OggS\0", "ogg", Media),
    sig(0, b"fLaC\0", "flac", Media),
    sig(0, b"#!AMR\n", "amr", Media).binary(),
    sig(0, b"MThd\0\0\0\x06", "midi", Media),
    sig(0, b"FORM", "aiff", Media).binary(),
    sig(0, b".snd\0", "au", Media),
    sig(0, b"\x1A\x45\xDF\xA3", "matroska", Media),
    sig(0, b"FLV\x01", "flv", Media),
    sig(0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", "asf", Media),
    sig(0, b"\0\0\x01\xBA", "mpeg", Media),
    sig(0, b"\0\0\x01\xB3", "mpeg", Media),
    sig(0, b"FWS", "swf", Media).binary(),
    sig(0, b"CWS", "swf", Media).binary(),
    sig(0, b"ZWS", "swf", Media).binary(),
    // Machine code.
    sig(0, b"\x7FELF", "elf", Executable),
    sig(0, b"MZ", "pe", Executable).binary(),
    sig(0, b"\xCA\xFE\xBA\xBE", "class", Executable).when(checks::java_class),
    sig(0, b"\xCA\xFE\xBA\xBE", "mach-o", Executable),
    sig(0, b"\xFE\xED\xFA\xCE", "mach-o", Executable),
    sig(0, b"\xFE\xED\xFA\xCF", "mach-o", Executable),
    sig(0, b"\xCE\xFA\xED\xFE", "mach-o", Executable),
    sig(0, b"\xCF\xFA\xED\xFE", "mach-o", Executable),
    sig(0, b"\0asm\x01\0\0\0", "wasm", Executable),
    sig(0, b"dex\n03", "dex", Executable),
    sig(0, b"BC\xC0\xDE", "llvm-bitcode", Executable),
    // Data without text.
    sig(0, b"\0\x01\0\0\0", "ttf", Opaque).when(checks::truetype),
    sig(0, b"OTTO\0", "otf", Opaque),
    sig(0, b"true\0", "ttf", Opaque),
    sig(0, b"ttcf\0", "ttc", Opaque),
    sig(0, b"wOFF", "woff", Opaque).binary(),
    sig(0, b"wOF2", "woff2", Opaque).binary(),
    sig(0, b"\x80\x01", "pfb", Opaque).when(checks::type1_font),
    sig(0, b"PACK\0\0\0", "git-pack", Opaque),
    sig(0, b"DIRC\0\0\0", "git-index", Opaque),
    sig(0, b"\xDE\x12\x04\x95", "gettext-mo", Opaque),
    sig(0, b"d8:announce", "torrent", Opaque).binary(),
    sig(0, b"\x4C\0\0\0\x01\x14\x02\0", "lnk", Opaque),
];

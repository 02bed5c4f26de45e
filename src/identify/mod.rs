//! What a file is, from its bytes: the first 64 KiB, its size, and for a few formats its end. Never from its
//! name.
//!
//! Signatures come first, then text, and only text is looked at for markup. The order has one exception: a
//! short signature of printable letters (`BM`, `MZ`) does not count in what reads as text, or else a list
//! beginning with "MZ" would pass as machine code and not be examined.

mod checks;
pub mod ebcdic;
pub mod encoding;
mod family;
mod keyed;
mod markup;
mod signatures;

pub use encoding::{OffsetMap, TextEncoding};
pub use family::{mimetype_family, promises_document, zip_family};

use crate::event::{Encryption, Tri};

/// How much of the start of a file [`identify`] looks at, in bytes.
pub const HEAD: usize = 64 * 1024;

/// How much of the end of a file [`Kind::with_tail`] looks at, in bytes: the longest possible comment of a
/// zip.
pub const TAIL: usize = 66 * 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No bytes at all.
    Empty,
    /// Plain text, tables and logs included.
    Text(TextInfo),
    /// Anything else.
    Document(&'static Format),
}

/// How to read a plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextInfo {
    /// Its encoding.
    pub encoding: TextEncoding,
}

/// A format and what is to be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Short name, as results give it: `pdf`, `zip`, `ole2` …
    pub id: &'static str,
    /// What is to be done.
    pub treatment: Treatment,
}

/// What is to be done with a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// A reader of this name takes it apart.
    Reader(&'static str),
    /// A document format without a reader; the text says what it is.
    NoReader(&'static str),
    /// Picture, sound or film.
    Media,
    /// Machine code.
    Executable,
    /// Data without text by its nature.
    Opaque,
    /// Encrypted, proved by its structure.
    Encrypted {
        /// Word for the kind of encryption.
        kind: &'static str,
        /// Key length, where the format leaves no choice.
        bits: Option<u32>,
        /// Whether every file of the format meets the 128 bits of M.G.L. c. 93H s.1.
        statutory: Tri,
    },
}

impl Treatment {
    /// The proved encryption in the form results have.
    pub fn encryption(self) -> Option<Encryption> {
        match self {
            Treatment::Encrypted { kind, bits, statutory } => {
                Some(Encryption { kind: kind.to_owned(), bits, statutory })
            }
            _ => None,
        }
    }
}

/// Text of mainframes.
static EBCDIC: Format = Format { id: "ebcdic", treatment: Treatment::Reader("ebcdic") };

/// Data of no known format with no text to speak of.
static DATA: Format = Format { id: "data", treatment: Treatment::Opaque };

/// Says what a file of `size` bytes is that starts with `head`: its first [`HEAD`] bytes, or all of it.
///
/// Of the zip family only what stores its type first (`OpenDocument`, EPUB) is told apart here; see
/// [`zip_family`].
pub fn identify(head: &[u8], size: u64) -> Kind {
    if head.is_empty() {
        return if size == 0 { Kind::Empty } else { Kind::Document(&DATA) };
    }
    let head = &head[..head.len().min(HEAD)];
    let encoding = encoding::detect(head, size);
    if let Some(format) = signatures::find(head, size, encoding.is_some()) {
        return Kind::Document(format);
    }
    // Before text, since it may pass for text in some other code.
    if ebcdic::is_text(head) {
        return Kind::Document(&EBCDIC);
    }
    let Some(encoding) = encoding else { return Kind::Document(&DATA) };
    match markup::find(head, size, encoding) {
        Some(format) => Kind::Document(format),
        None => Kind::Text(TextInfo { encoding }),
    }
}

/// True if a file of `size` bytes that begins with `head` may be an encrypted container without a header
/// (`VeraCrypt`, `SQLCipher` …). This is never a proof.
#[must_use]
pub fn looks_random(head: &[u8], size: u64) -> bool {
    checks::looks_random(head, size)
}

/// Every format that is told by its signature, the zip family and markup left out.
pub fn signatures() -> impl Iterator<Item = &'static Format> {
    signatures::all()
}

impl Kind {
    /// The word for it in results.
    pub fn format_id(&self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Text(_) => "text",
            Kind::Document(format) => format.id,
        }
    }

    /// True if the end of the file may say more than its start: programs that carry an archive, disk images.
    pub fn wants_tail(&self) -> bool {
        matches!(self, Kind::Document(Format { treatment: Treatment::Executable | Treatment::Opaque, .. }))
    }

    /// The same with the knowledge of `tail`: the last [`TAIL`] bytes, or all, of a file of `size` bytes.
    #[must_use]
    pub fn with_tail(self, tail: &[u8], size: u64) -> Kind {
        if !self.wants_tail() {
            return self;
        }
        signatures::find_at_end(tail, size).map_or(self, Kind::Document)
    }
}

#[cfg(test)]
mod tests;

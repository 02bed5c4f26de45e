//! What extractors say and everything above understands: text, rows and objects with their places.
//!
//! An extractor pushes the parts of a file, in reading order, into a [`DocumentSink`]. It cannot fail; it can
//! only yield less and say so with [`DocumentSink::gap`].
//!
//! These types hold raw text of the input. They deliberately have no `Debug`, `Display` or `Serialize`, so that
//! a value cannot slip into a log or a result; only `mask` turns them into something that may be written.

use std::io::Read;

use crate::coverage::Cause;
use crate::event::Encryption;

/// The part of a place that says: a run of text among bytes that nothing understands, weaker evidence than other text.
pub const RAW: &str = "raw";

/// Where something stands inside a file or member; only what applies is set. Raw strings of the input.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: Option<u64>,
    /// Column in a line (in characters) or in a table, from 1.
    pub column: Option<u32>,
    /// Byte offset in the file or member, from 0.
    pub byte: Option<u64>,
    /// Page or slide, from 1.
    pub page: Option<u32>,
    /// Name of a worksheet.
    pub sheet: Option<String>,
    /// Spreadsheet cell, as in `B17`.
    pub cell: Option<String>,
    /// Table: its name, or its number from 1 within the part.
    pub table: Option<String>,
    /// Row of a table, from 1, as the file counts it.
    pub row: Option<u64>,
    /// Name of a form field or header of a column.
    pub field: Option<String>,
    /// JSON pointer or XML path.
    pub pointer: Option<String>,
    /// Part of a document: `header`, `footer`, `footnote`, `comment`, `properties`, `name` …
    pub part: Option<String>,
    /// Paragraph, from 1.
    pub paragraph: Option<u32>,
}

/// A cell of a table row. An empty cell may be left out: `column` says where a cell stands.
#[derive(Clone)]
pub struct Cell {
    /// Column, from 0.
    pub column: u32,
    /// Text as a reader would show it.
    pub text: String,
    /// True if the source stored a number (so that leading zeros cannot have survived).
    pub number: bool,
}

/// A row of a table, cells in the order of their columns.
pub struct Row {
    /// Place of the row (`sheet` or `table`, `row`, `page`, `part`, `line` …). Cells derive theirs from it.
    pub place: Place,
    /// The cells that hold something.
    pub cells: Vec<Cell>,
}

/// A leaf of an [`Object`]: a key with its value.
#[derive(Clone)]
pub struct Field {
    /// JSON key, XML element or attribute name, form-field label.
    pub key: String,
    /// The value as text.
    pub value: String,
    /// True if the source stored a number.
    pub number: bool,
    /// JSON pointer or XML path, or whatever else says where this value stands.
    pub place: Place,
}

/// A JSON object or XML element: leaves and nested objects. Arrays of objects become children with the array's
/// key; arrays of scalars become fields with the array's key.
#[derive(Clone, Default)]
pub struct Object {
    /// The key or element name under which the object stands; empty at the root.
    pub name: String,
    /// The leaves.
    pub fields: Vec<Field>,
    /// Nested objects.
    pub children: Vec<Object>,
    /// Where the object stands.
    pub place: Place,
}

/// Who a message is from and to: evidence for a record when the body names nobody.
#[derive(Clone, Default)]
pub struct Envelope {
    /// Display name of the sender, or empty.
    pub from: String,
    /// Display names of the recipients; an empty string for one without a name.
    pub to: Vec<String>,
    /// The subject line.
    pub subject: String,
}

/// Receives what an extractor reads. The order of calls is the reading order.
pub trait DocumentSink {
    /// Starts a new unit (page, slide, sheet, message body, document body, note …). What follows belongs to it
    /// until the next call. Nothing is associated by nearness across units.
    fn unit(&mut self, place: Place);

    /// Says, before any row, that all rows are of one table and nothing in the document may hold another: no other can
    /// be joined with it, so rows without numbers need not be remembered.
    fn only_table(&mut self) {}

    /// One paragraph or line of running text; a line break follows it. May itself contain `\n` (soft breaks) and
    /// `\t` (cells or tabs). A number split over formatting runs must already be joined.
    fn text(&mut self, place: Place, text: &str);

    /// One row of a table. Rows of one table come one after the other; another table starts when `sheet` or
    /// `table` of the place differs, or after any call of another kind.
    fn row(&mut self, row: Row);

    /// A record-like object with everything nested in it (JSON, XML, a filled form).
    fn object(&mut self, object: Object);

    /// Names sender and recipients of the message whose bodies follow.
    fn envelope(&mut self, envelope: Envelope);

    /// A member of a container: archive member, attachment, embedded object. The reader yields its bytes; it need
    /// not be read to the end. `name` is the raw name (bytes decoded as well as may be), empty for a nameless
    /// part.
    fn member(&mut self, name: &str, content: &mut dyn Read);

    /// The same for a member that is encrypted and could be opened with a password: it is examined, and its line
    /// says how it is encrypted all the same.
    fn opened_member(&mut self, name: &str, encryption: Encryption, content: &mut dyn Read) {
        let _ = encryption;
        self.member(name, content);
    }

    /// A member that is there but cannot be read (encrypted, unsupported method, damaged): settles it with
    /// `cause` or as encrypted.
    fn sealed_member(&mut self, name: &str, size: u64, why: Sealed);

    /// Something of this file or member could not be examined.
    /// `detail` is our own words, never text of the input; `extent` says how much (`page 3`, `bytes 100-200`).
    fn gap(&mut self, cause: Cause, detail: &str, extent: Option<String>);

    /// The file or member as a whole is encrypted (proved by its structure), and what follows, if anything, is
    /// what lies open all the same.
    fn encrypted(&mut self, encryption: Encryption);

    /// The file or member as a whole is encrypted and could be opened with a password of the user: it is examined.
    fn opened(&mut self, encryption: Encryption) {
        let _ = encryption;
    }

    /// Says that work goes on, and asks whether to go on: `false` means a budget is used up (the sink has
    /// recorded the gap) and the extractor returns at once. Call it at least once per page, row or part.
    fn go_on(&mut self) -> bool;
}

/// Why a member cannot be read.
pub enum Sealed {
    /// Encrypted, proved by structure.
    Encrypted(Encryption),
    /// Not readable for another reason; the text is our own words.
    Gap(Cause, String),
}

/// What an extractor reads: random access to the bytes of one file or member.
pub trait ReadSeek: Read + std::io::Seek + Send {}
impl<T: Read + std::io::Seek + Send> ReadSeek for T {}

/// The bytes of one file or member.
pub struct Input<'a> {
    /// Name as the container or file system gives it (last component), for formats that need a hint. Raw.
    pub name: &'a str,
    /// Size in bytes.
    pub len: u64,
    /// Random access.
    pub reader: &'a mut dyn ReadSeek,
    /// The most bytes that [`Input::bytes`] may take into memory.
    pub memory: u64,
    /// Passwords to try on what is encrypted, beside the empty one and those that programs have built in.
    pub passwords: &'a [String],
}

impl Input<'_> {
    /// The whole content in memory.
    ///
    /// # Errors
    /// [`Cause::LimitMemory`] if it is larger than `memory`, [`Cause::IoError`] if reading fails.
    pub fn bytes(&mut self) -> Result<Vec<u8>, Cause> {
        if self.len > self.memory {
            return Err(Cause::LimitMemory);
        }
        self.reader.rewind().map_err(|_| Cause::IoError)?;
        let mut all = Vec::with_capacity(usize::try_from(self.len).unwrap_or(0));
        (&mut self.reader).take(self.memory).read_to_end(&mut all).map_err(|_| Cause::IoError)?;
        Ok(all)
    }
}

/// A reader of one format.
pub trait Extractor: Sync {
    /// Reads `input` and pushes everything it finds into `sink`. Never panics on any input that the author could
    /// think of; a panic that happens all the same ends only the worker.
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink);

    /// The same reader for bytes that cannot be wound back, where the format can be read so in flat memory: members
    /// of any size are read by it.
    fn streaming(&self) -> Option<&dyn StreamExtractor> {
        None
    }
}

/// A reader of a format that needs no random access.
pub trait StreamExtractor: Sync {
    /// Reads all of `from`, a file or member called `name`, and pushes everything it finds into `sink`. An error of
    /// `from` is a gap, which it tells.
    fn extract_stream(&self, name: &str, from: &mut dyn Read, sink: &mut dyn DocumentSink);
}

//! What all sheets of a workbook share: version, code page, sheets, formats, shared strings, defined names.
//!
//! Versions 2 to 4 have one sheet or several one after the other, without a part of its own for what they share:
//! there the whole stream is looked through.

use super::record::{Dialect, Record, Records, code_page, u16_at, u32_at};
use crate::coverage::Cause;
use crate::document::DocumentSink;
use crate::extract::xlsx::book::Book;

/// Records between two questions whether to go on.
pub(super) const TICK: usize = 1 << 14;
/// Bytes of defined names and names of sheets that are kept.
const MOST_NAMES: usize = 32 << 20;
/// A module of Visual Basic among the sheets ([MS-XLS] 2.4.28, and `dt` of version 5).
const MODULE: u8 = 6;

/// The kinds of record that begin and end a part of the stream, by version 2, 3, 4 and 5 or later.
pub(super) fn is_begin(kind: u16) -> bool {
    matches!(kind, 0x0009 | 0x0209 | 0x0409 | 0x0809)
}

/// The kind of record that ends a part of the stream.
pub(super) const END: u16 = 0x000A;

/// A sheet as the workbook lists it.
pub(super) struct Listed {
    /// Offset of its first record.
    pub at: usize,
    /// Its name.
    pub name: String,
}

/// What sheets share.
pub(super) struct Globals {
    /// Version and code page.
    pub dialect: Dialect,
    /// Strings, formats, names, date system.
    pub book: Book,
    /// Sheets in their order, hidden ones too.
    pub sheets: Vec<Listed>,
    /// Offset behind the part that was read.
    pub end: usize,
    formats: u32,
    kept: usize,
    trouble: Option<(Cause, &'static str)>,
}

impl Globals {
    /// Reads the first part of the stream.
    pub(super) fn read(stream: &[u8], sink: &mut dyn DocumentSink) -> Globals {
        let mut globals = Globals {
            dialect: Dialect { version: version(stream), ..Dialect::default() },
            book: Book::default(),
            sheets: Vec::new(),
            end: 0,
            formats: 0,
            kept: 0,
            trouble: None,
        };
        let mut records = Records::new(stream, 0);
        let mut depth = 0u32;
        let mut number = 0usize;
        while let Some(record) = records.next() {
            globals.end = record.end();
            number += 1;
            if number.is_multiple_of(TICK) && !sink.go_on() {
                break;
            }
            match record.kind {
                kind if is_begin(kind) => depth += 1,
                END if globals.dialect.version >= 5 => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                _ => globals.take(&records, &record, sink),
            }
        }
        if let Some((cause, words)) = globals.trouble.take() {
            sink.gap(cause, words, Some("workbook".into()));
        }
        globals
    }

    fn take(&mut self, records: &Records<'_>, record: &Record<'_>, sink: &mut dyn DocumentSink) {
        let data = record.data;
        match record.kind {
            0x0042 => {
                let stated = u16_at(data, 0).and_then(code_page);
                self.dialect.code_page = stated.unwrap_or(self.dialect.code_page);
            }
            0x0022 => self.book.since_1904 = u16_at(data, 0) == Some(1),
            0x0085 => self.sheet(records, record),
            0x001E | 0x041E => self.format(records, record),
            0x0043 => self.book.styles.add_cell(data.get(2).map_or(0, |f| u32::from(f & 0x3F))),
            0x0243 | 0x0443 => self.book.styles.add_cell(data.get(1).map_or(0, |&f| u32::from(f))),
            0x00E0 => self.book.styles.add_cell(u16_at(data, 2).map_or(0, u32::from)),
            0x0018 | 0x0218 => self.name(records, record),
            0x00FC => self.strings(records, record, sink),
            _ => {}
        }
    }

    fn sheet(&mut self, records: &Records<'_>, record: &Record<'_>) {
        let Some(at) = u32_at(record.data, 0) else { return };
        let mut text = records.pieces(record);
        let name = text.skip(6).and_then(|()| self.dialect.text(text, true)).unwrap_or_default();
        self.keep(name.len() + size_of::<Listed>());
        let is_module = record.data.get(5) == Some(&MODULE);
        if !is_module && self.kept <= MOST_NAMES {
            self.sheets.push(Listed { at: at as usize, name });
        }
    }

    fn format(&mut self, records: &Records<'_>, record: &Record<'_>) {
        let mut text = records.pieces(record);
        let header = if record.kind == 0x041E { 2 } else { 0 };
        let id = match self.dialect.version {
            5.. => u16_at(record.data, 0).map_or(0, u32::from),
            _ => self.formats,
        };
        self.formats += 1;
        let short = self.dialect.version < 8;
        if let Some(code) = text.skip(header).and_then(|()| self.dialect.text(text, short)) {
            self.book.styles.add_format(id, &code);
        }
    }

    /// A defined name, with the text it stands for, if it stands for one ([MS-XLS] 2.4.150; `PtgStr` 2.5.198.89).
    fn name(&mut self, records: &Records<'_>, record: &Record<'_>) {
        const TEXT: u8 = 0x17;
        let data = record.data;
        let (Some(&length), version) = (data.get(3), self.dialect.version) else { return };
        let (header, length) = (if version >= 5 { 14 } else { 5 }, usize::from(length));
        let mut pieces = records.pieces(record);
        let builtin = u16_at(data, 0).is_some_and(|flags| flags & 0x20 != 0);
        let Some(rest) = data.get(header..).filter(|_| version >= 3 && !builtin) else { return };
        let (name, formula) = if version >= 8 {
            let Some(&flags) = rest.first() else { return };
            let size = length * if flags & 1 != 0 { 2 } else { 1 };
            let _ = pieces.skip(header + 1);
            (pieces.characters(length, flags), rest.get(1 + size..))
        } else {
            (self.dialect.bytes(&rest[..length.min(rest.len())]), rest.get(length..))
        };
        let value = formula.and_then(|f| f.strip_prefix(&[TEXT])).and_then(|text| {
            let at = data.len() - text.len();
            let mut pieces = records.pieces(record);
            pieces.skip(at).and_then(|()| self.dialect.text(pieces, true))
        });
        let value = value.unwrap_or_default();
        self.keep(name.len() + value.len() + 2 * size_of::<String>());
        if self.kept <= MOST_NAMES {
            self.book.names.push((name, value));
        }
    }

    fn keep(&mut self, bytes: usize) {
        self.kept += bytes;
        if self.kept > MOST_NAMES {
            self.trouble = Some((Cause::LimitMemory, "more sheets and names than are kept"));
        }
    }

    /// The table of shared strings. Its counts are not believed: it ends where no string begins any more. Whether
    /// strings are missing, the cells say.
    fn strings(&mut self, records: &Records<'_>, record: &Record<'_>, sink: &mut dyn DocumentSink) {
        let mut pieces = records.pieces(record);
        let _ = pieces.skip(8);
        let mut read = 0;
        while let Some(text) = pieces.text(false) {
            if !self.book.strings.push(&text) {
                self.trouble = Some((Cause::LimitMemory, "more shared strings than are kept"));
                return;
            }
            read += 1;
            if read % TICK == 0 && !sink.go_on() {
                return;
            }
        }
    }
}

/// Version by the first record; of version 5 and later it stands in the data.
pub(super) fn version(stream: &[u8]) -> u8 {
    match (u16_at(stream, 0), u16_at(stream, 4)) {
        (Some(0x0009), _) => 2,
        (Some(0x0209), _) => 3,
        (Some(0x0409), _) => 4,
        (_, Some(0x0500)) => 5,
        _ => 8,
    }
}

//! OLE2 compound files: what kind of document it is, and whether it is encrypted.
//!
//! An Office Open XML file with a password is not a zip but an OLE2 file around the encrypted package, so this is
//! where those are recognised, beside the binary formats of Office 97–2003. Encryption is proved by streams and
//! flags, never guessed. The text of the binary formats is read by readers of their own; here they are a gap.
//!
//! Files that open without a question because they are encrypted with a password built into the program
//! (`VelvetSweatshop` in Excel) count as encrypted: the password is not tried. A file that was packed into an OLE2
//! object unchanged is given as a member.

mod packed;
mod proof;

use std::io::{Read, Seek};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input};
use crate::event::Encryption;

/// The most that is read of one stream to find a proof in it.
const MOST_STREAM: u64 = 16 << 20;

/// Our words for a file of no kind that is known.
const OTHER: &str = "OLE2 file";

/// Recognises OLE2 compound files.
pub struct Cfb;

impl Extractor for Cfb {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        if !sink.go_on() {
            return;
        }
        let opened = input.reader.rewind().and_then(|()| ::cfb::CompoundFile::open(&mut *input.reader));
        let Ok(file) = opened else {
            sink.gap(Cause::Damaged, "the OLE2 file cannot be opened", None);
            return;
        };
        let mut streams = Streams::list(file);
        match streams.encryption() {
            Some(encryption) => sink.encrypted(encryption),
            None if streams.give_packed(sink) => {}
            None => sink.gap(Cause::NoReader, streams.kind(), None),
        }
    }
}

/// The streams and storages of the root. Names are compared without regard to case.
struct Streams<F> {
    file: ::cfb::CompoundFile<F>,
    names: Vec<(String, std::path::PathBuf)>,
}

impl<F: Read + Seek> Streams<F> {
    fn list(file: ::cfb::CompoundFile<F>) -> Self {
        let entries = file.read_root_storage();
        let names = entries.map(|e| (e.name().to_ascii_lowercase(), e.path().to_owned())).collect();
        Streams { file, names }
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(n, _)| n == name)
    }

    /// The first bytes of a stream, at most `most`.
    fn start(&mut self, name: &str, most: u64) -> Option<Vec<u8>> {
        let (_, path) = self.names.iter().find(|(n, _)| n == name)?;
        let mut bytes = Vec::new();
        let stream = self.file.open_stream(path).ok()?;
        // What was read before an error may prove enough.
        let _ = stream.take(most).read_to_end(&mut bytes);
        Some(bytes)
    }

    fn encryption(&mut self) -> Option<Encryption> {
        if self.has("encryptedpackage") {
            let info = self.start("encryptioninfo", 1 << 20);
            return Some(info.map_or_else(proof::drm, |info| proof::package(&info)));
        }
        if self.has("\u{9}drmcontent") || self.has("\u{9}drmviewercontent") {
            return Some(proof::drm());
        }
        self.word().or_else(|| self.excel()).or_else(|| self.power_point())
    }

    fn word(&mut self) -> Option<Encryption> {
        let fib = self.start("worddocument", 64)?;
        let table = if proof::word_uses_table_1(&fib) { "1table" } else { "0table" };
        let table = self.start(table, 256).unwrap_or_default();
        proof::word(&fib, &table)
    }

    fn excel(&mut self) -> Option<Encryption> {
        let book = ["workbook", "book"].iter().find_map(|name| self.start(name, MOST_STREAM))?;
        proof::excel(&book)
    }

    fn power_point(&mut self) -> Option<Encryption> {
        let user = self.start("current user", 64)?;
        if !proof::power_point(&user) {
            return None;
        }
        let document = self.start("powerpoint document", MOST_STREAM).unwrap_or_default();
        Some(proof::power_point_key(&document))
    }

    /// Gives files that are embedded as they are; false if there are none.
    fn give_packed(&mut self, sink: &mut dyn DocumentSink) -> bool {
        if self.kind() != OTHER {
            return false;
        }
        let found =
            self.names.iter().find(|(n, _)| n == packed::NATIVE || packed::WHOLE.contains(&n.as_str()));
        let Some((name, path)) = found else { return false };
        let Ok(mut stream) = self.file.open_stream(path) else { return false };
        if name != packed::NATIVE {
            sink.member("", &mut stream);
        } else if packed::native(stream, sink).is_err() {
            sink.gap(Cause::Damaged, "packaged file", None);
        }
        true
    }

    /// Our words for a readable file, by the stream that every file of its kind has.
    fn kind(&self) -> &'static str {
        const KINDS: [(&str, &str); 5] = [
            ("worddocument", "Word 97-2003 document"),
            ("workbook", "Excel 97-2003 workbook"),
            ("book", "Excel 97-2003 workbook"),
            ("powerpoint document", "PowerPoint 97-2003 presentation"),
            ("__properties_version1.0", "Outlook message"),
        ];
        KINDS.iter().find(|(stream, _)| self.has(stream)).map_or(OTHER, |(_, words)| words)
    }
}

#[cfg(test)]
mod tests;

//! OLE2 compound files: what kind of document it is, whether it is encrypted, and the reader for it.
//!
//! An Office Open XML file with a password is not a zip but an OLE2 file around the encrypted package, so this is
//! where those are recognised, beside the binary formats of Office 97–2003. Encryption is proved by streams and
//! flags, never guessed. `KINDS` is the table of what is known: to add a kind, a line there.
//!
//! A file that was packed into an OLE2 object unchanged is given as a member.

mod carve;
mod compound;
pub(crate) mod embedded;
mod heard;
mod packed;
pub(crate) mod proof;
pub(crate) mod properties;
mod sectors;

pub(crate) use compound::{Compound, Id};
pub(crate) use packed::package;

use std::io;

use super::unlock::{self, legacy::Key};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input};
use crate::event::Encryption;
use crate::extract::runs::Runs;
use crate::extract::unknown;
use heard::Heard;

/// The most that is read of one stream to find a proof in it.
const MOST_STREAM: u64 = 16 << 20;

/// Our words for a file of no kind that is known.
const OTHER: &str = "OLE2 file";

/// Reads what the storage holds, with everything embedded in it, and says what is missing. Streams that end early
/// are reported by the caller.
type Read = fn(&mut Compound<'_>, Id, &mut dyn DocumentSink);

/// Reads what is encrypted with a key that is known.
type ReadLocked = fn(&mut Compound<'_>, Id, &Key, &mut dyn DocumentSink);

/// Finds the encryption information of a document.
type Info = fn(&mut Compound<'_>, Id) -> Option<Vec<u8>>;

/// A kind of document, known by a stream in its storage.
struct Kind {
    /// The stream that every document of this kind has.
    stream: &'static str,
    /// Our words for it.
    words: &'static str,
    /// Proof that it is encrypted as a whole.
    sealed: fn(&mut Compound<'_>, Id) -> Option<Encryption>,
    /// Its reader, or `None` if there is none yet.
    read: Option<Read>,
    /// How it is opened with a password, where its reader does not do that itself.
    locked: Option<(Info, ReadLocked)>,
}

/// First match wins.
static KINDS: &[Kind] = &[
    Kind {
        stream: "WordDocument",
        words: "Word 97-2003 document",
        sealed: word,
        read: Some(super::doc::read),
        locked: Some((super::doc::encryption_info, super::doc::read_locked)),
    },
    Kind {
        stream: "Workbook",
        words: "Excel 97-2003 workbook",
        sealed: |_, _| None,
        read: Some(super::xls::ole::read),
        locked: None,
    },
    Kind {
        stream: "Book",
        words: "Excel 97-2003 workbook",
        sealed: |_, _| None,
        read: Some(super::xls::ole::read),
        locked: None,
    },
    Kind {
        stream: "PowerPoint Document",
        words: "PowerPoint 97-2003 presentation",
        sealed: power_point,
        read: Some(super::ppt::read),
        locked: Some((super::ppt::encryption_info, super::ppt::read_locked)),
    },
    Kind {
        stream: "PP40",
        words: "PowerPoint 95 presentation",
        sealed: |_, _| None,
        read: Some(super::ppt::read_95),
        locked: None,
    },
    Kind {
        stream: "__properties_version1.0",
        words: "Outlook message",
        sealed: |_, _| None,
        read: Some(super::msg::read),
        locked: None,
    },
];

/// Reads OLE2 compound files.
pub struct Cfb;

impl Extractor for Cfb {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        if !sink.go_on() {
            return;
        }
        if let Some(file) = Compound::open(input) {
            if !read(file, sink) {
                unknown::runs(input, sink);
            }
        } else {
            sink.gap(Cause::Damaged, "the OLE2 file has no directory: runs of text only", None);
            Runs.extract(input, sink);
        }
    }
}

/// Reads a file by its kind. False if it has none that is known, or none of what it holds is where it should be.
fn read(mut file: Compound<'_>, sink: &mut dyn DocumentSink) -> bool {
    let root = file.root();
    let mut heard = Heard { sink, anything: false };
    let known = storage(&mut file, root, &mut heard);
    let anything = heard.anything;
    let trouble = file.trouble();
    if let Some((cause, words)) = trouble {
        sink.gap(cause, words, None);
    }
    known && (anything || trouble.is_none())
}

/// Reads a storage as the document it holds. False if nothing is known of it.
fn storage(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) -> bool {
    if opened_package(file, at, sink) {
        return true;
    }
    if let Some(encryption) = container_encryption(file, at) {
        sink.encrypted(encryption);
        return true;
    }
    let kind = KINDS.iter().find(|kind| file.find(at, kind.stream).is_some());
    match kind {
        Some(kind) => match ((kind.sealed)(file, at), kind.read) {
            (Some(encryption), _) => sealed(kind, encryption, (file, at), sink),
            (None, Some(read)) => read(file, at, sink),
            (None, None) => sink.gap(Cause::NoReader, kind.words, None),
        },
        None if packed::give(file, at, sink) => {}
        None if is_picture(file, at) => sink.gap(Cause::Media, "picture of an embedded object", None),
        None if file.children(at).is_empty() => {}
        None if is_macros(file, at) => sink.gap(Cause::Executable, "macros", None),
        None => {
            sink.gap(Cause::NoReader, OTHER, None);
            return false;
        }
    }
    true
}

/// Reads an encrypted document if a known password opens it. One that opens with a password of its program is not
/// encrypted for anybody.
fn sealed(
    kind: &Kind,
    encryption: Encryption,
    (file, at): (&mut Compound<'_>, Id),
    sink: &mut dyn DocumentSink,
) {
    let passwords = file.passwords;
    let info = kind.locked.and_then(|(info, _)| info(file, at)).unwrap_or_default();
    let opened = unlock::legacy::open(&info, passwords, &mut || sink.go_on());
    let (Some(opened), Some((_, read))) = (opened, kind.locked) else { return sink.encrypted(encryption) };
    if opened.by_user {
        sink.opened(encryption);
    }
    read(file, at, &opened.what, sink);
}

/// Reads an encrypted Office Open XML package that a known password opens; false if there is none.
fn opened_package(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) -> bool {
    let info = start(file, at, "EncryptionInfo", 1 << 20);
    let Some((info, package)) = info.zip(file.read_named(at, "EncryptedPackage")) else { return false };
    let passwords = file.passwords;
    let Some(opened) = unlock::package(&info, package, passwords, &mut || sink.go_on()) else {
        return false;
    };
    if opened.by_user {
        sink.opened(proof::package(&info));
    }
    let len = opened.what.len() as u64;
    let mut reader = io::Cursor::new(opened.what);
    let mut input = Input { name: "", len, reader: &mut reader, memory: file.memory(), passwords };
    let (family, reader) = super::zip_kind(&mut input);
    match reader {
        Some(reader) => reader.extractor.extract(&mut input, sink),
        None => sink.gap(Cause::NoReader, &format!("no reader for {family} yet"), None),
    }
    true
}

/// True for a project of macros, which a presentation keeps among its objects ([MS-OVBA] 2.2.1).
fn is_macros(file: &Compound<'_>, at: Id) -> bool {
    let storage = |id: &Id| file.item(*id).storage && file.item(*id).name.eq_ignore_ascii_case("VBA");
    file.children(at).iter().any(storage)
}

/// True for an embedded object of which there is nothing but how it looks: the names of such streams begin with a
/// control character ([MS-OLEDS] 2.3). Equations and drawings of old programs count as pictures too.
fn is_picture(file: &Compound<'_>, at: Id) -> bool {
    const DRAWN: [&str; 3] = ["Equation Native", "MSDraw Native", "METAFILEPICT"];
    let name = |id: &Id| file.item(*id).name.as_str();
    let children = file.children(at);
    !children.is_empty()
        && children.iter().all(|id| name(id).starts_with(char::is_control) || DRAWN.contains(&name(id)))
}

/// Encryption that hides even what kind of document it is.
fn container_encryption(file: &mut Compound<'_>, at: Id) -> Option<Encryption> {
    if file.find(at, "EncryptedPackage").is_some() {
        let info = start(file, at, "EncryptionInfo", 1 << 20);
        return Some(info.map_or_else(proof::drm, |info| proof::package(&info)));
    }
    let drm = ["\u{9}DRMContent", "\u{9}DRMViewerContent"];
    drm.iter().any(|name| file.find(at, name).is_some()).then(proof::drm)
}

/// The first bytes of a stream, at most `most`.
fn start(file: &mut Compound<'_>, at: Id, name: &str, most: u64) -> Option<Vec<u8>> {
    let id = file.find(at, name)?;
    Some(file.start(id, most))
}

fn word(file: &mut Compound<'_>, at: Id) -> Option<Encryption> {
    let fib = start(file, at, "WordDocument", 64)?;
    let table = if proof::word_uses_table_1(&fib) { "1Table" } else { "0Table" };
    let table = start(file, at, table, 256).unwrap_or_default();
    proof::word(&fib, &table)
}

fn power_point(file: &mut Compound<'_>, at: Id) -> Option<Encryption> {
    let user = start(file, at, "Current User", 64)?;
    if !proof::power_point(&user) {
        return None;
    }
    let document = start(file, at, "PowerPoint Document", MOST_STREAM).unwrap_or_default();
    Some(proof::power_point_key(&document))
}

#[cfg(test)]
mod tests;

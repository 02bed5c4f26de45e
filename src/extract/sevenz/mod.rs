//! 7z archives, by way of `sevenz-rust2`.
//!
//! Encryption is asked of the parser: the id of the AES coder (06 F1 07 01) stands in the packed header, where a
//! search over bytes misses it. Headers that need a password make the archive encrypted as a whole; else each
//! member tells. Blocks are read one after the other, and damage to one ends that one only. If the list of members is
//! missing, which stands at the end, what is packed comes out without names.
//! Source: 7zFormat.txt of the LZMA SDK.

mod salvage;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Read};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, ReadSeek, Sealed};
use crate::event::{Encryption, Tri};

/// The largest dictionary or header that is allocated, in KiB.
const MOST_MEMORY: usize = (super::packed::MOST_WINDOW >> 10) as usize + 1024;

/// A password is taken for right when so much unpacks without an error; only the end of a member proves it.
const PROBE: u64 = 64 << 20;

/// Reader of 7z archives.
pub struct SevenZ;

impl Extractor for SevenZ {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let words = input.passwords;
        let opened = match open(input.reader, "") {
            Ok(archive) => Ok((archive, None)),
            Err(Error::PasswordRequired | Error::MaybeBadPassword(_)) => {
                let found = words.iter().find_map(|w| Some((open(input.reader, w).ok()?, w)));
                let Some((archive, word)) = found else { return sink.encrypted(aes()) };
                sink.opened(aes());
                Ok((archive, Some(word)))
            }
            Err(error) => Err(error),
        };
        match opened {
            Ok((archive, word)) => {
                Reading { archive: &archive, words, word: word.map(String::as_str) }.all(input.reader, sink);
            }
            Err(error) => {
                let (cause, words) = gap_of(&error);
                sink.gap(cause, words, None);
                if cause == Cause::Damaged {
                    salvage::streams(input.reader, sink);
                }
            }
        }
    }
}

fn open(mut reader: &mut dyn ReadSeek, word: &str) -> Result<Archive, Error> {
    Archive::read_with_memory_limit(&mut reader, &password(word), MOST_MEMORY)
}

/// An empty password is none: the parser then says that one is needed.
fn password(word: &str) -> Password {
    if word.is_empty() { Password::empty() } else { Password::from(word) }
}

/// The only encryption of 7z: AES with 256 bits.
fn aes() -> Encryption {
    Encryption { kind: "7z-aes".to_owned(), bits: Some(256), statutory: Tri::Yes }
}

fn gap_of(error: &Error) -> (Cause, &'static str) {
    match error {
        Error::Io(e, _) | Error::MaybeBadPassword(e) => super::read_gap(e),
        Error::MaxMemLimited { .. } => (Cause::LimitMemory, "its dictionary is larger than allowed"),
        Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) | Error::ExternalUnsupported => {
            (Cause::NoReader, "packed with a method that is not read")
        }
        Error::UnsupportedVersion { .. } => (Cause::NoReader, "of a later version"),
        _ => (Cause::Damaged, "its header is damaged"),
    }
}

struct Reading<'a> {
    archive: &'a Archive,
    words: &'a [String],
    /// The password that opened the headers.
    word: Option<&'a str>,
}

impl Reading<'_> {
    fn all(&self, reader: &mut dyn ReadSeek, sink: &mut dyn DocumentSink) {
        let mut settled = vec![false; self.archive.files.len()];
        for (block, files) in self.files_by_block().iter().enumerate() {
            if !sink.go_on() {
                return;
            }
            self.block((block, files), reader, &mut settled, sink);
        }
        for (file, _) in self.archive.files.iter().zip(&settled).filter(|(_, settled)| !**settled) {
            if !sink.go_on() {
                return;
            }
            if !file.is_directory() && !file.is_anti_item() {
                sink.member(file.name(), &mut io::empty());
            }
        }
    }

    fn files_by_block(&self) -> Vec<Vec<usize>> {
        let mut by = vec![Vec::new(); self.archive.blocks.len()];
        for (file, block) in self.archive.stream_map.file_block_index.iter().enumerate() {
            if let Some(files) = block.and_then(|block| by.get_mut(block)) {
                files.push(file);
            }
        }
        by
    }

    /// The members of a block: all are read, or told with the reason why not.
    fn block(
        &self,
        (block, files): (usize, &[usize]),
        reader: &mut dyn ReadSeek,
        settled: &mut [bool],
        sink: &mut dyn DocumentSink,
    ) {
        let encrypted = files.first().is_some_and(|n| self.archive.is_file_encrypted(*n));
        let word = if encrypted { self.word_of(block, reader) } else { Some("") };
        let mut done = 0;
        let failure = match word {
            None => Some(Failure::Encrypted),
            Some(word) => {
                let how = encrypted.then(aes);
                let decoded = self.decode(block, word, reader, &mut |file, content| {
                    done += 1;
                    give(file, content, how.clone(), sink)
                });
                decoded.err().map(Failure::Error)
            }
        };
        for (n, at) in files.iter().enumerate() {
            settled[*at] = true;
            let file = &self.archive.files[*at];
            if n >= done && !file.is_directory() {
                sink.sealed_member(file.name(), file.size(), why(failure.as_ref()));
            }
        }
    }

    fn decode(
        &self,
        block: usize,
        word: &str,
        reader: &mut dyn ReadSeek,
        each: &mut dyn FnMut(&ArchiveEntry, &mut dyn Read) -> bool,
    ) -> Result<(), Error> {
        let (password, mut reader) = (password(word), reader);
        let decoder =
            BlockDecoder::new_with_memory_limit(1, MOST_MEMORY, block, self.archive, &password, &mut reader);
        decoder.for_each_entries(&mut |file, content| Ok(each(file, content)))?;
        Ok(())
    }

    /// The password that unpacks the start of a block: the checksum or the unpacker tells a wrong one.
    fn word_of(&self, block: usize, reader: &mut dyn ReadSeek) -> Option<&str> {
        let all = self.word.into_iter().chain(self.words.iter().map(String::as_str));
        all.filter(|word| !word.is_empty()).find(|word| {
            let mut sound = false;
            let probed = self.decode(block, word, reader, &mut |_, content| {
                sound = io::copy(&mut content.take(PROBE), &mut io::sink()).is_ok();
                false
            });
            // The rest of the block was not looked at; that is for the reading proper.
            sound && !matches!(probed, Err(Error::MaybeBadPassword(_)))
        })
    }
}

enum Failure {
    Encrypted,
    Error(Error),
}

fn why(failure: Option<&Failure>) -> Sealed {
    match failure {
        Some(Failure::Encrypted) => Sealed::Encrypted(aes()),
        Some(Failure::Error(error)) => {
            let (cause, words) = gap_of(error);
            Sealed::Gap(cause, words.to_owned())
        }
        None => Sealed::Gap(Cause::Damaged, "damage before it in its block".to_owned()),
    }
}

/// Gives one member; `false` if its block cannot be read further.
fn give(
    file: &ArchiveEntry,
    content: &mut dyn Read,
    how: Option<Encryption>,
    sink: &mut dyn DocumentSink,
) -> bool {
    if !sink.go_on() {
        return false;
    }
    let mut watched = Watched { content, failed: false };
    match how {
        _ if file.is_directory() => {}
        Some(how) => sink.opened_member(file.name(), how, &mut watched),
        None => sink.member(file.name(), &mut watched),
    }
    !watched.failed
}

/// Notes whether reading failed: what follows in the block is then lost.
struct Watched<'a> {
    content: &'a mut dyn Read,
    failed: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buf);
        self.failed |= read.as_ref().is_err_and(|e| e.kind() != ErrorKind::Interrupted);
        read
    }
}

//! Zip archives: members one after the other, in the order of the directory.
//!
//! The directory is read here and not by the `zip` crate: that one gives up a whole archive for one odd entry,
//! drops members that share a name, and cuts a member where its declared size says so. Only its decompressors are
//! used (see `member`). The surprising rule: flag bit 0 does not prove encryption, some writers set it on plain
//! data, so a member that can be read in spite of it is read.

mod checked;
mod crypto;
pub(crate) mod directory;
mod locked;
pub(crate) mod member;

use std::io::Read;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Sealed};

use crate::event::Encryption;
use directory::Directory;

/// Reader of zip archives.
pub struct Zip;

impl Extractor for Zip {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let directory = Directory::read(input.reader, input.len);
        directory.report(sink);
        // Members that do not overlap cannot hold more bytes than the archive. Twice as many are granted, so that
        // one entry with a damaged size does not hide its neighbours.
        let mut allowance = input.len.saturating_mul(2);
        for entry in &directory.entries {
            if !sink.go_on() {
                return;
            }
            if entry.is_folder() {
                continue;
            }
            let packed = entry.packed.min(input.len);
            if packed > allowance {
                let words = "members share their bytes: more is claimed than the archive holds";
                sink.sealed_member(&entry.name, entry.size, Sealed::Gap(Cause::LimitRatio, words.into()));
                continue;
            }
            let give = |how: Option<Encryption>, content: &mut dyn Read| match how {
                Some(how) => sink.opened_member(&entry.name, how, content),
                None => sink.member(&entry.name, content),
            };
            match member::open_with(input.reader, entry, input.passwords, give) {
                Ok(()) => allowance -= packed,
                Err(why) => sink.sealed_member(&entry.name, entry.size, why),
            }
        }
    }
}

#[cfg(test)]
mod tests;

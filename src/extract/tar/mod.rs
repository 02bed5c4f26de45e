//! Tape archives: ustar, pax, GNU and the oldest kind; sparse files too.
//!
//! Read as a stream, in blocks of 512 bytes. Two surprising rules: the blocks of zeros that end an archive do not
//! end the reading, since archives are put one after the other; and where a header should be and is none, the blocks
//! up to the next header are given as a member, so that a damaged header hides nothing but perhaps a name.
//! Layout: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block"; GNU tar manual, "Basic Tar Format"
//! and "Storing Sparse Files".

mod blocks;
mod header;
mod pax;
mod sparse;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Sealed, StreamExtractor};
use blocks::{Blocks, Lost};
use header::{BLOCK, Header};
use pax::Extended;
use sparse::{Extent, Sparse};

/// The most bytes of a long name or an extended header.
const MOST_EXTENDED: u64 = 1 << 20;

/// Reader of tape archives.
pub struct Tar;

impl Extractor for Tar {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        super::from_start(self, input, sink);
    }

    fn streaming(&self) -> Option<&dyn StreamExtractor> {
        Some(self)
    }
}

impl StreamExtractor for Tar {
    fn extract_stream(&self, _: &str, from: &mut dyn Read, sink: &mut dyn DocumentSink) {
        let mut archive = Archive { blocks: Blocks::new(from), global: Extended::default() };
        if let Err(error) = archive.read(sink) {
            let (cause, words) = super::read_gap(&error);
            sink.gap(cause, words, Some(format!("byte {}", archive.blocks.at)));
        }
    }
}

struct Archive<'a> {
    blocks: Blocks<'a>,
    /// What holds for all members that follow.
    global: Extended,
}

impl Archive<'_> {
    fn read(&mut self, sink: &mut dyn DocumentSink) -> io::Result<()> {
        let mut next = self.global.clone();
        let mut turns = 0u32;
        while let Some(block) = self.blocks.next_block()? {
            turns = turns.wrapping_add(1);
            let zeros = block.iter().all(|b| *b == 0);
            // The padding at the end may be long.
            if (!zeros || turns.is_multiple_of(1024)) && !sink.go_on() {
                return Ok(());
            }
            if zeros {
                continue;
            }
            let Some(header) = Header::parse(&block) else {
                self.lost(&block, sink);
                continue;
            };
            if self.extended(&header, &mut next)? {
                continue;
            }
            let own = std::mem::replace(&mut next, self.global.clone());
            self.entry(&header, &block, own, sink)?;
        }
        Ok(())
    }

    /// The blocks from `first` to the next header. If that is a header but for its checksum, its name will do.
    fn lost(&mut self, first: &[u8; BLOCK], sink: &mut dyn DocumentSink) {
        let start = self.blocks.at - BLOCK as u64;
        let name = header::name_of_unsound(first);
        let mut lost = match &name {
            Some(_) => Lost::behind(&mut self.blocks),
            None => Lost::from(&mut self.blocks, first),
        };
        sink.member(name.as_deref().unwrap_or_default(), &mut lost);
        lost.finish();
        let extent = format!("bytes {start}-{}", self.blocks.at);
        sink.gap(Cause::Damaged, "a header is damaged; what follows was read up to the next", Some(extent));
    }

    /// Takes in what is said of a member before its own header; `false` for that of a member.
    fn extended(&mut self, header: &Header, next: &mut Extended) -> io::Result<bool> {
        if !matches!(header.kind, b'x' | b'X' | b'g' | b'L' | b'K') {
            return Ok(false);
        }
        let bytes = self.blocks.small(header.size, MOST_EXTENDED)?;
        match header.kind {
            b'x' | b'X' => next.take(&bytes),
            b'g' => {
                self.global.take(&bytes);
                next.take(&bytes);
            }
            b'L' => next.path = Some(header::text(header::until_zero(&bytes))),
            // Where a link leads to does not matter: none is followed.
            _ => {}
        }
        Ok(true)
    }

    fn entry(
        &mut self,
        header: &Header,
        block: &[u8; BLOCK],
        said: Extended,
        sink: &mut dyn DocumentSink,
    ) -> io::Result<()> {
        let size = said.size.unwrap_or(header.size);
        let name = said.name.or(said.path).unwrap_or_else(|| header.name.clone());
        let left_out = match header.kind {
            b'1' | b'2' => Some((Cause::Link, "a link; what it leads to is not followed")),
            b'3' | b'4' | b'6' => Some((Cause::SpecialFile, "device or named pipe")),
            _ => None,
        };
        if let Some((cause, words)) = left_out {
            sink.sealed_member(&name, 0, Sealed::Gap(cause, words.to_owned()));
            return Ok(());
        }
        if header.kind == b'5' || (header.kind == b'0' && size == 0 && name.ends_with('/')) {
            return self.blocks.skip(if header.kind == b'5' { 0 } else { size });
        }
        let map = match header.kind {
            b'S' => Some(sparse::of_gnu(block, &mut self.blocks)?),
            _ => said.sparse,
        };
        self.blocks.begin(size);
        let map = if said.sparse_in_data { Some(sparse::of_data(&mut self.blocks)?) } else { map };
        match map {
            Some(extents) => {
                let whole = said.real_size.or(header.real_size).unwrap_or_else(|| end_of(&extents));
                sink.member(&name, &mut Sparse::new(&mut self.blocks, extents, whole));
            }
            None => sink.member(&name, &mut self.blocks.content()),
        }
        self.blocks.finish()
    }
}

fn end_of(extents: &[Extent]) -> u64 {
    extents.last().map_or(0, |e| e.at.saturating_add(e.length))
}

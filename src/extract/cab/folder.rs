//! The bytes of a folder: blocks of 32 KiB, unpacked one after the other.

use std::io::{self, ErrorKind, Read, SeekFrom};

use flate2::{Decompress, FlushDecompress};
use lzxd::{Lzxd, WindowSize};

use crate::document::ReadSeek;
use crate::extract::bytes::{u16_at, u32_at};

/// What a block unpacks to at most; MSZIP may look back as far into what precedes it.
const BLOCK: usize = 32 << 10;

/// How a folder is packed, and where.
#[derive(Clone, Copy)]
pub(super) struct Packing {
    start: u64,
    blocks: u16,
    kind: u16,
}

impl Packing {
    pub(super) fn read(bytes: &[u8], at: usize) -> Option<Packing> {
        let (blocks, kind) = (u16_at(bytes, at + 4)?, u16_at(bytes, at + 6)?);
        Some(Packing { start: u64::from(u32_at(bytes, at)?), blocks, kind })
    }

    /// True if its method is known here.
    pub(super) fn is_read(self) -> bool {
        matches!(self.kind & 15, 0 | 1) || self.window().is_some()
    }

    /// The window of LZX, whose size is a power of two.
    fn window(self) -> Option<WindowSize> {
        Some(match (self.kind & 15, self.kind >> 8 & 31) {
            (3, 15) => WindowSize::KB32,
            (3, 16) => WindowSize::KB64,
            (3, 17) => WindowSize::KB128,
            (3, 18) => WindowSize::KB256,
            (3, 19) => WindowSize::KB512,
            (3, 20) => WindowSize::MB1,
            (3, 21) => WindowSize::MB2,
            _ => return None,
        })
    }
}

/// A folder while it is read.
pub(super) struct Folder<'r> {
    packing: Packing,
    reserved: usize,
    reader: &'r mut dyn ReadSeek,
    /// Where the next block begins in the file, and how many there are still.
    next: u64,
    left: u16,
    block: Vec<u8>,
    given: usize,
    /// Bytes given so far.
    pub(super) at: u64,
    lzx: Option<Lzxd>,
}

impl<'r> Folder<'r> {
    pub(super) fn new(packing: &Packing, reserved: usize, reader: &'r mut dyn ReadSeek) -> Self {
        let mut folder = Folder {
            packing: *packing,
            reserved,
            reader,
            next: 0,
            left: 0,
            block: Vec::new(),
            given: 0,
            at: 0,
            lzx: None,
        };
        folder.rewind();
        folder
    }

    /// Goes back to the start.
    pub(super) fn rewind(&mut self) {
        (self.next, self.left) = (self.packing.start, self.packing.blocks);
        self.block.clear();
        (self.given, self.at) = (0, 0);
        self.lzx = self.packing.window().map(Lzxd::new);
    }

    /// Unpacks the next block. Checksums are not looked at: what can be read of a damaged one is read.
    fn load(&mut self) -> io::Result<()> {
        self.reader.seek(SeekFrom::Start(self.next))?;
        let mut head = vec![0; 8 + self.reserved];
        self.reader.read_exact(&mut head)?;
        let (Some(packed), Some(size)) = (u16_at(&head, 4), u16_at(&head, 6)) else {
            return Err(ErrorKind::InvalidData.into());
        };
        let mut bytes = vec![0; usize::from(packed)];
        self.reader.read_exact(&mut bytes)?;
        self.next += (head.len() + bytes.len()) as u64;
        self.left -= 1;
        let size = usize::from(size).min(BLOCK);
        let block = match (&mut self.lzx, self.packing.kind & 15) {
            (Some(lzx), _) => lzx
                .decompress_next(&bytes, size)
                .map_err(|_| io::Error::from(ErrorKind::InvalidData))?
                .to_vec(),
            (None, 0) => bytes,
            _ => mszip(&bytes, size, &self.block)?,
        };
        self.block = block;
        self.given = 0;
        Ok(())
    }
}

/// A block of MSZIP: deflate behind two letters, with the block before it as what it may refer to.
fn mszip(bytes: &[u8], size: usize, before: &[u8]) -> io::Result<Vec<u8>> {
    let damaged = || io::Error::from(ErrorKind::InvalidData);
    let packed = bytes.strip_prefix(b"CK").ok_or_else(damaged)?;
    let (mut inflate, mut block) = (Decompress::new(false), Vec::with_capacity(size));
    if !before.is_empty() {
        inflate.set_dictionary(before).map_err(|_| damaged())?;
    }
    inflate.decompress_vec(packed, &mut block, FlushDecompress::Finish).map_err(|_| damaged())?;
    if block.len() < size { Err(damaged()) } else { Ok(block) }
}

impl Read for Folder<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given == self.block.len() && self.left > 0 {
            self.load()?;
        }
        let n = (&self.block[self.given..]).read(buf)?;
        self.given += n;
        self.at += n as u64;
        Ok(n)
    }
}

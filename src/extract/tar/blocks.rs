//! The blocks of an archive, and the content of members between them.

use std::io::{self, ErrorKind, Read};

use super::header::{BLOCK, Header};

/// The blocks of a stream.
pub(super) struct Blocks<'a> {
    from: &'a mut dyn Read,
    /// Bytes read so far.
    pub(super) at: u64,
    /// A header that was met while something else was read.
    pending: Option<[u8; BLOCK]>,
    /// Bytes of the content in hand that are not read yet, and the padding after it.
    left: u64,
    padding: u64,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(from: &'a mut dyn Read) -> Self {
        Blocks { from, at: 0, pending: None, left: 0, padding: 0 }
    }

    /// The next block; `None` at the end.
    pub(super) fn next_block(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        if let Some(block) = self.pending.take() {
            return Ok(Some(block));
        }
        let mut block = [0; BLOCK];
        let mut got = 0;
        while got < BLOCK {
            match self.from.read(&mut block[got..]) {
                Ok(0) if got == 0 => return Ok(None),
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(n) => got += n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        self.at += BLOCK as u64;
        Ok(Some(block))
    }

    /// Begins content of `size` bytes.
    pub(super) fn begin(&mut self, size: u64) {
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// The content in hand. That it ends before its size is an error.
    pub(super) fn content(&mut self) -> Content<'_, 'a> {
        Content(self)
    }

    /// Skips what is left of the content in hand.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let rest = self.left.saturating_add(std::mem::take(&mut self.padding));
        self.left = 0;
        let skipped = io::copy(&mut (&mut *self.from).take(rest), &mut io::sink())?;
        self.at += skipped;
        if skipped < rest { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Skips content of `size` bytes.
    pub(super) fn skip(&mut self, size: u64) -> io::Result<()> {
        self.begin(size);
        self.finish()
    }

    /// Reads content of `size` bytes into memory, at most `most` of them.
    pub(super) fn small(&mut self, size: u64, most: u64) -> io::Result<Vec<u8>> {
        self.begin(size);
        let mut bytes = Vec::new();
        self.content().take(most).read_to_end(&mut bytes)?;
        self.finish()?;
        Ok(bytes)
    }
}

/// The content of a member.
pub(super) struct Content<'b, 'a>(&'b mut Blocks<'a>);

impl Read for Content<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.0.left).unwrap_or(usize::MAX).min(buf.len());
        if most == 0 {
            return Ok(0);
        }
        let n = self.0.from.read(&mut buf[..most])?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.0.left -= n as u64;
        self.0.at += n as u64;
        Ok(n)
    }
}

/// Blocks up to the next header, or the end.
pub(super) struct Lost<'b, 'a> {
    blocks: &'b mut Blocks<'a>,
    block: [u8; BLOCK],
    used: usize,
    ended: bool,
}

impl<'b, 'a> Lost<'b, 'a> {
    /// Blocks from `first` on.
    pub(super) fn from(blocks: &'b mut Blocks<'a>, first: &[u8; BLOCK]) -> Self {
        Lost { blocks, block: *first, used: 0, ended: false }
    }

    /// Blocks from the next on.
    pub(super) fn behind(blocks: &'b mut Blocks<'a>) -> Self {
        Lost { blocks, block: [0; BLOCK], used: BLOCK, ended: false }
    }

    fn advance(&mut self) -> io::Result<()> {
        match self.blocks.next_block() {
            Ok(Some(block)) if Header::parse(&block).is_some() => {
                self.blocks.pending = Some(block);
                self.ended = true;
            }
            Ok(Some(block)) => (self.block, self.used) = (block, 0),
            Ok(None) => self.ended = true,
            Err(error) => {
                self.ended = true;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Goes on to the next header, if it was not met.
    pub(super) fn finish(mut self) {
        while !self.ended {
            if self.advance().is_err() {
                return;
            }
        }
    }
}

impl Read for Lost<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.used == BLOCK && !self.ended {
            self.advance()?;
        }
        if self.ended {
            return Ok(0);
        }
        let n = buf.len().min(BLOCK - self.used);
        buf[..n].copy_from_slice(&self.block[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}

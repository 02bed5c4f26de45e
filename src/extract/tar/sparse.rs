//! Sparse files: data with holes between them. Holes are given as zeros, so that offsets are those of the file.

use std::io::{self, ErrorKind, Read};

use super::blocks::Blocks;
use super::header::{BLOCK, number};

/// The most pieces of data of one file.
pub(super) const MOST_EXTENTS: usize = 1 << 20;

/// A piece of data: where it belongs in the file, and how long it is.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) at: u64,
    pub(super) length: u64,
}

/// The list of a file in the old GNU form: four pieces in the header, 21 in each further block.
pub(super) fn of_gnu(header: &[u8; BLOCK], blocks: &mut Blocks<'_>) -> io::Result<Vec<Extent>> {
    let mut all = Vec::new();
    take_pieces(&header[386..482], &mut all);
    let mut more = header[482] != 0;
    while more && all.len() < MOST_EXTENTS {
        let block = blocks.next_block()?.ok_or(ErrorKind::UnexpectedEof)?;
        take_pieces(&block[..504], &mut all);
        more = block[504] != 0;
    }
    Ok(all)
}

fn take_pieces(bytes: &[u8], into: &mut Vec<Extent>) {
    for piece in bytes.chunks_exact(24).take_while(|piece| piece[0] != 0) {
        if let (Some(at), Some(length)) = (number(&piece[..12]), number(&piece[12..])) {
            into.push(Extent { at, length });
        }
    }
}

/// The list at the head of the content (form 1.0): decimal numbers, a line each, up to the end of a block.
pub(super) fn of_data(blocks: &mut Blocks<'_>) -> io::Result<Vec<Extent>> {
    let mut numbers: Vec<u64> = Vec::new();
    let (mut line, mut wanted) = (0u64, None::<usize>);
    let mut block = [0; BLOCK];
    loop {
        blocks.content().read_exact(&mut block)?;
        for &b in &block {
            match b {
                b'0'..=b'9' => line = line.saturating_mul(10).saturating_add(u64::from(b - b'0')),
                b'\n' => {
                    let first = wanted.is_none();
                    let count = usize::try_from(line).unwrap_or(usize::MAX).min(MOST_EXTENTS) * 2;
                    let most = *wanted.get_or_insert(count);
                    if !first && numbers.len() < most {
                        numbers.push(line);
                    }
                    line = 0;
                }
                _ => {}
            }
            if wanted == Some(numbers.len()) {
                return Ok(numbers.chunks_exact(2).map(|n| Extent { at: n[0], length: n[1] }).collect());
            }
        }
    }
}

/// Content with its holes.
pub(super) struct Sparse<'b, 'a> {
    blocks: &'b mut Blocks<'a>,
    extents: std::vec::IntoIter<Extent>,
    piece: Option<Extent>,
    at: u64,
    size: u64,
}

impl<'b, 'a> Sparse<'b, 'a> {
    pub(super) fn new(blocks: &'b mut Blocks<'a>, extents: Vec<Extent>, size: u64) -> Self {
        let mut extents = extents.into_iter();
        let piece = extents.next();
        Sparse { blocks, extents, piece, at: 0, size }
    }
}

impl Read for Sparse<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_some_and(|p| p.at.saturating_add(p.length) <= self.at) {
            self.piece = self.extents.next();
        }
        let (is_data, end) = match self.piece {
            Some(p) if p.at <= self.at => (true, p.at.saturating_add(p.length)),
            Some(p) => (false, p.at),
            None => (false, self.size),
        };
        let most = usize::try_from(end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buf.len());
        if most == 0 {
            return Ok(0);
        }
        let n = if is_data {
            self.blocks.content().read(&mut buf[..most])?
        } else {
            buf[..most].fill(0);
            most
        };
        // Less data than the list claims: nothing more is there.
        self.at = if n == 0 { self.size.max(end) } else { self.at + n as u64 };
        Ok(n)
    }
}

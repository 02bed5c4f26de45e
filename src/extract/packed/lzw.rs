//! compress(1): LZW with codes of 9 to 16 bits.
//!
//! Layout: two bytes of signature, one of flags (lowest five bits: longest code; highest bit: block mode, in which
//! code 256 empties the table), then codes, lowest bit first. The surprising rule: codes are written in groups of
//! eight, and whenever the length of codes changes, the rest of a group is padding. Source: the manual page of
//! compress and the behaviour of ncompress.

use std::io::{self, BufRead, ErrorKind, Read};

const CLEAR: usize = 256;
const BLOCK_MODE: u8 = 0x80;

/// Unpacks a stream.
pub(super) struct Lzw<R> {
    from: R,
    most_bits: u32,
    block_mode: bool,
    bits: u32,
    /// Codes as they were read, a group of at most eight.
    group: Vec<u8>,
    /// Bits of the group that were used.
    used: usize,
    /// Code and last byte of the string that each code from 256 on stands for.
    prefix: Vec<u16>,
    suffix: Vec<u8>,
    previous: Option<usize>,
    first: u8,
    /// The string in hand, backwards.
    stack: Vec<u8>,
    ended: bool,
}

impl<R: BufRead> Lzw<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// What reading says; `InvalidData` for impossible lengths of codes.
    pub(super) fn open(mut from: R) -> io::Result<Self> {
        let mut header = [0; 3];
        from.read_exact(&mut header)?;
        let most_bits = u32::from(header[2] & 0x1F);
        if !(9..=16).contains(&most_bits) {
            return Err(ErrorKind::InvalidData.into());
        }
        let block_mode = header[2] & BLOCK_MODE != 0;
        let mut lzw = Lzw {
            from,
            most_bits,
            block_mode,
            bits: 9,
            group: Vec::new(),
            used: 0,
            prefix: Vec::new(),
            suffix: Vec::new(),
            previous: None,
            first: 0,
            stack: Vec::new(),
            ended: false,
        };
        lzw.empty();
        Ok(lzw)
    }

    /// Empties the table; in block mode code 256 stays taken.
    fn empty(&mut self) {
        let taken = usize::from(self.block_mode);
        self.prefix = vec![0; taken];
        self.suffix = vec![0; taken];
    }

    fn next_free(&self) -> usize {
        256 + self.prefix.len()
    }

    /// The next code, or `None` at the end. Fewer bits than a code are padding.
    fn code(&mut self) -> io::Result<Option<usize>> {
        let bits = self.bits as usize;
        if self.used + bits > self.group.len() * 8 {
            self.group.clear();
            (&mut self.from).take(u64::from(self.bits)).read_to_end(&mut self.group)?;
            self.used = 0;
            if self.group.len() * 8 < bits {
                return Ok(None);
            }
        }
        let mut code = 0;
        for n in 0..bits {
            let at = self.used + n;
            code |= usize::from(self.group[at / 8] >> (at % 8) & 1) << n;
        }
        self.used += bits;
        Ok(Some(code))
    }

    /// Changes the length of codes: what is left of the group is padding.
    fn set_bits(&mut self, bits: u32) {
        self.bits = bits;
        self.used = self.group.len() * 8;
    }

    /// Puts the string of the next code on the stack; `false` at the end.
    fn step(&mut self) -> io::Result<bool> {
        // The table is full for this length once the next code would not fit into it.
        if self.next_free() > (1 << self.bits) - 1 && self.bits < self.most_bits {
            self.set_bits(self.bits + 1);
        }
        let Some(code) = self.code()? else { return Ok(false) };
        if self.block_mode && code == CLEAR {
            self.empty();
            self.set_bits(9);
            self.previous = None;
            return Ok(true);
        }
        let Some(previous) = self.previous else {
            self.first = u8::try_from(code).map_err(|_| ErrorKind::InvalidData)?;
            self.stack.push(self.first);
            self.previous = Some(code);
            return Ok(true);
        };
        let mut at = code;
        if code >= self.next_free() {
            if code > self.next_free() {
                return Err(ErrorKind::InvalidData.into());
            }
            self.stack.push(self.first);
            at = previous;
        }
        // A code stands for an earlier one and a byte: the chain falls, and ends.
        while at >= 256 {
            self.stack.push(self.suffix[at - 256]);
            at = usize::from(self.prefix[at - 256]);
        }
        self.first = at as u8;
        self.stack.push(self.first);
        if self.next_free() < 1 << self.most_bits {
            self.prefix.push(previous as u16);
            self.suffix.push(self.first);
        }
        self.previous = Some(code);
        Ok(true)
    }
}

impl<R: BufRead> Read for Lzw<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.stack.is_empty() && !self.ended {
            self.ended = !self.step()?;
        }
        let n = buf.len().min(self.stack.len());
        for slot in &mut buf[..n] {
            *slot = self.stack.pop().unwrap_or_default();
        }
        Ok(n)
    }
}

//! HMAC-SHA-256 (RFC 2104, FIPS 180-4) under one key, many times over.
//!
//! Both states after the key are kept, so that a short message costs two or three runs of the compression function of
//! `sha2` and nothing else: its buffers, made for messages of any kind, took longer than the sum.

use sha2::block_api::compress256;
use zeroize::Zeroize;

/// Bytes of a block.
const BLOCK: usize = 64;
/// The state before the first block (FIPS 180-4, 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A key, as the states that its two blocks lead to. Secret like the key itself; wiped when dropped.
#[derive(Clone)]
pub(super) struct Keyed {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Keyed {
    /// Sums under `key`.
    pub(super) fn new(key: &[u8; 32]) -> Keyed {
        let after = |pad: u8| {
            let mut block = [pad; BLOCK];
            block.iter_mut().zip(key).for_each(|(b, k)| *b ^= k);
            let mut state = START;
            compress256(&mut state, &[block]);
            block.zeroize();
            state
        };
        Keyed { inner: after(0x36), outer: after(0x5c) }
    }

    /// The sum of the parts, one behind the other.
    pub(super) fn sum<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
        let mut inner = Message::after_key(self.inner);
        parts.into_iter().for_each(|part| inner.push(part));
        let mut outer = Message::after_key(self.outer);
        outer.push(&inner.finish());
        outer.finish()
    }
}

impl Drop for Keyed {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// What is summed behind the block of a key.
struct Message {
    state: [u32; 8],
    /// What does not fill a block yet, and zeros behind it.
    block: [u8; BLOCK],
    filled: usize,
    /// Bytes so far, those of the key's block included.
    length: u64,
}

impl Message {
    fn after_key(state: [u32; 8]) -> Message {
        Message { state, block: [0; BLOCK], filled: 0, length: BLOCK as u64 }
    }

    fn push(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        while self.filled + bytes.len() >= BLOCK {
            let (head, rest) = bytes.split_at(BLOCK - self.filled);
            self.block[self.filled..].copy_from_slice(head);
            compress256(&mut self.state, &[self.block]);
            (self.block, self.filled) = ([0; BLOCK], 0);
            bytes = rest;
        }
        self.block[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    /// Ends the message by a one bit, zeros and its length in bits.
    fn finish(mut self) -> [u8; 32] {
        self.block[self.filled] = 0x80;
        if self.filled >= BLOCK - 8 {
            compress256(&mut self.state, &[self.block]);
            self.block = [0; BLOCK];
        }
        self.block[BLOCK - 8..].copy_from_slice(&(8 * self.length).to_be_bytes());
        compress256(&mut self.state, &[self.block]);
        let mut sum = [0; 32];
        let (words, _) = sum.as_chunks_mut::<4>();
        words.iter_mut().zip(self.state).for_each(|(to, word)| *to = word.to_be_bytes());
        sum
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    #[test]
    fn sums_of_any_length_and_cut_are_those_of_the_hmac_crate() {
        let key: [u8; 32] = std::array::from_fn(|n| (n * 7 + 3) as u8);
        let text: Vec<u8> = (0..300u32).map(|n| (n * n % 251) as u8).collect();
        let keyed = Keyed::new(&key);
        for length in 0..text.len() {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(&text[..length]);
            let expected: [u8; 32] = mac.finalize().into_bytes().into();
            for step in [1, 7, 64, 100, 300] {
                assert_eq!(keyed.sum(text[..length].chunks(step)), expected, "{length} by {step}");
            }
        }
    }
}

//! AES with keys of all three lengths, block by block or chained.

use ::aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use ::aes::{Aes128, Aes192, Aes256};

/// Bytes of a block.
pub(super) const BLOCK: usize = 16;

/// A key.
pub(super) enum Aes {
    /// Of 128 bits.
    Short(Box<Aes128>),
    /// Of 192 bits.
    Middle(Box<Aes192>),
    /// Of 256 bits.
    Long(Box<Aes256>),
}

impl Aes {
    /// The key of these bytes; `None` unless there are 16, 24 or 32.
    pub(super) fn new(key: &[u8]) -> Option<Aes> {
        Some(match key.len() {
            16 => Aes::Short(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Aes::Middle(Box::new(Aes192::new_from_slice(key).ok()?)),
            32 => Aes::Long(Box::new(Aes256::new_from_slice(key).ok()?)),
            _ => return None,
        })
    }

    /// Decrypts whole blocks, each by itself; what is left at the end stays as it is.
    pub(super) fn decrypt_blocks(&self, bytes: &mut [u8]) {
        let (blocks, _) = bytes.as_chunks_mut::<BLOCK>();
        let blocks = Array::cast_slice_from_core_mut(blocks);
        match self {
            Aes::Short(key) => key.decrypt_blocks(blocks),
            Aes::Middle(key) => key.decrypt_blocks(blocks),
            Aes::Long(key) => key.decrypt_blocks(blocks),
        }
    }

    /// Decrypts whole blocks that are chained from `start` on.
    pub(super) fn decrypt_chain(&self, start: [u8; BLOCK], bytes: &mut [u8]) {
        let before = bytes.to_vec();
        self.decrypt_blocks(bytes);
        let previous = start.iter().chain(&before);
        let whole = bytes.len() - bytes.len() % BLOCK;
        for (byte, previous) in bytes[..whole].iter_mut().zip(previous) {
            *byte ^= previous;
        }
    }
}

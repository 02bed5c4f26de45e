//! The digest of a large text, range by range, by the threads that have its bytes in hand: what is left for the one that
//! works on the last range is to put the parts together.

use std::sync::{Mutex, PoisonError};

use blake3::Hasher;
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root,
};

use crate::source::digest_word;
use crate::text::Bytes;

/// How many bytes are read at a time.
const PIECE: usize = 1 << 20;
/// The smallest part that can be put together with others (BLAKE3, section 2.1).
const CHUNK: u64 = blake3::CHUNK_LEN as u64;

/// Parts of a digest: one for each range.
pub struct Parts {
    range: u64,
    size: u64,
    known: Mutex<Vec<Option<ChainingValue>>>,
}

impl Parts {
    /// Parts for a text of `size` bytes cut at multiples of `range`; none if these are no places to cut at.
    pub fn new(range: u64, size: u64) -> Option<Parts> {
        let fit = range.is_power_of_two() && range >= CHUNK && size > range;
        let count = usize::try_from(size.div_ceil(range)).ok().filter(|_| fit)?;
        Some(Parts { range, size, known: Mutex::new(vec![None; count]) })
    }

    /// Adds range `n`, of which `bytes` are all.
    pub fn add(&self, n: u64, bytes: &[u8], key: &[u8; 32]) {
        let part = self.hasher(n, key).update(bytes).finalize_non_root();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = known.get_mut(n as usize) {
            *slot = Some(part);
        }
    }

    fn hasher(&self, n: u64, key: &[u8; 32]) -> Hasher {
        let mut hasher = Hasher::new_keyed(key);
        hasher.set_input_offset(n * self.range);
        hasher
    }

    /// The digest as [`crate::source::Source::digest`] has it; what was not added is read. `None` if that fails.
    pub fn finish(&self, text: &dyn Bytes, key: &[u8; 32]) -> Option<String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = Vec::new();
        for (n, slot) in (0..).zip(known.iter_mut()).filter(|(_, slot)| slot.is_none()) {
            *slot = Some(self.read(n, text, key, &mut buffer)?);
        }
        let parts: Vec<ChainingValue> = known.iter().copied().collect::<Option<_>>()?;
        let (left, right) = self.halves(self.size);
        let (mode, (left_parts, right_parts)) = (Mode::KeyedHash(key), parts.split_at(left));
        let left = self.merged(left_parts, self.size - right, mode);
        let right = self.merged(right_parts, right, mode);
        Some(digest_word(&merge_subtrees_root(&left, &right, mode)))
    }

    fn read(&self, n: u64, text: &dyn Bytes, key: &[u8; 32], buffer: &mut Vec<u8>) -> Option<ChainingValue> {
        let (mut at, end) = (n * self.range, ((n + 1) * self.range).min(self.size));
        let mut hasher = self.hasher(n, key);
        buffer.resize(PIECE, 0);
        while at < end {
            let most = usize::try_from(end - at).map_or(PIECE, |left| left.min(PIECE));
            let got = text.read_at(&mut buffer[..most], at).ok().filter(|got| *got > 0)?;
            hasher.update(&buffer[..got]);
            at += got as u64;
        }
        Some(hasher.finalize_non_root())
    }

    /// How many parts the left half of so many bytes has, and how many bytes the right one.
    fn halves(&self, len: u64) -> (usize, u64) {
        let left = left_subtree_len(len);
        ((left / self.range) as usize, len - left)
    }

    /// The value over parts of `len` bytes together. No deeper than the logarithm of their number.
    fn merged(&self, parts: &[ChainingValue], len: u64, mode: Mode<'_>) -> ChainingValue {
        if let [part] = parts {
            return *part;
        }
        let (left, right) = self.halves(len);
        let (left_parts, right_parts) = parts.split_at(left);
        let left = self.merged(left_parts, len - right, mode);
        merge_subtrees_non_root(&left, &self.merged(right_parts, right, mode), mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::digest_of;

    #[test]
    fn parts_in_any_order_are_the_digest_of_the_whole() {
        let key = [7; 32];
        let text: Vec<u8> = (0..40_000_u32).map(|n| (n * n % 251) as u8).collect();
        for size in [1025, 2048, 2049, 3000, 4096, 8191, 8192, 8193, 12_288, 33_000, 40_000] {
            let text = &text[..size];
            for range in [1024_u64, 2048, 8192] {
                let Some(parts) = Parts::new(range, size as u64) else {
                    assert!(range >= size as u64);
                    continue;
                };
                let pieces: Vec<(u64, &[u8])> = (0..).zip(text.chunks(range as usize)).collect();
                for (n, bytes) in pieces.iter().rev().filter(|(n, _)| n % 3 != 1) {
                    parts.add(*n, bytes, &key);
                }
                assert_eq!(parts.finish(&text, &key), Some(digest_of(text, &key)), "{size} by {range}");
            }
        }
        assert!(Parts::new(1000, 5000).is_none() && Parts::new(512, 5000).is_none());
    }

    #[test]
    fn a_text_that_became_shorter_has_no_digest() {
        let parts = Parts::new(1024, 5000).unwrap();
        assert_eq!(parts.finish(&vec![1; 4000].as_slice(), &[0; 32]), None);
    }
}

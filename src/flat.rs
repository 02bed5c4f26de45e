//! Flat hash tables from text to a number, made at build time and used as they lie in the binary.
//!
//! No pointers (so nothing to relocate at start), no parsing, shared by all processes. A slot holds a 32-bit
//! fingerprint and a 32-bit value; a key that is not in the table is taken for one that is with a chance of about
//! 1 in 10^9. This file is also compiled into the build script, which writes the tables.

/// A table in the form [`build`] writes.
pub struct FlatMap {
    slots: &'static [u8],
    mask: u64,
}

const SLOT: usize = 8;

/// 64-bit FNV-1a with a final mix, so that both halves are usable.
#[must_use]
pub fn hash(seed: u64, key: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for &b in key {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^ (h >> 32)
}

fn fingerprint(h: u64) -> u32 {
    ((h >> 32) as u32).max(1)
}

impl FlatMap {
    /// Uses a table made by [`build`]. Its length is a power of two of slots.
    #[must_use]
    pub const fn new(slots: &'static [u8]) -> Self {
        FlatMap { slots, mask: (slots.len() / SLOT) as u64 - 1 }
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<u32> {
        self.get_seeded(0, key)
    }

    /// The value of `key` under `seed` (used for tries, where the seed is the parent node).
    #[must_use]
    pub fn get_seeded(&self, seed: u64, key: &[u8]) -> Option<u32> {
        let h = hash(seed, key);
        let want = fingerprint(h);
        let mut at = h & self.mask;
        loop {
            let slot = usize::try_from(at).ok()? * SLOT;
            let word = |i: usize| {
                let b = &self.slots[slot + i..slot + i + 4];
                u32::from_le_bytes([b[0], b[1], b[2], b[3]])
            };
            match word(0) {
                0 => return None,
                fp if fp == want => return Some(word(4)),
                _ => at = (at + 1) & self.mask,
            }
        }
    }
}

/// Writes a table of `(seed, key, value)` at no more than half load.
///
/// # Panics
/// If two keys collide in slot order and fingerprint (the build then fails, and the seed must be changed).
#[cfg_attr(not(test), allow(dead_code, reason = "used by the build script"))]
#[must_use]
pub fn build(entries: &[(u64, &[u8], u32)]) -> Vec<u8> {
    let slots = (entries.len() * 2).next_power_of_two().max(2);
    let mut table = vec![(0u32, 0u32); slots];
    for &(seed, key, value) in entries {
        let h = hash(seed, key);
        let fp = fingerprint(h);
        let mut at = usize::try_from(h & (slots as u64 - 1)).expect("a slot number fits");
        while table[at].0 != 0 {
            assert!(table[at].0 != fp, "two keys of one table share a fingerprint");
            at = (at + 1) % slots;
        }
        table[at] = (fp, value);
    }
    table.iter().flat_map(|(fp, v)| fp.to_le_bytes().into_iter().chain(v.to_le_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let keys: Vec<String> = (0..5000).map(|i| format!("KEY{i}")).collect();
        let entries: Vec<(u64, &[u8], u32)> =
            keys.iter().zip(0..).map(|(k, i)| (7, k.as_bytes(), i)).collect();
        let map = FlatMap::new(Box::leak(build(&entries).into_boxed_slice()));
        for (k, i) in keys.iter().zip(0..) {
            assert_eq!(map.get_seeded(7, k.as_bytes()), Some(i));
        }
        assert_eq!(map.get(b"KEY1"), None);
        assert_eq!(map.get_seeded(7, b"KEY5000"), None);
    }
}

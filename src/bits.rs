//! Which bytes of a text are of a kind, as bits: one word for every 64 bytes, 16 or 32 bytes compared at a time.
//!
//! Everything that looks at every byte of a text starts here. There are three ways to the same bits: AVX2 where the
//! processor has it (asked when the program runs), SSE2 on every other x86-64, and plain words elsewhere.

/// Bytes to a word of bits.
pub const BLOCK: usize = 64;

/// A kind of bytes: those from `low` on, `span` more of them, once the bits of `fold` are set in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    fold: u8,
    low: u8,
    span: u8,
}

/// ASCII digits.
pub const DIGITS: Kind = Kind { fold: 0, low: b'0', span: 9 };
/// ASCII letters of either case.
pub const LETTERS: Kind = Kind { fold: 0x20, low: b'a', span: 25 };
/// ASCII capitals.
pub const CAPITALS: Kind = Kind { fold: 0, low: b'A', span: 25 };
/// Bytes that are not ASCII.
pub const WIDE: Kind = Kind { fold: 0, low: 0x80, span: 0x7f };

impl Kind {
    /// One byte alone.
    #[must_use]
    pub const fn one(byte: u8) -> Kind {
        Kind { fold: 0, low: byte, span: 0 }
    }

    /// True if `byte` is of the kind.
    #[must_use]
    #[inline]
    pub const fn has(self, byte: u8) -> bool {
        (byte | self.fold).wrapping_sub(self.low) <= self.span
    }
}

/// Replaces `out` by the bits of `text`: bit `i % 64` of word `i / 64` for byte `i`. Bits beyond the text are 0.
pub fn fill(kind: Kind, text: &[u8], out: &mut Vec<u64>) {
    out.clear();
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    whole(kind, blocks, out);
    if !rest.is_empty() {
        let bits = rest.iter().enumerate().filter(|(_, b)| kind.has(**b));
        out.push(bits.fold(0, |word, (i, _)| word | 1 << i));
    }
}

#[cfg(target_arch = "x86_64")]
fn whole(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut Vec<u64>) {
    // SAFETY: `by_32` requires AVX2, for which the processor was just asked; `by_16` requires SSE2, which every x86-64
    // has. Neither reads anything but the blocks, by safe loads.
    #[expect(unsafe_code, reason = "a function for one kind of processor can be called in no other way")]
    unsafe {
        match std::arch::is_x86_feature_detected!("avx2") {
            true => x86::by_32(kind, blocks, out),
            false => x86::by_16(kind, blocks, out),
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn whole(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut Vec<u64>) {
    out.extend(blocks.iter().map(|block| plain(kind, block)));
}

/// The bits of a block by eight bytes at a time, on any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain(kind: Kind, block: &[u8; BLOCK]) -> u64 {
    let (words, _) = block.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, bytes| {
        let own = bytes.iter().rev().fold(0, |own, b| own << 1 | u64::from(kind.has(*b)));
        bits << 8 | own
    })
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64 as arch;

    use super::{BLOCK, Kind};

    /// The bits of many blocks by SSE2.
    #[target_feature(enable = "sse2")]
    pub fn by_16(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut Vec<u64>) {
        let (fold, low, span) = (
            arch::_mm_set1_epi8(kind.fold.cast_signed()),
            arch::_mm_set1_epi8(kind.low.cast_signed()),
            arch::_mm_set1_epi8(kind.span.cast_signed()),
        );
        for block in blocks {
            let (quarters, _) = block.as_chunks::<16>();
            let mut bits = 0;
            for bytes in quarters.iter().rev() {
                let (words, _) = bytes.as_chunks::<8>();
                let word = |i: usize| i64::from_le_bytes(words[i]);
                let bytes = arch::_mm_set_epi64x(word(1), word(0));
                let from = arch::_mm_sub_epi8(arch::_mm_or_si128(bytes, fold), low);
                let within = arch::_mm_cmpeq_epi8(arch::_mm_min_epu8(from, span), from);
                bits = bits << 16 | u64::from(arch::_mm_movemask_epi8(within).cast_unsigned());
            }
            out.push(bits);
        }
    }

    /// The bits of many blocks by AVX2.
    #[target_feature(enable = "avx2")]
    pub fn by_32(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut Vec<u64>) {
        let (fold, low, span) = (
            arch::_mm256_set1_epi8(kind.fold.cast_signed()),
            arch::_mm256_set1_epi8(kind.low.cast_signed()),
            arch::_mm256_set1_epi8(kind.span.cast_signed()),
        );
        let half = |bytes: &[u8; 32]| {
            let (words, _) = bytes.as_chunks::<8>();
            let word = |i: usize| i64::from_le_bytes(words[i]);
            let bytes = arch::_mm256_set_epi64x(word(3), word(2), word(1), word(0));
            let from = arch::_mm256_sub_epi8(arch::_mm256_or_si256(bytes, fold), low);
            let within = arch::_mm256_cmpeq_epi8(arch::_mm256_min_epu8(from, span), from);
            u64::from(arch::_mm256_movemask_epi8(within).cast_unsigned())
        };
        out.resize(blocks.len(), 0);
        for (block, bits) in blocks.iter().zip(out.iter_mut()) {
            let (halves, _) = block.as_chunks::<32>();
            *bits = half(&halves[1]) << 32 | half(&halves[0]);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [Kind; 5] = [DIGITS, LETTERS, CAPITALS, WIDE, Kind::one(b',')];

    proptest! {
        #[test]
        fn every_way_gives_the_bits_of_the_bytes(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), (0x20u8..0x7f), (b'0'..=b'9')], 0..400),
            from in 0usize..70,
        ) {
            let text = bytes.get(from..).unwrap_or_default();
            for kind in KINDS {
                let mut bits = Vec::new();
                fill(kind, text, &mut bits);
                prop_assert_eq!(bits.len(), text.len().div_ceil(BLOCK));
                for (i, b) in text.iter().enumerate() {
                    prop_assert_eq!(bits[i / BLOCK] >> (i % BLOCK) & 1 == 1, kind.has(*b));
                }
                let (blocks, _) = text.as_chunks::<BLOCK>();
                let plain: Vec<u64> = blocks.iter().map(|block| plain(kind, block)).collect();
                prop_assert_eq!(&plain[..], &bits[..blocks.len()]);
                #[cfg(target_arch = "x86_64")]
                {
                    let mut narrow = Vec::new();
                    // SAFETY: every x86-64 has SSE2.
                    #[expect(unsafe_code, reason = "see `whole`")]
                    unsafe {
                        x86::by_16(kind, blocks, &mut narrow);
                    }
                    prop_assert_eq!(narrow, plain);
                }
            }
        }
    }
}

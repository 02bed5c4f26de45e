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
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        whole(kind, &[last], out);
        let bits = u64::MAX >> (BLOCK - rest.len());
        out.last_mut().into_iter().for_each(|word| *word &= bits);
    }
}

/// The bits of 64 bytes for the kinds that shapes of numbers are made of.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Signs {
    /// ASCII digits.
    pub digits: u64,
    /// What joins the groups of a number: space, `-`, `.`, `/`, `_`.
    pub joins: u64,
    /// ASCII capitals.
    pub capitals: u64,
    /// What parts the fields of exchange formats: `*`, `+`, `|`, `^`.
    pub marks: u64,
    /// Bytes that are not ASCII.
    pub wide: u64,
}

/// The kinds of bytes behind [`Signs::digits`], [`Signs::joins`], [`Signs::capitals`] and [`Signs::marks`], each with the
/// place of its bits among these.
const SIGNS: [(Kind, usize); 8] = [
    (DIGITS, 0),
    (Kind::one(b' '), 1),
    (Kind { fold: 0, low: b'-', span: 2 }, 1),
    (Kind::one(b'_'), 1),
    (CAPITALS, 2),
    (Kind { fold: 0, low: b'*', span: 1 }, 3),
    (Kind::one(b'|'), 3),
    (Kind::one(b'^'), 3),
];

/// Replaces `out` by the signs of `text`, as [`fill`] does for one kind.
pub fn signs(text: &[u8], out: &mut Vec<Signs>) {
    out.clear();
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    whole_signs(blocks, out);
    if !rest.is_empty() {
        // Zero bytes are of none of the kinds.
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        whole_signs(&[last], out);
    }
}

#[cfg(target_arch = "x86_64")]
fn whole_signs(blocks: &[[u8; BLOCK]], out: &mut Vec<Signs>) {
    if !std::arch::is_x86_feature_detected!("avx2") {
        return signs_one_by_one(blocks, out);
    }
    // SAFETY: `signs_by_32` requires AVX2, for which the processor was just asked.
    #[expect(unsafe_code, reason = "a function for one kind of processor can be called in no other way")]
    unsafe {
        x86::signs_by_32(blocks, out);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn whole_signs(blocks: &[[u8; BLOCK]], out: &mut Vec<Signs>) {
    signs_one_by_one(blocks, out);
}

/// The signs of many blocks, one kind after the other.
fn signs_one_by_one(blocks: &[[u8; BLOCK]], out: &mut Vec<Signs>) {
    let had = out.len();
    out.resize(had + blocks.len(), Signs::default());
    let mut words = Vec::with_capacity(blocks.len());
    for (kind, place) in SIGNS.into_iter().chain([(WIDE, SIGNS.len())]) {
        words.clear();
        whole(kind, blocks, &mut words);
        for (signs, word) in out[had..].iter_mut().zip(&words) {
            let own = match place {
                0 => &mut signs.digits,
                1 => &mut signs.joins,
                2 => &mut signs.capitals,
                3 => &mut signs.marks,
                _ => &mut signs.wide,
            };
            *own |= word;
        }
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

    use super::{BLOCK, Kind, SIGNS, Signs};

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
        let had = out.len();
        out.resize(had + blocks.len(), 0);
        for (block, bits) in blocks.iter().zip(&mut out[had..]) {
            let (halves, _) = block.as_chunks::<32>();
            *bits = half(&halves[1]) << 32 | half(&halves[0]);
        }
    }

    /// For each low and each high half of a byte, a bit for every rectangle of the ASCII table that has it in common with
    /// the bytes of [`SIGNS`]; a byte whose two halves share a bit is of that kind.
    const HALVES: ([u8; 16], [u8; 16], [u8; 4]) = halves();

    /// Each kind of `SIGNS` is one rectangle, but for capitals, which are two, and `-./` and `*+`, which share theirs with
    /// space and each other.
    const fn halves() -> ([u8; 16], [u8; 16], [u8; 4]) {
        let (mut low, mut high, mut of) = ([0; 16], [0; 16], [0; 4]);
        let mut rectangles = [(0u8, 0usize); 8];
        let mut count = 0;
        let mut byte = 0u8;
        while byte < 0x80 {
            let mut i = 0;
            while i < SIGNS.len() {
                if SIGNS[i].0.has(byte) {
                    let mut r = 0;
                    // The rectangle of this kind in this row of the table.
                    while r < count && (rectangles[r].0 != byte >> 4 || rectangles[r].1 != SIGNS[i].1) {
                        r += 1;
                    }
                    if r == count {
                        rectangles[r] = (byte >> 4, SIGNS[i].1);
                        count += 1;
                    }
                    low[(byte & 15) as usize] |= 1 << r;
                    high[(byte >> 4) as usize] |= 1 << r;
                    of[SIGNS[i].1] |= 1 << r;
                }
                i += 1;
            }
            byte += 1;
        }
        (low, high, of)
    }

    /// The signs of many blocks by AVX2.
    #[target_feature(enable = "avx2")]
    pub fn signs_by_32(blocks: &[[u8; BLOCK]], out: &mut Vec<Signs>) {
        let table = |half: [u8; 16]| {
            let (words, _) = half.as_chunks::<8>();
            let word = |i: usize| i64::from_le_bytes(words[i]);
            arch::_mm256_set_epi64x(word(1), word(0), word(1), word(0))
        };
        let (low, high) = (table(HALVES.0), table(HALVES.1));
        let (nibble, zero) = (arch::_mm256_set1_epi8(15), arch::_mm256_setzero_si256());
        let of = HALVES.2.map(|bits| arch::_mm256_set1_epi8(bits.cast_signed()));
        let half = |bytes: &[u8; 32]| {
            let (words, _) = bytes.as_chunks::<8>();
            let word = |i: usize| i64::from_le_bytes(words[i]);
            let bytes = arch::_mm256_set_epi64x(word(3), word(2), word(1), word(0));
            let below = arch::_mm256_and_si256(bytes, nibble);
            let above = arch::_mm256_and_si256(arch::_mm256_srli_epi16(bytes, 4), nibble);
            let kinds = arch::_mm256_and_si256(
                arch::_mm256_shuffle_epi8(low, below),
                arch::_mm256_shuffle_epi8(high, above),
            );
            let bits = |kind: usize| {
                let none = arch::_mm256_cmpeq_epi8(arch::_mm256_and_si256(kinds, of[kind]), zero);
                u64::from(!arch::_mm256_movemask_epi8(none).cast_unsigned())
            };
            let wide = u64::from(arch::_mm256_movemask_epi8(bytes).cast_unsigned());
            [bits(0), bits(1), bits(2), bits(3), wide]
        };
        out.reserve(blocks.len());
        for block in blocks {
            let (halves, _) = block.as_chunks::<32>();
            let (first, second) = (half(&halves[0]), half(&halves[1]));
            let both = |i: usize| second[i] << 32 | first[i];
            out.push(Signs {
                digits: both(0),
                joins: both(1),
                capitals: both(2),
                marks: both(3),
                wide: both(4),
            });
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

        #[test]
        fn every_way_gives_the_signs_of_the_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut out = Vec::new();
            signs(&bytes, &mut out);
            for (i, b) in bytes.iter().enumerate() {
                let (signs, bit) = (out[i / BLOCK], 1 << (i % BLOCK));
                prop_assert_eq!(signs.digits & bit != 0, b.is_ascii_digit());
                prop_assert_eq!(signs.joins & bit != 0, b" -./_".contains(b));
                prop_assert_eq!(signs.capitals & bit != 0, b.is_ascii_uppercase());
                prop_assert_eq!(signs.marks & bit != 0, b"*+|^".contains(b));
                prop_assert_eq!(signs.wide & bit != 0, !b.is_ascii());
            }
            let mut slow = Vec::new();
            let (blocks, _) = bytes.as_chunks::<BLOCK>();
            signs_one_by_one(blocks, &mut slow);
            prop_assert_eq!(&slow[..], &out[..blocks.len()]);
        }
    }
}

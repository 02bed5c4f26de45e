//! The operations of x86-64 processors behind [`super`]: SSE2, which every one has, AVX2 and BMI2, for which it is asked first.

use std::arch::x86_64 as arch;

use super::{BLOCK, Groups, Kind, SIGNS, Signs};

/// The bits of many blocks by SSE2.
#[target_feature(enable = "sse2")]
pub fn by_16(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut [u64]) {
    let (fold, low, span) = (
        arch::_mm_set1_epi8(kind.fold.cast_signed()),
        arch::_mm_set1_epi8(kind.low.cast_signed()),
        arch::_mm_set1_epi8(kind.span.cast_signed()),
    );
    for (block, word) in blocks.iter().zip(out) {
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
        *word = bits;
    }
}

/// The bits of many blocks by AVX2.
#[target_feature(enable = "avx2")]
pub fn by_32(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut [u64]) {
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
    for (block, bits) in blocks.iter().zip(out) {
        let (halves, _) = block.as_chunks::<32>();
        *bits = half(&halves[1]) << 32 | half(&halves[0]);
    }
}

/// The bits of any of some bytes in many blocks by AVX2.
#[target_feature(enable = "avx2")]
pub fn bytes_by_32<const N: usize>(bytes: [u8; N], blocks: &[[u8; BLOCK]], out: &mut [u64]) {
    let wanted = bytes.map(|byte| arch::_mm256_set1_epi8(byte.cast_signed()));
    let half = |bytes: &[u8; 32]| {
        let (words, _) = bytes.as_chunks::<8>();
        let word = |i: usize| i64::from_le_bytes(words[i]);
        let bytes = arch::_mm256_set_epi64x(word(3), word(2), word(1), word(0));
        let mut any = arch::_mm256_setzero_si256();
        for wanted in wanted {
            any = arch::_mm256_or_si256(any, arch::_mm256_cmpeq_epi8(bytes, wanted));
        }
        u64::from(arch::_mm256_movemask_epi8(any).cast_unsigned())
    };
    for (block, bits) in blocks.iter().zip(out) {
        let (halves, _) = block.as_chunks::<32>();
        *bits = half(&halves[1]) << 32 | half(&halves[0]);
    }
}

/// See [`super::compress`].
#[target_feature(enable = "bmi2")]
pub fn compress(words: &[u64], mask: &[u64], out: &mut [u64]) {
    for ((word, mask), out) in words.iter().zip(mask).zip(out) {
        *out = arch::_pext_u64(*word, *mask);
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
pub fn signs_by_32(blocks: &[[u8; BLOCK]], out: &mut Signs, at: usize) {
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
    let [digits, joins, capitals, marks, wide] = out.kinds().map(|words| &mut words[at..]);
    let own = digits.iter_mut().zip(joins).zip(capitals).zip(marks).zip(wide);
    for (block, ((((digits, joins), capitals), marks), wide)) in blocks.iter().zip(own) {
        let (halves, _) = block.as_chunks::<32>();
        let (first, second) = (half(&halves[0]), half(&halves[1]));
        let both = |i: usize| second[i] << 32 | first[i];
        (*digits, *joins, *capitals, *marks, *wide) = (both(0), both(1), both(2), both(3), both(4));
    }
}

/// The groups of four words at a time by AVX2; returns the first word left.
#[target_feature(enable = "avx2")]
pub fn groups_by_four(signs: &Signs, out: &mut Groups) -> usize {
    let word = |words: &[u64; 4], i: usize| words[i].cast_signed();
    let load = |words: &[u64], n: usize| {
        let none = arch::_mm256_setzero_si256();
        words[n..].first_chunk().map_or(none, |four: &[u64; 4]| {
            arch::_mm256_set_epi64x(word(four, 3), word(four, 2), word(four, 1), word(four, 0))
        })
    };
    let store = |words: &mut [u64], n: usize, four: arch::__m256i| {
        let own = [
            arch::_mm256_extract_epi64::<0>(four),
            arch::_mm256_extract_epi64::<1>(four),
            arch::_mm256_extract_epi64::<2>(four),
            arch::_mm256_extract_epi64::<3>(four),
        ];
        words[n..n + 4].copy_from_slice(&own.map(i64::cast_unsigned));
    };
    let count = |n: u32| arch::_mm_cvtsi32_si128(n.cast_signed());
    let len = signs.digits.len();
    let mut n = 1;
    while n + 5 <= len {
        let three = |words: &Vec<u64>| [load(words, n - 1), load(words, n), load(words, n + 1)];
        let own = super::groups(
            [three(&signs.digits), three(&signs.joins), three(&signs.capitals), three(&signs.marks)],
            |a, b| arch::_mm256_and_si256(a, b),
            |a, b| arch::_mm256_or_si256(a, b),
            |a, b| arch::_mm256_andnot_si256(b, a),
            |a, n| arch::_mm256_sll_epi64(a, count(n)),
            |a, n| arch::_mm256_srl_epi64(a, count(n)),
        );
        store(&mut out.starts, n, own[0]);
        store(&mut out.printed, n, own[1]);
        store(&mut out.alone, n, own[2]);
        store(&mut out.single, n, own[3]);
        n += 4;
    }
    n
}

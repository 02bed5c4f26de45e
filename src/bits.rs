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

    /// One letter in either case, given as a small one.
    #[must_use]
    pub const fn either_case(letter: u8) -> Kind {
        Kind { fold: 0x20, low: letter, span: 0 }
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
    append(kind, text, out);
}

/// The same, between two words of zeros, for those who look at the words beside each.
pub fn fill_between(kind: Kind, text: &[u8], out: &mut Vec<u64>) {
    out.clear();
    out.push(0);
    append(kind, text, out);
    out.push(0);
}

fn append(kind: Kind, text: &[u8], out: &mut Vec<u64>) {
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

/// The bits of a text for the kinds that shapes of numbers are made of, a word of each for every 64 bytes.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Signs {
    /// ASCII digits.
    pub digits: Vec<u64>,
    /// What joins the groups of a number: space, `-`, `.`, `/`, `_`.
    pub joins: Vec<u64>,
    /// ASCII capitals.
    pub capitals: Vec<u64>,
    /// What parts the fields of exchange formats: `*`, `+`, `|`, `^`.
    pub marks: Vec<u64>,
    /// Bytes that are not ASCII.
    pub wide: Vec<u64>,
}

impl Signs {
    /// Replaces these by the signs of `text` from `at` on, the first word those of the 64 bytes before (with zeros where
    /// the text begins later), and a word of zeros behind.
    pub fn fill(&mut self, text: &[u8], at: usize) {
        for words in self.kinds() {
            words.clear();
        }
        let before = &text[at.saturating_sub(BLOCK)..at];
        // Zero bytes are of none of the kinds.
        let (mut first, mut last) = ([0; BLOCK], [0; BLOCK]);
        first[BLOCK - before.len()..].copy_from_slice(before);
        let (blocks, rest) = text[at..].as_chunks::<BLOCK>();
        last[..rest.len()].copy_from_slice(rest);
        whole_signs(&[first], self);
        whole_signs(blocks, self);
        if !rest.is_empty() {
            whole_signs(&[last], self);
        }
        for words in self.kinds() {
            words.push(0);
        }
    }

    /// In the order of [`SIGNS`], those that are not ASCII last.
    fn kinds(&mut self) -> [&mut Vec<u64>; 5] {
        [&mut self.digits, &mut self.joins, &mut self.capitals, &mut self.marks, &mut self.wide]
    }
}

/// Where groups of digits begin, by what they may be; a word of each for every word of [`Signs`].
#[derive(Default, PartialEq, Eq, Debug)]
pub struct Groups {
    /// All of them.
    pub starts: Vec<u64>,
    /// Those that may be printed as one of several: 3-2-4, 4-5…, 4-4-4-4…, 6-7…, 8-8…. Here and in `alone` bits at which no
    /// group starts say nothing.
    pub printed: Vec<u64>,
    /// Those that may be a number by themselves: nine digits, twelve and more, a capital or a mark before, a capital and
    /// what joins (`ANSI 636002`).
    pub alone: Vec<u64>,
    /// Digits without another beside them.
    pub single: Vec<u64>,
}

impl Groups {
    /// Replaces these by those of all words of `signs` but the first and the last.
    pub fn fill(&mut self, signs: &Signs) {
        let len = signs.digits.len();
        for words in [&mut self.starts, &mut self.printed, &mut self.alone, &mut self.single] {
            words.resize(len, 0);
        }
        let done = groups_at_once(signs, self);
        self.fill_one_by_one(signs, done);
    }

    /// The same from word `done` on, one word after the other.
    fn fill_one_by_one(&mut self, signs: &Signs, done: usize) {
        for n in done..signs.digits.len() - 1 {
            let three = |words: &[u64]| [words[n - 1], words[n], words[n + 1]];
            let signs =
                [&signs.digits, &signs.joins, &signs.capitals, &signs.marks].map(|words| three(words));
            let own = groups(signs, |a, b| a & b, |a, b| a | b, |a, b| a & !b, |a, n| a << n, |a, n| a >> n);
            (self.starts[n], self.printed[n], self.alone[n], self.single[n]) =
                (own[0], own[1], own[2], own[3]);
        }
    }
}

/// [`Groups::starts`], [`Groups::printed`], [`Groups::alone`] and [`Groups::single`] of a word, or of as many as the
/// operations take at once, of digits, joins, capitals and marks: the words before, those in hand, and those behind.
#[expect(clippy::inline_always, reason = "the operations are of the processor that the caller was made for")]
#[inline(always)]
fn groups<W: Copy>(
    [digits, joins, capitals, marks]: [[W; 3]; 4],
    and: impl Fn(W, W) -> W,
    or: impl Fn(W, W) -> W,
    but: impl Fn(W, W) -> W,
    up: impl Fn(W, u32) -> W,
    down: impl Fn(W, u32) -> W,
) -> [W; 4] {
    // For each place what stands `n` places before it, and behind it.
    let before = |words: [W; 3], n: u32| or(up(words[1], n), down(words[0], 64 - n));
    let behind = |words: [W; 3], n: u32| or(down(words[1], n), up(words[2], 64 - n));
    // True here and `n` places further on; of the words behind it is known only within them.
    let twice =
        |words: [W; 3], n: u32| [words[0], and(words[1], behind(words, n)), and(words[2], down(words[2], n))];
    let two = twice(digits, 1);
    let four = twice(two, 2);
    let eight = twice(four, 4);
    let ssn = and(and(two[1], behind(digits, 2)), and(behind(joins, 3), behind(two, 4)));
    let ssn = but(and(ssn, and(behind(joins, 6), behind(four, 7))), behind(digits, 11));
    let card = and(four[1], and(behind(joins, 4), behind(four, 5)));
    let fours = and(and(behind(joins, 9), behind(four, 10)), and(behind(joins, 14), behind(four, 15)));
    let card = and(card, or(behind(digits, 9), fours));
    let six = and(and(four[1], behind(two, 4)), and(behind(joins, 6), behind(eight, 7)));
    let eight_more = and(eight[1], and(behind(joins, 8), behind(eight, 9)));
    // Ten and eleven digits are a number with a label alone.
    let nine = and(eight[1], behind(digits, 8));
    let long = or(but(nine, behind(digits, 9)), and(nine, behind(four, 8)));
    let marked = or(or(before(capitals, 1), before(marks, 1)), and(before(joins, 1), before(capitals, 2)));
    let starts = but(digits[1], before(digits, 1));
    [starts, or(or(ssn, card), or(six, eight_more)), or(long, marked), but(starts, behind(digits, 1))]
}

/// Fills in the groups of as many words as can be worked on at once; returns the first one left.
#[cfg(target_arch = "x86_64")]
fn groups_at_once(signs: &Signs, out: &mut Groups) -> usize {
    if !std::arch::is_x86_feature_detected!("avx2") {
        return 1;
    }
    // SAFETY: `groups_by_four` requires AVX2, for which the processor was just asked.
    #[expect(unsafe_code, reason = "a function for one kind of processor can be called in no other way")]
    unsafe {
        x86::groups_by_four(signs, out)
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn groups_at_once(_: &Signs, _: &mut Groups) -> usize {
    1
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

#[cfg(target_arch = "x86_64")]
fn whole_signs(blocks: &[[u8; BLOCK]], out: &mut Signs) {
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
fn whole_signs(blocks: &[[u8; BLOCK]], out: &mut Signs) {
    signs_one_by_one(blocks, out);
}

/// The signs of many blocks, one kind after the other.
fn signs_one_by_one(blocks: &[[u8; BLOCK]], out: &mut Signs) {
    let mut words = Vec::with_capacity(blocks.len());
    let mut kinds = out.kinds();
    for own in &mut kinds {
        own.resize(own.len() + blocks.len(), 0);
    }
    for (kind, place) in SIGNS.into_iter().chain([(WIDE, kinds.len() - 1)]) {
        words.clear();
        whole(kind, blocks, &mut words);
        let had = kinds[place].len() - blocks.len();
        kinds[place][had..].iter_mut().zip(&words).for_each(|(own, word)| *own |= word);
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

    use super::{BLOCK, Groups, Kind, SIGNS, Signs};

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
    pub fn signs_by_32(blocks: &[[u8; BLOCK]], out: &mut Signs) {
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
        let [digits, joins, capitals, marks, wide] = out.kinds().map(|words| {
            let had = words.len();
            words.resize(had + blocks.len(), 0);
            &mut words[had..]
        });
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
        fn every_way_gives_the_signs_of_the_bytes(
            bytes in prop::collection::vec(any::<u8>(), 0..400),
            at in any::<prop::sample::Index>(),
        ) {
            let (at, mut out) = (at.index(bytes.len() + 1), Signs::default());
            out.fill(&bytes, at);
            prop_assert_eq!(out.digits.len(), (bytes.len() - at).div_ceil(BLOCK) + 2);
            for (i, b) in bytes.iter().enumerate().skip(at.saturating_sub(BLOCK)) {
                let (n, bit) = ((i + BLOCK - at) / BLOCK, 1 << ((i + BLOCK - at) % BLOCK));
                prop_assert_eq!(out.digits[n] & bit != 0, b.is_ascii_digit());
                prop_assert_eq!(out.joins[n] & bit != 0, b" -./_".contains(b));
                prop_assert_eq!(out.capitals[n] & bit != 0, b.is_ascii_uppercase());
                prop_assert_eq!(out.marks[n] & bit != 0, b"*+|^".contains(b));
                prop_assert_eq!(out.wide[n] & bit != 0, !b.is_ascii());
            }
            let (mut slow, mut fast) = (Signs::default(), Signs::default());
            let (blocks, _) = bytes.as_chunks::<BLOCK>();
            signs_one_by_one(blocks, &mut slow);
            whole_signs(blocks, &mut fast);
            prop_assert_eq!(slow, fast);
        }

        #[test]
        fn every_way_gives_the_groups_of_the_signs(
            text in "([0-9]{1,10}|[ -./_*A-Zx]{1,3}|x{50}){0,90}",
        ) {
            let (mut signs, mut groups) = (Signs::default(), Groups::default());
            signs.fill(text.as_bytes(), 0);
            groups.fill(&signs);
            let words = || vec![0; signs.digits.len()];
            let mut slow = Groups { starts: words(), printed: words(), alone: words(), single: words() };
            slow.fill_one_by_one(&signs, 1);
            prop_assert_eq!(&slow, &groups);
            let digit = |i: usize| text.as_bytes().get(i).is_some_and(u8::is_ascii_digit);
            for i in 0..text.len() {
                let (n, bit) = (i / BLOCK + 1, 1 << (i % BLOCK));
                let start = digit(i) && !(i > 0 && digit(i - 1));
                prop_assert_eq!(groups.starts[n] & bit != 0, start);
                prop_assert_eq!(groups.single[n] & bit != 0, start && !digit(i + 1));
                let digits = (i..text.len()).take_while(|at| digit(*at)).count();
                let long = start && matches!(digits, 9 | 12..);
                prop_assert!(!long || groups.alone[n] & bit != 0);
                let capital = i > 0 && text.as_bytes()[i - 1].is_ascii_uppercase();
                let mark = i > 0 && b"*+|^".contains(&text.as_bytes()[i - 1]);
                let ansi = i > 1 && b" -./_".contains(&text.as_bytes()[i - 1]) && text.as_bytes()[i - 2].is_ascii_uppercase();
                prop_assert!(!start || (groups.alone[n] & bit != 0) == (long || capital || mark || ansi));
            }
        }
    }
}

//! Which bytes of a text are of a kind, as bits: one word for every 64 bytes, 16 or 32 bytes compared at a time.
//!
//! Everything that looks at every byte of a text starts here. There are several ways to the same bits: AVX2 and BMI2 where the
//! processor has it (asked when the program runs), SSE2 on every other x86-64, and plain words elsewhere.

#[cfg(target_arch = "x86_64")]
mod x86;

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
    each(text, make_room(out, text), |blocks, words| whole(kind, blocks, words));
}

/// The same for any of some bytes.
pub fn fill_bytes<const N: usize>(bytes: [u8; N], text: &[u8], out: &mut Vec<u64>) {
    each(text, make_room(out, text), |blocks, words| whole_bytes(bytes, blocks, words));
}

/// As [`fill`], between two words of zeros, for those who look at the words beside each.
pub fn fill_between(kind: Kind, text: &[u8], out: &mut Vec<u64>) {
    each(text, make_room_between(out, text), |blocks, words| whole(kind, blocks, words));
}

/// As [`fill_bytes`], between two words of zeros.
pub fn fill_bytes_between<const N: usize>(bytes: [u8; N], text: &[u8], out: &mut Vec<u64>) {
    each(text, make_room_between(out, text), |blocks, words| whole_bytes(bytes, blocks, words));
}

/// A word for every block of `text`. What stood there stays: zeros would be written for nothing.
fn make_room<'o>(out: &'o mut Vec<u64>, text: &[u8]) -> &'o mut [u64] {
    out.resize(text.len().div_ceil(BLOCK), 0);
    out
}

/// The same, a word of zeros before it and one behind.
fn make_room_between<'o>(out: &'o mut Vec<u64>, text: &[u8]) -> &'o mut [u64] {
    let len = text.len().div_ceil(BLOCK);
    out.resize(len + 2, 0);
    (out[0], out[len + 1]) = (0, 0);
    &mut out[1..=len]
}

/// Has `whole` fill the words of all blocks of `text`, the last of which may be short.
fn each(text: &[u8], out: &mut [u64], whole: impl Fn(&[[u8; BLOCK]], &mut [u64])) {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let (words, word) = out.split_at_mut(blocks.len());
    whole(blocks, words);
    if !rest.is_empty() {
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        whole(&[last], word);
        word[0] &= u64::MAX >> (BLOCK - rest.len());
    }
}

/// From each bit of `marks` on all of `through` up to the first bit that is none of it, that included. `carry` is what
/// goes on from one word to the next.
#[must_use]
#[inline]
pub fn flood(marks: u64, through: u64, carry: &mut bool) -> u64 {
    let (sum, first) = (marks & through).overflowing_add(through);
    let (sum, second) = sum.overflowing_add(u64::from(*carry));
    *carry = first | second;
    sum ^ through | marks
}

/// Sets each word of `out` to the bits of `words` at the places that are set in `mask`, moved together at the low end. All
/// have the same length.
pub fn compress(words: &[u64], mask: &[u64], out: &mut Vec<u64>) {
    out.resize(words.len(), 0);
    #[cfg(target_arch = "x86_64")]
    // Some processors with BMI2 take hundreds of cycles for it; none that has VAES, too.
    if std::arch::is_x86_feature_detected!("bmi2") && std::arch::is_x86_feature_detected!("vaes") {
        // SAFETY: `compress` requires BMI2, for which the processor was just asked.
        #[expect(unsafe_code, reason = "a function for one kind of processor can be called in no other way")]
        unsafe {
            x86::compress(words, mask, out);
        }
        return;
    }
    compress_bit_by_bit(words, mask, out);
}

fn compress_bit_by_bit(words: &[u64], mask: &[u64], out: &mut [u64]) {
    for ((word, mask), out) in words.iter().zip(mask).zip(out) {
        let (mut mask, mut bit) = (*mask, 0);
        *out = 0;
        while mask != 0 {
            *out |= (word >> mask.trailing_zeros() & 1) << bit;
            mask &= mask - 1;
            bit += 1;
        }
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
        let before = &text[at.saturating_sub(BLOCK)..at];
        // Zero bytes are of none of the kinds.
        let (mut first, mut last) = ([0; BLOCK], [0; BLOCK]);
        first[BLOCK - before.len()..].copy_from_slice(before);
        let (blocks, rest) = text[at..].as_chunks::<BLOCK>();
        last[..rest.len()].copy_from_slice(rest);
        let len = blocks.len() + usize::from(!rest.is_empty());
        for words in self.kinds() {
            words.resize(len + 2, 0);
            words[len + 1] = 0;
        }
        whole_signs(&[first], self, 0);
        whole_signs(blocks, self, 1);
        if !rest.is_empty() {
            whole_signs(&[last], self, len);
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

/// Fills the signs of many blocks, from word `at` on.
#[cfg(target_arch = "x86_64")]
fn whole_signs(blocks: &[[u8; BLOCK]], out: &mut Signs, at: usize) {
    if !std::arch::is_x86_feature_detected!("avx2") {
        return signs_one_by_one(blocks, out, at);
    }
    // SAFETY: `signs_by_32` requires AVX2, for which the processor was just asked.
    #[expect(unsafe_code, reason = "a function for one kind of processor can be called in no other way")]
    unsafe {
        x86::signs_by_32(blocks, out, at);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn whole_signs(blocks: &[[u8; BLOCK]], out: &mut Signs, at: usize) {
    signs_one_by_one(blocks, out, at);
}

/// The signs of many blocks, one kind after the other.
fn signs_one_by_one(blocks: &[[u8; BLOCK]], out: &mut Signs, at: usize) {
    let mut words = vec![0; blocks.len()];
    let mut kinds = out.kinds();
    for own in &mut kinds {
        own[at..at + blocks.len()].fill(0);
    }
    for (kind, place) in SIGNS.into_iter().chain([(WIDE, kinds.len() - 1)]) {
        whole(kind, blocks, &mut words);
        kinds[place][at..].iter_mut().zip(&words).for_each(|(own, word)| *own |= word);
    }
}

/// Fills a word for every block.
#[cfg(target_arch = "x86_64")]
fn whole(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut [u64]) {
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
fn whole(kind: Kind, blocks: &[[u8; BLOCK]], out: &mut [u64]) {
    out.iter_mut().zip(blocks).for_each(|(word, block)| *word = plain(kind, block));
}

/// The same for any of some bytes.
fn whole_bytes<const N: usize>(bytes: [u8; N], blocks: &[[u8; BLOCK]], out: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: `bytes_by_32` requires AVX2, for which the processor was just asked.
        #[expect(unsafe_code, reason = "a function for one kind of processor can be called in no other way")]
        unsafe {
            x86::bytes_by_32(bytes, blocks, out);
        }
        return;
    }
    bytes_one_by_one(bytes, blocks, out);
}

fn bytes_one_by_one<const N: usize>(bytes: [u8; N], blocks: &[[u8; BLOCK]], out: &mut [u64]) {
    let mut words = vec![0; blocks.len()];
    out.fill(0);
    for byte in bytes {
        whole(Kind::one(byte), blocks, &mut words);
        out.iter_mut().zip(&words).for_each(|(own, word)| *own |= word);
    }
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
                    let mut narrow = vec![0; blocks.len()];
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
            // What stood there before is gone, and more than asked for is not touched.
            let (blocks, _) = bytes.as_chunks::<BLOCK>();
            let words = || vec![0xa5; blocks.len() + 1];
            let signs =
                || Signs { digits: words(), joins: words(), capitals: words(), marks: words(), wide: words() };
            let (mut slow, mut fast) = (signs(), signs());
            signs_one_by_one(blocks, &mut slow, 1);
            whole_signs(blocks, &mut fast, 1);
            prop_assert_eq!(slow, fast);
        }

        #[test]
        fn any_of_some_bytes_is_found_as_one_after_the_other(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b','), Just(b'\n')], 0..400),
        ) {
            let wanted = *b",\n\"";
            let (mut found, mut between) = (vec![0xa5; 3], vec![0xa5; 3]);
            fill_bytes(wanted, &bytes, &mut found);
            fill_bytes_between(wanted, &bytes, &mut between);
            prop_assert_eq!(found.len(), bytes.len().div_ceil(BLOCK));
            prop_assert_eq!(&between[1..=found.len()], &found[..]);
            prop_assert_eq!((between[0], between[found.len() + 1]), (0, 0));
            for (i, byte) in bytes.iter().enumerate() {
                prop_assert_eq!(found[i / BLOCK] >> (i % BLOCK) & 1 == 1, wanted.contains(byte));
            }
            let (blocks, _) = bytes.as_chunks::<BLOCK>();
            let mut slow = vec![0xa5; blocks.len()];
            bytes_one_by_one(wanted, blocks, &mut slow);
            prop_assert_eq!(&slow[..], &found[..blocks.len()]);
        }

        #[test]
        fn bits_are_moved_together_alike_by_every_way(
            words in prop::collection::vec((any::<u64>(), any::<u64>()), 0..9),
        ) {
            let (words, mask): (Vec<u64>, Vec<u64>) = words.into_iter().unzip();
            let (mut fast, mut slow) = (Vec::new(), vec![0; words.len()]);
            compress(&words, &mask, &mut fast);
            compress_bit_by_bit(&words, &mask, &mut slow);
            prop_assert_eq!(fast, slow);
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

//! Key words: a set of words of which every label that makes a number possible holds at least one (`ssn`, `license`,
//! `account` …), so that text without any of them need not be looked through for labels.
//!
//! The set is a bit filter over hashes: it may take a word for one of its own, never the other way round. This
//! file is also compiled into the build script, which chooses the words and writes the filter.

/// Words of labels that people misspell, and long enough that one letter more or less leaves no doubt.
pub const MISSPELT: [&str; 9] =
    ["social", "security", "license", "licence", "account", "checking", "routing", "insurance", "driver"];

/// Two to this many bits make the filter.
const BITS: u32 = 18;
/// Size of the filter in bytes.
pub const FILTER: usize = 1 << (BITS - 3);

/// The most digits that a key word begins with, and the letter that then ends it (`4d`, `35d` of licences and forms).
pub const DIGITS_FIRST: usize = 2;
/// See [`DIGITS_FIRST`].
pub const AFTER_DIGITS: u8 = b'd';

/// Size in bytes of the filter of how key words begin: those of up to three letters, five bits a letter, and longer ones
/// by a hash of their first four and another of their first eight.
pub const HEADS: usize = (1 << FOUR) / 8 + (1 << 15) / 8 + (1 << 10) / 8 + (1 << 5) / 8;
/// Two to this many bits for words of four letters and more.
const FOUR: u32 = 17;

/// The bit of that filter for a word that begins with these four bytes and has `len` of them, or more if it is 4. The
/// bytes behind the word do not matter, nor the case of letters.
#[must_use]
#[inline]
pub const fn head_bit(head: [u8; 4], len: usize) -> usize {
    let word = u32::from_le_bytes(head) & 0x1f1f_1f1f;
    let (a, b, c) = (word & 31, word >> 8 & 31, word >> 16 & 31);
    let short = 1 << FOUR;
    match len {
        1 => short + (1 << 15) + (1 << 10) + a as usize,
        2 => short + (1 << 15) + (a << 5 | b) as usize,
        3 => short + (a << 10 | b << 5 | c) as usize,
        _ => (word.wrapping_mul(0x9e37_79b1) >> (32 - FOUR)) as usize,
    }
}

/// How many letters of a word the second look at how it begins takes in.
pub const LONG_HEAD: usize = 8;

/// The bit of that filter for a word of at least four letters that begins with these `letters`: as many as stand before
/// anything else, but no more than [`LONG_HEAD`]. The bytes behind them do not matter, nor the case of letters.
#[must_use]
#[inline]
pub const fn long_head_bit(head: [u8; LONG_HEAD], letters: usize) -> usize {
    let word = u64::from_le_bytes(head) & 0x1f1f_1f1f_1f1f_1f1f & u64::MAX >> (8 * (LONG_HEAD - letters));
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FOUR)) as usize
}

/// Size in bytes of the filter of how the first words of labels begin and end.
pub const FIRST_WORDS: usize = (1 << 16) / 8;

/// The bit of that filter for a word in lower case: whether it begins with a letter, and five bits of its first, second
/// and last byte.
#[must_use]
#[inline]
pub const fn first_bit(word: &[u8]) -> usize {
    let (first, last) = (word[0] as usize & 31, word[word.len() - 1] as usize & 31);
    let second = if word.len() > 1 { word[1] as usize & 31 } else { 0 };
    (word[0] as usize & 64) << 9 | first << 10 | second << 5 | last
}

/// The hash of a word, byte by byte (FNV-1a, 64 bits).
#[derive(Clone, Copy)]
pub struct WordHash(u64);

impl WordHash {
    /// Of no byte.
    pub const EMPTY: WordHash = WordHash(0xcbf2_9ce4_8422_2325);

    /// With one more byte, in lower case.
    #[must_use]
    #[inline]
    pub const fn with(self, byte: u8) -> WordHash {
        WordHash((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// The two bits of the filter that stand for the word.
    #[must_use]
    #[inline]
    pub const fn bits(self) -> [usize; 2] {
        let h = self.0 ^ (self.0 >> 29);
        let mask = (1 << BITS) - 1;
        [(h & mask) as usize, ((h >> 40) & mask) as usize]
    }
}

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

/// Size in bytes of the filter of how key words begin: words of one letter, of two, and of more by their first three,
/// five bits a letter.
pub const HEADS: usize = (1 << 15) / 8 + (1 << 10) / 8 + (1 << 5) / 8;

/// The bit of that filter for a word by its first three bytes, or by all if it has fewer.
#[must_use]
#[inline]
pub const fn head_bit(word: &[u8]) -> usize {
    match word {
        [a] => (1 << 15) + (1 << 10) + (*a & 31) as usize,
        [a, b] => (1 << 15) + (((*a & 31) as usize) << 5 | (*b & 31) as usize),
        [a, b, c, ..] => ((*a & 31) as usize) << 10 | ((*b & 31) as usize) << 5 | (*c & 31) as usize,
        [] => 0,
    }
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

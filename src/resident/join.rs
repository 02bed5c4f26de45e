//! Keys of 12 bytes and the union-find over row numbers.

use super::id_bits;
use crate::flat;

/// What a key stands for; keys of different kinds never meet.
#[derive(Clone, Copy)]
pub(super) enum Tag {
    /// Social Security number.
    Ssn,
    /// Licence number and person.
    LicenceName,
    /// Licence number and issuing state.
    LicenceState,
    /// Name and date of birth.
    Dob,
    /// Name and address.
    Address,
    /// Account or card and person.
    Account,
    /// Full name.
    Name,
    /// Last name and initial.
    Initial,
}

/// 64 bits of a hash and the row that has it: two halves and the row, so that a key takes 12 bytes and not 16.
/// Of a million keys two different ones meet by chance once in 37 million runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key([u32; 3]);

impl Key {
    /// The key of `id`, with `other` as far as that matters, in `row`.
    pub fn new(tag: Tag, id: &str, other: &str, row: u32) -> Key {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&id_bits(id).to_le_bytes());
        bytes[8..].copy_from_slice(&id_bits(other).to_le_bytes());
        let hash = flat::hash(tag as u64 + 1, &bytes);
        Key([(hash >> 32) as u32, hash as u32, row])
    }

    /// The row.
    pub fn row(self) -> usize {
        self.0[2] as usize
    }

    /// The upper half of the hash.
    pub fn high(self) -> u32 {
        self.0[0]
    }

    /// The same key in another row.
    pub fn at(self, row: u32) -> Key {
        Key([self.0[0], self.0[1], row])
    }

    /// The same key so many rows further on.
    pub fn moved(self, offset: u32) -> Key {
        self.at(self.0[2].saturating_add(offset))
    }

    /// True if both have one hash.
    pub fn equals(self, other: Key) -> bool {
        self.0[..2] == other.0[..2]
    }

    /// How many bytes a key takes where it is put aside.
    pub const BYTES: usize = 12;

    /// As it is put aside.
    pub fn to_bytes(self) -> [u8; Key::BYTES] {
        let mut bytes = [0; Key::BYTES];
        bytes.chunks_exact_mut(4).zip(self.0).for_each(|(to, part)| to.copy_from_slice(&part.to_le_bytes()));
        bytes
    }

    /// A key that was put aside.
    pub fn from_bytes(bytes: &[u8; Key::BYTES]) -> Key {
        let part = |n: usize| u32::from_le_bytes([bytes[n], bytes[n + 1], bytes[n + 2], bytes[n + 3]]);
        Key([part(0), part(4), part(8)])
    }
}

/// Union-find over row numbers; the root of a set is its lowest row, whatever the order of joins.
pub(super) struct DisjointSet(Vec<u32>);

impl DisjointSet {
    /// As many sets of one row each.
    pub fn new(rows: usize) -> Self {
        DisjointSet((0..rows as u32).collect())
    }

    /// The set of `row`, by its lowest row.
    pub fn root(&mut self, mut row: usize) -> usize {
        while self.0[row] as usize != row {
            self.0[row] = self.0[self.0[row] as usize];
            row = self.0[row] as usize;
        }
        row
    }

    /// Makes one set of two.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b) as u32;
    }

    /// The number of the set of each row; sets are numbered by their lowest rows.
    pub fn numbers(mut self) -> Vec<u32> {
        let mut sets = 0;
        for row in 0..self.0.len() {
            // A row leads to none above it, and those below have their number.
            let lower = self.0[row] as usize;
            if lower == row {
                self.0[row] = sets;
                sets += 1;
            } else {
                self.0[row] = self.0[lower];
            }
        }
        self.0
    }
}

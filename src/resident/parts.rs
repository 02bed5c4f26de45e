//! More people than are told apart at once: counted part by part, in bounded memory.
//!
//! A part is counted as if it were all, then forgotten but for its bounds and for a map of bits, one bit for each
//! hash of a Social Security number. People of several parts may be the same: so the upper bounds of the parts
//! are added up, and the lower bound is the greatest of a part, or the number of bits that are set, if that is
//! more. A bit stands for one number or for several, never for none, so that bound holds for people who have one number
//! each. With 2²⁴ bits it is 3 % low
//! at a million numbers, and 14 % at five million.

use std::collections::BTreeMap;

use super::join::Key;
use super::keys::Keys;
use super::{ALL_KINDS, FINANCIAL, GRADE_SHIFT, GRADES, KINDS, LICENCE, SSN, combine, empty_grade, set_name};
use crate::event::{Bounds, Residents};

/// Bits of a map, as a power of two: 2 MiB a map.
const BITS: u32 = 24;
const WORDS: usize = 1 << (BITS - 6);
/// The sets of elements that hold a Social Security number.
const SETS: [u8; 4] = [SSN, SSN | LICENCE, SSN | FINANCIAL, ALL_KINDS];

/// The parts counted so far.
#[derive(Clone, Default)]
pub(super) struct Parts {
    sum: Residents,
    count: u64,
    /// Bits of numbers by grade and set of elements, as in a row.
    maps: BTreeMap<u8, Map>,
}

#[derive(Clone)]
struct Map(Box<[u64]>);

impl Map {
    fn new() -> Map {
        Map(vec![0; WORDS].into())
    }

    fn set(&mut self, key: Key) {
        let bit = (key.high() >> (32 - BITS)) as usize;
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn add(&mut self, other: &Map) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

impl Parts {
    /// Adds a part: its bounds, its people (folded rows), and the keys of their numbers, of which a person needs
    /// one.
    pub fn add(&mut self, residents: &Residents, rows: &[u8], numbers: &Keys) {
        combine(&mut self.sum, residents);
        self.count += 1;
        let mut marked = vec![false; rows.len()];
        // A number that cannot be had again is missing in the lower bound.
        let _ = numbers.each(|key| {
            if !std::mem::replace(&mut marked[key.row()], true) {
                let leaf = rows[key.row()] & (ALL_KINDS | super::GRADE_BITS << GRADE_SHIFT);
                self.maps.entry(leaf).or_insert_with(Map::new).set(key);
            }
        });
    }

    /// Adds the parts of another counter.
    pub fn append(&mut self, other: &Parts) {
        combine(&mut self.sum, &other.sum);
        self.count += other.count;
        for (leaf, map) in &other.maps {
            self.maps.entry(*leaf).or_insert_with(Map::new).add(map);
        }
    }

    /// The bounds over all parts.
    pub fn bounds(mut self) -> Residents {
        let mut residents = std::mem::take(&mut self.sum);
        for (grade, residency) in (0u8..).zip(GRADES) {
            let of = residents.by_residency.entry(residency).or_insert_with(empty_grade);
            let leaf = |set: u8| set | grade << GRADE_SHIFT;
            for set in SETS.into_iter().filter(|set| self.maps.contains_key(&leaf(*set))) {
                raise(of.by_elements.entry(set_name(set)).or_default(), self.numbers(&[leaf(set)]));
            }
            for (kind, word) in KINDS {
                let leaves = SETS.map(|set| if set & kind != 0 { leaf(set) } else { u8::MAX });
                raise(of.any.entry(word.to_owned()).or_default(), self.numbers(&leaves));
            }
            raise(&mut of.total, self.numbers(&SETS.map(leaf)));
        }
        let all: Vec<u8> = self.maps.keys().copied().collect();
        raise(&mut residents.total, self.numbers(&all));
        residents.parts = Some(self.count);
        residents
    }

    /// The bits that are set in any of these maps.
    fn numbers(&self, leaves: &[u8]) -> u64 {
        let maps: Vec<&Map> = leaves.iter().filter_map(|leaf| self.maps.get(leaf)).collect();
        match maps.as_slice() {
            [] => 0,
            [one] => one.count(),
            [first, rest @ ..] => {
                let mut all = (*first).clone();
                for map in rest {
                    all.add(map);
                }
                all.count()
            }
        }
    }
}

fn raise(bounds: &mut Bounds, lower: u64) {
    bounds.lower = bounds.lower.max(lower);
}

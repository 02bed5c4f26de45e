//! R8: two tables of one document, one with names and a key, the other with the key and numbers.
//!
//! Rows with a key and no name are held back until the document ends, with the people met under the same key
//! column. Two tables join if at least half of the keys held back are found in the other.

use std::collections::HashMap;

use super::{hand_on, hand_on_loose};
use crate::document::Place;
use crate::event::{Confidence, Link};
use crate::finding::{Circumstances, Findings, Key, KeyedRow, Located, Person, Record};

/// The most keys held back for one document; beyond it rows are handed on alone.
const MOST: usize = 1_000_000;

/// A row held back.
struct Pending {
    keys: Vec<Key>,
    elements: Vec<Located>,
    circumstances: Circumstances,
    place: Place,
    table: String,
}

/// What is held back of one document.
#[derive(Default)]
pub struct Joins {
    people: HashMap<Key, (Person, Circumstances, String)>,
    pending: Vec<Pending>,
}

impl Joins {
    /// Takes a row; gives back what it does not hold.
    pub fn take(&mut self, row: KeyedRow) -> Option<KeyedRow> {
        if self.people.len() + self.pending.len() >= MOST {
            return Some(row);
        }
        if let Some(person) = &row.person {
            for key in &row.keys {
                let held = (person.clone(), row.circumstances.clone(), row.table.clone());
                self.people.entry(key.clone()).or_insert(held);
            }
        }
        if row.elements.is_empty() {
            return None;
        }
        let KeyedRow { keys, elements, circumstances, place, table, .. } = row;
        self.pending.push(Pending { keys, elements, circumstances, place, table });
        None
    }

    /// Joins what can be joined, and hands on the rest as it is.
    pub fn finish(&mut self, out: &mut dyn Findings) {
        let pending = std::mem::take(&mut self.pending);
        let mut met: HashMap<(String, String), (u64, u64)> = HashMap::new();
        for row in &pending {
            for key in &row.keys {
                let count = met.entry((row.table.clone(), key.0.clone())).or_default();
                count.0 += 1;
                count.1 += u64::from(self.elsewhere(key, &row.table).is_some());
            }
        }
        for row in pending {
            let half = |k: &&Key| {
                met.get(&(row.table.clone(), k.0.clone())).is_some_and(|(n, found)| found * 2 >= *n)
            };
            let found = row.keys.iter().filter(half).find_map(|k| self.elsewhere(k, &row.table));
            match found {
                Some((person, around)) => {
                    let mut circumstances = row.circumstances;
                    circumstances.residency.extend(around.residency.iter().copied());
                    circumstances.birth = circumstances.birth.or_else(|| around.birth.clone());
                    hand_on(
                        Record {
                            person: person.clone(),
                            elements: row.elements,
                            link: Link::Joined,
                            link_confidence: Confidence::Medium,
                            circumstances,
                            place: row.place,
                        },
                        out,
                    );
                }
                None => hand_on_loose(row.elements, &row.circumstances, "no name in the row", out),
            }
        }
        self.people.clear();
    }

    /// The person under a key in another table.
    fn elsewhere(&self, key: &Key, table: &str) -> Option<(&Person, &Circumstances)> {
        self.people.get(key).filter(|(_, _, t)| t != table).map(|(p, c, _)| (p, c))
    }
}

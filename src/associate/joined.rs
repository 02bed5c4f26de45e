//! R8: two tables of one document or container, one with names and a key, the other with the key and numbers.
//!
//! Rows with a key and no name are held back until the document ends, with the people met under the same key
//! column. Two tables join if at least half of the keys held back are found in the other. What a member of an
//! archive or an attachment leaves open is held on by what it lies in, for the other members: one level, no more.
//! Where a quarter of the keys are those of several people (`dept no`), the column tells nobody, and no key under which
//! rows have different SSNs does.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::table::{ID, entity, is_bare};
use crate::document::Place;
use crate::event::{Confidence, ElementType, Link};
use crate::finding::{Circumstances, Key, KeyedRow, Located, Person, Record};

/// The most keys held back for one document or container; beyond it rows are handed on alone. One takes 1.5 KB and
/// more, and the memory of a worker is limited.
const MOST: usize = 200_000;
/// The shortest value under a heading that says no more than `id` which may join two members: `7` is the seventh row
/// of anything.
const LONG_ENOUGH: usize = 4;

/// Number of a member, 0 for the document itself, and name of a table in it.
type TableId = (u64, String);

/// A row held back.
struct Pending {
    keys: Vec<Key>,
    elements: Vec<Located>,
    circumstances: Circumstances,
    place: Place,
    table: TableId,
}

/// Somebody met under a key.
struct Keyed {
    person: Person,
    circumstances: Circumstances,
    table: TableId,
    /// True if the same table has somebody else under it.
    shared: bool,
}

/// What is held back of one document or container.
#[derive(Default)]
pub struct Joins {
    people: HashMap<Key, Keyed>,
    pending: Vec<Pending>,
    full: bool,
    /// True if any row had numbers and nobody: people alone have nobody to be missed by.
    numbers: bool,
}

impl Joins {
    /// Takes a row; gives back what it does not hold.
    pub fn take(&mut self, mut row: KeyedRow) -> Option<KeyedRow> {
        self.numbers |= !row.elements.is_empty();
        if self.held() >= MOST {
            self.full = true;
            return Some(row);
        }
        let table = (0, row.table.clone());
        if let Some(person) = &row.person {
            for (of, value) in &row.keys {
                // `id` of the table of employees is `employee id` elsewhere.
                let of = if of == ID { entity(&row.table) } else { Some(of.as_str()) };
                if let Some(of) = of {
                    self.meet((of.to_owned(), value.clone()), person, &row.circumstances, &table);
                }
            }
        }
        if row.elements.is_empty() {
            return None;
        }
        row.keys.retain(|key| key.0 != ID);
        if row.keys.is_empty() {
            return Some(row);
        }
        let KeyedRow { keys, elements, circumstances, place, .. } = row;
        self.pending.push(Pending { keys, elements, circumstances, place, table });
        None
    }

    fn meet(&mut self, key: Key, person: &Person, circumstances: &Circumstances, table: &TableId) {
        match self.people.entry(key) {
            Entry::Occupied(mut held) => {
                let held = held.get_mut();
                held.shared |= held.table == *table && held.person.name != person.name;
            }
            Entry::Vacant(free) => {
                let (person, circumstances, table) = (person.clone(), circumstances.clone(), table.clone());
                free.insert(Keyed { person, circumstances, table, shared: false });
            }
        }
    }

    fn held(&self) -> usize {
        self.people.len() + self.pending.len()
    }

    /// True if nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held() == 0
    }

    /// True if numbers are held that nobody was joined to yet.
    #[must_use]
    pub fn has_numbers(&self) -> bool {
        !self.pending.is_empty()
    }

    /// True if something was not held because it was too much, and numbers may lack their names for that.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full && self.numbers
    }

    /// Takes what a member left open: `number` (from 1) tells it from others, `name` is shown where a person stands.
    /// Gives it back if it is too much.
    #[must_use]
    pub fn absorb(&mut self, number: u64, name: &str, mut member: Joins) -> Option<Joins> {
        self.numbers |= member.numbers;
        self.full |= member.full;
        if self.held() + member.held() > MOST {
            self.full = true;
            return Some(member);
        }
        let joins = |key: &Key| key.1.len() >= LONG_ENOUGH || !is_bare(&key.0);
        for (key, mut keyed) in member.people.drain().filter(|(key, _)| joins(key)) {
            keyed.person.place.part = Some(name.to_owned());
            keyed.table.0 = number;
            self.people.entry(key).or_insert(keyed);
        }
        for mut row in member.pending.drain(..) {
            row.keys.retain(joins);
            row.table.0 = number;
            self.pending.push(row);
        }
        None
    }

    /// Joins what can be joined, and hands it on with the number of the member that holds the numbers.
    pub fn resolve(&mut self, each: &mut dyn FnMut(u64, Record)) {
        self.forget_shared();
        let of_several = self.keys_of_several();
        let mut met: HashMap<(TableId, String), (u64, u64)> = HashMap::new();
        for row in &self.pending {
            for key in &row.keys {
                let count = met.entry((row.table.clone(), key.0.clone())).or_default();
                count.0 += 1;
                count.1 += u64::from(self.elsewhere(key, &row.table).is_some());
            }
        }
        for mut row in std::mem::take(&mut self.pending) {
            let half = |k: &&Key| {
                met.get(&(row.table.clone(), k.0.clone())).is_some_and(|(n, found)| found * 2 >= *n)
            };
            let mut keys = row.keys.iter().filter(|k| half(k) && !of_several.contains(*k));
            let found = keys.find_map(|k| self.elsewhere(k, &row.table));
            match found {
                Some(Keyed { person, circumstances: around, .. }) => {
                    row.circumstances.residency.extend(around.residency.iter().copied());
                    row.circumstances.birth = row.circumstances.birth.or_else(|| around.birth.clone());
                    let record = Record {
                        person: person.clone(),
                        elements: row.elements,
                        link: Link::Joined,
                        link_confidence: Confidence::Medium,
                        circumstances: row.circumstances,
                        place: row.place,
                    };
                    each(row.table.0, record);
                }
                None => self.pending.push(row),
            }
        }
    }

    /// Hands on the numbers that are nobody's; of the document itself only with `own`.
    pub fn give_up(&mut self, own: bool, each: &mut dyn FnMut(u64, Vec<Located>, &Circumstances)) {
        for row in std::mem::take(&mut self.pending) {
            match row.table.0 {
                0 if !own => self.pending.push(row),
                number => each(number, row.elements, &row.circumstances),
            }
        }
        self.people.retain(|_, keyed| !own && keyed.table.0 == 0);
    }

    /// The keys under which rows have different SSNs: of a shop, a class, a family.
    fn keys_of_several(&self) -> HashSet<Key> {
        let (mut first, mut several) = (HashMap::new(), HashSet::new());
        for row in &self.pending {
            let ssns = row.elements.iter().filter(|e| e.candidate.kind == ElementType::Ssn);
            for (ssn, key) in ssns.flat_map(|e| row.keys.iter().map(move |key| (&e.candidate.value, key))) {
                if *first.entry(key).or_insert(ssn) != ssn {
                    several.insert(key.clone());
                }
            }
        }
        several
    }

    /// Forgets the people of columns that are no keys of people.
    fn forget_shared(&mut self) {
        let mut counts: HashMap<(TableId, String), (usize, usize)> = HashMap::new();
        for (key, keyed) in &self.people {
            let count = counts.entry((keyed.table.clone(), key.0.clone())).or_default();
            count.0 += 1;
            count.1 += usize::from(keyed.shared);
        }
        // Of a few people one may have changed her name.
        counts.retain(|_, (all, shared)| *shared >= 2 && *shared * 4 >= *all);
        if !counts.is_empty() {
            self.people.retain(|key, keyed| !counts.contains_key(&(keyed.table.clone(), key.0.clone())));
        }
    }

    /// The person under a key in another table.
    fn elsewhere(&self, key: &Key, table: &TableId) -> Option<&Keyed> {
        self.people.get(key).filter(|keyed| keyed.table != *table && !keyed.shared)
    }
}

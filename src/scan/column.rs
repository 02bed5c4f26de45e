//! Counts of table columns that hold numbers, the same however the file was cut.

use std::collections::{BTreeMap, BTreeSet};

use super::record::Origin;
use crate::event::{Column, ElementType, PathRef};
use crate::finding::ColumnCount;
use crate::flat;
use crate::mask::{self, Fingerprints};

/// Different values are counted exactly up to this number, beyond it by an estimate from the smallest hashes.
const KEPT: usize = 1024;

/// Columns by table and number.
#[derive(Default)]
pub struct Columns(BTreeMap<(Option<String>, u32), Count>);

#[derive(Default)]
struct Count {
    header: Option<String>,
    kinds: BTreeMap<ElementType, u64>,
    values: u64,
    valid: u64,
    distinct: Smallest,
}

/// The smallest hashes of the values seen: their number if few, else their spread tells how many there are.
#[derive(Default)]
struct Smallest {
    kept: BTreeSet<u64>,
    /// The greatest of those kept.
    most: u64,
}

impl Smallest {
    fn add(&mut self, hash: u64) {
        if hash >= self.most && self.kept.len() == KEPT {
            return;
        }
        self.kept.insert(hash);
        if self.kept.len() > KEPT {
            self.kept.pop_last();
        }
        self.most = self.kept.last().copied().unwrap_or(0);
    }

    fn estimate(&self) -> u64 {
        match self.kept.last() {
            Some(last) if self.kept.len() == KEPT => {
                let share = *last as f64 / u64::MAX as f64;
                #[expect(clippy::cast_sign_loss, reason = "a share of hashes is positive")]
                let estimate = ((KEPT - 1) as f64 / share) as u64;
                estimate
            }
            _ => self.kept.len() as u64,
        }
    }
}

impl Columns {
    /// Takes in one cell.
    pub fn count(&mut self, cell: ColumnCount<'_>) {
        let count = self.0.entry((cell.table.map(str::to_owned), cell.column)).or_default();
        if count.header.is_none() {
            count.header = cell.header.map(str::to_owned);
        }
        count.values += 1;
        if cell.valid {
            count.valid += 1;
            *count.kinds.entry(cell.kind).or_default() += 1;
            count.distinct.add(flat::hash(0, cell.value.as_bytes()));
        }
    }

    /// Adds those of another part of the same file.
    pub fn add(&mut self, other: Columns) {
        for (key, from) in other.0 {
            let into = self.0.entry(key).or_default();
            into.header = into.header.take().or(from.header);
            into.values += from.values;
            into.valid += from.valid;
            for (kind, n) in from.kinds {
                *into.kinds.entry(kind).or_default() += n;
            }
            from.distinct.kept.into_iter().for_each(|h| into.distinct.add(h));
        }
    }

    /// The `column` lines: those with at least one valid number.
    #[must_use]
    pub fn events(&self, origin: &Origin, fp: &Fingerprints) -> Vec<Column> {
        let with_numbers = self.0.iter().filter(|(_, c)| c.valid > 0);
        with_numbers
            .map(|((table, column), c)| {
                let kind = c.kinds.iter().max_by_key(|(_, n)| **n).map_or(ElementType::Other, |(k, _)| *k);
                let header = c.header.as_deref().unwrap_or("");
                Column {
                    seq: origin.seq,
                    at: PathRef::clone(&origin.at),
                    member: origin.member.clone(),
                    table: table.as_deref().map(|t| mask::text(t).into_owned()),
                    column: column + 1,
                    header: c.header.as_deref().map(|h| mask::text(h).into_owned()),
                    column_id: fp.column(&origin.raw_path, table.as_deref().unwrap_or(""), header),
                    kind,
                    values: c.values,
                    valid: c.valid,
                    distinct: c.distinct.estimate(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_counted_exactly_and_many_nearly() {
        let mut few = Smallest::default();
        (0..500u32).chain(0..500).for_each(|i| few.add(flat::hash(1, &i.to_le_bytes())));
        assert_eq!(few.estimate(), 500);
        let mut many = Smallest::default();
        (0..100_000u32).for_each(|i| many.add(flat::hash(1, &i.to_le_bytes())));
        assert!((90_000..110_000).contains(&many.estimate()));
    }
}

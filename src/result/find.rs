//! Finds the records and numbers of a result by the start of an id.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::{Reader, ResultError, Settlement};
use crate::event::{ElementLine, Event, Evidence, Record, Run, Short};

/// The most entries that are kept; there may be more with one id.
const MOST: usize = 1000;
/// How many ids are named where none fits.
const CLOSEST: usize = 3;
/// The fewest digits that an id named as close shares with the one asked for.
const SHARED: usize = 3;

/// A line that was asked for.
pub enum Entry {
    /// A record, by its own id or that of one of its numbers.
    Record(Box<Record>),
    /// A number without a name.
    Element(Box<ElementLine>),
}

/// What was found.
pub struct Found {
    /// The first line.
    pub run: Run,
    /// The ids that begin so.
    pub ids: BTreeSet<String>,
    /// Their lines, in order.
    pub entries: Vec<Entry>,
    /// Evidence lists by their id.
    pub whys: BTreeMap<String, Vec<Evidence>>,
    /// Where no id begins so: the ids that come closest.
    pub closest: Vec<String>,
}

/// Finds what has an id that begins with `prefix` among the lines that count. The result is read three times, so
/// that nothing but what was found is kept; `open` opens it anew.
///
/// # Errors
/// If a line cannot be read, or the first one is no `run` line.
pub fn find<R: BufRead>(open: impl Fn() -> std::io::Result<R>, prefix: &str) -> Result<Found, ResultError> {
    let reader = || open().map(Reader::new).map_err(|source| ResultError::Io { line: 1, source });
    let mut settlement = Settlement::default();
    let mut run = None;
    for event in reader()? {
        let event = event?;
        if let (None, Event::Run(first)) = (&run, &event) {
            run = Some(first.clone());
        } else if run.is_none() {
            return Err(ResultError::NoRun);
        }
        settlement.add(&event);
    }
    let run = run.ok_or(ResultError::NoRun)?;
    let (ids, entries, whys) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
    let mut found = Found { run, ids, entries, whys, closest: Vec::new() };
    let mut close = Close { prefix, ids: BTreeSet::new() };
    for event in reader()? {
        let event = event?;
        if settlement.counts(&event) {
            found.take(event, prefix, &mut close);
        }
    }
    let wanted = found.evidence();
    for event in reader()? {
        if let Event::Why(why) = event?
            && wanted.contains(&why.n)
        {
            found.whys.insert(why.n, why.evidence);
        }
    }
    if found.ids.is_empty() {
        found.closest = close.ids.into_iter().rev().map(|(_, id)| id).collect();
    }
    Ok(found)
}

impl Found {
    fn take(&mut self, event: Event, prefix: &str, close: &mut Close<'_>) {
        let ids: Vec<&Short> = match &event {
            Event::Record(r) => std::iter::once(&r.id).chain(r.elements.iter().map(|e| &e.id)).collect(),
            Event::Element(e) => vec![&e.element.id],
            _ => return,
        };
        let hits: Vec<String> =
            ids.iter().filter(|id| id.starts_with(prefix)).map(|id| String::from(*id)).collect();
        if hits.is_empty() {
            return ids.into_iter().for_each(|id| close.note(id));
        }
        self.ids.extend(hits);
        if self.entries.len() < MOST {
            match event {
                Event::Record(record) => self.entries.push(Entry::Record(record)),
                Event::Element(element) => self.entries.push(Entry::Element(element)),
                _ => {}
            }
        }
    }

    fn evidence(&self) -> BTreeSet<String> {
        let of = |entry: &Entry| -> Vec<Short> {
            match entry {
                Entry::Record(r) => r.elements.iter().map(|e| e.why.clone()).collect(),
                Entry::Element(e) => vec![e.element.why.clone()],
            }
        };
        self.entries.iter().flat_map(of).map(String::from).collect()
    }
}

/// The ids that share most digits with one, fewest first.
struct Close<'p> {
    prefix: &'p str,
    ids: BTreeSet<(usize, String)>,
}

impl Close<'_> {
    fn note(&mut self, id: &str) {
        let shared = id.bytes().zip(self.prefix.bytes()).take_while(|(a, b)| a == b).count();
        if shared >= SHARED {
            self.ids.insert((shared, id.to_owned()));
        }
        if self.ids.len() > CLOSEST {
            self.ids.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &[u8] = include_bytes!("../../docs/result.example.jsonl");

    fn found(prefix: &str) -> Found {
        find(|| Ok(EXAMPLE), prefix).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn a_record_is_found_by_its_id_and_by_those_of_its_numbers() {
        for id in ["b20a13", "ce172694", "b20a136010f465cf29053fd4c7750e5f"] {
            let found = found(id);
            assert!(matches!(found.entries.as_slice(), [Entry::Record(_)]), "{id}");
            assert_eq!((found.ids.len(), found.whys.len()), (1, 2));
        }
        assert!(matches!(found("159303").entries.as_slice(), [Entry::Element(_)]));
    }

    #[test]
    fn where_none_fits_the_closest_are_named() {
        let none = found("b20a99");
        assert!(none.entries.is_empty() && none.ids.is_empty());
        assert_eq!(none.closest, ["b20a136010f465cf29053fd4c7750e5f"]);
        assert!(found("ffffff").closest.is_empty());
    }

    #[test]
    fn what_is_no_result_is_refused() {
        assert!(matches!(find(|| Ok(&b""[..]), "abcdef"), Err(ResultError::NoRun)));
        let other = b"{\"event\":\"resume\",\"started\":\"\",\"version\":\"2\"}\n";
        assert!(matches!(find(|| Ok(&other[..]), "abcdef"), Err(ResultError::NoRun)));
    }
}

//! Several results as one: which may be added up, and under which numbers of roots and volumes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::ReportError;
use crate::event::{Account, Event, Run, Volume};
use crate::result::sort_volumes;

/// Refuses a result that does not go with the first one: fingerprints of different keys never meet, and different
/// patterns or versions find different things.
///
/// # Errors
/// [`ReportError::Mixed`] names what differs.
pub fn check(name: &str, run: &Run, first_name: &str, first: &Run) -> Result<(), ReportError> {
    let pairs = [
        ("schema", run.schema == first.schema),
        ("version", run.version == first.version),
        ("fingerprint key", run.key_id == first.key_id),
        ("set of patterns", run.patterns == first.patterns),
        ("policy", run.policy == first.policy),
    ];
    match pairs.iter().find(|(_, equal)| !equal) {
        None => Ok(()),
        Some((what, _)) => {
            Err(ReportError::Mixed { name: name.to_owned(), line: 1, what, other: first_name.to_owned() })
        }
    }
}

/// The common `run` line, and for each result the new numbers of its roots. Roots of one name on one host are one
/// root; where there are several hosts, names of roots begin with that of the host.
pub fn runs(all: &[&Run]) -> (Run, Vec<Vec<u32>>) {
    let several = all.iter().any(|run| run.label != all[0].label);
    let (mut roots, mut numbers) = (Vec::<String>::new(), Vec::new());
    for run in all {
        let own = run.roots.iter().map(|root| {
            let root = if several { format!("{}:{root}", run.label) } else { root.clone() };
            let known = roots.iter().position(|other| *other == root);
            known.unwrap_or_else(|| {
                roots.push(root);
                roots.len() - 1
            }) as u32
        });
        numbers.push(own.collect());
    }
    let mut labels: Vec<&str> = all.iter().map(|run| run.label.as_str()).collect();
    labels.dedup();
    let run = Run {
        roots,
        label: labels.join(", "),
        run_id: String::new(),
        started: String::new(),
        account: account(all),
        options: options(all),
        isolation: all[0]
            .isolation
            .clone()
            .filter(|own| all.iter().all(|r| r.isolation.as_ref() == Some(own))),
        configuration: all[0]
            .configuration
            .clone()
            .filter(|own| all.iter().all(|r| r.configuration.as_ref() == Some(own))),
        ..all[0].clone()
    };
    (run, numbers)
}

fn account(all: &[&Run]) -> Account {
    let mut names: Vec<&str> = all.iter().map(|run| run.account.name.as_str()).collect();
    names.dedup();
    Account { name: names.join(", "), privileged: all.iter().any(|run| run.account.privileged) }
}

/// The options that all have in common.
fn options(all: &[&Run]) -> BTreeMap<String, serde_json::Value> {
    let common = |(name, value): &(&String, &serde_json::Value)| {
        all.iter().all(|run| run.options.get(*name) == Some(*value))
    };
    all[0].options.iter().filter(common).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Mounts of several results, each once.
#[derive(Default)]
pub struct Volumes {
    met: Vec<Volume>,
    place: HashMap<(usize, u32), usize>,
}

impl Volumes {
    /// Takes note of a mount of result `input`.
    pub fn add(&mut self, input: usize, volume: &Volume) {
        let blank = Volume { id: 0, ..volume.clone() };
        let known = self.met.iter().position(|other| *other == blank).unwrap_or_else(|| {
            self.met.push(blank);
            self.met.len() - 1
        });
        self.place.insert((input, volume.id), known);
    }

    /// All mounts in canonical order, and the new number of each.
    pub fn finish(mut self) -> (Vec<Volume>, HashMap<(usize, u32), u32>) {
        let renumbered = sort_volumes(&mut self.met);
        let numbers = self.place.into_iter().map(|(old, at)| (old, renumbered[at])).collect();
        (self.met, numbers)
    }
}

/// Gives a line its numbers in the whole: that of its attempt, of its root and of its volume.
pub fn renumber(event: &mut Event, seq: u64, roots: &[u32], volume: impl Fn(u32) -> Option<u32>) {
    let root = |old: u32| roots.get(old as usize).copied().unwrap_or(old);
    match event {
        Event::File(file) => {
            (file.seq, file.at.root) = (seq, root(file.at.root));
            file.volume = file.volume.and_then(volume);
            if let Some(same) = &mut file.same_as {
                same.root = root(same.root);
            }
        }
        Event::Record(record) => {
            (record.seq, Arc::make_mut(&mut record.at).root) = (seq, root(record.at.root));
        }
        Event::Element(element) => {
            (element.seq, Arc::make_mut(&mut element.at).root) = (seq, root(element.at.root));
        }
        Event::Column(column) => (column.seq, column.at.root) = (seq, root(column.at.root)),
        Event::Why(why) => why.seq = seq,
        Event::Gap(gap) => gap.at.root = root(gap.at.root),
        _ => {}
    }
}

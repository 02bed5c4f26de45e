//! Rows with lists of groups in them: as objects, like those of JSON.

use super::meta::{Leaf, Step};
use crate::document::{Field, Object, Place};

/// A group of a row: its values, and the groups in it, in order.
#[derive(Default)]
pub(super) struct Group {
    fields: Vec<(String, String, bool)>,
    /// Number of the entry in the schema and of the item in its list, name, whether it is a pair of a map.
    groups: Vec<((usize, u32), String, bool, Group)>,
}

impl Group {
    /// Puts in a value of a column that stands at these places of the lists around it.
    pub(super) fn put(&mut self, leaf: &Leaf, indexes: &[u32], text: String, number: bool) {
        let (mut group, mut indexes) = (self, indexes.iter());
        let Some((last, steps)) = leaf.steps.split_last() else { return };
        let mut name = "";
        for step in steps {
            if !step.name.is_empty() {
                name = &step.name;
            }
            let index = if step.repeated { indexes.next().copied().unwrap_or(0) } else { 0 };
            // A wrapper without a list says nothing; a list takes its name from what it is the list of.
            if step.repeated || (!step.name.is_empty() && !wraps(leaf, step)) {
                group = group.item((step.node, index), name, step.pair);
            }
        }
        let key = if last.name.is_empty() { name } else { &last.name };
        group.fields.push((key.to_owned(), text, number));
    }

    fn item(&mut self, key: (usize, u32), name: &str, pair: bool) -> &mut Group {
        let at = match self.groups.binary_search_by_key(&key, |g| g.0) {
            Ok(at) => at,
            Err(at) => {
                self.groups.insert(at, (key, name.to_owned(), pair, Group::default()));
                at
            }
        };
        &mut self.groups[at].3
    }

    /// The object that this is. Groups lie no deeper than the schema does.
    pub(super) fn object(self, name: String, place: &Place, pointer: &str) -> Object {
        let fields = self.fields.into_iter();
        let mut object = Object {
            name,
            fields: fields.map(|(key, value, number)| field(key, value, number, place, pointer)).collect(),
            children: Vec::new(),
            place: Place { pointer: Some(pointer.to_owned()), ..place.clone() },
        };
        for ((_, index), name, pair, group) in self.groups {
            if pair && let Some((key, value, number)) = group.pair() {
                object.fields.push(field(key, value, number, place, pointer));
                continue;
            }
            let pointer = format!("{pointer}/{name}/{index}");
            object.children.push(group.object(name, place, &pointer));
        }
        object
    }

    /// Key and value of a pair whose value is no group.
    fn pair(&self) -> Option<(String, String, bool)> {
        match &self.fields[..] {
            [(_, key, _), (_, value, number)] if self.groups.is_empty() => {
                Some((key.clone(), value.clone(), *number))
            }
            _ => None,
        }
    }
}

/// True for the outer group of a list or map, which goes by the items of it.
fn wraps(leaf: &Leaf, step: &Step) -> bool {
    let next = leaf.steps.iter().skip_while(|s| s.node != step.node).nth(1);
    next.is_some_and(|s| s.repeated && s.name.is_empty() && !s.pair)
}

fn field(key: String, value: String, number: bool, place: &Place, pointer: &str) -> Field {
    let pointer = Some(format!("{pointer}/{key}"));
    Field { place: Place { field: Some(key.clone()), pointer, ..place.clone() }, key, value, number }
}

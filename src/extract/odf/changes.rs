//! Tracked changes: what was deleted is stored before the body, with an id that a mark in the body refers to.

use std::collections::{HashMap, HashSet};

/// Text of deletions that is kept for its mark; what is more is given at once.
const MOST_KEPT: usize = 16 << 20;
/// Insertions that are known by id.
const MOST_INSERTIONS: usize = 1 << 16;

/// The changes of one part.
#[derive(Default)]
pub(super) struct Changes {
    deleted: HashMap<String, String>,
    order: Vec<String>,
    insertions: HashSet<String>,
    kept: usize,
    /// Id of the region being read.
    pub(super) region: String,
    /// The insertion that the paragraph in hand stands in.
    open: Option<String>,
}

impl Changes {
    /// Takes a deletion of the region in hand; gives it back if it cannot be kept.
    pub(super) fn delete(&mut self, text: String) -> Option<String> {
        let known = self.region.is_empty() || self.deleted.contains_key(&self.region);
        if known || self.kept + text.len() > MOST_KEPT {
            return Some(text);
        }
        self.kept += text.len() + self.region.len() + size_of::<String>();
        self.order.push(self.region.clone());
        self.deleted.insert(self.region.clone(), text);
        None
    }

    /// Notes that the region in hand is an insertion.
    pub(super) fn insert(&mut self) {
        if self.insertions.len() < MOST_INSERTIONS {
            self.insertions.insert(self.region.clone());
        }
    }

    /// The deletion at a mark.
    pub(super) fn at_mark(&mut self, id: &str) -> Option<String> {
        self.deleted.remove(id)
    }

    /// A change begins.
    pub(super) fn begin(&mut self, id: String) {
        if self.insertions.contains(&id) {
            self.open = Some(id);
        }
    }

    /// A change ends.
    pub(super) fn end(&mut self, id: &str) {
        if self.open.as_deref() == Some(id) {
            self.open = None;
        }
    }

    /// True within an insertion.
    pub(super) fn inserting(&self) -> bool {
        self.open.is_some()
    }

    /// Deletions that no mark referred to, in their order.
    pub(super) fn left(&mut self) -> Vec<String> {
        let order = std::mem::take(&mut self.order);
        order.iter().filter_map(|id| self.deleted.remove(id)).collect()
    }
}

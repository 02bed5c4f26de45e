//! One open element of an XML document.

use std::collections::HashMap;

use crate::document::{Field, Object};
use crate::flat;

/// Most names of children that are counted for paths; the others get no number.
const MOST_NAMES: usize = 1000;

/// An element whose end has not come yet.
pub(super) struct Element {
    /// Name without its prefix.
    pub(super) name: String,
    /// Length of the path of the parent.
    pub(super) parent_path: usize,
    /// Line of the start tag.
    pub(super) line: u64,
    /// Text of the element and of the elements inside that belong to its lines.
    pub(super) flow: String,
    /// True if the element has text of its own.
    pub(super) direct: bool,
    /// True if runs of text (`r`, `t` of Office formats) were joined in it.
    pub(super) runs: bool,
    /// True if it has elements in it.
    pub(super) parent: bool,
    /// Number of leaves that are attributes.
    pub(super) attributes: usize,
    /// From which leaf and child on `flow` repeats them.
    pub(super) repeated: (usize, usize),
    counts: HashMap<u64, u32>,
}

impl Element {
    pub(super) fn new(name: String, parent_path: usize, line: u64) -> Self {
        Element {
            name,
            parent_path,
            line,
            flow: String::new(),
            direct: false,
            runs: false,
            parent: false,
            attributes: 0,
            repeated: (0, 0),
            counts: HashMap::new(),
        }
    }

    /// How many children with this name there have been, this one included; 1 beyond what is counted.
    pub(super) fn count(&mut self, name: &str) -> u32 {
        let key = flat::hash(0, name.as_bytes());
        if self.counts.len() >= MOST_NAMES && !self.counts.contains_key(&key) {
            return 1;
        }
        let count = self.counts.entry(key).or_insert(0);
        *count = count.saturating_add(1);
        *count
    }

    /// True if it has text between elements, or runs of text: it is said and not kept as leaves.
    pub(super) fn is_mixed(&self) -> bool {
        self.runs || (self.parent && self.direct)
    }

    /// Removes from `object`, its own, the leaves whose text stands in `flow`, and empties `flow`.
    pub(super) fn take_flow(&mut self, object: &mut Object) -> String {
        let from = self.repeated.0.max(self.attributes);
        object.fields.truncate(from);
        for child in object.children.iter_mut().skip(self.repeated.1) {
            let named = |field: &Field| field.key == child.name;
            if child.children.is_empty() && child.fields.last().is_some_and(named) {
                child.fields.pop();
            }
        }
        self.repeated = (object.fields.len(), object.children.len());
        std::mem::take(&mut self.flow)
    }
}

/// True if `name` inside `parent` is a run of text as Word and `PowerPoint` write them: parts of one line.
pub(super) fn is_run(name: &str, parent: &str) -> bool {
    matches!((name, parent), ("t" | "delText" | "instrText", "r") | ("r", "p" | "hyperlink" | "ins" | "del"))
        || matches!((name, parent), ("hyperlink" | "ins" | "del" | "smartTag", "p") | ("r", "smartTag"))
}

/// What an element without content means in a line of text.
pub(super) fn blank(name: &str) -> &'static str {
    match name {
        "br" | "lb" | "cr" => "\n",
        "tab" => "\t",
        _ => "",
    }
}

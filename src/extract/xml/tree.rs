//! Builds [`Object`] trees while a document is read, and knows how much they hold.
//!
//! JSON and XML share it. When the held part passes [`LIMIT`] the whole open branch is handed out and the
//! objects that stand open go on empty: memory stays bounded whatever the shape of the document.

use crate::document::{Field, Object, Place};

/// Bytes that one tree may hold before it is handed out in parts.
const LIMIT: usize = 48 << 20;

/// A document up to this size, in bytes, is one tree; a larger one is handed out by elements.
pub(crate) const WHOLE: u64 = 16 << 20;

/// Deepest nesting of objects; what stands deeper is put into the object at this depth.
pub(crate) const MAX_DEPTH: usize = 512;

/// Longest pointer or path, in bytes; the middle of a longer one is left out.
const MAX_POINTER: usize = 400;

/// An object that is complete, with the number of bytes it holds.
pub(crate) struct Done {
    pub(crate) object: Object,
    weight: usize,
}

/// The objects that stand open, outermost first.
#[derive(Default)]
pub(crate) struct Tree {
    open: Vec<Done>,
    held: usize,
}

impl Tree {
    /// Opens an object inside the innermost open one.
    pub(crate) fn open(&mut self, name: String, place: Place) {
        let weight = size_of::<Object>() + name.len() + place.pointer.as_ref().map_or(0, String::len);
        self.held += weight;
        self.open.push(Done { object: Object { name, place, ..Object::default() }, weight });
    }

    /// Adds a leaf to the innermost open object; without one it is dropped.
    pub(crate) fn field(&mut self, field: Field) {
        let Some(top) = self.open.last_mut() else { return };
        let strings =
            field.key.len() + field.value.len() + field.place.pointer.as_ref().map_or(0, String::len);
        let weight = size_of::<Field>() + strings;
        top.weight += weight;
        top.object.fields.push(field);
        self.held += weight;
    }

    /// The innermost open object.
    pub(crate) fn top(&mut self) -> Option<&mut Object> {
        self.open.last_mut().map(|done| &mut done.object)
    }

    /// Closes the innermost object. It is either attached to the next one or handed out.
    pub(crate) fn close(&mut self) -> Option<Done> {
        let done = self.open.pop()?;
        self.held = self.held.saturating_sub(done.weight);
        Some(done)
    }

    /// Makes a closed object a child of the innermost open one, unless it is empty.
    pub(crate) fn attach(&mut self, done: Done) {
        if is_empty(&done.object) {
            return;
        }
        if let Some(top) = self.open.last_mut() {
            top.weight += done.weight;
            self.held += done.weight;
            top.object.children.push(done.object);
        }
    }

    /// True if the tree holds more than it should.
    pub(crate) fn is_full(&self) -> bool {
        self.held > LIMIT
    }

    /// Takes everything held as one tree; the open objects go on without content.
    pub(crate) fn take_all(&mut self) -> Option<Object> {
        let heads: Vec<(String, Place)> =
            self.open.iter().map(|d| (d.object.name.clone(), d.object.place.clone())).collect();
        let mut all = self.close()?;
        while let Some(parent) = self.close() {
            self.open.push(parent);
            self.attach(all);
            match self.close() {
                Some(done) => all = done,
                None => return None,
            }
        }
        self.held = 0;
        for (name, place) in heads {
            self.open(name, place);
        }
        Some(all.object).filter(|object| !is_empty(object))
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.open.clear();
        self.held = 0;
    }
}

/// True if there is nothing in `object` to look at.
pub(crate) fn is_empty(object: &Object) -> bool {
    object.fields.is_empty() && object.children.is_empty()
}

/// `path` followed by `last`, shortened in the middle if it is long: deep documents would otherwise need
/// memory in proportion to depth times leaves.
pub(crate) fn pointer(path: &str, last: &str) -> String {
    if path.len() + last.len() <= MAX_POINTER {
        return [path, last].concat();
    }
    let head = &path[..path.floor_char_boundary(MAX_POINTER / 2)];
    let from = path.len().saturating_sub(MAX_POINTER / 4).max(head.len());
    let last = &last[..last.floor_char_boundary(MAX_POINTER / 4)];
    [head, "\u{2026}", &path[path.ceil_char_boundary(from)..], last].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str) -> Field {
        Field { key: key.into(), value: "x".into(), number: false, place: Place::default() }
    }

    #[test]
    fn taking_all_keeps_the_branch_and_leaves_it_open() {
        let mut tree = Tree::default();
        tree.open("a".into(), Place::default());
        tree.field(field("one"));
        tree.open("b".into(), Place::default());
        tree.field(field("two"));
        let all = tree.take_all().expect("two fields are held");
        assert!(all.name == "a" && all.fields[0].key == "one" && all.children[0].fields[0].key == "two");
        tree.field(field("three"));
        let b = tree.close().expect("b is still open");
        tree.attach(b);
        let a = tree.close().expect("a is still open").object;
        assert!(a.children[0].fields[0].key == "three");
        assert_eq!(tree.held, 0);
    }

    #[test]
    fn long_pointers_are_shortened_at_characters() {
        let long = pointer(&"/\u{e9}\u{e9}".repeat(1000), &"\u{e9}".repeat(1000));
        assert!(long.len() < 500 && long.contains('\u{2026}'));
        assert!(pointer("/a", "/b") == "/a/b");
    }
}

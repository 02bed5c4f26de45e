//! Walking the objects of a document without going in circles or on for ever.

use std::collections::HashSet;

use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use hayro_interpret::hayro_syntax::xref::XRef;

use crate::document::DocumentSink;

/// Most objects that one walk visits.
const STEP_CAP: u32 = 200_000;

/// A walk over objects: each indirect object is entered once.
pub(super) struct Walk<'a, 's> {
    /// Where results go.
    pub(super) sink: &'s mut dyn DocumentSink,
    /// True when the sink said to stop.
    pub(super) stopped: bool,
    /// True when there were more objects than the cap.
    pub(super) cut: bool,
    xref: &'a XRef,
    visited: HashSet<ObjectIdentifier>,
    steps: u32,
}

impl<'a, 's> Walk<'a, 's> {
    /// A walk that has visited nothing.
    pub(super) fn new(xref: &'a XRef, sink: &'s mut dyn DocumentSink) -> Self {
        Walk { sink, stopped: false, cut: false, xref, visited: HashSet::new(), steps: 0 }
    }

    /// The object behind `item`, unless it was visited before or the walk is over.
    pub(super) fn enter(&mut self, item: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
        self.steps += 1;
        self.cut |= self.steps > STEP_CAP;
        self.stopped |= self.steps.is_multiple_of(256) && !self.sink.go_on();
        if self.cut || self.stopped {
            return None;
        }
        match item {
            MaybeRef::NotRef(object) => Some(object),
            MaybeRef::Ref(reference) => {
                let id = reference.into();
                self.visited.insert(id).then(|| self.xref.get::<Object<'a>>(id)).flatten()
            }
        }
    }

    /// The dictionary behind `item`, on the same terms.
    pub(super) fn enter_dict(&mut self, item: MaybeRef<Object<'a>>) -> Option<Dict<'a>> {
        self.enter(item)?.into_dict()
    }

    /// The dictionary under `key` of `dict`, on the same terms.
    pub(super) fn enter_key(&mut self, dict: &Dict<'a>, key: &str) -> Option<Dict<'a>> {
        let item = dict.get_raw::<Object<'a>>(key)?;
        self.enter_dict(item)
    }
}

/// The items of the array under `key`, unresolved.
pub(super) fn items<'a>(dict: &Dict<'a>, key: &str) -> impl Iterator<Item = MaybeRef<Object<'a>>> + use<'a> {
    dict.get::<Array<'a>>(key).into_iter().flat_map(|array| array.raw_iter())
}

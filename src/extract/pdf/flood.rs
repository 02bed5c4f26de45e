//! Forms (reusable pieces of content) that call each other so often that no page would ever be finished.
//!
//! Thirty forms of which each calls the next twice are a billion calls. The parser follows them all, so the work
//! is estimated beforehand; a page with too much of it is read flat: its own content and every form once.

use std::collections::{HashMap, HashSet};

use hayro_interpret::hayro_syntax::object::{Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use memchr::memmem;

/// Bytes of content, repetitions included, up to which a page is read as it stands.
const WORK_CAP: u64 = 256 << 20;
/// Most forms looked at for a page.
const FORMS_CAP: usize = 20_000;
/// Work that counts as endless; larger products are cut to it.
const ENDLESS: u64 = 1 << 50;

/// Remembers the forms of a document.
#[derive(Default)]
pub(super) struct Floods {
    known: HashMap<ObjectIdentifier, Form>,
}

struct Form {
    length: u64,
    calls: Calls,
}

/// Which form or picture is called how often.
type Calls = Vec<(ObjectIdentifier, u64)>;

/// Content that is read by itself, without the forms it calls.
pub(super) struct Flat<'a> {
    /// The decoded content.
    pub(super) content: Vec<u8>,
    /// Its resources without forms and pictures.
    pub(super) resources: Resources<'a>,
}

impl Floods {
    /// True if drawing `page`, whose content is `content`, would take too long.
    pub(super) fn is_flooded(&mut self, page: &Page<'_>, content: &[u8]) -> bool {
        let own = &page.resources().x_objects;
        let calls = calls(content, own);
        self.learn(page, own, &calls);
        let work = self.work(&calls);
        total(content.len() as u64, &calls, &work) > WORK_CAP
    }

    /// Looks at the forms reachable from `page`.
    fn learn(&mut self, page: &Page<'_>, of_page: &Dict<'_>, roots: &Calls) {
        let mut stack: Vec<_> = roots.iter().map(|call| call.0).collect();
        while let Some(id) = stack.pop() {
            if self.known.contains_key(&id) || self.known.len() >= FORMS_CAP {
                continue;
            }
            let Some(stream) = page.xref().get::<Stream<'_>>(id) else { continue };
            let content = content_of(&stream).unwrap_or_default();
            // Without resources of its own a form uses those of its caller.
            let own = stream.dict().get::<Dict<'_>>("Resources").map(|r| r.get::<Dict<'_>>("XObject"));
            let calls = match own {
                Some(own) => calls(&content, &own.unwrap_or_default()),
                None => calls(&content, of_page),
            };
            stack.extend(calls.iter().map(|call| call.0));
            self.known.insert(id, Form { length: content.len() as u64, calls });
        }
    }

    /// Work of each form that `roots` lead to: its length and the work of all its calls.
    fn work(&self, roots: &Calls) -> HashMap<ObjectIdentifier, u64> {
        let mut work = HashMap::new();
        let mut open = HashSet::new();
        let mut stack: Vec<_> = roots.iter().map(|call| (call.0, false)).collect();
        while let Some((id, children_done)) = stack.pop() {
            let Some(form) = self.known.get(&id) else { continue };
            if children_done {
                work.insert(id, total(form.length, &form.calls, &work));
            } else if open.insert(id) {
                stack.push((id, true));
                stack.extend(form.calls.iter().filter(|c| !open.contains(&c.0)).map(|c| (c.0, false)));
            }
        }
        work
    }
}

/// A call without known work leads back to its caller; the parser ends that by depth only.
fn total(length: u64, calls: &Calls, work: &HashMap<ObjectIdentifier, u64>) -> u64 {
    let called = calls.iter().map(|(id, n)| n.saturating_mul(work.get(id).copied().unwrap_or(ENDLESS)));
    called.fold(length, u64::saturating_add).min(ENDLESS)
}

/// The content of every form that `page` can reach, each once and without calls.
pub(super) fn flat<'a>(page: &Page<'a>) -> Vec<Flat<'a>> {
    let mut pieces = Vec::new();
    let mut seen = HashSet::new();
    let mut stack = forms(&page.resources().x_objects);
    while let Some(id) = stack.pop() {
        if !seen.insert(id) || seen.len() > FORMS_CAP {
            continue;
        }
        let Some(stream) = page.xref().get::<Stream<'a>>(id) else { continue };
        let Some(content) = content_of(&stream) else { continue };
        let own = stream.dict().get::<Dict<'a>>("Resources").map(Resources::new);
        let resources = own.unwrap_or_else(|| page.resources().clone());
        stack.extend(forms(&resources.x_objects));
        pieces.push(Flat { content, resources: without_calls(resources) });
    }
    pieces
}

/// Resources that draw no forms and pictures.
pub(super) fn without_calls(resources: Resources<'_>) -> Resources<'_> {
    Resources { x_objects: Dict::empty(), patterns: Dict::empty(), ..resources }
}

/// Content of a form; nothing for pictures, which call nothing.
fn content_of(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let form = stream.dict().get::<Name<'_>>("Subtype").is_some_and(|name| name.as_ref() == b"Form");
    if form { stream.decoded_data().ok().map(std::borrow::Cow::into_owned) } else { None }
}

fn forms<'a>(x_objects: &Dict<'a>) -> Vec<ObjectIdentifier> {
    let reference = |(_, item): (_, MaybeRef<Object<'a>>)| item.as_obj_ref().map(ObjectIdentifier::from);
    x_objects.entries().filter_map(reference).collect()
}

/// Counts the operators `/Name Do` in content by the object that they draw.
fn calls(content: &[u8], x_objects: &Dict<'_>) -> Calls {
    let mut counts: HashMap<&[u8], u64> = HashMap::new();
    for at in memmem::find_iter(content, b"Do") {
        let before = content[..at].trim_ascii_end();
        let start =
            before[before.len().saturating_sub(128)..].iter().rev().take_while(|&&b| b != b'/').count();
        *counts.entry(&before[before.len() - start.min(before.len())..]).or_default() += 1;
    }
    let called = counts.into_iter().filter_map(|(name, n)| Some((x_objects.get_ref(name)?.into(), n)));
    called.collect()
}

//! Values of form fields: they need not be drawn anywhere (`/NeedAppearances`, hidden fields).

use std::collections::HashMap;
use std::rc::Rc;

use hayro_interpret::hayro_syntax::object::{Array, Dict, Object, ObjectIdentifier, String as PdfString};

use super::text::text_string;
use super::walk::{Walk, items};
use crate::document::{Field, Place};

/// Deepest nesting of fields that is followed.
const DEPTH_CAP: u32 = 32;
/// Longest full field name, in bytes.
const NAME_CAP: usize = 2048;
/// Bytes of names and values of one form; the same string may be used by many fields.
const FORM_CAP: usize = 16 << 20;

/// A form: its filled fields, and whether there was more than the caps allow.
#[derive(Default)]
pub(super) struct Form {
    /// The fields with a value, in the order of the document.
    pub(super) fields: Vec<Field>,
    /// True if fields were left out.
    pub(super) cut: bool,
    bytes: usize,
}

struct Node<'a> {
    dict: Dict<'a>,
    name: Rc<str>,
    label: Option<Rc<str>>,
    depth: u32,
}

/// Reads the fields below `roots`: the form's own list, and widgets of pages that no list names.
pub(super) fn read<'a>(
    walk: &mut Walk<'a, '_>,
    acro_form: Option<&Dict<'a>>,
    widgets: Vec<Dict<'a>>,
    pages: &HashMap<ObjectIdentifier, u32>,
) -> Form {
    let mut form = Form::default();
    let roots = acro_form.map(|form| items(form, "Fields").collect::<Vec<_>>()).unwrap_or_default();
    for root in roots {
        if form.bytes > FORM_CAP {
            break;
        }
        if let Some(dict) = walk.enter_dict(root) {
            read_tree(walk, dict, pages, &mut form);
        }
    }
    for widget in widgets {
        if form.bytes > FORM_CAP {
            break;
        }
        read_tree(walk, widget, pages, &mut form);
    }
    form.cut |= walk.cut;
    form
}

fn read_tree<'a>(
    walk: &mut Walk<'a, '_>,
    root: Dict<'a>,
    pages: &HashMap<ObjectIdentifier, u32>,
    form: &mut Form,
) {
    let mut stack = vec![Node { dict: root, name: Rc::from(""), label: None, depth: 0 }];
    while let Some(node) = stack.pop() {
        let node = named(node);
        form.add(&node, page_of(&node.dict, pages));
        if node.depth >= DEPTH_CAP || form.bytes > FORM_CAP {
            form.cut = true;
            continue;
        }
        let first = stack.len();
        for kid in items(&node.dict, "Kids") {
            if let Some(dict) = walk.enter_dict(kid) {
                let (name, label) = (node.name.clone(), node.label.clone());
                stack.push(Node { dict, name, label, depth: node.depth + 1 });
            } else if walk.stopped || walk.cut {
                return;
            }
        }
        stack[first..].reverse();
    }
}

/// Gives a node its full name and its label, inherited where it has none of its own.
fn named(mut node: Node<'_>) -> Node<'_> {
    if let Some(own) = node.dict.get::<PdfString<'_>>("T") {
        let full =
            if node.name.is_empty() { String::new() } else { format!("{}.", node.name) } + &text_string(&own);
        if full.len() <= NAME_CAP {
            node.name = Rc::from(full);
        }
    }
    if let Some(label) = node.dict.get::<PdfString<'_>>("TU").filter(|l| !l.is_empty() && l.len() <= NAME_CAP)
    {
        node.label = Some(Rc::from(text_string(&label)));
    }
    node
}

fn page_of(dict: &Dict<'_>, pages: &HashMap<ObjectIdentifier, u32>) -> Option<u32> {
    pages.get(&dict.get_ref("P")?.into()).copied()
}

impl Form {
    fn add(&mut self, node: &Node<'_>, page: Option<u32>) {
        let value = node.dict.get::<Object<'_>>("V").and_then(|v| value_text(&v));
        let default = node
            .dict
            .get::<Object<'_>>("DV")
            .and_then(|v| value_text(&v))
            .filter(|d| Some(d) != value.as_ref());
        for value in value.into_iter().chain(default) {
            self.bytes += value.len() + 2 * node.name.len() + 64;
            if self.bytes > FORM_CAP {
                self.cut = true;
                return;
            }
            let place = Place {
                field: Some(node.name.to_string()),
                part: Some("form".to_owned()),
                page,
                ..Place::default()
            };
            let key = node.label.as_ref().unwrap_or(&node.name).to_string();
            self.fields.push(Field { key, value, number: false, place });
        }
    }
}

/// A field value as a reader would show it; nothing for buttons that are off and for empty values.
fn value_text(value: &Object<'_>) -> Option<String> {
    let text = match value {
        Object::String(text) => text_string(text),
        Object::Name(name) if name.as_ref() != b"Off" => text_string(name),
        Object::Number(number) => number.as_f64().to_string(),
        Object::Array(all) => choices(all),
        Object::Stream(stream) => stream.decoded_data().map(|data| text_string(&data)).unwrap_or_default(),
        // The dictionary of a signature.
        Object::Dict(dict) => ["Name", "Reason", "Location", "ContactInfo"]
            .into_iter()
            .filter_map(|key| dict.get::<PdfString<'_>>(key).map(|text| text_string(&text)))
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    (!text.trim().is_empty()).then_some(text)
}

fn choices(all: &Array<'_>) -> String {
    all.iter::<PdfString<'_>>().map(|text| text_string(&text)).collect::<Vec<_>>().join(", ")
}

//! Objects (JSON, XML, forms): R1 within one object, R2 with the nearest ancestor that has a name, at most three
//! levels up, or with the only name among sibling sub-objects of one parent.

use super::fields::{self, FieldRef, Role, Wanted};
use super::table::{self, Table};
use super::{circumstances, hand_on, hand_on_loose, related};
use crate::detect::cell::Value;
use crate::detect::text;
use crate::document::{Cell, Object, Place};
use crate::event::{Confidence, Link};
use crate::finding::{Circumstances, Findings, Located, Person, Record};
use crate::name;
use crate::pattern::LabelKind;
use crate::pattern::label::{self, Labels, Words};

/// How many levels up a number looks for a name.
const LEVELS: u8 = 3;
/// Objects of a list that are looked at for what its keys hold, keys of an object, and levels below it.
const SAMPLE: usize = 100;
const KEYS: usize = 40;
const BELOW: u8 = 2;
/// Objects nested deeper are not followed (the readers cap depth themselves).
const DEPTH: usize = 4200;

/// What a sub-object leaves for its parent.
#[derive(Default)]
struct Rest {
    /// A person to whom no number was joined yet.
    person: Option<Person>,
    /// Numbers without a person, with the levels they have come up.
    alone: Vec<(Located, u8)>,
    /// What the sub-object says beside that, if it is not about somebody of its own.
    circumstances: Circumstances,
    /// True if a field holds a name, also one that is none as a whole (`"name": "Per"`).
    named: bool,
}

/// Finds and hands on the records of an object and everything in it. The objects of an array that nothing stands around
/// are not about each other's people.
pub fn associate(object: &Object, link: Link, out: &mut dyn Findings) {
    let nameless = |o: &Object| o.name.is_empty();
    let elements = object.children.iter().filter(|c| nameless(c)).count() + object.fields.len();
    let list = nameless(object) && object.fields.iter().all(|f| f.key.is_empty()) && elements > 1;
    if !list {
        return alone(object, link, &Keys::default(), out);
    }
    let keys = columns(&object.children).unwrap_or_default();
    object.children.iter().for_each(|child| alone(child, link, &keys, out));
    if !object.fields.is_empty() {
        // Values between the objects.
        let fields = object.fields.clone();
        let values =
            Object { fields, children: Vec::new(), name: String::new(), place: object.place.clone() };
        alone(&values, link, &Keys::default(), out);
    }
}

fn alone(object: &Object, link: Link, keys: &Keys, out: &mut dyn Findings) {
    let rest = visit(object, link, (1, keys, ""), out);
    let alone = rest.alone.into_iter().map(|(e, _)| e).collect();
    hand_on_loose(alone, &rest.circumstances, "no name in the object or above it", out);
}

/// What the objects of a list say together of their keys, by the way to each from an object of the list: an array of
/// objects is a table in all but name.
type Keys = Vec<(String, Role)>;

/// The way to what stands in an object, or under one of its keys.
fn way(to: &str, name: &str) -> String {
    format!("{to}\0{name}")
}

/// `keys`: what is known of its keys by the list that it stands in, and the way to it from there.
fn visit(
    object: &Object,
    link: Link,
    (depth, keys, to): (usize, &Keys, &str),
    out: &mut dyn Findings,
) -> Rest {
    let mut rests: Vec<Rest> = Vec::new();
    if depth < DEPTH {
        let list = columns(&object.children);
        // Most of the time nothing is known of any key, and no way need be told.
        let (keys, told) = list.as_ref().map_or((keys, !keys.is_empty()), |own| (own, false));
        for child in &object.children {
            let to = if told { way(to, &child.name) } else { String::new() };
            rests.push(visit(child, link, (depth + 1, keys, &to), out));
        }
    }
    let mut own = own(object, keys, to, out);
    let adopted = adopt(&mut rests);
    let mut alone: Vec<(Located, u8)> = own.alone.drain(..).collect();
    alone.extend(numbers_of_key(object, out).into_iter().map(|e| (e, 0)));
    for (rest, child) in rests.iter_mut().zip(&object.children) {
        if !circumstances::is_of_another(&child.name) {
            merge(&mut own.circumstances, std::mem::take(&mut rest.circumstances));
        }
        alone.extend(rest.alone.drain(..).map(|(e, up)| (e, up + 1)));
    }
    let Some(person) = own.person.take().or(adopted) else {
        if own.named {
            let alone = alone.into_iter().map(|(e, _)| e).collect();
            hand_on_loose(alone, &own.circumstances, "the name in the object is none as a whole", out);
            return Rest::default();
        }
        let (near, far): (Vec<_>, Vec<_>) = alone.into_iter().partition(|(_, up)| *up < LEVELS);
        let far = far.into_iter().map(|(e, _)| e).collect();
        hand_on_loose(far, &own.circumstances, "no name within three levels above it", out);
        return Rest { alone: near, circumstances: own.circumstances, ..Rest::default() };
    };
    if alone.is_empty() {
        return Rest { person: Some(person), alone, circumstances: own.circumstances, named: true };
    }
    let elements: Vec<Located> = alone.into_iter().map(|(e, _)| e).collect();
    let record = Record {
        person,
        elements,
        link,
        link_confidence: Confidence::High,
        circumstances: own.circumstances,
        place: object.place.clone(),
    };
    hand_on(record, out);
    Rest::default()
}

/// The keys of a list of two objects or more, judged as the columns of a table; `None` if none names a number.
fn columns(list: &[Object]) -> Option<Keys> {
    // Parts of one object have names of their own.
    if list.len() < 2 || list.windows(2).any(|pair| pair[0].name != pair[1].name) {
        return None;
    }
    let (mut header, mut ways, mut rows): (Vec<Cell>, Vec<String>, Vec<Vec<Cell>>) = Default::default();
    for object in list.iter().take(SAMPLE) {
        let mut row = Vec::new();
        leaves(object, ("", BELOW), &mut header, &mut ways, &mut row);
        row.sort_unstable_by_key(|cell: &Cell| cell.column);
        rows.push(row);
    }
    if !table::names_numbers(&header) {
        return None;
    }
    let columns = Table::new(Some(&header), &rows).columns;
    Some(ways.into_iter().zip(columns).map(|(way, column)| (way, column.role)).collect())
}

/// The values of an object and of those in it as the cells of a row, below their keys, each of which has its own way.
fn leaves(
    object: &Object,
    (to, below): (&str, u8),
    header: &mut Vec<Cell>,
    ways: &mut Vec<String>,
    row: &mut Vec<Cell>,
) {
    for field in &object.fields {
        let own = way(to, &field.key);
        let known = ways.iter().position(|known| *known == own);
        if known.is_none() && header.len() >= KEYS {
            continue;
        }
        let Ok(column) = u32::try_from(known.unwrap_or(header.len())) else { continue };
        if known.is_none() {
            header.push(Cell { column, text: field.key.clone(), number: false });
            ways.push(own);
        }
        if row.iter().all(|cell| cell.column != column) {
            row.push(Cell { column, text: field.value.clone(), number: field.number });
        }
    }
    for child in object.children.iter().filter(|_| below > 0) {
        leaves(child, (&way(to, &child.name), below - 1), header, ways, row);
    }
}

/// The numbers in the key of an object: `{"024-61-3387": {"name": …}}`.
fn numbers_of_key(object: &Object, out: &mut dyn Findings) -> Vec<Located> {
    let (mut found, mut rejects) = (Vec::new(), out.rejects());
    if object.name.bytes().filter(u8::is_ascii_digit).count() >= 9 {
        text::scan_value(&object.name, &mut found, &mut rejects);
        out.take_rejects(rejects, &|_| object.place.clone());
    }
    found.into_iter().map(|candidate| Located { candidate, place: object.place.clone() }).collect()
}

/// The one person that sub-objects leave, if there is exactly one.
fn adopt(rests: &mut [Rest]) -> Option<Person> {
    let mut found: Option<Person> = None;
    for rest in rests.iter_mut() {
        let Some(person) = rest.person.take() else { continue };
        match &found {
            Some(first) if first.name.last_key() != person.name.last_key() => return None,
            Some(_) => {}
            None => found = Some(person),
        }
    }
    found
}

fn merge(into: &mut Circumstances, from: Circumstances) {
    into.residency.extend(from.residency);
    into.birth = into.birth.take().or(from.birth);
    into.zip = into.zip.take().or(from.zip);
    into.street = into.street.take().or(from.street);
    into.card_data |= from.card_data;
    for c in from.credentials {
        if !into.credentials.contains(&c) {
            into.credentials.push(c);
        }
    }
}

/// The object's own fields: its person, its numbers, its circumstances. Numbers of other people (`spouse_ssn`)
/// are handed on with their own name, or alone.
fn own(object: &Object, keys: &Keys, to: &str, out: &mut dyn Findings) -> Rest {
    let mut words = Words::default();
    let above = label::header(&object.name, &mut words);
    let typed = type_label(object, 0, &mut words);
    let values: Vec<Value<'_>> = object
        .fields
        .iter()
        .map(|f| {
            let value = Value { text: &f.value, labels: above, header: &f.key, number: f.number };
            if let Some((labels, header)) = typed.filter(|_| is_value_key(&f.key, &object.name)) {
                return Value { labels, header, ..value };
            }
            let labels = label::header(&f.key, &mut words);
            let labels = if labels.is_empty() { above } else { labels };
            Value { labels, ..value }
        })
        .collect();
    let role = |v: &Value<'_>| {
        let role = Role::of(v, &mut words);
        if keys.is_empty() {
            return role;
        }
        let own = way(to, v.header);
        match keys.iter().find(|(way, _)| *way == own) {
            Some((_, column)) => role.in_column(column),
            None => role,
        }
    };
    let roles: Vec<Role> = values.iter().map(role).collect();
    let list: Vec<FieldRef<'_>> =
        values.iter().zip(&roles).map(|(value, role)| FieldRef { value: *value, role }).collect();
    let mut rejects = out.rejects();
    let judged = fields::judge(&list, Wanted::All, &mut rejects);
    out.take_rejects(rejects, &|r| object.fields[r.part].place.clone());
    for f in &object.fields {
        related::in_value(&f.value, &f.key, &|| f.place.clone(), out);
    }
    let named = |f: &FieldRef<'_>| {
        let own = f.role.relation.is_none() && f.role.name.is_some_and(|k| k != LabelKind::FirstName);
        own && name::is_given(f.value.text.trim())
    };
    let named = list.iter().any(named);
    let mut rest = Rest { circumstances: judged.circumstances, named, ..Rest::default() };
    for (n, subject) in judged.subjects.into_iter().enumerate() {
        let place = |i: usize| object.fields[i].place.clone();
        let in_text = || fields::person_in_text(&list, &subject.elements);
        let found = subject.person.or_else(|| subject.own.then(in_text).flatten());
        let person =
            found.map(|(name, confidence, rule, i)| Person { name, confidence, rule, place: place(i) });
        let elements: Vec<Located> = subject
            .elements
            .into_iter()
            .map(|(candidate, i)| Located { candidate, place: place(i) })
            .collect();
        if n == 0 {
            rest.person = person;
            rest.alone = elements.into_iter().map(|e| (e, 0)).collect();
        } else {
            other(person, elements, &rest.circumstances, &object.place, out);
        }
    }
    rest
}

/// `{"type": "SSN", "value": "024-61-3387"}`, also with the type in an object of its own
/// (`"type": {"coding": [{"code": "SS"}]}`): the meaning of a number that another field names, and its words.
fn type_label<'o>(object: &'o Object, depth: u8, words: &mut Words) -> Option<(Labels, &'o str)> {
    let numbered = |l: &Labels| l.iter().any(|l| l.kind <= LabelKind::Swift && l.weight > 1);
    let own = object.fields.iter().filter(|f| is_type(&f.key) && f.value.len() <= 80);
    own.map(|f| (label::header(&f.value, words), f.value.as_str())).find(|(l, _)| numbered(l)).or_else(|| {
        let types = object.children.iter().filter(|c| depth < 2 && (is_type(&c.name) || c.name == "coding"));
        types.take(4).find_map(|child| type_label(child, depth + 1, words))
    })
}

/// True for the key of a field that says what another one holds.
fn is_type(key: &str) -> bool {
    const KEYS: [&str; 10] =
        ["type", "kind", "code", "display", "text", "system", "label", "scheme", "name", "category"];
    let key = key.to_ascii_lowercase();
    KEYS.iter().any(|k| key == *k || k.len() == 4 && key.ends_with(k)) || key.starts_with("scheme")
}

/// What a key says by itself of the digits in an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Says {
    /// Nothing.
    Nothing,
    /// They are a number.
    Number,
    /// Its value may say of another that it is a number.
    Kind,
    /// Its value may be what another one says.
    Value,
}

/// What `key` says, as far as it can without the object it stands in.
#[must_use]
pub fn says(key: &str) -> Says {
    use LabelKind as K;
    let labels = label::header(key, &mut Words::default());
    let numbers =
        [K::Ssn, K::SsnPart, K::CardNumber, K::AccountNumber, K::Iban, K::DriversLicense, K::StateId];
    match () {
        () if labels.iter().any(|l| numbers.contains(&l.kind)) => Says::Number,
        () if is_value_key(key, "") => Says::Value,
        () if is_type(key) || key == "coding" => Says::Kind,
        () => Says::Nothing,
    }
}

/// True for the key of the field that holds what another one names.
fn is_value_key(key: &str, object: &str) -> bool {
    let plain = ["value", "val", "number", "num", "no", "id", "content", "data", "identifier", "#text"];
    plain.iter().any(|k| key.eq_ignore_ascii_case(k)) || !key.is_empty() && key == object
}

fn other(
    person: Option<Person>,
    elements: Vec<Located>,
    circumstances: &Circumstances,
    place: &Place,
    out: &mut dyn Findings,
) {
    let Some(person) = person else {
        return hand_on_loose(elements, circumstances, "belongs to a person the object does not name", out);
    };
    if elements.is_empty() {
        return;
    }
    let circumstances = circumstances.clone();
    let (link, link_confidence) = (Link::Object, Confidence::High);
    hand_on(Record { person, elements, link, link_confidence, circumstances, place: place.clone() }, out);
}

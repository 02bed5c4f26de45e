//! JSON objects inside a line of running text: the payload of a log line is judged as an object, not as prose.

use std::ops::Range;

use super::object;
use super::prose::Unit;
use crate::detect::Candidate;
use crate::detect::label_context::{LINE, line_around};
use crate::document::{Object, Place};
use crate::event::Link;
use crate::extract::json;

/// Hands on the objects that hold a candidate and begin in the unit's own part; returns the stretches of all, so that
/// nothing of them is judged again.
pub fn associate(
    unit: &Unit<'_>,
    candidates: &[Candidate],
    out: &mut dyn crate::finding::Findings,
) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut seen = usize::MAX;
    for candidate in candidates {
        let line = line_around(unit.text, candidate.span.start);
        if line.start == seen || line.len() > LINE || (unit.is_row)(&line) {
            continue;
        }
        seen = line.start;
        let Some((span, mut object)) = payload(&unit.text[line.clone()]) else { continue };
        let span = line.start + span.start..line.start + span.end;
        if unit.own.contains(&span.start) {
            place(&mut object, &(unit.place)(span.start));
            object::associate(&object, Link::Object, out);
        }
        found.push(span);
    }
    found
}

/// The object with at least two members that a line ends with, behind other text.
fn payload(line: &str) -> Option<(Range<usize>, Object)> {
    let end = line.rfind('}')? + 1;
    let starts = line.match_indices("{\"").map(|(i, _)| i).take(4);
    let (start, object) =
        starts.filter(|s| *s < end).find_map(|s| Some((s, json::parse_object(&line[s..end])?)))?;
    (start > 0 && object.fields.len() + object.children.len() > 1).then_some((start..end, object))
}

fn place(object: &mut Object, at: &Place) {
    object.place = Place { pointer: object.place.pointer.take(), ..at.clone() };
    for field in &mut object.fields {
        field.place = Place { pointer: field.place.pointer.take(), ..at.clone() };
    }
    object.children.iter_mut().for_each(|child| place(child, at));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_may_end_with_an_object() {
        let line = r#"10:22:31 INFO intake payload={"name":"Tobias Hargrove","ssn":"024613387"} ok"#;
        let (span, object) = payload(line).expect("an object");
        assert_eq!((span.start, object.fields.len()), (29, 2));
        assert!(payload(r#"{"name":"x","y":1}"#).is_none(), "a whole line is no payload");
        assert!(payload("if (a) { \"b\" }").is_none());
    }
}

//! Holds together the types of a result, its schema, its documentation and its example.

use std::collections::BTreeSet;
use std::path::PathBuf;

use revere::coverage::{Cause, Class};
use revere::event::Event;
use revere::result::{Reader, Tally, Writer, canonical, schema};
use serde_json::{Map, Value};

/// Words of JSON schema that say something about a document but forbid nothing.
const ANNOTATIONS: [&str; 6] = ["$schema", "$defs", "title", "description", "default", "format"];

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(docs(name)).unwrap_or_default()
}

fn example() -> String {
    read("result.example.jsonl")
}

#[test]
fn the_schema_on_file_is_that_of_the_types() {
    let schema = schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        std::fs::write(docs("result.schema.json"), text).expect("docs/ can be written");
    }
    let on_file: Value = serde_json::from_str(&read("result.schema.json")).unwrap_or_default();
    assert!(
        on_file == schema,
        "docs/result.schema.json is not the schema of the types; if the change is meant (fields may be added, \
         never changed or removed), run: UPDATE_SCHEMA=1 cargo test --test schema"
    );
}

#[test]
fn every_property_and_word_of_the_schema_is_documented() {
    let manual = read("OUTPUT.md");
    let mut names = BTreeSet::new();
    collect_names(&schema(), &mut names);
    assert!(names.len() > 100, "the schema has lost its names");
    let missing: Vec<_> = names.iter().filter(|name| !manual.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/OUTPUT.md does not mention {missing:?}");
}

/// Adds names of properties and fixed words.
fn collect_names(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get("properties") {
                names.extend(properties.keys().cloned());
            }
            let fixed = object.get("enum").and_then(Value::as_array).into_iter().flatten();
            names.extend(fixed.chain(object.get("const")).filter_map(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| collect_names(value, names));
        }
        Value::Array(array) => array.iter().for_each(|value| collect_names(value, names)),
        _ => {}
    }
}

#[test]
fn the_manual_gives_every_cause_its_class() {
    let manual = read("OUTPUT.md");
    for cause in Cause::ALL {
        let class = match cause.class() {
            Class::Failed => "failed",
            Class::ByNature => "by-nature",
            Class::ByChoice => "by-choice",
        };
        let row = format!("| `{}` | `{class}` |", cause.word());
        assert!(manual.contains(&row), "docs/OUTPUT.md has no row {row}");
    }
}

#[test]
fn the_example_is_a_result() {
    let text = example();
    let events: Vec<Event> = Reader::new(text.as_bytes()).collect::<Result<_, _>>().expect("it can be read");
    assert!(!events.contains(&Event::Unknown));

    let mut writer = Writer::new(Vec::new());
    let mut tally = Tally::new();
    let Some((Event::Summary(last), before)) = events.split_last() else {
        panic!("the last line is no summary")
    };
    for event in before {
        writer.write(event).expect("memory takes everything");
        tally.add(event);
    }
    tally.read(last.bytes);
    let summary = tally.summary(last.elapsed, last.interrupted, last.files.met);
    let (written, _) = writer.finish(summary).expect("memory takes everything");
    assert_eq!(String::from_utf8_lossy(&written), text);
}

#[test]
fn every_line_of_a_result_fits_the_schema() {
    let schema = schema();
    let events = Reader::new(example().as_bytes()).collect::<Result<_, _>>().expect("it can be read");
    let canonical = canonical(events);
    let lines = example().lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let again =
        canonical.iter().map(|event| serde_json::to_value(event).expect("an event is JSON")).collect();
    for line in [lines, again].iter().flat_map(|lines: &Vec<Value>| lines) {
        assert_eq!(check(line, &schema, &schema), Ok(()), "{line}");
    }
}

#[test]
fn a_line_with_a_missing_or_unfit_field_does_not_fit_the_schema() {
    let schema = schema();
    for line in example().lines() {
        let line: Map<String, Value> = serde_json::from_str(line).expect("a line is JSON");
        for (field, unfit) in
            [("event", Value::from("sermon")), ("seq", Value::from("1")), ("root", Value::from(-1))]
        {
            let mut bad = line.clone();
            if bad.insert(field.into(), unfit).is_some() {
                assert!(check(&Value::Object(bad), &schema, &schema).is_err(), "{field}");
            }
        }
        let mut bare = line.clone();
        bare.retain(|field, _| field == "event");
        assert!(check(&Value::Object(bare), &schema, &schema).is_err());
    }
}

/// Checks a value against as much of JSON schema as the schema of a result uses.
fn check(value: &Value, schema: &Value, whole: &Value) -> Result<(), String> {
    let Value::Object(rules) = schema else {
        return if schema == &Value::Bool(false) { Err("nothing is allowed here".into()) } else { Ok(()) };
    };
    for (word, rule) in rules {
        let holds = match word.as_str() {
            "$ref" => {
                let pointer = rule.as_str().unwrap_or_default().trim_start_matches('#');
                let target = whole.pointer(pointer).ok_or_else(|| format!("no {pointer}"))?;
                check(value, target, whole)?;
                true
            }
            "oneOf" | "anyOf" => {
                let choices = rule.as_array().into_iter().flatten();
                let fits = choices.filter(|choice| check(value, choice, whole).is_ok()).count();
                fits == 1 || (word == "anyOf" && fits > 1)
            }
            "type" => rule
                .as_array()
                .map_or_else(|| has_type(value, rule), |any| any.iter().any(|t| has_type(value, t))),
            "const" => value == rule,
            "enum" => rule.as_array().is_some_and(|words| words.contains(value)),
            "minimum" => value.as_f64().is_none_or(|n| Some(n) >= rule.as_f64()),
            "required" => {
                let mut names = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
                value.as_object().is_none_or(|object| names.all(|name| object.contains_key(name)))
            }
            "items" => {
                value.as_array().into_iter().flatten().try_for_each(|item| check(item, rule, whole))?;
                true
            }
            "properties" | "additionalProperties" => {
                check_fields(value, rules, word, whole)?;
                true
            }
            other if ANNOTATIONS.contains(&other) => true,
            other => return Err(format!("this test does not know {other}")),
        };
        if !holds {
            return Err(format!("{word} {rule}"));
        }
    }
    Ok(())
}

/// Checks the fields of an object: those named, or all others.
fn check_fields(value: &Value, rules: &Map<String, Value>, word: &str, whole: &Value) -> Result<(), String> {
    let named = rules.get("properties").and_then(Value::as_object);
    for (name, field) in value.as_object().into_iter().flatten() {
        let own = named.and_then(|named| named.get(name));
        let rule = if word == "properties" { own } else { own.is_none().then(|| &rules[word]) };
        if let Some(rule) = rule {
            check(field, rule, whole).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

fn has_type(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

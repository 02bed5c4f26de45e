//! The definitions of `patterns/`: every example and counter-example goes through the whole chain, and there are
//! enough of them.

mod common;

use std::collections::BTreeSet;

use revere::event::Residency;
use revere::pattern::definition::{Definition, DefinitionFile, built_in};
use revere::residency::{Rule, grade};
use revere::scan::patterns::prove;

fn files() -> Vec<DefinitionFile> {
    built_in().unwrap_or_else(|e| panic!("{e}"))
}

/// Proves the files of which the name begins with one of these.
fn hold(names: &[&str]) {
    let prints = common::key().fingerprints();
    let files: Vec<DefinitionFile> =
        files().into_iter().filter(|f| names.iter().any(|n| f.file.starts_with(n))).collect();
    assert!(files.len() >= names.len(), "{names:?}");
    let wrong: Vec<String> = files.iter().flat_map(|f| prove(f, &prints)).map(|e| e.to_string()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_are_found_as_their_examples_say() {
    hold(&["ssn", "itin", "payment-card", "bank-account", "routing", "iban"]);
}

#[test]
fn licences_of_every_state_are_found_as_their_examples_say() {
    hold(&["drivers-license/"]);
}

#[test]
fn labels_mean_what_their_examples_say() {
    hold(&["labels/"]);
}

#[test]
fn residency_is_told_as_its_examples_say() {
    hold(&["residency"]);
}

#[test]
fn every_definition_has_a_source_and_enough_examples() {
    let files = files();
    let mut ids = BTreeSet::new();
    for (file, d) in files.iter().flat_map(|f| f.definitions.iter().map(move |d| (f.file.as_str(), d))) {
        let id = d.id.get_ref().as_str();
        let least = match file {
            "residency.toml" => 2,
            f if f.contains('/') => 1,
            _ => 4,
        };
        assert!(
            d.example.len() >= least && d.counter_example.len() >= least,
            "{id}: at least {least} of both"
        );
        assert!(!d.source.is_empty() && !d.name.is_empty(), "{id}: no source or name");
        assert!(ids.insert(id.to_owned()), "{id} twice");
    }
}

#[test]
fn every_state_with_licence_forms_has_a_file() {
    let files = files();
    let states: BTreeSet<&str> =
        files.iter().flat_map(|f| &f.definitions).filter_map(|d| d.state.as_deref()).collect();
    let named = |d: &Definition| d.state.as_ref().map(|s| format!("drivers-license/{}", s.to_lowercase()));
    assert!(files.iter().flat_map(|f| &f.definitions).all(|d| named(d).is_none_or(|n| n == *d.id.get_ref())));
    // The fifty states, the District of Columbia, Guam and Puerto Rico.
    assert_eq!(states.len(), 53);
}

#[test]
fn residency_rules_weigh_what_their_file_says() {
    let files = files();
    let of = |rule: &Rule| {
        let id = format!("residency/{}", rule.name());
        let found = files.iter().flat_map(|f| &f.definitions).find(|d| *d.id.get_ref() == id);
        found.and_then(|d| d.data.get("weight")?.as_str()).unwrap_or_else(|| panic!("{id} has no weight"))
    };
    for rule in Rule::ALL {
        let alone = grade([*rule]).0;
        let with_weak = grade([*rule, if *rule == Rule::TownMa { Rule::SsnAreaMa } else { Rule::TownMa }]).0;
        let expected = match of(rule) {
            "confirmed" => (Residency::Confirmed, Residency::Confirmed),
            "likely" => (Residency::Likely, Residency::Likely),
            "weak" => (Residency::Unknown, Residency::Likely),
            "half" => (Residency::Unknown, Residency::Unknown),
            "other" => (Residency::Other, Residency::Other),
            word => panic!("{}: weight {word}", rule.name()),
        };
        assert_eq!((alone, with_weak), expected, "{}", rule.name());
    }
}

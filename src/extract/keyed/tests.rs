use std::io::{Cursor, Read};

use super::*;
use crate::coverage::Cause;
use crate::document::{Envelope, Row, Sealed};
use crate::event::Encryption;

/// Writes down objects as `name{key=value …}` and text as it is.
#[derive(Default)]
struct Recorder(Vec<String>);

fn shown(object: &Object) -> String {
    let fields =
        object.fields.iter().map(|f| format!("{}{}{}", f.key, if f.number { "#" } else { "=" }, f.value));
    let parts: Vec<String> = fields.chain(object.children.iter().map(shown)).collect();
    format!("{}{{{}}}", object.name, parts.join(" "))
}

impl DocumentSink for Recorder {
    fn unit(&mut self, _: Place) {}
    fn text(&mut self, _: Place, text: &str) {
        self.0.push(text.to_owned());
    }
    fn row(&mut self, _: Row) {}
    fn object(&mut self, object: Object) {
        self.0.push(shown(&object));
    }
    fn envelope(&mut self, _: Envelope) {}
    fn member(&mut self, _: &str, _: &mut dyn Read) {}
    fn sealed_member(&mut self, _: &str, _: u64, _: Sealed) {}
    fn gap(&mut self, _: Cause, detail: &str, _: Option<String>) {
        self.0.push(detail.to_owned());
    }
    fn encrypted(&mut self, _: Encryption) {}
    fn go_on(&mut self) -> bool {
        true
    }
}

fn read(extractor: &dyn Extractor, text: &str) -> Vec<String> {
    let (mut recorder, mut reader) = (Recorder::default(), Cursor::new(text.as_bytes()));
    let len = text.len() as u64;
    extractor.extract(
        &mut Input { name: "", len, reader: &mut reader, memory: 1 << 28, passwords: &[] },
        &mut recorder,
    );
    recorder.0
}

#[test]
fn items_of_a_list_are_objects_of_their_own() {
    let text = "people:\n  - name: Ann Example\n    ssn: 024-61-3387\n  -\n    name: Bo Sample\n    ids: [12, 034]\n";
    assert_eq!(
        read(&Yaml, text),
        ["{people{name=Ann Example ssn=024-61-3387} people{name=Bo Sample ids#12 ids=034}}"]
    );
    let level = "people:\n- name: Ann\n  tags:\n  - a\n  - b c\n- name: Bo\nend: 1\n";
    assert_eq!(read(&Yaml, level), ["{end#1 people{name=Ann tags=a tags=b c} people{name=Bo}}"]);
}

#[test]
fn mappings_nest_and_documents_follow_one_another() {
    let text = "---\na:\n  b:\n    c: 1\n  d: 'it''s'\n--- !tag\nname: \"Ann \\u0045\"\n...\n";
    assert_eq!(read(&Yaml, text), ["{a{d=it's b{c#1}}}", "{name=Ann E}"]);
}

#[test]
fn values_go_on_over_lines() {
    let text = "note: |\n  line one\n\n  ssn: 024-61-3387\nname: Ann\n  Example\nkey: >-\n  one\nmap: {name: Bo, list: [{x: 1},\n  {x: 2}]}\n";
    assert_eq!(
        read(&Yaml, text),
        ["line one", "ssn: 024-61-3387", "{name=Ann Example key=one map{name=Bo list{x#1} list{x#2}}}"]
    );
}

#[test]
fn comments_are_text() {
    let text = "# Ann Example\nssn: 024-61-3387 # checked\nurl: http://example.com#top\n";
    assert_eq!(
        read(&Yaml, text),
        ["# Ann Example", " # checked", "{ssn=024-61-3387 url=http://example.com#top}"]
    );
}

#[test]
fn what_is_no_yaml_is_not_lost() {
    let text = "a: 1\n   odd: 2\n loose words\nb: {c: [1\n- x\n  : y\n\t- z: 1\n";
    let all = read(&Yaml, text).join(" ");
    assert!(["odd#2", "loose words", "{c: [1", "z"].iter().all(|part| all.contains(part)), "{all}");
}

#[test]
fn sections_are_objects_and_parts_of_sections_parts() {
    let text = "title = \"staff\"\n[[people]]\nname = \"Ann\" # first\nssn = 24613387\n[people.home]\nstate = \"MA\"\n\
                [[people]]\nname = 'Bo'\nids = [\n  \"1\",\n  \"2\",\n]\n";
    assert_eq!(
        read(&Sections, text),
        [
            "{title=staff}",
            "# first",
            "people{name=Ann ssn#24613387 people.home{state=MA}}",
            "people{name=Bo ids=1 ids=2}"
        ]
    );
    let ini = "; staff\n[one]\nName=Ann Example\nSSN=024-61-3387\nnothing\n[two]\nName=Bo\n";
    assert_eq!(
        read(&Sections, ini),
        ["; staff", "nothing", "one{Name=Ann Example SSN=024-61-3387}", "two{Name=Bo}"]
    );
}

#[test]
fn no_depth_and_no_bracket_is_too_much() {
    let deep: Vec<String> = (0..5000).map(|n| format!("{}k:\n", " ".repeat(n))).collect();
    read(&Yaml, &deep.concat());
    read(&Yaml, &"- ".repeat(20_000));
    read(&Yaml, &format!("a: {}", "[{".repeat(50_000)));
    read(&Yaml, &"a: [\n".repeat(20_000));
    read(&Sections, &"a = [\n".repeat(20_000));
    read(&Sections, &"[a.a]\n".repeat(1000));
}

use super::*;
use crate::event::{ElementClass, ElementType, Person, Residency};

fn element_of(score: i32) -> Element {
    Element {
        kind: ElementType::Ssn,
        masked: "•••••3387".into(),
        id: "e1".into(),
        confidence: Confidence::of(score).unwrap_or(Confidence::Low),
        score,
        why: "w1".into(),
        location: Location { column: Some(4), field: Some("SSN".into()), ..Location::default() },
        variant: None,
        state: None,
        class: ElementClass::Pi,
    }
}

fn record_of(score: i32, name: Confidence, link: Link, confidence: Confidence) -> Record {
    Record {
        seq: 1,
        id: "r1".into(),
        at: PathRef { path: "hr/staff.csv".into(), ..PathRef::default() }.into(),
        member: Vec::new(),
        person: Person {
            masked: "T••• H•••".into(),
            id: "p1".into(),
            initial_id: "i1".into(),
            confidence: name,
            location: Location::default(),
        },
        elements: vec![element_of(score)],
        link,
        confidence,
        residency: Residency::Confirmed,
        residency_rules: vec!["zip-ma".into()],
        keys: BTreeMap::new(),
        credentials: Vec::new(),
        shared: false,
        location: Location { line: Some(2), ..Location::default() },
    }
}

fn whys(points: &[i32]) -> BTreeMap<String, Vec<Evidence>> {
    let evidence = |p: &i32| Evidence { rule: "header".into(), points: *p, text: "SSN".into() };
    BTreeMap::from([("w1".to_owned(), points.iter().map(evidence).collect())])
}

#[test]
fn a_record_is_told_with_every_step() {
    let r = record_of(75, Confidence::High, Link::Row, Confidence::High);
    let (whys, raw) = (whys(&[20, 55]), BTreeMap::new());
    let text = record(&r, &Terms { whys: &whys, raw: &raw });
    let want = "\
hr/staff.csv › line 2 · record, confidence high
  name             T••• H•••           high
  ssn              •••••3387           column 4 \"SSN\" · high, 75 points
     +20  SSN (header)
     +55  SSN (header)
  link             same row of a table
  Massachusetts    confirmed: a ZIP code of Massachusetts
  confidence       high = the least of number high, name high, link high
";
    assert_eq!(text, want);
}

#[test]
fn raw_values_are_shown_only_where_they_are_given() {
    let r = record_of(75, Confidence::High, Link::Row, Confidence::High);
    let raw = BTreeMap::from([
        ("e1".to_owned(), "024613387".to_owned()),
        ("p1".to_owned(), "Tobias Hargrove".to_owned()),
    ]);
    let shown = record(&r, &Terms { whys: &whys(&[75]), raw: &raw });
    assert!(shown.contains("024613387") && shown.contains("Tobias Hargrove") && !shown.contains('•'));
}

#[test]
fn what_limits_a_record_is_named() {
    use Confidence::{High, Low, Medium};
    let said = |score, name, link, level| limits(&record_of(score, name, link, level));
    assert!(said(60, High, Link::Row, Medium).ends_with("limited by the number"));
    assert!(said(80, Medium, Link::Row, Medium).ends_with("limited by the name"));
    assert!(said(80, High, Link::SingleSubject, Medium).ends_with("link medium; limited by the link"));
    assert!(said(80, High, Link::Near, Medium).ends_with("link medium; limited by the link"));
    assert!(said(60, Medium, Link::Row, Medium).ends_with("limited by the number and the name"));
    assert!(said(30, Low, Link::Envelope, Low).contains("link medium"));
    assert!(said(80, High, Link::Near, High).ends_with("link high"));
}

#[test]
fn caps_and_floors_are_told() {
    let mut text = String::new();
    evidence(&whys(&[45, 0])["w1"], 30, &mut text);
    assert!(text.contains("   ·  SSN") && text.ends_with("=  45; a rule without points caps it at 30\n"));
    text.clear();
    evidence(&whys(&[50, 0])["w1"], 75, &mut text);
    assert!(text.ends_with("lifts it to 75\n"));
    text.clear();
    evidence(&whys(&[90, 35])["w1"], 100, &mut text);
    assert!(!text.contains('='));
}

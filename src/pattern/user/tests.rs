use super::*;

const ENDS: &str = "[[example]]\ntext = \"x\"\n[[counter_example]]\ntext = \"y\"\n";

fn compile(head: &str) -> Result<UserPatterns, PatternError> {
    UserPatterns::compile(vec![("a.toml".into(), format!("{head}\n{ENDS}"))], &["taken"])
}

fn refusal(head: &str) -> String {
    compile(head).err().map(|e| e.to_string()).unwrap_or_default()
}

const CUSTOMER: &str = "id = \"customer\"\nname = \"Customer\"\nelement = \"other\"\n";

#[test]
fn a_number_rides_on_its_digits() {
    let stage = |regex: &str| {
        let set = compile(&format!("{CUSTOMER}regex = '{regex}'"));
        set.map(|s| s.patterns[0].stage()).map_err(|e| e.to_string())
    };
    assert_eq!(stage(r"CU-\d{6}"), Ok(Stage::Digits(6)));
    assert_eq!(stage(r"(?:A[0-9]{3}|B\d{2,9})-7"), Ok(Stage::Digits(3)));
    assert_eq!(stage(r"[A-Z]{4}-[A-F0-9]{4}"), Ok(Stage::Text));
}

#[test]
fn what_cannot_be_used_is_refused_with_its_line() {
    let with = |line: &str| refusal(&format!("{CUSTOMER}{line}"));
    assert_eq!(with("regex = '(?:CU)?'"), "a.toml:4: the expression can match nothing at all");
    assert_eq!(with(r"regex = '\b'"), "a.toml:4: the expression can match nothing at all");
    assert!(with("regex = '(CU'").starts_with("a.toml:4: the expression cannot be used: unclosed group"));
    assert!(with(r"regex = '(?:\w{100}){100}'").contains("a.toml:4: the expression cannot be used"));
    assert!(with("").contains("a.toml:1: a number of your own needs a regex"));
    assert!(with("regex = 'C\\d'\nneeds_label = true").contains("needs_label without labels"));
    assert!(with("regex = 'C\\d'\nlabels = ['-']").contains("a.toml:5: a label needs"));
    assert!(refusal(&CUSTOMER.replace("customer", "taken")).contains("a.toml:1: the id taken is taken"));
    assert!(refusal(&CUSTOMER.replace("\"other\"", "\"ssn\"")).contains("neither regex nor labels"));
    let both = format!("{}regex = 'C\\d'", CUSTOMER.replace("\"other\"", "\"ssn\""));
    assert!(refusal(&both).contains("a.toml:4: a regex makes numbers of element `other` alone"));
}

#[test]
fn labels_take_the_meaning_of_their_element() {
    use super::super::LabelKind as K;
    for (element, kind) in [
        ("ssn", K::Ssn),
        ("drivers_license", K::DriversLicense),
        ("state_id", K::StateId),
        ("payment_card", K::CardNumber),
        ("bank_account", K::AccountNumber),
    ] {
        let head = CUSTOMER.replace("\"other\"", &format!("\"{element}\""));
        let set = compile(&format!("{head}labels = ['Emp Nat Key', 'natkey']")).expect("a set");
        let mut words = Words::default();
        words.split("");
        assert!(set.label_at(&words, 0).is_none());
        words.split("the emp_nat_key of");
        let (n, node) = set.label_at(&words, 1).expect("the label");
        let kinds: Vec<K> = label::meanings(node).iter().map(|l| l.kind).collect();
        assert_eq!((n, kinds), (3, vec![kind]), "{element}");
        assert!(label::meanings(node).iter().all(|l| l.weight == 3 && l.scope == label::Scope::Word));
    }
}

#[test]
fn the_digest_is_that_of_the_contents() {
    let digest = |files: &[(&str, &str)]| {
        digest_of(&files.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect::<Vec<_>>())
    };
    assert_eq!(digest(&[("a", "x"), ("b", "y")]), digest(&[("c", "y"), ("d", "x")]));
    assert_ne!(digest(&[("a", "x")]), digest(&[("a", "y")]));
}

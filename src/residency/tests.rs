//! What counts as evidence, and the traps.

use super::*;

fn rules(text: &str) -> Vec<Rule> {
    let mut found = Vec::new();
    in_text(text, &mut found);
    found.into_iter().map(|(_, rule)| rule).collect()
}

fn spans(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    in_text(text, &mut found);
    found.into_iter().map(|(at, _)| &text[at]).collect()
}

#[test]
fn state_column() {
    for ma in ["MA", "ma", " Ma. ", "M.A.", "Mass", "Mass.", "MASSACHUSETTS", "US-MA", "MA - Massachusetts"] {
        assert_eq!(of_state(ma), Some(Rule::StateMa), "{ma}");
    }
    for misspelt in
        ["Massachusets", "Massachussetts", "Massachussets", "Masachusetts", "Massachusettes", "Masschusetts"]
    {
        assert_eq!(of_state(misspelt), Some(Rule::StateMa), "{misspelt}");
    }
    assert_eq!(of_state("Commonwealth of Massachusetts"), Some(Rule::StateMa));
    for other in ["NH", "N.H.", "New Hampshire", "Conn.", "nj", "Puerto Rico", "ME", "D.C."] {
        assert_eq!(of_state(other), Some(Rule::OtherState), "{other}");
    }
    for none in ["", "N/A", "--", "active", "XX", "married", "25", "Manager"] {
        assert_eq!(of_state(none), None, "{none}");
    }
}

#[test]
fn fips_column() {
    assert_eq!(of_fips("25"), Some(Rule::StateMa));
    assert_eq!(of_fips("25017"), Some(Rule::StateMa));
    assert_eq!(of_fips("9"), Some(Rule::OtherState));
    assert_eq!(of_fips("9001"), Some(Rule::OtherState));
    assert_eq!([of_fips("0"), of_fips("99"), of_fips(""), of_fips("MA"), of_fips("252525")], [None; 5]);
}

#[test]
fn zip_column() {
    for ma in [
        "02139",
        "02139-4307",
        "021394307",
        "02139 4307",
        "2139",
        "2139-4307",
        "21394307",
        "1001",
        "2791",
        "5501",
        "05544",
        "021390000  ",
    ] {
        assert_eq!(of_zip(ma, false), Some(Rule::ZipMa), "{ma}");
    }
    for other in ["03060", "90210", "3060", "10001-1234", "02903", "2906"] {
        assert_eq!(of_zip(other, false), Some(Rule::OtherZip), "{other}");
    }
    for none in ["", "0", "02139-43", "617-555-0142", "00000", "05502", "A1A 1A1", "12", "021394"] {
        assert_eq!(of_zip(none, false), None, "{none}");
    }
    assert_eq!(of_zip("2139.0", true), Some(Rule::ZipMa));
    assert_eq!(of_zip("601", true), Some(Rule::OtherZip));
    assert_eq!(of_zip("601", false), None);
}

#[test]
fn city_column_is_weak() {
    for town in [
        "Cambridge",
        "WORCESTER",
        "W. Springfield",
        "No. Andover",
        "Lynn",
        "Manchester-by-the-Sea",
        "Boxboro",
    ] {
        assert_eq!(of_city(town), Some(Rule::TownMa), "{town}");
    }
    assert_eq!(of_city("Cambridge, MA"), Some(Rule::AddressMa));
    assert_eq!([of_city("Nashua"), of_city("Washington"), of_city("Florida"), of_city("")], [None; 4]);
}

#[test]
fn numbers_that_hint() {
    for phone in ["617-555-0142", "(978) 555-0142", "+1 413 555 0142", "6175550142", "508.555.0142 x12"] {
        assert_eq!(of_phone(phone), Some(Rule::AreaCodeMa), "{phone}");
    }
    assert_eq!(
        [of_phone("603-555-0142"), of_phone("617-155-0142"), of_phone("61755501"), of_phone("")],
        [None; 4]
    );
    assert_eq!(of_ssn("024613387"), Some(Rule::SsnAreaMa));
    assert_eq!(
        [of_ssn("035613387"), of_ssn("009613387"), of_ssn("24613387"), of_ssn("é24613387")],
        [None; 4]
    );
    assert_eq!(of_routing("011307187"), Some(Rule::RoutingBoston));
    assert_eq!(of_routing("026009593"), None);
    assert_eq!(of_issuer("636002"), Some(Rule::IssuerMa));
}

#[test]
fn addresses_in_text() {
    for text in [
        "12 Elm St, Cambridge, MA 02139-4307",
        "HARGROVE, TOBIAS E   024 61 3387   CAMBRIDGE MA 02139",
        "40 Main St, Worcester MA 01602. License (New Hampshire) 07LTM64031",
        "HARGROVE            TOBIAS         E024613387CAMBRIDGE           MA02139",
        "José de la Peña-Núñez, social security 024-61-3387, Lawrence, Massachusetts",
        "lives at 9 Oak Rd, Lynn, MA",
        "She lives in Lee, MA.",
        "Boston, Mass.",
        "Boston Massachusetts",
        "Boston MA",
        "Cambridge\tMA\t02139",
        "tobias hargrove, 12 elm st, cambridge, ma 02139",
        "MA 02139",
        "West Springfield, MA",
        "12 ELM ST LYNN, MA",
        "Hargrove, Camridge, MA 02139",
        "Somewhere, Massachusetts 02139",
        "Florida, MA",
        "Salem, Ma",
    ] {
        assert_eq!(rules(text), [Rule::AddressMa], "{text}");
    }
    assert_eq!(spans("at 12 Elm St, Cambridge, MA 02139-4307."), ["Cambridge, MA 02139-4307"]);
    assert_eq!(rules("mail to Cambridge 02139"), [Rule::ZipMa]);
    assert_eq!(rules("City: Cambridge  State: MA  ZIP: 02139"), [Rule::TownMa, Rule::StateMa, Rule::ZipMa]);
    assert_eq!(rules("ZIP code: 02139-4307"), [Rule::ZipMa]);
}

#[test]
fn words_that_say_where_somebody_lives() {
    assert_eq!(rules("Maeve is a resident of Massachusetts"), [Rule::StateMa]);
    assert_eq!(rules("a resident of the Commonwealth of Massachusetts"), [Rule::StateMa]);
    assert_eq!(rules("he resides in New Hampshire"), [Rule::OtherState]);
    assert_eq!(rules("COMMONWEALTH OF MASSACHUSETTS\nTrial Court"), [Rule::CommonwealthMa]);
    assert_eq!(rules("If you are a resident of Massachusetts"), []);
    assert_eq!(rules("to notify any resident of Massachusetts"), []);
}

#[test]
fn other_states_in_text() {
    for text in [
        "Nashua, NH 03060",
        "NASHUA NH 03060",
        "lives in Salem, NH",
        "Springfield, IL 62701",
        "Springfield, Illinois",
        "Concord, New Hampshire 03301",
        "Concord, N.H.",
        "Portland, ME 04101",
        "Washington, DC 20001",
        "Tampa, Florida",
        "Providence, R.I. 02903",
        "State: NH",
    ] {
        assert_eq!(rules(text), [Rule::OtherState], "{text}");
    }
}

#[test]
fn ma_alone_means_nothing() {
    for text in [
        "Tobias Hargrove, MA",
        "Maeve Lynn, MA",
        "Peter Lawrence, MA in History",
        "MA license S61940275",
        "MA Driver License S61940275 exp 2029-03-11",
        "she is an MA at the clinic",
        "Lic. No. 024613387 (MA)",
        "Rabat, MA, Morocco",
        "Ma said so",
        "Do, Ma",
        "Tobias Hargrove, MD",
        "Driver license state: MA",
        "MA 04-3871926",
        "part MA02139-X",
        "MA 021394",
        "BA, MA 01602.5",
    ] {
        assert_eq!(rules(text), [], "{text}");
    }
}

#[test]
fn names_that_contain_a_place() {
    for text in [
        "University of Massachusetts",
        "Massachusetts General Hospital",
        "Lee Hargrove and Lynn Lawrence",
        "12 Cambridge Street",
        "Worcester Polytechnic Institute",
        "First Bank of Cambridge",
        "CITY OF CAMBRIDGE",
        "Tobias Cambridge",
        "Cambridge, England",
        "info@Cambridge.example",
        "Boston-based firm",
        "Reading the Orange Revere file",
        "Washington said",
        "Maine, Massachusetts and Vermont",
        "New Hampshire, Massachusetts",
        "Registered in Delaware, Massachusetts General Laws apply",
    ] {
        assert_eq!(rules(text), [], "{text}");
    }
}

#[test]
fn weak_signs_in_text() {
    assert_eq!(rules("Tobias Hargrove of 12 Elm St, Cambridge"), [Rule::TownMa]);
    assert_eq!(rules("born in Worcester."), [Rule::TownMa]);
    for phone in ["Call 617-555-0142.", "(617) 555-0142", "+1 617.555.0142", "1-617-555-0142", "617 555 0142"]
    {
        assert_eq!(rules(phone), [Rule::AreaCodeMa], "{phone}");
    }
    for not in ["617-55-0142", "2024-617-555-0142", "617-555-0142-3", "603-555-0142", "617-155-0142"] {
        assert_eq!(rules(not), [], "{not}");
    }
}

#[test]
fn grades() {
    use Residency::{Confirmed, Likely, Other, Unknown};
    let level = |rules: &[Rule]| grade(rules.iter().copied()).0;
    assert_eq!(level(&[]), Unknown);
    assert_eq!(level(&[Rule::ZipMa]), Confirmed);
    assert_eq!(level(&[Rule::OtherState, Rule::AddressMa]), Confirmed);
    assert_eq!(level(&[Rule::LicenceMa]), Likely);
    assert_eq!(level(&[Rule::TownMa, Rule::TownMa, Rule::RoutingBoston]), Unknown);
    assert_eq!(level(&[Rule::TownMa, Rule::SsnAreaMa]), Likely);
    assert_eq!(level(&[Rule::LicenceMa, Rule::OtherZip]), Other);
    assert_eq!(grade([Rule::TownMa, Rule::SsnAreaMa, Rule::TownMa]).1, ["ssn-area-ma", "town-ma"]);
}

#[test]
fn one_spelling_for_an_address() {
    let key = address_key("02139", "12 Elm St. Apt 4");
    assert_eq!(key, "02139\x1f12 ELM ST UNIT 4");
    for (zip, street) in [("2139", "12 ELM STREET, #4"), ("02139-4307", "12 elm street apt. #4")] {
        assert_eq!(address_key(zip, street), key);
    }
    assert_eq!(address_key("01602", "P.O. Box 77"), "01602\x1fPO BOX 77");
    assert_eq!(
        [address_key("", "12 Elm St"), address_key("02139", "Elm St"), address_key("02139", "")],
        [""; 3]
    );
}

#[test]
fn hostile_text_is_harmless() {
    for text in [
        "MA",
        ", MA",
        "\u{1F600}MA 0213",
        "N.H.N.H.N.H.",
        "of of of Massachusetts",
        "Commonwealth of",
        "'''",
        "617-555-",
    ] {
        rules(text);
    }
    let long = "West New North South MA 02139, Boston, Lynn, ".repeat(20_000);
    assert!(!rules(&long).is_empty());
}

#[test]
fn rules_are_named_in_order() {
    assert!(BY_NAME.is_sorted_by_key(|rule| rule.name()));
    assert_eq!(grade(Rule::ALL.iter().copied()).1.len(), Rule::ALL.len());
}

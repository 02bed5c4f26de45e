//! Behaviour of the name part as a whole, on two lists of invented lines.

use super::*;

/// Lines with the people to be found, in the order of the line, as `FIRST LAST` keys.
const PEOPLE: &str = include_str!("tests/people.txt");
/// Lines that name nobody.
const NOBODY: &str = include_str!("tests/nobody.txt");

fn found(line: &str, above: Option<&str>) -> Vec<String> {
    let mut hits = Vec::new();
    find(line, above, &mut hits);
    hits.iter().map(|h| format!("{} {}", h.name.first_key(), h.name.last_key())).collect()
}

#[test]
fn people_are_found_with_the_right_first_and_last_name() {
    let mut wrong = Vec::new();
    for row in PEOPLE.lines().filter(|l| !l.starts_with('#')) {
        let (text, wanted) = row.rsplit_once('|').expect("a row has a bar");
        let (above, line) = text.split_once("^^").map_or((None, text), |(a, l)| (Some(a), l));
        let wanted: Vec<&str> = wanted.split(';').filter(|w| !w.is_empty()).collect();
        let got = found(line, above);
        if got != wanted {
            wrong.push(format!("{line}: wanted {wanted:?}, got {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn firms_places_forms_and_products_are_nobody() {
    let wrong: Vec<String> = NOBODY
        .lines()
        .filter(|line| !found(line, None).is_empty())
        .map(|line| format!("{line}: {:?}", found(line, None)))
        .collect();
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

fn read(value: &str, order: Order) -> Option<String> {
    parse(value, order).map(|(name, level, _)| format!("{} {} {level:?}", name.first_key(), name.last_key()))
}

#[test]
fn values_of_a_name_column_are_read_in_any_form() {
    for (value, wanted) in [
        ("Hargrove, Tobias", "TOBIAS HARGROVE High"),
        ("TOBIAS E HARGROVE", "TOBIAS HARGROVE High"),
        ("HARGROVE TOBIAS E", "TOBIAS HARGROVE High"),
        ("Hargrove Tobias", "TOBIAS HARGROVE High"),
        ("tobias hargrove", "TOBIAS HARGROVE High"),
        ("T. Hargrove", "T HARGROVE High"),
        ("Hargrove, T", "T HARGROVE High"),
        ("HARGROVE/TOBIAS E", "TOBIAS HARGROVE High"),
        ("Dr. Maeve Lindqvist, MD", "MAEVE LINDQVIST High"),
        ("Ms. Maeve Lindqvist", "MAEVE LINDQVIST High"),
        ("Tobias Hargrove, Jr.", "TOBIAS HARGROVE High"),
        ("Hargrove Jr, Tobias", "TOBIAS HARGROVE High"),
        ("Hargrove, Tobias (114)", "TOBIAS HARGROVE High"),
        ("Tobias Hargrove - 88213", "TOBIAS HARGROVE High"),
        ("Tobias Hargrove #88213", "TOBIAS HARGROVE High"),
        ("Tobias \"Toby\" Hargrove", "TOBIAS HARGROVE High"),
        ("de la Peña, José", "JOSE DELAPENA High"),
        ("José de la Peña-Núñez", "JOSE DELAPENANUNEZ High"),
        ("Sean O Brien", "SEAN OBRIEN High"),
        ("Sean O' Brien", "SEAN OBRIEN High"),
        ("O Brien, Sean", "SEAN OBRIEN High"),
        ("Marie St. Louis", "MARIE STLOUIS High"),
        ("ST. LOUIS, MARIE", "MARIE STLOUIS High"),
        ("Duarte St. Pierre", "DUARTE STPIERRE High"),
        ("DUARTE VAN DYKE", "DUARTE VANDYKE High"),
        ("Rosa Santa Cruz", "ROSA SANTACRUZ High"),
        ("Wisler Saint-Fleur", "WISLER SAINTFLEUR High"),
        ("Zorblax Quuxly", "ZORBLAX QUUXLY Medium"),
        ("Quuxly, Zorblax", "ZORBLAX QUUXLY Medium"),
        ("Will Price", "WILL PRICE Medium"),
        ("Hung Van Do", "HUNG DO High"),
        ("MA, STEPHEN", "STEPHEN MA High"),
    ] {
        assert_eq!(read(value, Order::Unknown).as_deref(), Some(wanted), "{value}");
    }
}

#[test]
fn the_order_of_a_column_is_obeyed() {
    assert_eq!(read("Taylor James", Order::FirstLast).as_deref(), Some("TAYLOR JAMES High"));
    assert_eq!(read("Taylor James", Order::LastFirst).as_deref(), Some("JAMES TAYLOR High"));
    assert_eq!(read("De La Cruz Maria", Order::LastFirst).as_deref(), Some("MARIA DELACRUZ High"));
}

#[test]
fn values_that_are_no_person_are_not_read() {
    for value in [
        "",
        " ",
        "N/A",
        "n/a",
        "None",
        "-",
        "Hargrove",
        "H",
        "Hargrove Plumbing LLC",
        "Eastern Bank",
        "John Doe",
        "Test User",
        "12 Elm St",
        "S61940275",
        "thargrove@example.org",
        "Home Depot #114",
        "Accounts Payable",
        "Human Resources",
        "City of Cambridge",
        "Stop & Shop",
        "one two three four five six seven",
        "First Name",
        "Visual Studio",
        "Bank Account",
        "T.",
        "A B",
        "Springfield, MA 01105",
        "East St. Louis",
        "St. Louis, MO",
        "Elm St",
        "Direct Deposit",
        "(((",
    ] {
        assert!(parse(value, Order::Unknown).is_none(), "{value}");
    }
}

#[test]
fn two_columns_make_a_name() {
    let of = |first, last| {
        from_parts(first, last).map(|(n, level, _)| (n.first_key(), n.last_key(), n.initial_only, level))
    };
    let name = |f: &str, l: &str, i, level| Some((f.to_owned(), l.to_owned(), i, level));
    assert!(of("TOBIAS E", "HARGROVE") == name("TOBIAS", "HARGROVE", false, Confidence::High));
    assert!(of("T", "Hargrove Jr") == name("T", "HARGROVE", true, Confidence::High));
    assert!(of("Maria", "da Silva") == name("MARIA", "DASILVA", false, Confidence::High));
    assert!(of("zorblax", "quuxly") == name("ZORBLAX", "QUUXLY", false, Confidence::Medium));
    assert!(of("Hung", "Do") == name("HUNG", "DO", false, Confidence::High));
    assert!(of("Dr. Maeve", "Lindqvist, MD") == name("MAEVE", "LINDQVIST", false, Confidence::High));
    for (first, last) in [
        ("", "Hargrove"),
        ("Tobias", ""),
        ("John", "Doe"),
        ("Tobias", "Hargrove LLC"),
        ("1", "2"),
        ("Tobias", "H"),
    ] {
        assert!(of(first, last).is_none(), "{first} {last}");
    }
}

#[test]
fn a_cell_reads_as_a_person_only_with_support_of_the_lists() {
    for value in ["Tobias Hargrove", "HARGROVE, TOBIAS", "Maeve Lindqvist", "T. Hargrove"] {
        assert!(is_person_like(value), "{value}");
    }
    for value in
        ["Zorblax Quuxly", "Elm Street", "Springfield MA", "Visual Studio", "Direct Deposit", "Blue Widget"]
    {
        assert!(!is_person_like(value), "{value}");
    }
}

#[test]
fn spans_cover_the_name_with_its_suffix() {
    let mut hits = Vec::new();
    let line = "Pay José Núñez, Jr. and Hargrove's heirs";
    find(line, None, &mut hits);
    assert_eq!(hits.len(), 1);
    assert_eq!(&line[hits[0].span.clone()], "José Núñez, Jr");
    assert_eq!(hits[0].name.initials(), ('J', 'N'));
}

#[test]
fn odd_input_is_survived() {
    let pieces = [
        "Tobias ", "Hargrove", ", ", "O'", "'s", "-", ".", "<", "@", ": ", "Name", "Ñ", "e\u{301}", "李",
        "E. ", "/", "_", "\t", "  ", "St. ", "de ", "\"", "(",
    ];
    let mut state = 7u64;
    for _ in 0..3000 {
        let mut line = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            line.push_str(pieces[usize::try_from(state >> 33).expect("31 bits fit") % pieces.len()]);
        }
        let mut hits = Vec::new();
        find(&line, Some(&line), &mut hits);
        assert!(hits.iter().all(|h| line.get(h.span.clone()).is_some()));
        let _ = parse(&line, Order::LastFirst).or_else(|| from_parts(&line, &line));
        let _ = is_person_like(&line) || is_placeholder(&line);
    }
}

#[test]
fn long_lines_take_linear_time() {
    for piece in ["Tobias Hargrove, ", "A <A <", "Name: ", "Tobias \"Toby\" Hargrove ", "De ", "E. "] {
        let mut hits = Vec::new();
        find(&piece.repeat(100_000), None, &mut hits);
    }
}

#[test]
fn a_surname_of_marks_and_titles_is_survived() {
    for last in ["Jr.", "Mr.", "PhD", "-", ".", "(", "III", "\u{f}", "Dr. Jr.", "''", "a-", "\u{301}"] {
        let _ = (from_parts("Odile", last), from_parts(last, "Farnsworth"), from_parts(last, last));
    }
}

#[test]
fn a_sign_that_opens_behind_a_label_does_no_harm() {
    for line in ["      accounts.  An example name would be: `projects/123456789`", "name would be: `Ann"] {
        let mut hits = Vec::new();
        find(line, None, &mut hits);
        find_beside_number(line, Some("above:"), &mut hits);
        assert!(hits.iter().all(|hit| hit.span.end <= line.len()));
    }
}

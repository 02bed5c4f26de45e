use super::*;

/// Draws `text` with a font of 10 units whose glyphs are all 5 units wide.
fn draw(layout: &mut Layout, text: &str, x: f64, y: f64) {
    for (c, i) in text.chars().zip(0u8..) {
        let at = (x + 5.0 * f64::from(i), y);
        layout.push(&c.to_string(), &Spot { at, along: (1.0, 0.0), advance: 5.0, em: 10.0 });
    }
}

fn lines(drawn: &[(&str, f64, f64)]) -> Vec<String> {
    page(drawn, None).lines
}

fn page(drawn: &[(&str, f64, f64)], before: Option<Carried>) -> PageLines {
    let mut layout = Layout::default();
    for &(text, x, y) in drawn {
        draw(&mut layout, text, x, y);
    }
    layout.lines(before)
}

#[test]
fn pieces_of_a_number_are_joined() {
    assert_eq!(lines(&[("078-", 0.0, 0.0), ("05-", 21.0, 0.0), ("1120", 36.0, 0.0)]), ["078-05-1120"]);
}

#[test]
fn gaps_are_nothing_a_space_or_a_tab() {
    assert_eq!(lines(&[("a", 0.0, 0.0), ("b", 6.0, 0.0), ("c", 14.0, 0.0), ("d", 60.0, 0.0)]), ["ab c\td"]);
}

#[test]
fn a_table_drawn_by_columns_comes_out_by_rows() {
    let drawn = [("Ann", 0.0, 0.0), ("Bob", 0.0, 12.0), ("111", 100.0, 0.0), ("222", 100.0, 12.0)];
    assert_eq!(lines(&drawn), ["Ann\t111", "Bob\t222"]);
}

#[test]
fn a_long_cell_does_not_run_into_the_next_column() {
    let drawn = [
        ("Name", 0.0, 10.0),
        ("SSN", 100.0, 10.0),
        ("Hargrove Tobias", 0.0, 20.0),
        ("024", 100.0, 20.0),
        ("Lindqvist Maeve X", 0.0, 30.0),
        ("031", 100.0, 30.0),
        ("Li Ng", 0.0, 40.0),
        ("035", 100.0, 40.0),
    ];
    let lines = lines(&drawn);
    assert!(lines.iter().all(|l| l.matches('\t').count() == 1), "{lines:?}");
}

#[test]
fn columns_with_narrow_gaps_are_told_by_their_headings() {
    let drawn = |rows: &[[&str; 3]]| {
        let mut all = vec![("No", 0.0, 0.0), ("Name", 30.0, 0.0), ("Card", 100.0, 0.0), ("SSN", 205.0, 0.0)];
        for (row, y) in rows.iter().zip([10.0, 20.0, 30.0, 40.0]) {
            all.extend([(row[0], 0.0, y), (row[1], 30.0, y), ("4111", 100.0, y), ("1111", 125.0, y)]);
            // At the right edge of its column.
            all.push((row[2], 260.0 - 5.0 * row[2].len() as f64, y));
        }
        lines(&all)
    };
    let rows = [["1040", "Ann", "24613387"], ["1041", "Bob", "031772096"], ["1042", "Cy", "027358814"]];
    let lines = drawn(&[&rows[..], &[["1043", "Di", "012813359"]]].concat());
    assert_eq!(lines[0], "No\tName\tCard\tSSN");
    assert_eq!(lines[2], "1041\tBob\t4111 1111\t031772096");
}

#[test]
fn a_row_of_long_cells_does_not_end_the_table() {
    let row = |y, name, place, number| [(name, 0.0, y), (place, 60.0, y), (number, 100.0, y)];
    let drawn = [
        row(0.0, "Name", "ST", "SSN").to_vec(),
        row(12.0, "Ann Lee", "MA", "024613387").to_vec(),
        row(24.0, "Montagu-Lee", "MA", "031772096").to_vec(),
        row(36.0, "Oluwaseun A", "NH", "027358814").to_vec(),
        row(48.0, "Cy Ng", "MA", "012813359").to_vec(),
    ];
    let lines = lines(&drawn.concat());
    assert!(lines.iter().all(|l| l.matches('\t').count() == 2), "{lines:?}");
}

#[test]
fn two_columns_with_narrow_gaps_are_a_table_under_their_headings() {
    let row = |y, number, name| [(number, 0.0, y), (name, 60.0, y)];
    let drawn = [
        row(0.0, "Account", "NAME").to_vec(),
        row(24.0, "2785369141", "Pham, Ann").to_vec(),
        vec![("05", 0.0, 36.0)],
        row(48.0, "1957496943", "Ng, Cy").to_vec(),
        row(60.0, "1082405391", "Lee, Bob").to_vec(),
    ];
    let expected = ["Account\tNAME", "278536914105\tPham, Ann", "1957496943\tNg, Cy", "1082405391\tLee, Bob"];
    assert_eq!(lines(&drawn.concat()), expected);
}

#[test]
fn a_heading_that_was_broken_in_a_narrow_column_is_one_word() {
    let row = |y, name, place| [(name, 0.0, y), (place, 90.0, y), ("x", 150.0, y)];
    let drawn = [
        row(0.0, "Name", "STAT").to_vec(),
        vec![("E", 90.0, 12.0)],
        row(24.0, "Ann", "MA").to_vec(),
        row(36.0, "Cy", "NH").to_vec(),
    ];
    assert_eq!(lines(&drawn.concat())[0], "Name\tSTATE\tx");
}

#[test]
fn a_number_that_is_broken_in_the_last_row_is_whole() {
    let row = |y, name, number| [(name, 0.0, y), (number, 60.0, y), ("x", 150.0, y)];
    let drawn = [
        row(0.0, "Name", "Account").to_vec(),
        row(12.0, "Ann", "278536914").to_vec(),
        row(24.0, "Bob", "195749694").to_vec(),
        vec![("32", 60.0, 36.0)],
    ];
    assert_eq!(lines(&drawn.concat())[2..], ["Bob\t19574969432\tx"]);
}

#[test]
fn a_heading_above_numbers_at_the_right_edge_is_a_column() {
    let row = |y, code, sum: &'static str, date| {
        let sum = (sum, 90.0 - 5.0 * sum.len() as f64, y);
        [("Ann Lee", 0.0, y), (code, 20.0 + 30.0, y), sum, (date, 100.0, y)]
    };
    let heads = vec![("Name", 0.0, 0.0), ("T", 50.0, 0.0), ("Sum", 65.0, 0.0), ("Date", 100.0, 0.0)];
    let rows =
        [row(12.0, "PT", "7.15", "2009"), row(24.0, "A", "9.4", "2022"), row(36.0, "F", "21.3", "2005")];
    let drawn = [heads, rows.concat(), row(48.0, "A", "8.2", "2021").to_vec()].concat();
    assert_eq!(lines(&drawn)[..2], ["Name\tT\tSum\tDate", "Ann Lee\tPT\t7.15\t2009"]);
}

#[test]
fn broken_cells_say_nothing_about_the_other_columns() {
    let row = |y, no, number| [(no, 0.0, y), ("Hull", 42.0, y), (number, 120.0, y), ("x", 230.0, y)];
    let broken = |y| vec![("7", 0.0, y)];
    let drawn = [
        row(0.0, "27853691", "024613387").to_vec(),
        broken(12.0),
        row(24.0, "19574969", "031772096").to_vec(),
        broken(36.0),
        row(48.0, "10824053", "012813359").to_vec(),
        broken(60.0),
    ];
    assert_eq!(lines(&drawn.concat())[1], "195749697\tHull\t031772096\tx");
}

#[test]
fn a_cell_that_was_broken_is_whole_again() {
    let row = |y, name, number, place| [(name, 0.0, y), (number, 60.0, y), (place, 150.0, y)];
    let drawn = [
        row(0.0, "Name", "Account", "Town").to_vec(),
        row(12.0, "Deolinda", "27853691", "Hull").to_vec(),
        vec![("Montagu", 0.0, 24.0), ("38", 60.0, 24.0)],
        row(36.0, "Ann", "1082405", "Salem").to_vec(),
        vec![("Bob", 0.0, 48.0)],
    ];
    let expected =
        ["Name\tAccount\tTown", "Deolinda\t27853691\tHull", "Montagu\t38", "Ann\t1082405\tSalem", "Bob"];
    // Two cells of three are a row of their own; with a fourth column they are not.
    assert_eq!(lines(&drawn.concat()), expected);
    let fourth = [("x", 220.0, 0.0), ("x", 220.0, 12.0), ("x", 220.0, 36.0)];
    let wide = [drawn.concat(), fourth.to_vec()].concat();
    assert_eq!(lines(&wide)[1], "Deolinda Montagu\t2785369138\tHull\tx");
    assert_eq!(lines(&wide)[2..], ["Ann\t1082405\tSalem\tx", "Bob"]);
}

#[test]
fn a_name_that_was_broken_behind_its_hyphen_is_whole_again() {
    let row = |y, name, number| [(name, 0.0, y), (number, 90.0, y), ("x", 150.0, y)];
    let drawn = [
        row(0.0, "Name", "Account").to_vec(),
        row(12.0, "Ann Hargrove-", "278536").to_vec(),
        vec![("Medeiros", 0.0, 24.0)],
        row(36.0, "Cy Ng", "195749").to_vec(),
    ];
    assert_eq!(lines(&drawn.concat())[1], "Ann Hargrove-Medeiros\t278536\tx");
}

#[test]
fn an_empty_cell_keeps_its_place() {
    let drawn = [
        [("Name", 0.0, 0.0), ("Phone", 100.0, 0.0), ("SSN", 200.0, 0.0)].to_vec(),
        [("Ann", 0.0, 12.0), ("555-0101", 100.0, 12.0), ("024", 200.0, 12.0)].to_vec(),
        [("Bob", 0.0, 24.0), ("031", 200.0, 24.0)].to_vec(),
        [("555-0102", 100.0, 36.0), ("035", 200.0, 36.0)].to_vec(),
    ];
    let lines = lines(&drawn.concat());
    assert_eq!(lines[2..], ["Bob\t\t031", "\t555-0102\t035"]);
}

#[test]
fn a_number_broken_at_the_end_of_a_line_is_whole() {
    let drawn = [("her number is 020-01-", 0.0, 0.0), ("4704. Call", 0.0, 12.0), ("a well-", 0.0, 24.0)];
    assert_eq!(lines(&drawn), ["her number is 020-01-4704.", "Call", "a well-"]);
}

#[test]
fn room_for_a_line_in_running_text_is_an_empty_line() {
    let drawn =
        [("Name: Ann", 0.0, 0.0), ("SSN: 024", 0.0, 12.0), ("Name: Bob", 0.0, 36.0), ("SSN: 031", 0.0, 48.0)];
    assert_eq!(lines(&drawn), ["Name: Ann", "SSN: 024", "", "Name: Bob", "SSN: 031"]);
}

#[test]
fn text_drawn_twice_is_taken_once() {
    assert_eq!(lines(&[("Total", 0.0, 0.0), ("Total", 0.4, 0.1)]), ["Total"]);
}

#[test]
fn turned_text_keeps_its_lines() {
    let mut layout = Layout::default();
    for (c, i) in "up".chars().zip(0u8..) {
        let at = (50.0, 100.0 - 5.0 * f64::from(i));
        layout.push(&c.to_string(), &Spot { at, along: (0.0, -1.0), advance: 5.0, em: 10.0 });
    }
    draw(&mut layout, "flat", 0.0, 90.0);
    assert_eq!(layout.lines(None).lines, ["flat", "up"]);
}

#[test]
fn senseless_numbers_do_no_harm() {
    let mut layout = Layout::default();
    let spot = Spot { at: (f64::NAN, f64::INFINITY), along: (0.0, f64::NAN), advance: f64::NAN, em: 0.0 };
    layout.push("x", &spot);
    assert_eq!(layout.lines(None).lines, ["x"]);
}

/// A page of rows: names, a narrow column of states, numbers.
fn rows<'t>(rows: &[[&'t str; 3]]) -> Vec<(&'t str, f64, f64)> {
    let row = |([name, state, number], y): (&[&'t str; 3], u8)| {
        let y = 12.0 * f64::from(y);
        [(*name, 0.0, y), (*state, 60.0, y), (*number, 75.0, y)]
            .into_iter()
            .filter(|(text, ..)| !text.is_empty())
    };
    rows.iter().zip(0..).flat_map(row).collect()
}

const FIRST: [[&str; 3]; 4] = [
    ["Name", "ST", "Account"],
    ["Ann", "MA", "278536914"],
    ["Bob", "NH", "195749694"],
    ["Cy", "RI", "108240539"],
];

#[test]
fn a_table_goes_on_over_the_page() {
    let first = page(&rows(&FIRST), None);
    assert_eq!(
        first.lines,
        ["Name\tST\tAccount", "Ann\tMA\t278536914", "Bob\tNH\t195749694", "Cy\tRI\t108240539"]
    );
    // Two lines are no table by themselves, and a narrow gap is no column.
    let second = page(&rows(&[["Di", "MA", "302458116"], ["Ed", "ME", "417730025"]]), first.carried);
    assert_eq!(second.lines, ["Di\tMA\t302458116", "Ed\tME\t417730025"]);
    assert!(second.mended.is_none() && second.carried.is_some());
}

#[test]
fn the_rest_of_a_row_goes_to_the_page_before() {
    let first = page(&rows(&FIRST), None);
    assert_eq!(first.carried.as_ref().map(Carried::last_line), Some(3));
    let second = page(&rows(&[["", "", "71"], ["Di", "MA", "302458116"]]), first.carried);
    assert_eq!(second.mended.as_deref(), Some("Cy\tRI\t10824053971"));
    assert_eq!(second.lines, ["Di\tMA\t302458116"]);
}

#[test]
fn repeated_headings_stay_and_the_rest_of_a_row_is_found_below_them() {
    let first = page(&rows(&FIRST), None);
    let second = page(&rows(&[FIRST[0], ["", "", "71"], ["Di", "MA", "302458116"]]), first.carried);
    assert_eq!(second.mended.as_deref(), Some("Cy\tRI\t10824053971"));
    assert_eq!(second.lines, ["Name\tST\tAccount", "Di\tMA\t302458116"]);
}

#[test]
fn a_form_on_each_page_keeps_its_own_numbers() {
    let form = |number, name| {
        let heads = [("22222", 0.0, 0.0), ("a Social security number", 60.0, 0.0), (number, 60.0, 12.0)];
        let below = [("b Wages", 0.0, 24.0), ("c Name", 60.0, 24.0), ("5500", 0.0, 36.0), (name, 60.0, 36.0)];
        [heads.to_vec(), below.to_vec()].concat()
    };
    let first = page(&form("024-61-3387", "Ann"), None);
    let second = page(&form("031-77-2096", "Bob"), first.carried);
    assert_eq!(second.lines.iter().filter(|line| line.contains("031-77-2096")).count(), 1);
    assert!(second.mended.is_none() && second.lines.iter().all(|line| !line.contains("024")));
}

#[test]
fn another_page_is_not_that_table() {
    let other = [("Dear Ann Lee", 30.0, 0.0), ("here is what you asked for", 30.0, 12.0)];
    let second = page(&other, page(&rows(&FIRST), None).carried);
    assert_eq!(second.lines, ["Dear Ann Lee", "here is what you asked for"]);
    assert!(second.mended.is_none() && second.carried.is_none());
}

#[test]
fn a_word_that_is_broken_in_a_narrow_column_is_one() {
    let table =
        [["Name", "S", "Account"], ["Ann", "M", "278536914"], ["", "A", ""], ["Bob", "N", "195749694"]];
    let lines = lines(&rows(&table));
    assert_eq!(lines[1], "Ann\tMA\t278536914");
}

#[test]
fn the_lines_of_an_item_of_a_list_are_one() {
    let drawn = [
        ("•", 0.0, 0.0),
        ("SSN of Hargrove, Tobias:", 15.0, 0.0),
        ("024-61-3387", 15.0, 12.0),
        ("•", 0.0, 24.0),
        ("Office hours", 15.0, 24.0),
        ("Page 2", 0.0, 36.0),
    ];
    assert_eq!(lines(&drawn), ["• SSN of Hargrove, Tobias: 024-61-3387", "• Office hours", "Page 2"]);
}

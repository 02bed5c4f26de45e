use super::*;
use crate::extract::xml::collect::{Collect, collect};

fn page(text: &str) -> Collect {
    collect(&Html, text.as_bytes())
}

#[test]
fn blocks_are_lines_and_inline_elements_do_not_break() {
    let sink = page("<p>Ann <b>Exam</b>ple\n has 123-<i>45</i>-6789<p>Next<br>line<div>Last</div>");
    assert!(sink.is(&["text Ann Example has 123-45-6789", "text Next\nline", "text Last"]));
}

#[test]
fn entities_are_decoded_inside_numbers() {
    assert!(page("SSN: 123&#45;45&#x2d;6789").is(&["text SSN: 123-45-6789"]));
    assert!(page("<p>123&nbsp;45&nbsp;6789 4&shy;5").is(&["text 123 45 6789 45"]));
}

#[test]
fn tables_are_rows_with_columns() {
    let sink = page(
        "<table><tr><th>Name<th>SSN</tr><tr><td>Ann<td colspan=2>123-45-6789<td>x</table><p>after\
         <table><tr><td></td><td>b</td></tr></table>",
    );
    assert!(sink.is(&[
        "row 1.1 0:Name|1:SSN",
        "row 1.2 0:Ann|1:123-45-6789|3:x",
        "text after",
        "row 2.1 1:b"
    ]));
}

#[test]
fn cells_that_span_rows_shift_the_rows_below() {
    let sink = page("<table><tr><td rowspan=2>Ann<td>1<tr><td>2<tr><td>Bob<td>3</table>");
    assert!(sink.is(&["row 1.1 0:Ann|1:1", "row 1.2 1:2", "row 1.3 0:Bob|1:3"]));
}

#[test]
fn inner_tables_and_comments_follow_the_outer_table() {
    let sink = page(
        "<table><tr><td>A<table><tr><td title='T'>inner</table><td>B<!-- note --><tr><td>C<td>D</table>",
    );
    assert!(sink.is(&[
        "row 1.1 0:A|1:B",
        "row 1.2 0:C|1:D",
        "text(attribute) T",
        "row 2.1 0:inner",
        "text(comment) note"
    ]));
}

#[test]
fn form_fields_give_label_and_value() {
    let sink = page(
        "<label>Social Security Number:</label><input name=n value='123-45-6789'>\
         <input type=hidden name=ssn value=987654321>\
         <p>Name: <input value=Ann>\
         <textarea name=note>A &amp; B</textarea>\
         <select name=state><option>NH<option selected>MA</select>",
    );
    for line in [
        "text Social Security Number: 123-45-6789",
        "text ssn: 987654321",
        "text Name: Ann",
        "text note: A & B",
        "text NH",
        "text state: MA",
    ] {
        assert!(sink.calls.iter().any(|c| c == line), "{line}");
    }
}

#[test]
fn fields_in_a_table_belong_to_their_row() {
    let sink = page("<table><tr><td>Ann<td><input name=ssn_1 value=123-45-6789></table>");
    assert!(sink.is(&["row 1.1 0:Ann|1:123-45-6789"]));
}

#[test]
fn attributes_comments_and_scripts_are_read_with_their_part() {
    let sink = page(
        "<meta name=description content='About Ann'><img alt='Portrait' src='1234567.png'>\
         <!-- old: 123-45-6789 --><script>var ssn = '987-65-4321';\nif (a < b) {}</script>\
         <style>p { width: 12345px }</style><a data-ssn=111223333 href='/x?id=4444'>x</a>",
    );
    for line in [
        "text(attribute) description: About Ann",
        "text(attribute) Portrait",
        "text(comment) old: 123-45-6789",
        "text(script) var ssn = '987-65-4321';",
        "text(script) if (a < b) {}",
        "text(attribute) data-ssn: 111223333",
        "text(attribute) href: /x?id=4444",
    ] {
        assert!(sink.calls.iter().any(|c| c == line), "{line}");
    }
    assert!(!sink.has("12345px") && !sink.has("png"));
}

#[test]
fn data_in_scripts_is_read_as_objects() {
    let sink = page("<script type='application/ld+json'>{\"name\":\"Ann\",\"taxID\":\"123\"}</script>");
    assert!(sink.is(&["object {name=Ann;taxID=123;}"]));
}

#[test]
fn hidden_elements_are_read() {
    assert!(page("<div style='display:none'>123-45-6789</div>").is(&["text 123-45-6789"]));
}

#[test]
fn the_declared_encoding_counts() {
    let sink = collect(&Html, b"<meta charset=\"iso-8859-2\"><p>\xb9imon");
    assert!(sink.has("text \u{161}imon"));
    let sink = collect(&Html, b"<meta http-equiv=x content='text/html; charset=koi8-r'><p>\xf1");
    assert!(sink.has("text \u{42f}"));
    assert!(collect(&Html, b"<p>Ren\xe9e").has("text Ren\u{e9}e"));
}

#[test]
fn broken_pages_lose_nothing() {
    assert!(page("<p>Ann <b 123-45-6789").has("123-45-6789"));
    assert!(page("<!-- never ended 123-45-6789").has("123-45-6789"));
    assert!(page("<textarea>123-45-6789").has("123-45-6789"));
    assert!(page("a < b 123-45-6789 <> </ >").has("a < b 123-45-6789 <>"));
    assert!(page("<table><tr><td>123-45-6789").has("123-45-6789"));
    assert!(page("<td>Ann<td>123-45-6789").has("Ann\t123-45-6789"));
    assert!(page("<a title='123-45-6789>x</a>").has("123-45-6789"));
}

#[test]
fn storms_end_in_linear_time() {
    for unit in ["<table><tr><td>x", "<", "&", "<!--", "<a ", "</", "<script>", "<b x='"] {
        let sink = page(&format!("{} 123-45-6789", unit.repeat(200_000)));
        assert!(sink.has("123-45-6789"), "{unit}");
    }
}

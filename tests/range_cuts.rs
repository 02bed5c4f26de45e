//! What once depended on where a text was cut: every bug of that kind, as a case.

mod common;
#[path = "common/made.rs"]
mod made;
#[path = "common/ways.rs"]
mod ways;

use ways::{MIB, SIZE, check};

// Rows found from a stray quote overlap: which of them are handed on must not depend on where a range starts.
#[test]
fn tables_with_quotes_that_never_close() {
    check("stray.csv", &made::csv(SIZE, true), 5000);
}

// A statement longer than the reach: later ranges do not see its head.
#[test]
fn statements_longer_than_any_range_but_the_largest() {
    check("long.sql", &made::sql(SIZE, 2000), 5000);
}

fn repeated(head: &str, parts: &[&str]) -> Vec<u8> {
    let mut out = head.as_bytes().to_vec();
    while out.len() < SIZE {
        for part in parts {
            out.extend(part.as_bytes());
        }
    }
    out
}

const ROW: &str = "Tobias Hargrove,x,024-61-3387\n";

// A line longer than the longest row.
#[test]
fn rows_of_one_line_of_60_kb() {
    let long = format!("Maeve Lindqvist,\"{}\",031-47-8826\n", "word ".repeat(12_000));
    check("a.csv", &repeated(&format!("name,note,ssn\n{}", ROW.repeat(100)), &[&long, ROW]), 10);
}

#[test]
fn rows_of_two_lines_of_18_kb_each() {
    let long = format!("Maeve Lindqvist,\"{}\n{}\",031-47-8826\n", "w ".repeat(9000), "v ".repeat(9000));
    check("b.csv", &repeated(&format!("name,note,ssn\n{}", ROW.repeat(100)), &[&long, ROW]), 10);
}

#[test]
fn rows_of_one_line_of_100_kb() {
    let long = format!("Maeve Lindqvist,\"{}\",031-47-8826\n", "word ".repeat(20_000));
    check("c.csv", &repeated(&format!("name,note,ssn\n{}", ROW.repeat(100)), &[&long, ROW]), 10);
}

#[test]
fn objects_of_100_kb() {
    let long = format!(
        "{{\"name\":\"Tobias Hargrove\",\"note\":\"{}\",\"ssn\":\"024-61-3387\"}}\n",
        "word ".repeat(20_000)
    );
    check(
        "d.ndjson",
        &repeated(&"{\"name\":\"Maeve Lindqvist\",\"ssn\":\"031-47-8826\"}\n".repeat(5), &[&long]),
        10,
    );
}
#[test]
fn objects_of_50_kb() {
    let long = format!(
        "{{\"name\":\"Tobias Hargrove\",\"note\":\"{}\",\"ssn\":\"024-61-3387\"}}\n",
        "word ".repeat(10_000)
    );
    check(
        "d.ndjson",
        &repeated(&"{\"name\":\"Maeve Lindqvist\",\"ssn\":\"031-47-8826\"}\n".repeat(5), &[&long]),
        10,
    );
}
// One tuple a statement, with a long text in it.
#[test]
fn tuples_of_50_kb() {
    let long = format!(
        "INSERT INTO t (name, note, ssn) VALUES ('Tobias Hargrove','{}','024-61-3387');\n",
        "word ".repeat(10_000)
    );
    check(
        "e.sql",
        &repeated(
            "-- dump\n\n-- of t\n",
            &[
                &long,
                "INSERT INTO t (name, ssn) VALUES ('Maeve Lindqvist','031-47-8826');\n-- done\n-- and done\n",
            ],
        ),
        10,
    );
}
#[test]
fn tuples_of_100_kb() {
    let long = format!(
        "INSERT INTO t (name, note, ssn) VALUES ('Tobias Hargrove','{}','024-61-3387');\n",
        "word ".repeat(20_000)
    );
    check(
        "e.sql",
        &repeated(
            "-- dump\n\n-- of t\n",
            &[
                &long,
                "INSERT INTO t (name, ssn) VALUES ('Maeve Lindqvist','031-47-8826');\n-- done\n-- and done\n",
            ],
        ),
        10,
    );
}
// Many short rows of several lines that touch each other.
#[test]
fn rows_of_16_lines() {
    let long = format!("Maeve Lindqvist,\"{}\",031-47-8826\n", "a\n".repeat(15));
    check("f.csv", &repeated(&format!("name,note,ssn\n{}", ROW.repeat(100)), &[&long, ROW]), 10);
}
#[test]
fn utf8_prose_with_wide_letters() {
    check(
        "g.txt",
        &repeated(
            "",
            &[
                "é€𝄞 ",
                "Tobias Hargrove, SSN 024\u{2011}61\u{2011}3387 ünd wörds\u{200b} étaient là ",
                "łódź\n",
            ],
        ),
        10,
    );
}
#[test]
fn windows_table() {
    let text = String::from_utf8(made::csv(SIZE, false)).unwrap();
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    check("h.csv", &bytes, 4000);
}

// At the usual size of ranges: a record at the end was lost without a gap.
#[test]
fn a_long_line_that_is_no_object_across_the_default_cut() {
    let (object, cut) = ("{\"a\":1,\"b\":\"text\"}\n", 8 * MIB as usize);
    let mut text = object.repeat((cut - 21_000) / object.len());
    text.push_str("panic: ");
    while text.len() < cut + 1000 {
        text.push_str("word ");
    }
    text.push_str("Tobias Hargrove, SSN 024-61-3387\n");
    check("lost.ndjson", text.as_bytes(), 1);
}

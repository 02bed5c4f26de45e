use super::*;
use crate::extract::xml::collect::{Collect, collect, show};

fn read(text: &str) -> Collect {
    collect(&Json, text.as_bytes())
}

fn pointers(object: &Object) -> Vec<&str> {
    object.fields.iter().filter_map(|f| f.place.pointer.as_deref()).collect()
}

#[test]
fn nested_objects_and_arrays_become_one_tree() {
    let sink = read(
        r#"{"name":"Ann Example","tags":["a","b"],"ok":true,"gone":null,"accounts":[{"no":1},{"no":2}],"home":{"zip":"02139"}}"#,
    );
    assert!(sink.is(&[
        "object {name=Ann Example;tags=a;tags=b;ok=true;accounts{no=#1;}accounts{no=#2;}home{zip=02139;}}"
    ]));
    let root = &sink.objects[0];
    assert!(pointers(root) == ["/name", "/tags/0", "/tags/1", "/ok"]);
    assert!(pointers(&root.children[1]) == ["/accounts/1/no"]);
    assert!(root.children[2].place.pointer.as_deref() == Some("/home"));
}

#[test]
fn numbers_keep_their_digits() {
    let sink =
        read(r#"{"a":24613387,"b":4929137520864174,"c":123456789012345678901234567890,"d":-1.50,"e":1e5}"#);
    assert!(sink.is(&[
        "object {a=#24613387;b=#4929137520864174;c=#123456789012345678901234567890;d=#-1.50;e=#1e5;}"
    ]));
}

#[test]
fn what_is_no_number_is_text() {
    assert!(read("{a: 123-45-6789, b: 012345678}").is(&["object {a=123-45-6789;b=012345678;}"]));
}

#[test]
fn elements_of_a_root_array_stay_together() {
    let sink = read(r#"[{"n":"Ann"},"loose",{"n":"Bob"},7]"#);
    assert!(sink.is(&["object {=loose;=#7;{n=Ann;}{n=Bob;}}"]));
    assert!(pointers(&sink.objects[0].children[1]) == ["/2/n"]);
}

#[test]
fn lines_sequences_and_concatenations_are_read() {
    let sink = read("{\"a\":1}\n{\"a\":2}{\"a\":3},\n\u{1e}{\"a\":4}\n");
    assert_eq!(sink.all("object").len(), 4);
    assert_eq!(sink.objects[1].fields[0].place.line, Some(2));
    assert!(sink.all("gap").is_empty());
}

#[test]
fn a_root_scalar_is_text() {
    assert!(read("\"Ann Example\"").is(&["text Ann Example"]));
    assert!(read("42").is(&["text 42"]));
}

#[test]
fn duplicate_keys_are_kept() {
    assert!(read(r#"{"a":1,"a":2}"#).is(&["object {a=#1;a=#2;}"]));
}

#[test]
fn escapes_are_decoded() {
    let sink = read(r#"{"a":"\u0031\u00322-\ud83d\ude00 \ud800x \/\"\n"}"#);
    assert!(sink.objects[0].fields[0].value == "122-\u{1f600} \u{fffd}x /\"\n");
}

#[test]
fn comments_and_odd_commas_are_tolerated_and_comments_read() {
    let sink = read("{ // Ann\n \"a\": 1, /* * 123 */ 'b': [1,,2,], }");
    assert!(sink.is(&["text(comment)  Ann", "text(comment)  * 123 ", "object {a=#1;b=#1;b=#2;}"]));
}

#[test]
fn truncated_documents_give_what_is_there() {
    let sink = read(r#"[{"n":"Ann","i":"123-45-6789"},{"n":"Bob","i":"987-6"#);
    assert!(
        sink.is(&[
            "object {{n=Ann;i=123-45-6789;}{n=Bob;i=987-6;}}",
            "gap damaged not valid JSON at byte 52"
        ])
    );
}

#[test]
fn after_damage_lines_are_text_until_an_object_begins() {
    let sink = read("{\"a\":1}\n{\"b\": 2]\noops 123-45-6789\n  {\"c\":3}\n]\n");
    assert!(sink.has("object {a=#1;}") && sink.has("object {b=#2;}") && sink.has("object {c=#3;}"));
    assert!(sink.has("text oops 123-45-6789"));
    assert_eq!(sink.all("gap").len(), 1);
}

#[test]
fn prose_is_one_gap_and_its_lines() {
    let sink = read("Ann Example has\n123-45-6789");
    assert!(sink.has("text Ann Example has") && sink.has("text 123-45-6789"));
    assert_eq!(sink.all("gap").len(), 1);
}

#[test]
fn deep_nesting_is_reported_and_read() {
    let text = format!("{}\"123-45-6789\"{}", "[".repeat(100_000), "]".repeat(100_000));
    let sink = read(&text);
    assert!(sink.calls.iter().any(|c| c.starts_with("gap limit-depth")));
    assert!(sink.has("123-45-6789") && !sink.has("gap damaged"));
    let text = format!("{}\"id\":\"123-45-6789\"", "{\"a\":".repeat(50_000));
    assert!(read(&text).has("123-45-6789"));
}

#[test]
fn arrays_of_arrays_are_tables_with_names() {
    let sink = read(r#"{"columns":["name","ssn"],"data":[["Ann",1],["Bob",2]]}"#);
    assert!(sink.has("data{name=Ann;ssn=#1;}data{name=Bob;ssn=#2;}"));
    let sink = read(r#"[["name","ssn"],["Ann",1],[null,2]]"#);
    assert!(sink.has("{name=Ann;ssn=#1;}{ssn=#2;}"));
}

#[test]
fn a_large_document_is_handed_out_by_elements() {
    let row = format!("{{\"n\":\"Ann\",\"x\":\"{}\"}},", "y".repeat(1000));
    let text = format!("{{\"top\":1,\"rows\":[{}]}}", row.repeat(17_000));
    let sink = read(&text);
    assert_eq!(sink.objects.len(), 17_001);
    assert!(show(&sink.objects[17_000]) == "{top=#1;}");
    assert!(sink.objects[5].name == "rows");
}

#[test]
fn many_small_values_do_not_stay_in_memory() {
    let text = format!("[{}]", "1,".repeat(1_000_000));
    let sink = read(&text);
    assert!(sink.objects.len() > 1);
    assert_eq!(sink.objects.iter().map(|o| o.fields.len()).sum::<usize>(), 1_000_000);
}

#[test]
fn a_huge_string_comes_in_pieces() {
    let text = format!("{{\"a\":\"{} 123-45-6789\",\"b\":1}}", "word ".repeat(2_000_000));
    let sink = read(&text);
    assert!(sink.all("text").len() >= 2 && sink.has("123-45-6789") && sink.has("b=#1"));
    assert!(sink.all("gap").is_empty());
}

#[test]
fn one_line_is_one_object_or_none() {
    assert!(parse_object(" {\"a\":{\"b\":1}} ,\r\n").is_some_and(|o| show(&o) == "{a{b=#1;}}"));
    assert!(parse_object("{}").is_some());
    for text in [
        "",
        "[1]",
        "{\"a\":1} {\"b\":2}",
        "{\"a\":1",
        "{a:1}",
        "x {\"a\":1}",
        "{\"a\":1,}",
        "\"{}\"",
        "{\"a\":1},,",
    ] {
        assert!(parse_object(text).is_none(), "only one whole object counts");
    }
}

#[test]
fn huge_keys_are_text_and_not_held() {
    let key = format!("{} 123-45-6789", "k".repeat(3 << 20));
    let text = format!("{}{}", format!("{{\"{key}\":").repeat(20), "[1,2,3,4]");
    let sink = read(&text);
    assert!(sink.has("123-45-6789"));
    assert_eq!(sink.objects.len(), 1);
}

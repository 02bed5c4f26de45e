use super::*;

const HEAD: &str = "{\"baseline\":1,\"key_id\":\"k\"}\n";

fn read(text: &str) -> Result<Baseline, BaselineError> {
    Baseline::read(text.as_bytes())
}

#[test]
fn a_bad_line_is_named_and_not_repeated() {
    let good = r#"{"path":"a","path_id":"1","scope":"value","id":"x"}"#;
    for (bad, said) in [
        ("{", "line 3: not JSON"),
        (r#"{"path":"secret"}"#, "line 3: no entry"),
        (
            r#"{"path":"secret","path_id":"1","scope":"value","id":"x","untill":"2027-01-01"}"#,
            "line 3: no entry",
        ),
        (r#"{"path":"secret","path_id":"1","scope":"value"}"#, "needs an id"),
        (r#"{"path":"secret","path_id":"1","scope":"column"}"#, "needs a column_id"),
        (r#"{"path":"secret","path_id":"1","scope":"value","id":"x","max":3}"#, "no max"),
        (r#"{"path":"secret","path_id":"1","scope":"file","until":"2027-02-30"}"#, "line 3: no entry"),
        ("<<<<<<< HEAD", "a merge that was not finished"),
    ] {
        let error = read(&format!("{HEAD}{good}\n{bad}\n")).unwrap_err().to_string();
        assert!(error.contains(said) && error.contains("line 3") && !error.contains("secret"), "{error}");
    }
    assert!(matches!(read(""), Err(BaselineError::NoHeader)));
    assert!(matches!(read(good), Err(BaselineError::NoHeader)));
    assert!(matches!(read("{\"baseline\":2,\"key_id\":\"k\"}"), Err(BaselineError::Newer(2))));
}

#[test]
fn what_a_merge_leaves_is_sorted_and_counted_once() {
    let line = |path: &str| {
        format!("{{\"path\":\"{path}\",\"path_id\":\"{path}\",\"scope\":\"value\",\"id\":\"x\"}}\n")
    };
    let merged = read(&format!("{HEAD}{}{}\n{}", line("b"), line("a"), line("b"))).unwrap();
    let mut text = Vec::new();
    merged.write(&mut text).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), format!("{HEAD}{}{}", line("a"), line("b")));
}

//! Reports of the demo share, in every format: what they say is on file, their sums agree, and no name that looks
//! like a formula, a mark or an escape sequence does anything in them.

mod common;
#[path = "common/still.rs"]
mod still;
#[path = "common/tables.rs"]
mod tables;

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use revere::event::Confidence;
use revere::report::{FORMATS, Format, Results, Several, Source};
use serde_json::Value;
use still::stream;
use tables::{csv, sheets};

fn open(stream: &[u8]) -> Results {
    let content = Box::new(Cursor::new(stream.to_vec()));
    let source = Source { name: "share.jsonl".to_owned(), content };
    Results::open(vec![source], Confidence::Medium, revere::scan::nameless).unwrap_or_else(|e| panic!("{e}"))
}

/// All reports of a result, by the name of their format.
fn reports(stream: &[u8]) -> BTreeMap<&'static str, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |format: &Format| folder.path().join(format.name);
    let report =
        |format: &Format| format.report(Box::new(std::fs::File::create(file(format)).expect("a file")));
    open(stream).tell(&mut Several(FORMATS.iter().map(report).collect())).unwrap_or_else(|e| panic!("{e}"));
    FORMATS.iter().map(|format| (format.name, std::fs::read(file(format)).expect("a report"))).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

fn fixed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/reports").join(name)
}

#[test]
fn reports_of_the_demo_share_are_those_on_file() {
    let reports = reports(&stream(&common::fixtures().join("share")));
    let mut wrong = Vec::new();
    for (name, bytes) in &reports {
        let (file, now) = match *name {
            "xlsx" => ("xlsx.txt".to_owned(), format!("{:#?}\n", sheets(bytes))),
            // The same lines stand in the JSON document.
            "jsonl" | "jsonl.zst" => continue,
            name => (name.to_owned(), text(bytes)),
        };
        let path = fixed(&format!("share.{file}"));
        if std::env::var_os("UPDATE_REPORTS").is_some() {
            std::fs::create_dir_all(fixed("")).expect("a folder");
            std::fs::write(&path, &now).expect("tests/data can be written");
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != now {
            wrong.push(file);
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong:?} differ; if that is meant: UPDATE_REPORTS=1 cargo test --test reports"
    );
}

#[test]
fn sums_agree_across_all_formats() {
    let stream = stream(&common::fixtures().join("share"));
    let results = open(&stream);
    let summary = &results.overview().summary;
    let (all, shown) = (summary.records.total(), results.overview().shown_records());
    let (files, gaps) = (summary.files.met, summary.gaps.values().sum::<u64>());
    assert!(all > 50 && shown < all && gaps > 0, "the demo share has lost its records");
    let reports = reports(&stream);

    let rows = csv(&reports["csv"]);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).count() as u64;
    let sum = |name: &str| rows.iter().find(|row| row[12] == name).map(|row| row[13].clone());
    assert_eq!((of("record"), of("gap"), sum("files met")), (all, gaps, Some(files.to_string())));

    let document = json(&reports["json"]);
    let lines: Vec<&Value> =
        document["paths"].as_array().unwrap().iter().flat_map(|p| p["lines"].as_array().unwrap()).collect();
    let of = |word: &str| lines.iter().filter(|line| line["event"] == word).count() as u64;
    assert_eq!((of("record"), document["sums"]["files met"].as_u64()), (all, Some(files)));

    let sheets = sheets(&reports["xlsx"]);
    let below_head = |name: &str| sheets[name].len() as u64 - 1;
    assert_eq!((below_head("Records"), sheets["Summary"].len() > 10), (all, true));
    let column = |n: usize| {
        sheets["Files"][1..].iter().map(|row| row[n].to_string().parse::<f64>().unwrap()).sum::<f64>()
    };
    assert_eq!((column(4) + column(5) + column(6)).to_string(), all.to_string());

    let sarif = &json(&reports["sarif"])["runs"][0];
    let named = |r: &&Value| r["properties"]["named"] == true;
    let counts = sarif["results"].as_array().unwrap().iter().filter(named);
    assert_eq!(counts.map(|r| r["properties"]["count"].as_u64().unwrap()).sum::<u64>(), shown);
    assert_eq!(sarif["properties"]["sums"]["files met"].as_u64(), Some(files));

    for name in ["junit", "gitlab", "sarif"] {
        let text = text(&reports[name]);
        assert!(text.contains(&format!("{files} files = ")), "{name} lacks the coverage statement");
        assert!(text.contains("failed: 2 damaged"), "{name}");
    }
    let counted = |text: &str, before: &str| -> u64 {
        let counts = text.match_indices(before).map(|(at, _)| {
            let rest = &text[at + before.len()..];
            rest.split(' ').next().unwrap_or_default().parse::<u64>().unwrap_or(0)
        });
        counts.sum()
    };
    assert_eq!(counted(&text(&reports["junit"]), "<failure message=\""), shown);
    let gitlab = json(&reports["gitlab"]);
    let found = gitlab["vulnerabilities"].as_array().unwrap();
    let words = found.iter().filter(|v| v["severity"] != "Info").map(|v| v["description"].as_str().unwrap());
    assert_eq!(words.map(|w| w.split(' ').next().unwrap().parse::<u64>().unwrap()).sum::<u64>(), shown);
}

/// What the SARIF 2.1.0 schema asks of the parts used here; `.ci/schemas` holds reports against the schema itself.
#[test]
fn sarif_has_what_its_schema_requires() {
    let document = json(&reports(&stream(&common::fixtures().join("share")))["sarif"]);
    assert_eq!((&document["version"], document["runs"].as_array().unwrap().len()), (&"2.1.0".into(), 1));
    let run = &document["runs"][0];
    let rules: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].as_str().unwrap())
        .collect();
    for result in run["results"].as_array().unwrap() {
        assert_eq!(result["ruleId"], rules[result["ruleIndex"].as_u64().unwrap() as usize]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert_eq!(result["partialFingerprints"]["revere/v1"].as_str().unwrap().len(), 32);
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains(' '), "{uri}");
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(
        notes
            .iter()
            .any(|n| n["level"] == "error" && n["message"]["text"].as_str().unwrap().contains("damaged"))
    );
}

/// What GitLab's schema of SAST reports, version 15.0.7, requires. No package under a permissive licence carries it
/// for an ordinary client here, so its required fields, patterns and words are written out.
#[test]
fn gitlab_has_what_its_schema_requires() {
    let document = json(&reports(&stream(&common::fixtures().join("share")))["gitlab"]);
    let filled = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    assert!(document["version"].as_str().unwrap().split('.').all(|n| n.parse::<u32>().is_ok()));
    let scan = &document["scan"];
    assert_eq!((&scan["type"], &scan["status"]), (&"sast".into(), &"failure".into()));
    for time in ["start_time", "end_time"] {
        let time = scan[time].as_str().unwrap();
        assert!(time.len() == 19 && time.as_bytes()[10] == b'T', "{time}");
    }
    for part in ["analyzer", "scanner"] {
        let part = &scan[part];
        assert!(
            [&part["id"], &part["name"], &part["version"], &part["vendor"]["name"]].into_iter().all(filled)
        );
    }
    for message in scan["messages"].as_array().unwrap() {
        assert!(
            ["info", "warn", "fatal"].contains(&message["level"].as_str().unwrap())
                && filled(&message["value"])
        );
    }
    let severities = ["Info", "Unknown", "Low", "Medium", "High", "Critical"];
    for found in document["vulnerabilities"].as_array().unwrap() {
        assert!(filled(&found["id"]) && severities.contains(&found["severity"].as_str().unwrap()));
        assert!(filled(&found["location"]["file"]));
        let identifiers = found["identifiers"].as_array().unwrap();
        assert!(!identifiers.is_empty());
        assert!(identifiers.iter().all(|i| filled(&i["type"]) && filled(&i["name"]) && filled(&i["value"])));
    }
}

/// What `junit-10.xsd` of the Jenkins xUnit plugin asks; `.ci/schemas` holds reports against the schema itself.
#[test]
fn junit_counts_are_those_of_its_cases() {
    let xml = text(&reports(&stream(&common::fixtures().join("share")))["junit"]);
    let count = |word: &str| xml.matches(word).count();
    let total = |name: &str| {
        let head = xml.split("<testsuites").nth(1).unwrap().split('>').next().unwrap();
        let value = head.split(&format!(" {name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(total("tests"), count("<testcase "));
    assert_eq!(total("failures"), count("<failure "));
    assert_eq!(total("errors"), count("<error "));
    assert_whole(&xml);
}

fn assert_whole(xml: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(e) => panic!("{e}"),
        }
    }
    assert!(xml.chars().all(|c| !c.is_control() || c == '\n'), "a control character");
}

#[test]
fn results_come_through_pipes_too() {
    let result = stream(&common::fixtures().join("share"));
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("r.jsonl"), &result).expect("a file");
    let run = |args: &[&str]| {
        let mut command = common::program(dir.path());
        command.current_dir(dir.path()).args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(&result).expect("it is read");
        child.wait_with_output().expect("it ends")
    };
    let done = run(&["report", "-", "--out", "csv:-"]);
    assert!(done.status.success());
    assert_eq!(done.stdout, run(&["report", "/dev/stdin", "--out", "csv:-"]).stdout);
    assert!(run(&["inventory", "-", "--out", "i.xlsx"]).status.success());
}

#[test]
fn a_packed_result_is_the_same_result() {
    let dir = tempfile::tempdir().expect("a folder");
    let share = common::fixtures().join("share");
    let run = |args: &[&str]| {
        let mut command = common::program(dir.path());
        command.current_dir(dir.path()).args(args).output().expect("the program runs")
    };
    let share = share.to_str().expect("a path in UTF-8");
    run(&["key", "new", "k"]);
    run(&["scan", share, "--key-file", "k", "--out", "r.jsonl", "--out", "r.jsonl.zst"]);
    let reported = |name: &str| run(&["report", name, "--out", "csv:-"]).stdout;
    let lines = reported("r.jsonl");
    assert!(lines.len() > 1000);
    // The name of the result stands in its report.
    let packed = String::from_utf8_lossy(&reported("r.jsonl.zst")).replace(".zst", "");
    assert_eq!(packed, String::from_utf8_lossy(&lines));
    let sizes = ["r.jsonl", "r.jsonl.zst"].map(|n| dir.path().join(n).metadata().expect("a file").len());
    assert!(sizes[1] * 3 < sizes[0], "{sizes:?}");
    assert!(run(&["report", "r.jsonl", "--out", "again.jsonl.zst"]).status.success());
    assert!(reported("again.jsonl.zst").len() > 1000);
}

#[test]
fn a_result_is_not_replaced_by_its_report() {
    let dir = tempfile::tempdir().expect("a folder");
    let result = stream(&common::fixtures().join("share"));
    std::fs::write(dir.path().join("r.json"), &result).expect("a file");
    for target in ["r.json", "./r.json", "csv:r.json"] {
        let mut command = common::program(dir.path());
        let done = command.current_dir(dir.path()).args(["report", "r.json", "--out", target]).output();
        assert_eq!(done.expect("the program runs").status.code(), Some(2), "{target}");
        assert_eq!(std::fs::read(dir.path().join("r.json")).expect("a file"), result);
    }
}

#[test]
fn names_do_nothing_but_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = "name,ssn\nTobias Hargrove,024-61-3387\n";
    let names = [
        "=HYPERLINK(\"http:||x\",\"y\").csv",
        "+1.csv",
        "-2+3.csv",
        "@SUM(A1).csv",
        "\tTab.csv",
        "]]><x a='1' b=\"2\">&amp;.csv",
        "\u{1b}[31mred\u{7}.csv",
        "line\nbreak,\"quoted\".csv",
        "\u{202e}fdp.csv",
        "%41 #?.csv",
    ];
    for name in names {
        std::fs::write(folder.path().join(name), row).expect("a file");
    }
    let reports = reports(&stream(folder.path()));
    let rows = csv(&reports["csv"]);
    let paths: Vec<&str> = rows.iter().filter(|row| row[0] == "record").map(|row| row[2].as_str()).collect();
    assert_eq!(paths.len(), names.len());
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    assert!(paths.contains(&"'=HYPERLINK(\"http:||x\",\"y\").csv"));

    let sheets = sheets(&reports["xlsx"]);
    let cells: Vec<String> = sheets["Records"][1..].iter().map(|row| row[1].to_string()).collect();
    assert_eq!(cells.len(), names.len());
    assert!(cells.contains(&names[0].to_owned()) && cells.contains(&"\\u{1b}[31mred\\u{7}.csv".to_owned()));

    assert_whole(&text(&reports["junit"]));
    for name in ["json", "sarif", "gitlab"] {
        let document = json(&reports[name]).to_string();
        assert!(document.contains("SUM(A1)") || document.contains("SUM%28A1%29"), "{name}");
    }
}

//! Inventories: what they say of the demo share is on file, their sums are those of all reports, decisions survive
//! from one to the next, and nothing wrong is taken for right.

mod common;
#[path = "common/still.rs"]
mod still;
#[path = "common/tables.rs"]
mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use calamine::Data;
use still::stream;
use tables::{csv, sheets};
use tempfile::TempDir;

/// A folder with a result in it.
struct Place(TempDir);

impl Place {
    /// The result of scanning `root`.
    fn of(root: &Path) -> Place {
        let place = Place(tempfile::tempdir().expect("a folder"));
        place.write("r.jsonl", &stream(root));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).expect("a file");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file")
    }

    fn run(&self, args: &str) -> Output {
        let mut command = common::program(self.0.path());
        command.current_dir(self.0.path()).args(args.split(' ')).output().expect("the program runs")
    }

    /// Makes an inventory as of a day on which nothing else depends.
    fn inventory(&self, args: &str) {
        let done = self.run(&format!("inventory r.jsonl --as-of 2026-03-02 {args}"));
        assert!(done.status.success(), "{args}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// The rows of a kind as values by name of column.
fn rows(bytes: &[u8], kind: &str) -> Vec<BTreeMap<String, String>> {
    let table = csv(bytes);
    let of_kind = table[1..].iter().filter(|row| row[0] == kind);
    of_kind.map(|row| table[0].iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn total(rows: &[BTreeMap<String, String>], column: &str) -> u64 {
    rows.iter().map(|row| row[column].parse::<u64>().expect(column)).sum()
}

fn sheet_total(sheet: &[Vec<Data>], title: &str) -> f64 {
    let n = sheet[0].iter().position(|cell| *cell == *title).expect(title);
    sheet[1..].iter().map(|row| row[n].to_string().parse::<f64>().expect(title)).sum()
}

const RULES: &str = "retention = [{ path = \"hr/**\", years = 7 }, { path = \"**\", years = 0 }]\n";
const OWNERS: &str = "path,department,data_owner\nhr,People,M. Osei\nfinance,Finance,\n";

#[test]
fn the_inventory_of_the_demo_share_is_the_one_on_file() {
    let place = Place::of(&common::fixtures().join("share"));
    place.write("rules.toml", RULES.as_bytes());
    place.write("owners.csv", OWNERS.as_bytes());
    let more = "--owner-map owners.csv --retention rules.toml";
    place.inventory(&format!("--out i.csv {more}"));
    place.inventory(&format!("--out f.csv --by folder {more}"));
    place.inventory(&format!("--out i.xlsx {more}"));
    // Kept with the line ends of text, which survive every way in which a change may travel.
    let text = |name: &str| String::from_utf8(place.read(name)).expect("UTF-8").replace("\r\n", "\n");
    let book = format!("{:#?}\n", sheets(&place.read("i.xlsx")));
    for (name, now) in [("csv", text("i.csv")), ("folders.csv", text("f.csv")), ("xlsx.txt", book)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/inventory");
        let path = folder.join(format!("share.{name}"));
        if std::env::var_os("UPDATE_REPORTS").is_some() {
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(&path, &now).expect("tests/data can be written");
        }
        let on_file = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            on_file == now,
            "{name} differs; if that is meant: UPDATE_REPORTS=1 cargo test --test inventory"
        );
    }
}

/// 10,000 small files in 100 folders, one in ten with records, some of them copies.
fn large_share() -> TempDir {
    let share = tempfile::tempdir().expect("a folder");
    let mut random = common::Random(20_260_302);
    for folder in 0..100 {
        let path = share.path().join(format!("d{}/d{folder}", folder % 7));
        fs::create_dir_all(&path).expect("a folder");
        for n in 0..100 {
            let text = match n % 10 {
                0 if n == 0 => "name,ssn\nTobias Hargrove,024-61-3387\n".to_owned(),
                0 => {
                    let (group, serial) = (11 + random.below(80), 1000 + random.below(8999));
                    let person = random.of(&["Tobias Hargrove", "Marta Lindqvist", "Carla Duarte"]);
                    format!("name,ssn,state\n{person},0{}-{group}-{serial},MA\n", 20 + random.below(14))
                }
                _ => format!("the parcel number {n} of day {folder} was delivered before noon\n"),
            };
            fs::write(path.join(format!("f{n}.csv")), text).expect("a file");
        }
    }
    share
}

/// The sums of all reports and tables of a share.
fn sums_agree(root: &Path) -> u64 {
    let place = Place::of(root);
    let done = place.run("report r.jsonl --out r.json --out r.csv --out r.xlsx");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    place.inventory("--out i.csv");
    place.inventory("--out i.xlsx");
    let report: serde_json::Value = serde_json::from_slice(&place.read("r.json")).expect("JSON");
    let sum = |name: &str| report["sums"][name].as_u64().expect(name);
    let records = sum("records high") + sum("records medium") + sum("records low");
    let (people, loose) = (sum("distinct people, at most"), sum("numbers without a name"));

    assert_eq!(rows(&place.read("r.csv"), "record").len() as u64, records);
    let listed = sheets(&place.read("r.xlsx"))["Records"].len() as u64 - 1;
    assert_eq!(listed, records);

    let files = rows(&place.read("i.csv"), "file");
    assert_eq!((total(&files, "records"), total(&files, "numbers_without_name")), (records, loose));
    let sums = rows(&place.read("i.csv"), "sum");
    for (name, n) in report["sums"].as_object().expect("an object") {
        let row = sums.iter().find(|row| row["path"] == *name).expect(name);
        assert_eq!(row["count"], n.to_string(), "{name}");
    }
    let book = sheets(&place.read("i.xlsx"));
    for name in ["Files", "Owners", "Shares"] {
        assert_eq!(sheet_total(&book[name], "Records").to_string(), records.to_string(), "{name}");
        assert_eq!(sheet_total(&book[name], "Numbers without name").to_string(), loose.to_string(), "{name}");
    }
    for by in ["folder", "owner", "share"] {
        place.inventory(&format!("--out {by}.csv --by {by}"));
        let rows = rows(&place.read(&format!("{by}.csv")), by);
        let top = if by == "folder" { &rows[..1] } else { &rows[..] };
        assert_eq!((total(top, "records"), total(top, "distinct_people")), (records, people), "{by}");
        assert_eq!(total(top, "files"), files.len() as u64, "{by}");
    }
    records
}

#[test]
fn sums_agree_across_all_formats() {
    assert!(sums_agree(&common::fixtures().join("share")) > 50);
}

#[test]
fn sums_agree_for_ten_thousand_files() {
    let share = large_share();
    assert_eq!(sums_agree(share.path()), 1000);
    let place = Place::of(share.path());
    place.inventory("--out i.csv");
    let copies =
        rows(&place.read("i.csv"), "file").iter().filter(|row| !row["duplicate_of"].is_empty()).count();
    assert_eq!(copies, 99);
}

#[test]
fn decisions_survive_from_one_inventory_to_the_next() {
    let place = Place::of(&common::fixtures().join("share"));
    for formats in [["csv", "xlsx", "csv"], ["xlsx", "csv", "xlsx"]] {
        place.inventory("--out first.csv");
        let text = String::from_utf8(place.read("first.csv")).expect("UTF-8");
        // Decides about the first two files, and about one that is not there.
        let decide = |line: &str| {
            format!("{},yes,keep,\"O. Marsh, legal\",2026-02-28,\"=a\nb\",", line.trim_end_matches(','))
        };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        (lines[1], lines[2]) = (decide(&lines[1]), decide(&lines[2]));
        lines.push(format!("file,gone.txt,test:share{},yes,shred,ann,2026-01-01,was here,", ",".repeat(36)));
        place.write("last.csv", (lines.join("\r\n") + "\r\n").as_bytes());
        let mut last = "csv";
        for format in formats {
            place.inventory(&format!("--out next.{format} --previous last.{last}"));
            fs::rename(place.path(&format!("next.{format}")), place.path(&format!("last.{format}")))
                .expect("a file");
            last = format;
        }
        place.inventory(&format!("--out end.csv --previous last.{last}"));
        let end = place.read("end.csv");
        let (files, gone) = (rows(&end, "file"), rows(&end, "gone"));
        for row in &files[..2] {
            let words =
                ["legal_hold", "decision", "decided_by", "decided_on", "note"].map(|name| row[name].as_str());
            assert_eq!(words, ["yes", "keep", "O. Marsh, legal", "2026-02-28", "'=a\nb"]);
        }
        assert!(files[2..].iter().all(|row| row["decision"].is_empty()));
        let words = ["path", "share", "decision", "note"].map(|name| gone[0][name].as_str());
        assert_eq!((gone.len(), words), (1, ["gone.txt", "test:share", "shred", "was here"]));
    }
}

#[test]
fn names_do_nothing_but_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = [
        "=HYPERLINK(\"http:||x\",\"y\").csv",
        "+1.csv",
        "-2+3.csv",
        "@SUM(A1).csv",
        "\tTab.csv",
        "\u{202e}fdp.csv",
    ];
    for name in names {
        fs::write(folder.path().join(name), "name,ssn\nTobias Hargrove,024-61-3387\n").expect("a file");
    }
    let place = Place::of(folder.path());
    place.inventory("--out i.csv");
    place.inventory("--out i.xlsx");
    let table = csv(&place.read("i.csv"));
    assert!(table.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    assert_eq!(rows(&place.read("i.csv"), "file").len(), names.len());
    let book = sheets(&place.read("i.xlsx"));
    let paths: Vec<String> = book["Files"][1..].iter().map(|row| row[0].to_string()).collect();
    assert!(
        paths.contains(&names[0].to_owned()) && paths.contains(&"\\u{202e}fdp.csv".to_owned()),
        "{paths:?}"
    );
}

#[test]
fn nothing_is_overwritten_by_what_is_wrong() {
    let place = Place::of(&common::fixtures().join("share"));
    place.inventory("--out i.csv");
    let before = place.read("i.csv");
    let result = place.read("r.jsonl");
    place.write("cut.jsonl", &result[..result.len() / 2]);
    let other =
        String::from_utf8(result).expect("UTF-8").replacen("\"label\":\"test\"", "\"label\":\"two\"", 1);
    place.write("altered.jsonl", other.as_bytes());
    place.write("notes.txt", b"nothing of ours\n");
    place.write("owners.csv", b"owner,department\nann,A\nbob,B,C\n");
    place.write("team.csv", b"owner,team\nann,A\n");
    place.write("rules.toml", b"retention = [\n  { path = \"**\", year = 3 },\n]\n");
    place.write("table.csv", b"a,b\n1,2\n");
    for (args, said) in [
        ("inventory cut.jsonl --out i.csv", "cut.jsonl: cut after line"),
        ("inventory altered.jsonl --out i.csv", "the digest is not that of the lines before"),
        ("inventory notes.txt --out i.csv", "notes.txt: line 1 is not JSON"),
        ("inventory r.jsonl r.jsonl --out i.csv", "would be counted twice"),
        ("inventory r.jsonl --out i.csv --owner-map owners.csv", "owners.csv: line 3: has more fields"),
        ("inventory r.jsonl --out i.csv --owner-map team.csv", "team.csv: line 1: unknown column \"team\""),
        ("inventory r.jsonl --out i.csv --retention rules.toml", "rules.toml: line 2: unknown field `year`"),
        ("inventory r.jsonl --out i.csv --previous table.csv", "table.csv: line 1: no inventory by file"),
        ("inventory r.jsonl --out i.csv --previous missing.csv", "cannot read missing.csv"),
        ("inventory r.jsonl --out i.csv --baseline table.csv", "table.csv"),
        ("inventory r.jsonl --out i.html", "i.html"),
        ("inventory r.jsonl --out i.json", "an inventory is .xlsx or .csv"),
        ("inventory r.jsonl --out i.xlsx --by owner", "--by is for .csv"),
    ] {
        let done = place.run(args);
        let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{args}: {stderr}");
        assert!(stderr.contains(said), "{args}: {stderr}");
        assert_eq!(place.read("i.csv"), before, "{args}");
    }
    let left = fs::read_dir(place.0.path()).expect("a folder").flatten();
    assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().ends_with(".new")));
}

#[test]
fn decisions_are_not_overwritten_unless_they_are_handed_on() {
    let place = Place::of(&common::fixtures().join("share"));
    for (name, other) in [("i.csv", "j.xlsx"), ("i.xlsx", "j.csv")] {
        place.inventory("--out plain.csv");
        let text = String::from_utf8(place.read("plain.csv")).expect("UTF-8");
        let (head, rest) = text.split_once("\r\n").expect("lines");
        let (row, rest) = rest.split_once("\r\n").expect("a row");
        let row = row.strip_suffix(",,,,,,").expect("nothing decided");
        place.write("decided.csv", format!("{head}\r\n{row},yes,keep,M. Osei,,,\r\n{rest}").as_bytes());
        place.inventory(&format!("--out {name} --previous decided.csv"));
        place.inventory(&format!("--out {name} --previous decided.csv"));
        place.inventory(&format!("--out {name} --previous {name}"));
        let before = place.read(name);
        place.inventory(&format!("--out {other}"));
        for without in ["", " --all", &format!(" --previous {other}")] {
            let done = place.run(&format!("inventory r.jsonl --out {name}{without}"));
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(done.status.code() == Some(2) && said.contains("decisions that would be lost"), "{said}");
            assert_eq!(place.read(name), before);
        }
    }
    place.inventory("--out folders.csv --by folder");
    place.inventory("--out folders.csv --by owner");
    let report = place.run("report r.jsonl --out i.csv");
    assert_eq!(report.status.code(), Some(2), "an inventory is no report");
}

#[test]
fn rules_and_owners_may_name_the_root_itself_and_stand_in_the_configuration() {
    let place = Place(tempfile::tempdir().expect("a folder"));
    common::copy(&common::fixtures().join("share"), &place.path("share"));
    place.write("owners.csv", b"path,department\nhr,People\nshare/hr/benefits,Benefits\nsales,Sales\n");
    place.write(
        "revere.toml",
        b"[inventory]\nowner-map = \"owners.csv\"\nretention = [\n  { path = \"hr/**\", years = 7 },\n  \
          { path = \"*.pst\", years = 1 },\n  { path = \"**\", years = 3 },\n]\n",
    );
    let run = |args: &str| {
        let done = place.run(args);
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    assert_eq!(run("scan share/hr share/finance --no-config --ephemeral-key -q --out r.jsonl").0, Some(3));
    let (code, said) = run("inventory r.jsonl --out i.csv");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Rules of retention that met no listed file: *.pst: 1 year\n"), "{said}");
    assert!(said.contains("owner map that met no listed file: sales\n"), "{said}");
    let files = rows(&place.read("i.csv"), "file");
    let of = |path: &str, column: &str| {
        let row = files.iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("{path}: {files:?}"));
        row[column].clone()
    };
    assert_eq!(of("roster_2024.csv", "retention_rule"), "hr/**: 7 years");
    assert_eq!(of("invoices.zip", "retention_rule"), "**: 3 years");
    assert_eq!(of("roster_2024.csv", "department"), "People");
    assert_eq!(of("benefits/enrolment.docx", "department"), "Benefits");
    assert_eq!(of("invoices.zip", "department"), "");
    assert_eq!(run("inventory r.jsonl --out i.csv --retention [{path=\"hr/**\",years=999}]").0, Some(2));
}

#[test]
fn every_column_is_in_the_manual() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/INVENTORY.md");
    let manual = fs::read_to_string(path).expect("the manual");
    let names = revere::inventory::names();
    let own = ["row", "count"];
    let missing: Vec<_> =
        names.iter().filter(|name| !own.contains(name) && !manual.contains(&format!("`{name}`"))).collect();
    assert!(names.len() > 40 && missing.is_empty(), "docs/INVENTORY.md lacks {missing:?}");
}

//! `revere check` and `revere baseline` as a data engineer uses them: from no baseline to a green build, and to a
//! red one after one new row.

mod common;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use zip::unstable::write::FileOptionsExt as _;
use zip::write::{SimpleFileOptions, ZipWriter};

const ROWS: &str = "last_name,first_name,ssn\nHargrove,Tobias,024-61-3387\nLindqvist,Maeve,031-52-4410\n";
const NEW: &str = "Donovan,Marcus,027-44-1938\n";

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Desk { dir: tempfile::tempdir().expect("a folder") };
        desk.write("key", common::KEY);
        desk.write("repo/exports/staff.csv", ROWS);
        desk.write("repo/readme.txt", "nothing here\n");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn run(&self, folder: &str, args: &[&str]) -> (i32, String) {
        let mut command = common::program(&self.path("home"));
        let done: Output =
            command.current_dir(self.path(folder)).args(args).output().expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code().unwrap_or(-1), text(&done.stdout) + &text(&done.stderr))
    }

    fn check(&self, folder: &str, more: &[&str]) -> (i32, String) {
        let key = self.path("key").display().to_string();
        self.run(folder, &[&["check", "--baseline", "base.jsonl", "--key-file", &key], more].concat())
    }

    fn check_alone(&self, args: &[&str]) -> (i32, String) {
        self.run("repo", &[&["check"], args].concat())
    }

    fn baseline(&self, args: &[&str]) -> (i32, String) {
        let key = self.path("key").display().to_string();
        self.run("repo", &[&["baseline"], args, &["--key-file", &key]].concat())
    }
}

#[test]
fn from_no_baseline_to_green_to_red() {
    let desk = Desk::new();
    let (code, said) = desk.run("repo", &["check"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("New personal information: 2 records in 1 file\nexports/staff.csv\n"), "{said}");
    assert!(said.contains("column 3 \"ssn\": 2 records with SSN"), "{said}");
    assert!(!said.contains("024-61-3387") && !said.contains("Hargrove"), "{said}");

    let (code, said) = desk.baseline(&["create", "base.jsonl", "--reason", "training data"]);
    assert_eq!((code, said.contains("2 entries added")), (0, true), "{said}");
    let (code, said) = desk.check("repo", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("No new personal information\n2 records known to the baseline\n"), "{said}");

    desk.write("repo/exports/staff.csv", &format!("{ROWS}{NEW}"));
    let (code, said) = desk.check("repo", &["exports"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("New personal information: 1 record in 1 file\nexports/staff.csv\n"), "{said}");
    assert!(said.contains("first: M••• D••• •••••1938"), "{said}");

    let (code, said) = desk.baseline(&["update", "base.jsonl"]);
    assert_eq!((code, said.contains("1 entry added")), (0, true), "{said}");
    assert_eq!(desk.check("repo", &[]).0, 0);
    let (code, said) = desk.baseline(&["create", "base.jsonl"]);
    assert_eq!((code, said.contains("refused")), (2, true), "{said}");
}

#[test]
fn a_clone_elsewhere_gives_the_same_verdict_with_the_key_alone() {
    let desk = Desk::new();
    desk.baseline(&["create", "base.jsonl"]);
    common::copy(&desk.path("repo"), &desk.path("elsewhere/clone"));
    assert_eq!(desk.check("elsewhere/clone", &[]).0, 0);
    assert_eq!(desk.check("elsewhere/clone/exports", &["staff.csv"]).0, 2, "no baseline there");
    let key = desk.path("key").display().to_string();
    let args = ["check", "staff.csv", "--baseline", "../base.jsonl", "--key-file", &key];
    assert_eq!(desk.run("elsewhere/clone/exports", &args).0, 0);

    let (code, said) = desk.run("repo", &["check", "--baseline", "base.jsonl"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("another key") && said.contains("--key-file"), "{said}");
    let (code, said) = desk.run("repo", &["check", "../key"]);
    assert_eq!((code, said.contains("is not below")), (2, true), "{said}");
}

#[test]
fn gaps_are_told_apart_from_findings() {
    let desk = Desk::new();
    desk.baseline(&["create", "base.jsonl"]);
    desk.write("repo/broken.docx", "PK\u{3}\u{4} no more");
    let (code, said) = desk.check("repo", &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("broken.docx: damaged"), "{said}");
    assert_eq!(desk.check("repo", &["--max-gaps", "9"]).0, 0);
    assert_eq!(desk.check("repo", &["--max-gaps", "1%"]).0, 3);
    desk.write("repo/exports/new.csv", &format!("last_name,first_name,ssn\n{NEW}"));
    assert_eq!(desk.check("repo", &[]).0, 1);
    assert_eq!(desk.check("repo", &["--fail-on", "high"]).0, 1);
    assert_eq!(desk.check("repo", &["--max-gaps", "many"]).0, 2);
}

#[test]
fn reports_of_a_check_hold_what_is_new() {
    let desk = Desk::new();
    desk.baseline(&["create", "base.jsonl"]);
    desk.write("repo/exports/staff.csv", &format!("{ROWS}{NEW}"));
    let outs =
        ["--out", "../r.sarif", "--out", "../r.xml", "--out", "gitlab:../gl.json", "--out", "../r.jsonl"];
    assert_eq!(desk.check("repo", &outs).0, 1);
    let read = |name: &str| fs::read_to_string(desk.path(name)).expect("a report");
    let sarif: serde_json::Value = serde_json::from_str(&read("r.sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!((results.len(), &results[0]["properties"]["count"]), (1, &1.into()));
    assert!(
        read("r.xml").contains("failures=\"1\"")
            && read("r.xml").contains("2 records accepted by the baseline")
    );
    assert_eq!(read("gl.json").matches("\"severity\"").count(), 1);
    assert_eq!(read("r.jsonl").matches("\"event\":\"record\"").count(), 3);
    // Reports are replaced, a result is not.
    assert_eq!(desk.check("repo", &["--out", "../r.sarif"]).0, 1);
    let (code, said) = desk.check("repo", &["--out", "../r.jsonl"]);
    assert_eq!((code, said.contains("refused")), (2, true), "{said}");
}

#[test]
fn stale_entries_are_named_and_pruned() {
    let desk = Desk::new();
    desk.baseline(&["create", "base.jsonl", "--scope", "column", "--max", "10"]);
    desk.write("repo/exports/staff.csv", "last_name,first_name,ssn\n");
    let (code, said) = desk.check("repo", &[]);
    assert_eq!((code, said.contains("1 entry matches nothing\n  exports/staff.csv\n")), (0, true), "{said}");
    let (code, said) = desk.baseline(&["prune", "base.jsonl"]);
    assert_eq!((code, said.contains("1 entry removed, 0 entries left")), (0, true), "{said}");
}

#[test]
fn a_bad_baseline_is_refused_and_left_alone() {
    let desk = Desk::new();
    desk.baseline(&["create", "base.jsonl"]);
    let text = fs::read_to_string(desk.path("repo/base.jsonl")).expect("a baseline") + "{\"path\":7}\n";
    desk.write("repo/base.jsonl", &text);
    for args in [&["update", "base.jsonl"][..], &["prune", "base.jsonl"]] {
        let (code, said) = desk.baseline(args);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("base.jsonl: line 4: no entry of a baseline"), "{said}");
    }
    assert_eq!(desk.check("repo", &[]).0, 2);
    assert_eq!(fs::read_to_string(desk.path("repo/base.jsonl")).expect("a baseline"), text);
}

#[test]
fn the_key_can_come_through_a_pipe() {
    use std::io::Write as _;
    let desk = Desk::new();
    for args in [
        &["baseline", "create", "base.jsonl"][..],
        &["baseline", "update", "base.jsonl"],
        &["check", "--baseline", "base.jsonl"],
        &["baseline", "prune", "base.jsonl"],
    ] {
        let mut command = common::program(&desk.path("home"));
        command.current_dir(desk.path("repo")).args(args).args(["--key-file", "-"]);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
        let mut child = command.spawn().expect("the program runs");
        drop(child.stdin.take().expect("a pipe").write_all(common::KEY.as_bytes()));
        assert!(child.wait().expect("it ends").success(), "{args:?}");
    }
}

#[test]
fn standard_input_is_checked_too() {
    use std::io::Write as _;
    let desk = Desk::new();
    let piped = |text: &str| {
        let mut command = common::program(&desk.path("home"));
        command.current_dir(desk.path("repo")).args(["check", "-"]);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("the program reads");
        let done = child.wait_with_output().expect("the program ends");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = piped(ROWS);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("2 records in 1 file\nstdin\n"), "{said}");
    let (code, said) = piped("a,b\n1,2\n");
    assert_eq!((code, said.contains("1 file = 1 examined")), (Some(0), true), "{said}");
}

#[test]
fn a_report_never_takes_the_place_of_data() {
    let desk = Desk::new();
    for target in ["exports/staff.csv", "./exports/../exports/staff.csv", "xlsx:readme.txt", "json:../key"] {
        let (code, said) = desk.run("repo", &["check", "exports", "--out", target]);
        assert!(code == 2 && said.contains("is no report of revere"), "{target}: {code} {said}");
    }
    assert_eq!(fs::read_to_string(desk.path("repo/exports/staff.csv")).ok().as_deref(), Some(ROWS));
    for format in ["csv", "json", "xlsx", "sarif", "junit", "gitlab"] {
        for _ in 0..2 {
            let target = format!("{format}:{format}.report");
            let (code, said) = desk.run("repo", &["check", "exports", "--out", &target]);
            assert_eq!(code, 1, "{target}: {said}");
        }
    }
    let (code, said) = desk.run("repo", &["check", "exports", "--out", "csv:/dev/null"]);
    assert!(code == 1 && !fs::metadata("/dev/null").expect("a device").is_file(), "{said}");
}

/// Runs git in a folder; true if it succeeds.
fn git(folder: &Path, args: &[&str]) -> bool {
    let mut command = std::process::Command::new("git");
    let settings =
        ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
    command.current_dir(folder).args(settings).args(args);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.output().expect("git runs").status.success()
}

#[test]
fn baselines_of_two_branches_merge() {
    let desk = Desk::new();
    let repo = desk.path("repo");
    desk.write("repo/revere.toml", "[scan]\nexclude = [\".git\"]\n");
    desk.write("repo/.gitattributes", "base.jsonl merge=union\n");
    desk.baseline(&["create", "base.jsonl", "--scope", "column"]);
    assert!(
        git(&repo, &["init", "--quiet"]) && git(&repo, &["add", "."]) && git(&repo, &["commit", "-qm", "a"])
    );
    for (branch, row) in [("other", "Donovan,Marcus,027-44-1938\n"), ("main", "Okafor,Percy,033-52-4471\n")] {
        assert!(branch == "main" || git(&repo, &["checkout", "-qb", branch]));
        desk.write(&format!("repo/exports/{branch}.csv"), &format!("last_name,first_name,ssn\n{row}"));
        let (code, said) = desk.baseline(&["update", "base.jsonl"]);
        assert!(code == 0 && said.contains("1 entry added"), "{said}");
        assert!(git(&repo, &["add", "."]) && git(&repo, &["commit", "-qm", branch]));
        assert!(branch == "main" || git(&repo, &["checkout", "-q", "main"]));
    }
    assert!(git(&repo, &["merge", "-q", "--no-edit", "other"]), "a conflict");
    let (code, said) = desk.check("repo", &[]);
    assert!(code == 0 && said.contains("4 records known"), "{said}");
}

#[test]
fn passwords_open_what_is_checked() {
    let desk = Desk::new();
    let options =
        SimpleFileOptions::default().with_deprecated_encryption(b"open sesame").expect("a password");
    let mut archive = ZipWriter::new(fs::File::create(desk.path("repo/exports/staff.zip")).expect("a file"));
    archive.start_file("staff.csv", options).expect("a member");
    archive.write_all(ROWS.as_bytes()).expect("its content");
    archive.finish().expect("an archive");
    desk.write("words", "open sesame\n");
    let words = desk.path("words").display().to_string();
    assert!(!desk.check_alone(&["exports"]).1.contains("staff.zip"));
    let (code, said) = desk.check_alone(&["exports", "--password-file", &words]);
    assert!(code == 1 && said.contains("4 records in 2 files") && said.contains("staff.zip"), "{said}");
}

#[test]
fn nothing_of_a_number_is_shown_where_that_is_asked_for() {
    let desk = Desk::new();
    let (_, said) = desk.check_alone(&["exports", "--out", "../r.json", "--out", "../r.jsonl"]);
    assert!(said.contains("3387"));
    assert!(fs::read_to_string(desk.path("r.json")).expect("a report").contains("3387"));
    let full =
        ["exports", "--mask", "full", "--out", "../f.json", "--out", "../f.jsonl", "--out", "../f.csv"];
    let (code, said) = desk.check_alone(&full);
    assert!(code == 1 && !said.contains("3387"), "{said}");
    for name in ["f.json", "f.jsonl", "f.csv"] {
        let text = fs::read_to_string(desk.path(name)).expect("a report");
        assert!(text.contains("•••••••••"), "{name}");
        // Ids and digests may hold any four digits by chance.
        let id = |word: &&str| word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !id(word));
        assert!(words.filter(|word| word.contains("3387") || word.contains("4410")).count() == 0, "{name}");
    }
    let (_, said) = desk.run("repo", &["scan", "exports", "--ephemeral-key", "--mask", "full", "--out", "-"]);
    assert!(said.contains("\"mask\":\"full\"") && !said.contains("•3387"), "{said}");
}

#[test]
fn limits_of_a_baseline_that_cannot_be_meant_are_refused() {
    let desk = Desk::new();
    for (args, said) in [
        (["create", "base.jsonl", "--until", "2020-01-31"], "--until 2020-01-31 is over"),
        (["create", "base.jsonl", "--max", "5"], "--max is for --scope column"),
    ] {
        let (code, text) = desk.baseline(&args);
        assert!(code == 2 && text.contains(said), "{text}");
        assert!(!desk.path("repo/base.jsonl").exists());
    }
}

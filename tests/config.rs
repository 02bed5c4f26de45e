//! Configuration files as the program finds them: which one counts, and what the result says about it.

mod common;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

const ROWS: &str = "name,ssn\nTobias Hargrove,024-61-3387\n";

struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Place(tempfile::tempdir().expect("a folder"));
        fs::create_dir(place.path("home")).expect("a folder");
        for (name, text) in files {
            let path = place.path(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Exit code, what was said, and the lines of the result `r.jsonl` beside the folders.
    fn run(&self, folder: &str, args: &[&str]) -> (i32, String, Vec<Value>) {
        let mut command = common::program(&self.path("home"));
        let done = command.current_dir(self.path(folder)).args(args).output().expect("the program runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let result = fs::read_to_string(self.path("r.jsonl")).unwrap_or_default();
        let lines = result.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        drop(fs::remove_file(self.path("r.jsonl")));
        (done.status.code().unwrap_or(-1), said, lines)
    }
}

fn records(lines: &[Value]) -> usize {
    lines.iter().filter(|line| line["event"] == "record").count()
}

#[test]
fn a_scan_does_not_go_by_what_lies_in_the_share() {
    let hides = "[scan]\nexclude = [\"*\"]\n";
    let place = Place::new(&[("share/revere.toml", hides), ("share/a.csv", ROWS), ("share/sub/b.csv", ROWS)]);
    let out = ["--ephemeral-key", "--out", "../r.jsonl", "--no-progress"];
    for paths in [&["."][..], &["../share"], &["a.csv", "sub/b.csv"], &["sub", "."]] {
        let (code, said, lines) = place.run("share", &[&["scan"], paths, &out].concat());
        assert_eq!((code, records(&lines)), (0, 2), "{paths:?} {said}");
        assert!(said.contains("Not used: revere.toml lies in a folder that is scanned"), "{said}");
        assert!(lines[0].get("configuration").is_none(), "{}", lines[0]);
    }
    let list = place.path("list");
    fs::write(&list, "a.csv\nsub/b.csv\n").expect("a list");
    let list = list.display().to_string();
    let (_, _, lines) = place.run("share", &[&["scan", "--files-from", &list], &out[..]].concat());
    assert_eq!(records(&lines), 2);
    // Of another folder it is taken; `text` is as careful as `scan`.
    let (_, said, lines) = place.run("share", &[&["scan", "sub"], &out[..]].concat());
    assert_eq!((records(&lines), said.as_str()), (0, ""), "{lines:?}");
    let (_, said, _) = place.run("share", &["text", "a.csv"]);
    assert!(said.contains("Not used: revere.toml"), "{said}");
}

#[test]
fn the_own_configuration_counts_where_there_is_no_other() {
    let own = "[scan]\nroots = [\"../../../share\"]\nlabel = \"files01\"\n";
    let place =
        Place::new(&[("home/.config/revere/revere.toml", own), ("share/a.csv", ROWS), ("else/x", "")]);
    let args = ["scan", "--ephemeral-key", "--out", "../r.jsonl", "--no-progress"];
    let (code, said, lines) = place.run("else", &args);
    assert_eq!((code, records(&lines)), (0, 1), "{said}");
    let run = &lines[0];
    assert_eq!(run["label"], "files01");
    assert!(run["configuration"]["file"].as_str().expect("a file").ends_with("/.config/revere/revere.toml"));
    assert_eq!(run["configuration"]["digest"], blake3::hash(own.as_bytes()).to_hex().as_str());

    fs::write(place.path("else/revere.toml"), "[scan]\nroots = [\"../share\"]\n").expect("a file");
    let (_, said, lines) = place.run("else", &args);
    assert_eq!((records(&lines), &lines[0]["configuration"]["file"]), (1, &"revere.toml".into()), "{said}");
    let (code, said, _) = place.run("else", &["scan", "--no-config", "--ephemeral-key"]);
    assert_eq!((code, said.contains("<PATH>")), (2, true), "{said}");
}

#[test]
fn a_check_goes_by_the_file_of_its_folder_and_names_it() {
    let config =
        "[scan]\nexclude = [\"generated/**\"]\nkey-file = \"key\"\n\n[check]\nbaseline = \"base.jsonl\"\n";
    let place = Place::new(&[
        ("repo/revere.toml", config),
        ("repo/key", common::KEY),
        ("repo/a.csv", ROWS),
        ("repo/generated/b.csv", &ROWS.replace("3387", "3388")),
    ]);
    let named = |said: &str| said.starts_with("Settings of revere.toml, in the folder that is checked\n");
    let (code, said, _) = place.run("repo", &["baseline", "create", "base.jsonl"]);
    assert_eq!((code, named(&said)), (0, true), "{said}");
    let (code, said, lines) = place.run("repo", &["check", "--out", "../r.jsonl"]);
    assert_eq!((code, named(&said)), (0, true), "{said}");
    assert_eq!((records(&lines), &lines[0]["configuration"]["file"]), (1, &"revere.toml".into()));
    assert_eq!(place.run("repo", &["check", "--no-config"]).0, 1);

    // What a change request could slip in.
    for (line, refused) in [
        ("[check]\nout = [\"csv:../../home/.profile\"]", "check.out leads out of the folder"),
        ("[scan]\nkey-file = \"/etc/hostname\"", "scan.key-file leads out of the folder"),
    ] {
        fs::write(place.path("repo/revere.toml"), line).expect("a file");
        let (code, said, _) = place.run("repo", &["check"]);
        assert_eq!((code, said.contains(refused)), (2, true), "{said}");
    }
}

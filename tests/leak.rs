//! No planted number is in any output, wherever it stood: in content, in names of files, folders, sheets, columns,
//! keys, elements, members, attachments, form fields and titles. Names of people are in no line of a result but as
//! part of the name of a file or member.

mod common;
#[path = "common/files.rs"]
mod files;

use std::fs;
use std::path::Path;

const SSN: &str = "024-61-3387";
const CARD: &str = "4929137520864174";
const LICENCE: &str = "S61940275";
const ACCOUNT: &str = "4829176503";
const FIRST: &str = "Tobias";
const LAST: &str = "Hargrove";

/// A line that holds everything.
fn line() -> String {
    format!(
        "{FIRST} {LAST}, SSN {SSN}, card {CARD}, MA driver license {LICENCE}, checking account {ACCOUNT}\n"
    )
}

/// All numbers as one word that may be part of a file name.
fn word() -> String {
    format!("SSN {SSN} card {CARD} lic {LICENCE} acct {ACCOUNT}")
}

/// The card number in a spelling that may stand in the header of a table.
fn spaced() -> String {
    CARD.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(" ")
}

fn plant(root: &Path) {
    let write = |name: &str, content: &str| fs::write(root.join(name), content).expect("a file");
    write("content.txt", &line());
    write(&format!("{FIRST} {LAST} {}.txt", word()), "see name\n");
    write(&format!("damaged {}.docx", word()), "PK\u{3}\u{4} no more");
    let folder = root.join(word());
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("inside.txt"), line()).expect("a file");
    let header = format!("name,ssn {SSN},account {}", spaced());
    write("header.csv", &format!("{header}\n{FIRST} {LAST},{SSN},{ACCOUNT}\n"));
    write("keys.json", &format!("{{\"{}\": {{\"name\": \"{FIRST} {LAST}\", \"ssn\": \"{SSN}\"}}}}", word()));
    write(
        "keys.ndjson",
        &format!("{{\"name\": \"{FIRST} {LAST}\", \"ssn {CARD}\": \"{SSN}\"}}\n{{\"a\": 1}}\n"),
    );
    let attribute = format!("name=\"{FIRST} {LAST}\" ssn-{SSN}=\"{SSN}\"");
    write("tags.xml", &format!("<r><a{ACCOUNT} {attribute}/><{LICENCE} {attribute}>{CARD}</{LICENCE}></r>"));
    write("broken.xml", &format!("<r><name>{FIRST} {LAST}</name><ssn>{SSN}</ssn><{LICENCE}-{ACCOUNT} ='x"));
    write(
        "table.sql",
        &format!("INSERT INTO t{ACCOUNT} (name, ssn_{CARD}) VALUES ('{FIRST} {LAST}', '{SSN}');\n"),
    );
    let title = format!("<html><head><title>{}</title></head>", line());
    write(
        "title.html",
        &format!(
            "{title}<table id=\"{SSN}\"><tr><th>name<th>ssn {CARD}<tr><td>{FIRST} {LAST}<td>{SSN}</table>"
        ),
    );
    let mail = format!(
        "From: {FIRST} {LAST} <{ACCOUNT}@firm.example>\nTo: hr@firm.example\nSubject: SSN {SSN}\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nmy card is {CARD}\n--b\n\
         Content-Type: text/plain; name=\"{}.txt\"\nContent-Disposition: attachment\n\n{}\n--b--\n",
        word(),
        line()
    );
    write("mail.eml", &mail);
    let (folder, file) = (format!("{}/{}.txt", word(), word()), format!("{SSN}.docx"));
    files::zip(&root.join("members.zip"), &[(&folder, &line()), (&file, "x")]);
    let (sheet, header) = (format!("{SSN} {ACCOUNT}"), format!("ssn {SSN}"));
    let (person, spaced) = (format!("{FIRST} {LAST}"), spaced());
    let rows: [&[&str]; 2] = [&["name", &header, &format!("card {spaced}")], &[&person, SSN, CARD]];
    files::xlsx(&root.join("book.xlsx"), &sheet, "A1:C2", &rows);
    let value = format!("card {CARD} of {FIRST} {LAST}");
    files::pdf_form(&root.join("form.pdf"), &format!("ssn {SSN} {ACCOUNT}"), &value);
}

/// The ways in which a value could be written out.
fn spellings(value: &str) -> Vec<String> {
    let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let apart = |by: &str| {
        let cuts: &[usize] = if plain.len() == 9 { &[3, 5] } else { &[4, 8, 12] };
        let mut text = String::new();
        for (n, c) in plain.chars().enumerate() {
            text.push_str(if cuts.contains(&n) { by } else { "" });
            text.push(c);
        }
        text
    };
    let mut all = vec![plain.clone()];
    all.extend(["-", " ", ".", "%20", "%2D", "\\u2011", "_"].map(apart));
    for text in [plain.clone(), apart("-"), apart(" ")] {
        let hex: Vec<String> = text.bytes().map(|b| format!("{b:02x}")).collect();
        all.push(format!("%{}", hex.join("%")));
        all.push(hex.concat());
        all.extend((0..3).map(|skip| base64_within(&text, skip)));
    }
    all
}

/// What the base64 of a longer text shows of `text` when it starts `skip` bytes into a group of three.
fn base64_within(text: &str, skip: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = &text.as_bytes()[skip..];
    let bits = |group: &[u8]| group.iter().fold(0usize, |bits, b| bits << 8 | usize::from(*b));
    let letters = |group: &[u8]| [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits(group) >> shift & 63]));
    whole.chunks_exact(3).flat_map(letters).collect()
}

/// What the program wrote, by where.
fn outputs(root: &Path, home: &Path, result: &Path) -> Vec<(&'static str, String)> {
    let mut command = common::program(home);
    command.args(["scan", "-v", "--ephemeral-key", "--min-confidence", "low", "--out"]).arg(result).arg(root);
    let reports = ["r.json", "r.csv", "r.sarif", "r.xml", "gl.json", "r.xlsx"];
    for name in reports {
        let path = home.join(name).into_os_string();
        let prefix = if name == "gl.json" { "gitlab:" } else { "" };
        let mut out = std::ffi::OsString::from(prefix);
        out.push(path);
        command.arg("--out").arg(out);
    }
    let done = command.output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let events = fs::read_to_string(result).expect("a result");
    let mut outputs =
        vec![("result", events), ("stdout", text(&done.stdout)), ("stderr", text(&done.stderr))];
    outputs.extend(reports.map(|name| (name, content(&home.join(name)))));
    for name in ["i.csv", "i.xlsx"] {
        let mut command = common::program(home);
        command.args(["inventory", "-q", "--all", "--out"]).arg(home.join(name)).arg(result);
        assert!(command.status().expect("the program runs").success());
        outputs.push((name, content(&home.join(name))));
    }
    outputs
}

/// A report as text; of a workbook all its parts.
fn content(path: &Path) -> String {
    if path.extension().is_none_or(|e| e != "xlsx") {
        return fs::read_to_string(path).expect("a report");
    }
    let mut book = zip::ZipArchive::new(fs::File::open(path).expect("a workbook")).expect("a workbook");
    let parts = book.len();
    let part = |n| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut book.by_index(n).expect("a part"), &mut text).expect("text");
        text
    };
    (0..parts).map(part).collect()
}

#[test]
fn no_number_is_in_any_output() {
    let (root, home) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    plant(root.path());
    let outputs = outputs(root.path(), home.path(), &home.path().join("r.jsonl"));
    let count = outputs[0].1.matches("\"event\":\"record\"").count();
    assert!(count >= 10, "only {count} records: what was planted is not read");
    for (place, text) in &outputs {
        let lower = text.to_lowercase();
        for value in [SSN, CARD, LICENCE, ACCOUNT] {
            for spelling in spellings(value) {
                // Base64 knows two cases.
                let found =
                    if spelling.contains('%') { lower.contains(&spelling) } else { text.contains(&spelling) };
                let line = text.lines().find(|line| line.contains(&spelling)).unwrap_or_default();
                assert!(!found, "{place} shows {value} as {spelling}: {line}");
            }
        }
    }
}

#[test]
fn names_of_people_stand_in_results_only_as_names_of_files() {
    let (root, home) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    plant(root.path());
    let outputs = outputs(root.path(), home.path(), &home.path().join("r.jsonl"));
    for line in outputs[0].1.lines() {
        let mut event: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        let fields = event.as_object_mut().expect("a line is an object");
        fields.retain(|name, _| !["path", "member", "same_as"].contains(&name.as_str()));
        let rest = event.to_string().to_lowercase();
        assert!(!rest.contains("tobias") && !rest.contains("hargrove"), "{line}");
    }
}

//! Bad input, bad arguments and bad luck: each is settled or refused with its cause and the documented exit code,
//! nothing else is lost, and no number is printed.

mod common;
#[path = "common/files.rs"]
mod files;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use revere::coverage::{Cause, Coverage};
use revere::event::{Event, FileLine, Summary};
use revere::result::Reader;
use tempfile::TempDir;

const LINE: &str = "Tobias Hargrove, social security number 024-61-3387\n";

/// Folders of one test.
struct Place {
    dir: TempDir,
}

/// What the program did.
struct Done {
    code: Option<i32>,
    stderr: String,
    events: Vec<Event>,
}

impl Place {
    fn new() -> Place {
        let place = Place { dir: tempfile::tempdir().expect("a folder") };
        for folder in [place.root(), place.home()] {
            fs::create_dir(folder).expect("a folder");
        }
        place
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("root")
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn out(&self) -> PathBuf {
        self.home().join("r.jsonl")
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.root().join(name), content).expect("a file");
    }

    /// A scan of the root, its result in [`Place::out`].
    fn command(&self) -> Command {
        let mut command = common::program(&self.home());
        command.args(["scan", "--ephemeral-key", "--out"]).arg(self.out()).arg(self.root());
        command
    }

    fn scan(&self) -> Done {
        self.done(&mut self.command())
    }

    /// Runs a command to its end and reads the result, if there is one.
    fn done(&self, command: &mut Command) -> Done {
        let output = command.output().expect("the program runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        for text in [&stderr, &String::from_utf8_lossy(&output.stdout).into_owned()] {
            assert!(!text.contains("61-3387") && !text.contains("024613387"), "a number is printed: {text}");
            assert!(!text.contains("panicked"), "a panic is printed: {text}");
        }
        Done { code: output.status.code(), stderr, events: self.events() }
    }

    fn events(&self) -> Vec<Event> {
        let Ok(file) = fs::File::open(self.out()) else { return Vec::new() };
        Reader::new(std::io::BufReader::new(file)).collect::<Result<_, _>>().expect("a result")
    }
}

impl Done {
    fn file(&self, path: &str) -> &FileLine {
        let mut files = common::files(&self.events).filter(|f| f.member.is_empty());
        files.find(|f| f.at.path == path).unwrap_or_else(|| panic!("{path} is not settled"))
    }

    fn causes(&self, path: &str) -> Vec<Cause> {
        self.file(path).gaps.iter().map(|gap| gap.cause).collect()
    }

    fn records(&self, path: &str) -> usize {
        self.events.iter().filter(|e| matches!(e, Event::Record(r) if r.at.path == path)).count()
    }

    /// The last line, whose sums must be right.
    fn summary(&self) -> &Summary {
        let Some(Event::Summary(summary)) = self.events.last() else { panic!("no summary: {}", self.stderr) };
        assert_eq!(summary.files.met, summary.files.by_coverage.values().sum::<u64>());
        assert_eq!(
            summary.files.met,
            common::files(&self.events).filter(|f| f.member.is_empty()).count() as u64
        );
        summary
    }
}

#[test]
fn an_empty_file_is_examined_and_an_archive_without_bytes_is_damaged() {
    let place = Place::new();
    place.write("empty.txt", "");
    let done = place.scan();
    assert_eq!(
        (done.code, done.file("empty.txt").coverage),
        (Some(0), Coverage::Examined),
        "{}",
        done.stderr
    );
    fs::remove_file(place.out()).expect("a result");
    place.write("empty.zip", "");
    let done = place.scan();
    assert_eq!((done.code, done.causes("empty.zip")), (Some(3), vec![Cause::Damaged]), "{}", done.stderr);
    assert_eq!((done.file("empty.zip").coverage, done.summary().complete), (Coverage::NotExamined, true));
}

#[test]
fn an_empty_document_is_examined_and_what_is_none_is_damaged() {
    let place = Place::new();
    files::xlsx(&place.root().join("sheet.xlsx"), "Staff", "A1", &[]);
    place.write("none.pdf", [1, 0, 2, 0, 1]);
    let done = place.scan();
    assert_eq!(done.file("sheet.xlsx").coverage, Coverage::Examined, "{:?}", done.causes("sheet.xlsx"));
    assert_eq!((done.code, done.causes("none.pdf")), (Some(3), vec![Cause::Damaged]), "{}", done.stderr);
}

#[test]
fn damaged_documents_keep_what_can_be_read_and_cost_the_others_nothing() {
    let place = Place::new();
    let share = common::fixtures().join("share");
    fs::copy(share.join("hr/review_2019.docx"), place.root().join("cut.docx")).expect("a copy");
    let docx = fs::read(share.join("hr/offer_letter.docx")).expect("a letter");
    place.write("short.docx", &docx[..40]);
    let pdf = fs::read(share.join("finance/statement.pdf")).expect("a statement");
    place.write("no_xref.pdf", without_xref(&pdf));
    place.write("fine.txt", LINE);
    let done = place.scan();
    assert_eq!(done.code, Some(3), "{}", done.stderr);
    assert_eq!((done.file("cut.docx").coverage, done.records("cut.docx")), (Coverage::Partial, 1));
    assert!(done.causes("cut.docx").contains(&Cause::Damaged));
    assert!(done.causes("short.docx").contains(&Cause::Damaged));
    assert_eq!(done.records("no_xref.pdf"), 1, "{:?}", done.file("no_xref.pdf").gaps);
    assert_eq!((done.file("fine.txt").coverage, done.records("fine.txt")), (Coverage::Examined, 1));
    assert!(done.summary().complete);
}

/// A PDF whose cross-reference table is no such thing, and is not where it is said to be.
fn without_xref(pdf: &[u8]) -> Vec<u8> {
    let mut pdf = pdf.to_vec();
    for word in [&b"xref"[..], b"trailer"] {
        while let Some(at) = pdf.windows(word.len()).position(|w| w == word) {
            pdf[at] = b'y';
        }
    }
    pdf
}

#[test]
fn a_sheet_is_as_large_as_its_cells() {
    let place = Place::new();
    let rows: [&[&str]; 2] = [&["name", "ssn"], &["Tobias Hargrove", "024-61-3387"]];
    files::xlsx(&place.root().join("huge.xlsx"), "Staff", "A1:XFD1048576", &rows);
    let started = Instant::now();
    let done = place.scan();
    assert_eq!((done.code, done.records("huge.xlsx")), (Some(0), 1), "{}", done.stderr);
    assert_eq!(done.file("huge.xlsx").coverage, Coverage::Examined);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn one_endless_line_is_read_to_its_end() {
    let place = Place::new();
    let piece = "the parcel was delivered before noon and ".repeat(75_000);
    let mut file = fs::File::create(place.root().join("line.txt")).expect("a new file");
    // 300 MB.
    (0..100).for_each(|_| file.write_all(piece.as_bytes()).expect("room for 300 MB"));
    file.write_all(LINE.as_bytes()).expect("room for a line");
    let done = place.scan();
    assert_eq!((done.code, done.records("line.txt")), (Some(0), 1), "{}", done.stderr);
    assert_eq!(done.file("line.txt").coverage, Coverage::Examined);
}

#[test]
fn a_pipe_in_the_tree_is_listed_and_not_waited_for() {
    let place = Place::new();
    let made = Command::new("mkfifo").arg(place.root().join("pipe")).status().expect("mkfifo runs");
    assert!(made.success());
    place.write("fine.txt", LINE);
    let done = place.scan();
    assert_eq!((done.code, done.causes("pipe")), (Some(0), vec![Cause::SpecialFile]), "{}", done.stderr);
    assert_eq!((done.file("pipe").coverage, done.records("fine.txt")), (Coverage::NotExamined, 1));
}

#[test]
fn a_folder_and_a_file_without_permission_are_named() {
    let place = Place::new();
    place.write("fine.txt", LINE);
    place.write("closed.txt", LINE);
    fs::create_dir(place.root().join("closed")).expect("a folder");
    for closed in ["closed.txt", "closed"] {
        fs::set_permissions(place.root().join(closed), fs::Permissions::from_mode(0o000))
            .expect("no permission");
    }
    let Some(mut command) = unprivileged(&place) else { return };
    let done = place.done(&mut command);
    assert_eq!((done.code, done.records("fine.txt")), (Some(3), 1), "{}", done.stderr);
    assert_eq!(done.causes("closed.txt"), [Cause::Denied]);
    let folder = |e: &&Event| matches!(e, Event::Gap(g) if g.at.path == "closed" && g.cause == Cause::Denied);
    assert_eq!(done.events.iter().filter(folder).count(), 1);
    assert!(done.summary().complete);
}

/// The scan as a user without privileges; `None` where the test runs as root and has no way to become another.
#[expect(clippy::print_stderr, reason = "says why a test does nothing")]
fn unprivileged(place: &Place) -> Option<Command> {
    let probe = place.home().join("probe");
    fs::write(&probe, "")
        .and_then(|()| fs::set_permissions(&probe, fs::Permissions::from_mode(0o000)))
        .ok()?;
    let root = fs::File::open(&probe).is_ok();
    fs::remove_file(&probe).ok()?;
    if !root {
        return Some(place.command());
    }
    // The program may lie where others cannot go.
    let program = place.dir.path().join("revere");
    fs::copy(common::PROGRAM, &program).ok()?;
    for (path, mode) in [(place.dir.path(), 0o755), (&place.home(), 0o777)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).ok()?;
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    if !command.arg("true").status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: running as root, and setpriv cannot change that");
        return None;
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
    command.args(place.command().get_args()).env_clear().env("HOME", place.home());
    Some(command)
}

/// A scan of one good file whose standard output is `stdout`.
fn into(stdout: Stdio, arguments: &[&str]) -> ExitStatus {
    let place = Place::new();
    place.write("fine.txt", LINE);
    let mut command = common::program(&place.home());
    command.args(["scan", "--ephemeral-key"]).args(arguments).arg(place.root());
    command.stdout(stdout).stderr(Stdio::null()).status().expect("the program runs")
}

fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

fn full_disk() -> Stdio {
    fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full").into()
}

#[test]
fn a_result_that_cannot_be_written_to_its_end_is_4() {
    assert_eq!(into(full_disk(), &["--out", "-"]).code(), Some(4));
    assert_eq!(into(closed_pipe(), &["--out", "-"]).code(), Some(4));
}

#[test]
fn a_summary_that_nobody_reads_keeps_the_code() {
    assert_eq!(into(closed_pipe(), &[]).code(), Some(0));
    assert_eq!(into(full_disk(), &[]).code(), Some(0));
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_scanned() {
    let place = Place::new();
    place.write("fine.txt", LINE);
    let (root, out) = (place.root(), place.out());
    let (missing, key) = (place.home().join("missing"), place.home().join("key"));
    fs::write(&key, "024-61-3387 is no key").expect("a file");
    fs::write(place.home().join("old.jsonl"), "").expect("a file");
    let refused = |code: i32, word: &str, arguments: &[&dyn AsRef<std::ffi::OsStr>]| {
        let mut command = common::program(&place.home());
        let done = place.done(command.arg("scan").args(arguments.iter().map(AsRef::as_ref)));
        assert_eq!(done.code, Some(code), "{}", done.stderr);
        assert!(done.stderr.contains(word), "{word} is not in: {}", done.stderr);
        assert!(!out.exists(), "a result was begun");
    };
    refused(2, "--nonsense", &[&"--nonsense", &root]);
    refused(2, "missing", &[&"--ephemeral-key", &"--out", &out, &missing]);
    refused(2, "old.jsonl", &[&"--ephemeral-key", &"--out", &place.home().join("old.jsonl"), &root]);
    refused(2, "key", &[&"--key-file", &key, &"--out", &out, &root]);
    refused(2, "key", &[&"--key-file", &missing, &"--out", &out, &root]);
    refused(4, "nowhere", &[&"--ephemeral-key", &"--out", &place.home().join("nowhere/r.jsonl"), &root]);
}

/// A text that takes a while: many people in one line.
fn slow_text(pairs: usize) -> String {
    "Tobias Hargrove 024-61-3387 Maeve Lindqvist 031-47-8826 ".repeat(pairs)
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args(["-s", name, &process.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the signal could not be sent");
}

/// Waits for something to happen while the program runs.
fn wait_for<T>(child: &mut Child, mut what: impl FnMut(u32) -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(it) = what(child.id()) {
            return it;
        }
        let ended = child.try_wait().expect("the child is ours");
        assert!(
            ended.is_none() && started.elapsed() < Duration::from_mins(1),
            "it never happened: {ended:?}"
        );
        sleep(Duration::from_millis(5));
    }
}

fn started(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
}

#[test]
fn an_interrupted_scan_finishes_what_is_in_hand_and_leaves_a_valid_result() {
    let place = Place::new();
    for n in 0..1500 {
        place.write(&format!("{n}.txt"), slow_text(100));
    }
    let mut command = place.command();
    command.args(["--jobs", "1"]);
    let mut child = started(command);
    wait_for(&mut child, |_| (fs::metadata(place.out()).ok()?.len() > 0).then_some(()));
    signal("INT", child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let done = Done { code: None, stderr: String::new(), events: place.events() };
    let summary = done.summary();
    assert!(summary.interrupted && !summary.complete);
    assert!((1..1500).contains(&summary.files.met), "{} files", summary.files.met);
}

#[test]
fn a_killed_reader_costs_one_file_and_nothing_else() {
    let place = Place::new();
    files::zip(&place.root().join("a.zip"), &[("slow.txt", &slow_text(3000))]);
    files::zip(&place.root().join("b.zip"), &[("fine.txt", LINE)]);
    let mut command = place.command();
    command.args(["--jobs", "1"]);
    let mut child = started(command);
    let worker = wait_for(&mut child, child_of);
    // Long enough to have begun, and far from its end.
    sleep(Duration::from_millis(150));
    signal("KILL", worker);
    let code = child.wait().expect("it ends").code();
    let done = Done { code, stderr: String::new(), events: place.events() };
    assert_eq!((done.code, done.records("b.zip")), (Some(3), 1));
    assert!(done.causes("a.zip").contains(&Cause::WorkerKilled), "{:?}", done.file("a.zip").gaps);
    assert!(done.summary().complete);
}

/// The process that has `parent` as its parent.
fn child_of(parent: u32) -> Option<u32> {
    let processes = fs::read_dir("/proc").ok()?;
    processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).find(|process: &u32| {
        let stat =
            fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat")).unwrap_or_default();
        // The name in brackets may hold anything; behind it come state and parent.
        let behind = stat.rsplit(')').next().unwrap_or_default();
        behind.split_whitespace().nth(1) == Some(&parent.to_string())
    })
}

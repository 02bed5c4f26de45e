//! The quick starts of docs/, run as they are written: every `console` block is a dialogue with a shell. What a
//! command prints must be what stands below it; `…` alone stands for any lines, within a line for any text.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command and what it is said to print.
struct Step {
    command: String,
    expected: Vec<String>,
}

fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step { command: command.to_owned(), expected: Vec::new() }),
                None => steps.last_mut().expect("a command first").expected.push(line.to_owned()),
            }
        }
    }
    steps
}

/// Where the output of one command ends, with its exit code kept for the next.
const MARK: &str = "--- next ---";

/// What each command printed, in one shell, in `folder`.
fn run(steps: &[Step], folder: &Path) -> Vec<Vec<String>> {
    let bin = folder.join("bin");
    fs::create_dir(&bin).expect("a folder");
    std::os::unix::fs::symlink(common::PROGRAM, bin.join("revere")).expect("a link");
    let work = folder.join("work");
    let mut script = String::from("exec 2>&1\n");
    for step in steps {
        let git_is_missing = step.command.starts_with("git ") && !has_git();
        let command = if git_is_missing { ":" } else { &step.command };
        let _ = writeln!(script, "{command}\n__code=$?; echo '{MARK}'; (exit $__code)");
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.env_clear().env("PATH", path).env("HOME", folder.join("home")).env("NO_COLOR", "1");
    let done = shell.current_dir(work).arg("-c").arg(script).output().expect("a shell");
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let mark = format!("{MARK}\n");
    let parts = text.split(&mark).map(|part| part.lines().map(str::to_owned).collect());
    parts.take(steps.len()).collect()
}

fn has_git() -> bool {
    Command::new("git").arg("--version").output().is_ok_and(|done| done.status.success())
}

/// True if the lines are as expected.
fn fits(lines: &[String], expected: &[String]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "…" => (0..=lines.len()).any(|n| fits(&lines[n..], rest)),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, others)| like(line, first) && fits(others, rest))
        }
    }
}

/// True if a line is as expected.
fn like(line: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = parts.next().and_then(|head| line.strip_prefix(head)) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    rest.is_empty() || last == Some("")
}

/// Runs the document; `share` says whether the demo share is there.
fn holds(name: &str, share: bool) {
    let document: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let steps = steps(&fs::read_to_string(document).expect("the document"));
    assert!(steps.len() > 5, "{name} has lost its commands");
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(dir.path().join("work")).expect("a folder");
    if share {
        common::copy(&common::fixtures().join("share"), &dir.path().join("work/fixtures/share"));
    }
    let printed = run(&steps, dir.path());
    assert_eq!(printed.len(), steps.len(), "{name}: the shell ended early: {printed:#?}");
    for (step, lines) in steps.iter().zip(&printed) {
        // A summary begins with an empty line, and a document need not.
        let lines: Vec<String> = lines.iter().skip_while(|line| line.is_empty()).cloned().collect();
        assert!(fits(&lines, &step.expected), "{name}\n$ {}\n{}", step.command, lines.join("\n"));
    }
}

#[test]
fn the_file_server_before_a_risk_assessment() {
    holds("QUICKSTART-FILE-SERVER.md", true);
}

#[test]
fn the_dataset_in_ci() {
    holds("QUICKSTART-CI.md", false);
}

#[test]
fn the_inventory() {
    holds("QUICKSTART-INVENTORY.md", true);
}

#[test]
fn dots_stand_for_anything() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (printed, expected, fit) in [
        ("a\nb\nc", "a\n…", true),
        ("a\nb\nc", "…\nc", true),
        ("a\nb\nc", "a\nc", false),
        ("a 1 b 2", "a … b …", true),
        ("a 1 b 2 c", "a … b", false),
        ("", "…", true),
        ("a", "", false),
    ] {
        assert_eq!(fits(&lines(printed), &lines(expected)), fit, "{printed:?} {expected:?}");
    }
}

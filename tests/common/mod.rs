//! What the integration tests share: scans in this process with a fixed key, and what they found.

#![allow(dead_code, reason = "every test file uses some of it")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use revere::event::{Confidence, ElementClass, Event, FileLine};
use revere::mask::Key;
use revere::scan::{self, Control, Limits, Options, Paths, Sink};

/// The key of all tests.
pub const KEY: &str = "5a17c0de5a17c0de5a17c0de5a17c0de5a17c0de5a17c0de5a17c0de5a17c0de";

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_revere");

/// The key of all tests.
pub fn key() -> Key {
    Key::from_hex(KEY).expect("the constant is a key")
}

/// Options of a scan with one thread and real worker processes.
pub fn options() -> Options {
    Options {
        jobs: 1,
        include: Vec::new(),
        exclude: Vec::new(),
        label: "test".to_owned(),
        key: key(),
        own: Vec::new(),
        limits: Limits::default(),
        range: revere::text::RANGE,
        worker: [PROGRAM, "__worker"].map(OsString::from).to_vec(),
        passwords: scan::Passwords::default(),
        all_in_workers: false,
        readers: None,
        noted: BTreeMap::new(),
        configuration: None,
    }
}

struct Kept(Vec<Event>);

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[u8]) -> io::Result<()> {
        self.0.push(event.clone());
        Ok(())
    }
}

/// Scans a file or folder; all lines of the result, the summary last.
pub fn scan(root: &Path, options: &Options) -> Vec<Event> {
    let mut kept = Kept(Vec::new());
    let paths = Paths::Roots(vec![root.to_owned()]);
    let summary = scan::scan(paths, options, &Control::default(), &mut kept).expect("the scan runs");
    kept.0.push(Event::Summary(Box::new(summary)));
    kept.0
}

/// The folder of fixtures.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Copies a folder with all in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Path and members as one text: `a.zip!b.csv`.
pub fn place(path: &str, member: &[String]) -> String {
    std::iter::once(path).chain(member.iter().map(String::as_str)).collect::<Vec<_>>().join("!")
}

/// True if a line flags personal information at medium or above.
pub fn flags(event: &Event) -> bool {
    let heavy = |c: Confidence| c >= Confidence::Medium;
    match event {
        Event::Record(r) => heavy(r.confidence) && r.elements.iter().any(|e| e.class == ElementClass::Pi),
        Event::Element(e) => heavy(e.element.confidence) && e.element.class == ElementClass::Pi,
        _ => false,
    }
}

/// The path of a record or an element.
pub fn path(event: &Event) -> Option<&str> {
    match event {
        Event::Record(r) => Some(&r.at.path),
        Event::Element(e) => Some(&e.at.path),
        _ => None,
    }
}

/// The lines of paths and members.
pub fn files(events: &[Event]) -> impl Iterator<Item = &FileLine> {
    events.iter().filter_map(|event| match event {
        Event::File(file) => Some(&**file),
        _ => None,
    })
}

/// The program, with nothing of the environment but a home of its own.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().env("HOME", home).env("NO_COLOR", "1");
    command
}

/// Deterministic numbers for generated files (xorshift64).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// One of several.
    pub fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

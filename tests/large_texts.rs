//! Many threads that come upon large texts at the same time lose none of them.

use std::collections::BTreeSet;
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use revere::event::Event;
use revere::mask::Key;
use revere::scan::{Control, Limits, Options, Paths, Renderer, Sink, scan};

struct Count(usize);

impl Sink for Count {
    fn event(&mut self, event: &Event, _: &[u8]) -> io::Result<()> {
        self.0 += usize::from(matches!(event, Event::File(_)));
        Ok(())
    }
}

fn options() -> Options {
    Options {
        jobs: 8,
        include: Vec::new(),
        exclude: Vec::new(),
        label: "test".to_owned(),
        key: Key::from_hex(&"5a".repeat(32)).expect("64 hex digits"),
        own: Vec::new(),
        limits: Limits::default(),
        range: 1 << 19,
        worker: Vec::new(),
        passwords: revere::scan::Passwords::default(),
        all_in_workers: false,
        readers: None,
        noted: std::collections::BTreeMap::new(),
        configuration: None,
    }
}

#[test]
fn every_large_text_is_settled() {
    const FILES: usize = 40;
    let folder = tempfile::tempdir().expect("a folder");
    let text = "a line of plain words without any number\n".repeat(30_000);
    for n in 0..FILES {
        std::fs::write(folder.path().join(format!("{n}.txt")), &text).expect("a file");
    }
    for _ in 0..5 {
        let (mut count, paths) = (Count(0), Paths::Roots(vec![folder.path().to_owned()]));
        let summary = scan(paths, &options(), &Control::default(), &mut count).expect("it can be scanned");
        assert_eq!((count.0, summary.complete), (FILES, true));
    }
}

/// Threads that wrote a line.
static WRITERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Writers;

impl Sink for Writers {
    fn renderer(&self) -> Option<Renderer> {
        Some(|event, _| {
            if let Event::Record(_) = event {
                let id = format!("{:?}", std::thread::current().id());
                WRITERS.lock().expect("nobody panics with it").insert(id);
                // Long enough for another thread to take the next range.
                std::thread::sleep(Duration::from_millis(2));
            }
            Ok(())
        })
    }

    fn event(&mut self, _: &Event, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn threads_that_find_no_path_work_on_the_ranges_of_the_last() {
    let folder = tempfile::tempdir().expect("a folder");
    let filler = "a line of plain words without any number\n".repeat(1000);
    let text = format!("{filler}Tobias Hargrove, SSN 024-61-3387\n").repeat(100);
    std::fs::write(folder.path().join("one.txt"), text).expect("a file");
    let paths = Paths::Roots(vec![folder.path().to_owned()]);
    let options = Options { jobs: 2, range: 1 << 17, ..options() };
    let summary = scan(paths, &options, &Control::default(), &mut Writers).expect("it can be scanned");
    assert_eq!((summary.records.high, summary.complete), (100, true));
    assert_eq!(WRITERS.lock().expect("nobody panicked").len(), 2);
}

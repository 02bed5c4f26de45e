use std::io::{self, BufReader, Cursor};

use super::*;
use crate::coverage::Coverage;
use crate::event::{Confidence, Run, Summary};
use crate::result::samples::{file, file_line, gap, record, resume, run};
use crate::result::{Tally, Writer};

/// A whole result of these lines.
fn stream(events: &[Event], alter: impl Fn(&mut Summary)) -> Vec<u8> {
    let (mut writer, mut tally) = (Writer::new(Vec::new()), Tally::new());
    let mut files = 0;
    for event in events {
        writer.write(event).unwrap();
        tally.add(event);
        files += u64::from(matches!(event, Event::File(f) if f.member.is_empty()));
    }
    let mut summary = tally.summary(1.0, false, files);
    alter(&mut summary);
    writer.finish(summary).unwrap().0
}

fn whole(events: &[Event]) -> Vec<u8> {
    stream(events, |_| {})
}

fn open(streams: &[Vec<u8>]) -> Result<Results, ReportError> {
    let sources = streams.iter().zip(["a.jsonl", "b.jsonl"]).map(|(bytes, name)| {
        let content: Box<dyn results::Content> = Box::new(Cursor::new(bytes.clone()));
        Source { name: name.to_owned(), content }
    });
    Results::open(sources.collect(), Confidence::Medium, || Err(io::ErrorKind::Unsupported.into()))
}

fn refusal(streams: &[Vec<u8>]) -> String {
    open(streams).err().expect("should be refused").to_string()
}

fn altered_run(alter: impl Fn(&mut Run)) -> Event {
    let Event::Run(mut run) = run() else { unreachable!() };
    alter(&mut run);
    Event::Run(run)
}

#[test]
fn what_is_no_whole_result_is_refused_with_its_line() {
    let good = whole(&[run(), record(1, "a", 1), file(1, "a")]);
    assert!(open(std::slice::from_ref(&good)).is_ok());
    let text = String::from_utf8(good.clone()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (bytes, said) in [
        (b"hello\n".to_vec(), "line 1 is not JSON"),
        (b"{\"event\":\"resume\",\"started\":\"\",\"version\":\"1\"}\n".to_vec(), "no `run` line"),
        (lines[..3].concat().into_bytes(), "cut after line 3"),
        (good[..good.len() - 1].to_vec(), "cut after line 3"),
        (text.replace("\"row\"", "\"form\"").into_bytes(), "line 4: the digest"),
        (lines.concat().repeat(2).into_bytes(), "line 5 starts a second result"),
        (whole(&[altered_run(|run| run.schema = 9)]), "schema 9"),
        (whole(&[altered_run(|run| run.version = "9".into()), resume()]), "line 2: its version"),
    ] {
        let refusal = refusal(&[bytes]);
        assert!(refusal.starts_with("a.jsonl: ") && refusal.contains(said), "{refusal}");
    }
}

/// What makes a sum wrong.
type Alter = fn(&mut Summary);

#[test]
fn sums_that_do_not_add_up_are_refused() {
    let events = [run(), record(1, "a", 1), file(1, "a"), gap("b")];
    let cases: [(Alter, &str); 4] = [
        (
            |s| *s.files.by_coverage.entry(Coverage::Examined).or_default() += 1,
            "files examined is 2, the lines before it say 1",
        ),
        (|s| s.files.met += 1, "files met is 2, the lines before it say 1"),
        (|s| s.gaps.clear(), "gaps denied is 0, the lines before it say 1"),
        (|s| s.records.high = 7, "records high is 7, the lines before it say 1"),
    ];
    for (alter, said) in cases {
        let refusal = refusal(&[stream(&events, alter)]);
        assert!(refusal.contains("line 5: the sums do not add up") && refusal.contains(said), "{refusal}");
    }
}

#[test]
fn results_that_do_not_go_together_are_refused() {
    let first = whole(&[run(), file(1, "a")]);
    for (alter, said) in [
        ((|run| run.key_id = "other".into()) as fn(&mut Run), "fingerprint key"),
        (|run| run.patterns = "other".into(), "set of patterns"),
        (|run| run.version = "0.9".into(), "version"),
    ] {
        let refusal = refusal(&[first.clone(), whole(&[altered_run(alter), file(1, "b")])]);
        assert!(refusal.contains(said) && refusal.contains("b.jsonl: line 1"), "{refusal}");
    }
    let twice = refusal(&[first.clone(), first]);
    assert!(twice.contains("a is in a.jsonl too"), "{twice}");
}

#[test]
fn parts_of_one_scan_become_one() {
    let parts =
        [whole(&[run(), record(1, "b", 1), file(1, "b")]), whole(&[run(), record(1, "a", 1), file(1, "a")])];
    let mut results = open(&parts).unwrap();
    let overview = results.overview();
    assert_eq!((overview.summary.files.met, overview.summary.records.high), (2, 2));
    assert_eq!(overview.run.roots, ["share"]);
    // The same person and number in both parts is one resident.
    assert_eq!(overview.summary.residents.total.upper, 1);
    let mut told = Told::default();
    results.tell(&mut told).unwrap();
    assert_eq!(told.0, ["1 a", "1 a", "2 b", "2 b"]);
}

#[test]
fn hosts_keep_their_roots_apart() {
    let other = altered_run(|run| run.label = "files02".into());
    let results = open(&[whole(&[run(), file(1, "a")]), whole(&[other, file(1, "a")])]).unwrap();
    assert_eq!(results.overview().run.roots, ["srv:share", "files02:share"]);
    assert_eq!(results.overview().run.label, "srv, files02");
}

#[test]
fn the_report_of_one_result_is_its_canonical_form() {
    let low = |seq, path: &str| Event::File(Box::new(FileLine { size: 7, ..file_line(seq, path) }));
    let events =
        [run(), record(9, "b", 2), record(4, "a", 1), low(4, "a"), record(9, "b", 1), file(9, "b"), gap("c")];
    let bytes = whole(&events);
    let read = crate::result::Reader::new(bytes.as_slice()).map(Result::unwrap).collect();
    let expected = crate::result::canonical(read);
    let path = tempfile::NamedTempFile::new().unwrap();
    let mut report = jsonl::Jsonl::new(Box::new(path.reopen().unwrap()));
    open(&[bytes]).unwrap().tell(&mut report).unwrap();
    let text = BufReader::new(path.reopen().unwrap());
    let told: Vec<Event> = crate::result::Reader::new(text).map(Result::unwrap).collect();
    assert_eq!(told, expected);
}

#[test]
fn every_format_has_a_name_and_an_end_of_its_own() {
    for (n, format) in FORMATS.iter().enumerate() {
        assert!(FORMATS[..n].iter().all(|f| f.name != format.name), "{}", format.name);
        assert!(format.extension.is_none() || FORMATS[..n].iter().all(|f| f.extension != format.extension));
    }
}

/// Numbers and paths of the lines told.
#[derive(Default)]
struct Told(Vec<String>);

impl Report for Told {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.0.push(format!("{} {}", crate::result::seq(event).unwrap_or(0), context.shown));
        Ok(())
    }

    fn finish(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }
}

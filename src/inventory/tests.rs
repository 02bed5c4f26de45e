use std::io::{self, BufReader, Cursor, Seek, SeekFrom};
use std::sync::Mutex;

use jiff::civil::date;

use super::*;
use crate::event::{Bounds, Confidence, Levels};
use crate::report::{Results, Source};
use crate::result::samples::{at, file_line, loose, record, run};
use crate::result::{Tally, Writer};

/// A file of these levels that was changed in 2015.
fn file(seq: u64, path: &str, high: u64) -> Event {
    let records = Levels { high, ..Levels::default() };
    let modified = Some("2015-02-28T00:00:00Z".to_owned());
    let owner = Some("carla".to_owned());
    Event::File(Box::new(FileLine { modified, owner, records, ..file_line(seq, path) }))
}

fn results(events: &[Event]) -> Results {
    let (mut writer, mut tally, mut files) = (Writer::new(Vec::new()), Tally::new(), 0);
    for event in events {
        writer.write(event).unwrap();
        tally.add(event);
        files += u64::from(matches!(event, Event::File(f) if f.member.is_empty()));
    }
    let bytes = writer.finish(tally.summary(1.0, false, files)).unwrap().0;
    let content = Box::new(Cursor::new(bytes));
    Results::open(vec![Source { name: "r".into(), content }], Confidence::Medium, || {
        Err(io::ErrorKind::Unsupported.into())
    })
    .unwrap_or_else(|e| panic!("{e}"))
}

fn settings() -> Settings {
    Settings {
        on: date(2026, 1, 1),
        owners: OwnerMap::default(),
        retention: Retention::default(),
        former: Former::default(),
        is_new: None,
        all: false,
    }
}

type Rows = Vec<(Sheet, Vec<String>)>;

/// Rows by table, as text.
#[derive(Clone, Default)]
struct Kept(std::sync::Arc<Mutex<Rows>>);

impl Target for Kept {
    fn row(&mut self, sheet: Sheet, cells: &[Cell]) -> io::Result<()> {
        let text = |cell: &Cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Words(text) | Cell::Time(text) => text.clone(),
            Cell::Number(n) => n.to_string(),
            Cell::Decimal(n) => format!("{n:.1}"),
            Cell::Day(day) => day.to_string(),
        };
        self.0.lock().unwrap().push((sheet, cells.iter().map(text).collect()));
        Ok(())
    }

    fn finish(self: Box<Self>, _: &End<'_>) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    /// The values of a column of a table.
    fn column(&self, sheet: Sheet, name: &str) -> Vec<String> {
        let n = sheet.columns().iter().position(|(column, _)| *column == name).expect(name);
        let rows = self.0.lock().unwrap();
        rows.iter().filter(|(of, _)| *of == sheet).map(|(_, cells)| cells[n].clone()).collect()
    }
}

fn made(events: &[Event], settings: Settings) -> Kept {
    let kept = Kept::default();
    results(events).tell(&mut Inventory::new(settings, Box::new(kept.clone()))).unwrap();
    kept
}

#[test]
fn folders_count_people_once_and_hold_all_below_them() {
    let events = [
        run(),
        record(1, "a/b/x", 1),
        file(1, "a/b/x", 1),
        record(2, "a/c", 1),
        record(2, "a/c", 2),
        file(2, "a/c", 2),
        record(3, "a.d/x", 3),
        file(3, "a.d/x", 1),
        record(4, "z", 1),
        file(4, "z", 1),
    ];
    let kept = made(&events, settings());
    let of = |name| kept.column(Sheet::Folders, name);
    assert_eq!(of("folder"), [".", "a", "a.d", "a/b"]);
    assert_eq!(of("files"), ["4", "2", "1", "1"]);
    assert_eq!(of("records"), ["5", "3", "1", "1"]);
    assert_eq!(of("distinct_people"), ["3", "2", "1", "1"]);
    assert_eq!(kept.column(Sheet::Shares, "share"), ["srv:share"]);
    assert_eq!(kept.column(Sheet::Shares, "distinct_people"), ["3"]);
    assert_eq!(kept.column(Sheet::Owners, "distinct_people"), ["3"]);
}

#[test]
fn folders_that_lie_deep_are_counted_with_the_last_that_is_listed() {
    let deep = "d/".repeat(40) + "x";
    let kept = made(&[run(), record(1, &deep, 1), file(1, &deep, 1)], settings());
    let folders = kept.column(Sheet::Folders, "folder");
    assert_eq!((folders.len(), folders[12].len()), (13, 23));
    assert_eq!(kept.column(Sheet::Folders, "distinct_people"), ["1"; 13]);
}

#[test]
fn people_of_cut_files_count_by_the_word_of_the_file() {
    let Event::File(mut cut) = file(1, "a/x", 9) else { unreachable!() };
    cut.cut = 8;
    cut.residents.total = Bounds { lower: 3, upper: 6 };
    let events = [run(), record(1, "a/x", 1), Event::File(cut), record(2, "a/y", 2), file(2, "a/y", 1)];
    let kept = made(&events, settings());
    assert_eq!(kept.column(Sheet::Folders, "distinct_people"), ["7", "7"]);
    assert_eq!(kept.column(Sheet::Files, "distinct_people"), ["6", "0"]);
}

#[test]
fn files_with_nothing_in_them_are_listed_when_asked_for() {
    let nothing = |seq, path: &str| {
        let Event::File(mut file) = file(seq, path, 0) else { unreachable!() };
        file.elements.clear();
        Event::File(file)
    };
    let events = [run(), nothing(1, "a"), loose(2, "b", 1), nothing(2, "b")];
    let all = made(&events, Settings { all: true, ..settings() });
    assert_eq!(made(&events, settings()).column(Sheet::Files, "path"), ["b"]);
    assert_eq!(all.column(Sheet::Files, "path"), ["a", "b"]);
    assert_eq!(all.column(Sheet::Files, "numbers_without_name"), ["0", "1"]);
}

#[test]
fn copies_name_the_path_met_first() {
    let of = |seq, path: &str, content: Option<&str>| {
        let Event::File(mut file) = file(seq, path, 1) else { unreachable!() };
        file.content = content.map(str::to_owned);
        Event::File(file)
    };
    let events = [
        run(),
        of(1, "a", Some("c1")),
        of(2, "b", Some("c2")),
        of(3, "c", Some("c1")),
        of(4, "d", None),
        of(5, "e", Some("c1")),
    ];
    let kept = made(&events, settings());
    assert_eq!(kept.column(Sheet::Files, "duplicate_of"), ["", "", "a", "", "a"]);
    assert_eq!(kept.column(Sheet::Shares, "copies"), ["2"]);
}

#[test]
fn a_legal_hold_keeps_what_is_overdue() {
    let former = "share,path,path_id,legal_hold,decision\nsrv:share,a,id-a,yes,\nsrv:share,b,id-b,no,\n";
    let settings = Settings {
        former: Former::new(reread::csv(former.as_bytes()).unwrap(), &names()).unwrap(),
        retention: Retention::parse("retention = [{ path = \"*\", years = 7 }]").unwrap(),
        owners: OwnerMap::parse(b"owner,department\ncarla,Finance\n").unwrap(),
        ..settings()
    };
    let kept = made(&[run(), file(1, "a", 1), file(2, "b", 1), file(3, "c", 1)], settings);
    assert_eq!(kept.column(Sheet::Files, "disposal_flag"), ["keep", "overdue", "overdue"]);
    assert_eq!(kept.column(Sheet::Files, "retention_due"), ["2022-02-28"; 3]);
    assert_eq!(kept.column(Sheet::Files, "legal_hold"), ["yes", "no", ""]);
    assert_eq!(kept.column(Sheet::Departments, "department"), ["Finance"]);
    assert_eq!(kept.column(Sheet::Departments, "overdue"), ["2"]);
    assert_eq!(kept.column(Sheet::Departments, "legal_holds"), ["1"]);
}

#[test]
fn a_baseline_says_what_is_new() {
    let is_new: IsNew = Box::new(|record| record.id == "r2");
    let events = [
        run(),
        record(1, "a", 1),
        file(1, "a", 1),
        record(2, "b", 1),
        record(2, "b", 2),
        file(2, "b", 2),
        loose(3, "c", 3),
        file(3, "c", 0),
    ];
    let kept = made(&events, Settings { is_new: Some(is_new), ..settings() });
    assert_eq!(kept.column(Sheet::Files, "baseline_state"), ["known", "new", ""]);
}

#[test]
fn years_without_use_count_from_an_access_only_if_it_can_be_trusted() {
    let volume = |atime: &str| {
        let Event::Volume(volume) = crate::result::samples::volume(0, "/srv") else { unreachable!() };
        Volume { atime: Some(atime.to_owned()), ..volume }
    };
    let Event::File(mut line) = file(1, "a", 1) else { unreachable!() };
    line.accessed = Some("2025-01-01T00:00:00Z".to_owned());
    let on = date(2026, 1, 1);
    assert_eq!(idle(&line, Some(&volume("relative")), on), Some(0.9));
    assert_eq!(idle(&line, Some(&volume("off")), on), Some(10.8));
    assert_eq!(idle(&line, None, on), Some(10.8));
    (line.modified, line.accessed) = (None, None);
    assert_eq!(idle(&line, None, on), None);
}

/// A file in memory that can be looked at afterwards.
#[derive(Clone, Default)]
struct Shared(std::sync::Arc<Mutex<Cursor<Vec<u8>>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().unwrap().seek(to)
    }
}

impl Shared {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().get_ref().clone()
    }
}

fn written(events: &[Event], former: Former, xlsx: bool) -> Vec<u8> {
    let out = Shared::default();
    let target: Box<dyn Target> = if xlsx {
        Box::new(Xlsx::new(Box::new(out.clone())).unwrap())
    } else {
        Box::new(Csv::new(Box::new(out.clone()), Sheet::Files).unwrap())
    };
    let mut inventory = Inventory::new(Settings { former, ..settings() }, target);
    results(events).tell(&mut inventory).unwrap();
    out.bytes()
}

fn read(bytes: &[u8]) -> Former {
    let tables = if bytes.starts_with(b"PK") {
        reread::xlsx(&mut BufReader::new(Cursor::new(bytes.to_vec())), bytes.len() as u64)
    } else {
        reread::csv(bytes)
    };
    Former::new(tables.unwrap_or_else(|e| panic!("{e}")), &names()).unwrap_or_else(|e| panic!("{e}"))
}

/// What people wrote that a spreadsheet or a parser may trip over.
const WORDS: [&str; 16] = [
    "plain",
    "=1+1",
    "+49 89",
    "-",
    "@SUM(A1)",
    "'=1+1",
    "'quoted'",
    "two\nlines, and \"quotes\"; semicolon\ttab",
    " leading and trailing ",
    "_x0041_",
    "<b>&amp;",
    "2024-02-29",
    "29/02/2024",
    "0012",
    "1,000.50",
    "né 日本 🙂",
];

fn with_words() -> Former {
    let head = "share,path,path_id,first_seen,legal_hold,decision,decided_by,decided_on,note\n".to_owned();
    let cell = |word: &str| format!("\"'{}\"", word.replace('"', "\"\""));
    let rows = WORDS.iter().enumerate().map(|(n, word)| {
        // Every second file is gone.
        let path = if n % 2 == 0 { format!("f{n}") } else { format!("gone/f{n}") };
        let word = if word.starts_with(['=', '+', '-', '@', '\''])
            && crate::report::cell::harmed(&format!("'{word}")) == *word
        {
            cell(word)
        } else {
            format!("\"{}\"", word.replace('"', "\"\""))
        };
        format!("srv:share,{path},id-{path},2023-05-06,,{word},{word},{word},{word}\n")
    });
    read((head + &rows.collect::<String>()).as_bytes())
}

#[test]
fn every_decision_survives_every_format() {
    let mut events = vec![run()];
    events.extend((0..WORDS.len()).step_by(2).map(|n| file(n as u64 + 1, &format!("f{n}"), 1)));
    for formats in [[false, false], [true, true], [false, true], [true, false]] {
        let mut former = with_words();
        for xlsx in formats {
            former = read(&written(&events, former, xlsx));
        }
        former.prepare(&["srv:share".to_owned()]);
        for (n, word) in WORDS.iter().enumerate() {
            let path = if n % 2 == 0 { format!("f{n}") } else { format!("gone/f{n}") };
            let known = former.find("srv:share", &at(&path)).unwrap_or_else(|| panic!("{path} is lost"));
            assert_eq!(known.words[1..], [*word; 4], "{formats:?}");
            assert_eq!(known.first_seen, Some(date(2023, 5, 6)));
        }
    }
}

#[test]
fn what_is_no_former_inventory_is_refused() {
    let refused = |bytes: &[u8]| match reread::xlsx(&mut Cursor::new(bytes.to_vec()), bytes.len() as u64) {
        Ok(tables) => Former::new(tables, &names()).err().expect("should be refused").to_string(),
        Err(error) => error.to_string(),
    };
    assert!(refused(b"PK\x03\x04 no more").contains("line 1"));
    let whole = written(&[run(), file(1, "a", 1)], Former::default(), true);
    let half = whole.len() / 2;
    assert!(refused(&whole[..half]).contains("cannot be read in full"));
    let mut book = crate::report::book::Book::new().unwrap();
    book.table("Staff", &[("a", 9.0)], 0).unwrap();
    let out = Shared::default();
    book.save(Box::new(out.clone())).unwrap();
    assert!(refused(&out.bytes()).contains("no sheet \"Files\""));
}

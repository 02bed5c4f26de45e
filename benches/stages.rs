//! What each stage costs that every text passes through. Each bench first proves that its stage finds what was planted
//! in the text, so that a figure is never that of a stage which does nothing.
//!
//! `cargo bench --bench stages`; figures are in `docs/PERFORMANCE.md`.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use revere::bits;
use revere::detect::hot::{self, Form, Worth};
use revere::detect::{Rejects, text};
use revere::event::ElementType;
use revere::identify::TextEncoding;
use revere::mask::Key;
use revere::name;
use revere::pattern::keys::KeyWords;
use revere::pattern::number;
use revere::text::Profile;

/// Lines of a log: digits, and no number of anybody's.
fn log(lines: usize) -> String {
    (0..lines).fold(String::new(), |mut text, n| {
        let _ = writeln!(
            text,
            "2025-03-28T05:32:{:02}.{:04}Z INFO [worker-{}] took {}us bytes={} peer=10.0.{}.7:{}",
            n % 60,
            n * 37 % 10_000,
            n % 32,
            n * 7919 % 90_000,
            n * 104_729 % 900_000,
            n % 256,
            20_000 + n % 9000
        );
        text
    })
}

/// The same with one labelled number in every hundred lines.
fn sown(lines: usize) -> (String, usize) {
    let mut text = String::new();
    let mut planted = 0;
    for (n, line) in log(lines).lines().enumerate() {
        text += line;
        text.push('\n');
        if n % 100 == 50 {
            planted += 1;
            let _ = writeln!(text, "Tobias Hargrove, SSN 024-61-{:04}", 1000 + n % 9000);
        }
    }
    (text, planted)
}

/// Hot groups for each number: its own three, and those of the line below, over which its label stands.
const HOT: usize = 12;

fn table(rows: usize) -> String {
    (0..rows).fold("order_no,batch,qty,total\n".to_owned(), |mut text, n| {
        let _ = writeln!(text, "{},{:05},{},{}.{:02}", 10_000_000 + n * 7919, n % 99_999, n % 9, n, n % 100);
        text
    })
}

fn every_byte(c: &mut Criterion) {
    let (text, planted) = sown(20_000);
    let bytes = text.as_bytes();
    let mut group = c.benchmark_group("every byte");
    group.throughput(Throughput::Bytes(bytes.len() as u64));

    let mut words = Vec::new();
    bits::fill(bits::DIGITS, bytes, &mut words);
    let digits: u32 = words.iter().map(|w| w.count_ones()).sum();
    assert_eq!(digits as usize, bytes.iter().filter(|b| b.is_ascii_digit()).count());
    group.bench_function("digits as bits", |b| {
        b.iter(|| bits::fill(bits::DIGITS, black_box(bytes), &mut words));
    });

    let mut found = Vec::new();
    KeyWords::default().find(bytes, 0..bytes.len(), &mut found);
    assert_eq!(found.len(), planted);
    group.bench_function("key words", |b| {
        b.iter(|| {
            found.clear();
            KeyWords::default().find(black_box(bytes), 0..bytes.len(), &mut found);
        });
    });

    let mut found = Vec::new();
    hot::find(bytes, 0..bytes.len(), Form::Normal, Worth::Look, &mut found);
    assert_eq!(found.len(), planted * HOT);
    group.bench_function("hot groups", |b| {
        b.iter(|| {
            found.clear();
            hot::find(black_box(bytes), 0..bytes.len(), Form::Normal, Worth::Look, &mut found);
        });
    });

    let quiet = log(20_000);
    assert!(hot::is_quiet(quiet.as_bytes(), 0..quiet.len(), Form::Raw, Worth::Look));
    group.bench_function("a quiet stretch", |b| {
        b.iter(|| hot::is_quiet(black_box(quiet.as_bytes()), 0..quiet.len(), Form::Raw, Worth::Look));
    });

    let mut candidates = Vec::new();
    text::scan(&text, 0..text.len(), &(0..text.len()), &mut candidates, &mut Rejects::default());
    assert_eq!(candidates.len(), planted);
    group.bench_function("candidates with labels", |b| {
        b.iter(|| {
            candidates.clear();
            text::scan(
                black_box(&text),
                0..text.len(),
                &(0..text.len()),
                &mut candidates,
                &mut Rejects::default(),
            );
        });
    });
    group.finish();
}

fn one_number(c: &mut Criterion) {
    let mut group = c.benchmark_group("one number");
    assert!(number::ssn(b"024613387") && !number::ssn(b"666613387"));
    group.bench_function("SSN rules", |b| b.iter(|| number::ssn(black_box(b"024613387"))));
    assert!(number::card(b"4929137520864174").is_some() && number::card(b"4929137520864175").is_none());
    group.bench_function("card rules", |b| b.iter(|| number::card(black_box(b"4929137520864174"))));
    // Two of the published forms of Massachusetts have it.
    assert_eq!(number::licence_shapes(b"SA4829173").filter(|s| s.state == *b"MA").count(), 2);
    group.bench_function("licence forms", |b| {
        b.iter(|| number::licence_shapes(black_box(b"SA4829173")).count());
    });

    let mut hits = Vec::new();
    name::find("Tobias Hargrove, 12 Elm Street", None, &mut hits);
    assert_eq!(hits.len(), 1);
    group.bench_function("names of a line", |b| {
        b.iter(|| {
            hits.clear();
            name::find(black_box("Tobias Hargrove, 12 Elm Street"), None, &mut hits);
        });
    });

    let key = Key::from_hex(&"5a".repeat(32)).expect("64 hexadecimal digits");
    let fingerprints = key.fingerprints();
    assert_eq!(fingerprints.element(ElementType::Ssn, "024613387").len(), 32);
    group.bench_function("keyed id", |b| {
        b.iter(|| fingerprints.element(ElementType::Ssn, black_box("024613387")));
    });
    group.finish();
}

fn one_file(c: &mut Criterion) {
    let mut group = c.benchmark_group("profile of a small file");
    for (name, text) in [("log", log(80)), ("table", table(300))] {
        let table = matches!(
            Profile::of(&text.as_bytes(), TextEncoding::Utf8).kind,
            revere::text::profile::Kind::Table { .. }
        );
        assert_eq!(table, name == "table");
        group.bench_function(name, |b| {
            b.iter(|| Profile::of(&black_box(text.as_bytes()), TextEncoding::Utf8));
        });
    }
    group.finish();
}

criterion_group!(stages, every_byte, one_number, one_file);
criterion_main!(stages);

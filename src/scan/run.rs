//! Runs a scan from its first line to its summary.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::ahead;
use super::file::Hand;
use super::hand::{Dealer, Work};
use super::options::{Control, Options, Paths};
use super::out::Out;
use super::{ScanError, Sink};
use crate::event::{Account, Event, Run, SCHEMA, Summary};
use crate::mask::{self, Fingerprints};
use crate::walk::{Root, Walker};
use crate::worker::Supervisor;

/// How often the watch looks at what is in hand.
const WATCH: Duration = Duration::from_millis(100);

/// Runs a scan to its end, or until [`Control::stop`] was called and the files in hand are settled. The `run`
/// line is handed to `sink` first; the summary is returned, for whoever writes the stream to close it with.
///
/// # Errors
/// A missing root or unusable pattern (nothing was handed to the sink), or a sink that failed.
pub fn scan(
    paths: Paths,
    options: &Options,
    control: &Control,
    sink: &mut dyn Sink,
) -> Result<Summary, ScanError> {
    let walk = crate::walk::Options {
        include: options.include.clone(),
        exclude: options.exclude.clone(),
        own: options.own.clone(),
        ..Default::default()
    };
    let walker = match paths {
        Paths::Roots(roots) => Walker::new(&roots, &walk)?,
        Paths::Within(folder, parts) => Walker::within(&folder, &parts, &walk)?,
        Paths::List(list) => Walker::from_list(list, b'\n', &walk)?,
    };
    let started = Instant::now();
    let roots = walker.roots().to_vec();
    check_roots(&roots)?;
    let out = Out::new(sink, control, options.limits.records);
    out.send([Event::Run(run_line(&roots, options))]);
    let readers = options.readers.unwrap_or_else(|| ahead::readers(&roots));
    let dealer = Dealer::new(walker, control, readers, options.readers.is_some());
    let fingerprints = options.key.fingerprints();
    work(&dealer, &out, options, &fingerprints, &roots, control);
    let (met, interrupted) = (dealer.met(), dealer.interrupted());
    let (tally, error) = out.into_parts();
    match error {
        Some(error) => Err(ScanError::Write(error)),
        None => Ok(tally.summary(started.elapsed().as_secs_f64(), interrupted, met)),
    }
}

/// At least one root must open.
fn check_roots(roots: &[Root]) -> Result<(), ScanError> {
    let mut first = None;
    for root in roots {
        match root.open() {
            Ok(_) => return Ok(()),
            Err(e) => {
                let (_, why) = crate::source::cause_of(&e);
                first = first.or(Some(format!("{}: {why}", root.given.display())));
            }
        }
    }
    first.map_or(Ok(()), |first| Err(ScanError::NoRootReadable(first)))
}

fn work(
    dealer: &Dealer<'_>,
    out: &Out<'_>,
    options: &Options,
    fingerprints: &Fingerprints,
    roots: &[Root],
    control: &Control,
) {
    let ended = AtomicBool::new(false);
    let later = Mutex::new(Vec::new());
    let inside = |a: &Root, b: &Root| a.dir.starts_with(&b.dir);
    let overlapping =
        roots.iter().enumerate().any(|(i, a)| roots[..i].iter().any(|b| inside(a, b) || inside(b, a)));
    let hand = || Hand {
        options,
        fingerprints,
        out,
        dealer,
        roots,
        overlapping,
        opened: Vec::new(),
        worker: Supervisor::new(options.worker.clone(), &options.key, &options.limits, &options.passwords),
        buffer: Vec::new(),
        small: Vec::new(),
        asked: 0,
        later: Vec::new(),
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..options.jobs.max(1))
            .map(|_| {
                let (hand, later) = (&hand, &later);
                scope.spawn(move || {
                    let mut hand = hand();
                    thread(&mut hand);
                    control.restarts.fetch_add(hand.worker.restarts, Ordering::Relaxed);
                    if let Ok(mut later) = later.lock() {
                        later.append(&mut hand.later);
                    }
                })
            })
            .collect();
        for _ in 0..dealer.readers() {
            scope.spawn(|| ahead::read(dealer, roots));
        }
        let watch = scope.spawn(|| {
            while !ended.load(Ordering::Acquire) {
                out.send(dealer.long_in_hand());
                out.idle();
                std::thread::park_timeout(WATCH);
            }
        });
        for thread in threads {
            // A thread that panicked leaves its paths unsettled, and the closing check says so.
            let _ = thread.join();
        }
        dealer.close();
        ended.store(true, Ordering::Release);
        watch.thread().unpark();
    });
    let hand = hand();
    for (candidate, first, seq) in later.into_inner().unwrap_or_default() {
        hand.same_as(&candidate, &first, seq);
    }
}

fn thread(hand: &mut Hand<'_, '_>) {
    while let Some(work) = hand.dealer.next() {
        match work {
            Work::Path(met, _busy) => {
                hand.out.send(met.volumes.into_iter().map(|mut v| {
                    v.mount = v.mount.map(|m| mask::text(&m).into_owned());
                    Event::Volume(v)
                }));
                hand.path(met.found, met.seq, met.kind, met.opened);
            }
            Work::Range(text, n) => hand.range(&text, n),
        }
    }
}

/// The first line.
pub(super) fn run_line(roots: &[Root], options: &Options) -> Run {
    let (name, privileged) = crate::sys::account();
    let mut noted = options.noted.clone();
    noted.insert("limits".to_owned(), serde_json::to_value(&options.limits).unwrap_or_default());
    noted.insert("include".to_owned(), masked(&options.include));
    noted.insert("exclude".to_owned(), masked(&options.exclude));
    Run {
        schema: SCHEMA,
        tool: "revere".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run_id: run_id(),
        patterns: crate::pattern::user::digest(),
        policy: "ma-201-cmr-17".to_owned(),
        roots: roots.iter().map(|r| mask::text(&r.given.to_string_lossy()).into_owned()).collect(),
        label: mask::text(&options.label).into_owned(),
        account: Account { name: mask::text(&name).into_owned(), privileged },
        started: now(),
        key_id: options.key.key_id(),
        options: noted,
        isolation: Some(isolation(options)),
        configuration: options.configuration.clone(),
    }
}

fn masked(globs: &[String]) -> serde_json::Value {
    globs.iter().map(|g| mask::text(g).into_owned()).collect()
}

fn isolation(options: &Options) -> Vec<String> {
    if options.worker.is_empty() {
        return Vec::new();
    }
    ["process", "address-space", "deadline", "no-core"].map(str::to_owned).to_vec()
}

fn run_id() -> String {
    let mut bytes = [0u8; 8];
    // Without randomness the time still tells runs apart.
    if getrandom::fill(&mut bytes).is_err() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        bytes = u64::try_from(now.as_nanos() & u128::from(u64::MAX)).unwrap_or(0).to_le_bytes();
    }
    format!("{:016x}", u64::from_be_bytes(bytes))
}

fn now() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    crate::source::rfc3339(i64::try_from(now.as_secs()).unwrap_or(0), 0).unwrap_or_default()
}

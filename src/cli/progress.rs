//! How far a scan is: a bar on a terminal, a line every half minute elsewhere.
//!
//! On a terminal a walk of its own runs ahead and counts, so that the time left can be told by bytes. All other
//! lines on standard error go through [`Notes`] while a bar stands there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::format::{bytes, counted, thousands};
use super::terminal;
use crate::scan::Control;
use crate::walk::{Found, Walker};

/// How often a bar is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(200);
/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(30);

const COUNTING: &str = "  Scanning  {spinner} {msg}   {binary_bytes}   {binary_bytes_per_sec}   {elapsed}";
const COUNTED: &str = "  Scanning  {bar:20} {percent:>3} %   {msg}   {binary_bytes} of {binary_total_bytes}   \
                       {binary_bytes_per_sec}   ETA {eta}";

/// Lines on standard error beside a bar.
#[derive(Clone)]
pub struct Notes {
    bars: MultiProgress,
    quiet: bool,
}

impl Notes {
    /// Says nothing.
    pub fn quiet() -> Self {
        Notes { bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()), quiet: true }
    }

    /// Speaks beside bars, which are drawn if `drawn`.
    pub fn new(drawn: bool) -> Self {
        let target = if drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Notes { bars: MultiProgress::with_draw_target(target), quiet: false }
    }

    /// Writes one line.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.bars.suspend(|| terminal::say(text));
        }
    }
}

/// How progress is shown.
pub enum Show {
    /// Not at all.
    Nothing,
    /// By lines.
    Lines,
    /// By a bar; the walk is for counting, and there is none for a list.
    Bar(Option<Box<Walker>>),
}

/// Shows progress until dropped.
pub struct Progress {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    totals: Arc<Totals>,
}

/// What there is to scan, as far as counted.
#[derive(Default)]
struct Totals {
    files: AtomicU64,
    bytes: AtomicU64,
    known: AtomicBool,
    stop: AtomicBool,
}

impl Progress {
    /// Starts to show how far `control` is. Where no thread can be started, nothing is shown.
    pub fn start(show: Show, control: &Arc<Control>, notes: &Notes) -> Self {
        let totals = Arc::new(Totals::default());
        let (control, notes) = (Arc::clone(control), notes.clone());
        let (stop, stopped) = mpsc::channel();
        let wait = move |time| matches!(stopped.recv_timeout(time), Err(RecvTimeoutError::Timeout));
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name(name.to_owned()).spawn(work).ok()
        };
        let thread = match show {
            Show::Nothing => None,
            Show::Lines => spawn(
                "progress",
                Box::new(move || {
                    while wait(LINE_EVERY) {
                        notes.say(&plain_line(&control));
                    }
                }),
            ),
            Show::Bar(walker) => {
                if let Some(walker) = walker {
                    let totals = Arc::clone(&totals);
                    spawn("count", Box::new(move || totals.count(*walker)));
                }
                let totals = Arc::clone(&totals);
                spawn("progress", Box::new(move || draw(&notes.bars, &control, &totals, wait)))
            }
        };
        Progress { stop: Some(stop), thread, totals }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.totals.stop.store(true, Relaxed);
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Totals {
    /// Counts what there is. Nobody waits for it: a share that hangs must not keep the process from its end.
    fn count(&self, walker: Walker) {
        for found in walker {
            if self.stop.load(Relaxed) {
                return;
            }
            if let Found::File(file) = &found {
                self.bytes.fetch_add(file.size, Relaxed);
            }
            self.files.fetch_add(u64::from(!matches!(found, Found::FolderGap { .. })), Relaxed);
        }
        self.known.store(true, Relaxed);
    }
}

fn draw(bars: &MultiProgress, control: &Control, totals: &Totals, wait: impl Fn(Duration) -> bool) {
    let bar = bars.add(ProgressBar::no_length().with_style(style(COUNTING)));
    let below = bars.add(ProgressBar::no_length().with_style(style("  {msg}")));
    while wait(DRAW_EVERY) {
        let done = control.files.load(Relaxed);
        let position = control.bytes.load(Relaxed);
        if totals.known.load(Relaxed) {
            let (files, bytes) = (totals.files.load(Relaxed), totals.bytes.load(Relaxed));
            bar.set_message(format!("{} of {}", thousands(done), counted(files, "file", "files")));
            // Files may have grown since they were counted.
            bar.set_position(position.min(bytes));
            if bar.length().is_none() {
                bar.set_length(bytes);
                bar.set_style(style(COUNTED));
            }
        } else {
            bar.set_message(counted(done, "file", "files"));
            bar.set_position(position);
        }
        below.set_message(counts(control));
    }
    bar.finish_and_clear();
    below.finish_and_clear();
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("█▉▊▋▌▍▎▏░")
}

fn counts(control: &Control) -> String {
    let n = |count: &AtomicU64| thousands(count.load(Relaxed));
    format!(
        "Records {}    Files with records {}    Encrypted {}    Not or partly examined {}",
        n(&control.records),
        n(&control.files_with_records),
        n(&control.encrypted),
        n(&control.incomplete)
    )
}

fn plain_line(control: &Control) -> String {
    let files = counted(control.files.load(Relaxed), "file", "files");
    format!("Scanning: {files}, {}    {}", bytes(control.bytes.load(Relaxed)), counts(control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_sound() {
        for template in [COUNTING, COUNTED, "  {msg}"] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }

    #[test]
    fn a_line_says_how_far_it_is() {
        let control = Control::default();
        control.files.store(1, Relaxed);
        control.bytes.store(2048, Relaxed);
        control.records.store(13_950, Relaxed);
        let line = plain_line(&control);
        assert!(
            line.starts_with("Scanning: 1 file, 2.0 KiB    Records 13,950    Files with records 0"),
            "{line}"
        );
    }

    #[test]
    fn counting_runs_ahead_and_progress_ends_when_dropped() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a"), "12345").unwrap();
        let walker = Walker::new(&[dir.path().to_owned()], &crate::walk::Options::default()).ok().unwrap();
        let totals = Totals::default();
        totals.count(walker);
        assert_eq!((totals.files.load(Relaxed), totals.bytes.load(Relaxed)), (1, 5));
        assert!(totals.known.load(Relaxed));
        drop(Progress::start(Show::Bar(None), &Arc::new(Control::default()), &Notes::quiet()));
        drop(Progress::start(Show::Lines, &Arc::new(Control::default()), &Notes::quiet()));
    }
}

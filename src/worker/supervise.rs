//! The parent's side: one worker for each thread, watched, killed and started again.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

use super::protocol::{Frame, Hello, Request, packed, send};
use crate::coverage::{Cause, Coverage};
use crate::event::{ElementClass, ElementType, Event, FileLine, Gap, Levels, Short};
use crate::mask::Key;
use crate::pattern;
use crate::scan::options::{Limits, Passwords};

/// Work allowed for each started stretch of this size.
const STRETCH: u64 = 64 << 20;
/// How often a silent worker's time is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// How much of an answer is taken at a time.
const PIECE: usize = 16 * 1024;

/// Starts, feeds and watches one worker.
pub struct Supervisor {
    command: Vec<OsString>,
    hello: Hello,
    running: Option<Running>,
    /// Workers that died and were started again.
    pub restarts: u64,
}

struct Running {
    child: Child,
    line: UnixStream,
    /// What was heard, and how much of it was taken.
    buffer: Vec<u8>,
    taken: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already; waiting keeps no zombie behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a document ended.
pub struct Verdict {
    /// Its own line, without what only the file system knows.
    pub file: FileLine,
}

/// Why a worker was given up.
enum Fault {
    Died,
    TimedOut,
}

impl Supervisor {
    /// A supervisor that starts its worker with `command` when it is first needed.
    #[must_use]
    pub fn new(command: Vec<OsString>, key: &Key, limits: &Limits, passwords: &Passwords) -> Self {
        let hello = Hello {
            key: key.to_hex().to_string(),
            limits: limits.clone(),
            patterns: added_patterns(),
            passwords: passwords.clone(),
        };
        Supervisor { command, hello, running: None, restarts: 0 }
    }

    /// Has one file read. Events go to `out` as they come, but for the line of the file itself, which is
    /// returned. A worker that dies or hangs is killed; the file is tried once more in a reduced mode, and what
    /// was found before stands.
    pub fn examine(
        &mut self,
        mut request: Request,
        file: BorrowedFd<'_>,
        out: &mut dyn FnMut(Event),
    ) -> Verdict {
        let (mut sent, mut counted) = (HashSet::new(), Counted::default());
        let mut first = |event: Event| {
            note_ids(&event, &mut sent);
            counted.add(&event);
            out(event);
        };
        let fault = match self.attempt(&request, file, &mut first) {
            Ok(file) => return Verdict { file },
            Err(fault) => fault,
        };
        let gap = match fault {
            Fault::Died => {
                Gap::new(Cause::WorkerKilled, "its reader died; runs of text were read".to_owned())
            }
            Fault::TimedOut => Gap::new(Cause::LimitTime, "took too long; runs of text were read".to_owned()),
        };
        request.reduced = true;
        let mut again = |event: Event| {
            if is_new(&event, &sent) {
                counted.add(&event);
                out(event);
            }
        };
        match self.attempt(&request, file, &mut again) {
            Ok(mut line) => {
                line.gaps.push(gap);
                line.coverage = if line.size > 0 { Coverage::Partial } else { Coverage::NotExamined };
                Verdict { file: counted.into_line(line) }
            }
            Err(_) => Verdict { file: counted.into_line(given_up(&request, gap)) },
        }
    }

    fn attempt(
        &mut self,
        request: &Request,
        file: BorrowedFd<'_>,
        out: &mut dyn FnMut(Event),
    ) -> Result<FileLine, Fault> {
        let limits = self.hello.limits.clone();
        let result = match self.running() {
            Ok(running) => running.ask(request, file).map_err(|_| Fault::Died).and_then(|()| {
                let stretches = request.size.div_ceil(STRETCH).max(1);
                running.listen(Duration::from_secs(limits.seconds), limits.seconds * (stretches + 1), out)
            }),
            Err(_) => Err(Fault::Died),
        };
        if result.is_err() {
            self.running = None;
            self.restarts += 1;
        }
        result
    }

    fn running(&mut self) -> io::Result<&mut Running> {
        if self.running.is_none() {
            self.running = Some(start(&self.command, &self.hello)?);
        }
        self.running.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn added_patterns() -> Vec<(String, String)> {
    pattern::user::installed().map(|user| user.sources().to_vec()).unwrap_or_default()
}

fn start(command: &[OsString], hello: &Hello) -> io::Result<Running> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_read_timeout(Some(LOOK))?;
    let (program, arguments) = command.split_first().ok_or(io::ErrorKind::NotFound)?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env_clear()
        .current_dir("/")
        // A signal from the terminal is for the parent, which lets the file in hand be finished.
        .process_group(0)
        .spawn()?;
    let mut running = Running { child, line: ours, buffer: Vec::new(), taken: 0 };
    send(&mut running.line, hello)?;
    Ok(running)
}

impl Running {
    fn ask(&mut self, request: &Request, file: BorrowedFd<'_>) -> io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        let fds = [file];
        ancillary.push(SendAncillaryMessage::ScmRights(&fds));
        // In one piece, so that the worker is woken once.
        let bytes = packed(request)?;
        let sent = sendmsg(self.line.as_fd(), &[IoSlice::new(&bytes)], &mut ancillary, SendFlags::NOSIGNAL)?;
        self.line.write_all(&bytes[sent..])
    }

    /// Takes in frames until the line of the file itself. Silence for `quiet`, or more than `total` seconds of
    /// work, is a hang.
    fn listen(&mut self, quiet: Duration, total: u64, out: &mut dyn FnMut(Event)) -> Result<FileLine, Fault> {
        let until = Instant::now() + Duration::from_secs(total);
        let mut heard = Instant::now();
        loop {
            while let Some(frame) = self.frame()? {
                heard = Instant::now();
                match frame {
                    Frame::Event(event) => match *event {
                        Event::File(file) if file.member.is_empty() => return Ok(*file),
                        event => out(event),
                    },
                    Frame::Alive => {}
                }
            }
            if until.min(heard + quiet) <= Instant::now() {
                return Err(Fault::TimedOut);
            }
            self.fill()?;
        }
    }

    /// Takes in more, or waits for some time.
    fn fill(&mut self) -> Result<(), Fault> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let had = self.buffer.len();
        self.buffer.resize(had + PIECE, 0);
        let read = self.line.read(&mut self.buffer[had..]);
        self.buffer.truncate(had + read.as_ref().map_or(0, |n| *n));
        match read {
            Ok(0) => Err(Fault::Died),
            Ok(_) => Ok(()),
            Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Ok(()),
            Err(_) => Err(Fault::Died),
        }
    }

    /// The next whole frame of the buffer.
    fn frame(&mut self) -> Result<Option<Frame>, Fault> {
        let heard = &self.buffer[self.taken..];
        let Some((length, rest)) = heard.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*length) as usize;
        let Some(text) = rest.get(..length) else { return Ok(None) };
        let frame = serde_json::from_slice(text).map_err(|_| Fault::Died)?;
        self.taken += 4 + length;
        Ok(Some(frame))
    }
}

/// What was passed on of the file itself, over both attempts.
#[derive(Default)]
struct Counted {
    records: Levels,
    elements: BTreeMap<ElementType, u64>,
}

impl Counted {
    fn add(&mut self, event: &Event) {
        match event {
            Event::Record(r) if r.member.is_empty() => {
                self.records.add(r.confidence);
                r.elements.iter().for_each(|e| *self.elements.entry(e.kind).or_default() += 1);
            }
            Event::Element(e) if e.member.is_empty() && e.element.class == ElementClass::Pi => {
                *self.elements.entry(e.element.kind).or_default() += 1;
            }
            _ => {}
        }
    }

    fn into_line(self, line: FileLine) -> FileLine {
        FileLine { records: self.records, elements: self.elements, ..line }
    }
}

fn note_ids(event: &Event, ids: &mut HashSet<Short>) {
    match event {
        Event::Record(r) => ids.extend(r.elements.iter().map(|e| e.id.clone())),
        Event::Element(e) => {
            ids.insert(e.element.id.clone());
        }
        _ => {}
    }
}

/// True for what the first attempt has not sent: only numbers not yet known are added by a second.
fn is_new(event: &Event, sent: &HashSet<Short>) -> bool {
    match event {
        Event::Record(r) => r.elements.iter().all(|e| !sent.contains(&e.id)),
        Event::Element(e) => !sent.contains(&e.element.id),
        _ => true,
    }
}

/// The line of a file that killed its reader twice.
fn given_up(request: &Request, gap: Gap) -> FileLine {
    let line =
        FileLine::bare(request.seq, request.at.clone(), "unknown", request.size, Coverage::NotExamined);
    FileLine { gaps: vec![gap], ..line }
}

//! The worker's side.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::io::IoSliceMut;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, recvmsg};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::protocol::{Frame, Hello, Request, receive, send};
use crate::document::Input;
use crate::event::Event;
use crate::examine::{Task, examine};
use crate::mask::{Fingerprints, Key};
use crate::pattern::user::{self, UserPatterns};
use crate::scan::options::{Limits, Passwords};

/// How often a worker says that work goes on.
const ALIVE: Duration = Duration::from_millis(500);
/// How much of a request is taken at first: mostly all of it.
const ROOM: usize = 4096;
/// The most bytes of one file taken into memory.
const MEMORY: u64 = 256 << 20;

/// If this process was started as a worker, works until the parent closes the line, and does not return.
pub fn run_if_asked() {
    if std::env::args_os().nth(1).is_some_and(|a| a == super::ARGUMENT) {
        let code = i32::from(run().is_none());
        std::process::exit(code);
    }
}

fn run() -> Option<()> {
    // A panic's words may hold text of a document: nothing of it is shown.
    std::panic::set_hook(Box::new(|_| {}));
    let line: OwnedFd = std::io::stdin().as_fd().try_clone_to_owned().ok()?;
    let mut line = UnixStream::from(line);
    let hello: Hello = receive(&mut line).ok()?;
    restrict(&hello.limits);
    let fingerprints = Key::from_hex(&hello.key).ok()?.fingerprints();
    drop(hello.key);
    if !hello.patterns.is_empty() {
        // The parent has compiled them before: what it could use, so can we.
        user::install(UserPatterns::compile(hello.patterns, &[]).ok()?);
    }
    let (limits, passwords) = (hello.limits, hello.passwords);
    // A thread with a deep stack: readers of nested formats recurse up to their depth limits.
    let work = move || {
        let mut room = vec![0; ROOM];
        while let Some((file, begun)) = descriptor(&line, &mut room) {
            let request: Request = receive(&mut room[..begun].chain(&mut line)).ok()?;
            answer(&mut line, file, request, &fingerprints, (&limits, &passwords))?;
        }
        Some(())
    };
    std::thread::Builder::new().stack_size(64 << 20).spawn(work).ok()?.join().ok()?
}

/// Limits what a parser gone wrong can take: memory, core dumps, files.
fn restrict(limits: &Limits) {
    let limit = |n: u64| Rlimit { current: Some(n), maximum: Some(n) };
    // A limit that cannot be set leaves the deadline and the parent's watch.
    let _ = setrlimit(Resource::As, limit(limits.memory));
    let _ = setrlimit(Resource::Core, limit(0));
    let _ = setrlimit(Resource::Fsize, limit(0));
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Waits for a request: the descriptor that comes with it, and how much of it came into `room`. `None` when the parent is
/// gone.
fn descriptor(line: &UnixStream, room: &mut [u8]) -> Option<(File, usize)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let got = recvmsg(line, &mut [IoSliceMut::new(room)], &mut ancillary, RecvFlags::CMSG_CLOEXEC).ok()?;
    if got.bytes == 0 || got.flags.contains(ReturnFlags::CTRUNC) {
        return None;
    }
    let file = ancillary.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut fds) => fds.next().map(File::from),
        _ => None,
    })?;
    Some((file, got.bytes))
}

fn answer(
    line: &mut UnixStream,
    mut file: File,
    request: Request,
    fingerprints: &Fingerprints,
    (limits, passwords): (&Limits, &Passwords),
) -> Option<()> {
    let name = name_of(&request.raw_path);
    let out =
        std::cell::RefCell::new(Outgoing { line: BufWriter::new(line), told: Instant::now(), lost: false });
    let task = Task {
        fingerprints,
        limits,
        seq: request.seq,
        at: request.at,
        raw_path: request.raw_path,
        reduced: request.reduced,
    };
    let mut input = Input {
        name: &name,
        len: request.size,
        reader: &mut file,
        memory: MEMORY,
        passwords: passwords.words(),
    };
    let mut pass = |event: Event| out.borrow_mut().event(event);
    let mut tick = || out.borrow_mut().alive();
    examine(task, &mut input, &mut pass, &mut tick, None);
    let mut out = out.into_inner();
    out.line.flush().ok()?;
    (!out.lost).then_some(())
}

/// The last component of a path, as text.
#[must_use]
pub fn name_of(raw_path: &[u8]) -> String {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(raw_path));
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

struct Outgoing<'a> {
    line: BufWriter<&'a mut UnixStream>,
    told: Instant,
    lost: bool,
}

impl Outgoing<'_> {
    fn event(&mut self, event: Event) {
        self.lost |= send(&mut self.line, &Frame::Event(Box::new(event))).is_err();
    }

    fn alive(&mut self) {
        if self.told.elapsed() >= ALIVE {
            self.told = Instant::now();
            self.lost |= send(&mut self.line, &Frame::Alive).and_then(|()| self.line.flush()).is_err();
        }
    }
}

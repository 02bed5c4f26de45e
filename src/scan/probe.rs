//! Scans bytes in memory like a file, in this process: what examples of patterns are held against.

use std::io::Cursor;

use super::options::Limits;
use crate::document::Input;
use crate::event::Event;
use crate::examine::{Task, examine};
use crate::mask::{self, Fingerprints};

/// All lines of the result for one file called `name`, its own `file` line last. Meant for texts that are trusted:
/// a parser gone wrong takes this process with it.
#[must_use]
pub fn scan_bytes(name: &str, bytes: &[u8], fingerprints: &Fingerprints) -> Vec<Event> {
    let limits = Limits::default();
    let task = Task {
        fingerprints,
        limits: &limits,
        seq: 1,
        at: mask::path(0, name.as_bytes(), fingerprints),
        raw_path: name.as_bytes().to_vec(),
        reduced: false,
    };
    let mut reader = Cursor::new(bytes);
    let mut input =
        Input { name, len: bytes.len() as u64, reader: &mut reader, memory: u64::MAX, passwords: &[] };
    let mut events = Vec::new();
    examine(task, &mut input, &mut |event| events.push(event), &mut || {}, None);
    events
}

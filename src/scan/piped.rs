//! A scan of what comes through a pipe: one document without a path.
//!
//! It is kept in memory and nowhere else (an anonymous file of the kernel), because documents are read back and
//! forth, and raw text goes into no temporary file. A worker reads it, as it reads every document.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::Instant;

use rustix::fs::{MemfdFlags, memfd_create};

use super::options::Options;
use super::run::run_line;
use super::{ScanError, Sink, pass};
use crate::coverage::{Cause, Coverage};
use crate::event::{Event, FileLine, Gap, Summary};
use crate::mask;
use crate::resident::ResidentCounter;
use crate::result::Tally;
use crate::walk::Root;
use crate::worker::{Request, Supervisor};

/// What it is called in results.
pub const NAME: &str = "stdin";

/// Scans all of `source`, up to the budget of expanded bytes; what is beyond is a gap.
///
/// # Errors
/// A sink that failed, or no memory to keep the content in.
pub fn scan_piped(
    source: &mut dyn Read,
    root: &Root,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary, ScanError> {
    let started = Instant::now();
    let mut tally = Tally::new();
    let kept = memfd_create(NAME, MemfdFlags::CLOEXEC).map_err(|e| ScanError::Write(e.into()))?;
    let mut kept = std::fs::File::from(kept);
    let (size, gap) = keep(source, &mut kept, options.limits.expanded);
    tally.read(size);
    let mut error = None;
    let mut people = ResidentCounter::new();
    let mut send = |event: Event| {
        if let Event::Record(record) = &event {
            people.add(record);
        }
        tally.add(&event);
        if error.is_none() {
            error = pass(sink, &event).err();
        }
    };
    send(Event::Run(run_line(std::slice::from_ref(root), options)));
    let at = mask::path(0, NAME.as_bytes(), &options.key.fingerprints());
    let request = Request { seq: 1, at, raw_path: NAME.as_bytes().to_vec(), size, reduced: false };
    let mut worker =
        Supervisor::new(options.worker.clone(), &options.key, &options.limits, &options.passwords);
    let mut file = worker.examine(request, kept.as_fd(), &mut send).file;
    if let Some(gap) = gap {
        cut_short(&mut file, gap);
    }
    file.residents = people.bounds();
    tally.add(&Event::File(Box::new(file.clone())));
    let error = error.or_else(|| pass(sink, &Event::File(Box::new(file))).err());
    match error {
        Some(error) => Err(ScanError::Write(error)),
        None => Ok(tally.summary(started.elapsed().as_secs_f64(), false, 1)),
    }
}

/// Copies the content, and says how much of it there is and what is missing.
fn keep(source: &mut dyn Read, kept: &mut dyn Write, most: u64) -> (u64, Option<Gap>) {
    let mut limited = source.take(most);
    let mut size = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match limited.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                if let Err(e) = kept.write_all(&buffer[..n]) {
                    return (size, Some(Gap::new(Cause::LimitMemory, crate::source::cause_of(&e).1)));
                }
                size += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                let (cause, detail) = crate::source::cause_of(&e);
                return (size, Some(Gap::new(cause, detail)));
            }
        }
    }
    let more = limited.into_inner().read(&mut buffer).is_ok_and(|n| n > 0);
    let detail = format!("only the first {most} bytes were read");
    (size, more.then(|| Gap::new(Cause::LimitBytes, detail)))
}

fn cut_short(file: &mut FileLine, gap: Gap) {
    file.gaps.push(gap);
    if file.coverage == Coverage::Examined {
        file.coverage = Coverage::Partial;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_budget_is_a_gap() {
        let kept = |most| {
            let mut kept = Vec::new();
            let (size, gap) = keep(&mut &b"0123456789"[..], &mut kept, most);
            (size, kept.len(), gap.map(|gap| gap.cause))
        };
        assert_eq!(kept(10), (10, 10, None));
        assert_eq!(kept(4), (4, 4, Some(Cause::LimitBytes)));
    }
}

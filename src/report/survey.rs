//! The first reading of a result: is it one, is it whole, and which of its lines count?

use std::io::{BufRead, Seek, SeekFrom};

use super::ReportError;
use crate::event::{Event, Run, SCHEMA, Summary};
use crate::result::{Reader, ResultError, Settlement};

/// What the first reading found.
pub struct Survey {
    /// The first line.
    pub run: Run,
    /// The last line.
    pub summary: Summary,
    /// Number of the last line.
    pub lines: u64,
    /// Which lines count.
    pub settlement: Settlement,
}

/// Reads a result from its start to its end.
///
/// # Errors
/// If it is none, is cut, was altered, or was gone on with by another version.
pub fn survey<R: BufRead + Seek>(name: &str, source: &mut R) -> Result<Survey, ReportError> {
    let of_line = |why| ReportError::Line { name: name.to_owned(), why };
    let io = |source| of_line(ResultError::Io { line: 1, source });
    let size = source.seek(SeekFrom::End(0)).map_err(io)?;
    source.rewind().map_err(io)?;
    let mut reader = Reader::new(&mut *source);
    let Some(Event::Run(run)) = reader.next().transpose().map_err(of_line)? else {
        return Err(of_line(ResultError::NoRun));
    };
    if run.schema > SCHEMA {
        return Err(of_line(ResultError::Newer { schema: run.schema }));
    }
    let mut settlement = Settlement::default();
    settlement.add(&Event::Run(run.clone()));
    let mut last = None;
    while let Some(event) = reader.next().transpose().map_err(of_line)? {
        refuse_second(name, reader.line(), &run, &event)?;
        settlement.add(&event);
        last = if let Event::Summary(summary) = event { Some(*summary) } else { None };
    }
    // The reader counts the line it looked for and did not find.
    let lines = reader.line() - 1;
    let Some(summary) = last.filter(|_| reader.bytes() == size) else {
        return Err(ReportError::Cut { name: name.to_owned(), line: lines });
    };
    if reader.digest_before() != Some(summary.digest.as_str()) {
        return Err(ReportError::Digest { name: name.to_owned(), line: lines });
    }
    Ok(Survey { run, summary, lines, settlement })
}

/// A result has one run; whoever went on with it must have been of the same version.
fn refuse_second(name: &str, line: u64, run: &Run, event: &Event) -> Result<(), ReportError> {
    match event {
        Event::Run(_) => Err(ReportError::Second { name: name.to_owned(), line }),
        Event::Resume(resume) if resume.version != run.version => Err(ReportError::Mixed {
            name: name.to_owned(),
            line,
            what: "version",
            other: "its first line".to_owned(),
        }),
        _ => Ok(()),
    }
}

//! Why results cannot be reported on: which file, which line, what is wrong with it.

use std::io;

use crate::result::ResultError;

/// Why a report cannot be made. Never holds text of a line.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A line cannot be read, or is no line of a result.
    #[error("{name}: {why}")]
    Line {
        /// The result.
        name: String,
        /// What is wrong with it.
        why: ResultError,
    },
    /// The stream does not end with its summary.
    #[error(
        "{name}: cut after line {line}: a result ends with its summary, and this does not, so nobody knows what is \
         missing; use a whole one"
    )]
    Cut {
        /// The result.
        name: String,
        /// The last whole line.
        line: u64,
    },
    /// A second `run` line.
    #[error("{name}: line {line} starts a second result; put it into a file of its own")]
    Second {
        /// The result.
        name: String,
        /// Line, from 1.
        line: u64,
    },
    /// The digest of the summary is not that of the lines before.
    #[error(
        "{name}: line {line}: the digest is not that of the lines before: the file was altered or damaged"
    )]
    Digest {
        /// The result.
        name: String,
        /// Line, from 1.
        line: u64,
    },
    /// A sum of the summary is not that of the lines.
    #[error(
        "{name}: line {line}: the sums do not add up: {what} is {said}, the lines before it say {counted}"
    )]
    Sums {
        /// The result.
        name: String,
        /// Line of the summary, from 1.
        line: u64,
        /// Which sum.
        what: String,
        /// What the summary says.
        said: String,
        /// What the lines say.
        counted: String,
    },
    /// Two results that do not go together.
    #[error("{name}: line {line}: its {what} is not that of {other}, so the two cannot be added up")]
    Mixed {
        /// The result.
        name: String,
        /// Line, from 1.
        line: u64,
        /// What differs.
        what: &'static str,
        /// The result it was held against.
        other: String,
    },
    /// A path that two results hold.
    #[error("{name}: line {line}: {path} is in {other} too and would be counted twice")]
    Twice {
        /// The result.
        name: String,
        /// Line, from 1.
        line: u64,
        /// The result that had it first.
        other: String,
        /// The path, masked.
        path: String,
    },
    /// A result that is not what it was a moment ago.
    #[error("{name}: it was altered while it was read")]
    Changed {
        /// The result.
        name: String,
    },
    /// The report cannot be written.
    #[error("cannot write the report: {0}")]
    Write(io::Error),
}

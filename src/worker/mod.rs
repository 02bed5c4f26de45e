//! Worker processes: this program, started again, reads one document after the other for a thread of the scan.
//!
//! A parser that hangs, crashes or asks for too much memory costs one process and a second try in a reduced
//! mode, never the scan. The worker detects and masks too, so that raw text stays in it; events come back.

mod child;
mod protocol;
mod supervise;

pub use child::{name_of, run_if_asked};
pub use protocol::{Frame, Hello, Request};
pub use supervise::{Supervisor, Verdict};

/// The argument that makes this program a worker.
pub const ARGUMENT: &str = "__worker";

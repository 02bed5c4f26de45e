//! The orchestra: walks, deals paths and ranges to threads, and hands every line of the result to a sink.

mod ahead;
mod aside;
pub mod column;
mod digest;
mod explain;
mod file;
mod hand;
mod hint;
pub mod options;
mod out;
pub mod patterns;
mod piped;
mod probe;
pub mod record;
mod run;
mod show;
mod text_file;

pub use aside::nameless;
pub use explain::{At, Explanation, Node, Subject, Wanted, WhyNot, explain, within};
pub use options::{Control, Limits, Options, Passwords, Paths};
pub use piped::scan_piped;
pub use probe::scan_bytes;
pub use run::scan;
pub use show::{TextOutcome, text};

use crate::event::Event;

/// Appends the text of a line.
pub type Renderer = fn(&Event, &mut Vec<u8>) -> std::io::Result<()>;

/// Receives every line of the result in order, but the last.
pub trait Sink: Send {
    /// How this sink wants lines written, if it does: that is done by the thread which found them.
    fn renderer(&self) -> Option<Renderer> {
        None
    }

    /// Takes one line, and its text if there is a renderer.
    ///
    /// # Errors
    /// If it cannot be kept: the scan then ends.
    fn event(&mut self, event: &Event, text: &[u8]) -> std::io::Result<()>;

    /// Called now and then while nothing is found.
    ///
    /// # Errors
    /// As [`Sink::event`].
    fn idle(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Hands one line on to a sink, written as it wants it.
fn pass(sink: &mut dyn Sink, event: &Event) -> std::io::Result<()> {
    let mut text = Vec::new();
    sink.renderer().map_or(Ok(()), |render| render(event, &mut text))?;
    sink.event(event, &text)
}

/// Why a scan could not be run, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A root is missing, or an option of the walk cannot be used: nothing was scanned.
    #[error(transparent)]
    Walk(#[from] crate::walk::WalkError),
    /// The result could not be written.
    #[error("cannot write the result: {0}")]
    Write(std::io::Error),
    /// None of the roots could be listed; the text names the first.
    #[error("no root could be read: {0}")]
    NoRootReadable(String),
}

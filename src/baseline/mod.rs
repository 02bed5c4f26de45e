//! Baselines: what is known and accepted, so that a check tells only what is new.
//!
//! A baseline does not rot: it knows values by their keyed fingerprint and the path they are in, never by a line
//! number, so rows may move, be sorted anew and be joined by others. The one surprising rule: a file of which nine
//! numbers in ten belong to one path that is gone counts as that path, so a renamed file is not new.

mod edit;
mod file;
mod presence;
mod verdict;

#[cfg(test)]
mod tests;

pub use edit::{Added, add, drop_stale, follow};
pub use file::{Baseline, BaselineError, Entry, Mark, Scope};
pub use verdict::{Exceeded, Gone, NewFile, Verdict, judge};

//! The result stream: written, read back, settled, put into canonical form, and checked.
//!
//! A result is one JSON object a line and the only store there is, so everything else is computed from it. The
//! one surprising rule: a line counts only if the `file` line that settles its `seq` is there too, and of several
//! settled attempts at one path only the last counts. [`Settlement`] is that rule; whoever reads results goes
//! through it.

mod canonical;
mod check;
mod find;
mod json;
pub mod packed;
mod reader;
mod settle;
mod writer;

pub use crate::resident::Opener;
pub use canonical::{bytes_of, canonical, path_lines, sort_volumes};
pub use check::Tally;
pub use find::{Entry, Found, find};
pub use reader::{Reader, ResultError, parse_event};
pub use settle::{Settled, SettledFile, Settlement, settled};
pub use writer::{Writer, render};

use crate::event::{Event, Evidence, PathRef};

/// The id of an evidence list, by which records and elements refer to its `why` line: the first 12 hex digits of
/// the BLAKE3 of the list as JSON.
pub fn why_id(evidence: &[Evidence]) -> String {
    let mut hasher = blake3::Hasher::new();
    // Neither strings nor numbers can fail to be written, and a hasher takes everything.
    let _ = serde_json::to_writer(&mut hasher, evidence);
    hasher.finalize().to_hex()[..12].to_owned()
}

/// The JSON schema of one line of a result (draft 2020-12), made from the types.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Event).to_value()
}

/// The attempt an event belongs to; `None` for what belongs to the run.
pub fn seq(event: &Event) -> Option<u64> {
    match event {
        Event::Begin(begin) => Some(begin.seq),
        Event::File(file) => Some(file.seq),
        Event::Record(record) => Some(record.seq),
        Event::Element(element) => Some(element.seq),
        Event::Column(column) => Some(column.seq),
        Event::Why(why) => Some(why.seq),
        _ => None,
    }
}

/// What makes a path one path within a result: the number of its root and its id.
fn path_key(at: &PathRef) -> (u32, &str) {
    (at.root, &at.path_id)
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_lists_have_an_id_by_their_content() {
        let evidence = |points| Evidence { rule: "ssn-header".into(), points, text: "column header".into() };
        let id = why_id(&[evidence(55)]);
        assert_eq!(id.len(), 12);
        assert_eq!(id, why_id(&[evidence(55)]));
        assert_ne!(id, why_id(&[evidence(54)]));
        assert_ne!(id, why_id(&[]));
    }
}

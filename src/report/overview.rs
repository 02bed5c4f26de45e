//! What holds for the whole of a report: runs, sums, coverage.

use crate::event::{Confidence, Run, Summary, Volume};

/// What holds for the whole.
pub struct Overview {
    /// The results, in the order given.
    pub runs: Vec<RunFacts>,
    /// The `run` line of all of them together, in canonical form.
    pub run: Run,
    /// All mounts, numbered anew.
    pub volumes: Vec<Volume>,
    /// The sums, counted from the lines. Its digest is that of no stream.
    pub summary: Summary,
    /// Numbers of personal information that no name was joined to.
    pub loose: u64,
    /// Least confidence of what verdicts and views show; lower ones are only counted.
    pub least: Confidence,
    /// Records left out because a baseline covers them; `None` where none was used.
    pub accepted: Option<u64>,
}

/// One result.
pub struct RunFacts {
    /// The file it came from, as the user named it.
    pub name: String,
    /// Its first line.
    pub run: Run,
    /// Its last line.
    pub summary: Summary,
}

impl Overview {
    /// Records of the least level and above.
    pub fn shown_records(&self) -> u64 {
        let records = self.summary.records;
        match self.least {
            Confidence::High => records.high,
            Confidence::Medium => records.high + records.medium,
            Confidence::Low => records.total(),
        }
    }
}

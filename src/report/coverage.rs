//! The coverage statement: what was examined and what was not. Every report carries it.

use crate::coverage::{Cause, Class};
use crate::event::{Sum, Summary};

use super::Overview;
use super::words::{self, class, counted, gap_line, sum_line};

/// The statement in lines of text: files, members, gaps by class, and whether the scan came to its end.
pub fn statement(overview: &Overview) -> Vec<String> {
    let summary = &overview.summary;
    let mut lines = vec![sum_line(&summary.files, ("file", "files"))];
    if summary.members.met > 0 {
        lines.push(sum_line(&summary.members, ("member", "members")));
    }
    for of in [Class::Failed, Class::ByNature, Class::ByChoice] {
        lines.extend(gap_line(&summary.gaps, of).map(|gaps| format!("{}: {gaps}", class(of))));
    }
    lines.extend(unfinished(summary).map(str::to_owned));
    if let Some(accepted) = overview.accepted {
        lines.push(format!("{} accepted by the baseline", counted(accepted, "record", "records")));
    }
    lines
}

/// Why this is not the whole, if it is not.
pub fn unfinished(summary: &Summary) -> Option<&'static str> {
    match (summary.complete, summary.interrupted) {
        (true, _) => None,
        (false, true) => Some("stopped before the end: this is not the whole"),
        (false, false) => Some("some paths were met and not settled: this is not the whole"),
    }
}

/// How many gaps of a class there are.
pub fn gaps(summary: &Summary, of: Class) -> u64 {
    summary.gaps.iter().filter(|(cause, _)| Cause::class(**cause) == of).map(|(_, n)| *n).sum()
}

/// All sums by name, the same in every format that has room for a list: paths and members by coverage, gaps by
/// cause, records by level, people.
pub fn sums(overview: &Overview) -> Vec<(String, u64)> {
    let summary = &overview.summary;
    let mut sums = by_coverage("files", &summary.files);
    sums.extend(by_coverage("members", &summary.members));
    sums.extend(summary.gaps.iter().map(|(cause, n)| (format!("gaps {}", cause.word()), *n)));
    let records = summary.records;
    let people = summary.residents.total;
    for (name, n) in [
        ("records high", records.high),
        ("records medium", records.medium),
        ("records low", records.low),
        ("distinct people, at least", people.lower),
        ("distinct people, at most", people.upper),
        ("numbers without a name", overview.loose),
    ] {
        sums.push((name.to_owned(), n));
    }
    sums.extend(overview.accepted.map(|n| ("records accepted by the baseline".to_owned(), n)));
    sums
}

fn by_coverage(what: &str, sum: &Sum) -> Vec<(String, u64)> {
    let met = std::iter::once((format!("{what} met"), sum.met));
    let parts = sum.by_coverage.iter().map(|(of, n)| (format!("{what} {}", words::coverage(*of)), *n));
    met.chain(parts).collect()
}

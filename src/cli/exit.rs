//! Exit codes: the one place that knows them (`docs/OUTPUT.md`, exit codes).

use std::process::ExitCode;

use crate::coverage::{Class, Coverage};
use crate::event::Summary;
use crate::scan::ScanError;
use crate::walk::WalkError;

/// How a command ended, from the least to the most that others must yield to. Findings that failed a verdict go
/// before gaps; a run that was stopped or could not finish says that before all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything that could be examined was.
    Complete,
    /// Finished, but something failed to be examined.
    Gaps,
    /// A verdict failed.
    Verdict,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
    /// The result cannot be written, or nothing can be read.
    CouldNotFinish,
    /// Wrong use, a missing root, an unusable key: nothing was scanned.
    Usage,
}

impl Exit {
    /// The number that the caller of the process sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Complete => 0,
            Exit::Verdict => 1,
            Exit::Usage => 2,
            Exit::Gaps => 3,
            Exit::CouldNotFinish => 4,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }

    /// The exit of a command of which parts ended in two ways.
    #[must_use]
    pub fn and(self, other: Exit) -> Exit {
        self.max(other)
    }

    /// How a scan with this summary ended; `strict` counts what has no text by its nature, and what is encrypted,
    /// like what failed.
    pub fn of_scan(summary: &Summary, strict: bool) -> Exit {
        let weighs = |class| class == Class::Failed || (strict && class == Class::ByNature);
        let gaps = summary.gaps.iter().any(|(cause, n)| *n > 0 && weighs(cause.class()));
        let sealed = [&summary.files, &summary.members]
            .iter()
            .any(|sum| sum.by_coverage.get(&Coverage::Encrypted).is_some_and(|n| *n > 0));
        if gaps || !summary.complete || (strict && sealed) { Exit::Gaps } else { Exit::Complete }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Why a command ended before its time.
#[derive(Debug)]
pub struct Failure {
    /// The code to leave with.
    pub exit: Exit,
    /// What to tell the user: what, why, and the way out.
    pub error: anyhow::Error,
}

impl Failure {
    /// Nothing was scanned, and the user can set it right.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Failure { exit: Exit::Usage, error: error.into() }
    }

    /// The work could not be brought to its end.
    pub fn could_not_finish(error: impl Into<anyhow::Error>) -> Self {
        Failure { exit: Exit::CouldNotFinish, error: error.into() }
    }
}

impl From<WalkError> for Failure {
    fn from(error: WalkError) -> Self {
        let exit = match error {
            WalkError::UnreadableRoot(..) => Exit::CouldNotFinish,
            WalkError::MissingRoot(_)
            | WalkError::Outside(..)
            | WalkError::Pattern(..)
            | WalkError::List(_) => Exit::Usage,
        };
        Failure { exit, error: error.into() }
    }
}

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Walk(error) => error.into(),
            error => Failure::could_not_finish(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::Cause;
    use crate::result::Tally;

    fn summary(gaps: &[Cause]) -> Summary {
        let mut summary = Tally::new().summary(1.0, false, 0);
        summary.gaps = gaps.iter().map(|cause| (*cause, 1)).collect();
        summary
    }

    #[test]
    fn only_what_failed_counts_unless_strict() {
        let cases = [
            (&[][..], Exit::Complete, Exit::Complete),
            (&[Cause::Excluded], Exit::Complete, Exit::Complete),
            (&[Cause::Media], Exit::Complete, Exit::Gaps),
            (&[Cause::Media, Cause::Denied], Exit::Gaps, Exit::Gaps),
        ];
        for (gaps, lenient, strict) in cases {
            assert_eq!(Exit::of_scan(&summary(gaps), false), lenient, "{gaps:?}");
            assert_eq!(Exit::of_scan(&summary(gaps), true), strict, "{gaps:?}");
        }
    }

    #[test]
    fn encrypted_members_count_only_when_strict() {
        let mut summary = summary(&[]);
        summary.members.by_coverage.insert(Coverage::Encrypted, 1);
        assert_eq!(Exit::of_scan(&summary, false), Exit::Complete);
        assert_eq!(Exit::of_scan(&summary, true), Exit::Gaps);
    }

    #[test]
    fn a_lost_path_is_a_gap() {
        assert_eq!(Exit::of_scan(&Tally::new().summary(1.0, false, 1), false), Exit::Gaps);
    }

    #[test]
    fn the_graver_exit_wins() {
        assert_eq!(Exit::Gaps.and(Exit::Verdict).code(), 1);
        assert_eq!(Exit::Gaps.and(Exit::Interrupted).code(), 130);
        assert_eq!(Exit::CouldNotFinish.and(Exit::Terminated).code(), 4);
        assert_eq!(Exit::Complete.and(Exit::Gaps).code(), 3);
        assert_eq!(Exit::Usage.code(), 2);
        assert_eq!(Exit::Terminated.code(), 143);
    }

    #[test]
    fn a_missing_root_is_wrong_use_and_an_unreadable_one_is_not() {
        let missing = ScanError::Walk(WalkError::MissingRoot("x".into()));
        assert_eq!(Failure::from(missing).exit, Exit::Usage);
        let unreadable = ScanError::Walk(WalkError::UnreadableRoot("x".into(), "EACCES".into()));
        assert_eq!(Failure::from(unreadable).exit, Exit::CouldNotFinish);
        assert_eq!(Failure::from(ScanError::NoRootReadable("x".into())).exit, Exit::CouldNotFinish);
    }
}

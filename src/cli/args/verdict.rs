//! The command lines of `check` and `baseline`.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::{Budgets, Level, Masking, Opening};
use crate::event::Configuration;

const AFTER_BASELINE: &str = "\
A baseline is made for the folder it lies in. It holds fingerprints, never numbers; commit it, and keep the key out of \
the repository.";

/// `revere check`.
#[derive(Args)]
pub struct Check {
    /// Files and folders to check [default: the folder of the baseline]; - reads standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What is known and accepted
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Least confidence of records that fail
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub fail_on: Level,
    /// Gaps allowed: so many, or so many in a hundred files (2%)
    #[arg(long, value_name = "N|P%", default_value = "0")]
    pub max_gaps: MaxGaps,
    /// Write the result (.jsonl, all of it) or a report of what is new (.sarif, .xml, gitlab:FILE, .csv, .xlsx, .json)
    /// to FILE; may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub out: Vec<PathBuf>,
    /// How to scan.
    #[command(flatten)]
    pub scanning: Scanning,
}

/// What commands that scan one folder share.
#[derive(Args)]
pub struct Scanning {
    /// Fingerprint key to use instead of your own (- reads standard input)
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Files read at the same time [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// Examine only files that match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,
    /// Leave out files and folders that match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Add the pattern files (.toml) in DIR; may be repeated
    #[arg(long, value_name = "DIR")]
    pub patterns: Vec<PathBuf>,
    /// Count what is encrypted or has no text by its nature as gaps too
    #[arg(long)]
    pub strict: bool,
    /// Passwords.
    #[command(flatten)]
    pub opening: Opening,
    /// What is shown of numbers.
    #[command(flatten)]
    pub masking: Masking,
    /// Budgets.
    #[command(flatten)]
    pub budgets: Budgets,
    /// The configuration file that settings came from.
    #[arg(skip)]
    pub configuration: Option<Configuration>,
}

/// How many gaps are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxGaps {
    /// So many.
    Count(u64),
    /// So many in a hundred files.
    Percent(u64),
}

impl std::str::FromStr for MaxGaps {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (digits, of) = match text.strip_suffix('%') {
            Some(digits) => (digits, MaxGaps::Percent as fn(u64) -> MaxGaps),
            None => (text, MaxGaps::Count as fn(u64) -> MaxGaps),
        };
        let whole: u64 = digits.trim().parse().map_err(|_| "a whole number is needed, as in 3 or 2%")?;
        if text.ends_with('%') && whole > 100 { Err("more than all of them") } else { Ok(of(whole)) }
    }
}

impl MaxGaps {
    /// True if `gaps` of `files` are not too many.
    pub fn allow(self, gaps: u64, files: u64) -> bool {
        match self {
            MaxGaps::Count(most) => gaps <= most,
            MaxGaps::Percent(most) => u128::from(gaps) * 100 <= u128::from(files) * u128::from(most),
        }
    }
}

/// `revere baseline`.
#[derive(Subcommand)]
pub enum Baseline {
    /// Make a baseline of everything that is there now
    #[command(after_help = AFTER_BASELINE)]
    Create {
        /// The baseline to make
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Files and folders to look at [default: the folder of the baseline]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How entries are made.
        #[command(flatten)]
        entries: Entries,
        /// How to scan.
        #[command(flatten)]
        scanning: Scanning,
    },
    /// Add what is new, and follow files that were renamed
    Update {
        /// The baseline
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Files and folders to look at [default: the folder of the baseline]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How entries are made.
        #[command(flatten)]
        entries: Entries,
        /// How to scan.
        #[command(flatten)]
        scanning: Scanning,
    },
    /// Decide entry by entry: no personal information, accepted until a day, or real
    Audit {
        /// The baseline
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Your name, for the entries
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// Ask about entries that have a reason too
        #[arg(long)]
        all: bool,
    },
    /// Remove entries that match nothing
    Prune {
        /// The baseline
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// How to scan.
        #[command(flatten)]
        scanning: Scanning,
    },
}

impl Baseline {
    /// How to scan, if the command does.
    pub fn scanning(&mut self) -> Option<&mut Scanning> {
        match self {
            Baseline::Create { scanning, .. }
            | Baseline::Update { scanning, .. }
            | Baseline::Prune { scanning, .. } => Some(scanning),
            Baseline::Audit { .. } => None,
        }
    }
}

/// How entries of a baseline are made.
#[derive(Args)]
pub struct Entries {
    /// What one entry covers: a number, a column of a table, or a file
    #[arg(long, value_enum, default_value_t, value_name = "SCOPE")]
    pub scope: EntryScope,
    /// Different numbers that a column or file may hold [default: as many as there are now]
    #[arg(long, value_name = "N")]
    pub max: Option<u64>,
    /// Why this may be there
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The last day on which the entries hold (YYYY-MM-DD)
    #[arg(long, value_name = "DAY")]
    pub until: Option<jiff::civil::Date>,
}

/// What one entry covers.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum EntryScope {
    /// One number in one file.
    #[default]
    Value,
    /// A column.
    Column,
    /// A file.
    File,
}

//! The command line as its users see it: commands, options, defaults and help.
//!
//! The one surprising rule: whatever is not the name of a command starts a scan, so `revere PATH` is
//! `revere scan PATH` ([`with_command`]). A path that is called like a command is written `./scan`.

mod inventory;
mod verdict;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::size::Size;
use crate::event::{self, Confidence};
use crate::scan::{At, Limits};
pub use inventory::{By, Inventory, Rules, is_list};
pub use verdict::{Baseline, Check, Entries, EntryScope, Scanning};
pub use words::{behind_command, with_command};

const AFTER_HELP: &str =
    "`revere PATH` is short for `revere scan PATH`; write ./scan for a path called scan.";

const AFTER_SCAN: &str = "\
Hidden files are scanned, ignore files are not honoured, archives and messages are opened, and the name of a file \
never decides how it is read. Nothing is altered, and no number is shown in full.

Exit codes:
  0    complete, also when records were found
  2    wrong use, a missing root, an unusable key or pattern file: nothing was scanned
  3    finished, but something failed to be examined
       (with --strict also what is encrypted or has no text by its nature)
  4    could not finish: the result cannot be written, or no root can be read
  130  interrupted (143: terminated); what was settled until then is in the result";

const AFTER_TEXT: &str = "\
The text is printed as it is, numbers included. Members of archives and attachments stand under headers of their \
own; what could not be read is named on standard error.

Exit codes: 0 all was read, 2 the file is not there, 3 something of it failed to be read.";

const AFTER_VERDICT: &str = "\
Paths select files below one folder: that of the baseline, or the current one without. So a checkout elsewhere gives \
the same verdict. Standard output names what is new by file and column, and what was not examined.

Exit codes:
  0    nothing new, and everything that could be examined was
  1    records that the baseline does not cover
  2    wrong use, or a baseline or key that cannot be used: nothing was scanned
  3    nothing new, but more failed to be examined than --max-gaps allows
  4    could not finish
  130  interrupted (143: terminated)";

const AFTER_REPORT: &str = "\
Formats by the end of FILE: .jsonl (the result itself, in order; .jsonl.zst packed), .json, .csv, .xlsx, .sarif, .xml (JUnit); \
gitlab:FILE is a GitLab security report. FORMAT:FILE works for all; - is standard output. Without --out a summary is \
printed. A report is replaced if it exists; a result (.jsonl) never is.

Exit codes: 0 reports are made, 2 a result is not whole, not ours or does not go with the others, 4 a report cannot be \
written.";

const AFTER_EXPLAIN: &str = "\
RESULT.jsonl#ID explains a record or number of a result: ID is the start of its id, six digits or more. \
FILE explains every record and number in a file, and for what looks like a number and is none, why not; \
FILE!MEMBER!MEMBER does that for a member of an archive or message. Numbers and names are masked.

Exit codes: 0 explained, 2 nothing there by that name or id, 3 something of the file failed to be read.";

const AFTER_CHECK: &str = "\
Exit codes: 0 all examples hold, 1 a built-in one does not, 2 a pattern file of yours cannot be used: file, line and \
reason are named.";

const AFTER_TEST: &str = "\
Exit codes: 0 something was found, 1 nothing was, 2 the file is not there or a pattern file cannot be used, 3 \
something of the file failed to be read.";

const AFTER_KEY: &str = "\
Every fingerprint in a result is made with a key. Results can be compared and merged only if they were made with \
the same one. Keep it apart from results: key and results together give the numbers back.";

const AFTER_CONFIG: &str = "\
The command line wins over the environment, that over the file, that over the default. What is printed is a \
configuration file itself.

Exit codes: 0 shown, 2 a setting is wrong: file and line are named.";

const AFTER_COMPLETIONS: &str = "\
bash: revere completions bash > ~/.local/share/bash-completion/completions/revere
zsh:  revere completions zsh > \"${fpath[1]}/_revere\"
fish: revere completions fish > ~/.config/fish/completions/revere.fish";

const AFTER_MAN: &str = "\
revere man > revere.1; revere man scan > revere-scan.1; man ./revere.1";

/// The whole command line.
#[derive(Parser)]
#[command(name = "revere", version, about, after_help = AFTER_HELP, arg_required_else_help = true)]
#[command(max_term_width = 100, disable_help_flag = true, disable_help_subcommand = true)]
#[command(disable_version_flag = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where settings come from.
    #[command(flatten)]
    pub source: SettingsFrom,
    /// What all commands share.
    #[command(flatten)]
    pub global: Global,
}

/// Where settings come from, besides the command line and the environment.
#[derive(Args, Clone)]
#[command(next_help_heading = "General")]
pub struct SettingsFrom {
    /// Take settings from FILE [default: revere.toml here, or in your configuration folder]
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Take settings from no file
    #[arg(long, global = true)]
    pub no_config: bool,
}

impl Cli {
    /// Notes which configuration file settings came from, for the result.
    pub fn note(&mut self, configuration: Option<event::Configuration>) {
        match &mut self.command {
            Command::Scan(scan) => scan.configuration = configuration,
            Command::Check(check) => check.scanning.configuration = configuration,
            Command::Baseline(baseline) => {
                if let Some(scanning) = baseline.scanning() {
                    scanning.configuration = configuration;
                }
            }
            _ => {}
        }
    }
}

/// Options that all commands share.
#[derive(Args, Clone, Copy)]
#[command(next_help_heading = "General")]
pub struct Global {
    /// When to use colour; auto is on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub color: Color,
    /// Print nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Name every file on standard error as it is settled, with its gaps
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Print this help
    #[arg(short, long, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
    /// Print the version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// When to use colour.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also into files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Look for records of personal information; say what was found and what could not be read
    #[command(after_help = AFTER_SCAN)]
    Scan(Box<Scan>),
    /// Fail on records that no baseline knows: for CI
    #[command(after_help = AFTER_VERDICT)]
    Check(Box<Check>),
    /// Keep the list of what is known and accepted
    #[command(subcommand)]
    Baseline(Box<Baseline>),
    /// Make reports of results, or one result of several, without scanning again
    #[command(after_help = AFTER_REPORT)]
    Report(Report),
    /// List what is stored where: whose, how old, who can reach it, and what is to become of it
    #[command(after_help = inventory::AFTER)]
    Inventory(Box<Inventory>),
    /// Print the text of a file as the scanner sees it, members included
    #[command(after_help = AFTER_TEXT)]
    Text(Text),
    /// Say why something was found, and why something was not
    #[command(after_help = AFTER_EXPLAIN)]
    Explain(Box<Explain>),
    /// List, show and check what is looked for, and the patterns you add
    #[command(subcommand)]
    Patterns(Patterns),
    /// List the formats that are read, and those that are recognised only
    Formats(Formats),
    /// Make keys for fingerprints
    #[command(subcommand)]
    Key(Key),
    /// Show the settings in force, and who said so
    #[command(subcommand)]
    Config(Config),
    /// Print a script that completes commands and options in a shell
    #[command(after_help = AFTER_COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_enum, value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print a page of the manual, for man
    #[command(after_help = AFTER_MAN)]
    Man {
        /// The page of a command [default: that of the program]
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// `revere config`.
#[derive(Subcommand)]
pub enum Config {
    /// Print all settings with their values, and where each comes from
    #[command(after_help = AFTER_CONFIG)]
    Show {
        /// Show the settings of this command line, as in: revere config show scan /srv -j 8
        #[arg(value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

/// `revere formats`.
#[derive(Args)]
pub struct Formats {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `revere scan`.
#[derive(Args)]
pub struct Scan {
    /// Folders and files to scan
    #[arg(value_name = "PATH", required_unless_present = "files_from", conflicts_with = "files_from")]
    pub paths: Vec<PathBuf>,
    /// Write the result (.jsonl; - is standard output) or a report (.json, .csv, .xlsx, .sarif, .xml, gitlab:FILE) to
    /// FILE; may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub out: Vec<PathBuf>,
    /// Fingerprint key to use instead of your own (- reads standard input)
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Use a key that is forgotten at the end: the result compares with no other
    #[arg(long, conflicts_with = "key_file")]
    pub ephemeral_key: bool,
    /// Files read at the same time [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// Examine only files that match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,
    /// Leave out files and folders that match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Scan the paths listed in FILE, one a line (- is standard input)
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Least confidence of the records shown here (a result file holds all)
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub min_confidence: Level,
    /// Add the pattern files (.toml) in DIR; may be repeated
    #[arg(long, value_name = "DIR")]
    pub patterns: Vec<PathBuf>,
    /// Exit with 3 also for what is encrypted or has no text by its nature
    #[arg(long)]
    pub strict: bool,
    /// Show no progress
    #[arg(long)]
    pub no_progress: bool,
    /// Name of this machine in the result [default: its host name]
    #[arg(long, value_name = "NAME")]
    pub label: Option<String>,
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
    pub configuration: Option<event::Configuration>,
}

/// `revere report`.
#[derive(Args)]
pub struct Report {
    /// Results (.jsonl; - is standard input) of scans with the same key; several are added up
    #[arg(value_name = "RESULT", required = true)]
    pub results: Vec<PathBuf>,
    /// Write a report to FILE; its end decides the format, or FORMAT:FILE; may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub out: Vec<PathBuf>,
    /// Least confidence of the records shown here and in verdicts (tables hold all)
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub min_confidence: Level,
    /// List everything that was not examined, with its cause
    #[arg(long)]
    pub gaps: bool,
}

/// `revere text`.
#[derive(Args)]
pub struct Text {
    /// The file to read
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Passwords.
    #[command(flatten)]
    pub opening: Opening,
    /// Budgets.
    #[command(flatten)]
    pub budgets: Budgets,
}

/// `revere explain`.
#[derive(Args)]
pub struct Explain {
    /// RESULT.jsonl#ID, or FILE, or FILE!MEMBER
    #[arg(value_name = "WHAT", required_unless_present = "text", conflicts_with = "text")]
    pub what: Option<OsString>,
    /// Explain this text (- reads standard input)
    #[arg(long, value_name = "STRING", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Only what stands there: line:N, page:N, row:N, cell:B17, sheet:NAME; of several all must fit
    #[arg(long, value_name = "PLACE")]
    pub at: Vec<At>,
    /// Show numbers and names in full; only on a terminal
    #[arg(long)]
    pub reveal: bool,
    /// The key of the result, for --reveal, if it is not your own (- reads standard input)
    #[arg(long, value_name = "FILE", requires = "reveal")]
    pub key_file: Option<PathBuf>,
    /// Passwords.
    #[command(flatten)]
    pub opening: Opening,
    /// Budgets.
    #[command(flatten)]
    pub budgets: Budgets,
}

/// `revere patterns`.
#[derive(Subcommand)]
pub enum Patterns {
    /// Name all patterns with element and number of sources
    List {
        /// Name those of the pattern files in DIR too; may be repeated
        #[arg(long, value_name = "DIR")]
        patterns: Vec<PathBuf>,
    },
    /// Print the definition of a pattern
    Show {
        /// The pattern, as the list names it
        #[arg(value_name = "ID")]
        id: String,
        /// Look through the pattern files in DIR too; may be repeated
        #[arg(long, value_name = "DIR")]
        patterns: Vec<PathBuf>,
    },
    /// Prove the examples of all patterns, those of DIR too, and say what yours cost
    #[command(after_help = AFTER_CHECK)]
    Check {
        /// Folders of pattern files, or single files
        #[arg(value_name = "DIR")]
        patterns: Vec<PathBuf>,
    },
    /// Show what the patterns find in a file: masked, with points and reasons
    #[command(after_help = AFTER_TEST)]
    Test {
        /// The file to look through
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Use the pattern files in DIR too; may be repeated
        #[arg(long, value_name = "DIR")]
        patterns: Vec<PathBuf>,
        /// Budgets.
        #[command(flatten)]
        budgets: Budgets,
    },
}

/// `revere key`.
#[derive(Subcommand)]
pub enum Key {
    /// Make a key and write it to a new file that only you can read
    #[command(after_help = AFTER_KEY)]
    New {
        /// The file to make
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// How what is encrypted may be opened.
#[derive(Clone, Default, Args)]
pub struct Opening {
    /// Try the passwords in FILE on what is encrypted (UTF-8, one a line)
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// What is shown of numbers.
#[derive(Clone, Copy, Default, Args)]
pub struct Masking {
    /// What is shown of numbers, here and in results: their last digits, or nothing
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub mask: Mask,
}

/// How much is masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Mask {
    /// All but the last four digits; of short numbers more.
    #[default]
    Last4,
    /// All of it.
    Full,
}

/// The budgets of one file. Whatever goes beyond one is listed as not examined.
#[derive(Args, Clone)]
#[command(next_help_heading = "Budgets of one file (what goes beyond is listed as not examined)")]
pub struct Budgets {
    /// Bytes it may expand to, or 100 times its size if that is more
    #[arg(long, value_name = "SIZE", default_value_t = Size(limits().expanded))]
    pub max_expanded: Size,
    /// Times its size that a stream of over 64 MiB may expand to
    #[arg(long, value_name = "N", default_value_t = limits().ratio, value_parser = at_least_one())]
    pub max_ratio: u64,
    /// Containers within containers
    #[arg(long, alias = "nesting", value_name = "N", default_value_t = limits().depth)]
    pub max_depth: usize,
    /// Members of all its containers together
    #[arg(long, value_name = "N", default_value_t = limits().members)]
    pub max_members: u64,
    /// Memory of the process that reads it
    #[arg(long, value_name = "SIZE", default_value_t = Size(limits().memory))]
    pub max_memory: Size,
    /// Seconds without progress, and seconds of work per started 64 MiB
    #[arg(long, value_name = "SECONDS", default_value_t = limits().seconds, value_parser = at_least_one())]
    pub timeout: u64,
    /// Records to list; more are counted
    #[arg(long, value_name = "N", default_value_t = limits().records)]
    pub records: u64,
}

impl Budgets {
    /// The budgets as the scanner takes them.
    pub fn limits(&self) -> Limits {
        Limits {
            expanded: self.max_expanded.0,
            ratio: self.max_ratio,
            depth: self.max_depth,
            members: self.max_members,
            memory: self.max_memory.0,
            seconds: self.timeout,
            records: self.records,
        }
    }
}

fn limits() -> Limits {
    Limits::default()
}

fn at_least_one() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..)
}

/// Levels of confidence on the command line.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Level {
    /// All records.
    Low,
    /// Medium and high.
    #[default]
    Medium,
    /// High alone.
    High,
}

impl From<Level> for Confidence {
    fn from(level: Level) -> Self {
        match level {
            Level::Low => Confidence::Low,
            Level::Medium => Confidence::Medium,
            Level::High => Confidence::High,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(args: &[&str]) -> Result<Cli, clap::Error> {
        let given = std::iter::once("revere").chain(args.iter().copied()).map(OsString::from);
        Cli::try_parse_from(with_command(given))
    }

    fn scan(args: &[&str]) -> Scan {
        match parse(args).map(|cli| cli.command) {
            Ok(Command::Scan(scan)) => *scan,
            Ok(_) => panic!("another command"),
            Err(e) => panic!("{e}"),
        }
    }

    fn refusal(args: &[&str]) -> String {
        parse(args).err().expect("should be refused").to_string()
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_path_alone_is_a_scan() {
        for args in [&["a", "b"][..], &["scan", "a", "b"], &["-q", "a", "b"], &["--color", "never", "a", "b"]]
        {
            assert_eq!(scan(args).paths, [PathBuf::from("a"), PathBuf::from("b")]);
        }
        assert_eq!(scan(&["--strict", "a"]).paths.len(), 1);
        assert_eq!(scan(&["./scan"]).paths, [PathBuf::from("./scan")]);
        assert_eq!(scan(&["--", "-odd"]).paths, [PathBuf::from("-odd")]);
    }

    #[test]
    fn commands_are_known_behind_global_options() {
        assert!(matches!(parse(&["-v", "text", "f"]).map(|c| c.command), Ok(Command::Text(_))));
        assert!(matches!(parse(&["key", "new", "f"]).map(|c| c.command), Ok(Command::Key(Key::New { .. }))));
        for args in [&["--help"][..], &["-h"], &["help"]] {
            assert!(refusal(args).contains("Commands:"));
        }
        assert!(refusal(&["help", "scan"]).contains("Exit codes:"));
        assert!(refusal(&[]).contains("Commands:"));
    }

    #[test]
    fn budgets_have_the_defaults_of_the_scanner() {
        let limits = scan(&["a"]).budgets.limits();
        assert_eq!(format!("{limits:?}"), format!("{:?}", Limits::default()));
        let limits = scan(&["a", "--max-expanded", "1.5G", "--timeout", "5"]).budgets.limits();
        assert_eq!((limits.expanded, limits.seconds), (3 << 29, 5));
    }

    #[test]
    fn contradictions_are_refused() {
        assert!(refusal(&["a", "--key-file", "k", "--ephemeral-key"]).contains("cannot be used with"));
        assert!(refusal(&["a", "--files-from", "l"]).contains("cannot be used with"));
        assert!(refusal(&["scan"]).contains("PATH"));
        assert!(refusal(&["a", "-q", "-v"]).contains("cannot be used with"));
        assert!(refusal(&["a", "--jobs", "0"]).contains("--jobs"));
        assert!(refusal(&["a", "--timeout", "0"]).contains("--timeout"));
        assert!(refusal(&["a", "--nonsense"]).contains("--nonsense"));
        assert!(refusal(&["a", "--min-confidence", "certain"]).contains("low, medium, high"));
    }
}

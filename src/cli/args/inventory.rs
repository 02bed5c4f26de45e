//! The command line of `inventory`.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use crate::inventory::Retention;

/// What the help ends with.
pub const AFTER: &str = "\
The columns legal_hold, decision, decided_by, decided_on and note are yours. --previous takes them over into the next \
inventory, also for files that are not there any more; the former inventory may have been saved by a spreadsheet \
program.

--owner-map is CSV with the columns owner or path, and department, data_owner: the deepest path that is listed decides, \
else the owner of the file. --retention is TOML; the first rule that matches counts; the list alone may stand in place of its file:
  retention = [{ path = \"hr/**\", years = 7 }, { path = \"**\", years = 3, from = \"created\" }]
With it, disposal_flag says keep, review (due within 90 days, or nobody knows) or overdue; what is on legal hold is kept.

Exit codes: 0 the inventory is made, 2 a result or one of the other files cannot be used: file and line are named, 4 \
the inventory cannot be written.";

/// `revere inventory`.
#[derive(Args)]
pub struct Inventory {
    /// Results (.jsonl; - is standard input) of scans with the same key; several are added up
    #[arg(value_name = "RESULT", required = true)]
    pub results: Vec<PathBuf>,
    /// Write the inventory to FILE: .xlsx (all tables, with a summary) or .csv (one table); it is replaced if it exists
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    /// The inventory before this one (.xlsx or .csv), for what people decided
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Departments and data owners, by owner or path (.csv)
    #[arg(long, value_name = "FILE")]
    pub owner_map: Option<PathBuf>,
    /// How many years files are kept, by path: a file (.toml), or the list itself
    #[arg(long, value_name = "FILE|LIST", value_hint = ValueHint::FilePath, value_parser = rules())]
    pub retention: Option<Rules>,
    /// Say which files hold only what this baseline covers
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// The table that goes into a .csv [default: file]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<By>,
    /// The day for which ages and disposal hold (YYYY-MM-DD) [default: today, UTC]
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<jiff::civil::Date>,
    /// List files in which nothing was found too
    #[arg(long)]
    pub all: bool,
}

/// Rules of retention.
#[derive(Clone)]
pub enum Rules {
    /// In a file.
    File(PathBuf),
    /// The list itself, as the file would hold it.
    List(String),
}

/// True for a list of rules in the place of the name of a file.
pub fn is_list(text: &OsStr) -> bool {
    text.as_encoded_bytes().trim_ascii_start().starts_with(b"[")
}

fn rules() -> impl TypedValueParser<Value = Rules> {
    OsStringValueParser::new().try_map(|text| {
        if !is_list(&text) {
            return Ok(Rules::File(text.into()));
        }
        let list = text.into_string().map_err(|_| "not UTF-8".to_owned())?;
        let list = format!("retention = {list}");
        Retention::parse(&list).map(|_| Rules::List(list)).map_err(|error| error.what)
    })
}

/// Tables of an inventory.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// One row for each file.
    File,
    /// Folders, with all that is below.
    Folder,
    /// Owners of files.
    Owner,
    /// Roots of scans.
    Share,
    /// Departments of the owner map.
    Department,
    /// Mounts.
    Volume,
}

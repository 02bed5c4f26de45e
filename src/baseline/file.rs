//! The file: a header with the id of the key, then one line for each entry, sorted, so that two branches that add
//! entries merge cleanly. Lines may stand in any order, as a merge may leave them; writing sorts them.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Read, Write};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::ElementType;

/// Version of the format.
const VERSION: u32 = 1;
/// Bytes beyond which a line is no entry.
const LONGEST_LINE: u64 = 1 << 20;

/// What an entry covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All numbers of a file.
    File,
    /// All numbers of a column.
    Column,
    /// One number in a file.
    Value,
}

/// What a person decided about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Personal information that may stay there.
    Accepted,
    /// No personal information.
    False,
}

/// An entry. The order of fields is that of the line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Path below the folder of the baseline, masked.
    pub path: String,
    /// Its keyed fingerprint.
    pub path_id: String,
    /// What is covered.
    pub scope: Scope,
    /// Header of the column, masked, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Keyed fingerprint of the column; for the scope `column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_id: Option<String>,
    /// Kind of number; for the scopes `value` and `column`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ElementType>,
    /// Keyed fingerprint of the number; for the scope `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Different numbers covered at most; for the scopes `column` and `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The last day on which it covers anything, `YYYY-MM-DD` (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Entry {
    /// True if it covers nothing any more.
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// What is missing or should not be there, if anything.
    fn fault(&self) -> Option<&'static str> {
        let (id, column) = (self.id.is_some(), self.column_id.is_some());
        match self.scope {
            _ if self.path_id.is_empty() => Some("path_id is empty"),
            Scope::Value if !id => Some("scope value needs an id"),
            Scope::Value if column || self.max.is_some() => Some("scope value takes no column_id and no max"),
            Scope::Column if !column => Some("scope column needs a column_id"),
            Scope::Column if id => Some("scope column takes no id"),
            Scope::File if id || column => Some("scope file takes no id and no column_id"),
            _ => None,
        }
    }
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    baseline: u32,
    key_id: String,
}

/// A baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The key whose fingerprints it holds.
    pub key_id: String,
    /// Entries in the order of their lines.
    pub entries: BTreeSet<Entry>,
}

/// Why a baseline cannot be used. Never repeats the line.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It cannot be read.
    #[error("line {line} cannot be read: {source}")]
    Io {
        /// Line, from 1.
        line: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The first line is no header.
    #[error("line 1 is no header of a baseline")]
    NoHeader,
    /// A later version of the format.
    #[error("line 1: a baseline of version {0}; this program reads version {VERSION}")]
    Newer(u32),
    /// A line that is no entry.
    #[error("line {line}: {what}")]
    Entry {
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
}

impl Baseline {
    /// An empty baseline under a key.
    pub fn new(key_id: &str) -> Self {
        Baseline { key_id: key_id.to_owned(), entries: BTreeSet::new() }
    }

    /// Reads a baseline. Empty lines are allowed, equal lines count once.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub fn read(mut source: impl BufRead) -> Result<Self, BaselineError> {
        let (mut text, mut number) = (Vec::new(), 0);
        let mut next = || -> Result<Option<(u64, Vec<u8>)>, BaselineError> {
            text.clear();
            number += 1;
            let read = (&mut source).take(LONGEST_LINE).read_until(b'\n', &mut text);
            let read = read.map_err(|source| BaselineError::Io { line: number, source })?;
            Ok((read > 0).then(|| (number, text.trim_ascii().to_vec())))
        };
        let first = next()?.ok_or(BaselineError::NoHeader)?.1;
        let header: Header = serde_json::from_slice(&first).map_err(|_| BaselineError::NoHeader)?;
        if header.baseline != VERSION {
            return Err(BaselineError::Newer(header.baseline));
        }
        let mut baseline = Baseline::new(&header.key_id);
        while let Some((line, text)) = next()? {
            if !text.is_empty() {
                let entry = parse(&text).map_err(|what| BaselineError::Entry { line, what })?;
                baseline.entries.insert(entry);
            }
        }
        Ok(baseline)
    }

    /// Writes the baseline: header, then entries in order.
    ///
    /// # Errors
    /// If the target cannot be written.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        let header = Header { baseline: VERSION, key_id: self.key_id.clone() };
        serde_json::to_writer(&mut out, &header)?;
        for entry in &self.entries {
            out.write_all(b"\n")?;
            serde_json::to_writer(&mut out, entry)?;
        }
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// An entry, or what is wrong with it in words that do not repeat it.
fn parse(text: &[u8]) -> Result<Entry, String> {
    if [&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"].iter().any(|mark| text.starts_with(mark)) {
        return Err("a mark of a merge that was not finished; keep the lines of both sides".to_owned());
    }
    let entry: Entry = serde_json::from_slice(text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => {
            format!("no entry of a baseline, or a field that does not belong there (column {})", e.column())
        }
        _ => format!("not JSON (column {})", e.column()),
    })?;
    entry.fault().map_or(Ok(entry), |fault| Err(fault.to_owned()))
}

//! Whether a file that is there may be replaced: only by what it was before.
//!
//! `revere check exports --out exports/customers.csv` is a slip of the pen. It would cost the data, and turn the
//! check green, because what a command writes is not scanned. So a file that holds anything else than a report of
//! this program is left alone, whatever its name.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use anyhow::anyhow;

use super::exit::Failure;
use crate::inventory::{Sheet, reread};

/// How much of a report is looked at; the sign of SARIF stands behind its results, of which there are 5,000 at most.
const LOOKED_AT: u64 = 64 << 20;

/// What is looked at to tell what a file is.
const HEAD: u64 = 256;
/// The first column of inventories by file.
const PATH: &str = "path";

/// What a file is to become.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A report of any format.
    Report,
    /// An inventory.
    Inventory,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Kind::Report => "report",
            Kind::Inventory => "inventory",
        }
    }
}

/// Refuses a file that holds something else. An empty one holds nothing, and devices and pipes are written to.
///
/// # Errors
/// Names the file.
pub fn check(path: &Path, kind: Kind) -> Result<(), Failure> {
    let Ok(meta) = path.metadata() else { return Ok(()) };
    if !meta.is_file() || meta.len() == 0 || holds(path, meta.len(), kind) {
        return Ok(());
    }
    Err(Failure::usage(anyhow!(
        "refused: {} exists and is no {} of revere; name another file, or move it away",
        path.display(),
        kind.words()
    )))
}

/// True for an inventory in CSV by something else than files, which holds no decisions.
pub fn is_group_table(path: &Path) -> bool {
    let groups = Sheet::ALL.into_iter().filter(|sheet| *sheet != Sheet::Files);
    let groups: Vec<&str> = groups.map(|sheet| sheet.columns()[0].0).filter(|name| *name != PATH).collect();
    File::open(path).and_then(|mut file| head(&mut file)).is_ok_and(|head| is_table(&head, &groups))
}

/// True if a file holds what this program made; what cannot be read does not.
fn holds(path: &Path, len: u64, kind: Kind) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let Ok(head) = head(&mut file) else { return false };
    if head.starts_with(b"PK") {
        let title = reread::title(&mut BufReader::new(file), len).unwrap_or_default();
        return title.starts_with(match kind {
            Kind::Report => "Personal information (M.G.L.",
            Kind::Inventory => "Inventory of personal information",
        });
    }
    match kind {
        Kind::Inventory => is_table(&head, &Sheet::ALL.map(|sheet| sheet.columns()[0].0)),
        Kind::Report => {
            is_table(&head, &["level"])
                || head.starts_with(b"{\"report\":")
                || contains(&head, b"<testsuites name=\"revere\"")
                || contains(&head, b"\"id\": \"revere\"")
                || (contains(&head, b"sarif-2.1.0") && is_our_sarif(path))
        }
    }
}

/// The first bytes of a file, without the mark that some programs put before UTF-8.
fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    Ok(head.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(head))
}

/// True for a table whose first column is `row` and whose second is one of `second`, also as a spreadsheet program
/// would save it.
fn is_table(head: &[u8], second: &[&str]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).replace('"', "");
    let mut columns = line.split([',', ';', '\t']);
    columns.next() == Some("row") && columns.next().is_some_and(|name| second.contains(&name.trim()))
}

fn is_our_sarif(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut bytes));
    read.is_ok() && contains(&bytes, b"\"name\": \"revere\"")
}

fn contains(bytes: &[u8], sign: &[u8]) -> bool {
    memchr::memmem::find(bytes, sign).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(content: &[u8], kind: Kind) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, content).unwrap();
        check(&path, kind).is_err()
    }

    #[test]
    fn what_this_program_made_may_be_replaced() {
        for report in [
            "",
            "row,level,path\r\n",
            "{\"report\":1,",
            "<?xml version=\"1.0\"?>\n<testsuites name=\"revere\" tests=\"1\"",
            "{\n  \"scan\": {\n    \"analyzer\": {\n      \"id\": \"revere\",",
            "{\n \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"driver\": {\"name\": \"revere\"",
        ] {
            assert!(!refused(report.as_bytes(), Kind::Report), "{report}");
        }
        for inventory in
            ["", "row,path,share\r\n", "\u{feff}row;share;folder\n", "\"row\"\t\"owner\"\n", "row,share,"]
        {
            assert!(!refused(inventory.as_bytes(), Kind::Inventory), "{inventory}");
        }
    }

    #[test]
    fn anything_else_may_not() {
        for other in [
            "last_name,ssn\n",
            "row,number\n",
            "{\"event\":\"run\"",
            "{}",
            "PK\u{3}\u{4}",
            "<testsuites>",
            "sarif-2.1.0",
        ] {
            assert!(refused(other.as_bytes(), Kind::Report), "{other}");
            assert!(refused(other.as_bytes(), Kind::Inventory), "{other}");
        }
        assert!(refused(b"row,path,share\n", Kind::Report));
        assert!(refused(b"row,level,path\n", Kind::Inventory));
    }
}

//! What is to be explained, as it is written on the command line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::exit::Failure;
use crate::mask;

/// The fewest digits of an id.
const LEAST: usize = 6;
/// The digits of a whole id.
const MOST: usize = 32;

/// What is to be explained.
pub enum Target<'a> {
    /// A text.
    Text(&'a str),
    /// A record or number of a result, by the start of its id (lower case).
    Result {
        /// The result.
        file: PathBuf,
        /// Start of the id.
        id: String,
    },
    /// A file, or a member of it.
    File {
        /// The file.
        path: PathBuf,
        /// Names of the member as results show them, joined by `!`; empty for the file itself.
        member: String,
    },
}

impl Target<'_> {
    /// Reads `RESULT#ID`, `FILE` or `FILE!MEMBER…`. A file that is called so goes first.
    pub fn of(what: &OsStr) -> Result<Self, Failure> {
        let whole = Path::new(what);
        let text = what.to_str().filter(|_| whole.symlink_metadata().is_err());
        let Some(text) = text else {
            return Ok(Target::File { path: whole.into(), member: String::new() });
        };
        if let Some((file, id)) = text.rsplit_once('#').filter(|(file, _)| Path::new(file).is_file()) {
            return Ok(Target::Result { file: file.into(), id: id_of(id)? });
        }
        let file_of =
            |(at, _)| Some((&text[..at], &text[at + 1..])).filter(|(file, _)| Path::new(file).is_file());
        match text.match_indices('!').find_map(file_of) {
            Some((file, member)) => {
                Ok(Target::File { path: file.into(), member: mask::text(member).into_owned() })
            }
            None => Err(Failure::usage(anyhow!("nothing to explain at {text}: no such file"))),
        }
    }
}

fn id_of(id: &str) -> Result<String, Failure> {
    let fits = (LEAST..=MOST).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
    let why = "give its first 6 to 32 hexadecimal digits, as the result has them in `id`";
    if fits { Ok(id.to_ascii_lowercase()) } else { Err(Failure::usage(anyhow!("no id behind the #: {why}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_members_and_ids_are_told_apart() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
        for name in ["r.jsonl", "a.zip", "odd#1.txt"] {
            std::fs::write(file(name), "").expect("written");
        }
        let of = |text: &str| Target::of(OsStr::new(&file(text)));
        assert!(matches!(of("r.jsonl#7F3A91"), Ok(Target::Result { id, .. }) if id == "7f3a91"));
        assert!(matches!(of("odd#1.txt"), Ok(Target::File { member, .. }) if member.is_empty()));
        assert!(matches!(of("a.zip!b.zip!c#2"), Ok(Target::File { member, .. }) if member == "b.zip!c#2"));
        assert!(
            matches!(of("a.zip!024613387.csv"), Ok(Target::File { member, .. }) if member == "•••••••••.csv")
        );
        for bad in ["none", "none#7f3a91", "r.jsonl#7f3a", "r.jsonl#record", "none!a"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}

//! Lists of paths instead of trees: plain, or a manifest in JSON lines.
//!
//! The two roots of a plain list do not depend on its lines, so that parts of one list have equal roots and
//! can be merged. A relative path never leads out of the current folder through a link; one with `..` may,
//! because somebody wrote that.

use std::ffi::OsStr;
use std::io::{BufRead, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::{Root, WalkError};
use crate::coverage::Cause;
use crate::source::cause_of;

/// The longest line in bytes; paths are shorter by far.
const LONGEST: u64 = 1 << 20;

/// The numbers of the two roots of a plain list.
const HERE: u32 = 0;
const TOP: u32 = 1;

/// A list being read.
pub(super) struct List {
    reader: Box<dyn BufRead + Send>,
    separator: u8,
    manifest: bool,
    /// The first line, read to see what the list is.
    first: Option<Vec<u8>>,
    number: u64,
    /// The folder of the line before, as written and as it really is: lines mostly come folder by folder.
    parent: Option<(PathBuf, PathBuf)>,
}

/// What a line names.
pub(super) enum Line {
    /// A path below a root.
    Path(u32, Vec<u8>),
    /// A path that cannot be looked at.
    Settled(u32, Vec<u8>, Cause, String),
    /// Nothing that could be understood.
    Bad(String),
}

#[derive(Deserialize)]
struct Roots {
    roots: Vec<String>,
}

#[derive(Deserialize)]
struct Entry {
    root: u32,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    path_raw: Option<String>,
}

impl List {
    /// Reads the first line and finds the roots.
    pub(super) fn open(
        reader: Box<dyn BufRead + Send>,
        separator: u8,
    ) -> Result<(Vec<Root>, Self), WalkError> {
        let mut list = List { reader, separator, manifest: false, first: None, number: 0, parent: None };
        let first = match list.read_line() {
            Some(Ok(line)) => line,
            Some(Err(detail)) => return Err(WalkError::List(detail)),
            None => Vec::new(),
        };
        let given: Vec<PathBuf> = if first.starts_with(b"{") {
            list.manifest = true;
            let roots: Roots = serde_json::from_slice(&first)
                .map_err(|_| WalkError::List("its first line does not name the roots".to_owned()))?;
            roots.roots.into_iter().map(PathBuf::from).collect()
        } else {
            list.first = Some(first);
            vec![PathBuf::from("."), PathBuf::from("/")]
        };
        let roots = given.iter().map(|r| Root::new(r)).collect::<Result<_, _>>()?;
        Ok((roots, list))
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self, roots: &[Root]) -> Option<Line> {
        loop {
            let line = match self.first.take() {
                Some(first) => first,
                None => match self.read_line()? {
                    Ok(line) => line,
                    Err(detail) => return Some(Line::Bad(detail)),
                },
            };
            if !line.is_empty() {
                return Some(if self.manifest { self.entry(&line, roots) } else { self.plain(&line, roots) });
            }
        }
    }

    /// One line without its separator. After a failure to read nothing more comes.
    fn read_line(&mut self) -> Option<Result<Vec<u8>, String>> {
        let mut line = Vec::new();
        self.number += 1;
        match (&mut self.reader).take(LONGEST).read_until(self.separator, &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(e) => {
                self.reader = Box::new(std::io::empty());
                return Some(Err(format!("line {} cannot be read: {}", self.number, cause_of(&e).1)));
            }
        }
        if line.last() == Some(&self.separator) {
            line.pop();
        } else if line.len() as u64 == LONGEST {
            return Some(Err(format!("line {} is longer than any path", self.number)));
        }
        Some(Ok(line))
    }

    fn entry(&self, line: &[u8], roots: &[Root]) -> Line {
        let bad = || Line::Bad(format!("line {} of the manifest names no path below a root", self.number));
        let Ok(entry) = serde_json::from_slice::<Entry>(line) else { return bad() };
        let path = match (entry.path_raw, entry.path) {
            (Some(raw), _) => from_base64(raw.as_bytes()),
            (None, path) => path.map(String::into_bytes),
        };
        let below = |p: &Vec<u8>| p.split(|b| *b == b'/').all(|part| !matches!(part, b"" | b"." | b".."));
        match path.filter(below) {
            Some(path) if (entry.root as usize) < roots.len() => Line::Path(entry.root, path),
            _ => bad(),
        }
    }

    fn plain(&mut self, line: &[u8], roots: &[Root]) -> Line {
        let path = Path::new(OsStr::from_bytes(line));
        let climbs = path.components().any(|c| c == Component::ParentDir);
        let (root, base) =
            if path.is_absolute() || climbs { (TOP, Path::new("/")) } else { (HERE, &*roots[0].dir) };
        let full = roots[0].dir.join(path);
        let (Some(parent), Some(name)) = (full.parent(), full.file_name()) else {
            return Line::Settled(
                root,
                below(&full, base),
                Cause::Excluded,
                "not the path of a file".to_owned(),
            );
        };
        let real = match self.real_parent(parent) {
            Ok(real) => real.join(name),
            Err(e) => {
                let (cause, detail) = cause_of(&e);
                return Line::Settled(root, below(&full, base), cause, detail);
            }
        };
        if real.starts_with(base) {
            Line::Path(root, below(&real, base))
        } else {
            let detail = "a link leads out of the current folder".to_owned();
            Line::Settled(root, below(&full, base), Cause::Link, detail)
        }
    }

    fn real_parent(&mut self, parent: &Path) -> std::io::Result<&Path> {
        if self.parent.as_ref().is_none_or(|(written, _)| written != parent) {
            self.parent = Some((parent.to_owned(), std::fs::canonicalize(parent)?));
        }
        Ok(self.parent.as_ref().map_or(Path::new("/"), |(_, real)| real))
    }
}

fn below(path: &Path, base: &Path) -> Vec<u8> {
    let relative: PathBuf = path.strip_prefix(base).unwrap_or(path).components().collect();
    relative.into_os_string().into_vec()
}

/// Base64 as of RFC 4648, section 4, with or without padding.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for &c in text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text) {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_gives_back_any_bytes() {
        assert_eq!(from_base64(b"cmVuw6kvAP8=").as_deref(), Some(b"ren\xC3\xA9/\0\xFF".as_slice()));
        assert_eq!(from_base64(b"YQ==").as_deref(), Some(b"a".as_slice()));
        assert_eq!(from_base64(b"YQ").as_deref(), Some(b"a".as_slice()));
        assert_eq!(from_base64(b"a b"), None);
    }

    #[test]
    fn an_overlong_line_is_reported_and_reading_ends() {
        let text = vec![b'x'; 3 << 20];
        let (roots, mut list) =
            List::open(Box::new(std::io::Cursor::new(b"a\n".to_vec())), b'\n').ok().unwrap();
        assert!(matches!(list.next(&roots), Some(Line::Path(HERE, path)) if path == b"a"));
        list.reader = Box::new(std::io::Cursor::new(text));
        let mut bad = 0;
        while let Some(line) = list.next(&roots) {
            bad += usize::from(matches!(line, Line::Bad(_)));
        }
        assert!(bad >= 1);
    }
}

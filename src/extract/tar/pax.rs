//! Extended headers: records `LENGTH KEY=VALUE\n`.

use super::header::text;
use super::sparse::{Extent, MOST_EXTENTS};

/// What extended headers say of a member.
#[derive(Clone, Default)]
pub(super) struct Extended {
    pub(super) path: Option<String>,
    /// The name of a sparse file; `path` then holds a made-up one.
    pub(super) name: Option<String>,
    pub(super) size: Option<u64>,
    /// Size of a sparse file with its holes.
    pub(super) real_size: Option<u64>,
    /// Where the data of a sparse file belong (GNU's forms 0.0 and 0.1).
    pub(super) sparse: Option<Vec<Extent>>,
    /// True if the content begins with that list (form 1.0).
    pub(super) sparse_in_data: bool,
}

impl Extended {
    /// Takes in the records of a header, as far as they are well formed.
    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while let Some((record, rest)) = split_record(bytes) {
            if let Some(at) = memchr::memchr(b'=', record) {
                self.record(&record[..at], &record[at + 1..]);
            }
            bytes = rest;
        }
    }

    fn record(&mut self, key: &[u8], value: &[u8]) {
        let number = || std::str::from_utf8(value).ok().and_then(|v| v.parse::<u64>().ok());
        match key {
            b"path" => self.path = Some(text(value)),
            b"size" => self.size = number().or(self.size),
            b"GNU.sparse.name" => self.name = Some(text(value)),
            b"GNU.sparse.size" | b"GNU.sparse.realsize" => self.real_size = number(),
            b"GNU.sparse.major" => self.sparse_in_data = number() == Some(1),
            b"GNU.sparse.map" => self.sparse = Some(extents(value)),
            b"GNU.sparse.offset" => {
                if let Some(at) = number() {
                    let list = self.sparse.get_or_insert_default();
                    if list.len() < MOST_EXTENTS {
                        list.push(Extent { at, length: 0 });
                    }
                }
            }
            b"GNU.sparse.numbytes" => {
                if let (Some(last), Some(length)) =
                    (self.sparse.as_mut().and_then(|l| l.last_mut()), number())
                {
                    last.length = length;
                }
            }
            _ => {}
        }
    }
}

/// The first record without its length, and what follows it.
fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', bytes.get(..bytes.len().min(20))?)?;
    let length: usize = std::str::from_utf8(&bytes[..space]).ok()?.parse().ok()?;
    let record = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
    Some((record, &bytes[length..]))
}

/// The list `offset,length,offset,length`.
fn extents(value: &[u8]) -> Vec<Extent> {
    let numbers: Vec<u64> =
        value.split(|b| *b == b',').map_while(|n| std::str::from_utf8(n).ok()?.parse().ok()).collect();
    numbers.chunks_exact(2).map(|pair| Extent { at: pair[0], length: pair[1] }).collect()
}

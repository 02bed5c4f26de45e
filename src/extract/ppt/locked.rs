//! Encrypted presentations: every object of the stream is encrypted by itself, with its number as that of the block.
//!
//! Source: [MS-PPT] 2.3.2 (current user), 2.3.3 and 2.3.4 (edits and their directories of objects), 2.3.7 (encryption
//! information). Edits, directories and that information are not encrypted. Pictures are, and are not read.

use std::collections::HashSet;

use crate::extract::bytes::{slice, u32_at};
use crate::extract::unlock::legacy::Key;

const EDIT: u32 = 0x0FF5;
const DIRECTORY: u32 = 0x1772;
const INFO: u32 = 0x2F14;
/// Edits that are followed back.
const MOST_EDITS: usize = 10_000;

/// The bytes of the record of this kind that begins at `at`.
fn record(stream: &[u8], at: usize, kind: u32) -> Option<&[u8]> {
    (u32_at(stream, at)? >> 16 == kind).then_some(())?;
    slice(stream, at.checked_add(8)?, u32_at(stream, at + 4)? as usize)
}

/// Numbers and places of all objects of all edits, the last edit first, and which of them is the information.
fn objects(user: &[u8], stream: &[u8]) -> (Vec<(u32, usize)>, Option<u32>) {
    let (mut objects, mut seen, mut info) = (Vec::new(), HashSet::new(), None);
    let mut next = u32_at(user, 16).unwrap_or(0) as usize;
    while seen.len() < MOST_EDITS
        && seen.insert(next)
        && let Some(edit) = record(stream, next, EDIT)
    {
        info = info.or(u32_at(edit, 28));
        let directory = u32_at(edit, 12).and_then(|at| record(stream, at as usize, DIRECTORY));
        list(directory.unwrap_or_default(), &mut objects);
        next = u32_at(edit, 8).unwrap_or(0) as usize;
    }
    (objects, info)
}

/// A directory: for each run of numbers its first (20 bits) and how many there are (12 bits), then their places.
fn list(directory: &[u8], objects: &mut Vec<(u32, usize)>) {
    let mut words = directory.chunks_exact(4).filter_map(|word| u32_at(word, 0));
    while let Some(run) = words.next() {
        let first = run & 0xF_FFFF;
        objects.extend((first..).zip(words.by_ref().take((run >> 20) as usize).map(|at| at as usize)));
    }
}

/// The encryption information.
pub(super) fn info<'s>(user: &[u8], stream: &'s [u8]) -> Option<&'s [u8]> {
    let (objects, number) = objects(user, stream);
    let number = number?;
    objects.into_iter().filter(|o| o.0 == number).find_map(|(_, at)| record(stream, at, INFO))
}

/// Decrypts all objects where they stand.
pub(super) fn open(key: &Key, user: &[u8], stream: &mut [u8]) {
    let (mut objects, info) = objects(user, stream);
    objects.retain(|(number, _)| Some(*number) != info);
    objects.sort_unstable_by_key(|(number, at)| (*at, *number));
    objects.dedup_by_key(|(_, at)| *at);
    let mut end = 0;
    for (number, at) in objects {
        // Objects do not lie in each other.
        let Some(mut head) = slice(stream, at, 8).map(<[u8]>::to_vec).filter(|_| at >= end) else { continue };
        key.decrypt(&mut head, usize::MAX, number);
        let length = u32_at(&head, 4).map_or(0, |length| length as usize);
        end = at.saturating_add(8).saturating_add(length).min(stream.len());
        key.decrypt(&mut stream[at..end], usize::MAX, number);
    }
}

//! Windows security descriptors in self-relative form: [MS-DTYP] 2.4.6 (descriptor), 2.4.5 (list), 2.4.4 (entries),
//! 2.4.2 (identifiers), 2.4.2.4 (well-known ones), 2.4.3 (rights).
//!
//! Entries are applied in their order: a right that was denied to somebody, or to everyone, is not given to them
//! further down. Administrators and the system itself are no wider circle, as root is none on Unix. The users of a
//! domain are everyone: that is who a share is open to.

use std::fmt::Write as _;

use super::{Access, OWNER_ONLY, Rights, Who, grant, le16, le32};
use crate::event::{Exposure, Reach};

/// The control bit that says that there is a list.
const DACL_PRESENT: u16 = 0x0004;
/// An entry for what will be made below a folder, not for the folder or file itself.
const INHERIT_ONLY: u8 = 0x08;
/// Rights that let the content be read: to read data, everything, all generic ones, to read generically.
const READ: u32 = 0x0000_0001 | 0x8000_0000 | 0x1000_0000;
/// Rights that let it be altered: to write, to append, to delete, to change the list or the owner, generic ones.
const WRITE: u32 =
    0x0000_0002 | 0x0000_0004 | 0x0001_0000 | 0x0004_0000 | 0x0008_0000 | 0x4000_0000 | 0x1000_0000;
/// The most parts of an identifier.
const MOST_PARTS: usize = 15;

/// What a descriptor says; `None` if it is not whole.
pub fn parse(value: &[u8]) -> Option<Access> {
    let control = le16(value.get(2..)?)?.0;
    let at = |field: usize| Some(le32(value.get(field..)?)?.0 as usize);
    let (owner, dacl) = (at(4)?, at(16)?);
    let owner = if owner == 0 { None } else { Some(sid(value.get(owner..)?)?.0) };
    let mut access = Access { exposure: OWNER_ONLY, owner: owner.clone().map(Who::Sid), others: Vec::new() };
    if control & DACL_PRESENT == 0 || dacl == 0 {
        // No list at all keeps nobody out.
        access.exposure = Exposure { read: Reach::Everyone, write: Reach::Everyone };
        return Some(access);
    }
    let mut denied: Vec<(String, Rights)> = Vec::new();
    for entry in entries(value.get(dacl..)?)? {
        if entry.allows {
            let rights = entry.rights.without(&denied, &entry.sid);
            let Some(reach) = circle(&entry.sid, owner.as_deref()) else { continue };
            grant(&mut access.exposure, rights, reach);
            if reach == Reach::Group && rights != Rights::default() {
                access.others.push((Who::Sid(entry.sid), rights));
            }
        } else {
            denied.push((entry.sid, entry.rights));
        }
    }
    Some(access)
}

impl Rights {
    fn of(mask: u32) -> Self {
        Rights { read: mask & READ != 0, write: mask & WRITE != 0 }
    }

    /// What is left of rights after what was denied to the same or to everyone.
    fn without(self, denied: &[(String, Rights)], sid: &str) -> Self {
        let applies = |denied: &&(String, Rights)| denied.0 == sid || denied.0 == "S-1-1-0";
        denied.iter().filter(applies).fold(self, |left, (_, denied)| Rights {
            read: left.read && !denied.read,
            write: left.write && !denied.write,
        })
    }
}

struct Entry {
    allows: bool,
    rights: Rights,
    sid: String,
}

/// The entries of a list that allow or deny something on the file itself.
fn entries(list: &[u8]) -> Option<Vec<Entry>> {
    let size = usize::from(le16(list.get(2..)?)?.0);
    let count = le16(list.get(4..)?)?.0;
    let mut rest = list.get(..size)?.get(8..)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let (kind, flags) = (*rest.first()?, *rest.get(1)?);
        let size = usize::from(le16(rest.get(2..)?)?.0);
        let entry = rest.get(..size).filter(|entry| entry.len() >= 8)?;
        rest = &rest[size..];
        // Allowed and denied, plain and with a condition; the same for objects, which name types before the identifier.
        let (allows, is_object) = match kind {
            0x00 | 0x09 => (true, false),
            0x01 | 0x0A => (false, false),
            0x05 | 0x0B => (true, true),
            0x06 | 0x0C => (false, true),
            _ => continue,
        };
        if flags & INHERIT_ONLY != 0 {
            continue;
        }
        let rights = Rights::of(le32(entry.get(4..)?)?.0);
        let mut skip = 8;
        if is_object {
            let present = le32(entry.get(8..)?)?.0;
            skip += 4 + 16 * (present & 3).count_ones() as usize;
        }
        entries.push(Entry { allows, rights, sid: sid(entry.get(skip..)?)?.0 });
    }
    Some(entries)
}

/// An identifier as text, and its length in bytes.
fn sid(bytes: &[u8]) -> Option<(String, usize)> {
    let (revision, count) = (*bytes.first()?, usize::from(*bytes.get(1)?));
    if revision != 1 || count > MOST_PARTS {
        return None;
    }
    let authority = bytes.get(2..8)?.iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    let mut text = format!("S-1-{authority}");
    for part in 0..count {
        let (part, _) = le32(bytes.get(8 + 4 * part..)?)?;
        let _ = write!(text, "-{part}");
    }
    Some((text, 8 + 4 * count))
}

/// The circle that an identifier stands for; `None` for those who can reach everything anyway.
fn circle(sid: &str, owner: Option<&str>) -> Option<Reach> {
    // Domain users, guests and computers have the last part 513 to 515 in every domain, administrators 500 and 512.
    let in_domain = sid.strip_prefix("S-1-5-21-").and_then(|rest| rest.rsplit('-').next());
    match (sid, in_domain) {
        _ if Some(sid) == owner => Some(Reach::Owner),
        // The world, anonymous, network, interactive and authenticated users, users and guests of the machine.
        ("S-1-1-0" | "S-1-5-7" | "S-1-5-2" | "S-1-5-4" | "S-1-5-11" | "S-1-5-32-545" | "S-1-5-32-546", _)
        | (_, Some("513" | "514" | "515")) => Some(Reach::Everyone),
        // Creator and rights of the owner.
        ("S-1-3-0" | "S-1-3-4", _) => Some(Reach::Owner),
        // The system and administrators, backup operators.
        ("S-1-5-18" | "S-1-5-32-544" | "S-1-5-32-551", _) | (_, Some("500" | "512" | "519")) => None,
        _ => Some(Reach::Group),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLD: &str = "S-1-1-0";
    const OWNER: &str = "S-1-5-21-1-2-3-1104";
    const COLLEAGUE: &str = "S-1-5-21-1-2-3-1105";
    const FULL: u32 = 0x001F_01FF;
    const READ_ONLY: u32 = 0x0012_0089;

    fn sid_bytes(text: &str) -> Vec<u8> {
        let parts: Vec<u64> = text.split('-').skip(2).map(|part| part.parse().unwrap()).collect();
        let mut bytes = vec![1, u8::try_from(parts.len() - 1).unwrap()];
        bytes.extend(&parts[0].to_be_bytes()[2..]);
        for part in &parts[1..] {
            bytes.extend(u32::try_from(*part).unwrap().to_le_bytes());
        }
        bytes
    }

    /// A descriptor with an owner and entries of kind, flags, rights and identifier.
    fn descriptor(entries: &[(u8, u8, u32, &str)]) -> Vec<u8> {
        let owner = sid_bytes(OWNER);
        let mut list = Vec::new();
        for (kind, flags, rights, sid) in entries {
            let sid = sid_bytes(sid);
            let size = u16::try_from(8 + sid.len()).unwrap();
            list.extend([*kind, *flags]);
            list.extend(size.to_le_bytes());
            list.extend(rights.to_le_bytes());
            list.extend(sid);
        }
        let mut bytes = vec![1, 0];
        bytes.extend((0x8000 | DACL_PRESENT).to_le_bytes());
        for offset in [20, 0, 0, 20 + owner.len()] {
            bytes.extend(u32::try_from(offset).unwrap().to_le_bytes());
        }
        bytes.extend(owner);
        bytes.extend([2, 0]);
        bytes.extend(u16::try_from(8 + list.len()).unwrap().to_le_bytes());
        bytes.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(list);
        bytes
    }

    fn circles(entries: &[(u8, u8, u32, &str)]) -> (Reach, Reach) {
        let access = parse(&descriptor(entries)).unwrap();
        assert_eq!(access.owner, Some(Who::Sid(OWNER.into())));
        (access.exposure.read, access.exposure.write)
    }

    #[test]
    fn circles_follow_who_is_allowed_what() {
        assert_eq!(circles(&[]), (Reach::Owner, Reach::Owner));
        assert_eq!(circles(&[(0, 0, FULL, OWNER)]), (Reach::Owner, Reach::Owner));
        assert_eq!(
            circles(&[(0, 0, FULL, "S-1-5-18"), (0, 0, FULL, "S-1-5-32-544")]),
            (Reach::Owner, Reach::Owner)
        );
        assert_eq!(circles(&[(0, 0, READ_ONLY, COLLEAGUE)]), (Reach::Group, Reach::Owner));
        assert_eq!(
            circles(&[(0, 0, READ_ONLY, WORLD), (0, 0, FULL, COLLEAGUE)]),
            (Reach::Everyone, Reach::Group)
        );
        assert_eq!(circles(&[(0, 0, FULL, "S-1-5-21-9-9-9-513")]), (Reach::Everyone, Reach::Everyone));
        assert_eq!(circles(&[(0, 0, 0x1000_0000, "S-1-5-11")]), (Reach::Everyone, Reach::Everyone));
    }

    #[test]
    fn what_was_denied_before_is_not_given() {
        assert_eq!(circles(&[(1, 0, FULL, WORLD), (0, 0, FULL, WORLD)]), (Reach::Owner, Reach::Owner));
        assert_eq!(circles(&[(0, 0, FULL, WORLD), (1, 0, FULL, WORLD)]), (Reach::Everyone, Reach::Everyone));
        assert_eq!(circles(&[(1, 0, 0x2, COLLEAGUE), (0, 0, 0x3, COLLEAGUE)]), (Reach::Group, Reach::Owner));
        assert_eq!(circles(&[(0, INHERIT_ONLY, FULL, WORLD)]), (Reach::Owner, Reach::Owner));
        assert_eq!(circles(&[(2, 0, FULL, WORLD)]), (Reach::Owner, Reach::Owner));
    }

    #[test]
    fn named_ones_are_listed() {
        let access = parse(&descriptor(&[(0, 0, READ_ONLY, COLLEAGUE), (0, 0, FULL, WORLD)])).unwrap();
        assert_eq!(access.others, [(Who::Sid(COLLEAGUE.into()), Rights { read: true, write: false })]);
    }

    #[test]
    fn no_list_keeps_nobody_out() {
        let mut bytes = descriptor(&[]);
        bytes[2..4].copy_from_slice(&0x8000_u16.to_le_bytes());
        assert_eq!(parse(&bytes).unwrap().exposure.read, Reach::Everyone);
        let mut bytes = descriptor(&[]);
        bytes[16..20].fill(0);
        assert_eq!(parse(&bytes).unwrap().exposure.write, Reach::Everyone);
    }

    #[test]
    fn half_a_descriptor_says_nothing() {
        let whole = descriptor(&[(0, 0, READ_ONLY, COLLEAGUE), (0, 0, FULL, WORLD)]);
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]), None, "{end}");
        }
        for at in 0..whole.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                let _ = parse(&bytes);
            }
        }
    }
}

//! POSIX access control lists: `acl(5)` and `linux/posix_acl_xattr.h`. A version, then entries of a tag, permissions and
//! a number; named users, the owning group and named groups have at most what the mask gives.

use super::{Access, OWNER_ONLY, Rights, Who, grant, le16, le32};
use crate::event::Reach;

const VERSION: u32 = 2;
const USER_OBJ: u16 = 0x01;
const USER: u16 = 0x02;
const GROUP_OBJ: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;
const OTHER: u16 = 0x20;

struct Entry {
    tag: u16,
    rights: Rights,
    id: u32,
}

/// What the value of `system.posix_acl_access` says; `None` if it is not a whole list.
pub fn parse(value: &[u8]) -> Option<Access> {
    let (version, rest) = le32(value)?;
    let (entries, left) = rest.as_chunks::<8>();
    if version != VERSION || entries.is_empty() || !left.is_empty() {
        return None;
    }
    let entries: Vec<Entry> = entries.iter().map(|entry| read(*entry)).collect::<Option<_>>()?;
    let mask = entries.iter().find(|entry| entry.tag == MASK).map(|entry| entry.rights);
    let masked = |rights: Rights| {
        mask.map_or(rights, |mask| Rights {
            read: rights.read && mask.read,
            write: rights.write && mask.write,
        })
    };
    let mut access = Access { exposure: OWNER_ONLY, owner: None, others: Vec::new() };
    for Entry { tag, rights, id } in entries {
        let (rights, to, who) = match tag {
            USER => (masked(rights), Reach::Group, Some(Who::User(id))),
            GROUP => (masked(rights), Reach::Group, Some(Who::Group(id))),
            GROUP_OBJ => (masked(rights), Reach::Group, None),
            OTHER => (rights, Reach::Everyone, None),
            _ => continue,
        };
        grant(&mut access.exposure, rights, to);
        access.others.extend(who.filter(|_| rights != Rights::default()).map(|who| (who, rights)));
    }
    Some(access)
}

fn read(entry: [u8; 8]) -> Option<Entry> {
    let (tag, rest) = le16(&entry)?;
    let (rights, rest) = le16(rest)?;
    let (id, _) = le32(rest)?;
    let known = matches!(tag, USER_OBJ | USER | GROUP_OBJ | GROUP | MASK | OTHER) && rights <= 7;
    known.then_some(Entry { tag, rights: Rights { read: rights & 4 != 0, write: rights & 2 != 0 }, id })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::event::Exposure;

    const NONE: u32 = u32::MAX;

    /// A list of tags, permissions and numbers.
    pub fn list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut value = VERSION.to_le_bytes().to_vec();
        for (tag, rights, id) in entries {
            value.extend(tag.to_le_bytes());
            value.extend(rights.to_le_bytes());
            value.extend(id.to_le_bytes());
        }
        value
    }

    fn circles(entries: &[(u16, u16, u32)]) -> (Reach, Reach) {
        let Exposure { read, write } = parse(&list(entries)).unwrap().exposure;
        (read, write)
    }

    #[test]
    fn the_widest_circle_counts() {
        let (user, group, other) = ((USER_OBJ, 6, NONE), (GROUP_OBJ, 0, NONE), (OTHER, 0, NONE));
        assert_eq!(circles(&[user, group, other]), (Reach::Owner, Reach::Owner));
        assert_eq!(circles(&[user, (GROUP_OBJ, 4, NONE), other]), (Reach::Group, Reach::Owner));
        assert_eq!(circles(&[user, group, (OTHER, 4, NONE)]), (Reach::Everyone, Reach::Owner));
        let named = [user, (USER, 6, 7), group, (MASK, 7, NONE), other];
        assert_eq!(circles(&named), (Reach::Group, Reach::Group));
    }

    #[test]
    fn the_mask_takes_rights_away_but_not_from_everyone() {
        let masked = [
            (USER_OBJ, 6, NONE),
            (USER, 6, 7),
            (GROUP, 7, 8),
            (GROUP_OBJ, 6, NONE),
            (MASK, 4, NONE),
            (OTHER, 2, NONE),
        ];
        assert_eq!(circles(&masked), (Reach::Group, Reach::Everyone));
        let read = Rights { read: true, write: false };
        let others = parse(&list(&masked)).unwrap().others;
        assert_eq!(others, [(Who::User(7), read), (Who::Group(8), read)]);
        let nothing =
            [(USER_OBJ, 6, NONE), (USER, 6, 7), (GROUP_OBJ, 6, NONE), (MASK, 0, NONE), (OTHER, 0, NONE)];
        assert_eq!(circles(&nothing), (Reach::Owner, Reach::Owner));
        assert!(parse(&list(&nothing)).unwrap().others.is_empty());
    }

    #[test]
    fn half_a_list_says_nothing() {
        let whole = list(&[(USER_OBJ, 6, NONE), (GROUP_OBJ, 4, NONE), (OTHER, 0, NONE)]);
        for end in (0..whole.len()).filter(|end| *end < 12 || (end - 4) % 8 != 0) {
            assert_eq!(parse(&whole[..end]), None, "{end}");
        }
        assert_eq!(parse(&list(&[(0x40, 4, NONE)])), None);
        assert_eq!(parse(&list(&[(OTHER, 9, NONE)])), None);
        assert_eq!(parse(&[3, 0, 0, 0, 0x20, 0, 4, 0, 0, 0, 0, 0]), None);
    }
}

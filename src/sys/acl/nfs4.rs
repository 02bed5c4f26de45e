//! Lists of `NFSv4` servers: RFC 7530 section 6.2.1, in XDR (RFC 4506). A count, then entries of kind, flags, rights and
//! the name of whom they speak; entries are applied in their order, and what was denied stays denied.

use super::{Access, OWNER_ONLY, Rights, Who, grant};
use crate::event::Reach;

const ALLOW: u32 = 0;
const DENY: u32 = 1;
const INHERIT_ONLY: u32 = 0x08;
const IDENTIFIER_GROUP: u32 = 0x40;
const READ_DATA: u32 = 0x1;
/// To write, to append, to delete, to change the list or the owner.
const WRITE: u32 = 0x2 | 0x4 | 0x0001_0000 | 0x0004_0000 | 0x0008_0000;
/// More bytes than any name has.
const LONGEST_NAME: usize = 1024;

/// What the value of `system.nfs4_acl` says; `None` if it is not a whole list.
pub fn parse(value: &[u8]) -> Option<Access> {
    let (count, mut rest) = be32(value)?;
    let mut access = Access { exposure: OWNER_ONLY, owner: None, others: Vec::new() };
    let mut denied: Vec<(&str, Rights)> = Vec::new();
    for _ in 0..count {
        let (kind, more) = be32(rest)?;
        let (flags, more) = be32(more)?;
        let (mask, more) = be32(more)?;
        let (name, more) = opaque(more)?;
        rest = more;
        let rights = Rights { read: mask & READ_DATA != 0, write: mask & WRITE != 0 };
        match kind {
            _ if flags & INHERIT_ONLY != 0 => {}
            DENY => denied.push((name, rights)),
            ALLOW => allow(&mut access, name, flags, left(rights, &denied, name)),
            _ => {}
        }
    }
    rest.is_empty().then_some(access)
}

fn left(rights: Rights, denied: &[(&str, Rights)], name: &str) -> Rights {
    let applies = |denied: &&(&str, Rights)| denied.0 == name || denied.0 == "EVERYONE@";
    denied.iter().filter(applies).fold(rights, |left, (_, denied)| Rights {
        read: left.read && !denied.read,
        write: left.write && !denied.write,
    })
}

fn allow(access: &mut Access, name: &str, flags: u32, rights: Rights) {
    let reach = match name {
        "OWNER@" => Reach::Owner,
        "EVERYONE@" | "ANONYMOUS@" | "AUTHENTICATED@" | "NETWORK@" | "INTERACTIVE@" => Reach::Everyone,
        _ => Reach::Group,
    };
    grant(&mut access.exposure, rights, reach);
    if reach == Reach::Group && name != "GROUP@" && rights != Rights::default() {
        let named = if flags & IDENTIFIER_GROUP == 0 { Who::NamedUser } else { Who::NamedGroup };
        access.others.push((named(name.to_owned()), rights));
    }
}

fn be32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*word), rest))
}

/// A name: its length, its bytes, and zeros up to a multiple of four.
fn opaque(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = be32(bytes)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST_NAME)?;
    let (name, _) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(name).ok()?, rest.get(length.next_multiple_of(4)..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[(u32, u32, u32, &str)]) -> Vec<u8> {
        let mut value = u32::try_from(entries.len()).unwrap().to_be_bytes().to_vec();
        for (kind, flags, mask, name) in entries {
            let length = u32::try_from(name.len()).unwrap();
            value.extend([*kind, *flags, *mask, length].iter().flat_map(|word| word.to_be_bytes()));
            value.extend(name.bytes());
            value.resize(value.len().next_multiple_of(4), 0);
        }
        value
    }

    fn circles(entries: &[(u32, u32, u32, &str)]) -> (Reach, Reach) {
        let access = parse(&list(entries)).unwrap();
        (access.exposure.read, access.exposure.write)
    }

    #[test]
    fn circles_follow_who_is_allowed_what() {
        let owner = (ALLOW, 0, 0x3, "OWNER@");
        assert_eq!(circles(&[owner]), (Reach::Owner, Reach::Owner));
        assert_eq!(circles(&[owner, (ALLOW, 0x40, 0x1, "GROUP@")]), (Reach::Group, Reach::Owner));
        assert_eq!(circles(&[owner, (ALLOW, 0, 0x1, "EVERYONE@")]), (Reach::Everyone, Reach::Owner));
        assert_eq!(circles(&[owner, (ALLOW, 0, 0x3, "ann@firm.example")]), (Reach::Group, Reach::Group));
        assert_eq!(
            circles(&[(DENY, 0, 0x2, "EVERYONE@"), (ALLOW, 0, 0x3, "EVERYONE@")]),
            (Reach::Everyone, Reach::Owner)
        );
        assert_eq!(circles(&[(ALLOW, INHERIT_ONLY, 0x3, "EVERYONE@")]), (Reach::Owner, Reach::Owner));
    }

    #[test]
    fn named_ones_are_listed() {
        let value = list(&[(ALLOW, 0, 0x1, "ann@firm.example"), (ALLOW, 0x40, 0x2, "hr@firm.example")]);
        let names = [Who::NamedUser("ann@firm.example".into()), Who::NamedGroup("hr@firm.example".into())];
        let others: Vec<Who> = parse(&value).unwrap().others.into_iter().map(|(who, _)| who).collect();
        assert_eq!(others, names);
    }

    #[test]
    fn half_a_list_says_nothing() {
        let whole = list(&[(ALLOW, 0, 0x1, "EVERYONE@"), (ALLOW, 0, 0x1, "x")]);
        assert!(parse(&whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]), None, "{end}");
        }
        assert_eq!(parse(&u32::MAX.to_be_bytes()), None);
    }
}

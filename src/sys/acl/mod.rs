//! Access control lists, as the kernel hands them out in extended attributes: who can read and who can write a file
//! beyond what its mode says.
//!
//! Three kinds are read: POSIX lists of local file systems, Windows security descriptors of CIFS and NTFS mounts, and
//! lists of `NFSv4` servers. Parsers see bytes and nothing else; a list that is damaged says nothing at all, because half
//! a list may lack the line that matters. Where a list leaves a doubt, the wider circle is named.

mod descriptor;
mod nfs4;
mod posix;

use std::collections::BTreeSet;
use std::path::Path;

use rustix::io::Errno;

use crate::event::{Exposure, Reach};

/// The longest value of an extended attribute (`XATTR_SIZE_MAX`, linux/limits.h).
const LONGEST: usize = 65_536;

/// Who a line of a list speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A user of this machine.
    User(u32),
    /// A group of this machine.
    Group(u32),
    /// A security identifier, as in `S-1-5-32-545`.
    Sid(String),
    /// A user by the name that a server uses.
    NamedUser(String),
    /// A group by the name that a server uses.
    NamedGroup(String),
}

/// Rights on the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rights {
    /// To read it.
    pub read: bool,
    /// To write, replace, or give oneself the right to.
    pub write: bool,
}

/// What a list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The widest circle that can read, and that can write.
    pub exposure: Exposure,
    /// The owner, where the list names one that the mode does not.
    pub owner: Option<Who>,
    /// Who has rights beyond owner, owning group and everyone.
    pub others: Vec<(Who, Rights)>,
}

/// How an attribute is understood.
type Parser = fn(&[u8]) -> Option<Access>;

/// The attributes, each with its parser. Names: linux/xattr.h, fs/smb/client/xattr.c, ntfs-3g(8), fs/ntfs3/xattr.c,
/// fs/nfs/nfs4proc.c.
const ATTRIBUTES: [(&str, Parser); 5] = [
    ("system.posix_acl_access", posix::parse),
    ("system.cifs_acl", descriptor::parse),
    ("system.ntfs_acl", descriptor::parse),
    ("system.ntfs_security", descriptor::parse),
    ("system.nfs4_acl", nfs4::parse),
];

/// Which attributes a volume can have; those it refuses are not asked for again.
#[derive(Clone, Debug)]
pub struct Lists(BTreeSet<usize>);

impl Lists {
    /// The attributes that files of a file system may have.
    pub fn of(fs: &str) -> Self {
        let names: &[&str] = match fs {
            "cifs" | "smb2" | "smb3" | "smbfs" => &["system.cifs_acl"],
            "ntfs3" => &["system.ntfs_security"],
            "fuseblk" | "fuse.ntfs-3g" | "fuse.ntfs" => &["system.ntfs_acl"],
            "nfs4" => &["system.nfs4_acl"],
            fs if fs.starts_with("fuse") => &[],
            _ => &["system.posix_acl_access"],
        };
        let wanted = ATTRIBUTES.iter().enumerate().filter(|(_, (name, _))| names.contains(name));
        Lists(wanted.map(|(n, _)| n).collect())
    }

    /// The list of a file, if it has one that can be read. A link is not followed.
    pub fn read(&mut self, path: &Path) -> Option<Access> {
        for n in self.0.clone() {
            let (name, parse) = ATTRIBUTES[n];
            match attribute(path, name) {
                Ok(value) => return parse(&value),
                Err(Errno::OPNOTSUPP) => {
                    self.0.remove(&n);
                }
                Err(_) => {}
            }
        }
        None
    }
}

/// The value of an attribute. Most lists are short: one call is enough for them.
fn attribute(path: &Path, name: &str) -> Result<Vec<u8>, Errno> {
    let mut value = vec![0; 512];
    let read = match rustix::fs::lgetxattr(path, name, value.as_mut_slice()) {
        Err(Errno::RANGE) => {
            value.resize(LONGEST, 0);
            rustix::fs::lgetxattr(path, name, value.as_mut_slice())?
        }
        read => read?,
    };
    value.truncate(read);
    Ok(value)
}

/// Widens a circle.
fn widen(reach: &mut Reach, to: Reach) {
    let rank = |reach: Reach| [Reach::Owner, Reach::Group, Reach::Everyone].iter().position(|r| *r == reach);
    if rank(to) > rank(*reach) {
        *reach = to;
    }
}

/// Widens the circles for which there is a right.
fn grant(exposure: &mut Exposure, rights: Rights, to: Reach) {
    if rights.read {
        widen(&mut exposure.read, to);
    }
    if rights.write {
        widen(&mut exposure.write, to);
    }
}

/// Nobody but the owner.
const OWNER_ONLY: Exposure = Exposure { read: Reach::Owner, write: Reach::Owner };

/// The first four bytes as a little-endian number, and the rest.
fn le32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*word), rest))
}

/// The first two bytes as a little-endian number, and the rest.
fn le16(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<2>()?;
    Some((u16::from_le_bytes(*word), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_system_is_asked_for_its_own_kind() {
        let of = |fs| Lists::of(fs).0.into_iter().map(|n| ATTRIBUTES[n].0).collect::<Vec<_>>();
        assert_eq!(of("ext4"), ["system.posix_acl_access"]);
        assert_eq!(of("cifs"), ["system.cifs_acl"]);
        assert_eq!(of("nfs4"), ["system.nfs4_acl"]);
        assert_eq!(of("fuse.sshfs"), [""; 0]);
    }

    #[test]
    fn a_file_without_a_list_has_none_and_a_missing_one_does_no_harm() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(Lists::of("ext4").read(file.path()), None);
        assert_eq!(Lists::of("ext4").read(Path::new("/no/such/file")), None);
        assert_eq!(Lists::of("cifs").read(file.path()), None);
    }

    #[test]
    fn a_list_set_on_a_file_is_read_back() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let list = posix::tests::list(&[
            (1, 6, u32::MAX),
            (2, 6, 4321),
            (4, 0, u32::MAX),
            (16, 4, u32::MAX),
            (32, 0, u32::MAX),
        ]);
        let set = rustix::fs::setxattr(
            file.path(),
            "system.posix_acl_access",
            &list,
            rustix::fs::XattrFlags::empty(),
        );
        if set.is_err() {
            // The file system of temporary files has no lists.
            return;
        }
        let access = Lists::of("ext4").read(file.path()).unwrap();
        assert_eq!(access.exposure, Exposure { read: Reach::Group, write: Reach::Owner });
        assert_eq!(access.others, [(Who::User(4321), Rights { read: true, write: false })]);
    }
}

//! What kind of volume a path lies on, from `statfs` and the kernel's table of mounts.
//!
//! The table's name of a file system is preferred to the magic number, because every FUSE file system has the
//! same number but names itself (`fuse.sshfs`). Encryption is claimed only where the device mapper proves it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::acl::Lists;
use crate::event::{Tri, VolumeKind};

/// What is known of one volume.
pub struct VolumeFacts {
    /// Mount point, raw bytes.
    pub mount: Option<Vec<u8>>,
    /// File system, as in `ext4` or `fuse.sshfs`.
    pub fs: Option<String>,
    /// Kind of volume.
    pub kind: VolumeKind,
    /// Whether the volume is encrypted; never disproved, since a disk may encrypt by itself.
    pub encrypted: Tri,
    /// What proves the encryption.
    pub how: Option<String>,
    /// `kept`, `relative` or `off`: what reading does to access times.
    pub atime: Option<&'static str>,
    /// True where owner and mode are made up by the mount and say nothing about who can reach a file.
    pub modes_made_up: bool,
    /// True for the kernel's own file systems (`proc`, `sysfs` …), which hold no stored data.
    pub pseudo: bool,
    /// The access control lists that its files may have.
    pub lists: Lists,
}

/// One line of the table of mounts.
struct Mount {
    dev: (u32, u32),
    point: PathBuf,
    options: String,
    fs: String,
    source: PathBuf,
}

/// The kernel's table of mounts.
pub struct Mounts(Vec<Mount>);

impl Mounts {
    /// Reads the table as it is now; empty where there is none.
    pub fn load() -> Self {
        Self::parse(&fs::read("/proc/self/mountinfo").unwrap_or_default())
    }

    /// Parses lines of the form of `proc_pid_mountinfo(5)`; others are skipped.
    pub fn parse(table: &[u8]) -> Self {
        Mounts(table.split(|&b| b == b'\n').filter_map(Mount::parse).collect())
    }

    /// What is known of the volume that holds `path` (absolute, without links) on device `dev`.
    pub fn facts(&self, path: &Path, dev: u64) -> VolumeFacts {
        let (by_magic, magic_kind) = statfs_kind(path);
        let Some(mount) = self.find(path, dev) else {
            return describe(by_magic.unwrap_or("unknown"), magic_kind, None);
        };
        let kind = kind_of(&mount.fs).unwrap_or(magic_kind);
        describe(&mount.fs, kind, Some(mount))
    }

    /// The deepest mount above `path`, of the same device if there is one: subvolumes have devices of their
    /// own that the table does not know. A later line of an equal mount point hides the earlier one.
    fn find(&self, path: &Path, dev: u64) -> Option<&Mount> {
        let dev = (rustix::fs::major(dev), rustix::fs::minor(dev));
        let above = || self.0.iter().filter(|m| path.starts_with(&m.point));
        let depth = |m: &&Mount| m.point.components().count();
        above().filter(|m| m.dev == dev).max_by_key(depth).or_else(|| above().max_by_key(depth))
    }
}

impl Mount {
    fn parse(line: &[u8]) -> Option<Mount> {
        let mut fields = line.split(|&b| b == b' ').skip(2);
        let (major, minor) = std::str::from_utf8(fields.next()?).ok()?.split_once(':')?;
        let point = PathBuf::from(OsStr::from_bytes(&unescape(fields.nth(1)?)));
        let options = String::from_utf8_lossy(fields.next()?).into_owned();
        let mut fields = fields.skip_while(|f| *f != b"-").skip(1);
        Some(Mount {
            dev: (major.parse().ok()?, minor.parse().ok()?),
            point,
            options,
            fs: String::from_utf8_lossy(fields.next()?).into_owned(),
            source: PathBuf::from(OsStr::from_bytes(&unescape(fields.next()?))),
        })
    }

    fn atime(&self) -> &'static str {
        let has = |word| self.options.split(',').any(|o| o == word);
        if has("noatime") || has("ro") {
            "off"
        } else if has("relatime") {
            "relative"
        } else {
            "kept"
        }
    }

    /// The device's folder in the kernel's device tree, for file systems on a block device.
    fn block_device(&self) -> Option<PathBuf> {
        let number = fs::metadata(&self.source).ok()?.rdev();
        let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
        fs::canonicalize(format!("/sys/dev/block/{major}:{minor}")).ok()
    }
}

fn describe(fs: &str, kind: VolumeKind, mount: Option<&Mount>) -> VolumeFacts {
    let device = mount.filter(|_| kind == VolumeKind::Local).and_then(Mount::block_device);
    let crypt = device.as_deref().and_then(|d| crypt_below(d, 8));
    let removable = device.as_deref().is_some_and(is_removable);
    VolumeFacts {
        mount: mount.map(|m| m.point.as_os_str().as_bytes().to_vec()),
        fs: Some(fs.to_owned()),
        kind: if removable { VolumeKind::Removable } else { kind },
        encrypted: if crypt.is_some() { Tri::Yes } else { Tri::Unknown },
        how: crypt,
        atime: mount.map(Mount::atime),
        modes_made_up: MADE_UP.contains(&fs) || fs.starts_with("fuse"),
        pseudo: PSEUDO.contains(&fs),
        lists: Lists::of(fs),
    }
}

/// Spaces, tabs, newlines and backslashes stand as `\` and three octal digits in the table.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, tail)) = rest.split_first() {
        let octal = tail.get(..3).filter(|t| first == b'\\' && t.iter().all(|b| (b'0'..=b'7').contains(b)));
        let code = octal.map(|t| t.iter().fold(0_u32, |n, b| n * 8 + u32::from(b - b'0')));
        if let Some(byte) = code.and_then(|n| u8::try_from(n).ok()) {
            out.push(byte);
            rest = &tail[3..];
        } else {
            out.push(first);
            rest = tail;
        }
    }
    out
}

/// A medium that says so, or anything on USB (whose disks say they are fixed).
fn is_removable(device: &Path) -> bool {
    let says_so = |folder: &Path| fs::read(folder.join("removable")).is_ok_and(|flag| flag.starts_with(b"1"));
    // A partition lies in the folder of its disk, and only the disk has the flag.
    says_so(device)
        || device.parent().is_some_and(says_so)
        || device.components().any(|c| c.as_os_str().as_bytes().starts_with(b"usb"))
}

/// The proof that all data of a block device passes dm-crypt: the device itself, or everything it is made of.
fn crypt_below(device: &Path, depth: u32) -> Option<String> {
    let uuid = fs::read_to_string(device.join("dm/uuid")).unwrap_or_default();
    if uuid.starts_with("CRYPT-") {
        let kind: Vec<&str> = uuid.split('-').take(2).collect();
        return Some(format!("dm-crypt ({})", kind.join("-")));
    }
    let mut proof = None;
    // A partition has no parts of its own, but its disk may have (a partitioned RAID array).
    for part in fs::read_dir(device.join("slaves")).ok()? {
        let below = fs::canonicalize(part.ok()?.path()).ok()?;
        proof = Some(crypt_below(&below, depth.checked_sub(1)?)?);
    }
    proof
}

/// The file system of `path` and its kind, from the number that `statfs` gives.
pub fn statfs_kind(path: &Path) -> (Option<&'static str>, VolumeKind) {
    let magic = rustix::fs::statfs(path).ok().and_then(|s| u64::try_from(s.f_type).ok());
    let name = magic.and_then(|m| MAGIC.iter().find(|(number, _)| *number == m)).map(|(_, name)| *name);
    (name, name.and_then(kind_of).unwrap_or(VolumeKind::Unknown))
}

fn kind_of(fs: &str) -> Option<VolumeKind> {
    if LOCAL.contains(&fs) {
        Some(VolumeKind::Local)
    } else if NETWORK.contains(&fs) {
        Some(VolumeKind::Network)
    } else if MEMORY.contains(&fs) {
        Some(VolumeKind::Memory)
    } else if PSEUDO.contains(&fs) || fs.starts_with("fuse") {
        Some(VolumeKind::Unknown)
    } else {
        None
    }
}

const LOCAL: &[&str] = &[
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "overlay", "f2fs", "jfs", "reiserfs", "bcachefs",
    "nilfs2", "vfat", "msdos", "exfat", "ntfs", "ntfs3", "hfs", "hfsplus", "iso9660", "udf", "squashfs",
    "erofs", "ecryptfs", "ufs",
];

const NETWORK: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb2",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "lustre",
    "afs",
    "gfs2",
    "ocfs2",
    "coda",
    "beegfs",
    "gpfs",
    "panfs",
    "davfs",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.ceph-fuse",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.gcsfuse",
    "fuse.blobfuse",
    "fuse.blobfuse2",
    "fuse.gvfsd-fuse",
    "fuse.curlftpfs",
    "fuse.juicefs",
];

const MEMORY: &[&str] = &["tmpfs", "ramfs"];

/// Access by these is decided elsewhere (a server, or options of the mount), or they store no modes at all.
const MADE_UP: &[&str] = &[
    "cifs", "smb2", "smb3", "smbfs", "9p", "vfat", "msdos", "exfat", "ntfs", "ntfs3", "hfs", "iso9660",
    "udf", "afs", "davfs", "vboxsf",
];

const PSEUDO: &[&str] = &[
    "proc",
    "sysfs",
    "devtmpfs",
    "devpts",
    "cgroup",
    "cgroup2",
    "debugfs",
    "tracefs",
    "securityfs",
    "selinuxfs",
    "bpf",
    "pstore",
    "efivarfs",
    "configfs",
    "mqueue",
    "hugetlbfs",
    "binfmt_misc",
    "rpc_pipefs",
    "fusectl",
    "nsfs",
];

/// `f_type` numbers: statfs(2) and linux/magic.h.
const MAGIC: &[(u64, &str)] = &[
    (0xEF53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683E, "btrfs"),
    (0x2FC1_2FC1, "zfs"),
    (0x794C_7630, "overlay"),
    (0xF2F5_2010, "f2fs"),
    (0x3153_464A, "jfs"),
    (0x5265_4973, "reiserfs"),
    (0xCA45_1A4E, "bcachefs"),
    (0x3434, "nilfs2"),
    (0x4D44, "vfat"),
    (0x2011_BAB0, "exfat"),
    (0x5346_544E, "ntfs"),
    (0x7366_746E, "ntfs3"),
    (0x482B, "hfsplus"),
    (0x9660, "iso9660"),
    (0x1501_3346, "udf"),
    (0x7371_7368, "squashfs"),
    (0xE0F5_E1E2, "erofs"),
    (0xF15F, "ecryptfs"),
    (0x0102_1994, "tmpfs"),
    (0x8584_58F6, "ramfs"),
    (0x6969, "nfs"),
    (0xFF53_4D42, "cifs"),
    (0xFE53_4D42, "smb2"),
    (0x517B, "smbfs"),
    (0x0102_1997, "9p"),
    (0x00C3_6400, "ceph"),
    (0x0BD0_0BD0, "lustre"),
    (0x5346_414F, "afs"),
    (0x0116_1970, "gfs2"),
    (0x7461_636F, "ocfs2"),
    (0x7375_7245, "coda"),
    (0x1983_0326, "beegfs"),
    (0x4750_4653, "gpfs"),
    (0xAAD7_AAEA, "panfs"),
    (0x6573_5546, "fuse"),
    (0x9FA0, "proc"),
    (0x6265_6572, "sysfs"),
    (0x1CD1, "devpts"),
    (0x0027_E0EB, "cgroup"),
    (0x6367_7270, "cgroup2"),
    (0x6462_6720, "debugfs"),
    (0x7472_6163, "tracefs"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"\
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/none rw\n\
40 27 0:40 / /mnt/my\\040share rw,noatime - cifs //server/share rw\n\
41 27 0:41 / /mnt/ssh rw shared:2 master:1 - fuse.sshfs host:/ rw\n\
42 27 0:42 / /mnt/x rw - fuse.other x rw\n\
43 27 0:21 / /proc rw,relatime - proc proc rw\n\
short line\n";

    fn facts(path: &str) -> VolumeFacts {
        Mounts::parse(TABLE).facts(Path::new(path), 0)
    }

    #[test]
    fn the_deepest_mount_point_decides() {
        let share = facts("/mnt/my share/a/b");
        assert_eq!(share.fs.as_deref(), Some("cifs"));
        assert!(share.kind == VolumeKind::Network && share.modes_made_up);
        assert_eq!(share.atime, Some("off"));
        assert_eq!(share.mount.as_deref(), Some(b"/mnt/my share".as_slice()));
        assert_eq!(facts("/mnt/my shareX").fs.as_deref(), Some("ext4"));
    }

    #[test]
    fn fuse_is_unknown_unless_its_name_tells() {
        assert_eq!(facts("/mnt/ssh/x").kind, VolumeKind::Network);
        assert_eq!(facts("/mnt/ssh/x").atime, Some("kept"));
        let other = facts("/mnt/x");
        assert!(other.kind == VolumeKind::Unknown && other.modes_made_up);
    }

    #[test]
    fn the_kernels_own_file_systems_are_told_apart() {
        assert!(facts("/proc/self").pseudo);
        assert!(!facts("/home").pseudo);
        assert_eq!(facts("/home").atime, Some("relative"));
        assert_eq!(facts("/home").encrypted, Tri::Unknown);
    }

    #[test]
    fn escapes_of_the_table_are_undone() {
        assert_eq!(unescape(br"a\040b\134c\9"), b"a b\\c\\9");
        assert_eq!(unescape(br"\777\04"), br"\777\04");
    }

    #[test]
    fn the_system_says_something_about_the_root() {
        let dev = fs::metadata("/").unwrap().dev();
        assert!(Mounts::load().facts(Path::new("/"), dev).fs.is_some());
        assert_eq!(statfs_kind(Path::new("/no/such/path")).0, None);
    }
}

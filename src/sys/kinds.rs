//! Names of file systems, and what they say about a volume: its kind, whether its owners and modes mean anything, and
//! whether it encrypts by itself.

use std::path::Path;

use crate::event::VolumeKind;

/// The file system of `path` and its kind, from the number that `statfs` gives.
pub fn statfs_kind(path: &Path) -> (Option<&'static str>, VolumeKind) {
    let magic = rustix::fs::statfs(path).ok().and_then(|s| u64::try_from(s.f_type).ok());
    let name = magic.and_then(|m| MAGIC.iter().find(|(number, _)| *number == m)).map(|(_, name)| *name);
    (name, name.and_then(kind_of).unwrap_or(VolumeKind::Unknown))
}

/// The kind of volume that a file system makes.
pub(super) fn kind_of(fs: &str) -> Option<VolumeKind> {
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

/// True for the kernel's own file systems, which hold no stored data.
pub(super) fn is_pseudo(fs: &str) -> bool {
    PSEUDO.contains(&fs)
}

/// True if owners and modes are made up by the mount and say nothing about who can reach a file. With the POSIX
/// extensions a server of CIFS sends its own (mount.cifs(8), options `posix` and `unix`).
pub(super) fn makes_modes_up(fs: &str, options: &str) -> bool {
    let sends_its_own =
        CIFS.contains(&fs) && options.split(',').any(|option| ["posix", "unix"].contains(&option));
    (MADE_UP.contains(&fs) || fs.starts_with("fuse")) && !sends_its_own
}

/// How a file system encrypts what it stores, if it does so with everything.
pub(super) fn own_encryption(fs: &str, options: &str) -> Option<String> {
    let option = |name: &str| options.split(',').find_map(|o| o.strip_prefix(name)?.strip_prefix('='));
    if fs == "ecryptfs" {
        let cipher = option("ecryptfs_cipher").unwrap_or("cipher not known");
        let bits = option("ecryptfs_key_bytes").and_then(|bytes| bytes.parse::<u32>().ok());
        let bits = bits.map(|bytes| format!(", {} bits", bytes.saturating_mul(8))).unwrap_or_default();
        return Some(format!("eCryptfs ({cipher}{bits})"));
    }
    let stacked = fs.strip_prefix("fuse.").filter(|name| ENCRYPTING.contains(name));
    stacked.map(str::to_owned)
}

const CIFS: &[&str] = &["cifs", "smb2", "smb3", "smbfs"];

/// Those of FUSE that store nothing unencrypted.
const ENCRYPTING: &[&str] = &["gocryptfs", "encfs", "cryfs", "securefs", "cryptomator"];

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
    "udf", "afs", "davfs", "vboxsf", "prl_fs", "vmhgfs", "drvfs", "ncpfs",
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

    #[test]
    fn modes_of_windows_file_systems_are_made_up_unless_the_server_sends_them() {
        for fs in ["vfat", "exfat", "ntfs3", "cifs", "fuse.sshfs", "fuseblk", "9p", "iso9660"] {
            assert!(makes_modes_up(fs, "rw,uid=0,nounix"), "{fs}");
        }
        for fs in ["ext4", "xfs", "nfs4", "tmpfs"] {
            assert!(!makes_modes_up(fs, "rw"), "{fs}");
        }
        assert!(!makes_modes_up("cifs", "rw,vers=3.1.1,posix"));
        assert!(!makes_modes_up("cifs", "rw,unix,posixpaths"));
        assert!(makes_modes_up("vfat", "rw,posix"));
    }

    #[test]
    fn file_systems_that_encrypt_everything_say_so() {
        let of = |fs, options| own_encryption(fs, options);
        let options = "rw,ecryptfs_sig=0,ecryptfs_cipher=aes,ecryptfs_key_bytes=16";
        assert_eq!(of("ecryptfs", options).as_deref(), Some("eCryptfs (aes, 128 bits)"));
        assert_eq!(of("ecryptfs", "rw").as_deref(), Some("eCryptfs (cipher not known)"));
        assert_eq!(of("fuse.gocryptfs", "rw").as_deref(), Some("gocryptfs"));
        assert_eq!(of("fuse.sshfs", "rw"), None);
        assert_eq!(of("ext4", "rw,ecryptfs_cipher=aes"), None);
    }
}

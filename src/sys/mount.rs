//! What kind of volume a path lies on, from `statfs` and the kernel's table of mounts.
//!
//! The table's name of a file system is preferred to the magic number, because every FUSE file system has the
//! same number but names itself (`fuse.sshfs`). Encryption is claimed only where something proves it, and never
//! disproved: a disk may encrypt by itself.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, StatxAttributes, StatxFlags};

use super::acl::Lists;
use super::device::{Sysfs, is_removable};
use super::kinds::{is_pseudo, kind_of, makes_modes_up, own_encryption, statfs_kind};
use crate::event::{Tri, VolumeKind};

/// What is known of one volume.
pub struct VolumeFacts {
    /// Mount point, raw bytes.
    pub mount: Option<Vec<u8>>,
    /// File system, as in `ext4` or `fuse.sshfs`.
    pub fs: Option<String>,
    /// Kind of volume.
    pub kind: VolumeKind,
    /// Whether the volume is encrypted.
    pub encrypted: Tri,
    /// What proves the encryption, or what was looked at in vain.
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
    /// Options of the file system itself.
    own: String,
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

    /// The kinds of volumes that are mounted below `folder` (absolute, without links), those of the kernel itself left out.
    pub fn below(&self, folder: &Path) -> impl Iterator<Item = VolumeKind> {
        let below = self.0.iter().filter(move |m| m.point != folder && m.point.starts_with(folder));
        below.filter(|m| !is_pseudo(&m.fs)).map(|m| kind_of(&m.fs).unwrap_or(VolumeKind::Unknown))
    }

    /// What is known of the volume that holds `path` (absolute, without links) on device `dev`.
    pub fn facts(&self, path: &Path, dev: u64) -> VolumeFacts {
        let (by_magic, magic_kind) = statfs_kind(path);
        let Some(mount) = self.find(path, dev) else {
            return describe(by_magic.unwrap_or("unknown"), magic_kind, None, (Tri::Unknown, None));
        };
        let kind = kind_of(&mount.fs).unwrap_or(magic_kind);
        let device = Some(mount).filter(|_| kind == VolumeKind::Local).and_then(Mount::block_device);
        let sysfs = Sysfs::system();
        let removable = device.as_deref().is_some_and(is_removable);
        let kind = if removable { VolumeKind::Removable } else { kind };
        describe(&mount.fs, kind, Some(mount), self.encryption(mount, device.as_deref(), &sysfs, path))
    }

    /// Whether a volume is encrypted, and what proves it or was looked at.
    fn encryption(
        &self,
        mount: &Mount,
        device: Option<&Path>,
        sysfs: &Sysfs,
        path: &Path,
    ) -> (Tri, Option<String>) {
        if let Some(how) = own_encryption(&mount.fs, &mount.own) {
            return (Tri::Yes, Some(how));
        }
        if is_fscrypt(&mount.point) {
            return (Tri::Yes, Some("fscrypt, from the mount point down".to_owned()));
        }
        let loop_over = |file: &Path| {
            let below = self.find(file, fs::metadata(file).ok()?.dev())?.block_device()?;
            sysfs.encryption(&below, &|_| None)
        };
        match device.and_then(|device| sysfs.encryption(device, &loop_over)) {
            Some(how) => (Tri::Yes, Some(how)),
            None if is_fscrypt(path) => (Tri::Unknown, Some("fscrypt in parts".to_owned())),
            None if mount.fs == "zfs" => {
                (Tri::Unknown, Some("zfs encrypts by dataset, which was not asked".to_owned()))
            }
            None => (Tri::Unknown, device.map(nothing_found)),
        }
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
            own: String::from_utf8_lossy(fields.next().unwrap_or_default()).into_owned(),
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

    /// The device's folder in the kernel's device tree, for file systems on a block device. Those that span several
    /// have a number of their own; then the source names one of them.
    fn block_device(&self) -> Option<PathBuf> {
        let (major, minor) = match self.dev {
            (0, _) => {
                let number = fs::metadata(&self.source).ok()?.rdev();
                (rustix::fs::major(number), rustix::fs::minor(number))
            }
            number => number,
        };
        Sysfs::system().device(major, minor)
    }
}

/// Words for an encryption that could not be found.
fn nothing_found(device: &Path) -> String {
    let name = device.file_name().unwrap_or_default().to_string_lossy();
    format!("no dm-crypt below {name}; encryption by a disk itself does not show")
}

/// True if a file or folder is encrypted by the file system itself (fscrypt; `STATX_ATTR_ENCRYPTED` of statx(2)).
fn is_fscrypt(path: &Path) -> bool {
    let found = rustix::fs::statx(rustix::fs::CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty());
    found.is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::ENCRYPTED))
}

fn describe(
    fs: &str,
    kind: VolumeKind,
    mount: Option<&Mount>,
    (encrypted, how): (Tri, Option<String>),
) -> VolumeFacts {
    VolumeFacts {
        mount: mount.map(|m| m.point.as_os_str().as_bytes().to_vec()),
        fs: Some(fs.to_owned()),
        kind,
        encrypted,
        how,
        atime: mount.map(Mount::atime),
        modes_made_up: makes_modes_up(fs, mount.map_or("", |mount| &mount.own)),
        pseudo: is_pseudo(fs),
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
    fn volumes_below_a_folder_are_known() {
        let mounts = Mounts::parse(TABLE);
        let below = |path: &str| mounts.below(Path::new(path)).collect::<Vec<_>>();
        let (network, unknown) = (VolumeKind::Network, VolumeKind::Unknown);
        assert_eq!(below("/"), [network, network, unknown]);
        assert_eq!(below("/mnt/x"), []);
        assert_eq!(below("/mnt/my"), []);
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
    fn options_of_the_file_system_are_read() {
        let table = b"44 27 0:44 / /mnt/c rw - cifs //s/c rw,vers=3.1.1,posix\n\
45 27 0:45 / /mnt/e rw - ecryptfs /home/.e rw,ecryptfs_cipher=aes,ecryptfs_key_bytes=32\n\
46 27 0:46 / /mnt/z rw - zfs pool/home rw,xattr\n";
        let facts = |path: &str| Mounts::parse(table).facts(Path::new(path), 0);
        assert!(!facts("/mnt/c/x").modes_made_up);
        let encrypted = facts("/mnt/e/x");
        assert_eq!(
            (encrypted.encrypted, encrypted.how.as_deref()),
            (Tri::Yes, Some("eCryptfs (aes, 256 bits)"))
        );
        assert_eq!(facts("/mnt/z/x").encrypted, Tri::Unknown);
        assert!(facts("/mnt/z/x").how.is_some_and(|how| how.contains("zfs")));
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

//! Block devices, as the kernel shows them below `/sys`: what they are made of, whether they can be carried away, and
//! whether all that is written to them is encrypted.
//!
//! A device is a folder; a partition lies in the folder of its disk, and `slaves` links to what a device is made of
//! (device mapper, RAID). Encrypted is only what is encrypted in every part; removable is what is so in any.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Devices upon devices upon devices: more layers than this are none.
const MOST_LAYERS: u32 = 8;

/// Kinds of dm-crypt mappings, as cryptsetup names them in the first parts of their UUID (`CRYPT-LUKS2-…`;
/// libcryptsetup.h). Others of its kinds (VERITY, INTEGRITY) encrypt nothing.
const CRYPT: [&str; 7] = ["LUKS1", "LUKS2", "PLAIN", "LOOPAES", "TCRYPT", "BITLK", "FVAULT2"];

/// The kernel's tree of devices.
pub struct Sysfs(PathBuf);

/// What proves that the file below a loop device is encrypted.
pub type LoopOver<'a> = &'a dyn Fn(&Path) -> Option<String>;

impl Sysfs {
    /// That of this machine.
    pub fn system() -> Self {
        Sysfs(PathBuf::from("/sys"))
    }

    /// The folder of the block device with a number.
    pub fn device(&self, major: u32, minor: u32) -> Option<PathBuf> {
        fs::canonicalize(self.0.join(format!("dev/block/{major}:{minor}"))).ok()
    }

    /// The proof that all data of a device is encrypted: by dm-crypt on the device itself or on everything it is made
    /// of; for a file system that spans several devices, on all of them.
    pub fn encryption(&self, device: &Path, loop_over: LoopOver<'_>) -> Option<String> {
        let mut proof = None;
        for device in self.together(device) {
            proof = Some(encryption(&device, MOST_LAYERS, loop_over)?);
        }
        proof
    }

    /// The devices that a file system of Btrfs spans, if this is one of them; else the device alone.
    fn together(&self, device: &Path) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.0.join("fs/btrfs")).into_iter().flatten().flatten();
        for folder in folders.map(|folder| folder.path().join("devices")) {
            let links = fs::read_dir(folder).into_iter().flatten().flatten();
            let devices: Vec<_> = links.filter_map(|link| fs::canonicalize(link.path()).ok()).collect();
            if devices.iter().any(|other| other == device) {
                return devices;
            }
        }
        vec![device.to_owned()]
    }
}

/// What a device is made of; a partition is made of what its disk is made of.
fn parts(device: &Path) -> Vec<PathBuf> {
    let of = |device: &Path| -> Vec<PathBuf> {
        let links = fs::read_dir(device.join("slaves")).into_iter().flatten().flatten();
        links.filter_map(|link| fs::canonicalize(link.path()).ok()).collect()
    };
    let own = of(device);
    let disk = device.parent().filter(|_| own.is_empty() && device.join("partition").exists());
    disk.map_or(own, of)
}

/// True for a medium that says so, a memory card, and anything on USB (whose disks say they are fixed), also where
/// something else lies upon it.
pub fn is_removable(device: &Path) -> bool {
    removable_below(device, MOST_LAYERS)
}

fn removable_below(device: &Path, layers: u32) -> bool {
    let says = |folder: &Path, file: &str, word: &[u8]| {
        fs::read(folder.join(file)).is_ok_and(|content| content.trim_ascii() == word)
    };
    // Only the disk has the flags, and a partition lies in its folder.
    let disks = std::iter::once(device).chain(device.parent());
    let by_itself =
        disks.into_iter().any(|disk| says(disk, "removable", b"1") || says(disk, "device/type", b"SD"))
            || device.components().any(|c| c.as_os_str().as_bytes().starts_with(b"usb"));
    by_itself || (layers > 0 && parts(device).iter().any(|part| removable_below(part, layers - 1)))
}

fn encryption(device: &Path, layers: u32, loop_over: LoopOver<'_>) -> Option<String> {
    let uuid = fs::read_to_string(device.join("dm/uuid")).unwrap_or_default();
    if let Some(kind) = crypt_kind(&uuid) {
        return Some(format!("dm-crypt ({kind})"));
    }
    if let Ok(file) = fs::read_to_string(device.join("loop/backing_file")) {
        return loop_over(Path::new(file.trim_end_matches('\n')));
    }
    let mut proof = None;
    for part in parts(device) {
        proof = Some(encryption(&part, layers.checked_sub(1)?, loop_over)?);
    }
    proof
}

/// The kind of a dm-crypt mapping, from the UUID of a device of the device mapper.
fn crypt_kind(uuid: &str) -> Option<&str> {
    let kind = uuid.strip_prefix("CRYPT-")?.split('-').next()?;
    CRYPT.contains(&kind).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up tree of devices.
    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new() -> Tree {
            Tree(tempfile::tempdir().unwrap())
        }

        fn file(&self, path: &str, content: &str) {
            let path = self.0.path().join("devices").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }

        /// A device of the device mapper or a RAID upon others.
        fn upon(&self, name: &str, uuid: &str, parts: &[&str]) {
            self.file(&format!("virtual/block/{name}/dm/uuid"), uuid);
            for part in parts {
                let link = self.0.path().join(format!("devices/virtual/block/{name}/slaves"));
                fs::create_dir_all(&link).unwrap();
                let name = part.rsplit('/').next().unwrap();
                std::os::unix::fs::symlink(self.device(part), link.join(name)).unwrap();
            }
        }

        fn device(&self, path: &str) -> PathBuf {
            fs::canonicalize(self.0.path().join("devices").join(path)).unwrap()
        }

        fn sysfs(&self) -> Sysfs {
            Sysfs(self.0.path().to_owned())
        }

        fn encryption(&self, path: &str) -> Option<String> {
            self.sysfs().encryption(&self.device(path), &|file| {
                (file == Path::new("/srv/image")).then(|| "dm-crypt (LUKS1)".to_owned())
            })
        }

        fn is_removable(&self, path: &str) -> bool {
            is_removable(&self.device(path))
        }
    }

    #[test]
    fn dm_crypt_is_known_by_its_kind() {
        assert_eq!(crypt_kind("CRYPT-LUKS2-0123-home"), Some("LUKS2"));
        assert_eq!(crypt_kind("CRYPT-BITLK-0123-usb"), Some("BITLK"));
        for other in ["CRYPT-VERITY-0123-root", "CRYPT-INTEGRITY-1", "LVM-abc", "mpath-CRYPT-LUKS2", ""] {
            assert_eq!(crypt_kind(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_encrypted_in_every_part_is_encrypted() {
        let tree = Tree::new();
        tree.file("pci0/sda/sda2/partition", "2\n");
        tree.file("pci0/sdb/removable", "0\n");
        tree.upon("dm-0", "CRYPT-LUKS2-1-a", &["pci0/sda/sda2"]);
        tree.upon("dm-1", "LVM-x", &["virtual/block/dm-0"]);
        tree.upon("dm-2", "LVM-y", &["virtual/block/dm-0", "pci0/sdb"]);
        tree.upon("dm-3", "CRYPT-VERITY-1-a", &["virtual/block/dm-1"]);
        let yes = Some("dm-crypt (LUKS2)".to_owned());
        assert_eq!(tree.encryption("virtual/block/dm-0"), yes);
        assert_eq!(tree.encryption("virtual/block/dm-1"), yes);
        assert_eq!(tree.encryption("virtual/block/dm-2"), None);
        assert_eq!(tree.encryption("virtual/block/dm-3"), yes);
        assert_eq!(tree.encryption("pci0/sda/sda2"), None);
    }

    #[test]
    fn partitions_are_made_of_what_their_disk_is_made_of() {
        let tree = Tree::new();
        tree.file("pci0/sda/size", "1\n");
        tree.upon("dm-0", "CRYPT-LUKS1-1-a", &["pci0/sda"]);
        tree.upon("md0", "", &["virtual/block/dm-0"]);
        tree.file("virtual/block/md0/md0p1/partition", "1\n");
        assert_eq!(tree.encryption("virtual/block/md0/md0p1").as_deref(), Some("dm-crypt (LUKS1)"));
    }

    #[test]
    fn a_loop_is_what_its_file_lies_on() {
        let tree = Tree::new();
        tree.file("virtual/block/loop0/loop/backing_file", "/srv/image\n");
        tree.file("virtual/block/loop1/loop/backing_file", "/srv/other\n");
        assert_eq!(tree.encryption("virtual/block/loop0").as_deref(), Some("dm-crypt (LUKS1)"));
        assert_eq!(tree.encryption("virtual/block/loop1"), None);
    }

    #[test]
    fn a_file_system_on_several_devices_is_encrypted_if_all_are() {
        let tree = Tree::new();
        tree.file("pci0/sda/size", "1\n");
        tree.upon("dm-0", "CRYPT-LUKS2-1-a", &[]);
        let devices = tree.0.path().join("fs/btrfs/uuid/devices");
        fs::create_dir_all(&devices).unwrap();
        std::os::unix::fs::symlink(tree.device("virtual/block/dm-0"), devices.join("dm-0")).unwrap();
        assert!(tree.encryption("virtual/block/dm-0").is_some());
        std::os::unix::fs::symlink(tree.device("pci0/sda"), devices.join("sda")).unwrap();
        assert_eq!(tree.encryption("virtual/block/dm-0"), None);
    }

    #[test]
    fn removable_is_what_says_so_or_lies_on_usb_also_below_encryption() {
        let tree = Tree::new();
        tree.file("pci0/sda/removable", "0\n");
        tree.file("pci0/usb2/2-1/sdb/sdb1/partition", "1\n");
        tree.file("pci0/sdc/removable", "1\n");
        tree.file("pci0/sdc/sdc1/partition", "1\n");
        tree.file("pci0/mmcblk0/device/type", "SD\n");
        tree.upon("dm-0", "CRYPT-LUKS2-1-stick", &["pci0/usb2/2-1/sdb/sdb1"]);
        for path in
            ["pci0/usb2/2-1/sdb/sdb1", "pci0/sdc", "pci0/sdc/sdc1", "pci0/mmcblk0", "virtual/block/dm-0"]
        {
            assert!(tree.is_removable(path), "{path}");
        }
        assert!(!tree.is_removable("pci0/sda"));
    }

    #[test]
    fn a_circle_of_devices_ends() {
        let tree = Tree::new();
        tree.file("virtual/block/dm-1/size", "1\n");
        tree.upon("dm-0", "LVM-x", &["virtual/block/dm-1"]);
        tree.upon("dm-1", "LVM-y", &["virtual/block/dm-0"]);
        assert_eq!(tree.encryption("virtual/block/dm-0"), None);
        assert!(!tree.is_removable("virtual/block/dm-0"));
    }
}

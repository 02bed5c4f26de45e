//! What the file system says of a path: identity, times, owner, who can reach it, and its volume.

use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::ahead::Listed;
use crate::event::{Exposure, Identity, Reach, Volume, VolumeKind};
use crate::source::rfc3339;
use crate::sys::{Access, Lists, Mounts, Names, Rights, VolumeFacts, Who};

/// Metadata of a path. Times are RFC 3339 in UTC.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Device.
    pub dev: u64,
    /// Inode.
    pub ino: u64,
    /// Hard links.
    pub nlink: u64,
    /// Last change of the inode; empty if beyond what the format can write.
    pub ctime: String,
    /// Last change of the content.
    pub modified: Option<String>,
    /// Last access.
    pub accessed: Option<String>,
    /// Creation, where the file system keeps it.
    pub created: Option<String>,
    /// Name or number of the owner; `None` where the mount makes it up.
    pub owner: Option<String>,
    /// Name or number of the group; `None` where the mount makes it up.
    pub group: Option<String>,
    /// Who can read and write, by the access control list or the mode bits; unknown where the mount makes modes up
    /// and there is no list.
    pub exposure: Exposure,
    /// Who has rights beyond owner, owning group and everyone.
    pub others: Vec<(String, Rights)>,
    /// Number of the volume within the run.
    pub volume: u32,
}

impl Meta {
    /// The identity in the form results have.
    pub fn identity(&self) -> Identity {
        Identity { dev: self.dev, ino: self.ino, nlink: self.nlink, ctime: self.ctime.clone() }
    }
}

/// Looks at paths, and remembers names and volumes.
pub(super) struct Surveyor {
    names: Names,
    volumes: Vec<VolumeFacts>,
    by_device: HashMap<u64, u32>,
    /// How many volumes were reported.
    taken: usize,
}

impl Surveyor {
    pub(super) fn new() -> Self {
        Surveyor { names: Names::load(), volumes: Vec::new(), by_device: HashMap::new(), taken: 0 }
    }

    /// Everything about `path` (absolute), from its `meta`, and what is known of its list.
    pub(super) fn survey(&mut self, meta: &Metadata, path: &Path, list: Listed) -> Meta {
        let volume = self.volume(meta.dev(), path);
        let facts = &mut self.volumes[volume as usize];
        let made_up = facts.modes_made_up;
        let access = match list {
            _ if !meta.is_file() => None,
            Listed::Asked(access) => access,
            Listed::Unasked => facts.lists.read(path),
        };
        let created = meta.created().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
        let owner = if made_up {
            access.as_ref().and_then(|access| access.owner.as_ref()).map(|who| self.name(who).1)
        } else {
            Some(self.names.user(meta.uid()))
        };
        Meta {
            dev: meta.dev(),
            ino: meta.ino(),
            nlink: meta.nlink(),
            ctime: rfc3339(meta.ctime(), meta.ctime_nsec()).unwrap_or_default(),
            modified: rfc3339(meta.mtime(), meta.mtime_nsec()),
            accessed: rfc3339(meta.atime(), meta.atime_nsec()),
            created: created
                .and_then(|d| rfc3339(i64::try_from(d.as_secs()).ok()?, i64::from(d.subsec_nanos()))),
            owner,
            group: (!made_up).then(|| self.names.group(meta.gid())),
            exposure: match &access {
                Some(access) => access.exposure,
                None if made_up => Exposure { read: Reach::Unknown, write: Reach::Unknown },
                None => exposure(meta.mode()),
            },
            others: access.map(|access| self.others(access)).unwrap_or_default(),
            volume,
        }
    }

    fn others(&self, access: Access) -> Vec<(String, Rights)> {
        let named = |(who, rights): (Who, Rights)| {
            let (kind, name) = self.name(&who);
            (format!("{kind}:{name}"), rights)
        };
        access.others.into_iter().map(named).collect()
    }

    /// What a line of a list speaks of, and its name.
    fn name(&self, who: &Who) -> (&'static str, String) {
        match who {
            Who::User(id) => ("user", self.names.user(*id)),
            Who::Group(id) => ("group", self.names.group(*id)),
            Who::Sid(sid) => ("sid", sid.clone()),
            Who::NamedUser(name) => ("user", name.clone()),
            Who::NamedGroup(name) => ("group", name.clone()),
        }
    }

    /// The number of the volume with device number `device`, on which `path` lies.
    pub(super) fn volume(&mut self, device: u64, path: &Path) -> u32 {
        if let Some(id) = self.by_device.get(&device) {
            return *id;
        }
        // The table is read anew for each new device: automounters add to it while a scan runs.
        let id = self.volumes.len() as u32;
        self.volumes.push(Mounts::load().facts(path, device));
        self.by_device.insert(device, id);
        id
    }

    /// The lists that files on `device` may have, where a call to it is slow: on network and unknown volumes.
    pub(super) fn slow(&self, device: u64) -> Option<&Lists> {
        let facts = &self.volumes[*self.by_device.get(&device)? as usize];
        is_slow(facts.kind).then_some(&facts.lists)
    }

    /// Whether `device` is a file system of the kernel itself.
    pub(super) fn is_pseudo(&mut self, device: u64, path: &Path) -> bool {
        let id = self.volume(device, path);
        self.volumes[id as usize].pseudo
    }

    pub(super) fn kind(&self, id: u32) -> VolumeKind {
        self.volumes.get(id as usize).map_or(VolumeKind::Unknown, |v| v.kind)
    }

    pub(super) fn take_volumes(&mut self) -> Vec<Volume> {
        let from = std::mem::replace(&mut self.taken, self.volumes.len());
        self.volumes.iter().enumerate().skip(from).map(|(id, facts)| event(id as u32, facts)).collect()
    }
}

/// True for volumes on which a call may take as long as a server does.
#[must_use]
pub fn is_slow(kind: VolumeKind) -> bool {
    matches!(kind, VolumeKind::Network | VolumeKind::Unknown)
}

fn event(id: u32, facts: &VolumeFacts) -> Volume {
    Volume {
        id,
        mount: facts.mount.as_ref().map(|m| String::from_utf8_lossy(m).into_owned()),
        fs: facts.fs.clone(),
        kind: facts.kind,
        encrypted: facts.encrypted,
        how: facts.how.clone(),
        atime: facts.atime.map(str::to_owned),
    }
}

/// By the mode bits of the file alone: the widest circle that has the right.
fn exposure(mode: u32) -> Exposure {
    let reach = |group: u32, others: u32| match mode {
        m if m & others != 0 => Reach::Everyone,
        m if m & group != 0 => Reach::Group,
        _ => Reach::Owner,
    };
    Exposure { read: reach(0o040, 0o004), write: reach(0o020, 0o002) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_is_the_widest_circle() {
        let of = |mode| (exposure(mode).read, exposure(mode).write);
        assert_eq!(of(0o600), (Reach::Owner, Reach::Owner));
        assert_eq!(of(0o640), (Reach::Group, Reach::Owner));
        assert_eq!(of(0o664), (Reach::Everyone, Reach::Group));
        assert_eq!(of(0o606), (Reach::Everyone, Reach::Everyone));
        assert_eq!(of(0o100_000), (Reach::Owner, Reach::Owner));
    }

    #[test]
    fn a_list_goes_before_the_mode() {
        let file = tempfile::NamedTempFile::new().unwrap();
        // Owner rw, user 4321 r, owning group nothing, mask r, others nothing: the mode says that the group reads.
        let mut list = vec![2, 0, 0, 0];
        for (tag, rights, id) in
            [(1, 6, u32::MAX), (2, 4, 4_000_000), (4, 0, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)]
        {
            list.extend([tag, 0, rights, 0]);
            list.extend(id.to_le_bytes());
        }
        let none = rustix::fs::XattrFlags::empty();
        if rustix::fs::setxattr(file.path(), "system.posix_acl_access", &list, none).is_err() {
            // The file system of temporary files has no lists.
            return;
        }
        let meta = Surveyor::new().survey(&file.as_file().metadata().unwrap(), file.path(), Listed::Unasked);
        assert_eq!(meta.exposure, Exposure { read: Reach::Group, write: Reach::Owner });
        assert_eq!(meta.others, [("user:4000000".to_owned(), Rights { read: true, write: false })]);
    }

    #[test]
    fn a_volume_is_reported_once() {
        let mut surveyor = Surveyor::new();
        let meta = std::fs::metadata("/").unwrap();
        let seen = surveyor.survey(&meta, Path::new("/"), Listed::Unasked);
        assert_eq!(surveyor.survey(&meta, Path::new("/"), Listed::Unasked).volume, seen.volume);
        assert_eq!(surveyor.take_volumes().len(), 1);
        assert!(surveyor.take_volumes().is_empty());
        assert!(seen.modified.is_some() && !seen.ctime.is_empty());
    }
}

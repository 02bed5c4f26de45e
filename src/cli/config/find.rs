//! Which configuration file counts: the one that is named, else that of the current folder, else the user's own.
//!
//! A scan never goes by a file that lies in a folder it scans: whoever can write to the share could leave things out
//! of the scan. `check` may, for it is the business of a repository what its checks look at; it says so.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::file::{self, Configuration};
use crate::cli::key::config_folder;

/// The name of the file.
pub const NAME: &str = "revere.toml";

/// How a command takes a file from inside the folders it looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// It does not go by it.
    Left,
    /// It goes by it, says so, and lets it name nothing outside.
    Named,
}

/// What was found, and what to tell the user.
#[derive(Default)]
pub struct Found {
    /// The file to go by.
    pub configuration: Option<Configuration>,
    /// True if it lies in a folder that is looked at.
    pub inside: bool,
    /// Files that were left, with the reason.
    pub notes: Vec<String>,
}

/// Looks for the file. `roots` says which folders a command with this file looks at.
///
/// # Errors
/// A file that cannot be used.
pub fn find(
    named: Option<&Path>,
    inside: Inside,
    roots: &dyn Fn(&Configuration) -> Vec<PathBuf>,
) -> anyhow::Result<Found> {
    let mut found = Found::default();
    if let Some(path) = named {
        let configuration = file::read(path)?;
        found.inside = lies_in(path, &roots(&configuration));
        if found.inside && inside == Inside::Left {
            return Err(anyhow!(
                "the configuration {} lies in a folder that is scanned: whoever can write there could leave things \
                 out of the scan; keep it elsewhere",
                path.display()
            ));
        }
        // Who names a file answers for it.
        found.inside = false;
        found.configuration = Some(configuration);
        return Ok(found);
    }
    let own = config_folder(|name| std::env::var_os(name)).map(|folder| folder.join(NAME));
    for path in std::iter::once(PathBuf::from(NAME)).chain(own) {
        if !path.is_file() {
            continue;
        }
        // Unread: what cannot be trusted to say something cannot be trusted to be well-formed either.
        let readable = file::read(&path);
        let held = match &readable {
            Ok(configuration) => roots(configuration),
            Err(_) => roots(&Configuration { path: path.clone(), digest: String::new(), given: Vec::new() }),
        };
        let lies_inside = lies_in(&path, &held);
        if lies_inside && inside == Inside::Left {
            found.notes.push(format!("Not used: {} lies in a folder that is scanned", path.display()));
            continue;
        }
        found.configuration = Some(readable?);
        found.inside = lies_inside;
        break;
    }
    Ok(found)
}

/// True if a file lies below one of the folders. Where that cannot be told, it does.
fn lies_in(file: &Path, roots: &[PathBuf]) -> bool {
    // Of a link both places count: whoever can replace the link says what is read.
    let link = folder_of(file);
    let mut places = vec![link.canonicalize()];
    places.push(file.canonicalize());
    let places: Option<Vec<PathBuf>> = places.into_iter().map(Result::ok).collect();
    let Some(places) = places else { return true };
    roots.iter().any(|root| {
        let root = root.canonicalize().unwrap_or_else(|_| root.clone());
        let folder = if root.is_file() { folder_of(&root) } else { root };
        places.iter().any(|place| place.starts_with(&folder))
    })
}

/// The folder a file lies in.
pub fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_is_below_a_root_by_whatever_name() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir_all(at("share/deep")).unwrap();
        std::fs::create_dir_all(at("elsewhere")).unwrap();
        for file in ["share/revere.toml", "elsewhere/revere.toml", "share/deep/a.csv"] {
            std::fs::write(at(file), "").unwrap();
        }
        std::os::unix::fs::symlink(at("share"), at("link")).unwrap();
        std::os::unix::fs::symlink(at("elsewhere/revere.toml"), at("share/deep/revere.toml")).unwrap();
        for (file, root, inside) in [
            ("share/revere.toml", "share", true),
            ("share/revere.toml", "link", true),
            ("link/revere.toml", "share", true),
            ("share/deep/revere.toml", "share", true),
            ("elsewhere/revere.toml", "share", false),
            ("share/revere.toml", "share/deep", false),
            ("share/revere.toml", "share/deep/a.csv", false),
            ("share/deep/revere.toml", "share/deep/a.csv", true),
            ("share/none.toml", "elsewhere", true),
        ] {
            assert_eq!(lies_in(&at(file), &[at(root)]), inside, "{file} in {root}");
        }
    }
}

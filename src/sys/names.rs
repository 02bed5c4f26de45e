//! Names of users, groups, this account and this host.
//!
//! Only `/etc/passwd` and `/etc/group` are read, once. Accounts of a directory service appear with their
//! number: asking the resolver would load foreign code into a program that often runs as a privileged user.

use std::collections::HashMap;

/// Names of the users and groups of this machine.
pub struct Names {
    users: HashMap<u32, String>,
    groups: HashMap<u32, String>,
}

impl Names {
    /// Reads the local files; a file that cannot be read leaves numbers instead of names.
    pub fn load() -> Self {
        let read = |path| std::fs::read(path).unwrap_or_default();
        Names { users: parse(&read("/etc/passwd")), groups: parse(&read("/etc/group")) }
    }

    /// The login name of `uid`, else the number as text.
    pub fn user(&self, uid: u32) -> String {
        self.users.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }

    /// The name of group `gid`, else the number as text.
    pub fn group(&self, gid: u32) -> String {
        self.groups.get(&gid).cloned().unwrap_or_else(|| gid.to_string())
    }
}

/// Both files have the form `name:password:number:…`; the first line for a number counts.
fn parse(file: &[u8]) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    for line in String::from_utf8_lossy(file).lines() {
        let mut fields = line.split(':');
        let (Some(name), Some(_), Some(number)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        if let Ok(number) = number.parse()
            && !name.is_empty()
        {
            names.entry(number).or_insert_with(|| name.to_owned());
        }
    }
    names
}

/// The account this process acts as, and whether it is root (which reads files in spite of their modes).
pub fn account() -> (String, bool) {
    let uid = rustix::process::geteuid();
    (Names::load().user(uid.as_raw()), uid.is_root())
}

/// The name of this host, as the kernel has it.
pub fn hostname() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_of_a_number_counts_and_odd_lines_are_skipped() {
        let names = parse(
            b"root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:\nbroken\n\nbob:x:not-a-number:1\nana:x:1000:\n",
        );
        assert_eq!(names.get(&0).map(String::as_str), Some("root"));
        assert_eq!(names.get(&1000).map(String::as_str), Some("ana"));
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn an_unknown_number_stays_a_number() {
        let names = Names { users: HashMap::new(), groups: HashMap::new() };
        assert_eq!(names.user(4_000_000_000), "4000000000");
        assert_eq!(names.group(7), "7");
    }

    #[test]
    fn the_account_and_the_host_have_names() {
        assert!(!account().0.is_empty());
        assert!(!hostname().is_empty());
    }
}

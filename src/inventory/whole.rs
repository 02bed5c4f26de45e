//! Paths with the folders of their root in front, for rules and owners: whoever scans `/srv/shares/hr` and writes a
//! rule for `hr/**` means the same files as whoever scans `/srv/shares`.

/// The path of a file with the folders of its root in front.
pub struct Whole {
    text: String,
    /// Where each folder of the root begins, and the path below it.
    starts: Vec<usize>,
}

impl Whole {
    /// `root` as it was given to the scan. What it leaves open (`.`, and whatever stands before `..`) is not known.
    pub fn new(root: &str, path: &str) -> Whole {
        let mut parts: Vec<&str> = Vec::new();
        for part in root.split('/') {
            match part {
                "" | "." => {}
                ".." => parts.clear(),
                part => parts.push(part),
            }
        }
        let mut whole = Whole { text: String::new(), starts: vec![0] };
        for part in parts {
            whole.text += part;
            whole.text.push('/');
            whole.starts.push(whole.text.len());
        }
        whole.text += path;
        whole
    }

    /// The path below the root, then with one folder of the root after the other in front of it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.starts.iter().rev().filter_map(|start| self.text.get(*start..))
    }

    /// The file and the folders above it, the deepest first, each by all its names; the longest first.
    pub fn upwards(&self) -> impl Iterator<Item = &str> {
        let ends = std::iter::once(self.text.len()).chain(self.text.rmatch_indices('/').map(|(at, _)| at));
        ends.flat_map(move |end| self.starts.iter().filter_map(move |start| self.text.get(*start..end)))
            .filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_folders_of_its_root_in_front() {
        let names = |root: &str| Whole::new(root, "a/b.txt").names().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(names("/srv/hr/"), ["a/b.txt", "hr/a/b.txt", "srv/hr/a/b.txt"]);
        for (root, last) in
            [(".", "a/b.txt"), ("./hr", "hr/a/b.txt"), ("x/../hr", "hr/a/b.txt"), ("/", "a/b.txt")]
        {
            assert_eq!(names(root).last().map(String::as_str), Some(last), "{root}");
        }
    }

    #[test]
    fn folders_come_deepest_first_by_all_their_names() {
        let upwards =
            |root: &str, path: &str| Whole::new(root, path).upwards().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            upwards("/srv/hr", "a/b"),
            ["srv/hr/a/b", "hr/a/b", "a/b", "srv/hr/a", "hr/a", "a", "srv/hr", "hr", "srv"]
        );
        assert_eq!(upwards(".", "a/b"), ["a/b", "a"]);
    }
}

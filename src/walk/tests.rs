use std::fs;
use std::os::unix::fs::symlink;

use super::*;

struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[&str]) -> Self {
        let tree = Tree(tempfile::tempdir().unwrap());
        for file in files {
            tree.file(file);
        }
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), name).unwrap();
    }

    fn walk(&self, options: &Options) -> Vec<String> {
        told(&mut Walker::new(&[self.0.path().to_owned()], options).unwrap())
    }
}

/// One line for each thing found.
fn told(walker: &mut Walker) -> Vec<String> {
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
    let lines: Vec<String> = walker
        .by_ref()
        .map(|found| match found {
            Found::File(c) => format!("{} {}", c.root, text(&c.path)),
            Found::Settled(c, cause, _) => format!("{} {} {}", c.root, text(&c.path), cause.word()),
            Found::SameAs(c, (root, path)) => {
                format!("{} {} = {root} {}", c.root, text(&c.path), text(&path))
            }
            Found::FolderGap { root, path, cause, .. } => format!("{root} {}/ {}", text(&path), cause.word()),
        })
        .collect();
    let folders = lines.iter().filter(|l| l.contains("/ ")).count();
    assert_eq!(walker.met(), (lines.len() - folders) as u64);
    lines
}

fn excluding(patterns: &[&str]) -> Options {
    Options { exclude: patterns.iter().map(|p| (*p).to_owned()).collect(), ..Options::default() }
}

#[test]
fn files_come_in_the_order_of_their_names_hidden_ones_too() {
    let tree = Tree::new(&["b/x", "a.txt", "B", ".hidden", "b-", "$RECYCLE.BIN/y"]);
    let expected = ["0 $RECYCLE.BIN/y", "0 .hidden", "0 B", "0 a.txt", "0 b/x", "0 b-"];
    assert_eq!(tree.walk(&Options::default()), expected);
}

#[test]
fn links_and_special_files_are_settled() {
    let tree = Tree::new(&["d/f"]);
    symlink("d", tree.path("to-folder")).unwrap();
    symlink("nowhere", tree.path("to-nothing")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(tree.path("socket")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(tree.path("pipe")).status().unwrap().success());
    let expected =
        ["0 d/f", "0 pipe special-file", "0 socket special-file", "0 to-folder link", "0 to-nothing link"];
    assert_eq!(tree.walk(&Options::default()), expected);
}

#[test]
fn names_that_are_no_text_keep_their_bytes() {
    let tree = Tree::new(&[]);
    let odd = OsStr::from_bytes(b"a\xFF\n\x1B[1m");
    fs::write(tree.0.path().join(odd), "x").unwrap();
    assert_eq!(tree.walk(&Options::default()), ["0 a\\xff\\n\\x1b[1m"]);
}

#[test]
fn hard_links_point_to_the_first_of_them() {
    let tree = Tree::new(&["a", "z/q"]);
    fs::hard_link(tree.path("a"), tree.path("b")).unwrap();
    fs::hard_link(tree.path("a"), tree.path("z/c")).unwrap();
    assert_eq!(tree.walk(&Options::default()), ["0 a", "0 b = 0 a", "0 z/c = 0 a", "0 z/q"]);
    assert_eq!(tree.walk(&excluding(&["a"])), ["0 a excluded", "0 b", "0 z/c = 0 b", "0 z/q"]);
}

#[test]
fn excluded_files_are_counted_and_excluded_folders_not_walked() {
    let tree =
        Tree::new(&["a.iso", "b.txt", "node_modules/x/y.js", "sub/node_modules/z.js", ".snapshot/h/b.txt"]);
    let expected = [
        "0 .snapshot/ snapshot",
        "0 a.iso excluded",
        "0 b.txt",
        "0 node_modules/ excluded",
        "0 sub/node_modules/ excluded",
    ];
    assert_eq!(tree.walk(&excluding(&["**/node_modules/**", "*.iso"])), expected);
}

#[test]
fn own_outputs_are_excluded() {
    let tree = Tree::new(&["a", "result.jsonl"]);
    let meta = fs::metadata(tree.path("result.jsonl")).unwrap();
    let options = Options { own: vec![(meta.dev(), meta.ino())], ..Options::default() };
    assert_eq!(tree.walk(&options), ["0 a", "0 result.jsonl excluded"]);
}

#[test]
fn overlapping_roots_are_scanned_once() {
    let tree = Tree::new(&["in/a", "out"]);
    let walk = |roots: &[PathBuf], options: &Options| told(&mut Walker::new(roots, options).unwrap());
    let (outer, inner) = (tree.path(""), tree.path("in"));
    let options = Options::default();
    assert_eq!(walk(&[outer.clone(), inner.clone()], &options), ["0 in/a", "0 out", "1 a = 0 in/a"]);
    assert_eq!(walk(&[inner.clone(), outer.clone()], &options), ["0 a", "1 in/a = 0 a", "1 out"]);
    assert_eq!(walk(&[tree.path("out"), outer.clone()], &options), ["0 out", "1 in/a", "1 out = 0 out"]);
    // What the first root leaves out is not covered by it.
    assert_eq!(walk(&[outer, inner], &excluding(&["/in/**"])), ["0 in/ excluded", "0 out", "1 a"]);
}

#[test]
fn a_link_given_as_root_is_followed() {
    let tree = Tree::new(&["real/a"]);
    symlink("real", tree.path("link")).unwrap();
    symlink("real/a", tree.path("file-link")).unwrap();
    let roots = [tree.path("link"), tree.path("file-link")];
    let mut walker = Walker::new(&roots, &Options::default()).unwrap();
    assert_eq!(told(&mut walker), ["0 a", "1 a = 0 a"]);
    assert!(walker.roots()[1].open().is_ok());
}

#[test]
fn a_missing_root_is_an_error() {
    let tree = Tree::new(&[]);
    let missing = Walker::new(&[tree.path("gone")], &Options::default());
    assert!(matches!(missing, Err(WalkError::MissingRoot(path)) if path == tree.path("gone")));
}

#[test]
fn what_vanishes_is_settled_or_a_gap() {
    let tree = Tree::new(&["a", "b", "d/x"]);
    let mut walker = Walker::new(&[tree.path("")], &Options::default()).unwrap();
    assert!(matches!(walker.next(), Some(Found::File(_))));
    fs::remove_file(tree.path("b")).unwrap();
    fs::remove_dir_all(tree.path("d")).unwrap();
    assert_eq!(told_rest(&mut walker), ["b vanished", "d/ vanished"]);
}

fn told_rest(walker: &mut Walker) -> Vec<String> {
    let word =
        |path: &[u8], end: &str, cause: Cause| format!("{}{end} {}", path.escape_ascii(), cause.word());
    walker
        .map(|found| match found {
            Found::Settled(c, cause, _) => word(&c.path, "", cause),
            Found::FolderGap { path, cause, .. } => word(&path, "/", cause),
            Found::File(c) | Found::SameAs(c, _) => c.path.escape_ascii().to_string(),
        })
        .collect()
}

#[test]
fn a_folder_that_cannot_be_listed_is_a_gap() {
    use std::os::unix::fs::PermissionsExt;
    if sys::account().1 {
        return; // Root lists every folder.
    }
    let tree = Tree::new(&["a", "d/x"]);
    fs::set_permissions(tree.path("d"), fs::Permissions::from_mode(0o000)).unwrap();
    assert_eq!(tree.walk(&Options::default()), ["0 a", "0 d/ denied"]);
    fs::set_permissions(tree.path("d"), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn paths_too_long_for_the_system_are_settled_or_a_gap() {
    use rustix::fs::{Mode, OFlags, mkdirat, openat};
    let tree = Tree::new(&[]);
    let name = "n".repeat(200);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let mut folder = rustix::fs::open(tree.0.path(), flags, Mode::empty()).unwrap();
    for _ in 0..25 {
        mkdirat(&folder, &name, Mode::from(0o700)).unwrap();
        openat(&folder, "f", OFlags::CREATE | OFlags::WRONLY, Mode::from(0o600)).unwrap();
        folder = openat(&folder, &name, flags, Mode::empty()).unwrap();
    }
    let found = tree.walk(&Options::default());
    assert!(found.iter().filter(|l| !l.contains(" io-error")).count() >= 19);
    assert!(found.iter().any(|l| l.ends_with("/ io-error")));
}

#[test]
fn a_walker_can_move_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Walker>();
    is_send::<Found>();
}

#[test]
fn metadata_say_who_and_when_and_where() {
    let tree = Tree::new(&["a"]);
    let mut walker = Walker::new(&[tree.path("")], &Options::default()).unwrap();
    let Some(Found::File(candidate)) = walker.next() else { panic!("a file") };
    let meta = candidate.meta.unwrap();
    assert_eq!(candidate.size, 1);
    assert!(meta.modified.unwrap().ends_with('Z') && meta.owner.is_some());
    assert_eq!(walker.take_volumes().len(), 1);
    assert_eq!(walker.volume_kind(99), VolumeKind::Unknown);
}

#[test]
fn the_kernels_own_file_systems_are_not_walked() {
    let mut walker =
        Walker::new(&[PathBuf::from("/")], &excluding(&["/[a-oq-z]*", "/.*", "/[A-Z]*"])).unwrap();
    assert!(told_rest(&mut walker).contains(&"proc/ other-file-system".to_owned()));
}

#[test]
fn shards_divide_all_paths() {
    let names: Vec<String> = (0..50).map(|n| format!("f{n}")).collect();
    let tree = Tree::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut all = Vec::new();
    for i in 1..=3 {
        let options = Options { shard: Some((i, 3)), ..Options::default() };
        let mut walker = Walker::new(&[tree.path("")], &options).unwrap();
        all.extend(told(&mut walker));
        assert_eq!(walker.met() + walker.other_shard(), 50);
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 50);
}

fn from_list(lines: &str, separator: u8) -> Vec<String> {
    let list = Box::new(io::Cursor::new(lines.as_bytes().to_vec()));
    told(&mut Walker::from_list(list, separator, &Options::default()).unwrap())
}

#[test]
fn a_plain_list_names_absolute_and_relative_paths() {
    let tree = Tree::new(&["a", "d/b"]);
    symlink("d", tree.path("link")).unwrap();
    let dir = tree.0.path().canonicalize().unwrap();
    let dir = dir.to_str().unwrap();
    let lines =
        format!("{dir}/a\n\n{dir}/link/b\n{dir}/gone\n{dir}/d\nCargo.toml\n./src/../Cargo.toml\nno/such\n");
    let here = std::env::current_dir().unwrap();
    let top = |path: &str| path[1..].to_owned();
    let expected = [
        format!("1 {}/a", top(dir)),
        format!("1 {}/d/b", top(dir)),
        format!("1 {}/gone vanished", top(dir)),
        format!("1 {}/d/ excluded", top(dir)),
        "0 Cargo.toml".to_owned(),
        format!("1 {}/Cargo.toml", top(here.to_str().unwrap())),
        "0 no/such vanished".to_owned(),
    ];
    assert_eq!(from_list(&lines, b'\n'), expected);
}

#[test]
fn a_list_may_be_separated_by_nul() {
    let tree = Tree::new(&["a\nb"]);
    let dir = tree.0.path().canonicalize().unwrap();
    let found = from_list(&format!("{}/a\nb\0", dir.display()), 0);
    assert_eq!(found, [format!("1 {}/a\\nb", &dir.to_str().unwrap()[1..])]);
}

#[test]
fn a_manifest_names_its_roots() {
    let tree = Tree::new(&["a", "d/b"]);
    fs::write(tree.0.path().join(OsStr::from_bytes(b"\xFF")), "x").unwrap();
    let lines = format!(
        "{{\"roots\":[{:?}]}}\n{{\"root\":0,\"path\":\"d/b\",\"size\":3}}\n{{\"root\":0,\"path\":\"../x\"}}\n\
         {{\"root\":7,\"path\":\"a\"}}\nnonsense\n{{\"root\":0,\"path_raw\":\"/w==\"}}\n{{\"root\":0,\"path\":\"gone\"}}\n",
        tree.0.path().to_str().unwrap()
    );
    let expected = ["0 d/b", "0 / damaged", "0 / damaged", "0 / damaged", "0 \\xff", "0 gone vanished"];
    assert_eq!(from_list(&lines, b'\n'), expected);
    let bad = Walker::from_list(Box::new(io::Cursor::new(b"{\"root\":0}\n")), b'\n', &Options::default());
    assert!(matches!(bad, Err(WalkError::List(_))));
}

#[test]
fn a_list_may_be_empty() {
    assert!(from_list("", b'\n').is_empty());
}

#[test]
fn parts_of_a_folder_have_the_paths_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("a/deep")).unwrap();
    for name in ["a/deep/x.csv", "a/y.csv", "b.csv", "c.csv"] {
        fs::write(dir.path().join(name), "x").unwrap();
    }
    let part = |name: &str| dir.path().join(name);
    let parts = [part("b.csv"), part("a/deep"), part("a"), part("b.csv"), part("a/deep/x.csv")];
    let walker = Walker::within(dir.path(), &parts, &Options::default()).unwrap_or_else(|e| panic!("{e}"));
    let paths: Vec<String> = walker
        .map(|found| match found {
            Found::File(c) => String::from_utf8(c.path).unwrap(),
            _ => panic!("only files are there"),
        })
        .collect();
    assert_eq!(paths, ["a/deep/x.csv", "a/y.csv", "b.csv"]);
    let outside = Walker::within(&part("a"), &[part("b.csv")], &Options::default());
    assert!(matches!(outside.err(), Some(WalkError::Outside(..))));
}

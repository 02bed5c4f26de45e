//! Names of what is packed.

/// Extensions of packed files, with what stands in their place; lower case.
const ENDINGS: [(&str, &str); 20] = [
    (".gz", ""),
    (".z", ""),
    (".bz2", ""),
    (".bz", ""),
    (".xz", ""),
    (".lzma", ""),
    (".lz", ""),
    (".zst", ""),
    (".zstd", ""),
    (".lz4", ""),
    (".tgz", ".tar"),
    (".taz", ".tar"),
    (".tbz2", ".tar"),
    (".tbz", ".tar"),
    (".txz", ".tar"),
    (".tlz", ".tar"),
    (".tzst", ".tar"),
    (".svgz", ".svg"),
    (".emz", ".emf"),
    (".wmz", ".wmf"),
];

/// The name of what is in a packed file called `outer`; the same name if it says nothing.
pub(super) fn inside(outer: &str) -> String {
    let lower = outer.to_ascii_lowercase();
    let ending = ENDINGS.iter().find(|(ending, _)| lower.len() > ending.len() && lower.ends_with(ending));
    match ending {
        Some((ending, instead)) => format!("{}{instead}", &outer[..outer.len() - ending.len()]),
        None => outer.to_owned(),
    }
}

/// The name that a gzip header holds, without folders: UTF-8, or Latin-1 as RFC 1952 says.
pub(super) fn stored(bytes: &[u8]) -> String {
    let name = match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    };
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

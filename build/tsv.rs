//! Reads the tab-separated reference tables: one header line, trailing empty cells cut off.

use std::path::Path;

/// The rows of a table, each as long as its header.
///
/// # Panics
/// If the file cannot be read, has no header, or a row has more cells than the header: the build then fails with
/// the file and line.
pub fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut lines = text.lines();
    let columns = lines.next().unwrap_or_else(|| panic!("{}: no header", path.display())).split('\t').count();
    lines
        .enumerate()
        .map(|(i, line)| {
            let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            assert!(cells.len() <= columns, "{}:{}: too many cells", path.display(), i + 2);
            cells.resize(columns, String::new());
            cells
        })
        .collect()
}

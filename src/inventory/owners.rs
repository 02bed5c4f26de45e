//! Whose files they are: a table of departments and data owners, by owner of the file or by folder.

use std::collections::HashMap;

use super::RuleError;
use super::delimited::lines;
use super::whole::Whole;
use crate::event::FileLine;
use crate::report::cell::harmed;

/// The columns of the table; the first line names those that are there.
const COLUMNS: [&str; 4] = ["owner", "path", "department", "data_owner"];

/// Whose a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// The department.
    pub department: String,
    /// Who answers for it.
    pub data_owner: String,
}

/// The table.
#[derive(Default)]
pub struct OwnerMap {
    by_owner: HashMap<String, Line>,
    /// Folders or files, as a path below a root or with folders of it in front, without a slash at either end.
    by_path: HashMap<String, Line>,
}

struct Line {
    placed: Placed,
    /// True once it has decided about a file.
    met: bool,
}

impl OwnerMap {
    /// Reads the table: CSV with the columns `owner` or `path` and `department` or `data_owner`.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, RuleError> {
        let mut rows = lines(bytes)?.into_iter();
        let wrong = |line, what: &str| RuleError { line, what: what.to_owned() };
        let head = rows.next().ok_or_else(|| wrong(1, "empty; the first line names the columns"))?;
        let columns = head.fields.iter().map(|name| column(name));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(|what| wrong(head.line, &what))?;
        if let Some(twice) = (1..columns.len()).find(|n| columns[..*n].contains(&columns[*n])) {
            return Err(wrong(head.line, &format!("the column {} is there twice", COLUMNS[columns[twice]])));
        }
        if !columns.iter().any(|n| *n < 2) || !columns.iter().any(|n| *n >= 2) {
            return Err(wrong(
                head.line,
                "needs a column owner or path, and a column department or data_owner",
            ));
        }
        let mut map = OwnerMap::default();
        for row in rows {
            if row.fields.len() > columns.len() {
                return Err(wrong(row.line, "has more fields than the first line names"));
            }
            let mut fields = [const { String::new() }; 4];
            for (n, field) in columns.iter().zip(row.fields) {
                harmed(&field).trim().clone_into(&mut fields[*n]);
            }
            map.add(fields).map_err(|what| wrong(row.line, what))?;
        }
        Ok(map)
    }

    fn add(&mut self, fields: [String; 4]) -> Result<(), &'static str> {
        let [owner, path, department, data_owner] = fields;
        let line = Line { placed: Placed { department, data_owner }, met: false };
        let before = match (owner.is_empty(), path.is_empty()) {
            (true, true) => return Err("names neither owner nor path"),
            (false, false) => return Err("names both owner and path; make it two lines"),
            (false, true) => self.by_owner.insert(owner, line),
            (true, false) => self.by_path.insert(path.trim_matches('/').to_owned(), line),
        };
        if before.is_some() { Err("the same owner or path is there twice") } else { Ok(()) }
    }

    /// True if there is no line.
    pub fn is_empty(&self) -> bool {
        self.by_owner.is_empty() && self.by_path.is_empty()
    }

    /// Whose a file is: the deepest folder that is listed decides, else its owner.
    pub fn find(&mut self, file: &FileLine, whole: &Whole) -> Option<&Placed> {
        let folder = whole.upwards().chain([""]).find(|folder| self.by_path.contains_key(*folder));
        let line = match folder {
            Some(folder) => self.by_path.get_mut(folder),
            None => self.by_owner.get_mut(file.owner.as_deref()?),
        }?;
        line.met = true;
        Some(&line.placed)
    }

    /// Owners and paths that decided about no file so far, in order.
    pub fn unmet(&self) -> Vec<String> {
        let lines = self.by_owner.iter().chain(&self.by_path).filter(|(_, line)| !line.met);
        let mut names: Vec<_> =
            lines.map(|(name, _)| if name.is_empty() { "/" } else { name }.to_owned()).collect();
        names.sort();
        names
    }
}

/// Which of [`COLUMNS`] a name means.
fn column(name: &str) -> Result<usize, String> {
    let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
    COLUMNS
        .iter()
        .position(|column| *column == plain)
        .ok_or_else(|| format!("unknown column \"{}\"; columns are {}", name.trim(), COLUMNS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::samples::file_line;

    const MAP: &str = "\
Owner;Path;Department;Data owner
;/hr/;People;M. Osei
;hr/benefits/2019;Benefits;
carla;;Finance;C. Duarte
";

    fn department(map: &str, path: &str, owner: &str) -> Option<String> {
        let file = FileLine { owner: Some(owner.into()), ..file_line(1, path) };
        let mut map = OwnerMap::parse(map.as_bytes()).unwrap();
        map.find(&file, &Whole::new(".", path)).map(|placed| placed.department.clone())
    }

    #[test]
    fn a_line_may_name_folders_of_the_root() {
        let mut map = OwnerMap::parse(MAP.as_bytes()).unwrap();
        let mut of = |root: &str, path: &str| {
            let placed = map.find(&file_line(1, path), &Whole::new(root, path));
            placed.map(|placed| placed.department.clone())
        };
        assert_eq!(of("/srv/hr", "a.txt").as_deref(), Some("People"));
        assert_eq!(of("/srv/hr/benefits", "2019/a.txt").as_deref(), Some("Benefits"));
        assert_eq!(of("/srv/hr/letters", "a.txt").as_deref(), Some("People"));
        assert_eq!(of("/srv/finance", "a.txt"), None);
        assert_eq!(map.unmet(), ["carla"]);
    }

    #[test]
    fn the_deepest_folder_decides_then_the_owner() {
        let of = |path, owner| department(MAP, path, owner);
        assert_eq!(of("hr/a.txt", "carla").as_deref(), Some("People"));
        assert_eq!(of("hr/benefits/2019/a.txt", "x").as_deref(), Some("Benefits"));
        assert_eq!(of("hr/benefits/2019", "x").as_deref(), Some("Benefits"));
        assert_eq!(of("hrx/a.txt", "carla").as_deref(), Some("Finance"));
        assert_eq!(of("hrx/a.txt", "x"), None);
        assert_eq!(department("path,department\n/,All\n", "a/b", "x").as_deref(), Some("All"));
    }

    #[test]
    fn what_is_wrong_with_a_table_has_a_line() {
        for (text, line, said) in [
            ("", 1, "empty"),
            ("owner,team\nx,y\n", 1, "unknown column \"team\""),
            ("owner,path\n", 1, "needs a column"),
            ("owner,owner,department\n", 1, "twice"),
            ("owner,path,department\n\n,,People\n", 3, "neither"),
            ("owner,path,department\na,b,c\n", 2, "both"),
            ("owner,department\na,b\na,c\n", 3, "twice"),
            ("owner,department\na,b,c\n", 2, "more fields"),
        ] {
            let error = OwnerMap::parse(text.as_bytes()).err().expect(text);
            assert!(error.line == line && error.what.contains(said), "{text}: {error}");
        }
    }
}

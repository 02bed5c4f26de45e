//! The inventory before this one: what people decided, and since when a file is known.
//!
//! A decision follows its file by share and fingerprint of the path, else (under another key) by share and path, else
//! (under another name of the share) by the fingerprint alone, if only one file has it. What it says of files that
//! are not met any more is handed on all the same, so that nothing a person wrote is ever lost.

use std::collections::HashMap;

use jiff::civil::Date;

use super::RuleError;
use super::delimited::Line;
use crate::event::PathRef;
use crate::flat;

/// The columns that belong to people, as they stand at the end of each row.
pub const DECISIONS: [&str; 5] = ["legal_hold", "decision", "decided_by", "decided_on", "note"];
/// The columns that say which file a row speaks of, and since when it is known.
const PLACE: [&str; 5] = ["share", "path", "path_id", "first_seen", "last_scanned"];

/// The name of the first column of tables that hold several kinds of rows.
pub const ROW: &str = "row";
/// A row of a file.
pub const FILE: &str = "file";
/// A row of a file that is not met any more.
pub const GONE: &str = "gone";

/// A table of a former inventory.
pub struct Table {
    /// The sheet it stands on, for messages.
    pub sheet: Option<String>,
    /// Its rows, the header first.
    pub lines: Vec<Line>,
}

/// What a former inventory says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its share.
    pub share: String,
    /// Its path, masked.
    pub path: String,
    /// The fingerprint of its path.
    pub path_id: String,
    /// When it was first listed.
    pub first_seen: Option<Date>,
    /// When it was last scanned.
    pub last_scanned: Option<Date>,
    /// What people wrote, in the order of [`DECISIONS`].
    pub words: [String; DECISIONS.len()],
}

impl Known {
    /// True if the file must not be destroyed: anything but `no` is written under legal hold.
    pub fn held(&self) -> bool {
        let hold = self.words[0].trim().to_lowercase();
        !matches!(hold.as_str(), "" | "no" | "n" | "false" | "0" | "none" | "-")
    }

    /// True if a person wrote anything.
    pub fn decided(&self) -> bool {
        self.words.iter().any(|word| !word.is_empty())
    }
}

/// A former inventory.
#[derive(Default)]
pub struct Former {
    rows: Vec<Known>,
    met: Vec<bool>,
    /// Rows by the hash of a pair of names.
    by_id: HashMap<u64, u32>,
    by_path: HashMap<u64, u32>,
    /// Rows of shares that are not there any more, by the fingerprint of the path; `None` where there are several.
    elsewhere: HashMap<u64, Option<u32>>,
    /// Columns that are not carried over.
    pub strange: Vec<String>,
}

impl Former {
    /// Takes the tables of a former inventory. `ours` are the names of all columns of an inventory.
    ///
    /// # Errors
    /// Names the line that is wrong.
    pub fn new(tables: Vec<Table>, ours: &[&str]) -> Result<Self, RuleError> {
        let mut former = Former::default();
        for table in tables {
            let sheet = table.sheet.clone();
            former.table(table, ours).map_err(|error| match sheet {
                Some(sheet) => RuleError { what: format!("{} (sheet {sheet})", error.what), ..error },
                None => error,
            })?;
        }
        former.met = vec![false; former.rows.len()];
        Ok(former)
    }

    fn table(&mut self, table: Table, ours: &[&str]) -> Result<(), RuleError> {
        let mut lines = table.lines.into_iter();
        let wrong = |line, what: String| RuleError { line, what };
        let Some(head) = lines.next() else {
            return Err(wrong(1, "empty: no inventory".to_owned()));
        };
        let names: Vec<String> = head.fields.iter().map(|name| plain(name)).collect();
        let find = |name: &str| names.iter().position(|n| n == name);
        for name in ["share", "path", DECISIONS[0], DECISIONS[1]] {
            if find(name).is_none() {
                let what = format!("no inventory by file: it has no column \"{name}\"");
                return Err(wrong(head.line, what));
            }
        }
        for (n, name) in names.iter().enumerate() {
            if names[..n].contains(name) && !name.is_empty() {
                return Err(wrong(head.line, format!("the column \"{name}\" is there twice")));
            }
        }
        let strange = names.iter().filter(|name| !name.is_empty() && !ours.contains(&name.as_str()));
        self.strange.extend(strange.cloned());
        let kind = find(ROW);
        let places = PLACE.map(find);
        let words = DECISIONS.map(find);
        for line in lines {
            let of = |n: Option<usize>| n.and_then(|n| line.fields.get(n)).map_or("", String::as_str);
            if kind.is_some() && ![FILE, GONE].contains(&of(kind)) {
                continue;
            }
            let known = known(places.map(of), words.map(of)).map_err(|what| wrong(line.line, what))?;
            self.add(known).map_err(|what| wrong(line.line, what.to_owned()))?;
        }
        Ok(())
    }

    fn add(&mut self, known: Known) -> Result<(), &'static str> {
        let by_path = pair(&known.share, &known.path);
        let by_id = pair(&known.share, &known.path_id);
        let other =
            if known.path_id.is_empty() { self.by_path.get(&by_path) } else { self.by_id.get(&by_id) };
        if let Some(other) = other.and_then(|n| self.rows.get_mut(*n as usize)) {
            if known.decided() {
                if other.decided() && other.words != known.words {
                    return Err("a second row of the same file, with another decision");
                }
                *other = known;
            }
            return Ok(());
        }
        let n = u32::try_from(self.rows.len()).map_err(|_| "more rows than can be counted")?;
        self.by_path.entry(by_path).or_insert(n);
        if !known.path_id.is_empty() {
            self.by_id.insert(by_id, n);
        }
        self.rows.push(known);
        Ok(())
    }

    /// Says which shares there are now, before anything is looked up.
    pub fn prepare(&mut self, shares: &[String]) {
        for (known, n) in self.rows.iter().zip(0..) {
            if !shares.contains(&known.share) && !known.path_id.is_empty() {
                let entry = self.elsewhere.entry(flat::hash(1, known.path_id.as_bytes()));
                entry.and_modify(|row| *row = None).or_insert(Some(n));
            }
        }
    }

    /// What is known of a path of a share.
    pub fn find(&mut self, share: &str, at: &PathRef) -> Option<&Known> {
        let n = self.by_id(share, at).or_else(|| self.by_path(share, at)).or_else(|| self.elsewhere(at))?;
        *self.met.get_mut(n as usize)? = true;
        self.rows.get(n as usize)
    }

    fn by_id(&self, share: &str, at: &PathRef) -> Option<u32> {
        let n = self.by_id.get(&pair(share, &at.path_id)).copied();
        n.filter(|n| self.rows[*n as usize].path_id == at.path_id)
    }

    /// Two paths may look alike once they are masked, so a masked one is not found in this way.
    fn by_path(&self, share: &str, at: &PathRef) -> Option<u32> {
        let n = self.by_path.get(&pair(share, &at.path)).copied()?;
        let row = &self.rows[n as usize];
        (!at.path_masked && row.share == share && row.path == at.path).then_some(n)
    }

    fn elsewhere(&self, at: &PathRef) -> Option<u32> {
        let n = self.elsewhere.get(&flat::hash(1, at.path_id.as_bytes())).copied().flatten();
        n.filter(|n| self.rows[*n as usize].path_id == at.path_id)
    }

    /// True if everything that was decided in another one is decided in the same words here.
    pub fn holds_all_of(&self, other: &Former) -> bool {
        other.rows.iter().filter(|row| row.decided()).all(|row| {
            let by_id = self.by_id.get(&pair(&row.share, &row.path_id));
            let same = by_id.or_else(|| self.by_path.get(&pair(&row.share, &row.path)));
            same.and_then(|n| self.rows.get(*n as usize)).is_some_and(|same| same.words == row.words)
        })
    }

    /// What was decided about files that were not looked up.
    pub fn gone(&self) -> impl Iterator<Item = &Known> {
        let rows = self.rows.iter().zip(&self.met);
        rows.filter(|(known, met)| !**met && known.decided()).map(|(known, _)| known)
    }
}

/// A row in its parts.
fn known(place: [&str; PLACE.len()], words: [&str; DECISIONS.len()]) -> Result<Known, String> {
    let [share, path, path_id, first_seen, last_scanned] = place;
    if path.is_empty() && words.iter().any(|word| !word.is_empty()) {
        return Err("a decision without a path".to_owned());
    }
    let day = |text: &str| match text.trim() {
        "" => Ok(None),
        text => day(text).map(Some).ok_or("first_seen and last_scanned must be days"),
    };
    Ok(Known {
        share: share.to_owned(),
        path: path.to_owned(),
        path_id: path_id.to_owned(),
        first_seen: day(first_seen)?,
        last_scanned: day(last_scanned)?,
        words: words.map(str::to_owned),
    })
}

/// A day as it was written, or as a spreadsheet program writes it that took it for a date: `3/2/2026` in the United
/// States, `2.3.2026` where points part days. A time behind it does not count.
fn day(text: &str) -> Option<Date> {
    let text = text.split([' ', 'T']).next()?;
    let numbers = |mark: char| -> Option<[i16; 3]> {
        let parts: Vec<i16> = text.split(mark).map(str::parse).collect::<Result<_, _>>().ok()?;
        parts.try_into().ok()
    };
    let date = |year: i16, month: i16, day: i16| {
        let (month, day) = (month.try_into().ok()?, day.try_into().ok()?);
        Date::new(year, month, day).ok().filter(|_| year >= 1000)
    };
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    if let Some([a, b, c]) = numbers('/') {
        return date(a, b, c).or_else(|| date(c, a, b));
    }
    let [day, month, year] = numbers('.')?;
    date(year, month, day)
}

/// The name of a column as it stands in the table of columns.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

fn pair(a: &str, b: &str) -> u64 {
    flat::hash(flat::hash(0, a.as_bytes()), b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::samples::at;

    const HEAD: &str = "row,path,share,path_id,first_seen,legal_hold,decision,decided_by,decided_on,note";

    fn former(text: &str) -> Result<Former, RuleError> {
        let lines = super::super::delimited::lines(text.as_bytes())?;
        let ours = super::super::sheets::names();
        Former::new(vec![Table { sheet: None, lines }], &ours)
    }

    fn read(rows: &str) -> Former {
        former(&format!("{HEAD}\n{rows}")).unwrap_or_else(|e| panic!("{e}"))
    }

    fn decision(former: &mut Former, share: &str, path: &str) -> Option<String> {
        former.find(share, &at(path)).map(|known| known.words[1].clone())
    }

    #[test]
    fn a_decision_follows_its_file() {
        let mut former = read(
            "file,a,s:x,id-a,2024-01-01,,keep,,,\nfile,b,s:x,other key,,,shred,,,\nfile,c,old:x,id-c,,yes,,,,\n",
        );
        former.prepare(&["s:x".to_owned()]);
        assert_eq!(decision(&mut former, "s:x", "a").as_deref(), Some("keep"));
        assert_eq!(decision(&mut former, "s:x", "b").as_deref(), Some("shred"));
        assert!(former.find("s:x", &at("c")).is_some_and(Known::held));
        assert_eq!(decision(&mut former, "s:x", "d"), None);
        assert_eq!(former.gone().count(), 0);
    }

    #[test]
    fn a_share_that_is_there_keeps_its_decisions() {
        let mut former = read("file,a,s:x,id-a,,,keep,,,\nfile,a,s:y,id-a,,,shred,,,\n");
        former.prepare(&["s:x".to_owned(), "s:z".to_owned()]);
        assert_eq!(decision(&mut former, "s:x", "a").as_deref(), Some("keep"));
        assert_eq!(decision(&mut former, "s:z", "a").as_deref(), Some("shred"));
        let mut two = read("file,a,s:x,id-a,,,keep,,,\nfile,a,s:y,id-a,,,shred,,,\n");
        two.prepare(&["s:z".to_owned()]);
        assert_eq!(decision(&mut two, "s:z", "a"), None);
        assert_eq!(two.gone().count(), 2);
    }

    #[test]
    fn a_masked_path_is_found_by_its_fingerprint_alone() {
        let mut former = read("file,a,s:x,id-other,,,keep,,,\n");
        former.prepare(&["s:x".to_owned()]);
        assert!(former.find("s:x", &PathRef { path_masked: true, ..at("a") }).is_none());
        assert!(former.find("s:x", &at("a")).is_some());
    }

    #[test]
    fn decisions_are_compared_word_by_word() {
        let (none, one) = (read("file,a,s:x,id-a,,,,,,\n"), read("file,a,s:x,id-a,,,keep,,,\n"));
        let other = read("file,b,s:x,id-b,,,,,,\nfile,a,s:x,id-a,,,keep,,,why\n");
        assert!(one.holds_all_of(&none) && one.holds_all_of(&one) && none.holds_all_of(&none));
        assert!(
            !none.holds_all_of(&one) && !other.holds_all_of(&one) && !Former::default().holds_all_of(&one)
        );
    }

    #[test]
    fn a_hold_is_anything_but_no() {
        let hold =
            |word: &str| Known { words: [word, "", "", "", ""].map(str::to_owned), ..Known::default() };
        assert!(["yes", "x", "Case 2024-17"].iter().all(|word| hold(word).held()));
        assert!(["", " ", "No", "false", "-"].iter().all(|word| !hold(word).held()));
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        for (text, line, said) in [
            ("", 1, "no inventory"),
            ("path,what\na,b\n", 1, "no column \"share\""),
            ("row,share,folder,files\nfolder,s,a,1\n", 1, "no inventory by file"),
            ("share,path,path,legal_hold,decision\n", 1, "twice"),
            ("share,path,legal_hold,decision\ns,a,,x\ns,,,x\n", 3, "without a path"),
            ("share,path,legal_hold,decision\ns,a,,x\ns,a,,y\n", 3, "another decision"),
            ("share,path,legal_hold,decision,first_seen\ns,a,,x,soon\n", 2, "must be days"),
        ] {
            let error = former(text).err().expect(text);
            assert!(error.line == line && error.what.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn days_are_read_as_spreadsheet_programs_write_them() {
        let second_of_march = jiff::civil::date(2026, 3, 2);
        for text in
            ["2026-03-02", "2026-03-02T10:00:00Z", "3/2/2026", "03/02/2026 10:00", "2.3.2026", "2026/3/2"]
        {
            assert_eq!(day(text), Some(second_of_march), "{text}");
        }
        for text in ["soon", "3/2/26", "13/32/2026", "2026-02-30", "3/2", "1/2/3/2026", ""] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn columns_that_are_not_ours_are_named() {
        let former = former("Share,Path,Legal hold,Decision,Ticket\ns,a,,x,17\n").unwrap();
        assert_eq!(former.strange, ["ticket"]);
        assert_eq!(former.rows[0].words[1], "x");
    }
}

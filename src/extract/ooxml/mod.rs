//! What docx, xlsx and pptx share: the package, its relationships, running text, and what lies beside the main
//! parts.
//!
//! A package is a zip archive whose parts refer to each other by relationships. Both the archive and the references
//! may be damaged, so a part is also looked for under its customary name.

pub(crate) mod beside;
pub(crate) mod flow;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod utf8;
pub(crate) mod xml;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

use super::zip::directory::Directory;
use super::zip::member;
use crate::coverage::Cause;
use crate::document::{DocumentSink, Input, ReadSeek, Sealed};
use xml::{Token, Xml};

/// Unpacked bytes of all parts of one package, as in DESIGN section 5: whatever is more, two GiB or a hundred times
/// the file …
const LEAST_BUDGET: u64 = 2 << 30;
const BUDGET_FACTOR: u64 = 100;
/// … and above 64 MiB no more than a thousand times.
const FREE_OF_RATIO: u64 = 64 << 20;
const MOST_RATIO: u64 = 1000;
/// Relationships of one part that are kept.
const MOST_RELATIONS: usize = 1 << 17;

/// A relationship of a part.
pub(crate) struct Relation {
    /// Its id within the part.
    pub id: String,
    /// The last word of its type: `footer`, `comments`, `worksheet` …
    pub kind: String,
    /// Name of the part it points to.
    pub target: String,
}

/// An opened package.
pub(crate) struct Package<'a> {
    reader: &'a mut dyn ReadSeek,
    directory: Directory,
    index: HashMap<String, usize>,
    left: Cell<u64>,
    /// The most bytes that may be kept of one part.
    pub memory: usize,
    taken: HashSet<usize>,
    /// Parts whose name a later part has too.
    doubles: Vec<usize>,
}

/// Names of parts are compared without regard to case or a leading slash, and with `/` for `\`.
fn plain_name(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_ascii_lowercase()
}

/// True if the name ends with this extension.
pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| e.eq_ignore_ascii_case(extension))
}

impl<'a> Package<'a> {
    /// Lists the parts; tells `sink` if the archive is damaged.
    pub(crate) fn open(input: &'a mut Input<'_>, sink: &mut dyn DocumentSink) -> Package<'a> {
        let directory = Directory::read(input.reader, input.len);
        directory.report(sink);
        let mut index = HashMap::new();
        let parts = directory.entries.iter().enumerate().filter(|(_, entry)| !entry.is_folder());
        let doubles = parts.filter_map(|(at, entry)| index.insert(plain_name(&entry.name), at)).collect();
        let budget = LEAST_BUDGET.max(input.len.saturating_mul(BUDGET_FACTOR));
        let ratio = FREE_OF_RATIO.max(input.len.saturating_mul(MOST_RATIO));
        let left = Cell::new(budget.min(ratio));
        let memory = usize::try_from(input.memory).unwrap_or(usize::MAX);
        Package { reader: input.reader, directory, index, left, memory, taken: HashSet::new(), doubles }
    }

    /// Names of the parts that `wanted` accepts (lower case, without leading slash), in natural order: 2 before 10.
    pub(crate) fn names(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut names: Vec<&String> = self.index.keys().filter(|name| wanted(name)).collect();
        names.sort_by_cached_key(|name| (name.len(), (*name).clone()));
        names.into_iter().cloned().collect()
    }

    /// True if there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.index.contains_key(&plain_name(name))
    }

    /// Reads the part `name` as XML with `walk`. What keeps it from being read whole becomes a gap of the extent
    /// `called` (our own words for it). False if the work must end.
    pub(crate) fn read(
        &mut self,
        name: &str,
        called: &str,
        sink: &mut dyn DocumentSink,
        walk: impl FnOnce(&mut Xml<'_>, &mut dyn DocumentSink),
    ) -> bool {
        self.read_raw(name, called, sink, |content, sink| {
            let mut xml = Xml::new(content);
            walk(&mut xml, sink);
            xml.trouble()
        })
    }

    /// Reads the part `name` with `walk`, which says what kept it from reading it whole; that becomes a gap of the
    /// extent `called`. False if the work must end.
    pub(crate) fn read_raw(
        &mut self,
        name: &str,
        called: &str,
        sink: &mut dyn DocumentSink,
        walk: impl FnOnce(&mut dyn Read, &mut dyn DocumentSink) -> Option<(Cause, &'static str)>,
    ) -> bool {
        if !sink.go_on() {
            return false;
        }
        let Some(&at) = self.index.get(&plain_name(name)) else {
            sink.gap(Cause::Damaged, "a part is missing", Some(called.to_owned()));
            return true;
        };
        self.taken.insert(at);
        let left = &self.left;
        let opened = member::open(self.reader, &self.directory.entries[at], |content| {
            let mut content = Budgeted { content, left };
            let trouble = walk(&mut content, sink);
            if left.get() == 0 {
                sink.gap(Cause::LimitBytes, "parts unpack to more than allowed", Some(called.to_owned()));
            } else if let Some((cause, words)) = trouble {
                sink.gap(cause, words, Some(called.to_owned()));
            }
        });
        match opened {
            Ok(()) => {}
            Err(Sealed::Encrypted(encryption)) => sink.encrypted(encryption),
            Err(Sealed::Gap(cause, words)) => sink.gap(cause, &words, Some(called.to_owned())),
        }
        left.get() > 0 && sink.go_on()
    }

    /// Hands the part `name` to `sink` as a member.
    pub(crate) fn member(&mut self, name: &str, sink: &mut dyn DocumentSink) {
        if let Some(&at) = self.index.get(&plain_name(name)) {
            self.give(at, sink);
        }
    }

    /// Hands parts that share their name with a later one to `sink` as members.
    pub(crate) fn doubles(&mut self, sink: &mut dyn DocumentSink) {
        for at in std::mem::take(&mut self.doubles) {
            self.give(at, sink);
        }
    }

    fn give(&mut self, at: usize, sink: &mut dyn DocumentSink) {
        if !self.taken.insert(at) || !sink.go_on() {
            return;
        }
        let entry = &self.directory.entries[at];
        let opened = member::open(self.reader, entry, |content| sink.member(&entry.name, content));
        if let Err(why) = opened {
            sink.sealed_member(&entry.name, entry.size, why);
        }
    }

    /// Settles the part `name` as one that is not read.
    pub(crate) fn seal(&mut self, name: &str, cause: Cause, words: &str, sink: &mut dyn DocumentSink) {
        self.settle(name, Sealed::Gap(cause, words.into()), sink);
    }

    /// Settles the part `name` as one that cannot be read.
    pub(crate) fn settle(&mut self, name: &str, why: Sealed, sink: &mut dyn DocumentSink) {
        let Some(&at) = self.index.get(&plain_name(name)) else { return };
        if self.taken.insert(at) {
            let entry = &self.directory.entries[at];
            sink.sealed_member(&entry.name, entry.size, why);
        }
    }

    /// True if `name` was read or handed over before.
    pub(crate) fn was_taken(&self, name: &str) -> bool {
        self.index.get(&plain_name(name)).is_some_and(|at| self.taken.contains(at))
    }

    /// The relationships of `part` (empty: of the package) to other parts of the package. None where there is no
    /// such list; a damaged one gives what can be read.
    pub(crate) fn relations(&mut self, part: &str, sink: &mut dyn DocumentSink) -> Vec<Relation> {
        let part = plain_name(part);
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", &part));
        let list = plain_name(&format!("{folder}/_rels/{file}.rels"));
        let mut relations = Vec::new();
        if self.has(&list) {
            self.read(&list, "relationships", sink, |xml, sink| {
                while let Some(token) = xml.next() {
                    if relations.len() == MOST_RELATIONS {
                        sink.gap(Cause::LimitMembers, "more relationships than are kept", None);
                        return;
                    }
                    if let Token::Start(tag) = token
                        && tag.name() == "Relationship"
                    {
                        relations.extend(relation(&tag, folder));
                    }
                }
            });
        }
        relations
    }

    /// The main part: by the package's relationships, else the first of the `usual` names that exists.
    pub(crate) fn main_part(&mut self, usual: &[&str], sink: &mut dyn DocumentSink) -> Option<String> {
        let related = self.relations("", sink).into_iter().find(|r| r.kind == "officedocument");
        let related = related.map(|r| r.target).filter(|target| self.has(target));
        related.or_else(|| usual.iter().find(|n| self.has(n)).map(|n| (*n).to_owned()))
    }
}

fn relation(tag: &xml::Tag<'_>, folder: &str) -> Option<Relation> {
    let target = tag.attribute("Target")?;
    if tag.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external")) {
        return None;
    }
    let kind = tag.attribute("Type").unwrap_or_default();
    let kind = kind.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    Some(Relation { id: tag.attribute("Id").unwrap_or_default(), kind, target: resolve(folder, &target) })
}

/// `../media/a.png` seen from `word/charts` is `word/media/a.png`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    plain_name(&path.join("/"))
}

/// Counts what parts unpack to, and ends them when the package has used up its budget.
struct Budgeted<'a> {
    content: &'a mut dyn Read,
    left: &'a Cell<u64>,
}

impl Read for Budgeted<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.content.read(buf)?;
        self.left.set(self.left.get().saturating_sub(n as u64));
        if self.left.get() == 0 { Err(io::ErrorKind::QuotaExceeded.into()) } else { Ok(n) }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{only, package, record};
    use super::*;
    use crate::extract::docx::Docx;

    #[test]
    fn targets_are_resolved_from_the_folder_of_their_source() {
        assert_eq!(resolve("word/charts", "../media/A.png"), "word/media/a.png");
        assert_eq!(resolve("word", "/xl/./b.xml"), "xl/b.xml");
        assert_eq!(resolve("", "..\\..\\x.xml"), "x.xml");
    }

    #[test]
    fn parts_are_found_without_regard_to_case() {
        let bytes = package(&[("WORD\\Document.XML", "<w:p><w:r><w:t>found</w:t></w:r></w:p>")]);
        assert_eq!(only("T", &record(&Docx, &bytes)), ["|found"]);
    }

    #[test]
    fn what_unpacks_to_too_much_is_stopped() {
        let (mut content, left) = (&[b' '; 30][..], Cell::new(20));
        let mut budgeted = Budgeted { content: &mut content, left: &left };
        assert!(io::copy(&mut budgeted.by_ref().take(15), &mut io::sink()).is_ok());
        assert!(io::copy(&mut budgeted, &mut io::sink()).is_err());
    }
}

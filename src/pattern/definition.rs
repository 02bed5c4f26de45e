//! Pattern definitions as they are written: the TOML files of `patterns/` and those of users.
//!
//! Scans never read these: what is built in was compiled to tables, and what users add is compiled once at the
//! start ([`super::user`]). The files are read to list, show and check them.

use serde::Deserialize;
use toml::Spanned;

use crate::event::{Confidence, ElementClass, ElementType, Link, Residency};

/// The definition files that are compiled in: path below `patterns/` and text.
pub static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/definitions.rs"));

/// One pattern: what it finds, where that comes from, and texts that prove it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Name of the pattern in results and on the command line; small letters, digits, `-` and `/`.
    pub id: Spanned<String>,
    /// What people call it.
    pub name: String,
    /// What a match is; absent where the pattern finds no number of its own (places, labels of other things).
    pub element: Option<ElementType>,
    /// What it is about, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// Where the rule comes from.
    #[serde(default)]
    pub source: Vec<String>,
    /// Expression of a user's number.
    pub regex: Option<Spanned<String>>,
    /// Labels that a user's number stands under, or a user's labels for an element.
    #[serde(default)]
    pub labels: Vec<Spanned<String>>,
    /// True if a match without a label is nothing.
    #[serde(default)]
    pub needs_label: bool,
    /// Check digit rule of a user's number.
    #[serde(default)]
    pub validator: Validator,
    /// Level of a user's number that stands under a label, or needs none.
    pub level: Option<Confidence>,
    /// Issuing state of a licence.
    pub state: Option<String>,
    /// Printed forms of a licence; the build script reads them.
    #[serde(default)]
    pub form: Vec<toml::Table>,
    /// Figures of a validator or rule; the build script reads them.
    #[serde(default)]
    pub data: toml::Table,
    /// Texts in which it must be found.
    #[serde(default)]
    pub example: Vec<Example>,
    /// Texts in which it must not be found at medium or above.
    #[serde(default)]
    pub counter_example: Vec<Example>,
}

/// Check digit rules that users can ask for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validator {
    /// None.
    #[default]
    None,
    /// ISO/IEC 7812-1.
    Luhn,
    /// Routing numbers: prefix, and weights 3-7-1.
    Aba,
}

/// A text that is scanned like a file, and what must come of it. Whatever is not said may be anything.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The content.
    pub text: Spanned<String>,
    /// The name of the file; its ending says which kind of file is meant.
    #[serde(default = "plain")]
    pub file: String,
    /// What must be found, if not the element of the definition.
    #[serde(rename = "type")]
    pub kind: Option<ElementType>,
    /// The least level; medium if not given.
    pub level: Option<Confidence>,
    /// How it is written or who issued it.
    pub variant: Option<String>,
    /// Issuing state of a licence.
    pub state: Option<String>,
    /// What joins name and number.
    pub link: Option<Link>,
    /// True if it must stand in a record with a person, false if alone; of personal information true.
    pub person: Option<bool>,
    /// Whether it counts; `pi` if not given, `related` for other numbers.
    pub class: Option<ElementClass>,
    /// Grade of residency of the record.
    pub residency: Option<Residency>,
    /// A rule of residency that must have spoken (in a counter-example: must not).
    pub rule: Option<String>,
    /// What the text is there for.
    #[serde(default)]
    pub why: String,
}

fn plain() -> String {
    "example.txt".to_owned()
}

/// Why a pattern file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PatternError {
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// A definition file: one definition, or several under `[[pattern]]`.
pub struct DefinitionFile {
    /// The file as it was named.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What it defines.
    pub definitions: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    pattern: Vec<Definition>,
}

impl DefinitionFile {
    /// Reads the text of a definition file.
    ///
    /// # Errors
    /// If it is no TOML, holds a field that is not known, lacks one, or lacks examples or counter-examples.
    pub fn parse(file: &str, text: &str) -> Result<DefinitionFile, PatternError> {
        let several = text.lines().any(|l| l.trim() == "[[pattern]]");
        let parsed = match several {
            true => toml::from_str::<Several>(text).map(|s| s.pattern),
            false => toml::from_str::<Definition>(text).map(|d| vec![d]),
        };
        let read = |definitions| DefinitionFile { file: file.to_owned(), text: text.to_owned(), definitions };
        let read = parsed.map(read).map_err(|e| PatternError {
            file: file.to_owned(),
            line: line_of(text, e.span().map_or(0, |s| s.start)),
            reason: e.message().trim().replace('\n', " "),
        })?;
        read.definitions.iter().try_for_each(|d| read.check(d))?;
        Ok(read)
    }

    fn check(&self, d: &Definition) -> Result<(), PatternError> {
        let id = d.id.get_ref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '/');
        if id.is_empty() || id.len() > 60 || !id.chars().all(plain) {
            return Err(
                self.error(d.id.span().start, "an id has small letters, digits, - and / alone, at most 60")
            );
        }
        for (list, what) in [(&d.example, "example"), (&d.counter_example, "counter_example")] {
            if list.is_empty() {
                return Err(self.error(d.id.span().start, &format!("{id} has no [[{what}]]")));
            }
        }
        Ok(())
    }

    /// An error at an offset in the file.
    #[must_use]
    pub fn error(&self, at: usize, reason: &str) -> PatternError {
        PatternError { file: self.file.clone(), line: line_of(&self.text, at), reason: reason.to_owned() }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count()
}

/// Reads the definitions that are compiled in.
///
/// # Errors
/// If one is wrong; a test holds that none is.
pub fn built_in() -> Result<Vec<DefinitionFile>, PatternError> {
    BUILT_IN.iter().map(|(file, text)| DefinitionFile::parse(file, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "id = \"a\"\nname = \"A\"\n[[example]]\ntext = \"x\"\n[[counter_example]]\ntext = \"y\"\n";

    fn refusal(text: &str) -> String {
        DefinitionFile::parse("a.toml", text).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn one_definition_or_several_stand_in_a_file() {
        assert_eq!(DefinitionFile::parse("a", GOOD).map(|f| f.definitions.len()), Ok(1));
        let nested = GOOD.replace("[[", "[[pattern.");
        let both = format!("[[pattern]]\n{nested}[[pattern]]\n{}", nested.replace("\"a\"", "\"b\""));
        assert_eq!(DefinitionFile::parse("a", &both).map(|f| f.definitions.len()), Ok(2));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert!(refusal("id = \"a\"\nname =\n").starts_with("a.toml:2: "));
        assert!(refusal(&GOOD.replace("name", "nmae")).starts_with("a.toml:2: unknown field `nmae`"));
        assert!(
            refusal(&GOOD.replace("[[example]]", "[[counter_example]]")).contains("a has no [[example]]")
        );
        assert!(refusal(&GOOD.replace("\"a\"", "\"A b\"")).starts_with("a.toml:1: an id has"));
    }

    #[test]
    fn definitions_that_are_built_in_can_be_read() {
        assert!(built_in().is_ok_and(|files| files.len() > 50));
    }
}

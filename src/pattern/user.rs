//! Patterns that users add: numbers of their own (a firm's customer numbers), and more labels for the elements
//! that are built in.
//!
//! A process has one pattern set. What is built in is constant data; what users add is installed once, before
//! anything is read ([`install`]), and is as constant from then on. Without it nothing here costs more than one
//! look at an empty cell.

use std::collections::HashMap;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use toml::Spanned;

use super::definition::{Definition, DefinitionFile, PatternError, Validator};
use super::label::{self, Words};
use crate::event::{Confidence, ElementType};
use crate::flat;

/// The longest expression, in bytes.
const EXPRESSION: usize = 1000;
/// The most memory that one compiled expression may take, in bytes.
const COMPILED: usize = 1 << 20;
/// Longer matches are none, in bytes.
pub const LONGEST: usize = 64;

static INSTALLED: OnceLock<UserPatterns> = OnceLock::new();

/// A number of a user's own.
pub struct UserPattern {
    /// Its id: the `variant` of what it finds.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its expression.
    pub regex: Regex,
    /// Its labels, each as normalised words.
    pub labels: Vec<Vec<String>>,
    /// True if a match without a label is nothing.
    pub needs_label: bool,
    /// Its check digit rule.
    pub validator: Validator,
    /// Its level.
    pub level: Confidence,
    /// How many digits every match has at least.
    pub digits: usize,
}

/// Where in a scan a pattern is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Only on lines and in cells that have so many digits.
    Digits(usize),
    /// In all text.
    Text,
    /// Where labels are looked for.
    Labels,
}

/// All that users added.
pub struct UserPatterns {
    patterns: Vec<UserPattern>,
    /// Labels by their first word: all words, and the node of a built-in label that means the same.
    labels: HashMap<String, Vec<(Vec<String>, u32)>>,
    sources: Vec<(String, String)>,
    digest: String,
}

/// What was installed, if anything was.
#[must_use]
pub fn installed() -> Option<&'static UserPatterns> {
    INSTALLED.get()
}

/// Makes patterns part of the set of this process. Only the first call counts.
pub fn install(patterns: UserPatterns) {
    // A second set would find half a scan done with the first.
    let _ = INSTALLED.set(patterns);
}

/// Digest of the whole set: of what is built in, and behind `+` of what users added.
#[must_use]
pub fn digest() -> String {
    match installed() {
        Some(user) => format!("{}+{}", super::DIGEST, user.digest),
        None => super::DIGEST.to_owned(),
    }
}

impl UserPatterns {
    /// Compiles definition files (name and text). `known` are ids already taken.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn compile(sources: Vec<(String, String)>, known: &[&str]) -> Result<UserPatterns, PatternError> {
        let mut all = UserPatterns {
            patterns: Vec::new(),
            labels: HashMap::new(),
            digest: digest_of(&sources),
            sources: Vec::new(),
        };
        let mut ids: Vec<String> = known.iter().map(|id| (*id).to_owned()).collect();
        for (name, text) in &sources {
            let file = DefinitionFile::parse(name, text)?;
            for definition in &file.definitions {
                let id = definition.id.get_ref();
                if ids.contains(id) {
                    return Err(
                        file.error(definition.id.span().start, &format!("the id {id} is taken already"))
                    );
                }
                ids.push(id.clone());
                all.add(&file, definition)?;
            }
        }
        all.sources = sources;
        Ok(all)
    }

    fn add(&mut self, file: &DefinitionFile, d: &Definition) -> Result<(), PatternError> {
        let at = d.id.span().start;
        if d.state.is_some() || !d.form.is_empty() || !d.data.is_empty() {
            return Err(file.error(at, "state, form and data belong to built-in patterns"));
        }
        let labels = d.labels.iter().map(|l| words_of(file, l)).collect::<Result<Vec<_>, _>>()?;
        match (d.element, &d.regex) {
            (None, _) => Err(file.error(at, "element is missing: `other` for a number of your own")),
            (Some(ElementType::Other), None) => Err(file.error(at, "a number of your own needs a regex")),
            (Some(ElementType::Other), Some(regex)) => self.number(file, d, regex, labels),
            (Some(_), Some(regex)) => {
                let reason = "a regex makes numbers of element `other` alone; this element takes more labels";
                Err(file.error(regex.span().start, reason))
            }
            (Some(_), None) if labels.is_empty() => Err(file.error(at, "neither regex nor labels")),
            (Some(element), None) => {
                for words in labels {
                    self.label(file, at, element, words)?;
                }
                Ok(())
            }
        }
    }

    fn number(
        &mut self,
        file: &DefinitionFile,
        d: &Definition,
        regex: &Spanned<String>,
        labels: Vec<Vec<String>>,
    ) -> Result<(), PatternError> {
        let (compiled, digits) =
            expression(regex.get_ref()).map_err(|reason| file.error(regex.span().start, &reason))?;
        if d.needs_label && labels.is_empty() {
            return Err(file.error(d.id.span().start, "needs_label without labels"));
        }
        self.patterns.push(UserPattern {
            id: d.id.get_ref().clone(),
            name: d.name.clone(),
            regex: compiled,
            labels,
            needs_label: d.needs_label,
            validator: d.validator,
            level: d.level.unwrap_or(Confidence::Medium),
            digits,
        });
        Ok(())
    }

    fn label(
        &mut self,
        file: &DefinitionFile,
        at: usize,
        element: ElementType,
        words: Vec<String>,
    ) -> Result<(), PatternError> {
        let node = label::node_of(same_meaning(element), &mut Words::default());
        let node = node.ok_or_else(|| file.error(at, "labels cannot be added to this element"))?;
        self.labels.entry(words[0].clone()).or_default().push((words, node));
        Ok(())
    }

    /// The numbers.
    #[must_use]
    pub fn patterns(&self) -> &[UserPattern] {
        &self.patterns
    }

    /// The files they were made from, for whoever must make them again.
    #[must_use]
    pub fn sources(&self) -> &[(String, String)] {
        &self.sources
    }

    /// The longest added label that starts at word `i`: how many words, and the node of what it means.
    #[must_use]
    pub fn label_at(&self, words: &Words, i: usize) -> Option<(usize, u32)> {
        if i >= words.len() {
            return None;
        }
        let here = self.labels.get(words.word(i))?.iter().filter(|(label, _)| is_at(label, words, i));
        here.map(|(label, node)| (label.len(), *node)).max()
    }
}

impl UserPattern {
    /// Where it is looked for.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.digits > 0 { Stage::Digits(self.digits) } else { Stage::Text }
    }

    /// True if one of its labels stands in `text`; `words` is scratch space.
    #[must_use]
    pub fn labelled(&self, text: &str, words: &mut Words) -> bool {
        words.split(text);
        let words: Vec<&str> = (0..words.len()).map(|i| words.word(i)).collect();
        self.labels.iter().any(|label| words.windows(label.len()).any(|part| part == label.as_slice()))
    }
}

fn is_at(label: &[String], words: &Words, i: usize) -> bool {
    i + label.len() <= words.len() && label.iter().enumerate().all(|(n, w)| words.word(i + n) == w)
}

/// A built-in label that names nothing but the element.
fn same_meaning(element: ElementType) -> &'static str {
    match element {
        ElementType::Ssn => "ssn",
        ElementType::DriversLicense => "drivers license number",
        ElementType::StateId => "state id number",
        ElementType::PaymentCard => "credit card number",
        ElementType::BankAccount => "bank account number",
        ElementType::Other => "",
    }
}

fn words_of(file: &DefinitionFile, label: &Spanned<String>) -> Result<Vec<String>, PatternError> {
    let mut words = Words::default();
    words.split(label.get_ref());
    let list: Vec<String> = (0..words.len()).map(|i| words.word(i).to_owned()).collect();
    match list.iter().map(String::len).sum::<usize>() {
        0 | 1 => Err(file.error(label.span().start, "a label needs two letters or digits")),
        _ => Ok(list),
    }
}

/// The expression compiled, and how many digits every match has at least.
fn expression(text: &str) -> Result<(Regex, usize), String> {
    if text.len() > EXPRESSION {
        return Err(format!("the expression is longer than {EXPRESSION} bytes"));
    }
    let hir = regex_syntax::parse(text).map_err(|e| last_line(&e.to_string()))?;
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        return Err("the expression can match nothing at all".to_owned());
    }
    let built = RegexBuilder::new(text).size_limit(COMPILED).dfa_size_limit(COMPILED).nest_limit(50).build();
    Ok((built.map_err(|e| last_line(&e.to_string()))?, digits(&hir)))
}

/// Errors of the expression language show the expression first and say in the last line what is wrong with it.
fn last_line(error: &str) -> String {
    let line = error.lines().last().unwrap_or_default();
    format!("the expression cannot be used: {}", line.trim_start_matches("error: "))
}

/// How many digits every match has at least. The depth is bounded by that of the parser.
fn digits(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.iter().filter(|b| b.is_ascii_digit()).count(),
        HirKind::Class(class) => usize::from(only_digits(class)),
        HirKind::Repetition(r) => (r.min as usize).saturating_mul(digits(&r.sub)),
        HirKind::Capture(c) => digits(&c.sub),
        HirKind::Concat(all) => all.iter().map(digits).fold(0, usize::saturating_add),
        HirKind::Alternation(all) => all.iter().map(digits).min().unwrap_or(0),
    }
}

/// True for `[0-9]`, and for `\d`: digits of other scripts have become plain ones before patterns are looked for.
fn only_digits(class: &Class) -> bool {
    match class {
        Class::Bytes(c) => c.ranges().iter().all(|r| r.start().is_ascii_digit() && r.end().is_ascii_digit()),
        Class::Unicode(c) => {
            let numeric = |c: char| c.is_numeric();
            let ascii = c.ranges().iter().any(|r| r.start().is_ascii_digit());
            ascii && c.ranges().iter().all(|r| numeric(r.start()) && numeric(r.end()))
        }
    }
}

fn digest_of(sources: &[(String, String)]) -> String {
    let mut texts: Vec<&[u8]> = sources.iter().map(|(_, text)| text.as_bytes()).collect();
    texts.sort_unstable();
    let half = |seed: u64| texts.iter().fold(seed, |h, text| flat::hash(h, text));
    format!("{:016x}{:016x}", half(0), half(1))
}

#[cfg(test)]
mod tests;

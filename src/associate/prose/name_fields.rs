//! First and last names in fields of their own: beside their labels (`Last name: Hargrove`,
//! `"lastName":"Hargrove"`), or below them in the columns of a form.

use std::ops::Range;

use super::{following, previous};
use crate::detect::label_context::LINE;
use crate::name::{self, NameHit};
use crate::pattern::LabelKind;
use crate::pattern::label::{self, Words};

/// How many characters a value may begin beside the column of its label.
const BESIDE: usize = 4;

/// How far apart the fields of first and last name may stand, in fields.
const FIELDS: usize = 2;
/// The longest label or name on a line of its own.
const LABEL: usize = 40;
/// The longest line of a label with its value, where one space parts them.
const SHORT: usize = 60;

/// A part of a name with its place.
type Part<'t> = (LabelKind, Range<usize>, &'t str);

/// Adds the person whose first and last names stand in two fields of the line, of it and the one next to it, or
/// below their labels in the line above.
pub(super) fn join(text: &str, line: &Range<usize>, hits: &mut Vec<NameHit>) {
    let of = |parts: &[Part<'_>], kind| parts.iter().position(|f| f.0 == kind);
    let own = beside(&text[line.clone()]);
    let above = previous(text, line);
    if let Some(last) = of(&own, LabelKind::LastName) {
        let below = following(text, line);
        let around = above.iter().chain(&below).flat_map(|l| beside(&text[l.clone()]));
        let first = own.iter().cloned().chain(around).find(|f| f.0 == LabelKind::FirstName);
        return push(first.map(|f| f.2), &own[last], hits);
    }
    let Some(above) = above else { return };
    if let Some((last, first)) = stacked(text, line) {
        return push(Some(first), &last, hits);
    }
    let under = below_labels(&text[above], &text[line.clone()]);
    if let (Some(last), Some(first)) = (of(&under, LabelKind::LastName), of(&under, LabelKind::FirstName))
        && under[last].1 != under[first].1
    {
        push(Some(under[first].2), &under[last], hits);
    }
}

/// The last name that a line is alone, and the first name of a field above or below it, each with its label on the line
/// before.
fn stacked<'t>(text: &'t str, line: &Range<usize>) -> Option<(Part<'t>, &'t str)> {
    let last = labelled_line(text, line).filter(|part| part.0 == LabelKind::LastName)?;
    let is_first = |part: &Part<'_>| part.0 == LabelKind::FirstName;
    let (mut up, mut down) = (Some(line.clone()), Some(line.clone()));
    for _ in 0..FIELDS {
        up = up.and_then(|l| previous(text, &previous(text, &l)?));
        down = down.and_then(|l| following(text, &following(text, &l)?));
        let first = [&up, &down].into_iter().flatten().find_map(|l| labelled_line(text, l).filter(is_first));
        if let Some((_, _, first)) = first {
            return Some((last, first));
        }
    }
    None
}

/// The part of a name that a line is alone, by the label that the line before it is alone.
fn labelled_line<'t>(text: &'t str, line: &Range<usize>) -> Option<Part<'t>> {
    let label = unmarked(&text[previous(text, line)?]).trim_end();
    let value = unmarked(&text[line.clone()]).trim_end();
    let letters = |c: char| c.is_alphabetic() || " '’.-".contains(c);
    if label.len() > LABEL || value.is_empty() || value.len() > LABEL || !value.chars().all(letters) {
        return None;
    }
    let known = label.as_bytes().windows(4).any(|w| w.eq_ignore_ascii_case(b"name"));
    let kind = known.then(|| heading(label)).flatten()?;
    let start = line.start + text[line.clone()].find(value)?;
    Some((kind, start - line.start..start - line.start + value.len(), value))
}

/// A line from behind the mark of a list on.
fn unmarked(line: &str) -> &str {
    line.trim_start().trim_start_matches(['•', '▪', '·']).trim_start()
}

fn push(first: Option<&str>, (_, at, last): &Part<'_>, hits: &mut Vec<NameHit>) {
    if let Some((name, confidence, _)) = first.and_then(|first| name::from_parts(first, last)) {
        hits.retain(|h| h.span.end <= at.start || h.span.start >= at.end);
        hits.push(NameHit { span: at.clone(), name, confidence, rule: "name-label-parts" });
    }
}

fn kind(hit: &label::Hit) -> Option<LabelKind> {
    [LabelKind::LastName, LabelKind::FirstName].into_iter().find(|k| hit.labels.of_kind(*k).is_some())
}

/// The part of a name that a heading asks for, if it asks for one part only.
fn heading(text: &str) -> Option<LabelKind> {
    let hits = labels(text);
    let mut kinds = hits.iter().filter_map(kind).chain(
        // `Employee's first name and initial` is known only together with the surname beside it.
        text.to_ascii_lowercase().contains("first name").then_some(LabelKind::FirstName),
    );
    let first = kinds.next()?;
    kinds.all(|k| k == first).then_some(first)
}

fn labels(line: &str) -> Vec<label::Hit> {
    let (mut hits, mut words) = (Vec::new(), Words::default());
    label::inline(line, &mut words, &mut hits);
    hits
}

/// What follows a label and its colon, a tag that is a label, or a wide gap; up to a wide gap.
fn beside(line: &str) -> Vec<Part<'_>> {
    let own = unmarked(line);
    let lead = line.len() - own.len();
    let parted =
        own.contains([':', '=', '\t', '>']) || ["  ", "..", " - "].iter().any(|gap| own.contains(gap));
    if line.len() > LINE || !parted && line.len() > SHORT {
        return Vec::new();
    }
    let hits = labels(line);
    let field = |hit: &label::Hit| {
        let kind = kind(hit)?;
        let tail = &line[hit.span.end..];
        let tail = tail.strip_prefix(['"', '\'']).unwrap_or(tail);
        let value = match tail.trim_start().strip_prefix([':', '=']) {
            Some(value) => value.trim_start_matches([' ', '"', '\'', '\t']),
            None if line[..hit.span.start].ends_with('<') => tail.strip_prefix('>')?,
            None if parted => wide_gap(tail)?,
            None if hit.span.start == lead => lone_value(tail)?,
            None => return None,
        };
        let start = line.len() - value.len();
        let next = hits
            .iter()
            .filter(|h| self::kind(h).is_some())
            .map(|h| h.span.start)
            .find(|at| *at > start)
            .map(|at| at - start);
        let ends = [value.find("  "), value.find(['\t', '"', ',', ';', '<']), next];
        let end = ends.into_iter().flatten().min();
        let value = value[..end.unwrap_or(value.len())].trim_end();
        // What stands behind a tag is its content: Page is a name, too.
        let tag = line[..start].ends_with('>');
        let is_label = !tag && hits.iter().any(|h| h.span.start == start);
        (!value.is_empty() && !is_label).then(|| (kind, start..start + value.len(), value))
    };
    hits.iter().filter_map(field).collect()
}

/// What follows a gap of two spaces, a tab, a dash or leaders of dots or lines, if it begins with a letter.
fn wide_gap(tail: &str) -> Option<&str> {
    let value = tail.trim_start_matches([' ', '\t', '.', '_', '-']);
    let gap = &tail[..tail.len() - value.len()];
    let wide = gap.starts_with('\t') || ["  ", "..", "__", " - "].iter().any(|wide| gap.contains(wide));
    (wide && value.starts_with(char::is_alphabetic)).then_some(value)
}

/// What follows the label that a short line begins with, if it is a word or two with capitals.
fn lone_value(tail: &str) -> Option<&str> {
    let value = tail.strip_prefix(' ')?.trim_end();
    let words = value.split(' ').count() <= 3;
    let capitals = value.split(' ').any(|w| w.starts_with(char::is_uppercase));
    (words && capitals && value.chars().all(|c| c.is_alphabetic() || " '’.-".contains(c))).then_some(value)
}

/// The cells of a line that stand below headings of the line above it which ask for parts of a name.
fn below_labels<'t>(above: &str, line: &'t str) -> Vec<Part<'t>> {
    if above.len() > LINE || line.len() > LINE || above.contains(':') || !above.contains(['n', 'N']) {
        return Vec::new();
    }
    let (heads, under) = (cells(above), cells(line));
    if heads.len() < 2 || under.len() < 2 {
        return Vec::new();
    }
    // Between tabs a cell has its number, if none before it is empty.
    let tabs = [above, line].iter().all(|l| l.contains('\t') && !l.contains("\t\t") && !l.contains("  "));
    let column = |range: &Range<usize>, text: &str| text[..range.start].chars().count();
    let part = |(n, head): (usize, &Range<usize>)| {
        let kind = heading(&above[head.clone()])?;
        let at = column(head, above);
        let near = under.iter().find(|c| column(c, line).abs_diff(at) <= BESIDE);
        let cell =
            near.filter(|_| !tabs).or_else(|| under.get(n).filter(|_| tabs || under.len() == heads.len()))?;
        let text = &line[cell.clone()];
        (!text.contains(|c: char| c.is_ascii_digit())).then(|| (kind, cell.clone(), text))
    };
    heads.iter().enumerate().filter_map(part).collect()
}

/// The stretches of a line between wide gaps and tabs.
pub(super) fn cells(line: &str) -> Vec<Range<usize>> {
    let (mut cells, mut start) = (Vec::new(), None);
    let mut blank = 2;
    for (i, c) in line.char_indices() {
        if c == ' ' || c == '\t' {
            blank += if c == '\t' { 2 } else { 1 };
            if blank >= 2
                && let Some(from) = start.take()
            {
                let end: &str = &line[from..i];
                cells.push(from..from + end.trim_end().len());
            }
            continue;
        }
        blank = 0;
        start.get_or_insert(i);
    }
    if let Some(from) = start {
        cells.push(from..from + line[from..].trim_end().len());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(text: &str) -> Vec<(String, String)> {
        let start = text.rfind('\n').map_or(0, |p| p + 1);
        let mut hits = Vec::new();
        join(text, &(start..text.len()), &mut hits);
        hits.into_iter().map(|h| (h.name.first, h.name.last)).collect()
    }

    fn one() -> Vec<(String, String)> {
        vec![("Tobias".to_owned(), "Hargrove".to_owned())]
    }

    #[test]
    fn fields_are_read_beside_their_labels() {
        assert_eq!(people("Last name: Hargrove   First name: Tobias"), one());
        assert_eq!(people("POST body={\"firstName\": \"Tobias\", \"lastName\": \"Hargrove\"}"), one());
        assert_eq!(people("Last Name  Hargrove   First Name  Tobias   MI E"), one());
        assert!(people("Last Name   First Name   SSN").is_empty());
        assert_eq!(people("<FIRSTNAME>Tobias\n<LASTNAME>Hargrove"), one());
        assert_eq!(people("<FIRSTNAME>Carter\n<LASTNAME>Page"), [("Carter".to_owned(), "Page".to_owned())]);
        assert_eq!(people("First name: Tobias Last name: Hargrove"), one());
        assert_eq!(people("First name ...... Tobias\nSurname ......... Hargrove"), one());
        assert_eq!(people("First name  Tobias\nSurname Hargrove"), one());
        assert!(people("First name and\nlast name of the child").is_empty());
    }

    #[test]
    fn fields_are_read_on_the_line_below_their_label() {
        assert_eq!(people("Given name\nTobias\nSurname\nHargrove"), one());
        assert_eq!(people("• Given name\n• Tobias\n• Surname\n• Hargrove"), one());
        assert_eq!(people("•\tGiven name Tobias\n•\tLast name Hargrove"), one());
        assert_eq!(people("First name\nTobias\nMiddle initial\nE\nLast name\nHargrove"), one());
        assert!(people("Applicant name\nTobias\nStreet\nHargrove").is_empty());
        assert!(people("Street\nTobias\nSurname\nHargrove").is_empty());
    }

    #[test]
    fn fields_are_read_below_their_labels() {
        let form =
            "e Employee's first name and initial   Last name\n    Tobias E                          Hargrove";
        assert_eq!(people(form), one());
        let form = "First name   M.I.  Last name     Number\nTobias       E     Hargrove      024-61-3387";
        assert_eq!(people(form), one());
        assert_eq!(people("e First name and initial\tLast name\tSuff.\nTobias E\tHargrove"), one());
        assert!(people("First name, middle name, last name\nTobias E Hargrove").is_empty());
        assert!(people("First name   Last name\n12 Elm St     Cambridge 02139").is_empty());
    }
}

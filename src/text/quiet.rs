//! What of a text need not be looked at: stretches without a digit group that can lead to anything, rows whose labelled
//! cells are empty, objects whose keys name no number. Most of most texts is so, and costs little more than reading it.
//!
//! A stretch is judged by its bytes as they stand in the file; what is quiet is not even decoded.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::profile::{Kind, Profile};
use super::row::Shape;
use super::seams::Seams;
use super::window::Decoded;
use super::{Job, REACH};
use crate::associate::table::Table;
use crate::associate::{object, prose};
use crate::bits;
use crate::detect::hot::{self, Form, Worth};
use crate::detect::label_context::{LINE, char_at_or_after};
use crate::detect::related::wanted as numbers_of_users;
use crate::detect::{self, Rejects, layout};
use crate::finding::Findings;
use crate::identify::TextEncoding;

/// How far before and behind a stretch its bytes must be there to judge it.
pub const MARGIN: (u64, u64) = (hot::BEFORE as u64, hot::BEHIND as u64);
/// How far before and behind a number in ASCII anything lies that decides whether it is one: what makes it hot, and the
/// layouts that hold it, which begin within a line behind it at most. Of other bytes several may become one, or none.
const DECIDES: (u64, u64) = (hot::BEFORE as u64, (LINE + layout::LONGEST) as u64);
/// How much of a range tells whether it is worth while to look for quiet parts, and how many hot groups in it say no.
const FIRST: usize = 256 * 1024;
const MANY: usize = 16;
/// How many keys of objects are remembered.
const KEYS: usize = 4096;

/// How far from a hot group anything may be that it makes a finding with, in bytes of the file; `None` if a text of this
/// profile cannot be judged by its bytes.
#[must_use]
pub fn reach(profile: &Profile, joins: bool) -> Option<u64> {
    let plain = match profile.encoding {
        TextEncoding::Utf8 | TextEncoding::Utf8Bom => true,
        TextEncoding::Legacy(encoding) => encoding.is_single_byte() && encoding.is_ascii_compatible(),
        _ => false,
    };
    if !plain || numbers_of_users() {
        return None;
    }
    match &profile.kind {
        Kind::Prose => Some(prose::CONTEXT as u64),
        // A row is judged by its cells.
        Kind::Table { table, .. } => (!joins && table.columns_of_numbers().is_empty()).then_some(REACH),
        _ => None,
    }
}

/// True if no group in `stretch` is hot. `bytes` stand at `base` in the file, [`MARGIN`] beyond the stretch.
#[must_use]
pub fn is_quiet(profile: &Profile, bytes: &[u8], base: u64, stretch: &Range<u64>) -> bool {
    hot::is_quiet(bytes, within(bytes, base, stretch, 0), Form::Raw, least(profile))
}

/// What a group must be worth in a text of this profile: nine digits by themselves are nothing in prose.
fn least(profile: &Profile) -> Worth {
    match profile.kind {
        Kind::Prose => Worth::Look,
        _ => Worth::InValue,
    }
}

fn within(bytes: &[u8], base: u64, own: &Range<u64>, reach: u64) -> Range<usize> {
    let at = |offset: u64| usize::try_from(offset.saturating_sub(base)).unwrap_or(0).min(bytes.len());
    at(own.start.saturating_sub(reach))..at(own.end + reach)
}

/// The parts of a range where something may be found. Of a text that is one unit, all of it or nothing.
pub(super) fn loud(job: &Job<'_>, reach: u64, out: &mut dyn Findings) -> Vec<Range<u64>> {
    let all = within(job.bytes, job.base, &job.own, reach);
    // Rows are judged by their cells anyway.
    if job.profile.whole || !matches!(job.profile.kind, Kind::Prose) {
        return if hot::is_quiet(job.bytes, all, Form::Raw, least(job.profile)) {
            Vec::new()
        } else {
            vec![job.own.clone()]
        };
    }
    let mut found = Vec::new();
    // Where hot groups follow each other closely, going around what lies between them would cost more than it saves.
    let first = all.start..(all.start + FIRST).min(all.end);
    hot::find(job.bytes, first.clone(), Form::Raw, Worth::Look, &mut found);
    if found.len() >= MANY {
        return vec![job.own.clone()];
    }
    hot::find(job.bytes, first.end..all.end, Form::Raw, Worth::Look, &mut found);
    let (mut parts, mut nowhere): (Vec<Range<u64>>, Vec<(u64, u64)>) = (Vec::new(), Vec::new());
    for (at, _) in found {
        let at = job.base + at as u64;
        // What is looked at anyway is not asked.
        let asked = parts.last().is_none_or(|last| at >= last.end);
        if let Some(rejected) = asked.then(|| leads_nowhere(job, at)).flatten() {
            nowhere.push((at, rejected));
            continue;
        }
        let part = at.saturating_sub(reach).max(job.own.start)..(at + reach).min(job.own.end);
        match parts.last_mut() {
            // A gap that costs as much to go around as to go through.
            Some(last) if part.start <= last.end + 2 * REACH => last.end = last.end.max(part.end),
            _ if part.is_empty() => {}
            _ => parts.push(part),
        }
    }
    let seen = |at: &u64| parts.iter().any(|part| part.contains(at)) || !job.own.contains(at);
    out.rejected(nowhere.iter().filter(|(at, _)| !seen(at)).map(|(_, rejected)| rejected).sum());
    parts
}

/// How many readings stay below low at the hot group at `at`, if none counts: then it makes no finding with anything.
/// What decides about one number lies around it; decoding that much costs less than all that a finding may reach.
fn leads_nowhere(job: &Job<'_>, at: u64) -> Option<u64> {
    let mut around = within(job.bytes, job.base, &(at.saturating_sub(DECIDES.0)..at + DECIDES.1), 0);
    if !job.bytes[around.clone()].is_ascii() {
        around = within(job.bytes, job.base, &(at..at + 1), prose::CONTEXT as u64);
    }
    let encoding = job.profile.encoding;
    let base = job.base + around.start as u64;
    let skip = if base == 0 { 0 } else { encoding.align(&job.bytes[around.clone()], 4.min(around.len())) };
    let decoded = Decoded::new(encoding, &job.bytes[around.start + skip..around.end], base + skip as u64);
    let window = decoded.window();
    let (start, text) = (window.text_offset(at), window.text());
    let own = start..char_at_or_after(text, (start + 1).min(text.len()));
    let (mut candidates, mut rejects) = (Vec::new(), Rejects::new(false));
    detect::text::scan(text, own.clone(), &own, &mut candidates, &mut rejects);
    let near = char_at_or_after(text, start.saturating_sub(2 * LINE))
        ..char_at_or_after(text, (start + LINE).min(text.len()));
    (candidates.is_empty() && layout::find(text, &near).is_empty()).then(|| rejects.count())
}

/// Rows of a table that need not be split.
pub(super) struct QuietRows<'t> {
    text: &'t [u8],
    shape: Shape,
    /// Columns whose header names a number, in order.
    named: Vec<usize>,
    hot: Hot,
    seams: Seams,
    /// From where on the next line with a digit in a named column is known, and where it begins.
    filled: Option<(usize, Option<usize>)>,
}

impl<'t> QuietRows<'t> {
    pub(super) fn new(text: &'t str, around: Range<usize>, shape: Shape, table: &Table) -> Self {
        let text = text.as_bytes();
        let named = table.columns_of_numbers();
        let form = if named.is_empty() { Form::Normal } else { Form::Cells(shape.delimiter) };
        let seams = Seams::new(shape.delimiter, shape.columns, &named, around.end);
        QuietRows { text, shape, named, hot: Hot::new(text, around, form), seams, filled: None }
    }

    /// The next place from `at` on whose line has to be asked about, if there is one.
    pub(super) fn next(&mut self, at: usize) -> Option<usize> {
        let hot = self.hot.next(at);
        if self.named.is_empty() {
            return hot;
        }
        // Behind the beginning of a line its column is not known.
        let begins = at == 0 || self.text.get(at - 1) == Some(&b'\n');
        let filled = if begins { self.next_filled(at) } else { Some(at) };
        filled.into_iter().chain(hot).min()
    }

    /// True if no group of the stretch is hot.
    pub(super) fn has_none_hot(&self) -> bool {
        self.hot.groups.is_empty()
    }

    /// As [`Seams::first_filled`], which is not asked again for what it has said.
    fn next_filled(&mut self, at: usize) -> Option<usize> {
        if let Some((from, found)) = self.filled
            && from <= at
            && found.is_none_or(|found| at <= found)
        {
            return found;
        }
        let found = self.seams.first_filled(self.text, at);
        self.filled = Some((at, found));
        found
    }

    /// True if the line of which `part` is looked at holds no number: no hot group, and no digit in a cell of a column
    /// that is named as holding some.
    pub(super) fn is_quiet(&mut self, line: &Range<usize>, part: &Range<usize>) -> bool {
        if !self.named.is_empty() {
            return self.next_filled(line.start) != Some(line.start) && !self.hot.any_in(part);
        }
        // In part of a longer row, or no row at all, labels speak for more than their cell.
        let form = if self.is_row(line) { Form::Cells(self.shape.delimiter) } else { Form::Normal };
        hot::is_quiet(self.text, part.clone(), form, Worth::InValue)
    }

    /// True if the line is a row by itself, without quotes.
    fn is_row(&self, line: &Range<usize>) -> bool {
        let line = &self.text[line.clone()];
        memchr::memchr(b'"', line).is_none()
            && memchr::memchr_iter(self.shape.delimiter, line).count() + 1 == self.shape.columns
    }
}

/// Objects, one a line, that need not be parsed.
pub(super) struct QuietObjects<'t> {
    text: &'t [u8],
    hot: Hot,
    quotes: Vec<u64>,
    /// What is known of keys.
    keys: FxHashMap<Vec<u8>, object::Says>,
}

impl<'t> QuietObjects<'t> {
    pub(super) fn new(text: &'t str, around: Range<usize>) -> Self {
        let text = text.as_bytes();
        QuietObjects {
            text,
            hot: Hot::new(text, around, Form::Normal),
            quotes: Vec::new(),
            keys: FxHashMap::default(),
        }
    }

    /// True if the line holds no number: no hot group, no escape that might hide one, and no key that names one.
    pub(super) fn is_quiet(&mut self, line: &Range<usize>) -> bool {
        let text = &self.text[line.clone()];
        if self.hot.any_in(line) || memchr::memchr(b'\\', text).is_some() {
            return false;
        }
        bits::fill_bytes([b'"'], text, &mut self.quotes);
        let (mut open, mut kind, mut value) = (None, false, false);
        for n in 0..self.quotes.len() {
            let mut quotes = self.quotes[n];
            while quotes != 0 {
                let at = n * bits::BLOCK + quotes.trailing_zeros() as usize;
                quotes &= quotes - 1;
                let Some(start) = open.take() else {
                    open = Some(at + 1);
                    continue;
                };
                if !text[at + 1..].trim_ascii_start().starts_with(b":") {
                    continue;
                }
                let says = self.says(&text[start..at]);
                kind |= says == object::Says::Kind;
                value |= says == object::Says::Value;
                if says == object::Says::Number {
                    return false;
                }
            }
        }
        !(kind && value)
    }

    fn says(&mut self, key: &[u8]) -> object::Says {
        if let Some(says) = self.keys.get(key) {
            return *says;
        }
        let says = std::str::from_utf8(key).map_or(object::Says::Number, object::says);
        if self.keys.len() < KEYS {
            self.keys.insert(key.to_vec(), says);
        }
        says
    }
}

/// The hot groups of a stretch, asked for from left to right.
struct Hot {
    groups: Vec<(usize, Worth)>,
    next: usize,
}

impl Hot {
    fn new(text: &[u8], around: Range<usize>, form: Form) -> Hot {
        let mut groups = Vec::new();
        hot::find(text, around, form, Worth::InValue, &mut groups);
        Hot { groups, next: 0 }
    }

    /// True if one starts in `stretch`, which does not start before what was asked for last.
    fn any_in(&mut self, stretch: &Range<usize>) -> bool {
        self.next(stretch.start).is_some_and(|at| at < stretch.end)
    }

    /// The first that starts at `at` or behind it; `at` does not go back.
    fn next(&mut self, at: usize) -> Option<usize> {
        while self.groups.get(self.next).is_some_and(|(start, _)| *start < at) {
            self.next += 1;
        }
        self.groups.get(self.next).map(|(start, _)| *start)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::Cell;

    fn table() -> Table {
        let header = |(column, text): (u32, &str)| Cell { column, text: text.to_owned(), number: false };
        let cells: Vec<Cell> = (0..).zip(["name", "ssn", "note"]).map(header).collect();
        Table::new(Some(&cells), &[])
    }

    /// Where the lines begin that are asked about and are not quiet.
    fn loud(text: &str) -> Vec<usize> {
        let (table, shape) = (table(), Shape { delimiter: b',', columns: 3 });
        let mut rows = QuietRows::new(text, 0..text.len(), shape, &table);
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(place) = rows.next(at).filter(|place| *place < text.len()) {
            let start = text[at..place].rfind('\n').map_or(at, |p| at + p + 1);
            let end = text[start..].find('\n').map_or(text.len(), |p| start + p);
            if !rows.is_quiet(&(start..end), &(start..end)) {
                found.push(start);
            }
            at = end + 1;
        }
        found
    }

    /// Where the lines begin that are no rows, have a digit under `ssn`, or a hot group; by looking at each.
    fn loud_by_cells(text: &str) -> Vec<usize> {
        let mut hot = Vec::new();
        hot::find(text.as_bytes(), 0..text.len(), Form::Cells(b','), Worth::InValue, &mut hot);
        let (mut found, mut start) = (Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            let cells: Vec<&str> = line.split(',').collect();
            let row = cells.len() == 3 && !line.contains('"');
            let filled = !row || cells[1].contains(|c: char| c.is_ascii_digit());
            if filled || hot.iter().any(|(at, _)| (start..start + line.len()).contains(at)) {
                found.push(start);
            }
            start += line.len();
        }
        found
    }

    proptest! {
        #[test]
        fn the_rows_asked_about_are_those_with_something_in_them(
            lines in prop::collection::vec(
                prop::collection::vec("|[a-z]{1,9}|[0-9]{1,9}|024-61-3387|4929137520864174|\"a, b\"|SSN 024613387", 1..5),
                0..300,
            ),
        ) {
            let text: String = lines.iter().map(|cells| cells.join(",") + "\n").collect();
            prop_assert_eq!(loud(&text), loud_by_cells(&text), "in {}", text);
        }
    }
}

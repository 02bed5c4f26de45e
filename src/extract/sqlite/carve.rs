//! Deleted rows in the free space of pages.
//!
//! A deleted cell stays where it was until its space is needed. Only its first four bytes are overwritten, by the
//! link of the free block (format, section 1.6); a record header (section 2.1) is known by its length, which must be
//! that of the types it lists, and by values that fit. Where none is found, runs of text are what is left.

use super::pager::{Charset, varint};
use super::record::{Value, length_of, value};
use super::runs;

/// The longest record header that is looked for: what one byte of length can say.
const MOST_HEADER: usize = 127;
/// Bytes of a free block that its link overwrites.
const LINK: usize = 4;

/// What was found in free space.
#[derive(Default)]
pub(super) struct Scraps<'a> {
    /// Records, each with the bytes it was made of.
    pub(super) records: Vec<(&'a [u8], Vec<Value<'a>>)>,
    /// Runs of text between them.
    pub(super) texts: Vec<String>,
}

/// Looks through the gap between pointers and cells, where records are whole.
pub(super) fn gap<'a>(space: &'a [u8], charset: Charset, columns: usize, scraps: &mut Scraps<'a>) {
    let (mut at, mut done) = (0, 0);
    while at < space.len() {
        let Some((values, length)) = whole(&space[at..], charset, columns) else {
            at += 1;
            continue;
        };
        scraps.texts.extend(runs::of(&space[done..at], charset));
        scraps.records.push((&space[at..at + length], values));
        at += length;
        done = at;
    }
    scraps.texts.extend(runs::of(&space[done..], charset));
}

/// Looks through a free block, whose first record has lost its beginning.
pub(super) fn block<'a>(space: &'a [u8], charset: Charset, columns: usize, scraps: &mut Scraps<'a>) {
    let rest = space.get(LINK..).unwrap_or_default();
    let found = [0, 1].into_iter().find_map(|lost| headless(rest, charset, columns.checked_sub(lost)?, lost));
    let used = found.map_or(0, |(values, length)| {
        scraps.records.push((&rest[..length], values));
        length
    });
    gap(&rest[used..], charset, columns, scraps);
}

/// A record with its header at the start of `space`, and its length.
fn whole(space: &[u8], charset: Charset, columns: usize) -> Option<(Vec<Value<'_>>, usize)> {
    let header = usize::from(*space.first()?);
    if !(3..=MOST_HEADER).contains(&header) || header > space.len() {
        return None;
    }
    let (mut at, mut types) = (1, Vec::new());
    while at < header {
        let (serial, n) = varint(&space[at..header])?;
        length_of(serial)?;
        types.push(serial);
        at += n;
    }
    // Rows older than a column that was added have fewer values.
    if columns > 0 && types.len() > columns {
        return None;
    }
    values(&space[header..], &types, charset).map(|(values, length)| (values, header + length))
}

/// A record whose header begins with its second type or, with one `lost`, its third: `count` types follow. Of a lost
/// first value only NULL, which takes no space, is considered; it is what stands for a row id.
fn headless(space: &[u8], charset: Charset, count: usize, lost: usize) -> Option<(Vec<Value<'_>>, usize)> {
    let (mut at, mut types) = (0, vec![0; lost]);
    for _ in 0..count.min(MOST_HEADER) {
        let (serial, n) = varint(space.get(at..)?)?;
        length_of(serial)?;
        types.push(serial);
        at += n;
    }
    let (values, length) = values(&space[at..], &types, charset)?;
    Some((values, at + length))
}

/// Values of these types at the start of `space`, if they can be what somebody stored: text without control
/// characters, and some of it.
fn values<'a>(space: &'a [u8], types: &[u64], charset: Charset) -> Option<(Vec<Value<'a>>, usize)> {
    let (mut values, mut at, mut letters) = (Vec::with_capacity(types.len()), 0usize, 0);
    for &serial in types {
        let length = usize::try_from(length_of(serial)?).ok()?;
        let bytes = space.get(at..at.checked_add(length)?)?;
        at += length;
        let value = value(serial, bytes, charset);
        if let Value::Text(text) = &value {
            let odd = |c: char| c.is_control() && !c.is_whitespace() || c == '\u{FFFD}';
            if text.contains(odd) {
                return None;
            }
            letters += text.len();
        }
        values.push(value);
    }
    (types.len() > 1 && letters > 2).then_some((values, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(scraps: &Scraps<'_>) -> String {
        let show = |v: &Value<'_>| match v {
            Value::Text(t) => t.clone(),
            Value::Integer(n) => n.to_string(),
            _ => String::new(),
        };
        let records = scraps.records.iter().map(|(_, r)| r.iter().map(show).collect::<Vec<_>>().join("|"));
        records.chain(scraps.texts.iter().cloned()).collect::<Vec<_>>().join("\n")
    }

    fn record() -> Vec<u8> {
        let mut record = vec![4, 0, 13 + 2 * 11, 13 + 2 * 11];
        record.extend_from_slice(b"Ann Example024-61-3387");
        record
    }

    #[test]
    fn whole_records_are_split_into_their_values() {
        let space = [&[0, 0, 9, 9][..], &record(), &[0; 5]].concat();
        let mut scraps = Scraps::default();
        gap(&space, Charset::Utf8, 3, &mut scraps);
        assert_eq!(shown(&scraps), "|Ann Example|024-61-3387");
    }

    #[test]
    fn free_blocks_have_lost_their_first_bytes() {
        // Length, row id, header length and the type of the row id are gone.
        let space = [&[0, 0, 0, 40][..], &record()[2..]].concat();
        let mut scraps = Scraps::default();
        block(&space, Charset::Utf8, 3, &mut scraps);
        assert_eq!(shown(&scraps), "|Ann Example|024-61-3387");
    }

    #[test]
    fn what_is_no_record_gives_its_runs() {
        let mut scraps = Scraps::default();
        gap(b"\x03\x01note: 024-61-3387\0", Charset::Utf8, 2, &mut scraps);
        assert_eq!(shown(&scraps), "note: 024-61-3387");
    }
}

//! The values of one column in a row group, row by row.
//!
//! Source: "Nested Encoding" of the Parquet format: a value has a repetition level, which says at which list of lists
//! a new item begins (0: a new row), and a definition level, which says how much of its path is there (all: a value).

use super::Trouble;
use super::bits::Hybrid;
use super::bytes::u32_at;
use super::meta::{Chunk, Leaf};
use super::page::{Content, Header, Source};
use super::value::{Dictionary, Kind, Raw, Values};

/// Old writers leave the header of the dictionary out of the length of a chunk (PARQUET-816).
const SLACK: u64 = 100;

/// A column at some row. Of its pages one is held, and the dictionary.
pub(super) struct Column<'m> {
    pub(super) leaf: &'m Leaf,
    codec: i64,
    kind: Option<Kind>,
    at: u64,
    end: u64,
    /// Values of the chunk that have not begun to be read.
    left: u64,
    dictionary: Option<Dictionary>,
    page: Option<Page>,
    /// Repetition level of the next value, which is read ahead.
    ahead: Option<u64>,
    held: u64,
    indexes: Vec<u32>,
}

struct Page {
    bytes: Vec<u8>,
    left: u64,
    rep: Hybrid,
    def: Hybrid,
    values: Values,
}

/// Bits that levels up to `most` take.
fn width(most: u64) -> u32 {
    u64::BITS - most.leading_zeros()
}

impl<'m> Column<'m> {
    pub(super) fn new(leaf: &'m Leaf, chunk: &Chunk, len: u64) -> Self {
        Column {
            leaf,
            codec: chunk.codec,
            kind: Kind::of(leaf),
            at: chunk.start,
            end: chunk.start.saturating_add(chunk.length).saturating_add(SLACK).min(len),
            left: chunk.values,
            dictionary: None,
            page: None,
            ahead: None,
            held: 0,
            indexes: vec![0; usize::try_from(leaf.most_rep).unwrap_or(0)],
        }
    }

    /// Gives every value of the next row to `each`, with its places in the lists around it. False at the end.
    pub(super) fn row(
        &mut self,
        source: &mut Source<'_>,
        each: &mut dyn FnMut(&[u32], &Raw<'_>),
    ) -> Result<bool, Trouble> {
        if self.level(source)?.is_none() {
            return Ok(false);
        }
        self.indexes.fill(0);
        loop {
            self.value(each)?;
            if self.leaf.most_rep == 0 {
                return Ok(true);
            }
            let Some(level @ 1..) = self.level(source)? else { return Ok(true) };
            let level = usize::try_from(level).map_err(|_| Trouble::Damaged)?;
            let index = self.indexes.get_mut(level - 1).ok_or(Trouble::Damaged)?;
            *index = index.saturating_add(1);
            self.indexes[level..].fill(0);
        }
    }

    /// The repetition level of the next value; `None` at the end.
    fn level(&mut self, source: &mut Source<'_>) -> Result<Option<u64>, Trouble> {
        if self.ahead.is_some() {
            return Ok(self.ahead);
        }
        while self.page.as_ref().is_none_or(|page| page.left == 0) {
            if !self.load(source)? {
                return Ok(None);
            }
        }
        let page = self.page.as_mut().ok_or(Trouble::Damaged)?;
        let level = if self.leaf.most_rep == 0 { Some(0) } else { page.rep.next(&page.bytes) };
        self.ahead = Some(level.ok_or(Trouble::Damaged)?);
        Ok(self.ahead)
    }

    /// Steps to the next value, and gives it to `each` if there is one.
    fn value(&mut self, each: &mut dyn FnMut(&[u32], &Raw<'_>)) -> Result<(), Trouble> {
        let (Some(page), Some(kind)) = (self.page.as_mut(), self.kind) else { return Err(Trouble::Damaged) };
        self.ahead = None;
        page.left = page.left.saturating_sub(1);
        let def = if self.leaf.most_def == 0 { Some(0) } else { page.def.next(&page.bytes) };
        if def.ok_or(Trouble::Damaged)? == self.leaf.most_def {
            let value = page.values.next(&page.bytes, kind, self.dictionary.as_ref());
            each(&self.indexes, &value.ok_or(Trouble::Damaged)?);
        }
        Ok(())
    }

    /// Takes up the next page of values. False if there is none.
    fn load(&mut self, source: &mut Source<'_>) -> Result<bool, Trouble> {
        let kind = self.kind.ok_or(Trouble::Unknown)?;
        self.release(source);
        while self.left > 0 && self.at < self.end {
            let (header, start) = Header::at(source, self.at, self.end)?;
            self.at = start.checked_add(header.packed).ok_or(Trouble::Damaged)?;
            if header.content == Content::Other {
                continue;
            }
            if !source.has_room(header.unpacked.saturating_add(header.packed)) {
                return Err(Trouble::Memory);
            }
            let bytes = header.unpack(self.codec, source.read(start, header.packed)?)?;
            if header.content == Content::Dictionary {
                self.dictionary = Some(Dictionary::new(bytes, kind));
                continue;
            }
            self.left = self.left.saturating_sub(header.values);
            self.page = Some(page(&header, bytes, kind, self.leaf)?);
            self.hold(source);
            return Ok(true);
        }
        if self.left > 0 { Err(Trouble::Damaged) } else { Ok(false) }
    }

    fn hold(&mut self, source: &mut Source<'_>) {
        let page = self.page.as_ref().map_or(0, |page| page.bytes.len() as u64);
        let all = page + self.dictionary.as_ref().map_or(0, Dictionary::held);
        source.held = source.held.saturating_sub(self.held) + all;
        self.held = all;
    }

    /// Lets go of the page in hand.
    pub(super) fn release(&mut self, source: &mut Source<'_>) {
        self.page = None;
        self.hold(source);
    }
}

fn page(header: &Header, bytes: Vec<u8>, kind: Kind, leaf: &Leaf) -> Result<Page, Trouble> {
    let (rep, def) = (width(leaf.most_rep), width(leaf.most_def));
    let (rep, def, at) = if header.content == Content::Values2 {
        let middle = header.rep;
        let at = middle.checked_add(header.def).filter(|at| *at <= bytes.len()).ok_or(Trouble::Damaged)?;
        (Hybrid::new(0, middle, rep), Hybrid::new(middle, at, def), at)
    } else {
        if header.old_levels && (leaf.most_rep > 0 || leaf.most_def > 0) {
            return Err(Trouble::Unknown);
        }
        let (rep, at) = levels(&bytes, 0, rep)?;
        let (def, at) = levels(&bytes, at, def)?;
        (rep, def, at)
    };
    // A page of nothing but empty values may leave out what the values would begin with.
    let values = Values::new(header.encoding, kind, &bytes, at, header.values);
    let values = values.or_else(|| (at >= bytes.len()).then_some(Values::Plain { at, bit: 0 }));
    let values = values.ok_or(if header.encoding > 9 { Trouble::Unknown } else { Trouble::Damaged })?;
    Ok(Page { bytes, left: header.values, rep, def, values })
}

/// Levels of this width with their length before them, and where they end. Levels of no bits are not stored.
fn levels(bytes: &[u8], at: usize, width: u32) -> Result<(Hybrid, usize), Trouble> {
    if width == 0 {
        return Ok((Hybrid::new(at, at, 0), at));
    }
    let length = u32_at(bytes, at).ok_or(Trouble::Damaged)? as usize;
    let end = (at + 4).checked_add(length).filter(|end| *end <= bytes.len()).ok_or(Trouble::Damaged)?;
    Ok((Hybrid::new(at + 4, end, width), end))
}

//! Lists of properties as TNEF stores them ([MS-OXTNEF], section 2.1.3.4).

use crate::extract::mapi::{Bag, Named, Property, fixed_size, kind};

/// Most recipients that are read.
const ROWS: usize = 100_000;

/// Takes `count` bytes off the front.
fn take<'a>(data: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = data.split_at_checked(count)?;
    *data = rest;
    Some(taken)
}

fn word(data: &mut &[u8]) -> Option<u32> {
    let (word, rest) = data.split_first_chunk::<4>()?;
    *data = rest;
    Some(u32::from_le_bytes(*word))
}

/// Takes a value of `length` bytes and what fills it up to a multiple of four; of the last one of a file that was
/// cut off, what there is.
fn padded<'a>(data: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    if length > data.len() {
        return (!data.is_empty()).then(|| std::mem::take(data));
    }
    let value = take(data, length)?;
    let fill = (4 - length % 4) % 4;
    *data = data.get(fill..).unwrap_or_default();
    Some(value)
}

/// Reads the rows of a table of recipients; false if they are broken.
pub(super) fn rows(mut data: &[u8], rows: &mut Vec<Bag>) -> bool {
    let Some(count) = word(&mut data) else { return false };
    for _ in 0..count {
        if data.is_empty() || rows.len() >= ROWS {
            return false;
        }
        let mut bag = Bag::default();
        let whole = properties(&mut data, &mut bag);
        rows.push(bag);
        if !whole {
            return false;
        }
    }
    true
}

/// Reads a list of properties into `bag`; false if it is broken, with everything before that.
pub(super) fn properties(data: &mut &[u8], bag: &mut Bag) -> bool {
    let Some(count) = word(data) else { return false };
    for _ in 0..count {
        match property(data) {
            Some(property) => bag.push(property),
            None => return false,
        }
    }
    true
}

fn property(data: &mut &[u8]) -> Option<Property> {
    let tag = word(data)?;
    let (kind, id) = (tag as u16, (tag >> 16) as u16);
    let named = if id >= 0x8000 { Some(named(data)?) } else { None };
    let size = fixed_size(kind);
    if kind & kind::MANY == 0 && size > 0 {
        let value = padded(data, size)?.to_vec();
        return Some(Property { id, kind, named, values: vec![value] });
    }
    if size == 0 && !is_variable(kind) {
        return None;
    }
    let count = word(data)?;
    let mut values = Vec::new();
    for _ in 0..count {
        let length = if size > 0 { size } else { usize::try_from(word(data)?).ok()? };
        // Empty values cost four bytes each: their number is bounded by the data.
        let value = if length == 0 { &[][..] } else { padded(data, length)? };
        values.push(value.to_vec());
    }
    Some(Property { id, kind, named, values })
}

fn is_variable(kind: u16) -> bool {
    matches!(kind & !kind::MANY, kind::ANSI | kind::UNICODE | kind::BINARY | kind::OBJECT)
}

/// What a property from 0x8000 on means: a set, then a number or a name.
fn named(data: &mut &[u8]) -> Option<Named> {
    take(data, 16)?;
    if word(data)? == 0 {
        return Some(Named::Number(word(data)?));
    }
    let length = usize::try_from(word(data)?).ok()?;
    Some(Named::Text(crate::extract::mapi::wide(padded(data, length)?)))
}

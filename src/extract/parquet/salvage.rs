//! A file whose end is gone: its pages stand one after the other and say themselves how long they are, but not
//! what they hold. What is text in them is given, line by line.

use super::bits::varint;
use super::bytes::{slice, u32_at};
use super::page::{Content, Header, Source};
use crate::document::{DocumentSink, Place, RAW};
use crate::extract::runs;

/// Gives the text of all pages that can be found.
pub(super) fn pages(source: &mut Source<'_>, sink: &mut dyn DocumentSink) {
    let part = || Place { part: Some(RAW.to_owned()), ..Place::default() };
    let mut at = 4;
    while at < source.len && sink.go_on() {
        let Ok((header, start)) = Header::at(source, at, source.len) else { return };
        at = start.saturating_add(header.packed);
        if header.content == Content::Other || !source.has_room(header.unpacked.saturating_add(header.packed))
        {
            continue;
        }
        let length = header.packed.min(source.len.saturating_sub(start));
        let Ok(bytes) = source.read(start, length) else { return };
        let Some(page) = codecs(&header, &bytes).find_map(|codec| {
            let page = header.unpack(codec, bytes.clone()).ok()?;
            (page.len() as u64 == header.unpacked).then_some(page)
        }) else {
            continue;
        };
        // What stands next to each other in a column belongs to different people.
        sink.unit(part());
        match texts(&page) {
            Some(texts) => texts.iter().filter(|t| !t.is_empty()).for_each(|text| sink.text(part(), text)),
            None if runs::all(&page, sink) => {}
            None => return,
        }
    }
}

/// The packings that the bytes of a page may have, the likeliest first.
fn codecs(header: &Header, bytes: &[u8]) -> impl Iterator<Item = i64> {
    let levels = if header.content == Content::Values2 { header.def.saturating_add(header.rep) } else { 0 };
    let bytes = bytes.get(levels..).unwrap_or_default();
    let size = header.unpacked.saturating_sub(levels as u64);
    let snappy = varint(bytes, &mut 0) == Some(size);
    let known: &[i64] = match bytes {
        _ if header.packed == header.unpacked => &[0],
        [0x28, 0xB5, 0x2F, 0xFD, ..] => &[6],
        [0x1F, 0x8B, ..] => &[2],
        _ if snappy => &[1],
        _ => &[5, 4],
    };
    known.iter().copied()
}

/// The values of a page, if they are texts with their lengths before them and nothing else, but for levels.
fn texts(page: &[u8]) -> Option<Vec<&str>> {
    let behind = |at: usize| u32_at(page, at).and_then(|n| (at + 4).checked_add(n as usize));
    let starts = [Some(0), behind(0), behind(0).and_then(behind)];
    starts.into_iter().flatten().find_map(|start| texts_from(page, start))
}

fn texts_from(page: &[u8], mut at: usize) -> Option<Vec<&str>> {
    let mut texts = Vec::new();
    while at < page.len() {
        let length = u32_at(page, at)? as usize;
        let text = std::str::from_utf8(slice(page, at + 4, length)?).ok()?;
        texts.push(text);
        at += 4 + length;
    }
    (!texts.is_empty()).then_some(texts)
}

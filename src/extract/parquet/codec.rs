//! Packed pages: snappy, gzip, brotli, zstd and LZ4.
//!
//! Source: "Compression" of the Parquet format; "Snappy compressed format description". A page never gets larger than
//! its header says, and a header is believed only as far as a packer of its kind could go.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::Trouble;
use super::bits::varint;
use super::bytes::{slice, up_to};
use crate::extract::packed;

/// Unpacks `bytes` into `size` bytes at most.
pub(super) fn unpack(codec: i64, bytes: Vec<u8>, size: usize) -> Result<Vec<u8>, Trouble> {
    let from = &mut bytes.as_slice();
    match codec {
        0 => Ok(bytes),
        1 => snappy(&bytes, size).ok_or(Trouble::Damaged),
        2 => all(MultiGzDecoder::new(from), size),
        4 => all(brotli_decompressor::Decompressor::new(from, 1 << 12), size),
        5 => framed_lz4(&bytes, size).or_else(|| lz4(&bytes, size)).ok_or(Trouble::Damaged),
        6 => all(packed::unpacked(from, false), size),
        7 => lz4(&bytes, size).ok_or(Trouble::Damaged),
        _ => Err(Trouble::Unknown),
    }
}

fn all(from: impl Read, size: usize) -> Result<Vec<u8>, Trouble> {
    let mut page = Vec::new();
    from.take(size as u64).read_to_end(&mut page).map_err(|_| Trouble::Damaged)?;
    Ok(page)
}

/// A block of LZ4: a byte gives 255 at most.
fn lz4(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut page = vec![0; size.min(bytes.len().saturating_mul(255))];
    let length = lz4_flex::block::decompress_into(bytes, &mut page).ok()?;
    page.truncate(length);
    Some(page)
}

/// Blocks of LZ4 as Hadoop writes them: before each its unpacked and its packed size, high byte first.
fn framed_lz4(mut bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut page = Vec::new();
    while !bytes.is_empty() {
        let (unpacked, rest) = bytes.split_first_chunk::<4>()?;
        let (packed, rest) = rest.split_first_chunk::<4>()?;
        let (block, rest) = rest.split_at_checked(u32::from_be_bytes(*packed) as usize)?;
        let room = size.checked_sub(page.len())?.min(u32::from_be_bytes(*unpacked) as usize);
        page.append(&mut lz4(block, room)?);
        bytes = rest;
    }
    Some(page)
}

fn snappy(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut page = Vec::new();
    unpack_snappy(bytes, size, &mut page)?;
    Some(page)
}

/// Unpacks a block of Snappy into `page`, which is empty, up to `size` bytes. None if it is damaged; what precedes the
/// damage is in `page`.
pub(in crate::extract) fn unpack_snappy(bytes: &[u8], size: usize, page: &mut Vec<u8>) -> Option<()> {
    let mut at = 0;
    let length = usize::try_from(varint(bytes, &mut at)?).ok()?.min(size);
    while at < bytes.len() && page.len() < length {
        let tag = bytes[at];
        let more = |n: usize| slice(bytes, at + 1, n).map(little);
        let high = usize::from(tag >> 2);
        let (extra, count, back) = match tag & 3 {
            0 if high < 60 => (0, high + 1, None),
            0 => (high - 59, more(high - 59)?.checked_add(1)?, None),
            1 => (1, (high & 7) + 4, Some(usize::from(tag >> 5) << 8 | more(1)?)),
            2 => (2, high + 1, Some(more(2)?)),
            _ => (4, high + 1, Some(more(4)?)),
        };
        at += 1 + extra;
        if let Some(back) = back {
            let from = page.len().checked_sub(back).filter(|_| back > 0)?;
            for n in from..from + count {
                page.push(page[n]);
            }
        } else {
            let plain = up_to(bytes, at, count);
            page.extend_from_slice(plain);
            at += plain.len();
            if plain.len() < count {
                return None;
            }
        }
    }
    Some(())
}

fn little(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b))
}

//! The stream of `PowerPoint` 4, which `PowerPoint` 95 and the Macintosh write too. Its makers never published it.
//!
//! What can be relied on is how a text stands in it: its length, its bytes, one more where their number is odd, and a
//! list of formats that begins with the number 12 and the same length again. Both lengths together tell a text from
//! anything else. On the Macintosh numbers have the high byte first and letters are those of its own code page.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// Bytes before a text: its length.
const BEFORE: usize = 4;
/// The longest text that is looked for.
const LONGEST: usize = 1 << 16;

/// How numbers and letters are written.
struct Order {
    number: fn([u8; 4]) -> u32,
    twelve: [u8; 2],
    encoding: &'static Encoding,
}

const ORDERS: [Order; 2] = [
    Order { number: u32::from_be_bytes, twelve: [0, 12], encoding: MACINTOSH },
    Order { number: u32::from_le_bytes, twelve: [12, 0], encoding: WINDOWS_1252 },
];

/// The texts of a stream in their order.
pub(super) fn texts(stream: &[u8]) -> impl Iterator<Item = String> {
    (BEFORE..stream.len()).filter_map(|at| ORDERS.iter().find_map(|order| text(stream, at, order)))
}

/// The text that begins at `at`, if one does.
fn text(stream: &[u8], at: usize, order: &Order) -> Option<String> {
    let number = |at: usize| {
        let bytes = stream.get(at..at + 4)?.first_chunk()?;
        usize::try_from((order.number)(*bytes)).ok()
    };
    let length = number(at - BEFORE).filter(|n| (1..LONGEST).contains(n))?;
    let list = at + length.next_multiple_of(2);
    if stream.get(list..list + 2)? != order.twelve || number(list + 2)? != length {
        return None;
    }
    // 0x7F stands where the formatting changes.
    let bytes: Vec<u8> = stream[at..at + length].iter().copied().filter(|&b| b != 0x7F).collect();
    let text = order.encoding.decode_without_bom_handling(&bytes).0.replace('\u{b}', "\n");
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_between_two_equal_lengths() {
        let big = b"....\0\0\0\x07\xD2A\x7Fg\x7F\x0Bo\x8F\0\x0C\0\0\0\x07..";
        let little = b"\x04\0\0\0Bea\x92\x0C\0\x04\0\0\0\0";
        let other = b"\x04\0\0\0Carl\x0C\0\x05\0\0\0";
        let stream = [&big[..], little, other].concat();
        assert_eq!(texts(&stream).collect::<Vec<_>>(), ["\u{201C}Ag\no", "Bea\u{2019}"]);
    }
}

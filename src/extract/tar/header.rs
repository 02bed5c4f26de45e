//! One header block.

/// Length of a block in bytes.
pub(super) const BLOCK: usize = 512;

/// What a header says.
pub(super) struct Header {
    pub(super) name: String,
    /// Bytes of content that follow.
    pub(super) size: u64,
    /// Type flag; `0` for an ordinary file.
    pub(super) kind: u8,
    /// Size with holes, of a sparse file in the old GNU form.
    pub(super) real_size: Option<u64>,
}

impl Header {
    /// The header in a block, if its checksum is right.
    pub(super) fn parse(block: &[u8; BLOCK]) -> Option<Header> {
        if !is_sound(block) {
            return None;
        }
        let kind = match block[156] {
            0 | b' ' => b'0',
            kind => kind,
        };
        let name = name(block);
        let real_size = (kind == b'S').then(|| number(&block[483..495])).flatten();
        Some(Header { name, size: number(&block[124..136])?, kind, real_size })
    }
}

fn name(block: &[u8; BLOCK]) -> String {
    let name = text(until_zero(&block[..100]));
    // In GNU's form the place of the prefix holds other things.
    let prefix =
        if &block[257..263] == b"ustar\0" { text(until_zero(&block[345..500])) } else { String::new() };
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

/// The name in a block that is marked as a header though its checksum is wrong.
pub(super) fn name_of_unsound(block: &[u8; BLOCK]) -> Option<String> {
    (&block[257..262] == b"ustar").then(|| name(block))
}

/// True if the sum of all bytes, the field of the sum taken as spaces, is what the field says. Some old programs
/// summed up signed bytes.
fn is_sound(block: &[u8; BLOCK]) -> bool {
    let Some(told) = number(&block[148..156]) else { return false };
    let around = block[..148].iter().chain(&block[156..]);
    let (mut sum, mut signed) = (8 * 32u64, 8 * 32i64);
    for &b in around {
        sum += u64::from(b);
        signed += i64::from(b.cast_signed());
    }
    told == sum || i64::try_from(told) == Ok(signed)
}

/// An octal number between spaces and zeros, or GNU's form for larger ones: first bit set, then binary.
pub(super) fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|b| b & 0x80 != 0) {
        let high = field.len().saturating_sub(8);
        if field[0] != 0x80 || field[1..high].iter().any(|b| *b != 0) {
            return None;
        }
        return Some(field[high..].iter().fold(0, |n, b| n << 8 | u64::from(*b)));
    }
    let digits = until_zero(field).trim_ascii();
    digits.iter().try_fold(0u64, |n, b| match b {
        b'0'..=b'7' => n.checked_mul(8)?.checked_add(u64::from(b - b'0')),
        _ => None,
    })
}

pub(super) fn until_zero(field: &[u8]) -> &[u8] {
    field.split(|b| *b == 0).next().unwrap_or_default()
}

/// Names are bytes: UTF-8, or else taken as Latin-1.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

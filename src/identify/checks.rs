//! What a signature asks for beyond its first bytes: structure that chance or plain text does not have.

/// Big-endian and little-endian numbers at a place, `None` beyond the end.
fn be16(head: &[u8], at: usize) -> Option<u16> {
    head.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]))
}

fn le16(head: &[u8], at: usize) -> Option<u16> {
    be16(head, at).map(u16::swap_bytes)
}

fn be32(head: &[u8], at: usize) -> Option<u32> {
    head.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

fn le32(head: &[u8], at: usize) -> Option<u32> {
    be32(head, at).map(u32::swap_bytes)
}

/// The mark at the end of a boot sector.
pub(super) fn boot_mark(head: &[u8], _: u64) -> bool {
    le16(head, 510) == Some(0xAA55)
}

/// An Outlook store under Windows Information Protection. The other values of this field name fixed tables that
/// everybody knows, and no encryption ([MS-PST] 2.2.2.6, bCryptMethod; version 23 and above have the longer header).
pub(super) fn pst_encrypted(head: &[u8], _: u64) -> bool {
    let at = if le16(head, 10).is_some_and(|version| version >= 23) { 513 } else { 461 };
    head.get(at) == Some(&0x10)
}

/// An Access database from 2007 on whose pages are encrypted: the key is not zero. (In older ones the key itself
/// stands there, and their reader uses it.) Its header is `XORed` with a fixed stream, of
/// which these are the four bytes at the place of the key; a database password alone changes other bytes.
/// The bytes are those of every database without encryption.
pub(super) fn access_encrypted(head: &[u8], size: u64) -> bool {
    size >= 4096 && head.get(0x3E..0x42).is_some_and(|key| key != [0xFB, 0x8A, 0xBC, 0x4E])
}

/// Bytes without any pattern, in a file whose size is a whole number of sectors: what an encrypted container that
/// has no header looks like, though nothing proves it. The measure is chi square over byte values, of which random
/// bytes have 255 give or take 23; text and packed files mostly have far more.
pub(super) fn looks_random(head: &[u8], size: u64) -> bool {
    if head.len() < 4096 || !size.is_multiple_of(512) {
        return false;
    }
    let mut counts = [0u32; 256];
    for byte in head {
        counts[usize::from(*byte)] += 1;
    }
    let even = head.len() as f64 / 256.0;
    let chi: f64 = counts.iter().map(|&n| (f64::from(n) - even).powi(2) / even).sum();
    (140.0..400.0).contains(&chi)
}

/// A local file header.
pub(super) fn zip(head: &[u8], _: u64) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// A PDF may have up to 1 KiB of anything before its header (ISO 32000-1, annex H.3.4); here the header must
/// start a line or follow something that is no text, so that a text *about* PDF stays text.
pub(super) fn late_pdf(head: &[u8], _: u64) -> bool {
    let start = &head[..head.len().min(1024)];
    memchr::memmem::find_iter(start, b"%PDF-").any(|at| {
        let alone = at.checked_sub(1).is_none_or(|before| !(b' '..=b'~').contains(&start[before]));
        let version = start.get(at + 5..at + 8).is_some_and(|v| v[0].is_ascii_digit() && v[1] == b'.');
        alone && version && memchr::memmem::find(&head[at..], b" obj").is_some()
    })
}

/// The end record of a zip, whose directory must fit before it. With something in front of the archive the
/// directory lies later than it says, never earlier.
pub(super) fn zip_ends_here(tail: &[u8], size: u64) -> bool {
    let tail_start = size.saturating_sub(tail.len() as u64);
    memchr::memmem::rfind(tail, b"PK\x05\x06").is_some_and(|at| {
        let record = &tail[at..];
        let (Some(len), Some(offset)) = (le32(record, 12), le32(record, 16)) else { return false };
        let comment = le16(record, 20).map(usize::from);
        let zip64 = offset == u32::MAX;
        let fits = u64::from(len) + u64::from(offset) <= tail_start + at as u64;
        comment.is_some_and(|c| 22 + c <= record.len()) && len > 0 && (zip64 || fits)
    })
}

/// A level, and the mark of a block or of the end.
pub(super) fn bzip2(head: &[u8], _: u64) -> bool {
    let level = head.get(3).is_some_and(|b| (b'1'..=b'9').contains(b));
    level && head.get(4..10).is_some_and(|m| m == b"1AY&SY" || m == b"\x17\x72\x45\x38\x50\x90")
}

/// `lzma` alone has no magic: dictionary size a power of two, and a size that is unknown or plausible.
pub(super) fn lzma(head: &[u8], _: u64) -> bool {
    let dictionary = le32(head, 1).is_some_and(|d| d.is_power_of_two() || (d / 3).is_power_of_two());
    let unpacked = head.get(5..13).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
    dictionary && unpacked.is_some_and(|n| n == u64::MAX || n < 1 << 40) && head.get(13) == Some(&0)
}

/// A frame of foreign data before the first one of zstd.
pub(super) fn zstd_after_skippable(head: &[u8], _: u64) -> bool {
    let skippable = le32(head, 0).is_some_and(|m| m & 0xFFFF_FFF0 == 0x184D_2A50);
    let next = le32(head, 4).and_then(|len| usize::try_from(len).ok()?.checked_add(8));
    skippable && next.and_then(|at| head.get(at..)).is_some_and(|rest| rest.starts_with(b"\x28\xB5\x2F\xFD"))
}

/// The header sum of old tar archives, which have no magic.
pub(super) fn tar_checksum(head: &[u8], _: u64) -> bool {
    let Some(block) = head.get(..512) else { return false };
    let stored = block[148..156].iter().skip_while(|b| **b == b' ').take_while(|b| (b'0'..=b'7').contains(b));
    let stored = stored.fold(0_u32, |n, b| n * 8 + u32::from(b - b'0'));
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    let field: u32 = block[148..156].iter().map(|b| u32::from(*b)).sum();
    block[0] != 0 && stored == sum - field + 8 * 32
}

/// A master boot record or a FAT/NTFS volume: a jump or an entry of the partition table.
pub(super) fn boot_sector(head: &[u8], size: u64) -> bool {
    let jump = head.starts_with(b"\xEB") && head.get(2) == Some(&0x90);
    let partition = [446, 462, 478, 494].iter().all(|&at| matches!(head.get(at), Some(0 | 0x80)));
    let any = head.get(446..510).is_some_and(|t| t.iter().any(|b| *b != 0));
    size >= 1024 && size.is_multiple_of(512) && (jump || partition && any)
}

/// Block size and state of an ext2, ext3 or ext4 volume.
pub(super) fn ext_superblock(head: &[u8], size: u64) -> bool {
    size >= 64 * 1024
        && le32(head, 0x418).is_some_and(|log| log <= 6)
        && le16(head, 0x43A).is_some_and(|s| s <= 7)
}

/// Sizes of the main header.
pub(super) fn arj(head: &[u8], _: u64) -> bool {
    le16(head, 2).is_some_and(|n| (30..=2600).contains(&n))
        && head.get(4).is_some_and(|n| (30..=60).contains(n))
}

/// `-lh5-` and its kin after a plausible header size.
pub(super) fn lzh(head: &[u8], _: u64) -> bool {
    head.get(6) == Some(&b'-') && head.first().is_some_and(|n| *n >= 20)
}

/// Thirteen numbers of eight hexadecimal digits.
pub(super) fn cpio(head: &[u8], _: u64) -> bool {
    head.get(6..110).is_some_and(|fields| fields.iter().all(u8::is_ascii_hexdigit))
}

/// The older header of cpio: octal digits, and a name that begins with something printable.
pub(super) fn cpio_octal(head: &[u8], _: u64) -> bool {
    let digits = head.get(6..76).is_some_and(|fields| fields.iter().all(|b| (b'0'..b'8').contains(b)));
    digits && head.get(76).is_some_and(u8::is_ascii_graphic)
}

/// Version byte, a date, and lengths that agree with the size of the file.
pub(super) fn dbf(head: &[u8], size: u64) -> bool {
    const VERSIONS: &[u8] =
        &[0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB];
    let (Some(&[version, _, month, day]), Some(records), Some(header), Some(record)) =
        (head.first_chunk::<4>(), le32(head, 4), le16(head, 8), le16(head, 10))
    else {
        return false;
    };
    let data = u64::from(records) * u64::from(record);
    // Damaged tables may be short; one whose records would lie far beyond its end is something else.
    VERSIONS.contains(&version)
        && month <= 12
        && day <= 31
        && header >= 33
        && record >= 2
        && u64::from(header) <= size
        && u64::from(header) + data <= size.saturating_mul(2)
        && head.get(32).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// A first record that opens a BIFF5 or BIFF8 stream without OLE2 around it.
pub(super) fn biff(head: &[u8], _: u64) -> bool {
    le16(head, 2).is_some_and(|len| len == 8 || len == 16)
        && le16(head, 4).is_some_and(|v| v == 0x500 || v == 0x600)
}

/// Versions of Lotus 1-2-3 from release 3 on.
pub(super) fn lotus3(head: &[u8], _: u64) -> bool {
    head.get(4..6).is_some_and(|v| matches!(v, [0 | 2 | 3 | 5, 0x10]))
}

/// One of the sizes that the second header can have.
pub(super) fn bmp(head: &[u8], _: u64) -> bool {
    le32(head, 14).is_some_and(|n| matches!(n, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// A number of images, and the byte of the first entry that must be zero.
pub(super) fn icon(head: &[u8], _: u64) -> bool {
    le16(head, 4).is_some_and(|n| (1..=200).contains(&n)) && head.get(9) == Some(&0)
}

/// The mark of an enhanced metafile, at byte 40.
pub(super) fn emf(head: &[u8], _: u64) -> bool {
    head.get(40..44) == Some(b" EMF")
}

/// The outer chunk.
pub(super) fn riff(head: &[u8], _: u64) -> bool {
    head.starts_with(b"RIFF")
}

/// A frame header without the values that are forbidden.
pub(super) fn mpeg_audio(head: &[u8], _: u64) -> bool {
    head.get(2).is_some_and(|b| b & 0xF0 != 0xF0 && b & 0x0C != 0x0C && *b != 0) && head.len() > 100
}

/// A version of Java; the number of parts of a Mach-O for several machines is smaller.
pub(super) fn java_class(head: &[u8], _: u64) -> bool {
    be16(head, 6).is_some_and(|major| major >= 45)
}

/// A number of tables and the name of the first.
pub(super) fn truetype(head: &[u8], _: u64) -> bool {
    be16(head, 4).is_some_and(|tables| (4..=64).contains(&tables))
        && head.get(12..16).is_some_and(|tag| tag.iter().all(|b| b.is_ascii_graphic() || *b == b' '))
}

/// The `PostScript` part of a font after a length.
pub(super) fn type1_font(head: &[u8], _: u64) -> bool {
    head.get(6..8) == Some(b"%!")
}

/// Marker of eCryptfs: the second of two words is the first, changed by a constant.
pub(super) fn ecryptfs(head: &[u8], size: u64) -> bool {
    let word = |at| be32(head, at);
    size >= 8192 && word(8).zip(word(12)).is_some_and(|(a, b)| a ^ b == 0x3C81_B7F5)
}

const OID_SIGNED: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
const OID_ENVELOPED: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03";
const OID_AUTH_ENVELOPED: &[u8] = b"\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17";

/// The object identifier right after the outer DER or BER sequence.
fn after_sequence(head: &[u8]) -> &[u8] {
    let skip = match head {
        [0x30, long @ 0x81..=0x84, ..] => 2 + usize::from(long & 0x7F),
        // A short or an indefinite length.
        [0x30, ..] => 2,
        _ => return &[],
    };
    head.get(skip..).unwrap_or_default()
}

/// Signed only, hence readable (RFC 5652, section 5).
pub(super) fn cms_signed(head: &[u8], _: u64) -> bool {
    after_sequence(head).starts_with(OID_SIGNED)
}

/// Encrypted (RFC 5652, section 6; RFC 5083).
pub(super) fn cms_enveloped(head: &[u8], _: u64) -> bool {
    let content = after_sequence(head);
    content.starts_with(OID_ENVELOPED) || content.starts_with(OID_AUTH_ENVELOPED)
}

fn is_base64(line: &[u8]) -> bool {
    line.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))
}

fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii)
}

/// Nothing but Base64 as far as it can be seen.
pub(super) fn only_base64(head: &[u8], _: u64) -> bool {
    lines(head).all(is_base64)
}

/// Header, recipients, authentication code, and behind them something that is no text.
pub(super) fn age(head: &[u8], _: u64) -> bool {
    let Some(at) = memchr::memmem::find(head, b"\n--- ") else { return false };
    let code = head.get(at + 5..at + 48).is_some_and(is_base64);
    let payload = head.get(at + 49..).unwrap_or_default();
    // The least payload is a nonce and a tag of 16 bytes each; so little may look like anything.
    code && payload.len() >= 32
        && (payload.len() < 256 || super::encoding::detect(payload, u64::MAX).is_none())
}

/// Lines of hexadecimal digits after the first, as far as it can be seen.
pub(super) fn ansible_vault(head: &[u8], _: u64) -> bool {
    lines(head).skip(1).all(|line| line.iter().all(u8::is_ascii_hexdigit))
}

/// Lines of Base64 up to the line that ends the armour, and nothing after it; headers before a blank line.
pub(super) fn only_armour(head: &[u8], _: u64) -> bool {
    let mut rest =
        lines(head).skip(1).skip_while(|line| line.contains(&b':')).skip_while(|line| is_base64(line));
    match rest.next() {
        // More than the head, which may end within the last line.
        None => true,
        Some(end) => (end.starts_with(b"-----END ") || rest.next().is_none()) && rest.all(<[u8]>::is_empty),
    }
}

/// An armoured message may also be merely signed or compressed: its first packet decides.
pub(super) fn armoured_openpgp(head: &[u8], size: u64) -> bool {
    let mut body = lines(head).skip(1).skip_while(|line| !line.is_empty()).filter(|line| !line.is_empty());
    let first: Vec<u8> =
        body.next().unwrap_or_default().iter().map_while(|c| base64_value(*c)).take(2).collect();
    let tag = match first[..] {
        [a, b] => packet_tag(a << 2 | b >> 4),
        _ => None,
    };
    matches!(tag, Some(1 | 3 | 9 | 18 | 20)) && only_armour(head, size)
}

fn base64_value(c: u8) -> Option<u8> {
    match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The type of an `OpenPGP` packet (RFC 9580, section 4.2).
fn packet_tag(first: u8) -> Option<u8> {
    match first {
        0xC0.. => Some(first & 0x3F),
        0x80.. => Some((first & 0x3F) >> 2),
        _ => None,
    }
}

/// Start and length of the body of the packet at the start of `bytes`; `None` for a body in pieces.
fn packet_body(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    let (start, len) = if first >= 0xC0 {
        match *bytes.get(1)? {
            n @ 0..=191 => (2, usize::from(n)),
            n @ 192..=223 => (3, (usize::from(n) - 192) * 256 + usize::from(*bytes.get(2)?) + 192),
            255 => (6, usize::try_from(be32(bytes, 2)?).ok()?),
            _ => return None,
        }
    } else {
        match first & 3 {
            0 => (2, usize::from(*bytes.get(1)?)),
            1 => (3, usize::from(be16(bytes, 1)?)),
            2 => (5, usize::try_from(be32(bytes, 1)?).ok()?),
            _ => return None,
        }
    };
    Some((start, len))
}

/// Session-key packets that are well formed and lead to encrypted data, as every encrypted message begins.
pub(super) fn binary_openpgp(head: &[u8], _: u64) -> bool {
    let mut rest = head;
    for keys in 0..64 {
        match rest.first().copied().and_then(packet_tag) {
            Some(1) if session_key(rest, &[2, 3, 6]) => {}
            Some(3) if session_key(rest, &[4, 5, 6]) => {}
            Some(9 | 18 | 20) => return keys > 0,
            _ => return false,
        }
        let Some(next) = packet_body(rest).and_then(|(start, len)| rest.get(start + len..)) else {
            return false;
        };
        rest = next;
    }
    false
}

fn session_key(packet: &[u8], versions: &[u8]) -> bool {
    packet_body(packet).and_then(|(start, _)| packet.get(start)).is_some_and(|v| versions.contains(v))
}

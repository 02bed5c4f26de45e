//! Fields of a record: where they lie, and what is in them.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
};

/// In which encoding the text is.
#[derive(Clone, Copy)]
pub(super) struct Charset(Option<&'static Encoding>);

impl Charset {
    /// From the code page mark of the header (Visual `FoxPro` documentation, "Code Pages Supported"). The pages of DOS
    /// for Western Europe have no letters of their own here; beyond ASCII they are read as Windows-1252.
    pub(super) fn of(mark: u8) -> Charset {
        Charset(match mark {
            0x13 | 0x7B => Some(SHIFT_JIS),
            0x4D | 0x7A => Some(GBK),
            0x4E | 0x79 => Some(EUC_KR),
            0x4F | 0x78 => Some(BIG5),
            0x26 | 0x65 => Some(IBM866),
            0x7C => Some(WINDOWS_874),
            0x7D => Some(WINDOWS_1255),
            0x7E => Some(WINDOWS_1256),
            0xC8 => Some(WINDOWS_1250),
            0xC9 => Some(WINDOWS_1251),
            0xCA => Some(WINDOWS_1254),
            0xCB => Some(WINDOWS_1253),
            0xCC => Some(WINDOWS_1257),
            _ => None,
        })
    }

    /// Without a mark: UTF-8 if it is that, else Windows-1252.
    fn text(self, bytes: &[u8]) -> String {
        match (self.0, std::str::from_utf8(bytes)) {
            (Some(encoding), _) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            (None, Ok(text)) => text.to_owned(),
            (None, Err(_)) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }
}

/// A field.
pub(super) struct Field {
    pub(super) name: String,
    kind: u8,
    /// Where it begins in a record; the mark of deletion is byte 0.
    pub(super) start: usize,
    pub(super) length: usize,
    /// Numbers have their high byte first and their sign bit turned over, as in dBASE 7.
    sortable: bool,
}

/// The fields that the header lists, as far as they fit into a record.
pub(super) fn fields(head: &[u8], record: usize) -> Vec<Field> {
    let seven = head.first().is_some_and(|version| version & 7 == 4);
    let (first, size, name, kind) = if seven { (68, 48, 32, 32) } else { (32, 32, 11, 11) };
    let (mut fields, mut start) = (Vec::new(), 1);
    for described in head.get(first..).unwrap_or_default().chunks_exact(size) {
        if matches!(described[0], 0x0D | 0) {
            break;
        }
        let called = described[..name].split(|&b| b == 0).next().unwrap_or_default();
        let kind_byte = described[kind];
        let (short, decimals) =
            if seven { (described[33], described[34]) } else { (described[16], described[17]) };
        // Clipper keeps the high byte of a long text field where numbers have their decimals.
        let long = if kind_byte == b'C' { usize::from(decimals) << 8 } else { 0 };
        let length = usize::from(short) + long;
        if start + length > record {
            break;
        }
        let name = Charset(None).text(called).trim().to_owned();
        fields.push(Field { name, kind: kind_byte, start, length, sortable: seven });
        start += length;
    }
    fields
}

impl Field {
    /// Its text, and whether it is a number; `None` if there is nothing in it, or only a reference to a memo.
    pub(super) fn value(&self, bytes: &[u8], charset: Charset) -> Option<(String, bool)> {
        let (text, number) = match (self.kind, bytes) {
            (b'N' | b'F', _) => (charset.text(bytes), true),
            (b'D', [year @ .., _, _, _, _]) if bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) => {
                let (month, day) = (&bytes[4..6], &bytes[6..]);
                let show = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
                (format!("{}-{}-{}", show(year), show(month), show(day)), false)
            }
            (b'I' | b'+', &[a, b, c, d]) => (self.integer([a, b, c, d]).to_string(), true),
            (b'Y', _) => (money(i64::from_le_bytes(bytes.try_into().ok()?)), true),
            (b'B', _) if bytes.len() == 8 => (f64::from_le_bytes(bytes.try_into().ok()?).to_string(), true),
            // Memos and pictures lie in other files; the rest are times and marks.
            (b'M' | b'G' | b'P' | b'B' | b'W' | b'T' | b'@' | b'O' | b'0' | b'Q', _) => return None,
            _ => (charset.text(bytes), false),
        };
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!text.is_empty()).then(|| (text.to_owned(), number))
    }

    fn integer(&self, bytes: [u8; 4]) -> i32 {
        if self.sortable { i32::from_be_bytes(bytes) ^ i32::MIN } else { i32::from_le_bytes(bytes) }
    }
}

/// Currency of `FoxPro` counts ten-thousandths.
fn money(amount: i64) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let amount = amount.unsigned_abs();
    format!("{sign}{}.{:02}", amount / 10_000, amount % 10_000 / 100)
}

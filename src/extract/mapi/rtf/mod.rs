//! Bodies in RTF: packed by a method of their own ([MS-OXRTFCP]), and often HTML or plain text in disguise
//! ([MS-OXRTFEX]).

mod unwrap;

pub(super) use unwrap::unwrap;

/// What the dictionary holds before the first byte ([MS-OXRTFCP], section 2.1.2.1).
const START: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Size of the dictionary, in bytes ([MS-OXRTFCP], section 2.1.2.1).
const DICTIONARY: usize = 4096;

/// Length of the header: packed size, plain size, method, checksum ([MS-OXRTFCP], section 2.1.3.1).
const HEADER: usize = 16;

/// Unpacks a body; `None` if it is not one, `true` with what there is if it ends too early.
pub(super) fn unpack(packed: &[u8]) -> Option<(Vec<u8>, bool)> {
    let word = |at: usize| Some(u32::from_le_bytes(packed.get(at..at + 4)?.try_into().ok()?));
    let plain = usize::try_from(word(4)?).ok()?;
    let data = packed.get(HEADER..)?;
    match &packed[8..12] {
        b"MELA" => Some((data[..plain.min(data.len())].to_vec(), data.len() < plain)),
        b"LZFu" => Some(Unpacker::default().run(data)),
        _ => None,
    }
}

/// The dictionary, which is a ring, and what came out.
struct Unpacker {
    ring: Vec<u8>,
    at: usize,
    out: Vec<u8>,
}

impl Default for Unpacker {
    fn default() -> Self {
        let mut ring = vec![b' '; DICTIONARY];
        ring[..START.len()].copy_from_slice(START);
        Unpacker { ring, at: START.len(), out: Vec::new() }
    }
}

impl Unpacker {
    /// Takes a control byte and its eight tokens at a time ([MS-OXRTFCP], section 2.2.2.1).
    fn run(mut self, data: &[u8]) -> (Vec<u8>, bool) {
        let mut bytes = data.iter().copied();
        while let Some(control) = bytes.next() {
            for bit in 0..8 {
                let Some(first) = bytes.next() else { return (self.out, true) };
                if control >> bit & 1 == 0 {
                    self.put(first);
                    continue;
                }
                let Some(second) = bytes.next() else { return (self.out, true) };
                let token = u16::from_be_bytes([first, second]);
                let (from, length) = (usize::from(token >> 4), usize::from(token & 0xF) + 2);
                if from == self.at {
                    return (self.out, false);
                }
                for step in 0..length {
                    self.put(self.ring[(from + step) % DICTIONARY]);
                }
            }
        }
        (self.out, true)
    }

    fn put(&mut self, byte: u8) {
        self.ring[self.at] = byte;
        self.at = (self.at + 1) % DICTIONARY;
        self.out.push(byte);
    }
}

#[cfg(test)]
mod tests;

//! Values in BER and DER (ITU-T X.690), as far as reading them needs: tag, content, and where the next one is.
//!
//! Damaged lengths are clipped to what is there. A value of indefinite length ends where its end-of-contents
//! stands, which is found by walking what it holds, to a fixed depth.

/// How deep values of indefinite length may stand in each other.
const DEPTH: usize = 16;

/// Identifier octets of the types that are looked for (X.690, section 8.1.2; X.680, section 8.4).
pub(super) mod tag {
    pub(in super::super) const OID: u8 = 0x06;
    pub(in super::super) const OCTETS: u8 = 0x04;
    pub(in super::super) const OCTETS_IN_PIECES: u8 = 0x24;
    pub(in super::super) const SEQUENCE: u8 = 0x30;
    /// Constructed, context-specific, number 0.
    pub(in super::super) const CONTEXT_0: u8 = 0xA0;
    pub(in super::super) const UTF8: u8 = 0x0C;
    pub(in super::super) const PRINTABLE: u8 = 0x13;
    pub(in super::super) const T61: u8 = 0x14;
    pub(in super::super) const IA5: u8 = 0x16;
    pub(in super::super) const BMP: u8 = 0x1E;
}

/// Bit of the identifier that says that the content is itself values.
const CONSTRUCTED: u8 = 0x20;

/// A value.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    /// Its identifier octet; of tags above 30 only the first octet.
    pub(super) tag: u8,
    /// What it holds, without an end-of-contents.
    pub(super) content: &'a [u8],
    /// True if less is there than the value says.
    pub(super) cut: bool,
}

impl<'a> Value<'a> {
    pub(super) fn is_constructed(self) -> bool {
        self.tag & CONSTRUCTED != 0
    }

    /// The values in it.
    pub(super) fn values(self) -> Values<'a> {
        Values { rest: self.content, depth: 0 }
    }
}

/// Values one after the other.
pub(super) struct Values<'a> {
    rest: &'a [u8],
    depth: usize,
}

impl<'a> Values<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Values { rest, depth: 0 }
    }

    /// The next value if it has this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next().filter(|value| value.tag == tag)
    }

    /// Content of the value of indefinite length that begins here, and what follows it.
    fn indefinite(&self) -> (&'a [u8], Option<&'a [u8]>) {
        let mut inner = Values { rest: self.rest, depth: self.depth + 1 };
        if inner.depth > DEPTH {
            return (self.rest, None);
        }
        loop {
            let before = inner.rest;
            if let Some(after) = before.strip_prefix(&[0, 0]) {
                return (&self.rest[..self.rest.len() - before.len()], Some(after));
            }
            if inner.next().is_none_or(|value| value.cut) {
                return (self.rest, None);
            }
        }
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (&tag, rest) = self.rest.split_first()?;
        let rest = if tag & 0x1F == 0x1F { rest.get(long_tag(rest)..)? } else { rest };
        let (&first, rest) = rest.split_first()?;
        if first == 0x80 && tag & CONSTRUCTED != 0 {
            self.rest = rest;
            let (content, after) = self.indefinite();
            self.rest = after.unwrap_or_default();
            return Some(Value { tag, content, cut: after.is_none() });
        }
        let (length, rest) = length(first, rest)?;
        let (content, after) = rest.split_at(length.min(rest.len()));
        self.rest = after;
        Some(Value { tag, content, cut: content.len() < length })
    }
}

/// Octets of a tag above 30 after the first (X.690, section 8.1.2.4).
fn long_tag(rest: &[u8]) -> usize {
    rest.iter().take(8).take_while(|b| **b & 0x80 != 0).count() + 1
}

/// A definite length that begins with `first` (X.690, section 8.1.3), and what follows.
fn length(first: u8, rest: &[u8]) -> Option<(usize, &[u8])> {
    if first < 0x80 {
        return Some((usize::from(first), rest));
    }
    let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
    let length = digits.iter().fold(0_usize, |n, &b| n.saturating_mul(256).saturating_add(usize::from(b)));
    Some((length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_long_or_open() {
        let mut values = Values::new(b"\x04\x01a\x04\x81\x02bc\x30\x80\x04\x01d\0\0\x04\x01e");
        let mut next = || values.next().expect("a value");
        assert!(next().content == b"a" && next().content == b"bc");
        let open = next();
        assert!(open.content == b"\x04\x01d" && !open.cut && open.values().count() == 1);
        assert!(next().content == b"e");
    }

    #[test]
    fn what_is_cut_off_gives_what_is_there() {
        for bytes in [&b"\x04\x82\x01\x00ab"[..], b"\x30\x80\x04\x05ab", b"\x30\x80ab"] {
            let value = Values::new(bytes).next().expect("a value");
            assert!(value.cut && value.content.ends_with(b"ab"));
        }
        assert!(Values::new(b"\x04").next().is_none() && Values::new(b"\x04\x84\x01").next().is_none());
    }

    #[test]
    fn deep_values_of_open_length_end() {
        let deep = [0x30, 0x80].repeat(100_000);
        assert!(Values::new(&deep).next().expect("a value").cut);
    }
}

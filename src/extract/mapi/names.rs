//! What the properties with numbers from 0x8000 on mean in one file ([MS-OXMSG], section 2.2.3; [MS-PST], section
//! 2.4.7).

use std::collections::HashMap;

use super::Named;

/// Meanings by property number.
#[derive(Default)]
pub(in crate::extract) struct Names(HashMap<u16, Named>);

impl Names {
    /// Takes the two streams apart: entries of 8 bytes, and names, each behind its length in bytes.
    pub(in crate::extract) fn parse(entries: &[u8], strings: &[u8]) -> Self {
        let entry = |entry: &[u8]| {
            let (first, rest) = entry.split_first_chunk::<4>()?;
            let (kind, rest) = rest.split_first_chunk::<2>()?;
            let number = 0x8000_u16.checked_add(u16::from_le_bytes(rest.try_into().ok()?))?;
            let first = u32::from_le_bytes(*first);
            let named =
                if kind[0] & 1 == 0 { Named::Number(first) } else { Named::Text(string(strings, first)?) };
            Some((number, named))
        };
        Names(entries.chunks_exact(8).filter_map(entry).collect())
    }

    /// What property `id` means.
    pub(in crate::extract) fn get(&self, id: u16) -> Option<Named> {
        self.0.get(&id).cloned()
    }
}

/// The name at a place of the stream of names.
fn string(strings: &[u8], at: u32) -> Option<String> {
    let rest = strings.get(usize::try_from(at).ok()?..)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    Some(super::wide(rest.get(..length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbers_or_texts() {
        let strings = [&[0xFF; 4][..], &[6, 0, 0, 0], b"S\0S\0N\0"].concat();
        let entries =
            [&[0x45, 0x80, 0, 0, 4, 0, 0, 0][..], &[4, 0, 0, 0, 1, 0, 2, 0], &[99, 0, 0, 0, 1, 0, 3, 0]];
        let names = Names::parse(&entries.concat(), &strings);
        assert!(names.get(0x8000) == Some(Named::Number(0x8045)));
        assert!(names.get(0x8002) == Some(Named::Text("SSN".to_owned())));
        assert!(names.get(0x8003).is_none());
    }
}

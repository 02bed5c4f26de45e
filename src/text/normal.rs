//! Normalises text as it is written: dashes, spaces, quotes and digits of other scripts become the plain ones, what has
//! no width goes (DETECTION 5.1). Keeps the way back to the original offsets.

use std::borrow::Cow;

/// Normalised text and where its bytes come from.
pub struct Normal<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// From this offset on in `text`, the original offset is the second number plus the difference.
    shifts: Vec<(usize, usize)>,
}

impl Normal<'_> {
    /// The original offset of an offset in `text`.
    #[must_use]
    pub fn original(&self, at: usize) -> usize {
        match self.shifts.partition_point(|(n, _)| *n <= at).checked_sub(1) {
            Some(i) => self.shifts[i].1 + (at - self.shifts[i].0),
            None => at,
        }
    }
}

/// What a character becomes: itself, something plainer, or nothing.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => {
            return None;
        }
        '\u{ff10}'..='\u{ff19}' => digit(c, '\u{ff10}'),
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(c, '\u{6f0}'),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201f}' => '"',
        '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        c => c,
    })
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}

/// Normalises a text. One in which nothing changes is returned as it is; so is a carriage return, which separates
/// like a space.
#[must_use]
pub fn normalise(text: &str) -> Normal<'_> {
    let (mut out, mut shifts) = (String::new(), Vec::new());
    let (mut at, mut rest) = (0, 0);
    while let Some((wide, c)) = next_wide(text, at) {
        at = wide + c.len_utf8();
        let new = plain(c);
        if new == Some(c) {
            continue;
        }
        if shifts.is_empty() {
            out.reserve(text.len());
        }
        out.push_str(&text[rest..wide]);
        out.extend(new);
        rest = at;
        shifts.push((out.len(), rest));
    }
    if shifts.is_empty() {
        return Normal { text: Cow::Borrowed(text), shifts };
    }
    out.push_str(&text[rest..]);
    Normal { text: Cow::Owned(out), shifts }
}

/// The first character from `from` on that is not ASCII, looked for 32 bytes at a time.
fn next_wide(text: &str, from: usize) -> Option<(usize, char)> {
    let bytes = &text.as_bytes()[from..];
    let (chunks, _) = bytes.as_chunks::<32>();
    let plain = chunks.iter().take_while(|chunk| chunk.is_ascii()).count() * 32;
    let wide = from + plain + bytes[plain..].iter().position(|b| !b.is_ascii())?;
    text[wide..].chars().next().map(|c| (wide, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_spaces_and_digits_become_plain_and_lead_back() {
        let text = "é 024\u{2011}61\u{2013}3387 \u{ff10}\u{200b}2";
        let n = normalise(text);
        assert_eq!(n.text, "é 024-61-3387 02");
        let at = n.text.find("3387").expect("there");
        assert_eq!(n.original(at), text.find("3387").expect("there"));
        assert_eq!(n.original(n.text.len() - 1), text.len() - 1);
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(normalise("024-61-3387").text, Cow::Borrowed(_)));
    }
}

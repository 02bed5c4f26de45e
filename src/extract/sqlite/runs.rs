//! Runs of characters in space that no row uses any more.

use super::pager::Charset;
use super::record::text;

/// The shortest run that is taken for text, in characters.
const SHORTEST: usize = 6;

/// Runs of printable characters in `bytes`, in the encoding of the database.
pub(super) fn of(bytes: &[u8], charset: Charset) -> Vec<String> {
    match charset {
        Charset::Utf8 => pieces(&String::from_utf8_lossy(bytes)),
        wide => {
            // Rows begin at any byte, so a run may lie on odd ones; few units of either kind suffice to tell.
            let shifted = bytes.get(1..).unwrap_or_default();
            let even = narrow_pieces(&text(bytes, wide));
            let odd = narrow_pieces(&text(shifted, wide));
            even.into_iter().chain(odd).collect()
        }
    }
}

fn is_break(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r') || c == '\u{FFFD}'
}

fn pieces(text: &str) -> Vec<String> {
    let long = |piece: &&str| piece.chars().filter(|c| !c.is_whitespace()).count() >= SHORTEST;
    text.split(is_break).filter(long).map(str::to_owned).collect()
}

/// The same for UTF-16, where chance makes characters of far scripts: only those of Europe count.
fn narrow_pieces(text: &str) -> Vec<String> {
    let european: String = text.chars().map(|c| if c < '\u{250}' { c } else { '\0' }).collect();
    pieces(&european)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_what_is_no_text() {
        assert_eq!(
            of(b"\x01\x02Ann Ex\xC3\xA4mple\x00abc\xFF024-61-3387", Charset::Utf8),
            ["Ann Ex\u{e4}mple", "024-61-3387"]
        );
    }

    #[test]
    fn wide_runs_are_found_at_odd_bytes_too() {
        let wide: Vec<u8> = "Ann Example".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = [&[7, 1, 9][..], &wide].concat();
        assert_eq!(of(&bytes, Charset::Utf16Le), ["Ann Example"]);
    }
}

//! Looks at a message before it is parsed, and refuses shapes that the parser takes quadratic time or far more
//! memory than bytes for: hundreds of boundaries that never come, millions of headers or parts.
//!
//! It also hides nested messages from the parser, which would descend into them without a limit: their type is
//! altered in place to one it does not know, and put back in the bytes that are handed on.

use std::collections::HashSet;

use memchr::memmem;

use crate::flat;

/// Most boundaries that are announced and never come. A truncated message has one for each open level.
const MOST_MISSING: usize = 200;

/// Most headers of all parts together (each takes some 150 bytes when parsed).
const MOST_HEADERS: usize = 500_000;

/// Most lines that may begin a part.
const MOST_PARTS: usize = 200_000;

/// Longest boundary, in bytes (RFC 2046 allows 70).
const LONGEST: usize = 200;

/// Types of nested messages, and what they are altered to; equally long.
const HIDDEN: [(&[u8], &[u8]); 3] = [
    (b"message/rfc822", b"message/rfc82z"),
    (b"message/global", b"message/globaz"),
    (b"multipart/digest", b"multipart/digesz"),
];

/// Why a message is not parsed, in our own words; `None` if it may be.
pub(super) fn refuse(raw: &[u8]) -> Option<&'static str> {
    let (mut headers, mut parts, mut in_headers) = (0usize, 0usize, true);
    let mut seen = HashSet::new();
    for line in raw.split(|&b| b == b'\n') {
        let line = line.trim_ascii_end();
        if let Some(boundary) = line.strip_prefix(b"--") {
            parts += 1;
            in_headers = true;
            note(boundary, &mut seen);
        } else if line.is_empty() {
            in_headers = false;
        } else {
            headers += usize::from(in_headers && !line[0].is_ascii_whitespace());
        }
        if headers > MOST_HEADERS || parts > MOST_PARTS {
            return Some("more parts or headers than a message is allowed");
        }
    }
    let missing = announced(raw).filter(|b| !seen.contains(&flat::hash(0, b))).count();
    (missing > MOST_MISSING).then_some("more missing boundaries than a message is allowed")
}

/// Keeps a line that may be a boundary, and what it would be as the last one.
fn note(boundary: &[u8], seen: &mut HashSet<u64>) {
    let boundary = &boundary[..boundary.len().min(LONGEST)];
    seen.insert(flat::hash(0, boundary));
    if let Some(last) = boundary.strip_suffix(b"--") {
        seen.insert(flat::hash(0, last));
    }
}

/// The boundaries that headers, or whatever looks like one, announce.
fn announced(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = memchr::memchr_iter(b'=', raw).filter(|&at| ends_with_word(&raw[..at], b"boundary"));
    starts.map(|at| {
        let rest = raw[at + 1..].trim_ascii_start();
        let rest = &rest[..rest.len().min(LONGEST)];
        match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted.split(|&b| b == b'"').next().unwrap_or_default(),
            None => rest.split(|&b| b == b';' || b.is_ascii_whitespace()).next().unwrap_or_default(),
        }
    })
}

fn ends_with_word(text: &[u8], word: &[u8]) -> bool {
    let blanks = text.iter().rev().take(8).take_while(|b| b.is_ascii_whitespace()).count();
    let text = &text[..text.len() - blanks];
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
}

/// Alters the types of nested messages, in place.
pub(super) fn hide(raw: &mut [u8]) {
    let slashes: Vec<usize> = memchr::memchr_iter(b'/', raw).collect();
    for at in slashes {
        for (shown, hidden) in HIDDEN {
            let Some(from) = shown.iter().position(|&b| b == b'/').and_then(|i| at.checked_sub(i)) else {
                continue;
            };
            if let Some(found) = raw.get_mut(from..from + shown.len())
                && found.eq_ignore_ascii_case(shown)
            {
                found.copy_from_slice(hidden);
            }
        }
    }
}

/// Undoes [`hide`].
pub(super) fn show(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    for (shown, hidden) in HIDDEN {
        let finder = memmem::Finder::new(hidden);
        let found: Vec<usize> = finder.find_iter(bytes).collect();
        for at in found {
            all[at..at + shown.len()].copy_from_slice(shown);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_types_come_back() {
        let mut raw = b"Content-Type: Message/RFC822\nContent-Type: multipart/digest".to_vec();
        hide(&mut raw);
        assert!(memmem::find(&raw, b"rfc822").is_none() && memmem::find(&raw, b"message/rfc82z").is_some());
        assert!(show(&raw) == b"Content-Type: message/rfc822\nContent-Type: multipart/digest");
    }

    #[test]
    fn boundaries_that_never_come_are_counted() {
        let part = "--a\nContent-Type: multipart/mixed; boundary=\"nowhere\"\n\n";
        let head = "Content-Type: multipart/mixed; boundary=a\n\n";
        assert!(refuse(format!("{head}{}", part.repeat(10)).as_bytes()).is_none());
        assert!(refuse(format!("{head}{}", part.repeat(1000)).as_bytes()).is_some());
        let found = "--a\nContent-Type: multipart/mixed; boundary = \"b c\"\n\n--b c\n\nx\n--b c--\n";
        assert!(refuse(format!("{head}{}", found.repeat(1000)).as_bytes()).is_none());
    }

    #[test]
    fn storms_of_headers_are_refused() {
        assert!(refuse("a:b\n".repeat(600_000).as_bytes()).is_some());
        assert!(refuse(format!("a:b\n\n{}", "c:d\n".repeat(600_000)).as_bytes()).is_none());
    }
}

//! Text that is a document: HTML, XML, one JSON value, a mail message, a mailbox, and what `keyed` knows.
//!
//! Decided from the head alone. In doubt text stays plain text, which loses structure but never content: a
//! log whose lines begin with `[2024-01-05]`, a settings file with `[section]`, a table with a column
//! `From:`.

use super::encoding::{OffsetMap, TextEncoding};
use super::{Format, Treatment, keyed};

static HTML: Format = Format { id: "html", treatment: Treatment::Reader("html") };
static XML: Format = Format { id: "xml", treatment: Treatment::Reader("xml") };
static FLAT_ODF: Format = Format { id: "flat-odf", treatment: Treatment::Reader("flat-odf") };
static JSON: Format = Format { id: "json", treatment: Treatment::Reader("json") };
static EML: Format = Format { id: "eml", treatment: Treatment::Reader("eml") };
static VCARD: Format = Format { id: "vcard", treatment: Treatment::Reader("vcard") };
static ICALENDAR: Format = Format { id: "icalendar", treatment: Treatment::Reader("icalendar") };
static MBOX: Format = Format { id: "mbox", treatment: Treatment::Reader("mbox") };

/// The document format of a text that starts with `head`.
pub(super) fn find(head: &[u8], size: u64, encoding: TextEncoding) -> Option<&'static Format> {
    let text = &head[encoding.bom_len(head)..];
    if encoding.unit() == 1 {
        return of_ascii_compatible(text)
            .or_else(|| keyed::find(text, size - (head.len() - text.len()) as u64));
    }
    let (mut decoded, mut map) = (String::new(), OffsetMap::default());
    encoding.decode(&text[..encoding.align(text, text.len())], &mut decoded, &mut map);
    // Sizes count bytes before decoding: as many as are there are all, or not all are.
    let decoded_size = if head.len() as u64 >= size { decoded.len() as u64 } else { size };
    of_ascii_compatible(decoded.as_bytes()).or_else(|| keyed::find(decoded.as_bytes(), decoded_size))
}

fn of_ascii_compatible(text: &[u8]) -> Option<&'static Format> {
    let start = text.trim_ascii_start();
    match start.first()? {
        // The older form of OFX leaves closing tags out; read as text, its tags are labels.
        b'<' if is_ofx_without_closing_tags(start) => None,
        b'<' => angle(start),
        b'{' | b'[' => is_json_document(start).then_some(&JSON),
        b'F' if is_mbox(start) => Some(&MBOX),
        _ if begins_line(start, b"BEGIN:VCARD") => Some(&VCARD),
        _ if begins_line(start, b"BEGIN:VCALENDAR") => Some(&ICALENDAR),
        // Before HTML, since a message may hold some within its first KiB.
        _ if is_mail(start) => Some(&EML),
        _ => html_tag_begins_a_line(start).then_some(&HTML),
    }
}

/// Elements with which a piece of HTML may begin.
const HTML_ELEMENTS: &[&str] = &[
    "a",
    "article",
    "b",
    "base",
    "basefont",
    "blockquote",
    "body",
    "br",
    "center",
    "div",
    "dl",
    "fieldset",
    "font",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "span",
    "strong",
    "style",
    "table",
    "tbody",
    "td",
    "textarea",
    "title",
    "tr",
    "u",
    "ul",
];

fn is_ofx_without_closing_tags(text: &[u8]) -> bool {
    let has = |tag: &[u8]| memchr::memmem::find(text, tag).is_some();
    (has(b"<ACCTID>") && !has(b"</ACCTID>")) && (has(b"<BANKACCTFROM>") || has(b"<CCACCTFROM>"))
}

/// HTML or XML, by the first element after comments, declarations and processing instructions.
fn angle(text: &[u8]) -> Option<&'static Format> {
    let declared = text.starts_with(b"<?xml");
    let mut rest = text;
    while let Some(tail) = rest.strip_prefix(b"<") {
        let skip = match tail {
            [b'!', b'-', b'-', ..] => memchr::memmem::find(tail, b"-->").map(|at| at + 3),
            [b'!', word @ ..] if word.len() >= 12 && word[..12].eq_ignore_ascii_case(b"DOCTYPE html") => {
                return Some(&HTML);
            }
            [b'?', b'x', b'm', b'l', ..] | [b'!', ..] => memchr::memchr(b'>', tail).map(|at| at + 1),
            [b'?', ..] if declared => memchr::memchr(b'>', tail).map(|at| at + 1),
            _ => break,
        };
        let Some(skip) = skip else { break };
        rest = tail[skip..].trim_ascii_start();
        // What follows an internal DTD.
        rest = rest.strip_prefix(b"]>").unwrap_or(rest).trim_ascii_start();
    }
    let name = element_name(rest);
    // In declared XML an `a` is whatever its author meant.
    let elements = if declared { &["html"] } else { HTML_ELEMENTS };
    let is_html = name.is_some_and(|n| elements.iter().any(|e| n.eq_ignore_ascii_case(e.as_bytes())));
    let has_end = memchr::memmem::find(rest, b"</").is_some() || memchr::memmem::find(rest, b"/>").is_some();
    match name {
        Some(_) if is_html => Some(&HTML),
        Some(b"office:document") => Some(&FLAT_ODF),
        Some(_) if declared || has_end => Some(&XML),
        _ => declared.then_some(&XML),
    }
}

/// The name in a start tag at the start of `text`.
fn element_name(text: &[u8]) -> Option<&[u8]> {
    let tail = text.strip_prefix(b"<")?;
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_-.:".contains(b) || !b.is_ascii();
    let len = tail.iter().position(|b| !is_name(b))?;
    let starts = tail.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || !b.is_ascii());
    let ends = tail[len] == b'>' || tail[len] == b'/' || tail[len].is_ascii_whitespace();
    (starts && ends).then_some(&tail[..len])
}

/// `<html` or its document type at the start of a line within the first 256 bytes, after other words; further
/// on it is more likely a template within a program.
fn html_tag_begins_a_line(text: &[u8]) -> bool {
    let early = &text[..text.len().min(256)];
    early.split(|b| *b == b'\n').skip(1).map(<[u8]>::trim_ascii_start).any(|line| {
        let starts = |tag: &[u8]| line.len() > tag.len() && line[..tag.len()].eq_ignore_ascii_case(tag);
        (starts(b"<html") && element_name(line).is_some_and(|n| n.len() == 4)) || starts(b"<!doctype html")
    })
}

const MAIL_HEADERS: &[&str] = &[
    "From",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Message-ID",
    "Received",
    "MIME-Version",
    "Content-Type",
    "Return-Path",
    "Reply-To",
    "Delivered-To",
    "Content-Transfer-Encoding",
    "In-Reply-To",
    "References",
    "Sender",
    "DKIM-Signature",
    "X-Mailer",
    "X-Original-To",
    "X-MS-Has-Attach",
    "Thread-Topic",
    "X-Received",
    "X-Gmail-Labels",
];

/// The name of a header line (RFC 5322, section 2.2).
fn header_name(line: &[u8]) -> Option<&[u8]> {
    let name = &line[..memchr::memchr(b':', line)?];
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

/// A header block at the start with two known headers of different names that a blank line ends, or with
/// three; or with one that a blank line ends, if that says that parts follow (RFC 2046, section 5).
fn is_mail(text: &[u8]) -> bool {
    let mut known = [false; MAIL_HEADERS.len()];
    let mut ended = false;
    let mut parts = false;
    for line in text.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            ended = true;
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(name) = header_name(line) else { break };
        let rank = MAIL_HEADERS.iter().position(|h| h.as_bytes().eq_ignore_ascii_case(name));
        if let Some(rank) = rank {
            known[rank] = true;
            parts |= has_parts(line);
        }
    }
    let known = known.iter().filter(|k| **k).count();
    known >= 3 || (ended && (known == 2 || parts))
}

/// True for the header of a body that consists of parts or is a message.
fn has_parts(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    let kind = line.strip_prefix(b"content-type:").map(<[u8]>::trim_ascii_start).unwrap_or_default();
    kind.starts_with(b"multipart/") || kind.starts_with(b"message/rfc822")
}

/// True if the first line is this one, in letters of either case.
fn begins_line(text: &[u8], line: &[u8]) -> bool {
    let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
    first.trim_ascii_end().eq_ignore_ascii_case(line)
}

/// `From ` with an address and a year, and a header line next.
fn is_mbox(text: &[u8]) -> bool {
    let mut lines = text.split(|b| *b == b'\n');
    let first = lines.next().unwrap_or_default();
    let year = first.len() < 1000 && first.windows(4).any(|w| w.iter().all(u8::is_ascii_digit));
    let next = lines.next().is_some_and(|line| header_name(line).is_some() || line.starts_with(b">From "));
    first.starts_with(b"From ") && year && next
}

/// One JSON array or object, complete or beyond the head. Objects one to a line are a table, that is, text.
fn is_json_document(text: &[u8]) -> bool {
    match json_end(text) {
        JsonEnd::Wrong => false,
        // Cut off, here or by damage.
        JsonEnd::Open => true,
        JsonEnd::At(end) => {
            let one_line = memchr::memchr(b'\n', &text[..end]).is_none();
            match text[end..].trim_ascii_start() {
                [] => true,
                [b'{' | b'[', ..] => !one_line,
                _ => false,
            }
        }
    }
}

enum JsonEnd {
    /// No JSON.
    Wrong,
    /// Right as far as it goes.
    Open,
    /// The value ends before this byte.
    At(usize),
}

/// Checks tokens and their order, not the insides of strings; `text` starts with a bracket.
fn json_end(text: &[u8]) -> JsonEnd {
    let mut stack: Vec<u8> = Vec::new();
    let mut at = 0;
    let mut before = b',';
    while let Some(&byte) = text.get(at) {
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let Some(end) = token_end(text, at) else { return JsonEnd::Open };
        let kind = token_kind(byte);
        if !follows(before, kind, stack.last().copied()) {
            return JsonEnd::Wrong;
        }
        match kind {
            b'{' | b'[' => stack.push(kind),
            b'}' | b']' => {
                stack.pop();
            }
            _ => {}
        }
        if stack.is_empty() {
            return JsonEnd::At(end);
        }
        before = kind;
        at = end;
    }
    JsonEnd::Open
}

/// Brackets, comma and colon stand for themselves, `"` for a string, `0` for another scalar, `?` for nothing
/// known.
fn token_kind(first: u8) -> u8 {
    match first {
        b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"' => first,
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => b'0',
        _ => b'?',
    }
}

/// Where the token at `at` ends; `None` if the text ends within it.
fn token_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    match token_kind(rest[0]) {
        b'"' => {
            let mut from = 1;
            loop {
                let stop = from + memchr::memchr2(b'"', b'\\', &rest[from..])?;
                if rest[stop] == b'"' {
                    return Some(at + stop + 1);
                }
                from = (stop + 2).min(rest.len());
            }
        }
        b'0' => {
            let len = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || b"+-.".contains(b)))?;
            // A date is no number, a name no literal: these end the attempt at the next token.
            let scalar = std::str::from_utf8(&rest[..len]).unwrap_or_default();
            let literal = matches!(scalar, "true" | "false" | "null");
            Some(at + if literal || scalar.parse::<f64>().is_ok() { len } else { 0 })
        }
        _ => Some(at + 1),
    }
}

/// Whether a token of kind `next` may follow one of kind `before` inside the bracket `inside`.
fn follows(before: u8, next: u8, inside: Option<u8>) -> bool {
    let in_object = inside == Some(b'{');
    match next {
        b'{' | b'[' | b'0' => match before {
            b'[' | b':' => true,
            b',' => !in_object,
            _ => false,
        },
        b'"' => matches!(before, b'[' | b':' | b',' | b'{'),
        b':' => in_object && before == b'"',
        b',' => inside.is_some() && matches!(before, b'"' | b'0' | b'}' | b']'),
        b'}' => in_object && before != b',' && before != b':',
        b']' => inside == Some(b'[') && before != b',',
        _ => false,
    }
}

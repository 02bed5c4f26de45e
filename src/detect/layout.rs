//! Layouts in which one token holds a person and a number: the text of a licence's barcode (AAMVA) and track 1 of
//! a magnetic stripe; with those of `message`. The field is the label.

use std::ops::Range;

use super::{Candidate, Score, licence, reading};
use crate::event::ElementType;
use crate::pattern::number;

/// The longest block that is read.
pub const LONGEST: usize = 4096;
/// The issuer number of Massachusetts.
const MA_ISSUER: &str = "636002";

/// What a block says.
pub struct Block {
    /// Where it stands in the text.
    pub span: Range<usize>,
    /// First and last name as written.
    pub name: (String, String),
    /// The number.
    pub number: Candidate,
    /// Date of birth as written (MMDDCCYY).
    pub birth: Option<String>,
    /// State of the address.
    pub state: Option<String>,
    /// ZIP of the address.
    pub zip: Option<String>,
    /// Street of the address.
    pub street: Option<String>,
    /// Issuer number, for licences.
    pub issuer: Option<String>,
}

/// Finds the blocks that start within `own` of `text`.
#[must_use]
pub fn find(text: &str, own: &Range<usize>) -> Vec<Block> {
    let bytes = &text.as_bytes()[own.start..own.end];
    let mut blocks: Vec<Block> = memchr::memmem::find_iter(bytes, b"ANSI 6")
        .filter_map(|at| barcode(text, own.start + at))
        .chain(memchr::memmem::find_iter(bytes, b"%B").filter_map(|at| track_one(text, own.start + at)))
        .collect();
    ach_entries(text, own, &mut blocks);
    super::message::find(text, own, &mut blocks);
    blocks.sort_by_key(|b| b.span.start);
    blocks
}

/// Length of a NACHA record.
const ACH: usize = 94;

/// Entry details of an ACH file: lines of 94 characters that begin with 6 and a transaction code, with routing
/// number (4-12), account (13-29), amount (30-39) and name (55-76).
fn ach_entries(text: &str, own: &Range<usize>, blocks: &mut Vec<Block>) {
    let b = text.as_bytes();
    let first = own.start.saturating_sub(1);
    let starts = memchr::memmem::find_iter(&b[first..own.end], b"\n6").map(|p| first + p + 1);
    let starts = (own.start == 0 && b.first() == Some(&b'6')).then_some(0).into_iter().chain(starts);
    for at in starts.filter(|at| own.contains(at)) {
        let end =
            memchr::memchr2(b'\n', b'\r', &b[at..(at + ACH + 1).min(b.len())]).map_or(b.len(), |p| at + p);
        if let Some(block) =
            text.get(at..end).filter(|l| l.len() == ACH && l.is_ascii()).and_then(|l| ach_entry(l, at))
        {
            blocks.push(block);
        }
    }
}

/// True if a line may be an entry detail by its first twelve bytes: type, transaction code, routing number.
pub(super) fn begins_ach_entry(line: &[u8]) -> bool {
    let Some([b'6', code @ .., _, _, _, _, _, _, _, _, _]) = line.first_chunk::<12>() else { return false };
    let routing = &line[3..12];
    matches!(code, b"22" | b"23" | b"27" | b"28" | b"32" | b"33" | b"37" | b"38" | b"52" | b"55")
        && routing.iter().all(u8::is_ascii_digit)
        && number::aba(routing)
}

fn ach_entry(line: &str, at: usize) -> Option<Block> {
    let digits = |r: Range<usize>| line[r].bytes().all(|b| b.is_ascii_digit());
    if !begins_ach_entry(line.as_bytes()) || !digits(29..39) || !digits(79..94) {
        return None;
    }
    let account = line[12..29].trim();
    let person = line[54..76].trim();
    let value: String = account.chars().filter(char::is_ascii_digit).collect();
    let (name, ..) = crate::name::parse(person, crate::name::Order::Unknown)?;
    if value.len() < 4 || account.contains(' ') {
        return None;
    }
    let mut score = Score::default();
    score.add("ach-entry", 75, "entry detail of an ACH file");
    let span = at..at + line.len();
    let mut number = Candidate::new(span.clone(), ElementType::BankAccount, value, score);
    number.variant = Some("ach".to_owned());
    let (birth, state, zip, street, issuer) = (None, None, None, None, None);
    Some(Block { span, name: (name.first, name.last), number, birth, state, zip, street, issuer })
}

fn piece(text: &str, at: usize) -> &str {
    let end = (at + LONGEST).min(text.len());
    &text[at..crate::detect::label_context::char_at_or_after(text, end)]
}

/// `ANSI`, issuer, versions, then elements of three letters and a value, parted by line ends or what a log makes
/// of them.
fn barcode(text: &str, at: usize) -> Option<Block> {
    let piece = piece(text, at);
    let issuer = piece.get(5..11).filter(|i| i.bytes().all(|b| b.is_ascii_digit()))?;
    let mut end = 0;
    let mut elements: Vec<(&str, &str)> = Vec::new();
    let mut offset = 0;
    for (n, part) in piece.split(['\n', '\r', '|', '\u{1e}', '\u{1d}', '^']).enumerate() {
        let start = offset;
        offset += part.len() + 1;
        if part.is_empty() {
            continue;
        }
        // The header ends with the designator of the subfile, right before its first element.
        let part = if n == 0 {
            part.rfind("DLD").or_else(|| part.rfind("IDD")).map_or("", |p| &part[p + 2..])
        } else {
            part
        };
        if n == 0 && part.is_empty() {
            end = offset - 1;
            continue;
        }
        let Some((id, value)) = part.split_at_checked(3).filter(|(id, _)| is_element(id)) else { break };
        elements.push((id, value.trim()));
        end = start + (offset - 1 - start);
    }
    let get = |ids: &[&str]| {
        let known = |v: &&str| !v.is_empty() && !["NONE", "UNK", "UNAVL"].contains(v);
        ids.iter()
            .find_map(|id| elements.iter().find(|(e, _)| e == id).map(|(_, v)| *v).filter(known))
            .map(str::to_owned)
    };
    let whole = get(&["DAA"]).unwrap_or_default();
    let mut parts = whole.split(',').map(str::trim);
    let last = get(&["DCS", "DAB"]).or_else(|| parts.next().map(str::to_owned).filter(|l| !l.is_empty()))?;
    let first = get(&["DAC", "DCT"]).or_else(|| parts.next().map(str::to_owned).filter(|f| !f.is_empty()))?;
    let value = licence::normalise(&get(&["DAQ"])?);
    let state = get(&["DAJ"]);
    let of_state =
        (issuer == MA_ISSUER).then_some(*b"MA").or_else(|| licence::state_named(state.as_deref()?));
    let span = at..at + end.min(piece.len());
    let mut score = Score::default();
    score.add("barcode", 75, "barcode text of a licence");
    let mut number = Candidate::new(span.clone(), ElementType::DriversLicense, value, score);
    number.state = of_state;
    number.variant = Some("aamva".to_owned());
    let (birth, zip, street) = (get(&["DBB"]), get(&["DAK"]), get(&["DAG"]));
    Some(Block {
        span,
        name: (first, last),
        number,
        birth,
        state,
        zip,
        street,
        issuer: Some(issuer.to_owned()),
    })
}

fn is_element(id: &str) -> bool {
    id.starts_with(['D', 'Z']) && id.bytes().all(|b| b.is_ascii_uppercase())
}

/// `%B`, number, `^`, name, `^`, expiry, service code, … `?` (ISO/IEC 7813).
fn track_one(text: &str, at: usize) -> Option<Block> {
    let piece = piece(text, at);
    let mut fields = piece[2..].splitn(3, '^');
    let (digits, name, rest) = (fields.next()?, fields.next()?, fields.next()?);
    let digits: String = digits.chars().filter(|c| *c != ' ').collect();
    let expiry = rest.bytes().take_while(u8::is_ascii_digit).count() >= 7;
    if !(12..=19).contains(&digits.len())
        || !digits.bytes().all(|b| b.is_ascii_digit())
        || name.len() > 26
        || !expiry
    {
        return None;
    }
    let (last, first) = name.split_once('/')?;
    let end = at + 2 + piece[2..].find('?').map_or(digits.len(), |p| p + 1);
    let mut score = Score::default();
    score.add("track-1", 75, "magnetic stripe, track 1");
    let mut found = Vec::new();
    reading::push_card(at..end, digits, score, &mut found);
    let number = found.pop()?;
    let (birth, state, zip, street, issuer) = (None, None, None, None, None);
    let name = (first.trim().to_owned(), last.trim().to_owned());
    Some(Block { span: at..end, name, number, birth, state, zip, street, issuer })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<(String, String, String)> {
        let block = find(text, &(0..text.len())).pop()?;
        Some((block.name.0, block.name.1, block.number.value))
    }

    #[test]
    fn barcodes_are_read_with_any_separator() {
        let want = Some(("TOBIAS".to_owned(), "HARGROVE".to_owned(), "S61940275".to_owned()));
        let lines = "@\n\u{1e}\nANSI 636002080002DL00410260ZM06020044DLDCAD\nDCBNONE\nDCSHARGROVE\nDACTOBIAS\nDADE\nDAQS61940275\nDCGUSA";
        assert_eq!(one(lines), want);
        let piped = "scan @|ANSI 636002040002DL00410268ZM03090056DLDCAD|DCSHARGROVE|DACTOBIAS|DAJMA|DAQS61940275|DCGUSA|";
        assert_eq!(one(piped), want);
        assert_eq!(one("ANSI 636002 says nothing"), None);
    }

    #[test]
    fn track_one_holds_name_and_number() {
        let text = "%B4929137520864174^HARGROVE/TOBIAS E^2809101000000000000000000000000?";
        assert_eq!(one(text), Some(("TOBIAS E".into(), "HARGROVE".into(), "4929137520864174".into())));
        assert_eq!(one("%B4929137520864175^HARGROVE/TOBIAS E^2809101000?"), None);
    }
}

//! Records of exchange formats in which places and qualifiers are the labels: wage reports (EFW2), enrolment files
//! (ANSI X12) and patient messages (HL7 version 2). Each holds a person and a number in one line or segment.
//!
//! None of them has a word such as `SSN` in it, so nothing but the layout tells what the digits are.

use std::ops::Range;

use super::layout::Block;
use super::{Score, licence, reading};
use crate::event::{ElementClass, ElementType};

/// The longest segment or record that is read.
const LONGEST: usize = 4096;

/// Finds the blocks that start within `own` of `text`.
pub fn find(text: &str, own: &Range<usize>, blocks: &mut Vec<Block>) {
    let bytes = &text.as_bytes()[own.start..own.end];
    let starts = |mark: &'static [u8]| memchr::memmem::find_iter(bytes, mark).map(|at| own.start + at);
    let begins = |at: &usize| *at == 0 || matches!(text.as_bytes()[at - 1], b'\n' | b'\r');
    blocks.extend(starts(b"RW").filter(begins).filter_map(|at| wage_record(text, at)));
    blocks.extend(starts(b"NM1").filter_map(|at| x12_name(text, at)));
    for at in starts(b"PID|").filter(begins) {
        patient(text, at, blocks);
    }
}

/// The line or segment from `at` on, up to one of `ends`.
fn piece<'t>(text: &'t str, at: usize, ends: &[char]) -> &'t str {
    let end = crate::detect::label_context::char_at_or_after(text, (at + LONGEST).min(text.len()));
    let piece = &text[at..end];
    piece.find(ends).map_or(piece, |end| &piece[..end])
}

/// A block with a name and an SSN; `None` if the digits are no number that was issued.
fn block(
    span: Range<usize>,
    (first, last): (&str, &str),
    nine: &str,
    rule: (&'static str, &'static str),
) -> Option<Block> {
    let worded =
        |part: &str| part.contains(char::is_alphabetic) && !part.contains(|c: char| c.is_ascii_digit());
    if nine.len() != 9 || !nine.bytes().all(|b| b.is_ascii_digit()) || !worded(first) || !worded(last) {
        return None;
    }
    let mut score = Score::default();
    score.add(rule.0, 75, rule.1);
    let mut found = Vec::new();
    reading::push_ssn(span.clone(), nine.to_owned(), score, &mut found);
    let number = found.pop().filter(|c| c.class == ElementClass::Pi)?;
    let name = (first.trim().to_owned(), last.trim().to_owned());
    let (birth, state, zip, street, issuer) = (None, None, None, None, None);
    Some(Block { span, name, number, birth, state, zip, street, issuer })
}

/// The employee record of a wage report: `RW`, SSN (3-11), given name (12-26), middle name (27-41), surname
/// (42-61), delivery address (88-109), state (132-133), ZIP (134-138) (SSA, *Specifications for Filing Forms W-2
/// Electronically*, record RW; Massachusetts takes the same).
fn wage_record(text: &str, at: usize) -> Option<Block> {
    let line = piece(text, at, &['\n', '\r']);
    let field = |from: usize, to: usize| line.get(from - 1..to.min(line.len())).map(str::trim);
    let names = (field(12, 26)?, field(42, 61)?);
    let mut block =
        block(at..at + line.len(), names, field(3, 11)?, ("efw2", "employee record of a wage report"))?;
    block.street = field(88, 109).filter(|s| !s.is_empty()).map(str::to_owned);
    block.state = field(132, 133).filter(|s| s.len() == 2).map(str::to_owned);
    block.zip = field(134, 138).filter(|z| z.len() == 5).map(str::to_owned);
    Some(block)
}

/// `NM1*IL*1*LAST*FIRST*MIDDLE***34*number`: a person whose identification is an SSN (qualifier 34 of element 66
/// of ANSI X12). The character behind `NM1` parts the elements.
fn x12_name(text: &str, at: usize) -> Option<Block> {
    let segment = piece(text, at, &['~', '\n', '\r']);
    let separator = segment[3..].chars().next().filter(|c| "*|^+".contains(*c))?;
    let elements: Vec<&str> = segment.split(separator).collect();
    let get = |i: usize| elements.get(i).copied().unwrap_or("");
    if get(2) != "1" || get(8) != "34" {
        return None;
    }
    let number = get(9).replace('-', "");
    let mut block = block(
        at..at + segment.len(),
        (get(4), get(3)),
        &number,
        ("x12", "a person of an X12 message, identified by an SSN"),
    )?;
    let behind = piece(text, at + segment.len(), &[]);
    let behind = behind.get(..300).unwrap_or(behind);
    let own = behind.find("NM1").map_or(behind, |next| &behind[..next]);
    let place = own.find(&format!("N4{separator}")).map(|n| &own[n..]);
    let place: Vec<&str> =
        place.map_or(Vec::new(), |p| p.split(['~', '\n']).next().unwrap_or("").split(separator).collect());
    block.state = place.get(2).map(|s| (*s).to_owned());
    block.zip = place.get(3).filter(|z| z.len() >= 5).map(|s| (*s).to_owned());
    Some(block)
}

/// `PID|…`: name (5), birth (7), address (11), SSN (19) and licence (20) of a patient (HL7 version 2, chapter 3).
fn patient(text: &str, at: usize, blocks: &mut Vec<Block>) {
    let segment = piece(text, at, &['\n', '\r']);
    let fields: Vec<&str> = segment.split('|').collect();
    let part = |i: usize, n: usize| fields.get(i).and_then(|f| f.split('^').nth(n)).unwrap_or("").trim();
    let span = at..at + segment.len();
    let names = (part(5, 1), part(5, 0));
    let rule = ("hl7", "patient of an HL7 message");
    let known = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    let mut found: Vec<Block> =
        block(span.clone(), names, &part(19, 0).replace('-', ""), rule).into_iter().collect();
    found.extend(patients_licence(span, names, part(20, 0), part(20, 1)));
    for mut block in found {
        let birth = part(7, 0).get(..8).filter(|b| b.bytes().all(|b| b.is_ascii_digit()));
        block.birth = birth.map(|b| format!("{}{}", &b[4..], &b[..4]));
        block.street = known(part(11, 0));
        block.state = known(part(11, 3));
        block.zip = known(part(11, 4)).filter(|z| z.len() >= 5);
        blocks.push(block);
    }
}

fn patients_licence(span: Range<usize>, names: (&str, &str), number: &str, state: &str) -> Option<Block> {
    let value = licence::normalise(number);
    let issuer = licence::state_value(state);
    let reading = licence::read(&value, issuer, true)?;
    if names.0.is_empty() || names.1.is_empty() || issuer.is_some_and(|s| s != reading.state) {
        return None;
    }
    let mut number = licence::candidate(span.clone(), value, &reading, false);
    number.score = Score::default();
    number.score.add("hl7", 75, "patient of an HL7 message");
    number.kind = ElementType::DriversLicense;
    let name = (names.0.to_owned(), names.1.to_owned());
    let (birth, state, zip, street, issuer) = (None, None, None, None, None);
    Some(Block { span, name, number, birth, state, zip, street, issuer })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, String, String, Option<String>)> {
        let mut blocks = Vec::new();
        find(text, &(0..text.len()), &mut blocks);
        blocks.into_iter().map(|b| (b.name.0, b.name.1, b.number.value, b.state)).collect()
    }

    fn one(first: &str, last: &str, number: &str, state: &str) -> (String, String, String, Option<String>) {
        (first.to_owned(), last.to_owned(), number.to_owned(), Some(state.to_owned()))
    }

    #[test]
    fn the_employees_of_a_wage_report_are_found() {
        let line = format!(
            "RE2023 042881930\nRW024613387{:<15}{:<15}{:<20}{:<26}{:<22}{:<22}MA02139\n",
            "TOBIAS", "E", "HARGROVE", "", "12 ELM ST", "CAMBRIDGE"
        );
        assert_eq!(all(&line), [one("TOBIAS", "HARGROVE", "024613387", "MA")]);
        assert!(all("RW 14 of 20 rows were read and written to the table below").is_empty());
    }

    #[test]
    fn a_member_of_an_enrolment_file_is_found_by_the_qualifier() {
        let text = "INS*Y*18~NM1*IL*1*HARGROVE*TOBIAS*E***34*024613387~N3*12 ELM ST~N4*CAMBRIDGE*MA*02139~";
        assert_eq!(all(text), [one("TOBIAS", "HARGROVE", "024613387", "MA")]);
        assert!(all("NM1*85*1*HARGROVE*TOBIAS****XX*1024613387~").is_empty());
    }

    #[test]
    fn a_patient_has_a_number_and_a_licence() {
        let text = "MSH|^~\\&|A|B\rPID|1||77|| HARGROVE^TOBIAS^E||19610312|M|||12 ELM ST^^CAMBRIDGE^MA^02139||||||||024-61-3387|S61940275^MA\rPV1|1";
        assert_eq!(
            all(text),
            [one("TOBIAS", "HARGROVE", "024613387", "MA"), one("TOBIAS", "HARGROVE", "S61940275", "MA")]
        );
    }
}

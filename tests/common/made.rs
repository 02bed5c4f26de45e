//! Large texts made to be cut in the worst places: invented people and numbers, the same on every machine.

#![allow(dead_code, reason = "every test file uses some of it")]

use std::fmt::Write as _;

use crate::common::Random;

const FIRST: [&str; 8] = ["Tobias", "Maeve", "Samuel", "Patricia", "Marcus", "Ingrid", "Rosalind", "Wendell"];
const LAST: [&str; 8] =
    ["Hargrove", "Lindqvist", "Levine", "O'Brien", "Donovan", "Halvorsen", "Kowalczyk", "Ferreira"];
const WORDS: [&str; 12] = [
    "parcel",
    "was",
    "delivered",
    "to",
    "the",
    "warehouse",
    "before",
    "noon",
    "and",
    "checked",
    "twice",
    "café",
];

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Utf8,
    Utf16,
    Windows,
}

impl Coding {
    /// The bytes of a text, which has no letters that the code page lacks.
    fn bytes(self, text: &str) -> Vec<u8> {
        let byte = |c: char| match c {
            '\u{2013}' => 0x96,
            '\u{2011}' => b'-',
            c => u8::try_from(c).unwrap_or(b'?'),
        };
        match self {
            Coding::Utf8 => text.as_bytes().to_vec(),
            Coding::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Coding::Windows => text.chars().map(byte).collect(),
        }
    }
}

/// A person of the lists.
pub fn person(random: &mut Random) -> (&'static str, &'static str) {
    (FIRST[random.below(8) as usize], LAST[random.below(8) as usize])
}

/// A Social Security number with dashes.
pub fn ssn(random: &mut Random) -> String {
    let (area, group, serial) = (random.below(600) + 10, random.below(90) + 10, random.below(9000) + 1000);
    format!("{area:03}-{group:02}-{serial:04}")
}

/// A name with a number in one of many layouts; some have words or line breaks between them.
fn pair(random: &mut Random, breaks: bool) -> String {
    let ((first, last), ssn) = (person(random), ssn(random));
    let far = words(random, 90);
    match random.below(if breaks { 8 } else { 4 }) {
        0 => format!("{first} {last}, SSN {ssn}"),
        1 => format!("SSN {} of {first} {last}", ssn.replace('-', "\u{2013}")),
        2 => format!("{first} {last} {far} social security number {ssn}"),
        3 => format!("{last}, {first}  Soc. Sec. # {}", ssn.replace('-', "\u{2011}")),
        4 => format!("\nName: {first} {last}\nSSN: {ssn}\n"),
        5 => format!("\nEmployee name:\n{first} {last}\nSocial Security No.\n{ssn}\n"),
        6 => format!("\n{first} {last}\n{far}\nsocial security number {}\n", ssn.replace('-', "")),
        _ => format!("\nsocial security number {ssn}\n{far}\nName: {first} {last}\n\n"),
    }
}

fn words(random: &mut Random, length: u64) -> String {
    let (mut text, length) = (String::new(), random.below(length) as usize);
    while text.len() < length {
        text.push_str(random.of(&WORDS));
        text.push(' ');
    }
    text
}

/// Running text of at least `size` bytes with a pair across each multiple of 4096 bytes, cut at every possible
/// byte in turn; `breaks` says whether there are lines.
pub fn prose(coding: Coding, size: usize, breaks: bool) -> Vec<u8> {
    let (mut random, mut out) = (Random(0x5eed), Vec::new());
    if coding == Coding::Utf16 {
        out.extend([0xff, 0xfe]);
    }
    let unit = coding.bytes(" ").len();
    let mut cut = 4096;
    while out.len() < size {
        let pair = coding.bytes(&format!("{} ", pair(&mut random, breaks)));
        let before = random.below((pair.len() / unit) as u64 + 1) as usize * unit;
        let target = (cut - before) / unit * unit;
        fill(coding, target, breaks, &mut random, &mut out);
        out.extend(pair);
        cut += 4096;
    }
    out
}

/// Adds words up to exactly `target` bytes.
fn fill(coding: Coding, target: usize, breaks: bool, random: &mut Random, out: &mut Vec<u8>) {
    let mut line = 0;
    loop {
        let end = if breaks && line > 60 { ".\n" } else { " " };
        line = if end == " " { line + 8 } else { 0 };
        let word = coding.bytes(&format!("{}{end}", random.of(&WORDS)));
        if out.len() + word.len() > target {
            break;
        }
        out.extend(word);
    }
    let pad = coding.bytes(" ");
    while out.len() + pad.len() <= target {
        out.extend(&pad);
    }
}

/// A table with rows over several lines, rows cut short, and lines that are no row; `stray` adds rows with a quote
/// that is never closed.
pub fn csv(size: usize, stray: bool) -> Vec<u8> {
    let mut random = Random(0xc5f);
    let mut out = String::from("id,last_name,first_name,note,ssn,city,state,zip\n");
    let mut n = 0;
    while out.len() < size {
        n += 1;
        let ((first, last), ssn) = (person(&mut random), ssn(&mut random));
        let note = words(&mut random, 120);
        let row = match random.below(if n > 70 { 24 } else { 6 }) {
            0 => format!("{n},{last},{first},\"{note}\n{note}, and so on\",{ssn},Worcester,MA,01602\n"),
            1 => format!(
                "{n},{last},{first},\"a \"\"b\"\"\n\n{note}\",{},Boston,MA,02108\n",
                ssn.replace('-', "")
            ),
            6 => format!("{n},{last},{first},,{ssn}\n"),
            7 => format!("{note}\n"),
            8 => format!("see {first} {last}, SSN {ssn}\n"),
            9 if stray => format!("{n},{last},{first},\"{note},{ssn},Lowell,MA,01850\n"),
            _ => format!("{n},{last},{first},{note},{ssn},Nashua,NH,03060\n"),
        };
        out.push_str(&row);
    }
    out.into_bytes()
}

/// One object a line, deep ones among them, and lines that are none.
pub fn ndjson(size: usize) -> Vec<u8> {
    let (mut random, mut out) = (Random(0x15), String::new());
    while out.len() < size {
        let ((first, last), ssn) = (person(&mut random), ssn(&mut random));
        let note = words(&mut random, 300);
        let line = match random.below(if out.len() > 4096 { 8 } else { 6 }) {
            0 => format!(r#"{{"msg":"{note}","user":{{"name":"{first} {last}","tax":{{"ssn":"{ssn}"}}}}}}"#),
            1 => format!(r#"{{"level":"info","msg":"{note} {first} {last}, SSN {ssn}"}}"#),
            7 => format!("panic: {note} {first} {last}, SSN {ssn}"),
            _ => format!(r#"{{"firstName":"{first}","lastName":"{last}","note":"{note}","ssn":"{ssn}"}}"#),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out.into_bytes()
}

/// A dump with up to `rows` tuples a statement, few at first, and remarks between statements.
pub fn sql(size: usize, rows: u64) -> Vec<u8> {
    let (mut random, mut out) = (Random(0x591), String::from("-- dump of the staff table\n"));
    while out.len() < size {
        out.push_str("INSERT INTO `staff` (`id`, `fname`, `lname`, `remark`, `ssn`, `state`) VALUES\n");
        let most = if out.len() < 16 * 1024 { 5 } else { rows };
        for n in 0..=random.below(most) {
            let ((first, last), ssn) = (person(&mut random), ssn(&mut random));
            let (last, remark) = (last.replace('\'', "''"), words(&mut random, 200));
            let end = if n % 3 == 0 { ",\n" } else { "," };
            let _ = write!(out, "({n},'{first}','{last}','{remark} (so; it''s)','{ssn}','MA'){end}");
        }
        out.truncate(out.trim_end_matches([',', '\n']).len());
        let ((first, last), ssn) = (person(&mut random), ssn(&mut random));
        let _ = writeln!(out, ";\n-- {first} {last}, SSN {ssn}");
    }
    out.into_bytes()
}

//! A first look at a small text. Most texts of most shares say nothing: no group of digits in them can lead to anything,
//! and no header or key names a number. Of these nothing else is asked, least of all what their columns are.

use super::profile::{self, HeadKind, Kind, Profile};
use super::quiet::{self, QuietObjects};
use crate::detect::hot::{self, Form, Worth};
use crate::identify::TextEncoding;

/// True if working on all of a text that is one unit is sure to find nothing; where rows are asked for that other tables
/// may be joined with (`joins`), that is so of prose alone. `false` says nothing.
#[must_use]
pub fn says_nothing(bytes: &[u8], encoding: TextEncoding, joins: bool) -> bool {
    // What makes the bytes of prose readable as they stand does so for tables and objects.
    let prose = Profile { encoding, kind: Kind::Prose, whole: true };
    quiet::reach(&prose, false).is_some()
        && hot::is_quiet(bytes, 0..bytes.len(), Form::Raw, Worth::InValue)
        && match profile::kind_of_held(bytes, encoding) {
            HeadKind::Prose => true,
            HeadKind::Table(_) | HeadKind::Ndjson if joins => false,
            HeadKind::Table(shape) => !profile::names_numbers(bytes, encoding, shape),
            HeadKind::Ndjson => objects_name_none(bytes),
            HeadKind::Sql | HeadKind::Fixed(_) => false,
        }
}

/// True if of objects, one a line, none has a key that names a number. None of their groups is hot.
fn objects_name_none(bytes: &[u8]) -> bool {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()) else { return false };
    let mut quiet = QuietObjects::new(text, 0..0);
    let mut start = 0;
    while start < text.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(text.len(), |p| start + p);
        if !quiet.is_quiet(&(start..end)) {
            return false;
        }
        start = end + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{ColumnCount, Findings, Loose, Record};
    use crate::text::{Job, process};

    fn quiet(text: &str) -> bool {
        says_nothing(text.as_bytes(), TextEncoding::Utf8, false)
    }

    #[test]
    fn texts_without_numbers_say_nothing() {
        assert!(quiet("Dear Ann,\nsee you on 12 May at 10:30.\n"));
        assert!(quiet("day,town,count\n1,Lynn,20\n2,Lee,31\n3,Hull,7\n"));
        assert!(quiet("{\"day\":1,\"town\":\"Lynn\"}\n{\"day\":2,\"town\":\"Lee\"}\n"));
    }

    #[test]
    fn a_number_or_a_name_of_one_is_looked_at() {
        assert!(!quiet("Dear Ann,\nyour number is 024-61-3387.\n"));
        assert!(!quiet("name,account no,town\nAnn,1,Lynn\nBo,2,Lee\n"));
        assert!(!quiet("Name,Ann,Bo\nSSN,1,2\nTown,Lynn,Lee\n"));
        assert!(!quiet("{\"ssn\":1,\"town\":\"Lynn\"}\n{\"ssn\":2,\"town\":\"Lee\"}\n"));
        assert!(!quiet("INSERT INTO t (a) VALUES ('x');\n"));
    }

    /// Counts whatever is found.
    #[derive(Default)]
    struct Count(u64);

    impl Findings for Count {
        fn record(&mut self, _: Record) {
            self.0 += 1;
        }
        fn loose(&mut self, _: Loose) {
            self.0 += 1;
        }
        fn column(&mut self, _: ColumnCount<'_>) {
            self.0 += 1;
        }
        fn rejected(&mut self, count: u64) {
            self.0 += count;
        }
    }

    fn found(text: &str) -> u64 {
        let bytes = text.as_bytes();
        let profile = Profile::of(&bytes, TextEncoding::Utf8);
        let mut count = Count::default();
        let lines_before = |_| 0;
        let own = 0..bytes.len() as u64;
        let job = Job { profile: &profile, bytes, base: 0, own, lines_before: &lines_before, survey: None };
        process(&job, &mut count);
        count.0
    }

    /// Cells of a line, joined in one of several ways.
    fn line() -> impl Strategy<Value = String> {
        let cell = "|[0-9]{1,9}|[A-Z][a-z]{1,7}|[a-z]{1,8}|SSN|ssn|account no|card|license|id|routing|\"a, b\"|\"|\
                    024-61-3387|024613387|4929137520864174|S12345678|MA|02139|Tobias Hargrove|password|PID\\|";
        let joint =
            prop_oneof![Just(","), Just("\t"), Just("|"), Just(";"), Just("   "), Just(" "), Just(": ")];
        let plain = (prop::collection::vec(cell, 1..6), joint).prop_map(|(cells, joint)| cells.join(joint));
        let object =
            prop::collection::vec(("ssn|a|no|card|name|kind|value|type", "[0-9]{1,9}|Lynn|ssn"), 1..4)
                .prop_map(|pairs| {
                    let pairs: Vec<String> = pairs.iter().map(|(k, v)| format!("\"{k}\":\"{v}\"")).collect();
                    format!("{{{}}}", pairs.join(","))
                });
        prop_oneof![6 => plain, 1 => object, 1 => Just("INSERT INTO t (ssn) VALUES ('1');".to_owned())]
    }

    proptest! {
        #[test]
        fn what_says_nothing_at_a_first_look_says_nothing(
            line in line(),
            others in prop::collection::vec(line(), 0..4),
            times in 1usize..8,
        ) {
            // Lines alike make tables, others a text.
            let alike = |n: usize| line.chars().map(|c| match c {
                '1'..='8' => char::from(b'1' + ((c as usize + n) % 8) as u8),
                c => c,
            }).collect::<String>();
            let mut lines = others;
            lines.extend((0..times).map(alike));
            let text = lines.join("\n");
            if quiet(&text) {
                prop_assert_eq!(found(&text), 0, "in {}", text);
            }
        }
    }
}

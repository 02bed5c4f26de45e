//! Names of files and members are text too: people put numbers into them.

use crate::associate::prose::{self, Unit};
use crate::detect::text;
use crate::document::Place;
use crate::finding::Findings;
use crate::text::normal::normalise;

/// Scans the last component of a path or member name. Underscores and plus signs separate words in names.
pub fn scan_name(name: &str, out: &mut dyn Findings) {
    if name.bytes().filter(u8::is_ascii_digit).count() < 5 {
        return;
    }
    let spaced = name.replace(['_', '+'], " ");
    let normal = normalise(&spaced);
    let (mut candidates, mut rejects) = (Vec::new(), out.rejects());
    let all = 0..normal.text.len();
    text::scan(&normal.text, all.clone(), &all, &mut candidates, &mut rejects);
    let place = |_| Place { part: Some("name".to_owned()), ..Place::default() };
    out.take_rejects(rejects, &|r| place(r.span.start));
    let unit = Unit {
        text: &normal.text,
        own: all,
        place: &place,
        whole: false,
        envelope: None,
        is_row: &|_| false,
    };
    prose::associate(&unit, &candidates, out);
}

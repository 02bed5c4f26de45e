//! `--mask full`: results that show nothing of numbers, not even their end.
//!
//! Numbers are masked where they are found, so whatever comes from a worker is safe already; this takes the rest away
//! before anything is written. Fingerprints stay: without them nothing could be compared.

use std::borrow::Cow;

use super::args::Mask;
use crate::event::{Event, Short};
use crate::result::render;
use crate::scan::Renderer;

/// The event as it is to be written.
fn shown(event: &Event, mask: Mask) -> Cow<'_, Event> {
    if mask == Mask::Last4 || !matches!(event, Event::Record(_) | Event::Element(_)) {
        return Cow::Borrowed(event);
    }
    let mut event = event.clone();
    match &mut event {
        Event::Record(record) => record.elements.iter_mut().for_each(|e| whole(&mut e.masked)),
        Event::Element(line) => whole(&mut line.element.masked),
        _ => {}
    }
    Cow::Owned(event)
}

/// How lines are written that are masked like this.
pub fn renderer(mask: Mask) -> Renderer {
    match mask {
        Mask::Last4 => render,
        Mask::Full => |event, line| render(&shown(event, Mask::Full), line),
    }
}

/// Masks what was left of a number; what parts its digits stays.
fn whole(masked: &mut Short) {
    *masked = masked.chars().map(|c| if c.is_alphanumeric() { '•' } else { c }).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::samples::{file, record};

    #[test]
    fn nothing_of_a_number_is_left() {
        let masked = |event: &Event| match event {
            Event::Record(record) => record.elements.iter().map(|e| e.masked.clone()).collect(),
            _ => Vec::new(),
        };
        let (plain, full) = (record(1, "a", 0), Mask::Full);
        let shown_plain = masked(&shown(&plain, Mask::Last4));
        assert_eq!(shown_plain, masked(&plain));
        let shown_full = masked(&shown(&plain, full));
        assert!(
            !shown_full.is_empty() && shown_full.iter().all(|text| !text.contains(char::is_alphanumeric))
        );
        assert!(matches!(shown(&file(1, "a"), full), Cow::Borrowed(_)));
    }
}

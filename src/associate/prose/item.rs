//! Items of a list, as notes and minutes have them: what stands in one belongs together, over all of its lines, and
//! what stands in another is about somebody else.

use std::ops::Range;

use super::{AROUND, Occurrence, Prose, following, previous};
use crate::event::ElementType;

/// How many lines up or down an item may go on.
const LINES: usize = 4;
/// The fewest words in small letters of a line of running text.
const WORDS: usize = 3;

impl Prose<'_> {
    /// The person of the item in which a number of some kind stands, on another line of it.
    pub(super) fn in_item(&mut self, kind: ElementType, line: &Range<usize>) -> Option<Occurrence> {
        let text = self.unit.text;
        let (mut above, mut nearest) = (line.clone(), None);
        for _ in 0..=LINES {
            if above != *line && nearest.is_none() && !self.has_another(kind, &above) {
                // The nearest is the last of its line.
                nearest = self.people(&above).last().cloned();
            }
            if is_marked(&text[above.clone()]) {
                return nearest.or_else(|| self.below_in_item(kind, line));
            }
            above = previous(text, &above)
                .filter(|l| line.start - l.start <= AROUND && says(&text[l.clone()]))?;
        }
        None
    }

    /// The person of the lines below on which the sentence goes on.
    fn below_in_item(&mut self, kind: ElementType, line: &Range<usize>) -> Option<Occurrence> {
        let text = self.unit.text;
        let mut below = line.clone();
        for _ in 0..LINES {
            if text[below.clone()].trim_end().ends_with(['.', '!', '?', ':']) {
                return None;
            }
            below = following(text, &below)?;
            if !says(&text[below.clone()])
                || is_marked(&text[below.clone()])
                || self.has_another(kind, &below)
            {
                return None;
            }
            if let Some(hit) = self.people(&below).first() {
                return Some(hit.clone());
            }
        }
        None
    }

    /// True if a line is the first of an item, of running text, and holds a name that was not read.
    pub(super) fn is_item_of_another(&self, line: &Range<usize>) -> bool {
        self.is_running_item(line) && self.names_another(line)
    }

    /// True if a line is the first of an item, of running text.
    pub(super) fn is_running_item(&self, line: &Range<usize>) -> bool {
        let text = &self.unit.text[line.clone()];
        let small = |w: &&str| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase());
        is_marked(text) && text.split(' ').filter(small).count() >= WORDS
    }

    fn has_another(&self, kind: ElementType, line: &Range<usize>) -> bool {
        self.numbers_on(line).any(|c| c.kind == kind && c.score.value() >= 25)
    }
}

fn says(line: &str) -> bool {
    line.contains(char::is_alphanumeric)
}

/// `- `, `* `, `3. `, `3) `, `10:27 `
fn is_marked(line: &str) -> bool {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix(['-', '*', '•', '▪']) {
        return rest.starts_with(' ');
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let time = || {
        let minutes = rest
            .strip_prefix(':')
            .filter(|r| r.get(..2).is_some_and(|m| m.bytes().all(|b| b.is_ascii_digit())));
        minutes.is_some_and(|r| r[2..].starts_with(' '))
    };
    (1..=2).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") ") || time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_items_are_known() {
        for line in ["- Refund", "* Refund", "3. Personnel", " 12) Refund", "10:27 Refund", "• Refund"] {
            assert!(is_marked(line), "{line}");
        }
        for line in ["-----", "024-61-3387", "3.5 percent", "10:27", "Refund - twice", "2019. "] {
            assert!(!is_marked(line), "{line}");
        }
    }
}

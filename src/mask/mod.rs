//! The one exit for values: what may be written of a number, a name or a string of the input.
//!
//! Raw text goes in; masked text and keyed fingerprints come out. The surprising rule: paths, sheet names, column
//! headers and JSON keys are masked like values, because that is where numbers turn up by accident.

mod glyph;
mod key;
mod location;
mod shape;
mod stamp;
mod text;

pub use key::{Fingerprints, Key, KeyError};
pub use location::{field, location, location_under, member, path};
pub use text::{text, text_masked};

use crate::event::Short;

/// Stands for a character that is not shown.
const BULLET: char = '•';

/// A number as results show it: its last four characters from nine up, the last two from seven up, else none;
/// with `full` none at all.
///
/// `value` is the normalised number (`024613387`); `•••••3387` comes out.
pub fn number(value: &str, full: bool) -> Short {
    let count = value.chars().count();
    let shown = match count {
        _ if full => 0,
        9.. => 4,
        7.. => 2,
        _ => 0,
    };
    let hide = count - shown;
    value.chars().enumerate().map(|(n, c)| if n < hide || c.is_control() { BULLET } else { c }).collect()
}

/// A name as results show it: the initials of first and last name, each followed by three dots (`T••• H•••`).
pub fn name(first_initial: char, last_initial: char) -> Short {
    let shown = |initial: char| if initial.is_alphabetic() { initial } else { BULLET };
    let mut text = [BULLET; 9];
    (text[0], text[4], text[5]) = (shown(first_initial), ' ', shown(last_initial));
    text.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_show_their_end_and_short_ones_nothing() {
        assert_eq!(number("024613387", false), "•••••3387");
        assert_eq!(number("4929137520864174", false), "••••••••••••4174");
        assert_eq!(number("S1234567", false), "••••••67");
        assert_eq!(number("123456", false), "••••••");
        assert_eq!(number("024613387", true), "•••••••••");
        assert_eq!(number("", false), "");
    }

    #[test]
    fn a_name_shows_its_initials() {
        assert_eq!(name('T', 'H'), "T••• H•••");
        assert_eq!(name('É', '\u{202e}'), "É••• ••••");
    }
}

//! What a spreadsheet cell shows.

use crate::extract::ooxml::xml::Tag;

/// An integer of so many digits that is not shown as such may be an identifier in a narrow or scientific column.
const TELLING_DIGITS: usize = 7;

/// From so many places on a fraction is cut by the width of its column, not by a format that somebody chose.
const CUT_PLACES: usize = 7;
/// What rounding to as many places leaves out, at most.
const CUT_OFF: f64 = 1e-7;

/// The value of a cell as its attributes give it.
#[derive(Default)]
pub(super) struct Value {
    number: bool,
    stored: String,
}

impl Value {
    /// From a `table:table-cell` or its kin.
    pub(super) fn of(tag: &Tag<'_>) -> Value {
        let [kind, value, date, time, text, truth] = tag.attributes([
            "value-type",
            "value",
            "date-value",
            "time-value",
            "string-value",
            "boolean-value",
        ]);
        let number = matches!(kind.as_deref(), Some("float" | "percentage" | "currency"));
        let stored = value.or(date).or(time).or(text).or(truth).unwrap_or_default();
        Value { number, stored }
    }

    /// Text and whether it is a number, given the `text` that the file says is shown. The stored value stands in
    /// where nothing is shown, where a long number is shown with other digits (`2.46E+08`, `###`), or where a fraction is
    /// cut to the width of its column.
    pub(super) fn shown(self, text: String) -> (String, bool) {
        let trimmed = text.trim();
        if trimmed.is_empty() || (self.number && (self.is_hidden_by(trimmed) || self.is_cut_to(trimmed))) {
            (self.stored, self.number)
        } else if trimmed.len() == text.len() {
            (text, self.number)
        } else {
            (trimmed.to_owned(), self.number)
        }
    }

    /// The stored value, if it is a number.
    pub(super) fn number(self) -> Option<String> {
        (self.number && !self.stored.is_empty()).then_some(self.stored)
    }

    fn is_hidden_by(&self, text: &str) -> bool {
        let stored = self.stored.strip_prefix('-').unwrap_or(&self.stored);
        let integer = stored.bytes().all(|b| b.is_ascii_digit());
        let shown: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = shown.trim_start_matches('0');
        // Two decimals may follow the digits of an amount.
        integer && stored.len() >= TELLING_DIGITS && !digits.starts_with(stored.trim_start_matches('0'))
    }

    fn is_cut_to(&self, text: &str) -> bool {
        let Some((whole, part)) = text.split_once(['.', ',']) else { return false };
        if part.len() < CUT_PLACES
            || text.len() >= self.stored.len()
            || !part.bytes().all(|b| b.is_ascii_digit())
        {
            return false;
        }
        let values = (format!("{whole}.{part}").parse::<f64>(), self.stored.parse::<f64>());
        let (Ok(shown), Ok(stored)) = values else { return false };
        // Zeros at the end are left out after rounding: the places shown do not tell how far that went.
        (shown - stored).abs() < CUT_OFF
    }
}

/// `B17` for the second column (from 0) of row 17.
pub(super) fn cell_name(column: u32, row: u64) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.insert(0, char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    format!("{}{row}", letters.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stored: &str, text: &str) -> String {
        Value { number: true, stored: stored.into() }.shown(text.into()).0
    }

    #[test]
    fn numbers_are_given_as_displayed() {
        assert_eq!(shown("24613387", "024-61-3387"), "024-61-3387");
        assert_eq!(shown("1234567", "1,234,567.00"), "1,234,567.00");
        assert_eq!(shown("0.25", "25 %"), "25 %");
    }

    #[test]
    fn digits_that_are_not_displayed_come_from_the_value() {
        assert_eq!(shown("246133870", "2.46E+08"), "246133870");
        assert_eq!(shown("246133870", "###"), "246133870");
        assert_eq!(shown("17", ""), "17");
        assert_eq!(shown("2.36522242003911", "2.36522242"), "2.36522242003911");
        assert_eq!(shown("2.36522242003911", "2,37"), "2,37");
    }

    #[test]
    fn columns_are_counted_in_letters() {
        assert_eq!(cell_name(0, 1), "A1");
        assert_eq!(cell_name(27, 3), "AB3");
    }
}

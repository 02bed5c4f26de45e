//! Tables without names below the name of one person: accounts, payments, licences over the years.

use super::{Table, counted, text_at};
use crate::document::Cell;
use crate::event::ElementType;
use crate::finding::Person;

/// Digits from which on a cell may be a number.
const DIGITS: usize = 5;
/// Words of a header under which others stand than the person above the table.
const OTHERS: [&str; 14] = [
    "vendor",
    "supplier",
    "payee",
    "company",
    "business",
    "merchant",
    "employer",
    "customer",
    "client",
    "tenant",
    "relation",
    "dependent",
    "beneficiary",
    "owner",
];

impl Table {
    /// Says who the table is about, if its rows name nobody and may all be of one person, as far as `sample` shows: nobody
    /// has two Social Security numbers.
    #[must_use]
    pub fn about(mut self, sample: &[Vec<Cell>], subject: impl FnOnce() -> Option<Person>) -> Table {
        let of_others = |header: &str| {
            let lower = header.to_ascii_lowercase();
            OTHERS.iter().any(|word| lower.contains(word))
        };
        let others =
            |c: &super::Column| c.role.name.is_some() || c.role.relation.is_some() || of_others(&c.header);
        let numbers = self.columns_of_numbers();
        if !numbers.is_empty()
            && !self.columns.iter().any(others)
            && numbers.iter().all(|i| self.is_one(*i, sample))
        {
            self.subject = subject();
        }
        self
    }

    /// Who the table is about, if its rows name nobody.
    #[must_use]
    pub fn subject(&self) -> Option<&Person> {
        self.subject.as_ref()
    }

    /// True if a column may hold the numbers of one person.
    fn is_one(&self, column: usize, sample: &[Vec<Cell>]) -> bool {
        use ElementType as E;
        if matches!(counted(&self.columns[column]), Some(E::BankAccount | E::PaymentCard)) {
            return true;
        }
        let number = |text: &&str| text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS;
        let mut values = sample.iter().filter_map(|row| text_at(row, column)).filter(number);
        let value = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let Some(first) = values.next().map(value) else { return true };
        values.all(|other| value(other) == first)
    }
}

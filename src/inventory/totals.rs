//! The figures of the summary that charts are drawn from.

use super::retention::Flag;
use super::sheets::Entry;
use crate::event::{ElementType, Exposure, Reach};
use crate::report::words::kind_word;

/// Years without use, by the first that is too many, with words.
const AGES: [(f64, &str); 5] = [
    (1.0, "less than a year"),
    (3.0, "1 to 3 years"),
    (5.0, "3 to 5 years"),
    (7.0, "5 to 7 years"),
    (10.0, "7 to 10 years"),
];
const OLDER: &str = "10 years and more";
const NO_DATE: &str = "not known";

/// Kinds of numbers that are personal information.
const KINDS: [ElementType; 5] = [
    ElementType::Ssn,
    ElementType::DriversLicense,
    ElementType::StateId,
    ElementType::PaymentCard,
    ElementType::BankAccount,
];

/// Who can reach a file, widest first.
const CIRCLES: [&str; 4] = ["everyone", "group", "owner only", "not known"];

/// A small table under a title: files by something.
pub struct Figure {
    /// The title.
    pub title: &'static str,
    /// Label and number of files.
    pub rows: Vec<(&'static str, u64)>,
}

/// Files with records, by several things.
pub struct Totals {
    kinds: Figure,
    ages: Figure,
    circles: Figure,
    flags: Figure,
    /// Files listed.
    pub listed: u64,
    /// Files that hold nothing, were examined in full, and are not listed.
    pub unlisted: u64,
}

fn figure(title: &'static str, labels: impl IntoIterator<Item = &'static str>) -> Figure {
    Figure { title, rows: labels.into_iter().map(|label| (label, 0)).collect() }
}

impl Default for Totals {
    fn default() -> Self {
        let ages = AGES.iter().map(|(_, label)| *label).chain([OLDER, NO_DATE]);
        Totals {
            kinds: figure("Files by kind of number", KINDS.map(kind_word)),
            ages: figure("Files by years without use", ages),
            circles: figure("Files by who can read or write them", CIRCLES),
            flags: figure("Files by what is to be done", Flag::ALL.map(Flag::word)),
            listed: 0,
            unlisted: 0,
        }
    }
}

impl Totals {
    /// Adds a file that is listed.
    pub fn add(&mut self, entry: &Entry<'_>) {
        self.listed += 1;
        if entry.found.records.total() == 0 {
            return;
        }
        for kind in &entry.found.kinds {
            self.kinds.count(kind_word(*kind));
        }
        self.ages.count(age(entry.idle));
        self.circles.count(circle(entry.file.exposure));
        if let Some(disposal) = &entry.disposal {
            self.flags.count(disposal.flag.word());
        }
    }

    /// The tables, in their order; one that counts nothing is left out.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        let all = [&self.kinds, &self.ages, &self.circles, &self.flags];
        all.into_iter().filter(|figure| figure.rows.iter().any(|(_, n)| *n > 0))
    }
}

impl Figure {
    fn count(&mut self, label: &'static str) {
        if let Some((_, n)) = self.rows.iter_mut().find(|(known, _)| *known == label) {
            *n += 1;
        }
    }
}

fn age(idle: Option<f64>) -> &'static str {
    let Some(years) = idle else { return NO_DATE };
    AGES.iter().find(|(end, _)| years < *end).map_or(OLDER, |(_, label)| label)
}

fn circle(exposure: Option<Exposure>) -> &'static str {
    let Some(e) = exposure else { return CIRCLES[3] };
    let reaches = [Reach::Everyone, Reach::Group, Reach::Owner];
    let widest = reaches.iter().position(|reach| [e.read, e.write].contains(reach));
    // What is known of one right says nothing of the other, but it is the least that holds.
    widest.map_or(CIRCLES[3], |n| CIRCLES[n])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_no_hole() {
        for (years, label) in [(0.0, "less than a year"), (0.9, "less than a year"), (1.0, "1 to 3 years")] {
            assert_eq!(age(Some(years)), label);
        }
        assert_eq!((age(Some(9.9)), age(Some(10.0)), age(None)), ("7 to 10 years", OLDER, NO_DATE));
    }

    #[test]
    fn the_widest_circle_counts() {
        let of = |read, write| circle(Some(Exposure { read, write }));
        assert_eq!(of(Reach::Owner, Reach::Everyone), "everyone");
        assert_eq!(of(Reach::Group, Reach::Owner), "group");
        assert_eq!(of(Reach::Owner, Reach::Owner), "owner only");
        assert_eq!(of(Reach::Unknown, Reach::Unknown), "not known");
        assert_eq!(circle(None), "not known");
    }
}

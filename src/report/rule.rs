//! The rules of machine-readable reports: one for each kind of number, with the law it comes from and what to do.

use crate::event::{Confidence, ElementType};

/// A rule.
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// The kind of number it is about.
    pub kind: ElementType,
    /// Its title.
    pub title: &'static str,
    /// The definition it follows.
    pub citation: &'static str,
}

/// The text of the regulation.
pub const LAW: &str = "https://www.mass.gov/regulations/201-CMR-1700-standards-for-the-protection-of-personal-\
information-of-residents-of-the-commonwealth";

/// What to do about a finding.
pub const HELP: &str = "Remove the numbers from the data set, replace them by tokens, or encrypt the file. If they \
must be there and access is restricted, put them into the baseline with a reason and an end: revere baseline update.";

/// All rules, in the order of kinds.
pub const RULES: [Rule; 6] = [
    Rule {
        id: "revere/ssn",
        kind: ElementType::Ssn,
        title: "Name with Social Security number",
        citation: "201 CMR 17.02, personal information (a); M.G.L. c. 93H s. 1",
    },
    Rule {
        id: "revere/drivers-license",
        kind: ElementType::DriversLicense,
        title: "Name with driver's license number",
        citation: "201 CMR 17.02, personal information (b); M.G.L. c. 93H s. 1",
    },
    Rule {
        id: "revere/state-id",
        kind: ElementType::StateId,
        title: "Name with state identification card number",
        citation: "201 CMR 17.02, personal information (b); M.G.L. c. 93H s. 1",
    },
    Rule {
        id: "revere/payment-card",
        kind: ElementType::PaymentCard,
        title: "Name with credit or debit card number",
        citation: "201 CMR 17.02, personal information (c); M.G.L. c. 93H s. 1",
    },
    Rule {
        id: "revere/bank-account",
        kind: ElementType::BankAccount,
        title: "Name with financial account number",
        citation: "201 CMR 17.02, personal information (c); M.G.L. c. 93H s. 1",
    },
    Rule {
        id: "revere/other",
        kind: ElementType::Other,
        title: "Related number",
        citation: "not personal information by itself",
    },
];

impl Rule {
    /// The rule about a kind of number, and its place in [`RULES`].
    pub fn of(kind: ElementType) -> (usize, &'static Rule) {
        let at = RULES.iter().position(|rule| rule.kind == kind).unwrap_or(RULES.len() - 1);
        (at, &RULES[at])
    }
}

/// The three words a format has for high, medium and low.
pub fn graded<T: Copy>(level: Confidence, [high, medium, low]: [T; 3]) -> T {
    match level {
        Confidence::High => high,
        Confidence::Medium => medium,
        Confidence::Low => low,
    }
}

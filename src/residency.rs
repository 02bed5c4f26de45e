//! Evidence that a person lives in Massachusetts: the definition turns on it, and files often do not say it.
//!
//! Every piece of evidence is a [`Rule`]; [`grade`] weighs those of one record. The surprising rule: `MA` by
//! itself says nothing (Master of Arts, Morocco, medical assistant). It counts in a state column, before a
//! Massachusetts ZIP, or after the name of a place.

mod address;
mod field;
mod tables;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use address::address_key;
pub use field::{of_city, of_fips, of_issuer, of_phone, of_routing, of_ssn, of_state, of_zip};
pub use text::in_text;

use crate::event::Residency;

/// A piece of evidence about where a person lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A state column or field, or words such as `resident of Massachusetts`.
    StateMa,
    /// A ZIP of Massachusetts in a ZIP column or field, or after the name of a town.
    ZipMa,
    /// An address: `Cambridge, MA`, `MA 02139`, `Lawrence, Massachusetts`.
    AddressMa,
    /// The barcode of a licence or state ID that Massachusetts issued (issuer 636002).
    IssuerMa,
    /// The words `Commonwealth of Massachusetts`: often the issuer of a document, not somebody's home.
    CommonwealthMa,
    /// A Massachusetts licence number under a licence label.
    LicenceMa,
    /// A city or town of Massachusetts without a state.
    TownMa,
    /// A telephone number with an area code of Massachusetts.
    AreaCodeMa,
    /// A Social Security number of the areas 010 to 034: applied for in Massachusetts before 2011.
    SsnAreaMa,
    /// A routing number of the Boston district, which serves six states.
    RoutingBoston,
    /// Another state in a column, field or address.
    OtherState,
    /// A ZIP of another state.
    OtherZip,
}

impl Rule {
    /// All rules.
    pub const ALL: &'static [Rule] = &[
        Rule::StateMa,
        Rule::ZipMa,
        Rule::AddressMa,
        Rule::IssuerMa,
        Rule::CommonwealthMa,
        Rule::LicenceMa,
        Rule::TownMa,
        Rule::AreaCodeMa,
        Rule::SsnAreaMa,
        Rule::RoutingBoston,
        Rule::OtherState,
        Rule::OtherZip,
    ];

    /// The word for it in results and in `patterns/residency`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rule::StateMa => "state-ma",
            Rule::ZipMa => "zip-ma",
            Rule::AddressMa => "address-line",
            Rule::IssuerMa => "issuer-ma",
            Rule::CommonwealthMa => "commonwealth-ma",
            Rule::LicenceMa => "licence-ma",
            Rule::TownMa => "town-ma",
            Rule::AreaCodeMa => "area-code-ma",
            Rule::SsnAreaMa => "ssn-area-ma",
            Rule::RoutingBoston => "routing-boston",
            Rule::OtherState => "other-state",
            Rule::OtherZip => "other-zip",
        }
    }

    /// What it proves by itself.
    fn weight(self) -> Weight {
        match self {
            Rule::StateMa | Rule::ZipMa | Rule::AddressMa | Rule::IssuerMa => Weight::Confirms,
            // Detection notes call it proof. In letters and forms it is mostly the letterhead.
            Rule::CommonwealthMa | Rule::LicenceMa => Weight::Halves(4),
            Rule::TownMa | Rule::AreaCodeMa | Rule::SsnAreaMa => Weight::Halves(2),
            Rule::RoutingBoston => Weight::Halves(1),
            Rule::OtherState | Rule::OtherZip => Weight::Elsewhere,
        }
    }
}

/// All rules in the order of their names.
const BY_NAME: [Rule; Rule::ALL.len()] = [
    Rule::AddressMa,
    Rule::AreaCodeMa,
    Rule::CommonwealthMa,
    Rule::IssuerMa,
    Rule::LicenceMa,
    Rule::OtherState,
    Rule::OtherZip,
    Rule::RoutingBoston,
    Rule::SsnAreaMa,
    Rule::StateMa,
    Rule::TownMa,
    Rule::ZipMa,
];

enum Weight {
    /// Enough by itself.
    Confirms,
    /// Halves of a weak signal; four make it likely.
    Halves(u32),
    /// Speaks for another state.
    Elsewhere,
}

/// Weighs the evidence of one record and names the rules that spoke, sorted, each once.
///
/// Confirmed by any state, ZIP or address of Massachusetts, whatever else is there; other by another state
/// without one; likely by a Massachusetts licence or two different weak signals (`docs/DETECTION.md`, residency).
#[must_use]
pub fn grade(rules: impl IntoIterator<Item = Rule>) -> (Residency, Vec<&'static str>) {
    let mut spoke = [false; Rule::ALL.len()];
    rules.into_iter().for_each(|rule| spoke[rule as usize] = true);
    let (mut confirmed, mut elsewhere, mut halves) = (false, false, 0);
    for rule in Rule::ALL.iter().filter(|rule| spoke[**rule as usize]) {
        match rule.weight() {
            Weight::Confirms => confirmed = true,
            Weight::Elsewhere => elsewhere = true,
            Weight::Halves(n) => halves += n,
        }
    }
    let level = match (confirmed, elsewhere) {
        (true, _) => Residency::Confirmed,
        (false, true) => Residency::Other,
        (false, false) if halves >= 4 => Residency::Likely,
        (false, false) => Residency::Unknown,
    };
    let named = BY_NAME.iter().filter(|rule| spoke[**rule as usize]);
    (level, named.map(|rule| rule.name()).collect())
}

//! Words for what results say in one word.

use crate::event::Link;
pub use crate::report::words::{level, place, residency};

/// What joined name and number.
pub fn link(link: Link) -> &'static str {
    match link {
        Link::Row => "same row of a table",
        Link::Object => "same object, or the nearest one above with a name",
        Link::Form => "same form",
        Link::Near => "near each other in running text",
        Link::SingleSubject => "the only person and the only number there",
        Link::Envelope => "sender, recipient or subject of the message",
        Link::Document => "same document, neither near nor the only ones",
        Link::Joined => "two tables with a common key",
        Link::SelfContained => "one token holds both",
    }
}

/// What a rule of residency goes by; the rule itself where a later version has others.
pub fn residency_rule(rule: &str) -> &str {
    match rule {
        "state-ma" => "the state is Massachusetts",
        "zip-ma" => "a ZIP code of Massachusetts",
        "address-line" => "an address in Massachusetts",
        "issuer-ma" => "issued by Massachusetts",
        "commonwealth-ma" => "the words Commonwealth of Massachusetts",
        "licence-ma" => "a licence number of Massachusetts",
        "town-ma" => "a town of Massachusetts",
        "area-code-ma" => "an area code of Massachusetts",
        "ssn-area-ma" => "an SSN area of Massachusetts",
        "routing-boston" => "a bank of the Boston district",
        "other-state" => "another state",
        "other-zip" => "a ZIP code of another state",
        rule => rule,
    }
}

//! What the properties of contacts and calendars are called.

use super::line::Line;

/// Labels of properties with one value (RFC 6350, section 6; RFC 5545, section 3.8).
const LABELS: &[(&str, &str)] = &[
    ("FN", "Full Name"),
    ("NICKNAME", "Nickname"),
    ("BDAY", "Birthday"),
    ("TEL", "Phone"),
    ("EMAIL", "E-mail"),
    ("ORG", "Company"),
    ("TITLE", "Job Title"),
    ("ROLE", "Profession"),
    ("NOTE", "Note"),
    ("URL", "Web Page"),
    ("IMPP", "IM Address"),
    ("LABEL", "Address"),
    ("RELATED", "Related"),
    ("CATEGORIES", "Categories"),
    ("SUMMARY", "Summary"),
    ("DESCRIPTION", "Description"),
    ("COMMENT", "Comment"),
    ("LOCATION", "Location"),
    ("CONTACT", "Contact"),
    ("ATTENDEE", "Attendee"),
    ("ORGANIZER", "Organizer"),
    ("DTSTART", "Start"),
    ("DTEND", "End"),
    ("DUE", "Due"),
];

/// Properties that say nothing about people: versions, identifiers, times of changes, repetition.
const SILENT: &[&str] = &[
    "VERSION",
    "PRODID",
    "UID",
    "REV",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "RRULE",
    "EXDATE",
    "TRANSP",
    "CLASS",
    "STATUS",
    "PRIORITY",
    "TRIGGER",
    "ACTION",
    "METHOD",
    "CALSCALE",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "TZID",
    "TZNAME",
    "KIND",
    "RECURRENCE-ID",
];

/// Parts of a name and of an address (RFC 6350, sections 6.2.2 and 6.3.1).
const NAME: &[&str] = &["Last Name", "First Name", "Middle Name", "Prefix", "Suffix"];
const ADDRESS: &[&str] =
    &["Post Office Box", "Extended Address", "Street", "City", "State", "Zip Code", "Country"];

/// The fields that a line stands for, but empty ones.
pub(super) fn fields(line: &Line) -> Vec<(String, String)> {
    let parts = |labels: &[&str]| {
        let all = labels.iter().map(|label| (*label).to_owned()).zip(line.parts());
        all.filter(|(_, value)| !value.is_empty()).collect()
    };
    match line.name.as_str() {
        "N" => parts(NAME),
        "ADR" => parts(ADDRESS),
        name if SILENT.contains(&name) => Vec::new(),
        name => {
            let known = LABELS.iter().find(|(n, _)| *n == name).map(|(_, label)| (*label).to_owned());
            let own = || name.trim_start_matches("X-").replace('-', " ").to_ascii_lowercase();
            one(known.unwrap_or_else(own), line)
        }
    }
}

/// A value, and before it the name of the person that it is the address of.
fn one(label: String, line: &Line) -> Vec<(String, String)> {
    let text = line.text();
    let name = line.parameter("CN").map(str::trim).filter(|name| !name.is_empty());
    let name = name.map(|name| (label.clone(), name.to_owned()));
    let value = (!text.trim().is_empty()).then(|| (label, text.trim().to_owned()));
    name.into_iter().chain(value).collect()
}

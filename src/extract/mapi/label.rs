//! What properties are called, as Outlook shows them, so that a value stands beside its label.

use std::ops::RangeInclusive;

use super::{Named, Property};

/// Labels of properties ([MS-OXPROPS], section 2, and [MS-OXOCNTC] for contacts).
const LABELS: &[(u16, &str)] = &[
    (0x0070, "Conversation"),
    (0x3001, "Full Name"),
    (0x3004, "Comment"),
    (0x3A00, "Account"),
    (0x3A02, "Callback Phone"),
    (0x3A05, "Suffix"),
    (0x3A06, "First Name"),
    (0x3A07, "Government ID Number"),
    (0x3A08, "Business Phone"),
    (0x3A09, "Home Phone"),
    (0x3A0A, "Initials"),
    (0x3A0B, "Keyword"),
    (0x3A0C, "Language"),
    (0x3A0D, "Location"),
    (0x3A10, "Organizational ID Number"),
    (0x3A11, "Last Name"),
    (0x3A15, "Mailing Address"),
    (0x3A16, "Company"),
    (0x3A17, "Job Title"),
    (0x3A18, "Department"),
    (0x3A19, "Office Location"),
    (0x3A1A, "Primary Phone"),
    (0x3A1B, "Business Phone 2"),
    (0x3A1C, "Mobile Phone"),
    (0x3A1D, "Radio Phone"),
    (0x3A1E, "Car Phone"),
    (0x3A1F, "Other Phone"),
    (0x3A21, "Pager"),
    (0x3A23, "Primary Fax"),
    (0x3A24, "Business Fax"),
    (0x3A25, "Home Fax"),
    (0x3A26, "Country"),
    (0x3A27, "City"),
    (0x3A28, "State"),
    (0x3A29, "Street"),
    (0x3A2A, "Zip Code"),
    (0x3A2B, "Post Office Box"),
    (0x3A2C, "Telex"),
    (0x3A2D, "ISDN"),
    (0x3A2E, "Assistant Phone"),
    (0x3A2F, "Home Phone 2"),
    (0x3A30, "Assistant"),
    (0x3A44, "Middle Name"),
    (0x3A45, "Prefix"),
    (0x3A46, "Profession"),
    (0x3A48, "Spouse"),
    (0x3A49, "Computer Network Name"),
    (0x3A4A, "Customer ID"),
    (0x3A4B, "TTY Phone"),
    (0x3A4C, "FTP Site"),
    (0x3A4E, "Manager"),
    (0x3A4F, "Nickname"),
    (0x3A50, "Personal Home Page"),
    (0x3A51, "Business Home Page"),
    (0x3A57, "Company Phone"),
    (0x3A58, "Children"),
    (0x3A59, "Home City"),
    (0x3A5A, "Home Country"),
    (0x3A5B, "Home Zip Code"),
    (0x3A5C, "Home State"),
    (0x3A5D, "Home Street"),
    (0x3A5E, "Home Post Office Box"),
    (0x3A5F, "Other City"),
    (0x3A60, "Other Country"),
    (0x3A61, "Other Zip Code"),
    (0x3A62, "Other State"),
    (0x3A63, "Other Street"),
    (0x3A64, "Other Post Office Box"),
];

/// Labels of properties that a program has numbered ([MS-OXPROPS], section 2, `PidLid…`).
const NUMBERED: &[(u32, &str)] = &[
    (0x8005, "File As"),
    (0x801A, "Home Address"),
    (0x801B, "Business Address"),
    (0x801C, "Other Address"),
    (0x802B, "Web Page"),
    (0x8045, "Business Street"),
    (0x8046, "Business City"),
    (0x8047, "Business State"),
    (0x8048, "Business Zip Code"),
    (0x8049, "Business Country"),
    (0x804A, "Business Post Office Box"),
    (0x804F, "User Field 1"),
    (0x8050, "User Field 2"),
    (0x8051, "User Field 3"),
    (0x8052, "User Field 4"),
    (0x8062, "IM Address"),
    (0x8083, "E-mail"),
    (0x8093, "E-mail 2"),
    (0x80A3, "E-mail 3"),
    (0x811F, "Task Owner"),
    (0x8208, "Location"),
    (0x8232, "Recurrence"),
    (0x8534, "Mileage"),
    (0x8535, "Billing"),
    (0x8539, "Companies"),
    (0x853A, "Contacts"),
    (0x8712, "Entry Type"),
];

/// Properties that say nothing about people or repeat what is said elsewhere: classes, identifiers, addresses in
/// forms of servers, names of programs, types of addresses, forms of subjects ([MS-OXPROPS]).
const SILENT: &[u16] = &[
    0x001A, 0x0040, 0x0044, 0x1008, 0x10F3, 0x003D, 0x0037, 0x0042, 0x0064, 0x0065, 0x0075, 0x0077, 0x007D,
    0x0C1A, 0x0C1E, 0x0C1F, 0x0E02, 0x0E03, 0x0E04, 0x0E1D, 0x1000, 0x1013, 0x1035, 0x1039, 0x1042, 0x1046,
    0x3002, 0x3703, 0x370E, 0x3712, 0x3A0F, 0x3A20, 0x3FF8, 0x3FFA, 0x5D01, 0x5D02, 0x5D0A, 0x5D0B, 0x0E28,
    0x0E29, 0x4022, 0x4023, 0x4024, 0x4025, 0x4030, 0x4031, 0x4038, 0x4039,
];

/// Numbered properties that are silent: classes, versions, types of addresses, and a copy of the street.
const SILENT_NUMBERS: &[u32] = &[
    0x8082, 0x8092, 0x80A2, 0x8554, 0x8580, 0x8581, 0x85D8, 0x85A4, 0x85A5, 0x851E, 0x8518, 0x85E0, 0x85E1,
    0x8084, 0x8094, 0x80A4,
];

/// Numbers that content may have; the others are kept by servers and stores for themselves ([MS-OXPROPS], section
/// 1.3.3).
const OF_CONTENT: [RangeInclusive<u16>; 3] = [0x0001..=0x0BFF, 0x1000..=0x3FFF, 0x6800..=0x7BFF];

/// Beginnings of names that are silent: headers by which servers talk to each other.
const SILENT_NAMES: &[&str] = &["x-ms-", "x-mimeole", "acceptlanguage", "content-"];

/// The label of a property, or `None` if it is not to be said.
pub(super) fn label(property: &Property) -> Option<String> {
    let find = |list: &[(u16, &str)], id| list.iter().find(|(n, _)| *n == id).map(|(_, l)| (*l).to_owned());
    match &property.named {
        Some(Named::Text(name)) if SILENT_NAMES.iter().any(|start| name.starts_with(start)) => None,
        Some(Named::Text(name)) => Some(name.clone()),
        Some(Named::Number(number)) if SILENT_NUMBERS.contains(number) => None,
        Some(Named::Number(number)) => {
            let known = NUMBERED.iter().find(|(n, _)| n == number);
            Some(known.map_or_else(|| format!("property {number:04x}"), |(_, label)| (*label).to_owned()))
        }
        None if SILENT.contains(&property.id) => None,
        None if !OF_CONTENT.iter().any(|range| range.contains(&property.id)) => None,
        None => Some(find(LABELS, property.id).unwrap_or_else(|| format!("property {:04x}", property.id))),
    }
}
